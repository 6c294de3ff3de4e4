// The crypto provider on node:crypto: for the desktop where speed matters. node:crypto takes and gives whole arrays,
// so each record costs it a native object and a buffer; a record's bytes are still changed in place for the caller.
// Keys are kept in arrays of ours and overwritten in wipe(); copies inside OpenSSL are its own to clear.

import {
	type Cipher,
	type CipherGCMTypes,
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	type Hash as NativeHash,
	type Hmac as NativeHmac,
} from "node:crypto";
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

class NodeHash implements Hash {
	readonly #native: NativeHash;

	constructor(native: NativeHash) {
		this.#native = native;
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#native.update(bytes.subarray(at, end));
	}
	fork(): Hash {
		return new NodeHash(this.#native.copy());
	}
	digest(out: Uint8Array, at: number): void {
		out.set(this.#native.digest(), at);
	}
}

/** A native HMAC for each message: hashing the pads again is cheaper (2.1 us) than copying two native hashes (2.5 us). */
class NodeHmac implements Hmac {
	readonly #name: string;
	#key = new Uint8Array(0);
	#native: NativeHmac | undefined;

	constructor(name: string) {
		this.#name = name;
	}
	setKey(key: Uint8Array, at: number, end: number): void {
		this.wipe();
		this.#key = key.slice(at, end);
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#native ??= createHmac(this.#name, this.#key);
		this.#native.update(bytes.subarray(at, end));
	}
	digest(out: Uint8Array, at: number): void {
		const native = this.#native ?? createHmac(this.#name, this.#key);
		this.#native = undefined;
		out.set(native.digest(), at);
	}
	wipe(): void {
		this.#key.fill(0);
		this.#native = undefined;
	}
}

/** GCM, CCM and ChaCha20-Poly1305 alike: OpenSSL's names and the tag's length tell them apart. */
class NodeAead implements Aead {
	readonly #name: CipherGCMTypes;
	readonly #tagLength: number;
	readonly #options: { authTagLength: number };
	readonly #key: Uint8Array;
	readonly #nonce = new Uint8Array(12);

	constructor(name: string, keyLength: number, tagLength: number) {
		this.#name = name as CipherGCMTypes; // Node's types have a signature for each mode; they are all alike
		this.#tagLength = tagLength;
		this.#options = { authTagLength: tagLength };
		this.#key = new Uint8Array(keyLength);
	}

	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + this.#key.length));
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const cipher = createCipheriv(this.#name, this.#key, this.#nonceOf(nonce), this.#options);
		// CCM wants to know the length first; the others don't look at it
		cipher.setAAD(additional.subarray(0, additionalLength), { plaintextLength: end - at });
		bytes.set(cipher.update(bytes.subarray(at, end)), at);
		cipher.final();
		bytes.set(cipher.getAuthTag(), end);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const textEnd = end - this.#tagLength;
		if (textEnd < at) return false;
		const decipher = createDecipheriv(this.#name, this.#key, this.#nonceOf(nonce), this.#options);
		decipher.setAuthTag(bytes.subarray(textEnd, end));
		decipher.setAAD(additional.subarray(0, additionalLength), { plaintextLength: textEnd - at });
		const text = decipher.update(bytes.subarray(at, textEnd));
		try {
			decipher.final(); // throws if the tag is wrong, and for nothing else here
		} catch {
			return false;
		}
		bytes.set(text, at);
		return true;
	}

	wipe(): void {
		this.#key.fill(0);
	}

	#nonceOf(nonce: Uint8Array): Uint8Array {
		if (nonce.length === 12) return nonce;
		this.#nonce.set(nonce.subarray(0, 12));
		return this.#nonce;
	}
}

class NodeCbc implements BlockCipher {
	readonly #name: string;
	readonly #key: Uint8Array;

	constructor(name: string, keyLength: number) {
		this.#name = name;
		this.#key = new Uint8Array(keyLength);
	}
	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + this.#key.length));
	}
	encrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		bytes.set(createCipheriv(this.#name, this.#key, iv).setAutoPadding(false).update(bytes.subarray(at, end)), at);
	}
	decrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		bytes.set(createDecipheriv(this.#name, this.#key, iv).setAutoPadding(false).update(bytes.subarray(at, end)), at);
	}
	wipe(): void {
		this.#key.fill(0);
	}
}

/** AES over single blocks: one native cipher for all of them. */
class NodeAesMask implements NumberMask {
	readonly #keyLength: number;
	#cipher: Cipher | undefined;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}
	setKey(key: Uint8Array, at: number): void {
		this.#cipher = createCipheriv(this.#keyLength === 16 ? "aes-128-ecb" : "aes-256-ecb", key.subarray(at, at + this.#keyLength), null).setAutoPadding(false);
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		if (this.#cipher === undefined) throw new Error("no key");
		const block = this.#cipher.update(bytes.subarray(at, at + 16));
		for (let i = 0; i < 5; i++) out[i] = block[i];
	}
	wipe(): void {
		this.#cipher = undefined;
	}
}

const FIVE_ZEROS = new Uint8Array(5);

/** OpenSSL's ChaCha20 takes counter and nonce as one array of 16 bytes, which is just what a sample is. */
class NodeChaCha20Mask implements NumberMask {
	readonly #key = new Uint8Array(32);

	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + 32));
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		out.set(createCipheriv("chacha20", this.#key, bytes.subarray(at, at + 16)).update(FIVE_ZEROS));
	}
	wipe(): void {
		this.#key.fill(0);
	}
}

function hashAlgorithm(id: number, name: string, hashLength: number, blockLength: number): HashAlgorithm {
	return Object.freeze({ id, hashLength, blockLength, create: () => new NodeHash(createHash(name)), createHmac: () => new NodeHmac(name) });
}

function aesAead(id: number, name: string, keyLength: number, tagLength: number, cost: number): AeadAlgorithm {
	const create = () => new NodeAead(name, keyLength, tagLength);
	return Object.freeze({ id, keyLength, tagLength, cost, create, createNumberMask: () => new NodeAesMask(keyLength) });
}

function cbc(id: number, name: string, keyLength: number, cost: number): BlockCipherAlgorithm {
	return Object.freeze({ id, keyLength, blockLength: 16, cost, create: () => new NodeCbc(name, keyLength) });
}

export const nodeSha1 = hashAlgorithm(sha1, "sha1", 20, 64);
export const nodeSha256 = hashAlgorithm(sha256, "sha256", 32, 64);
export const nodeSha384 = hashAlgorithm(sha384, "sha384", 48, 128);
export const nodeSha512 = hashAlgorithm(sha512, "sha512", 64, 128);

// Costs: microseconds for a record of 1 KB, most of it the native object's
export const nodeAes128Gcm = aesAead(AEAD_AES_128_GCM, "aes-128-gcm", 16, 16, 5);
export const nodeAes256Gcm = aesAead(AEAD_AES_256_GCM, "aes-256-gcm", 32, 16, 5);
export const nodeAes128Ccm = aesAead(AEAD_AES_128_CCM, "aes-128-ccm", 16, 16, 6);
export const nodeAes256Ccm = aesAead(AEAD_AES_256_CCM, "aes-256-ccm", 32, 16, 6);
export const nodeAes128Ccm8 = aesAead(AEAD_AES_128_CCM_8, "aes-128-ccm", 16, 8, 6);
export const nodeAes256Ccm8 = aesAead(AEAD_AES_256_CCM_8, "aes-256-ccm", 32, 8, 6);
export const nodeChaCha20Poly1305: AeadAlgorithm = Object.freeze({
	id: AEAD_CHACHA20_POLY1305,
	keyLength: 32,
	tagLength: 16,
	cost: 5,
	create: () => new NodeAead("chacha20-poly1305", 32, 16),
	createNumberMask: () => new NodeChaCha20Mask(),
});
export const nodeAes128Cbc = cbc(AES_128_CBC, "aes-128-cbc", 16, 4);
export const nodeAes256Cbc = cbc(AES_256_CBC, "aes-256-cbc", 32, 4);
