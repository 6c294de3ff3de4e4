// Entry point for small devices: TLS 1.3 only, a client. Names what it links: the flows, the record protection.

import { type ClientOptions, clientSettings, type Flows } from "./engine/config.js";
import { Connection } from "./engine/connection.js";
import { clientStart } from "./handshake/client-start.js";
import { client13 } from "./handshake/client13.js";
import { tls } from "./handshake/variant.js";
import { createProtection13 } from "./record/protection13.js";
import { createTlsCarrier } from "./tls-carrier.js";

const HANDSHAKE_TIMEOUT = 60000;
const flows: Flows = Object.freeze({ variant: tls, first: clientStart, flow13: client13, flow12: undefined });

/**
 * Opens a client of TLS 1.3: reserves its memory and is ready to poll. Wrong options throw.
 *
 *     const connection = openTls13Client({
 *         registry, clock, entropy,              // from the host
 *         trust,                                 // a TrustStore with the CA
 *         peerName: "device.example",
 *         profile: "iot",
 *     });
 *     connection.poll(clock.ticks());            // and see Connection for the loop
 */
export function openTls13Client(options: ClientOptions): Connection {
	const settings = clientSettings(options, flows);
	return new Connection(settings, createTlsCarrier(options, createProtection13), options.handshakeTimeout ?? HANDSHAKE_TIMEOUT);
}
