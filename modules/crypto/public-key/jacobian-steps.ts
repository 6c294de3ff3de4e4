// Doubling and adding points in Jacobian coordinates, in formulas with as few reductions as possible: on XS one costs three
// multiplications. Doublings of 7 ("dbl-2001-b" of the Explicit-Formulas Database); mixed additions of 10 ("madd-2007-bl"
// with a sum of products in place of two of its terms), or 9 on the named curve. For the multiplication of points.
//
// In images C does the same (hosts/moddable/native/jacobian-steps-native): in half of the time, which doesn't depend on the
// numbers, and without garbage.

import type { Curve, PointRow } from "./curve.js";
import { HERE, type Jacobian, NAMED, type Where } from "./jacobian.js";
import { type Modulus, reduce } from "./modulus.js";
import { choosePoint } from "./point-choice.js";
import { signOf } from "./scalar.js";

/** Doubles times over. Right for every point of odd order. */
export function double(sum: Jacobian, field: Modulus, times: number): void {
	for (; times > 0; times--) {
		const y2 = sum.y + sum.y;
		const half = reduce(field, y2 * sum.y); // 2y^2
		const h = half + half;
		const s = reduce(field, sum.x * h);
		const m = reduce(field, (sum.x - sum.e) * ((sum.x + sum.e) * 3n));
		const x = reduce(field, m * m - s - s);
		sum.x = x;
		sum.y = reduce(field, m * (s - x) - h * half);
		sum.z = reduce(field, y2 * sum.z);
		sum.e = reduce(field, h * sum.e);
	}
}

/**
 * Doubles times over, then adds an affine point, which must be neither the sum nor its negative: then z becomes 0
 * modulo the field, and stays so. Not short: on XS each call costs a third of a reduction.
 */
export function doubleAdd(sum: Jacobian, field: Modulus, times: number, x2: bigint, y2: bigint, where: Where): void {
	const { p, mu, low, high } = field;
	let x = sum.x;
	let y = sum.y; // doubled, from here to the end
	let z = sum.z;
	let e = sum.e;
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
			t *= sum.s;
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
	sum.e = e - (((e >> low) * mu) >> high) * p;
	t = t * w - r * x;
	z *= h;
	sum.x = x;
	sum.y = t - (((t >> low) * mu) >> high) * p;
	sum.z = z - (((z >> low) * mu) >> high) * p;
}

/** Doubles times over, then adds the point of four signed bits from a table. */
export function doubleAddChosen(sum: Jacobian, curve: Curve, times: number, row: PointRow, bits: number, where: Where): void {
	const entry = choosePoint(row, bits);
	doubleAdd(sum, curve.field, times, entry & curve.laneMask, (entry >> curve.lane) * signOf(bits), where);
}
