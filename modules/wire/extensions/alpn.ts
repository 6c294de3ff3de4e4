// application_layer_protocol_negotiation (RFC 7301).

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { ALPN } from "./table.js";

/** Client: all it can speak, first choice first. Server: the one it chose. ASCII, 1 to 255 bytes each. */
export function encodeAlpn(writer: Writer, protocols: readonly string[]): void {
	const mark = openExtension(writer, ALPN);
	const list = writer.open16();
	for (const protocol of protocols) {
		writer.u8(protocol.length);
		writer.text(protocol);
	}
	writer.close16(list);
	writer.close16(mark);
}

/**
 * The index of the first of ours that the peer's list names, -1 if there is none, -2 if the list is malformed. Reads the
 * reader's whole place. `single`: a server's answer, which names exactly one.
 */
export function chooseAlpn(reader: Reader, ours: readonly string[], single: boolean): number {
	const list = reader.open16();
	let best = -1;
	let count = 0;
	if (!reader.more()) reader.failed = true;
	while (reader.more()) {
		const mark = reader.open8();
		if (reader.at === reader.end) reader.failed = true;
		for (let i = 0; i < ours.length; i++) if ((best < 0 || i < best) && sameName(reader, ours[i])) best = i;
		reader.skip(mark);
		count++;
	}
	reader.close(list);
	return !reader.finished() || (single && count !== 1) ? -2 : best;
}

function sameName(reader: Reader, name: string): boolean {
	if (name.length !== reader.end - reader.at) return false;
	for (let i = 0; i < name.length; i++) if (reader.bytes[reader.at + i] !== name.charCodeAt(i)) return false;
	return true;
}
