// The memory of a stack: all that its connections, sessions, buffers and ports will need, reserved at init or not at all.

import { Layout } from "../engine/buffers.js";
import type { Memory } from "../os/os.js";
import { Pool } from "../os/pool.js";
import type { Configuration } from "./configuration.js";
import { Sessions } from "./tickets.js";

/** One part of the memory, in blocks and bytes. */
export interface MemoryPart {
	/** Bytes that are reserved, how many of them are in use, and the most that were. */
	readonly reserved: number;
	readonly used: number;
	readonly mostUsed: number;
	/** How often there was no block left. */
	readonly refused: number;
}

/** What a stack has reserved, by part. */
export interface MemoryReport {
	/** Records, handshake store and flight store of each connection. */
	readonly connections: MemoryPart;
	/** What is on its way between connections and datagram ports. */
	readonly ports: MemoryPart;
	/** The native interface's buffers for the application. */
	readonly buffers: MemoryPart;
	readonly sessions: MemoryPart;
	/** The sum of all bytes reserved. */
	readonly total: number;
	/** What a device's heap has less of since init: total, the objects of the blocks, and the stack's own. As on XS with 32 bits, within 5 percent. */
	readonly heap: number;
	/** Certificates and keys of the security configurations that are in use, and what sharing them saves. Not reserved, and not in the sum. */
	readonly security: { readonly used: number; readonly saved: number };
}

/** What XS takes for the objects of a stack, and for those of each block: measured (test/memory/stack.test.ts). */
const STACK_OBJECTS = 3440;
const BLOCK_OBJECTS = 154;

/** Sizes of the connections' buffers (engine/buffers). */
export function connectionSizes(c: Configuration) {
	return { receive: c.receiveBufferSize, send: c.maxDataLength, store: c.handshakeStoreSize, flight: c.flightStoreSize };
}

/** Longest datagram that a port takes. */
export function datagramLength(c: Configuration): number {
	return Math.max(c.pmtu, c.dtlsServerReceiveSize);
}

/** The pools of one stack. */
export class Pools {
	readonly connections: Pool;
	readonly ports: Pool;
	readonly buffers: Pool;
	readonly sessions: Sessions;
	readonly #memory: Memory;

	constructor(c: Configuration, memory: Memory) {
		const { maxConnections } = c;
		const datagrams = c.dtls ? maxConnections + c.maxServerPorts : 0;
		const native = c.nativeInterface || (c.dtls && c.dtlsNativeInterface);
		this.connections = new Pool(maxConnections, new Layout(connectionSizes(c)).size);
		this.ports = new Pool(datagrams, datagramLength(c) + c.pmtu);
		this.buffers = new Pool(native ? 2 * maxConnections : 0, c.dataBufferSize);
		this.sessions = new Sessions(c.maxSessions, c.sessionSize);
		this.#memory = memory;
	}

	/** The bytes that all of it takes. */
	get length(): number {
		return this.connections.length + this.ports.length + this.buffers.length + this.sessions.pool.length;
	}

	/** Reserves all, or nothing and answers false. */
	reserve(): boolean {
		for (const pool of this.all()) {
			if (pool.reserve(this.#memory)) continue;
			this.release();
			return false;
		}
		return true;
	}

	/** Overwrites all and gives it back. */
	release(): void {
		this.sessions.release(this.#memory);
		for (const pool of this.all()) pool.release(this.#memory);
	}

	report(security: { readonly used: number; readonly saved: number }): MemoryReport {
		return {
			connections: partOf(this.connections),
			ports: partOf(this.ports),
			buffers: partOf(this.buffers),
			sessions: partOf(this.sessions.pool),
			total: this.length,
			heap: this.length + STACK_OBJECTS + this.blocks() * BLOCK_OBJECTS,
			security,
		};
	}

	private blocks(): number {
		let blocks = 0;
		for (const { count } of this.all()) blocks += count;
		return blocks;
	}

	private all(): Pool[] {
		return [this.connections, this.ports, this.buffers, this.sessions.pool];
	}
}

function partOf(pool: Pool): MemoryPart {
	const { blockLength } = pool;
	return { reserved: pool.length, used: pool.used * blockLength, mostUsed: pool.mostUsed * blockLength, refused: pool.refused };
}
