// AES-CCM (RFC 3610, RFC 5116 5.3, RFC 6655) over a block cipher: a 12-byte nonce, so messages of up to 2^24 - 1
// bytes, and a tag of 16 or 8 bytes. For providers without a CCM of their own.

import { copy, equalConstantTime, wipe } from "../base/bytes.js";
import type { BlockModes } from "./block-modes.js";
import type { Aead } from "./types.js";

const BLOCK = 16;
const NONCE = 12;
/** The nonce leaves 3 bytes for the message's length (L of RFC 3610 section 2). */
const LENGTH_OF_LENGTH = 3;
const MAXIMUM_LENGTH = 0xffffff;
/** From this length on additional data needs another form of length (RFC 3610 2.2); TLS has 5 to 300 bytes. */
const MAXIMUM_ADDITIONAL = 0xfeff;

/**
 * CCM in place.
 *
 *     const aead = new CcmAead(new AesBlocks(16), 8);
 *     aead.setKey(key, 0);
 *     aead.seal(nonce, header, 5, record, 5, 5 + length);   // the tag goes to the 8 bytes behind it
 */
export class CcmAead implements Aead {
	readonly #modes: BlockModes;
	readonly #tagLength: number;
	/** The running CBC-MAC, at the end the tag. */
	readonly #tag = new Uint8Array(BLOCK);
	/** The counter block A_i, at the end E(A_0). */
	readonly #counter = new Uint8Array(BLOCK);
	/** A block filled up with zeros. */
	readonly #block = new Uint8Array(BLOCK);

	constructor(modes: BlockModes, tagLength: number) {
		this.#modes = modes;
		this.#tagLength = tagLength;
	}

	setKey(key: Uint8Array, at: number): void {
		this.#modes.setKey(key, at);
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		this.#authenticate(nonce, additional, additionalLength, bytes, at, end);
		this.#crypt(nonce, bytes, at, end);
		this.#maskTag();
		copy(bytes, end, this.#tag, 0, this.#tagLength);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const textEnd = end - this.#tagLength;
		if (textEnd < at) return false;
		this.#crypt(nonce, bytes, at, textEnd); // first, because the tag is over the plaintext
		this.#authenticate(nonce, additional, additionalLength, bytes, at, textEnd);
		this.#maskTag();
		return equalConstantTime(this.#tag, 0, bytes, textEnd, this.#tagLength) === 1;
	}

	wipe(): void {
		this.#modes.wipe();
		wipe(this.#tag);
		wipe(this.#counter);
		wipe(this.#block);
	}

	/** tag = the CBC-MAC of the formatted input (RFC 3610 2.2), not yet encrypted. */
	#authenticate(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const length = end - at;
		if (length > MAXIMUM_LENGTH || additionalLength > MAXIMUM_ADDITIONAL) throw new RangeError("CCM: too long");
		const tag = this.#tag;
		const block = this.#block;
		// B_0: flags, nonce, length
		tag[0] = (additionalLength > 0 ? 0x40 : 0) | (((this.#tagLength - 2) / 2) << 3) | (LENGTH_OF_LENGTH - 1);
		copy(tag, 1, nonce, 0, NONCE);
		tag[13] = length >> 16;
		tag[14] = length >> 8;
		tag[15] = length;
		this.#modes.encryptBlock(tag);
		if (additionalLength > 0) {
			const first = Math.min(additionalLength, BLOCK - 2);
			block[0] = additionalLength >> 8;
			block[1] = additionalLength;
			copy(block, 2, additional, 0, first);
			block.fill(0, 2 + first);
			this.#modes.chain(tag, block, 0, BLOCK);
			this.#chain(additional, first, additionalLength);
		}
		this.#chain(bytes, at, end);
	}

	/** Chains [at, end), filled up with zeros to a whole block. */
	#chain(bytes: Uint8Array, at: number, end: number): void {
		const rest = (end - at) & (BLOCK - 1);
		if (end - rest > at) this.#modes.chain(this.#tag, bytes, at, end - rest);
		if (rest > 0) {
			const block = this.#block;
			copy(block, 0, bytes, end - rest, end);
			block.fill(0, rest);
			this.#modes.chain(this.#tag, block, 0, BLOCK);
		}
	}

	/** En- or decrypts [at, end), and leaves E(A_0) in counter. */
	#crypt(nonce: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		const counter = this.#counter;
		counter[0] = LENGTH_OF_LENGTH - 1;
		copy(counter, 1, nonce, 0, NONCE);
		counter.fill(0, 13);
		counter[15] = 1;
		this.#modes.counter(counter, bytes, at, end);
		counter[0] = LENGTH_OF_LENGTH - 1;
		copy(counter, 1, nonce, 0, NONCE);
		counter.fill(0, 13);
		this.#modes.encryptBlock(counter);
	}

	#maskTag(): void {
		const tag = this.#tag;
		const mask = this.#counter;
		for (let i = 0; i < BLOCK; i++) tag[i] ^= mask[i];
	}
}
