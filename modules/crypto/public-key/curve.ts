// A short Weierstrass curve y^2 = x^3 - 3x + b of prime order (SEC 1, RFC 8422 5.1.1) as a row of values. For P-256 and
// P-384.

import type { KeyType } from "../types.js";
import type { Modulus } from "./modulus.js";
import { reduce } from "./modulus.js";

/**
 * Eight packed points, combined for choosePoint (point-choice.ts): e7 is all of them, XORed; each of the others, those whose
 * index has no bits that its own hasn't. Named: the SDK's linker loses BigInts in arrays.
 */
export interface PointRow {
	readonly e0: bigint;
	readonly e1: bigint;
	readonly e2: bigint;
	readonly e3: bigint;
	readonly e4: bigint;
	readonly e5: bigint;
	readonly e6: bigint;
	readonly e7: bigint;
}

export interface AffinePoint {
	readonly x: bigint;
	readonly y: bigint;
}

export interface Curve {
	readonly keyType: KeyType;
	readonly field: Modulus;
	readonly order: Modulus;
	readonly b: bigint;
	/** Of the order and of the field: 256 or 384. */
	readonly bits: number;
	/** What a doubling costs, in units of budget. */
	readonly units: number;
	/** Doublings in one piece of a chain. */
	readonly piece: number;
	/** Bytes of a coordinate and of a scalar. */
	readonly length: number;
	/** A point is packed into one BigInt: x | y << lane. A lane has room for 32 bits more than a coordinate. */
	readonly lane: bigint;
	readonly laneMask: bigint;
	/** Multiples of the generator for generator-multiply.ts, packed: a row for each block. */
	readonly comb: readonly PointRow[];
	/** 1, 3, 5 ... 63 times the generator. */
	readonly oddMultiples: readonly AffinePoint[];
}

/** Whether a point from a peer is on the curve (SEC 1 3.2.2.1); the point at infinity has no coordinates. Not for secrets. */
export function onCurve(curve: Curve, x: bigint, y: bigint): boolean {
	const field = curve.field;
	if (x >= field.p || y >= field.p) return false;
	return reduce(field, y * y - reduce(field, x * x - 3n) * x - curve.b) % field.p === 0n;
}
