// Client certificates with keys of every kind, 1.2 and 1.3, with openssl and gnutls in both roles; and which of several a client
// shows: by the names of authorities and by the signature schemes that the server asks for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { requirePeer } from "../support/peers.js";
import { makeMoreClients, makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsServer } from "../support/polltls.js";
import { type Ending, freePort, listening, run, start } from "../support/processes.js";

const pki = makePki();
const clients = makeMoreClients(pki);
const kinds = ["ed25519", "p384", "rsaPss"] as const;
const versions = [
	{ name: "1.2", ours: ["--max", "1.2"], openssl: "-tls1_2", gnutls: "VERS-TLS1.2" },
	{ name: "1.3", ours: ["--min", "1.3"], openssl: "-tls1_3", gnutls: "VERS-TLS1.3" },
];
const shown = (identity: { certificate: string; key: string }): string[] => ["--cert", identity.certificate, "--key", identity.key];
const request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

/** openssl's server that wants a certificate under this authority, and says so by name. */
async function opensslServer(t: Ending, path: string, version: string, authority: string, extra: string[] = []): Promise<number> {
	const port = await freePort();
	const args = ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", pki.ec.certificate, "-key", pki.ec.key, version, "-www"];
	const program = start(t, path, [...args, "-Verify", "2", "-verify_return_error", "-CAfile", authority, ...extra]);
	await program.waitFor(/ACCEPT/);
	return port;
}

for (const { name, ours, openssl: version, gnutls: priority } of versions) {
	const trust = ["--servername", "localhost", "--ca", pki.ca, ...ours];

	test(`${name}: our client shows each kind of key to openssl and gnutls`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		const gnutls = requirePeer(t, "gnutls-serv");
		if (!openssl || !gnutls) return;
		const gnutlsPort = await freePort();
		const args = [`--port=${gnutlsPort}`, `--x509certfile=${pki.ec.certificate}`, `--x509keyfile=${pki.ec.key}`, `--x509cafile=${pki.ca}`];
		const program = start(t, gnutls.path, [...args, "--require-client-cert", "--verify-client-cert", "--http", `--priority=NORMAL:-VERS-ALL:+${priority}`]);
		await listening(gnutlsPort, program);
		for (const port of [await opensslServer(t, openssl.path, version, pki.ca), gnutlsPort])
			for (const kind of kinds) {
				const { code, stderr, stdout } = await connectWithPolltls(port, [...trust, ...shown(clients[kind]), "--http", "/"]);
				assert.equal(code, 0, `${kind}: ${stderr}`);
				assert.match(stdout, /html/i);
			}
	});

	test(`${name}: our server takes each kind of key of openssl and gnutls`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		const gnutls = requirePeer(t, "gnutls-cli");
		if (!openssl || !gnutls) return;
		const server = await startPolltlsServer(t, [...ours, ...shown(pki.ec), "--ca", pki.ca, "--verify-client", "require", "--http"]);
		const { port } = server;
		const schemes = { ed25519: "ed25519", p384: "ecdsa_secp384r1_sha384", rsaPss: "rsa_pss_pss_sha256" };
		for (const kind of kinds) {
			const { certificate, key } = clients[kind];
			const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-CAfile", pki.ca, version, "-cert", certificate, "-key", key];
			const page = await run(openssl.path, [...args, "-ign_eof"], { input: request });
			assert.match(page.stdout, /200 OK/, `${schemes[kind]}: ${page.stderr}`);
			assert.match((await server.nextReport()).peer?.subject ?? "", /device-7/);
			const client = start(t, gnutls.path, [
				...[`--port=${port}`, `--x509cafile=${pki.ca}`, "--sni-hostname=localhost", "--verify-hostname=localhost", `--priority=NORMAL:-VERS-ALL:+${priority}`],
				...[`--x509certfile=${certificate}`, `--x509keyfile=${key}`, "127.0.0.1"],
			]);
			await client.waitFor(/Simple Client Mode/);
			client.write(request);
			await client.waitFor(/200 OK/);
			client.endInput();
			await client.ended;
			assert.match((await server.nextReport()).peer?.subject ?? "", /device-7/, kind);
		}
	});

	test(`${name}: of several certificates the one that the server's authorities issued, or whose key it can check`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const all = [...shown(clients.rsaPss), ...shown(clients.ed25519), ...shown(pki.clientEc), ...shown(clients.ofOtherCa)];
		const ofOther = await opensslServer(t, openssl.path, version, pki.otherCa);
		const page = await connectWithPolltls(ofOther, [...trust, ...all, "--http", "/"]);
		assert.equal(page.code, 0, page.stderr);
		for (const [sigalgs, said] of [
			["ed25519", /Ed25519/i],
			["ECDSA+SHA256", /ECDSA/i],
			["rsa_pss_pss_sha256", /RSA-PSS/i],
		] as const) {
			const port = await opensslServer(t, openssl.path, version, pki.ca, ["-client_sigalgs", sigalgs]);
			const { code, stdout, stderr } = await connectWithPolltls(port, [...trust, ...all, "--http", "/"]);
			assert.equal(code, 0, `${sigalgs}: ${stderr}`);
			assert.match(stdout, said);
		}
		// Nobody of the list issued any of them: the first whose key fits is better than none
		const none = await opensslServer(t, openssl.path, version, pki.otherCa, ["-client_sigalgs", "ed25519"]);
		assert.equal((await connectWithPolltls(none, [...trust, ...shown(clients.ed25519), "--http", "/"])).report.failure?.alert, "unknown_ca");
	});
}
