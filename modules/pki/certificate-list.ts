// The certificates that a peer sent, as places in the connection's memory: filled by the decoder of the Certificate
// message, read by the chain verifier. Nothing is copied.

import { NO_BYTES } from "../base/bytes.js";

/**
 * DER certificates at [at[i], end[i]) of bytes, the peer's own first (RFC 8446 4.4.2).
 *
 *     const list = new CertificateList(10);
 *     list.reset(memory);
 *     if (!list.add(certificateAt, certificateEnd)) return CERTIFICATE_LIST_FULL;
 */
export class CertificateList {
	bytes: Uint8Array = NO_BYTES;
	count = 0;
	readonly at: number[] = [];
	readonly end: number[] = [];
	/** The stapled OCSP response of each, in the same bytes; at -1: none. */
	readonly responseAt: number[] = [];
	readonly responseEnd: number[] = [];

	readonly #capacity: number;

	/** capacity: the most certificates that it takes. */
	constructor(capacity = 10) {
		this.#capacity = capacity;
	}

	/** Forgets the places; those to come are in bytes. */
	reset(bytes: Uint8Array): void {
		this.bytes = bytes;
		this.count = 0;
	}

	/** Notes one more certificate; false if there is no room for it. */
	add(at: number, end: number): boolean {
		const index = this.count;
		if (index === this.#capacity) return false;
		this.at[index] = at;
		this.end[index] = end;
		this.responseAt[index] = this.responseEnd[index] = -1;
		this.count++;
		return true;
	}

	/** Notes the OCSP response (RFC 6960) that came with the certificate of this index, in the same bytes. */
	staple(index: number, at: number, end: number): void {
		this.responseAt[index] = at;
		this.responseEnd[index] = end;
	}
}
