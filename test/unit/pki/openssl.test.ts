// Chains, CRLs and OCSP responses that openssl makes: openssl's verdict and ours, for chains that just pass and chains
// that just fail.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NO_FAILURE } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { CertificateFields } from "polltls/pki/certificate-fields";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy, REVOCATION_LEAF, REVOCATION_PATH } from "polltls/pki/chain-policy";
import { PURPOSE_CLIENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { CertificateIssuer } from "polltls/pki/issue";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { encodePem, PEM_CERTIFICATE_REQUEST, PEM_X509_CRL, PemReader } from "polltls/pki/pem";
import { CertificationRequest } from "polltls/pki/request";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { nodeRegistry } from "../../../hosts/node/registry.js";
import { certificatesOf, listOf, nameOf, trustOf, verifyChain } from "../../support/chains.js";
import { requirePeer } from "../../support/peers.js";

const folder = mkdtempSync(join(tmpdir(), "polltls-openssl-"));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(path(`${name}.pem`), "utf8");
const registry = nodeRegistry("node");
registry.start();

/** openssl in the folder of this test. */
class OpenSsl {
	readonly #program: string;
	constructor(program: string) {
		this.#program = program;
	}
	run(...args: string[]): void {
		execFileSync(this.#program, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
	}
	/** A certificate and its key; issuer "" makes it self-signed. */
	issue(name: string, issuer: string, extensions: string[], kind = "ec", days = "30"): void {
		const key = {
			ec: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
			p384: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
			rsa: ["-newkey", "rsa:2048"],
			rsa1024: ["-newkey", "rsa:1024"],
			ed25519: ["-newkey", "ed25519"],
			pss: ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
		}[kind] as string[];
		this.run("req", "-new", ...key, "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/O=Test/CN=${name}`);
		writeFileSync(path(`${name}.ext`), extensions.join("\n"));
		const signer = issuer === "" ? ["-signkey", `${name}.key`] : ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
		this.run("x509", "-req", "-in", `${name}.csr`, ...signer, "-days", days, "-extfile", `${name}.ext`, "-out", `${name}.pem`);
	}
	/** Whether openssl takes the chain, leaf first. */
	verifies(chain: string[], anchors: string[], more: string[]): boolean {
		writeFileSync(path("untrusted"), chain.slice(1).map(read).join(""));
		writeFileSync(path("anchors"), anchors.map(read).join(""));
		const untrusted = chain.length > 1 ? ["-untrusted", "untrusted"] : []; // it refuses an empty file
		const args = ["verify", "-no-CAfile", "-no-CApath", "-trusted", "anchors", ...untrusted, ...more, `${chain[0]}.pem`];
		return spawnSync(this.#program, args, { cwd: folder }).status === 0;
	}
}

const authorityExtensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign", "subjectKeyIdentifier=hash"];
const leafExtensions = [
	"basicConstraints=CA:FALSE",
	"keyUsage=digitalSignature",
	"extendedKeyUsage=serverAuth",
	"subjectAltName=DNS:leaf.example,IP:192.0.2.7",
];
const without = (list: string[], start: string, ...more: string[]): string[] => [...list.filter((line) => !line.startsWith(start)), ...more];

interface Case {
	chain: string[];
	anchors?: string[];
	openssl?: string[];
	name?: string;
	policy?: Partial<ChainPolicy>;
	outcome: string;
}

test("chains of openssl's making", (t) => {
	const peer = requirePeer(t, "openssl");
	if (!peer) return;
	const openssl = new OpenSsl(peer.path);
	openssl.issue("root", "", authorityExtensions);
	openssl.issue("rsaroot", "", authorityExtensions, "rsa");
	openssl.issue("ca", "root", authorityExtensions);
	openssl.issue("ca0", "root", without(authorityExtensions, "basic", "basicConstraints=critical,CA:TRUE,pathlen:0"));
	openssl.issue("under0", "ca0", authorityExtensions);
	openssl.issue("noca", "root", without(without(authorityExtensions, "basic", "basicConstraints=CA:FALSE"), "keyUsage", "keyUsage=cRLSign"));
	openssl.issue("nosign", "root", without(authorityExtensions, "keyUsage", "keyUsage=critical,cRLSign"));
	openssl.issue("constrained", "root", [...authorityExtensions, "nameConstraints=critical,permitted;DNS:example,excluded;DNS:bad.example"]);
	openssl.issue("mailca", "root", [...authorityExtensions, "extendedKeyUsage=emailProtection"]);
	openssl.issue("leaf", "ca", leafExtensions);
	openssl.issue("rsaleaf", "rsaroot", leafExtensions, "rsa");
	openssl.issue("p384leaf", "ca", leafExtensions, "p384");
	openssl.issue("pssleaf", "ca", leafExtensions, "pss");
	openssl.issue("smallleaf", "ca", leafExtensions, "rsa1024");
	openssl.issue("direct0", "ca0", leafExtensions);
	openssl.issue("deep", "under0", leafExtensions);
	openssl.issue("bynoca", "noca", leafExtensions);
	openssl.issue("bynosign", "nosign", leafExtensions);
	openssl.issue("permitted", "constrained", leafExtensions);
	openssl.issue("outside", "constrained", without(leafExtensions, "subjectAlt", "subjectAltName=DNS:leaf.other"));
	openssl.issue("excluded", "constrained", without(leafExtensions, "subjectAlt", "subjectAltName=DNS:a.bad.example"));
	openssl.issue("client", "ca", without(leafExtensions, "extended", "extendedKeyUsage=clientAuth"));
	openssl.issue("bymail", "mailca", leafExtensions);
	openssl.issue("critical", "ca", [...leafExtensions, "1.2.3.4=critical,ASN1:NULL"]);
	openssl.issue("uncritical", "ca", [...leafExtensions, "1.2.3.4=ASN1:NULL"]);
	openssl.issue("wild", "ca", without(leafExtensions, "subjectAlt", "subjectAltName=DNS:*.leaf.example"));
	openssl.issue("self", "", leafExtensions);
	const server = ["-purpose", "sslserver"];
	const named = (name: string): string[] => ["-verify_hostname", name];
	const cases: Case[] = [
		{ chain: ["leaf", "ca"], outcome: "ok" },
		{ chain: ["leaf", "ca"], name: "leaf.example", openssl: named("leaf.example"), outcome: "ok" },
		{ chain: ["leaf", "ca"], name: "other.example", openssl: named("other.example"), outcome: "CERTIFICATE_NAME_MISMATCH" },
		{ chain: ["leaf", "ca"], name: "192.0.2.7", openssl: ["-verify_ip", "192.0.2.7"], outcome: "ok" },
		{ chain: ["leaf", "ca"], name: "192.0.2.8", openssl: ["-verify_ip", "192.0.2.8"], outcome: "CERTIFICATE_NAME_MISMATCH" },
		{ chain: ["wild", "ca"], name: "a.leaf.example", openssl: named("a.leaf.example"), outcome: "ok" },
		{ chain: ["wild", "ca"], name: "leaf.example", openssl: named("leaf.example"), outcome: "CERTIFICATE_NAME_MISMATCH" },
		{ chain: ["wild", "ca"], name: "a.b.leaf.example", openssl: named("a.b.leaf.example"), outcome: "CERTIFICATE_NAME_MISMATCH" },
		{ chain: ["leaf"], outcome: "CERTIFICATE_ISSUER_UNKNOWN" },
		{ chain: ["leaf", "ca0", "root", "ca"], outcome: "ok" },
		{ chain: ["rsaleaf"], anchors: ["rsaroot"], outcome: "ok" },
		{ chain: ["rsaleaf"], anchors: ["root"], outcome: "CERTIFICATE_ISSUER_UNKNOWN" },
		{ chain: ["p384leaf", "ca"], outcome: "ok" },
		{ chain: ["pssleaf", "ca"], outcome: "ok" },
		{ chain: ["smallleaf", "ca"], openssl: ["-auth_level", "2"], outcome: "CERTIFICATE_KEY_TOO_SMALL" },
		{ chain: ["direct0", "ca0"], outcome: "ok" },
		{ chain: ["deep", "under0", "ca0"], outcome: "CERTIFICATE_PATH_TOO_LONG" },
		{ chain: ["bynoca", "noca"], outcome: "CERTIFICATE_NOT_AUTHORITY" },
		{ chain: ["bynosign", "nosign"], outcome: "CERTIFICATE_NOT_SIGNER" },
		{ chain: ["permitted", "constrained"], outcome: "ok" },
		{ chain: ["outside", "constrained"], outcome: "CERTIFICATE_NAME_NOT_PERMITTED" },
		{ chain: ["excluded", "constrained"], outcome: "CERTIFICATE_NAME_NOT_PERMITTED" },
		{ chain: ["client", "ca"], openssl: server, outcome: "CERTIFICATE_PURPOSE_REFUSED" },
		{ chain: ["client", "ca"], openssl: ["-purpose", "sslclient"], policy: { purpose: PURPOSE_CLIENT }, outcome: "ok" },
		{ chain: ["leaf", "ca"], openssl: ["-purpose", "sslclient"], policy: { purpose: PURPOSE_CLIENT }, outcome: "CERTIFICATE_PURPOSE_REFUSED" },
		{ chain: ["bymail", "mailca"], openssl: server, outcome: "CERTIFICATE_PURPOSE_REFUSED" },
		{ chain: ["critical", "ca"], outcome: "CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN" },
		{ chain: ["uncritical", "ca"], outcome: "ok" },
		{ chain: ["self"], anchors: ["self"], outcome: "ok" },
		{ chain: ["self"], outcome: "CERTIFICATE_ISSUER_UNKNOWN" },
		{ chain: ["leaf"], anchors: ["ca"], openssl: ["-partial_chain"], outcome: "ok" },
		{ chain: ["leaf"], anchors: ["ca"], policy: { partialChains: false }, outcome: "CERTIFICATE_ISSUER_UNKNOWN" },
		{ chain: ["leaf"], anchors: ["leaf"], openssl: ["-partial_chain"], outcome: "ok" },
		{ chain: ["deep", "under0"], anchors: ["under0"], openssl: ["-partial_chain"], outcome: "ok" },
		{ chain: ["leaf", "ca"], openssl: ["-verify_depth", "0"], policy: { maxDepth: 0 }, outcome: "CERTIFICATE_DEPTH_EXCEEDED" },
		{ chain: ["leaf", "ca"], openssl: ["-verify_depth", "1"], policy: { maxDepth: 1 }, outcome: "ok" },
		{ chain: ["leaf", "ca"], openssl: ["-attime", "1000000000"], outcome: "CERTIFICATE_NOT_YET_VALID" },
		{ chain: ["leaf", "ca"], openssl: ["-attime", "4000000000"], outcome: "CERTIFICATE_EXPIRED" },
	];
	for (const each of cases) {
		const { chain, anchors = ["root"], openssl: more = [], name, policy, outcome } = each;
		const at = more.indexOf("-attime");
		const seconds = at < 0 ? undefined : Number(more[at + 1]);
		const what = `${chain.join(" ")} ${more.join(" ")} ${name ?? ""}`;
		assert.equal(verifyChain({ chain: chain.map(read), anchors: anchors.map(read), name, policy, seconds, registry }).outcome, outcome, what);
		assert.equal(openssl.verifies(chain, anchors, more), outcome === "ok", `openssl: ${what}`);
	}
});

test("authorities and requests of every kind of key, of openssl's making", (t) => {
	const peer = requirePeer(t, "openssl");
	if (!peer) return;
	const openssl = new OpenSsl(peer.path);
	const kinds = ["rsa", "ec", "p384", "ed25519"];
	const request = new CertificationRequest();
	const issuer = new CertificateIssuer(registry, 4096);
	for (const kind of kinds) {
		const root = `${kind}-root`;
		openssl.issue(root, "", authorityExtensions, kind);
		openssl.issue(`${kind}-ca`, root, authorityExtensions, kind);
		// a PSS key signs with the longest salt if openssl isn't told otherwise, which is no scheme of TLS: it is a leaf's only
		for (const other of [...kinds, "pss"]) {
			const leaf = `${other}-by-${kind}`;
			openssl.issue(leaf, `${kind}-ca`, leafExtensions, other);
			const question = { chain: [leaf, `${kind}-ca`].map(read), anchors: [read(root)], name: "leaf.example", registry };
			assert.equal(verifyChain(question).outcome, "ok", leaf);
			assert.equal(openssl.verifies([leaf, `${kind}-ca`], [root], []), true, leaf);
		}
		// its request is signed by its own key, and what we issue for it is a certificate that openssl takes
		const [der] = valuesOf(readFileSync(path(`${root}.csr`), "utf8"), PEM_CERTIFICATE_REQUEST);
		assert.equal(request.decode(der, 0, der.length), NO_FAILURE, kind);
		const job = request.startVerify(registry);
		let status: number = WORKING;
		while (status === WORKING && job !== undefined) status = job.step(64);
		assert.equal(status, DONE, kind);
		const decoder = new PrivateKeyDecoder();
		assert.equal(decoder.decodePem(readFileSync(path(`${kind}-ca.key`), "utf8")), NO_FAILURE);
		const [authority] = certificatesOf([read(`${kind}-ca`)]);
		const fields = new CertificateFields();
		fields.subject = request.bytes.slice(request.subject.at, request.subject.end);
		fields.names = ["ours.example"];
		fields.notBefore = Math.floor(Date.now() / 1000) - 60;
		fields.notAfter = fields.notBefore + 86400;
		issuer.startIssue(fields, request.publicKey, authority, decoder.key, nodeEntropy);
		do status = issuer.step(64);
		while (status === WORKING);
		assert.equal(status, DONE, kind);
		writeFileSync(path(`${kind}-ours.pem`), encodePem("CERTIFICATE", issuer.der, 0, issuer.length));
		const named = ["-x509_strict", "-verify_hostname", "ours.example"];
		assert.equal(openssl.verifies([`${kind}-ours`, `${kind}-ca`], [root], named), true, `issued by ${kind}`);
		const ours = { chain: [`${kind}-ours`, `${kind}-ca`].map(read), anchors: [read(root)], name: "ours.example", registry };
		assert.equal(verifyChain(ours).outcome, "ok", kind);
	}
});

/** The DER of the blocks of one kind. */
function valuesOf(pem: string, kind: number): Uint8Array[] {
	const reader = new PemReader(pem);
	const values: Uint8Array[] = [];
	while (reader.find(kind)) values.push(reader.der);
	return values;
}

test("CRLs and OCSP responses of openssl's making", (t) => {
	const peer = requirePeer(t, "openssl");
	if (!peer) return;
	const openssl = new OpenSsl(peer.path);
	openssl.issue("crlroot", "", authorityExtensions);
	for (const name of ["good", "bad"]) openssl.issue(name, "crlroot", leafExtensions);
	openssl.issue("responder", "crlroot", ["basicConstraints=CA:FALSE", "keyUsage=digitalSignature", "extendedKeyUsage=OCSPSigning", "noCheck=ignored"]);
	writeFileSync(path("index.txt"), "");
	writeFileSync(path("crlnumber"), "01\n");
	writeFileSync(
		path("ca.cnf"),
		"[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=7\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n",
	);
	const ca = (...args: string[]): void => openssl.run("ca", "-config", "ca.cnf", "-cert", "crlroot.pem", "-keyfile", "crlroot.key", ...args);
	ca("-gencrl", "-out", "before.crl");
	ca("-valid", "good.pem");
	ca("-revoke", "bad.pem", "-crl_reason", "keyCompromise");
	ca("-gencrl", "-out", "after.crl");
	const run = (name: string, crl: string): string => {
		const trust = trustOf([read("crlroot")]);
		assert.equal(trust.addCrlPem(readFileSync(path(crl))), NO_FAILURE);
		return verifyChain({ chain: [read(name)], trust, registry, policy: { revocation: REVOCATION_PATH } }).outcome;
	};
	const pem = new PemReader(readFileSync(path("after.crl")));
	assert.ok(pem.find(PEM_X509_CRL));
	assert.equal(run("good", "before.crl"), "ok");
	assert.equal(run("bad", "before.crl"), "ok");
	assert.equal(run("good", "after.crl"), "ok");
	assert.equal(run("bad", "after.crl"), "CERTIFICATE_REVOKED");
	for (const [signer, key] of [
		["crlroot", "crlroot.key"],
		["responder", "responder.key"],
	]) {
		for (const [name, expected] of [
			["good", "ok"],
			["bad", "CERTIFICATE_REVOKED"],
		]) {
			const out = `${name}-${signer}.der`;
			openssl.run("ocsp", "-issuer", "crlroot.pem", "-cert", `${name}.pem`, "-no_nonce", "-reqout", "request.der");
			openssl.run(
				"ocsp",
				"-index",
				"index.txt",
				"-CA",
				"crlroot.pem",
				"-rsigner",
				`${signer}.pem`,
				"-rkey",
				key,
				"-ndays",
				"3",
				"-reqin",
				"request.der",
				"-respout",
				out,
			);
			const [leaf] = certificatesOf([read(name)]);
			const list = listOf([leaf, new Uint8Array(readFileSync(path(out)))]);
			list.staple(0, list.at[1], list.end[1]);
			list.count = 1;
			const policy = new ChainPolicy();
			policy.revocation = REVOCATION_LEAF;
			policy.purpose = PURPOSE_SERVER;
			const verifier = new ChainVerifier(registry);
			verifier.start(policy, trustOf([read("crlroot")]), list, "leaf.example", Math.floor(Date.now() / 1000) + 5);
			let status: number;
			do status = verifier.step(64);
			while (status === WORKING);
			assert.equal(status === DONE ? "ok" : nameOf(status), expected, `${name} by ${signer}`);
		}
	}
});
