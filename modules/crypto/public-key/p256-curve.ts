// The curve P-256 (FIPS 186-5, SP 800-186 3.2.1; secp256r1 in RFC 8422) as literals. Its tables stand in p256-comb.ts and
// p256-odd-multiples.ts.

import { KEY_P256 } from "../types.js";
import type { Curve } from "./curve.js";
import type { Modulus } from "./modulus.js";
import { p256Comb } from "./p256-comb.js";
import { p256OddMultiples } from "./p256-odd-multiples.js";

// p - 2 and order - 2 as addition chains
const fieldInversion: Readonly<Uint8Array> = new Uint8Array([
	1, 0, 1, 1, 0, 2, 3, 2, 3, 6, 3, 4, 3, 2, 5, 15, 5, 6, 2, 1, 7, 32, 0, 255, 128, 7, 255, 32, 7, 255, 30, 6, 255, 2, 0, 255,
]);
const orderInversion: Readonly<Uint8Array> = new Uint8Array([
	1, 255, 16, 0, 0, 1, 0, 16, 2, 0, 16, 3, 0, 16, 4, 0, 16, 5, 0, 16, 6, 0, 16, 7, 0, 16, 8, 0, 16, 9, 0, 16, 10, 0, 16, 11, 0, 16, 12, 0, 16, 13, 0, 16, 14, 0,
	16, 15, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 2, 1, 255, 37, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15,
	255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 7, 255, 5, 3, 255, 7, 13, 255, 5, 14, 255, 6, 10, 255, 4, 5, 255, 6, 9, 255,
	5, 8, 255, 5, 7, 255, 6, 7, 255, 2, 0, 255, 9, 9, 255, 5, 12, 255, 5, 13, 255, 5, 9, 255, 4, 4, 255, 5, 5, 255, 9, 11, 255, 3, 3, 255, 5, 1, 255, 8, 12, 255,
	7, 10, 255, 6, 7, 255,
]);

/** The field. */
export const p256Field: Modulus = Object.freeze({
	p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
	mu: 0x100000000fffffffffffffffefffffffefffffffeffffffff0000000000000003n,
	low: 224n,
	high: 288n,
	length: 32,
	inversion: fieldInversion,
});

/** The order of the group. */
export const p256Order: Modulus = Object.freeze({
	p: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
	mu: 0x100000000fffffffffffffffeffffffff43190552df1a6c21012ffd85eedf9bfe66e12d95n,
	low: 224n,
	high: 320n,
	length: 32,
	inversion: orderInversion,
});

export const p256: Curve = Object.freeze({
	group: 23,
	keyType: KEY_P256,
	field: p256Field,
	order: p256Order,
	b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
	bits: 256,
	length: 32,
	lane: 288n,
	laneMask: 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
	comb: p256Comb,
	oddMultiples: p256OddMultiples,
	cost: 1500,
});
