// Raw public keys (RFC 7250) with gnutls, both roles, 1.3, 1.2 and DTLS 1.2, and with openssl 3.5, whose programs know them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startOpensslServer } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, polltls, startPolltlsServer } from "../support/polltls.js";
import { type Ending, freePort, listening, type Program, start, temporaryFolder } from "../support/processes.js";
import { trixiePackages, trixieProgram } from "../support/trixie.js";

interface RawKey {
	/** Paths: PKCS#8, and the public half alone. */
	key: string;
	publicKey: string;
	sha256: string;
}

/** Keys by our own command: for the server, for the client, and of nobody. */
async function makeKeys(type: string): Promise<Record<"server" | "client" | "stranger", RawKey>> {
	const folder = temporaryFolder();
	const made = async (name: string): Promise<RawKey> => {
		const [key, publicKey] = [join(folder, `${name}.key`), join(folder, `${name}.pub`)];
		const { code, stderr } = await polltls(["keygen", "--type", type, "--out", key, "--public", publicKey]);
		assert.equal(code, 0, stderr);
		const der = execFileSync("openssl", ["pkey", "-pubin", "-in", publicKey, "-outform", "DER"]);
		return { key, publicKey, sha256: createHash("sha256").update(der).digest("hex") };
	};
	return { server: await made("server"), client: await made("client"), stranger: await made("stranger") };
}

const keys = { p256: await makeKeys("p256"), rsa: await makeKeys("rsa"), ed25519: await makeKeys("ed25519") };
const kinds: (keyof typeof keys)[] = ["p256", "rsa", "ed25519"];

const versions = [
	{ name: "1.3", ours: ["--min", "1.3"], gnutls: "VERS-TLS1.3", udp: [] as string[] },
	{ name: "1.2", ours: ["--max", "1.2"], gnutls: "VERS-TLS1.2", udp: [] as string[] },
	{ name: "DTLS 1.2", ours: ["--dtls", "--max", "1.2"], gnutls: "VERS-DTLS1.2", udp: ["--udp"] },
];

const priority = (version: string): string => `--priority=NORMAL:-VERS-ALL:+${version}:-CTYPE-ALL:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK`;
const rawFiles = ({ key, publicKey }: RawKey): string[] => [`--rawpkfile=${publicKey}`, `--rawpkkeyfile=${key}`];
const types = { own: "RawPublicKey", peer: "RawPublicKey" };
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

async function gnutlsServer(t: Ending, path: string, { gnutls, udp }: (typeof versions)[number], key: RawKey): Promise<number> {
	const port = await freePort();
	const program = start(t, path, [...udp, `--port=${port}`, ...rawFiles(key), priority(gnutls), "--echo", "--require-client-cert"]);
	if (udp.length > 0) await settle();
	else await listening(port, program);
	return port;
}

for (const version of versions)
	test(`${version.name}: our client with gnutls`, async (t) => {
		const gnutls = requirePeer(t, "gnutls-serv");
		if (!gnutls) return;
		for (const kind of kinds)
			await t.test(kind, async (t) => {
				const { server, client, stranger } = keys[kind];
				const port = await gnutlsServer(t, gnutls.path, version, server);
				const own = [...version.ours, "--rpk", client.key, "--send", "raw to gnutls\n"];
				const outcome = await connectWithPolltls(port, [...own, "--peer-key", server.publicKey]);
				assert.equal(outcome.code, 0, outcome.stderr);
				assert.match(outcome.stdout, /raw to gnutls/);
				assert.deepEqual(outcome.report.certificateTypes, types);
				assert.equal(outcome.report.peer?.sha256, server.sha256);
				assert.equal((await connectWithPolltls(port, [...own, "--pin", server.sha256])).code, 0);
				const other = await connectWithPolltls(port, [...own, "--peer-key", stranger.publicKey]);
				assert.equal(other.code, 16);
				assert.equal(other.report.failure?.name, "RAW_KEY_UNKNOWN");
			});
	});

for (const version of versions)
	test(`${version.name}: gnutls with our server`, async (t) => {
		const gnutls = requirePeer(t, "gnutls-cli");
		if (!gnutls) return;
		for (const kind of kinds)
			await t.test(kind, async (t) => {
				const { server, client, stranger } = keys[kind];
				const ours = await startPolltlsServer(t, [...version.ours, "--rpk", server.key, "--peer-key", client.publicKey, "--verify-client", "require"]);
				const connect = (key: RawKey): Program => {
					const args = [...version.udp, `--port=${ours.port}`, ...rawFiles(key), priority(version.gnutls), "--no-ca-verification", "127.0.0.1"];
					return start(t, gnutls.path, args);
				};
				const program = connect(client);
				await program.waitFor(/Simple Client Mode/);
				program.write("raw from gnutls\n");
				await program.waitFor(/raw from gnutls/);
				program.endInput();
				const report = await ours.nextReport();
				assert.equal(report.failure, null, JSON.stringify(report.failure));
				assert.deepEqual(report.certificateTypes, types);
				assert.equal(report.peer?.sha256, client.sha256);
				assert.match((await program.ended).stdout, /Raw Public Key/);
				connect(stranger);
				assert.equal((await ours.nextReport()).failure?.name, "RAW_KEY_UNKNOWN");
			});
	});

test("the same in XS", async (t) => {
	const gnutls = requirePeer(t, "gnutls-serv");
	if (!gnutls) return;
	const { server, client } = keys.p256;
	const port = await gnutlsServer(t, gnutls.path, versions[0], server);
	const outcome = await connectWithPolltls(port, ["--engine", "xs", "--rpk", client.key, "--peer-key", server.publicKey, "--send", "from a device\n"]);
	assert.equal(outcome.code, 0, outcome.stderr);
	assert.match(outcome.stdout, /from a device/);
	assert.deepEqual(outcome.report.certificateTypes, types);
});

test("a pin is enough to know a raw key by, an authority isn't", async (t) => {
	const { server, stranger } = keys.p256;
	const ours = await startPolltlsServer(t, ["--rpk", server.key]);
	const pinned = await connectWithPolltls(ours.port, ["--pin", server.sha256, "--send", "x\n"]);
	assert.equal(pinned.report.failure, null);
	assert.deepEqual(pinned.report.certificateTypes, { own: "X509", peer: "RawPublicKey" });
	const other = await connectWithPolltls(ours.port, ["--pin", stranger.sha256, "--send", "x\n"]);
	assert.equal(other.report.failure?.name, "RAW_KEY_UNKNOWN");
	const authority = certificateOf(server.key);
	const strict = await connectWithPolltls(ours.port, ["--ca", authority, "--pin", server.sha256, "--send", "x\n"]);
	assert.equal(strict.report.failure?.alert, "unsupported_certificate");
});

test("pins of certificates: alone, and beside an authority", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const pki = makePki(t);
	const { port } = await startOpensslServer(t, openssl, { identity: pki.ec });
	const pinOf = (file: string): string => {
		const info = new X509Certificate(readFileSync(file)).publicKey.export({ type: "spki", format: "der" });
		return createHash("sha256").update(info).digest("hex");
	};
	const own = pinOf(pki.ec.certificate);
	const wrong = pinOf(pki.stranger.certificate);
	for (const [args, failure] of [
		[["--pin", own], undefined],
		[["--pin", own, "--ca", pki.ca], undefined],
		[["--pin", pinOf(pki.ca), "--ca", pki.ca], undefined],
		[["--pin", wrong, "--pin", own], undefined],
		[["--pin", wrong, "--ca", pki.ca], "CERTIFICATE_NOT_PINNED"],
		[["--pin", wrong], "CERTIFICATE_ISSUER_UNKNOWN"],
		[["--pin", own, "--servername", "elsewhere.example"], "CERTIFICATE_NAME_MISMATCH"],
	] as const) {
		const { report } = await connectWithPolltls(port, ["--servername", "localhost", ...args, "--http", "/"]);
		assert.equal(report.failure?.name, failure, args.join(" "));
		assert.equal(report.certificateTypes.peer, "X509");
	}
});

test("a peer that knows certificates only is refused, and says so", async (t) => {
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!gnutls) return;
	const { server } = keys.p256;
	const ours = await startPolltlsServer(t, ["--rpk", server.key]);
	start(t, gnutls.path, [`--port=${ours.port}`, "--insecure", "127.0.0.1"]);
	const { failure } = await ours.nextReport();
	assert.deepEqual([failure?.name, failure?.alert], ["NO_COMMON_SERVER_CERTIFICATE_TYPE", "unsupported_certificate"]);
});

/** A certificate of its own for a key. */
function certificateOf(key: string): string {
	const file = `${key}.pem`;
	execFileSync("openssl", ["req", "-x509", "-new", "-key", key, "-out", file, "-subj", "/CN=localhost", "-days", "2"]);
	return file;
}

test("openssl 3.5, both roles", async (t) => {
	const root = trixiePackages("openssl", ["openssl", "libssl3t64", "libc6", "libzstd1", "zlib1g"]);
	if (typeof root !== "string") {
		if (process.env.REQUIRE_PEERS === "1") assert.fail(root.missing);
		t.skip(`openssl 3.5: ${root.missing}`);
		return;
	}
	const { path, args: loading } = trixieProgram(root, "openssl");
	const { server, client } = keys.p256;
	for (const { name, ours } of versions.slice(0, 2)) {
		const flag = name === "1.3" ? "-tls1_3" : "-tls1_2";
		const raw = ["-enable_server_rpk", "-enable_client_rpk", flag];
		const port = await freePort();
		// its programs want a certificate beside the key, and know a peer's raw key by a TLSA record only
		const shown = ({ key }: RawKey): string[] => ["-key", key, "-cert", certificateOf(key), ...raw];
		const theirs = start(t, path, [...loading, "s_server", "-accept", `127.0.0.1:${port}`, ...shown(server), "-verify", "1"]);
		await theirs.waitFor(/ACCEPT/);
		const outcome = await connectWithPolltls(port, [...ours, "--rpk", client.key, "--peer-key", server.publicKey, "--send", "raw to openssl\n"]);
		assert.equal(outcome.report.failure, null, outcome.stderr);
		assert.deepEqual(outcome.report.certificateTypes, types);
		await theirs.waitFor(/raw to openssl/);
		const our = await startPolltlsServer(t, [...ours, "--rpk", server.key, "--peer-key", client.publicKey, "--verify-client", "require"]);
		const program = start(t, path, [...loading, "s_client", "-connect", `127.0.0.1:${our.port}`, ...shown(client)]);
		program.write("raw from openssl\n");
		await program.waitFor(/raw from openssl/);
		program.endInput();
		const report = await our.nextReport();
		assert.equal(report.failure, null, JSON.stringify(report.failure));
		assert.deepEqual(report.certificateTypes, types);
	}
});
