// A TCP connection of ECMA-419 as a stream that is polled, for device.ts and the TLS sockets.

import { type StreamTransport, TRANSPORT_CLOSED, WOULD_BLOCK } from "polltls/os/os";
import Timer from "timer";
import type { StreamConstructor, StreamIo, StreamOptions } from "./io-types.js";

/**
 * Its socket's news are counted here and told by `changed`.
 *
 *     const transport = new TcpTransport(TCP, { address: "192.0.2.1", port: 443 }, () => slices.wake());
 */
export class TcpTransport implements StreamTransport {
	/** Bytes that can be read, and written. */
	readable = 0;
	writable = 0;
	/** The peer has closed it, or it is broken: ECMA-419 doesn't tell which. */
	ended = false;
	#io: StreamIo | undefined;
	/** A callback of the socket goes on. */
	#telling = false;

	/** options: how to reach the peer, or the socket to take over; without them it is opened later, with open(). */
	constructor(Tcp: StreamConstructor, options: StreamOptions | undefined, changed: () => void) {
		if (options !== undefined) this.open(Tcp, options, changed);
	}

	open(Tcp: StreamConstructor, options: StreamOptions, changed: () => void): void {
		this.#io = new Tcp({
			...options,
			format: "buffer",
			onReadable: (count: number) => {
				this.readable = count;
				this.#tell(changed);
			},
			onWritable: (count: number) => {
				this.writable = count;
				this.#tell(changed);
			},
			onError: () => {
				this.ended = true;
				this.#tell(changed);
			},
		});
	}

	#tell(changed: () => void): void {
		if (this.#io === undefined) return; // closed
		this.#telling = true;
		try {
			changed();
		} finally {
			this.#telling = false;
		}
	}

	/** The socket, while it is open. */
	get io(): StreamIo | undefined {
		return this.#io;
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		const { readable } = this;
		const count = readable < end - at ? readable : end - at;
		if (count <= 0) return this.ended && readable <= 0 ? TRANSPORT_CLOSED : WOULD_BLOCK;
		this.#io?.read(count === bytes.length ? bytes : bytes.subarray(at, at + count));
		this.readable -= count;
		return count;
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		if (this.ended) return TRANSPORT_CLOSED;
		const count = this.writable < end - at ? this.writable : end - at;
		if (count <= 0) return WOULD_BLOCK;
		const writable = this.#io?.write(count === bytes.length ? bytes : bytes.subarray(at, at + count));
		this.writable = writable === undefined ? this.writable - count : writable;
		return count;
	}

	/** Not inside of the socket's own callback: the SDK's for Linux calls the next one all the same, which may have been collected by then. */
	close(): void {
		const io = this.#io;
		if (this.#telling) Timer.set(() => io?.close());
		else io?.close();
		this.#io = undefined;
		this.readable = this.writable = 0;
		this.ended = true;
	}
}
