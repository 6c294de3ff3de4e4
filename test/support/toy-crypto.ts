// Algorithms that cost nothing, allocate nothing and protect nothing, under the numbers of real ones: a measurement then
// shows what the stack itself needs, and what is changed on the wire reaches the handshake instead of ending at a MAC.
// Hashes do tell different bytes apart, so both Finished and signatures still say what they should. Portable.

import { SIGNATURE_WRONG } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import type { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { Registry } from "polltls/crypto/registry";
import {
	AEAD_AES_128_CCM_8,
	AEAD_AES_128_GCM,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20_POLY1305,
	AES_128_CBC,
	type Aead,
	type BlockCipher,
	type Hash,
	type HashAlgorithm,
	type Hmac,
	KEY_P256,
	type KeyExchange,
	type NumberMask,
	type PrivateKey,
	type PublicKey,
	type SignJob,
	sha1,
	sha256,
	sha384,
	sha512,
	type VerifyJob,
} from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { ecdsa_secp256r1_sha256, secp256r1, x25519 } from "polltls/wire/registry";
import { TestEntropy, TestPki } from "../suite/pair/harness.js";

/** Two running products (FNV); 64 bits tell any two handshakes of a test apart. */
class ToyHash implements Hash, Hmac {
	readonly #length: number;
	#a = 0;
	#b = 0;
	#keyA = 0x811c9dc5;
	#keyB = 0x1b873593;

	constructor(length: number) {
		this.#length = length;
		this.#restart();
	}

	setKey(key: Uint8Array, at: number, end: number): void {
		this.#keyA = 0x811c9dc5;
		this.#keyB = 0x1b873593;
		this.#restart();
		this.update(key, at, end);
		this.#keyA = this.#a;
		this.#keyB = this.#b;
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		let a = this.#a;
		let b = this.#b;
		for (; at < end; at++) {
			a = Math.imul(a ^ bytes[at], 0x01000193);
			b = Math.imul(b + bytes[at] + 1, 0x85ebca6b) ^ (a >>> 11);
		}
		this.#a = a;
		this.#b = b;
	}

	fork(): ToyHash {
		const other = new ToyHash(this.#length);
		other.#a = this.#a;
		other.#b = this.#b;
		return other;
	}

	digest(out: Uint8Array, at: number): void {
		let word = this.#a;
		for (let i = 0; i < this.#length; i++) {
			word = Math.imul(word ^ (word >>> 15) ^ this.#b ^ i, 0x2c1b3c6d);
			out[at + i] = word >>> 13;
		}
		this.#restart();
	}

	wipe(): void {
		this.#keyA = this.#keyB = this.#a = this.#b = 0;
	}

	#restart(): void {
		this.#a = this.#keyA;
		this.#b = this.#keyB;
	}
}

function toyHash(id: number, hashLength: number, blockLength: number): HashAlgorithm {
	return { id, hashLength, blockLength, create: () => new ToyHash(hashLength), createHmac: () => new ToyHash(hashLength) };
}

/** Ciphertext is plaintext, every tag is right. */
class ToyCipher implements Aead, BlockCipher, NumberMask {
	readonly #tagLength: number;

	constructor(tagLength: number) {
		this.#tagLength = tagLength;
	}

	setKey(): void {}
	seal(_nonce: Uint8Array, _additional: Uint8Array, _length: number, bytes: Uint8Array, _at: number, end: number): void {
		for (let i = 0; i < this.#tagLength; i++) bytes[end + i] = 0;
	}
	open(): boolean {
		return true;
	}
	encrypt(): void {}
	decrypt(): void {}
	mask(_bytes: Uint8Array, _at: number, out: Uint8Array): void {
		for (let i = 0; i < 5; i++) out[i] = 0;
	}
	wipe(): void {}
}

/** Each side draws its share; the secret is both together, so they agree if both saw the same shares. One step works, the second is done. */
class ToyExchange implements KeyExchange {
	readonly share: Uint8Array;
	readonly shareLength: number;
	readonly secret = new Uint8Array(32);
	readonly secretLength = 32;
	#steps = 0;

	constructor(shareLength: number) {
		this.shareLength = shareLength;
		this.share = new Uint8Array(shareLength);
	}

	begin(entropy: Entropy): void {
		entropy.fill(this.share, 0, this.shareLength);
		if (this.shareLength === 65) this.share[0] = 4;
		this.#steps = 0;
	}
	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void {
		this.begin(entropy);
		this.receive(peer, at, end);
	}
	receive(peer: Uint8Array, at: number, end: number): void {
		for (let i = 0; i < 32; i++) this.secret[i] = this.share[this.shareLength - 1 - i] ^ (end - 1 - i >= at ? peer[end - 1 - i] : 0);
		this.#steps = 0;
	}
	step(): number {
		return ++this.#steps > 1 ? DONE : WORKING;
	}
	wipe(): void {
		this.secret.fill(0);
	}
}

const SIGNATURE_LENGTH = 32;

/** A signature is the message hashed under the public key: toy private keys hold the public one. */
class ToySignature implements SignJob, VerifyJob {
	readonly signature = new Uint8Array(SIGNATURE_LENGTH);
	readonly signatureLength = SIGNATURE_LENGTH;
	readonly #hash = new ToyHash(SIGNATURE_LENGTH);
	readonly #verifies: boolean;
	#right = false;
	#steps = 0;

	constructor(verifies: boolean) {
		this.#verifies = verifies;
	}

	start(
		_scheme: number,
		key: PublicKey | PrivateKey,
		message: Uint8Array,
		at: number,
		end: number,
		given?: Uint8Array | Entropy,
		givenAt?: number | boolean,
		givenEnd?: number,
	): void {
		const { bytes } = key;
		const [keyAt, keyEnd] = "at" in key ? [key.at, key.end] : [0, bytes.length];
		this.#hash.setKey(bytes, keyAt, keyEnd);
		this.#hash.update(message, at, end);
		this.#hash.digest(this.signature, 0);
		this.#steps = 0;
		if (!this.#verifies) return;
		const signature = (given as Uint8Array).subarray(givenAt as number, givenEnd);
		this.#right = signature.length === SIGNATURE_LENGTH && signature.every((byte, i) => byte === this.signature[i]);
	}

	step(): number {
		if (++this.#steps === 1) return WORKING;
		return this.#verifies && !this.#right ? SIGNATURE_WRONG : DONE;
	}
	wipe(): void {
		this.#right = false;
	}
}

/** Everything that TLS 1.2 and 1.3 by ECDSA or PSK need, started. */
export function toyRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [toyHash(sha256, 32, 64), toyHash(sha384, 48, 128), toyHash(sha512, 64, 128), toyHash(sha1, 20, 64)])
		registry.registerHash(registry.hashes.length, hash);
	const aead = (id: number, keyLength: number, tagLength: number) => ({
		id,
		keyLength,
		tagLength,
		cost: 1,
		create: () => new ToyCipher(tagLength),
		createNumberMask: () => new ToyCipher(0),
	});
	for (const bulk of [
		aead(AEAD_AES_128_GCM, 16, 16),
		aead(AEAD_AES_256_GCM, 32, 16),
		aead(AEAD_CHACHA20_POLY1305, 32, 16),
		aead(AEAD_AES_128_CCM_8, 16, 8),
		{ id: AES_128_CBC, keyLength: 16, blockLength: 16, cost: 1, create: () => new ToyCipher(0) },
	])
		registry.registerBulk(registry.bulks.length, bulk);
	registry.registerSign(0, {
		keyType: KEY_P256,
		schemes: [ecdsa_secp256r1_sha256],
		createSign: () => new ToySignature(false),
		createVerify: () => new ToySignature(true),
	});
	for (const [group, length] of [
		[x25519, 32],
		[secp256r1, 65],
	])
		registry.registerKeyExchange(registry.keyExchanges.length, {
			group,
			clientShareLength: length,
			serverShareLength: length,
			cost: 1,
			create: () => new ToyExchange(length),
		});
	registry.start();
	return registry;
}

/** So that each key is another. */
let keys = 100;

/** The certificates of TestPki under toy keys. */
export class ToyPki extends TestPki {
	override generate(): EcGenerate {
		const bytes = new Uint8Array(65);
		keys += 2;
		new TestEntropy(keys).fill(bytes, 0, 65);
		bytes[0] = 4;
		const pair = { privateKey: { type: KEY_P256, bytes }, publicKey: { type: KEY_P256, bytes, at: 0, end: 65 } };
		return pair as unknown as EcGenerate;
	}
}
