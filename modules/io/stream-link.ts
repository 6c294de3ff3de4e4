// A byte stream under a connection: see io/link. What was read and has no room stays here, and so does what the stream didn't
// take yet; so nothing is read that the connection has no room for.

import { type StreamTransport, WOULD_BLOCK } from "../os/os.js";
import type { Pool } from "../os/pool.js";
import type { Attachment, Link, NetworkDoors } from "./link.js";

/**
 * One stream's link.
 *
 *     const link = new StreamLink(transport, new Uint8Array(1436), new Uint8Array(1436));
 *     link.flush(connection);
 *     link.fill(connection);
 */
export class StreamLink implements Link {
	/** Bytes that came from the stream and that it took. */
	bytesIn = 0;
	bytesOut = 0;
	/** The stream gives no more (it was closed, or it failed). */
	ended = false;
	broken = false;
	readonly #transport: StreamTransport;
	readonly #in: Uint8Array;
	#inAt = 0;
	#inEnd = 0;
	readonly #out: Uint8Array;
	#outAt = 0;
	#outEnd = 0;

	/** incoming, outgoing: what is held each way, the owner's; a TCP segment is a good measure. */
	constructor(transport: StreamTransport, incoming: Uint8Array, outgoing: Uint8Array) {
		this.#transport = transport;
		this.#in = incoming;
		this.#out = outgoing;
	}

	get drained(): boolean {
		return this.#outAt === this.#outEnd;
	}
	get empty(): boolean {
		return this.#inAt === this.#inEnd;
	}
	get connecting(): boolean {
		return this.#transport.connecting ?? false;
	}

	flush(connection: NetworkDoors): boolean {
		const out = this.#out;
		if (this.#outAt === this.#outEnd) {
			this.#outAt = 0;
			this.#outEnd = connection.networkOut(out, 0, out.length);
			if (this.#outEnd === 0) return false;
		}
		if (this.broken) {
			this.#outAt = this.#outEnd; // nobody takes it
			return true;
		}
		const count = this.#transport.write(out, this.#outAt, this.#outEnd);
		if (count === WOULD_BLOCK) return false;
		if (count < 0) this.broken = true;
		else {
			this.#outAt += count;
			this.bytesOut += count;
		}
		return true;
	}

	fill(connection: NetworkDoors): boolean {
		let moved = false;
		if (this.#inAt === this.#inEnd && !this.ended) {
			const count = this.#transport.read(this.#in, 0, this.#in.length);
			if (count === WOULD_BLOCK) return false;
			this.#inAt = 0;
			this.#inEnd = Math.max(0, count);
			this.bytesIn += this.#inEnd;
			if (count < 0) {
				this.ended = true;
				connection.networkEnd();
			}
			moved = true;
		}
		if (this.#inAt === this.#inEnd) return moved;
		const taken = connection.networkIn(this.#in, this.#inAt, this.#inEnd);
		this.#inAt += taken;
		return moved || taken > 0;
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		return this.#transport.read(bytes, at, end);
	}
	write(bytes: Uint8Array, at: number, end: number): number {
		return this.#transport.write(bytes, at, end);
	}
	look(): boolean {
		return false;
	}
}

/** A stream and the memory that its link takes of a pool while there is a connection. */
export class StreamAttachment implements Attachment {
	readonly isDatagram = false;
	readonly transport: StreamTransport;
	/** Whether the transport stays open when the connection ends. */
	keepOpen = false;
	readonly #segments: Pool;
	#incoming: Uint8Array | undefined = undefined;
	#outgoing: Uint8Array | undefined = undefined;

	constructor(transport: StreamTransport, segments: Pool) {
		this.transport = transport;
		this.#segments = segments;
	}

	attach(): StreamLink | undefined {
		const segments = this.#segments;
		if (segments.free < 2) return undefined;
		this.#incoming = segments.take(segments.blockLength);
		this.#outgoing = segments.take(segments.blockLength);
		return this.#incoming && this.#outgoing && new StreamLink(this.transport, this.#incoming, this.#outgoing);
	}

	release(): void {
		if (this.#incoming !== undefined) this.#segments.giveBack(this.#incoming);
		if (this.#outgoing !== undefined) this.#segments.giveBack(this.#outgoing);
		this.#incoming = this.#outgoing = undefined;
	}

	close(): void {
		if (!this.keepOpen) this.transport.close();
	}
}
