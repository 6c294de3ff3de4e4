// Hashes and bulk ciphers of the simulated device: the host (Node) does the work, as the SDK's native `crypt` does it
// on a device. For the XS side of hosts/sim and for suites on XS. Keys stay on this side and go with each request,
// so that a connection which is dropped leaves nothing behind in the host.

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
import { HostCall } from "./host-call.js";
import { AEAD_OPEN, AEAD_SEAL, CBC_DECRYPT, CBC_ENCRYPT, DIGEST_END, DIGEST_FORK, DIGEST_UPDATE, HASH_BEGIN, HMAC_BEGIN, NUMBER_MASK } from "./protocol.js";

/** No state in the host yet. */
const NONE = -1;

function stateOf(answer: Uint8Array): number {
	return ((answer[0] << 24) | (answer[1] << 16) | (answer[2] << 8) | answer[3]) >>> 0;
}

function update(state: number, bytes: Uint8Array, at: number, end: number): void {
	const call = new HostCall(DIGEST_UPDATE, 4 + end - at);
	call.u32(state);
	call.copy(bytes, at, end);
	call.issue();
}

function end(state: number, out: Uint8Array, at: number): void {
	const call = new HostCall(DIGEST_END, 4);
	call.u32(state);
	out.set(call.issue(), at);
}

class HostHash implements Hash {
	readonly #algorithm: number;
	#state: number;

	constructor(algorithm: number, state: number) {
		this.#algorithm = algorithm;
		this.#state = state;
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		if (this.#state === NONE) this.begin(bytes, at, end);
		else update(this.#state, bytes, at, end);
	}

	fork(): Hash {
		if (this.#state === NONE) return new HostHash(this.#algorithm, NONE);
		const call = new HostCall(DIGEST_FORK, 4);
		call.u32(this.#state);
		return new HostHash(this.#algorithm, stateOf(call.issue()));
	}

	digest(out: Uint8Array, at: number): void {
		if (this.#state === NONE) this.begin(out, 0, 0);
		end(this.#state, out, at);
		this.#state = NONE;
	}

	private begin(bytes: Uint8Array, at: number, end: number): void {
		const call = new HostCall(HASH_BEGIN, 1 + end - at);
		call.u8(this.#algorithm);
		call.copy(bytes, at, end);
		this.#state = stateOf(call.issue());
	}
}

class HostHmac implements Hmac {
	readonly #algorithm: number;
	#key = new Uint8Array(0);
	#state = NONE;

	constructor(algorithm: number) {
		this.#algorithm = algorithm;
	}

	setKey(key: Uint8Array, at: number, end: number): void {
		this.wipe();
		this.#key = key.slice(at, end);
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		if (this.#state === NONE) this.begin(bytes, at, end);
		else update(this.#state, bytes, at, end);
	}

	digest(out: Uint8Array, at: number): void {
		if (this.#state === NONE) this.begin(out, 0, 0);
		end(this.#state, out, at);
		this.#state = NONE;
	}

	wipe(): void {
		this.#key.fill(0);
		this.#state = NONE;
	}

	private begin(bytes: Uint8Array, at: number, end: number): void {
		const key = this.#key;
		const call = new HostCall(HMAC_BEGIN, 3 + key.length + end - at);
		call.u8(this.#algorithm);
		call.u16(key.length);
		call.copy(key, 0, key.length);
		call.copy(bytes, at, end);
		this.#state = stateOf(call.issue());
	}
}

class HostAead implements Aead {
	readonly #algorithm: number;
	readonly #key: Uint8Array;

	constructor(algorithm: number, keyLength: number) {
		this.#algorithm = algorithm;
		this.#key = new Uint8Array(keyLength);
	}

	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + this.#key.length));
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		bytes.set(this.call(AEAD_SEAL, nonce, additional, additionalLength, bytes, at, end), at);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const answer = this.call(AEAD_OPEN, nonce, additional, additionalLength, bytes, at, end);
		if (answer[0] !== 1) return false;
		bytes.set(answer.subarray(1), at);
		return true;
	}

	wipe(): void {
		this.#key.fill(0);
	}

	private call(operation: number, nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): Uint8Array {
		const key = this.#key;
		const call = new HostCall(operation, 15 + key.length + additionalLength + end - at);
		call.u8(this.#algorithm);
		call.copy(key, 0, key.length);
		call.copy(nonce, 0, 12);
		call.u16(additionalLength);
		call.copy(additional, 0, additionalLength);
		call.copy(bytes, at, end);
		return call.issue();
	}
}

class HostNumberMask implements NumberMask {
	readonly #algorithm: number;
	readonly #key: Uint8Array;

	constructor(algorithm: number, keyLength: number) {
		this.#algorithm = algorithm;
		this.#key = new Uint8Array(keyLength);
	}

	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + this.#key.length));
	}

	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		const key = this.#key;
		const call = new HostCall(NUMBER_MASK, 17 + key.length);
		call.u8(this.#algorithm);
		call.copy(key, 0, key.length);
		call.copy(bytes, at, at + 16);
		out.set(call.issue());
	}

	wipe(): void {
		this.#key.fill(0);
	}
}

class HostBlockCipher implements BlockCipher {
	readonly #algorithm: number;
	readonly #key: Uint8Array;

	constructor(algorithm: number, keyLength: number) {
		this.#algorithm = algorithm;
		this.#key = new Uint8Array(keyLength);
	}

	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + this.#key.length));
	}
	encrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		this.call(CBC_ENCRYPT, iv, bytes, at, end);
	}
	decrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		this.call(CBC_DECRYPT, iv, bytes, at, end);
	}
	wipe(): void {
		this.#key.fill(0);
	}

	private call(operation: number, iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		const key = this.#key;
		const call = new HostCall(operation, 18 + key.length + end - at);
		call.u16(this.#algorithm);
		call.copy(key, 0, key.length);
		call.copy(iv, 0, 16);
		call.copy(bytes, at, end);
		bytes.set(call.issue(), at);
	}
}

function hash(id: number, hashLength: number, blockLength: number): HashAlgorithm {
	return { id, hashLength, blockLength, create: () => new HostHash(id, NONE), createHmac: () => new HostHmac(id) };
}

/** cost: what the SDK's native code was measured to take on a device's engine, not what this host takes. */
function aead(id: number, keyLength: number, tagLength: number, cost: number): AeadAlgorithm {
	return { id, keyLength, tagLength, cost, create: () => new HostAead(id, keyLength), createNumberMask: () => new HostNumberMask(id, keyLength) };
}

function blockCipher(id: number, keyLength: number, cost: number): BlockCipherAlgorithm {
	return { id, keyLength, blockLength: 16, cost, create: () => new HostBlockCipher(id, keyLength) };
}

export const hostSha1 = hash(sha1, 20, 64);
export const hostSha256 = hash(sha256, 32, 64);
export const hostSha384 = hash(sha384, 48, 128);
export const hostSha512 = hash(sha512, 64, 128);

export const hostAes128Gcm = aead(AEAD_AES_128_GCM, 16, 16, 51);
export const hostAes256Gcm = aead(AEAD_AES_256_GCM, 32, 16, 53);
export const hostAes128Ccm = aead(AEAD_AES_128_CCM, 16, 16, 12);
export const hostAes256Ccm = aead(AEAD_AES_256_CCM, 32, 16, 14);
export const hostAes128Ccm8 = aead(AEAD_AES_128_CCM_8, 16, 8, 12);
export const hostAes256Ccm8 = aead(AEAD_AES_256_CCM_8, 32, 8, 14);
export const hostChaCha20Poly1305 = aead(AEAD_CHACHA20_POLY1305, 32, 16, 27);

export const hostAes128Cbc = blockCipher(AES_128_CBC, 16, 10);
export const hostAes256Cbc = blockCipher(AES_256_CBC, 32, 12);
