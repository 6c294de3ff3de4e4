// A later handshake on an open connection of DTLS 1.2 (RFC 5746, RFC 6347) with openssl and gnutls: both roles, begun by either
// side, with data before and after it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { type Report, startPolltlsClient, startPolltlsServer } from "../support/polltls.js";
import { type Ending, freePort, type Program, start } from "../support/processes.js";

const pki = makePki();
const v12 = ["--dtls", "--min", "1.2", "--max", "1.2"];
const ecKey = ["--cert", pki.ec.certificate, "--key", pki.ec.key];
const trust = ["--ca", pki.ca, "--servername", "localhost"];
const ownKey = ["--cert", pki.clientRsa.certificate, "--key", pki.clientRsa.key];
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
/** Our side, openssl as a server, openssl as a client. */
const circumstances: Record<string, [string[], string[], string[]]> = {
	"a certificate of the server": [[], [], []],
	"certificates of both": [ownKey, ["-Verify", "2", "-CAfile", pki.ca], ["-cert", pki.clientRsa.certificate, "-key", pki.clientRsa.key]],
	"small datagrams": [
		["--mtu", "300"],
		["-mtu", "300"],
		["-mtu", "300"],
	],
	"a lost datagram in five": [["--loss", "20%", "--seed", "7", "--retransmit", "100"], [], []],
};

interface Server {
	port: number;
	program: Program;
}

async function opensslServer(t: Ending, path: string, more: string[]): Promise<Server> {
	const port = await freePort();
	const key = ["-cert", pki.ec.certificate, "-key", pki.ec.key];
	const program = start(t, path, ["s_server", "-accept", `127.0.0.1:${port}`, "-dtls1_2", ...key, ...more]);
	await program.waitFor(/ACCEPT/);
	return { port, program };
}

async function gnutlsServer(t: Ending, path: string): Promise<Server> {
	const port = await freePort();
	const key = [`--x509certfile=${pki.ec.certificate}`, `--x509keyfile=${pki.ec.key}`];
	const program = start(t, path, ["--udp", `--port=${port}`, "--echo", "--disable-client-cert", ...key]);
	await settle();
	return { port, program };
}

/** Data may be lost: it is said until it is heard. */
async function heard(speaker: Program, text: string, listener: Program): Promise<void> {
	for (let tries = 0; tries < 10 && !listener.stdout.includes(text); tries++) {
		speaker.write(`${text}\n`);
		await settle();
	}
	await listener.waitFor(new RegExp(text));
}

/** Waits for what our client tells when its input ends. */
async function reportOf(client: Program): Promise<Report> {
	client.endInput();
	await client.waitFor(/"renegotiations":\d+/);
	const report = JSON.parse(client.stderr.split("\n").find((line) => line.startsWith("{")) ?? "") as Report;
	assert.equal(report.failure, null, client.stderr);
	return report;
}

for (const [name, [ours, asServer, asClient]] of Object.entries(circumstances)) {
	test(`our client with openssl's server: ${name}`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const talk = async (allowed: string[], asks: boolean): Promise<number> => {
			const { port, program } = await opensslServer(t, openssl.path, [...allowed, ...asServer]);
			const client = startPolltlsClient(t, port, [...v12, ...trust, ...ours, "--json", "--renegotiate"]);
			await program.waitFor(/CIPHER is/, 30_000);
			await settle();
			if (asks) program.write("r\n");
			await settle();
			await heard(client, "from our side", program);
			program.write("from their side\n");
			await client.waitFor(/from their side/);
			return (await reportOf(client)).renegotiations;
		};
		assert.equal(await talk(["-client_renegotiation"], false), 1, "ours");
		assert.equal(await talk(["-client_renegotiation"], true), 2, "ours, then the server's");
		assert.equal(await talk([], false), 0, "refused");
		assert.equal(await talk([], true), 1, "refused, then the server's");
	});

	test(`our server with openssl's client: ${name}`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const verify = ours === ownKey ? ["--verify-client", "require", "--ca", pki.ca] : ours;
		const server = await startPolltlsServer(t, [...v12, ...ecKey, ...verify, "--renegotiate"]);
		const client = start(t, openssl.path, ["s_client", "-connect", `127.0.0.1:${server.port}`, "-dtls1_2", "-CAfile", pki.ca, ...asClient]);
		await client.waitFor(/Extended master secret/, 30_000);
		await settle();
		await heard(client, "first", client);
		client.write("R\n");
		await client.waitFor(/RENEGOTIATING/);
		await settle();
		await heard(client, "second", client);
		client.write("Q\n");
		const report = await server.nextReport();
		assert.deepEqual([report.failure, report.renegotiations], [null, 2]);
	});
}

test("openssl's client is refused", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer(t, [...v12, ...ecKey]);
	const client = start(t, openssl.path, ["s_client", "-connect", `127.0.0.1:${server.port}`, "-dtls1_2", "-CAfile", pki.ca]);
	await client.waitFor(/Extended master secret/);
	client.write("R\n");
	await client.waitFor(/no renegotiation/);
	assert.equal((await server.nextReport()).renegotiations, 0);
});

test("our client with gnutls' server, begun by either side", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!gnutls) return;
	const { port } = await gnutlsServer(t, gnutls.path);
	const client = startPolltlsClient(t, port, [...v12, ...trust, "--json", "--renegotiate"]);
	client.write("first\n");
	await client.waitFor(/first/);
	client.write("**REHANDSHAKE**\n"); // its word for it
	await settle();
	client.write("second\n");
	await client.waitFor(/second/);
	assert.equal((await reportOf(client)).renegotiations, 2);
});

test("our server with gnutls' client, begun by either side", async (t) => {
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!gnutls) return;
	const server = await startPolltlsServer(t, [...v12, ...ecKey, "--renegotiate"]);
	const args = ["--udp", `--port=${server.port}`, `--x509cafile=${pki.ca}`, "--verify-hostname=localhost", "--inline-commands"];
	const client = start(t, gnutls.path, [...args, "127.0.0.1"]);
	await client.waitFor(/Simple Client Mode/);
	await settle();
	client.write("first\n");
	await client.waitFor(/^first$/m);
	client.write("^renegotiate^\n");
	await client.waitFor(/ReHandshake was completed/);
	client.write("second\n");
	await client.waitFor(/^second$/m);
	client.endInput();
	const report = await server.nextReport();
	assert.deepEqual([report.failure, report.renegotiations], [null, 2]);
});
