// DTLS 1.2 with openssl and gnutls, both roles, and CoAP with libcoap's programs over both of their libraries.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { type PeerName, requirePeer, type Skipping } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, type Report, startPolltlsServer } from "../support/polltls.js";
import { type Ending, freePort, type Program, run, start, temporaryFolder } from "../support/processes.js";

const pki = makePki();
const pskKey = "0102030405060708090a0b0c0d0e0f10";
const v12 = ["--dtls", "--min", "1.2", "--max", "1.2"];
const ecKey = ["--cert", pki.ec.certificate, "--key", pki.ec.key];
const rsaKey = ["--cert", pki.rsa.certificate, "--key", pki.rsa.key];
const psk = ["--psk", pskKey, "--psk-identity", "dev"];
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

/** Suites by the kind of key, with openssl's names. */
const suites: Record<"ec" | "rsa" | "psk", [string, string][]> = {
	ec: [
		["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
		["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"],
		["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"],
		["TLS_ECDHE_ECDSA_WITH_AES_128_CCM", "ECDHE-ECDSA-AES128-CCM"],
		["TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "ECDHE-ECDSA-AES128-CCM8"],
		["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256"],
		["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE-ECDSA-AES256-SHA384"],
		["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"],
	],
	rsa: [
		["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
		["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"],
		["TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256"],
		["TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"],
		["TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"],
	],
	psk: [
		["TLS_PSK_WITH_AES_128_CCM_8", "PSK-AES128-CCM8"],
		["TLS_PSK_WITH_AES_256_CCM_8", "PSK-AES256-CCM8"],
		["TLS_PSK_WITH_AES_128_GCM_SHA256", "PSK-AES128-GCM-SHA256"],
		["TLS_PSK_WITH_AES_128_CBC_SHA256", "PSK-AES128-CBC-SHA256"],
		["TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", "ECDHE-PSK-AES128-CBC-SHA256"],
		["TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-PSK-CHACHA20-POLY1305"],
	],
};

function opensslServer(t: Ending, path: string, port: number, args: string[]): Program {
	return start(t, path, ["s_server", "-accept", `127.0.0.1:${port}`, "-dtls1_2", "-cipher", "ALL:PSK:@SECLEVEL=0", ...args]);
}

function opensslArgs(kind: "ec" | "rsa" | "psk"): string[] {
	if (kind === "psk") return ["-nocert", "-psk", pskKey, "-psk_identity", "dev"];
	return ["-cert", pki[kind].certificate, "-key", pki[kind].key];
}

const ourKeys = { ec: ecKey, rsa: rsaKey, psk };
const known = { ec: ["--ca", pki.ca, "--servername", "localhost"], rsa: ["--ca", pki.ca, "--servername", "localhost"], psk };

for (const kind of ["ec", "rsa", "psk"] as const) {
	test(`our client with openssl, every suite, ${kind}`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		for (const [suite] of suites[kind])
			await t.test(suite, async (t) => {
				const port = await freePort();
				const program = opensslServer(t, openssl.path, port, opensslArgs(kind));
				await program.waitFor(/ACCEPT/);
				const { report } = await connectWithPolltls(port, [...v12, ...known[kind], "--suites", suite, "--send", "to openssl\n"]);
				assert.equal(report.failure, null, JSON.stringify(report));
				assert.deepEqual([report.version, report.suite], ["DTLS 1.2", suite]);
				await program.waitFor(/to openssl/);
			});
	});

	test(`openssl with our server, every suite, ${kind}`, async (t) => {
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const server = await startPolltlsServer(t, [...v12, ...ourKeys[kind]]);
		for (const [suite, name] of suites[kind])
			await t.test(suite, async (t) => {
				const report = await opensslSession(t, openssl.path, server, [
					"-cipher",
					`${name}:@SECLEVEL=0`,
					...(kind === "psk" ? ["-psk", pskKey, "-psk_identity", "dev"] : []),
				]);
				assert.deepEqual([report.version, report.suite], ["DTLS 1.2", suite]);
			});
	});
}

/** openssl connects, says something, hears it again and goes. */
async function opensslSession(t: Ending, path: string, server: { port: number; nextReport(): Promise<Report> }, args: string[]): Promise<Report> {
	const program = start(t, path, ["s_client", "-connect", `127.0.0.1:${server.port}`, "-dtls1_2", "-CAfile", pki.ca, ...args]);
	await program.waitFor(/Extended master secret/);
	program.write("hello from openssl\n");
	await program.waitFor(/hello from openssl/);
	program.write("Q\n");
	const report = await server.nextReport();
	assert.equal(report.failure, null, JSON.stringify(report));
	return report;
}

test("openssl: small datagrams both ways, client certificates, no cookie", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer(t, [...v12, ...rsaKey, "--mtu", "300", "--verify-client", "require", "--ca", pki.ca, "--no-cookie"]);
	for (const mtu of ["256", "512", "1400"]) {
		const identity = ["-cert", pki.clientRsa.certificate, "-key", pki.clientRsa.key];
		const report = await opensslSession(t, openssl.path, server, ["-mtu", mtu, ...identity]);
		assert.match(report.peer?.subject ?? "", /device-7/);
	}
	const port = await freePort();
	const program = opensslServer(t, openssl.path, port, [...opensslArgs("rsa"), "-listen", "-mtu", "400", "-Verify", "2", "-CAfile", pki.ca]);
	await settle();
	const own = ["--cert", pki.clientRsa.certificate, "--key", pki.clientRsa.key, "--mtu", "300"];
	const { report } = await connectWithPolltls(port, [...v12, ...known.rsa, ...own, "--send", "to openssl\n"]);
	assert.equal(report.failure, null, JSON.stringify(report));
	await program.waitFor(/to openssl/);
});

test("openssl: a lost datagram in five", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer(t, [...v12, ...ecKey, "--loss", "20%", "--seed", "5", "--retransmit", "100"]);
	const program = start(t, openssl.path, ["s_client", "-connect", `127.0.0.1:${server.port}`, "-dtls1_2", "-CAfile", pki.ca]);
	await program.waitFor(/Extended master secret/, 30_000);
	const port = await freePort();
	await opensslServer(t, openssl.path, port, opensslArgs("ec")).waitFor(/ACCEPT/);
	const lossy = ["--loss", "20%", "--seed", "3", "--retransmit", "100"];
	const { report } = await connectWithPolltls(port, [...v12, ...known.ec, ...lossy, "--send", "to openssl\n"]);
	assert.equal(report.failure, null, JSON.stringify(report));
});

test("openssl: sessions resumed, both roles", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const folder = temporaryFolder(t);
	const server = await startPolltlsServer(t, [...v12, ...ecKey]);
	const file = join(folder, "openssl-session");
	const first = await opensslSession(t, openssl.path, server, ["-sess_out", file]);
	const second = await opensslSession(t, openssl.path, server, ["-sess_in", file]);
	assert.deepEqual([first.resumed, second.resumed], [false, true]);
	const port = await freePort();
	await opensslServer(t, openssl.path, port, opensslArgs("ec")).waitFor(/ACCEPT/);
	const ours = ["--resume", join(folder, "our-session"), "--send", "to openssl\n"];
	const one = await connectWithPolltls(port, [...v12, ...known.ec, ...ours]);
	const two = await connectWithPolltls(port, [...v12, ...known.ec, ...ours]);
	assert.deepEqual([one.report.resumed, two.report.resumed], [false, true]);
});

test("gnutls: our client, with its cookie", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!gnutls) return;
	for (const kind of ["ec", "rsa"] as const)
		for (const mtu of ["1400", "300"]) {
			const port = await freePort();
			start(t, gnutls.path, ["--udp", `--port=${port}`, `--x509certfile=${pki[kind].certificate}`, `--x509keyfile=${pki[kind].key}`, "--echo"]);
			await settle();
			const outcome = await connectWithPolltls(port, ["--dtls", ...known[kind], "--mtu", mtu, "--send", "to gnutls\n"]);
			assert.equal(outcome.report.failure, null, JSON.stringify(outcome.report));
			assert.equal(outcome.report.version, "DTLS 1.2");
			assert.match(outcome.stdout, /to gnutls/);
		}
});

test("gnutls: our server", async (t) => {
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!gnutls) return;
	const server = await startPolltlsServer(t, ["--dtls", ...ecKey, ...rsaKey]);
	for (const priority of [
		"NORMAL:-VERS-ALL:+VERS-DTLS1.2",
		"NORMAL:-VERS-ALL:+VERS-DTLS1.2:-CIPHER-ALL:+AES-128-CCM",
		"NORMAL:-VERS-ALL:+VERS-DTLS1.2:-KX-ALL:+ECDHE-RSA",
	])
		for (const mtu of ["1400", "300"]) {
			const args = ["--udp", `--mtu=${mtu}`, `--port=${server.port}`, `--x509cafile=${pki.ca}`, "--verify-hostname=localhost", `--priority=${priority}`];
			const program = start(t, gnutls.path, [...args, "127.0.0.1"]);
			await program.waitFor(/Simple Client Mode/);
			program.write("hello from gnutls\n");
			await program.waitFor(/hello from gnutls/);
			program.endInput();
			const report = await server.nextReport();
			assert.equal(report.failure, null, JSON.stringify(report));
		}
});

/** libcoap's client over a library; both come in one package. */
function coapClient(t: Skipping, library: "openssl" | "gnutls"): string | undefined {
	if (!requirePeer(t, "coap-client" as PeerName)) return undefined;
	const name = `coap-client-${library}`;
	return spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim() || undefined;
}

for (const library of ["openssl", "gnutls"] as const)
	test(`libcoap over ${library}`, async (t) => {
		const client = coapClient(t, library);
		if (!client) return;
		const server = await startPolltlsServer(t, ["--dtls", "--coap", ...ecKey, "--psk", Buffer.from("secret").toString("hex"), "--psk-identity", "dev"]);
		const ask = async (...args: string[]): Promise<string> => {
			const path = args.pop();
			const asked = await run(client, [...args, `coaps://localhost:${server.port}/${path}`], { timeout: 40_000 });
			return `${asked.stdout}${asked.stderr}`;
		};
		const known = ["-u", "dev", "-k", "secret"];
		assert.match(await ask(...known, "-m", "get", ".well-known/core"), /<\/led>/);
		await ask(...known, "-m", "put", "-e", "on", "led");
		assert.match(await ask(...known, "-m", "get", "led"), /^on/m);
		assert.equal((await ask(...known, "-m", "get", "large")).trimEnd().length, 4095, "block by block");
		const told = (await ask(...known, "-s", "3", "-m", "get", "time")).match(/\d\d:\d\d:\d\d/g) ?? [];
		assert.ok(told.length >= 3, "observed");
		assert.match(await ask("-R", pki.ca, "-m", "get", "state"), /DTLS 1\.2/);
		assert.equal((await ask("-l", "2,5", ...known, "-m", "get", "large")).trimEnd().length, 4095, "with losses");
		assert.match(await ask("-l", "1", ...known, "-m", "get", "led"), /^on/m);
	});
