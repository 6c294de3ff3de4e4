// connection_id (RFC 9146 section 3), and the messages that change ids later in 1.3 (RFC 9147 section 9).

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { CONNECTION_ID } from "./table.js";

/** ConnectionIdUsage. */
export const cid_immediate = 0;
export const cid_spare = 1;

/** The id that the peer's records are to carry; empty: none is needed, but the peer may have one. */
export function encodeConnectionId(writer: Writer, id: Uint8Array): void {
	const mark = openExtension(writer, CONNECTION_ID);
	writer.u8(id.length);
	writer.copy(id, 0, id.length);
	writer.close16(mark);
}

/** Where the id begins; it ends at the reader's end. -1 if it is malformed. Reads the reader's whole place. */
export function decodeConnectionId(reader: Reader): number {
	const mark = reader.open8();
	const at = reader.take(reader.end - reader.at);
	reader.close(mark);
	return reader.finished() ? at : -1;
}

/** A NewConnectionId with one id. */
export function encodeNewConnectionId(writer: Writer, id: Uint8Array, usage: number): void {
	const mark = writer.open16();
	writer.u8(id.length);
	writer.copy(id, 0, id.length);
	writer.close16(mark);
	writer.u8(usage);
}

/** A decoded NewConnectionId: the first of its ids, a place in the message's own bytes. */
export class NewConnectionId {
	/** Without any id both are 0. */
	at = 0;
	end = 0;
	usage = cid_spare;

	/** Reads the reader's place, the whole body; false if it is malformed. */
	decode(reader: Reader): boolean {
		this.at = this.end = 0;
		const mark = reader.open16();
		while (reader.more()) {
			const inner = reader.open8();
			if (this.end === 0) {
				this.at = reader.at;
				this.end = reader.end;
			}
			reader.skip(inner);
		}
		reader.close(mark);
		this.usage = reader.u8();
		return reader.finished() && this.usage <= cid_spare && (this.usage !== cid_immediate || this.end > 0);
	}
}
