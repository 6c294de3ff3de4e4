// The simulated device, with a program that echoes: sockets, time, store, limits.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Simulator, type SimulatorOptions } from "../../../hosts/sim/simulator.js";
import type { EchoConfig } from "../../support/echo-device.js";

function start(config: EchoConfig, options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
	return Simulator.start({ entry: "test/support/echo-device.ts", config, ...options });
}

function client(device: Simulator): Socket {
	const socket = connect({ port: device.sockets.ports.get(0) as number, host: "127.0.0.1" });
	socket.on("error", () => {});
	return socket;
}

async function drain(socket: Socket): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of socket) pieces.push(piece as Buffer);
	return Buffer.concat(pieces);
}

test("a device serves connections through its small windows", async (t) => {
	const device = await start({ port: 0, pool: 3, backlog: 3 });
	t.after(() => device.stop());
	const bytes = randomBytes(300000);
	await Promise.all(
		[0, 1, 2].map(async () => {
			const socket = client(device);
			socket.end(bytes);
			assert.ok(bytes.equals(await drain(socket)));
		}),
	);
	assert.equal(device.sockets.bytesIn, 3 * bytes.length);
	assert.equal(device.sockets.bytesOut, 3 * bytes.length);
	assert.equal(device.sockets.open, 0);
});

test("a peer that doesn't read stops the device from reading", async (t) => {
	const device = await start({ port: 0 });
	t.after(() => device.stop());
	const socket = client(device);
	const bytes = randomBytes(30_000_000); // more than the buffers of two TCP sockets hold
	socket.pause();
	socket.end(bytes);
	let taken = -1;
	while (taken !== device.sockets.bytesIn) {
		taken = device.sockets.bytesIn;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	assert.ok(taken > 0 && taken < bytes.length, `took ${taken}`);
	const calls = device.usage.calls;
	await new Promise((resolve) => setTimeout(resolve, 100));
	assert.ok(device.usage.calls - calls <= 1, "and it is not called in vain meanwhile");
	socket.destroy();
	while (device.sockets.open > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test("connections past the pool wait, and past the queue are refused", async (t) => {
	const device = await start({ port: 0, pool: 1 });
	t.after(() => device.stop());
	const first = client(device);
	first.write("1");
	await new Promise((resolve) => first.once("data", resolve));
	const waiting = [client(device), client(device)];
	for (const socket of waiting) await new Promise((resolve) => socket.once("connect", resolve));
	await new Promise((resolve) => setTimeout(resolve, 50));
	const refused = client(device);
	await new Promise((resolve) => refused.once("close", resolve));
	for (const socket of waiting) socket.end("2");
	first.end();
	for (const socket of waiting) assert.equal((await drain(socket)).toString(), "2");
});

test("a device connects", async (t) => {
	const server = createServer((socket) => socket.once("data", (data: Buffer) => socket.end(`got ${data}`)));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const arrived = new Promise((resolve) => server.once("connection", resolve));
	const device = await start({ port: 0, connect: { host: "127.0.0.1", port: (server.address() as { port: number }).port, text: "hello" } });
	t.after(() => device.stop());
	await arrived;
	while (device.sockets.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
	assert.equal(device.sockets.bytesIn, 9);
});

test("the store survives a restart where it has a folder", async (t) => {
	const store = mkdtempSync(join(tmpdir(), "polltls-"));
	t.after(() => rmSync(store, { recursive: true }));
	const lines: string[] = [];
	for (let i = 0; i < 2; i++) {
		const device = await start({ port: 0 }, { store, log: (level, text) => lines.push(`${level} ${text}`) });
		await device.stop();
	}
	assert.deepEqual(lines, ["2 start 1", "2 start 2"]);
	assert.deepEqual(readdirSync(store), ["starts"]);
	await (await start({ port: 0 }, { log: (_, text) => lines.push(text) })).stop();
	assert.equal(lines[2], "start 1");
});

test("a full heap ends the run and says so", async () => {
	const device = await start({ port: 0, leak: 5000 }, { heapLimit: 100000, heapWatch: "each" });
	await assert.rejects(
		device.ended,
		/^HeapFull: the device's heap is full: 10\d{4} bytes are live after call \d+ \(\d+ slots of 16 bytes and \d+ bytes of chunks\), it has 100000$/,
	);
	const { usage } = device;
	assert.ok(usage.calls >= 18 && usage.calls <= 21, `${usage.calls} calls`);
	assert.equal(usage.usedBytes, usage.slots * 16 + usage.chunks);
});

test("a call that takes too much compute ends the run", async () => {
	const device = await start({ port: 0, loop: true }, { computeLimit: 1_000_000 });
	await assert.rejects(device.ended, /too much computation/);
});

test("a program that throws ends the run with its words", async () => {
	const device = await start({ port: 0, throwAt: 1 });
	await assert.rejects(device.ended, /asked to throw/);
});

test("a taken port is refused at start", async (t) => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	await assert.rejects(start({ port: (server.address() as { port: number }).port }), { code: "EADDRINUSE" });
});

test("time can be given, and deadlines are kept by it", async (t) => {
	let now = 1000;
	const device = await start({ port: 0, every: 20 }, { clock: { ticks: () => now, seconds: () => 77 } });
	t.after(() => device.stop());
	const poll = async (ticks: number): Promise<unknown> => {
		now = ticks;
		device.wake();
		await new Promise((resolve) => setTimeout(resolve, 60));
		return ((await device.report()) as { ticks: number[]; seconds: number }).ticks[1];
	};
	assert.equal(await poll(1000), 1000);
	assert.equal(await poll(5000), 5000);
	assert.equal(((await device.report()) as { seconds: number }).seconds, 77);
});

test("usage counts work and live heap", async (t) => {
	const device = await start({ port: 0, room: 20000 }, { heapWatch: "each" });
	t.after(() => device.stop());
	const socket = client(device);
	socket.write("x");
	await new Promise((resolve) => socket.once("data", resolve));
	const { usedBytes, chunks, compute, calls } = await device.measure();
	assert.ok(chunks >= 20000 && usedBytes < 30000, `${usedBytes} bytes`);
	assert.ok(compute > 0 && calls > 1);
	socket.end();
	await drain(socket);
	const after = await device.measure();
	assert.ok(after.usedBytes < usedBytes - 19000, "a closed connection gives its heap back");
	assert.ok(after.peakBytes >= usedBytes);
});
