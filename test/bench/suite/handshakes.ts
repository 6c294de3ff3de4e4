// Handshakes of a client and a server in one engine, each side's cost by itself. Portable.

import type { Registry } from "polltls/crypto/registry";
import { median, medians } from "./median.js";
import type { Now } from "./operation.js";
import { Party, type Setup, type Side } from "./party.js";

/** One side's figures; survives JSON. */
export interface SideFigures {
	/** Microseconds of a handshake, the median of several. */
	time: number;
	/** Microseconds of the longest poll, by what each poll usually takes. */
	longest: number;
	polls: number;
	/** Bytes that it sent. */
	bytes: number;
}

export interface HandshakeFigures {
	client: SideFigures;
	server: SideFigures;
}

/** What several handshakes of one side took. */
export class SideRecord {
	readonly #times: number[] = [];
	readonly #polls: number[][] = [];
	#bytes = 0;

	/** Begins a handshake: the list that each poll's microseconds are put into. */
	begin(): number[] {
		const polls: number[] = [];
		this.#polls.push(polls);
		return polls;
	}

	end(time: number, bytes: number): void {
		this.#times.push(time);
		this.#bytes = bytes;
	}

	figures(): SideFigures {
		const usual = medians(this.#polls);
		return { time: median(this.#times), longest: Math.max(...usual), polls: usual.length, bytes: this.#bytes };
	}
}

/** One turn of a side, with what the other has for it; answers whether it did anything. */
export function turn(side: Side, other: Side, polls?: number[]): boolean {
	const taken = side.turn(other.out, other.outAt, other.outEnd);
	if (taken < 0) return false;
	other.outAt += taken;
	polls?.push(side.lastPoll);
	return true;
}

/** Both sides in turns until neither has anything to do. */
export function settle(client: Side, server: Side, clientPolls?: number[], serverPolls?: number[]): void {
	for (let goesOn = true; goesOn; ) {
		const clientWorked = turn(client, server, clientPolls);
		goesOn = turn(server, client, serverPolls) || clientWorked;
	}
	if (!client.settled || !server.settled) throw new Error(`the handshake stands still: ${client.connection.stateName}, ${server.connection.stateName}`);
}

/** So many handshakes, after one that isn't counted; resumed: all but the first by its session. */
export function benchHandshakes(setup: Setup, registry: Registry, now: Now, resumed: boolean, count: number): HandshakeFigures {
	const client = new Party(false, setup, registry, now);
	const server = new Party(true, setup, registry, now);
	const records = { client: new SideRecord(), server: new SideRecord() };
	for (let i = 0; i <= count; i++) {
		const one = client.open(resumed && i > 0);
		const other = server.open(false);
		if (i === 0) settle(one, other);
		else settle(one, other, records.client.begin(), records.server.begin());
		if (resumed && i > 0 && !one.connection.negotiated.resumed) throw new Error("the session was not resumed");
		client.keep(one);
		if (i === 0) continue;
		records.client.end(one.time, one.connection.traffic.output.bytes);
		records.server.end(other.time, other.connection.traffic.output.bytes);
	}
	return { client: records.client.figures(), server: records.server.figures() };
}
