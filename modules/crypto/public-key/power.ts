// Powers modulo 2^255 - 19 with a fixed exponent, sliced: square roots on edwards25519. For edwards-decode.ts.

import { field25519, shift255, shift256, twice25519 } from "./curve25519.js";

/** Multiplications in one unit of budget. */
const PER_UNIT = 8;

/**
 * base ^ exponent, where the exponent is an addition chain: rows of three bytes (squarings, factor, target). A
 * row squares the result so often, multiplies it by the register factor, and keeps it in the register target; 255 stands
 * for no factor and no target. Register 0 and the first result are the base.
 *
 *     power.start(x, chain);
 *     while (!power.done) left -= power.advance();
 *     const y = power.result;
 */
export class Power {
	/** From 0 to a little above p. */
	result = 0n;
	done = true;
	#chain: Readonly<Uint8Array> = NO_CHAIN;
	#at = 0;
	#squarings = 0;
	readonly #registers: bigint[] = [];

	start(base: bigint, chain: Readonly<Uint8Array>): void {
		this.#chain = chain;
		this.#at = 0;
		this.#squarings = chain[0];
		this.#registers[0] = base;
		this.result = base;
		this.done = false;
	}

	/** Goes on for one unit; answers 1. */
	advance(): number {
		const { p } = field25519;
		const shift = shift256;
		const twice = twice25519;
		const top = shift255;
		const chain = this.#chain;
		let result = this.result;
		let squarings = this.#squarings;
		let at = this.#at;
		for (let i = PER_UNIT; i > 0 && at < chain.length; i--) {
			if (squarings > 0) {
				let t = result * result;
				t -= (t >> shift) * twice;
				result = t - (t >> top) * p;
				squarings--;
				if (squarings > 0 || chain[at + 1] !== 255) continue;
			} else if (chain[at + 1] !== 255) {
				let t = result * this.#registers[chain[at + 1]];
				t -= (t >> shift) * twice;
				result = t - (t >> top) * p;
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
	}
}

const NO_CHAIN: Readonly<Uint8Array> = new Uint8Array(0);
