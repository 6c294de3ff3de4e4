// Entry point: a DTLS server. Names what it links: the flows, the record protection, the cookies.

import { createDtlsCarrier } from "./dtls-carrier.js";
import { createConnectionId, type DtlsOptions } from "./dtls-options.js";
import { createDtlsProtection } from "./dtls-protection.js";
import { type Flows, type ServerOptions, serverSettings } from "./engine/config.js";
import { Connection } from "./engine/connection.js";
import { serverStart } from "./handshake/server-start.js";
import { server12 } from "./handshake/server12.js";
import { server13 } from "./handshake/server13.js";
import { dtls } from "./handshake/variant.js";
import { DtlsDoor } from "./io/dtls-door.js";
import { DtlsGreeter } from "./messages/dtls-greeter.js";

const HANDSHAKE_TIMEOUT = 60000;
const flows: Flows = Object.freeze({ variant: dtls, first: serverStart, flow13: server13, flow12: server12 });

/** What a server has beside other options. */
export interface DtlsServerOptions extends ServerOptions, DtlsOptions {
	/** How many connections there may be at a time, 1 if it isn't given. */
	readonly maxConnections?: number;
	/** Whether clients must prove their address with a cookie; by default they must. */
	readonly cookies?: boolean;
}

/**
 * Opens a server's door: reserves the memory of a connection for each client that has proven its address. Wrong options throw.
 *
 *     const door = openDtlsDoor({
 *         registry, clock, entropy,              // from the host
 *         credentials: [{ chain: [leaf], key }],
 *         maxConnections: 8,
 *     });
 *     door.route(now, datagram, 0, length, address);      // and see DtlsDoor for the loop
 */
export function openDtlsDoor(options: DtlsServerOptions): DtlsDoor {
	const settings = serverSettings(options, flows);
	const greeter = new DtlsGreeter(settings);
	const { maxConnections = 1, cookies = true, handshakeTimeout = HANDSHAKE_TIMEOUT } = options;
	const open = (proven: boolean): Connection | undefined => {
		if (options.memory?.free === 0) return undefined;
		const { sequence, retried } = greeter;
		return new Connection(
			{ ...settings, retried, connectionId: createConnectionId(options) },
			createDtlsCarrier(options, createDtlsProtection, sequence, proven),
			handshakeTimeout,
		);
	};
	return new DtlsDoor(greeter, open, maxConnections, cookies);
}

/** Opens the server's side of one connection, for a transport that has one peer only; nobody asks it for a cookie. */
export function openDtlsServer(options: ServerOptions & DtlsOptions): Connection {
	const settings = { ...serverSettings(options, flows), connectionId: createConnectionId(options) };
	return new Connection(settings, createDtlsCarrier(options, createDtlsProtection, 0, true), options.handshakeTimeout ?? HANDSHAKE_TIMEOUT);
}
