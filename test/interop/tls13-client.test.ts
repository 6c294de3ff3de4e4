// Our TLS 1.3 client with openssl, gnutls and nginx: every suite, group and certificate type that they have.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import {
	groups13,
	type PeerServer,
	pageText,
	type ServerSettings,
	startGnutlsServer,
	startNginx,
	startOpensslServer,
	suites13,
} from "../support/peer-servers.js";
import { type Peer, type PeerName, requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsClient } from "../support/polltls.js";
import { type Ending, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const trust = ["--servername", "localhost", "--ca", pki.ca];
const signatures = { ec: "ecdsa_secp256r1_sha256", rsa: /^rsa_pss_rsae_sha(256|384|512)$/ };

const peerServers: { name: PeerName; page: RegExp; begin: (t: Ending, peer: Peer, settings: ServerSettings) => Promise<PeerServer> }[] = [
	{ name: "openssl", page: pageText.openssl, begin: startOpensslServer },
	{ name: "gnutls-serv", page: pageText.gnutls, begin: startGnutlsServer },
	{ name: "nginx", page: pageText.nginx, begin: startNginx },
];

for (const { name, page, begin } of peerServers)
	for (const key of ["ec", "rsa"] as const)
		test(`${name} with every suite and group, ${key}`, async (t) => {
			const peer = requirePeer(t, name);
			if (!peer) return;
			const { port } = await begin({ after }, peer, { identity: pki[key] });
			for (const suite of suites13)
				for (const group of groups13)
					await t.test(`${name} ${key} ${suite} ${group}`, async () => {
						const outcome = await connectWithPolltls(port, [...trust, "--suites", suite, "--groups", group, "--http", "/"]);
						const { report } = outcome;
						assert.equal(outcome.code, 0, outcome.stderr);
						assert.match(outcome.stdout, page);
						assert.equal(report.failure, null);
						assert.deepEqual([report.version, report.suite, report.group], ["TLS 1.3", suite, group]);
						assert.match(report.signatureAlgorithm, new RegExp(signatures[key]));
						assert.match(report.peer?.subject ?? "", /CN=localhost/);
					});
		});

test("HelloRetryRequest: a server that doesn't take the group of our first share", async (t) => {
	for (const { name, page, begin } of peerServers) {
		const peer = requirePeer(t, name);
		if (!peer) return;
		for (const [first, wanted] of [
			["x25519", "secp256r1"],
			["secp256r1", "x25519"],
		]) {
			const { port } = await begin(t, peer, { identity: pki.ec, groups: [wanted] });
			const outcome = await connectWithPolltls(port, [...trust, "--groups", `${first},${wanted}`, "--http", "/"]);
			assert.equal(outcome.code, 0, `${name}: ${outcome.stderr}`);
			assert.match(outcome.stdout, page);
			assert.equal(outcome.report.group, wanted);
			assert.equal(outcome.report.helloRetry, true);
		}
	}
});

test("client certificates: one that the server trusts, none, and a stranger's", async (t) => {
	for (const { name, page, begin } of peerServers) {
		const peer = requirePeer(t, name);
		if (!peer) return;
		const { port } = await begin(t, peer, { identity: pki.rsa, clientCa: pki.ca });
		for (const identity of [pki.clientEc, pki.clientRsa]) {
			const outcome = await connectWithPolltls(port, [...trust, "--cert", identity.certificate, "--key", identity.key, "--http", "/"]);
			assert.equal(outcome.code, 0, `${name}: ${outcome.stderr}`);
			assert.match(outcome.stdout, page);
			if (name === "nginx") assert.match(outcome.stdout, /client SUCCESS/);
		}
		const stranger = await connectWithPolltls(port, [...trust, "--cert", pki.stranger.certificate, "--key", pki.stranger.key, "--http", "/"]);
		const none = await connectWithPolltls(port, [...trust, "--http", "/"]);
		if (name === "nginx") {
			// It says so over HTTP.
			assert.match(stranger.stdout, /The SSL certificate error/);
			assert.match(none.stdout, /No required SSL certificate was sent/);
		} else {
			assert.notEqual(stranger.code, 0);
			assert.equal(stranger.report.failure?.name, "ALERT_RECEIVED");
			assert.equal(stranger.report.failure?.sent, false);
			assert.equal(none.report.failure?.name, "ALERT_RECEIVED");
			assert.match(none.report.failure?.alert ?? "", /certificate_required|handshake_failure|bad_certificate/);
		}
	}
});

test("a chain with an intermediate", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const { port } = await startOpensslServer(t, openssl, { identity: pki.chain });
	const outcome = await connectWithPolltls(port, [...trust, "--http", "/"]);
	assert.equal(outcome.code, 0, outcome.stderr);
	assert.match(outcome.stdout, pageText.openssl);
});

test("KeyUpdate from our side, with the wish for the server's", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startOpensslServer(t, openssl, { identity: pki.ec, service: "talk", extra: ["-msg"] });
	const client = startPolltlsClient(t, server.port, [...trust, "--key-update"]);
	await server.program.waitFor(/<<< .*KeyUpdate/);
	client.write("from our side\n");
	await server.program.waitFor(/^from our side$/m);
	server.program.write("from openssl\n"); // it updates its keys when it next has something to say
	await server.program.waitFor(/>>> .*KeyUpdate/);
	await client.waitFor(/^from openssl$/m);
	client.endInput();
	assert.equal((await client.ended).code, 0, client.stderr);
});

test("KeyUpdate from openssl, alone and with the wish for ours", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startOpensslServer(t, openssl, { identity: pki.ec, service: "talk", extra: ["-msg"] });
	const client = startPolltlsClient(t, server.port, trust);
	client.write("before\n");
	await server.program.waitFor(/^before$/m);
	server.program.write("k\n");
	await server.program.waitFor(/>>> .*KeyUpdate/);
	for (let round = 1; round <= 3; round++) {
		server.program.write("K\n");
		await server.program.waitFor(new RegExp(`(<<< .*KeyUpdate[\\s\\S]*){${round}}`));
		server.program.write(`down ${round}\n`);
		await client.waitFor(new RegExp(`^down ${round}$`, "m"));
		client.write(`up ${round}\n`);
		await server.program.waitFor(new RegExp(`^up ${round}$`, "m"));
	}
	client.endInput();
	assert.equal((await client.ended).code, 0, client.stderr);
});

test("KeyUpdate from gnutls-serv's side of an echo, asked for by ours", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!gnutls) return;
	const { port } = await startGnutlsServer(t, gnutls, { identity: pki.rsa, service: "talk" });
	const client = startPolltlsClient(t, port, [...trust, "--key-update"]);
	for (const line of ["one", "two", "three"]) {
		client.write(`${line}\n`);
		await client.waitFor(new RegExp(`^${line}$`, "m"));
	}
	client.endInput();
	assert.equal((await client.ended).code, 0, client.stderr);
});

test("record_size_limit: gnutls keeps to ours, and we to its", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!gnutls) return;
	const { port } = await startGnutlsServer(t, gnutls, { identity: pki.rsa, service: "talk", extra: ["--recordsize=600"] });
	const text = "0123456789abcdef".repeat(256);
	const outcome = await connectWithPolltls(port, [...trust, "--record-size-limit", "512"], { input: `${text}\n` });
	assert.equal(outcome.code, 0, outcome.stderr);
	assert.ok(outcome.report.recordsOut >= 4096 / 600, `4096 bytes in records of 600: ${outcome.report.recordsOut}`);
	assert.ok((outcome.report.recordSizeLimit ?? 0) <= 601, `${outcome.report.recordSizeLimit}`);
	assert.equal(outcome.report.failure, null);
});

test("a megabyte from nginx", async (t) => {
	const nginx = requirePeer(t, "nginx");
	if (!nginx) return;
	const { port } = await startNginx(t, nginx, { identity: pki.ec });
	const outcome = await connectWithPolltls(port, [...trust, "--http", "/large"]);
	assert.equal(outcome.code, 0, outcome.stderr);
	assert.equal(outcome.stdout, "0123456789abcde\n".repeat(65_536));
});

test("the iot profile: gnutls keeps to its record_size_limit, nginx to its max_fragment_length", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	const nginx = requirePeer(t, "nginx");
	if (!gnutls || !nginx) return;
	const folder = temporaryFolder(t);
	const text = "fedcba9876543210".repeat(2000);
	writeFileSync(join(folder, "data"), text);
	const small = await startGnutlsServer(t, gnutls, { identity: pki.ec, extra: [`--httpdata=${join(folder, "data")}`] });
	const kept = await connectWithPolltls(small.port, [...trust, "--profile", "iot", "--http", "/"]);
	assert.equal(kept.code, 0, kept.stderr);
	assert.ok(kept.stdout.includes(text));
	assert.ok(kept.report.recordsIn >= text.length / 2048);
	const large = await startNginx(t, nginx, { identity: pki.ec });
	const page = await connectWithPolltls(large.port, [...trust, "--profile", "iot", "--http", "/"]);
	assert.equal(page.code, 0, page.stderr);
	for (const versions of [[], ["--min", "1.3"]]) {
		const long = await connectWithPolltls(large.port, [...trust, ...versions, "--profile", "iot", "--http", "/large"]);
		assert.equal(long.code, 0, `${versions}: ${long.stderr}`);
		assert.ok(long.report.recordsIn >= long.stdout.length / 2048);
	}
});

test("hashes and ciphers by noble", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const { port } = await startOpensslServer(t, openssl, { identity: pki.ec });
	for (const suite of suites13) {
		const outcome = await connectWithPolltls(port, [...trust, "--crypto", "noble", "--suites", suite, "--http", "/"]);
		assert.deepEqual([outcome.code, outcome.report.suite], [0, suite], outcome.stderr);
		assert.match(outcome.stdout, pageText.openssl);
	}
});

test("ALPN: one in common, and none", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const { port } = await startOpensslServer(t, openssl, { identity: pki.ec, extra: ["-alpn", "http/1.1,coap"] });
	const agreed = await connectWithPolltls(port, [...trust, "--alpn", "h2,coap", "--http", "/"]);
	assert.deepEqual([agreed.code, agreed.report.alpn], [0, "coap"], agreed.stderr);
	const refused = await connectWithPolltls(port, [...trust, "--alpn", "h2", "--http", "/"]);
	assert.equal(refused.report.failure?.name, "ALERT_RECEIVED");
	assert.equal(refused.report.failure?.alert, "no_application_protocol");
});
