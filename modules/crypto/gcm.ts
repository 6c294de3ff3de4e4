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
	/** The counter block. */
	readonly #counter = new Uint8Array(BLOCK);
	/** The hash key, E(J_0). */
	readonly #block = new Uint8Array(BLOCK);
	readonly #tag = new Uint8Array(BLOCK);

	constructor(modes: BlockModes, ghash: Ghash) {
		this.#modes = modes;
		this.#ghash = ghash;
	}

	setKey(key: Uint8Array, at: number): void {
		this.#modes.setKey(key, at);
		const block = this.#block;
		block.fill(0);
		this.#modes.encryptBlock(block);
		this.#ghash.setKey(block);
		wipe(block);
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		this.#crypt(nonce, bytes, at, end);
		this.#authenticate(nonce, additional, additionalLength, bytes, at, end);
		copy(bytes, end, this.#tag, 0, BLOCK);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const textEnd = end - BLOCK;
		if (textEnd < at) return false;
		this.#authenticate(nonce, additional, additionalLength, bytes, at, textEnd);
		if (equalConstantTime(this.#tag, 0, bytes, textEnd, BLOCK) === 0) return false;
		this.#crypt(nonce, bytes, at, textEnd);
		return true;
	}

	wipe(): void {
		this.#modes.wipe();
		this.#ghash.wipe();
		wipe(this.#counter);
		wipe(this.#block);
		wipe(this.#tag);
	}

	/** XORs the stream that begins at J_0 + 1, where J_0 is the nonce and a 1 (SP 800-38D 7.1). */
	#crypt(nonce: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		const counter = this.#counter;
		copy(counter, 0, nonce, 0, NONCE);
		counter.fill(0, NONCE);
		counter[15] = 2;
		this.#modes.counter(counter, bytes, at, end);
	}

	/** tag = GHASH(additional, ciphertext) ^ E(J_0). */
	#authenticate(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const block = this.#block;
		const tag = this.#tag;
		this.#ghash.hash(additional, additionalLength, bytes, at, end, tag);
		copy(block, 0, nonce, 0, NONCE);
		block.fill(0, NONCE);
		block[15] = 1;
		this.#modes.encryptBlock(block);
		for (let i = 0; i < BLOCK; i++) tag[i] ^= block[i];
	}
}
