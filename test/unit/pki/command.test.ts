// `polltls cert` and `polltls keygen`: what they print, and their exit codes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer as createPlainServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createServer } from "node:tls";
import { NO_FAILURE } from "polltls/base/failure";
import { encodePem } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";
import { UsageError } from "../../../hosts/node/command/options.js";
import { runCert, runKeygen, runTrust } from "../../../hosts/node/command-cert.js";
import { verifyChain } from "../../support/chains.js";
import { authority, type Bytes, crl, dns, leaf, NOW, name, pairOf, root, subjectAltName, time } from "../../support/forge.js";
import { requirePeer } from "../../support/peers.js";

const folder = mkdtempSync(join(tmpdir(), "polltls-cert-"));
after(() => rmSync(folder, { recursive: true }));
const path = (file: string): string => join(folder, file);
const pemOf = (label: string, ...values: Bytes[]): string => values.map((der) => Buffer.from(encodePem(label, der, 0, der.length)).toString()).join("");
function file(name: string, label: string, ...values: Bytes[]): string {
	writeFileSync(path(name), pemOf(label, ...values));
	return path(name);
}

interface Run {
	code: number;
	out: string;
	err: string;
}
/** Runs a command with its output caught. */
async function run(command: typeof runCert, ...args: string[]): Promise<Run> {
	const caught = { out: "", err: "" };
	const out = (text: string | Uint8Array): void => {
		caught.out += typeof text === "string" ? text : Buffer.from(text).toString();
	};
	const err = (text: string): void => {
		caught.err += text;
	};
	return { code: await command(args, { out, err }), ...caught };
}
const cert = (...args: string[]): Promise<Run> => run(runCert, ...args);

const top = root();
const middle = authority(top);
const end = leaf(middle);
const ca = file("ca.pem", "CERTIFICATE", top.der);
const chain = file("chain.pem", "CERTIFICATE", middle.der);
const single = file("leaf.pem", "CERTIFICATE", end.der);
const at = ["--time", String(NOW)];

test("verify: ok, or the failure's name and its code", async () => {
	for (const [args, code, text] of [
		[["--ca", ca, "--chain", chain, ...at, single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--name", "leaf.example", ...at, single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--name", "other.example", ...at, single], 16, "CERTIFICATE_NAME_MISMATCH"],
		[["--ca", ca, ...at, single], 16, "CERTIFICATE_ISSUER_UNKNOWN"],
		[["--ca", ca, "--chain", chain, "--time", "1", single], 16, "CERTIFICATE_NOT_YET_VALID"],
		[["--ca", ca, "--chain", chain, "--time", "4000000000", single], 16, "CERTIFICATE_EXPIRED"],
		[["--ca", ca, "--chain", chain, "--purpose", "client", ...at, single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--max-depth", "0", ...at, single], 16, "CERTIFICATE_DEPTH_EXCEEDED"],
		[["--ca", ca, "--chain", chain, "--profile", "web", ...at, single], 17, "CERTIFICATE_FORM_REFUSED"],
		[["--ca", ca, "--chain", chain, "--profile", "strict", ...at, single], 0, "ok"],
	] as const) {
		const result = await cert("verify", ...args);
		assert.equal(result.out, `${text}\n`, args.join(" "));
		assert.equal(result.code, code);
	}
	const named = await cert("verify", "--ca", ca, "--chain", chain, "--time", "4000000000", single);
	assert.equal(named.err, "polltls: CERTIFICATE_EXPIRED: trust store (CN=Root)\n");
	const short = file("short.pem", "CERTIFICATE", leaf(middle, { subject: name("Device, 7"), notAfter: time(NOW - 1) }).der, middle.der);
	const own = await cert("verify", "--ca", ca, ...at, short);
	assert.equal(own.err, "polltls: CERTIFICATE_EXPIRED: certificate 0 (CN=Device\\2c 7)\n", "the chain may stand in the leaf's file");
});

test("verify: pins", async () => {
	const pinOf = ({ der }: { der: Bytes }): string => {
		const info = createPublicKey(new X509Certificate(der).publicKey.export({ type: "spki", format: "pem" })).export({ type: "spki", format: "der" });
		return createHash("sha256").update(info).digest("hex");
	};
	const spaced = pinOf(middle).toUpperCase().match(/../g)?.join(":") as string;
	for (const [args, code, text] of [
		[["--ca", ca, "--chain", chain, "--pin", pinOf(end), single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--pin", spaced, single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--pin", pinOf(top), single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--pin", "00".repeat(32), "--pin", pinOf(end), single], 0, "ok"],
		[["--ca", ca, "--chain", chain, "--pin", "00".repeat(32), single], 16, "CERTIFICATE_NOT_PINNED"],
		[["--pin", pinOf(end), single], 0, "ok"],
		[["--pin", pinOf(middle), "--chain", chain, single], 0, "ok"],
		[["--pin", pinOf(top), "--chain", chain, single], 16, "CERTIFICATE_ISSUER_UNKNOWN"],
	] as const) {
		const result = await cert("verify", ...at, ...args);
		assert.equal(result.out, `${text}\n`, args.join(" "));
		assert.equal(result.code, code);
	}
	await assert.rejects(runCert(["verify", "--pin", "123", single]), UsageError);
});

test("verify: CRLs, and files that can't be read", async () => {
	const good = file("good.crl", "X509 CRL", crl(middle));
	const bad = file("bad.crl", "X509 CRL", crl(middle, { revoked: [{ serial: end.serial }] }));
	assert.equal((await cert("verify", "--ca", ca, "--chain", chain, "--crl", good, ...at, single)).out, "ok\n");
	const revoked = await cert("verify", "--ca", ca, "--chain", chain, "--crl", bad, ...at, single);
	assert.deepEqual([revoked.code, revoked.out], [16, "CERTIFICATE_REVOKED\n"]);
	writeFileSync(path("noise"), "noise");
	for (const [args, text] of [
		[["--ca", path("noise"), single], "PEM_BLOCK_MISSING"],
		[["--ca", ca, path("noise")], "PEM_BLOCK_MISSING"],
		[["--ca", ca, "--crl", ca, single], "PEM_BLOCK_MISSING"],
		[["--ca", file("broken.pem", "CERTIFICATE", end.der.subarray(0, 99)), single], "CERTIFICATE_MALFORMED"],
		[["--ca", ca, file("broken2.pem", "CERTIFICATE", end.der.subarray(0, 99))], "CERTIFICATE_MALFORMED"],
		[["--ca", ca, "--crl", file("broken.crl", "X509 CRL", crl(middle).subarray(0, 99)), single], "CRL_MALFORMED"],
	] as const) {
		const result = await cert("verify", ...at, ...args);
		assert.deepEqual([result.code, result.out], [17, `${text}\n`]);
	}
	writeFileSync(path("leaf.der"), end.der);
	assert.equal((await cert("verify", "--ca", ca, "--chain", chain, ...at, path("leaf.der"))).out, "ok\n", "DER");
});

test("verify: wrong calls", async () => {
	for (const args of [
		["verify"],
		["verify", single],
		["verify", "--ca", ca, single, single],
		["verify", "--ca", ca, "--bogus", single],
		["verify", "--ca", ca, "--purpose", "mail", single],
		["verify", "--ca", ca, "--max-depth", "x", single],
		["verify", "--ca", ca, "--time", "-1", single],
		["verify", "--ca", ca, "--profile", "none", single],
		["verify", "--batch", "x", "--ca", ca],
		["verify", "--batch", "x", single],
		["frobnicate"],
		[],
	])
		await assert.rejects(runCert(args), UsageError, args.join(" "));
	await assert.rejects(runCert(["verify", "--ca", path("absent"), single]), /absent/);
});

test("verify: a batch of JSON lines", async () => {
	const line = (more: object): string =>
		JSON.stringify({ ca: [pemOf("CERTIFICATE", top.der)], chain: [pemOf("CERTIFICATE", middle.der)], leaf: pemOf("CERTIFICATE", end.der), time: NOW, ...more });
	const lines = [
		line({ id: 1 }),
		"",
		line({ id: "two", name: "leaf.example", purpose: "SERVER", maxDepth: null, crls: null }),
		line({ id: 3, name: "other.example" }),
		line({ id: 4, time: new Date((NOW + 4e8) * 1000).toISOString() }),
		line({ id: 5, time: String(NOW), crls: [pemOf("X509 CRL", crl(middle, { revoked: [{ serial: end.serial }] }))] }),
		line({ id: 6, chain: null, maxDepth: 3, purpose: "client" }),
		line({ id: 7, leaf: "nothing" }),
		line({ id: 8, ca: [pemOf("CERTIFICATE", end.der.subarray(0, 99))] }),
		line({ id: 9, crls: [pemOf("X509 CRL", end.der)] }),
		line({ id: 10, pins: ["00".repeat(32)] }),
		line({ id: 11, purpose: "mail" }),
		"{",
		line({ id: 12 }),
	];
	writeFileSync(path("batch.jsonl"), lines.join("\n"));
	const { out, code } = await cert("verify", "--batch", path("batch.jsonl"));
	assert.equal(code, 2, "one of the lines isn't JSON");
	const answers = out
		.trim()
		.split("\n")
		.map((text) => JSON.parse(text));
	assert.deepEqual(
		answers.map(({ id, ok, failure }) => [id, ok, failure]),
		[
			[1, true, null],
			["two", true, null],
			[3, false, "CERTIFICATE_NAME_MISMATCH"],
			[4, false, "CERTIFICATE_EXPIRED"],
			[5, false, "CERTIFICATE_REVOKED"],
			[6, false, "CERTIFICATE_ISSUER_UNKNOWN"],
			[7, false, "PEM_BLOCK_MISSING"],
			[8, false, "CERTIFICATE_MALFORMED"],
			[9, false, "CRL_MALFORMED"],
			[10, false, "CERTIFICATE_NOT_PINNED"],
			[11, false, "ARGUMENT_REFUSED"],
			[null, false, "ARGUMENT_REFUSED"],
			[12, true, null],
		],
	);
	assert.equal(answers[2].subject, "CN=Leaf");
});

test("verify: a batch of a thousand takes seconds", async () => {
	const common = { ca: [pemOf("CERTIFICATE", top.der)], chain: [pemOf("CERTIFICATE", middle.der)], leaf: pemOf("CERTIFICATE", end.der), time: NOW };
	const lines = Array.from({ length: 1000 }, (_, id) => JSON.stringify({ ...common, id, name: id & 1 ? "leaf.example" : "other.example" }));
	writeFileSync(path("thousand.jsonl"), lines.join("\n"));
	const began = performance.now();
	const { out, code } = await cert("verify", "--batch", path("thousand.jsonl"));
	assert.equal(code, 0);
	assert.equal(out.match(/"ok":true/g)?.length, 500);
	assert.equal(out.match(/"failure":"CERTIFICATE_NAME_MISMATCH"/g)?.length, 500);
	assert.ok(performance.now() - began < 30_000);
});

test("keygen: keys that node:crypto takes, readable by their owner only", async () => {
	for (const [type, more, expected] of [
		["p256", [], "prime256v1"],
		["p384", [], "secp384r1"],
		["ed25519", [], undefined],
		["rsa", ["--bits", "2048"], undefined],
	] as const) {
		const out = path(`${type}.key`);
		const publicFile = path(`${type}.pub`);
		assert.equal((await run(runKeygen, "--type", type, ...more, "--out", out, "--public", publicFile)).code, 0);
		const key = createPrivateKey(readFileSync(out));
		assert.equal(key.asymmetricKeyDetails?.namedCurve, expected);
		assert.equal(createPublicKey(key).export({ type: "spki", format: "pem" }), readFileSync(publicFile, "utf8"));
		assert.equal(statSync(out).mode & 0o777, 0o600);
	}
	const { out } = await run(runKeygen);
	assert.equal(createPrivateKey(out).asymmetricKeyDetails?.namedCurve, "prime256v1");
	for (const args of [["--type", "dsa"], ["--bits", "2048"], ["--type", "rsa", "--bits", "512"], ["x"]]) await assert.rejects(runKeygen(args), UsageError);
});

test("self, request, issue, show: an authority and a device", async (t) => {
	assert.equal((await run(runKeygen, "--out", path("root.key"))).code, 0);
	assert.equal((await run(runKeygen, "--type", "p384", "--out", path("device.key"))).code, 0);
	assert.equal(
		(await cert("self", "--key", path("root.key"), "--subject", "/C=DE/O=Company/CN=Root", "--ca", "--path-length", "0", "--out", path("root.pem"))).code,
		0,
	);
	const request = [
		"request",
		"--key",
		path("device.key"),
		"--subject",
		"device-7",
		"--san",
		"device-7.local",
		"--san",
		"192.168.1.7",
		"--out",
		path("device.csr"),
	];
	assert.equal((await cert(...request)).code, 0);
	const issue = ["issue", "--ca-cert", path("root.pem"), "--ca-key", path("root.key"), "--days", "30"];
	assert.equal((await cert(...issue, "--out", path("device.pem"), path("device.csr"))).code, 0);
	const device = new X509Certificate(readFileSync(path("device.pem")));
	assert.equal(device.subject, "CN=device-7");
	assert.equal(device.issuer, "C=DE\nO=Company\nCN=Root");
	assert.equal(device.subjectAltName, "DNS:device-7.local, IP Address:192.168.1.7");
	assert.ok(device.checkPrivateKey(createPrivateKey(readFileSync(path("device.key")))));
	assert.equal((await cert("verify", "--ca", path("root.pem"), "--name", "device-7.local", path("device.pem"))).out, "ok\n");
	assert.equal((await cert("verify", "--ca", path("root.pem"), "--profile", "strict", path("device.pem"))).out, "ok\n");
	const renamed = await cert(...issue, "--subject", "other", "--san", "other.local", "--purpose", "server", path("device.csr"));
	assert.equal(new X509Certificate(renamed.out).subjectAltName, "DNS:other.local");
	const { out } = await cert(
		"show",
		path("root.pem"),
		path("device.pem"),
		path("device.csr"),
		file("list.crl", "X509 CRL", crl(middle, { revoked: [{ serial: end.serial }] })),
	);
	assert.match(out, /subject: C=DE, O=Company, CN=Root\n {2}issuer: C=DE, O=Company, CN=Root \(itself\)/);
	assert.match(out, /names: DNS:device-7.local, IP:192.168.1.7/);
	assert.match(out, /certificate request\n {2}subject: CN=device-7\n {2}key: P-384/);
	assert.match(out, /CRL\n {2}issuer: CN=Authority/);
	assert.match(out, /pin .*: [0-9a-f]{64}/);
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const verified = execFileSync(
		openssl.path,
		["verify", "-x509_strict", "-CAfile", path("root.pem"), "-verify_hostname", "device-7.local", path("device.pem")],
		{
			encoding: "utf8",
		},
	);
	assert.match(verified, /OK/);
	// an Ed25519 key, whose file doesn't say the public half, and a request of openssl's making
	execFileSync(openssl.path, ["genpkey", "-algorithm", "ed25519", "-out", path("ed.key")]);
	assert.equal((await cert("self", "--key", path("ed.key"), "--subject", "ed", "--out", path("ed.pem"))).code, 0);
	assert.match(execFileSync(openssl.path, ["verify", "-CAfile", path("ed.pem"), path("ed.pem")], { encoding: "utf8" }), /OK/);
	assert.equal((await cert("verify", "--ca", path("ed.pem"), path("ed.pem"))).out, "ok\n");
	execFileSync(openssl.path, [
		"req",
		"-new",
		"-key",
		path("device.key"),
		"-subj",
		"/CN=theirs",
		"-addext",
		"subjectAltName=DNS:theirs.local",
		"-out",
		path("theirs.csr"),
	]);
	assert.equal((await cert(...issue, "--out", path("theirs.pem"), path("theirs.csr"))).code, 0);
	assert.equal((await cert("verify", "--ca", path("root.pem"), "--name", "theirs.local", path("theirs.pem"))).out, "ok\n");
});

test("self with an encrypted key", async () => {
	const pem = pairOf("p256").privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" });
	writeFileSync(path("encrypted.key"), pem);
	const self = ["self", "--key", path("encrypted.key"), "--subject", "x"];
	const { out } = await cert(...self, "--password", "secret");
	assert.equal(new X509Certificate(out).subject, "CN=x");
	await assert.rejects(runCert(self), /--password/);
	const wrong = await cert(...self, "--password", "Secret");
	assert.deepEqual([wrong.code, wrong.err], [17, `polltls: PASSWORD_WRONG: ${path("encrypted.key")}\n`]);
});

test("issue and show: what is refused", async () => {
	assert.equal((await run(runKeygen, "--out", path("a.key"))).code, 0);
	assert.equal((await run(runKeygen, "--out", path("b.key"))).code, 0);
	await cert("self", "--key", path("a.key"), "--subject", "A", "--ca", "--out", path("a.pem"));
	await cert("self", "--key", path("a.key"), "--subject", "Leaf", "--out", path("l.pem"));
	await cert("request", "--key", path("b.key"), "--subject", "B", "--out", path("b.csr"));
	await assert.rejects(runCert(["issue", "--ca-cert", path("a.pem"), "--ca-key", path("b.key"), path("b.csr")]), /not the key of/);
	const forged = Buffer.from(readFileSync(path("b.csr"), "latin1").replace(/-----[^-]*-----/g, ""), "base64");
	forged[forged.length - 1] ^= 1;
	const tampered = file("c.csr", "CERTIFICATE REQUEST", forged);
	const issue = ["issue", "--ca-cert", path("a.pem"), "--ca-key", path("a.key")];
	assert.match((await cert(...issue, tampered)).err, /SIGNATURE_WRONG/);
	assert.match((await cert(...issue, file("d.csr", "CERTIFICATE REQUEST", end.der))).err, /CERTIFICATION_REQUEST_MALFORMED/);
	assert.match((await cert("issue", "--ca-cert", path("l.pem"), "--ca-key", path("a.key"), path("b.csr"))).err, /ISSUE_REFUSED/);
	assert.match((await cert("self", "--key", path("a.key"), "--subject", "x", "--san", "a b")).err, /ISSUE_REFUSED/);
	assert.match((await cert("show", file("e.pem", "CERTIFICATE", end.der.subarray(1)))).err, /CERTIFICATE_MALFORMED/);
	for (const args of [
		["self"],
		["self", "--key", path("a.key")],
		["self", "--key", path("a.key"), "--subject", "/X=1"],
		["self", "--key", path("a.key"), "--subject", "x", "--path-length", "1"],
		["self", "--key", path("a.key"), "--subject", "x", "extra"],
		["request", "--key", path("a.key"), "--subject", "x", "extra"],
		["issue", path("b.csr")],
		["issue"],
		["show"],
	])
		await assert.rejects(runCert(args), UsageError, args.join(" "));
	assert.ok(subjectAltName(dns("x")).length > 0);
});

test("bundle: anchors in the compact format", async () => {
	const { out, code } = await cert("bundle", "--out", path("anchors.ptb"), ca, chain);
	assert.equal(code, 0);
	assert.equal(out, `2 anchors, ${statSync(path("anchors.ptb")).size} bytes\n`);
	const trust = new TrustStore();
	assert.equal(trust.addBundle(new Uint8Array(readFileSync(path("anchors.ptb")))), NO_FAILURE);
	assert.equal(verifyChain({ chain: [end.der, middle.der], trust, seconds: NOW }).outcome, "ok");
	assert.match((await cert("bundle", "--out", path("x"), file("f.pem", "CERTIFICATE", end.der.subarray(1)))).err, /CERTIFICATE_MALFORMED/);
	await assert.rejects(runCert(["bundle", ca]), UsageError);
});

test("trust: the chain of a server, and the anchor that a device needs", async (t) => {
	const key = end.pair.privateKey.export({ type: "pkcs8", format: "pem" });
	const fresh = { notBefore: time(Date.now() / 1000 - 100), notAfter: time(Date.now() / 1000 + 100) };
	const own = root({ ...fresh, pair: top.pair });
	const between = authority(own, { ...fresh, pair: middle.pair });
	const served = leaf(between, { ...fresh, pair: end.pair, more: [subjectAltName(dns("localhost"))] });
	const server = createServer({ key, cert: pemOf("CERTIFICATE", served.der, between.der) }, (socket) => socket.on("error", () => {}));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	const roots = file("roots.pem", "CERTIFICATE", root({ ...fresh, subject: name("Other") }).der, own.der);
	const { out, code } = await run(runTrust, "--ca", roots, "--servername", "localhost", "--out", path("needed.pem"), "--bundle", path("needed.ptb"), address);
	assert.equal(code, 0);
	assert.match(out, /^0: certificate, version 3\n {2}subject: CN=Leaf\n/);
	assert.match(out, /\n1: certificate, version 3\n {2}subject: CN=Authority\n/);
	assert.match(out, /needed anchor: CN=Root\n {2}pin: [0-9a-f]{64}\n {2}\d+ bytes as a certificate, 85 as a bundle\n/);
	assert.equal(readFileSync(path("needed.pem"), "utf8"), pemOf("CERTIFICATE", own.der));
	assert.equal(statSync(path("needed.ptb")).size, 85);
	const none = await run(runTrust, "--servername", "localhost", address);
	assert.match(none.err, /CERTIFICATE_ISSUER_UNKNOWN: certificate 0: none of \d+ anchors helps/);
	assert.equal(none.code, 16);
	const wrong = await run(runTrust, "--ca", roots, "--servername", "other", address);
	assert.match(wrong.err, /CERTIFICATE_NAME_MISMATCH/);
	await assert.rejects(runTrust(["host"]), UsageError);
	await assert.rejects(runTrust(["127.0.0.1:1"]), /ECONNREFUSED/);
	// a server that ends every handshake behind its certificate: what it sent is judged all the same
	const refusing = createServer({ key, cert: pemOf("CERTIFICATE", served.der, between.der), requestCert: true, rejectUnauthorized: true });
	refusing.on("tlsClientError", () => {});
	await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
	t.after(() => refusing.close());
	const known = await run(runTrust, "--ca", roots, "--servername", "localhost", `127.0.0.1:${(refusing.address() as AddressInfo).port}`);
	assert.match(known.out, /needed anchor: CN=Root/);
	const silent = createPlainServer((socket) => socket.end("nothing\n"));
	await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
	t.after(() => silent.close());
	await assert.rejects(runTrust([`127.0.0.1:${(silent.address() as AddressInfo).port}`]), /RECORD_|TRANSPORT_/);
});
