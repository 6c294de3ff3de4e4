// A running sum of points in Jacobian coordinates, for the multiplication of points; jacobian-steps.ts doubles it and adds
// to it.
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
 *     doubleAdd(sum, field, 4, x2, y2, HERE); // 16 times the sum, and another point: neither it nor its negative
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

	wipe(): void {
		this.x = 0n;
		this.y = 0n;
		this.z = 0n;
		this.e = 0n;
		this.s = 1n;
	}
}
