// Entry point: a TLS server's side of one connection. Names what it links: the flows, the record protection.

import { type Flows, type ServerOptions, serverSettings } from "./engine/config.js";
import { Connection } from "./engine/connection.js";
import { serverStart } from "./handshake/server-start.js";
import { server12 } from "./handshake/server12.js";
import { server13 } from "./handshake/server13.js";
import { tls } from "./handshake/variant.js";
import { createTlsCarrier } from "./tls-carrier.js";
import { createProtection } from "./tls-protection.js";

const HANDSHAKE_TIMEOUT = 60000;
const flows: Flows = Object.freeze({ variant: tls, first: serverStart, flow13: server13, flow12: server12 });

/**
 * Opens the server's side of a connection that was accepted: reserves its memory and waits for the ClientHello.
 *
 *     const connection = openTlsServer({
 *         registry, clock, entropy,              // from the host
 *         credentials: [{ chain: [leaf], key }],
 *         profile: "iot",
 *     });
 *     connection.networkIn(bytes, 0, count);     // and see Connection for the loop
 */
export function openTlsServer(options: ServerOptions): Connection {
	const settings = serverSettings(options, flows);
	return new Connection(settings, createTlsCarrier(options, createProtection), options.handshakeTimeout ?? HANDSHAKE_TIMEOUT);
}
