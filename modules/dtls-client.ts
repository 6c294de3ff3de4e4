// Entry point: a DTLS client. Names what it links: the flows, the record protection.

import { createDtlsCarrier } from "./dtls-carrier.js";
import { createConnectionId, type DtlsOptions } from "./dtls-options.js";
import { createDtlsProtection } from "./dtls-protection.js";
import { type ClientOptions, clientSettings, type Flows } from "./engine/config.js";
import { Connection } from "./engine/connection.js";
import { clientStart } from "./handshake/client-start.js";
import { client12 } from "./handshake/client12.js";
import { client13 } from "./handshake/client13.js";
import { dtls } from "./handshake/variant.js";

const HANDSHAKE_TIMEOUT = 60000;
const flows: Flows = Object.freeze({ variant: dtls, first: clientStart, flow13: client13, flow12: client12 });

/**
 * Opens a DTLS client: reserves its memory and is ready to poll. Wrong options throw.
 *
 *     const connection = openDtlsClient({
 *         registry, clock, entropy,              // from the host
 *         trust,                                 // a TrustStore with the CA
 *         peerName: "sensor.example",
 *         profile: "iot",
 *     });
 *     connection.poll(clock.ticks());            // and see Connection for the loop: each networkOut is a datagram
 */
export function openDtlsClient(options: ClientOptions & DtlsOptions): Connection {
	const settings = { ...clientSettings(options, flows), connectionId: createConnectionId(options) };
	return new Connection(settings, createDtlsCarrier(options, createDtlsProtection, 0, true), options.handshakeTimeout ?? HANDSHAKE_TIMEOUT);
}
