// key_share (RFC 8446 4.2.8): the client's shares, the server's share, and the group that a HelloRetryRequest asks for.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { KEY_SHARE } from "./table.js";

/** A share at a place of the message's own bytes. */
export class KeyShareEntry {
	group = 0;
	at = 0;
	end = 0;

	/** Reads one entry; a key exchange is never empty. */
	decode(reader: Reader): void {
		this.group = reader.u16();
		const mark = reader.open16();
		if (reader.at === reader.end) reader.failed = true;
		this.at = reader.take(reader.end - reader.at);
		this.end = reader.at;
		reader.close(mark);
	}
}

function encodeEntry(writer: Writer, group: number, share: Uint8Array, length: number): void {
	writer.u16(group);
	writer.u16(length);
	writer.copy(share, 0, length);
}

/** Client: its one share. */
export function encodeClientShare(writer: Writer, group: number, share: Uint8Array, length: number): void {
	const mark = openExtension(writer, KEY_SHARE);
	const list = writer.open16();
	encodeEntry(writer, group, share, length);
	writer.close16(list);
	writer.close16(mark);
}

/** Server: its share. */
export function encodeServerShare(writer: Writer, group: number, share: Uint8Array, length: number): void {
	const mark = openExtension(writer, KEY_SHARE);
	encodeEntry(writer, group, share, length);
	writer.close16(mark);
}

/** Server: the group that it wants a share of. */
export function encodeSelectedGroup(writer: Writer, group: number): void {
	const mark = openExtension(writer, KEY_SHARE);
	writer.u16(group);
	writer.close16(mark);
}

/**
 * Server: looks through the client's shares for that of a group; entry.group is 0 if there is none. Answers how many
 * shares there are, or -1 if the list is malformed or names a group twice (of the first 32). Reads the reader's whole place.
 */
export function findClientShare(reader: Reader, group: number, entry: KeyShareEntry): number {
	const list = reader.open16();
	const first = reader.at;
	let at = 0;
	let end = 0;
	let count = 0;
	while (reader.more()) {
		const start = reader.at;
		entry.decode(reader);
		if (count++ < 32 && standsBefore(reader.bytes, first, start, entry.group)) reader.failed = true;
		if (entry.group === group) {
			at = entry.at;
			end = entry.end;
		}
	}
	reader.close(list);
	entry.group = at === 0 ? 0 : group;
	entry.at = at;
	entry.end = end;
	return reader.finished() ? count : -1;
}

/** Whether one of the entries at [at, end) is of this group. */
function standsBefore(bytes: Uint8Array, at: number, end: number, group: number): boolean {
	while (at < end) {
		if (((bytes[at] << 8) | bytes[at + 1]) === group) return true;
		at += 4 + ((bytes[at + 2] << 8) | bytes[at + 3]);
	}
	return false;
}

/** Client: the server's share; false if it is malformed. Reads the reader's whole place. */
export function decodeServerShare(reader: Reader, entry: KeyShareEntry): boolean {
	entry.decode(reader);
	return reader.finished();
}

/** Client: the group of a HelloRetryRequest, or -1. Reads the reader's whole place. */
export function decodeSelectedGroup(reader: Reader): number {
	const group = reader.u16();
	return reader.finished() ? group : -1;
}
