// HelloVerifyRequest (RFC 6347 4.2.1): a version and a cookie of up to 255 bytes.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";

/** Where the cookie begins; it ends with the message. -1 if it is malformed or empty. Reads the reader's whole place. */
export function decodeHelloVerifyRequest(reader: Reader): number {
	reader.u16(); // says nothing: the version is that of the ServerHello
	const mark = reader.open8();
	if (reader.at === reader.end) reader.failed = true;
	const at = reader.take(reader.end - reader.at);
	reader.close(mark);
	return reader.finished() ? at : -1;
}

/** Writes the body. */
export function encodeHelloVerifyRequest(writer: Writer, version: number, cookie: Uint8Array, length: number): void {
	writer.u16(version);
	writer.u8(length);
	writer.copy(cookie, 0, length);
}
