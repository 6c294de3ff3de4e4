// Finite-field Diffie-Hellman: the groups against their RFCs' formulas, both ways against node:crypto, in slices of any
// size, and abandoned anywhere.

import assert from "node:assert/strict";
import { createDiffieHellman, type DiffieHellman, generatePrimeSync, getDiffieHellman } from "node:crypto";
import { test } from "node:test";
import { DHE_GROUP_REFUSED, KEY_SHARE_REFUSED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { DheExchange, dhePremasterAt, ffdhe2048, ffdhe3072, ffdhe4096 } from "polltls/crypto/public-key/dhe";
import { type DhePolicy, dhePolicy, ExplicitDhe, explicitGroup } from "polltls/crypto/public-key/dhe-explicit";
import { type DheGroup, ffdhe2048Group, ffdhe3072Group, ffdhe4096Group } from "polltls/crypto/public-key/dhe-groups";
import { modp2048Group, modp3072Group, modp4096Group } from "polltls/crypto/public-key/dhe-modp";
import { Montgomery } from "polltls/crypto/public-key/montgomery";
import type { Job, KeyExchange } from "polltls/crypto/types";
import { SeededEntropy, seededEntropy } from "../../support/seeded-entropy.js";

function finish(job: Job, budget = 8): number {
	let status: number;
	while ((status = job.step(budget)) === WORKING);
	return status;
}
function bytesOf(value: bigint, length = 0): Uint8Array {
	const hex = value.toString(16);
	return new Uint8Array(Buffer.from(hex.padStart(Math.max(2 * length, hex.length + (hex.length & 1)), "0"), "hex"));
}
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** floor(2^bits * e), by its series. */
function eTimes(bits: bigint): bigint {
	let term = 1n << (bits + 64n);
	let sum = 0n;
	for (let k = 1n; term > 0n; k++) {
		sum += term;
		term /= k;
	}
	return sum >> 64n;
}

/** floor(2^bits * pi), by Machin's formula. */
function piTimes(bits: bigint): bigint {
	const one = 1n << (bits + 64n);
	const arcTangentOfInverse = (x: bigint) => {
		let sum = 0n;
		let power = one / x;
		for (let k = 1n; power > 0n; k += 4n, power /= x * x) {
			sum += power / k;
			power /= x * x;
			sum -= power / (k + 2n);
		}
		return sum;
	};
	return (4n * (4n * arcTangentOfInverse(5n) - arcTangentOfInverse(239n))) >> 64n;
}

test("the groups are those of RFC 7919 appendix A and RFC 3526", () => {
	const rows: [DheGroup, bigint, (bits: bigint) => bigint, bigint, number][] = [
		[ffdhe2048Group, 560316n, eTimes, 2048n, 225],
		[ffdhe3072Group, 2625351n, eTimes, 3072n, 275],
		[ffdhe4096Group, 5736041n, eTimes, 4096n, 325],
		[modp2048Group, 124476n, piTimes, 2048n, 225],
		[modp3072Group, 1690314n, piTimes, 3072n, 275],
		[modp4096Group, 240904n, piTimes, 4096n, 325],
	];
	for (const [group, x, constant, bits, exponentBits] of rows) {
		assert.equal(group.modulus, (1n << bits) - (1n << (bits - 64n)) - 1n + ((constant(bits - 130n) + x) << 64n));
		assert.equal(group.bits, Number(bits));
		assert.equal(group.generator, 2n);
		assert.ok(8 * group.exponentLength >= exponentBits);
	}
	for (const [name, group] of [["modp14", modp2048Group] as const, ["modp15", modp3072Group] as const, ["modp16", modp4096Group] as const])
		assert.equal(getDiffieHellman(name).getPrime("hex"), group.modulus.toString(16));
});

function nodePeer(group: DheGroup): DiffieHellman {
	const peer = createDiffieHellman(Buffer.from(bytesOf(group.modulus)), Buffer.from(bytesOf(group.generator)));
	peer.generateKeys();
	return peer;
}
/** What node:crypto agrees on, as long as p. */
function nodeSecret(peer: DiffieHellman, share: Uint8Array): Uint8Array {
	const secret = peer.computeSecret(Buffer.from(share));
	return bytesOf(BigInt(`0x${secret.toString("hex")}`), share.length);
}

for (const [algorithm, group] of [[ffdhe2048, ffdhe2048Group] as const, [ffdhe3072, ffdhe3072Group] as const, [ffdhe4096, ffdhe4096Group] as const])
	test(`ffdhe${group.bits}: with itself and with node:crypto`, (t) => {
		const entropy = seededEntropy(t);
		const client = algorithm.create();
		client.begin(entropy);
		assert.equal(finish(client), DONE);
		assert.equal(client.shareLength, algorithm.clientShareLength);
		const server = algorithm.create();
		server.respond(entropy, client.share, 0, client.shareLength);
		assert.equal(finish(server), DONE);
		assert.equal(server.shareLength, algorithm.serverShareLength);
		client.receive(server.share, 0, server.shareLength);
		assert.equal(finish(client), DONE);
		assert.equal(client.secretLength, group.bits / 8);
		assert.equal(hex(client.secret), hex(server.secret));
		assert.notEqual(hex(client.share), hex(server.share));

		const peer = nodePeer(group);
		const share = bytesOf(BigInt(`0x${peer.getPublicKey("hex")}`), group.bits / 8);
		server.respond(entropy, share, 0, share.length);
		assert.equal(finish(server), DONE);
		assert.equal(hex(server.secret), hex(nodeSecret(peer, server.share)));
		client.begin(entropy);
		assert.equal(finish(client), DONE);
		client.receive(share, 0, share.length);
		assert.equal(finish(client), DONE);
		assert.equal(hex(client.secret), hex(nodeSecret(peer, client.share)));
	});

test("shares out of range are refused: 0, 1, p - 1, p and above, and other lengths", () => {
	const exchange = ffdhe2048.create();
	const p = ffdhe2048Group.modulus;
	const begun = ffdhe2048.create();
	const refused = (share: Uint8Array) => {
		exchange.respond(new SeededEntropy("refused"), share, 0, share.length);
		assert.equal(finish(exchange), KEY_SHARE_REFUSED);
		assert.ok(exchange.secret.every((byte) => byte === 0));
		begun.begin(new SeededEntropy("refused"));
		assert.equal(finish(begun), DONE);
		begun.receive(share, 0, share.length);
		assert.equal(finish(begun), KEY_SHARE_REFUSED);
	};
	for (const value of [0n, 1n, p - 1n, p, p + 1n, (1n << 2048n) - 1n]) refused(bytesOf(value, 256));
	for (const length of [0, 255, 257]) refused(new Uint8Array(length).fill(7));
	for (const value of [2n, p - 2n]) {
		exchange.respond(new SeededEntropy("taken"), bytesOf(value, 256), 0, 256);
		assert.equal(finish(exchange), DONE);
	}
	// TLS 1.2 sends no leading zeros
	const short = new DheExchange(ffdhe2048Group, false);
	short.respond(new SeededEntropy("short"), Uint8Array.of(7), 0, 1);
	assert.equal(finish(short), DONE);
	short.respond(new SeededEntropy("short"), new Uint8Array(257).fill(1), 0, 257);
	assert.equal(finish(short), KEY_SHARE_REFUSED);
});

function respondTo(exchange: KeyExchange, seed: string): void {
	const share = bytesOf(0x1234567890abcdefn, 256);
	exchange.respond(new SeededEntropy(seed), share, 0, share.length);
	share.fill(0); // it was read
}

test("an exchange gives the same at any budget, and a budget bounds its steps", () => {
	const whole = ffdhe2048.create();
	respondTo(whole, "budget");
	assert.equal(whole.step(1e9), DONE);
	for (const budget of [1, 5, 8, 200]) {
		const exchange = ffdhe2048.create();
		respondTo(exchange, "budget");
		let steps = 1;
		while (exchange.step(budget) === WORKING) steps++;
		assert.equal(hex(exchange.share), hex(whole.share));
		assert.equal(hex(exchange.secret), hex(whole.secret));
		// 670 multiplications of one and a half units
		if (budget === 8) assert.ok(steps > 80 && steps < 180, `${steps} steps`);
	}
});

test("an exchange may be wiped before any step, and used again", () => {
	const exchange = ffdhe2048.create();
	respondTo(exchange, "wipe");
	assert.equal(finish(exchange), DONE);
	const expected = hex(exchange.secret);
	for (let stop = 0; stop < 672; stop += 1 + (stop >> 2)) {
		respondTo(exchange, "wipe");
		for (let i = 0; i < stop; i++) assert.equal(exchange.step(1), WORKING);
		exchange.wipe();
		for (const bytes of [exchange.share, exchange.secret]) assert.ok(bytes.every((byte) => byte === 0));
		assert.notEqual(exchange.step(8), DONE);
	}
	respondTo(exchange, "wipe");
	assert.equal(finish(exchange), DONE);
	assert.equal(hex(exchange.secret), expected);
});

test("the number of multiplications doesn't depend on the exponent", () => {
	const original = Montgomery.prototype.reduce;
	const counts = new Set<number>();
	for (const fill of [0x01, 0x80, 0xff, 0x55]) {
		let count = 0;
		Montgomery.prototype.reduce = function (value: bigint): bigint {
			count++;
			return original.call(this, value);
		};
		try {
			const exchange = ffdhe2048.create();
			exchange.begin({ fill: (bytes, at, end) => void bytes.fill(0, at, end).fill(fill, at, at + 1) });
			assert.equal(finish(exchange), DONE);
		} finally {
			Montgomery.prototype.reduce = original;
		}
		counts.add(count);
	}
	assert.equal(counts.size, 1);
});

test("receive comes once, after begin was done", () => {
	const exchange = ffdhe2048.create();
	const share = bytesOf(5n, 256);
	assert.throws(() => exchange.receive(share, 0, 256));
	assert.equal(exchange.step(8), KEY_SHARE_REFUSED);
	exchange.begin(new SeededEntropy("order"));
	assert.throws(() => exchange.receive(share, 0, 256));
	finish(exchange);
	exchange.receive(share, 0, 256);
	assert.equal(finish(exchange), DONE);
	assert.throws(() => exchange.receive(share, 0, 256));
	exchange.wipe();
	assert.throws(() => exchange.receive(share, 0, 256));
});

/** Runs a client against p, g and share as a server of TLS 1.2 sends them. */
function explicit(p: bigint, g: bigint, share: bigint, policy: DhePolicy = dhePolicy, seed = "explicit"): { status: number; job: ExplicitDhe } {
	const places = [bytesOf(p), bytesOf(g), bytesOf(share)];
	const bytes = Uint8Array.from(places.flatMap((place) => [0, 0, ...place]));
	const pAt = 2;
	const gAt = pAt + places[0].length + 2;
	const shareAt = gAt + places[1].length + 2;
	const job = new ExplicitDhe(policy);
	job.start(new SeededEntropy(seed), bytes, pAt, gAt - 2, gAt, shareAt - 2, shareAt, bytes.length);
	bytes.fill(0); // all was read
	return { status: finish(job), job };
}

test("TLS 1.2: the client takes the server's group, known or not", () => {
	const unknown: DheGroup = { modulus: generatePrimeSync(2056, { bigint: true }), bits: 2056, generator: 5n, exponentLength: 0 };
	for (const group of [ffdhe2048Group, ffdhe3072Group, modp2048Group, modp3072Group, unknown]) {
		const peer = nodePeer(group);
		const { status, job } = explicit(group.modulus, group.generator, BigInt(`0x${peer.getPublicKey("hex")}`));
		assert.equal(status, DONE);
		assert.equal(job.shareLength, group.bits / 8);
		assert.equal(hex(job.secret), hex(nodeSecret(peer, job.share)));
		assert.equal(job.secret.length, job.secretLength);
		job.wipe();
		assert.equal(job.step(8), DHE_GROUP_REFUSED);
	}
	const places = Uint8Array.from([...bytesOf(unknown.modulus), 5]);
	assert.equal(explicitGroup(places, 0, 257, 257, 258, dhePolicy)?.exponentLength, 257);
	const known = Uint8Array.from([...bytesOf(modp2048Group.modulus), 2]);
	assert.equal(explicitGroup(known, 0, 256, 256, 257, dhePolicy), modp2048Group);
});

test("TLS 1.2: groups that aren't good enough are refused", () => {
	const { modulus } = ffdhe2048Group;
	const known = { ...dhePolicy, knownOnly: true };
	assert.equal(explicit(modulus, 2n, 4n, known).status, DONE);
	assert.equal(explicit(modulus, 3n, 4n, known).status, DHE_GROUP_REFUSED);
	assert.equal(explicit(modulus - 2n, 2n, 4n, known).status, DHE_GROUP_REFUSED);
	assert.equal(explicit(modulus, 2n, 4n, { ...dhePolicy, minimumBits: 3072 }).status, DHE_GROUP_REFUSED);
	for (const p of [0n, 23n, modulus >> 1n, (modulus << 2049n) + 1n, modulus - 1n]) assert.equal(explicit(p, 2n, 4n).status, DHE_GROUP_REFUSED);
	for (const g of [0n, 1n, modulus - 1n, modulus, modulus << 9n]) assert.equal(explicit(modulus, g, 4n).status, DHE_GROUP_REFUSED);
	for (const share of [0n, 1n, modulus - 1n, modulus]) assert.equal(explicit(modulus, 2n, share).status, KEY_SHARE_REFUSED);
});

test("TLS 1.2: a secret of 0, 1 or p - 1 is refused", () => {
	const root = (1n << 1030n) + 1n;
	assert.equal(explicit(root * root, 2n, root).status, KEY_SHARE_REFUSED); // share^x = 0
	assert.equal(explicit(root * root, 2n, root * root - root).status, KEY_SHARE_REFUSED);
	// modulo a * b, an element of order 2 that is neither 1 nor -1: its powers are itself and 1
	const a = (1n << 1030n) + 1n;
	const b = (1n << 1031n) - 1n;
	assert.equal((a * 2n - b) % 3n, 0n);
	const p = a * b;
	let refused = 0;
	let taken = 0;
	for (let i = 0; i < 8; i++) {
		// y = 1 mod a, -1 mod b: y = 1 + a * ((-2 / a) mod b), and 2a = 3 mod b, so 1 / a = 2 / 3 mod b
		const third = b % 3n === 1n ? (2n * b + 1n) / 3n : (b + 1n) / 3n;
		const y = 1n + a * ((((-2n * 2n * third) % b) + b) % b);
		assert.equal((y * y) % p, 1n);
		const { status } = explicit(p, 2n, y, dhePolicy, `order ${i}`);
		if (status === KEY_SHARE_REFUSED) refused++;
		else if (status === DONE) taken++;
	}
	assert.equal(refused + taken, 8);
	assert.ok(refused > 0);
});

test("the premaster secret of TLS 1.2 has no leading zeros", () => {
	assert.equal(dhePremasterAt(Uint8Array.of(0, 0, 5, 0), 4), 2);
	assert.equal(dhePremasterAt(Uint8Array.of(5, 0, 5, 0), 4), 0);
	// a share of 2 with an exponent of 0x0107 makes 2^263: 33 bytes of 256
	const exchange = new DheExchange(ffdhe2048Group, false);
	exchange.respond(
		{
			fill: (bytes, at, end) =>
				void bytes
					.fill(0, at, end - 2)
					.fill(1, end - 2)
					.fill(7, end - 1),
		},
		Uint8Array.of(2),
		0,
		1,
	);
	assert.equal(finish(exchange), DONE);
	const at = dhePremasterAt(exchange.secret, exchange.secretLength);
	assert.equal(exchange.secretLength - at, 33);
	assert.equal(exchange.secret[at], 0x80);
});
