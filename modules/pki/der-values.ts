// DER values that X.509 uses beside those of base/der: BOOLEAN, BIT STRING, small INTEGERs, explicit tags. For the
// decoders of pki. Like base/der, an error sticks in the reader.

import { DER_BIT_STRING, DER_BOOLEAN, DER_INTEGER, openDer, peekDer, takeDerUnsigned } from "../base/der.js";
import type { Reader } from "../base/reader.js";
import type { Place } from "./place.js";

export const DER_ENUMERATED = 0x0a;
export const DER_UTF8_STRING = 0x0c;
export const DER_PRINTABLE_STRING = 0x13;
export const DER_TELETEX_STRING = 0x14;
export const DER_IA5_STRING = 0x16;
export const DER_UTC_TIME = 0x17;
export const DER_GENERALIZED_TIME = 0x18;
export const DER_UNIVERSAL_STRING = 0x1c;
export const DER_BMP_STRING = 0x1e;
/** [n] EXPLICIT or a constructed IMPLICIT: 0xa0 | n; a primitive IMPLICIT: 0x80 | n. */
export const DER_CONTEXT = 0x80;
export const DER_CONTEXT_CONSTRUCTED = 0xa0;

/** Passes over the value that comes next, tag and all, and notes its place, header included. */
export function takeDerValue(reader: Reader, tag: number, place: Place): void {
	const at = reader.at;
	reader.skip(openDer(reader, tag));
	place.set(at, reader.at);
}

/** Passes over the value that comes next, which must have this tag, and notes the place of its contents. */
export function takeDerContents(reader: Reader, tag: number, place: Place): void {
	const mark = openDer(reader, tag);
	place.set(reader.at, reader.end);
	reader.skip(mark);
}

/** Passes over a value of any tag. Tag numbers above 30 don't occur in X.509: an error. */
export function skipDer(reader: Reader): void {
	const tag = peekDer(reader);
	if ((tag & 0x1f) === 0x1f) reader.failed = true;
	reader.skip(openDer(reader, tag));
}

/** A BOOLEAN: 0 or 255 only (X.690 11.1). */
export function takeDerBoolean(reader: Reader): boolean {
	const mark = openDer(reader, DER_BOOLEAN);
	const value = reader.u8();
	reader.close(mark);
	if (value !== 0 && value !== 255) reader.failed = true;
	return value === 255;
}

/** A BOOLEAN DEFAULT FALSE: absent, or TRUE; an encoded FALSE is not DER (X.690 11.5). */
export function takeDerDefaultFalse(reader: Reader): boolean {
	if (peekDer(reader) !== DER_BOOLEAN) return false;
	if (takeDerBoolean(reader)) return true;
	reader.failed = true;
	return false;
}

/** A BOOLEAN [tag] IMPLICIT DEFAULT FALSE that is there: TRUE. */
export function takeDerTaggedTrue(reader: Reader, tag: number): boolean {
	const mark = openDer(reader, tag);
	if (reader.u8() !== 255) reader.failed = true;
	reader.close(mark);
	return true;
}

/** A BIT STRING of whole bytes: answers where they begin; they end at reader.at. */
export function takeDerBits(reader: Reader): number {
	const mark = openDer(reader, DER_BIT_STRING);
	if (reader.u8() !== 0) reader.failed = true;
	const at = reader.at;
	reader.skip(mark);
	return at;
}

/**
 * A BIT STRING with named bits: bit 0 is 1, bit 1 is 2, ... up to bit 30. Trailing zeros must be cut off (X.690 11.2.2), unless
 * they are allowed.
 */
export function takeDerNamedBits(reader: Reader, tag = DER_BIT_STRING, trailingZeros = false): number {
	const mark = openDer(reader, tag);
	const unused = reader.u8();
	let bits = 0;
	let last = 0;
	for (let bit = 0; reader.more(); bit += 8) {
		last = reader.u8();
		if (bit > 16) reader.failed = true;
		for (let i = 0; i < 8; i++) if (last & (0x80 >> i)) bits |= 1 << (bit + i);
	}
	reader.close(mark);
	// the last bit that is there must be a one, and what is beyond it zeros
	if (unused > 7 || (last & (0xff >> (8 - unused))) !== 0) reader.failed = true;
	else if (trailingZeros && bits !== 0) return bits;
	else if (bits === 0 ? unused !== 0 || last !== 0 : (last & (1 << unused)) === 0) reader.failed = true;
	return bits;
}

/** A non-negative INTEGER below 2^31. */
export function takeDerSmall(reader: Reader): number {
	const at = takeDerUnsigned(reader);
	return readSmall(reader, at, reader.at);
}

/** The value of an unsigned magnitude at [at, end); too large is an error. */
export function readSmall(reader: Reader, at: number, end: number): number {
	if (end - at > 4 || (end - at === 4 && reader.bytes[at] >= 0x80)) reader.failed = true;
	if (reader.failed) return 0;
	let value = 0;
	for (; at < end; at++) value = (value << 8) | reader.bytes[at];
	return value;
}

/** Passes over an INTEGER [tag] IMPLICIT, non-negative and below 2^31. */
export function takeDerTaggedSmall(reader: Reader, tag: number): number {
	const mark = openDer(reader, tag);
	let at = reader.at;
	const end = reader.end;
	if (at === end || reader.bytes[at] >= 0x80) reader.failed = true;
	else if (reader.bytes[at] === 0 && end - at > 1) {
		if (reader.bytes[at + 1] < 0x80) reader.failed = true;
		at++;
	}
	const value = readSmall(reader, at, end);
	reader.skip(mark);
	return value;
}

/** Passes over an INTEGER of either sign in its shortest form; answers where its contents begin; they end at reader.at. */
export function takeDerInteger(reader: Reader): number {
	const mark = openDer(reader, DER_INTEGER);
	const at = reader.at;
	const length = reader.end - at;
	const bytes = reader.bytes;
	if (length === 0) reader.failed = true;
	else if (length > 1 && (bytes[at] === 0 ? bytes[at + 1] < 0x80 : bytes[at] === 255 && bytes[at + 1] >= 0x80)) reader.failed = true;
	reader.skip(mark);
	return at;
}
