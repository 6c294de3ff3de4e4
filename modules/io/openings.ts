// Opens connections as a stack's configuration and a security configuration say. For io/channel and io/datagram-port.

import { NO_FAILURE } from "../base/failure.js";
import type { ClientOptions, ConnectionOptions, HeartbeatOptions, ServerOptions } from "../engine/config.js";
import type { Connection } from "../engine/connection.js";
import type { Session } from "../handshake/session.js";
import type { TlsaRecord } from "../pki/tlsa.js";
import type { Configuration } from "./configuration.js";
import type { DtlsDoor } from "./dtls-door.js";
import type { Stack } from "./module.js";
import { connectionSizes } from "./pools.js";
import type { Security } from "./security.js";
import type { DatagramOptions } from "./stack-host.js";

/** What both sides have. The interfaces tell of handshakes that take long, so the connections don't end by themselves. */
function connectionOptions(stack: Stack, security: Security): ConnectionOptions {
	const { configuration, registry, pools, host } = stack;
	const { trust, chainPolicy, credentials, psks, options } = security;
	return {
		...options,
		registry,
		clock: host.clock,
		entropy: host.entropy,
		memory: pools.connections,
		profile: connectionSizes(configuration),
		maximumSuites: configuration.maxCipherSuites,
		trust,
		chainPolicy,
		credentials,
		psks,
		handshakeTimeout: 0,
		heartbeat: heartbeatOptions(configuration),
	};
}

function heartbeatOptions(c: Configuration): HeartbeatOptions | undefined {
	if (!c.heartbeat) return undefined;
	return { allowPeer: c.heartbeatAllowPeerRequest, seconds: c.heartbeatTime, repetitions: c.messageRetries, payloadSize: c.heartbeatPayloadSize };
}

function datagramOptions(stack: Stack): DatagramOptions {
	const { pmtu, retransmitInitial, retransmitMax, messageRetries, connectionIdLength: length } = stack.configuration;
	return { mtu: pmtu, retransmitInitial, retransmitMax, messageRetries, connectionIdLength: length < 0 ? undefined : length };
}

/** What one connection is opened for. */
export interface Wish {
	readonly isDatagram: boolean;
	readonly peerName: string;
	/** Client. */
	readonly session: Session | undefined;
	/** Server. */
	readonly verify: "no" | "require";
	readonly tlsa: readonly TlsaRecord[];
}

function serverOptions(stack: Stack, security: Security, peerName: string, verifyClient: "no" | "require"): ServerOptions {
	const { tickets, pools } = stack;
	const sessions = pools.sessions.pool.count > 0 ? pools.sessions : undefined;
	return { ...connectionOptions(stack, security), peerName, verifyClient, findPsk: security.findPsk, tickets, sessions };
}

/** Opens a client. Throws if an option is wrong. */
export function openClient(stack: Stack, security: Security, { isDatagram, peerName, session, tlsa }: Wish): Connection {
	const { openTlsClient, openDtlsClient } = stack.host.linked;
	const trust = tlsa.length === 0 ? security.trust : security.trust.copyForPeer();
	for (const record of tlsa) if (trust.addRecord(record) !== NO_FAILURE) throw new RangeError("tlsa: this record can't be used");
	const options: ClientOptions = { ...connectionOptions(stack, security), trust, peerName, serverName: security.options.serverName, session };
	if (isDatagram) return linked(openDtlsClient)({ ...options, ...datagramOptions(stack) });
	return linked(openTlsClient)(options);
}

/** Opens a server's side for a transport with one peer. */
export function openServer(stack: Stack, security: Security, { isDatagram, peerName, verify }: Wish): Connection {
	const { openTlsServer, openDtlsServer } = stack.host.linked;
	const options = serverOptions(stack, security, peerName, verify);
	if (isDatagram) return linked(openDtlsServer)({ ...options, ...datagramOptions(stack) });
	return linked(openTlsServer)(options);
}

/** Opens a server's port for as many clients as there is memory for. */
export function openDoor(stack: Stack, security: Security, peerName: string, verify: "no" | "require"): DtlsDoor {
	const { maxConnections } = stack.configuration;
	const options = serverOptions(stack, security, peerName, verify);
	return linked(stack.host.linked.openDtlsDoor)({ ...options, ...datagramOptions(stack), maxConnections });
}

function linked<T>(open: T | undefined): T {
	if (open === undefined) throw new TypeError("linked: the entry point for this is not given to the stack");
	return open;
}
