// Points of edwards25519 (RFC 8032 5.1, RFC 7748 4.1) in extended coordinates: x / z, y / z, and t = xy / z (Hisil, Wong,
// Carter, Dawson 2008, a = -1). The formulas are complete: right for every pair of points, so that secrets need no cases.
// For Ed25519, and for key shares of X25519.

import { encodeLittleEndian, field25519 } from "./curve25519.js";
import { type Modulus, reduce } from "./modulus.js";

/** The order of the base point. */
export const order25519: Modulus = Object.freeze({
	p: 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn,
	mu: 0xfffffffffffffffffffffffffffffffeb2106215d086329a7ed9ce5a30a2c131b399411b7n,
	low: 224n,
	high: 320n,
	length: 32,
});

/** d of the curve's equation -x^2 + y^2 = 1 + dx^2y^2, and 2d. */
export const edwardsD = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
export const edwardsD2 = 0x2406d9dc56dffce7198e80f2eef3d13000e0149a8283b156ebd69b9426b2f159n;

/** A point as additions take it: y + x, y - x, 2dxy. */
export interface EdwardsEntry {
	readonly plus: bigint;
	readonly minus: bigint;
	readonly product: bigint;
}

/**
 * The running sum.
 *
 *     sum.set(x, y);
 *     edwardsDoubleAdd(sum, 4, entry.plus, entry.minus, entry.product, undefined, true);
 */
export class Edwards {
	x = 0n;
	y = 1n;
	z = 1n;
	t = 0n;

	/** An affine point. */
	set(x: bigint, y: bigint): void {
		this.x = x;
		this.y = y;
		this.z = 1n;
		this.t = reduce(field25519, x * y);
	}

	/** Doubles times over (t isn't read). */
	double(times: number): void {
		const field = field25519;
		for (; times > 0; times--) {
			const { x, y, z } = this;
			const e = reduce(field, (x + x) * y);
			const g = reduce(field, (y - x) * (y + x));
			const h = reduce(field, x * x + y * y);
			const f = reduce(field, z * (z + z)) - g;
			this.x = reduce(field, e * f);
			this.y = reduce(field, g * h);
			this.z = reduce(field, f * g);
			this.t = reduce(field, e * h);
		}
	}

	wipe(): void {
		this.x = 0n;
		this.y = 1n;
		this.z = 1n;
		this.t = 0n;
	}
}

/** Writes an affine point to the 32 bytes of out from at on (RFC 8032 5.1.2). */
export function encodePoint(x: bigint, y: bigint, out: Uint8Array, at: number): void {
	encodeLittleEndian(y | ((x & 1n) << 255n), out, at);
}
