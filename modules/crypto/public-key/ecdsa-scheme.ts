// The ECDSA signature schemes (RFC 8446 4.2.3) and their digests. As in TLS 1.2, they name a hash and go with either
// curve; TLS 1.3 binds each to one curve, which is its own affair. For the ECDSA jobs.

import { sha256, sha384, sha512 } from "../types.js";
import { decodeInteger } from "./integer.js";

const ecdsa_secp256r1_sha256 = 0x0403;
const ecdsa_secp384r1_sha384 = 0x0503;
const ecdsa_secp521r1_sha512 = 0x0603;

export const ecdsaSchemes: readonly number[] = Object.freeze([ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512]);

/** The hash's number, or -1. */
export function ecdsaHash(scheme: number): number {
	switch (scheme) {
		case ecdsa_secp256r1_sha256:
			return sha256;
		case ecdsa_secp384r1_sha384:
			return sha384;
		case ecdsa_secp521r1_sha512:
			return sha512;
		default:
			return -1;
	}
}

/** The leftmost bits of a digest as a number (bits2int, RFC 6979 2.3.2), for orders of 256 and 384 bits. */
export function digestNumber(digest: Uint8Array, hashLength: number, length: number): bigint {
	return decodeInteger(digest, 0, Math.min(hashLength, length));
}
