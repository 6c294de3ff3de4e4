// CertificateStatus (RFC 6066 section 8): an OCSP response that comes with the server's certificate. In TLS 1.2 it is a
// message, in 1.3 the body of an extension of the certificate (RFC 8446 4.4.2.1).

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { ocsp } from "./registry.js";

/** A decoded CertificateStatus: a place in the message's own bytes, good until the message is released. */
export class CertificateStatus {
	/** The DER OCSPResponse. */
	responseAt = 0;
	responseEnd = 0;

	/** Reads the reader's place, the whole body; false if it is malformed. */
	decode(reader: Reader): boolean {
		if (reader.u8() !== ocsp) reader.failed = true;
		const mark = reader.open24();
		if (reader.at === reader.end) reader.failed = true;
		this.responseAt = reader.take(reader.end - reader.at);
		this.responseEnd = reader.at;
		reader.close(mark);
		return reader.finished();
	}
}

/** The body's length for a response of this length. */
export function certificateStatusLength(responseLength: number): number {
	return 4 + responseLength;
}

/** Writes what stands in front of the response. */
export function encodeCertificateStatusHead(writer: Writer, responseLength: number): void {
	writer.u8(ocsp);
	writer.u24(responseLength);
}
