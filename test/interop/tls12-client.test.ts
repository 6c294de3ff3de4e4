// Our TLS 1.2 client with openssl and gnutls: every suite that they have, both orders of MAC and cipher, client
// certificates, sessions, second handshakes, short records, PSKs.

import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { BY_PSK, NO_MAC } from "polltls/crypto/suites";
import { type PeerServer, pageText } from "../support/peer-servers.js";
import { type Peer, type PeerName, requirePeer } from "../support/peers.js";
import {
	gnutlsPriority12,
	gnutlsSuites,
	opensslSuites,
	oursFor,
	pskKey,
	type Server12,
	type Suite12,
	startGnutlsServer12,
	startOpensslServer12,
} from "../support/peers12.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsClient } from "../support/polltls.js";
import { type Ending, freePort, listening, start, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const trust = ["--servername", "localhost", "--ca", pki.ca];
const only12 = [...trust, "--max", "1.2"];

const peerServers: {
	name: PeerName;
	list: (peer: Peer) => Suite12[];
	page: RegExp;
	begin: (t: Ending, peer: Peer, settings: Server12) => Promise<PeerServer>;
}[] = [
	{ name: "openssl", list: opensslSuites, page: pageText.openssl, begin: startOpensslServer12 },
	{ name: "gnutls-serv", list: gnutlsSuites, page: pageText.gnutls, begin: startGnutlsServer12 },
];

for (const { name, list, page, begin } of peerServers)
	test(`${name} with every suite of 1.2`, async (t) => {
		const peer = requirePeer(t, name);
		if (!peer) return;
		const tool = name === "gnutls-serv" ? requirePeer(t, "gnutls-cli") : peer;
		if (!tool) return;
		const all = list(tool);
		assert.ok(all.length > 40, `${all.length} suites`);
		const { port } = await begin({ after }, peer, { pki });
		for (const one of all)
			await t.test(`${name} ${one.name}`, async () => {
				const outcome = await connectWithPolltls(port, [...trust, ...oursFor(one), "--http", "/"]);
				const { report } = outcome;
				assert.equal(outcome.code, 0, outcome.stderr);
				assert.match(outcome.stdout, page);
				assert.deepEqual([report.version, report.suite, report.failure], ["TLS 1.2", one.name, null]);
				assert.equal(report.extendedMasterSecret, true);
				assert.equal(report.encryptThenMac, one.suite.mac !== NO_MAC);
				if (one.suite.authentication === BY_PSK) assert.equal(report.pskIdentity, "dev");
				else assert.match(report.peer?.subject ?? "", /CN=localhost/);
			});
	});

test("block ciphers with the MAC first", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-serv");
	const cli = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls || !cli) return;
	const server = await startOpensslServer12(t, openssl, { pki, encryptThenMac: false });
	for (const one of opensslSuites(openssl).filter(({ suite }) => suite.mac !== NO_MAC)) {
		const { report, code, stderr } = await connectWithPolltls(server.port, [...trust, ...oursFor(one), "--http", "/"]);
		assert.equal(code, 0, `${one.name}: ${stderr}`);
		assert.equal(report.encryptThenMac, false, one.name);
	}
	for (const name of ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA256"]) {
		const { port } = await startGnutlsServer12(t, gnutls, { pki, spelling: gnutlsPriority12(name, ":%NO_ETM") });
		const { report, code, stderr } = await connectWithPolltls(port, [...only12, "--suites", name, "--http", "/"]);
		assert.equal(code, 0, `${name}: ${stderr}`);
		assert.equal(report.encryptThenMac, false, name);
	}
});

test("one hello for both versions, answered in 1.2", async (t) => {
	for (const { name, page, begin } of peerServers) {
		const peer = requirePeer(t, name);
		if (!peer) return;
		const { port } = await begin(t, peer, { pki });
		const { report, stdout, stderr } = await connectWithPolltls(port, [...trust, "--http", "/"]);
		assert.equal(report.failure, null, stderr);
		assert.equal(report.version, "TLS 1.2");
		assert.match(stdout, page);
	}
});

test("client certificates", async (t) => {
	for (const { name, begin } of peerServers) {
		const peer = requirePeer(t, name);
		if (!peer) return;
		const { port } = await begin(t, peer, { pki, clientCa: pki.ca });
		for (const identity of [pki.clientEc, pki.clientRsa]) {
			const { report, code, stderr } = await connectWithPolltls(port, [...only12, "--cert", identity.certificate, "--key", identity.key, "--http", "/"]);
			assert.equal(code, 0, `${name}: ${stderr}`);
			assert.equal(report.failure, null);
		}
		// gnutls-serv goes on without one, whatever it was told
		const { report } = await connectWithPolltls(port, [...only12, "--http", "/"]);
		if (name === "openssl") assert.equal(report.failure?.name, "ALERT_RECEIVED");
	}
});

test("resumption by id and by ticket", async (t) => {
	const cases: [PeerName, string[]][] = [
		["openssl", []],
		["openssl", ["-no_ticket"]],
		["gnutls-serv", []],
		["gnutls-serv", ["--noticket"]],
	];
	for (const [name, extra] of cases) {
		const peer = requirePeer(t, name);
		if (!peer) return;
		const begin = name === "openssl" ? startOpensslServer12 : startGnutlsServer12;
		const { port } = await begin(t, peer, { pki, extra });
		const file = join(temporaryFolder(t), "session");
		const resumed: boolean[] = [];
		for (let i = 0; i < 3; i++) {
			const { report, code, stderr } = await connectWithPolltls(port, [...trust, "--resume", file, "--http", "/"]);
			assert.equal(code, 0, stderr);
			assert.equal(report.version, "TLS 1.2");
			resumed.push(report.resumed);
		}
		assert.deepEqual(resumed, [false, true, true], `${name} ${extra}`);
	}
});

test("second handshakes: ours, the server's, and refused ones", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const talk = async (ours: string[], theirs: string[], act: (server: PeerServer) => Promise<void>, expected: number) => {
		const server = await startOpensslServer12(t, openssl, { pki, service: "talk", extra: theirs });
		const client = startPolltlsClient(t, server.port, [...only12, "--json", ...ours]);
		await server.program.waitFor(/CIPHER is/);
		await act(server);
		client.write("from our side\n");
		await server.program.waitFor(/from our side/);
		server.program.write("from their side\n");
		await client.waitFor(/from their side/);
		client.endInput();
		await client.waitFor(/"renegotiations":\d+/);
		assert.match(client.stderr, new RegExp(`"renegotiations":${expected},`), client.stderr);
		assert.match(client.stderr, /"failure":null/);
	};
	const nothing = () => new Promise<void>((resolve) => setTimeout(resolve, 500));
	await talk(["--renegotiate"], ["-client_renegotiation"], nothing, 1);
	await talk(["--renegotiate"], [], nothing, 0);
	await talk(
		["--renegotiate"],
		[],
		async ({ program }) => {
			await nothing();
			program.write("r\n");
			await nothing();
		},
		1,
	);
});

test("max_fragment_length and record_size_limit", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!openssl || !gnutls) return;
	for (const [begin, peer] of [
		[startOpensslServer12, openssl],
		[startGnutlsServer12, gnutls],
	] as const) {
		const { port } = await begin(t, peer, { pki });
		for (const length of [512, 1024, 2048, 4096]) {
			const { report, code, stderr } = await connectWithPolltls(port, [...only12, "--max-fragment", String(length), "--http", "/"]);
			assert.equal(code, 0, `${peer.name} ${length}: ${stderr}`);
			assert.equal(report.maxFragment, length);
		}
	}
	const { port } = await startGnutlsServer12(t, gnutls, { pki });
	for (const limit of [512, 700, 16384]) {
		const { report, code, stderr } = await connectWithPolltls(port, [...only12, "--record-size-limit", String(limit), "--http", "/"]);
		assert.equal(code, 0, stderr);
		assert.ok((report.recordSizeLimit ?? 0) > 0, String(limit));
	}
	const small = await connectWithPolltls(port, [...only12, "--profile", "iot", "--http", "/"]);
	assert.equal(small.code, 0, small.stderr);
});

test("heartbeats: gnutls answers ours; where they aren't known there are none", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	const openssl = requirePeer(t, "openssl");
	if (!gnutls || !openssl) return;
	const knows = await startGnutlsServer12(t, gnutls, { pki, service: "talk", extra: ["--heartbeat"] });
	const { report } = await connectWithPolltls(knows.port, [...only12, "--heartbeat", "--send", "echo me"]);
	assert.equal(report.failure, null);
	assert.deepEqual([report.heartbeats.sent, report.heartbeats.answered], [1, 1]);
	const { port } = await startOpensslServer12(t, openssl, { pki });
	const without = await connectWithPolltls(port, [...only12, "--heartbeat", "--http", "/"]);
	assert.equal(without.report.failure, null);
	assert.equal(without.report.heartbeats.sent, 0);
});

test("mosquitto's PSK listener", async (t) => {
	const mosquitto = requirePeer(t, "mosquitto");
	if (!mosquitto) return;
	const folder = temporaryFolder(t);
	const port = await freePort();
	writeFileSync(join(folder, "psk"), `dev:${pskKey}\n`, { mode: 0o644 });
	chmodSync(folder, 0o755);
	const settings = [
		`listener ${port} 127.0.0.1`,
		`psk_file ${join(folder, "psk")}`,
		"psk_hint polltls",
		"use_identity_as_username true",
		"allow_anonymous false",
	];
	writeFileSync(join(folder, "mosquitto.conf"), `${settings.join("\n")}\n`, { mode: 0o644 });
	const broker = start(t, mosquitto.path, ["-c", join(folder, "mosquitto.conf"), "-v"]);
	await listening(port, broker);
	// CONNECT of MQTT 3.1.1 by a client named "device", which the broker knows as "dev", and DISCONNECT
	const connect = Uint8Array.of(0x10, 18, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, 6, 100, 101, 118, 105, 99, 101, 0xe0, 0);
	const options = ["--max", "1.2", "--psk", pskKey, "--psk-identity", "dev"];
	const { report, stdout } = await connectWithPolltls(port, options, { input: connect });
	assert.equal(report.failure, null, JSON.stringify(report));
	assert.equal(report.pskIdentity, "dev");
	assert.ok(stdout.startsWith(" \x02\0\0"), "CONNACK: accepted");
	const wrong = await connectWithPolltls(port, ["--max", "1.2", "--psk", `ff${pskKey.slice(2)}`, "--psk-identity", "dev"], { input: connect });
	assert.equal(wrong.report.failure?.name, "ALERT_RECEIVED");
});

test("PSK: a wrong key, and an identity that the server doesn't know", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	const openssl = requirePeer(t, "openssl");
	if (!gnutls || !openssl) return;
	const suite = ["--max", "1.2", "--suites", "TLS_PSK_WITH_AES_128_CCM_8"];
	for (const [begin, peer] of [
		[startOpensslServer12, openssl],
		[startGnutlsServer12, gnutls],
	] as const) {
		const { port } = await begin(t, peer, { pki });
		const wrong = await connectWithPolltls(port, [...suite, "--psk", `ff${pskKey.slice(2)}`, "--psk-identity", "dev", "--http", "/"]);
		assert.equal(wrong.report.failure?.name, "ALERT_RECEIVED", peer.name);
		// openssl's server looks at the key only
		const unknown = await connectWithPolltls(port, [...suite, "--psk", pskKey, "--psk-identity", "nobody", "--http", "/"]);
		if (begin === startGnutlsServer12) assert.equal(unknown.report.failure?.name, "ALERT_RECEIVED");
	}
});

test("a server that knows nothing newer than 1.1, and one that is too weak", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const old = await startOpensslServer12(t, openssl, { pki, version: "-tls1_1" });
	const { report } = await connectWithPolltls(old.port, [...trust, "--http", "/"]);
	assert.ok(["SERVER_VERSION_TOO_OLD", "ALERT_RECEIVED"].includes(report.failure?.name ?? ""), report.failure?.name);
	assert.equal(report.failure?.alert, "protocol_version");
	const weak = await startOpensslServer12(t, openssl, { pki, spelling: "AES128-SHA:@SECLEVEL=0" });
	const refused = await connectWithPolltls(weak.port, [...trust, "--http", "/"]);
	assert.equal(refused.report.failure?.alert, "handshake_failure", "RSA key exchange isn't offered unless it is named");
});
