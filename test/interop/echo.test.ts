// The echo programs of each interface with openssl and gnutls, both roles: TLS by the native and the sockets interface, and
// the same over datagrams.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { isDatagram, kinds, runEchoClient, startEchoServer, styles } from "../support/echo.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { freePort, listening, type Program, start } from "../support/processes.js";

const pki = makePki();
const ca = readFileSync(pki.ca, "utf8");
const server = { certificate: readFileSync(pki.ec.certificate, "utf8"), key: readFileSync(pki.ec.key, "utf8") };

/** Types a line into a peer's client and waits until it has come back. */
async function talk(program: Program, connected: RegExp): Promise<void> {
	await program.waitFor(connected, 20_000);
	program.write("hello from the peer\n");
	await program.waitFor(/^hello from the peer$/m, 20_000);
	program.write("and once more\n");
	await program.waitFor(/^and once more$/m, 20_000);
}

/** A server of a peer that sends back what comes. */
async function peerServer(t: TestContext, name: "openssl" | "gnutls", path: string, datagrams: boolean): Promise<number> {
	const port = await freePort();
	if (name === "gnutls") {
		const args = [`--port=${port}`, `--x509certfile=${pki.ec.certificate}`, `--x509keyfile=${pki.ec.key}`, "--echo", "--disable-client-cert"];
		const program = start(t, path, datagrams ? [...args, "--udp"] : args);
		if (datagrams) await program.waitFor(/UDP|listening/i, 10_000);
		else await listening(port, program);
		return port;
	}
	const args = ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", pki.ec.certificate, "-key", pki.ec.key];
	const program = start(t, path, datagrams ? [...args, "-dtls1_2"] : [...args, "-rev"]);
	await program.waitFor(/ACCEPT/);
	if (datagrams) void sendBack(program);
	return port;
}

/** openssl shows what comes, over datagrams, and sends what is typed. */
async function sendBack(program: Program): Promise<void> {
	await program.waitFor(/echo me/, 30_000).catch(() => undefined);
	program.write("echo me\n");
}

for (const kind of kinds) {
	for (const style of styles) {
		test(`openssl's client and our ${kind} server, ${style}`, async (t) => {
			const peer = requirePeer(t, "openssl");
			if (!peer) return;
			const port = await startEchoServer(t, "node", { kind, style, ...server });
			const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", pki.ca, "-verify_return_error", "-verify_hostname", "localhost"];
			await talk(start(t, peer.path, isDatagram(kind) ? [...args, "-dtls1_2"] : args), /Verify return code: 0/);
		});
		test(`gnutls's client and our ${kind} server, ${style}`, async (t) => {
			const peer = requirePeer(t, "gnutls-cli");
			if (!peer) return;
			const port = await startEchoServer(t, "node", { kind, style, ...server });
			const args = [`--port=${port}`, `--x509cafile=${pki.ca}`, "--verify-hostname=localhost", "--sni-hostname=localhost", "127.0.0.1"];
			await talk(start(t, peer.path, isDatagram(kind) ? ["--udp", ...args] : args), /Simple Client Mode/);
		});
	}
	test(`our ${kind} clients and openssl's server`, async (t) => {
		const peer = requirePeer(t, "openssl");
		if (!peer) return;
		const text = "echo me\n";
		for (const style of styles) {
			const port = await peerServer(t, "openssl", peer.path, isDatagram(kind));
			const { echo, failure } = await runEchoClient("node", { kind, style, ca, port, peerName: "localhost", text });
			assert.equal(failure, 0);
			assert.equal(echo, isDatagram(kind) ? text : "em ohce\n");
		}
	});
	test(`our ${kind} clients and gnutls's server`, async (t) => {
		const peer = requirePeer(t, "gnutls-serv");
		if (!peer) return;
		const text = "echo me, and more than a line\n".repeat(isDatagram(kind) ? 3 : 50);
		const port = await peerServer(t, "gnutls", peer.path, isDatagram(kind));
		for (const style of styles) {
			const { echo, failure } = await runEchoClient("node", { kind, style, ca, port, peerName: "localhost", text });
			assert.equal(failure, 0, `failure ${(failure ?? 0) >> 16}`);
			assert.equal(echo, text);
		}
	});
}

test("our servers on XS and openssl's client", async (t) => {
	const peer = requirePeer(t, "openssl");
	if (!peer) return;
	for (const kind of kinds) {
		const port = await startEchoServer(t, "xs", { kind, style: "events", ...server });
		const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", pki.ca, "-verify_return_error"];
		await talk(start(t, peer.path, isDatagram(kind) ? [...args, "-dtls1_2"] : args), /Verify return code: 0/);
	}
});
