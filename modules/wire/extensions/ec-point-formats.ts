// ec_point_formats (RFC 8422 section 5.1.2): uncompressed points, the only form that is left.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { EC_POINT_FORMATS } from "./table.js";

const uncompressed = 0;

export function encodeEcPointFormats(writer: Writer): void {
	const mark = openExtension(writer, EC_POINT_FORMATS);
	writer.u8(1);
	writer.u8(uncompressed);
	writer.close16(mark);
}

/** Whether the list is well-formed and names uncompressed points, as it must. Reads the reader's whole place. */
export function hasUncompressed(reader: Reader): boolean {
	const mark = reader.open8();
	let found = false;
	while (reader.more()) if (reader.u8() === uncompressed) found = true;
	reader.close(mark);
	return reader.finished() && found;
}
