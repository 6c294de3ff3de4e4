// A secret multiple of a point from a peer, sliced: Diffie-Hellman on P-256 and P-384 (SEC 1 3.3.1). Windows of four
// bits, each an odd digit from -15 to 15, over a table of 8 points of which all are read for each digit.

import { wipe } from "../../base/bytes.js";
import type { Entropy } from "../../os/os.js";
import type { Curve, PointRow } from "./curve.js";
import { Homogeneous } from "./homogeneous.js";
import { encodeInteger } from "./integer.js";
import { Inverse } from "./inverse.js";
import { HERE, Jacobian } from "./jacobian.js";
import { double, doubleAddChosen } from "./jacobian-steps.js";
import { canonical, reduce } from "./modulus.js";
import { OddMultiples } from "./odd-multiples.js";
import { choosePoint } from "./point-choice.js";
import { combinePoints, drawScalar, signedBits, signOf } from "./scalar.js";

const NO_POINTS: PointRow = Object.freeze({ e0: 0n, e1: 0n, e2: 0n, e3: 0n, e4: 0n, e5: 0n, e6: 0n, e7: 0n });

/** Windows in one piece of work. */
const AT_ONCE = 2;

// What comes next
const TABLE = 0;
const WINDOWS = 1;
const LAST = 2;
const INVERT = 3;

/**
 * The x coordinate of k times a point that is on the curve; k from 1 to order - 1.
 *
 *     multiply.drawBlinds(entropy);
 *     multiply.start(k, x, y);
 *     while (!multiply.done) left -= multiply.advance();
 *     encodeInteger(multiply.x, secret, 0, curve.length);
 */
export class PointMultiply {
	x = 0n;
	done = true;
	readonly #curve: Curve;
	#state = TABLE;
	/** The next window, from the top of the digits on. */
	#window = 0;
	/** The signed bits of k, two windows a byte, big-endian: 8 and up are the odd digits 1 to 15, below are -15 to -1. */
	readonly #digits: Uint8Array;
	readonly #multiples = new OddMultiples();
	#row: PointRow = NO_POINTS;
	readonly #sum = new Jacobian();
	readonly #end = new Homogeneous();
	readonly #inverse = new Inverse();
	/** Random factors of the point's coordinates and of the number that is inverted: nobody knows what is computed with. */
	#pointBlind = 0n;
	#inverseBlind = 0n;

	constructor(curve: Curve) {
		this.#curve = curve;
		this.#digits = new Uint8Array(curve.length);
	}

	/** Before start, whenever there is entropy. */
	drawBlinds(entropy: Entropy): void {
		this.#pointBlind = drawScalar(entropy, this.#curve.field);
		this.#inverseBlind = drawScalar(entropy, this.#curve.field);
	}

	start(k: bigint, x: bigint, y: bigint): void {
		const curve = this.#curve;
		encodeInteger(signedBits(curve.order, curve.bits, k), this.#digits, 0, curve.length);
		this.#multiples.start(curve.field, x, y, this.#pointBlind);
		this.#window = 0;
		this.#state = TABLE;
		this.done = false;
	}

	/** One piece of work; answers the units it took. */
	advance(): number {
		switch (this.#state) {
			case TABLE:
				return this.#multiples.done ? this.begin() : this.#multiples.advance(this.#curve.field);
			case WINDOWS:
				return this.add();
			case LAST:
				return this.addLast();
			default:
				return this.#inverse.done ? this.finish() : this.#inverse.advance();
		}
	}

	/** Packs the table for choosePoint; the top window is where the sum begins. */
	private begin(): number {
		const { field, lane } = this.#curve;
		const { x, y, s, c } = this.#multiples;
		const points: bigint[] = [];
		for (let i = 0; i < 8; i++) points[i] = x[i] + field.p + ((y[i] + field.p) << lane); // p more, so that no lane is negative
		const row = combinePoints(points);
		this.#row = row;
		const bits = this.#digits[0] >> 4;
		const entry = choosePoint(row, bits);
		this.#sum.set(entry & this.#curve.laneMask, (entry >> lane) * signOf(bits), s, c);
		this.#window = 1;
		this.#state = WINDOWS;
		return 2;
	}

	/** The next windows: 16 times the sum, and a digit. Never equal points: 16 times an odd number isn't +-15 or less. */
	private add(): number {
		const curve = this.#curve;
		const { length, units } = curve;
		const digits = this.#digits;
		const row = this.#row;
		const sum = this.#sum;
		const last = 2 * length - 1;
		let window = this.#window;
		for (let i = AT_ONCE; i > 0 && window < last; i--, window++) {
			const bits = (digits[window >> 1] >> (4 - 4 * (window & 1))) & 15;
			doubleAddChosen(sum, curve, 4, row, bits, HERE);
		}
		this.#window = window;
		if (window === last) this.#state = LAST;
		return 4 * AT_ONCE * units;
	}

	/** The last window, with a complete addition: only here the sum may reach the order and meet its own digit. */
	private addLast(): number {
		const curve = this.#curve;
		const field = curve.field;
		const sum = this.#sum;
		const s = this.#multiples.s;
		double(sum, field, 4);
		const bits = this.#digits[curve.length - 1] & 15;
		const entry = choosePoint(this.#row, bits);
		const y2 = (entry >> curve.lane) * signOf(bits);
		const end = this.#end;
		end.setJacobian(field, entry & curve.laneMask, y2, s);
		const { x, y, z } = end;
		end.setJacobian(field, sum.x, sum.y, reduce(field, sum.z * s));
		end.add(curve, x, y, z);
		this.#inverse.start(field, end.z, this.#inverseBlind);
		this.#state = INVERT;
		return 6 * curve.units;
	}

	private finish(): number {
		const x = canonical(this.#curve.field, this.#end.x * this.#inverse.result);
		this.wipe();
		this.x = x;
		return 1;
	}

	wipe(): void {
		wipe(this.#digits);
		this.#row = NO_POINTS;
		this.#multiples.wipe();
		this.#sum.wipe();
		this.#end.wipe();
		this.#inverse.wipe();
		this.#pointBlind = 0n;
		this.#inverseBlind = 0n;
		this.x = 0n;
		this.done = true;
	}
}
