// DistributionPoint (RFC 5280 4.2.1.13): where the CRLs for a certificate are, and which of them speak for it.

import { DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import type { Reader } from "../base/reader.js";
import { DER_CONTEXT, DER_CONTEXT_CONSTRUCTED, skipDer } from "./der-values.js";
import { type GeneralName, takeGeneralNames } from "./general-name.js";

/** Passes over CRLDistributionPoints: at least one. */
export function takeDistributionPoints(reader: Reader, name: GeneralName): void {
	const mark = openDer(reader, DER_SEQUENCE);
	do {
		const point = openDer(reader, DER_SEQUENCE);
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) takeDistributionPointName(reader, name);
		if (peekDer(reader) === (DER_CONTEXT | 1)) skipDer(reader); // reasons
		if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 2)) takeGeneralNames(reader, DER_CONTEXT_CONSTRUCTED | 2, name); // cRLIssuer
		reader.close(point);
	} while (reader.more());
	reader.close(mark);
}

/** [0] EXPLICIT DistributionPointName: fullName, or a name relative to the CRL issuer's (only passed over). */
export function takeDistributionPointName(reader: Reader, name: GeneralName): void {
	const mark = openDer(reader, DER_CONTEXT_CONSTRUCTED);
	if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) takeGeneralNames(reader, DER_CONTEXT_CONSTRUCTED, name);
	else reader.skip(openDer(reader, DER_CONTEXT_CONSTRUCTED | 1));
	reader.close(mark);
}
