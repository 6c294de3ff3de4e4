// A private key that only the PSA library has, made in one run of an image and found by its id in the next ones: its certificate comes by a
// request, and it serves and asks OpenSSL, GnuTLS and nginx with it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { connect } from "node:tls";
import { buildImage, type Image, linkerWarnings } from "../support/moddable-image.js";
import { startGnutlsClient, startOpensslClient } from "../support/peer-clients.js";
import { startGnutlsServer, startNginx } from "../support/peer-servers.js";
import { type Peer, type PeerName, requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { type Ending, type Program, start, temporaryFolder } from "../support/processes.js";
import { requirePsa } from "../support/psa.js";

const ID = "7";
const pki = makePki({ after });
const devices = temporaryFolder({ after });
const made = new Map<string, Device>();
let built: Image | undefined;

/** Mbed TLS stores its keys in the working folder: what stands for a device's flash. */
interface Device {
	folder: string;
	certificate: string;
}

function run(t: Ending, job: string, folder: string, variables: Record<string, string> = {}): Program {
	built ??= buildImage("polltls-psa-keys", "test/moddable/psa/manifest.json");
	const env = { MCRUNNER_POLL: "1", JOB: job, ID, ...variables };
	return start(t, built.runner, [built.path, "60"], { timeout: 65_000, env, cwd: folder });
}

/** A DER file of what the image has printed in hex behind a word. */
function derOf(folder: string, output: string, word: string): string {
	const path = join(folder, `${word}.der`);
	writeFileSync(path, Buffer.from(new RegExp(`^${word} ([0-9a-f]+)$`, "m").exec(output)?.[1] ?? "", "hex"));
	return path;
}

/** Makes the key in an image, and its certificate under the test's authority from the image's request. */
async function deviceOf(t: Ending, type: string, openssl: Peer): Promise<Device> {
	const known = made.get(type);
	if (known) return known;
	const folder = join(devices, type);
	mkdirSync(folder, { recursive: true });
	const program = run(t, "make", folder, { TYPE: type });
	const { code, stdout } = await program.ended;
	assert.equal(code, 0, program.describe());
	const extensions = join(folder, "extensions");
	writeFileSync(extensions, "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n");
	const certificate = join(folder, "certificate.pem");
	const authority = ["-CA", pki.ca, "-CAkey", join(pki.folder, "ca.key"), "-CAcreateserial", "-days", "10", "-sha256", "-extfile", extensions];
	execFileSync(openssl.path, ["x509", "-req", "-inform", "DER", "-in", derOf(folder, stdout, "request"), ...authority, "-out", certificate], { stdio: "pipe" });
	const own = join(folder, "own.pem");
	execFileSync(openssl.path, ["x509", "-inform", "DER", "-in", derOf(folder, stdout, "certificate"), "-out", own], { stdio: "pipe" });
	execFileSync(openssl.path, ["verify", "-check_ss_sig", "-CAfile", own, own], { stdio: "pipe" });
	const device = { folder, certificate };
	made.set(type, device);
	return device;
}

function peerOf(context: TestContext, name: PeerName): Peer | undefined {
	return requirePsa(context) ? requirePeer(context, name) : undefined;
}

for (const type of ["P256", "P384", "RSA"]) {
	test(`a server whose key only PSA has, and OpenSSL and GnuTLS: ${type}`, async (context) => {
		const openssl = peerOf(context, "openssl");
		if (!openssl) return;
		const { folder, certificate } = await deviceOf(context, type, openssl);
		if (built) assert.deepEqual(linkerWarnings(built.output), []);
		assert.equal(readdirSync(folder).filter((name) => name.endsWith(".psa_its")).length, 1);
		const server = run(context, "serve", folder, { CERTIFICATE: certificate, PATIENCE: "20000" });
		const port = Number((await server.waitFor(/^port (\d+)$/m))[1]);
		for (const version of [undefined, "1.2"] as const)
			await context.test(`OpenSSL, TLS ${version ?? "1.3"}`, async (sub) => {
				const client = startOpensslClient(sub, openssl, { port, ca: pki.ca, version });
				await client.waitFor(/Verify return code: 0 \(ok\)/);
				client.write("from openssl\n");
				await client.waitFor(/^from openssl$/m);
				client.write("Q\n");
			});
		await context.test("GnuTLS, TLS 1.3", async (sub) => {
			const gnutls = peerOf(sub as TestContext, "gnutls-cli");
			if (!gnutls) return;
			const client = startGnutlsClient(sub, gnutls, { port, ca: pki.ca });
			await client.waitFor(/Handshake was completed/);
			client.write("from gnutls\n");
			await client.waitFor(/^from gnutls$/m);
		});
	});

	for (const [name, protocols] of [
		["nginx", "TLSv1.3"],
		["nginx", "TLSv1.2"],
		["gnutls-serv", "TLSv1.3"],
	] as const)
		test(`a client whose key only PSA has, and ${name}: ${protocols}, ${type}`, async (context) => {
			const openssl = peerOf(context, "openssl");
			const peer = peerOf(context, name);
			if (!openssl || !peer) return;
			const { folder, certificate } = await deviceOf(context, type, openssl);
			const groups = ["x25519", "secp256r1", "secp384r1"]; // TLS 1.2: also of a certificate's key
			const settings = { identity: pki.ec, clientCa: pki.ca, protocols, groups };
			const { port, program } = name === "nginx" ? await startNginx(context, peer, settings) : await startGnutlsServer(context, peer, settings);
			const client = run(context, "connect", folder, { CERTIFICATE: certificate, CA: pki.ca, PORT: String(port) });
			const { code, stdout } = await client.ended;
			assert.equal(code, 0, client.describe() + program.describe());
			if (name === "nginx") assert.match(stdout, new RegExp(`hello from nginx: ${protocols} \\S+ client SUCCESS`));
			else assert.match(program.stdout, /Certificate\[0\] info|client certificate|Peer's certificate is trusted/i);
		});
}

test("connections that are dropped at any moment leave no place for a key taken", async (context) => {
	const openssl = peerOf(context, "openssl");
	if (!openssl) return;
	const { folder, certificate } = await deviceOf(context, "P256", openssl);
	const server = run(context, "serve", folder, { CERTIFICATE: certificate, PATIENCE: "150" });
	const port = Number((await server.waitFor(/^port (\d+)$/m))[1]);
	const [atFirst] = await server.waitFor(/^open 0 places \d+ \d+$/m); // the SDK may say "write failed" in front of later ones
	const last = (): string => server.stdout.trim().split("\n").at(-1) ?? "";
	const quiet = async (pattern: RegExp | string, patience: number): Promise<void> => {
		for (const limit = Date.now() + patience; !last().match(pattern); ) {
			assert.ok(Date.now() < limit, `${last()}, not ${pattern}: ${server.describe()}`);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	};
	for (let i = 0; i < 42; i++) {
		const version = i % 2 ? "TLSv1.2" : "TLSv1.3";
		const client = connect({ port, host: "127.0.0.1", minVersion: version, maxVersion: version, rejectUnauthorized: false });
		client.on("error", () => {});
		const closed = new Promise((resolve) => client.on("close", resolve));
		if (i % 6 < 5) client.on("connect", () => setTimeout(() => client.destroy(), i));
		else client.on("secureConnect", () => client.end("whole"));
		const late = setTimeout(() => client.destroy(), 1000);
		await closed;
		clearTimeout(late);
		await quiet(/open 0 places/, 5000);
	}
	await quiet(atFirst, 10_000);
	const all = [...server.stdout.matchAll(/open \d+ places (\d+) /g)].map((line) => Number(line[1]));
	const whole = [...server.stdout.matchAll(/closed by its client/g)].length;
	assert.ok(whole > 0 && Math.max(...all) > all[0], server.describe());
	context.diagnostic(`${atFirst} before and after 42 connections, up to ${Math.max(...all)} meanwhile; ${whole} were whole`);
});

test("a stored key's errors are told", async (context) => {
	if (!requirePsa(context)) return;
	const program = run(context, "errors", temporaryFolder(context));
	const { code, stdout } = await program.ended;
	assert.equal(code, 0, program.describe());
	assert.deepEqual(stdout.trim().split("\n"), [
		"false",
		`Error: PSA key ${ID}: there is none`,
		`Error: PSA key ${ID}: there is one already`,
		"true",
		"false",
		"places 0 0",
	]);
});

test("a device without the key says so: its certificate alone serves nobody", async (context) => {
	const openssl = peerOf(context, "openssl");
	if (!openssl) return;
	const { certificate } = await deviceOf(context, "P256", openssl);
	const program = run(context, "serve", temporaryFolder(context), { CERTIFICATE: certificate, PATIENCE: "1" });
	assert.equal((await program.ended).code, 1);
	assert.match(program.stdout, new RegExp(`failed: Error: PSA key ${ID}: there is none`));
});
