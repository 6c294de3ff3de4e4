// Two connections over datagrams and a network between them that loses, repeats, delays, swaps and spoils what it carries:
// in virtual time, repeatable by its plan or its seed. Portable: it runs on Node and on XS.

import { CLOSED, HANDSHAKE, OPERATING, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import { DtlsDoor, ROUTE_ANSWER, ROUTE_FULL, ROUTE_GUEST, ROUTE_NEW } from "polltls/io/dtls-door";

export const CLIENT = 0;
export const SERVER = 1;

/** One datagram on its way. */
export interface Datagram {
	/** CLIENT or SERVER. */
	readonly from: number;
	/** How many of this sender's datagrams came before it. */
	readonly index: number;
	readonly bytes: Uint8Array;
}

/** What the network does with a datagram: for each copy that arrives, after how many milliseconds, and with which bytes. */
export type Plan = (datagram: Datagram) => { delay: number; bytes: Uint8Array }[];

export const DELAY = 10;

/** Everything arrives, once and in order. */
export function faithful({ bytes }: Datagram): { delay: number; bytes: Uint8Array }[] {
	return [{ delay: DELAY, bytes }];
}

interface Delivery {
	at: number;
	order: number;
	to: number;
	/** Where it comes from, if that is another path than the usual one. */
	via: string | undefined;
	bytes: Uint8Array;
}

/** A way between the ends: the client's address as the server sees it, and the server's as the client spells it there. */
export interface Path {
	readonly client: string;
	readonly server: string;
}

/** Longer than any handshake that ends. */
const TURNS_MAX = 100000;
const PACKET = 17000;

/**
 * A run of two connections.
 *
 *     const network = new LossyNetwork(client, server, faithful);
 *     network.runUntil(() => network.established, 60000);
 */
export class LossyNetwork {
	now = 0;
	/** Datagrams and bytes that each end has given to the network. */
	readonly sent = [0, 0];
	readonly sentBytes = [0, 0];
	/** Every datagram as it was sent, if it is kept. */
	log: Datagram[] | undefined;
	/** What each end's application has got, a record a string. */
	readonly received: string[][] = [[], []];
	/** The server's end is there once the door has let it in. */
	readonly ends: Connection[];
	/** Where the client's datagrams seem to come from; what is sent elsewhere is lost. */
	clientAddress = "client 1";
	/** Beside that address, others where the client is; what it sends to such a server's address comes from there. */
	readonly paths: Path[] = [];
	/** With a door: datagrams that it answered without a connection, and that found no room. */
	answers = 0;
	/** Datagrams of the server to an address where the client is no more. */
	misled = 0;
	full = 0;
	plan: Plan;
	readonly #door: DtlsDoor | undefined;
	#order = 0;
	readonly #deliveries: Delivery[] = [];
	readonly #packet = new Uint8Array(PACKET);

	constructor(client: Connection, server: Connection | DtlsDoor, plan: Plan) {
		this.ends = server instanceof DtlsDoor ? [client] : [client, server];
		this.#door = server instanceof DtlsDoor ? server : undefined;
		this.plan = plan;
	}

	get established(): boolean {
		return this.ends.length === 2 && this.ends.every((end) => end.state === OPERATING);
	}

	/** Whether one of them has failed or ended. */
	get over(): boolean {
		return this.ends.some((end) => end.state === CLOSED);
	}

	/** Goes on until it is so, until nothing more can happen, or until so many milliseconds have gone by; answers whether it is so. */
	runUntil(isSo: () => boolean, patience: number): boolean {
		const end = this.now + patience;
		for (let turns = 0; turns < TURNS_MAX; turns++) {
			this.#settle();
			if (isSo()) return true;
			const next = Math.min(this.#nextDelivery(), this.#nextWake());
			if (next > end) return false;
			this.now = Math.max(this.now, next);
			this.#deliver();
		}
		throw new Error("the run doesn't come to an end");
	}

	/** Puts a datagram on its way to an end, as if the other had sent it. */
	inject(to: number, bytes: Uint8Array, delay = 0, via?: string): void {
		this.#deliveries.push({ at: this.now + delay, order: this.#order++, to, via, bytes });
	}

	/** Sends a text as one record; false if there is no room. */
	say(from: number, text: string): boolean {
		const bytes = new Uint8Array(text.length);
		for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
		return this.ends[from].applicationIn(bytes, 0, bytes.length) === bytes.length;
	}

	/** Lets both ends work until they wait. */
	#settle(): void {
		for (let turns = 0, busy = true; busy; turns++) {
			busy = false;
			for (const from of [CLIENT, SERVER]) {
				const end = this.ends[from];
				if (end === undefined) continue;
				end.poll(this.now);
				if (this.#carry(from)) busy = true;
				if (end.wants() & WANTS_WORK) busy = true;
			}
			if (turns > TURNS_MAX) throw new Error("an end is busy without end");
		}
	}

	/** Takes what an end has for the network and for its application. */
	#carry(from: number): boolean {
		const end = this.ends[from];
		const packet = this.#packet;
		let moved = false;
		for (let length = end.networkOut(packet, 0, PACKET); length > 0; length = end.networkOut(packet, 0, PACKET)) {
			moved = true;
			const { elsewhere, peerAddress } = end;
			const to = elsewhere ?? peerAddress;
			const path = this.paths.find(({ client, server }) => (from === SERVER ? client : server) === to);
			if (from === SERVER && to !== "" && to !== this.clientAddress && path === undefined) this.misled++;
			else this.#send(from, packet.slice(0, length), from === SERVER ? path?.server : path?.client);
		}
		for (let length = end.applicationOut(packet, 0, PACKET); length > 0; length = end.applicationOut(packet, 0, PACKET)) {
			moved = true;
			let text = "";
			for (let i = 0; i < length; i++) text += String.fromCharCode(packet[i]);
			this.received[from].push(text);
		}
		return moved;
	}

	#send(from: number, bytes: Uint8Array, via?: string): void {
		const datagram: Datagram = { from, index: this.sent[from]++, bytes };
		this.sentBytes[from] += bytes.length;
		this.log?.push(datagram);
		for (const copy of this.plan(datagram)) this.inject(1 - from, copy.bytes, copy.delay, via);
	}

	#nextDelivery(): number {
		let next = Number.POSITIVE_INFINITY;
		for (const { at } of this.#deliveries) next = Math.min(next, at);
		return next;
	}

	#nextWake(): number {
		return Math.min(...this.ends.map(({ wakeAt }) => wakeAt));
	}

	/** Hands over what has arrived, in order; an end takes the next datagram when it has used up the last. */
	#deliver(): void {
		const due = this.#deliveries.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at || a.order - b.order);
		for (const delivery of due) {
			this.#deliveries.splice(this.#deliveries.indexOf(delivery), 1);
			const from = delivery.via ?? (delivery.to === SERVER ? this.clientAddress : "server");
			const bytes = delivery.to === SERVER && this.#door !== undefined ? this.#knock(this.#door, delivery.bytes, from) : delivery.bytes;
			if (bytes !== undefined) this.#hand(delivery.to, bytes, from);
			this.#settle();
		}
	}

	/** Lets a connection have a datagram as soon as it has used up the last. */
	#hand(to: number, bytes: Uint8Array, from: string): void {
		const end = this.ends[to];
		for (let turns = 0; end.networkIn(bytes, 0, bytes.length, from) === 0; turns++) {
			end.poll(this.now);
			this.#carry(to);
			if (turns > TURNS_MAX) throw new Error("an end doesn't use up its datagram");
		}
	}

	/** What a door makes of a datagram: one for the server's end, or nothing. */
	#knock(door: DtlsDoor, bytes: Uint8Array, from: string): Uint8Array | undefined {
		const route = door.route(this.now, bytes, 0, bytes.length, from);
		if (route === ROUTE_GUEST) return bytes;
		if (route === ROUTE_NEW && door.guest !== undefined) {
			this.ends[SERVER] = door.guest.connection;
			return door.hello.slice(door.helloAt, door.helloEnd);
		}
		if (route === ROUTE_FULL) this.full++;
		if (route === ROUTE_ANSWER || route === ROUTE_FULL) {
			this.answers++;
			this.#send(SERVER, door.answer.slice(0, door.answerLength));
		}
		return undefined;
	}
}

/** A small repeatable generator for plans (mulberry32): numbers from 0 up to 1. */
export function seededNumbers(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export interface Weather {
	/** Shares of the datagrams, 0 to 1. */
	loss?: number;
	duplication?: number;
	reorder?: number;
	corruption?: number;
	/** Longer datagrams are lost. */
	mtu?: number;
}

/** A plan by chance; the same seed makes the same plan. */
export function weather(seed: number, { loss = 0, duplication = 0, reorder = 0, corruption = 0, mtu = PACKET }: Weather): Plan {
	const next = seededNumbers(seed);
	return ({ bytes }) => {
		const copies: { delay: number; bytes: Uint8Array }[] = [];
		const count = next() < duplication ? 2 : 1;
		for (let i = 0; i < count; i++) {
			if (next() < loss || bytes.length > mtu) continue;
			const delay = DELAY + (next() < reorder ? 1 + Math.floor(next() * 300) : 0);
			let copy = bytes;
			if (next() < corruption) {
				copy = bytes.slice();
				copy[Math.floor(next() * copy.length)] ^= 1 << Math.floor(next() * 8);
			}
			copies.push({ delay, bytes: copy });
		}
		return copies;
	};
}

/** What state an end is in, for the text of a failed test. */
export function describeEnd(end: Connection): string {
	const { failure, state, retransmissions, dropped } = end.report();
	const names = ["closed", "handshake", "operating", "closing"];
	return `${names[end.state] ?? HANDSHAKE} in ${state}, failure ${failure >> 16}, ${retransmissions} retransmissions, dropped ${JSON.stringify(dropped)}`;
}
