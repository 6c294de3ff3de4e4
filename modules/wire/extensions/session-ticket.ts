// SessionTicket (RFC 5077 section 3.2): the client sends its ticket, or nothing to ask for one.

import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { SESSION_TICKET } from "./table.js";

/** Client: the ticket as it came, or no bytes. The server's answer is empty (extensions/empty). */
export function encodeSessionTicket(writer: Writer, ticket: Uint8Array): void {
	const mark = openExtension(writer, SESSION_TICKET);
	writer.copy(ticket, 0, ticket.length);
	writer.close16(mark);
}
