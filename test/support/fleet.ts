// Many devices in one process, each with a UDP port of its own, against one server of ours in another: for a bench and for a
// test. All begin at once; each says something and hears it again.

import { type ChildProcess, fork } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openDtlsClient } from "polltls/dtls-client";
import { NodeClock } from "../../hosts/node/clock.js";
import { connectDtls, type DtlsStream } from "../../hosts/node/dtls-stream.js";
import { nodeEntropy } from "../../hosts/node/entropy.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { clientOptions, type DtlsPairOptions } from "../suite/pair/dtls-pair.js";
import { TestPki } from "../suite/pair/harness.js";

/** A plain value: it crosses to the server's process. */
export interface FleetSetup {
	readonly version: "1.2" | "1.3";
	readonly psk: boolean;
	/** How many devices there will be at the most. */
	readonly most: number;
}

/** Of a process; memory in bytes, what isn't needed any more collected. */
export interface FleetCost {
	readonly memory: number;
	readonly connections: number;
	readonly cpuMs: number;
	readonly retransmissions: number;
}

export interface FleetFigures {
	readonly devices: number;
	/** From the first ClientHello to the last echo. */
	readonly seconds: number;
	/** The processor's time of a handshake and an echo, at the device and at the server. */
	readonly deviceMs: number;
	readonly serverMs: number;
	/** What a device waited for its handshake, the middle one and the longest. */
	readonly median: number;
	readonly longest: number;
	/** Bytes of a connection that stands open, with Node's socket at the device. */
	readonly deviceMemory: number;
	readonly serverMemory: number;
	readonly retransmissions: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of the heap and of buffers, after a collection. */
export function memoryInUse(): number {
	collect();
	collect();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return heapUsed + arrayBuffers;
}

export function pairOptions({ version, psk }: FleetSetup): DtlsPairOptions {
	return { version, psk };
}

/** What tests otherwise make up. */
export const realTime = { clock: new NodeClock(), entropy: nodeEntropy, handshakeTimeout: 120_000, connectionIdLength: 4 };

/** Certificates of the pair suites are judged at their moment. */
const judged = { ...realTime, clock: { ticks: () => performance.now(), seconds: () => 1767225600 } };

/**
 * A server and its devices.
 *
 *     const fleet = await Fleet.start({ version: "1.3", psk: true, most: 1000 });
 *     const figures = await fleet.run(100);
 *     fleet.stop();
 */
export class Fleet {
	readonly #server: ChildProcess;
	readonly #port: number;
	readonly #setup: FleetSetup;
	readonly #registry = nodeRegistry("node");
	readonly #pki: TestPki;

	private constructor(server: ChildProcess, port: number, setup: FleetSetup) {
		this.#server = server;
		this.#port = port;
		this.#setup = setup;
		this.#registry.start();
		this.#pki = new TestPki(this.#registry);
	}

	static async start(setup: FleetSetup): Promise<Fleet> {
		const server = fork(new URL("./fleet-server.ts", import.meta.url), [JSON.stringify(setup)], { execArgv: ["--import", "tsx"] });
		const { port } = await messageOf<{ port: number }>(server);
		return new Fleet(server, port, setup);
	}

	stop(): void {
		this.#server.disconnect();
	}

	/** So many devices at once: all must be open at the end; then they go. */
	async run(devices: number): Promise<FleetFigures> {
		const before = { own: memoryInUse(), cpu: cpuMs(), server: await this.#ask() };
		const began = performance.now();
		const streams = await Promise.all(Array.from({ length: devices }, () => this.#open()));
		await Promise.all(streams.map(echo));
		const seconds = (performance.now() - began) / 1000;
		const cpu = cpuMs() - before.cpu;
		const server = await this.#ask();
		if (server.connections !== devices) throw new Error(`the server has ${server.connections} connections, not ${devices}`);
		const own = memoryInUse();
		const reports = streams.map(({ connection }) => connection.report());
		const times = reports.map(({ handshakeMs }) => handshakeMs).sort((a, b) => a - b);
		await Promise.all(streams.map(leave));
		for (let left = devices; left > 0; { connections: left } = await this.#ask()) await new Promise((resolve) => setTimeout(resolve, 50));
		return {
			devices,
			seconds,
			deviceMs: cpu / devices,
			serverMs: (server.cpuMs - before.server.cpuMs) / devices,
			median: times[Math.floor(devices / 2)],
			longest: times[devices - 1],
			deviceMemory: (own - before.own) / devices,
			serverMemory: (server.memory - before.server.memory) / devices,
			retransmissions: reports.reduce((sum, { retransmissions }) => sum + retransmissions, 0),
		};
	}

	#ask(): Promise<FleetCost> {
		this.#server.send("cost");
		return messageOf<FleetCost>(this.#server);
	}

	async #open(): Promise<DtlsStream> {
		const options = { ...clientOptions(this.#pki, this.#registry, pairOptions(this.#setup)), ...judged };
		const stream = await connectDtls(openDtlsClient({ ...options, connectionIdLength: 0 }), "127.0.0.1", this.#port);
		await new Promise<void>((resolve, reject) => {
			stream.once("error", reject);
			stream.once("secure", () => resolve());
		});
		return stream;
	}
}

function cpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

function messageOf<Message>(child: ChildProcess): Promise<Message> {
	return new Promise((resolve, reject) => {
		child.once("exit", reject);
		child.once("message", (message) => {
			child.off("exit", reject);
			resolve(message as Message);
		});
	});
}

/** Says something until it comes back: a datagram of data may get lost. */
async function echo(stream: DtlsStream): Promise<void> {
	const heard = new Promise<void>((resolve) => stream.once("data", () => resolve()));
	stream.write("22.5");
	const timer = setInterval(() => stream.write("22.5"), 1000);
	await heard;
	clearInterval(timer);
}

async function leave(stream: DtlsStream): Promise<void> {
	const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
	stream.end();
	await closed;
}
