// DistributionPoint (RFC 5280 4.2.1.13): where the CRLs for a certificate are, and which of them speak for it.

import { equalPublic } from "../base/bytes.js";
import { DER_SEQUENCE, DER_SET, openDer, peekDer } from "../base/der.js";
import { Reader } from "../base/reader.js";
import { DER_CONTEXT, DER_CONTEXT_CONSTRUCTED, skipDer, takeDerNamedBits } from "./der-values.js";
import { directoryName, type GeneralName, takeGeneralNames } from "./general-name.js";
import type { Place } from "./place.js";

/** All reasons that a list can be restricted to: bits 1 to 8 of ReasonFlags. */
export const ALL_REASONS = 0x1fe;

/** Passes over CRLDistributionPoints: at least one. */
export function takeDistributionPoints(reader: Reader, name: GeneralName): void {
	const mark = openDer(reader, DER_SEQUENCE);
	do {
		const point = openDer(reader, DER_SEQUENCE);
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) takeDistributionPointName(reader, name);
		if (peekDer(reader) === (DER_CONTEXT | 1)) takeDerNamedBits(reader, DER_CONTEXT | 1); // reasons
		if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 2)) takeGeneralNames(reader, DER_CONTEXT_CONSTRUCTED | 2, name); // cRLIssuer
		reader.close(point);
	} while (reader.more());
	reader.close(mark);
}

/** [0] EXPLICIT DistributionPointName: fullName, or a name relative to the CRL issuer's. */
export function takeDistributionPointName(reader: Reader, name: GeneralName): void {
	const mark = openDer(reader, DER_CONTEXT_CONSTRUCTED);
	if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) takeGeneralNames(reader, DER_CONTEXT_CONSTRUCTED, name);
	else reader.skip(openDer(reader, DER_CONTEXT_CONSTRUCTED | 1));
	reader.close(mark);
}

/**
 * The reasons for which a list with the DistributionPointName at point speaks for a certificate, whose
 * CRLDistributionPoints' contents are at points: those of the points that have a name in common with it. 0: it doesn't
 * speak for the certificate. A point whose list another issuer signs (cRLIssuer) doesn't count. issuer: the Name of the
 * list's issuer in crl, to which relative names are relative.
 */
export function reasonsCovered(bytes: Uint8Array, points: Place, crl: Uint8Array, point: Place, issuer: Place): number {
	if (points.at < 0) return 0;
	const reader = new Reader();
	reader.reset(bytes, points.at, points.end);
	let covered = 0;
	while (reader.more()) {
		const mark = openDer(reader, DER_SEQUENCE);
		let nameAt = -1;
		let nameEnd = -1;
		let reasons = ALL_REASONS;
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
			nameAt = reader.at;
			skipDer(reader);
			nameEnd = reader.at;
		}
		if (peekDer(reader) === (DER_CONTEXT | 1)) reasons = takeDerNamedBits(reader, DER_CONTEXT | 1) & ALL_REASONS;
		const other = reader.more();
		reader.skip(mark);
		if (!other && nameAt >= 0 && haveNameInCommon(bytes, nameAt, nameEnd, crl, point, issuer)) covered |= reasons;
	}
	return covered;
}

/** Whether two DistributionPointNames have a name in common; what a relative one stands for is written out in its bytes. */
function haveNameInCommon(a: Uint8Array, aAt: number, aEnd: number, b: Uint8Array, bPlace: Place, issuer: Place): boolean {
	const first = new Reader();
	const second = new Reader();
	first.reset(a, aAt, aEnd);
	second.reset(b, bPlace.at, bPlace.end);
	openDer(first, DER_CONTEXT_CONSTRUCTED);
	openDer(second, DER_CONTEXT_CONSTRUCTED);
	const firstFull = peekDer(first) === DER_CONTEXT_CONSTRUCTED;
	const secondFull = peekDer(second) === DER_CONTEXT_CONSTRUCTED;
	openDer(first, peekDer(first));
	openDer(second, peekDer(second));
	if (!firstFull && !secondFull) return equalPublic(a, first.at, first.end, b, second.at, second.end);
	if (!firstFull) return hasRelative(second, a, first.at, first.end, b, issuer);
	if (!secondFull) return hasRelative(first, b, second.at, second.end, b, issuer);
	const secondAt = second.at;
	while (first.more()) {
		const at = first.at;
		skipDer(first);
		second.at = secondAt;
		while (second.more()) {
			const otherAt = second.at;
			skipDer(second);
			if (equalPublic(a, at, first.at, b, otherAt, second.at)) return true;
		}
	}
	return false;
}

/** Whether one of the names to come is a directoryName of the issuer's attributes and, as its last, the relative one. */
function hasRelative(names: Reader, relative: Uint8Array, at: number, end: number, issuerBytes: Uint8Array, issuer: Place): boolean {
	const own = new Reader();
	while (names.more()) {
		const isDirectory = peekDer(names) === directoryName;
		const mark = openDer(names, peekDer(names));
		if (isDirectory) {
			own.reset(issuerBytes, issuer.at, issuer.end);
			openDer(own, DER_SEQUENCE);
			const name = openDer(names, DER_SEQUENCE);
			const length = own.end - own.at;
			const lastAt = names.at + length;
			if (names.end > lastAt && equalPublic(names.bytes, names.at, lastAt, issuerBytes, own.at, own.end)) {
				names.take(length);
				const last = openDer(names, DER_SET);
				if (!names.failed && last === names.end && equalPublic(names.bytes, names.at, names.end, relative, at, end)) return true;
				names.skip(last);
			} else names.take(names.end - names.at);
			names.skip(name);
		}
		names.skip(mark);
	}
	return false;
}
