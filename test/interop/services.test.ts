// Services of a handshake that the other files of 1.2 and 1.3 don't show: certificates by name, protocols with nginx, the shortest and
// the longest records, heartbeats and second handshakes of gnutls, a server's time, and what --keylog and --json say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startNginx } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { gnutlsPriority12, startGnutlsServer12, startOpensslServer12 } from "../support/peers12.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, polltls, startPolltlsClient, startPolltlsServer } from "../support/polltls.js";
import { freePort, listening, run, start, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const trust = ["--servername", "localhost", "--ca", pki.ca];
const own = ["--cert", pki.ec.certificate, "--key", pki.ec.key];
const versions = [
	{ name: "1.2", ours: ["--min", "1.2", "--max", "1.2"], openssl: "-tls1_2", gnutls: "VERS-TLS1.2", nginx: "TLSv1.2" },
	{ name: "1.3", ours: ["--min", "1.3"], openssl: "-tls1_3", gnutls: "VERS-TLS1.3", nginx: "TLSv1.3" },
];
const request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

test("a certificate for each name: --servername-cert", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const named = ["--servername-cert", `localhost=${pki.rsa.certificate},${pki.rsa.key}`];
	const server = await startPolltlsServer(t, ["--http", "--cert", pki.stranger.certificate, "--key", pki.stranger.key, ...named]);
	for (const { openssl: version, name } of versions) {
		const ask = (servername: string[]) =>
			run(openssl.path, ["s_client", "-connect", `127.0.0.1:${server.port}`, "-CAfile", pki.ca, version, ...servername, "-ign_eof"], { input: request });
		const known = await ask(["-servername", "localhost"]);
		assert.match(known.stdout, /Verification: OK/, name);
		assert.match(known.stdout, /Peer signature type: RSA/);
		assert.equal((await server.nextReport()).serverName, "localhost");
		for (const other of [["-servername", "elsewhere"], ["-noservername"]]) {
			const page = await ask(other);
			assert.match(page.stdout, /Peer signature type: ECDSA/, name);
			assert.match(page.stdout, /200 OK/);
			await server.nextReport();
		}
	}
	const wrong = await polltls(["server", ...own, "--servername-cert", "localhost"]);
	assert.equal(wrong.code, 2);
});

test("ALPN with nginx, and none in common", async (t) => {
	const nginx = requirePeer(t, "nginx");
	if (!nginx) return;
	for (const { ours, nginx: protocols, name } of versions) {
		const { port } = await startNginx(t, nginx, { identity: pki.ec, protocols });
		for (const [offer, chosen] of [
			["http/1.1", "http/1.1"],
			["coap,http/1.0", "http/1.0"],
		]) {
			const { code, report, stdout, stderr } = await connectWithPolltls(port, [...trust, ...ours, "--alpn", offer, "--http", "/"]);
			assert.equal(code, 0, stderr);
			assert.equal(report.alpn, chosen, name);
			assert.match(stdout, /hello from nginx/);
		}
		const { report } = await connectWithPolltls(port, [...trust, ...ours, "--alpn", "coap", "--http", "/"]);
		assert.equal(report.failure?.alert, "no_application_protocol", name);
	}
});

test("records of 64 bytes to the longest, both roles, with gnutls", async (t) => {
	const serv = requirePeer(t, "gnutls-serv");
	const cli = requirePeer(t, "gnutls-cli");
	if (!serv || !cli) return;
	for (const { ours, gnutls, name } of versions) {
		const port = await freePort();
		const priority = `--priority=NORMAL:-VERS-ALL:+${gnutls}:%ALLOW_SMALL_RECORDS`;
		const args = [`--port=${port}`, `--x509certfile=${pki.ec.certificate}`, `--x509keyfile=${pki.ec.key}`, "--disable-client-cert", priority, "--echo"];
		const server = start(t, serv.path, args);
		await listening(port, server);
		for (const limit of [64, 200, 512, 4096, 16384]) {
			const text = "y".repeat(300);
			const { code, report, stdout, stderr } = await connectWithPolltls(port, [...trust, ...ours, "--record-size-limit", `${limit}`, "--send", `${text}\n`]);
			assert.equal(code, 0, `${name} ${limit}: ${stderr}`);
			assert.equal(stdout.trim(), text, `${name} ${limit}`);
			assert.ok((report.recordSizeLimit ?? 0) >= 64);
			if (limit === 64) assert.ok(report.recordsIn > 5, `${report.recordsIn} records of 64 bytes`);
		}
		const own64 = await startPolltlsServer(t, ["--echo", ...ours, "--record-size-limit", "64", ...own]);
		for (const size of ["512", "4096"]) {
			const client = start(t, cli.path, [
				...[`--port=${own64.port}`, `--x509cafile=${pki.ca}`, "--sni-hostname=localhost", "--verify-hostname=localhost", priority],
				...[`--recordsize=${size}`, "127.0.0.1"],
			]);
			await client.waitFor(/Simple Client Mode/);
			const line = "z".repeat(180);
			client.write(`${line}\n`);
			await client.waitFor(/z{60}/);
			client.endInput();
			await client.ended;
			const report = await own64.nextReport();
			assert.equal(report.failure, null, `${name} ${size}: ${JSON.stringify(report.failure)}`);
			assert.ok((report.recordSizeLimit ?? 0) >= 64, `${name} ${size}`);
		}
	}
});

test("heartbeats: gnutls' client answers ours", async (t) => {
	const cli = requirePeer(t, "gnutls-cli");
	if (!cli) return;
	const server = await startPolltlsServer(t, ["--echo", "--max", "1.2", "--heartbeat", ...own]);
	const client = start(t, cli.path, [
		...[`--port=${server.port}`, `--x509cafile=${pki.ca}`, "--sni-hostname=localhost", "--verify-hostname=localhost", "--heartbeat"],
		...[`--priority=${gnutlsPriority12("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")}`, "127.0.0.1"],
	]);
	await client.waitFor(/Simple Client Mode/);
	// It waits for data then, deaf to its input: it is stopped
	await new Promise((resolve) => setTimeout(resolve, 700));
	client.kill();
	const { heartbeats } = await server.nextReport();
	assert.deepEqual([heartbeats.sent, heartbeats.answered], [1, 1]);
});

test("a second handshake of ours with gnutls' server", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!gnutls) return;
	const server = await startGnutlsServer12(t, gnutls, { pki, service: "talk" });
	const client = startPolltlsClient(t, server.port, [...trust, "--max", "1.2", "--json", "--renegotiate"]);
	await new Promise((resolve) => setTimeout(resolve, 700));
	client.write("after it\n");
	await client.waitFor(/after it/);
	client.endInput();
	await client.waitFor(/"renegotiations":\d+/);
	assert.match(client.stderr, /"renegotiations":1,/);
});

test("a server's time: --tell-time", async (t) => {
	const server = await startPolltlsServer(t, ["--http", "--tell-time", "--time", "1790000000", ...own]);
	const told = await connectWithPolltls(server.port, [...trust, "--max", "1.2", "--http", "/"]);
	assert.deepEqual([told.code, told.report.serverTime], [0, 1790000000]);
	const newer = await connectWithPolltls(server.port, [...trust, "--min", "1.3", "--http", "/"]);
	assert.deepEqual([newer.code, newer.report.serverTime], [0, 0], "1.3 has no time");
});

test("--keylog of 1.2: openssl's master key", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const file = join(temporaryFolder(t), "keys");
	const sessions = join(temporaryFolder(t), "peer");
	const { port } = await startOpensslServer12(t, openssl, { pki, extra: ["-keylogfile", sessions] });
	const { code, stderr } = await connectWithPolltls(port, [...trust, "--max", "1.2", "--keylog", file, "--http", "/"]);
	assert.equal(code, 0, stderr);
	const line = /^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/m.exec(readFileSync(file, "utf8"))?.[0];
	assert.ok(line, readFileSync(file, "utf8"));
	assert.ok(readFileSync(sessions, "utf8").toLowerCase().includes(line.toLowerCase()));
});
