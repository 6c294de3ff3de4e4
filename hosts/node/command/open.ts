// Opens the command's connections in Node: a socket with the stack over it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import type { Connection } from "polltls/engine/connection";
import type { ConnectionReport } from "polltls/engine/report";
import { EarlyDataGuard } from "polltls/handshake/early-data";
import { type Session, sessionFromBytes, sessionToBytes } from "polltls/handshake/session";
import { SessionCache } from "polltls/handshake/session-store";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { NodeClock } from "../clock.js";
import { nodeEntropy } from "../entropy.js";
import { FileError } from "../files.js";
import { clientOptions, type EngineParts, serverOptions } from "../plain-options.js";
import { nodeRegistry } from "../registry.js";
import { TlsStream } from "../tls-stream.js";
import { openDatagramClient } from "./open-dtls.js";
import type { ClientCommand, CommandOptions, ServerCommand } from "./options.js";
import type { HostReport } from "./report.js";
import { type Session as CommandSession, keyLogTo } from "./session.js";
import { traceStates } from "./trace.js";

/** How long the tickets of `polltls server` may be used. */
const TICKET_SECONDS = 7200;
/** How many first flights with early data it remembers at a time. */
const EARLY_PLACES = 64;
/** How many sessions of 1.2 it keeps by their id. */
const SESSIONS = 64;

class NodeSession extends TlsStream implements CommandSession {
	report(): ConnectionReport & HostReport {
		const { connection, longestPollMs } = this;
		return { ...connection.report(), longestPollMs, peerCertificate: connection.peerCertificate };
	}
	updateKeys(): void {
		this.connection.updateKeys(true);
	}
	renegotiate(): void {
		this.connection.renegotiate();
		this.wake();
	}
	beat(): void {
		this.connection.beat();
		this.wake();
	}
}

/** Connects and begins the handshake; rejects if there is nobody there. */
export async function openClient(command: ClientCommand): Promise<CommandSession> {
	const session = readSession(command);
	if (command.datagrams !== undefined)
		return openDatagramClient(command, nodeParts(command), session, (kept) => command.resume !== undefined && writeSession(command.resume, kept));
	if (command.engine === "xs") return openInXs(command, session);
	const early = command.earlyData;
	const options = {
		...clientOptions(command.plain, nodeParts(command)),
		session,
		earlyData: early !== undefined,
		keepPeerCertificate: true,
		keyLog: keyLogOf(command),
	};
	const connection = openTlsClient(options); // what is wrong with the options shows before anybody is called
	const socket = connect({ host: command.host, port: command.port, noDelay: true });
	await new Promise<void>((resolve, reject) => {
		socket.once("connect", resolve);
		socket.once("error", reject);
	});
	const opened = openSession(connection, socket, command, early);
	const { resume } = command;
	if (resume !== undefined) opened.once("close", () => writeSession(resume, connection.session));
	return opened;
}

/** The same in the XS engine; the options are tried in Node first, where what is wrong with them is said best. */
async function openInXs(command: ClientCommand, session: Session | undefined): Promise<CommandSession> {
	const { openXsClient } = await import("../../sim/xs-session.js");
	openTlsClient(clientOptions(command.plain, nodeParts(command))).abort();
	const opened = await openXsClient(command, session && sessionToBytes(session));
	const { resume } = command;
	if (resume !== undefined) opened.once("close", () => writeSession(resume, opened.session && sessionFromBytes(opened.session)));
	return opened;
}

/** The session to resume, if there is one of this server. */
function readSession({ resume, plain }: ClientCommand): Session | undefined {
	if (resume === undefined || !existsSync(resume)) return undefined;
	const session = sessionFromBytes(readFileSync(resume));
	if (session === undefined) throw new FileError(`--resume: ${resume} is not a session`);
	return session.peerName === plain.peerName ? session : undefined;
}

function writeSession(file: string, session: Session | undefined): void {
	if (session !== undefined) writeFileSync(file, sessionToBytes(session), { mode: 0o600 });
}

/** Makes the server's side of each accepted socket. */
export async function serverSessions(command: ServerCommand): Promise<(socket: Socket) => CommandSession> {
	const parts = nodeParts(command);
	const { tickets: ticketCount } = command;
	const tickets = ticketCount > 0 ? new TicketKeys(parts.registry, parts.clock, parts.entropy, TICKET_SECONDS) : undefined;
	const sessions = new SessionCache(SESSIONS);
	const earlyData = command.earlyData > 0 ? new EarlyDataGuard(command.earlyData, EARLY_PLACES) : undefined;
	const options = { ...serverOptions(command.plain, parts), tickets, ticketCount, earlyData, sessions, keepPeerCertificate: true, keyLog: keyLogOf(command) };
	openTlsServer(options).abort(); // what is wrong with the options shows before anybody calls
	if (command.engine === "xs") return (await import("../../sim/xs-session.js")).xsServerSessions(command);
	return (socket) => openSession(openTlsServer(options), socket, command);
}

function openSession(connection: Connection, socket: Socket, command: CommandOptions, early?: Uint8Array): NodeSession {
	const session = new NodeSession(connection, socket, early);
	if (command.trace) traceStates(session);
	return session;
}

export function nodeParts(command: CommandOptions): EngineParts {
	const registry = nodeRegistry(command.crypto);
	registry.start();
	return { registry, clock: new NodeClock(command.time), entropy: nodeEntropy };
}

function keyLogOf(command: CommandOptions) {
	return command.keylog === undefined ? undefined : keyLogTo(command.keylog);
}
