// Carries bytes between a connection and the byte stream under it, both ways and without blocking. For programs that
// poll a connection themselves: devices, hosts.

import { CLOSED } from "../base/status.js";
import type { Connection } from "../engine/connection.js";
import type { StreamTransport } from "../os/os.js";
import { StreamLink } from "./stream-link.js";

/**
 * One connection's pump. It holds nothing: it reads no more than the connection has room for, and takes no more from the
 * connection than the transport can send.
 *
 *     const pump = new StreamPump(connection, transport);
 *     let moved = pump.move();
 *     connection.poll(now);
 *     moved = pump.move() || moved;                // nothing moved: wait for the transport, or until wakeAt
 *     if (pump.finished) transport.close();
 */
export class StreamPump {
	readonly #connection: Connection;
	readonly #link: StreamLink;

	constructor(connection: Connection, transport: StreamTransport) {
		this.#connection = connection;
		this.#link = new StreamLink(transport);
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

	/** Moves what can be moved, by one call of the transport each way; answers whether it moved anything. */
	move(): boolean {
		const sent = this.#link.flush(this.#connection);
		return this.#link.fill(this.#connection) || sent;
	}

	/** The connection is closed, and all that it had to say is sent or can't be. */
	get finished(): boolean {
		if (this.#connection.state !== CLOSED) return false;
		return this.#link.broken || this.#connection.traffic.output.pending === 0;
	}
}
