// The CoAP device of `npm start`: examples/coaps-device on an engine of its own, asked once by our own client under a
// pre-shared key that is made for this run.

import { randomBytes } from "node:crypto";
import { Writer } from "polltls/base/writer";
import { openDtlsClient } from "polltls/dtls-client";
import { suiteName } from "polltls/wire/registry-text";
import { asciiOf, bytesOf, CON, CoapMessage, CoapWriter, GET, URI_PATH } from "../coap-message.js";
import { NodeClock } from "../node/clock.js";
import { connectDtls, type DtlsStream } from "../node/dtls-stream.js";
import { nodeEntropy } from "../node/entropy.js";
import { nodeRegistry } from "../node/registry.js";
import { versionName } from "../node/versions.js";
import { type CoapServerConfig, coapServer } from "./firmware.js";
import { Simulator } from "./simulator.js";

const IDENTITY = "device-7";
const POOL = 4;
const PATH = "temperature";
/** Bytes of text, so that it can be typed. */
const KEY_LENGTH = 8;

export interface CoapDevice {
	readonly device: Simulator;
	readonly port: number;
	/** Text: its characters are the key's bytes. */
	readonly key: string;
}

/** Starts the device; the port may be taken. */
export async function startCoap(port: number, host: string, heap: number): Promise<CoapDevice> {
	const key = randomBytes(KEY_LENGTH).toString("hex");
	const hex = (text: string): string => Buffer.from(text).toString("hex");
	const config: CoapServerConfig = { port, pool: POOL, identity: hex(IDENTITY), key: hex(key) };
	const device = await Simulator.start({ entry: coapServer, config, host, heapLimit: heap, heapWatch: "each" });
	return { device, port: await device.datagramPort(port), key };
}

/** One GET, and another with the heap watched; the report's lines. */
export async function visitCoap(coap: CoapDevice, host: string): Promise<string[]> {
	const { device, port } = coap;
	device.heapWatch = "none"; // it takes time, which would stand in the report
	const { report, took, answer } = await visit(coap, host);
	device.heapWatch = "each";
	await visit(coap, host);
	await device.measure();
	device.heapWatch = "some";
	const { peakBytes } = device.usage;
	const row = (name: string, value: string): string => `  ${name.padEnd(20)}${value}`;
	return [
		row(`GET ${PATH}`, `${answer.code >> 5}.${String(answer.code & 31).padStart(2, "0")} ${answer.text}, ${took.toFixed(0)} ms`),
		row("version", `${versionName(report.version)}, ${suiteName(report.suite)}`),
		row("pre-shared key", `"${IDENTITY}", with a cookie and a connection id`),
		row("handshake", `${report.handshakeMs.toFixed(1)} ms, ${report.bytesOut} bytes out, ${report.bytesIn} in, ${report.retransmissions} sent again`),
		row("device's heap", `${(peakBytes / 1024).toFixed(0)} KB at most`),
		row("serving at", `coaps://${host}:${port}`),
	];
}

/** One GET on a connection of its own. */
async function visit({ device, port, key }: CoapDevice, host: string) {
	const registry = nodeRegistry("node");
	registry.start();
	const psks = [{ identity: bytesOf(IDENTITY), key: bytesOf(key) }];
	const connection = openDtlsClient({ registry, clock: new NodeClock(), entropy: nodeEntropy, psks, peerName: "", connectionIdLength: 0 });
	const start = performance.now();
	const stream = await connectDtls(connection, host, port);
	const stopped = device.ended.then(() => Promise.reject(new Error("the device was stopped")));
	const answer = await Promise.race([askOnce(stream), stopped]);
	const took = performance.now() - start;
	const report = connection.report();
	const closed = new Promise<void>((resolve) => stream.once("close", resolve));
	stream.end();
	await closed;
	return { report, took, answer };
}

/** What can be typed to ask it from elsewhere. */
export function tryCoap({ port, key }: CoapDevice, host: string): string {
	return `  coap-client -u ${IDENTITY} -k ${key} coaps://${host}:${port}/${PATH}`;
}

function askOnce(stream: DtlsStream): Promise<{ code: number; text: string }> {
	const writer = new Writer();
	writer.reset(new Uint8Array(64), 0, 64);
	const request = new CoapWriter(writer);
	request.begin(CON, GET, 1, writer.bytes, 0, 0);
	request.option(URI_PATH, bytesOf(PATH));
	return new Promise((resolve, reject) => {
		stream.once("error", reject);
		stream.once("secure", () => stream.write(writer.bytes.slice(0, writer.at)));
		stream.once("data", (bytes: Buffer) => {
			const message = new CoapMessage();
			if (!message.decode(bytes, 0, bytes.length)) return reject(new Error("the device's answer is no CoAP message"));
			resolve({ code: message.code, text: asciiOf(bytes, message.payloadAt, message.end) });
		});
	});
}
