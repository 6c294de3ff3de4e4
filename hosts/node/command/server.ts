// `polltls server`: accepts, and echoes or answers HTTP.

import { createServer, type Socket } from "node:net";
import { groupName, suiteName } from "polltls/wire/registry-text";
import { versionName } from "../versions.js";
import { CoapService } from "./coap.js";
import { nodeParts, serverSessions } from "./open.js";
import { serveDatagrams } from "./open-dtls.js";
import type { ServerCommand } from "./options.js";
import { conclude, type Session } from "./session.js";

/** Serves until --connections have ended, or for ever; answers the exit code of the last. */
export async function runServer(command: ServerCommand): Promise<number> {
	if (command.datagrams !== undefined) return serveDatagrams(command, nodeParts(command), (session) => serve(session, command));
	const open = await serverSessions(command);
	let left = command.connections;
	let running = 0;
	let code = 0;
	const server = createServer({ noDelay: true, allowHalfOpen: true }); // who has ended his side may still hear an alert
	const ended = new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.on("connection", async (socket: Socket) => {
			if (--left < 0) return void socket.destroy();
			running++;
			code = await serve(open(socket), command);
			if (--running === 0 && left <= 0) server.close(() => resolve());
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(command.port, command.host, resolve);
	});
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : command.port;
	process.stdout.write(`listening on ${command.host}:${port}\n`);
	await ended;
	return code;
}

const coapService = new CoapService();

async function serve(session: Session, command: ServerCommand): Promise<number> {
	let error: Error | undefined;
	session.on("error", (one: Error) => {
		error = one;
	});
	session.once("secure", () => {
		if (command.keyUpdate) session.updateKeys();
		if (command.renegotiate) session.renegotiate();
		if (command.plain.heartbeat) session.beat();
	});
	if (command.coap) coapService.serve(session);
	else if (command.http) answerHttp(session);
	else session.pipe(session);
	await new Promise<void>((resolve) => session.once("close", resolve));
	return conclude(session, command.json, error);
}

/** Whatever is asked: 200 and a line about the connection. One request a connection. */
function answerHttp(session: Session): void {
	let request = "";
	const take = (bytes: Buffer) => {
		request += bytes.toString("latin1");
		if (!/\r?\n\r?\n/.test(request)) return;
		session.off("data", take);
		session.resume();
		const report = session.report();
		const body = `${versionName(report.version)} ${suiteName(report.suite)} ${groupName(report.group)} ${report.polls} polls\n`;
		session.end(`HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
	};
	session.on("data", take);
	session.once("end", () => session.end());
}
