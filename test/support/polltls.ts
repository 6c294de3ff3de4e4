// The polltls command as tests drive it: its clients and servers, and the report that --json prints of each connection.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type Ending, type Finished, Program, projectRoot, type StartOptions, start } from "./processes.js";

const command = join(projectRoot, "hosts", "node", "polltls.mjs");

/** One line of --json (INTERFACES section 9). */
export interface Report {
	version: string;
	suite: string;
	group: string;
	signatureAlgorithm: string;
	resumed: boolean;
	pskIdentity: string;
	earlyData: boolean;
	helloRetry: boolean;
	alpn: string | null;
	serverName: string | null;
	peer: { subject: string; sha256: string } | null;
	certificateTypes: { own: string; peer: string };
	recordSizeLimit: number | null;
	maxFragment: number;
	extendedMasterSecret: boolean;
	encryptThenMac: boolean;
	serverTime: number;
	renegotiations: number;
	heartbeats: { sent: number; answered: number; received: number; dropped: number };
	polls: number;
	waits: { input: number; output: number; work: number; timer: number };
	longestPollMs: number;
	handshakeMs: number;
	bytesIn: number;
	bytesOut: number;
	recordsIn: number;
	recordsOut: number;
	retransmissions: number;
	dropped: Record<string, number>;
	cid: { local: string | null; peer: string | null };
	failure: { name: string; alert: string | null; sent: boolean; state: string | number; certificate: number | null } | null;
	heap?: { slots: number; chunks: number; peakBytes: number };
	compute?: number;
}

export interface Outcome extends Finished {
	reports: Report[];
}

function reportsIn(stderr: string): Report[] {
	const lines = stderr.split("\n").slice(0, -1);
	return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Report);
}

/** Runs the command to its end. Node's start and the stack's handshake take about half a second; XS longer. */
export async function polltls(args: string[], options: StartOptions = {}): Promise<Outcome> {
	const finished = await new Program(process.execPath, [command, ...args], { input: "", timeout: 60_000, ...options }).ended;
	return { ...finished, reports: reportsIn(finished.stderr) };
}

/** One connection of our client, with --json: the outcome and its report. */
export async function connectWithPolltls(port: number, args: string[], options: StartOptions = {}): Promise<Outcome & { report: Report }> {
	const outcome = await polltls(["client", `127.0.0.1:${port}`, "--json", ...args], options);
	assert.equal(outcome.reports.length, 1, `no report, or several: exit code ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`);
	return { ...outcome, report: outcome.reports[0] };
}

/** Our client, to type into. */
export function startPolltlsClient(t: Ending, port: number, args: string[]): Program {
	return start(t, process.execPath, [command, "client", `127.0.0.1:${port}`, ...args]);
}

export interface PolltlsServer {
	port: number;
	program: Program;
	/** The report of the next connection that ends, in the order in which they end. */
	nextReport(timeout?: number): Promise<Report>;
}

/** Our server on a free port, with --json; it ends with the test. */
export async function startPolltlsServer(t: Ending, args: string[]): Promise<PolltlsServer> {
	const program = start(t, process.execPath, [command, "server", "--port", "0", "--json", ...args], { timeout: 300_000 });
	const [, port] = await program.waitFor(/listening on 127\.0\.0\.1:(\d+)/, 30_000);
	let taken = 0;
	return {
		port: Number(port),
		program,
		async nextReport(timeout = 10_000) {
			const limit = Date.now() + timeout;
			for (;;) {
				const reports = reportsIn(program.stderr);
				if (reports.length > taken) return reports[taken++];
				if (Date.now() > limit) throw new Error(`no report of a connection in ${timeout} ms: ${program.describe()}`);
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		},
	};
}
