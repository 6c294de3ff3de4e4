// status_request (RFC 6066 section 8): the client asks for an OCSP response with the server's certificate.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { ocsp } from "../registry.js";
import { openExtension } from "./block.js";
import { STATUS_REQUEST } from "./table.js";

/** Client: from whatever responder, without extensions. The server's answer in 1.2 is empty (extensions/empty). */
export function encodeStatusRequest(writer: Writer): void {
	const mark = openExtension(writer, STATUS_REQUEST);
	writer.u8(ocsp);
	writer.u16(0);
	writer.u16(0);
	writer.close16(mark);
}

/** Server: whether an OCSP response is asked for; a malformed or other request is none. Reads the reader's whole place. */
export function isOcspRequest(reader: Reader): boolean {
	if (reader.u8() !== ocsp) return false;
	reader.skip(reader.open16());
	reader.skip(reader.open16());
	return reader.finished();
}
