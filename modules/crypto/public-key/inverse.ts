// Inverses modulo a prime, sliced: Lehmer's form of Euclid's algorithm (Knuth, TAOCP 2, 4.5.2 algorithm L) on leading
// digits that are floating-point numbers. For the elliptic curves; a quarter of the time of a power by Fermat on XS.
//
// Takes its time by the numbers. A secret goes in multiplied by a fresh random number (blind), which is uniform and tells
// nothing; the inverse of the product times the blind is the secret's inverse.

import { canonical, type Modulus, reduce } from "./modulus.js";

/** What leading digits are good for: a round ends where the numbers are so much smaller than at its start. */
const ROUND = 2 ** -26;
const MULTIPLIER_LIMIT = 2 ** 27;

/**
 * 1 / a modulo p; a not congruent to 0 (0 ends too, with any result).
 *
 *     inverse.start(field, z, blind);       // blind: 1 for public numbers
 *     while (!inverse.done) left -= inverse.advance();
 *     const x = canonical(field, sumX * inverse.result);
 */
export class Inverse {
	/** From 0 to p - 1. */
	result = 0n;
	done = true;
	#modulus: Modulus | undefined;
	#blind = 0n;
	/** Two consecutive remainders of Euclid's algorithm, and what a is to be multiplied by to be congruent to them. */
	#u = 0n;
	#v = 0n;
	#uFactor = 0n;
	#vFactor = 0n;

	start(modulus: Modulus, a: bigint, blind: bigint): void {
		this.#modulus = modulus;
		this.#blind = blind;
		this.#u = modulus.p;
		this.#v = canonical(modulus, a * blind);
		this.#uFactor = 0n;
		this.#vFactor = 1n;
		this.done = false;
	}

	/** One round, of about 26 bits; answers the units it took. */
	advance(): number {
		const u = this.#u;
		const v = this.#v;
		if (v === 0n) return this.finish();
		// Euclid's steps on approximations, as a matrix: (u, v) -> (a u + b v, c u + d v). A quotient that is off by one is
		// as good as the right one, but for a sign.
		let x = Number(u);
		let y = Number(v);
		const end = x * ROUND;
		let a = 1;
		let b = 0;
		let c = 0;
		let d = 1;
		while (y > end) {
			const q = (x / y) | 0; // below 2^26, as y > end
			let t = x - q * y;
			x = y;
			y = t;
			t = a - q * c;
			a = c;
			c = t;
			t = b - q * d;
			b = d;
			d = t;
			if (d > MULTIPLIER_LIMIT || -d > MULTIPLIER_LIMIT) break;
		}
		if (b === 0) this.divide(u, v);
		else this.apply(BigInt(a), BigInt(b), BigInt(c), BigInt(d));
		return 1;
	}

	/** The matrix on the numbers themselves, with both remainders made positive again, the larger first. */
	private apply(a: bigint, b: bigint, c: bigint, d: bigint): void {
		const u = this.#u;
		const v = this.#v;
		let newU = a * u + b * v;
		let newV = c * u + d * v;
		let uFactor = a * this.#uFactor + b * this.#vFactor;
		let vFactor = c * this.#uFactor + d * this.#vFactor;
		if (newU < 0n) {
			newU = -newU;
			uFactor = -uFactor;
		}
		if (newV < 0n) {
			newV = -newV;
			vFactor = -vFactor;
		}
		const inOrder = newU >= newV;
		this.#u = inOrder ? newU : newV;
		this.#v = inOrder ? newV : newU;
		this.#uFactor = inOrder ? uFactor : vFactor;
		this.#vFactor = inOrder ? vFactor : uFactor;
	}

	/** One step whose quotient is too large for a round. */
	private divide(u: bigint, v: bigint): void {
		const q = u / v;
		const factor = this.#uFactor - q * this.#vFactor;
		this.#u = v;
		this.#v = u - q * v;
		this.#uFactor = this.#vFactor;
		this.#vFactor = factor;
	}

	private finish(): number {
		const modulus = this.#modulus!;
		const result = canonical(modulus, reduce(modulus, this.#uFactor * this.#blind));
		this.wipe();
		this.result = result;
		return 1;
	}

	/** Forgets the numbers. The engine's copies of BigInts can't be overwritten; they go with its next collection. */
	wipe(): void {
		this.#modulus = undefined;
		this.#blind = 0n;
		this.#u = 0n;
		this.#v = 0n;
		this.#uFactor = 0n;
		this.#vFactor = 0n;
		this.result = 0n;
		this.done = true;
	}
}
