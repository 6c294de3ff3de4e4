// Our DTLS sockets in an image for Linux, over the SDK's UDP: as a client and as a server, with openssl, gnutls and our own
// stack on Node as peers; many peers, connection ids, heap.

import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDtlsClient } from "polltls/dtls-client";
import { NodeClock } from "../../hosts/node/clock.js";
import { connectDtls, type DtlsStream } from "../../hosts/node/dtls-stream.js";
import { nodeEntropy } from "../../hosts/node/entropy.js";
import { clientOptions, type PlainOptions } from "../../hosts/node/plain-options.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { buildImage, linkerWarnings, startImage } from "../support/moddable-image.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { type Ending, freePort, type Program, start, temporaryFolder } from "../support/processes.js";
import { datagramPsk, startTalkingDatagrams } from "../support/talking-datagrams.js";

const image = buildImage("polltls-datagrams", "test/moddable/datagrams/manifest.json");
const pki = makePki({ after });
const der = join(temporaryFolder({ after }), "ca.der");
writeFileSync(der, Buffer.from(readFileSync(pki.ca, "utf8").replace(/-----[^-]+-----|\s/g, ""), "base64"));
const own = { CERTIFICATE: pki.ec.certificate, KEY: pki.ec.key };
const certificates = { trust: readFileSync(pki.ca, "latin1"), peerName: "localhost" };
const opensslPsk = ["-psk", datagramPsk.key, "-psk_identity", datagramPsk.identity];

/** A server of the image. */
async function startServer(t: Ending, limit = 4): Promise<{ port: number; program: Program }> {
	const port = await freePort();
	const program = startImage(t, image, 120, { JOB: "server", PORT: String(port), LIMIT: String(limit), ...own });
	await program.waitFor(/listening/);
	return { port, program };
}

const registry = nodeRegistry("node");
registry.start();

/** A client on Node. */
async function connect(t: Ending, port: number, plain: PlainOptions = { psks: [datagramPsk] }): Promise<DtlsStream> {
	const options = clientOptions(plain, { registry, clock: new NodeClock(), entropy: nodeEntropy });
	const stream = await connectDtls(openDtlsClient({ ...options, connectionIdLength: 0, retransmitInitial: 300 }), "127.0.0.1", port);
	stream.on("error", () => {});
	t.after(() => void stream.destroy());
	return stream;
}

/** Sends a datagram, again if need be, and answers the next one that is as expected. */
function ask(stream: DtlsStream, text: string, expected = new RegExp(`^${text.replace(/\W/g, "\\$&")}$`)): Promise<string> {
	return new Promise((resolve, reject) => {
		const again = setInterval(() => stream.write(text), 2000);
		const late = setTimeout(() => reject(new Error(`no answer to "${text}"`)), 30_000);
		const end = (then: () => void): void => {
			clearInterval(again);
			clearTimeout(late);
			stream.off("data", read).off("error", fail);
			then();
		};
		const fail = (error: Error): void => end(() => reject(error));
		const read = (data: Buffer): void => {
			const answer = data.toString("latin1");
			if (expected.test(answer)) end(() => resolve(answer));
		};
		stream.on("data", read).on("error", fail);
		stream.once("close", () => end(() => reject(new Error("closed"))));
		stream.write(text);
	});
}

/** What the server says of itself. */
const STATE = /connections/;

test("nothing of it changes in flash but what all sockets share", () => {
	assert.deepEqual(
		linkerWarnings(image.output).filter((line) => !/shared\(\) one: no const/.test(line)),
		[],
	);
});

test("a client, with our stack on Node", async (context) => {
	const port = await startTalkingDatagrams(context, pki);
	const variables = { CA: pki.ca, CA_DER: der, OTHER_CA: pki.otherCa, CLIENT_CERTIFICATE: pki.clientEc.certificate, CLIENT_KEY: pki.clientEc.key };
	const program = startImage(context, image, 120, { JOB: "client", PORT: String(port), ...variables });
	const { code, stdout, stderr } = await program.ended;
	const results = [...stdout.matchAll(/^(ok|not ok) - (.*)$/gm)];
	for (const [line, result, name] of results) await context.test(name, () => assert.equal(result, "ok", line));
	assert.equal(code, 0, stdout + stderr);
	assert.ok(results.length >= 14, stdout);
});

test("the CoAP client, over a socket that does as it is told", async (context) => {
	const { code, stdout, stderr } = await startImage(context, image, 60, { JOB: "coap" }).ended;
	const results = [...stdout.matchAll(/^(ok|not ok) - (.*)$/gm)];
	for (const [line, result, name] of results) await context.test(name, () => assert.equal(result, "ok", line));
	assert.equal(code, 0, stdout + stderr);
	assert.ok(results.length >= 6, stdout);
});

for (const [title, keys, variables] of [
	["a certificate", ["-cert", pki.ec.certificate, "-key", pki.ec.key], { CA: pki.ca }],
	["a pre-shared key", ["-nocert", ...opensslPsk, "-cipher", "PSK-AES128-CCM8:@SECLEVEL=0"], { PSK: "1" }],
] as const)
	test(`a client, with openssl: ${title}`, async (context) => {
		const openssl = requirePeer(context, "openssl");
		if (!openssl) return;
		const port = await freePort();
		const peer = start(context, openssl.path, ["s_server", "-accept", `127.0.0.1:${port}`, "-dtls1_2", ...keys]);
		await peer.waitFor(/ACCEPT/);
		const program = startImage(context, image, 60, { JOB: "hello", PORT: String(port), ...variables } as Record<string, string>);
		await peer.waitFor(/hello from an image/);
		peer.write("hello from openssl\n");
		const { code, stdout } = await program.ended;
		assert.equal(code, 0, program.describe());
		assert.match(stdout, /answer hello from openssl\nversion fefd/);
	});

test("a client, with gnutls", async (context) => {
	const gnutls = requirePeer(context, "gnutls-serv");
	if (!gnutls) return;
	const port = await freePort();
	const peer = start(context, gnutls.path, ["--udp", `--port=${port}`, `--x509certfile=${pki.ec.certificate}`, `--x509keyfile=${pki.ec.key}`, "--echo"]);
	await peer.waitFor(/listening|ready/i).catch(() => {});
	const program = startImage(context, image, 60, { JOB: "hello", PORT: String(port), CA: pki.ca });
	const { code, stdout } = await program.ended;
	assert.equal(code, 0, program.describe());
	assert.match(stdout, /answer hello from an image\nversion fefd/);
});

test("a server, with openssl and gnutls", async (context) => {
	const openssl = requirePeer(context, "openssl");
	const gnutls = requirePeer(context, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const { port, program } = await startServer(context);
	const s_client = ["s_client", "-connect", `127.0.0.1:${port}`, "-dtls1_2"];
	for (const args of [
		["-CAfile", pki.ca, "-verify_return_error"],
		["-cipher", "PSK-AES128-CCM8:@SECLEVEL=0", ...opensslPsk],
	]) {
		const peer = start(context, openssl.path, [...s_client, ...args]);
		await peer.waitFor(/Extended master secret/);
		peer.write("hello from openssl\n");
		await peer.waitFor(/^hello from openssl/m);
		peer.write("Q\n");
		await peer.ended;
	}
	const priority = "NORMAL:-VERS-ALL:+VERS-DTLS1.2";
	const args = ["--udp", `--port=${port}`, `--x509cafile=${pki.ca}`, "--verify-hostname=localhost", `--priority=${priority}`, "127.0.0.1"];
	const peer = start(context, gnutls.path, args);
	await peer.waitFor(/Simple Client Mode/);
	peer.write("hello from gnutls\n");
	await peer.waitFor(/hello from gnutls/);
	peer.endInput();
	await program.waitFor(/client 3: has closed/);
});

test("a server with many peers at once: each has its own, one more finds no room, and places come back", async (context) => {
	const { port } = await startServer(context, 6);
	const streams = await Promise.all(Array.from({ length: 6 }, (_, index) => connect(context, port, index % 2 ? certificates : undefined)));
	const texts = await Promise.all(streams.map((stream, index) => ask(stream, `stream ${index}`)));
	assert.deepEqual(
		texts,
		texts.map((_, index) => `stream ${index}`),
	);
	const seventh = await connect(context, port);
	await assert.rejects(ask(seventh, "is there room?"), /internal_error/);
	assert.match(await ask(streams[0], "#", STATE), /^6 connections, 1 refused/);
	assert.equal(await ask(streams[1], "bye!"), "bye!");
	for (let tries = 0; !/^5 /.test(await ask(streams[0], "#", STATE)); tries++) assert.ok(tries < 50, "its place doesn't come back");
	const next = await connect(context, port);
	assert.equal(await ask(next, "the next one"), "the next one");
});

test("a server that is closed lets nobody in; who is in goes on", async (context) => {
	const { port } = await startServer(context);
	const stream = await connect(context, port);
	assert.equal(await ask(stream, "stop!", /^stopped$/), "stopped");
	const late = await connect(context, port);
	const secure = await Promise.race([
		new Promise((resolve) => late.once("secure", () => resolve("let in"))),
		new Promise((resolve) => setTimeout(() => resolve("not let in"), 1500)),
	]);
	assert.equal(secure, "not let in");
	assert.equal(await ask(stream, "still there?"), "still there?");
});

/** Carries datagrams to a port and back; from another port of its own each time move() is called, as a NAT does. */
async function startRelay(t: Ending, port: number): Promise<{ port: number; move(): Promise<void> }> {
	let client = 0;
	const inside = createSocket("udp4");
	const outside: Socket[] = [];
	const move = async (): Promise<void> => {
		const socket = createSocket("udp4");
		await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
		socket.on("message", (datagram) => inside.send(datagram, client, "127.0.0.1"));
		outside.unshift(socket);
	};
	inside.on("message", (datagram, from) => {
		client = from.port;
		outside[0].send(datagram, port, "127.0.0.1");
	});
	await new Promise<void>((resolve) => inside.bind(0, "127.0.0.1", resolve));
	await move();
	t.after(() => {
		for (const socket of [inside, ...outside]) socket.close();
	});
	return { port: (inside.address() as AddressInfo).port, move };
}

for (const maximumVersion of ["TLS 1.3", "TLS 1.2"] as const)
	test(`connection ids: a client behind a NAT that gives it another port, D${maximumVersion}`, async (context) => {
		const { port } = await startServer(context);
		const relay = await startRelay(context, port);
		const version = maximumVersion === "TLS 1.3" ? 0x0304 : 0x0303;
		const stream = await connect(context, relay.port, { ...certificates, maximumVersion: version });
		const before = /from (\d+)/.exec(await ask(stream, "#", STATE))?.[1];
		await relay.move();
		assert.equal(await ask(stream, "from elsewhere"), "from elsewhere");
		let after = before;
		for (let tries = 0; after === before && tries < 20; tries++) after = /from (\d+)/.exec(await ask(stream, "#", STATE))?.[1];
		assert.notEqual(after, before, "the server still sends to the old port");
		assert.match(await ask(stream, "#", STATE), /^1 connections/);
	});

test("the heap is the same after 1,000 connections, and after connections that were closed at any moment", async (context) => {
	const program = startImage(context, image, 300, { JOB: "cycles", PORT: String(await freePort()), ROUNDS: "1000", CA: pki.ca, ...own });
	const { code, stdout } = await program.ended;
	for (const line of stdout.trim().split("\n")) context.diagnostic(line);
	assert.equal(code, 0, program.describe());
});
