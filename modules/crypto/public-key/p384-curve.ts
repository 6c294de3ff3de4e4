// The curve P-384 (FIPS 186-5, SP 800-186 3.2.1; secp384r1 in RFC 8422) as literals. Its tables stand in p384-comb.ts and
// p384-odd-multiples.ts.

import { KEY_P384 } from "../types.js";
import type { Curve } from "./curve.js";
import type { Modulus } from "./modulus.js";
import { p384Comb } from "./p384-comb.js";
import { p384OddMultiples } from "./p384-odd-multiples.js";

/** The field. */
export const p384Field: Modulus = Object.freeze({
	p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
	mu: 0x1000000000000000000000000000000000000000000000000000000000000000100000000ffffffffffffffff00000001n,
	low: 352n,
	high: 416n,
	length: 48,
});

/** The order of the group. */
export const p384Order: Modulus = Object.freeze({
	p: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
	mu: 0x1000000000000000000000000000000000000000000000000389cb27e0bc8d220a7e5f24db74f58851313e695333ad68d0c84ee01n,
	low: 352n,
	high: 448n,
	length: 48,
});

export const p384: Curve = Object.freeze({
	keyType: KEY_P384,
	field: p384Field,
	order: p384Order,
	b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
	bits: 384,
	length: 48,
	units: 2,
	piece: 6,
	lane: 416n,
	laneMask: 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
	comb: p384Comb,
	oddMultiples: p384OddMultiples,
});
