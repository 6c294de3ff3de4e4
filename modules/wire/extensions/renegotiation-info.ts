// renegotiation_info (RFC 5746 section 3.2): in a first handshake empty, in a later one what both Finished of the one
// before said.

import { equalConstantTime } from "../../base/bytes.js";
import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { RENEGOTIATION_INFO } from "./table.js";

/** Writes the first length bytes of client and then of server: verify_data; a client sends its own only. */
export function encodeRenegotiationInfo(writer: Writer, client: Uint8Array, clientLength: number, server: Uint8Array, serverLength: number): void {
	const mark = openExtension(writer, RENEGOTIATION_INFO);
	writer.u8(clientLength + serverLength);
	writer.copy(client, 0, clientLength);
	writer.copy(server, 0, serverLength);
	writer.close16(mark);
}

/** Whether the peer's says just that. Reads the reader's whole place. */
export function matchesRenegotiationInfo(reader: Reader, client: Uint8Array, clientLength: number, server: Uint8Array, serverLength: number): boolean {
	const mark = reader.open8();
	const length = reader.end - reader.at;
	const at = reader.take(length);
	reader.close(mark);
	if (!reader.finished() || length !== clientLength + serverLength) return false;
	if (length === 0) return true;
	const right = equalConstantTime(reader.bytes, at, client, 0, clientLength) & equalConstantTime(reader.bytes, at + clientLength, server, 0, serverLength);
	return right === 1;
}
