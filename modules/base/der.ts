// Strict DER (X.690 section 10) over base/reader: one tag byte, minimal definite lengths. Below pki because
// crypto needs it too: ECDSA signatures (RFC 3279 2.2.3) and RSA keys (RFC 8017 A.1) are DER.

import type { Reader } from "./reader.js";

export const DER_BOOLEAN = 0x01;
export const DER_INTEGER = 0x02;
export const DER_BIT_STRING = 0x03;
export const DER_OCTET_STRING = 0x04;
export const DER_NULL = 0x05;
export const DER_OID = 0x06;
export const DER_SEQUENCE = 0x30;
export const DER_SET = 0x31;

/** The tag byte that comes next, or -1 at the end of the open value. */
export function peekDer(reader: Reader): number {
	return reader.failed || reader.at >= reader.end ? -1 : reader.bytes[reader.at];
}

/** Opens the value that must come next with this tag; answers the mark for reader.close(). */
export function openDer(reader: Reader, tag: number): number {
	const at = reader.at + 2;
	const end = reader.end;
	// Nearly always the tag is right, and a length below 128 and all of that are there: a third of the time on XS
	if (at <= end && reader.bytes[at - 2] === tag && !reader.failed) {
		const length = reader.bytes[at - 1];
		if (length < 0x80 && at + length <= end) {
			reader.at = at;
			reader.end = at + length;
			return end;
		}
	}
	if (reader.u8() !== tag) reader.failed = true;
	return reader.open(readDerLength(reader));
}

/** A length in its shortest form (X.690 10.1), up to 2^24 - 1. */
function readDerLength(reader: Reader): number {
	const first = reader.u8();
	if (first < 0x80) return first;
	let length = 0;
	let least = 0x80; // the smallest length that needs this form
	if (first === 0x81) length = reader.u8();
	else if (first === 0x82) {
		length = reader.u16();
		least = 0x100;
	} else if (first === 0x83) {
		length = reader.u24();
		least = 0x10000;
	} else reader.failed = true;
	if (length < least) reader.failed = true;
	return length;
}

/**
 * Passes over a non-negative INTEGER in its shortest form and answers where its magnitude begins (after a leading
 * zero byte); the magnitude ends at reader.at. Zero has a magnitude of no bytes.
 */
export function takeDerUnsigned(reader: Reader): number {
	const mark = openDer(reader, DER_INTEGER);
	const length = reader.end - reader.at;
	let at = reader.take(length);
	if (length === 0) reader.failed = true;
	if (!reader.failed) {
		const first = reader.bytes[at];
		if (first >= 0x80) reader.failed = true;
		else if (first === 0) {
			if (length > 1 && reader.bytes[at + 1] < 0x80) reader.failed = true;
			at++;
		}
	}
	reader.close(mark);
	return at;
}
