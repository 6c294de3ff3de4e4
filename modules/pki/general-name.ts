// GeneralName (RFC 5280 4.2.1.6): the names of subjectAltName, nameConstraints and distribution points, as places.

import { DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import type { Reader } from "../base/reader.js";
import { skipDer } from "./der-values.js";
import { checkName } from "./name.js";
import { takeOid } from "./oid.js";

export const otherName = 0xa0;
export const rfc822Name = 0x81;
export const dNSName = 0x82;
export const x400Address = 0xa3;
export const directoryName = 0xa4;
export const ediPartyName = 0xa5;
export const uniformResourceIdentifier = 0x86;
export const iPAddress = 0x87;
export const registeredID = 0x88;

/**
 * One GeneralName: its kind (the tag byte) and the place of its contents; of a directoryName, of the Name in it.
 *
 *     while (reader.more()) {
 *         name.decode(reader, false);
 *         if (name.kind === dNSName) ...
 *     }
 */
export class GeneralName {
	kind = 0;
	at = 0;
	end = 0;

	/** Passes over the name that comes next; subtree says that it is the base of a name constraint. */
	decode(reader: Reader, subtree: boolean): void {
		const kind = peekDer(reader);
		this.kind = kind;
		const mark = openDer(reader, kind);
		this.at = reader.at;
		this.end = reader.end;
		if (kind === rfc822Name || kind === dNSName || kind === uniformResourceIdentifier) takeAscii(reader);
		else if (kind === iPAddress) {
			const length = reader.end - reader.at;
			if (subtree ? length !== 8 && length !== 32 : length !== 4 && length !== 16) reader.failed = true;
			reader.take(length);
		} else if (kind === directoryName) checkName(reader, true);
		else if (kind === otherName) {
			takeOid(reader);
			skipDer(reader);
		} else if (kind === x400Address || kind === ediPartyName || kind === registeredID) reader.take(reader.end - reader.at);
		else reader.failed = true;
		reader.close(mark);
	}
}

/** An IA5String's characters, without the control characters that no name of a host, a mailbox or a page has. */
function takeAscii(reader: Reader): void {
	const bytes = reader.bytes;
	for (; reader.at < reader.end; reader.at++) if (bytes[reader.at] < 0x20 || bytes[reader.at] > 0x7e) reader.failed = true;
}

/** Passes over GeneralNames: at least one. */
export function takeGeneralNames(reader: Reader, tag: number, name: GeneralName): void {
	const mark = openDer(reader, tag);
	do name.decode(reader, false);
	while (reader.more());
	reader.close(mark);
}

/** Passes over GeneralSubtrees (4.2.1.10): minimum 0 and no maximum, as the profile wants. */
export function takeSubtrees(reader: Reader, tag: number, name: GeneralName): void {
	const mark = openDer(reader, tag);
	do takeSubtree(reader, name);
	while (reader.more());
	reader.close(mark);
}

export function takeSubtree(reader: Reader, name: GeneralName): void {
	const mark = openDer(reader, DER_SEQUENCE);
	name.decode(reader, true);
	reader.close(mark);
}
