// NewSessionTicket of TLS 1.2 (RFC 5077 3.3).

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";

/** A decoded ticket: a place in the message's own bytes, good until the message is released. */
export class NewSessionTicket12 {
	/** Seconds; 0 says nothing about how long. */
	lifetimeHint = 0;
	/** Empty: the server has changed its mind. */
	ticketAt = 0;
	ticketEnd = 0;

	/** Reads the reader's place, the whole body; false if it is malformed. */
	decode(reader: Reader): boolean {
		this.lifetimeHint = reader.u32();
		const mark = reader.open16();
		this.ticketAt = reader.take(reader.end - reader.at);
		this.ticketEnd = reader.at;
		reader.close(mark);
		return reader.finished();
	}
}

/** Writes what stands in front of the ticket. */
export function encodeNewSessionTicket12Head(writer: Writer, lifetimeHint: number, ticketLength: number): void {
	writer.u32(lifetimeHint);
	writer.u16(ticketLength);
}
