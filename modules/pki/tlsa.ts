// Keys and certificates that are known beforehand: pins, raw public keys (RFC 7250), and TLSA records of DANE
// (RFC 6698, RFC 7671). They are all one thing: a value that a certificate or its key must have.

import { equalPublic } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import { sha256, sha512 } from "../crypto/types.js";

// Certificate usages (RFC 7218 2.1), and one of our own
/** PKIX-TA: an authority of a path that is valid anyway. */
export const TLSA_PKIX_TA = 0;
/** PKIX-EE: the leaf of such a path. */
export const TLSA_PKIX_EE = 1;
/** DANE-TA: an authority that counts as an anchor. */
export const TLSA_DANE_TA = 2;
/** DANE-EE: the leaf itself, whatever else its certificate says. */
export const TLSA_DANE_EE = 3;
/** Not TLSA: some certificate of the path must have this key; where there are no anchors, it counts as one. */
export const PIN = 4;

// Selectors
export const TLSA_CERT = 0;
export const TLSA_SPKI = 1;

// Matching types
export const TLSA_FULL = 0;
export const TLSA_SHA2_256 = 1;
export const TLSA_SHA2_512 = 2;

/** One record. */
export interface TlsaRecord {
	/** TLSA_PKIX_TA to TLSA_DANE_EE, or PIN. */
	readonly usage: number;
	/** TLSA_CERT or TLSA_SPKI. */
	readonly selector: number;
	/** TLSA_FULL, TLSA_SHA2_256 or TLSA_SHA2_512. */
	readonly matchingType: number;
	readonly data: Uint8Array;
}

/** Whether a record has a form that can be used: a known usage, selector and type, and a hash of the right length. */
export function isUsable(record: TlsaRecord): boolean {
	const { usage, selector, matchingType, data } = record;
	if (usage < TLSA_PKIX_TA || usage > PIN || (selector !== TLSA_CERT && selector !== TLSA_SPKI)) return false;
	if (matchingType === TLSA_FULL) return data.length > 0;
	return matchingType === TLSA_SHA2_256 ? data.length === 32 : matchingType === TLSA_SHA2_512 && data.length === 64;
}

/**
 * Compares a certificate with records.
 *
 *     const usages = matcher.match(records, bytes, at, end, infoAt, infoEnd);
 *     if (usages & (1 << TLSA_DANE_EE)) ...
 */
export class TlsaMatcher {
	readonly #registry: Registry;
	readonly #digest = new Uint8Array(64);

	constructor(registry: Registry) {
		this.#registry = registry;
	}

	/**
	 * A bit for the usage of every record that fits: 1 << TLSA_... The certificate is [at, end) of bytes (at -1: there is only
	 * a key), its SubjectPublicKeyInfo [infoAt, infoEnd).
	 */
	match(records: readonly TlsaRecord[], bytes: Uint8Array, at: number, end: number, infoAt: number, infoEnd: number): number {
		let usages = 0;
		for (const record of records) {
			const whole = record.selector === TLSA_CERT;
			if (whole && at < 0) continue;
			if (this.fits(record, bytes, whole ? at : infoAt, whole ? end : infoEnd)) usages |= 1 << record.usage;
		}
		return usages;
	}

	private fits(record: TlsaRecord, bytes: Uint8Array, at: number, end: number): boolean {
		const { data, matchingType } = record;
		if (matchingType === TLSA_FULL) return equalPublic(data, 0, data.length, bytes, at, end);
		const hash = this.#registry.hash(matchingType === TLSA_SHA2_256 ? sha256 : sha512)?.create();
		if (hash === undefined) return false;
		hash.update(bytes, at, end);
		hash.digest(this.#digest, 0);
		return equalPublic(data, 0, data.length, this.#digest, 0, data.length);
	}
}
