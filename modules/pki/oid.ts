// Object identifiers as numbers: what X.509 decides by is a switch over small integers, not a comparison of byte
// strings. An identifier is one of the known prefixes and at most two bytes behind it:
// family << 20 | count of bytes behind << 16 | these bytes. 0 stands for every other identifier.

import { DER_OID, openDer } from "../base/der.js";
import type { Reader } from "../base/reader.js";

/** Contents of the prefixes; the index + 1 is the family. Public so that encoders can write them back. */
export const OID_FAMILIES: readonly (readonly number[])[] = Object.freeze([
	Object.freeze([0x55, 0x1d]), // 1: id-ce 2.5.29
	Object.freeze([0x55, 0x04]), // 2: id-at 2.5.4
	Object.freeze([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01]), // 3: pkcs 1.2.840.113549.1
	Object.freeze([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02]), // 4: digestAlgorithm 1.2.840.113549.2
	Object.freeze([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03]), // 5: ecdsa-with-SHA2 1.2.840.10045.4.3
	Object.freeze([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01]), // 6: prime curves 1.2.840.10045.3.1
	Object.freeze([0x2a, 0x86, 0x48, 0xce, 0x3d]), // 7: ansi-X9-62 1.2.840.10045
	Object.freeze([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04]), // 8: nistAlgorithms 2.16.840.1.101.3.4
	Object.freeze([0x2b, 0x06, 0x01, 0x05, 0x05, 0x07]), // 9: id-pkix 1.3.6.1.5.5.7
	Object.freeze([0x2b, 0x65]), // 10: 1.3.101
	Object.freeze([0x2b, 0x81, 0x04, 0x00]), // 11: certicom curves 1.3.132.0
	Object.freeze([0x2b, 0x0e, 0x03, 0x02]), // 12: oiw algorithms 1.3.14.3.2
	Object.freeze([0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01]), // 13: id-pkix-ocsp 1.3.6.1.5.5.7.48.1
	Object.freeze([0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01]), // 14: pilotAttributeType 0.9.2342.19200300.100.1
]);

// Extensions (RFC 5280 4.2, 5.2, 5.3)
export const id_ce_subjectKeyIdentifier = 0x11000e;
export const id_ce_keyUsage = 0x11000f;
export const id_ce_subjectAltName = 0x110011;
export const id_ce_issuerAltName = 0x110012;
export const id_ce_basicConstraints = 0x110013;
export const id_ce_cRLNumber = 0x110014;
export const id_ce_cRLReasons = 0x110015;
export const id_ce_invalidityDate = 0x110018;
export const id_ce_deltaCRLIndicator = 0x11001b;
export const id_ce_issuingDistributionPoint = 0x11001c;
export const id_ce_certificateIssuer = 0x11001d;
export const id_ce_nameConstraints = 0x11001e;
export const id_ce_cRLDistributionPoints = 0x11001f;
export const id_ce_certificatePolicies = 0x110020;
export const id_ce_policyMappings = 0x110021;
export const id_ce_authorityKeyIdentifier = 0x110023;
export const id_ce_policyConstraints = 0x110024;
export const id_ce_extKeyUsage = 0x110025;
export const id_ce_freshestCRL = 0x11002e;
export const id_ce_inhibitAnyPolicy = 0x110036;
export const id_pe_authorityInfoAccess = 0x920101;
export const id_pe_subjectInfoAccess = 0x92010b;
export const id_pe_tlsfeature = 0x920118;
export const id_pkix_ocsp_basic = 0xd10001;
export const id_pkix_ocsp_nonce = 0xd10002;
export const id_pkix_ocsp_nocheck = 0xd10005;

/** 2.5.29.32.0 and 2.5.29.37.0. */
export const anyPolicy = 0x122000;
export const anyExtendedKeyUsage = 0x122500;
export const id_kp_serverAuth = 0x920301;
export const id_kp_clientAuth = 0x920302;
export const id_kp_OCSPSigning = 0x920309;

// Attribute types (RFC 5280 4.1.2.4)
export const id_at_commonName = 0x210003;
export const id_at_surname = 0x210004;
export const id_at_serialNumber = 0x210005;
export const id_at_countryName = 0x210006;
export const id_at_localityName = 0x210007;
export const id_at_stateOrProvinceName = 0x210008;
export const id_at_organizationName = 0x21000a;
export const id_at_organizationalUnitName = 0x21000b;
export const domainComponent = 0xe10019;
export const emailAddress = 0x320901;
export const extensionRequest = 0x32090e;

// Keys
export const rsaEncryption = 0x320101;
export const id_RSASSA_PSS = 0x32010a;
export const id_mgf1 = 0x320108;
export const id_ecPublicKey = 0x720201;
export const prime256v1 = 0x610007;
export const secp384r1 = 0xb10022;
export const id_Ed25519 = 0xa10070;

// Signatures and hashes
export const md5WithRSAEncryption = 0x320104;
export const sha1WithRSAEncryption = 0x320105;
export const sha256WithRSAEncryption = 0x32010b;
export const sha384WithRSAEncryption = 0x32010c;
export const sha512WithRSAEncryption = 0x32010d;
export const ecdsa_with_SHA1 = 0x720401;
export const ecdsa_with_SHA256 = 0x510002;
export const ecdsa_with_SHA384 = 0x510003;
export const ecdsa_with_SHA512 = 0x510004;
export const id_sha1 = 0xc1001a;
export const id_sha256 = 0x820201;
export const id_sha384 = 0x820202;
export const id_sha512 = 0x820203;

// Encrypted keys (RFC 8018)
export const id_PBKDF2 = 0x32050c;
export const id_PBES2 = 0x32050d;
export const id_hmacWithSHA1 = 0x410007;
export const id_hmacWithSHA256 = 0x410009;
export const id_hmacWithSHA384 = 0x41000a;
export const id_hmacWithSHA512 = 0x41000b;
export const aes128_CBC = 0x820102;
export const aes256_CBC = 0x82012a;

/** The number of the identifier whose contents are [at, end), or 0. */
export function oidOf(bytes: Uint8Array, at: number, end: number): number {
	const first = bytes[at];
	for (let family = 0; family < OID_FAMILIES.length; family++) {
		const prefix = OID_FAMILIES[family];
		if (prefix[0] !== first) continue;
		const rest = end - at - prefix.length;
		if (rest < 1 || rest > 2) continue;
		let i = 1;
		while (i < prefix.length && bytes[at + i] === prefix[i]) i++;
		if (i < prefix.length) continue;
		const head = ((family + 1) << 20) | (rest << 16);
		return rest === 1 ? head | bytes[at + i] : head | (bytes[at + i] << 8) | bytes[at + i + 1];
	}
	return 0;
}

/** Passes over an OBJECT IDENTIFIER that must come next, in its shortest form; its number, or 0. */
export function takeOid(reader: Reader): number {
	const mark = openDer(reader, DER_OID);
	const at = reader.at;
	const end = reader.end;
	const bytes = reader.bytes;
	if (at === end) reader.failed = true;
	// the last byte ends an arc, and no arc begins with a zero digit (X.690 8.19.2)
	let begins = true;
	for (let i = at; i < end; i++) {
		if (begins && bytes[i] === 0x80) reader.failed = true;
		begins = bytes[i] < 0x80;
	}
	if (!begins) reader.failed = true;
	reader.skip(mark);
	return reader.failed ? 0 : oidOf(bytes, at, end);
}
