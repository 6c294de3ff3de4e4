// Connections that are secured when they are in use already (examples/ftps), with curl and openssl; and a modem that does
// TLS itself (examples/echo/modem).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { CERTIFICATE_NAME_MISMATCH, NO_FAILURE, OFFLOAD_BROKEN, OFFLOAD_NOT_SECURE } from "polltls/base/failure";
import type { Security } from "polltls/io/security";
import type { Program } from "polltls/os/os";
import { startModemClient } from "../../examples/echo/modem.js";
import { startStack } from "../../examples/echo/stack.js";
import { UpgradingClient } from "../../examples/ftps/client.js";
import { FtpServer } from "../../examples/ftps/server.js";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { NodeModem } from "../../hosts/node/tls-modem.js";
import { closureOf } from "../../tools/manifests.js";
import { startEchoServer } from "../support/echo.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { freePort, run, start } from "../support/processes.js";

const pki = makePki();
const ca = readFileSync(pki.ca, "utf8");
const server = { certificate: readFileSync(pki.ec.certificate, "utf8"), key: readFileSync(pki.ec.key, "utf8") };
const content = "time,temperature\n".repeat(2000);

/** Runs until the test ends. */
function keepRunning(t: TestContext, device: PolledDevice, program: Program): void {
	let over = false;
	const running = device.run(program, () => over);
	t.after(async () => {
		over = true;
		device.wake();
		await running;
		device.close();
	});
}

async function startFtpServer(t: TestContext): Promise<number> {
	const device = new PolledDevice();
	const stack = startStack(device, nodeRegistry("node"), { maxConnections: 2, dtls: false });
	const security = stack.createSecurity() as Security;
	security.setClientCertKey(server.certificate, server.key);
	const port = await freePort();
	const dataPort = await freePort();
	keepRunning(t, device, new FtpServer(stack, device, security, { port, dataPort, name: "readings.csv", content }));
	for (const opened of [port, dataPort]) await device.streams.port(opened);
	return port;
}

test("AUTH TLS with curl: a file over secured connections, and over one in the clear", async (t) => {
	const curl = requirePeer(t, "curl");
	if (!curl) return;
	const port = await startFtpServer(t);
	const fetch = (...args: string[]) => run(curl.path, ["--silent", "--show-error", "--max-time", "20", ...args, `ftp://localhost:${port}/readings.csv`]);
	for (const secured of ["--ssl-reqd", "--ftp-ssl-control"]) {
		const { code, stdout, stderr } = await fetch(secured, "--cacert", pki.ca);
		assert.equal(code, 0, stderr);
		assert.equal(stdout, content, secured);
	}
	const stranger = await fetch("--ssl-reqd", "--cacert", pki.otherCa);
	assert.equal(stranger.code, 60, "curl doesn't trust it");
	assert.equal((await fetch()).code, 67, "nobody logs in in the clear");
	assert.equal((await fetch("--ssl-reqd", "--cacert", pki.ca)).code, 0, "the server goes on");
});

test("AUTH TLS with openssl", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const port = await startFtpServer(t);
	const args = ["s_client", "-starttls", "ftp", "-connect", `127.0.0.1:${port}`, "-CAfile", pki.ca, "-verify_return_error", "-crlf"];
	const client = start(t, openssl.path, args);
	await client.waitFor(/Verify return code: 0/);
	client.write("USER device\nSIZE readings.csv\n");
	await client.waitFor(/230 welcome[\s\S]*213 34000/);
});

test("what was sent in the clear behind AUTH TLS isn't taken for secured", async (t) => {
	const port = await startFtpServer(t);
	const socket = connect(port, "127.0.0.1", () => socket.write("AUTH TLS\r\nUSER attacker\r\n"));
	let text = "";
	socket.on("data", (data) => (text += data));
	await new Promise((resolve) => socket.on("close", resolve));
	assert.equal(text, "220 ready\r\n234 go ahead\r\n");
});

/** Speaks FTP until AUTH TLS; from then on openssl's server has the connection. */
async function opensslBehindFtp(t: TestContext, path: string, behind = ""): Promise<number> {
	const inner = await freePort();
	const program = start(t, path, ["s_server", "-accept", `127.0.0.1:${inner}`, "-cert", pki.ec.certificate, "-key", pki.ec.key, "-rev"]);
	await program.waitFor(/ACCEPT/);
	const greeter = createServer((socket) => {
		socket.on("error", () => {});
		socket.write("220 ready\r\n");
		socket.once("data", (data) => {
			assert.equal(String(data), "AUTH TLS\r\n");
			socket.write(`234 go ahead\r\n${behind}`);
			const there = connect(inner, "127.0.0.1").on("error", () => {});
			socket.pipe(there).pipe(socket);
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve) => greeter.listen(port, "127.0.0.1", resolve));
	t.after(() => void greeter.close());
	return port;
}

async function upgrade(port: number, peerName: string): Promise<UpgradingClient> {
	const device = new PolledDevice();
	const stack = startStack(device, nodeRegistry("node"), { dtls: false });
	const security = stack.createSecurity() as Security;
	security.setRootCaCert(ca);
	const client = new UpgradingClient(stack, device.connect("127.0.0.1", port), security, peerName, "hello openssl");
	await device.run(client, () => client.done);
	for (let i = 0; i < 10; i++) client.poll();
	device.close();
	return client;
}

test("our client upgrades a connection to openssl's server", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const { answer, failure } = await upgrade(await opensslBehindFtp(t, openssl.path), "localhost");
	assert.equal(failure, NO_FAILURE);
	assert.equal(answer.trim(), "lssnepo olleh");
	const other = await upgrade(await opensslBehindFtp(t, openssl.path), "other.example");
	assert.deepEqual([other.failure, other.answer], [CERTIFICATE_NAME_MISMATCH, ""]);
	const attacked = await upgrade(await opensslBehindFtp(t, openssl.path, "230 welcome\r\n"), "localhost");
	assert.deepEqual([attacked.failure, attacked.answer], [1, ""]);
});

async function byModem(port: number, more: { peerName?: string; ca?: string; text?: string } = {}) {
	const device = new PolledDevice();
	const modem = new NodeModem("127.0.0.1", port, () => device.wake());
	const client = startModemClient(device, modem, { ca, peerName: "localhost", text: "through the modem\n", ...more });
	await device.run(client, () => client.done);
	device.close();
	return { ...client, told: modem.told };
}

test("a modem does TLS: with our own server", async (t) => {
	const port = await startEchoServer(t, "node", { kind: "tls-socket", style: "events", ...server });
	const text = "a line for the modem. ".repeat(150);
	const { echo, failure, told } = await byModem(port, { text });
	assert.equal(failure, NO_FAILURE);
	assert.equal(echo, text);
	assert.deepEqual(told, [1, 2, 5], "host name, CA, enable");
	const tooLong = await byModem(port, { text: "x".repeat(5000) });
	assert.equal(tooLong.failure, OFFLOAD_BROKEN, "the server takes records of 4096 bytes, and OpenSSL can't be told");
	assert.equal((await byModem(port, { peerName: "other.example" })).failure, OFFLOAD_NOT_SECURE);
	assert.equal((await byModem(port, { ca: readFileSync(pki.otherCa, "utf8") })).failure, OFFLOAD_NOT_SECURE);
});

test("a modem does TLS: with openssl", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const port = await freePort();
	const program = start(t, openssl.path, ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", pki.ec.certificate, "-key", pki.ec.key, "-rev"]);
	await program.waitFor(/ACCEPT/);
	const { echo, failure } = await byModem(port);
	assert.equal(failure, NO_FAILURE);
	assert.equal(echo, "medom eht hguorht\n");
});

test("a program whose modem does TLS links none", async () => {
	const files = await closureOf(["examples/echo/modem.ts"]);
	assert.ok(files.includes("modules/io/tls-socket"));
	assert.deepEqual(
		files.filter((path) => /^modules\/(record|messages|engine\/connection|tls-|dtls-)/.test(path)),
		[],
	);
});
