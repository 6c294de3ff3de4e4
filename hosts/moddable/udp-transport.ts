// A UDP socket of ECMA-419 as a datagram transport that is polled, for device.ts and the DTLS sockets.

import { type DatagramTransport, TRANSPORT_CLOSED, TRANSPORT_FAILED, WOULD_BLOCK } from "polltls/os/os";
import type { DatagramConstructor, DatagramIo } from "./io-types.js";

/**
 * Its news are told by `changed`. Datagrams wait in the socket until they are received. Addresses are "192.0.2.1 5684".
 *
 *     const transport = new UdpTransport(UDP, 5684, () => turn.run());
 */
export class UdpTransport implements DatagramTransport {
	from = "";
	/** It is closed, or broken for good. */
	ended = false;
	/** Whether a datagram may be there. */
	ready = false;
	#io: DatagramIo | undefined;
	/** Where the last one went. */
	#to = "";
	#address = "";
	#port = 0;

	/** port: 0 takes any. Throws if it can't be had. */
	constructor(Udp: DatagramConstructor, port: number, changed: () => void) {
		this.#io = new Udp({
			...(port === 0 ? {} : { port }),
			onReadable: () => {
				this.ready = true;
				changed();
			},
			onError: () => {
				this.ended = true;
				changed();
			},
		});
	}

	/** The next datagram that isn't empty, as the socket gives it; undefined if there is none. */
	take(): Uint8Array | undefined {
		while (this.ready) {
			const datagram = this.#io?.read();
			if (datagram === undefined) this.ready = false;
			else if (datagram.byteLength > 0) {
				this.from = `${datagram.address} ${datagram.port}`;
				return new Uint8Array(datagram);
			}
		}
		return undefined;
	}

	receive(bytes: Uint8Array, at: number, end: number): number {
		for (;;) {
			const datagram = this.take();
			if (datagram === undefined) return this.ended ? TRANSPORT_CLOSED : WOULD_BLOCK;
			if (datagram.length > end - at) continue;
			bytes.set(datagram, at);
			return datagram.length;
		}
	}

	send(bytes: Uint8Array, at: number, end: number, to: string): number {
		if (this.#io === undefined) return TRANSPORT_CLOSED;
		if (to !== this.#to) {
			const space = to.lastIndexOf(" ");
			this.#address = to.slice(0, space);
			this.#port = Number(to.slice(space + 1));
			this.#to = to;
		}
		try {
			this.#io.write(bytes.subarray(at, end), this.#address, this.#port);
		} catch {
			return TRANSPORT_FAILED; // no memory, no route: as good as lost on the way
		}
		return end - at;
	}

	close(): void {
		this.#io?.close();
		this.#io = undefined;
		this.ready = false;
		this.ended = true;
	}
}
