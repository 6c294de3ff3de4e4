// An X.509 certificate (RFC 5280 4.1) decoded where it stands: nothing is copied, fields are places. Strict DER,
// and every rule that needs no other certificate and no policy.

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import { DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import { CERTIFICATE_MALFORMED, type Failure, NO_FAILURE } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { SCHEME_UNKNOWN, takeSignatureAlgorithm } from "./algorithm.js";
import { DER_CONTEXT, DER_CONTEXT_CONSTRUCTED, skipDer, takeDerBits, takeDerInteger, takeDerSmall } from "./der-values.js";
import { CertificateExtensions } from "./extensions.js";
import { checkName } from "./name.js";
import { Place } from "./place.js";
import { PublicKeyInfo } from "./public-key-info.js";
import { takeTime } from "./time.js";

const NOT_BEGUN = -1;
/** The longest serial number (4.1.2.2). */
export const MAX_SERIAL_LENGTH = 20;

/** The signature of a certificate, a CRL or an OCSP response. */
export class SignatureField {
	/** SignatureScheme, PSS by its rsae number; SCHEME_UNKNOWN for what nothing here can check. */
	scheme = SCHEME_UNKNOWN;
	at = 0;
	end = 0;
	/** The AlgorithmIdentifier in the signed part: the one outside must be the same bytes (4.1.1.2). */
	readonly algorithm = new Place();

	/** Passes over the AlgorithmIdentifier in the signed part. */
	decodeInner(reader: Reader): void {
		const at = reader.at;
		this.scheme = takeSignatureAlgorithm(reader);
		this.algorithm.set(at, reader.at);
	}

	/** Passes over the AlgorithmIdentifier and the signature behind the signed part. */
	decodeOuter(reader: Reader): void {
		const at = reader.at;
		skipDer(reader);
		if (!equalPublic(reader.bytes, at, reader.at, reader.bytes, this.algorithm.at, this.algorithm.end)) reader.failed = true;
		this.at = takeDerBits(reader);
		this.end = reader.at;
	}
}

/**
 * One certificate. The same object serves any number of certificates, one after the other.
 *
 *     const certificate = new Certificate();
 *     const failure = certificate.decode(memory, at, end);
 *     if (failure !== NO_FAILURE) return failure;
 *     job.start(certificate.signature.scheme, issuerKey, memory, certificate.tbs.at, certificate.tbs.end, ...);
 */
export class Certificate {
	bytes: Uint8Array = NO_BYTES;
	at = 0;
	end = 0;
	/** 1 to 3. */
	version = 0;
	/** What is signed, header included. */
	readonly tbs = new Place();
	/** Contents of the INTEGER, which isn't negative. */
	readonly serial = new Place();
	/** Names, header included. */
	readonly issuer = new Place();
	readonly subject = new Place();
	/** Seconds since 1970, both inclusive. */
	notBefore = 0;
	notAfter = 0;
	readonly publicKey = new PublicKeyInfo();
	readonly signature = new SignatureField();
	readonly extensions = new CertificateExtensions();
	#reader = new Reader();
	/** Between begin() and finish(): the mark of the signed part. */
	#mark = NOT_BEGUN;

	/** Decodes the certificate that fills [at, end) of bytes. On a failure the fields may be anything. */
	decode(bytes: Uint8Array, at: number, end: number): Failure {
		this.begin(bytes, at, end);
		return this.finish();
	}

	/** The first half of decode(), for who cuts work into pieces: up to the key. */
	begin(bytes: Uint8Array, at: number, end: number): void {
		const reader = this.#reader;
		reader.reset(bytes, at, end);
		this.bytes = bytes;
		this.at = at;
		this.end = end;
		openDer(reader, DER_SEQUENCE);
		this.tbs.at = reader.at;
		this.#mark = openDer(reader, DER_SEQUENCE);
		this.decodeVersion(reader);
		this.serial.at = takeDerInteger(reader);
		this.serial.end = reader.at;
		if (bytes[this.serial.at] >= 0x80 || this.serial.end - this.serial.at > MAX_SERIAL_LENGTH) reader.failed = true;
		this.signature.decodeInner(reader);
		this.issuer.at = reader.at;
		checkName(reader, false);
		this.issuer.end = reader.at;
		this.decodeValidity(reader);
		this.subject.at = reader.at;
		checkName(reader, true);
		this.subject.end = reader.at;
		this.publicKey.decode(reader);
	}

	/** The second half: extensions and signature. */
	finish(): Failure {
		const reader = this.#reader;
		// unique identifiers: nobody uses them, but old certificates carry them (4.1.2.8)
		for (let id = 1; id <= 2; id++) {
			if (peekDer(reader) !== (DER_CONTEXT | id)) continue;
			skipDer(reader);
			if (this.version === 1) reader.failed = true;
		}
		if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 3)) {
			const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED | 3);
			this.extensions.decode(reader);
			reader.close(inner);
			if (this.version !== 3) reader.failed = true;
		} else this.extensions.reset();
		reader.close(this.#mark);
		this.#mark = NOT_BEGUN;
		this.tbs.end = reader.at;
		this.signature.decodeOuter(reader);
		reader.close(this.end);
		return reader.finished() ? NO_FAILURE : CERTIFICATE_MALFORMED;
	}

	/** Decodes again what has been decoded before, by halves: whether it stands, and began to stand before this call. */
	stands(bytes: Uint8Array, at: number, end: number): boolean {
		if (this.bytes !== bytes || this.at !== at || this.end !== end) this.begin(bytes, at, end);
		else if (this.#mark === NOT_BEGUN) return true;
		else this.finish(); // it went well before
		return false;
	}

	/** [0] EXPLICIT INTEGER DEFAULT v1: 1 or 2 stands for version 2 or 3. */
	private decodeVersion(reader: Reader): void {
		this.version = 1;
		if (peekDer(reader) !== DER_CONTEXT_CONSTRUCTED) return;
		const mark = openDer(reader, DER_CONTEXT_CONSTRUCTED);
		const version = takeDerSmall(reader);
		reader.close(mark);
		if (version !== 1 && version !== 2) reader.failed = true;
		this.version = version + 1;
	}

	private decodeValidity(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		this.notBefore = takeTime(reader);
		this.notAfter = takeTime(reader);
		reader.close(mark);
	}

	/** Whether subject and issuer have the same bytes: a certificate of its own, or one of a changed key. */
	selfIssued(): boolean {
		return equalPublic(this.bytes, this.subject.at, this.subject.end, this.bytes, this.issuer.at, this.issuer.end);
	}
}
