// The SDK's own TLS client with a server of ours, in one image, metered call by call: what its socket's callbacks take is
// how long it keeps everything else on the device from running.

import type { Party, Side } from "bench/party";
import TLSSocket from "tlssocket";
import { MemoryTcp } from "./memory-tcp.js";
import type { Meter } from "./meter.js";

/** What a TCP segment carries on a device. */
const SEGMENT = 1436;

export class SdkClient {
	readonly #server: Side;
	readonly #socket: TLSSocket;
	readonly #tcp: MemoryTcp;
	#isReady = false;
	#isBroken = false;
	#readable = 0;

	/** Opens the connection and does a full handshake. */
	constructor(authority: ArrayBufferLike, server: Party, meter: Meter) {
		this.#server = server.open(false);
		let socket: TLSSocket | undefined;
		meter.run(() => {
			socket = new TLSSocket({
				host: "localhost",
				secure: { certificate: authority, verify: true, cache: false },
				TCP: { io: MemoryTcp },
				onWritable: () => {
					this.#isReady = true;
				},
				onReadable: (count) => {
					this.#readable = count;
				},
				onError: () => {
					this.#isBroken = true;
				},
			});
		});
		this.#socket = socket as unknown as TLSSocket;
		this.#tcp = MemoryTcp.last as MemoryTcp;
		MemoryTcp.last = undefined;
		meter.run(() => this.#tcp.open());
		for (let turns = 0; !this.#isReady || !this.#server.settled; turns++) {
			if (this.#isBroken || turns > 1000) throw new Error(`the SDK's handshake fails in ${this.#server.connection.stateName}`);
			this.#toServer();
			this.#toClient(meter);
		}
	}

	/** One record of these bytes to the server. */
	send(bytes: Uint8Array, meter: Meter): void {
		const received = new Uint8Array(bytes.length);
		meter.run(() => this.#socket.write(bytes));
		this.#toServer();
		if (this.#server.connection.applicationOut(received, 0, received.length) !== bytes.length) throw new Error("the SDK's record did not come through");
	}

	/** One record of these bytes from the server. */
	receive(bytes: Uint8Array, meter: Meter): void {
		const { connection } = this.#server;
		if (connection.applicationIn(bytes, 0, bytes.length) !== bytes.length) throw new Error("no room for a record");
		this.#server.outAt = 0;
		this.#server.outEnd = connection.networkOut(this.#server.out, 0, this.#server.out.length);
		const received = new Uint8Array(bytes.length);
		this.#toClient(meter);
		meter.run(() => this.#socket.read(received));
		if (this.#readable !== bytes.length || received[0] !== bytes[0]) throw new Error("our record did not come through");
	}

	#toServer(): void {
		const { written } = this.#tcp;
		this.#tcp.written = new Uint8Array(0);
		let at = 0;
		for (let taken = 0; taken >= 0; at += taken > 0 ? taken : 0) taken = this.#server.turn(written, at, written.length);
	}

	#toClient(meter: Meter): void {
		const server = this.#server;
		while (server.outAt < server.outEnd) {
			const end = Math.min(server.outAt + SEGMENT, server.outEnd);
			meter.run(() => this.#tcp.deliver(server.out, server.outAt, end));
			server.outAt = end;
		}
	}
}
