// AES-GCM (NIST SP 800-38D, RFC 5116 5.1) over a block cipher and a GHASH: a 12-byte nonce, a 16-byte tag. For
// providers without a GCM of their own.

import { copy, equalConstantTime, wipe } from "../base/bytes.js";
import type { BlockModes, Ghash } from "./block-modes.js";
import type { Aead } from "./types.js";

const BLOCK = 16;
const NONCE = 12;

/**
 * GCM in place.
 *
 *     const aead = new GcmAead(new AesBlocks(16), new NobleGhash());
 *     aead.setKey(key, 0);
 *     if (!aead.open(nonce, header, 5, record, 5, 5 + length)) return BAD_RECORD_MAC;
 */
export class GcmAead implements Aead {
	readonly #modes: BlockModes;
	readonly #ghash: Ghash;
	/** The counter block: the nonce and a number (SP 800-38D 7.1); 1 is J_0, for the tag, from 2 on it is the text's. */
	readonly #counter = new Uint8Array(BLOCK);
	readonly #tag = new Uint8Array(BLOCK);

	constructor(modes: BlockModes, ghash: Ghash) {
		this.#modes = modes;
		this.#ghash = ghash;
	}

	setKey(key: Uint8Array, at: number): void {
		this.#modes.setKey(key, at);
		const h = this.#tag;
		h.fill(0);
		this.#modes.encryptBlock(h);
		this.#ghash.setKey(h);
		wipe(h);
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const tag = this.#tag;
		this.startCounter(nonce, 2);
		this.#modes.xor(bytes, at, end);
		this.#ghash.hash(additional, additionalLength, bytes, at, end, tag);
		this.startCounter(nonce, 1);
		this.#modes.xor(tag, 0, BLOCK);
		copy(bytes, end, tag, 0, BLOCK);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const tag = this.#tag;
		const textEnd = end - BLOCK;
		if (textEnd < at) return false;
		this.#ghash.hash(additional, additionalLength, bytes, at, textEnd, tag);
		this.startCounter(nonce, 1);
		this.#modes.xor(tag, 0, BLOCK);
		if (equalConstantTime(tag, 0, bytes, textEnd, BLOCK) === 0) return false;
		this.#modes.xor(bytes, at, textEnd);
		return true;
	}

	wipe(): void {
		this.#modes.wipe();
		this.#ghash.wipe();
		wipe(this.#tag);
	}

	private startCounter(nonce: Uint8Array, number: number): void {
		const counter = this.#counter;
		copy(counter, 0, nonce, 0, NONCE);
		counter[15] = number; // what stands between is never written: it is 0
		this.#modes.startCounter(counter);
	}
}
