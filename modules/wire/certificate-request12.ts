// CertificateRequest of TLS 1.2 (RFC 5246 7.4.4): types of keys, signature schemes, names of authorities.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { takeAuthorities } from "./extensions/certificate-authorities.js";
import { encodeNumbers16, takeNumbers16 } from "./numbers.js";
import { ecdsa_sign, rsa_sign } from "./registry.js";

/** A decoded CertificateRequest: places in the message's own bytes, good until the message is released. */
export class CertificateRequest12 {
	/** ClientCertificateTypes, a byte each. */
	typesAt = 0;
	typesEnd = 0;
	/** SignatureSchemes. */
	schemesAt = 0;
	schemesEnd = 0;
	/** DistinguishedNames, each with a 16-bit length in front; none: any authority. */
	authoritiesAt = 0;
	authoritiesEnd = 0;

	/** Reads the reader's place, the whole body; false if it is malformed. */
	decode(reader: Reader): boolean {
		const mark = reader.open8();
		if (reader.at === reader.end) reader.failed = true;
		this.typesAt = reader.take(reader.end - reader.at);
		this.typesEnd = reader.at;
		reader.close(mark);
		this.schemesAt = takeNumbers16(reader);
		this.schemesEnd = reader.at;
		this.authoritiesAt = takeAuthorities(reader);
		this.authoritiesEnd = reader.at;
		return reader.finished();
	}

	/** Whether a ClientCertificateType is asked for. */
	takes(bytes: Uint8Array, type: number): boolean {
		for (let at = this.typesAt; at < this.typesEnd; at++) if (bytes[at] === type) return true;
		return false;
	}
}

/** The body's length for this many schemes. */
export function certificateRequest12Length(schemes: number): number {
	return 3 + 2 + 2 * schemes + 2;
}

/** Writes the body: keys of both types, and no names: any authority. */
export function encodeCertificateRequest12(writer: Writer, schemes: readonly number[]): void {
	writer.u8(2);
	writer.u8(ecdsa_sign);
	writer.u8(rsa_sign);
	writer.u16(2 * schemes.length);
	encodeNumbers16(writer, schemes);
	writer.u16(0);
}
