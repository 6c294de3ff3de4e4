// The choice of a point from a table by secret bits. For the elliptic curves.
//
// In images C does the same (hosts/moddable/native/point-choice-native): in a time that doesn't depend on the bits, while a BigInt that is
// multiplied by 0 becomes shorter.

import type { PointRow } from "./curve.js";

/**
 * The point of four signed bits, as a digit with entries for +1, +3 ... +15: whatever its sign. A polynomial over the
 * bits, so that all of the row goes through the same operations.
 */
export function choosePoint(row: PointRow, bits: number): bigint {
	const index = bits ^ ((bits >> 3) - 1);
	const bit0 = BigInt(index & 1);
	const bit1 = BigInt((index >> 1) & 1);
	const low = row.e0 ^ (row.e1 * bit0) ^ ((row.e2 ^ (row.e3 * bit0)) * bit1);
	return low ^ ((row.e4 ^ (row.e5 * bit0) ^ ((row.e6 ^ (row.e7 * bit0)) * bit1)) * BigInt((index >> 2) & 1));
}
