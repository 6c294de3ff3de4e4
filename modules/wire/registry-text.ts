// Names of the numbers on the wire: cipher suites, groups, signature schemes. For desktops; no device links it.

import {
	ecdsa_secp256r1_sha256,
	ecdsa_secp384r1_sha384,
	ecdsa_secp521r1_sha512,
	ed25519,
	ffdhe2048,
	ffdhe3072,
	ffdhe4096,
	rsa_pkcs1_sha256,
	rsa_pkcs1_sha384,
	rsa_pkcs1_sha512,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha384,
	rsa_pss_pss_sha512,
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha384,
	rsa_pss_rsae_sha512,
	secp256r1,
	secp384r1,
	X25519MLKEM768,
	x25519,
} from "./registry.js";

/** CipherSuite numbers by their IANA names. */
const suiteNames: Readonly<Record<string, number>> = {
	TLS_AES_128_GCM_SHA256: 0x1301,
	TLS_AES_256_GCM_SHA384: 0x1302,
	TLS_CHACHA20_POLY1305_SHA256: 0x1303,
	TLS_AES_128_CCM_SHA256: 0x1304,
	TLS_AES_128_CCM_8_SHA256: 0x1305,
	TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
	TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
	TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca9,
	TLS_ECDHE_ECDSA_WITH_AES_128_CCM: 0xc0ac,
	TLS_ECDHE_ECDSA_WITH_AES_256_CCM: 0xc0ad,
	TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8: 0xc0ae,
	TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8: 0xc0af,
	TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 0xc023,
	TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384: 0xc024,
	TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 0xc009,
	TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 0xc00a,
	TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
	TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
	TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8,
	TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: 0xc027,
	TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384: 0xc028,
	TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 0xc013,
	TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 0xc014,
	TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: 0x009e,
	TLS_DHE_RSA_WITH_AES_256_GCM_SHA384: 0x009f,
	TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xccaa,
	TLS_DHE_RSA_WITH_AES_128_CCM: 0xc09e,
	TLS_DHE_RSA_WITH_AES_256_CCM: 0xc09f,
	TLS_DHE_RSA_WITH_AES_128_CCM_8: 0xc0a2,
	TLS_DHE_RSA_WITH_AES_256_CCM_8: 0xc0a3,
	TLS_DHE_RSA_WITH_AES_128_CBC_SHA256: 0x0067,
	TLS_DHE_RSA_WITH_AES_256_CBC_SHA256: 0x006b,
	TLS_DHE_RSA_WITH_AES_128_CBC_SHA: 0x0033,
	TLS_DHE_RSA_WITH_AES_256_CBC_SHA: 0x0039,
	TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256: 0xd001,
	TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384: 0xd002,
	TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256: 0xccac,
	TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256: 0xd005,
	TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256: 0xd003,
	TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256: 0xc037,
	TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384: 0xc038,
	TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA: 0xc035,
	TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA: 0xc036,
	TLS_DHE_PSK_WITH_AES_128_GCM_SHA256: 0x00aa,
	TLS_DHE_PSK_WITH_AES_256_GCM_SHA384: 0x00ab,
	TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256: 0xccad,
	TLS_DHE_PSK_WITH_AES_128_CCM: 0xc0a6,
	TLS_DHE_PSK_WITH_AES_256_CCM: 0xc0a7,
	TLS_PSK_DHE_WITH_AES_128_CCM_8: 0xc0aa,
	TLS_PSK_DHE_WITH_AES_256_CCM_8: 0xc0ab,
	TLS_DHE_PSK_WITH_AES_128_CBC_SHA256: 0x00b2,
	TLS_DHE_PSK_WITH_AES_256_CBC_SHA384: 0x00b3,
	TLS_DHE_PSK_WITH_AES_128_CBC_SHA: 0x0090,
	TLS_DHE_PSK_WITH_AES_256_CBC_SHA: 0x0091,
	TLS_PSK_WITH_AES_128_GCM_SHA256: 0x00a8,
	TLS_PSK_WITH_AES_256_GCM_SHA384: 0x00a9,
	TLS_PSK_WITH_CHACHA20_POLY1305_SHA256: 0xccab,
	TLS_PSK_WITH_AES_128_CCM: 0xc0a4,
	TLS_PSK_WITH_AES_256_CCM: 0xc0a5,
	TLS_PSK_WITH_AES_128_CCM_8: 0xc0a8,
	TLS_PSK_WITH_AES_256_CCM_8: 0xc0a9,
	TLS_PSK_WITH_AES_128_CBC_SHA256: 0x00ae,
	TLS_PSK_WITH_AES_256_CBC_SHA384: 0x00af,
	TLS_PSK_WITH_AES_128_CBC_SHA: 0x008c,
	TLS_PSK_WITH_AES_256_CBC_SHA: 0x008d,
	TLS_RSA_WITH_AES_128_GCM_SHA256: 0x009c,
	TLS_RSA_WITH_AES_256_GCM_SHA384: 0x009d,
	TLS_RSA_WITH_AES_128_CCM: 0xc09c,
	TLS_RSA_WITH_AES_256_CCM: 0xc09d,
	TLS_RSA_WITH_AES_128_CCM_8: 0xc0a0,
	TLS_RSA_WITH_AES_256_CCM_8: 0xc0a1,
	TLS_RSA_WITH_AES_128_CBC_SHA256: 0x003c,
	TLS_RSA_WITH_AES_256_CBC_SHA256: 0x003d,
	TLS_RSA_WITH_AES_128_CBC_SHA: 0x002f,
	TLS_RSA_WITH_AES_256_CBC_SHA: 0x0035,
};

const groups: Readonly<Record<string, number>> = { secp256r1, secp384r1, x25519, ffdhe2048, ffdhe3072, ffdhe4096, X25519MLKEM768 };
const schemes: Readonly<Record<string, number>> = {
	rsa_pkcs1_sha256,
	rsa_pkcs1_sha384,
	rsa_pkcs1_sha512,
	ecdsa_secp256r1_sha256,
	ecdsa_secp384r1_sha384,
	ecdsa_secp521r1_sha512,
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha384,
	rsa_pss_rsae_sha512,
	ed25519,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha384,
	rsa_pss_pss_sha512,
};

/** The number of a cipher suite, or undefined. */
export function suiteNumber(name: string): number | undefined {
	return suiteNames[name];
}
/** The IANA name of a cipher suite, or its number. */
export function suiteName(number: number): string {
	return nameIn(suiteNames, number);
}

/** The number of a NamedGroup, or undefined. */
export function groupNumber(name: string): number | undefined {
	return groups[name];
}
/** The name of a NamedGroup, or its number; "" for 0. */
export function groupName(number: number): string {
	return number === 0 ? "" : nameIn(groups, number);
}

/** The number of a SignatureScheme, or undefined. */
export function schemeNumber(name: string): number | undefined {
	return schemes[name];
}
/** The name of a SignatureScheme, or its number; "" for 0. */
export function schemeName(number: number): string {
	return number === 0 ? "" : nameIn(schemes, number);
}

function nameIn(table: Readonly<Record<string, number>>, number: number): string {
	for (const name in table) if (table[name] === number) return name;
	return `0x${number.toString(16).padStart(4, "0")}`;
}
