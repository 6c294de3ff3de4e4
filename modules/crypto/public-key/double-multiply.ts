// u1 G + u2 Q for public numbers, sliced: the check of ECDSA signatures on P-256 and P-384 (SEC 1 4.1.4 step 5).
// One chain of doublings for both scalars (Straus), in non-adjacent form: width 7 over the table of the generator in
// flash, width 5 over the 8 odd multiples of Q. Takes its time by the numbers: not for secrets.

import type { Curve } from "./curve.js";
import { HERE, Jacobian, NAMED, type Where } from "./jacobian.js";
import { double, doubleAdd } from "./jacobian-steps.js";
import { reduce } from "./modulus.js";
import { OddMultiples } from "./odd-multiples.js";
import { DigitPairs } from "./signed-digits.js";

const GENERATOR_WIDTH = 7;
const POINT_WIDTH = 5;

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
	/** Whether each addition is looked at. */
	#isWary = false;
	#u1 = 0n;
	#u2 = 0n;
	/** Of u1 and of u2. */
	readonly #digits: DigitPairs;
	readonly #multiples = new OddMultiples();
	readonly #sum = new Jacobian();

	constructor(curve: Curve) {
		this.#curve = curve;
		this.#digits = new DigitPairs(curve.bits);
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
				this.#digits.clear();
				this.#digits.encode(0, this.#u1, GENERATOR_WIDTH);
				this.#state = DIGITS_POINT;
				return 5 * this.#curve.units;
			case DIGITS_POINT:
				this.#digits.encode(1, this.#u2, POINT_WIDTH);
				this.#isWary = false;
				this.beginChain();
				return 5 * this.#curve.units;
			default:
				return this.climb();
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

	private climb(): number {
		const { digits, pairs } = this.#digits;
		const { piece, units } = this.#curve;
		let bit = this.#bit;
		let due = this.#due;
		for (let i = piece; i > 0 && bit >= 0; i--, bit--) {
			due++;
			if (pairs[bit] !== 0) {
				const digit2 = digits[2 * bit + 1];
				if (digit2 !== 0) {
					const { x, y } = this.#multiples;
					const index = (digit2 < 0 ? -digit2 : digit2) >> 1;
					this.add(due, x[index], digit2 < 0 ? -y[index] : y[index], HERE);
					due = 0;
				}
				const digit1 = digits[2 * bit];
				if (digit1 !== 0) {
					const { x, y } = this.#curve.oddMultiples[(digit1 < 0 ? -digit1 : digit1) >> 1];
					this.add(due, x, digit1 < 0 ? -y : y, NAMED);
					due = 0;
				}
			}
		}
		this.#bit = bit;
		this.#due = due;
		if (bit < 0) this.finish();
		return piece * units;
	}

	/** z is 0 after points were added that are equal or opposite: only adversaries' numbers lead there. Then once more, looking at each. */
	private finish(): void {
		if (!this.#isEmpty) double(this.#sum, this.#curve.field, this.#due);
		if (this.#isWary || this.#isEmpty || this.#sum.z % this.#curve.field.p !== 0n) {
			this.done = true;
			return;
		}
		this.#isWary = true;
		this.beginChain();
	}

	/** Doubles, and adds an affine point. */
	private add(due: number, x2: bigint, y2: bigint, where: Where): void {
		if (this.#isEmpty) this.begin(x2, y2, where);
		else if (this.#isWary) this.addWarily(due, x2, y2, where);
		else doubleAdd(this.#sum, this.#curve.field, due, x2, y2, where);
	}

	/** With the cases that doubleAdd leaves out. */
	private addWarily(due: number, x2: bigint, y2: bigint, where: Where): void {
		const { field } = this.#curve;
		const sum = this.#sum;
		const { x, y, z, e, s } = sum;
		doubleAdd(sum, field, due, x2, y2, where);
		if (sum.z % field.p !== 0n) return;
		// The same x: twice the point, or nothing
		sum.x = x;
		sum.y = y;
		sum.z = z;
		sum.e = e;
		double(sum, field, due);
		const zs = where === HERE ? sum.z : reduce(field, sum.z * s);
		if ((y2 * reduce(field, reduce(field, zs * zs) * zs) - sum.y) % field.p === 0n) double(sum, field, 1);
		else this.#isEmpty = true;
	}

	private begin(x2: bigint, y2: bigint, where: Where): void {
		const { field } = this.#curve;
		const { s, c } = this.#multiples;
		if (where === HERE) this.#sum.set(x2, y2, s, c);
		else this.#sum.set(reduce(field, x2 * c), reduce(field, y2 * reduce(field, c * s)), s, c);
		this.#isEmpty = false;
	}

	private beginChain(): void {
		this.#bit = this.#curve.bits;
		this.#due = 0;
		this.#isEmpty = true;
		this.#state = CHAIN;
	}

	wipe(): void {
		this.#multiples.wipe();
		this.#sum.wipe();
		this.#u1 = 0n;
		this.#u2 = 0n;
		this.done = true;
	}
}
