// ChaCha20-Poly1305 (RFC 8439 section 2.8) over a ChaCha20 of the provider's and the Poly1305 of ours. For providers
// that have the stream cipher only.

import { copy, equalConstantTime } from "../base/bytes.js";
import { Poly1305 } from "./poly1305.js";
import type { Aead } from "./types.js";

/** ChaCha20 (RFC 8439 section 2.4) under one key. */
export interface ChaCha20Stream {
	/** Takes the 32 bytes of the key from at on. */
	setKey(key: Uint8Array, at: number): void;
	/** XORs [at, end) with the stream of this 12-byte nonce from this block (below 2^31) on. nonce is an array of its own. */
	xor(nonce: Uint8Array, block: number, bytes: Uint8Array, at: number, end: number): void;
	wipe(): void;
}

const KEY = 32;
const NONCE = 12;
const TAG = 16;

/**
 * ChaCha20-Poly1305 in place.
 *
 *     const aead = new ChaCha20Poly1305Aead(new NativeChaCha20());
 *     aead.setKey(key, 0);
 *     if (!aead.open(nonce, header, 5, record, 5, 5 + length)) return BAD_RECORD_MAC;
 */
export class ChaCha20Poly1305Aead implements Aead {
	readonly #stream: ChaCha20Stream;
	readonly #poly1305 = new Poly1305();
	readonly #nonce = new Uint8Array(NONCE);

	constructor(stream: ChaCha20Stream) {
		this.#stream = stream;
	}

	setKey(key: Uint8Array, at: number): void {
		this.#stream.setKey(key, at);
	}

	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		this.begin(nonce);
		if (end > at) this.#stream.xor(this.#nonce, 1, bytes, at, end);
		this.#poly1305.mac(additional, additionalLength, bytes, at, end);
		copy(bytes, end, this.#poly1305.tag, 0, TAG);
	}

	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		const textEnd = end - TAG;
		if (textEnd < at) return false;
		this.begin(nonce);
		this.#poly1305.mac(additional, additionalLength, bytes, at, textEnd);
		if (equalConstantTime(this.#poly1305.tag, 0, bytes, textEnd, TAG) === 0) return false;
		if (textEnd > at) this.#stream.xor(this.#nonce, 1, bytes, at, textEnd);
		return true;
	}

	wipe(): void {
		this.#stream.wipe();
		this.#poly1305.wipe();
	}

	/** The one-time key is the beginning of block 0 of the stream (2.6). */
	private begin(nonce: Uint8Array): void {
		copy(this.#nonce, 0, nonce, 0, NONCE);
		const { key } = this.#poly1305;
		key.fill(0);
		this.#stream.xor(this.#nonce, 0, key, 0, KEY);
	}
}
