// Our TLS 1.2 server with openssl, gnutls, curl and mosquitto's client: every suite that they have, both orders of MAC and
// cipher, client certificates, sessions, second handshakes, short records, PSKs.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { BY_ECDSA, BY_PSK, DHE_PSK, ECDHE_PSK, NO_MAC } from "polltls/crypto/suites";
import { fetchWithCurl, fetchWithOpenssl } from "../support/peer-clients.js";
import { requirePeer } from "../support/peers.js";
import {
	fetchWithGnutls12,
	fetchWithOpenssl12,
	gnutlsPriority12,
	gnutlsSuites,
	opensslSuites,
	pskIdentity,
	pskKey,
	type Suite12,
	startGnutlsClient12,
	startOpensslClient12,
} from "../support/peers12.js";
import { makePki } from "../support/pki.js";
import { type PolltlsServer, startPolltlsServer } from "../support/polltls.js";
import { temporaryFolder } from "../support/processes.js";

const pki = makePki();
const whole = { after };
const both = ["--cert", pki.ec.certificate, "--key", pki.ec.key, "--cert", pki.rsa.certificate, "--key", pki.rsa.key];
const psks = ["--psk", pskKey, "--psk-identity", pskIdentity];

/** With certificates of both kinds and a PSK, for all tests of this file. */
const server = await startPolltlsServer(whole, ["--http", ...both, ...psks]);

for (const peerName of ["openssl", "gnutls-cli"] as const)
	test(`${peerName} with every suite of 1.2`, async (t) => {
		const peer = requirePeer(t, peerName);
		if (!peer) return;
		// gnutls-cli 3.7 falls over its own report after ECDHE_PSK and DHE_PSK; our client does them with gnutls-serv
		const all =
			peerName === "openssl" ? opensslSuites(peer) : gnutlsSuites(peer).filter(({ suite }) => suite.exchange !== ECDHE_PSK && suite.exchange !== DHE_PSK);
		assert.ok(all.length > 40, `${all.length} suites`);
		for (const one of all)
			await t.test(`${peerName} ${one.name}`, async (t) => {
				const settings = { port: server.port, ca: pki.ca, one };
				const page = peerName === "openssl" ? await fetchWithOpenssl12(t, peer, settings) : await fetchWithGnutls12(peer, settings);
				const text = `${page.stdout}\n${page.stderr}`;
				assert.match(text, /HTTP\/1\.[01] 200/);
				const report = await server.nextReport();
				assert.deepEqual([report.version, report.suite, report.failure], ["TLS 1.2", one.name, null]);
				assert.equal(report.extendedMasterSecret, true);
				assert.equal(report.encryptThenMac, one.suite.mac !== NO_MAC);
				if (one.suite.authentication === BY_PSK) assert.equal(report.pskIdentity, pskIdentity);
				else assert.match(text, peerName === "openssl" ? /Verification: OK/ : /The certificate is trusted/);
			});
	});

test("block ciphers with the MAC first", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	for (const one of opensslSuites(openssl).filter(({ suite }) => suite.mac !== NO_MAC)) {
		const page = await fetchWithOpenssl12(t, openssl, { port: server.port, ca: pki.ca, one, encryptThenMac: false });
		assert.match(page.stdout, /HTTP\/1\.[01] 200/, `${one.name}: ${page.stderr}`);
		assert.equal((await server.nextReport()).encryptThenMac, false, one.name);
	}
	for (const one of gnutlsSuites(gnutls).filter(({ suite }) => suite.mac !== NO_MAC && suite.authentication === BY_ECDSA)) {
		const page = await fetchWithGnutls12(gnutls, { port: server.port, ca: pki.ca, one: { ...one, spelling: `${one.spelling}:%NO_ETM` } });
		assert.match(page.stdout, /HTTP\/1\.[01] 200/, `${one.name}: ${page.stderr}`);
		assert.equal((await server.nextReport()).encryptThenMac, false, one.name);
	}
});

test("clients of 1.2 and of 1.3 at one server, curl too", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const curl = requirePeer(t, "curl");
	if (!openssl || !curl) return;
	assert.match((await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca })).stdout, /HTTP\/1\.[01] 200/);
	assert.equal((await server.nextReport()).version, "TLS 1.3");
	const page = await fetchWithCurl(curl, { port: server.port, ca: pki.ca, extra: ["--tlsv1.2", "--tls-max", "1.2"] });
	assert.equal(page.code, 0, page.stderr);
	assert.match(page.stdout, /TLS 1\.2/);
	assert.equal((await server.nextReport()).version, "TLS 1.2");
	// A client that fell back by itself is told so (RFC 7507)
	const fallback = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca, version: "1.2", extra: ["-fallback_scsv"] });
	assert.match(`${fallback.stdout}${fallback.stderr}`, /alert number 86|inappropriate fallback/);
	assert.equal((await server.nextReport()).failure?.name, "FALLBACK_INAPPROPRIATE");
});

const gcm = (): Suite12 => ({
	name: "",
	suite: { authentication: BY_ECDSA } as Suite12["suite"],
	spelling: gnutlsPriority12("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
});

test("client certificates: required, asked for, and of a stranger", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const required = await startPolltlsServer(t, ["--http", "--max", "1.2", "--verify-client", "require", "--ca", pki.ca, ...both]);
	const [one] = opensslSuites(openssl);
	const ask = (identity?: typeof pki.clientEc) => fetchWithOpenssl12(t, openssl, { port: required.port, ca: pki.ca, one, identity });
	for (const identity of [pki.clientEc, pki.clientRsa]) {
		for (const page of [await ask(identity), await fetchWithGnutls12(gnutls, { port: required.port, ca: pki.ca, one: gcm(), identity })]) {
			assert.match(page.stdout, /HTTP\/1\.[01] 200/, page.stderr);
			const report = await required.nextReport();
			assert.equal(report.failure, null);
			assert.match(report.peer?.subject ?? "", /device-7/);
		}
	}
	assert.doesNotMatch((await ask()).stdout, /HTTP\/1/);
	assert.equal((await required.nextReport()).failure?.name, "CERTIFICATE_MISSING_12");
	assert.doesNotMatch((await ask(pki.stranger)).stdout, /HTTP\/1/);
	assert.equal((await required.nextReport()).failure?.alert, "unknown_ca");
	const asked = await startPolltlsServer(t, ["--http", "--max", "1.2", "--verify-client", "request", "--ca", pki.ca, ...both]);
	const page = await fetchWithOpenssl12(t, openssl, { port: asked.port, ca: pki.ca, one });
	assert.match(page.stdout, /HTTP\/1\.[01] 200/);
	assert.equal((await asked.nextReport()).peer, null);
});

test("resumption by id and by ticket", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const [one] = opensslSuites(openssl);
	for (const extra of [[], ["--no-tickets"]]) {
		const own = await startPolltlsServer(t, ["--http", "--max", "1.2", ...both, ...extra]);
		const file = join(temporaryFolder(t), "session");
		for (const [option, word, resumed] of [
			["-sess_out", /^New, TLSv1\.2/m, false],
			["-sess_in", /^Reused, TLSv1\.2/m, true],
		] as const) {
			const page = await fetchWithOpenssl12(t, openssl, { port: own.port, ca: pki.ca, one, extra: [option, file] });
			assert.match(page.stdout, word);
			assert.match(page.stdout, /HTTP\/1\.[01] 200/);
			assert.equal((await own.nextReport()).resumed, resumed);
		}
		await fetchWithGnutls12(gnutls, { port: own.port, ca: pki.ca, one: gcm(), extra: ["--resume"] });
		assert.equal((await own.nextReport()).resumed, false);
		assert.equal((await own.nextReport()).resumed, true, `gnutls ${extra}`);
	}
});

/** A server that echoes; what is typed at the client must come back. */
async function echoed(client: { write(text: string): void; waitFor(pattern: RegExp): Promise<unknown> }, text: string): Promise<void> {
	client.write(`${text}\n`);
	await client.waitFor(new RegExp(`^${text}$`, "m"));
}

const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

test("second handshakes: the client's, ours, and refused ones", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const start = (extra: string[]): Promise<PolltlsServer> => startPolltlsServer(t, ["--echo", "--max", "1.2", ...both, ...extra]);
	// Ours as soon as the connection is open, then openssl's
	const open = await start(["--renegotiate"]);
	const client = startOpensslClient12(t, openssl, open.port, pki.ca);
	await client.waitFor(/Verify return code: 0/);
	await quiet(); // openssl's client mixes up what is typed during a handshake
	await echoed(client, "first");
	client.write("R\n");
	await client.waitFor(/RENEGOTIATING/);
	await quiet();
	await echoed(client, "second");
	client.write("Q\n");
	assert.deepEqual([(await open.nextReport()).renegotiations], [2]);
	const other = startGnutlsClient12(t, gnutls, { port: open.port, ca: pki.ca, one: gcm(), extra: ["--inline-commands"] });
	await other.waitFor(/Simple Client Mode/);
	await quiet();
	await echoed(other, "third");
	other.write("^renegotiate^\n");
	await quiet();
	await echoed(other, "fourth");
	other.endInput();
	assert.equal((await open.nextReport()).renegotiations, 2);
	// Not unless it is asked for: openssl gives up then
	const closed = await start([]);
	const refused = startOpensslClient12(t, openssl, closed.port, pki.ca);
	await refused.waitFor(/Verify return code: 0/);
	await echoed(refused, "first");
	refused.write("R\n");
	await refused.waitFor(/no renegotiation/);
	assert.equal((await closed.nextReport()).renegotiations, 0);
});

test("max_fragment_length and record_size_limit", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const line = "x".repeat(3000);
	const own = await startPolltlsServer(t, ["--echo", "--max", "1.2", ...both]);
	for (const length of [512, 1024, 2048, 4096]) {
		const client = startOpensslClient12(t, openssl, own.port, pki.ca, ["-maxfraglen", String(length)]);
		await client.waitFor(/Verify return code: 0/);
		await echoed(client, line);
		client.write("Q\n");
		const report = await own.nextReport();
		assert.equal(report.maxFragment, length);
		assert.ok(report.recordsOut >= 3000 / length, `${report.recordsOut} records`);
	}
	const limited = await startPolltlsServer(t, ["--echo", "--max", "1.2", "--record-size-limit", "700", ...both]);
	const client = startGnutlsClient12(t, gnutls, { port: limited.port, ca: pki.ca, one: gcm(), extra: ["--recordsize=512"] });
	await client.waitFor(/Simple Client Mode/);
	for (let i = 0; i < 8; i++) await echoed(client, `${i}${line.slice(0, 480)}`);
	client.endInput();
	const report = await limited.nextReport();
	assert.equal(report.failure, null);
	assert.ok((report.recordSizeLimit ?? 0) >= 512, String(report.recordSizeLimit));
});

test("PSK: a wrong key and an identity that nobody knows look the same", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const one = opensslSuites(openssl).find(({ name }) => name === "TLS_PSK_WITH_AES_128_CCM_8");
	assert.ok(one);
	const failures: unknown[] = [];
	for (const extra of [
		["-psk", `ff${pskKey.slice(2)}`],
		["-psk_identity", "nobody"],
	]) {
		const page = await fetchWithOpenssl12(t, openssl, { port: server.port, ca: pki.ca, one, extra });
		assert.doesNotMatch(page.stdout, /HTTP\/1/);
		assert.match(`${page.stdout}${page.stderr}`, /alert bad record mac|alert number 20/);
		failures.push((await server.nextReport()).failure);
	}
	assert.deepEqual(failures[0], failures[1]);
});
