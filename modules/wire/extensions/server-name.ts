// server_name (RFC 6066 section 3): the host name, in a list that knows nothing else.

import type { Reader } from "../../base/reader.js";
import { textAt } from "../../base/text.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { SERVER_NAME } from "./table.js";

const host_name = 0;

/** Client: the name that it wants to reach, ASCII. */
export function encodeServerName(writer: Writer, name: string): void {
	const mark = openExtension(writer, SERVER_NAME);
	const list = writer.open16();
	writer.u8(host_name);
	writer.u16(name.length);
	writer.text(name);
	writer.close16(list);
	writer.close16(mark);
}

/** Server: the host name in lower case, "" if the list has none, undefined if it is malformed. Reads the reader's whole place. */
export function decodeServerName(reader: Reader): string | undefined {
	const list = reader.open16();
	let name = "";
	let names = 0;
	while (reader.more()) {
		const type = reader.u8();
		const mark = reader.open16();
		if (type === host_name) {
			if (names++ > 0 || reader.at === reader.end || reader.end - reader.at > 255) reader.failed = true;
			const { bytes, end } = reader;
			const at = reader.take(end - reader.at);
			// RFC 6066: ASCII, and nothing that could split a log line
			for (let i = at; i < end; ++i) if (bytes[i] <= 0x20 || bytes[i] >= 0x7f) reader.failed = true;
			if (!reader.failed) name = textAt(bytes, at, end).toLowerCase();
			reader.close(mark);
		} else reader.skip(mark);
	}
	reader.close(list);
	return reader.finished() ? name : undefined;
}
