// The table P, 3P, 5P ... 15P of a point from a peer, sliced and without an inversion: additions of points that share
// their z (Meloni 2007; "Fast and regular algorithms", Goundar et al. 2011), after which all are brought to the last z.
// For scalar-multiply.ts and double-multiply.ts.

import type { Modulus } from "./modulus.js";
import { reduce } from "./modulus.js";

const ENTRIES = 8;

// What comes next
const BEGIN = 0;
const ADD = 1;
const SCALE = 2;

/**
 * Affine points on a curve isomorphic to the named one: (x, y) there is (s^2 x, s^3 y) here, and c = s^2 (jacobian.ts).
 * No exceptions: no two of 2P, P, 3P ... 15P are equal or opposite in a group of a large prime order.
 *
 *     table.start(field, x, y, s);          // any s from 1 to p - 1; a random one hides the numbers of a known point
 *     while (!table.done) left -= table.advance(field);
 *     sum.set(table.x[3], table.y[3], table.c);   // 7P
 */
export class OddMultiples {
	readonly x: bigint[] = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
	readonly y: bigint[] = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
	s = 0n;
	c = 0n;
	done = true;
	#state = BEGIN;
	#index = 0;
	/** 2P at the z of the last entry. */
	#x2 = 0n;
	#y2 = 0n;
	/** z of an entry divided by z of the one before it. */
	readonly #ratios: bigint[] = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];

	/** x and y are an affine point. */
	start(field: Modulus, x: bigint, y: bigint, s: bigint): void {
		const c = reduce(field, s * s);
		this.x[0] = reduce(field, x * c);
		this.y[0] = reduce(field, y * reduce(field, c * s));
		this.s = s;
		this.c = c;
		this.#state = BEGIN;
		this.done = false;
	}

	/** One point, about the work of an addition; answers the units it took. */
	advance(field: Modulus): number {
		switch (this.#state) {
			case BEGIN:
				this.double(field);
				break;
			case ADD:
				this.add(field);
				break;
			default:
				this.scale(field);
		}
		return 1;
	}

	/** 2P, and P at its z: 2y. */
	private double(field: Modulus): void {
		const { p, mu, low, high } = field;
		const c = this.c;
		let x = this.x[0];
		const y = this.y[0];
		const y2 = y + y;
		let t = y2 * y;
		let half = t - (((t >> low) * mu) >> high) * p; // 2y^2
		const h = half + half;
		t = (x - c) * (x + c) * 3n;
		const m = t - (((t >> low) * mu) >> high) * p;
		x *= h;
		x -= (((x >> low) * mu) >> high) * p;
		half *= h;
		half -= (((half >> low) * mu) >> high) * p; // 8y^4
		t = m * m - x - x;
		t -= (((t >> low) * mu) >> high) * p;
		this.#x2 = t;
		t = m * (x - t) - half;
		this.#y2 = t - (((t >> low) * mu) >> high) * p;
		this.x[0] = x;
		this.y[0] = half;
		t = this.s * y2;
		this.s = t - (((t >> low) * mu) >> high) * p;
		this.#index = 1;
		this.#state = ADD;
	}

	/** The next entry from the last and 2P, and 2P at its z. */
	private add(field: Modulus): void {
		const { p, mu, low, high } = field;
		const i = this.#index;
		const { x: xs, y: ys } = this;
		const x1 = this.#x2;
		const y1 = this.#y2;
		let w2 = xs[i - 1];
		const dx = x1 - w2;
		const dy = y1 - ys[i - 1];
		let t = dx * dx;
		t -= (((t >> low) * mu) >> high) * p;
		w2 *= t;
		w2 -= (((w2 >> low) * mu) >> high) * p;
		t *= x1;
		const w1 = t - (((t >> low) * mu) >> high) * p;
		t = y1 * (w1 - w2);
		const a = t - (((t >> low) * mu) >> high) * p;
		t = dy * dy - w1 - w2;
		t -= (((t >> low) * mu) >> high) * p;
		xs[i] = t;
		t = dy * (w1 - t) - a;
		ys[i] = t - (((t >> low) * mu) >> high) * p;
		this.#x2 = w1;
		this.#y2 = a;
		this.#ratios[i] = dx;
		this.#index = i + 1;
		if (this.#index < ENTRIES) return;
		this.#ratios[0] = 1n;
		this.#index = ENTRIES - 2;
		this.#state = SCALE;
	}

	/** Brings an entry to the z of the last; the ratio of its own place becomes that from it to the last. */
	private scale(field: Modulus): void {
		const { p, mu, low, high } = field;
		const i = this.#index;
		const { x: xs, y: ys } = this;
		let ratio = this.#ratios[i + 1];
		if (i < ENTRIES - 2) {
			ratio *= this.#x2;
			ratio -= (((ratio >> low) * mu) >> high) * p;
		}
		this.#x2 = ratio;
		let t = ratio * ratio;
		t -= (((t >> low) * mu) >> high) * p;
		let v = xs[i] * t;
		xs[i] = v - (((v >> low) * mu) >> high) * p;
		t *= ratio;
		t -= (((t >> low) * mu) >> high) * p;
		v = ys[i] * t;
		ys[i] = v - (((v >> low) * mu) >> high) * p;
		this.#index = i - 1;
		if (i > 0) return;
		this.s = reduce(field, this.s * ratio);
		this.c = reduce(field, this.s * this.s);
		this.done = true;
	}

	wipe(): void {
		this.x.fill(0n);
		this.y.fill(0n);
		this.#ratios.fill(0n);
		this.s = 0n;
		this.c = 0n;
		this.#x2 = 0n;
		this.#y2 = 0n;
		this.done = true;
	}
}
