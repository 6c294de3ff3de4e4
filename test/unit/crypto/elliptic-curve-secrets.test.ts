// That the work of elliptic-curve code doesn't depend on secrets: the same blocks of code run equally often, so the same
// multiplications, additions and table reads are made, whatever a private key is. The engine counts, so that the code
// needs no counter of its own. Left aside: inverse.ts, which sees only numbers multiplied by fresh random ones.
// A file of its own: the engine counts only in functions that are first run after it was asked to.

import assert from "node:assert/strict";
import { Session } from "node:inspector";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { p256 as nobleP256, p384 as nobleP384 } from "@noble/curves/nist.js";
import { DONE } from "polltls/base/status";
import { DoubleMultiply } from "polltls/crypto/public-key/double-multiply";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { secp384r1 } from "polltls/crypto/public-key/p384";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { x25519 } from "polltls/crypto/public-key/x25519";
import type { KeyExchangeAlgorithm, SignatureAlgorithm } from "polltls/crypto/types";
import { finish, ScriptedEntropy } from "../../support/jobs.js";
import { nodeHashes } from "../../support/node-hashes.js";
import { seededEntropy } from "../../support/seeded-entropy.js";
import { fromHex } from "../../support/wycheproof.js";

interface Coverage {
	result: { url: string; functions: { functionName: string; ranges: { startOffset: number; count: number }[] }[] }[];
}

/**
 * How often each block of the curves' code is run. Left aside: functions that only hand out slices, and the DER of a
 * signature, which is public.
 */
class BlockCounter {
	readonly #session = new Session();

	constructor() {
		this.#session.connect();
		this.#post("Profiler.enable");
		this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
	}

	count(run: () => void): string {
		this.#post("Profiler.takePreciseCoverage"); // sets the counts back
		run();
		const { result } = this.#post("Profiler.takePreciseCoverage") as Coverage;
		const lines: string[] = [];
		for (const { url, functions } of result) {
			const file = /public-key\/(?!inverse)([a-z0-9-]+\.ts)$/.exec(url)?.[1];
			if (file === undefined) continue;
			for (const { functionName, ranges } of functions)
				if (!/^#?(advance|step|encodeInteger)$/.test(functionName) && ranges[0].count > 0)
					lines.push(`${file} ${functionName} ${ranges.map(({ startOffset, count }) => `${startOffset}:${count}`).join(" ")}`);
		}
		return lines.sort().join("\n");
	}

	close(): void {
		this.#post("Profiler.stopPreciseCoverage");
		this.#session.disconnect();
	}

	#post(method: string, parameters = {}): unknown {
		let answered: unknown;
		this.#session.post(method as "Profiler.enable", parameters as never, (error: Error | null, answer: unknown) => {
			if (error) throw error;
			answered = answer;
		});
		return answered;
	}
}

function bytesOf(value: bigint, length: number): Uint8Array {
	return fromHex(value.toString(16).padStart(2 * length, "0"));
}

/** What drawScalar must be given to draw k: a number of 8 bytes more, and 1 less. */
function draw(k: bigint, length: number): ScriptedEntropy {
	return new ScriptedEntropy(bytesOf(k - 1n, length + 8));
}

function respond(algorithm: KeyExchangeAlgorithm, entropy: ScriptedEntropy, peer: Uint8Array): void {
	const exchange = algorithm.create();
	exchange.respond(entropy, peer, 0, peer.length);
	assert.equal(finish(exchange), DONE);
}

function signWith(algorithm: SignatureAlgorithm, key: Uint8Array): void {
	const job = algorithm.createSign(nodeHashes);
	job.start(algorithm.schemes[0], { type: algorithm.keyType, bytes: key }, key, 0, 3, new ScriptedEntropy());
	assert.equal(finish(job), DONE);
}

function generate(entropy: ScriptedEntropy): void {
	const job = new EcGenerate(p256);
	job.start(entropy, 0);
	assert.equal(finish(job), DONE);
}

const peer256 = nobleP256.getPublicKey(bytesOf(77n, 32), false);
const peer384 = nobleP384.getPublicKey(bytesOf(77n, 48), false);
const peer25519 = bytesOf(9n << 248n, 32);

/** What is done with a secret number, and its limit. */
const works: Record<string, [bigint, (k: bigint) => void]> = {
	"P-256 key exchange": [p256.order.p, (k) => respond(secp256r1, draw(k, 32), peer256)],
	"P-384 key exchange": [p384.order.p, (k) => respond(secp384r1, draw(k, 48), peer384)],
	"X25519 key exchange": [1n << 256n, (k) => respond(x25519, new ScriptedEntropy(bytesOf(k, 32)), peer25519)],
	"P-256 key pair": [p256.order.p, (k) => generate(draw(k, 32))],
	"P-256 signature": [p256.order.p, (k) => signWith(ecdsaP256, bytesOf(k, 32))],
	"Ed25519 signature": [1n << 256n, (k) => signWith(ed25519, bytesOf(k, 32))],
};

setFlagsFromString("--no-opt"); // what is inlined isn't counted
const counter = new BlockCounter();

for (const name in works)
	test(`${name}: the same work whatever the secret is`, (t) => {
		const [limit, work] = works[name];
		const entropy = seededEntropy(t);
		const random = () => 1n + (BigInt(`0x${Buffer.from(entropy.bytes(64)).toString("hex")}`) % (limit - 1n));
		counter.count(() => work(random())); // the engine reports a block from its first run on
		const expected = counter.count(() => work(random()));
		const total = expected.split("\n").length;
		assert.ok(total > 15, `${total} functions`);
		for (const k of [1n, 2n, 15n, limit - 1n, limit - 2n, limit >> 1n, (1n << 200n) - 1n, 1n << 192n, random(), random()])
			assert.equal(
				counter.count(() => work(k)),
				expected,
				`${k}`,
			);
	});

test("the counts do tell: the check of signatures, which isn't for secrets, shows its numbers", () => {
	const { x, y } = nobleP256.Point.BASE.toAffine();
	const check = (u: bigint) => {
		const multiply = new DoubleMultiply(p256);
		multiply.start(u, u, x, y);
		while (!multiply.done) multiply.advance();
	};
	counter.count(() => check(3n));
	const counts = counter.count(() => check(1n << 250n));
	assert.equal(
		counter.count(() => check(1n << 250n)),
		counts,
	);
	assert.notEqual(
		counter.count(() => check((1n << 250n) / 3n)),
		counts,
	);
	counter.close();
});
