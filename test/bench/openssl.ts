// Handshakes over TCP on this machine: our client with openssl s_server, openssl s_time with our server, and the two of
// openssl as the reference. Each side's time of the processor, since the machine may have other work.

import { readFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { createSecureContext, createServer as createTlsServer, connect as tlsConnect } from "node:tls";
import type { Registry } from "polltls/crypto/registry";
import type { Connection } from "polltls/engine/connection";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { NodeClock } from "../../hosts/node/clock.js";
import { nodeEntropy } from "../../hosts/node/entropy.js";
import { clientOptions, type PlainOptions, serverOptions } from "../../hosts/node/plain-options.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { TlsStream } from "../../hosts/node/tls-stream.js";
import { freePort, Program, run } from "../support/processes.js";
import { median } from "./suite/median.js";

/** What both ends are told. */
export interface Agreement {
	/** As openssl's option and on the wire. */
	option: "-tls1_3" | "-tls1_2";
	version: number;
	/** Files. */
	certificate: string;
	key: string;
	ca: string;
}

/** Microseconds of the processor for one handshake, and handshakes in a second of the clock with both ends on this machine. */
export interface TcpFigures {
	client: number | undefined;
	server: number | undefined;
	perSecond: number;
	/** Microseconds of our longest poll. */
	longest: number | undefined;
}

/** The second because clients of TLS 1.2 must name the curve of the certificate, too (RFC 8422 5.1). */
const GROUPS = "X25519:P-256";
const GET = "GET / HTTP/1.0\r\n\r\n";
const PAGE = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

/** Handshakes until the compiler is done with it. */
const WARM_UP = 20;

/** Microseconds that the processor has worked for a process, by the system's account; undefined where there is none. */
function cpuOf(pid: number): number | undefined {
	try {
		return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1000;
	} catch {
		return undefined;
	}
}

function ownCpu(): number {
	const { user, system } = process.cpuUsage();
	return user + system;
}

async function startServer(openssl: string, { option, certificate, key }: Agreement): Promise<{ port: number; program: Program }> {
	const port = await freePort();
	const program = new Program(openssl, ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", certificate, "-key", key, option, "-groups", GROUPS, "-www"], {
		timeout: 60_000,
	});
	await program.waitFor(/ACCEPT/);
	return { port, program };
}

/** openssl s_time for some seconds: how many connections, and its microseconds of the processor for one. */
async function runTime(
	openssl: string,
	port: number,
	{ option, ca }: Agreement,
	resumed: boolean,
	seconds: number,
): Promise<{ count: number; client: number; perSecond: number }> {
	const kind = resumed ? ["-reuse", "-www", "/"] : ["-new"];
	const command = [openssl, "s_time", "-connect", `127.0.0.1:${port}`, ...kind, "-time", String(seconds), option, "-CAfile", ca, "-verify", "3"];
	const began = performance.now();
	// The shell's account of its children: s_time itself tells whole seconds only
	const { stdout, stderr } = await run("sh", ["-c", `"$@"; times`, "sh", ...command], { timeout: 30_000 });
	const elapsed = (performance.now() - began) / 1000;
	const count = [...stdout.matchAll(/^(\d+) connections in/gm)].map((match) => Number(match[1]))[0] ?? 0;
	const times = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map((match) => Number(match[1]) * 60 + Number(match[2]));
	if (count === 0 || times.length < 4) throw new Error(`openssl s_time: ${stdout}${stderr}`);
	if (resumed && !/r{5}/.test(stdout)) throw new Error("openssl s_time did not resume");
	return { count, client: ((times[times.length - 2] + times[times.length - 1]) * 1e6) / count, perSecond: count / Math.max(elapsed, seconds) };
}

/** openssl with itself. */
export async function opensslAlone(openssl: string, agreement: Agreement, resumed: boolean, seconds: number): Promise<TcpFigures> {
	const { port, program } = await startServer(openssl, agreement);
	try {
		const before = cpuOf(program.pid);
		const { count, client, perSecond } = await runTime(openssl, port, agreement, resumed, seconds);
		const after = cpuOf(program.pid);
		return { client, server: before === undefined || after === undefined ? undefined : (after - before) / count, perSecond, longest: undefined };
	} finally {
		await program.stop();
	}
}

function plainOptions({ version, certificate, key, ca }: Agreement): PlainOptions {
	const credential = { chain: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
	return { minimumVersion: version, maximumVersion: version, groups: [29, 23], credentials: [credential], trust: readFileSync(ca, "utf8") };
}

function registryOf(): Registry {
	const registry = nodeRegistry("node");
	registry.start();
	return registry;
}

/** A client of this process with openssl's server. connectOnce: a handshake, a page and the end; answers microseconds of its longest poll. */
async function measureClient(
	openssl: string,
	agreement: Agreement,
	seconds: number,
	connectOnce: (port: number) => Promise<number | undefined>,
): Promise<TcpFigures> {
	const { port, program } = await startServer(openssl, agreement);
	try {
		for (let i = 0; i < WARM_UP; i++) await connectOnce(port);
		const longest: (number | undefined)[] = [];
		const began = performance.now();
		const ownBefore = ownCpu();
		const before = cpuOf(program.pid);
		while (performance.now() - began < seconds * 1000) longest.push(await connectOnce(port));
		const count = longest.length;
		const after = cpuOf(program.pid);
		const server = before === undefined || after === undefined ? undefined : (after - before) / count;
		return { client: (ownCpu() - ownBefore) / count, server, perSecond: count / ((performance.now() - began) / 1000), longest: usual(longest) };
	} finally {
		await program.stop();
	}
}

/** Our client with openssl's server. */
export function ourClient(openssl: string, agreement: Agreement, resumed: boolean, seconds: number): Promise<TcpFigures> {
	const parts = { registry: registryOf(), clock: new NodeClock(), entropy: nodeEntropy };
	const options = clientOptions({ ...plainOptions(agreement), credentials: [], peerName: "localhost" }, parts);
	let session: Session | undefined;
	return measureClient(openssl, agreement, seconds, async (port) => {
		const offered = resumed ? session : undefined;
		const stream = await fetchPage(openTlsClient({ ...options, session: offered }), port);
		if (stream.connection.negotiated.resumed !== (offered !== undefined)) throw new Error("openssl s_server did not resume as it should");
		session = stream.connection.session ?? session;
		return stream.longestPollMs * 1000;
	});
}

/** Node's own client with openssl's server: what sockets in Node cost with OpenSSL's machine code over them. */
export function nodeClient(openssl: string, agreement: Agreement, resumed: boolean, seconds: number): Promise<TcpFigures> {
	const { option, ca } = agreement;
	const version = option === "-tls1_3" ? "TLSv1.3" : "TLSv1.2";
	const secureContext = createSecureContext({ ca: readFileSync(ca), minVersion: version, maxVersion: version });
	let session: Buffer | undefined;
	return measureClient(openssl, agreement, seconds, (port) => {
		const offered = resumed ? session : undefined;
		return new Promise((resolve, reject) => {
			const socket = tlsConnect({ host: "127.0.0.1", port, secureContext, servername: "localhost", ecdhCurve: GROUPS, session: offered }, () => {
				if (socket.isSessionReused() !== (offered !== undefined)) reject(new Error("openssl s_server did not resume as it should"));
				socket.write(GET);
			});
			socket.on("session", (one: Buffer) => {
				session = one;
			});
			socket.on("data", () => {});
			socket.once("error", reject);
			socket.once("close", () => resolve(undefined));
		});
	});
}

/** A handshake, a page, and the end. */
function fetchPage(connection: Connection, port: number): Promise<TlsStream> {
	return new Promise((resolve, reject) => {
		const socket = connect({ host: "127.0.0.1", port, noDelay: true });
		const stream = new TlsStream(connection, socket);
		stream.once("secure", () => stream.write(GET));
		stream.on("data", () => {});
		stream.once("end", () => stream.end());
		stream.once("error", reject);
		stream.once("close", () => resolve(stream));
	});
}

/** A server of this process with openssl's client; longest gathers what its handshakes tell of their longest polls. */
async function measureServer(openssl: string, agreement: Agreement, resumed: boolean, seconds: number, server: Server, longest: number[]): Promise<TcpFigures> {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	try {
		await runTime(openssl, port, agreement, resumed, 1);
		longest.length = 0;
		const before = ownCpu();
		const { count, client, perSecond } = await runTime(openssl, port, agreement, resumed, seconds);
		return { client, server: (ownCpu() - before) / count, perSecond, longest: usual(longest) };
	} finally {
		server.close();
	}
}

/** Our server with openssl's client. */
export function ourServer(openssl: string, agreement: Agreement, resumed: boolean, seconds: number): Promise<TcpFigures> {
	const registry = registryOf();
	const clock = new NodeClock();
	const tickets = new TicketKeys(registry, clock, nodeEntropy, 7200);
	const options = { ...serverOptions(plainOptions(agreement), { registry, clock, entropy: nodeEntropy }), tickets };
	const longest: number[] = [];
	const server = createServer({ noDelay: true }, (socket) => {
		const stream = new TlsStream(openTlsServer(options), socket);
		stream.on("data", () => stream.end(PAGE));
		stream.on("error", () => {}); // openssl s_time goes away without a word; what fails before is missing in its count
		stream.once("secure", () => longest.push(stream.longestPollMs * 1000));
	});
	return measureServer(openssl, agreement, resumed, seconds, server, longest);
}

/** Node's own server with openssl's client. */
export function nodeServer(openssl: string, agreement: Agreement, resumed: boolean, seconds: number): Promise<TcpFigures> {
	const { option, certificate, key } = agreement;
	const version = option === "-tls1_3" ? "TLSv1.3" : "TLSv1.2";
	const options = { cert: readFileSync(certificate), key: readFileSync(key), minVersion: version, maxVersion: version, ecdhCurve: GROUPS } as const;
	const server = createTlsServer(options, (socket) => {
		socket.on("data", () => socket.end(PAGE));
		socket.on("error", () => {});
	});
	server.on("tlsClientError", () => {});
	return measureServer(openssl, agreement, resumed, seconds, server, []);
}

/** The median of the handshakes' longest polls. */
function usual(longest: readonly (number | undefined)[]): number | undefined {
	const told = longest.filter((one) => one !== undefined);
	return told.length > 0 ? median(told) : undefined;
}
