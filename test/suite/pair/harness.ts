// Two connections and the bytes between them, in one thread, on any engine: virtual time, repeatable entropy, and hands
// on the bytes and messages on their way. For the pair suites. What both ends get wrong alike it can't show: that is for
// the interop tests.

import { NO_FAILURE } from "polltls/base/failure";
import { CLOSED, OPERATING, WANTS_WORK, WORKING } from "polltls/base/status";
import { nobleChaCha20Poly1305 } from "polltls/crypto/noble/aeads";
import { nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { x25519 } from "polltls/crypto/public-key/x25519";
import { Registry } from "polltls/crypto/registry";
import { AEAD_AES_256_GCM, type PrivateKey, type PublicKey } from "polltls/crypto/types";
import type { ClientOptions, ServerOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import type { Credential } from "polltls/handshake/settings";
import type { Clock, Entropy } from "polltls/os/os";
import { CertificateFields, commonName } from "polltls/pki/certificate-fields";
import { PURPOSE_CLIENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { CertificateIssuer } from "polltls/pki/issue";
import { TrustStore } from "polltls/pki/trust";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";

/** The moment that the tests' certificates are judged at: 2026-01-01. */
export const NOW = 1767225600;
/** More turns than any handshake needs: what takes longer hangs. */
const TURNS_MAX = 200000;

/** xorshift32: the same bytes for the same seed. Never for real keys. */
export class TestEntropy implements Entropy {
	#state: number;
	constructor(seed: number) {
		this.#state = seed | 1;
	}
	fill(bytes: Uint8Array, at: number, end: number): void {
		for (; at < end; at++) {
			this.#state ^= this.#state << 13;
			this.#state ^= this.#state >>> 17;
			this.#state ^= this.#state << 5;
			bytes[at] = this.#state;
		}
	}
}

/** Time that goes on only when a test says so. */
export class TestClock implements Clock {
	now = 1000;
	epoch = NOW;
	ticks(): number {
		return this.now;
	}
	seconds(): number {
		return this.epoch;
	}
}

/** What both engines can do: the portable providers. */
export function testRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [nobleSha256, nobleSha384, nobleSha512]) registry.registerHash(registry.hashes.length, hash);
	registry.registerBulk(0, nobleChaCha20Poly1305);
	// A second suite, with the other hash: both ends take ChaCha20 for it, since noble's AES is too large for a device
	registry.registerBulk(1, { ...nobleChaCha20Poly1305, id: AEAD_AES_256_GCM });
	registry.registerSign(0, ecdsaP256);
	registry.registerKeyExchange(0, x25519);
	registry.registerKeyExchange(1, secp256r1);
	registry.start();
	return registry;
}

/** A small authority and what it gave out. */
export class TestPki {
	readonly trust = new TrustStore();
	readonly server: Credential;
	readonly client: Credential;
	readonly #registry: Registry;
	readonly #entropy = new TestEntropy(7);
	readonly #issuer: CertificateIssuer;
	readonly #authority: EcGenerate;
	readonly #root: Uint8Array;
	readonly #now: number;

	/** now: the moment that its certificates are good at. */
	constructor(registry: Registry, now = NOW) {
		this.#registry = registry;
		this.#now = now;
		this.#authority = this.generate();
		const { privateKey, publicKey } = this.#authority;
		const fields = this.fields("test authority", []);
		fields.isAuthority = true;
		this.#issuer = new CertificateIssuer(registry, 1024);
		this.#issuer.startSelfSigned(fields, privateKey, publicKey, this.#entropy);
		this.#root = finish(this.#issuer);
		equal(this.trust.addDer(this.#root), NO_FAILURE);
		this.server = this.issue("localhost", ["localhost", "127.0.0.1"], PURPOSE_SERVER, this.generate());
		this.client = this.issue("device", ["device"], PURPOSE_CLIENT, this.generate());
	}

	/** A certificate under the authority for this key pair. */
	issue(name: string, names: string[], purpose: number, pair: { privateKey: PrivateKey; publicKey: PublicKey }, keyUsage?: number): Credential {
		const leaf = this.fields(name, names);
		leaf.extendedKeyUsage = purpose;
		if (keyUsage !== undefined) leaf.keyUsage = keyUsage;
		this.#issuer.startIssue(leaf, pair.publicKey, this.#root, this.#authority.privateKey, this.#entropy);
		return { chain: [finish(this.#issuer)], key: { type: pair.privateKey.type, bytes: pair.privateKey.bytes.slice() } };
	}

	generate(): EcGenerate {
		const job = new EcGenerate(p256);
		job.start(this.#entropy, 0);
		while (job.step(1000) === WORKING);
		return job;
	}

	/** A leaf of its own key that nobody signed but itself. */
	selfSigned(name: string): Credential {
		const pair = this.generate();
		const issuer = new CertificateIssuer(this.#registry, 1024);
		issuer.startSelfSigned(this.fields(name, [name]), pair.privateKey, pair.publicKey, this.#entropy);
		return { chain: [finish(issuer)], key: { type: pair.privateKey.type, bytes: pair.privateKey.bytes.slice() } };
	}

	fields(name: string, names: string[]): CertificateFields {
		const fields = new CertificateFields();
		fields.subject = commonName(name);
		fields.names = names;
		fields.notBefore = this.#now - 86400;
		fields.notAfter = this.#now + 86400 * 365;
		return fields;
	}
}

function finish(issuer: CertificateIssuer): Uint8Array {
	let status: number;
	do status = issuer.step(1000);
	while (status === WORKING);
	if (status > 255) throw new Error(`no certificate: failure ${status >> 16}`);
	return issuer.der.slice(0, issuer.length);
}

/** Changes a message that one side is about to send, before it is hashed and sealed: [bodyAt, bodyEnd) of bytes; answers the new end. */
export type Alter = (bytes: Uint8Array, bodyAt: number, bodyEnd: number) => number;

/** Notes the state that the connection is in and all that it goes into, several in one poll too. */
function watchStates({ context }: Connection, states: string[]): void {
	let { state } = context;
	states.push(context.flow.steps[state].name);
	Object.defineProperty(context, "state", {
		get: () => state,
		set: (next: number) => {
			state = next;
			const { name } = context.flow.steps[next];
			if (name !== states[states.length - 1]) states.push(name);
		},
	});
}

/** One end of the pair. */
export class End {
	readonly connection: Connection;
	/** Bytes on their way to it. */
	incoming: number[] = [];
	received: number[] = [];
	/** It knows that no more comes. */
	ended = false;
	/** All bytes that it sent. */
	sent: number[] = [];
	/** The names of the states that it went through, each as often as it was entered. */
	readonly states: string[] = [];
	#toSend: number[] = [];

	constructor(connection: Connection) {
		this.connection = connection;
		thaw(connection);
		watchStates(connection, this.states);
	}

	write(text: string): void {
		for (let i = 0; i < text.length; i++) this.#toSend.push(text.charCodeAt(i));
	}

	get text(): string {
		return String.fromCharCode(...this.received);
	}

	/** Carries at most `size` bytes each way and polls once; answers whether anything happened. */
	turn(now: number, other: End, size: number, tamper: Tamper | undefined): boolean {
		const { connection } = this;
		let moved = false;
		const chunk = Uint8Array.from(this.incoming.slice(0, size));
		const taken = connection.networkIn(chunk, 0, chunk.length);
		if (taken > 0) {
			this.incoming.splice(0, taken);
			moved = true;
		}
		connection.poll(now);
		const out = new Uint8Array(size);
		const given = connection.networkOut(out, 0, size);
		for (let i = 0; i < given; i++) {
			const byte = tamper?.(this, this.sent.length, out[i]) ?? out[i];
			this.sent.push(out[i]);
			other.incoming.push(byte);
		}
		const count = connection.applicationOut(out, 0, size);
		for (let i = 0; i < count; i++) this.received.push(out[i]);
		const data = Uint8Array.from(this.#toSend.slice(0, size));
		const accepted = connection.applicationIn(data, 0, data.length);
		this.#toSend.splice(0, accepted);
		return moved || given > 0 || count > 0 || accepted > 0 || (connection.wants() & WANTS_WORK) !== 0;
	}

	/** Alters the messages of one type that it writes at once (all but Certificate). */
	alter(type: number, change: Alter): void {
		alter(this.connection, type, change);
	}
}

/** Changes the bodies of the messages of one type that a connection writes at once from now on. */
export function alter(connection: Connection, type: number, change: Alter): void {
	thaw(connection);
	const { messages } = connection.traffic;
	const { begin, end } = messages;
	let bodyAt = -1;
	messages.begin = (begun) => {
		begin.call(messages, begun);
		bodyAt = begun === type ? messages.writer.at : -1;
	};
	messages.end = (transcript) => {
		const { writer, memory } = messages;
		if (bodyAt >= 0) writer.at = change(memory, bodyAt, writer.at);
		end.call(messages, transcript);
	};
}

/** Lets tests put their own functions in place of what writes messages: in flash, where classes are frozen, an object can't get them by an assignment. */
export function thaw(connection: Connection): void {
	const { messages } = connection.traffic;
	for (const name of ["begin", "end", "beginLong", "put"] as const) Object.defineProperty(messages, name, { value: messages[name], writable: true });
}

/** Puts an empty message behind the count-th message of a type, into the same record. */
export function putBehind(one: End, type: number, count: number): void {
	const { messages } = one.connection.traffic;
	const { begin, end } = messages;
	let begun = -1;
	let seen = 0;
	messages.begin = (next) => {
		begun = next;
		begin.call(messages, next);
	};
	messages.end = (transcript) => {
		end.call(messages, transcript);
		if (begun !== type || ++seen !== count) return;
		begin.call(messages, 0);
		end.call(messages, undefined);
	};
}

/** What becomes of the byte at this offset of what an end sends; undefined: as it is. */
export type Tamper = (sender: End, offset: number, byte: number) => number | undefined;

export interface PairOptions {
	client?: Partial<ClientOptions>;
	server?: Partial<ServerOptions>;
	/** Bytes carried a turn; 4096 if it isn't given. */
	size?: number;
	seed?: number;
	tamper?: Tamper;
}

/** A client and a server. */
export class Pair {
	readonly clock = new TestClock();
	readonly client: End;
	readonly server: End;
	readonly #size: number;
	readonly #tamper: Tamper | undefined;

	constructor(pki: TestPki, registry: Registry, options: PairOptions = {}) {
		const { client = {}, server = {}, size = 4096, seed = 1, tamper } = options;
		const { clock } = this;
		this.#size = size;
		this.#tamper = tamper;
		const common = { registry, clock, profile: "iot" as const, handshakeTimeout: 10000 };
		this.client = new End(openTlsClient({ ...common, entropy: new TestEntropy(seed * 2 + 1001), trust: pki.trust, peerName: "localhost", ...client }));
		this.server = new End(openTlsServer({ ...common, entropy: new TestEntropy(seed * 2 + 5001), trust: pki.trust, credentials: [pki.server], ...server }));
	}

	/** Runs until nothing more happens; time goes on to the next deadline then, if that helps. */
	run(): void {
		for (let turns = 0; turns < TURNS_MAX; turns++) {
			if (this.turn()) continue;
			if (this.#end()) continue;
			const deadline = Math.min(this.client.connection.wakeAt, this.server.connection.wakeAt);
			if (deadline === Number.POSITIVE_INFINITY) return;
			this.clock.now = Math.max(deadline, this.clock.now);
		}
		throw new Error("the pair hangs");
	}

	/** One turn of both; answers whether anything happened. */
	turn(): boolean {
		const client = this.client.turn(this.clock.now, this.server, this.#size, this.#tamper);
		const server = this.server.turn(this.clock.now, this.client, this.#size, this.#tamper);
		this.clock.now += 0.01;
		return client || server;
	}

	/** What a closed socket tells the other side; answers whether that was news. */
	#end(): boolean {
		const ends: [End, End][] = [
			[this.client, this.server],
			[this.server, this.client],
		];
		let news = false;
		for (const [one, other] of ends) {
			if (one.connection.state !== CLOSED || other.connection.state === CLOSED || other.incoming.length > 0 || other.ended) continue;
			other.ended = true;
			other.connection.networkEnd();
			news = true;
		}
		return news;
	}

	get open(): boolean {
		return this.client.connection.state === OPERATING && this.server.connection.state === OPERATING;
	}
}

export function equal(actual: unknown, expected: unknown, what = ""): void {
	if (actual !== expected) throw new Error(`${what}${what === "" ? "" : ": "}expected ${String(expected)}, got ${String(actual)}`);
}
