// A byte stream under a connection: see io/link. It holds nothing: bytes go from the stream to the connection's own memory, and
// back, without a copy between; so nothing is read that the connection has no room for.

import { type StreamTransport, WOULD_BLOCK } from "../os/os.js";
import type { Attachment, Link, NetworkDoors } from "./link.js";

/**
 * One stream's link.
 *
 *     const link = new StreamLink(transport);
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

	constructor(transport: StreamTransport) {
		this.#transport = transport;
	}

	get drained(): boolean {
		return true;
	}
	get empty(): boolean {
		return true;
	}
	get connecting(): boolean {
		return this.#transport.connecting ?? false;
	}

	flush({ traffic }: NetworkDoors): boolean {
		const count = traffic?.output.networkTo?.(this.#transport) ?? WOULD_BLOCK;
		if (count === WOULD_BLOCK) return false;
		if (count < 0) this.broken = true;
		else this.bytesOut += count;
		return true;
	}

	fill(connection: NetworkDoors): boolean {
		if (this.ended) return false;
		const count = connection.traffic?.input.networkFrom?.(this.#transport) ?? WOULD_BLOCK;
		if (count === WOULD_BLOCK) return false;
		if (count > 0) this.bytesIn += count;
		else {
			this.ended = true;
			connection.networkEnd();
		}
		return true;
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

/** A stream as what a connection is attached to. */
export class StreamAttachment implements Attachment {
	readonly isDatagram = false;
	readonly transport: StreamTransport;
	/** Whether the transport stays open when the connection ends. */
	keepOpen = false;

	constructor(transport: StreamTransport) {
		this.transport = transport;
	}

	attach(): StreamLink {
		return new StreamLink(this.transport);
	}

	release(): void {}

	close(): void {
		if (!this.keepOpen) this.transport.close();
	}
}
