// An open connection as bytes, for a device that sleeps without memory (over datagrams only: a stream ends with its socket).

import { wipe } from "../base/bytes.js";
import { NO_FAILURE } from "../base/failure.js";
import { HANDSHAKE, OPERATING } from "../base/status.js";
import { Writer } from "../base/writer.js";
import { restoreHandshake, saveHandshake } from "../handshake/saved.js";
import type { Connection } from "./connection.js";

/** More than any saved connection: four secrets of 48 bytes, two ids, an address. */
const SAVED_MOST = 1024;

/**
 * The open connection as bytes; undefined while something is on its way, or over a stream. `ahead`: so many more records may
 * be sent before it must be saved again: no record number is ever used twice, whichever bytes it is restored from. The bytes
 * are as secret as the keys. Save as the last thing before the sleep: a record that comes after it could be replayed once.
 */
export function saveConnection(connection: Connection, ahead: number): Uint8Array | undefined {
	if (connection.state !== OPERATING || connection.failure !== NO_FAILURE) return undefined;
	const bytes = new Uint8Array(SAVED_MOST);
	const writer = new Writer();
	writer.reset(bytes, 0, SAVED_MOST);
	return saveHandshake(connection.context, writer, ahead) ? bytes.slice(0, writer.at) : undefined;
}

/** Goes on from such bytes, in a connection that has not begun; false if they don't fit. Nothing can be sent before the next save. */
export function restoreConnection(connection: Connection, bytes: Uint8Array): boolean {
	const { context } = connection;
	// A copy: a Buffer's slices would be views, and end with their file
	const copy = new Uint8Array(bytes);
	context.reader.reset(copy, 0, copy.length);
	const done = connection.state === HANDSHAKE && connection.counters.polls === 0 && restoreHandshake(context, context.reader);
	wipe(copy);
	if (!done) {
		connection.abort();
		return false;
	}
	connection.state = OPERATING;
	return true;
}
