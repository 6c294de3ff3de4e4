// The crypto provider on the PSA Crypto API: hashes, HMAC, AEADs, AES-CBC and the masks of record numbers, in C and in the
// device's crypto hardware where the library uses it. Keys are handles of the library: psa-native.c. An AEAD or CBC key takes
// one of its places for keys (MBEDTLS_PSA_KEY_SLOT_COUNT, 32 unless it is configured): two for each connection.

import { copy, wipe } from "polltls/base/bytes";
import {
	AEAD_AES_128_CCM,
	AEAD_AES_128_CCM_8,
	AEAD_AES_128_GCM,
	AEAD_AES_256_CCM,
	AEAD_AES_256_CCM_8,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20_POLY1305,
	AES_128_CBC,
	AES_256_CBC,
	type Aead,
	type AeadAlgorithm,
	type BlockCipher,
	type BlockCipherAlgorithm,
	type Hash,
	type HashAlgorithm,
	type Hmac,
	type NumberMask,
	sha1,
	sha256,
	sha384,
	sha512,
} from "polltls/crypto/types";
import { CryptNative } from "../native/crypt-native.js";
import { PsaNative } from "./psa-native.js";

class PsaHash implements Hash {
	readonly #digest: object;
	readonly #id: number;

	constructor(id: number) {
		this.#id = id;
		this.#digest = PsaNative.createDigest(id, false);
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		PsaNative.update(this.#digest, bytes, at, end);
	}
	fork(): Hash {
		const fork = new PsaHash(this.#id);
		PsaNative.copyDigest(fork.#digest, this.#digest);
		return fork;
	}
	digest(out: Uint8Array, at: number): void {
		PsaNative.finishHash(this.#digest, out, at);
	}
}

class PsaHmac implements Hmac {
	readonly #digest: object;

	constructor(id: number) {
		this.#digest = PsaNative.createDigest(id, true);
	}
	setKey(key: Uint8Array, at: number, end: number): void {
		PsaNative.setHmacKey(this.#digest, key, at, end);
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		PsaNative.update(this.#digest, bytes, at, end);
	}
	digest(out: Uint8Array, at: number): void {
		PsaNative.finishHmac(this.#digest, out, at);
	}
	wipe(): void {
		PsaNative.clearDigest(this.#digest);
	}
}

class PsaAead implements Aead {
	readonly #key = PsaNative.createKey();
	readonly #id: number;

	constructor(id: number) {
		this.#id = id;
	}
	setKey(key: Uint8Array, at: number): void {
		PsaNative.importKey(this.#key, this.#id, key, at);
	}
	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		PsaNative.seal(this.#key, nonce, additional, additionalLength, bytes, at, end);
	}
	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		return PsaNative.open(this.#key, nonce, additional, additionalLength, bytes, at, end);
	}
	wipe(): void {
		PsaNative.clearKey(this.#key);
	}
}

class PsaCbc implements BlockCipher {
	readonly #key = PsaNative.createKey();
	readonly #id: number;

	constructor(id: number) {
		this.#id = id;
	}
	setKey(key: Uint8Array, at: number): void {
		PsaNative.importKey(this.#key, this.#id, key, at);
	}
	encrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		PsaNative.chain(this.#key, true, iv, bytes, at, end);
	}
	decrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		PsaNative.chain(this.#key, false, iv, bytes, at, end);
	}
	wipe(): void {
		PsaNative.clearKey(this.#key);
	}
}

class PsaMask implements NumberMask {
	readonly #mask = PsaNative.createMask();
	readonly #keyLength: number;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}
	setKey(key: Uint8Array, at: number): void {
		PsaNative.setMaskKey(this.#mask, key, at, at + this.#keyLength);
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		PsaNative.mask(this.#mask, bytes, at, out);
	}
	wipe(): void {
		PsaNative.clearMask(this.#mask);
	}
}

/** PSA's ChaCha20 always begins to count at 0: this one is the SDK's. */
class ChaCha20Mask implements NumberMask {
	readonly #key = new Uint8Array(32);

	setKey(key: Uint8Array, at: number): void {
		copy(this.#key, 0, key, at, at + 32);
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		CryptNative.maskChaCha(this.#key, bytes, at, out);
	}
	wipe(): void {
		wipe(this.#key);
	}
}

export const psaSha1: HashAlgorithm = Object.freeze({
	id: sha1,
	hashLength: 20,
	blockLength: 64,
	create: () => new PsaHash(sha1),
	createHmac: () => new PsaHmac(sha1),
});
export const psaSha256: HashAlgorithm = Object.freeze({
	id: sha256,
	hashLength: 32,
	blockLength: 64,
	create: () => new PsaHash(sha256),
	createHmac: () => new PsaHmac(sha256),
});
export const psaSha384: HashAlgorithm = Object.freeze({
	id: sha384,
	hashLength: 48,
	blockLength: 128,
	create: () => new PsaHash(sha384),
	createHmac: () => new PsaHmac(sha384),
});
export const psaSha512: HashAlgorithm = Object.freeze({
	id: sha512,
	hashLength: 64,
	blockLength: 128,
	create: () => new PsaHash(sha512),
	createHmac: () => new PsaHmac(sha512),
});

// Costs: microseconds for a record of 1 KB on the Linux simulator, whose processor has instructions for AES
export const psaAes128Gcm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_GCM,
	keyLength: 16,
	tagLength: 16,
	cost: 4,
	create: () => new PsaAead(AEAD_AES_128_GCM),
	createNumberMask: () => new PsaMask(16),
});
export const psaAes256Gcm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_GCM,
	keyLength: 32,
	tagLength: 16,
	cost: 5,
	create: () => new PsaAead(AEAD_AES_256_GCM),
	createNumberMask: () => new PsaMask(32),
});
export const psaAes128Ccm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_CCM,
	keyLength: 16,
	tagLength: 16,
	cost: 2,
	create: () => new PsaAead(AEAD_AES_128_CCM),
	createNumberMask: () => new PsaMask(16),
});
export const psaAes256Ccm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_CCM,
	keyLength: 32,
	tagLength: 16,
	cost: 3,
	create: () => new PsaAead(AEAD_AES_256_CCM),
	createNumberMask: () => new PsaMask(32),
});
export const psaAes128Ccm8: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_CCM_8,
	keyLength: 16,
	tagLength: 8,
	cost: 2,
	create: () => new PsaAead(AEAD_AES_128_CCM_8),
	createNumberMask: () => new PsaMask(16),
});
export const psaAes256Ccm8: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_CCM_8,
	keyLength: 32,
	tagLength: 8,
	cost: 3,
	create: () => new PsaAead(AEAD_AES_256_CCM_8),
	createNumberMask: () => new PsaMask(32),
});
export const psaChaCha20Poly1305: AeadAlgorithm = Object.freeze({
	id: AEAD_CHACHA20_POLY1305,
	keyLength: 32,
	tagLength: 16,
	cost: 3,
	create: () => new PsaAead(AEAD_CHACHA20_POLY1305),
	createNumberMask: () => new ChaCha20Mask(),
});
export const psaAes128Cbc: BlockCipherAlgorithm = Object.freeze({
	id: AES_128_CBC,
	keyLength: 16,
	blockLength: 16,
	cost: 2,
	create: () => new PsaCbc(AES_128_CBC),
});
export const psaAes256Cbc: BlockCipherAlgorithm = Object.freeze({
	id: AES_256_CBC,
	keyLength: 32,
	blockLength: 16,
	cost: 2,
	create: () => new PsaCbc(AES_256_CBC),
});
