// `polltls client`: connects, sends, prints what comes back.

import type { Readable } from "node:stream";
import { openClient } from "./open.js";
import type { ClientCommand } from "./options.js";
import { conclude, type Session } from "./session.js";

/** With --send: how long an answer may take before the connection is closed, in milliseconds. */
const ANSWER_MS = 500;

/** Runs until the connection ends; answers the exit code. */
export async function runClient(command: ClientCommand): Promise<number> {
	const session = await openClient(command);
	let error: Error | undefined;
	session.on("error", (one: Error) => {
		error = one;
	});
	const ended = new Promise<void>((resolve) => session.once("close", resolve));
	session.once("secure", () => {
		if (command.keyUpdate) session.updateKeys();
		if (command.renegotiate) session.renegotiate();
		if (command.plain.heartbeat) session.beat();
		if (command.http !== undefined) exchangeHttp(session, command);
		else if (command.send !== undefined || command.earlyData !== undefined) exchangeText(session, command.send ?? "");
		else exchangeStream(session, process.stdin);
	});
	await ended;
	return conclude(session, command.json, error);
}

/** One GET; the body goes to stdout. */
function exchangeHttp(session: Session, command: ClientCommand): void {
	const host = command.plain.serverName ?? command.host;
	session.write(`GET ${command.http} HTTP/1.0\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
	let head: Buffer | undefined = Buffer.alloc(0);
	let missing = Number.POSITIVE_INFINITY;
	const body = (bytes: Buffer) => {
		process.stdout.write(bytes);
		missing -= bytes.length;
		if (missing <= 0) session.end();
	};
	session.on("data", (bytes: Buffer) => {
		if (head === undefined) return body(bytes);
		head = Buffer.concat([head, bytes]);
		const end = head.indexOf("\r\n\r\n");
		if (end < 0) return;
		const length = /^content-length:\s*(\d+)/im.exec(head.toString("latin1", 0, end));
		if (length !== null) missing = Number(length[1]);
		const rest = head.subarray(end + 4);
		head = undefined;
		body(rest);
	});
	session.once("end", () => session.end());
}

/** The text; then what comes back until it is quiet. */
function exchangeText(session: Session, text: string): void {
	const timer = setTimeout(() => session.end(), ANSWER_MS);
	session.write(text);
	session.on("data", (bytes: Buffer) => {
		process.stdout.write(bytes);
		timer.refresh();
	});
	session.once("end", () => session.end());
	session.once("close", () => clearTimeout(timer));
}

/** Stdin goes out until its end, what comes back goes to stdout. */
function exchangeStream(session: Session, input: Readable): void {
	input.pipe(session);
	session.pipe(process.stdout, { end: false });
	session.once("end", () => session.end());
	session.once("close", () => input.destroy());
}
