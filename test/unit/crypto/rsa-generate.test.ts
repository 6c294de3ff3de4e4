// RSA key generation: what comes out is judged by node:crypto and by the openssl command.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { checkPrimeSync, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { test } from "node:test";
import { PRIVATE_KEY_REFUSED, PRIVATE_KEY_RESULT_WRONG } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { Montgomery } from "polltls/crypto/public-key/montgomery";
import { RsaGeneration } from "polltls/crypto/public-key/rsa-generate";
import { PrimeSearch } from "polltls/crypto/public-key/rsa-prime";
import { KEY_RSA } from "polltls/crypto/types";
import { SeededEntropy, seededEntropy } from "../../support/seeded-entropy.js";

function finish(job: RsaGeneration, budget = 100): number {
	let status: number;
	while ((status = job.step(budget)) === WORKING);
	return status;
}
const number = (part: string | undefined) => BigInt(`0x${Buffer.from(part ?? "", "base64url").toString("hex")}`);
const absolute = (value: bigint) => (value < 0n ? -value : value);

function opensslMissing(): string | false {
	try {
		execFileSync("openssl", ["version"], { stdio: "pipe" });
		return false;
	} catch {
		return "no openssl command";
	}
}

for (const bits of [2048, 3072, 4096])
	test(`a key of ${bits} bits`, (t) => {
		const job = new RsaGeneration();
		job.start(seededEntropy(t), bits);
		assert.equal(finish(job, 1000), DONE);
		assert.equal(job.privateKey.type, KEY_RSA);
		const privateKey = createPrivateKey({ key: Buffer.from(job.privateKey.bytes), format: "der", type: "pkcs1" });
		const { bytes, at, end } = job.publicKey;
		const publicKey = createPublicKey({ key: Buffer.from(bytes.subarray(at, end)), format: "der", type: "pkcs1" });
		const jwk = privateKey.export({ format: "jwk" });
		const [n, e, d, p, q] = [jwk.n, jwk.e, jwk.d, jwk.p, jwk.q].map(number);
		assert.equal(n.toString(2).length, bits);
		assert.equal(e, 65537n);
		assert.equal(p * q, n);
		for (const prime of [p, q]) {
			assert.equal(prime.toString(2).length, bits / 2);
			assert.ok(checkPrimeSync(prime, { checks: 20 }));
			assert.equal((e * d) % (prime - 1n), 1n);
		}
		assert.ok(absolute(p - q) > 1n << BigInt(bits / 2 - 100));
		assert.ok(p > q);
		assert.ok(d > 1n << BigInt(bits / 2));
		assert.equal(number(jwk.dp), d % (p - 1n));
		assert.equal(number(jwk.dq), d % (q - 1n));
		assert.equal((number(jwk.qi) * q) % p, 1n);
		// The same DER as node:crypto writes, so it is minimal
		assert.deepEqual(Buffer.from(job.privateKey.bytes), privateKey.export({ format: "der", type: "pkcs1" }));
		assert.deepEqual(Buffer.from(bytes), publicKey.export({ format: "der", type: "pkcs1" }));
		assert.ok(verify("sha256", Buffer.from("text"), publicKey, sign("sha256", Buffer.from("text"), privateKey)));
	});

test("openssl finds the key consistent", { skip: opensslMissing() }, () => {
	const job = new RsaGeneration();
	job.start(new SeededEntropy("openssl"), 2048);
	assert.equal(finish(job), DONE);
	const answer = execFileSync("openssl", ["rsa", "-inform", "DER", "-check", "-noout"], { input: job.privateKey.bytes, stdio: "pipe" }).toString();
	assert.match(answer, /RSA key ok/);
});

test("the same at any budget; no step does much more than its budget", () => {
	let expected: Uint8Array | undefined;
	for (const budget of [8, 1e9]) {
		const job = new RsaGeneration();
		job.start(new SeededEntropy("budget"), 2048);
		let steps = 1;
		while (job.step(budget) === WORKING) steps++;
		expected ??= job.privateKey.bytes;
		assert.deepEqual(job.privateKey.bytes, expected);
		if (budget === 1e9) assert.equal(steps, 1);
		else assert.ok(steps > 500, `${steps} steps`);
	}
});

test("a job may be wiped before any step, and used again", () => {
	const job = new RsaGeneration();
	for (const stop of [0, 1, 10, 100, 1000]) {
		job.start(new SeededEntropy("wipe"), 2048);
		for (let i = 0; i < stop; i++) assert.equal(job.step(4), WORKING);
		job.wipe();
		assert.equal(job.privateKey.bytes.length, 0);
		assert.equal(job.step(8), PRIVATE_KEY_REFUSED);
	}
	job.start(new SeededEntropy("wipe"), 2048);
	assert.equal(finish(job), DONE);
	const { bytes } = job.privateKey;
	const again = new RsaGeneration();
	again.start(new SeededEntropy("wipe"), 2048);
	assert.equal(finish(again), DONE);
	assert.deepEqual(again.privateKey.bytes, bytes);
	job.wipe();
	assert.ok(bytes.every((byte) => byte === 0));
	assert.equal(job.publicKey.end, 0);
});

test("sizes that aren't allowed throw", () => {
	const job = new RsaGeneration();
	for (const bits of [0, 512, 1024, 2040, 2056, 4112, 8192, Number.NaN]) assert.throws(() => job.start(new SeededEntropy("size"), bits), RangeError);
});

test("primes that are too close are drawn again", () => {
	// Entropy that starts over once, when p has been found: the same candidates come again, and the same prime
	const search = new PrimeSearch(65537n);
	const first = new SeededEntropy("close");
	search.start(first, 1024);
	while (!search.done) search.advance();
	const found = search.prime;
	const calls = first.calls;
	let source = new SeededEntropy("close");
	let total = 0;
	const entropy = {
		fill(bytes: Uint8Array, at: number, end: number) {
			if (total++ === calls) source = new SeededEntropy("close");
			source.fill(bytes, at, end);
		},
	};
	const job = new RsaGeneration();
	job.start(entropy, 2048);
	assert.equal(finish(job), DONE);
	assert.ok(total > 2 * calls);
	const jwk = createPrivateKey({ key: Buffer.from(job.privateKey.bytes), format: "der", type: "pkcs1" }).export({ format: "jwk" });
	assert.ok(number(jwk.p) === found || number(jwk.q) === found);
	assert.notEqual(jwk.p, jwk.q);
});

test("composites without small factors are found out", () => {
	// Entropy whose first candidate is the product of two primes of 512 bits, 3 modulo 4, and its highest bits set
	const search = new PrimeSearch(65537n);
	const real = new SeededEntropy("composite");
	const half = new PrimeSearch(65537n);
	let composite = 0n;
	while (composite >> 1022n !== 3n || composite % 4n !== 3n) {
		half.start(real, 512);
		while (!half.done) half.advance();
		const one = half.prime;
		// 3 modulo 4 times 1 modulo 4 is 3 modulo 4
		let other = one + 2n;
		while (other % 4n !== 1n || !checkPrimeSync(other)) other += 2n;
		composite = one * other;
	}
	let calls = 0;
	search.start(
		{
			fill(bytes, at, end) {
				real.fill(bytes, at, end);
				if (calls++ === 0) bytes.set(Buffer.from(composite.toString(16), "hex"), at);
			},
		},
		1024,
	);
	let advances = 0;
	while (!search.done) {
		search.advance();
		advances++;
	}
	assert.ok(advances > 1000);
	assert.notEqual(search.prime, composite);
	assert.ok(checkPrimeSync(search.prime));
});

test("all primes of a size are 3 modulo 4 and not 1 modulo e; with another e too", () => {
	const search = new PrimeSearch(5n);
	for (let i = 0; i < 4; i++) {
		search.start(new SeededEntropy(`e ${i}`), 1024);
		while (!search.done) search.advance();
		assert.equal(search.prime % 4n, 3n);
		assert.notEqual(search.prime % 5n, 1n);
		assert.equal(search.prime >> 1022n, 3n);
		assert.ok(checkPrimeSync(search.prime));
	}
});

test("a key that a faulty machine spoiled isn't given out", () => {
	const original = Montgomery.prototype.reduce;
	const total = (() => {
		let count = 0;
		Montgomery.prototype.reduce = function (value: bigint): bigint {
			count++;
			return original.call(this, value);
		};
		const job = new RsaGeneration();
		job.start(new SeededEntropy("faulty"), 2048);
		finish(job);
		Montgomery.prototype.reduce = original;
		return count;
	})();
	// The last 3000 or so are the inverse of q and the check
	for (const before of [3500, 2500, 1000]) {
		let left = total - before;
		Montgomery.prototype.reduce = function (value: bigint): bigint {
			return original.call(this, value) ^ (left-- === 0 ? 1n << 33n : 0n);
		};
		try {
			const job = new RsaGeneration();
			job.start(new SeededEntropy("faulty"), 2048);
			assert.equal(finish(job), PRIVATE_KEY_RESULT_WRONG);
			assert.equal(job.privateKey.bytes.length, 0);
		} finally {
			Montgomery.prototype.reduce = original;
		}
	}
});
