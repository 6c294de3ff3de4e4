// The extension block of a message (RFC 8446 4.2): which extensions stand in it and where. It is decoded once;
// the decoder of each extension then reads from its place. One block per connection, used for one message at a time.

import type { Failure } from "../../base/failure.js";
import { EXTENSION_BLOCK_MALFORMED, EXTENSION_FORBIDDEN, EXTENSION_REPEATED, EXTENSION_UNASKED, NO_FAILURE } from "../../base/failure.js";
import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import {
	EXTENSION_ROWS,
	extensionPlaces,
	extensionRow,
	extensionTypes,
	IN_CERTIFICATE_REQUEST,
	IN_CLIENT_HELLO,
	IN_NEW_SESSION_TICKET,
	PRE_SHARED_KEY,
} from "./table.js";

/** Messages that ask: what stands in them need not have been asked for, and what we don't know is passed over. */
const ASKING = IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST | IN_NEW_SESSION_TICKET;
const ALL_ROWS = (1 << EXTENSION_ROWS) - 1;

/**
 * Which extensions stand in a message, and where.
 *
 *     const failure = block.decode(reader, IN_ENCRYPTED_EXTENSIONS, offered);
 *     if (failure !== NO_FAILURE) return fail(hs, failure);
 *     if (block.has(ALPN)) {
 *         block.open(reader, ALPN);
 *         const name = decodeAlpn(reader);    // ends with reader.finished()
 *     }
 */
export class ExtensionBlock {
	/** The rows that stand in it, as bits. */
	present = 0;
	/** Where each row's body begins and ends; only those of `present` mean anything. */
	readonly at = new Uint32Array(EXTENSION_ROWS);
	readonly end = new Uint32Array(EXTENSION_ROWS);

	/**
	 * Reads the block that must be the rest of the reader's open value. `place` is the message (IN_...), `offered` the
	 * rows that we asked for: an answer to what we didn't ask for is refused (RFC 8446 4.2).
	 */
	decode(reader: Reader, place: number, offered: number): Failure {
		this.present = 0;
		const asked = place & ASKING ? ALL_ROWS : offered;
		const outer = reader.open16();
		if (reader.failed) return EXTENSION_BLOCK_MALFORMED;
		// Without the reader: a hello has a dozen, and most are never opened
		const { bytes, end } = reader;
		let present = 0;
		let at = reader.at;
		while (at < end) {
			const bodyAt = at + 4;
			const bodyEnd = bodyAt + ((bytes[at + 2] << 8) | bytes[at + 3]);
			if (bodyAt > end || bodyEnd > end) return EXTENSION_BLOCK_MALFORMED;
			const row = extensionRow((bytes[at] << 8) | bytes[at + 1]);
			at = bodyEnd;
			if (row >= 0) {
				const bit = 1 << row;
				if (present & bit) return EXTENSION_REPEATED;
				if (!(extensionPlaces[row] & place)) return EXTENSION_FORBIDDEN;
				if (!(asked & bit)) return EXTENSION_UNASKED;
				present |= bit;
				this.at[row] = bodyAt;
				this.end[row] = bodyEnd;
				// RFC 8446 4.2.11: the last in a ClientHello, because the binders cover all before them
				if (row === PRE_SHARED_KEY && place === IN_CLIENT_HELLO && at < end) return EXTENSION_FORBIDDEN;
			} else if (!(place & ASKING)) return EXTENSION_UNASKED;
		}
		this.present = present;
		reader.skip(outer);
		return NO_FAILURE;
	}

	has(row: number): boolean {
		return (this.present & (1 << row)) !== 0;
	}

	/** Sets the reader on the row's body. The reader's outer value is lost: its bytes have all been seen by decode. */
	open(reader: Reader, row: number): void {
		reader.at = this.at[row];
		reader.end = this.end[row];
		reader.failed = false;
	}
}

/** Begins an extension: its type and room for its length; end with writer.close16(mark). */
export function openExtension(writer: Writer, row: number): number {
	writer.u16(extensionTypes[row]);
	return writer.open16();
}
