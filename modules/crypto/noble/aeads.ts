// AES-GCM, AES-CCM, AES-CCM-8 and ChaCha20-Poly1305 on @noble/ciphers, in place. GCM and CCM are ours over noble's
// block function and GHASH, because noble's own GCM expands the key and makes its tables anew for each record, and
// it has no CCM. For the noble provider (desktop and tests).

import { Poly1305 } from "@noble/ciphers/_poly1305.js";
import { GHASH } from "@noble/ciphers/_polyval.js";
import { chacha20, hchacha } from "@noble/ciphers/chacha.js";
import { equalConstantTime, wipe } from "../../base/bytes.js";
import type { Ghash } from "../block-modes.js";
import { CcmAead } from "../ccm.js";
import { GcmAead } from "../gcm.js";
import {
	AEAD_AES_128_CCM,
	AEAD_AES_128_CCM_8,
	AEAD_AES_128_GCM,
	AEAD_AES_256_CCM,
	AEAD_AES_256_CCM_8,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20_POLY1305,
	type Aead,
	type AeadAlgorithm,
	type NumberMask,
} from "../types.js";
import { NobleAesBlocks } from "./aes-blocks.js";

/** Makes noble choose 4-bit windows: 512 entries, made once per key. */
const EXPECTED_LENGTH = 2048;

/** noble's GHASH, restarted instead of made anew, reading its blocks in place. */
class RestartableGhash extends GHASH {
	begin(): void {
		this.s0 = 0;
		this.s1 = 0;
		this.s2 = 0;
		this.s3 = 0;
	}

	blocks(bytes: Uint8Array, at: number, end: number): void {
		for (; at < end; at += 16) {
			this._updateBlock(
				bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24),
				bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24),
				bytes[at + 8] | (bytes[at + 9] << 8) | (bytes[at + 10] << 16) | (bytes[at + 11] << 24),
				bytes[at + 12] | (bytes[at + 13] << 8) | (bytes[at + 14] << 16) | (bytes[at + 15] << 24),
			);
		}
	}

	write(out: Uint8Array): void {
		const words = [this.s0, this.s1, this.s2, this.s3];
		for (let i = 0; i < 16; i++) out[i] = words[i >> 2] >> ((i & 3) * 8);
	}
}

class NobleGhash implements Ghash {
	#ghash: RestartableGhash | undefined;
	/** A block filled up with zeros. */
	readonly #block = new Uint8Array(16);

	setKey(h: Uint8Array): void {
		this.wipe();
		this.#ghash = new RestartableGhash(h, EXPECTED_LENGTH);
	}
	hash(additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number, out: Uint8Array): void {
		const ghash = this.#ghash;
		if (ghash === undefined) throw new Error("no key");
		ghash.begin();
		this.update(ghash, additional, 0, additionalLength);
		this.update(ghash, bytes, at, end);
		const block = this.#block;
		block.fill(0);
		writeBits(block, 0, additionalLength);
		writeBits(block, 8, end - at);
		ghash.blocks(block, 0, 16);
		ghash.write(out);
	}
	wipe(): void {
		this.#ghash?.destroy();
		this.#ghash = undefined;
		wipe(this.#block);
	}
	private update(ghash: RestartableGhash, bytes: Uint8Array, at: number, end: number): void {
		const wholeEnd = end - ((end - at) & 15);
		ghash.blocks(bytes, at, wholeEnd);
		if (wholeEnd === end) return;
		const block = this.#block;
		block.fill(0);
		for (let i = wholeEnd; i < end; i++) block[i - wholeEnd] = bytes[i];
		ghash.blocks(block, 0, 16);
	}
}

/** The 64-bit count of bits in length bytes, big-endian, into zeros: no record comes near 2^37 bits. */
function writeBits(block: Uint8Array, at: number, length: number): void {
	block[at + 3] = length >>> 29;
	block[at + 4] = length >>> 21;
	block[at + 5] = length >>> 13;
	block[at + 6] = length >>> 5;
	block[at + 7] = length << 3;
}

const POLY1305_TAG = 16;

class NobleChaCha20Poly1305 implements Aead {
	readonly #key = new Uint8Array(32);
	readonly #nonce = new Uint8Array(12);
	readonly #block = new Uint8Array(32);
	readonly #tag = new Uint8Array(POLY1305_TAG);
	readonly #zeros = new Uint8Array(32);

	setKey(key: Uint8Array, at: number): void {
		for (let i = 0; i < 32; i++) this.#key[i] = key[at + i];
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		this.takeNonce(nonce);
		const text = bytes.subarray(at, end);
		chacha20(this.#key, this.#nonce, text, text, 1);
		this.authenticate(additional, additionalLength, text);
		bytes.set(this.#tag, end);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const textEnd = end - POLY1305_TAG;
		if (textEnd < at) return false;
		this.takeNonce(nonce);
		const text = bytes.subarray(at, textEnd);
		this.authenticate(additional, additionalLength, text);
		if (equalConstantTime(this.#tag, 0, bytes, textEnd, POLY1305_TAG) === 0) return false;
		chacha20(this.#key, this.#nonce, text, text, 1);
		return true;
	}

	wipe(): void {
		wipe(this.#key);
		wipe(this.#block);
		wipe(this.#tag);
	}

	private takeNonce(nonce: Uint8Array): void {
		for (let i = 0; i < 12; i++) this.#nonce[i] = nonce[i];
	}

	/** tag = Poly1305 of additional, text and their lengths (RFC 8439 2.8) under the key of stream block 0. */
	private authenticate(additional: Uint8Array, additionalLength: number, text: Uint8Array): void {
		const block = this.#block;
		chacha20(this.#key, this.#nonce, this.#zeros, block, 0);
		const poly1305 = new Poly1305(block);
		poly1305.update(additionalLength === additional.length ? additional : additional.subarray(0, additionalLength));
		this.pad(poly1305, additionalLength);
		poly1305.update(text);
		this.pad(poly1305, text.length);
		block.fill(0);
		writeLength(block, 0, additionalLength);
		writeLength(block, 8, text.length);
		poly1305.update(block.subarray(0, 16));
		poly1305.digestInto(this.#tag);
		poly1305.destroy();
	}

	private pad(poly1305: Poly1305, length: number): void {
		const rest = length & 15;
		if (rest > 0) poly1305.update(this.#zeros.subarray(rest, 16));
	}
}

function writeLength(block: Uint8Array, at: number, length: number): void {
	block[at] = length;
	block[at + 1] = length >>> 8;
	block[at + 2] = length >>> 16;
	block[at + 3] = length >>> 24;
}

class NobleAesMask implements NumberMask {
	readonly #blocks: NobleAesBlocks;
	readonly #block = new Uint8Array(16);

	constructor(keyLength: number) {
		this.#blocks = new NobleAesBlocks(keyLength);
	}

	setKey(key: Uint8Array, at: number): void {
		this.#blocks.setKey(key, at);
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		const block = this.#block;
		for (let i = 0; i < 16; i++) block[i] = bytes[at + i];
		this.#blocks.encryptBlock(block);
		for (let i = 0; i < 5; i++) out[i] = block[i];
	}
	wipe(): void {
		this.#blocks.wipe();
		wipe(this.#block);
	}
}

/** "expand 32-byte k" as little-endian words (RFC 8439 2.3). */
const SIGMA_0 = 0x61707865;
const SIGMA_1 = 0x3320646e;

/**
 * ChaCha20 with the sample's first 4 bytes as counter. Through HChaCha20, the same permutation without the final
 * addition, because noble's chacha20 refuses the counter 2^32 - 1, which a sample may well hold.
 */
class NobleChaCha20Mask implements NumberMask {
	readonly #sigma = new Uint32Array([SIGMA_0, SIGMA_1, 0x79622d32, 0x6b206574]);
	readonly #key = new Uint32Array(8);
	readonly #sample = new Uint32Array(4);
	readonly #out = new Uint32Array(8);

	setKey(key: Uint8Array, at: number): void {
		readWords(key, at, this.#key);
	}
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void {
		readWords(bytes, at, this.#sample);
		hchacha(this.#sigma, this.#key, this.#sample, this.#out);
		const first = this.#out[0] + SIGMA_0;
		out[0] = first;
		out[1] = first >> 8;
		out[2] = first >> 16;
		out[3] = first >> 24;
		out[4] = this.#out[1] + SIGMA_1;
	}
	wipe(): void {
		this.#key.fill(0);
		this.#out.fill(0);
	}
}

function readWords(bytes: Uint8Array, at: number, words: Uint32Array): void {
	for (let i = 0; i < words.length; i++, at += 4) words[i] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

// Costs: microseconds for a record of 1 KB on Node
export const nobleAes128Gcm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_GCM,
	keyLength: 16,
	tagLength: 16,
	cost: 20,
	create: () => new GcmAead(new NobleAesBlocks(16), new NobleGhash()),
	createNumberMask: () => new NobleAesMask(16),
});

export const nobleAes256Gcm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_GCM,
	keyLength: 32,
	tagLength: 16,
	cost: 22,
	create: () => new GcmAead(new NobleAesBlocks(32), new NobleGhash()),
	createNumberMask: () => new NobleAesMask(32),
});

export const nobleAes128Ccm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_CCM,
	keyLength: 16,
	tagLength: 16,
	cost: 18,
	create: () => new CcmAead(new NobleAesBlocks(16), 16),
	createNumberMask: () => new NobleAesMask(16),
});

export const nobleAes256Ccm: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_CCM,
	keyLength: 32,
	tagLength: 16,
	cost: 23,
	create: () => new CcmAead(new NobleAesBlocks(32), 16),
	createNumberMask: () => new NobleAesMask(32),
});

export const nobleAes128Ccm8: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_128_CCM_8,
	keyLength: 16,
	tagLength: 8,
	cost: 18,
	create: () => new CcmAead(new NobleAesBlocks(16), 8),
	createNumberMask: () => new NobleAesMask(16),
});

export const nobleAes256Ccm8: AeadAlgorithm = Object.freeze({
	id: AEAD_AES_256_CCM_8,
	keyLength: 32,
	tagLength: 8,
	cost: 23,
	create: () => new CcmAead(new NobleAesBlocks(32), 8),
	createNumberMask: () => new NobleAesMask(32),
});

export const nobleChaCha20Poly1305: AeadAlgorithm = Object.freeze({
	id: AEAD_CHACHA20_POLY1305,
	keyLength: 32,
	tagLength: POLY1305_TAG,
	cost: 15,
	create: () => new NobleChaCha20Poly1305(),
	createNumberMask: () => new NobleChaCha20Mask(),
});
