// u1 G + u2 Q for public numbers, sliced: the check of ECDSA signatures on P-256 and P-384 (SEC 1 4.1.4 step 5).
// One chain of doublings for both scalars (Straus), in non-adjacent form: width 7 over the table of the generator in
// flash, width 5 over the 8 odd multiples of Q. Takes its time by the numbers: not for secrets.

import type { Curve } from "./curve.js";
import { Jacobian } from "./jacobian.js";
import { reduce } from "./modulus.js";
import { OddMultiples } from "./odd-multiples.js";
import { encodeSignedDigits } from "./signed-digits.js";

const GENERATOR_WIDTH = 7;
const POINT_WIDTH = 5;
/** Bits in one piece of work. */
const BITS = 4;

// What comes next
const TABLE = 0;
const DIGITS_GENERATOR = 1;
const DIGITS_POINT = 2;
const CHAIN = 3;

/**
 *     multiply.start(u1, u2, x, y);           // (x, y) is on the curve
 *     while (!multiply.done) left -= multiply.advance();
 *     const right = multiply.hasX(r);
 */
export class DoubleMultiply {
	done = true;
	readonly #curve: Curve;
	#state = TABLE;
	/** The next bit, from the top down. */
	#bit = 0;
	/** Doublings that are due before the next addition. */
	#due = 0;
	/** Whether the sum is the point at infinity. */
	#isEmpty = true;
	#u1 = 0n;
	#u2 = 0n;
	readonly #digits1: Int8Array;
	readonly #digits2: Int8Array;
	readonly #words: Uint32Array;
	readonly #multiples = new OddMultiples();
	readonly #sum = new Jacobian();
	/** s^3 of the table's isomorphism. */
	#cube = 0n;

	constructor(curve: Curve) {
		this.#curve = curve;
		this.#digits1 = new Int8Array(curve.bits + 1);
		this.#digits2 = new Int8Array(curve.bits + 1);
		this.#words = new Uint32Array(curve.bits >> 5);
	}

	/** u1 and u2 from 0 to order - 1. */
	start(u1: bigint, u2: bigint, x: bigint, y: bigint): void {
		this.#u1 = u1;
		this.#u2 = u2;
		this.#multiples.start(this.#curve.field, x, y, 1n);
		this.#state = TABLE;
		this.done = false;
	}

	/** One piece of work; answers the units it took. */
	advance(): number {
		const multiples = this.#multiples;
		switch (this.#state) {
			case TABLE:
				if (multiples.done) this.#state = DIGITS_GENERATOR;
				else return multiples.advance(this.#curve.field);
				break;
			case DIGITS_GENERATOR:
				this.#encode(this.#u1, GENERATOR_WIDTH, this.#digits1);
				this.#state = DIGITS_POINT;
				return 5;
			case DIGITS_POINT:
				this.#encode(this.#u2, POINT_WIDTH, this.#digits2);
				this.#cube = reduce(this.#curve.field, multiples.c * multiples.s);
				this.#bit = this.#curve.bits;
				this.#due = 0;
				this.#isEmpty = true;
				this.#state = CHAIN;
				return 5;
			default:
				return this.#climb();
		}
		return 1;
	}

	/** Whether the sum has this x coordinate, modulo the field: r from 0 to p - 1. The point at infinity has none. */
	hasX(r: bigint): boolean {
		if (this.#isEmpty) return false;
		const field = this.#curve.field;
		const z = reduce(field, this.#sum.z * this.#multiples.s);
		return (r * reduce(field, z * z) - this.#sum.x) % field.p === 0n;
	}

	#encode(u: bigint, width: number, digits: Int8Array): void {
		const words = this.#words;
		for (let i = 0; i < words.length; i++) {
			words[i] = Number(u & 0xffffffffn);
			u >>= 32n;
		}
		encodeSignedDigits(words, this.#curve.bits, width, digits);
	}

	#climb(): number {
		const { field, oddMultiples } = this.#curve;
		const { x, y, c } = this.#multiples;
		let bit = this.#bit;
		for (let i = BITS; i > 0 && bit >= 0; i--, bit--) {
			this.#due++;
			const digit2 = this.#digits2[bit];
			if (digit2 > 0) this.#add(x[digit2 >> 1], y[digit2 >> 1]);
			else if (digit2 < 0) this.#add(x[-digit2 >> 1], -y[-digit2 >> 1]);
			const digit1 = this.#digits1[bit];
			if (digit1 === 0) continue;
			const entry = oddMultiples[(digit1 < 0 ? -digit1 : digit1) >> 1];
			const y1 = reduce(field, entry.y * this.#cube);
			this.#add(reduce(field, entry.x * c), digit1 < 0 ? -y1 : y1);
		}
		this.#bit = bit;
		if (this.#due >= BITS || bit < 0) this.#double();
		this.done = bit < 0;
		return BITS;
	}

	/** The doublings that are due. At bit 0 none follows: due counts the bits from the last addition to the one at hand. */
	#double(): void {
		const due = this.#due;
		this.#due = 0;
		if (!this.#isEmpty && due > 0) this.#sum.double(this.#curve.field, due);
	}

	/** Adds an affine point of the table's curve, with the cases that adversaries' numbers may lead to. */
	#add(x2: bigint, y2: bigint): void {
		const { field } = this.#curve;
		const sum = this.#sum;
		this.#double();
		if (this.#isEmpty) {
			sum.set(x2, y2, this.#multiples.c);
			this.#isEmpty = false;
			return;
		}
		const { x, y, z, e } = sum;
		sum.add(field, x2, y2);
		if (sum.z % field.p !== 0n) return;
		// The same x: twice the point, or nothing
		sum.x = x;
		sum.y = y;
		sum.z = z;
		sum.e = e;
		if ((y2 * reduce(field, reduce(field, z * z) * z) - y) % field.p === 0n) sum.double(field, 1);
		else this.#isEmpty = true;
	}

	wipe(): void {
		this.#multiples.wipe();
		this.#sum.wipe();
		this.#u1 = 0n;
		this.#u2 = 0n;
		this.#cube = 0n;
		this.done = true;
	}
}
