// One connection of the command, whichever engine runs it: what the client and the server do with it, and its report.

import { appendFileSync } from "node:fs";
import type { Duplex } from "node:stream";
import type { ConnectionReport } from "polltls/engine/report";
import type { KeyLog } from "polltls/handshake/settings";
import { failureLine, type HostReport, jsonReport } from "./report.js";

/** A running connection: a stream of application data that emits "secure", and what is known of it. */
export interface Session extends Duplex {
	report(): ConnectionReport & HostReport;
	updateKeys(): void;
	renegotiate(): void;
	beat(): void;
}

/** Prints the report if it is asked for, and the failure if there is one; answers the exit code. */
export function conclude(session: Session, json: boolean, error: Error | undefined): number {
	const report = session.report();
	if (json) process.stderr.write(`${JSON.stringify(jsonReport(report, report))}\n`);
	if (report.failure !== 0) process.stderr.write(`polltls: ${failureLine(report)}\n`);
	else if (error !== undefined) process.stderr.write(`polltls: ${error.message}\n`);
	return report.failure !== 0 ? report.failure & 255 : error !== undefined ? IO_ERR : 0;
}

const IO_ERR = 9;

/** Appends to a file in the format of RFC 9850. */
export function keyLogTo(file: string): KeyLog {
	return (label, clientRandom, secret, length) => {
		appendFileSync(file, `${label} ${Buffer.from(clientRandom).toString("hex")} ${Buffer.from(secret.subarray(0, length)).toString("hex")}\n`);
	};
}
