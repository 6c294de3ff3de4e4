// Points in homogeneous coordinates under complete formulas: right for every pair of points, with no case
// distinction (Renes, Costello, Batina 2016, algorithms 4 and 5 for a = -3; sums of products are reduced once). For the
// last additions of a scalar multiplication, the only ones that may meet equal points.

import type { Curve } from "./curve.js";
import type { Modulus } from "./modulus.js";
import { reduce } from "./modulus.js";

/**
 * The running sum: x / z, y / z on the named curve.
 *
 *     sum.setJacobian(field, x, y, z);
 *     sum.add(curve, x2, y2, z2);
 *     sum.addAffine(curve, x2, y2);
 */
export class Homogeneous {
	x = 0n;
	y = 1n;
	z = 0n;

	set(x: bigint, y: bigint, z: bigint): void {
		this.x = x;
		this.y = y;
		this.z = z;
	}

	/** From Jacobian coordinates on the named curve: x / z^2, y / z^3. */
	setJacobian(field: Modulus, x: bigint, y: bigint, z: bigint): void {
		this.set(reduce(field, x * z), y, reduce(field, reduce(field, z * z) * z));
	}

	add(curve: Curve, x2: bigint, y2: bigint, z2: bigint): void {
		const { p, mu, low, high } = curve.field;
		const { x, y, z } = this;
		let t = x * x2;
		const xx = t - (((t >> low) * mu) >> high) * p;
		t = y * y2;
		const yy = t - (((t >> low) * mu) >> high) * p;
		t = z * z2;
		const zz = t - (((t >> low) * mu) >> high) * p;
		t = x * y2 + x2 * y;
		const xy = t - (((t >> low) * mu) >> high) * p;
		t = y * z2 + y2 * z;
		const yz = t - (((t >> low) * mu) >> high) * p;
		t = x * z2 + x2 * z;
		const xz = t - (((t >> low) * mu) >> high) * p;
		this.finish(curve, xx, yy, zz, xy, yz, xz);
	}

	/** Adds an affine point: not the point at infinity. */
	addAffine(curve: Curve, x2: bigint, y2: bigint): void {
		const { p, mu, low, high } = curve.field;
		const { x, y, z } = this;
		let t = x * x2;
		const xx = t - (((t >> low) * mu) >> high) * p;
		t = y * y2;
		const yy = t - (((t >> low) * mu) >> high) * p;
		t = x * y2 + x2 * y;
		const xy = t - (((t >> low) * mu) >> high) * p;
		t = y2 * z + y;
		const yz = t - (((t >> low) * mu) >> high) * p;
		t = x2 * z + x;
		const xz = t - (((t >> low) * mu) >> high) * p;
		this.finish(curve, xx, yy, z, xy, yz, xz);
	}

	private finish(curve: Curve, xx: bigint, yy: bigint, zz: bigint, xy: bigint, yz: bigint, xz: bigint): void {
		const { p, mu, low, high } = curve.field;
		const b = curve.b;
		const three = 3n;
		const zz3 = zz * three;
		let t = b * zz;
		t = (xz - (t - (((t >> low) * mu) >> high) * p)) * three;
		const plus = yy + t;
		const minus = yy - t;
		t = b * xz;
		const u = (t - (((t >> low) * mu) >> high) * p - zz3 - xx) * three;
		const v = xx * three - zz3;
		t = xy * plus - yz * u;
		this.x = t - (((t >> low) * mu) >> high) * p;
		t = plus * minus + v * u;
		this.y = t - (((t >> low) * mu) >> high) * p;
		t = yz * minus + xy * v;
		this.z = t - (((t >> low) * mu) >> high) * p;
	}

	wipe(): void {
		this.set(0n, 1n, 0n);
	}
}
