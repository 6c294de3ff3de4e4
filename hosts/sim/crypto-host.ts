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
import { fields, type Joinable, part, request } from "./host-call.js";
import { AEAD_OPEN, AEAD_SEAL, CBC_DECRYPT, CBC_ENCRYPT, DIGEST_END, DIGEST_FORK, DIGEST_UPDATE, HASH_BEGIN, HMAC_BEGIN, NUMBER_MASK } from "./protocol.js";

// A running hash of the host is named by the 4 bytes of its state's number, as the host gave them; undefined: there is none yet

const updateHead = fields(DIGEST_UPDATE);
const endHead = fields(DIGEST_END);
const forkHead = fields(DIGEST_FORK);

function update(state: ArrayBuffer, bytes: Uint8Array, at: number, end: number): void {
	request(updateHead.concat(state, part(bytes, at, end)));
}

function end(state: ArrayBuffer, out: Uint8Array, at: number): void {
	out.set(new Uint8Array(request(endHead.concat(state))), at);
}

class HostHash implements Hash {
	/** The beginning of a request that starts a message. */
	readonly #head: Joinable;
	#state: ArrayBuffer | undefined;

	constructor(head: Joinable, state: ArrayBuffer | undefined) {
		this.#head = head;
		this.#state = state;
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		if (this.#state === undefined) this.#state = this.begin(bytes, at, end);
		else update(this.#state, bytes, at, end);
	}

	fork(): Hash {
		return new HostHash(this.#head, this.#state === undefined ? undefined : request(forkHead.concat(this.#state)));
	}

	digest(out: Uint8Array, at: number): void {
		end(this.#state ?? this.begin(out, 0, 0), out, at);
		this.#state = undefined;
	}

	private begin(bytes: Uint8Array, at: number, end: number): ArrayBuffer {
		return request(this.#head.concat(part(bytes, at, end)));
	}
}

class HostHmac implements Hmac {
	readonly #algorithm: number;
	/** The beginning of a request that starts a message: algorithm, key. */
	#head: Joinable | undefined = undefined;
	#key = new Uint8Array(0);
	#state: ArrayBuffer | undefined = undefined;

	constructor(algorithm: number) {
		this.#algorithm = algorithm;
	}

	setKey(key: Uint8Array, at: number, end: number): void {
		this.wipe();
		const length = end - at;
		const head = fields(HMAC_BEGIN, this.#algorithm, length >> 8, length).concat(part(key, at, end));
		this.#head = head;
		this.#key = new Uint8Array(head, 4);
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		if (this.#state === undefined) this.#state = this.begin(bytes, at, end);
		else update(this.#state, bytes, at, end);
	}

	digest(out: Uint8Array, at: number): void {
		end(this.#state ?? this.begin(out, 0, 0), out, at);
		this.#state = undefined;
	}

	wipe(): void {
		this.#key.fill(0);
		this.#state = undefined;
	}

	private begin(bytes: Uint8Array, at: number, end: number): ArrayBuffer {
		if (this.#head === undefined) throw new Error("no key");
		return request(this.#head.concat(part(bytes, at, end)));
	}
}

/** The beginnings of an AEAD's requests. */
interface AeadHeads {
	readonly seal: Joinable;
	readonly open: Joinable;
}

class HostAead implements Aead {
	readonly #heads: AeadHeads;
	readonly #key: Uint8Array;
	/** How long the additional data was last, as a field. */
	#additionalLength = -1;
	#lengthField: ArrayBuffer = updateHead;

	constructor(heads: AeadHeads, keyLength: number) {
		this.#heads = heads;
		this.#key = new Uint8Array(keyLength);
	}

	setKey(key: Uint8Array, at: number): void {
		this.#key.set(key.subarray(at, at + this.#key.length));
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		bytes.set(this.call(this.#heads.seal, nonce, additional, additionalLength, bytes, at, end), at);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const answer = this.call(this.#heads.open, nonce, additional, additionalLength, bytes, at, end);
		if (answer[0] !== 1) return false;
		bytes.set(answer.subarray(1), at);
		return true;
	}

	wipe(): void {
		this.#key.fill(0);
	}

	private call(head: Joinable, nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): Uint8Array {
		if (additionalLength !== this.#additionalLength) {
			this.#additionalLength = additionalLength;
			this.#lengthField = fields(additionalLength >> 8, additionalLength);
		}
		const sealed = part(bytes, at, end);
		const authenticated = part(additional, 0, additionalLength);
		return new Uint8Array(request(head.concat(this.#key.buffer, part(nonce, 0, 12), this.#lengthField, authenticated, sealed)));
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
		out.set(new Uint8Array(request(fields(NUMBER_MASK, this.#algorithm).concat(this.#key.buffer, part(bytes, at, at + 16)))));
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
		const head = fields(operation, this.#algorithm >> 8, this.#algorithm);
		bytes.set(new Uint8Array(request(head.concat(this.#key.buffer, part(iv, 0, 16), part(bytes, at, end)))), at);
	}
}

function hash(id: number, hashLength: number, blockLength: number): HashAlgorithm {
	const head = fields(HASH_BEGIN, id);
	return { id, hashLength, blockLength, create: () => new HostHash(head, undefined), createHmac: () => new HostHmac(id) };
}

/** cost: what the SDK's native code was measured to take (hosts/moddable/crypto-native), not what this host takes. */
function aead(id: number, keyLength: number, tagLength: number, cost: number): AeadAlgorithm {
	const heads = { seal: fields(AEAD_SEAL, id), open: fields(AEAD_OPEN, id) };
	return { id, keyLength, tagLength, cost, create: () => new HostAead(heads, keyLength), createNumberMask: () => new HostNumberMask(id, keyLength) };
}

function blockCipher(id: number, keyLength: number, cost: number): BlockCipherAlgorithm {
	return { id, keyLength, blockLength: 16, cost, create: () => new HostBlockCipher(id, keyLength) };
}

export const hostSha1 = hash(sha1, 20, 64);
export const hostSha256 = hash(sha256, 32, 64);
export const hostSha384 = hash(sha384, 48, 128);
export const hostSha512 = hash(sha512, 64, 128);

export const hostAes128Gcm = aead(AEAD_AES_128_GCM, 16, 16, 45);
export const hostAes256Gcm = aead(AEAD_AES_256_GCM, 32, 16, 46);
export const hostAes128Ccm = aead(AEAD_AES_128_CCM, 16, 16, 8);
export const hostAes256Ccm = aead(AEAD_AES_256_CCM, 32, 16, 10);
export const hostAes128Ccm8 = aead(AEAD_AES_128_CCM_8, 16, 8, 8);
export const hostAes256Ccm8 = aead(AEAD_AES_256_CCM_8, 32, 8, 10);
export const hostChaCha20Poly1305 = aead(AEAD_CHACHA20_POLY1305, 32, 16, 57);

export const hostAes128Cbc = blockCipher(AES_128_CBC, 16, 10);
export const hostAes256Cbc = blockCipher(AES_256_CBC, 32, 12);
