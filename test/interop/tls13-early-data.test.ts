// 0-RTT data with openssl, both roles: taken, and sent again where it wasn't.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsServer } from "../support/polltls.js";
import { freePort, listening, start, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const text = "early hello\n";

test("our client sends early data to openssl, and sends it again where openssl takes none", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const folder = temporaryFolder(t);
	const file = join(folder, "early");
	writeFileSync(file, text);
	const port = await freePort();
	const args = ["s_server", "-accept", String(port), "-cert", pki.ec.certificate, "-key", pki.ec.key, "-tls1_3", "-early_data", "-max_early_data", "1000"];
	const server = start(t, openssl.path, args);
	await listening(port, server);
	const session = ["--servername", "localhost", "--ca", pki.ca, "--resume", join(folder, "session")];
	assert.equal((await connectWithPolltls(port, [...session, "--send", "first"])).report.resumed, false);
	const kept = readFileSync(join(folder, "session"));
	const { report, code } = await connectWithPolltls(port, [...session, "--early-data", file]);
	assert.equal(code, 0);
	assert.equal(report.earlyData, true);
	await server.waitFor(/Early data received/, 10_000);
	await server.waitFor(/early hello/, 10_000);
	// The same ticket again: openssl takes a ticket's early data once
	writeFileSync(join(folder, "session"), kept);
	const again = await connectWithPolltls(port, [...session, "--early-data", file]);
	assert.equal(again.code, 0);
	assert.equal(again.report.earlyData, false);
	await server.waitFor(/early hello[\s\S]*early hello/, 10_000);
});

test("our server takes early data of openssl, within its limit, and none unless it is told to", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const folder = temporaryFolder(t);
	const file = join(folder, "early");
	writeFileSync(file, text);
	const server = await startPolltlsServer(t, ["--echo", "--cert", pki.ec.certificate, "--key", pki.ec.key, "--max-early-data", "1000"]);
	const ticket = join(folder, "ticket");
	const client = ["s_client", "-connect", `127.0.0.1:${server.port}`, "-CAfile", pki.ca, "-servername", "localhost", "-tls1_3"];
	const first = start(t, openssl.path, [...client, "-sess_out", ticket]);
	for (let i = 0; i < 200 && !existsSync(ticket); i++) await new Promise((resolve) => setTimeout(resolve, 50));
	await first.stop();
	assert.equal((await server.nextReport()).earlyData, false);
	const second = start(t, openssl.path, [...client, "-sess_in", ticket, "-early_data", file]);
	await second.waitFor(/early hello/, 10_000); // the echo
	assert.match(second.stdout, /Early data was accepted/);
	await second.stop();
	const report = await server.nextReport();
	assert.equal(report.resumed, true);
	assert.equal(report.earlyData, true);
});
