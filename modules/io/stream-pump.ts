// Carries bytes between a connection and the byte stream under it, both ways and without blocking. For programs that
// poll a connection themselves: devices, hosts.

import { CLOSED } from "../base/status.js";
import type { Connection } from "../engine/connection.js";
import type { StreamTransport } from "../os/os.js";
import { StreamLink } from "./stream-link.js";

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
	readonly #connection: Connection;
	readonly #link: StreamLink;

	/** size: bytes held each way; a TCP segment is a good measure. */
	constructor(connection: Connection, transport: StreamTransport, size: number) {
		this.#connection = connection;
		this.#link = new StreamLink(transport, new Uint8Array(size), new Uint8Array(size));
	}

	/** Bytes that came from the transport and that it took. */
	get bytesIn(): number {
		return this.#link.bytesIn;
	}
	get bytesOut(): number {
		return this.#link.bytesOut;
	}
	/** The transport gives no more (it was closed, or it failed). */
	get ended(): boolean {
		return this.#link.ended;
	}

	/** Moves what can be moved, at most one buffer each way; answers whether it moved anything. */
	move(): boolean {
		const sent = this.#link.flush(this.#connection);
		return this.#link.fill(this.#connection) || sent;
	}

	/** The connection is closed, and all that it had to say is sent or can't be. */
	get finished(): boolean {
		if (this.#connection.state !== CLOSED) return false;
		return this.#link.broken || (this.#link.drained && this.#connection.traffic.output.pending === 0);
	}
}
