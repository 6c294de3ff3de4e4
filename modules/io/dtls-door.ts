// The door of a datagram server: for each datagram that comes to its port it says whose it is, by address and by connection
// id, and lets new clients in once their address is proven. It does no I/O. For hosts and for the sockets that poll.

import { internal_error } from "../base/alert.js";
import { CLOSED } from "../base/status.js";
import type { Connection } from "../engine/connection.js";

/** What is said to clients that have no connection yet (messages/dtls-greeter). */
export interface Greeter {
	/** Looks at a datagram; `prove`: the address must be proven by a cookie. Answers GREET_.... */
	greet(now: number, bytes: Uint8Array, at: number, end: number, from: string, prove: boolean): number;
	readonly answer: Uint8Array;
	readonly answerLength: number;
	/** A datagram with the whole ClientHello. */
	readonly hello: Uint8Array;
	readonly helloAt: number;
	readonly helloEnd: number;
	sendAlert(description: number): number;
}

const GREET_ANSWER = 1;
const GREET_PROVEN = 2;

/** Makes the connection of a client that the greeter has let in, or undefined if there is no memory for it. `proven`: its address is. */
export type OpenGuest = (proven: boolean) => Connection | undefined;

// What route() answers
/** Nothing to be done: noise, or not whole yet. */
export const ROUTE_NOTHING = 0;
/** It belongs to guest. */
export const ROUTE_GUEST = 1;
/** The answer must be sent to where it came from. */
export const ROUTE_ANSWER = 2;
/** Guest is new: the datagram is door.hello, [helloAt, helloEnd). */
export const ROUTE_NEW = 3;
/** The answer must be sent: there is no room for another client (FULL_ERR). */
export const ROUTE_FULL = 4;

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
/** Where a record's first message begins; in it a ClientHello's random, and its fragment offset. */
const MESSAGE_AT = 13;
const RANDOM_AT = MESSAGE_AT + 12 + 2;
const RANDOM_LENGTH = 32;
const TLS12_CID = 25;
const CID_AT_12 = 11;
const UNIFIED_CID = 0x30;
const UNIFIED_CID_MASK = 0xf0;

/** A client with its connection. */
export class Guest {
	readonly connection: Connection;
	/** Where its datagrams go. */
	address: string;
	/** Tells its ClientHello from that of a later connection. */
	readonly random = new Uint8Array(RANDOM_LENGTH);
	/** For the host: whatever belongs to it. */
	owner: unknown = undefined;

	constructor(connection: Connection, address: string) {
		this.connection = connection;
		this.address = address;
	}
}

/**
 * A door with room for some guests.
 *
 *     switch (door.route(now, datagram, 0, length, address)) {
 *         case ROUTE_GUEST: door.guest.connection.networkIn(datagram, 0, length); break;
 *         case ROUTE_NEW: door.guest.connection.networkIn(door.hello, door.helloAt, door.helloEnd); break;
 *         case ROUTE_FULL: case ROUTE_ANSWER: socket.send(door.answer, 0, door.answerLength, address);
 *     }
 *     door.remove(guest);                       // when its connection is closed
 */
export class DtlsDoor {
	readonly guests: Guest[] = [];
	/** How many clients found no room. */
	full = 0;
	/** After ROUTE_GUEST and ROUTE_NEW. */
	guest: Guest | undefined = undefined;
	/** After ROUTE_NEW and ROUTE_FULL: whose place it took; its connection is closed. */
	replaced: Guest | undefined = undefined;
	readonly #greeter: Greeter;
	readonly #open: OpenGuest;
	readonly #limit: number;
	readonly #prove: boolean;
	readonly #byAddress = new Map<string, Guest>();

	/** `prove`: every client must bring a cookie back; without it only those that come back to an address that has a connection. */
	constructor(greeter: Greeter, open: OpenGuest, limit: number, prove: boolean) {
		this.#greeter = greeter;
		this.#open = open;
		this.#limit = limit;
		this.#prove = prove;
	}

	get answer(): Uint8Array {
		return this.#greeter.answer;
	}
	get answerLength(): number {
		return this.#greeter.answerLength;
	}
	get hello(): Uint8Array {
		return this.#greeter.hello;
	}
	get helloAt(): number {
		return this.#greeter.helloAt;
	}
	get helloEnd(): number {
		return this.#greeter.helloEnd;
	}

	/** Says whose the datagram at [at, end) is: ROUTE_.... `from`: its sender, in one spelling always. */
	route(now: number, bytes: Uint8Array, at: number, end: number, from: string): number {
		const known = this.#byAddress.get(from);
		const byId = this.findById(bytes, at, end, known);
		if (byId !== undefined) {
			this.guest = byId;
			return ROUTE_GUEST;
		}
		const begins = isClientHello(bytes, at, end);
		if (known !== undefined && known.connection.state !== CLOSED && !(begins && isOther(bytes, at, known))) {
			this.guest = known;
			return ROUTE_GUEST;
		}
		if (!begins) return ROUTE_NOTHING;
		const answer = this.#greeter.greet(now, bytes, at, end, from, this.#prove || known !== undefined);
		if (answer === GREET_ANSWER) return ROUTE_ANSWER;
		return answer === GREET_PROVEN ? this.letIn(from, known) : ROUTE_NOTHING;
	}

	/** Its address is another now, and proven. */
	move(guest: Guest, address: string): void {
		if (this.#byAddress.get(guest.address) === guest) this.#byAddress.delete(guest.address);
		guest.address = address;
		this.#byAddress.set(address, guest);
	}

	/** Its place is free again. */
	remove(guest: Guest): void {
		const index = this.guests.indexOf(guest);
		if (index >= 0) this.guests.splice(index, 1);
		if (this.#byAddress.get(guest.address) === guest) this.#byAddress.delete(guest.address);
	}

	/** A client whose address is proven takes the place of what was there before (RFC 9147 5.11). */
	private letIn(from: string, known: Guest | undefined): number {
		const { hello, helloAt } = this.#greeter;
		this.replaced = known;
		if (known !== undefined) {
			known.connection.abort();
			this.remove(known);
		}
		const connection = this.guests.length < this.#limit ? this.#open(this.#prove || known !== undefined) : undefined;
		if (connection === undefined) {
			this.full++;
			this.#greeter.sendAlert(internal_error);
			return ROUTE_FULL;
		}
		const guest = new Guest(connection, from);
		for (let i = 0; i < RANDOM_LENGTH; i++) guest.random[i] = hello[helloAt + RANDOM_AT + i];
		this.guests.push(guest);
		this.#byAddress.set(from, guest);
		this.guest = guest;
		return ROUTE_NEW;
	}

	/** The guest whose connection id the first record carries. */
	private findById(bytes: Uint8Array, at: number, end: number, likely: Guest | undefined): Guest | undefined {
		const cidAt = (bytes[at] & UNIFIED_CID_MASK) === UNIFIED_CID ? at + 1 : bytes[at] === TLS12_CID ? at + CID_AT_12 : -1;
		if (cidAt < 0) return undefined;
		if (likely !== undefined && carries(bytes, cidAt, end, likely.connection.traffic.input.localId)) return likely;
		for (const guest of this.guests) if (carries(bytes, cidAt, end, guest.connection.traffic.input.localId)) return guest;
		return undefined;
	}
}

/** Whether the bytes at at are this id; an empty one is nobody's. */
function carries(bytes: Uint8Array, at: number, end: number, id: Uint8Array | undefined): boolean {
	if (id === undefined || id.length === 0 || id.length > end - at) return false;
	for (let i = 0; i < id.length; i++) if (bytes[at + i] !== id[i]) return false;
	return true;
}

/** Whether a datagram begins with a plain record with a part of a ClientHello. */
function isClientHello(bytes: Uint8Array, at: number, end: number): boolean {
	return end - at > MESSAGE_AT + 12 && bytes[at] === HANDSHAKE && bytes[at + 3] === 0 && bytes[at + 4] === 0 && bytes[at + MESSAGE_AT] === CLIENT_HELLO;
}

/** Whether the ClientHello that begins here is of another handshake than the guest's; a later part can't tell. */
function isOther(bytes: Uint8Array, at: number, guest: Guest): boolean {
	const offsetAt = at + MESSAGE_AT + 6;
	if (bytes[offsetAt] !== 0 || bytes[offsetAt + 1] !== 0 || bytes[offsetAt + 2] !== 0) return false;
	for (let i = 0; i < RANDOM_LENGTH; i++) if (bytes[at + RANDOM_AT + i] !== guest.random[i]) return true;
	return false;
}
