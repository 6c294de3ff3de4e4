// Puts messages together out of fragments in any order, size and overlap (RFC 9147 5.5), in the connection's fixed
// handshake store. The next message always finds room: later ones make way, and come again.

import { ASSEMBLY_STORE_TOO_SMALL, type Failure, NO_FAILURE } from "../base/failure.js";
import { DtlsRanges } from "./dtls-ranges.js";

/** A message's header as it stands on the wire and in the store: type, length, message_seq, fragment_offset, fragment_length. */
export const MESSAGE_HEADER = 12;
/** How many messages are put together at a time: the longest flight of 1.2 has six. */
const SLOTS = 6;
/** How many disjoint parts of a message. */
const RANGES = 8;

/** What became of a fragment. */
export const STORED = 0;
/** Of a message that has been read. */
export const STALE = 1;
/** No room, or not yet: it must come again. */
export const REFUSED = 2;
/** Of a handshake that is over: said by whoever looks at messages before they come here. */
export const OLD = 3;

/** One message on its way. */
class Slot {
	/** -1: free. */
	at = -1;
	epoch = 0;
	length = 0;
	readonly ranges = new DtlsRanges(RANGES);
}

/**
 * The store.
 *
 *     const answer = assembly.add(bytes, fragmentAt, epoch);      // header and part of the body
 *     if (assembly.complete) read(memory, assembly.messageAt, assembly.messageEnd);
 *     assembly.release();
 */
export class DtlsAssembly {
	/** The message_seq that is read next. */
	next = 0;
	failure: Failure = NO_FAILURE;
	bytesNeeded = 0;
	readonly #memory: Uint8Array;
	readonly #storeAt: number;
	readonly #storeEnd: number;
	#usedEnd: number;
	readonly #slots: Slot[] = [];

	constructor(memory: Uint8Array, storeAt: number, storeEnd: number) {
		this.#memory = memory;
		this.#storeAt = this.#usedEnd = storeAt;
		this.#storeEnd = storeEnd;
		for (let i = 0; i < SLOTS; i++) this.#slots.push(new Slot());
	}

	/** Where the message that is next stands, once it is complete. */
	get messageAt(): number {
		return this.slot(this.next).at;
	}
	get messageEnd(): number {
		const slot = this.slot(this.next);
		return slot.at + MESSAGE_HEADER + slot.length;
	}

	/** Whether the next message stands whole. */
	get complete(): boolean {
		const slot = this.slot(this.next);
		return slot.at >= 0 && slot.ranges.covers(0, slot.length);
	}

	/** Whether there is a part of a message. */
	get partial(): boolean {
		return this.#usedEnd > this.#storeAt;
	}

	/**
	 * Takes the fragment whose header stands at at (in the same memory; its body has been checked to be there). STORED means
	 * that it will not be forgotten, and so may be acknowledged.
	 */
	add(at: number, epoch: number): number {
		const memory = this.#memory;
		const sequence = (memory[at + 4] << 8) | memory[at + 5];
		const ahead = sequence - this.next;
		if (ahead < 0) return STALE;
		if (ahead >= SLOTS) return REFUSED;
		const length = (memory[at + 1] << 16) | (memory[at + 2] << 8) | memory[at + 3];
		const offset = (memory[at + 6] << 16) | (memory[at + 7] << 8) | memory[at + 8];
		const end = offset + ((memory[at + 9] << 16) | (memory[at + 10] << 8) | memory[at + 11]);
		const slot = this.slot(sequence);
		if (end > length) return REFUSED;
		if (slot.at < 0 && !this.reserve(slot, at, length, ahead, epoch)) return REFUSED;
		if (slot.length !== length || slot.epoch !== epoch || memory[slot.at] !== memory[at]) return REFUSED;
		if (!slot.ranges.add(offset, end)) return REFUSED;
		memory.copyWithin(slot.at + MESSAGE_HEADER + offset, at + MESSAGE_HEADER, at + MESSAGE_HEADER + end - offset);
		return this.isSafe(sequence) ? STORED : REFUSED;
	}

	/** Forgets the message that is next, and goes on to the one after it. */
	release(): void {
		this.free(this.slot(this.next));
		this.next++;
	}

	/** The next message is the one with this number: what stands before it, or too far behind it, is forgotten. */
	startAt(sequence: number): void {
		if (sequence < this.next || sequence - this.next >= SLOTS) this.restart(sequence);
		for (; this.next < sequence; this.next++) if (this.slot(this.next).at >= 0) this.free(this.slot(this.next));
	}

	/** New keys: what has come under others is of no use any more. */
	keepEpoch(epoch: number): void {
		for (const slot of this.#slots) if (slot.at >= 0 && slot.epoch !== epoch) this.free(slot);
	}

	/** Begins anew, with this message_seq. */
	restart(next: number): void {
		for (const slot of this.#slots) slot.at = -1;
		this.#usedEnd = this.#storeAt;
		this.next = next;
	}

	private slot(sequence: number): Slot {
		return this.#slots[sequence % SLOTS];
	}

	/** Whether no gap is in front of the message: then nothing can push it out of the store. */
	private isSafe(sequence: number): boolean {
		for (let each = this.next; each < sequence; each++) if (this.slot(each).at < 0) return false;
		return true;
	}

	/** Room for a message of which the first fragment has come. */
	private reserve(slot: Slot, headerAt: number, length: number, ahead: number, epoch: number): boolean {
		const size = MESSAGE_HEADER + length;
		if (size > this.#storeEnd - this.#usedEnd) {
			if (!this.isSafe(this.next + ahead)) return false;
			this.makeWay(ahead);
			if (size > this.#storeEnd - this.#usedEnd) {
				// What stands in front of it will be gone when it comes again; alone it must fit
				if (ahead === 0) {
					this.failure = ASSEMBLY_STORE_TOO_SMALL;
					this.bytesNeeded = size;
				}
				return false;
			}
		}
		const memory = this.#memory;
		const at = this.#usedEnd;
		for (let i = 0; i < 6; i++) memory[at + i] = memory[headerAt + i];
		memory[at + 6] = memory[at + 7] = memory[at + 8] = 0;
		for (let i = 1; i <= 3; i++) memory[at + 8 + i] = memory[headerAt + i];
		slot.at = at;
		slot.length = length;
		slot.epoch = epoch;
		slot.ranges.clear();
		this.#usedEnd = at + size;
		return true;
	}

	/** Those behind a message that has just come first are not safe: they go. */
	private makeWay(ahead: number): void {
		for (let i = ahead + 1; i < SLOTS; i++) {
			const slot = this.slot(this.next + i);
			if (slot.at >= 0) this.free(slot);
		}
	}

	/** Closes the hole that a message leaves. */
	private free(slot: Slot): void {
		const size = MESSAGE_HEADER + slot.length;
		const { at } = slot;
		slot.at = -1;
		this.#memory.copyWithin(at, at + size, this.#usedEnd);
		this.#usedEnd -= size;
		for (const other of this.#slots) if (other.at > at) other.at -= size;
	}
}
