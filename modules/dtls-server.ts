// Entry point: a DTLS server's side of one connection. Names what it links: the flows, the record protection.

import { createDtlsCarrier, type DtlsOptions } from "./dtls-carrier.js";
import { type Flows, type ServerOptions, serverSettings } from "./engine/config.js";
import { Connection } from "./engine/connection.js";
import { serverStart } from "./handshake/server-start.js";
import { server13 } from "./handshake/server13.js";
import { dtls } from "./handshake/variant.js";
import { createDtlsProtection13 } from "./record/dtls-protection13.js";

const HANDSHAKE_TIMEOUT = 60000;
const flows: Flows = Object.freeze({ variant: dtls, first: serverStart, flow13: server13, flow12: undefined });

/**
 * Opens the server's side of a connection: reserves its memory and waits for the ClientHello.
 *
 *     const connection = openDtlsServer({
 *         registry, clock, entropy,              // from the host
 *         credentials: [{ chain: [leaf], key }],
 *         profile: "iot",
 *     });
 *     connection.networkIn(datagram, 0, length); // and see Connection for the loop: each networkIn is a datagram
 */
export function openDtlsServer(options: ServerOptions & DtlsOptions): Connection {
	const settings = serverSettings(options, flows);
	return new Connection(settings, createDtlsCarrier(options, createDtlsProtection13, 0), options.handshakeTimeout ?? HANDSHAKE_TIMEOUT);
}
