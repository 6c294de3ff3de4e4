// The pseudorandom function of TLS 1.2 (RFC 5246 section 5): P_hash with the suite's hash. Scratch memory is made
// once, in the constructor.

import { copy, wipe } from "../base/bytes.js";
import type { HashAlgorithm, Hmac } from "./types.js";

const SCRATCH = 64;

/**
 * The PRF with one hash.
 *
 *     const prf = new Prf(sha256Algorithm);
 *     prf.derive(preMasterSecret, 48, "master secret", randoms, 64, masterSecret, 0, 48);
 */
export class Prf {
	readonly #hmac: Hmac;
	readonly #hashLength: number;
	/** The label as bytes. */
	readonly #label = new Uint8Array(SCRATCH);
	/** A(i). */
	readonly #chain: Uint8Array;
	readonly #block: Uint8Array;

	constructor(hash: HashAlgorithm) {
		this.#hmac = hash.createHmac();
		this.#hashLength = hash.hashLength;
		this.#chain = new Uint8Array(hash.hashLength);
		this.#block = new Uint8Array(hash.hashLength);
	}

	/**
	 * PRF(secret, label, seed): length bytes to out from outAt on. The secret may have any length, the label is ASCII.
	 * out may be the secret's array, not the seed's.
	 */
	derive(secret: Uint8Array, secretLength: number, label: string, seed: Uint8Array, seedLength: number, out: Uint8Array, outAt: number, length: number): void {
		const hmac = this.#hmac;
		const hashLength = this.#hashLength;
		const chain = this.#chain;
		const end = outAt + length;
		hmac.setKey(secret, 0, secretLength);
		this.updateSeed(label, seed, seedLength);
		hmac.digest(chain, 0); // A(1)
		while (outAt < end) {
			hmac.update(chain, 0, hashLength);
			this.updateSeed(label, seed, seedLength);
			hmac.digest(this.#block, 0);
			const part = Math.min(end - outAt, hashLength);
			copy(out, outAt, this.#block, 0, part);
			outAt += part;
			if (outAt < end) {
				hmac.update(chain, 0, hashLength);
				hmac.digest(chain, 0);
			}
		}
	}

	/** Overwrites what is left of secrets; usable afterwards. */
	wipe(): void {
		this.#hmac.wipe();
		wipe(this.#chain);
		wipe(this.#block);
	}

	private updateSeed(label: string, seed: Uint8Array, seedLength: number): void {
		const bytes = this.#label;
		let at = 0;
		for (let i = 0; i < label.length; i++) {
			if (at === SCRATCH) {
				this.#hmac.update(bytes, 0, at);
				at = 0;
			}
			bytes[at++] = label.charCodeAt(i);
		}
		this.#hmac.update(bytes, 0, at);
		this.#hmac.update(seed, 0, seedLength);
	}
}
