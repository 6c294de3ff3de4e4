// The curve P-256 (FIPS 186-5, SP 800-186 3.2.1; secp256r1 in RFC 8422) as literals. Its tables stand in p256-comb.ts and
// p256-odd-multiples.ts.

import { KEY_P256 } from "../types.js";
import type { Curve } from "./curve.js";
import type { Modulus } from "./modulus.js";
import { p256Comb } from "./p256-comb.js";
import { p256OddMultiples } from "./p256-odd-multiples.js";

/** The field. */
export const p256Field: Modulus = Object.freeze({
	p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
	mu: 0x100000000fffffffffffffffefffffffefffffffeffffffff0000000000000003n,
	low: 224n,
	high: 288n,
	length: 32,
});

/** The order of the group. */
export const p256Order: Modulus = Object.freeze({
	p: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
	mu: 0x100000000fffffffffffffffeffffffff43190552df1a6c21012ffd85eedf9bfe66e12d95n,
	low: 224n,
	high: 320n,
	length: 32,
});

export const p256: Curve = Object.freeze({
	keyType: KEY_P256,
	field: p256Field,
	order: p256Order,
	b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
	bits: 256,
	length: 32,
	units: 1,
	piece: 8,
	lane: 288n,
	laneMask: 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
	comb: p256Comb,
	oddMultiples: p256OddMultiples,
});
