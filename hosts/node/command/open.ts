// Opens the command's connections in Node: a socket with the stack over it.

import { connect, type Socket } from "node:net";
import type { Connection } from "polltls/engine/connection";
import type { ConnectionReport } from "polltls/engine/report";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { NodeClock } from "../clock.js";
import { nodeEntropy } from "../entropy.js";
import { clientOptions, type EngineParts, serverOptions } from "../plain-options.js";
import { nodeRegistry } from "../registry.js";
import { TlsStream } from "../tls-stream.js";
import type { ClientCommand, CommandOptions, ServerCommand } from "./options.js";
import type { HostReport } from "./report.js";
import { keyLogTo, type Session } from "./session.js";

class NodeSession extends TlsStream implements Session {
	report(): ConnectionReport & HostReport {
		const { connection, longestPollMs } = this;
		return { ...connection.report(), longestPollMs, peerCertificate: connection.peerCertificate };
	}
	updateKeys(): void {
		this.connection.updateKeys(true);
	}
}

/** Connects and begins the handshake; rejects if there is nobody there. */
export async function openClient(command: ClientCommand): Promise<Session> {
	const options = { ...clientOptions(command.plain, nodeParts(command)), keepPeerCertificate: true, keyLog: keyLogOf(command) };
	const connection = openTlsClient(options); // what is wrong with the options shows before anybody is called
	const socket = connect({ host: command.host, port: command.port, noDelay: true });
	await new Promise<void>((resolve, reject) => {
		socket.once("connect", resolve);
		socket.once("error", reject);
	});
	return openSession(connection, socket, command);
}

/** Makes the server's side of each accepted socket. */
export function serverSessions(command: ServerCommand): (socket: Socket) => Session {
	const options = { ...serverOptions(command.plain, nodeParts(command)), keepPeerCertificate: true, keyLog: keyLogOf(command) };
	openTlsServer(options).abort(); // what is wrong with the options shows before anybody calls
	return (socket) => openSession(openTlsServer(options), socket, command);
}

function openSession(connection: Connection, socket: Socket, command: CommandOptions): NodeSession {
	const session = new NodeSession(connection, socket);
	if (command.trace) traceStates(session);
	return session;
}

function nodeParts(command: CommandOptions): EngineParts {
	const registry = nodeRegistry(command.crypto);
	registry.start();
	return { registry, clock: new NodeClock(command.time), entropy: nodeEntropy };
}

function keyLogOf(command: CommandOptions) {
	return command.keylog === undefined ? undefined : keyLogTo(command.keylog);
}

/** A line on stderr for each state that the handshake enters. */
function traceStates(session: NodeSession): void {
	const began = performance.now();
	let last = "";
	session.onPoll = (connection) => {
		const { stateName } = connection;
		if (stateName === last) return;
		last = stateName;
		process.stderr.write(`${(performance.now() - began).toFixed(1).padStart(8)} ms  poll ${String(connection.counters.polls).padStart(5)}  ${stateName}\n`);
	};
}
