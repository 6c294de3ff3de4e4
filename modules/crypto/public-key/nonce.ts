// The secret number of an ECDSA signature: deterministic from key and message (RFC 6979 3.2), hedged by fresh random
// bytes as additional input (RFC 6979 3.6), so that neither a bad generator nor a fault repeats one. For ecdsa-sign.ts.

import { wipe } from "../../base/bytes.js";
import type { HashAlgorithm } from "../types.js";
import { decodeInteger } from "./integer.js";

/**
 * A number from 1 to order - 1. privateKey and digest are numbers as bytes of the order's length, the digest's one below
 * the order (bits2octets); extra may be empty: then the result is that of RFC 6979 itself.
 * For orders whose length in bits is that of their bytes.
 */
export function deriveNonce(hash: HashAlgorithm, order: bigint, privateKey: Uint8Array, digest: Uint8Array, extra: Uint8Array): bigint {
	const { hashLength } = hash;
	const { length } = privateKey;
	const hmac = hash.createHmac();
	const key = new Uint8Array(hashLength);
	const value = new Uint8Array(hashLength).fill(1);
	const separator = new Uint8Array(1);
	for (let round = 0; round < 2; round++) {
		separator[0] = round;
		hmac.setKey(key, 0, hashLength);
		hmac.update(value, 0, hashLength);
		hmac.update(separator, 0, 1);
		hmac.update(privateKey, 0, length);
		hmac.update(digest, 0, digest.length);
		hmac.update(extra, 0, extra.length);
		hmac.digest(key, 0);
		hmac.setKey(key, 0, hashLength);
		hmac.update(value, 0, hashLength);
		hmac.digest(value, 0);
	}
	const candidate = new Uint8Array(length);
	for (;;) {
		for (let at = 0; at < length; at += hashLength) {
			hmac.update(value, 0, hashLength);
			hmac.digest(value, 0);
			candidate.set(value.subarray(0, Math.min(hashLength, length - at)), at);
		}
		const k = decodeInteger(candidate, 0, length);
		if (k > 0n && k < order) {
			hmac.wipe();
			wipe(key);
			wipe(value);
			wipe(candidate);
			return k;
		}
		separator[0] = 0;
		hmac.update(value, 0, hashLength);
		hmac.update(separator, 0, 1);
		hmac.digest(key, 0);
		hmac.setKey(key, 0, hashLength);
		hmac.update(value, 0, hashLength);
		hmac.digest(value, 0);
	}
}
