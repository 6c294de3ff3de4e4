// The pseudorandom function of TLS 1.2 (RFC 5246 section 5): P_hash with the suite's hash. Scratch memory is made
// once, in the constructor.

import { copy, wipe } from "../base/bytes.js";
import type { HashAlgorithm, Hmac } from "./types.js";

/** Room for the label and the seed of all of TLS itself; an exporter's context may be longer. */
const LABEL_AND_SEED = 96;

/**
 * The PRF with one hash. A secret is good until the next: its HMAC is keyed once for all that is derived from it.
 *
 *     const prf = new Prf(sha256Algorithm);
 *     prf.setSecret(preMasterSecret, 48);
 *     prf.derive(MASTER_SECRET, randoms, 64, masterSecret, 0, 48);
 */
export class Prf {
	readonly #hmac: Hmac;
	readonly #hashLength: number;
	/** A(i), the label and the seed: what each block is the HMAC of, in one piece. */
	#input: Uint8Array;
	/** The last block, which is cut off. */
	readonly #block: Uint8Array;

	constructor(hash: HashAlgorithm) {
		this.#hmac = hash.createHmac();
		this.#hashLength = hash.hashLength;
		this.#input = new Uint8Array(hash.hashLength + LABEL_AND_SEED);
		this.#block = new Uint8Array(hash.hashLength);
	}

	/** Takes the secret of what is derived from now on, of any length; the array is the caller's again. */
	setSecret(secret: Uint8Array, length: number): void {
		this.#hmac.setKey(secret, 0, length);
	}

	/** PRF(secret, label, seed): length bytes to out from outAt on. Labels: crypto/labels; out may be the secret's array or the seed's. */
	derive(label: Readonly<Uint8Array>, seed: Uint8Array, seedLength: number, out: Uint8Array, outAt: number, length: number): void {
		const hmac = this.#hmac;
		const hashLength = this.#hashLength;
		const inputEnd = this.join(label, seed, seedLength);
		const input = this.#input;
		const end = outAt + length;
		hmac.update(input, hashLength, inputEnd);
		for (;;) {
			hmac.digest(input, 0); // A(i)
			hmac.update(input, 0, inputEnd);
			const rest = end - outAt;
			if (rest < hashLength) {
				hmac.digest(this.#block, 0);
				copy(out, outAt, this.#block, 0, rest);
				return;
			}
			hmac.digest(out, outAt);
			outAt += hashLength;
			if (outAt === end) return;
			hmac.update(input, 0, hashLength);
		}
	}

	/** Overwrites what is left of secrets; usable again after setSecret. */
	wipe(): void {
		this.#hmac.wipe();
		wipe(this.#input);
		wipe(this.#block);
	}

	/** Puts label and seed behind the room for A(i); answers where they end. */
	private join(label: Readonly<Uint8Array>, seed: Uint8Array, seedLength: number): number {
		const at = this.#hashLength;
		const seedAt = at + label.length;
		const end = seedAt + seedLength;
		if (end > this.#input.length) {
			wipe(this.#input);
			this.#input = new Uint8Array(end);
		}
		const input = this.#input;
		input.set(label, at);
		copy(input, seedAt, seed, 0, seedLength);
		return end;
	}
}
