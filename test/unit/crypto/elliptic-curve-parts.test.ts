// The parts of elliptic-curve arithmetic against node:crypto and @noble/curves, on random and on extreme numbers; the
// tables in flash, computed anew.

import assert from "node:assert/strict";
import { createECDH, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { type TestContext, test } from "node:test";
import { ed25519 as nobleEd25519, x25519 as nobleX25519 } from "@noble/curves/ed25519.js";
import { p256 as nobleP256, p384 as nobleP384 } from "@noble/curves/nist.js";
import { DONE } from "polltls/base/status";
import { BaseMultiply25519 } from "polltls/crypto/public-key/base-multiply-25519";
import { type Curve, onCurve, type PointRow } from "polltls/crypto/public-key/curve";
import { clampScalar, field25519 } from "polltls/crypto/public-key/curve25519";
import { DoubleMultiply } from "polltls/crypto/public-key/double-multiply";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { EdwardsDoubleMultiply } from "polltls/crypto/public-key/edwards-double-multiply";
import { edwardsD, edwardsD2, order25519 } from "polltls/crypto/public-key/edwards25519";
import { edwards25519Comb } from "polltls/crypto/public-key/edwards25519-comb";
import { edwards25519OddMultiples } from "polltls/crypto/public-key/edwards25519-odd-multiples";
import { GeneratorMultiply } from "polltls/crypto/public-key/generator-multiply";
import { Inverse } from "polltls/crypto/public-key/inverse";
import { canonical, type Modulus, reduce } from "polltls/crypto/public-key/modulus";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { choosePoint } from "polltls/crypto/public-key/point-choice";
import { PointMultiply } from "polltls/crypto/public-key/point-multiply";
import { Power } from "polltls/crypto/public-key/power";
import { combinePoints, drawScalar, signedBits } from "polltls/crypto/public-key/scalar";
import { DigitPairs } from "polltls/crypto/public-key/signed-digits";
import { Ladder25519, x25519 } from "polltls/crypto/public-key/x25519";
import type { KeyExchangeAlgorithm, SignatureAlgorithm } from "polltls/crypto/types";
import { finish, ScriptedEntropy } from "../../support/jobs.js";
import { nodeHashes } from "../../support/node-hashes.js";
import { type SeededEntropy, seededEntropy } from "../../support/seeded-entropy.js";
import { fromHex, toHex } from "../../support/wycheproof.js";

const curves = [
	{ name: "P-256", curve: p256, noble: nobleP256, node: "prime256v1", exchange: secp256r1, ecdsa: ecdsaP256 },
	{ name: "P-384", curve: p384, noble: nobleP384, node: "secp384r1", exchange: secp384r1, ecdsa: ecdsaP384 },
] as const;
const moduli: [string, Modulus][] = [
	["P-256 field", p256.field],
	["P-256 order", p256.order],
	["P-384 field", p384.field],
	["P-384 order", p384.order],
	["25519 field", field25519],
	["25519 order", order25519],
];

function numberOf(bytes: Uint8Array): bigint {
	return BigInt(`0x${toHex(bytes) || "0"}`);
}
function bytesOf(value: bigint, length: number): Uint8Array {
	return fromHex(value.toString(16).padStart(2 * length, "0"));
}
function below(entropy: SeededEntropy, limit: bigint): bigint {
	return numberOf(entropy.bytes(limit.toString(16).length / 2 + 9)) % limit;
}

/** Numbers near every bound, and random ones. */
function samples(entropy: SeededEntropy, p: bigint, count: number): bigint[] {
	const all = [1n, 2n, 3n, 4n, 5n, 14n, 15n, 16n, 30n, 31n, 32n, p - 1n, p - 2n, p - 3n, p >> 1n, (p >> 1n) + 1n, p / 3n];
	for (let bits = 8; bits < p.toString(2).length; bits += 31) all.push(1n << BigInt(bits), (1n << BigInt(bits)) - 1n, p - (1n << BigInt(bits)));
	for (let i = 0; i < count; i++) all.push(1n + below(entropy, p - 1n));
	return all;
}

test("reduce: congruent and nearly in range for products, sums and differences of them", (t) => {
	const entropy = seededEntropy(t);
	for (const [name, modulus] of moduli) {
		const { p } = modulus;
		const limit = p * p * (1n << 20n);
		for (const value of [0n, p, -p, p * p, -p * p, limit, -limit, ...samples(entropy, limit, 300)])
			for (const signed of [value, -value]) {
				const reduced = reduce(modulus, signed);
				assert.equal((reduced - signed) % p, 0n, name);
				assert.ok(reduced > -(p >> 2n) && reduced < p + (p >> 2n), `${name} ${signed}`);
				const only = canonical(modulus, signed);
				assert.ok(only >= 0n && only < p && (only - signed) % p === 0n, name);
			}
	}
});

test("inverses, with and without a blind", (t) => {
	const entropy = seededEntropy(t);
	const inverse = new Inverse();
	for (const [name, modulus] of moduli) {
		const { p } = modulus;
		// Large quotients too: Euclid's first one is about 2^60, 2^27, 2^26
		const hard = [p >> 60n, p / ((1n << 27n) + 1n), p / ((1n << 26n) - 1n), p / (1n << 26n), (1n << 53n) + 1n];
		for (const a of [...samples(entropy, p, 300), ...hard])
			for (const blind of [1n, 1n + below(entropy, p - 1n)]) {
				inverse.start(modulus, a, blind);
				let rounds = 0;
				for (; !inverse.done; rounds++) inverse.advance();
				assert.equal((inverse.result * a) % p, 1n, `${name} ${a}`);
				assert.ok(inverse.result > 0n && inverse.result < p);
				assert.ok(rounds < 40, `${name} ${a}: ${rounds} rounds`);
			}
		inverse.start(modulus, 0n, 1n);
		while (!inverse.done) inverse.advance();
	}
});

test("powers with a fixed exponent", (t) => {
	const entropy = seededEntropy(t);
	const power = new Power();
	// 2 (3 (x^2)) + x, kept, times itself: rows with and without factor and target
	const chain: Readonly<Uint8Array> = new Uint8Array([1, 255, 1, 3, 0, 2, 0, 1, 255, 1, 2, 255]);
	const exponent = (2 * 8 + 1 + 2) * 2 + 17;
	for (let i = 0; i < 20; i++) {
		const base = below(entropy, field25519.p);
		power.start(base, chain);
		while (!power.done) power.advance();
		let expected = 1n;
		for (let j = 0; j < exponent; j++) expected = (expected * base) % field25519.p;
		assert.equal(canonical(field25519, power.result), expected);
	}
});

test("signed bits and signed digits write the number", (t) => {
	const entropy = seededEntropy(t);
	for (const { curve } of curves) {
		const { bits, order } = curve;
		for (const k of samples(entropy, order.p, 200)) {
			const signed = signedBits(order, bits, k);
			assert.ok(signed >= 0n && signed < 1n << BigInt(bits));
			assert.equal((2n * signed - ((1n << BigInt(bits)) - 1n) - k) % order.p, 0n);
			for (const width of [2, 5, 7]) {
				const pairs = new DigitPairs(bits);
				const which = width & 1;
				pairs.encode(which, k >> 1n, width);
				pairs.clear();
				pairs.encode(which, k, width);
				const digits = Array.from({ length: bits + 1 }, (_, i) => pairs.digits[2 * i + which]);
				assert.ok(digits.every((digit, i) => (digit !== 0) === (pairs.pairs[i] !== 0) && pairs.digits[2 * i + 1 - which] === 0));
				let value = 0n;
				let free = 0;
				for (let i = bits; i >= 0; i--) {
					value = 2n * value + BigInt(digits[i]);
					if (digits[i] === 0) {
						free++;
						continue;
					}
					assert.ok(digits[i] & 1 && Math.abs(digits[i]) < 1 << (width - 1), `${digits[i]}`);
					if (value !== BigInt(digits[i])) assert.ok(free >= width - 1, "zeros between digits");
					free = 0;
				}
				assert.equal(value, k);
			}
		}
	}
});

function packedOf(curve: Curve, packed: bigint): { x: bigint; y: bigint } {
	return { x: packed & curve.laneMask, y: packed >> curve.lane };
}
function entriesOf(row: PointRow): bigint[] {
	return [8, 9, 10, 11, 12, 13, 14, 15].map((bits) => choosePoint(row, bits));
}
/** The multiple of the generator in entry i of block j of a comb. */
function combScalar(bits: number, block: number, entry: number): bigint {
	let k = 1n << BigInt((3 * bits) / 4);
	for (let tooth = 0; tooth < 3; tooth++) k += ((entry >> tooth) & 1 ? 1n : -1n) << BigInt((tooth * bits) / 4);
	return k << BigInt((block * bits) / 16);
}

test("the tables in flash are multiples of the generators", () => {
	for (const { curve, noble } of curves) {
		const { order, bits } = curve;
		for (const [block, row] of curve.comb.entries())
			for (const [entry, packed] of entriesOf(row).entries()) {
				const expected = noble.Point.BASE.multiply(canonical(order, combScalar(bits, block, entry))).toAffine();
				assert.deepEqual(packedOf(curve, packed), expected);
			}
		for (const [i, { x, y }] of curve.oddMultiples.entries()) assert.deepEqual({ x, y }, noble.Point.BASE.multiply(BigInt(2 * i + 1)).toAffine());
		assert.equal(curve.comb.length, 4);
		assert.equal(curve.oddMultiples.length, 32);
	}
	const { p } = field25519;
	const expected = (k: bigint) => {
		const { x, y } = nobleEd25519.Point.BASE.multiply(canonical(order25519, k)).toAffine();
		return { plus: canonical(field25519, y + x), minus: canonical(field25519, y - x), product: (edwardsD2 * x * y) % p };
	};
	const mask = (1n << 288n) - 1n;
	for (const [block, row] of edwards25519Comb.entries())
		for (const [entry, packed] of entriesOf(row).entries())
			assert.deepEqual({ plus: packed & mask, minus: (packed >> 288n) & mask, product: packed >> 576n }, expected(combScalar(256, block, entry)));
	for (const [i, entry] of edwards25519OddMultiples.entries()) assert.deepEqual({ ...entry }, expected(BigInt(2 * i + 1)));
	assert.equal((edwardsD * 121666n + 121665n) % p, 0n);
	assert.equal(edwardsD2, (2n * edwardsD) % p);
});

for (const { name, curve, noble } of curves) {
	const Point = noble.Point;

	test(`${name}: multiples of the generator and of other points, extreme scalars too`, (t) => {
		const entropy = seededEntropy(t);
		const generator = new GeneratorMultiply(curve);
		const multiply = new PointMultiply(curve);
		const { x, y } = Point.BASE.multiply(1n + below(entropy, curve.order.p - 1n)).toAffine();
		const point = Point.fromAffine({ x, y });
		for (const k of samples(entropy, curve.order.p, 8)) {
			generator.start(k, entropy);
			while (!generator.done) generator.advance();
			assert.deepEqual({ x: generator.x, y: generator.y }, Point.BASE.multiply(k).toAffine(), `${k} times the generator`);
			multiply.drawBlinds(entropy);
			multiply.start(k, x, y);
			while (!multiply.done) multiply.advance();
			assert.equal(multiply.x, point.multiply(k).toAffine().x, `${k} times a point`);
		}
	});

	test(`${name}: the last column of the comb meets its own entries`, (t) => {
		const entropy = seededEntropy(t);
		const { order, bits } = curve;
		const generator = new GeneratorMultiply(curve);
		// k = +-2T: the sum before the last entry T of a block is +-T. T as the block's last or a later one adds it.
		for (let block = 0; block < 4; block++)
			for (let entry = 0; entry < 8; entry++)
				for (const factor of [2n, -2n]) {
					const k = canonical(order, factor * combScalar(bits, block, entry));
					generator.start(k, entropy);
					while (!generator.done) generator.advance();
					assert.deepEqual({ x: generator.x, y: generator.y }, Point.BASE.multiply(k).toAffine());
				}
	});

	test(`${name}: u1 G + u2 Q, where Q is a small multiple of G too`, (t) => {
		const entropy = seededEntropy(t);
		const { order, field } = curve;
		const multiply = new DoubleMultiply(curve);
		const random = () => below(entropy, order.p);
		const check = (u1: bigint, u2: bigint, q: bigint) => {
			const point = Point.BASE.multiply(canonical(order, q));
			const { x, y } = point.toAffine();
			assert.ok(onCurve(curve, x, y));
			multiply.start(u1, u2, x, y);
			while (!multiply.done) multiply.advance();
			const sum = Point.BASE.multiplyUnsafe(u1).add(point.multiplyUnsafe(u2));
			const what = `${u1} G + ${u2} * ${q} G`;
			if (sum.is0()) {
				for (const guess of [0n, 1n, x]) assert.equal(multiply.hasX(guess), false, what);
				return;
			}
			assert.equal(multiply.hasX(sum.toAffine().x), true, what);
			assert.equal(multiply.hasX((sum.toAffine().x + 1n) % field.p), false, what);
		};
		for (let i = 0; i < 6; i++) check(random(), random(), 1n + below(entropy, order.p - 1n));
		for (const q of [1n, -1n, 2n, -2n, 3n, 15n, -15n, 16n, 63n, -64n])
			for (const [u1, u2] of [
				[0n, 0n],
				[0n, 1n],
				[1n, 0n],
				[1n, 1n],
				[2n, 1n],
				[1n, 2n],
				[15n, 1n],
				[16n, 1n],
				[64n, 1n],
				[order.p - 1n, 1n],
				[order.p - 1n, order.p - 1n],
				[canonical(order, -q * 7n), 7n],
				[canonical(order, q * 7n), 7n],
				[canonical(order, -q * (1n << 200n)), 1n << 200n],
				[canonical(order, q << 130n), 1n << 130n],
			])
				check(u1, u2, q);
	});
}

test("edwards25519: multiples of the base point, and u1 B - u2 A", (t) => {
	const entropy = seededEntropy(t);
	const base = new BaseMultiply25519();
	const both = new EdwardsDoubleMultiply();
	const { Point } = nobleEd25519;
	const { p } = order25519;
	for (const k of [0n, p, p + 1n, (1n << 255n) - 1n, ...samples(entropy, p, 10)]) {
		base.start(k, entropy, false);
		while (!base.done) base.advance();
		assert.deepEqual({ x: base.x, y: base.y }, Point.BASE.multiplyUnsafe(k % p).toAffine(), `${k}`);
	}
	for (const [u1, u2, a] of [
		[0n, 0n, 5n],
		[1n, 1n, 1n],
		[1n, 1n, 2n],
		[p - 1n, 1n, 1n],
		[7n, 7n, p - 1n],
		[below(entropy, p), below(entropy, p), 1n + below(entropy, p - 1n)],
		[below(entropy, p), below(entropy, p), 1n + below(entropy, p - 1n)],
	]) {
		const point = Point.BASE.multiply(a);
		const { x, y } = point.toAffine();
		both.start(u1, u2, x, y);
		while (!both.done) both.advance();
		assert.deepEqual({ x: both.x, y: both.y }, Point.BASE.multiplyUnsafe(u1).subtract(point.multiplyUnsafe(u2)).toAffine(), `${u1} ${u2} ${a}`);
	}
});

function repeat(t: TestContext, count: number, run: (entropy: SeededEntropy) => void): void {
	const entropy = seededEntropy(t);
	for (let i = 0; i < count; i++) run(entropy);
}

function share(algorithm: KeyExchangeAlgorithm, entropy: SeededEntropy, peer: Uint8Array): { share: Uint8Array; secret: Uint8Array } {
	const exchange = algorithm.create();
	exchange.respond(entropy, peer, 0, peer.length);
	assert.equal(finish(exchange), DONE);
	return exchange;
}

test("key exchange with node:crypto and noble", (t) => {
	repeat(t, 10, (entropy) => {
		for (const { exchange, node, noble } of curves) {
			const ecdh = createECDH(node);
			ecdh.generateKeys();
			const ours = share(exchange, entropy, ecdh.getPublicKey());
			assert.deepEqual(ecdh.computeSecret(ours.share), Buffer.from(ours.secret));
			const shared = noble.getSharedSecret(bytesOf(numberOf(ecdh.getPrivateKey()), ours.secret.length), ours.share, false);
			assert.equal(toHex(shared.subarray(1, 1 + ours.secret.length)), toHex(ours.secret));
		}
		const { privateKey, publicKey } = generateKeyPairSync("x25519");
		const jwk = publicKey.export({ format: "jwk" });
		const ours = share(x25519, entropy, Buffer.from(jwk.x as string, "base64url"));
		const peer = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: Buffer.from(ours.share).toString("base64url") }, format: "jwk" });
		assert.equal(toHex(diffieHellman({ privateKey, publicKey: peer })), toHex(ours.secret));
	});
});

test("X25519: the ladder and the base point agree with noble, points of the twist too", (t) => {
	const ladder = new Ladder25519();
	const base = new BaseMultiply25519();
	repeat(t, 20, (entropy) => {
		const seed = entropy.bytes(32);
		const u = entropy.bytes(32);
		ladder.drawBlinds(entropy);
		ladder.start(clampScalar(seed), numberOf(u.slice().reverse()) & ((1n << 255n) - 1n));
		while (!ladder.done) ladder.advance();
		assert.equal(ladder.u, numberOf(nobleX25519.getSharedSecret(seed, u).slice().reverse()));
		base.start(clampScalar(seed), entropy, true);
		while (!base.done) base.advance();
		assert.equal(base.u, numberOf(nobleX25519.getPublicKey(seed).slice().reverse()));
	});
});

interface RawKey {
	private: Uint8Array;
	public: Uint8Array;
}
function rawKey(key: KeyObject, length: number): RawKey {
	const { d, x, y } = key.export({ format: "jwk" });
	const part = (text: string | undefined) => bytesOf(numberOf(Buffer.from(text as string, "base64url")), length);
	return { private: part(d), public: y === undefined ? part(x) : Uint8Array.from([4, ...part(x), ...part(y)]) };
}
function isAccepted(algorithm: SignatureAlgorithm, scheme: number, key: RawKey, message: Uint8Array, signature: Uint8Array): boolean {
	const job = algorithm.createVerify(nodeHashes);
	job.start(scheme, { type: algorithm.keyType, bytes: key.public, at: 0, end: key.public.length }, message, 0, message.length, signature, 0, signature.length);
	return finish(job) === DONE;
}
function sealed(algorithm: SignatureAlgorithm, scheme: number, key: RawKey, message: Uint8Array, entropy: SeededEntropy): Uint8Array {
	const job = algorithm.createSign(nodeHashes);
	job.start(scheme, { type: algorithm.keyType, bytes: key.private }, message, 0, message.length, entropy);
	assert.equal(finish(job), DONE);
	return job.signature.slice(0, job.signatureLength);
}

test("signatures with node:crypto, both ways, and with one bit changed", (t) => {
	const schemes = [
		[0x0403, "sha256"],
		[0x0503, "sha384"],
		[0x0603, "sha512"],
	] as const;
	repeat(t, 6, (entropy) => {
		const message = entropy.bytes(Number(below(entropy, 300n)));
		const changed = (bytes: Uint8Array) => {
			const copy = bytes.slice();
			const bit = Number(below(entropy, BigInt(8 * bytes.length)));
			copy[bit >> 3] ^= 1 << (bit & 7);
			return copy;
		};
		for (const { node, curve, ecdsa } of curves)
			for (const [scheme, hash] of schemes) {
				const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: node });
				const key = rawKey(privateKey, curve.length);
				const theirs = sign(hash, message, privateKey);
				assert.ok(isAccepted(ecdsa, scheme, key, message, theirs));
				assert.ok(!isAccepted(ecdsa, scheme, key, message, changed(theirs)));
				assert.ok(verify(hash, message, publicKey, sealed(ecdsa, scheme, key, message, entropy)));
			}
		const { privateKey, publicKey } = generateKeyPairSync("ed25519");
		const key = rawKey(privateKey, 32);
		const theirs = sign(null, message, privateKey);
		const ours = sealed(ed25519, 0x0807, key, message, entropy);
		assert.equal(toHex(ours), toHex(theirs));
		assert.ok(verify(null, message, publicKey, ours));
		assert.ok(isAccepted(ed25519, 0x0807, key, message, theirs));
		assert.ok(!isAccepted(ed25519, 0x0807, key, message, changed(theirs)));
		assert.equal(createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })).asymmetricKeyType, "ed25519");
	});
});

test("ECDSA: r whose x coordinate is above the order", () => {
	// The x coordinate of u1 G + u2 Q is r + order: rare, so the key is made to fit a point with such an x
	for (const { curve, noble, ecdsa } of curves) {
		const { order, field, length } = curve;
		let x = field.p - 1n;
		let point: InstanceType<typeof noble.Point> | undefined;
		for (; point === undefined; x--)
			try {
				point = noble.Point.fromHex(`02${toHex(bytesOf(x, length))}`);
			} catch {}
		const r = point.toAffine().x - order.p;
		assert.ok(r > 0n);
		// s = 1, so Q = (point - digest G) / r
		const message = fromHex("00");
		const digest = new Uint8Array(64);
		const running = nodeHashes.hash(length === 32 ? 4 : 5)!.create();
		running.update(message, 0, 1);
		running.digest(digest, 0);
		const inverse = new Inverse();
		inverse.start(order, r, 1n);
		while (!inverse.done) inverse.advance();
		const q = point.subtract(noble.Point.BASE.multiplyUnsafe(numberOf(digest.subarray(0, length)) % order.p)).multiplyUnsafe(inverse.result);
		const rBytes = [...bytesOf(r, length)];
		while (rBytes[0] === 0 && rBytes[1] < 0x80) rBytes.shift();
		if (rBytes[0] >= 0x80) rBytes.unshift(0);
		const signature = Uint8Array.from([0x30, rBytes.length + 5, 2, rBytes.length, ...rBytes, 2, 1, 1]);
		const key = { private: new Uint8Array(0), public: fromHex(q.toHex(false)) };
		assert.ok(isAccepted(ecdsa, length === 32 ? 0x0403 : 0x0503, key, message, signature));
	}
});

test("points are combined so that they can be chosen", (t) => {
	const entropy = seededEntropy(t);
	const points = Array.from({ length: 8 }, () => numberOf(entropy.bytes(72)));
	assert.deepEqual(entriesOf(combinePoints(points)), points);
});

test("scalars are drawn evenly: all of the bytes count, 0 and the order never come", () => {
	const p = p256.order.p;
	const draw = (value: bigint) => drawScalar(new ScriptedEntropy(bytesOf(value, 40)), p256.order);
	assert.equal(draw(0n), 1n);
	assert.equal(draw(p - 2n), p - 1n);
	assert.equal(draw(p - 1n), 1n);
	assert.equal(draw(1n << 319n), ((1n << 319n) % (p - 1n)) + 1n);
});
