// Application data of an open connection, each way by itself. Portable.

import type { Registry } from "polltls/crypto/registry";
import { settle } from "./handshakes.js";
import { median } from "./median.js";
import type { Now } from "./operation.js";
import { Party, type Setup, type Side } from "./party.js";

/** Microseconds for 1 KB; survives JSON. */
export interface RecordFigures {
	send: number;
	receive: number;
}

/** A client that sends and a server that receives, one record at a time. */
export class RecordPair {
	readonly #client: Side;
	readonly #server: Side;
	readonly #data: Uint8Array;
	readonly #received: Uint8Array;

	/** length: bytes of a record's content. */
	constructor(setup: Setup, registry: Registry, now: Now, length: number) {
		this.#client = new Party(false, setup, registry, now).open(false);
		this.#server = new Party(true, setup, registry, now).open(false);
		settle(this.#client, this.#server);
		this.#data = new Uint8Array(length).fill(0x61);
		this.#received = new Uint8Array(length);
	}

	/** From the application to the network. */
	send(): void {
		const client = this.#client;
		client.connection.applicationIn(this.#data, 0, this.#data.length);
		client.outAt = 0;
		client.outEnd = client.connection.networkOut(client.out, 0, client.out.length);
	}

	/** From the network to the application: what was sent before. */
	receive(): void {
		const { connection } = this.#server;
		const { out, outEnd } = this.#client;
		connection.networkIn(out, 0, outEnd);
		connection.poll(0);
		if (connection.applicationOut(this.#received, 0, this.#received.length) !== this.#data.length) throw new Error("a record did not come through");
	}
}

/** Medians of rounds of so many records each. */
export function measureRecords(pair: RecordPair, now: Now, length: number, rounds: number, records: number): RecordFigures {
	const send: number[] = [];
	const receive: number[] = [];
	for (let round = 0; round < rounds; round++) {
		let sending = 0;
		let receiving = 0;
		for (let i = 0; i < records; i++) {
			const start = now();
			pair.send();
			const middle = now();
			pair.receive();
			sending += middle - start;
			receiving += now() - middle;
		}
		send.push((sending * 1024) / (records * length));
		receive.push((receiving * 1024) / (records * length));
	}
	return { send: median(send), receive: median(receive) };
}
