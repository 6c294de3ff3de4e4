// The cipher suites: a row for each, with what it is made of. For the handshake, which offers and chooses, for the
// key schedules and the record layer. Names for people: wire/registry-text. Not here: MD5, 3DES, RC4, DSA, anonymous.

import type { Registry } from "./registry.js";
import {
	AEAD_AES_128_CCM,
	AEAD_AES_128_CCM_8,
	AEAD_AES_128_GCM,
	AEAD_AES_256_CCM,
	AEAD_AES_256_CCM_8,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20_POLY1305,
	AES_128_CBC,
	AES_256_CBC,
	KEY_ED25519,
	KEY_P256,
	KEY_P384,
	KEY_RSA,
	KEY_RSA_PSS,
	sha1,
	sha256,
	sha384,
} from "./types.js";

// How the secret is agreed on
/** TLS 1.3: key_share and pre_shared_key decide. */
export const ANY = 0;
export const ECDHE = 1;
export const DHE = 2;
export const ECDHE_PSK = 3;
export const DHE_PSK = 4;
export const PSK = 5;
/** The client encrypts the secret to the server's key: no forward secrecy. */
export const RSA = 6;

// How the server proves who it is
/** TLS 1.3: signature_algorithms and pre_shared_key decide. */
export const BY_ANY = 0;
/** An ECDSA or EdDSA certificate (RFC 8422 section 2.1). */
export const BY_ECDSA = 1;
export const BY_RSA = 2;
export const BY_PSK = 3;

/** mac of a suite whose bulk cipher is an AEAD. */
export const NO_MAC = 0;

const TLS_1_0 = 0x0301;
const TLS_1_2 = 0x0303;
const TLS_1_3 = 0x0304;

/** One cipher suite. */
export interface Suite {
	/** The CipherSuite number on the wire. */
	readonly number: number;
	/** ANY, ECDHE, ... */
	readonly exchange: number;
	/** BY_... */
	readonly authentication: number;
	/** Number of the bulk cipher (crypto/types). */
	readonly bulk: number;
	/** Number of the HMAC's hash with a block cipher, else NO_MAC. */
	readonly mac: number;
	/** Number of the hash of the key schedule (1.3) or of the PRF and Finished (1.2). */
	readonly hash: number;
	/** The oldest and the newest ProtocolVersion that it is for, in TLS numbers. */
	readonly minimum: number;
	readonly maximum: number;
}

/** A suite, its fields in the order of the interface. */
function row(number: number, exchange: number, authentication: number, bulk: number, mac: number, hash: number, minimum: number, maximum: number): Suite {
	return Object.freeze({ number, exchange, authentication, bulk, mac, hash, minimum, maximum });
}

/** All suites. Within a version first what gives forward secrecy, then by cost of the exchange. */
export const suites: readonly Suite[] = Object.freeze([
	// TLS 1.3 (RFC 8446 B.4)
	row(0x1301, ANY, BY_ANY, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_3, TLS_1_3),
	row(0x1302, ANY, BY_ANY, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_3, TLS_1_3),
	row(0x1303, ANY, BY_ANY, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_3, TLS_1_3),
	row(0x1304, ANY, BY_ANY, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_3, TLS_1_3),
	row(0x1305, ANY, BY_ANY, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_3, TLS_1_3),
	// ECDHE_ECDSA (RFC 5289, 7905, 7251, 8422)
	row(0xc02b, ECDHE, BY_ECDSA, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc02c, ECDHE, BY_ECDSA, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xcca9, ECDHE, BY_ECDSA, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0ac, ECDHE, BY_ECDSA, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0ad, ECDHE, BY_ECDSA, AEAD_AES_256_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0ae, ECDHE, BY_ECDSA, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0af, ECDHE, BY_ECDSA, AEAD_AES_256_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc023, ECDHE, BY_ECDSA, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0xc024, ECDHE, BY_ECDSA, AES_256_CBC, sha384, sha384, TLS_1_2, TLS_1_2),
	row(0xc009, ECDHE, BY_ECDSA, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0xc00a, ECDHE, BY_ECDSA, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	// ECDHE_RSA (RFC 5289, 7905, 8422)
	row(0xc02f, ECDHE, BY_RSA, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc030, ECDHE, BY_RSA, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xcca8, ECDHE, BY_RSA, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc027, ECDHE, BY_RSA, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0xc028, ECDHE, BY_RSA, AES_256_CBC, sha384, sha384, TLS_1_2, TLS_1_2),
	row(0xc013, ECDHE, BY_RSA, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0xc014, ECDHE, BY_RSA, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	// DHE_RSA (RFC 5288, 7905, 6655, 5246)
	row(0x009e, DHE, BY_RSA, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x009f, DHE, BY_RSA, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xccaa, DHE, BY_RSA, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc09e, DHE, BY_RSA, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc09f, DHE, BY_RSA, AEAD_AES_256_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a2, DHE, BY_RSA, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a3, DHE, BY_RSA, AEAD_AES_256_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x0067, DHE, BY_RSA, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0x006b, DHE, BY_RSA, AES_256_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0x0033, DHE, BY_RSA, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0x0039, DHE, BY_RSA, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	// ECDHE_PSK (RFC 8442, 7905, 5489); there is no AES_256_CCM
	row(0xd001, ECDHE_PSK, BY_PSK, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xd002, ECDHE_PSK, BY_PSK, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xccac, ECDHE_PSK, BY_PSK, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xd005, ECDHE_PSK, BY_PSK, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xd003, ECDHE_PSK, BY_PSK, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc037, ECDHE_PSK, BY_PSK, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0xc038, ECDHE_PSK, BY_PSK, AES_256_CBC, sha384, sha384, TLS_1_2, TLS_1_2),
	row(0xc035, ECDHE_PSK, BY_PSK, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0xc036, ECDHE_PSK, BY_PSK, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	// DHE_PSK (RFC 5487, 7905, 6655, 4279)
	row(0x00aa, DHE_PSK, BY_PSK, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x00ab, DHE_PSK, BY_PSK, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xccad, DHE_PSK, BY_PSK, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a6, DHE_PSK, BY_PSK, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a7, DHE_PSK, BY_PSK, AEAD_AES_256_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0aa, DHE_PSK, BY_PSK, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0ab, DHE_PSK, BY_PSK, AEAD_AES_256_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x00b2, DHE_PSK, BY_PSK, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0x00b3, DHE_PSK, BY_PSK, AES_256_CBC, sha384, sha384, TLS_1_2, TLS_1_2),
	row(0x0090, DHE_PSK, BY_PSK, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0x0091, DHE_PSK, BY_PSK, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	// PSK (RFC 5487, 7905, 6655, 4279)
	row(0x00a8, PSK, BY_PSK, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x00a9, PSK, BY_PSK, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xccab, PSK, BY_PSK, AEAD_CHACHA20_POLY1305, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a4, PSK, BY_PSK, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a5, PSK, BY_PSK, AEAD_AES_256_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a8, PSK, BY_PSK, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a9, PSK, BY_PSK, AEAD_AES_256_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x00ae, PSK, BY_PSK, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0x00af, PSK, BY_PSK, AES_256_CBC, sha384, sha384, TLS_1_2, TLS_1_2),
	row(0x008c, PSK, BY_PSK, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0x008d, PSK, BY_PSK, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	// RSA (RFC 5288, 6655, 5246)
	row(0x009c, RSA, BY_RSA, AEAD_AES_128_GCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x009d, RSA, BY_RSA, AEAD_AES_256_GCM, NO_MAC, sha384, TLS_1_2, TLS_1_2),
	row(0xc09c, RSA, BY_RSA, AEAD_AES_128_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc09d, RSA, BY_RSA, AEAD_AES_256_CCM, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a0, RSA, BY_RSA, AEAD_AES_128_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0xc0a1, RSA, BY_RSA, AEAD_AES_256_CCM_8, NO_MAC, sha256, TLS_1_2, TLS_1_2),
	row(0x003c, RSA, BY_RSA, AES_128_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0x003d, RSA, BY_RSA, AES_256_CBC, sha256, sha256, TLS_1_2, TLS_1_2),
	row(0x002f, RSA, BY_RSA, AES_128_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
	row(0x0035, RSA, BY_RSA, AES_256_CBC, sha1, sha256, TLS_1_0, TLS_1_2),
]);

/** The row of a CipherSuite number, or undefined. */
export function findSuite(number: number): Suite | undefined {
	for (const suite of suites) if (suite.number === number) return suite;
	return undefined;
}

/** Whether the registry has all that the suite needs. */
export function registeredSuite(registry: Registry, suite: Suite): boolean {
	if (registry.hash(suite.hash) === undefined) return false;
	if (suite.mac === NO_MAC) {
		if (registry.aead(suite.bulk) === undefined) return false;
	} else if (registry.blockCipher(suite.bulk) === undefined || registry.hash(suite.mac) === undefined) return false;
	return registeredAuthentication(registry, suite.authentication) && registeredExchange(registry, suite.exchange);
}

/**
 * The registered suites in the order of an offer: as in the table, but suites that differ only in their bulk cipher
 * by its index in the registry (the host registers the cheap ones first). Found once and kept by the registry: it takes
 * a device longer than all else at the start of a connection.
 */
export function offeredSuites(registry: Registry): readonly Suite[] {
	registry.offer ??= orderedSuites(registry);
	return registry.offer;
}

function orderedSuites(registry: Registry): Suite[] {
	const offered: Suite[] = [];
	for (const suite of suites) {
		if (!registeredSuite(registry, suite)) continue;
		let at = offered.length;
		while (at > 0 && sameButBulk(offered[at - 1], suite) && bulkIndex(registry, suite) < bulkIndex(registry, offered[at - 1])) at--;
		offered.splice(at, 0, suite);
	}
	return offered;
}

function sameButBulk(a: Suite, b: Suite): boolean {
	return a.exchange === b.exchange && a.authentication === b.authentication;
}

function bulkIndex(registry: Registry, suite: Suite): number {
	let index = 0;
	while (registry.bulks[index].id !== suite.bulk) index++;
	return index;
}

function registeredAuthentication(registry: Registry, authentication: number): boolean {
	if (authentication === BY_RSA) return registry.signature(KEY_RSA) !== undefined || registry.signature(KEY_RSA_PSS) !== undefined;
	if (authentication === BY_ECDSA)
		return registry.signature(KEY_P256) !== undefined || registry.signature(KEY_P384) !== undefined || registry.signature(KEY_ED25519) !== undefined;
	return true;
}

/** RSA as an exchange comes with RSA as a signature. */
function registeredExchange(registry: Registry, exchange: number): boolean {
	const finiteField = exchange === DHE || exchange === DHE_PSK;
	if (!finiteField && exchange !== ECDHE && exchange !== ECDHE_PSK) return true;
	for (const { group } of registry.keyExchanges) {
		if (finiteField ? group >> 8 === 1 : group >> 8 === 0) return true; // RFC 7919: 0x0100 to 0x01ff
	}
	return false;
}
