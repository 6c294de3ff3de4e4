// Two connections in one XS machine and the bytes between them, without garbage of their own: for test/memory. Runs in XS.

import { OPERATING, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import type { TestClock } from "../suite/pair/harness.js";

const PACKET = 4096;
/** More turns than any handshake needs. */
const TURNS_MAX = 20000;

/** Bytes on their way to one end; over datagrams they are one datagram. */
class Pipe {
	readonly bytes = new Uint8Array(PACKET);
	at = 0;
	end = 0;

	/** Moves what there is; answers whether anything moved. */
	carry(from: Connection, to: Connection): boolean {
		if (this.at === this.end) {
			this.at = 0;
			this.end = from.networkOut(this.bytes, 0, PACKET);
		}
		const count = this.at === this.end ? 0 : to.networkIn(this.bytes, this.at, this.end);
		this.at += count;
		return count > 0;
	}
}

/** A client, a server and what is between them. */
export class Wire {
	readonly clock: TestClock;
	readonly client: Connection;
	readonly server: Connection;
	/** Of both ends together. */
	polls = 0;
	readonly #up = new Pipe();
	readonly #down = new Pipe();
	readonly #data = new Uint8Array(PACKET);

	constructor(clock: TestClock, client: Connection, server: Connection) {
		this.clock = clock;
		this.client = client;
		this.server = server;
	}

	/** One poll of each end and what then goes over the wire; answers whether anything happened. */
	turn(): boolean {
		const { client, server, clock } = this;
		clock.now += 0.01;
		this.polls++;
		client.poll();
		let moved = this.#up.carry(client, server);
		server.poll();
		moved = this.#down.carry(server, client) || moved;
		moved = client.applicationOut(this.#data, 0, PACKET) + server.applicationOut(this.#data, 0, PACKET) > 0 || moved;
		return moved || ((client.wants() | server.wants()) & WANTS_WORK) !== 0;
	}

	/** Goes on until nothing happens any more. */
	run(): void {
		for (let turns = 0; turns < TURNS_MAX; turns++) if (!this.turn() && !this.turn()) return;
		throw new Error("the pair doesn't come to rest");
	}

	/** Goes on until both are open. */
	establish(): void {
		this.run();
		const { client, server } = this;
		if (client.state === OPERATING && server.state === OPERATING) return;
		throw new Error(`not open: client ${client.stateName} ${client.failure >> 16}, server ${server.stateName} ${server.failure >> 16}`);
	}

	/** Both close. */
	close(): void {
		this.client.close();
		this.run();
		this.server.close();
		this.run();
	}
}
