// The curve P-384 (FIPS 186-5, SP 800-186 3.2.1; secp384r1 in RFC 8422) as literals. Its tables stand in p384-comb.ts and
// p384-odd-multiples.ts.

import { KEY_P384 } from "../types.js";
import type { Curve } from "./curve.js";
import type { Modulus } from "./modulus.js";
import { p384Comb } from "./p384-comb.js";
import { p384OddMultiples } from "./p384-odd-multiples.js";

// p - 2 and order - 2 as addition chains
const fieldInversion: Readonly<Uint8Array> = new Uint8Array([
	1, 0, 1, 1, 0, 2, 3, 2, 3, 6, 3, 4, 3, 2, 5, 15, 5, 6, 2, 1, 7, 32, 7, 8, 64, 8, 9, 64, 8, 255, 32, 7, 255, 30, 6, 255, 1, 0, 255, 33, 7, 255, 94, 6, 255, 2,
	0, 255,
]);
const orderInversion: Readonly<Uint8Array> = new Uint8Array([
	1, 255, 16, 0, 0, 1, 0, 16, 2, 0, 16, 3, 0, 16, 4, 0, 16, 5, 0, 16, 6, 0, 16, 7, 0, 16, 8, 0, 16, 9, 0, 16, 10, 0, 16, 11, 0, 16, 12, 0, 16, 13, 0, 16, 14, 0,
	16, 15, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15,
	255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15,
	255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 5, 15, 255, 4, 7, 255, 8, 14,
	255, 5, 8, 255, 3, 2, 255, 7, 13, 255, 11, 15, 255, 2, 0, 255, 9, 13, 255, 4, 4, 255, 6, 13, 255, 5, 11, 255, 4, 6, 255, 3, 1, 255, 10, 6, 255, 10, 13, 255,
	6, 12, 255, 6, 4, 255, 7, 5, 255, 7, 2, 255, 7, 14, 255, 5, 14, 255, 6, 14, 255, 5, 9, 255, 4, 5, 255, 10, 12, 255, 5, 6, 255, 5, 5, 255, 7, 12, 255, 5, 8,
	255, 5, 4, 255, 5, 4, 255, 4, 3, 255, 4, 0, 255,
]);

/** The field. */
export const p384Field: Modulus = Object.freeze({
	p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
	mu: 0x1000000000000000000000000000000000000000000000000000000000000000100000000ffffffffffffffff00000001n,
	low: 352n,
	high: 416n,
	length: 48,
	inversion: fieldInversion,
});

/** The order of the group. */
export const p384Order: Modulus = Object.freeze({
	p: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
	mu: 0x1000000000000000000000000000000000000000000000000389cb27e0bc8d220a7e5f24db74f58851313e695333ad68d0c84ee01n,
	low: 352n,
	high: 448n,
	length: 48,
	inversion: orderInversion,
});

export const p384: Curve = Object.freeze({
	group: 24,
	keyType: KEY_P384,
	field: p384Field,
	order: p384Order,
	b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
	bits: 384,
	length: 48,
	lane: 416n,
	laneMask: 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
	comb: p384Comb,
	oddMultiples: p384OddMultiples,
	cost: 4000,
});
