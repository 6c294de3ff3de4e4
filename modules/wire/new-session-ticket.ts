// NewSessionTicket (RFC 8446 4.6.1).

import type { Failure } from "../base/failure.js";
import { NEW_SESSION_TICKET_MALFORMED, NO_FAILURE } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { type ExtensionBlock, openExtension } from "./extensions/block.js";
import { EARLY_DATA, IN_NEW_SESSION_TICKET } from "./extensions/table.js";

/** A decoded ticket: places in the message's own bytes, good until the message is released. */
export class NewSessionTicket {
	/** Seconds. */
	lifetime = 0;
	ageAdd = 0;
	nonceAt = 0;
	nonceEnd = 0;
	ticketAt = 0;
	ticketEnd = 0;

	/** Reads the reader's place, the whole body. */
	decode(reader: Reader, extensions: ExtensionBlock): Failure {
		this.lifetime = reader.u32();
		this.ageAdd = reader.u32();
		let mark = reader.open8();
		this.nonceAt = reader.take(reader.end - reader.at);
		this.nonceEnd = reader.at;
		reader.close(mark);
		mark = reader.open16();
		this.ticketAt = reader.take(reader.end - reader.at);
		this.ticketEnd = reader.at;
		if (this.ticketAt === this.ticketEnd) reader.failed = true;
		reader.close(mark);
		if (reader.failed) return NEW_SESSION_TICKET_MALFORMED;
		const failure = extensions.decode(reader, IN_NEW_SESSION_TICKET, 0);
		return failure === NO_FAILURE && !reader.finished() ? NEW_SESSION_TICKET_MALFORMED : failure;
	}
}

/** Writes the body up to the ticket, whose length is known; ticket and extensions come behind it. */
export function encodeNewSessionTicketHead(
	writer: Writer,
	lifetime: number,
	ageAdd: number,
	nonce: Uint8Array,
	nonceLength: number,
	ticketLength: number,
): void {
	writer.u32(lifetime);
	writer.u32(ageAdd);
	writer.u8(nonceLength);
	writer.copy(nonce, 0, nonceLength);
	writer.u16(ticketLength);
}

/** The extensions: early_data, if a connection of this ticket may bring some (RFC 8446 4.2.10). */
export function encodeTicketExtensions(writer: Writer, maximumEarlyData: number): void {
	const block = writer.open16();
	if (maximumEarlyData > 0) {
		const mark = openExtension(writer, EARLY_DATA);
		writer.u32(maximumEarlyData);
		writer.close16(mark);
	}
	writer.close16(block);
}
