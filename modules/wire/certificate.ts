// Certificate (RFC 8446 4.4.2; the TLS 1.2 form: RFC 5246 7.4.2): a chain, leaf first.

import type { Failure } from "../base/failure.js";
import { CERTIFICATE_ENTRY_MALFORMED, CERTIFICATE_MESSAGE_MALFORMED, CHAIN_TOO_LONG, NO_FAILURE, STAPLE_MALFORMED } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { CertificateStatus, certificateStatusLength, encodeCertificateStatusHead } from "./certificate-status.js";
import type { ExtensionBlock } from "./extensions/block.js";
import { extensionTypes, IN_CERTIFICATE, STATUS_REQUEST } from "./extensions/table.js";

/** Where the certificates of a message stand: filled by the decoders, capacity is the arrays' length. */
export interface CertificatePlaces {
	bytes: Uint8Array;
	count: number;
	readonly at: number[];
	readonly end: number[];
	/** Notes one more certificate; false if there is no room for it. */
	add(at: number, end: number): boolean;
	/** Notes the OCSP response that came with the certificate of this index, in the same bytes. */
	staple(index: number, at: number, end: number): void;
}

/** A decoded Certificate of 1.3. */
export class CertificateMessage {
	contextAt = 0;
	contextEnd = 0;

	/**
	 * Reads the reader's place, the whole body, into list. `extensions` serves one certificate after the other, and then
	 * holds those of the last. `offered` are the rows of our ClientHello or CertificateRequest.
	 */
	decode(reader: Reader, list: CertificatePlaces, extensions: ExtensionBlock, offered: number): Failure {
		let mark = reader.open8();
		this.contextAt = reader.take(reader.end - reader.at);
		this.contextEnd = reader.at;
		reader.close(mark);
		mark = reader.open24();
		list.bytes = reader.bytes;
		list.count = 0;
		while (reader.more()) {
			let failure = takeCertificate(reader, list);
			if (failure !== NO_FAILURE) return failure;
			failure = extensions.decode(reader, IN_CERTIFICATE, offered);
			if (failure === NO_FAILURE && extensions.has(STATUS_REQUEST)) failure = this.takeStatus(reader.bytes, extensions, list);
			if (failure !== NO_FAILURE) return failure;
		}
		reader.close(mark);
		return endOfCertificate(reader);
	}

	/** The OCSP response of the certificate that was read last (RFC 8446 4.4.2.1). */
	private takeStatus(bytes: Uint8Array, extensions: ExtensionBlock, list: CertificatePlaces): Failure {
		const reader = new Reader();
		reader.reset(bytes, extensions.at[STATUS_REQUEST], extensions.end[STATUS_REQUEST]);
		const status = new CertificateStatus();
		if (!status.decode(reader)) return STAPLE_MALFORMED;
		list.staple(list.count - 1, status.responseAt, status.responseEnd);
		return NO_FAILURE;
	}
}

/** Reads a Certificate of 1.2, the reader's whole place, into list. */
export function decodeCertificate12(reader: Reader, list: CertificatePlaces): Failure {
	const mark = reader.open24();
	list.bytes = reader.bytes;
	list.count = 0;
	while (reader.more()) {
		const failure = takeCertificate(reader, list);
		if (failure !== NO_FAILURE) return failure;
	}
	reader.close(mark);
	return endOfCertificate(reader);
}

/** Reads the other Certificate of 1.2, a SubjectPublicKeyInfo or none (RFC 7250 3), into list. */
export function decodeRawKey12(reader: Reader, list: CertificatePlaces): Failure {
	list.bytes = reader.bytes;
	list.count = 0;
	const mark = reader.open24();
	const length = reader.end - reader.at;
	const at = reader.take(length);
	if (length > 0 && !reader.failed) list.add(at, reader.at);
	reader.close(mark);
	return endOfCertificate(reader);
}

/** One non-empty certificate with its 24-bit length. */
function takeCertificate(reader: Reader, list: CertificatePlaces): Failure {
	const mark = reader.open24();
	if (reader.at === reader.end) reader.failed = true;
	const at = reader.take(reader.end - reader.at);
	if (!list.add(at, reader.at)) return CHAIN_TOO_LONG;
	reader.close(mark);
	return reader.failed ? CERTIFICATE_ENTRY_MALFORMED : NO_FAILURE;
}

/** Nothing may stand behind the list. */
function endOfCertificate(reader: Reader): Failure {
	return reader.finished() ? NO_FAILURE : CERTIFICATE_MESSAGE_MALFORMED;
}

/** The body's length in 1.3 for these certificates, a context of this length, and a leaf's extensions of this length. */
export function certificateLength13(chain: readonly Uint8Array[], contextLength: number, extensionsLength: number): number {
	let length = 1 + contextLength + 3 + extensionsLength;
	for (const certificate of chain) length += 3 + certificate.length + 2;
	return length;
}

/** The body's length in 1.2. */
export function certificateLength12(chain: readonly Uint8Array[]): number {
	let length = 3;
	for (const certificate of chain) length += 3 + certificate.length;
	return length;
}

/** Writes what stands in front of the certificates in 1.3. */
export function encodeCertificateHead13(
	writer: Writer,
	chain: readonly Uint8Array[],
	context: Uint8Array,
	contextLength: number,
	extensionsLength: number,
): void {
	writer.u8(contextLength);
	writer.copy(context, 0, contextLength);
	writer.u24(certificateLength13(chain, 0, extensionsLength) - 4);
}

/** The length of a leaf's extensions with an OCSP response of this length, without the block's own length. */
export function stapleLength(responseLength: number): number {
	return 4 + certificateStatusLength(responseLength);
}

/** The longest that encodeStapleHead writes. */
export const STAPLE_HEAD = 10;

/** Writes a leaf's extension block up to the OCSP response in it. */
export function encodeStapleHead(writer: Writer, responseLength: number): void {
	writer.u16(stapleLength(responseLength));
	writer.u16(extensionTypes[STATUS_REQUEST]);
	writer.u16(certificateStatusLength(responseLength));
	encodeCertificateStatusHead(writer, responseLength);
}
