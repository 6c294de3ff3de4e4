// Portable cases: a crypto provider fails, whenever that is. The connection ends with ENCRYPTION_MODULE_ERR, nothing is
// thrown at the application, and what held secrets is wiped.

import * as failures from "polltls/base/failure";
import { CLOSED, ENCRYPTION_MODULE_ERR } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import type { AeadAlgorithm, HashAlgorithm, KeyExchangeAlgorithm, SignatureAlgorithm } from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { TLS_1_2 } from "polltls/wire/registry";
import { dtlsPair } from "./dtls-pair.js";
import { type End, equal, Pair, type PairOptions, TestEntropy, TestPki, testRegistry } from "./harness.js";

/** What a provider may throw: a native's error, or that of a full heap. */
const thrown: readonly Error[] = [new Error("a native failed"), new RangeError("not enough memory")];

/** Counts calls of a provider's methods, and throws in one of them, or in it and all that follow. */
class Fault {
	calls = 0;
	/** Which call fails; 0: none. */
	at = 0;
	lasts = false;
	/** Whether it has failed. */
	struck = false;
	/** What was made and not wiped. */
	readonly unwiped = new Set<object>();

	strike(): void {
		this.calls++;
		if (this.at === 0 || this.calls < this.at || (this.calls > this.at && !this.lasts)) return;
		this.struck = true;
		throw thrown[this.at % thrown.length];
	}
}

/** An object that does what another does, with a fault in the methods named; wipe() works always. */
function faulty<T extends object>(object: T, methods: readonly string[], fault: Fault): T {
	const wrapped = Object.create(null) as Record<string, unknown>;
	const inner = object as unknown as Record<string, unknown>;
	for (const name of methods)
		wrapped[name] = (...args: unknown[]) => {
			fault.strike();
			return (inner[name] as (...args: unknown[]) => unknown).apply(object, args);
		};
	const places = ["share", "shareLength", "secret", "secretLength", "signature", "signatureLength"];
	for (const name of places) if (name in inner) Object.defineProperty(wrapped, name, { get: () => inner[name] });
	if ("wipe" in inner) {
		wrapped.wipe = () => {
			fault.unwiped.delete(wrapped);
			(inner.wipe as () => void).call(object);
		};
		fault.unwiped.add(wrapped);
	}
	return wrapped as unknown as T;
}

function faultyHash(algorithm: HashAlgorithm, fault: Fault): HashAlgorithm {
	const wrap = (hash: ReturnType<HashAlgorithm["create"]>): ReturnType<HashAlgorithm["create"]> => {
		const wrapped = faulty(hash, ["update", "digest"], fault);
		wrapped.fork = () => {
			fault.strike();
			return wrap(hash.fork());
		};
		return wrapped;
	};
	return {
		...algorithm,
		create: () => wrap(algorithm.create()),
		createHmac: () => faulty(algorithm.createHmac(), ["setKey", "update", "digest"], fault),
	};
}

function faultyRegistry(fault: Fault): Registry {
	const plain = testRegistry();
	const registry = new (plain.constructor as new () => Registry)();
	for (const hash of plain.hashes) registry.registerHash(registry.hashes.length, faultyHash(hash, fault));
	for (const bulk of plain.bulks as readonly AeadAlgorithm[])
		registry.registerBulk(registry.bulks.length, {
			...bulk,
			create: () => faulty(bulk.create(), ["setKey", "seal", "open"], fault),
			createNumberMask: () => faulty(bulk.createNumberMask(), ["setKey", "mask"], fault),
		});
	for (const signature of plain.signatures as readonly SignatureAlgorithm[])
		registry.registerSign(registry.signatures.length, {
			...signature,
			createVerify: (hashes) => {
				const job = faulty(signature.createVerify(hashes), ["start", "step"], fault);
				fault.unwiped.delete(job); // it holds no secrets
				return job;
			},
			createSign: (hashes) => faulty(signature.createSign(hashes), ["start", "step"], fault),
		});
	for (const exchange of plain.keyExchanges as readonly KeyExchangeAlgorithm[])
		registry.registerKeyExchange(registry.keyExchanges.length, {
			...exchange,
			create: () => faulty(exchange.create(), ["begin", "respond", "receive", "step"], fault),
		});
	registry.start();
	return registry;
}

const plain = testRegistry();
const pki = new TestPki(plain);

/** A handshake, a text each way and the end, where one side has that provider. */
function converse(fault: Fault, side: "client" | "server", options: PairOptions): { pair: Pair; end: End; early: boolean } {
	const own = { registry: faultyRegistry(fault) };
	const pair = new Pair(pki, plain, { ...options, [side]: { ...options[side], ...own } });
	pair.client.write("hello");
	pair.server.write("hello");
	pair.run();
	const early = fault.struck; // before it was closed
	pair.client.connection.close();
	pair.server.connection.close();
	pair.run();
	return { pair, end: pair[side], early };
}

/** Each step-th call fails, once and for good. */
function failEach(side: "client" | "server", options: PairOptions, step: number): void {
	const whole = new Fault();
	const { end: proper } = converse(whole, side, options);
	equal(proper.text, "hello");
	if (whole.calls < 40) throw new Error(`${whole.calls} calls`);
	for (const lasts of [false, true])
		for (let at = 1; at <= whole.calls; at += step) {
			const fault = new Fault();
			fault.at = at;
			fault.lasts = lasts;
			const { end, pair, early } = converse(fault, side, options);
			const { connection } = end;
			const what = `call ${at} of ${whole.calls}${lasts ? " and all after it" : ""}, in ${connection.stateName}`;
			equal(fault.struck, true, what);
			equal(connection.state, CLOSED, what);
			// Only the alert of a connection that ends anyhow may be left out
			if (early || connection.failure !== failures.NO_FAILURE) {
				equal(connection.failure, failures.CRYPTO_PROVIDER_FAILED, what);
				equal(connection.poll(0), ENCRYPTION_MODULE_ERR, what);
				equal(connection.cause, thrown[at % thrown.length], what);
			}
			equal(fault.unwiped.size, 0, `${what}: objects that weren't wiped`);
			equal(pair.client.connection.state, CLOSED, what);
			equal(pair.server.connection.state, CLOSED, what);
		}
}

/** The same over datagrams, without the application's data. */
function failEachOfDatagrams(version: "1.2" | "1.3", step: number): void {
	for (const [side, index] of [
		["client", 0],
		["server", 1],
	] as const) {
		let all = 1;
		for (let at = 0; at <= all; at += step) {
			const fault = new Fault();
			fault.at = at;
			const network = dtlsPair(pki, plain, { version, [side]: { registry: faultyRegistry(fault) } });
			network.runUntil(() => network.established, 100);
			const early = fault.struck;
			for (const end of network.ends) end.close();
			network.runUntil(() => network.over, 100);
			const connection = network.ends[index];
			if (at === 0) {
				all = fault.calls;
				if (all < 40) throw new Error(`${all} calls`);
				continue;
			}
			const what = `DTLS ${version}, ${side}, call ${at} of ${all}, in ${connection.stateName}`;
			connection.abort();
			if (early || connection.failure !== failures.NO_FAILURE) {
				equal(connection.failure, failures.CRYPTO_PROVIDER_FAILED, what);
				equal(connection.poll(0), ENCRYPTION_MODULE_ERR, what);
			}
			equal(fault.struck, true, what);
			equal(fault.unwiped.size, 0, `${what}: objects that weren't wiped`);
		}
	}
}

const noEntropy: Entropy = {
	fill(): void {
		throw new Error("no entropy");
	},
};

function withEntropy(options: PairOptions, side: "client" | "server", entropy: Entropy): PairOptions {
	return { ...options, [side]: { ...options[side], entropy } };
}

const version12: PairOptions = { client: { maximumVersion: TLS_1_2 }, server: { maximumVersion: TLS_1_2 } };

export const cases: Record<string, () => void> = {
	"1.3: the client's provider fails, whenever that is"() {
		failEach("client", {}, 7);
	},
	"1.3: the server's provider fails, whenever that is"() {
		failEach("server", {}, 5);
	},
	"1.2: the client's provider fails, whenever that is"() {
		failEach("client", version12, 7);
	},
	"1.2: the server's provider fails, whenever that is"() {
		failEach("server", version12, 5);
	},
	"DTLS: a provider fails, whenever that is"() {
		failEachOfDatagrams("1.3", 11);
		failEachOfDatagrams("1.2", 11);
	},
	"no entropy, in each version and role"() {
		for (const options of [{}, version12])
			for (const side of ["client", "server"] as const) {
				const pair = new Pair(pki, plain, withEntropy(options, side, noEntropy));
				pair.run();
				const { connection } = pair[side];
				equal(connection.failure, failures.CRYPTO_PROVIDER_FAILED, side);
				equal(connection.poll(0), ENCRYPTION_MODULE_ERR, side);
				equal(connection.state, CLOSED, side);
			}
	},
	"entropy that ends in the middle of a handshake"() {
		for (const options of [{}, version12])
			for (const side of ["client", "server"] as const)
				for (let last = 1; last < 6; last++) {
					const source = new TestEntropy(last);
					let asked = 0;
					const entropy: Entropy = {
						fill(bytes, at, end): void {
							if (++asked > last) throw new Error("no more entropy");
							source.fill(bytes, at, end);
						},
					};
					const pair = new Pair(pki, plain, withEntropy(options, side, entropy));
					pair.run();
					if (asked <= last) continue; // it asks for less
					equal(pair[side].connection.poll(0), ENCRYPTION_MODULE_ERR, `${side} after ${last}`);
					equal(pair[side].connection.state, CLOSED, side);
				}
	},
};
