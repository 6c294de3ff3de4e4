// Stapled OCSP responses with openssl: it answers and we check, we answer and it checks.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Peer, requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsServer } from "../support/polltls.js";
import { freePort, listening, run, start, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const args = ["--servername", "localhost", "--ca", pki.ca, "--status", "--http", "/"];

const opensslVersion = (version: "1.2" | "1.3"): string => (version === "1.3" ? "-tls1_3" : "-tls1_2");

/** What openssl's responder says of our server's certificate: "V" is valid, "R" revoked. */
async function response(openssl: Peer, folder: string, status: "V" | "R"): Promise<string> {
	const { serialNumber } = new X509Certificate(readFileSync(pki.ec.certificate));
	const index = join(folder, `index-${status}`);
	writeFileSync(index, `${status}\t401231235959Z\t${status === "R" ? "200101000000Z" : ""}\t${serialNumber}\tunknown\t/CN=localhost\n`);
	const file = join(folder, `response-${status}`);
	const signer = ["-rsigner", pki.ca, "-rkey", join(pki.folder, "ca.key"), "-CA", pki.ca, "-issuer", pki.ca];
	const done = await run(openssl.path, ["ocsp", "-index", index, ...signer, "-cert", pki.ec.certificate, "-respout", file, "-ndays", "2"]);
	assert.equal(done.code, 0, done.stderr);
	return file;
}

test("our client asks openssl for a response, and refuses a revoked certificate", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const folder = temporaryFolder(t);
	for (const [status, version, failure] of [
		["V", "1.3", undefined],
		["R", "1.3", "CERTIFICATE_REVOKED"],
		["V", "1.2", undefined],
		["R", "1.2", "CERTIFICATE_REVOKED"],
	] as const) {
		const port = await freePort();
		const file = await response(openssl, folder, status);
		const server = start(t, openssl.path, [
			...["s_server", "-accept", String(port), opensslVersion(version), "-www"],
			...["-cert", pki.ec.certificate, "-key", pki.ec.key, "-status_file", file],
		]);
		await listening(port, server);
		const { report } = await connectWithPolltls(port, args);
		assert.equal(report.version, `TLS ${version}`);
		assert.equal(report.failure?.name, failure);
	}
});

test("our server staples a response that openssl and we find good", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const file = await response(openssl, temporaryFolder(t), "V");
	const server = await startPolltlsServer(t, ["--http", "--cert", pki.ec.certificate, "--key", pki.ec.key, "--staple", file]);
	for (const version of ["1.3", "1.2"] as const) {
		const client = ["s_client", "-connect", `127.0.0.1:${server.port}`, "-CAfile", pki.ca, "-servername", "localhost", "-status", "-ign_eof"];
		const { stdout } = await run(openssl.path, [...client, opensslVersion(version)], { input: "GET / HTTP/1.0\r\n\r\n" });
		assert.match(stdout, /OCSP Response Status: successful/);
		assert.match(stdout, /Cert Status: good/);
		assert.equal((await connectWithPolltls(server.port, [...args, "--max", version])).code, 0);
	}
});
