// AlgorithmIdentifiers of signatures (RFC 3279, 4055, 5758, 8410) <-> SignatureScheme numbers (RFC 8446 4.2.3),
// which crypto speaks. A scheme is hash << 8 | signature for the classic ones, as in TLS 1.2.

import { DER_NULL, DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import type { Reader } from "../base/reader.js";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type KeyType } from "../crypto/types.js";
import { DER_CONTEXT_CONSTRUCTED, skipDer, takeDerSmall } from "./der-values.js";
import {
	ecdsa_with_SHA1,
	ecdsa_with_SHA256,
	ecdsa_with_SHA384,
	ecdsa_with_SHA512,
	id_Ed25519,
	id_mgf1,
	id_RSASSA_PSS,
	id_sha1,
	id_sha256,
	id_sha384,
	id_sha512,
	md5WithRSAEncryption,
	sha1WithRSAEncryption,
	sha256WithRSAEncryption,
	sha384WithRSAEncryption,
	sha512WithRSAEncryption,
	takeOid,
} from "./oid.js";

/** An algorithm that has no SignatureScheme: nothing here can check it. */
export const SCHEME_UNKNOWN = 0;
export const rsa_pkcs1_md5 = 0x0101;
export const rsa_pkcs1_sha1 = 0x0201;
export const ecdsa_sha1 = 0x0203;
export const rsa_pkcs1_sha256 = 0x0401;
export const ecdsa_secp256r1_sha256 = 0x0403;
export const rsa_pkcs1_sha384 = 0x0501;
export const ecdsa_secp384r1_sha384 = 0x0503;
export const rsa_pkcs1_sha512 = 0x0601;
export const ecdsa_secp521r1_sha512 = 0x0603;
export const rsa_pss_rsae_sha256 = 0x0804;
export const rsa_pss_rsae_sha384 = 0x0805;
export const rsa_pss_rsae_sha512 = 0x0806;
export const ed25519 = 0x0807;
export const rsa_pss_pss_sha256 = 0x0809;
export const rsa_pss_pss_sha384 = 0x080a;
export const rsa_pss_pss_sha512 = 0x080b;

/**
 * Passes over the AlgorithmIdentifier of a signature: its scheme, or SCHEME_UNKNOWN. PSS answers the rsae number;
 * schemeForKey turns it into the pss one where the key wants it.
 */
export function takeSignatureAlgorithm(reader: Reader): number {
	const mark = openDer(reader, DER_SEQUENCE);
	const oid = takeOid(reader);
	let scheme = SCHEME_UNKNOWN;
	if (oid === md5WithRSAEncryption) scheme = rsa_pkcs1_md5;
	else if (oid === sha1WithRSAEncryption) scheme = rsa_pkcs1_sha1;
	else if (oid === sha256WithRSAEncryption) scheme = rsa_pkcs1_sha256;
	else if (oid === sha384WithRSAEncryption) scheme = rsa_pkcs1_sha384;
	else if (oid === sha512WithRSAEncryption) scheme = rsa_pkcs1_sha512;
	if (scheme !== SCHEME_UNKNOWN) takeNull(reader);
	else if (oid === id_RSASSA_PSS) scheme = takePssParameters(reader);
	else if (oid === ecdsa_with_SHA256) scheme = ecdsa_secp256r1_sha256;
	else if (oid === ecdsa_with_SHA384) scheme = ecdsa_secp384r1_sha384;
	else if (oid === ecdsa_with_SHA512) scheme = ecdsa_secp521r1_sha512;
	else if (oid === ecdsa_with_SHA1) scheme = ecdsa_sha1;
	else if (oid === id_Ed25519) scheme = ed25519;
	else if (reader.more()) skipDer(reader); // the parameters of something unknown
	reader.close(mark);
	return scheme;
}

/** NULL, or nothing where it was left out (RFC 4055 5: both must be accepted). */
export function takeNull(reader: Reader): void {
	if (reader.more()) reader.close(openDer(reader, DER_NULL));
}

/** AlgorithmIdentifier of a hash: 4, 5 or 6 as in crypto/types, 2 for SHA-1, 0 for others. */
function takeHashAlgorithm(reader: Reader): number {
	const mark = openDer(reader, DER_SEQUENCE);
	const oid = takeOid(reader);
	takeNull(reader);
	reader.close(mark);
	return oid === id_sha256 ? 4 : oid === id_sha384 ? 5 : oid === id_sha512 ? 6 : oid === id_sha1 ? 2 : 0;
}

/**
 * RSASSA-PSS-params (RFC 4055 3.1). Only what TLS has a scheme for: one hash for both uses, a salt as long as
 * it, trailer 1. Everything else is SCHEME_UNKNOWN, the SHA-1 that all defaults stand for too.
 */
export function takePssParameters(reader: Reader): number {
	const mark = openDer(reader, DER_SEQUENCE);
	let hash = 2;
	let maskHash = 2;
	let saltLength = 20;
	let trailer = 1;
	if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
		const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED);
		hash = takeHashAlgorithm(reader);
		reader.close(inner);
	}
	if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1)) {
		const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED | 1);
		const generator = openDer(reader, DER_SEQUENCE);
		const oid = takeOid(reader);
		maskHash = oid === id_mgf1 ? takeHashAlgorithm(reader) : 0;
		reader.skip(generator);
		reader.close(inner);
	}
	if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 2)) {
		const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED | 2);
		saltLength = takeDerSmall(reader);
		reader.close(inner);
	}
	if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 3)) {
		const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED | 3);
		trailer = takeDerSmall(reader);
		reader.close(inner);
	}
	reader.close(mark);
	if (hash !== maskHash || trailer !== 1) return SCHEME_UNKNOWN;
	if (hash === 4 && saltLength === 32) return rsa_pss_rsae_sha256;
	if (hash === 5 && saltLength === 48) return rsa_pss_rsae_sha384;
	if (hash === 6 && saltLength === 64) return rsa_pss_rsae_sha512;
	return SCHEME_UNKNOWN;
}

/** Whether the hash of a scheme is one that nobody should trust today: MD5 or SHA-1. */
export function weakHash(scheme: number): boolean {
	return scheme === rsa_pkcs1_md5 || scheme === rsa_pkcs1_sha1 || scheme === ecdsa_sha1;
}

/**
 * The scheme as a key of this type makes it, or SCHEME_UNKNOWN if it can't: PSS by a PSS-only key has numbers of
 * its own, and a key of one algorithm makes no signatures of another.
 */
export function schemeForKey(scheme: number, type: KeyType): number {
	const pss = scheme >= rsa_pss_rsae_sha256 && scheme <= rsa_pss_rsae_sha512;
	if (type === KEY_RSA_PSS) return pss ? scheme + 5 : SCHEME_UNKNOWN;
	if (type === KEY_RSA) return pss || (scheme & 255) === 1 ? scheme : SCHEME_UNKNOWN;
	if (type === KEY_ED25519) return scheme === ed25519 ? scheme : SCHEME_UNKNOWN;
	if (type === KEY_P256 || type === KEY_P384) return (scheme & 255) === 3 ? scheme : SCHEME_UNKNOWN;
	return SCHEME_UNKNOWN;
}
