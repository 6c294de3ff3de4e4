// Portable cases for RSA and finite-field Diffie-Hellman: the arithmetic against the engine's own division, and the
// algorithms against answers that node:crypto gave (longIntegerVectors, set by the test that wraps this suite).

import { DONE, WORKING } from "polltls/base/status";
import { nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import { ffdhe2048, ffdhe3072 } from "polltls/crypto/public-key/dhe";
import { modp2048Group } from "polltls/crypto/public-key/dhe-modp";
import { bitLength, decodeInteger, encodeInteger } from "polltls/crypto/public-key/integer";
import { Montgomery } from "polltls/crypto/public-key/montgomery";
import { MontgomeryPower, PublicPower } from "polltls/crypto/public-key/montgomery-power";
import { rsa } from "polltls/crypto/public-key/rsa";
import { RsaDecryptJob } from "polltls/crypto/public-key/rsa-decrypt";
import { RsaEncryptJob } from "polltls/crypto/public-key/rsa-encrypt";
import { RsaGeneration } from "polltls/crypto/public-key/rsa-generate";
import { rsaLimits } from "polltls/crypto/public-key/rsa-key";
import { type Hashes, type Job, KEY_RSA, type KeyExchangeAlgorithm } from "polltls/crypto/types";

export interface LongIntegerVectors {
	message: string;
	keys: { publicKey: string; privateKey: string; signatures: Record<string, string>; premaster: string; ciphertext: string }[];
	/** For ffdhe2048, ffdhe3072: our exponent, the peer's share; our share and the secret. */
	exchanges: { exponent: string; peer: string; share: string; secret: string }[];
}
const vectors = (globalThis as unknown as { longIntegerVectors: LongIntegerVectors }).longIntegerVectors;

function bytesOf(hex: string): Uint8Array {
	const bytes = new Uint8Array(hex.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}
function hexOf(bytes: Uint8Array): string {
	let hex = "";
	for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
	return hex;
}
function equal(actual: unknown, expected: unknown, what: string): void {
	if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

/** Repeatable bytes: xorshift32. */
class Repeatable {
	#state: number;
	constructor(seed: number) {
		this.#state = seed;
	}
	fill(bytes: Uint8Array, at: number, end: number): void {
		for (; at < end; at++) {
			this.#state ^= this.#state << 13;
			this.#state ^= this.#state >>> 17;
			this.#state ^= this.#state << 5;
			bytes[at] = this.#state >>> 11;
		}
	}
	integer(bits: number): bigint {
		const bytes = new Uint8Array(Math.ceil(bits / 8));
		this.fill(bytes, 0, bytes.length);
		return decodeInteger(bytes, 0, bytes.length) & ((1n << BigInt(bits)) - 1n);
	}
}

function finish(job: Job): number {
	let status: number;
	while ((status = job.step(8)) === WORKING);
	return status;
}
function powerOf(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n % modulus;
	for (const bit of exponent.toString(2)) {
		result = (result * result) % modulus;
		if (bit === "1") result = (result * base) % modulus;
	}
	return result;
}

const algorithms = [nobleSha256, nobleSha384, nobleSha512];
const hashes: Hashes = { hash: (id) => algorithms.find((hash) => hash.id === id) };

function verify(key: string, scheme: number, signature: Uint8Array): number {
	const bytes = bytesOf(key);
	const message = bytesOf(vectors.message);
	const job = rsa.createVerify(hashes);
	job.start(scheme, { type: KEY_RSA, bytes, at: 0, end: bytes.length }, message, 0, message.length, signature, 0, signature.length);
	return finish(job);
}
function sign(key: Uint8Array, scheme: number): Uint8Array {
	const message = bytesOf(vectors.message);
	const job = rsa.createSign(hashes);
	job.start(scheme, { type: KEY_RSA, bytes: key }, message, 0, message.length, new Repeatable(7));
	equal(finish(job), DONE, `sign ${scheme}`);
	return job.signature.slice(0, job.signatureLength);
}
function decrypt(key: Uint8Array, ciphertext: Uint8Array): string {
	const job = new RsaDecryptJob(rsaLimits);
	job.start({ type: KEY_RSA, bytes: key }, ciphertext, 0, ciphertext.length, new Repeatable(8), 0x0303);
	equal(finish(job), DONE, "decrypt");
	return hexOf(job.premaster);
}

const sizes = [512, 600, 1024, 1025, 1056, 1536, 2047, 2048, 2049, 3072, 4096];

export const cases: Record<string, () => void> = {
	"integers there and back, of any length and at any place"() {
		const source = new Repeatable(1);
		for (let length = 0; length < 70; length++) {
			const bytes = new Uint8Array(length + 9).fill(0xee);
			const at = length & 3;
			source.fill(bytes, at, at + length);
			if (length & 1) bytes[at] = 0;
			const value = decodeInteger(bytes, at, at + length);
			equal(value, length === 0 ? 0n : BigInt(`0x${hexOf(bytes.subarray(at, at + length))}`), `${length} bytes`);
			const out = new Uint8Array(length + 20).fill(0xee);
			encodeInteger(value, out.subarray(5), at, at + length);
			equal(hexOf(out.subarray(5 + at, 5 + at + length)), hexOf(bytes.subarray(at, at + length)), `${length} bytes back`);
			equal(out[4 + at] + out[5 + at + length], 0x1dc, "the bytes beside it");
			equal(bitLength(bytes, at, at + length), value === 0n ? 0 : value.toString(2).length, "bits");
		}
	},
	"Montgomery multiplication agrees with division"() {
		const source = new Repeatable(2);
		for (const bits of sizes) {
			const top = 1n << BigInt(bits - 1);
			for (const modulus of [top + 1n, 2n * top - 1n, top | source.integer(bits - 1) | 1n]) {
				const field = new Montgomery();
				field.set(modulus, bits);
				equal(field.leave(field.one()), 1n, "one");
				const values = [0n, 1n, 2n, modulus - 1n, modulus, source.integer(bits), source.integer(bits)];
				for (const a of values)
					for (const b of values) {
						const product = field.multiply(field.enter(a), field.enter(b));
						const left = field.leave(product);
						equal(product < 2n * modulus && left <= modulus, true, "bounds");
						equal(left % modulus, (a * b) % modulus, `${bits} bits`);
					}
				const wide = source.integer(bits + 30);
				equal(field.leave(field.multiply(wide, field.square)) % modulus, wide % modulus, "a factor of 30 bits more");
			}
		}
	},
	"powers agree with square and multiply"() {
		const source = new Repeatable(3);
		const power = new MontgomeryPower();
		for (const bits of [512, 1025, 2048]) {
			const modulus = (1n << BigInt(bits - 1)) | source.integer(bits - 1) | 1n;
			const field = new Montgomery();
			field.set(modulus, bits);
			const base = source.integer(bits - 1);
			for (const exponent of [
				"00",
				"01",
				"10",
				"000f",
				"ff",
				"f0",
				"8000000000000001",
				"0123456789abcdef0123456789abcdef",
				hexOf(new Uint8Array(40).fill(0xff)),
			]) {
				const bytes = bytesOf(exponent);
				power.start(field, field.enter(base), bytes, bytes.length);
				while (!power.done) power.advance();
				equal(field.leave(power.result) % modulus, powerOf(base, BigInt(`0x${exponent}`), modulus), `${bits} bits, exponent ${exponent}`);
			}
			const publicPower = new PublicPower();
			for (const exponent of [1, 2, 3, 17, 65537, 0xffffffff, 0x1ffffffff]) {
				publicPower.start(field, field.enter(base), exponent);
				while (!publicPower.done) publicPower.advance();
				equal(field.leave(publicPower.result) % modulus, powerOf(base, BigInt(exponent), modulus), `${bits} bits, exponent ${exponent}`);
			}
		}
	},
	"RSA signatures of node:crypto are right, and wrong with one bit changed"() {
		for (const { publicKey, signatures } of vectors.keys)
			for (const scheme of Object.keys(signatures)) {
				const signature = bytesOf(signatures[scheme]);
				equal(verify(publicKey, Number(scheme), signature), DONE, scheme);
				signature[signature.length - 7] ^= 0x10;
				equal(verify(publicKey, Number(scheme), signature) === DONE, false, scheme);
			}
	},
	"RSA PKCS#1 v1.5 signatures are those of node:crypto, PSS ones are right"() {
		const { publicKey, privateKey, signatures } = vectors.keys[0];
		for (const scheme of rsa.schemes) {
			const signature = sign(bytesOf(privateKey), scheme);
			if (scheme < 0x0800) equal(hexOf(signature), signatures[scheme], `${scheme}`);
			else equal(verify(publicKey, scheme, signature), DONE, `${scheme}`);
		}
	},
	"RSA decrypts what node:crypto encrypted, and rejects without a word"() {
		const { publicKey, privateKey, premaster, ciphertext } = vectors.keys[0];
		const key = bytesOf(privateKey);
		const bytes = bytesOf(ciphertext);
		equal(decrypt(key, bytes), premaster, "premaster secret");
		bytes[100] ^= 1;
		const random = new Uint8Array(46);
		new Repeatable(8).fill(random, 0, 46);
		equal(decrypt(key, bytes), `0303${hexOf(random)}`, "rejection");
		const job = new RsaEncryptJob(rsaLimits);
		const spki = bytesOf(publicKey);
		job.start({ type: KEY_RSA, bytes: spki, at: 0, end: spki.length }, bytesOf(premaster), 0, 48, new Repeatable(9));
		equal(finish(job), DONE, "encrypt");
		equal(decrypt(key, job.ciphertext), premaster, "there and back");
	},
	"finite-field Diffie-Hellman agrees with node:crypto"() {
		const groups: KeyExchangeAlgorithm[] = [ffdhe2048, ffdhe3072];
		for (let i = 0; i < groups.length; i++) {
			const { exponent, peer, share, secret } = vectors.exchanges[i];
			const exchange = groups[i].create();
			const bytes = bytesOf(peer);
			exchange.respond({ fill: (target, at) => target.set(bytesOf(exponent), at) }, bytes, 0, bytes.length);
			equal(finish(exchange), DONE, "exchange");
			equal(hexOf(exchange.share), share, "share");
			equal(hexOf(exchange.secret), secret, "secret");
		}
		equal(modp2048Group.modulus % 2n ** 64n, 2n ** 64n - 1n, "a literal of 2048 bits");
	},
	"a generated RSA key signs"() {
		const job = new RsaGeneration();
		job.start(new Repeatable(12), 2048);
		equal(finish(job), DONE, "generation");
		equal(verify(hexOf(job.publicKey.bytes), 0x0804, sign(job.privateKey.bytes, 0x0804)), DONE, "signature");
	},
};
