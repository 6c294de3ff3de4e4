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
	/** B_0, and the first block of additional data with its length (RFC 3610 2.2). */
	readonly #head = new Uint8Array(2 * BLOCK);
	/** The counter block A_0 (2.3). */
	readonly #counter = new Uint8Array(BLOCK);
	/** A block filled up with zeros. */
	readonly #block = new Uint8Array(BLOCK);
	readonly #tag = new Uint8Array(BLOCK);
	/** As much of the tag as goes on the wire. */
	readonly #sentTag: Uint8Array;
	/** The tag that came, decrypted. */
	readonly #received = new Uint8Array(BLOCK);

	constructor(modes: BlockModes, tagLength: number) {
		this.#modes = modes;
		this.#tagLength = tagLength;
		this.#sentTag = this.#tag.subarray(0, tagLength);
		this.#counter[0] = LENGTH_OF_LENGTH - 1;
	}

	setKey(key: Uint8Array, at: number): void {
		this.#modes.setKey(key, at);
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const modes = this.#modes;
		this.authenticate(nonce, additional, additionalLength, bytes, at, end);
		copy(this.#counter, 1, nonce, 0, NONCE);
		modes.startCounter(this.#counter);
		modes.xor(this.#tag, 0, BLOCK); // with E(A_0), the text with E(A_1) and so on
		modes.xor(bytes, at, end);
		bytes.set(this.#sentTag, end);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const modes = this.#modes;
		const received = this.#received;
		const textEnd = end - this.#tagLength;
		if (textEnd < at) return false;
		copy(this.#counter, 1, nonce, 0, NONCE);
		modes.startCounter(this.#counter);
		copy(received, 0, bytes, textEnd, end);
		modes.xor(received, 0, BLOCK);
		modes.xor(bytes, at, textEnd); // first, because the tag is over the plaintext
		this.authenticate(nonce, additional, additionalLength, bytes, at, textEnd);
		return equalConstantTime(this.#tag, 0, received, 0, this.#tagLength) === 1;
	}

	wipe(): void {
		this.#modes.wipe();
		wipe(this.#block);
		wipe(this.#tag);
		wipe(this.#received);
	}

	/** tag = the CBC-MAC of the formatted input (RFC 3610 2.2), not yet encrypted. */
	private authenticate(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const length = end - at;
		if (length > MAXIMUM_LENGTH || additionalLength > MAXIMUM_ADDITIONAL) throw new RangeError("CCM: too long");
		const modes = this.#modes;
		const head = this.#head;
		copy(head, 1, nonce, 0, NONCE);
		head[0] = (((this.#tagLength - 2) / 2) << 3) | (LENGTH_OF_LENGTH - 1);
		head[13] = length >> 16;
		head[14] = length >> 8;
		head[15] = length;
		modes.startChain();
		if (additionalLength > 0) {
			const first = Math.min(additionalLength, BLOCK - 2);
			head[0] |= 0x40;
			head[16] = additionalLength >> 8;
			head[17] = additionalLength;
			head.fill(0, 18);
			copy(head, 18, additional, 0, first);
			modes.chain(head, 0, 2 * BLOCK);
			this.chain(additional, first, additionalLength);
		} else modes.chain(head, 0, BLOCK);
		this.chain(bytes, at, end);
		modes.endChain(this.#tag);
	}

	/** Chains [at, end), filled up with zeros to a whole block. */
	private chain(bytes: Uint8Array, at: number, end: number): void {
		const rest = (end - at) & (BLOCK - 1);
		const wholeEnd = end - rest;
		if (wholeEnd > at) this.#modes.chain(bytes, at, wholeEnd);
		if (rest === 0) return;
		const block = this.#block;
		block.fill(0);
		copy(block, 0, bytes, wholeEnd, end);
		this.#modes.chain(block, 0, BLOCK);
	}
}
