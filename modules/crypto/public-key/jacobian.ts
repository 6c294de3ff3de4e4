// Points in Jacobian coordinates, in formulas with as few reductions as possible: doublings of 7 ("dbl-2001-b" of the
// Explicit-Formulas Database), mixed additions of 11 ("madd-2007-bl"), or 10 where z = 1 on the named curve. Sums of
// products are reduced once. For the multiplication of points.
//
// The points are on a curve y^2 = x^3 - 3c^2 x + b c^3 that is isomorphic to the named one by (x, y) -> (s^2 x, s^3 y),
// c = s^2. So a table of affine points needs no inversion (odd-multiples.ts makes one), and doubling costs no more than
// on the named curve: it needs c z^2 in place of z^2, which doubling and addition carry along in e.

import { type Modulus, reduce } from "./modulus.js";

/**
 * The running sum: x / z^2, y / z^3, and e = c z^2.
 *
 *     sum.set(x, y, c);                    // an affine point
 *     sum.doubleAdd(field, 4, x2, y2, 0n); // 16 times the sum, and another point: neither it nor its negative
 */
export class Jacobian {
	x = 0n;
	y = 0n;
	z = 0n;
	e = 0n;

	/** An affine point of this curve. */
	set(x: bigint, y: bigint, c: bigint): void {
		this.x = x;
		this.y = y;
		this.z = 1n;
		this.e = c;
	}

	/** An affine point of the named curve, where c is 1, with this z. */
	setNamed(field: Modulus, x: bigint, y: bigint, z: bigint): void {
		const zz = reduce(field, z * z);
		this.x = reduce(field, x * zz);
		this.y = reduce(field, y * reduce(field, zz * z));
		this.z = z;
		this.e = zz;
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
	 * Doubles times over, then adds an affine point, which must be neither the sum nor its negative: then z would become
	 * 0. s is 0 if the point is on this curve; if it is on the named one, s of the isomorphism, 1 if there is none.
	 * Not short: on XS each call costs a third of a reduction.
	 */
	doubleAdd(field: Modulus, times: number, x2: bigint, y2: bigint, s: bigint): void {
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
		// The other point's coordinates at the sum's z: h and r are how far they are off, r doubled
		if (s === 0n) {
			t = z * z;
			h = t - (((t >> low) * mu) >> high) * p;
			t = z * h;
		} else {
			h = e;
			t = z * s;
			t = (t - (((t >> low) * mu) >> high) * p) * h;
		}
		t -= (((t >> low) * mu) >> high) * p;
		t *= y2;
		t -= (((t >> low) * mu) >> high) * p;
		r = t + t - y;
		t = x2 * h;
		h = t - (((t >> low) * mu) >> high) * p - x;
		t = h * h;
		t = (t - (((t >> low) * mu) >> high) * p) * 4n;
		e *= t;
		e -= (((e >> low) * mu) >> high) * p;
		x *= t;
		v = x - (((x >> low) * mu) >> high) * p;
		t *= h;
		t -= (((t >> low) * mu) >> high) * p;
		x = r * r - t - (v + v);
		x -= (((x >> low) * mu) >> high) * p;
		y = r * (v - x) - y * t;
		z = (z + z) * h;
		this.x = x;
		this.y = y - (((y >> low) * mu) >> high) * p;
		this.z = z - (((z >> low) * mu) >> high) * p;
		this.e = e;
	}

	wipe(): void {
		this.x = 0n;
		this.y = 0n;
		this.z = 0n;
		this.e = 0n;
	}
}
