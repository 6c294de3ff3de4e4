// Repeatable bytes for benches. Portable.

import type { Entropy } from "polltls/os/os";

/**
 * The same bytes at every start (xorshift32), never for real keys; made once, so that asking for some costs as little as
 * on a machine with a generator.
 */
export class BenchEntropy implements Entropy {
	readonly #pool = new Uint8Array(4096);
	#at = 0;

	constructor(seed: number) {
		let state = (0x9e3779b9 * seed) | 1;
		for (let i = 0; i < this.#pool.length; i++) {
			state ^= state << 13;
			state ^= state >>> 17;
			state ^= state << 5;
			this.#pool[i] = state;
		}
	}

	fill(bytes: Uint8Array, at: number, end: number): void {
		if (this.#at + end - at > this.#pool.length) this.#at = 0;
		bytes.set(this.#pool.subarray(this.#at, this.#at + end - at), at);
		this.#at += end - at;
	}
}
