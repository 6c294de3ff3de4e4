// Memory that is reserved once, as blocks of one length: what connections, sessions and buffers are made of. For io.

import type { BlockSource, Memory } from "./os.js";

/** The heap as a Memory. On XS a full heap ends the machine, so a device sets the limit that it wants to spend. */
export class HeapMemory implements Memory {
	/** Bytes that are reserved, and the most there were. */
	used = 0;
	mostUsed = 0;
	readonly #limit: number;

	/** limit: bytes that may be reserved at a time. */
	constructor(limit: number = Number.POSITIVE_INFINITY) {
		this.#limit = limit;
	}

	reserve(length: number): Uint8Array | undefined {
		if (this.used + length > this.#limit) return undefined;
		const bytes = new Uint8Array(length);
		this.used += length;
		if (this.used > this.mostUsed) this.mostUsed = this.used;
		return bytes;
	}

	release(bytes: Uint8Array): void {
		this.used -= bytes.length;
	}
}

/**
 * Some blocks of one length. Blocks are overwritten with zeros when they come back.
 *
 *     const pool = new Pool(4, 2048);
 *     if (!pool.reserve(memory)) return MEM_ERR;     // nothing is reserved then
 *     const block = pool.take(2048);                 // undefined: all are in use
 *     pool.giveBack(block);
 *     pool.release(memory);
 */
export class Pool implements BlockSource {
	readonly count: number;
	readonly blockLength: number;
	/** Blocks in use, the most there were, and how often there was none. */
	used = 0;
	mostUsed = 0;
	refused = 0;
	#free: Uint8Array[] = [];
	#all: Uint8Array[] = [];

	constructor(count: number, blockLength: number) {
		this.count = count;
		this.blockLength = blockLength;
	}

	/** What it takes of a Memory, in bytes. */
	get length(): number {
		return this.count * this.blockLength;
	}

	get free(): number {
		return this.#free.length;
	}

	/** Whether all blocks are reserved. */
	get reserved(): boolean {
		return this.#all.length === this.count;
	}

	/** Reserves all blocks, or none and answers false. */
	reserve(memory: Memory): boolean {
		while (this.#all.length < this.count) {
			const block = memory.reserve(this.blockLength);
			if (block === undefined) {
				this.release(memory);
				return false;
			}
			this.#all.push(block);
			this.#free.push(block);
		}
		return true;
	}

	/** Gives the memory of all blocks back, overwritten; nobody may use one any more. */
	release(memory: Memory): void {
		for (let block = this.#all.pop(); block !== undefined; block = this.#all.pop()) {
			block.fill(0);
			memory.release(block);
		}
		this.#free = [];
		this.used = 0;
	}

	take(length: number): Uint8Array | undefined {
		const block = length <= this.blockLength ? this.#free.pop() : undefined;
		if (block === undefined) {
			this.refused++;
			return undefined;
		}
		this.used++;
		if (this.used > this.mostUsed) this.mostUsed = this.used;
		return block;
	}

	/** A block that take gave; any other is left alone. */
	giveBack(block: Uint8Array): void {
		if (!this.#all.includes(block) || this.#free.includes(block)) return;
		block.fill(0);
		this.#free.push(block);
		this.used--;
	}
}
