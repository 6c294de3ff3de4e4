// Writing DER over base/writer. A value's length is known only when its contents are written: one byte is left for
// it, and where it takes more the contents move up.

import { DER_BIT_STRING, DER_BOOLEAN, DER_INTEGER, DER_NULL, DER_OCTET_STRING, DER_OID } from "../base/der.js";
import type { Writer } from "../base/writer.js";
import { OID_FAMILIES } from "./oid.js";

/** Begins a value; answers the mark for endDer. */
export function beginDer(writer: Writer, tag: number): number {
	writer.u8(tag);
	return writer.open8();
}

/** Ends the value begun with this mark: up to 65535 bytes. */
export function endDer(writer: Writer, mark: number): void {
	if (writer.failed) return;
	const bytes = writer.bytes;
	const length = writer.at - mark - 1;
	const more = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
	const end = writer.at;
	writer.take(more);
	if (length > 0xffff) writer.failed = true;
	if (writer.failed) return;
	if (more === 0) {
		bytes[mark] = length;
		return;
	}
	bytes.copyWithin(mark + 1 + more, mark + 1, end);
	bytes[mark] = 0x80 | more;
	if (more === 2) bytes[mark + 1] = length >> 8;
	bytes[mark + more] = length;
}

/** A value that is already encoded: [at, end) of source is its contents. */
export function writeDer(writer: Writer, tag: number, source: Uint8Array, at: number, end: number): void {
	const mark = beginDer(writer, tag);
	writer.copy(source, at, end);
	endDer(writer, mark);
}

export function writeOid(writer: Writer, oid: number): void {
	const mark = beginDer(writer, DER_OID);
	const prefix = OID_FAMILIES[(oid >> 20) - 1];
	for (let i = 0; i < prefix.length; i++) writer.u8(prefix[i]);
	if (oid & 0x20000) writer.u8((oid >> 8) & 255);
	writer.u8(oid & 255);
	endDer(writer, mark);
}

export function writeDerNull(writer: Writer): void {
	writer.u8(DER_NULL);
	writer.u8(0);
}

export function writeDerTrue(writer: Writer): void {
	writer.u8(DER_BOOLEAN);
	writer.u8(1);
	writer.u8(255);
}

/** An INTEGER below 128. */
export function writeDerSmall(writer: Writer, value: number): void {
	writer.u8(DER_INTEGER);
	writer.u8(1);
	writer.u8(value);
}

/** A non-negative INTEGER from its magnitude [at, end), which may have leading zeros. */
export function writeDerUnsigned(writer: Writer, source: Uint8Array, at: number, end: number): void {
	while (at < end && source[at] === 0) at++;
	const mark = beginDer(writer, DER_INTEGER);
	if (at === end || source[at] >= 0x80) writer.u8(0);
	writer.copy(source, at, end);
	endDer(writer, mark);
}

/** A BIT STRING of whole bytes. */
export function writeDerBits(writer: Writer, source: Uint8Array, at: number, end: number): void {
	const mark = beginDer(writer, DER_BIT_STRING);
	writer.u8(0);
	writer.copy(source, at, end);
	endDer(writer, mark);
}

/** A BIT STRING of named bits, bit 0 is 1: trailing zeros cut off. */
export function writeDerNamedBits(writer: Writer, bits: number): void {
	const mark = beginDer(writer, DER_BIT_STRING);
	const count = 32 - Math.clz32(bits);
	writer.u8((8 - (count & 7)) & 7);
	for (let bit = 0; bit < count; bit += 8) {
		let byte = 0;
		for (let i = 0; i < 8; i++) if (bits & (1 << (bit + i))) byte |= 0x80 >> i;
		writer.u8(byte);
	}
	endDer(writer, mark);
}

export function writeDerOctets(writer: Writer, source: Uint8Array, at: number, end: number): void {
	writeDer(writer, DER_OCTET_STRING, source, at, end);
}

/** The characters of a text in UTF-8. A lone surrogate is an error. */
export function writeUtf8(writer: Writer, text: string): void {
	for (let i = 0; i < text.length; i++) {
		let code = text.charCodeAt(i);
		if (code >= 0xd800 && code < 0xe000) {
			const low = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
			if (code >= 0xdc00 || low < 0xdc00 || low >= 0xe000) writer.failed = true;
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			i++;
		}
		if (code < 0x80) writer.u8(code);
		else if (code < 0x800) {
			writer.u8(0xc0 | (code >> 6));
			writer.u8(0x80 | (code & 63));
		} else {
			if (code < 0x10000) writer.u8(0xe0 | (code >> 12));
			else {
				writer.u8(0xf0 | (code >> 18));
				writer.u8(0x80 | ((code >> 12) & 63));
			}
			writer.u8(0x80 | ((code >> 6) & 63));
			writer.u8(0x80 | (code & 63));
		}
	}
}
