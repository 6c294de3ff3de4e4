// u1 B - u2 A for public numbers on edwards25519, sliced: the check of Ed25519 signatures (RFC 8032 5.1.7). One chain of
// doublings for both (Straus), in non-adjacent form: width 7 over the table of the base point in flash, width 5 over the 8
// odd multiples of A. Takes its time by the numbers: not for secrets.

import { field25519 } from "./curve25519.js";
import { edwardsDoubleAdd } from "./edwards-steps.js";
import { Edwards, edwardsD2 } from "./edwards25519.js";
import { edwards25519OddMultiples } from "./edwards25519-odd-multiples.js";
import { Inverse } from "./inverse.js";
import { canonical, reduce } from "./modulus.js";
import { DigitPairs } from "./signed-digits.js";

const BASE_WIDTH = 7;
const POINT_WIDTH = 5;
const ENTRIES = 8;
/** Of the order: the scalars are below 2^256. */
const SCALAR_BITS = 256;
/** Bits in one piece of work. */
const BITS = 8;

// What comes next
const TABLE = 0;
const DIGITS_BASE = 1;
const DIGITS_POINT = 2;
const CHAIN = 3;
const INVERT = 4;

/** An entry of the point's table: y + x, y - x, 2dxy and twice the z. */
interface Entry {
	plus: bigint;
	minus: bigint;
	product: bigint;
	z2: bigint;
}

/**
 *     multiply.start(u1, u2, x, y);
 *     while (!multiply.done) left -= multiply.advance();
 *     const right = multiply.y === ... && multiply.x === ...;
 */
export class EdwardsDoubleMultiply {
	x = 0n;
	y = 0n;
	done = true;
	#state = TABLE;
	/** The next entry of the table, or the next bit, from the top down. */
	#next = 0;
	/** Doublings that are due before the next addition. */
	#due = 0;
	#u1 = 0n;
	#u2 = 0n;
	/** Of u1 and of u2. */
	readonly #digits = new DigitPairs(SCALAR_BITS);
	readonly #table: Entry[] = [];
	readonly #sum = new Edwards();
	readonly #inverse = new Inverse();

	/** u1 and u2 from 0 to order - 1; (x, y) is on the curve. */
	start(u1: bigint, u2: bigint, x: bigint, y: bigint): void {
		this.#u1 = u1;
		this.#u2 = u2;
		this.#sum.set(field25519.p - x, y);
		this.#next = 0;
		this.#state = TABLE;
		this.done = false;
	}

	/** One piece of work; answers the units it took. */
	advance(): number {
		switch (this.#state) {
			case TABLE:
				this.fill();
				return 1;
			case DIGITS_BASE:
				this.#digits.clear();
				this.#digits.encode(0, this.#u1, BASE_WIDTH);
				this.#state = DIGITS_POINT;
				return 4;
			case DIGITS_POINT:
				this.#digits.encode(1, this.#u2, POINT_WIDTH);
				this.#sum.wipe();
				this.#next = SCALAR_BITS;
				this.#due = 0;
				this.#state = CHAIN;
				return 4;
			case CHAIN:
				return this.climb();
			default:
				return this.#inverse.done ? this.finish() : this.#inverse.advance();
		}
	}

	/** The next odd multiple: twice the point, whose entry stands behind the others, and the one before. */
	private fill(): void {
		const sum = this.#sum;
		const table = this.#table;
		const next = this.#next;
		if (next === 0) {
			table[0] = entryOf(sum);
			sum.double(1);
			table[ENTRIES] = entryOf(sum);
		} else {
			// At first the sum is twice the point, then the entry before
			const { plus, minus, product, z2 } = table[next === 1 ? 0 : ENTRIES];
			edwardsDoubleAdd(sum, 0, plus, minus, product, z2, true);
			table[next] = entryOf(sum);
		}
		this.#next = next + 1;
		if (this.#next === ENTRIES) this.#state = DIGITS_BASE;
	}

	private climb(): number {
		const { digits, pairs } = this.#digits;
		const sum = this.#sum;
		let bit = this.#next;
		let due = this.#due;
		for (let i = BITS; i > 0; i--, bit--) {
			due++;
			if (pairs[bit] !== 0) {
				const digit1 = digits[2 * bit];
				const digit2 = digits[2 * bit + 1];
				if (digit2 !== 0) {
					const { plus, minus, product, z2 } = this.#table[(digit2 < 0 ? -digit2 : digit2) >> 1];
					if (digit2 > 0) edwardsDoubleAdd(sum, due, plus, minus, product, z2, digit1 !== 0);
					else edwardsDoubleAdd(sum, due, minus, plus, -product, z2, digit1 !== 0);
					due = 0;
				}
				if (digit1 !== 0) {
					const { plus, minus, product } = edwards25519OddMultiples[(digit1 < 0 ? -digit1 : digit1) >> 1];
					if (digit1 > 0) edwardsDoubleAdd(sum, due, plus, minus, product, undefined, false);
					else edwardsDoubleAdd(sum, due, minus, plus, -product, undefined, false);
					due = 0;
				}
			}
			if (bit === 0) {
				sum.double(due);
				this.#inverse.start(field25519, sum.z, 1n);
				this.#state = INVERT;
				break;
			}
		}
		this.#next = bit;
		this.#due = due;
		return BITS;
	}

	private finish(): number {
		const inverse = this.#inverse.result;
		const { x, y } = this.#sum;
		this.wipe();
		this.x = canonical(field25519, x * inverse);
		this.y = canonical(field25519, y * inverse);
		return 1;
	}

	wipe(): void {
		this.#sum.wipe();
		this.#inverse.wipe();
		this.#table.length = 0;
		this.#u1 = 0n;
		this.#u2 = 0n;
		this.x = 0n;
		this.y = 0n;
		this.done = true;
	}
}

function entryOf(point: Edwards): Entry {
	const { x, y, z, t } = point;
	return { plus: y + x, minus: y - x, product: reduce(field25519, t * edwardsD2), z2: z + z };
}
