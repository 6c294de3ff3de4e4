// Doubling and adding points of edwards25519. For Ed25519, and for key shares of X25519.
//
// In images C does the same (hosts/moddable/native/edwards-steps-native): in a fraction of the time, which doesn't depend on the numbers,
// and without garbage.

import { field25519, shift255, shift256, twice25519 } from "./curve25519.js";
import type { Edwards } from "./edwards25519.js";

/**
 * Doubles times over, then adds a point; z2 is twice its z, 2 if that is affine. Keeps t, which the next addition
 * needs if no doubling comes before it, only when asked. What is multiplied again is folded once, coordinates in full.
 * Not short: on XS each call costs a third of a reduction.
 */
export function edwardsDoubleAdd(sum: Edwards, times: number, plus: bigint, minus: bigint, product: bigint, z2: bigint | undefined, keepsT: boolean): void {
	const { p } = field25519;
	const shift = shift256;
	const twice = twice25519;
	const top = shift255;
	let x = sum.x;
	let y = sum.y;
	let z = sum.z;
	let t = sum.t;
	let e: bigint;
	let f: bigint;
	let g: bigint;
	let h: bigint;
	for (; times > 0; times--) {
		t = (x + x) * y;
		e = t - (t >> shift) * twice;
		t = (y - x) * (y + x);
		g = t - (t >> shift) * twice;
		t = x * x + y * y;
		h = t - (t >> shift) * twice;
		t = z * z;
		t -= (t >> shift) * twice;
		f = t + t - g;
		t = e * f;
		t -= (t >> shift) * twice;
		x = t - (t >> top) * p;
		t = g * h;
		t -= (t >> shift) * twice;
		y = t - (t >> top) * p;
		t = f * g;
		t -= (t >> shift) * twice;
		z = t - (t >> top) * p;
		if (times > 1) continue;
		t = e * h;
		t -= (t >> shift) * twice;
		t -= (t >> top) * p;
	}
	t *= product;
	t -= (t >> shift) * twice;
	if (z2 === undefined) z += z;
	else {
		z *= z2;
		z -= (z >> shift) * twice;
	}
	f = z - t;
	g = z + t;
	t = (y - x) * minus;
	t -= (t >> shift) * twice;
	h = (y + x) * plus;
	h -= (h >> shift) * twice;
	e = h - t;
	h += t;
	t = e * f;
	t -= (t >> shift) * twice;
	sum.x = t - (t >> top) * p;
	t = g * h;
	t -= (t >> shift) * twice;
	sum.y = t - (t >> top) * p;
	t = f * g;
	t -= (t >> shift) * twice;
	sum.z = t - (t >> top) * p;
	if (!keepsT) return;
	t = e * h;
	t -= (t >> shift) * twice;
	sum.t = t - (t >> top) * p;
}
