// TLS 1.3 with keys from before: resumption by tickets and external pre-shared keys, both roles, with openssl and gnutls. Those of
// 1.2 are in tls12-client and tls12-server.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gnutlsPriority, startGnutlsServer, startOpensslServer } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsServer } from "../support/polltls.js";
import { freePort, listening, run, start, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const trust = ["--servername", "localhost", "--ca", pki.ca, "--min", "1.3"];
const own = ["--cert", pki.ec.certificate, "--key", pki.ec.key];
const request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";
const key = "0102030405060708090a0b0c0d0e0f10";
const identity = "dev";

test("our client resumes with openssl's server and gnutls', without a signature", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!openssl || !gnutls) return;
	for (const server of [await startOpensslServer(t, openssl, { identity: pki.ec }), await startGnutlsServer(t, gnutls, { identity: pki.rsa })]) {
		const file = join(temporaryFolder(t), "session");
		for (const resumed of [false, true, true]) {
			const { report, code, stderr } = await connectWithPolltls(server.port, [...trust, "--resume", file, "--http", "/"]);
			assert.equal(code, 0, stderr);
			assert.deepEqual([report.resumed, report.signatureAlgorithm !== "", report.peer !== null], [resumed, !resumed, !resumed]);
			assert.notEqual(report.group, "", "psk_dhe_ke");
		}
	}
});

test("a session of another server, one that is cut off or changed: a full handshake, or none is read", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const [one, other] = [await startOpensslServer(t, openssl, { identity: pki.ec }), await startOpensslServer(t, openssl, { identity: pki.ec })];
	const file = join(temporaryFolder(t), "session");
	const full = await connectWithPolltls(one.port, [...trust, "--resume", file, "--http", "/"]);
	assert.equal(full.code, 0, full.stderr);
	const session = readFileSync(file);
	const elsewhere = await connectWithPolltls(other.port, [...trust, "--resume", file, "--http", "/"]);
	assert.deepEqual([elsewhere.code, elsewhere.report.resumed], [0, false]);
	const changed = Buffer.from(session);
	changed[changed.length - 60] ^= 1; // in the ticket
	for (const [bytes, resumed] of [
		[changed, false],
		[session, true],
	] as const) {
		writeFileSync(file, bytes);
		const { code, report, stderr } = await connectWithPolltls(one.port, [...trust, "--resume", file, "--http", "/"]);
		assert.deepEqual([code, report.resumed], [0, resumed], stderr);
	}
});

test("openssl, gnutls and our own client resume with our server; as many tickets as it is told to give", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const server = await startPolltlsServer(t, ["--http", "--min", "1.3", "--tickets", "3", ...own]);
	const file = join(temporaryFolder(t), "session");
	const clientOf = (port: number): string[] => [
		"s_client",
		"-connect",
		`127.0.0.1:${port}`,
		"-CAfile",
		pki.ca,
		"-servername",
		"localhost",
		"-tls1_3",
		"-ign_eof",
	];
	for (const [option, word, resumed] of [
		["-sess_out", /^New, TLSv1\.3/m, false],
		["-sess_in", /^Reused, TLSv1\.3/m, true],
	] as const) {
		const page = await run(openssl.path, [...clientOf(server.port), option, file], { input: request });
		assert.match(page.stdout, word);
		assert.match(page.stdout, /200 OK/);
		if (!resumed) assert.equal(page.stdout.match(/Post-Handshake New Session Ticket arrived/g)?.length, 3);
		const report = await server.nextReport();
		assert.deepEqual([report.resumed, report.signatureAlgorithm !== ""], [resumed, !resumed]);
	}
	const resuming = start(t, gnutls.path, [
		...[`--port=${server.port}`, `--x509cafile=${pki.ca}`, "--sni-hostname=localhost", "--verify-hostname=localhost", `--priority=${gnutlsPriority()}`],
		...["--resume", "--waitresumption", "127.0.0.1"],
	]);
	await resuming.waitFor(/This is a resumed session/);
	resuming.write(request);
	await resuming.waitFor(/200 OK/);
	resuming.endInput();
	assert.deepEqual([(await server.nextReport()).resumed, (await server.nextReport()).resumed], [false, true]);
	const none = await startPolltlsServer(t, ["--http", "--min", "1.3", "--no-tickets", ...own]);
	const without = await run(openssl.path, clientOf(none.port), { input: request });
	assert.match(without.stdout, /200 OK/);
	assert.doesNotMatch(without.stdout, /New Session Ticket arrived/);
});

test("an external PSK: our client with openssl and gnutls", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!openssl || !gnutls) return;
	const ours = (psk: string): string[] => ["--min", "1.3", "--psk", psk, "--psk-identity", identity, "--http", "/"];
	const options = ["-psk", key, "-psk_identity", identity, "-nocert", "-ciphersuites", "TLS_AES_128_GCM_SHA256"];
	const port = await freePort();
	const server = start(t, openssl.path, ["s_server", "-accept", `127.0.0.1:${port}`, "-tls1_3", "-www", ...options]);
	await server.waitFor(/ACCEPT/);
	const passwords = join(temporaryFolder(t), "psk");
	writeFileSync(passwords, `${identity}:${key}\n`);
	const gnutlsPort = await freePort();
	const priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK:+DHE-PSK:+PSK";
	const other = start(t, gnutls.path, [`--port=${gnutlsPort}`, `--pskpasswd=${passwords}`, `--priority=${priority}`, "--http"]);
	await listening(gnutlsPort, other);
	for (const each of [port, gnutlsPort]) {
		const { code, report, stderr } = await connectWithPolltls(each, ours(key));
		assert.equal(code, 0, stderr);
		assert.deepEqual([report.pskIdentity, report.resumed, report.peer, report.signatureAlgorithm], [identity, false, null, ""]);
		const wrong = await connectWithPolltls(each, ours(`ff${key.slice(2)}`));
		assert.equal(wrong.report.failure?.name, "ALERT_RECEIVED");
	}
});

test("an external PSK: openssl and gnutls with our server; a wrong key and an unknown identity are both refused", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const server = await startPolltlsServer(t, ["--http", "--min", "1.3", "--psk", key, "--psk-identity", identity]);
	const ask = (psk: string, name: string) => {
		const args = ["s_client", "-connect", `127.0.0.1:${server.port}`, "-tls1_3", "-psk", psk, "-psk_identity", name];
		return run(openssl.path, [...args, "-ciphersuites", "TLS_AES_128_GCM_SHA256", "-ign_eof"], { input: request });
	};
	assert.match((await ask(key, identity)).stdout, /200 OK/);
	assert.equal((await server.nextReport()).pskIdentity, identity);
	const client = start(t, gnutls.path, [
		...[`--port=${server.port}`, `--pskusername=${identity}`, `--pskkey=${key}`],
		...["--priority=NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK:+DHE-PSK:+PSK", "127.0.0.1"],
	]);
	await client.waitFor(/Simple Client Mode/);
	client.write(request);
	await client.waitFor(/200 OK/);
	client.endInput();
	assert.equal((await server.nextReport()).pskIdentity, identity);
	assert.doesNotMatch((await ask(`ff${key.slice(2)}`, identity)).stdout, /200 OK/);
	const wrong = (await server.nextReport()).failure;
	assert.doesNotMatch((await ask(key, "nobody")).stdout, /200 OK/);
	const unknown = (await server.nextReport()).failure;
	assert.equal(wrong?.alert, unknown?.alert, "the peer can't tell them apart");
});
