// Vectors of 16-bit numbers (cipher suites, groups, signature schemes): how they are written and looked through.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";

/** Writes the numbers behind each other, without a length. */
export function encodeNumbers16(writer: Writer, values: readonly number[]): void {
	for (let i = 0; i < values.length; ++i) writer.u16(values[i]);
}

/** Whether value stands in the 16-bit numbers at [at, end). */
export function includesNumber16(bytes: Uint8Array, at: number, end: number, value: number): boolean {
	for (; at + 1 < end; at += 2) if (((bytes[at] << 8) | bytes[at + 1]) === value) return true;
	return false;
}

/** The first of ours that stands in the peer's numbers at [at, end), or -1. */
export function firstCommonNumber16(ours: readonly number[], bytes: Uint8Array, at: number, end: number): number {
	for (const value of ours) if (includesNumber16(bytes, at, end, value)) return value;
	return -1;
}

/** Passes over a non-empty vector of 16-bit numbers with a 16-bit length; it begins at the answer and ends where the reader then stands. */
export function takeNumbers16(reader: Reader): number {
	const mark = reader.open16();
	const length = reader.end - reader.at;
	if (length === 0 || length & 1) reader.failed = true;
	const at = reader.take(length);
	reader.close(mark);
	return at;
}
