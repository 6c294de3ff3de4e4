// Security configurations with what openssl and Node make: PEM with many, keys in every form, RSA keys of lengths that the
// configuration limits.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { KEY_TOO_LONG } from "polltls/base/failure";
import { INIT_ERR, OK, PARAM_ERR } from "polltls/base/status";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { NodeClock } from "../../../hosts/node/clock.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { findPeer } from "../../support/peers.js";
import { makePki } from "../../support/pki.js";

function securityOf(values: Partial<Configuration> = {}): Security {
	const stack = new Stack({ clock: new NodeClock(), entropy: nodeEntropy, linked: {} });
	assert.equal(stack.init(values), OK, stack.complaint);
	return stack.createSecurity() as Security;
}

const peer = findPeer("openssl");

test("certificates and keys as openssl writes them", { skip: typeof peer === "string" && peer }, (t) => {
	const pki = makePki(t);
	const security = securityOf({ maxHostCertificates: 4 });
	const roots = `${readFileSync(pki.ca, "utf8")}\n${readFileSync(pki.otherCa, "utf8")}`;
	assert.equal(security.setRootCaCert(roots), OK);
	assert.equal(security.trust.anchors.length, 2);
	assert.equal(security.setRootCaCert(readFileSync(pki.ca)), OK, "PEM as bytes");
	const before = security.length;
	for (const { certificate, key } of [pki.ec, pki.rsa, pki.chain]) {
		assert.equal(security.setClientCertKey(readFileSync(certificate, "utf8"), readFileSync(key, "utf8")), OK);
	}
	assert.equal(security.credentials[2].chain.length, 2);
	assert.ok(security.length > before);
});

test("keys in PKCS#1, PKCS#8 and SEC1, no longer than rsaModulusLength", { skip: typeof peer === "string" && peer }, (t) => {
	const certificate = readFileSync(makePki(t).rsa.certificate, "utf8");
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const der = privateKey.export({ type: "pkcs8", format: "der" });
	const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" });
	assert.equal(securityOf().setClientCertKey(certificate, new Uint8Array(der)), OK);
	assert.equal(securityOf({ rsaModulusLength: 256 }).setClientCertKey(certificate, pkcs1), OK);
	const short = securityOf({ rsaModulusLength: 255 });
	assert.equal(short.setClientCertKey(certificate, pkcs1), PARAM_ERR);
	assert.equal(short.outcome.failure, KEY_TOO_LONG);
	const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
	assert.equal(securityOf({ rsaModulusLength: 64 }).setClientCertKey(certificate, curve.export({ type: "sec1", format: "pem" })), OK, "no RSA key");
});

test("what the configuration says of chains", () => {
	const { chainPolicy } = securityOf();
	assert.deepEqual([chainPolicy.checkExpiry, chainPolicy.trustAll, chainPolicy.minimumRsaBits], [true, false, 2048]);
	const open = securityOf({ checkCertificateExpiry: false, trustAllCertificates: true, rejectRsa512: false, minPublicKeySize: 128 }).chainPolicy;
	assert.deepEqual([open.checkExpiry, open.trustAll, open.minimumRsaBits], [false, true, 1024]);
	assert.equal(chainPolicy.keyLimits.maximumLength, 526, "RSA with 4096 bits, encoded");
	assert.equal(securityOf({ maxPublicKeySize: 260, rsaModulusLength: 256 }).chainPolicy.keyLimits.maximumLength, 270, "RSA with 2048 bits");
	const strict = securityOf({ minPublicKeySize: 384 }).chainPolicy;
	assert.equal(strict.minimumRsaBits, 3072);
});

test("in use it stays as it is", () => {
	const security = securityOf();
	security.users = 1;
	assert.equal(security.setOptions({ alpn: ["x"] }), INIT_ERR);
	security.users = 0;
	assert.equal(security.setOptions({ alpn: ["x"] }), OK);
	assert.equal(security.setOptions({ keepPeerCertificate: true }), OK);
	assert.deepEqual(security.options, { alpn: ["x"], keepPeerCertificate: true });
});
