// Points in Jacobian coordinates, in formulas with as few reductions as possible. For the multiplication of points from
// a peer. Doubling: "dbl-2001-b" of the Explicit-Formulas Database with sums of products reduced once (7 reductions);
// addition: mixed Jacobian-affine (11).
//
// The points are on a curve y^2 = x^3 - 3c^2 x + b c^3 that is isomorphic to the named one by (x, y) -> (s^2 x, s^3 y),
// c = s^2. So a table of affine points needs no inversion (odd-multiples.ts makes one), and doubling costs no more than
// on the named curve: it needs c z^2 in place of z^2, which doubling and addition carry along in e.

import type { Modulus } from "./modulus.js";

/**
 * The running sum: x / z^2, y / z^3, and e = c z^2.
 *
 *     sum.set(x, y, c);             // an affine point
 *     sum.double(field, 4);
 *     sum.add(field, x2, y2);       // neither the sum nor its negative
 */
export class Jacobian {
	x = 0n;
	y = 0n;
	z = 0n;
	e = 0n;

	set(x: bigint, y: bigint, c: bigint): void {
		this.x = x;
		this.y = y;
		this.z = 1n;
		this.e = c;
	}

	/** Doubles times over. Right for every point of odd order. */
	double(field: Modulus, times: number): void {
		const { p, mu, low, high } = field;
		let x = this.x;
		let y = this.y;
		let z = this.z;
		let e = this.e;
		const three = 3n;
		for (; times > 0; times--) {
			const y2 = y + y;
			let t = y2 * y;
			t -= (((t >> low) * mu) >> high) * p; // 2y^2
			const h = t + t;
			const u = h * t; // 8y^4
			t = x * h;
			const s = t - (((t >> low) * mu) >> high) * p; // 4xy^2
			t = (x - e) * (x + e) * three;
			const m = t - (((t >> low) * mu) >> high) * p; // 3x^2 - 3c^2 z^4
			t = m * m - s - s;
			x = t - (((t >> low) * mu) >> high) * p;
			t = m * (s - x) - u;
			y = t - (((t >> low) * mu) >> high) * p;
			t = y2 * z;
			z = t - (((t >> low) * mu) >> high) * p;
			t = h * e;
			e = t - (((t >> low) * mu) >> high) * p;
		}
		this.x = x;
		this.y = y;
		this.z = z;
		this.e = e;
	}

	/** Adds an affine point which must be neither the sum nor its negative: then z would become 0. */
	add(field: Modulus, x2: bigint, y2: bigint): void {
		const { p, mu, low, high } = field;
		const x = this.x;
		const y = this.y;
		const z = this.z;
		let t = z * z;
		const zz = t - (((t >> low) * mu) >> high) * p;
		t = x2 * zz;
		const h = t - (((t >> low) * mu) >> high) * p - x;
		t = z * zz;
		t -= (((t >> low) * mu) >> high) * p;
		t = y2 * t;
		const r = t - (((t >> low) * mu) >> high) * p - y;
		t = h * h;
		const hh = t - (((t >> low) * mu) >> high) * p;
		t = h * hh;
		const hhh = t - (((t >> low) * mu) >> high) * p;
		t = x * hh;
		const v = t - (((t >> low) * mu) >> high) * p;
		t = r * r - hhh - v - v;
		const x3 = t - (((t >> low) * mu) >> high) * p;
		t = r * (v - x3) - y * hhh;
		this.x = x3;
		this.y = t - (((t >> low) * mu) >> high) * p;
		t = z * h;
		this.z = t - (((t >> low) * mu) >> high) * p;
		t = this.e * hh;
		this.e = t - (((t >> low) * mu) >> high) * p;
	}

	wipe(): void {
		this.x = 0n;
		this.y = 0n;
		this.z = 0n;
		this.e = 0n;
	}
}
