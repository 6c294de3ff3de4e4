// Carries bytes between a connection and the byte stream under it, both ways and without blocking. For programs that
// poll: devices, hosts.

import { CLOSED } from "../base/status.js";
import type { Connection } from "../engine/connection.js";
import { type StreamTransport, WOULD_BLOCK } from "../os/os.js";

/**
 * One connection's pump. It holds what one side gave and the other didn't take yet, so it reads no more than the
 * connection has room for, and takes no more from the connection than the transport can send.
 *
 *     const pump = new StreamPump(connection, transport, 1436);
 *     let moved = pump.move();
 *     connection.poll(now);
 *     moved = pump.move() || moved;                // nothing moved: wait for the transport, or until wakeAt
 *     if (pump.finished) transport.close();
 */
export class StreamPump {
	/** Bytes that came from the transport and that it took. */
	bytesIn = 0;
	bytesOut = 0;
	/** The transport gives no more (it was closed, or it failed). */
	ended = false;
	readonly #connection: Connection;
	readonly #transport: StreamTransport;
	readonly #in: Uint8Array;
	#inAt = 0;
	#inEnd = 0;
	readonly #out: Uint8Array;
	#outAt = 0;
	#outEnd = 0;
	/** The transport takes no more. */
	#broken = false;

	/** size: bytes held each way; a TCP segment is a good measure. */
	constructor(connection: Connection, transport: StreamTransport, size: number) {
		this.#connection = connection;
		this.#transport = transport;
		this.#in = new Uint8Array(size);
		this.#out = new Uint8Array(size);
	}

	/** Moves what can be moved, at most one buffer each way; answers whether it moved anything. */
	move(): boolean {
		const sent = this.#send();
		return this.#receive() || sent;
	}

	/** The connection is closed, and all that it had to say is sent or can't be. */
	get finished(): boolean {
		if (this.#connection.state !== CLOSED) return false;
		return this.#broken || (this.#outAt === this.#outEnd && this.#connection.traffic.output.pending === 0);
	}

	#send(): boolean {
		const out = this.#out;
		if (this.#outAt === this.#outEnd) {
			this.#outAt = 0;
			this.#outEnd = this.#connection.networkOut(out, 0, out.length);
			if (this.#outEnd === 0) return false;
		}
		if (this.#broken) {
			this.#outAt = this.#outEnd; // nobody takes it
			return true;
		}
		const count = this.#transport.write(out, this.#outAt, this.#outEnd);
		if (count === WOULD_BLOCK) return false;
		if (count < 0) this.#broken = true;
		else {
			this.#outAt += count;
			this.bytesOut += count;
		}
		return true;
	}

	#receive(): boolean {
		let moved = false;
		if (this.#inAt === this.#inEnd && !this.ended) {
			const count = this.#transport.read(this.#in, 0, this.#in.length);
			if (count === WOULD_BLOCK) return false;
			this.#inAt = 0;
			this.#inEnd = Math.max(0, count);
			this.bytesIn += this.#inEnd;
			if (count < 0) {
				this.ended = true;
				this.#connection.networkEnd();
			}
			moved = true;
		}
		if (this.#inAt === this.#inEnd) return moved;
		const taken = this.#connection.networkIn(this.#in, this.#inAt, this.#inEnd);
		this.#inAt += taken;
		return moved || taken > 0;
	}
}
