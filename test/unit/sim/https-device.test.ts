// The web server of examples/https-device in the simulator, visited by our own client and by bad ones.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { TrustStore } from "polltls/pki/trust";
import { openTlsClient } from "polltls/tls-client";
import { NodeClock } from "../../../hosts/node/clock.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { nodeRegistry } from "../../../hosts/node/registry.js";
import { TlsStream } from "../../../hosts/node/tls-stream.js";
import { webServer } from "../../../hosts/sim/firmware.js";
import { HttpReader } from "../../../hosts/sim/http-reader.js";
import { Simulator } from "../../../hosts/sim/simulator.js";

interface State {
	connections: number;
	refused: number;
	led: boolean;
	version: string;
	suite: string;
}

const registry = nodeRegistry("node");
registry.start();
const store = mkdtempSync(join(tmpdir(), "polltls-"));
const log: string[] = [];
let device: Simulator;
let port: number;

function start(): Promise<Simulator> {
	const config = { port: 0, pool: 2, names: ["localhost", "127.0.0.1"], heapSize: 1 };
	return Simulator.start({ entry: webServer, config, store, log: (_, text) => log.push(text) });
}

before(async () => {
	device = await start();
	port = await device.listening(0);
});
after(async () => {
	await device.stop();
	rmSync(store, { recursive: true });
});

function tls(socket: Socket = connect(port, "127.0.0.1"), peerName = "localhost"): TlsStream {
	const trust = new TrustStore();
	trust.addDer(readFileSync(join(store, "certificate")));
	const stream = new TlsStream(openTlsClient({ registry, clock: new NodeClock(), entropy: nodeEntropy, trust, peerName }), socket);
	stream.on("error", () => {});
	return stream;
}

async function ask(stream: TlsStream, request: string): Promise<HttpReader> {
	const failed = new Promise<never>((_, reject) => stream.once("error", reject));
	const read = async (): Promise<HttpReader> => {
		stream.write(request);
		const reader = new HttpReader();
		for await (const bytes of stream.iterator({ destroyOnReturn: false })) if (reader.take(bytes as Buffer)) return reader;
		throw new Error("closed before the answer");
	};
	return Promise.race([read(), failed]);
}

function line(method: string, path: string, rest = "\r\n"): string {
	return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${rest}`;
}

async function state(): Promise<State> {
	return (await device.report()) as State;
}

async function until(condition: (state: State) => boolean): Promise<void> {
	while (!condition(await state())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("it serves its page, its state and its LED on one connection", async () => {
	const stream = tls();
	const page = await ask(stream, line("GET", "/"));
	assert.equal(page.status, 200);
	assert.match(page.body, /^<!doctype html>[\s\S]*"version":"TLS 1\.3"[\s\S]*<\/html>\n$/);
	const first = JSON.parse((await ask(stream, line("GET", "/state"))).body) as State;
	assert.equal(first.version, "TLS 1.3");
	assert.equal(first.led, false);
	assert.equal(first.connections, 1);
	const second = JSON.parse((await ask(stream, line("PUT", "/led", "Content-Length: 2\r\n\r\non"))).body) as State;
	assert.equal(second.led, true);
	assert.equal(log.at(-1), "LED on");
	for (const [request, status] of [
		[line("PUT", "/led", "Content-Length: 4\r\n\r\nblue"), 400],
		[line("DELETE", "/led"), 405],
		[line("POST", "/"), 405],
		[line("GET", "/else"), 404],
	] as const)
		assert.equal((await ask(stream, request)).status, status, request);
	const refused = await ask(stream, line("PUT", "/led", "Content-Length: 100000\r\n\r\n"));
	assert.equal(refused.status, 413);
	await new Promise((resolve) => stream.once("end", resolve)); // after which it can't know where a next request begins
	stream.end();
	await until(({ connections }) => connections === 0);
});

test("past its pool an idle connection gives way, and where none is idle the newcomer is refused", async () => {
	const idle = tls();
	await ask(idle, line("GET", "/state"));
	const busy = tls();
	await ask(busy, line("GET", "/state"));
	busy.write("GET /state HTTP/1.1\r\n");
	const newcomer = tls();
	const ended = new Promise((resolve) => idle.once("end", resolve));
	idle.resume();
	assert.equal((await ask(newcomer, line("GET", "/state"))).status, 200);
	await ended;
	idle.end();
	newcomer.write("GET /sta");
	await until(({ connections }) => connections === 2);
	await new Promise((resolve) => setTimeout(resolve, 50));
	await assert.rejects(ask(tls(), line("GET", "/state")), /internal_error received/);
	assert.equal((await state()).refused, 1);
	assert.equal((await ask(busy, "Host: localhost\r\n\r\n")).status, 200); // the others are as they were
	assert.equal((await ask(newcomer, "te HTTP/1.1\r\nHost: localhost\r\n\r\n")).status, 200);
	for (const stream of [busy, newcomer]) stream.end();
	await until(({ connections }) => connections === 0);
});

test("an idle connection costs no calls", async () => {
	const stream = tls();
	await ask(stream, line("GET", "/state"));
	await new Promise((resolve) => setTimeout(resolve, 100));
	const { calls } = device.usage;
	await new Promise((resolve) => setTimeout(resolve, 300));
	assert.equal(device.usage.calls, calls);
	stream.end();
	await until(({ connections }) => connections === 0);
});

test("a client that trusts nobody, or looks for another name, doesn't let itself be fooled", async () => {
	await assert.rejects(ask(tls(undefined, "example.org"), line("GET", "/")), /CERTIFICATE_/);
	const connection = openTlsClient({ registry, clock: new NodeClock(), entropy: nodeEntropy, peerName: "localhost", chainPolicy: new ChainPolicy() });
	const stream = new TlsStream(connection, connect(port, "127.0.0.1"));
	stream.on("error", () => {});
	await assert.rejects(ask(stream, line("GET", "/")), /CERTIFICATE_/);
	await until(({ connections }) => connections === 0);
});

test("garbage, plain HTTP, half a record and a vanished client each end alone, and the next is served", async () => {
	for (const [bytes, alert] of [
		[Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), true],
		[Buffer.alloc(500, 0xa5), true],
		[Buffer.of(22, 3, 1, 0), true],
		[Buffer.alloc(0), false],
	] as const) {
		const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
		const pieces: Buffer[] = [];
		socket.on("data", (piece: Buffer) => pieces.push(piece));
		socket.on("error", () => {});
		const closed = new Promise((resolve) => socket.once("close", resolve));
		socket.end(bytes);
		await closed;
		const answer = Buffer.concat(pieces);
		if (alert) assert.deepEqual([answer.length, answer[0], answer[5]], [7, 21, 2], "one fatal alert");
		else assert.equal(answer.length, 0);
		const stream = tls();
		assert.equal((await ask(stream, line("GET", "/state"))).status, 200);
		stream.end();
		await until(({ connections }) => connections === 0);
	}
	const socket = connect(port, "127.0.0.1");
	const stream = tls(socket);
	await ask(stream, line("GET", "/state"));
	socket.resetAndDestroy();
	await until(({ connections }) => connections === 0);
});

test("after a restart it is the same device", async () => {
	const before = readFileSync(join(store, "certificate"));
	await device.stop();
	log.length = 0;
	device = await start();
	port = await device.listening(0);
	assert.ok(readFileSync(join(store, "certificate")).equals(before));
	assert.ok(!log.some((text) => text.startsWith("making")));
	const stream = tls();
	assert.equal((await ask(stream, line("GET", "/state"))).status, 200);
	stream.end();
});
