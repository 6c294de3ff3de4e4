// Distinguished names (RFC 5280 4.1.2.4): their syntax, and whether two are the same (7.1).

import { equalPublic } from "../base/bytes.js";
import { DER_SEQUENCE, DER_SET, openDer, peekDer } from "../base/der.js";
import { Reader } from "../base/reader.js";
import { DER_IA5_STRING, DER_PRINTABLE_STRING, DER_UTF8_STRING, skipDer } from "./der-values.js";
import { takeOid } from "./oid.js";

/** Passes over a Name that must come next. An empty one (no attribute at all) is an error unless it may be. */
export function checkName(reader: Reader, mayBeEmpty: boolean): void {
	const mark = openDer(reader, DER_SEQUENCE);
	if (!mayBeEmpty && !reader.more()) reader.failed = true;
	while (reader.more()) {
		const set = openDer(reader, DER_SET);
		do {
			const attribute = openDer(reader, DER_SEQUENCE);
			takeOid(reader);
			skipDer(reader);
			reader.close(attribute);
		} while (reader.more());
		reader.close(set);
	}
	reader.close(mark);
}

function comparable(tag: number): boolean {
	return tag === DER_UTF8_STRING || tag === DER_PRINTABLE_STRING || tag === DER_IA5_STRING;
}

/** The next character of a string with its insignificant spaces left out and ASCII letters in lower case; -1 at its end. */
function foldedCharacter(reader: Reader, first: boolean): number {
	const bytes = reader.bytes;
	let space = false;
	while (reader.at < reader.end && bytes[reader.at] === 0x20) {
		space = true;
		reader.at++;
	}
	if (reader.at === reader.end) return -1; // trailing spaces don't count
	if (space && !first) return 0x20;
	const character = bytes[reader.at++];
	return character >= 0x41 && character <= 0x5a ? character + 32 : character;
}

/**
 * Compares Names, each a place of its DER. Names of the same bytes are the same; else attributes are compared in
 * order, by type and by value, printable and UTF-8 strings without regard to case (ASCII) and to repeated spaces.
 *
 *     const names = new NameComparison();
 *     if (!names.same(a, subjectAt, subjectEnd, b, issuerAt, issuerEnd)) ...
 */
export class NameComparison {
	#a = new Reader();
	#b = new Reader();

	/** Both must be well-formed: what isn't is never the same. */
	same(a: Uint8Array, aAt: number, aEnd: number, b: Uint8Array, bAt: number, bEnd: number): boolean {
		return equalPublic(a, aAt, aEnd, b, bAt, bEnd) || this.compare(a, aAt, aEnd, b, bAt, bEnd, false);
	}

	/** Whether the first name's attributes are where the second's begin: the subtree of a directoryName (4.2.1.10). */
	begins(prefix: Uint8Array, prefixAt: number, prefixEnd: number, name: Uint8Array, at: number, end: number): boolean {
		return this.compare(prefix, prefixAt, prefixEnd, name, at, end, true);
	}

	private compare(aBytes: Uint8Array, aAt: number, aEnd: number, bBytes: Uint8Array, bAt: number, bEnd: number, prefix: boolean): boolean {
		const a = this.#a;
		const b = this.#b;
		a.reset(aBytes, aAt, aEnd);
		b.reset(bBytes, bAt, bEnd);
		openDer(a, DER_SEQUENCE);
		openDer(b, DER_SEQUENCE);
		while (a.more()) {
			if (!b.more()) return false;
			const aMark = openDer(a, DER_SET);
			const bMark = openDer(b, DER_SET);
			while (a.more() && b.more()) if (!this.sameAttribute()) return false;
			a.close(aMark); // one has more values than the other
			b.close(bMark);
		}
		return !a.failed && !b.failed && (prefix || b.at === b.end);
	}

	private sameAttribute(): boolean {
		const a = this.#a;
		const b = this.#b;
		const aMark = openDer(a, DER_SEQUENCE);
		const bMark = openDer(b, DER_SEQUENCE);
		const aAt = a.at;
		const bAt = b.at;
		takeOid(a);
		takeOid(b);
		if (a.failed || b.failed || !equalPublic(a.bytes, aAt, a.at, b.bytes, bAt, b.at)) return false;
		const same = this.sameValue();
		a.close(aMark);
		b.close(bMark);
		return same;
	}

	private sameValue(): boolean {
		const a = this.#a;
		const b = this.#b;
		const aTag = peekDer(a);
		const bTag = peekDer(b);
		const fold = comparable(aTag) && comparable(bTag);
		if (aTag !== bTag && !fold) return false;
		const aMark = openDer(a, aTag);
		const bMark = openDer(b, bTag);
		let same = !a.failed && !b.failed;
		if (fold) {
			for (let first = true; same; first = false) {
				const character = foldedCharacter(a, first);
				same = character === foldedCharacter(b, first);
				if (character < 0) break;
			}
		} else same = same && equalPublic(a.bytes, a.at, a.end, b.bytes, b.at, b.end);
		a.skip(aMark);
		b.skip(bMark);
		return same;
	}
}
