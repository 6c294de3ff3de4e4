// Points in Jacobian coordinates, in formulas with as few reductions as possible: on XS one costs three multiplications.
// Doublings of 7 ("dbl-2001-b" of the Explicit-Formulas Database); mixed additions of 10 ("madd-2007-bl" with a sum of
// products in place of two of its terms), or 9 on the named curve. For the multiplication of points.
//
// The points are on a curve y^2 = x^3 - 3c^2 x + b c^3 that is isomorphic to the named one by (x, y) -> (s^2 x, s^3 y),
// c = s^2. So a table of affine points needs no inversion (odd-multiples.ts makes one), and doubling costs no more than
// on the named curve: it needs c z^2 in place of z^2, which doubling and addition carry along in e.

import { type Modulus, reduce } from "./modulus.js";

/** Which curve an affine point is on: the sum's; the named one; the named one, which is the sum's, too (c = 1). */
export const HERE = 0;
export const NAMED = 1;
export const SAME = 2;
export type Where = typeof HERE | typeof NAMED | typeof SAME;

/**
 * The running sum: x / z^2, y / z^3, and e = c z^2.
 *
 *     sum.set(x, y, s, c);                   // an affine point of the curve that is isomorphic by s
 *     sum.doubleAdd(field, 4, x2, y2, HERE); // 16 times the sum, and another point: neither it nor its negative
 */
export class Jacobian {
	x = 0n;
	y = 0n;
	z = 0n;
	e = 0n;
	/** Of the isomorphism. */
	s = 1n;

	/** An affine point of this curve, which is isomorphic by s; c is its square. */
	set(x: bigint, y: bigint, s: bigint, c: bigint): void {
		this.x = x;
		this.y = y;
		this.z = 1n;
		this.e = c;
		this.s = s;
	}

	/** An affine point of the named curve, where c is 1, with this z. */
	setNamed(field: Modulus, x: bigint, y: bigint, z: bigint): void {
		const zz = reduce(field, z * z);
		this.x = reduce(field, x * zz);
		this.y = reduce(field, y * reduce(field, zz * z));
		this.z = z;
		this.e = zz;
		this.s = 1n;
	}

	/** Doubles times over. Right for every point of odd order. */
	double(field: Modulus, times: number): void {
		for (; times > 0; times--) {
			const y2 = this.y + this.y;
			const half = reduce(field, y2 * this.y); // 2y^2
			const h = half + half;
			const s = reduce(field, this.x * h);
			const m = reduce(field, (this.x - this.e) * ((this.x + this.e) * 3n));
			const x = reduce(field, m * m - s - s);
			this.x = x;
			this.y = reduce(field, m * (s - x) - h * half);
			this.z = reduce(field, y2 * this.z);
			this.e = reduce(field, h * this.e);
		}
	}

	/**
	 * Doubles times over, then adds an affine point, which must be neither the sum nor its negative: then z becomes 0
	 * modulo the field, and stays so. Not short: on XS each call costs a third of a reduction.
	 */
	doubleAdd(field: Modulus, times: number, x2: bigint, y2: bigint, where: Where): void {
		const { p, mu, low, high } = field;
		let x = this.x;
		let y = this.y; // doubled, from here to the end
		let z = this.z;
		let e = this.e;
		let t: bigint;
		let h: bigint;
		let v: bigint;
		let r: bigint;
		const three = 3n;
		y += y;
		for (; times > 0; times--) {
			t = y * y;
			h = t - (((t >> low) * mu) >> high) * p; // 4y^2
			t = x * h;
			v = t - (((t >> low) * mu) >> high) * p; // 4xy^2
			t = (x - e) * ((x + e) * three);
			r = t - (((t >> low) * mu) >> high) * p; // 3x^2 - 3c^2 z^4
			t = r * r - (v + v);
			x = t - (((t >> low) * mu) >> high) * p;
			v -= x;
			r = r * (v + v) - h * h;
			t = z * y;
			z = t - (((t >> low) * mu) >> high) * p;
			y = r - (((r >> low) * mu) >> high) * p;
			t = e * h;
			e = t - (((t >> low) * mu) >> high) * p;
		}
		// The other point's coordinates at the sum's z: v and r are x2 z^2 and twice how far y2 z^3 is off
		if (where === HERE) {
			t = z * z;
			h = t - (((t >> low) * mu) >> high) * p;
			t = z * h;
		} else {
			h = e;
			t = z;
			if (where === NAMED) {
				t *= this.s;
				t -= (((t >> low) * mu) >> high) * p;
			}
			t *= h;
		}
		t -= (((t >> low) * mu) >> high) * p;
		t *= y2;
		t -= (((t >> low) * mu) >> high) * p;
		r = t + t - y;
		t = x2 * h;
		v = t - (((t >> low) * mu) >> high) * p;
		h = v - x;
		v += x;
		// w joins what would be two more reductions: h^3 y and 4 h^2 x (r / 2) of the usual formulas
		let w = r * x - y * h;
		w -= (((w >> low) * mu) >> high) * p;
		h += h;
		t = h * h;
		t -= (((t >> low) * mu) >> high) * p; // 4h^2
		x = r * r - t * v;
		x -= (((x >> low) * mu) >> high) * p;
		e *= t;
		this.e = e - (((e >> low) * mu) >> high) * p;
		t = t * w - r * x;
		z *= h;
		this.x = x;
		this.y = t - (((t >> low) * mu) >> high) * p;
		this.z = z - (((z >> low) * mu) >> high) * p;
	}

	wipe(): void {
		this.x = 0n;
		this.y = 0n;
		this.z = 0n;
		this.e = 0n;
		this.s = 1n;
	}
}
