// The stack on the XS engine, as on a device, with each peer: one case of each kind that the other files of this folder
// walk through on Node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchWithCurl, fetchWithGnutls, fetchWithOpenssl, openInChromium, startOpensslClient } from "../support/peer-clients.js";
import { pageText, startGnutlsServer, startNginx, startOpensslServer } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, type Report, startPolltlsClient, startPolltlsServer } from "../support/polltls.js";

const pki = makePki();
const xs = ["--engine", "xs"];
const trust = ["--servername", "localhost", "--ca", pki.ca];
const serverArgs = (key: "ec" | "rsa"): string[] => ["--cert", pki[key].certificate, "--key", pki[key].key];

/** It ran on XS: its heap and its work were measured. */
function assertMeasured(report: Report): void {
	assert.equal(report.failure, null, JSON.stringify(report));
	assert.ok((report.heap?.peakBytes ?? 0) > 0, JSON.stringify(report));
	assert.ok((report.compute ?? 0) > 0);
}

test("our client on XS with openssl, gnutls and nginx", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-serv");
	const nginx = requirePeer(t, "nginx");
	if (!openssl || !gnutls || !nginx) return;
	const cases = [
		{ ...(await startOpensslServer(t, openssl, { identity: pki.ec })), page: pageText.openssl, suite: "TLS_CHACHA20_POLY1305_SHA256", group: "x25519" },
		{ ...(await startGnutlsServer(t, gnutls, { identity: pki.rsa })), page: pageText.gnutls, suite: "TLS_AES_128_CCM_8_SHA256", group: "secp256r1" },
		{ ...(await startNginx(t, nginx, { identity: pki.chain })), page: pageText.nginx, suite: "TLS_AES_256_GCM_SHA384", group: "x25519" },
	];
	for (const { port, page, suite, group } of cases) {
		const outcome = await connectWithPolltls(port, [...xs, ...trust, "--suites", suite, "--groups", group, "--http", "/"]);
		assert.equal(outcome.code, 0, outcome.stderr);
		assert.match(outcome.stdout, page);
		assert.deepEqual([outcome.report.suite, outcome.report.group], [suite, group]);
		assertMeasured(outcome.report);
	}
});

for (const key of ["ec", "rsa"] as const)
	test(`our server on XS with openssl, gnutls, curl and Chromium, ${key}`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		const gnutls = requirePeer(t, "gnutls-cli");
		const curl = requirePeer(t, "curl");
		const chromium = requirePeer(t, "chromium");
		if (!openssl || !gnutls || !curl || !chromium) return;
		const server = await startPolltlsServer(t, [...xs, "--http", ...serverArgs(key)]);
		const { port } = server;
		const one = await fetchWithOpenssl(openssl, { port, ca: pki.ca, suites: ["TLS_AES_128_GCM_SHA256"], groups: ["x25519"] });
		assert.match(one.stdout, /Verification: OK[\s\S]*HTTP\/1\.[01] 200/);
		assertMeasured(await server.nextReport());
		const two = await fetchWithGnutls(gnutls, { port, ca: pki.ca, suites: ["TLS_AES_128_CCM_SHA256"], groups: ["secp256r1"] });
		assert.match(two.stdout, /HTTP\/1\.[01] 200/);
		assertMeasured(await server.nextReport());
		const three = await fetchWithCurl(curl, { port, ca: pki.ca });
		assert.equal(three.code, 0, three.stderr);
		assertMeasured(await server.nextReport());
		const four = await openInChromium(t, chromium, `https://localhost:${port}/`, pki[key].certificate);
		assert.match(four.stdout, /TLS 1\.3|TLSv1\.3/, four.stderr);
	});

test("HelloRetryRequest and client certificates on XS, both sides", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const peer = await startOpensslServer(t, openssl, { identity: pki.ec, groups: ["secp256r1"], clientCa: pki.ca });
	const identity = ["--cert", pki.clientEc.certificate, "--key", pki.clientEc.key];
	const outcome = await connectWithPolltls(peer.port, [...xs, ...trust, ...identity, "--groups", "x25519,secp256r1", "--http", "/"]);
	assert.match(outcome.stdout, pageText.openssl, outcome.stderr);
	assert.equal(outcome.report.helloRetry, true);
	assertMeasured(outcome.report);

	const server = await startPolltlsServer(t, [...xs, "--http", "--groups", "secp256r1", "--verify-client", "require", "--ca", pki.ca, ...serverArgs("ec")]);
	const page = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca, groups: ["x25519", "secp256r1"], identity: pki.clientRsa });
	assert.match(page.stdout, /HTTP\/1\.[01] 200/, page.stderr);
	const report = await server.nextReport();
	assertMeasured(report);
	assert.match(report.peer?.subject ?? "", /device-7/);
});

test("KeyUpdate and record_size_limit on XS, both sides", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!openssl || !gnutls) return;
	const server = await startPolltlsServer(t, [...xs, "--echo", ...serverArgs("ec")]);
	const client = startOpensslClient(t, openssl, { port: server.port, ca: pki.ca, extra: ["-msg"] });
	await client.waitFor(/Verify return code: 0/);
	client.write("K\n");
	await client.waitFor(/<<< .*KeyUpdate/);
	client.write("behind\n");
	await client.waitFor(/^behind$/m);
	client.write("Q\n");
	assertMeasured(await server.nextReport());

	const peer = await startOpensslServer(t, openssl, { identity: pki.ec, service: "talk", extra: ["-msg"] });
	const ours = startPolltlsClient(t, peer.port, [...xs, ...trust, "--key-update"]);
	await peer.program.waitFor(/<<< .*KeyUpdate/);
	ours.write("from our side\n");
	await peer.program.waitFor(/^from our side$/m);
	peer.program.write("from openssl\n");
	await ours.waitFor(/^from openssl$/m);
	ours.endInput();
	assert.equal((await ours.ended).code, 0, ours.stderr);

	const small = await startGnutlsServer(t, gnutls, { identity: pki.ec, service: "talk", extra: ["--recordsize=600"] });
	const outcome = await connectWithPolltls(small.port, [...xs, ...trust, "--record-size-limit", "512"], { input: `${"0123456789abcdef".repeat(256)}\n` });
	assert.equal(outcome.code, 0, outcome.stderr);
	assert.ok(outcome.report.recordsOut >= 7);
	assertMeasured(outcome.report);
});
