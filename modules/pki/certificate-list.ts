// The certificates that a peer sent, as places in the connection's memory: filled by the decoder of the Certificate
// message, read by the chain verifier. Nothing is copied.

import { NO_BYTES } from "../base/bytes.js";

/**
 * DER certificates at [at[i], end[i]) of bytes, the peer's own first (RFC 8446 4.4.2). The arrays are as long as
 * the list may become and never grow.
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

	constructor(capacity = 10) {
		for (let i = 0; i < capacity; i++) {
			this.at.push(0);
			this.end.push(0);
			this.responseAt.push(-1);
			this.responseEnd.push(-1);
		}
	}

	/** Forgets the places; those to come are in bytes. */
	reset(bytes: Uint8Array): void {
		this.bytes = bytes;
		this.count = 0;
	}

	/** Notes one more certificate; false if there is no room for it. */
	add(at: number, end: number): boolean {
		if (this.count === this.at.length) return false;
		this.at[this.count] = at;
		this.end[this.count] = end;
		this.responseAt[this.count] = -1;
		this.count++;
		return true;
	}

	/** Notes the OCSP response (RFC 6960) that came with the certificate of this index, in the same bytes. */
	staple(index: number, at: number, end: number): void {
		this.responseAt[index] = at;
		this.responseEnd[index] = end;
	}
}
