// CertificateVerify (RFC 8446 4.4.3; the same bytes as DigitallySigned in RFC 5246 7.4.8), and what it signs in 1.3.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";

/** A decoded CertificateVerify: places in the message's own bytes, good until the message is released. */
export class CertificateVerify {
	scheme = 0;
	signatureAt = 0;
	signatureEnd = 0;

	/** Reads the reader's place, the whole body; false if it is malformed. */
	decode(reader: Reader): boolean {
		this.scheme = reader.u16();
		const mark = reader.open16();
		this.signatureAt = reader.take(reader.end - reader.at);
		this.signatureEnd = reader.at;
		reader.close(mark);
		return reader.finished();
	}
}

/** Writes the body. */
export function encodeCertificateVerify(writer: Writer, scheme: number, signature: Uint8Array, signatureLength: number): void {
	writer.u16(scheme);
	writer.u16(signatureLength);
	writer.copy(signature, 0, signatureLength);
}

/** The longest content that a CertificateVerify signs: 64 spaces, the context, a zero, a hash of up to 64 bytes. */
export const CERTIFICATE_VERIFY_CONTENT_MAX = 64 + 33 + 1 + 64;
/** Where the transcript's hash stands in it. */
export const CERTIFICATE_VERIFY_HASH_AT = 64 + 33 + 1;
const serverContext = "TLS 1.3, server CertificateVerify";
const clientContext = "TLS 1.3, client CertificateVerify";

/** Writes what is signed, up to where the hash of the transcript belongs (RFC 8446 4.4.3). */
export function encodeCertificateVerifyContent(content: Uint8Array, byServer: boolean): void {
	const context = byServer ? serverContext : clientContext;
	content.fill(0x20, 0, 64);
	for (let i = 0; i < context.length; i++) content[64 + i] = context.charCodeAt(i);
	content[64 + context.length] = 0;
}
