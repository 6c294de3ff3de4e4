// cookie (RFC 8446 4.2.2): a HelloRetryRequest's, sent back by the client as it came.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { COOKIE } from "./table.js";

export function encodeCookie(writer: Writer, bytes: Uint8Array, at: number, end: number): void {
	const mark = openExtension(writer, COOKIE);
	writer.u16(end - at);
	writer.copy(bytes, at, end);
	writer.close16(mark);
}

/** Where the cookie begins; it ends at the end of the extension. -1 if it is malformed. Reads the reader's whole place. */
export function decodeCookie(reader: Reader): number {
	const mark = reader.open16();
	if (reader.at === reader.end) reader.failed = true;
	const at = reader.take(reader.end - reader.at);
	reader.close(mark);
	return reader.finished() ? at : -1;
}
