// What we issue: openssl and node:crypto must take it, and so must we.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CERTIFICATE_TOO_LARGE, ISSUE_REFUSED, NO_FAILURE } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import type { PrivateKey, PublicKey } from "polltls/crypto/types";
import { CertificateFields, commonName, encodeName } from "polltls/pki/certificate-fields";
import { KEY_USAGE_DIGITAL_SIGNATURE, PURPOSE_CLIENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { CertificateIssuer } from "polltls/pki/issue";
import { encodePrivateKey, encodePublicKeyInfo } from "polltls/pki/key-writer";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { emailAddress, id_at_commonName, id_at_countryName, id_at_organizationName } from "polltls/pki/oid";
import { encodePem } from "polltls/pki/pem";
import { NO_EXPIRATION } from "polltls/pki/time";
import { verifyChain } from "../../support/chains.js";
import { nodeRegistry } from "../../support/node-registry.js";
import { requirePeer } from "../../support/peers.js";
import { SeededEntropy } from "../../support/seeded-entropy.js";

const folder = mkdtempSync(join(tmpdir(), "polltls-issue-"));
after(() => rmSync(folder, { recursive: true }));
const registry = nodeRegistry();
const entropy = new SeededEntropy("issue");
const now = Math.floor(Date.now() / 1000);
const day = 86400;

interface Pair {
	key: PrivateKey;
	publicKey: PublicKey;
	pem: string;
}

function pairOf(kind: "p256" | "p384" | "ed25519" | "rsa"): Pair {
	const made =
		kind === "rsa"
			? generateKeyPairSync("rsa", { modulusLength: 2048 })
			: kind === "ed25519"
				? generateKeyPairSync("ed25519")
				: generateKeyPairSync("ec", { namedCurve: kind === "p256" ? "prime256v1" : "secp384r1" });
	const pem = made.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
	const decoder = new PrivateKeyDecoder();
	assert.equal(decoder.decodePem(pem), NO_FAILURE);
	const raw = { p256: 65, p384: 97, ed25519: 32, rsa: 270 }[kind];
	const spki = new Uint8Array(made.publicKey.export({ type: "spki", format: "der" }));
	const publicKey = decoder.publicKey ?? { type: decoder.key.type, bytes: spki, at: spki.length - raw, end: spki.length };
	assert.deepEqual(Buffer.from(encodePublicKeyInfo(publicKey)), Buffer.from(spki), "SubjectPublicKeyInfo as node:crypto writes it");
	return { key: decoder.key, publicKey, pem };
}

function fieldsOf(name: string, names: string[] = []): CertificateFields {
	const fields = new CertificateFields();
	fields.subject = commonName(name);
	fields.names = names;
	fields.notBefore = now - day;
	fields.notAfter = now + day;
	return fields;
}

function finish(issuer: CertificateIssuer): number {
	for (;;) {
		const status = issuer.step(8);
		if (status !== WORKING) return status;
	}
}

function made(issuer: CertificateIssuer): Uint8Array {
	assert.equal(finish(issuer), DONE);
	return issuer.der.slice(0, issuer.length);
}

function file(name: string, label: string, der: Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, encodePem(label, der, 0, der.length));
	return path;
}

const issuer = new CertificateIssuer(registry);
const pairs = { p256: pairOf("p256"), p384: pairOf("p384"), ed25519: pairOf("ed25519"), rsa: pairOf("rsa") };

for (const [kind, { key, publicKey, pem }] of Object.entries(pairs)) {
	test(`a self-signed certificate of ${kind}: openssl, node:crypto and we take it`, (t) => {
		const fields = fieldsOf("device-7", ["device-7.local", "*.example.org", "192.168.1.7", "2001:db8::7"]);
		fields.extendedKeyUsage = PURPOSE_SERVER | PURPOSE_CLIENT;
		issuer.startSelfSigned(fields, key, publicKey, entropy);
		const der = made(issuer);
		const certificate = new X509Certificate(der);
		assert.ok(certificate.verify(certificate.publicKey));
		assert.equal(certificate.subject, "CN=device-7");
		assert.equal(certificate.issuer, "CN=device-7");
		assert.equal(certificate.subjectAltName, "DNS:device-7.local, DNS:*.example.org, IP Address:192.168.1.7, IP Address:2001:DB8:0:0:0:0:0:7");
		assert.equal(Date.parse(certificate.validFrom) / 1000, now - day);
		assert.equal(Date.parse(certificate.validTo) / 1000, now + day);
		for (const name of ["device-7.local", "a.example.org", "192.168.1.7", "[2001:db8::7]", ""])
			assert.equal(verifyChain({ chain: [der], anchors: [der], name }).outcome, "ok", name);
		assert.equal(verifyChain({ chain: [der], anchors: [der], name: "device-7" }).outcome, "CERTIFICATE_NAME_MISMATCH", "the common name doesn't count");
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const path = file(`${kind}.pem`, "CERTIFICATE", der);
		assert.match(execFileSync(openssl.path, ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", path, path], { encoding: "utf8" }), /OK/);
		// our PKCS#8 of the same key is a key that openssl takes, and the same one
		const keyPath = file(`${kind}.key`, "PRIVATE KEY", encodePrivateKey(key, publicKey));
		const again = execFileSync(openssl.path, ["pkey", "-in", keyPath, "-outform", "DER"]);
		const original = execFileSync(openssl.path, ["pkey", "-outform", "DER"], { input: pem });
		assert.deepEqual(again, original);
	});

	test(`an authority of ${kind} issues: openssl and we take the chain`, (t) => {
		const authority = fieldsOf("authority");
		authority.isAuthority = true;
		authority.pathLength = 0;
		authority.notAfter = NO_EXPIRATION;
		issuer.startSelfSigned(authority, key, publicKey, entropy);
		const root = made(issuer);
		const fields = fieldsOf("leaf", ["leaf.example"]);
		fields.extendedKeyUsage = PURPOSE_SERVER;
		issuer.startIssue(fields, pairs.p256.publicKey, root, key, entropy);
		const leaf = made(issuer);
		assert.equal(verifyChain({ chain: [leaf], anchors: [root], name: "leaf.example" }).outcome, "ok");
		assert.equal(new X509Certificate(root).validTo, "Dec 31 23:59:59 9999 GMT");
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const args = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "leaf.example"];
		args.push("-CAfile", file("root.pem", "CERTIFICATE", root), file("leaf.pem", "CERTIFICATE", leaf));
		assert.match(execFileSync(openssl.path, args, { encoding: "utf8" }), /OK/);
	});

	test(`a request of ${kind}: openssl takes it and finds the names`, (t) => {
		const openssl = requirePeer(t, "openssl");
		if (!openssl) return;
		const fields = fieldsOf("device-7", ["device-7.example", "email:owner@example.org", "URI:urn:device:7"]);
		fields.keyUsage = KEY_USAGE_DIGITAL_SIGNATURE;
		issuer.startRequest(fields, key, publicKey, entropy);
		const path = file(`${kind}.csr`, "CERTIFICATE REQUEST", made(issuer));
		const { stdout, stderr, status } = spawnSync(openssl.path, ["req", "-verify", "-noout", "-text", "-in", path], { encoding: "utf8" });
		assert.equal(status, 0, stderr);
		assert.match(stderr + stdout, /verify OK/);
		assert.match(stdout, /DNS:device-7.example, email:owner@example.org, URI:urn:device:7/);
	});
}

test("a name with several attributes, and texts beyond ASCII", () => {
	const fields = fieldsOf("x");
	fields.subject = encodeName([
		{ type: id_at_countryName, value: "DE" },
		{ type: id_at_organizationName, value: "Größe 𝄞 Ω" },
		{ type: id_at_commonName, value: "device" },
		{ type: emailAddress, value: "owner@example.org" },
	]) as Uint8Array;
	issuer.startSelfSigned(fields, pairs.p256.key, pairs.p256.publicKey, entropy);
	assert.equal(new X509Certificate(made(issuer)).subject, "C=DE\nO=Größe 𝄞 Ω\nCN=device\nemailAddress=owner@example.org");
	assert.equal(encodeName([{ type: id_at_commonName, value: "\ud800" }]), undefined);
	assert.equal(encodeName([{ type: id_at_commonName, value: "" }]), undefined);
});

test("serial numbers come from entropy, are positive and differ", () => {
	const seen = new Set<string>();
	for (let i = 0; i < 20; i++) {
		issuer.startSelfSigned(fieldsOf("x"), pairs.p256.key, pairs.p256.publicKey, entropy);
		const serial = new X509Certificate(made(issuer)).serialNumber;
		assert.match(serial, /^[4-7][0-9A-F]{31}$/);
		seen.add(serial);
	}
	assert.equal(seen.size, 20);
});

test("dates from 2050 on are GeneralizedTime", () => {
	const fields = fieldsOf("x");
	fields.notAfter = Date.UTC(2050, 0, 1) / 1000;
	issuer.startSelfSigned(fields, pairs.p256.key, pairs.p256.publicKey, entropy);
	assert.ok(Buffer.from(made(issuer)).includes("20500101000000Z"));
	fields.notAfter--;
	issuer.startSelfSigned(fields, pairs.p256.key, pairs.p256.publicKey, entropy);
	assert.ok(Buffer.from(made(issuer)).includes(Buffer.from("\x17\x0d491231235959Z")));
});

test("what can't be written is refused", () => {
	for (const names of [["a b"], ["*.1.2.3.4"], ["IP:host.example"], ["DNS:1.2.3.4"], ["email:ü@x"], ["xn--ü"], [""]]) {
		issuer.startSelfSigned(fieldsOf("x", names), pairs.p256.key, pairs.p256.publicKey, entropy);
		assert.equal(finish(issuer), ISSUE_REFUSED, names[0]);
	}
	const backwards = fieldsOf("x");
	backwards.notAfter = backwards.notBefore - 1;
	issuer.startSelfSigned(backwards, pairs.p256.key, pairs.p256.publicKey, entropy);
	assert.equal(finish(issuer), ISSUE_REFUSED);
	const nobody = fieldsOf("x");
	nobody.subject = new Uint8Array(0);
	issuer.startSelfSigned(nobody, pairs.p256.key, pairs.p256.publicKey, entropy);
	assert.equal(finish(issuer), ISSUE_REFUSED);
	issuer.startSelfSigned(fieldsOf("leaf"), pairs.p256.key, pairs.p256.publicKey, entropy);
	const leaf = made(issuer);
	issuer.startIssue(fieldsOf("x"), pairs.p256.publicKey, leaf, pairs.p256.key, entropy);
	assert.equal(finish(issuer), ISSUE_REFUSED, "a leaf is no authority");
});

test("a certificate that doesn't fit its buffer is refused, wherever that shows", () => {
	issuer.startSelfSigned(fieldsOf("x", ["a.example"]), pairs.p256.key, pairs.p256.publicKey, entropy);
	const length = made(issuer).length;
	for (let capacity = 0; capacity < length - 3; capacity += 7) {
		const small = new CertificateIssuer(registry, capacity);
		small.startSelfSigned(fieldsOf("x", ["a.example"]), pairs.p256.key, pairs.p256.publicKey, entropy);
		assert.equal(finish(small), CERTIFICATE_TOO_LARGE, `${capacity}`);
	}
});
