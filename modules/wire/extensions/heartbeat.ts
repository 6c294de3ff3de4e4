// heartbeat (RFC 6520 section 2): whether the one who sends this takes requests.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { HEARTBEAT } from "./table.js";

export const peer_allowed_to_send = 1;
export const peer_not_allowed_to_send = 2;

export function encodeHeartbeat(writer: Writer, mode: number): void {
	const mark = openExtension(writer, HEARTBEAT);
	writer.u8(mode);
	writer.close16(mark);
}

/** The mode, or -1 if there is no such one or it is malformed. Reads the reader's whole place. */
export function decodeHeartbeat(reader: Reader): number {
	const mode = reader.u8();
	return reader.finished() && (mode === peer_allowed_to_send || mode === peer_not_allowed_to_send) ? mode : -1;
}
