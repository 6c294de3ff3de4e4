// The Montgomery ladder of Curve25519 (RFC 7748 5). For x25519.ts.
//
// In images C does the same (hosts/moddable/native/ladder-steps-native): in a third of the time, which doesn't depend on the numbers,
// and without garbage.

import { field25519, shift255, shift256, twice25519 } from "./curve25519.js";
import type { LadderPoints } from "./ladder-points.js";

/** (486662 - 2) / 4 */
const A24 = 121665n;

/**
 * count steps, from a bit down to 0 at the most. changes: 32 bytes that tell where the scalar's bits change: k ^ k / 2, little-endian.
 * The two points aren't swapped: sum and difference don't mind their order, and the one to double is chosen by
 * arithmetic: the other one where the scalar's bit changes.
 * What is multiplied again is folded once, to 264 bits; coordinates in full.
 */
export function climb25519(points: LadderPoints, changes: Uint8Array, bit: number, count: number): void {
	const { p } = field25519;
	const shift = shift256;
	const twice = twice25519;
	const top = shift255;
	const a24 = A24;
	const { u1 } = points;
	let { x2, z2, x3, z3 } = points;
	for (; count > 0 && bit >= 0; count--, bit--) {
		const change = BigInt((changes[bit >> 3] >> (bit & 7)) & 1);
		const a = x2 + z2;
		const b = x2 - z2 + p; // p, so that it isn't negative
		const c = x3 + z3;
		const d = x3 - z3 + p;
		let t = d * a;
		const da = t - (t >> shift) * twice;
		t = c * b;
		const cb = t - (t >> shift) * twice;
		t = a ^ ((a ^ c) * change);
		t = t * t;
		const aa = t - (t >> shift) * twice;
		t = b ^ ((b ^ d) * change);
		t = t * t;
		const bb = t - (t >> shift) * twice;
		t = aa * bb;
		t -= (t >> shift) * twice;
		x2 = t - (t >> top) * p;
		const e = aa - bb;
		t = (aa + e * a24) * e;
		t -= (t >> shift) * twice;
		z2 = t - (t >> top) * p;
		t = da + cb;
		t = t * t;
		t -= (t >> shift) * twice;
		x3 = t - (t >> top) * p;
		t = da - cb;
		t = t * t;
		t = (t - (t >> shift) * twice) * u1;
		t -= (t >> shift) * twice;
		z3 = t - (t >> top) * p;
	}
	points.x2 = x2;
	points.z2 = z2;
	points.x3 = x3;
	points.z3 = z3;
}
