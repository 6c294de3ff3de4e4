// max_fragment_length (RFC 6066 section 4): one of four lengths of record contents, for both directions.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { MAX_FRAGMENT_LENGTH } from "./table.js";

/** The lengths it can say, in bytes: 512, 1024, 2048, 4096 are 1, 2, 3, 4. */
export const MAX_FRAGMENT_LEAST = 512;
export const MAX_FRAGMENT_MOST = 4096;

/** Client: the length it wants; server: the same again. One of the four. */
export function encodeMaxFragmentLength(writer: Writer, length: number): void {
	const mark = openExtension(writer, MAX_FRAGMENT_LENGTH);
	writer.u8(23 - Math.clz32(length));
	writer.close16(mark);
}

/** The length, or -1 if it is none of the four or malformed. Reads the reader's whole place. */
export function decodeMaxFragmentLength(reader: Reader): number {
	const code = reader.u8();
	return reader.finished() && code >= 1 && code <= 4 ? 256 << code : -1;
}
