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
