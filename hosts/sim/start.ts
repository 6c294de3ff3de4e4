// `npm start`, the main job: a device on the XS engine serves its page, our own client fetches it through TLS and a
// report tells how it went; then the device goes on serving.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { NO_FAILURE } from "polltls/base/failure";
import { LOG_DEBUG } from "polltls/os/os";
import { TrustStore } from "polltls/pki/trust";
import { openTlsClient } from "polltls/tls-client";
import { NodeClock } from "../node/clock.js";
import { nodeEntropy } from "../node/entropy.js";
import { nodeRegistry } from "../node/registry.js";
import { TlsStream } from "../node/tls-stream.js";
import { projectRoot } from "./bundle.js";
import { type WebServerConfig, webServer } from "./firmware.js";
import { HttpReader } from "./http-reader.js";
import { HeapFull } from "./limits.js";
import { DEVICE_HEAP, Simulator } from "./simulator.js";
import { type CoapDevice, startCoap, tryCoap, visitCoap } from "./start-coap.js";
import { type DeviceState, reportLines } from "./start-report.js";
import { EngineMissing } from "./worker.js";

const HOST = "127.0.0.1";
const POOL = 4;
const COAP_PORT = 5684;
/** How long anything may take before the run is given up. */
const PATIENCE_MS = 60000;

const USAGE = `npm start -- [--once] [--port N] [--heap KB] [--store DIR]
  --once       ends after the report
  --port N     listens there instead of 8443; 0 takes a free one
  --heap KB    the device's heap, ${DEVICE_HEAP / 1024} if not said
  --store DIR  what the device keeps (its key and certificate), build/device if not said`;

interface Options {
	once: boolean;
	port: number;
	heap: number;
	store: string;
}

/** What can be said to whoever started this, without a stack. */
class Refusal extends Error {
	override name = "Refusal";
	readonly exitCode: number;
	constructor(message: string, exitCode: number) {
		super(message);
		this.exitCode = exitCode;
	}
}

function readOptions(): Options {
	let values: { once?: boolean; port?: string; heap?: string; store?: string; help?: boolean };
	try {
		({ values } = parseArgs({
			options: { once: { type: "boolean" }, port: { type: "string" }, heap: { type: "string" }, store: { type: "string" }, help: { type: "boolean" } },
		}));
	} catch (error) {
		throw new Refusal(`${(error as Error).message}\n${USAGE}`, 2);
	}
	if (values.help) throw new Refusal(USAGE, 0);
	const number = (name: string, text: string, least: number, most: number): number => {
		const value = Number(text);
		if (!/^\d+$/.test(text) || value < least || value > most) throw new Refusal(`--${name} ${text} is not a number from ${least} to ${most}\n${USAGE}`, 2);
		return value;
	};
	return {
		once: values.once ?? false,
		port: number("port", values.port ?? "8443", 0, 65535),
		heap: number("heap", values.heap ?? `${DEVICE_HEAP / 1024}`, 16, 65536) * 1024,
		store: values.store ?? join(projectRoot, "build", "device"),
	};
}

/** A line for each thing that takes time, with the time that it took. */
async function during<T>(text: string, work: Promise<T>): Promise<T> {
	const start = performance.now();
	const tty = process.stdout.isTTY;
	if (tty) process.stdout.write(`  ${text} ...`);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Refusal(`${text}: no end after ${PATIENCE_MS / 1000} s`, 1)), PATIENCE_MS);
	});
	try {
		const result = await Promise.race([work, late]);
		const line = `  ${text} ${".".repeat(Math.max(2, 52 - text.length))} ${((performance.now() - start) / 1000).toFixed(2)} s`;
		process.stdout.write(`${tty ? "\r" : ""}${line}\n`);
		return result;
	} catch (error) {
		if (tty) process.stdout.write("\n");
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

/** Our own client in Node: one connection, the page and the state; trusts nothing but the certificate that the device made. */
async function visit(port: number, certificate: Uint8Array): Promise<{ stream: TlsStream; page: HttpReader; pageMs: number; state: DeviceState }> {
	const trust = new TrustStore();
	if (trust.addDer(certificate) !== NO_FAILURE) throw new Error("the device's certificate can't be read");
	const registry = nodeRegistry("node");
	registry.start();
	const connection = openTlsClient({ registry, clock: new NodeClock(), entropy: nodeEntropy, trust, peerName: HOST, alpn: ["http/1.1"] });
	const start = performance.now();
	const stream = new TlsStream(connection, connect({ host: HOST, port, noDelay: true }));
	const failed = new Promise<never>((_, reject) => stream.once("error", reject));
	const fetchPath = async (path: string): Promise<HttpReader> => {
		stream.write(`GET ${path} HTTP/1.1\r\nHost: ${HOST}:${port}\r\n\r\n`);
		const reader = new HttpReader();
		for await (const bytes of stream.iterator({ destroyOnReturn: false })) if (reader.take(bytes as Buffer)) return reader;
		throw new Error(`the device closed the connection before it had answered GET ${path}`);
	};
	const page = await Promise.race([fetchPath("/"), failed]);
	const pageMs = performance.now() - start;
	const state = JSON.parse((await Promise.race([fetchPath("/state"), failed])).body) as DeviceState;
	stream.end();
	return { stream, page, pageMs, state };
}

function fingerprint(certificate: Uint8Array): string {
	return createHash("sha256")
		.update(certificate)
		.digest("hex")
		.toUpperCase()
		.replace(/..(?=.)/g, "$&:");
}

/** The device's certificate as a file that curl can trust. */
function writePem(certificate: Uint8Array, folder: string): string {
	const path = join(folder, "certificate.pem");
	const lines =
		Buffer.from(certificate)
			.toString("base64")
			.match(/.{1,64}/g) ?? [];
	mkdirSync(folder, { recursive: true });
	writeFileSync(path, `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`);
	return relative(process.cwd(), path) || path;
}

async function main(): Promise<void> {
	const { once, port, heap, store } = readOptions();
	process.stdout.write("polltls: a TLS 1.3 web server on the XS engine, as on a microcontroller\n\n");
	const config: WebServerConfig = { port, pool: POOL, names: ["localhost", HOST], heapSize: heap };
	const log = (level: number, text: string): void => {
		if (level < LOG_DEBUG && !/^(listening|making|the key)/.test(text)) process.stdout.write(`  device: ${text}\n`);
	};
	const starting = Simulator.start({ entry: webServer, config, store, host: HOST, log, heapLimit: heap, heapWatch: "each" });
	const device = await during("starting the device on the XS engine", starting);
	process.once("SIGINT", () => void device.stop());
	process.once("SIGTERM", () => void device.stop());
	const actual = await during("its key and certificate", device.listening(port));
	const certificate = readFileSync(join(store, "certificate"));
	device.heapWatch = "none"; // it takes time, which would stand in the report
	const { stream, page, pageMs, state } = await during("our own client fetches its page", Promise.race([visit(actual, certificate), failureOf(device)]));
	const { longestMs } = device.usage;
	device.heapWatch = "each";
	await during("and again, with the heap watched", Promise.race([visit(actual, certificate), failureOf(device)]));
	device.heapWatch = "some";
	const lines = reportLines({
		url: `https://${HOST}:${actual}/`,
		stream,
		page,
		pageMs,
		state,
		usage: { ...device.usage, longestMs },
		heap,
		fingerprint: fingerprint(certificate),
	});
	process.stdout.write(`\n${lines.join("\n")}\n\n`);
	const coap = await during("a CoAP device over DTLS, on an engine of its own", beginCoap(port === 0 ? 0 : COAP_PORT, heap));
	if (coap !== undefined) process.stdout.write(`\n${(await visitCoap(coap, HOST)).join("\n")}\n`);
	process.once("SIGINT", () => void coap?.device.stop());
	process.once("SIGTERM", () => void coap?.device.stop());
	if (once) {
		await coap?.device.stop();
		return device.stop();
	}
	const pem = writePem(certificate, store);
	process.stdout.write(`
${coap === undefined ? "The device goes" : "The devices go"} on serving; Ctrl-C ends it. Try:
  curl --cacert ${pem} https://localhost:${actual}/state
  curl --cacert ${pem} -X PUT -d on https://localhost:${actual}/led
  npm run -s polltls -- client localhost:${actual} --ca ${pem} --http /state
${coap === undefined ? "" : `${tryCoap(coap, HOST)}\n`}  https://localhost:${actual}/ in a browser, which warns because nobody vouches for the certificate: compare its SHA-256
`);
	await device.ended;
	process.stdout.write("\nstopped\n");
}

/** The CoAP device; undefined, and a word why, if its port is taken. */
async function beginCoap(port: number, heap: number): Promise<CoapDevice | undefined> {
	try {
		return await startCoap(port, HOST, heap);
	} catch (error) {
		if (!/EADDRINUSE/.test((error as Error).message)) throw error;
		process.stdout.write(`  port ${port} of UDP is taken: no CoAP device this time\n`);
		return undefined;
	}
}

function failureOf(device: Simulator): Promise<never> {
	return device.ended.then(() => Promise.reject(new Refusal("stopped", 0)));
}

try {
	await main();
} catch (error) {
	const { message } = error as Error;
	if (error instanceof Refusal) process.exitCode = error.exitCode;
	else process.exitCode = 1;
	let text = message;
	if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
		text = `port ${(error as { port?: number }).port} is taken: end the program that has it, or choose another: npm start -- --port 8444`;
	else if (error instanceof HeapFull) text = `${message}. Give it more: npm start -- --heap 768`;
	else if (!(error instanceof Refusal) && !(error instanceof EngineMissing)) text = `${(error as Error).name}: ${message}`;
	process.stderr.write(`polltls: ${text}\n`);
	process.exit();
}
process.exit();
