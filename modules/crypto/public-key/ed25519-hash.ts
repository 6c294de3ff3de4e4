// SHA-512 as Ed25519 uses it (RFC 8032 5.1.5 to 5.1.7). For the Ed25519 jobs.

import { wipe } from "../../base/bytes.js";
import type { Hash, HashAlgorithm } from "../types.js";
import { clampScalar, decodeLittleEndian } from "./curve25519.js";
import { order25519 } from "./edwards25519.js";
import { canonical, reduce } from "./modulus.js";

/** ed25519 (RFC 8446 4.2.3). */
export const ED25519_SCHEME = 0x0807;

/** Ends a running SHA-512: its digest as a number modulo the order. */
export function hashNumber(running: Hash): bigint {
	const digest = new Uint8Array(64);
	running.digest(digest, 0);
	const number = decodeLittleEndian(digest, 0) | (decodeLittleEndian(digest, 32) << 256n);
	wipe(digest);
	return canonical(order25519, reduce(order25519, number));
}

/** The secret scalar of a private key; its prefix for signatures goes to the 32 bytes of prefix. */
export function expandSeed(hash: HashAlgorithm, seed: Uint8Array, prefix: Uint8Array): bigint {
	const digest = new Uint8Array(64);
	const running = hash.create();
	running.update(seed, 0, 32);
	running.digest(digest, 0);
	const scalar = clampScalar(digest);
	prefix.set(digest.subarray(32));
	wipe(digest);
	return scalar;
}
