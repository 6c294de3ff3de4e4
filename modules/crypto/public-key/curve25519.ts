// What Curve25519 and edwards25519 share (RFC 7748 4.1): the field, numbers in little-endian bytes, clamped scalars.

import { decodeInteger, encodeInteger } from "./integer.js";
import type { Modulus } from "./modulus.js";

/** 2^255 - 19 */
export const field25519: Modulus = Object.freeze({
	p: 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn,
	mu: 0x8000000000000000000000000000000000000000000000000000000000000013n,
	low: 224n,
	high: 286n,
	length: 32,
});

/**
 * What folds a product, since the top of 2^256 - 38, twice the modulus, is that of 2^256: t - (t >> shift256) * twice25519 is at the most a few
 * bits longer than 256, for |t| below 2^530; of that, less (it >> shift255) * p is from 0 to a little above 2^255, and to a
 * little below 0 once in 2^200. On XS the first costs 0.5 of reduce(), both 0.9. Written out in place as reduce() is. What is
 * taken off is a multiple of the modulus, whatever the shift answers: XS's makes -2^256 k one too small.
 */
export const shift256 = 256n;
export const twice25519 = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdan;
export const shift255 = 255n;

/** The number in the 32 bytes from at on. */
export function decodeLittleEndian(bytes: Uint8Array, at: number): bigint {
	const reversed = bytes.slice(at, at + 32).reverse();
	const value = decodeInteger(reversed, 0, 32);
	reversed.fill(0);
	return value;
}

/** Writes a number below 2^256 to the 32 bytes of out from at on. */
export function encodeLittleEndian(value: bigint, out: Uint8Array, at: number): void {
	encodeInteger(value, out, at, at + 32);
	out.subarray(at, at + 32).reverse();
}

/** The first 32 bytes as a multiple of 8 from 2^254 to 2^255 - 8 (RFC 7748 5, decodeScalar25519). */
export function clampScalar(bytes: Uint8Array): bigint {
	const k = decodeLittleEndian(bytes, 0);
	return (k & 0x3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8n) | 0x4000000000000000000000000000000000000000000000000000000000000000n;
}
