// Secret scalars: drawn, recoded, and used to choose from tables. For the elliptic curves.
//
// What is promised: our code takes the same steps and reads the same table entries whatever a scalar is. What isn't: an
// engine's BigInt. XS works in whole words and leaves out leading zero words, so that its time varies a little with the
// sizes of intermediate results (one in 2^32 is a word shorter); V8 promises less. Copies of secrets in BigInts can't be
// overwritten: wipe() drops them, the engine's next collection frees them.

import type { Entropy } from "../../os/os.js";
import type { CombRow } from "./curve.js";
import { decodeInteger } from "./integer.js";
import type { Modulus } from "./modulus.js";

/** A uniform number from 1 to p - 1 (FIPS 186-5 A.2.1: 64 bits more than needed, modulo p - 1). */
export function drawScalar(entropy: Entropy, modulus: Modulus): bigint {
	const bytes = new Uint8Array(modulus.length + 8);
	entropy.fill(bytes, 0, bytes.length);
	const scalar = (decodeInteger(bytes, 0, bytes.length) % (modulus.p - 1n)) + 1n;
	bytes.fill(0);
	return scalar;
}

/**
 * The bits b that write k or k - order, the odd one of the two, as a sum of +2^i (b_i = 1) and -2^i (b_i = 0), i from 0
 * to bits - 1. So a window of bits is an odd number, never 0: no case to hide.
 */
export function signedBits(order: Modulus, bits: number, k: bigint): bigint {
	const odd = k - order.p * ((k & 1n) ^ 1n);
	return (odd + (1n << BigInt(bits)) - 1n) >> 1n;
}

/** Of four signed bits, as a digit with entries for +1, +3 ... +15: which entry it is. */
export function entryOf(bits: number): number {
	return (bits ^ ((bits >> 3) - 1)) & 7;
}

/** Of the same: 1 or -1. */
export function signOf(bits: number): bigint {
	return BigInt(((bits >> 2) & 2) - 1);
}

/**
 * The entry index (0 to 7) of the table of pairs that begins at at: entry 0, entry 0 ^ entry 1, entry 2, entry 2 ^ entry 3 ...
 * All are read and go through the same operations.
 */
export function chooseOfEight(table: readonly bigint[], at: number, index: number): bigint {
	return choose(table[at], table[at + 1], table[at + 2], table[at + 3], table[at + 4], table[at + 5], table[at + 6], table[at + 7], index);
}

/** The same of a row in flash. */
export function chooseOfRow(row: CombRow, index: number): bigint {
	return choose(row.e0, row.e1, row.e2, row.e3, row.e4, row.e5, row.e6, row.e7, index);
}

function choose(e0: bigint, e1: bigint, e2: bigint, e3: bigint, e4: bigint, e5: bigint, e6: bigint, e7: bigint, index: number): bigint {
	const bit0 = BigInt(index & 1);
	const bit1 = BigInt((index >> 1) & 1);
	const low = e0 ^ (e1 * bit0);
	const high = e4 ^ (e5 * bit0);
	const first = low ^ ((low ^ e2 ^ (e3 * bit0)) * bit1);
	const second = high ^ ((high ^ e6 ^ (e7 * bit0)) * bit1);
	return first ^ ((first ^ second) * BigInt(index >> 2));
}
