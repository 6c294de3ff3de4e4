// Entry point: open DTLS connections as bytes, for devices that sleep without memory. What doesn't name it doesn't link it.

import { openDtlsClient } from "./dtls-client.js";
import type { DtlsOptions } from "./dtls-options.js";
import { openDtlsServer } from "./dtls-server.js";
import type { ClientOptions, ServerOptions } from "./engine/config.js";
import type { Connection } from "./engine/connection.js";
import { restoreConnection, saveConnection } from "./engine/saved-connection.js";

/**
 * The open connection as bytes; undefined while something is on its way. `ahead`: so many more records may be sent before it
 * must be saved again. The bytes are as secret as the keys.
 *
 *     store.set("connection", saveDtls(connection, 16));
 *     // sleep; then, with the same options as before:
 *     const connection = restoreDtlsClient(options, store.get("connection"));
 *     store.set("connection", saveDtls(connection, 16));     // before anything is sent
 */
export function saveDtls(connection: Connection, ahead: number): Uint8Array | undefined {
	return saveConnection(connection, ahead);
}

/** Goes on with a client's connection; undefined if the bytes don't fit. Save it again before anything is sent. */
export function restoreDtlsClient(options: ClientOptions & DtlsOptions, bytes: Uint8Array): Connection | undefined {
	const connection = openDtlsClient(options);
	return restoreConnection(connection, bytes) ? connection : undefined;
}

/** The same for a server's side of a connection. */
export function restoreDtlsServer(options: ServerOptions & DtlsOptions, bytes: Uint8Array): Connection | undefined {
	const connection = openDtlsServer(options);
	return restoreConnection(connection, bytes) ? connection : undefined;
}
