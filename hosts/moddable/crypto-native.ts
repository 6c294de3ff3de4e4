// The crypto provider on the natives of the Moddable SDK (module crypt): hashes, AES, ChaCha20 in C. CCM and GCM are a
// little C of ours on its AES, ChaCha20-Poly1305 is built on its ChaCha20. What the natives force: keys, nonces and blocks
// are whole ArrayBuffers, so each cipher has its own; a view for each place in a record. Keys inside native objects can't be
// overwritten: wipe() lets go of them.

import * as crypt from "crypt";
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
import { AesNative, EXPANDED_KEY } from "./native/aes-native.js";
import { ChaChaNative } from "./native/chacha-native.js";
import { CryptNative } from "./native/crypt-native.js";

/** Bytes that the natives read: the SDK's typings lack views, and most of its classes. */
type Bytes = ArrayBufferLike | Uint8Array;
interface Natives {
	Digest: new (type: string) => { write(bytes: Bytes): void; close(): ArrayBuffer; reset(): void };
	BlockCipher: new (name: "AES", key: ArrayBufferLike) => { encrypt(block: ArrayBufferLike, result: ArrayBufferLike): void };
	Mode: new (
		name: "CBC",
		cipher: object,
	) => { setIV(iv: ArrayBufferLike): void; encrypt(bytes: Bytes, result: ArrayBufferLike): void; decrypt(bytes: Bytes, result: Bytes): void };
}
const natives = crypt as unknown as Natives;
type NativeDigest = InstanceType<Natives["Digest"]>;
type NativeBlockCipher = InstanceType<Natives["BlockCipher"]>;
type NativeMode = InstanceType<Natives["Mode"]>;

const BLOCK = 16;
/** Results of CBC are taken in pieces of this length: Mode.encrypt writes to whole ArrayBuffers only. */
const PIECE = 256;

function place(bytes: Uint8Array, at: number, end: number): Uint8Array {
	return at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
}

/** An ArrayBuffer of just these bytes. */
function bufferOf(bytes: Uint8Array, at: number, length: number): ArrayBufferLike {
	return bytes.slice(at, at + length).buffer;
}

class NativeHash implements Hash {
	readonly #digest: NativeDigest;
	readonly #kind: number;

	/** kind: CryptNative's. */
	constructor(kind: number) {
		this.#kind = kind;
		this.#digest = new natives.Digest(nameOf(kind));
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		CryptNative.updateDigest(this.#digest, this.#kind, bytes, at, end);
	}
	fork(): Hash {
		const fork = new NativeHash(this.#kind);
		CryptNative.copyDigest(fork.#digest, this.#digest, this.#kind);
		return fork;
	}
	digest(out: Uint8Array, at: number): void {
		CryptNative.finishDigest(this.#digest, this.#kind, out, at);
		this.#digest.reset();
	}
}

/** HMAC whose two pads are hashed once per key. */
class NativeHmac implements Hmac {
	/** The hash of the message. */
	readonly #work: NativeDigest;
	readonly #kind: number;
	/** The states after the inner and the outer pad. */
	readonly #inner: NativeDigest;
	readonly #outer: NativeDigest;

	constructor(kind: number) {
		const name = nameOf(kind);
		this.#kind = kind;
		this.#inner = new natives.Digest(name);
		this.#outer = new natives.Digest(name);
		this.#work = new natives.Digest(name);
	}
	setKey(key: Uint8Array, at: number, end: number): void {
		CryptNative.startHmac(this.#work, this.#inner, this.#outer, this.#kind, key, at, end);
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		CryptNative.updateDigest(this.#work, this.#kind, bytes, at, end);
	}
	digest(out: Uint8Array, at: number): void {
		CryptNative.finishHmac(this.#work, this.#inner, this.#outer, this.#kind, out, at);
	}
	wipe(): void {
		this.#inner.reset();
		this.#outer.reset();
		this.#work.reset();
	}
}

function nameOf(kind: number): string {
	return `SHA${kind}`;
}

/** A native object that setKey makes. */
function keyed<T>(object: T | undefined): T {
	if (object === undefined) throw new Error("no key");
	return object;
}

/** The key of what seals and opens a record in one call. */
abstract class AesKey {
	protected readonly expanded = new Uint8Array(EXPANDED_KEY);
	readonly #keyLength: number;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}
	setKey(key: Uint8Array, at: number): void {
		AesNative.expand(this.expanded, key, at, this.#keyLength);
	}
	wipe(): void {
		wipe(this.expanded);
	}
}

class NativeCcm extends AesKey implements Aead {
	readonly #tagLength: number;

	constructor(keyLength: number, tagLength: number) {
		super(keyLength);
		this.#tagLength = tagLength;
	}
	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		AesNative.ccm(this.expanded, this.#tagLength, nonce, additional, additionalLength, bytes, at, end, true);
	}
	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const tagLength = this.#tagLength;
		return end - at >= tagLength && AesNative.ccm(this.expanded, tagLength, nonce, additional, additionalLength, bytes, at, end, false);
	}
}

class NativeGcm extends AesKey implements Aead {
	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		AesNative.gcm(this.expanded, BLOCK, nonce, additional, additionalLength, bytes, at, end, true);
	}
	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		return end - at >= BLOCK && AesNative.gcm(this.expanded, BLOCK, nonce, additional, additionalLength, bytes, at, end, false);
	}
}

/** A record in one call. */
class NativeChaCha20Poly1305 implements Aead {
	readonly #key = new Uint8Array(32);
	#keyed = false;

	setKey(key: Uint8Array, at: number): void {
		copy(this.#key, 0, key, at, at + 32);
		this.#keyed = true;
	}
	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		ChaChaNative.poly1305(this.key, BLOCK, nonce, additional, additionalLength, bytes, at, end, true);
	}
	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		return end - at >= BLOCK && ChaChaNative.poly1305(this.key, BLOCK, nonce, additional, additionalLength, bytes, at, end, false);
	}
	wipe(): void {
		wipe(this.#key);
		this.#keyed = false;
	}
	private get key(): Uint8Array {
		if (!this.#keyed) throw new Error("no key");
		return this.#key;
	}
}

class NativeCbc implements BlockCipher {
	readonly #keyLength: number;
	readonly #iv = new Uint8Array(BLOCK);
	readonly #piece = new Uint8Array(PIECE);
	#cbc: NativeMode | undefined;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}
	setKey(key: Uint8Array, at: number): void {
		const buffer = bufferOf(key, at, this.#keyLength);
		this.#cbc = new natives.Mode("CBC", new natives.BlockCipher("AES", buffer));
		new Uint8Array(buffer).fill(0);
	}
	encrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		const cbc = this.begin(iv);
		const piece = this.#piece;
		for (let pieceEnd = at; at < end; at = pieceEnd) {
			pieceEnd = Math.min(at + PIECE, end);
			cbc.encrypt(place(bytes, at, pieceEnd), piece.buffer);
			copy(bytes, at, piece, 0, pieceEnd - at);
		}
	}
	decrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		if (at === end) return;
		const text = place(bytes, at, end);
		this.begin(iv).decrypt(text, text);
	}
	wipe(): void {
		this.#cbc = undefined;
		wipe(this.#piece);
	}
	private begin(iv: Uint8Array): NativeMode {
		const cbc = keyed(this.#cbc);
		copy(this.#iv, 0, iv, 0, BLOCK);
		cbc.setIV(this.#iv.buffer);
		return cbc;
	}
}

class NativeAesMask implements NumberMask {
	readonly #keyLength: number;
	readonly #block = new Uint8Array(BLOCK);
	#cipher: NativeBlockCipher | undefined;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}
	setKey(key: Uint8Array, at: number): void {
		const buffer = bufferOf(key, at, this.#keyLength);
		this.#cipher = new natives.BlockCipher("AES", buffer);
		new Uint8Array(buffer).fill(0);
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		const block = this.#block;
		copy(block, 0, bytes, at, at + BLOCK);
		keyed(this.#cipher).encrypt(block.buffer, block.buffer);
		for (let i = 0; i < 5; i++) out[i] = block[i];
	}
	wipe(): void {
		this.#cipher = undefined;
		wipe(this.#block);
	}
}

class NativeChaCha20Mask implements NumberMask {
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

export const nativeSha1: HashAlgorithm = Object.freeze({
	id: sha1,
	hashLength: 20,
	blockLength: 64,
	create: () => new NativeHash(1),
	createHmac: () => new NativeHmac(1),
});
export const nativeSha256: HashAlgorithm = Object.freeze({
	id: sha256,
	hashLength: 32,
	blockLength: 64,
	create: () => new NativeHash(256),
	createHmac: () => new NativeHmac(256),
});
export const nativeSha384: HashAlgorithm = Object.freeze({
	id: sha384,
	hashLength: 48,
	blockLength: 128,
	create: () => new NativeHash(384),
	createHmac: () => new NativeHmac(384),
});
export const nativeSha512: HashAlgorithm = Object.freeze({
	id: sha512,
	hashLength: 64,
	blockLength: 128,
	create: () => new NativeHash(512),
	createHmac: () => new NativeHmac(512),
});

// Costs: microseconds for a record of 1 KB on the Linux simulator (npm run bench -- crypto)
export const nativeAes128Gcm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_GCM,
	keyLength: 16,
	tagLength: 16,
	cost: 8,
	create: () => new NativeGcm(16),
	createNumberMask: () => new NativeAesMask(16),
});
export const nativeAes256Gcm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_GCM,
	keyLength: 32,
	tagLength: 16,
	cost: 10,
	create: () => new NativeGcm(32),
	createNumberMask: () => new NativeAesMask(32),
});
export const nativeAes128Ccm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_CCM,
	keyLength: 16,
	tagLength: 16,
	cost: 8,
	create: () => new NativeCcm(16, 16),
	createNumberMask: () => new NativeAesMask(16),
});
export const nativeAes256Ccm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_CCM,
	keyLength: 32,
	tagLength: 16,
	cost: 10,
	create: () => new NativeCcm(32, 16),
	createNumberMask: () => new NativeAesMask(32),
});
export const nativeAes128Ccm8: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_CCM_8,
	keyLength: 16,
	tagLength: 8,
	cost: 8,
	create: () => new NativeCcm(16, 8),
	createNumberMask: () => new NativeAesMask(16),
});
export const nativeAes256Ccm8: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_CCM_8,
	keyLength: 32,
	tagLength: 8,
	cost: 10,
	create: () => new NativeCcm(32, 8),
	createNumberMask: () => new NativeAesMask(32),
});
export const nativeChaCha20Poly1305: AeadAlgorithm = Object.freeze({
	id: AEAD_CHACHA20_POLY1305,
	keyLength: 32,
	tagLength: 16,
	cost: 3,
	create: () => new NativeChaCha20Poly1305(),
	createNumberMask: () => new NativeChaCha20Mask(),
});
export const nativeAes128Cbc: BlockCipherAlgorithm = Object.freeze({
	id: AES_128_CBC,
	keyLength: 16,
	blockLength: BLOCK,
	cost: 7,
	create: () => new NativeCbc(16),
});
export const nativeAes256Cbc: BlockCipherAlgorithm = Object.freeze({
	id: AES_256_CBC,
	keyLength: 32,
	blockLength: BLOCK,
	cost: 8,
	create: () => new NativeCbc(32),
});
