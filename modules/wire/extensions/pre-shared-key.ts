// pre_shared_key (RFC 8446 4.2.11): identities and binders of the client, the index that the server chose.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { PRE_SHARED_KEY } from "./table.js";

/** The client's offer, places in the message's own bytes. Walk it: begin(), then next() for each identity with its binder. */
export class OfferedPsks {
	identityAt = 0;
	identityEnd = 0;
	obfuscatedTicketAge = 0;
	binderAt = 0;
	binderEnd = 0;
	/** Which identity stands in the fields, from 0. */
	index = -1;
	/** Where the binders begin, with their length: what a binder covers ends here. */
	bindersAt = 0;
	#nextIdentity = 0;
	#nextBinder = 0;

	/** Checks the whole extension, the reader's place, and stands before the first identity; false if it is malformed. */
	begin(reader: Reader): boolean {
		let mark = reader.open16();
		this.#nextIdentity = reader.at;
		let identities = 0;
		for (; reader.more(); identities++) {
			const inner = reader.open16();
			if (reader.at === reader.end) reader.failed = true;
			reader.skip(inner);
			reader.take(4);
		}
		reader.close(mark);
		this.bindersAt = reader.at;
		mark = reader.open16();
		this.#nextBinder = reader.at;
		let binders = 0;
		for (; reader.more(); binders++) {
			const inner = reader.open8();
			if (reader.end - reader.at < 32) reader.failed = true;
			reader.skip(inner);
		}
		reader.close(mark);
		this.index = -1;
		return reader.finished() && identities > 0 && identities === binders;
	}

	/** Stands on the next identity and its binder; false after the last. */
	next(bytes: Uint8Array): boolean {
		let at = this.#nextIdentity;
		if (at >= this.bindersAt) return false;
		this.index++;
		this.identityAt = at + 2;
		this.identityEnd = at = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
		this.obfuscatedTicketAge = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
		this.#nextIdentity = at + 4;
		at = this.#nextBinder;
		this.binderAt = at + 1;
		this.#nextBinder = this.binderEnd = at + 1 + bytes[at];
		return true;
	}
}

/** Server: the identity it chose. */
export function encodeSelectedIdentity(writer: Writer, index: number): void {
	const mark = openExtension(writer, PRE_SHARED_KEY);
	writer.u16(index);
	writer.close16(mark);
}

/** Client: the index that the server chose, or -1. Reads the reader's whole place. */
export function decodeSelectedIdentity(reader: Reader): number {
	const index = reader.u16();
	return reader.finished() ? index : -1;
}
