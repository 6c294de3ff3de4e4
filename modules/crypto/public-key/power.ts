// Powers with a fixed exponent, sliced: square roots on edwards25519. For ed25519-point.ts.

import type { Modulus } from "./modulus.js";

/** Multiplications in one unit of budget. */
const PER_UNIT = 8;

/**
 * base ^ exponent modulo p, where the exponent is an addition chain: rows of three bytes (squarings, factor, target). A
 * row squares the result so often, multiplies it by the register factor, and keeps it in the register target; 255 stands
 * for no factor and no target. Register 0 and the first result are the base.
 *
 *     power.start(field, x, chain);
 *     while (!power.done) left -= power.advance();
 *     const y = power.result;
 */
export class Power {
	/** From a little below 0 to a little above p. */
	result = 0n;
	done = true;
	#modulus: Modulus | undefined;
	#chain: Readonly<Uint8Array> = NO_CHAIN;
	#at = 0;
	#squarings = 0;
	readonly #registers: bigint[] = [];

	start(modulus: Modulus, base: bigint, chain: Readonly<Uint8Array>): void {
		this.#modulus = modulus;
		this.#chain = chain;
		this.#at = 0;
		this.#squarings = chain[0];
		this.#registers[0] = base;
		this.result = base;
		this.done = false;
	}

	/** Goes on for one unit; answers 1. */
	advance(): number {
		const { p, mu, low, high } = this.#modulus!;
		const chain = this.#chain;
		let result = this.result;
		let squarings = this.#squarings;
		let at = this.#at;
		for (let i = PER_UNIT; i > 0 && at < chain.length; i--) {
			if (squarings > 0) {
				const t = result * result;
				result = t - (((t >> low) * mu) >> high) * p;
				squarings--;
				if (squarings > 0 || chain[at + 1] !== 255) continue;
			} else if (chain[at + 1] !== 255) {
				const t = result * this.#registers[chain[at + 1]];
				result = t - (((t >> low) * mu) >> high) * p;
			}
			if (chain[at + 2] !== 255) this.#registers[chain[at + 2]] = result;
			at += 3;
			squarings = chain[at];
		}
		this.result = result;
		this.#squarings = squarings;
		this.#at = at;
		this.done = at >= chain.length;
		return 1;
	}

	/** Forgets the numbers. The engine's copies of BigInts can't be overwritten; they go with its next collection. */
	wipe(): void {
		this.#registers.fill(0n);
		this.result = 0n;
		this.done = true;
		this.#modulus = undefined;
	}
}

const NO_CHAIN: Readonly<Uint8Array> = new Uint8Array(0);
