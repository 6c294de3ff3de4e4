// Secret scalars: drawn, recoded, and used to choose from tables. For the elliptic curves.
//
// What is promised: our code takes the same steps and reads the same table entries whatever a scalar is. What isn't: an
// engine's BigInt. XS works in whole words and leaves out leading zero words, so that its time varies a little with the
// sizes of intermediate results (one in 2^32 is a word shorter); V8 promises less. Copies of secrets in BigInts can't be
// overwritten: wipe() drops them, the engine's next collection frees them.

import type { Entropy } from "../../os/os.js";
import type { PointRow } from "./curve.js";
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

/**
 * The digits of a comb of four teeth and four blocks: signed bits, four of them a digit, one of each tooth. Eight columns
 * a word, the lowest first; a row of words for each block.
 *
 *     teeth.take(signedBits(order, 256, k), 256);
 *     const bits = teeth.at(block, column);
 */
export class CombDigits {
	readonly #words: Uint32Array;
	/** Words of a block. */
	readonly #row: number;

	/** bits: a multiple of 128. */
	constructor(bits: number) {
		this.#row = bits >> 7;
		this.#words = new Uint32Array(4 * this.#row);
	}

	/** Takes a number below 2^bits. */
	take(signed: bigint): void {
		const words = this.#words;
		words.fill(0);
		for (let tooth = 0; tooth < 4; tooth++)
			for (let at = 0; at < words.length; at++) {
				// Eight bits, each to the lowest of four
				let spread = Number(signed & 0xffn);
				signed >>= 8n;
				spread = (spread | (spread << 12)) & 0x000f000f;
				spread = (spread | (spread << 6)) & 0x03030303;
				spread = (spread | (spread << 3)) & 0x11111111;
				words[at] |= spread << tooth;
			}
	}

	/** Four signed bits. */
	at(block: number, column: number): number {
		return (this.#words[block * this.#row + (column >> 3)] >>> (4 * (column & 7))) & 15;
	}

	wipe(): void {
		this.#words.fill(0);
	}
}

/** Of four signed bits, as an odd digit from -15 to 15: 1 or -1. */
export function signOf(bits: number): bigint {
	return BigInt(((bits >> 2) & 2) - 1);
}

/** Combines eight packed points for choosePoint (point-choice.ts). */
export function combinePoints(points: readonly bigint[]): PointRow {
	const [e0, point1, point2, point3, point4, point5, point6, point7] = points;
	const e1 = e0 ^ point1;
	const e3 = e1 ^ point2 ^ point3;
	const e5 = e1 ^ point4 ^ point5;
	return { e0, e1, e2: e0 ^ point2, e3, e4: e0 ^ point4, e5, e6: e0 ^ point2 ^ point4 ^ point6, e7: e3 ^ point4 ^ point5 ^ point6 ^ point7 };
}
