// A certificate revocation list (RFC 5280 section 5) decoded where it stands: complete and delta lists. Indirect
// ones, which speak for other issuers than their own, can't be used here.

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import { DER_INTEGER, DER_OCTET_STRING, DER_SEQUENCE, openDer, peekDer, takeDerUnsigned } from "../base/der.js";
import { CRL_MALFORMED, type Failure, NO_FAILURE } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { SignatureField } from "./certificate.js";
import {
	DER_CONTEXT,
	DER_CONTEXT_CONSTRUCTED,
	DER_ENUMERATED,
	DER_GENERALIZED_TIME,
	DER_UTC_TIME,
	readSmall,
	takeDerDefaultFalse,
	takeDerInteger,
	takeDerNamedBits,
	takeDerSmall,
	takeDerTaggedTrue,
} from "./der-values.js";
import { ALL_REASONS, takeDistributionPointName } from "./distribution-point.js";
import { GeneralName } from "./general-name.js";
import { checkName } from "./name.js";
import {
	id_ce_authorityKeyIdentifier,
	id_ce_cRLNumber,
	id_ce_cRLReasons,
	id_ce_deltaCRLIndicator,
	id_ce_freshestCRL,
	id_ce_invalidityDate,
	id_ce_issuerAltName,
	id_ce_issuingDistributionPoint,
	takeOid,
} from "./oid.js";
import { Place } from "./place.js";
import { takeTime } from "./time.js";

/** CRLReason (5.3.1) of a delta list's entry that is no longer revoked. */
export const REASON_REMOVE_FROM_CRL = 8;
/** issuingDistributionPoint (5.2.5): which certificates a list speaks for. */
export class CrlScope {
	onlyUsers = false;
	onlyAuthorities = false;
	onlyAttributes = false;
	/** Reasons it covers, as bits of ReasonFlags. */
	reasons = ALL_REASONS;
	indirect = false;
	/** The DistributionPointName's contents, at -1 if it has none. */
	readonly point = new Place();
	/** The whole extension's value: two lists have the same scope if it is the same bytes. */
	readonly whole = new Place();

	reset(): void {
		this.onlyUsers = this.onlyAuthorities = this.onlyAttributes = this.indirect = false;
		this.reasons = ALL_REASONS;
		this.point.clear();
		this.whole.clear();
	}
}

/**
 * A walk through the entries of a list, which was checked when it was decoded.
 *
 *     entries.begin(crl);
 *     while (entries.next()) if (entries.is(certificate.bytes, certificate.serial)) ...
 */
export class CrlEntries {
	/** The entry's serial number: contents of the INTEGER, which an authority may have made negative. */
	readonly serial = new Place();
	/** CRLReason, -1 if none is given. */
	reason = -1;
	/** Whether an entry has something critical and unknown: an indirect list's certificateIssuer too. */
	unusable = false;
	#reader = new Reader();

	begin(crl: Crl): void {
		this.#reader.reset(crl.bytes, crl.entries.at, crl.entries.end);
	}

	/** Goes to the next entry; false at the end. */
	next(): boolean {
		if (!this.#reader.more()) return false;
		this.decode(this.#reader);
		return !this.#reader.failed;
	}

	/** Whether the entry is about the certificate with this serial number. */
	is(bytes: Uint8Array, serial: Place): boolean {
		return equalPublic(this.#reader.bytes, this.serial.at, this.serial.end, bytes, serial.at, serial.end);
	}

	/** Passes over the entry that comes next. */
	decode(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		this.serial.at = takeDerInteger(reader);
		this.serial.end = reader.at;
		this.reason = -1;
		takeTime(reader);
		if (reader.more()) {
			const extensions = openDer(reader, DER_SEQUENCE);
			do this.decodeExtension(reader);
			while (reader.more());
			reader.close(extensions);
		}
		reader.close(mark);
	}

	private decodeExtension(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		const oid = takeOid(reader);
		const critical = takeDerDefaultFalse(reader);
		const value = openDer(reader, DER_OCTET_STRING);
		if (oid === id_ce_cRLReasons) {
			const reason = openDer(reader, DER_ENUMERATED);
			const reasonAt = reader.take(reader.end - reader.at);
			this.reason = readSmall(reader, reasonAt, reader.at);
			reader.close(reason);
		} else {
			reader.take(reader.end - reader.at);
			if (critical && oid !== id_ce_invalidityDate) this.unusable = true;
		}
		reader.close(value);
		reader.close(mark);
	}
}

/**
 * One list.
 *
 *     const crl = new Crl();
 *     if (crl.decode(bytes, 0, bytes.length) !== NO_FAILURE) ...
 */
export class Crl {
	bytes: Uint8Array = NO_BYTES;
	readonly tbs = new Place();
	readonly issuer = new Place();
	thisUpdate = 0;
	/** Seconds since 1970; -1 if the list doesn't say it (the profile demands it). */
	nextUpdate = -1;
	/** Magnitude of cRLNumber, at -1 without; of the base list's number where this is a delta. */
	readonly number = new Place();
	readonly baseNumber = new Place();
	readonly scope = new CrlScope();
	/** Whether something in it is critical and unknown, or numbers are where they may not be: it can't be used. */
	unusable = false;
	readonly signature = new SignatureField();
	/** Contents of revokedCertificates, at -1 without any. */
	readonly entries = new Place();
	#reader = new Reader();
	#name = new GeneralName();

	decode(bytes: Uint8Array, at: number, end: number): Failure {
		const reader = this.#reader;
		reader.reset(bytes, at, end);
		this.bytes = bytes;
		this.unusable = false;
		const mark = openDer(reader, DER_SEQUENCE);
		this.decodeTbs(reader);
		this.signature.decodeOuter(reader);
		reader.close(mark);
		return reader.finished() ? NO_FAILURE : CRL_MALFORMED;
	}

	/** TBSCertList: version 2, or 1 if there are no extensions. */
	private decodeTbs(reader: Reader): void {
		const at = reader.at;
		const mark = openDer(reader, DER_SEQUENCE);
		let version = 1;
		if (peekDer(reader) === DER_INTEGER) {
			version = takeDerSmall(reader) + 1;
			if (version !== 2) reader.failed = true;
		}
		this.signature.decodeInner(reader);
		this.issuer.at = reader.at;
		checkName(reader, false);
		this.issuer.end = reader.at;
		this.thisUpdate = takeTime(reader);
		const tag = peekDer(reader);
		this.nextUpdate = tag === DER_UTC_TIME || tag === DER_GENERALIZED_TIME ? takeTime(reader) : -1;
		this.entries.clear();
		if (peekDer(reader) === DER_SEQUENCE) this.decodeEntries(reader);
		this.number.clear();
		this.baseNumber.clear();
		this.scope.reset();
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
			const inner = openDer(reader, DER_CONTEXT_CONSTRUCTED);
			this.decodeExtensions(reader);
			reader.close(inner);
			if (version !== 2) reader.failed = true;
		}
		reader.close(mark);
		if (this.number.at < 0) this.unusable = true; // 5.2.3: every list has one
		if (this.scope.indirect || this.scope.onlyAttributes) this.unusable = true;
		this.tbs.set(at, reader.at);
	}

	private decodeEntries(reader: Reader): void {
		const entry = new CrlEntries();
		const mark = openDer(reader, DER_SEQUENCE);
		this.entries.set(reader.at, reader.end);
		while (reader.more()) entry.decode(reader);
		reader.close(mark);
		if (entry.unusable) this.unusable = true;
	}

	private decodeExtensions(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		do {
			const extension = openDer(reader, DER_SEQUENCE);
			const oid = takeOid(reader);
			const critical = takeDerDefaultFalse(reader);
			const value = openDer(reader, DER_OCTET_STRING);
			this.decodeValue(reader, oid, critical);
			reader.close(value);
			reader.close(extension);
		} while (reader.more());
		reader.close(mark);
	}

	private decodeValue(reader: Reader, oid: number, critical: boolean): void {
		switch (oid) {
			case id_ce_cRLNumber:
				if (this.number.at >= 0) reader.failed = true;
				this.number.at = takeDerUnsigned(reader);
				this.number.end = reader.at;
				if (critical) this.unusable = true; // 5.2.3: never critical
				return;
			case id_ce_deltaCRLIndicator:
				if (this.baseNumber.at >= 0) reader.failed = true;
				this.baseNumber.at = takeDerUnsigned(reader);
				this.baseNumber.end = reader.at;
				if (!critical) this.unusable = true; // 5.2.4: always
				return;
			case id_ce_issuingDistributionPoint:
				if (this.scope.whole.at >= 0) reader.failed = true;
				this.scope.whole.set(reader.at, reader.end);
				this.decodeScope(reader);
				if (!critical) this.unusable = true; // 5.2.5: always
				return;
			case id_ce_authorityKeyIdentifier:
			case id_ce_issuerAltName:
			case id_ce_freshestCRL:
				reader.take(reader.end - reader.at);
				return;
			default:
				reader.take(reader.end - reader.at);
				if (critical) this.unusable = true;
		}
	}

	private decodeScope(reader: Reader): void {
		const scope = this.scope;
		const mark = openDer(reader, DER_SEQUENCE);
		if (!reader.more()) this.unusable = true; // an empty one is forbidden
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
			const at = reader.at;
			takeDistributionPointName(reader, this.#name);
			scope.point.set(at, reader.at);
		}
		if (peekDer(reader) === (DER_CONTEXT | 1)) scope.onlyUsers = takeDerTaggedTrue(reader, DER_CONTEXT | 1);
		if (peekDer(reader) === (DER_CONTEXT | 2)) scope.onlyAuthorities = takeDerTaggedTrue(reader, DER_CONTEXT | 2);
		if (peekDer(reader) === (DER_CONTEXT | 3)) scope.reasons = takeDerNamedBits(reader, DER_CONTEXT | 3) & ALL_REASONS;
		if (peekDer(reader) === (DER_CONTEXT | 4)) scope.indirect = takeDerTaggedTrue(reader, DER_CONTEXT | 4);
		if (peekDer(reader) === (DER_CONTEXT | 5)) scope.onlyAttributes = takeDerTaggedTrue(reader, DER_CONTEXT | 5);
		reader.close(mark);
	}
}
