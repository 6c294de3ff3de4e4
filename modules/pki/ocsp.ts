// An OCSP response (RFC 6960 4.2) decoded where it stands, as servers staple it to their certificates.

import { NO_BYTES } from "../base/bytes.js";
import { DER_NULL, DER_OCTET_STRING, DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import { type Failure, NO_FAILURE, OCSP_RESPONSE_MALFORMED } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { SignatureField } from "./certificate.js";
import {
	DER_CONTEXT,
	DER_CONTEXT_CONSTRUCTED,
	DER_ENUMERATED,
	readSmall,
	skipDer,
	takeDerContents,
	takeDerDefaultFalse,
	takeDerInteger,
} from "./der-values.js";
import { checkName } from "./name.js";
import { id_pkix_ocsp_basic, takeOid } from "./oid.js";
import { Place } from "./place.js";
import { takeGeneralizedTime } from "./time.js";

export const OCSP_GOOD = 0;
export const OCSP_REVOKED = 1;
export const OCSP_UNKNOWN = 2;

/** One SingleResponse: which certificate, and what is said of it. */
export class SingleResponse {
	/** Number of the hash in the CertID (oid.ts). */
	hash = 0;
	readonly issuerNameHash = new Place();
	readonly issuerKeyHash = new Place();
	/** Contents of the INTEGER. */
	readonly serial = new Place();
	/** OCSP_... */
	status = OCSP_UNKNOWN;
	thisUpdate = 0;
	/** -1 if it isn't said. */
	nextUpdate = -1;
	/** Whether an extension is critical: none is known. */
	unusable = false;

	/** Passes over the response that comes next. */
	decode(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		this.decodeCertId(reader);
		this.decodeStatus(reader);
		this.thisUpdate = takeGeneralizedTime(reader);
		this.nextUpdate = -1;
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
			const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED);
			this.nextUpdate = takeGeneralizedTime(reader);
			reader.close(inner);
		}
		this.unusable = peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1) && takeCriticalExtensions(reader);
		reader.close(mark);
	}

	private decodeCertId(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		const algorithm = openDer(reader, DER_SEQUENCE);
		this.hash = takeOid(reader);
		if (reader.more()) reader.close(openDer(reader, DER_NULL));
		reader.close(algorithm);
		takeDerContents(reader, DER_OCTET_STRING, this.issuerNameHash);
		takeDerContents(reader, DER_OCTET_STRING, this.issuerKeyHash);
		this.serial.at = takeDerInteger(reader);
		this.serial.end = reader.at;
		reader.close(mark);
	}

	/** good [0] NULL, revoked [1] { time, reason }, unknown [2] NULL, all IMPLICIT. */
	private decodeStatus(reader: Reader): void {
		const tag = peekDer(reader);
		this.status = tag === DER_CONTEXT ? OCSP_GOOD : tag === (DER_CONTEXT_CONSTRUCTED | 1) ? OCSP_REVOKED : OCSP_UNKNOWN;
		if (this.status === OCSP_UNKNOWN && tag !== (DER_CONTEXT | 2)) reader.failed = true;
		const mark = openDer(reader, tag);
		if (this.status === OCSP_REVOKED) {
			takeGeneralizedTime(reader);
			if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
				const reason = openDer(reader, DER_CONTEXT_CONSTRUCTED);
				const value = openDer(reader, DER_ENUMERATED);
				const at = reader.take(reader.end - reader.at);
				readSmall(reader, at, reader.at);
				reader.close(value);
				reader.close(reason);
			}
		}
		reader.close(mark);
	}
}

/**
 * One response.
 *
 *     const response = new OcspResponse();
 *     if (response.decode(memory, at, end) !== NO_FAILURE) ...
 *     response.begin();
 *     while (response.next()) if (isAbout(response.single, certificate)) ...
 */
export class OcspResponse {
	bytes: Uint8Array = NO_BYTES;
	/** OCSPResponseStatus: 0 is successful, and only then there is more. */
	status = 0;
	readonly tbs = new Place();
	/** Who answers: a Name, header included, or a SHA-1 of the key; the other has no place. */
	readonly responderName = new Place();
	readonly responderKeyHash = new Place();
	readonly signature = new SignatureField();
	/** Contents of the list of certificates, at -1 without any. */
	readonly certificates = new Place();
	readonly single = new SingleResponse();
	/** Whether an extension of the whole is critical: none is known. */
	unusable = false;
	#responses = new Place();
	#reader = new Reader();

	decode(bytes: Uint8Array, at: number, end: number): Failure {
		const reader = this.#reader;
		reader.reset(bytes, at, end);
		this.bytes = bytes;
		this.certificates.clear();
		this.#responses.clear();
		const mark = openDer(reader, DER_SEQUENCE);
		const status = openDer(reader, DER_ENUMERATED);
		const statusAt = reader.take(reader.end - reader.at);
		this.status = readSmall(reader, statusAt, reader.at);
		reader.close(status);
		if (this.status === 0) {
			const outer = openDer(reader, DER_CONTEXT_CONSTRUCTED);
			const inner = openDer(reader, DER_SEQUENCE);
			if (takeOid(reader) !== id_pkix_ocsp_basic) reader.failed = true;
			const octets = openDer(reader, DER_OCTET_STRING);
			this.decodeBasic(reader);
			reader.close(octets);
			reader.close(inner);
			reader.close(outer);
		}
		reader.close(mark);
		return reader.finished() ? NO_FAILURE : OCSP_RESPONSE_MALFORMED;
	}

	/** Goes back to before the first single response. */
	begin(): void {
		this.#reader.reset(this.bytes, this.#responses.at, this.#responses.end);
	}

	/** Goes to the next one, into single; false at the end. */
	next(): boolean {
		if (this.#responses.at < 0 || !this.#reader.more()) return false;
		this.single.decode(this.#reader);
		return !this.#reader.failed;
	}

	/** BasicOCSPResponse (4.2.1). */
	private decodeBasic(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		this.decodeTbs(reader);
		// unlike in a certificate, the algorithm isn't repeated in the signed part
		const at = reader.at;
		this.signature.decodeInner(reader);
		reader.at = at;
		this.signature.decodeOuter(reader);
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
			const outer = openDer(reader, DER_CONTEXT_CONSTRUCTED);
			takeDerContents(reader, DER_SEQUENCE, this.certificates);
			reader.close(outer);
		}
		reader.close(mark);
	}

	/** ResponseData. */
	private decodeTbs(reader: Reader): void {
		const at = reader.at;
		const mark = openDer(reader, DER_SEQUENCE);
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) reader.failed = true; // version v1 is the default, and the only one
		this.decodeResponder(reader);
		takeGeneralizedTime(reader);
		const responses = openDer(reader, DER_SEQUENCE);
		this.#responses.set(reader.at, reader.end);
		do this.single.decode(reader);
		while (reader.more());
		reader.close(responses);
		this.unusable = peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1) && takeCriticalExtensions(reader);
		reader.close(mark);
		this.tbs.set(at, reader.at);
	}

	private decodeResponder(reader: Reader): void {
		const byName = peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1);
		this.responderName.clear();
		this.responderKeyHash.clear();
		const mark = openDer(reader, byName ? DER_CONTEXT_CONSTRUCTED | 1 : DER_CONTEXT_CONSTRUCTED | 2);
		if (byName) {
			this.responderName.set(reader.at, reader.end);
			checkName(reader, false);
		} else takeDerContents(reader, DER_OCTET_STRING, this.responderKeyHash);
		reader.close(mark);
	}
}

/** Passes over [1] EXPLICIT Extensions; answers whether one is critical. */
function takeCriticalExtensions(reader: Reader): boolean {
	const outer = openDer(reader, DER_CONTEXT_CONSTRUCTED | 1);
	const mark = openDer(reader, DER_SEQUENCE);
	let critical = false;
	do {
		const extension = openDer(reader, DER_SEQUENCE);
		takeOid(reader);
		if (takeDerDefaultFalse(reader)) critical = true;
		skipDer(reader);
		reader.close(extension);
	} while (reader.more());
	reader.close(mark);
	reader.close(outer);
	return critical;
}
