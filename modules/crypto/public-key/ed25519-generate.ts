// Ed25519 key pairs, sliced (RFC 8032 5.1.5). For whoever makes keys on the device.

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import { type GenerateJob, type HashAlgorithm, type Hashes, KEY_ED25519, type PrivateKey, type PublicKey, sha512 } from "../types.js";
import { BaseMultiply25519 } from "./base-multiply-25519.js";
import { expandSeed } from "./ed25519-hash.js";
import { encodePoint } from "./edwards25519.js";
import { privateKeyRefused } from "./outcome.js";

/**
 * A GenerateJob; needs SHA-512.
 *
 *     const job = new Ed25519Generate(registry);
 *     job.start(entropy, 0);
 *     while (job.step(8) === WORKING) ...
 *     keep(job.privateKey.bytes);              // the seed and the public key, 32 bytes each
 */
export class Ed25519Generate implements GenerateJob {
	readonly privateKey: PrivateKey = { type: KEY_ED25519, bytes: new Uint8Array(32) };
	readonly publicKey: PublicKey = { type: KEY_ED25519, bytes: new Uint8Array(32), at: 0, end: 32 };
	#outcome = privateKeyRefused(); // of a job without work
	readonly #multiply = new BaseMultiply25519();
	readonly #hash: HashAlgorithm;

	/** Throws if SHA-512 isn't registered. */
	constructor(hashes: Hashes) {
		const hash = hashes.hash(sha512);
		if (!hash) throw new Error("Ed25519 needs SHA-512");
		this.#hash = hash;
	}

	start(entropy: Entropy, _bits: number): void {
		const prefix = new Uint8Array(32);
		entropy.fill(this.privateKey.bytes, 0, 32);
		this.#multiply.start(expandSeed(this.#hash, this.privateKey.bytes, prefix), entropy, false);
		wipe(prefix);
		this.#outcome = WORKING;
	}

	step(budget: number): number {
		const multiply = this.#multiply;
		let left = budget;
		while (left > 0 && !multiply.done) left -= multiply.advance();
		if (this.#outcome === WORKING && multiply.done) {
			encodePoint(multiply.x, multiply.y, this.publicKey.bytes, 0);
			multiply.wipe();
			this.#outcome = DONE;
		}
		return this.#outcome;
	}

	wipe(): void {
		this.#multiply.wipe();
		wipe(this.privateKey.bytes);
		wipe(this.publicKey.bytes);
		this.#outcome = privateKeyRefused();
	}
}
