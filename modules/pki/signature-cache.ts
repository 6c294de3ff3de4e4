// Signatures of intermediates that were right once: a device that reconnects checks only the leaf's. An entry is a fact
// about bytes - this certificate was signed by this key - so it can't become wrong; dates, revocation and all other
// rules are asked again each time.

import { equalPublic } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import { type PublicKey, sha256 } from "../crypto/types.js";

const HASH = 32;

/** Where a certificate stands, and when it expires (seconds since 1970). */
export interface CachedCertificate {
	readonly bytes: Uint8Array;
	readonly at: number;
	readonly end: number;
	readonly notAfter: number;
}

/**
 * The last signatures that were right, in a fixed number of places. Shared by all connections of a trust store.
 *
 *     trust.signatures = new SignatureCache(registry, 4);
 */
export class SignatureCache {
	readonly #registry: Registry;
	readonly #hashes: Uint8Array;
	/** When the certificate expires: a place is free afterwards. Seconds since 1970. */
	readonly #notAfter: number[] = [];
	readonly #digest = new Uint8Array(HASH);
	#next = 0;

	/** capacity: how many intermediates; 32 bytes each. */
	constructor(registry: Registry, capacity: number) {
		this.#registry = registry;
		this.#hashes = new Uint8Array(capacity * HASH);
		for (let i = 0; i < capacity; i++) this.#notAfter.push(-1);
	}

	/** Whether the certificate was seen to be signed by this key. */
	has(certificate: CachedCertificate, key: PublicKey): boolean {
		return this.hash(certificate, key) && this.find() >= 0;
	}

	/** Notes that the certificate is signed by this key. seconds: now, or -1; what has expired makes room first. */
	add(certificate: CachedCertificate, key: PublicKey, seconds: number): void {
		const capacity = this.#notAfter.length;
		if (capacity === 0 || !this.hash(certificate, key) || this.find() >= 0) return;
		let place = 0;
		while (place < capacity && this.#notAfter[place] >= Math.max(seconds, 0)) place++;
		if (place === capacity) {
			place = this.#next;
			this.#next = (place + 1) % capacity;
		}
		this.#hashes.set(this.#digest, place * HASH);
		this.#notAfter[place] = certificate.notAfter;
	}

	/** Of the certificate and the key, one behind the other: DER says where the first ends. */
	private hash(certificate: CachedCertificate, key: PublicKey): boolean {
		const hash = this.#registry.hash(sha256)?.create();
		if (hash === undefined) return false;
		hash.update(certificate.bytes, certificate.at, certificate.end);
		hash.update(key.bytes, key.at, key.end);
		hash.digest(this.#digest, 0);
		return true;
	}

	private find(): number {
		for (let i = 0; i < this.#notAfter.length; i++)
			if (this.#notAfter[i] >= 0 && equalPublic(this.#hashes, i * HASH, (i + 1) * HASH, this.#digest, 0, HASH)) return i;
		return -1;
	}
}
