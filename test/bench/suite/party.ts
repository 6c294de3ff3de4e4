// One end of a benched connection: what it is made of, and what its polls take. Portable: in Node, on XS, in an image.

import { NO_FAILURE } from "polltls/base/failure";
import { OPERATING, WANTS_INPUT, WANTS_OUTPUT, WANTS_WORK } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import type { ConnectionOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import type { Session } from "polltls/handshake/session";
import { SessionCache } from "polltls/handshake/session-store";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import type { Clock } from "polltls/os/os";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { BenchEntropy } from "./entropy.js";
import type { Now } from "./operation.js";

/** Certificates and a key, as PEM. */
export interface Identity {
	ca: string;
	chain: string;
	key: string;
}

/** What is benched; survives JSON. Numbers are those on the wire. */
export interface Setup {
	version: number;
	suite: number;
	/** First choice first. */
	groups: number[];
	identity: Identity;
	/** Seconds since 1970 to judge certificates by. */
	seconds: number;
	profile: "web" | "iot";
}

const BUFFER = 20000;
const TICKET_SECONDS = 7200;

class BenchClock implements Clock {
	readonly #seconds: number;
	constructor(seconds: number) {
		this.#seconds = seconds;
	}
	ticks(): number {
		return 0;
	}
	seconds(): number {
		return this.#seconds;
	}
}

/** Opens one connection after the other; a client resumes the last one's session if it is asked to. */
export class Party {
	readonly #isServer: boolean;
	readonly #options: ConnectionOptions;
	readonly #tickets: TicketKeys;
	/** For clients that take no tickets. */
	readonly #sessions = new SessionCache(1);
	readonly #now: Now;
	/** Of all its connections, one after the other, so that a connection's own memory can be told. */
	readonly #out = new Uint8Array(BUFFER);
	#session: Session | undefined = undefined;

	constructor(isServer: boolean, { version, suite, groups, identity, seconds, profile }: Setup, registry: Registry, now: Now) {
		const clock = new BenchClock(seconds);
		const entropy = new BenchEntropy(isServer ? 3 : 5);
		const trust = new TrustStore();
		if (!isServer && trust.addPem(identity.ca) !== NO_FAILURE) throw new Error("the authority can't be read");
		const credentials = isServer ? [{ chain: chainOf(identity.chain), key: keyOf(identity.key) }] : [];
		this.#isServer = isServer;
		this.#now = now;
		this.#tickets = new TicketKeys(registry, clock, entropy, TICKET_SECONDS);
		this.#options = {
			...{ registry, clock, entropy, trust, credentials, profile, handshakeTimeout: 0 },
			...{ minimumVersion: version, maximumVersion: version, suites: [suite], groups },
		};
	}

	/** resumed: a client's last session. The connection before must have ended. */
	open(resumed: boolean): Side {
		const options = this.#options;
		if (this.#isServer) return new Side(openTlsServer({ ...options, tickets: this.#tickets, sessions: this.#sessions }), this.#out, this.#now);
		const session = resumed ? this.#session : undefined;
		if (resumed && session === undefined) throw new Error("there is no session to resume");
		return new Side(openTlsClient({ ...options, peerName: "localhost", session }), this.#out, this.#now);
	}

	/** Keeps what a client may resume. */
	keep(side: Side): void {
		this.#session = side.connection.session ?? this.#session;
	}
}

function chainOf(pem: string): Uint8Array[] {
	const reader = new PemReader(pem);
	const chain: Uint8Array[] = [];
	while (reader.find(PEM_CERTIFICATE)) chain.push(reader.der);
	if (reader.end() !== NO_FAILURE) throw new Error("the chain can't be read");
	return chain;
}

function keyOf(pem: string) {
	const decoder = new PrivateKeyDecoder();
	if (decoder.decodePem(pem) !== NO_FAILURE) throw new Error("the key can't be read");
	return decoder.key;
}

/** One connection and what it took. */
export class Side {
	readonly connection: Connection;
	/** Microseconds in it, and in the last turn's poll; how many polls there were. */
	time = 0;
	lastPoll = 0;
	polls = 0;
	/** Bytes on their way to the other. */
	readonly out: Uint8Array;
	outAt = 0;
	outEnd = 0;
	readonly #now: Now;

	constructor(connection: Connection, out: Uint8Array, now: Now) {
		this.connection = connection;
		this.out = out;
		this.#now = now;
	}

	/** Goes on by one poll if it has reason to, with bytes at [at, end); answers how many of them it took, -1 if it had no reason. */
	turn(bytes: Uint8Array, at: number, end: number): number {
		const { connection } = this;
		const now = this.#now;
		const start = now();
		const taken = end > at ? connection.networkIn(bytes, at, end) : 0;
		if (taken === 0 && !this.wantsTurn) return -1;
		const before = now();
		connection.poll(0);
		const after = now();
		if (this.outAt === this.outEnd) {
			this.outAt = 0;
			this.outEnd = connection.networkOut(this.out, 0, BUFFER);
		}
		this.polls++;
		this.lastPoll = after - before;
		this.time += now() - start;
		if (connection.failure !== NO_FAILURE) throw new Error(`${connection.stateName}: failure ${connection.failure >> 16}, ${String(connection.cause)}`);
		return taken;
	}

	/** The same with nothing but the calls that a host must make: for who times it from outside, and asks first whether it has reason to. */
	step(bytes: Uint8Array, at: number, end: number): number {
		const { connection } = this;
		const taken = end > at ? connection.networkIn(bytes, at, end) : 0;
		connection.poll(0);
		if (this.outAt === this.outEnd) {
			this.outAt = 0;
			this.outEnd = connection.networkOut(this.out, 0, BUFFER);
		}
		return taken;
	}

	/** It has something to do without bytes from the other: work, or bytes that find room now. */
	get wantsTurn(): boolean {
		const wants = this.connection.wants();
		return (wants & WANTS_WORK) !== 0 || ((wants & WANTS_OUTPUT) !== 0 && this.outAt === this.outEnd);
	}

	/** The handshake is done, and nothing is left to do but to wait for the other. */
	get settled(): boolean {
		return this.connection.state === OPERATING && (this.connection.wants() & ~WANTS_INPUT) === 0;
	}
}
