// Entry point: a TLS client. Names what it links: the flows, the record protection.

import { type ClientOptions, clientSettings, type Flows } from "./engine/config.js";
import { Connection } from "./engine/connection.js";
import { clientStart } from "./handshake/client-start.js";
import { client12 } from "./handshake/client12.js";
import { client13 } from "./handshake/client13.js";
import { tls } from "./handshake/variant.js";
import { createTlsCarrier } from "./tls-carrier.js";
import { createProtection } from "./tls-protection.js";

const HANDSHAKE_TIMEOUT = 60000;
const flows: Flows = Object.freeze({ variant: tls, first: clientStart, flow13: client13, flow12: client12 });

/**
 * Opens a TLS client: reserves its memory and is ready to poll. Wrong options throw.
 *
 *     const connection = openTlsClient({
 *         registry, clock, entropy,              // from the host
 *         trust,                                 // a TrustStore with the CA
 *         peerName: "device.example",
 *         profile: "iot",
 *     });
 *     connection.poll(clock.ticks());            // and see Connection for the loop
 */
export function openTlsClient(options: ClientOptions): Connection {
	const settings = clientSettings(options, flows);
	return new Connection(settings, createTlsCarrier(options, createProtection), options.handshakeTimeout ?? HANDSHAKE_TIMEOUT);
}
