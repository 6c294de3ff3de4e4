// Opens the command's connections over UDP (--dtls).

import { readFileSync, writeFileSync } from "node:fs";
import { openDtlsClient } from "polltls/dtls-client";
import { restoreDtlsClient, saveDtls } from "polltls/dtls-saved";
import { openDtlsDoor } from "polltls/dtls-server";
import type { Connection } from "polltls/engine/connection";
import type { ConnectionReport } from "polltls/engine/report";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { DtlsServer } from "../dtls-server.js";
import { connectDtls, type DtlsStream, type Loss, RESERVED } from "../dtls-stream.js";
import { FileError } from "../files.js";
import { clientOptions, type EngineParts, serverOptions } from "../plain-options.js";
import type { ClientCommand, DatagramCommand, ServerCommand } from "./options.js";
import type { HostReport } from "./report.js";
import { type Session as CommandSession, keyLogTo } from "./session.js";
import { traceStates } from "./trace.js";

const TICKET_SECONDS = 7200;
const POOL = 1024;

/** A stream with what the command wants of it. */
function sessionOf(stream: DtlsStream, trace: boolean): CommandSession {
	if (trace) traceStates(stream);
	return Object.assign(stream, {
		report(): ConnectionReport & HostReport {
			const { connection, longestPollMs } = stream;
			return { ...connection.report(), longestPollMs, peerCertificate: connection.peerCertificate };
		},
		updateKeys(): void {
			stream.connection.updateKeys(true);
			stream.wake();
		},
		renegotiate(): void {
			stream.connection.renegotiate();
			stream.wake();
		},
		beat(): void {
			stream.connection.beat();
			stream.wake();
		},
	});
}

/** The length of an id that is left to chance. */
const ID_LENGTH = 8;

function datagramOptions(datagrams: DatagramCommand, isServer: boolean) {
	const { cid } = datagrams;
	const connectionId = cid === undefined || cid === "auto" || isServer ? undefined : new Uint8Array(Buffer.from(cid, "hex"));
	const connectionIdLength = cid === undefined ? undefined : cid === "auto" ? ID_LENGTH : cid.length / 2;
	return {
		connectionId,
		connectionIdLength,
		mtu: datagrams.mtu,
		retransmitInitial: datagrams.retransmit,
		retransmitMax: Math.max(60000, datagrams.retransmit ?? 0),
	};
}

function lossOf({ loss, seed }: DatagramCommand): Loss | undefined {
	if (loss === 0) return undefined;
	let state = seed;
	const next = (): number => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 0x100000000;
	};
	return { share: loss, next };
}

/** A new connection, or the one that sleeps in a file; its numbers are reserved there again before any is used. */
function openOrRestore(options: Parameters<typeof openDtlsClient>[0], { restore }: ClientCommand): Connection {
	if (restore === undefined) return openDtlsClient(options);
	const connection = restoreDtlsClient(options, readFileSync(restore));
	const again = connection && saveDtls(connection, RESERVED);
	if (connection === undefined || again === undefined) throw new FileError(`--restore: ${restore} is not an open connection of this kind`);
	writeFileSync(restore, again, { mode: 0o600 });
	return connection;
}

/** A client; there need be nobody: its handshake times out then. `keep` is given what a later connection can resume. */
export async function openDatagramClient(
	command: ClientCommand,
	parts: EngineParts,
	session: Session | undefined,
	keep: (session: Session | undefined) => void,
): Promise<CommandSession> {
	const datagrams = command.datagrams as DatagramCommand;
	const keyLog = command.keylog === undefined ? undefined : keyLogTo(command.keylog);
	const options = { ...clientOptions(command.plain, parts), ...datagramOptions(datagrams, false), session, keepPeerCertificate: true, keyLog };
	const stream = await connectDtls(openOrRestore(options, command), command.host, command.port, lossOf(datagrams));
	const { save } = command;
	if (save !== undefined) stream.sleepWith = (bytes) => writeFileSync(save, bytes, { mode: 0o600 });
	stream.once("close", () => keep(stream.connection.session));
	return sessionOf(stream, command.trace);
}

/** Serves until --connections have ended, or for ever; answers the exit code of the last. */
export async function serveDatagrams(command: ServerCommand, parts: EngineParts, serve: (session: CommandSession) => Promise<number>): Promise<number> {
	const datagrams = command.datagrams as DatagramCommand;
	const { tickets: ticketCount, cookies } = command;
	const tickets = ticketCount > 0 ? new TicketKeys(parts.registry, parts.clock, parts.entropy, TICKET_SECONDS) : undefined;
	const keyLog = command.keylog === undefined ? undefined : keyLogTo(command.keylog);
	const common = { ...serverOptions(command.plain, parts), ...datagramOptions(datagrams, true), tickets, ticketCount, keepPeerCertificate: true, keyLog };
	const server = new DtlsServer(openDtlsDoor({ ...common, cookies, maxConnections: POOL }), lossOf(datagrams));
	const port = await server.listen(command.port, command.host);
	process.stdout.write(`listening on ${command.host}:${port}\n`);
	let left = command.connections;
	let running = 0;
	return new Promise<number>((resolve) => {
		server.on("stream", async (stream: DtlsStream) => {
			left--;
			running++;
			const code = await serve(sessionOf(stream, command.trace));
			if (--running > 0 || left > 0) return;
			server.close();
			resolve(code);
		});
	});
}
