// The encoded messages of RSA signatures: EMSA-PKCS1-v1_5 and EMSA-PSS (RFC 8017 section 9). For the RSA jobs.
// encoded is as long as the modulus; what is signed or was recovered is the integer that it stands for.

import { equalPublic } from "../../base/bytes.js";
import type { HashAlgorithm } from "../types.js";
import { sha256 } from "../types.js";

/** The DER DigestInfo before the digest (RFC 8017 9.2, note 1), but for its lengths and the hash's last OID byte. */
const DIGEST_INFO: readonly number[] = Object.freeze([0x30, 0, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0, 5, 0, 4, 0]);

/** Writes EM = 00 01 ff .. ff 00 DigestInfo digest over all of encoded. */
export function encodePkcs1(encoded: Uint8Array, hash: HashAlgorithm, digest: Uint8Array): void {
	const { id, hashLength } = hash;
	const digestAt = encoded.length - hashLength;
	const infoAt = digestAt - DIGEST_INFO.length;
	encoded.fill(0xff, 2, infoAt - 1);
	encoded[0] = 0;
	encoded[1] = 1;
	encoded[infoAt - 1] = 0;
	for (let i = 0; i < DIGEST_INFO.length; i++) encoded[infoAt + i] = DIGEST_INFO[i];
	encoded[infoAt + 1] = 17 + hashLength;
	encoded[infoAt + 14] = 1 + id - sha256; // id-sha256, id-sha384 and id-sha512 end in 1, 2, 3
	encoded[infoAt + 18] = hashLength;
	for (let i = 0; i < hashLength; i++) encoded[digestAt + i] = digest[i];
}

/** XORs MGF1(seed) over [at, end) of bytes (RFC 8017 B.2.1); the seed is [seedAt, seedAt + hashLength) of bytes. */
function mask(hash: HashAlgorithm, bytes: Uint8Array, seedAt: number, at: number, end: number): void {
	const counter = new Uint8Array(4);
	const block = new Uint8Array(hash.hashLength);
	for (; at < end; counter[3]++) {
		const running = hash.create();
		running.update(bytes, seedAt, seedAt + hash.hashLength);
		running.update(counter, 0, 4);
		running.digest(block, 0);
		for (let i = 0; i < block.length && at < end; i++, at++) bytes[at] ^= block[i];
	}
}

/** H = Hash(00 * 8 || digest || salt), written to [outAt, outAt + hashLength) of bytes; the salt is [saltAt, saltEnd). */
function hashSalted(hash: HashAlgorithm, digest: Uint8Array, bytes: Uint8Array, saltAt: number, saltEnd: number, out: Uint8Array, outAt: number): void {
	const running = hash.create();
	running.update(new Uint8Array(8), 0, 8);
	running.update(digest, 0, hash.hashLength);
	running.update(bytes, saltAt, saltEnd);
	running.digest(out, outAt);
}

/**
 * EMSA-PSS-ENCODE (RFC 8017 9.1.1) over all of encoded, for a modulus of modulusBits; salt is hashLength bytes.
 * EM has modulusBits - 1 bits: encoded begins with a zero byte where the modulus is a multiple of 8 bits plus one.
 */
export function encodePss(encoded: Uint8Array, modulusBits: number, hash: HashAlgorithm, digest: Uint8Array, salt: Uint8Array): void {
	const { hashLength } = hash;
	const at = (modulusBits & 7) === 1 ? 1 : 0;
	const hashAt = encoded.length - 1 - hashLength;
	const saltAt = hashAt - hashLength;
	encoded.fill(0);
	encoded[saltAt - 1] = 1;
	for (let i = 0; i < hashLength; i++) encoded[saltAt + i] = salt[i];
	hashSalted(hash, digest, encoded, saltAt, hashAt, encoded, hashAt);
	mask(hash, encoded, hashAt, at, hashAt);
	encoded[at] &= 0xff >> unusedBits(modulusBits);
	encoded[encoded.length - 1] = 0xbc;
}

/** EMSA-PSS-VERIFY (RFC 8017 9.1.2) with a salt of hashLength bytes. encoded is used up. */
export function checkPss(encoded: Uint8Array, modulusBits: number, hash: HashAlgorithm, digest: Uint8Array): boolean {
	const { hashLength } = hash;
	const at = (modulusBits & 7) === 1 ? 1 : 0;
	const hashAt = encoded.length - 1 - hashLength;
	const saltAt = hashAt - hashLength;
	const topMask = 0xff >> unusedBits(modulusBits);
	if (at === 1 && encoded[0] !== 0) return false;
	if (encoded[encoded.length - 1] !== 0xbc || (encoded[at] & ~topMask) !== 0) return false;
	mask(hash, encoded, hashAt, at, hashAt);
	encoded[at] &= topMask;
	for (let i = at; i < saltAt - 1; i++) if (encoded[i] !== 0) return false;
	if (encoded[saltAt - 1] !== 1) return false;
	const expected = new Uint8Array(hashLength);
	hashSalted(hash, digest, encoded, saltAt, hashAt, expected, 0);
	return equalPublic(expected, 0, hashLength, encoded, hashAt, hashAt + hashLength);
}

/** The bits of EM's first byte that stay zero: EM has modulusBits - 1 bits. */
function unusedBits(modulusBits: number): number {
	return (8 - ((modulusBits - 1) & 7)) & 7;
}
