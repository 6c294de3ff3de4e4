// The secret number of an ECDSA signature, sliced: deterministic from key and message (RFC 6979 3.2), hedged by fresh
// random bytes as additional input (RFC 6979 3.6), so that neither a bad generator nor a fault repeats one. For ecdsa-sign.ts.

import { NO_BYTES, wipe } from "../../base/bytes.js";
import type { HashAlgorithm, Hmac } from "../types.js";
import { decodeInteger } from "./integer.js";

/** What a keyed hash costs, in units of budget. */
const UNITS = 3;

// What comes next: the steps d to h of RFC 6979 3.2
const KEY = 0;
const VALUE = 1;
const CANDIDATE = 2;

/**
 * A number from 1 to order - 1. For orders whose length in bits is that of their bytes.
 *
 *     nonce.start(hash, order, privateKey, digest, extra);
 *     while (!nonce.done) left -= nonce.advance();
 *     const k = nonce.result;
 */
export class Nonce {
	result = 0n;
	done = true;
	#state = KEY;
	/** 0, 1; 2 after a candidate that was too large. */
	#round = 0;
	#order = 0n;
	#hmac: Hmac | undefined;
	#key: Uint8Array = NO_BYTES;
	#value: Uint8Array = NO_BYTES;
	#candidate: Uint8Array = NO_BYTES;
	/** How much of the candidate there is. */
	#at = 0;
	/** Private key, digest, extra. */
	#seed: Uint8Array = NO_BYTES;

	/**
	 * privateKey and digest are numbers as bytes of the order's length, the digest's one below the order (bits2octets);
	 * extra may be empty: then the result is that of RFC 6979 itself.
	 */
	start(hash: HashAlgorithm, order: bigint, privateKey: Uint8Array, digest: Uint8Array, extra: Uint8Array): void {
		this.wipe();
		const { hashLength } = hash;
		const { length } = privateKey;
		this.#hmac = hash.createHmac();
		this.#order = order;
		this.#key = new Uint8Array(hashLength);
		this.#value = new Uint8Array(hashLength).fill(1);
		this.#candidate = new Uint8Array(length);
		const seed = new Uint8Array(2 * length + extra.length);
		seed.set(privateKey);
		seed.set(digest, length);
		seed.set(extra, 2 * length);
		this.#seed = seed;
		this.#round = 0;
		this.#at = 0;
		this.#state = KEY;
		this.done = false;
	}

	/** One keyed hash; answers the units it took. */
	advance(): number {
		const hmac = this.#hmac!;
		const key = this.#key;
		const value = this.#value;
		const { length } = value;
		switch (this.#state) {
			case KEY:
				hmac.setKey(key, 0, length);
				hmac.update(value, 0, length);
				hmac.update(this.#round === 1 ? ONE : ZERO, 0, 1);
				if (this.#round < 2) hmac.update(this.#seed, 0, this.#seed.length);
				hmac.digest(key, 0);
				this.#state = VALUE;
				break;
			case VALUE:
				hmac.setKey(key, 0, length);
				hmac.update(value, 0, length);
				hmac.digest(value, 0);
				this.#state = this.#round === 0 ? KEY : CANDIDATE;
				this.#round++;
				break;
			default:
				hmac.update(value, 0, length);
				hmac.digest(value, 0);
				this.propose();
		}
		return UNITS;
	}

	private propose(): void {
		const candidate = this.#candidate;
		const { length } = candidate;
		const value = this.#value;
		const at = this.#at;
		const end = Math.min(at + value.length, length);
		candidate.set(value.subarray(0, end - at), at);
		this.#at = end;
		if (end < length) return;
		const k = decodeInteger(candidate, 0, length);
		if (k > 0n && k < this.#order) {
			this.wipe();
			this.result = k;
			return;
		}
		this.#at = 0;
		this.#round = 2;
		this.#state = KEY;
	}

	wipe(): void {
		this.#hmac?.wipe();
		this.#hmac = undefined;
		wipe(this.#key);
		wipe(this.#value);
		wipe(this.#candidate);
		wipe(this.#seed);
		this.#key = NO_BYTES;
		this.#value = NO_BYTES;
		this.#candidate = NO_BYTES;
		this.#seed = NO_BYTES;
		this.result = 0n;
		this.done = true;
	}
}

const ZERO: Readonly<Uint8Array> = new Uint8Array([0]);
const ONE: Readonly<Uint8Array> = new Uint8Array([1]);
