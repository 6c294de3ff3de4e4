// Our TLS 1.3 server with openssl, gnutls, curl and Chromium: every suite, group and certificate type that they have.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
	fetchWithCurl,
	fetchWithGnutls,
	fetchWithOpenssl,
	openInChromium,
	photographInChromium,
	startGnutlsClient,
	startOpensslClient,
} from "../support/peer-clients.js";
import { groups13, suites13 } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { startPolltlsServer } from "../support/polltls.js";

const pki = makePki();
const whole = { after };

/** A server for each certificate type, for all tests of this file. */
const serverArgs = (key: "ec" | "rsa"): string[] => ["--cert", pki[key].certificate, "--key", pki[key].key];
const servers = {
	ec: await startPolltlsServer(whole, ["--http", ...serverArgs("ec")]),
	rsa: await startPolltlsServer(whole, ["--http", ...serverArgs("rsa")]),
};
const signatures = { ec: "ecdsa_secp256r1_sha256", rsa: /^rsa_pss_rsae_sha(256|384|512)$/ };

for (const peerName of ["openssl", "gnutls-cli"] as const)
	for (const key of ["ec", "rsa"] as const)
		test(`${peerName} with every suite and group, ${key}`, async (t) => {
			const peer = requirePeer(t, peerName);
			if (!peer) return;
			for (const suite of suites13)
				for (const group of groups13)
					await t.test(`${peerName} ${key} ${suite} ${group}`, async () => {
						const settings = { port: servers[key].port, ca: pki.ca, suites: [suite], groups: [group] };
						const page = peerName === "openssl" ? await fetchWithOpenssl(peer, settings) : await fetchWithGnutls(peer, settings);
						const text = `${page.stdout}\n${page.stderr}`;
						if (peerName === "openssl") assert.match(text, /Verification: OK/);
						else assert.match(text, /The certificate is trusted/);
						assert.match(text, /HTTP\/1\.[01] 200/);
						const report = await servers[key].nextReport();
						assert.equal(report.failure, null, JSON.stringify(report));
						assert.deepEqual([report.version, report.suite, report.group], ["TLS 1.3", suite, group]);
						assert.match(report.signatureAlgorithm, new RegExp(signatures[key]));
						assert.equal(report.serverName, "localhost");
					});
		});

test("curl, for each certificate type", async (t) => {
	const curl = requirePeer(t, "curl");
	if (!curl) return;
	for (const key of ["ec", "rsa"] as const) {
		const page = await fetchWithCurl(curl, { port: servers[key].port, ca: pki.ca });
		assert.equal(page.code, 0, page.stderr);
		assert.match(page.stdout, /TLS 1\.3|TLSv1\.3/);
		assert.match(page.stderr, /SSL certificate verify ok/);
		assert.equal((await servers[key].nextReport()).failure, null);
	}
});

test("HelloRetryRequest: a client whose first share is for a group that the server doesn't take", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	for (const [wanted, first] of [
		["secp256r1", "x25519"],
		["x25519", "secp256r1"],
	] as const) {
		const server = await startPolltlsServer(t, ["--http", "--groups", wanted, ...serverArgs("ec")]);
		const one = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca, groups: [first, wanted], extra: ["-msg"] });
		assert.match(one.stdout, /HTTP\/1\.[01] 200/, one.stderr);
		assert.equal(one.stdout.match(/>>> .*ClientHello/g)?.length, 2, "openssl sends its ClientHello twice");
		assert.equal((await server.nextReport()).group, wanted);
		const two = await fetchWithGnutls(gnutls, { port: server.port, ca: pki.ca, groups: [first, wanted], extra: ["--single-key-share"] });
		assert.match(two.stdout, /HTTP\/1\.[01] 200/, two.stderr);
		assert.equal((await server.nextReport()).group, wanted);
	}
});

test("client certificates: required, asked for, and of a stranger", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const required = await startPolltlsServer(t, ["--http", "--verify-client", "require", "--ca", pki.ca, ...serverArgs("ec")]);
	for (const identity of [pki.clientEc, pki.clientRsa]) {
		const settings = { port: required.port, ca: pki.ca, identity };
		for (const page of [await fetchWithOpenssl(openssl, settings), await fetchWithGnutls(gnutls, settings)]) {
			assert.match(page.stdout, /HTTP\/1\.[01] 200/, page.stderr);
			const report = await required.nextReport();
			assert.equal(report.failure, null);
			assert.match(report.peer?.subject ?? "", /device-7/);
		}
	}
	const none = await fetchWithOpenssl(openssl, { port: required.port, ca: pki.ca });
	assert.doesNotMatch(none.stdout, /HTTP\/1/);
	assert.match(`${none.stdout}${none.stderr}`, /alert certificate required|alert number 116/);
	const without = await required.nextReport();
	assert.deepEqual([without.failure?.alert, without.failure?.sent], ["certificate_required", true]);

	const stranger = await fetchWithOpenssl(openssl, { port: required.port, ca: pki.ca, identity: pki.stranger });
	assert.doesNotMatch(stranger.stdout, /HTTP\/1/);
	assert.match(`${stranger.stdout}${stranger.stderr}`, /alert unknown ca|alert number 48/);
	assert.equal((await required.nextReport()).failure?.alert, "unknown_ca");

	const asked = await startPolltlsServer(t, ["--http", "--verify-client", "request", "--ca", pki.ca, ...serverArgs("ec")]);
	const anonymous = await fetchWithOpenssl(openssl, { port: asked.port, ca: pki.ca });
	assert.match(anonymous.stdout, /HTTP\/1\.[01] 200/);
	assert.equal((await asked.nextReport()).peer, null);
});

test("KeyUpdate from openssl, alone and with the wish for ours", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer(t, ["--echo", ...serverArgs("ec")]);
	const client = startOpensslClient(t, openssl, { port: server.port, ca: pki.ca, extra: ["-msg"] });
	await client.waitFor(/Verify return code: 0/);
	const echoed = async (text: string): Promise<void> => {
		client.write(`${text}\n`);
		await client.waitFor(new RegExp(`^${text}$`, "m"));
	};
	await echoed("before");
	client.write("k\n");
	await client.waitFor(/>>> .*KeyUpdate/);
	await echoed("after-one-way");
	for (let round = 1; round <= 3; round++) {
		client.write("K\n");
		await client.waitFor(new RegExp(`(<<< .*KeyUpdate[\\s\\S]*){${round}}`));
		await echoed(`after-both-${round}`);
	}
	client.write("Q\n");
	assert.equal((await server.nextReport()).failure, null);
});

test("KeyUpdate from gnutls", async (t) => {
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!gnutls) return;
	const server = await startPolltlsServer(t, ["--echo", ...serverArgs("ec")]);
	const client = startGnutlsClient(t, gnutls, { port: server.port, ca: pki.ca, extra: ["--inline-commands"] });
	await client.waitFor(/Simple Client Mode/);
	client.write("before\n");
	await client.waitFor(/^before$/m);
	client.write("^rekey^\n");
	await client.waitFor(/Rekey was completed|KeyUpdate|rekey/i);
	client.write("behind\n");
	await client.waitFor(/^behind$/m);
	client.endInput();
	assert.equal((await server.nextReport()).failure, null);
});

// gnutls-cli gives a line to one gnutls_record_send and drops what that doesn't take: a line longer than a record is cut.
test("record_size_limit: gnutls asks for small records, and keeps to ours", async (t) => {
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!gnutls) return;
	const server = await startPolltlsServer(t, ["--echo", "--record-size-limit", "600", "--cert", pki.chain.certificate, "--key", pki.chain.key]);
	const client = startGnutlsClient(t, gnutls, { port: server.port, ca: pki.ca, extra: ["--recordsize=1024", "--debug=5"] });
	await client.waitFor(/Simple Client Mode/);
	await client.waitFor(/record_size_limit 601 negotiated/);
	const lines = Array.from({ length: 20 }, (_, i) => `${i}:`.padEnd(250, "x"));
	client.write(`${lines.join("\n")}\n`);
	client.write(`${"y".repeat(4000)}\n`);
	await client.waitFor(/y{600}/);
	assert.doesNotMatch(client.stdout, /y{601}/, "gnutls sent more in one record than we allow");
	client.endInput();
	const report = await server.nextReport();
	assert.equal(report.failure, null);
	assert.equal(report.recordSizeLimit, 1025, "with the byte of the content type, as in the extension");
	const sizes = [...client.stderr.matchAll(/Decrypted Packet\[\d+\] \w+ ?\w*\(\d+\) with length: (\d+)/g)].map(([, size]) => Number(size));
	assert.ok(sizes.includes(1024) && Math.max(...sizes) === 1024, `our certificates come in records of 1024: ${sizes}`);
});

test("ALPN: one in common, and none", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer(t, ["--http", "--alpn", "coap,http/1.1", ...serverArgs("ec")]);
	const page = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca, alpn: "h2,http/1.1" });
	assert.match(page.stdout, /ALPN protocol: http\/1\.1/);
	assert.equal((await server.nextReport()).alpn, "http/1.1");
	const refused = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca, alpn: "h2" });
	assert.match(`${refused.stdout}${refused.stderr}`, /alert no application protocol|alert number 120/);
	assert.equal((await server.nextReport()).failure?.alert, "no_application_protocol");
});

test("nothing in common: suite, group, version", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer(t, ["--http", "--min", "1.3", "--suites", "TLS_AES_128_GCM_SHA256", "--groups", "x25519", ...serverArgs("ec")]);
	const cases = [
		[{ suites: ["TLS_AES_256_GCM_SHA384"] }, "handshake_failure", 40],
		[{ groups: ["secp256r1"] }, "handshake_failure", 40],
		[{ version: "1.2" }, "protocol_version", 70],
	] as const;
	for (const [settings, alert, number] of cases) {
		const refused = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca, ...settings });
		assert.match(`${refused.stdout}${refused.stderr}`, new RegExp(`alert number ${number}`), alert);
		assert.equal((await server.nextReport()).failure?.alert, alert);
	}
});

test("a certificate with its intermediate", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const curl = requirePeer(t, "curl");
	if (!openssl || !curl) return;
	const server = await startPolltlsServer(t, ["--http", "--cert", pki.chain.certificate, "--key", pki.chain.key]);
	assert.match((await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca })).stdout, /Verification: OK/);
	assert.equal((await fetchWithCurl(curl, { port: server.port, ca: pki.ca })).code, 0);
});

test("Chromium shows the page", async (t) => {
	const chromium = requirePeer(t, "chromium");
	if (!chromium) return;
	for (const key of ["ec", "rsa"] as const) {
		const server = await startPolltlsServer(t, ["--http", ...serverArgs(key)]);
		const url = `https://localhost:${server.port}/`;
		const page = await openInChromium(t, chromium, url, pki[key].certificate);
		assert.match(page.stdout, /TLS 1\.3|TLSv1\.3/, page.stderr);
		const picture = await photographInChromium(t, chromium, url, pki[key].certificate);
		assert.equal(picture.code, 0, picture.stderr);
	}
});
