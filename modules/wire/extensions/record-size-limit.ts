// record_size_limit (RFC 8449 section 4): the longest plaintext that its sender can take, in 1.3 with the type byte.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { RECORD_SIZE_LIMIT } from "./table.js";

export const RECORD_SIZE_LIMIT_LEAST = 64;

export function encodeRecordSizeLimit(writer: Writer, limit: number): void {
	const mark = openExtension(writer, RECORD_SIZE_LIMIT);
	writer.u16(limit);
	writer.close16(mark);
}

/** The limit, or -1 if it is malformed or below 64. Reads the reader's whole place. */
export function decodeRecordSizeLimit(reader: Reader): number {
	const limit = reader.u16();
	return reader.finished() && limit >= RECORD_SIZE_LIMIT_LEAST ? limit : -1;
}
