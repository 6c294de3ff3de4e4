// Imported pre-shared keys (RFC 9258) with GnuTLS 3.8, both roles, and between two of our own over UDP.

import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGnutlsImport } from "../support/gnutls-import.js";
import { connectWithPolltls, polltls, startPolltlsServer } from "../support/polltls.js";
import { type Finished, freePort } from "../support/processes.js";

const key = "0102030405060708090a0b0c0d0e0f10";
const identity = "device-17";
const options = (context: string): string[] => ["--psk", key, "--psk-identity", identity, "--psk-import", context];
const suite = "TLS_AES_128_GCM_SHA256";
const contexts = ["client=device-17;server=gateway", ""];

test("our client and GnuTLS' server", async (t) => {
	const peer = buildGnutlsImport(t);
	if (!peer) return;
	for (const context of contexts) {
		const port = await freePort();
		const server = peer("server", `${port}`, key, identity, context);
		await server.waitFor(/listening/);
		const { code, stdout, stderr, report } = await connectWithPolltls(port, [...options(context), "--send", "through it"]);
		assert.equal(code, 0, stderr + server.describe());
		assert.equal(stdout, "through it");
		assert.deepEqual([report.version, report.suite, report.pskIdentity, report.resumed], ["TLS 1.3", suite, identity, false]);
		const wire = Buffer.concat([Buffer.from([0, identity.length]), Buffer.from(identity), Buffer.from([0, context.length]), Buffer.from(context)]);
		await server.waitFor(new RegExp(`${wire.toString("hex")}03040001 identity`));
	}
});

test("GnuTLS' client and our server", async (t) => {
	const peer = buildGnutlsImport(t);
	if (!peer) return;
	for (const context of contexts) {
		const server = await startPolltlsServer(t, options(context));
		const { code, stdout, stderr }: Finished = await peer("client", `${server.port}`, key, identity, context).ended;
		assert.equal(code, 0, stderr);
		assert.match(stdout, /imported/);
		const report = await server.nextReport();
		assert.deepEqual([report.version, report.suite, report.pskIdentity], ["TLS 1.3", suite, identity]);
	}
});

test("GnuTLS with another context, or a key that isn't imported, is refused", async (t) => {
	const peer = buildGnutlsImport(t);
	if (!peer) return;
	const server = await startPolltlsServer(t, options("one"));
	assert.notEqual((await peer("client", `${server.port}`, key, identity, "two").ended).code, 0);
	assert.equal((await server.nextReport()).failure?.name, "PSK_NOT_ACCEPTED");
	const direct = await startPolltlsServer(t, ["--psk", key, "--psk-identity", identity]);
	assert.notEqual((await peer("client", `${direct.port}`, key, identity, "one").ended).code, 0);
	assert.equal((await direct.nextReport()).failure?.name, "PSK_NOT_ACCEPTED");
});

test("--psk-import over UDP, and what it needs", async (t) => {
	const server = await startPolltlsServer(t, ["--dtls", ...options("c")]);
	const { code, stdout, report } = await connectWithPolltls(server.port, ["--dtls", "--min", "1.3", ...options("c"), "--send", "over datagrams"]);
	assert.deepEqual([code, stdout, report.pskIdentity], [0, "over datagrams", identity]);
	const without = await polltls(["client", "127.0.0.1:1", "--psk-import", "c"]);
	assert.equal(without.code, 2);
	assert.match(without.stderr, /--psk/);
});
