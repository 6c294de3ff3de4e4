// NIST PKITS, the Public Key Interoperability Test Suite (certificates and CRLs of 2011), with its expected results.
// Each end certificate is verified with all the suite's authorities and CRLs at hand, so that the path must be found too.
// The data isn't part of this project: Debian has it in its package python3-cryptography-vectors; POLLTLS_PKITS names
// another folder (certs/*.crt, crls/*.crl). With REQUIRE_PEERS=1 its absence is a failure.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NO_FAILURE } from "polltls/base/failure";
import { Certificate } from "polltls/pki/certificate";
import { ChainPolicy, REVOCATION_PATH } from "polltls/pki/chain-policy";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { trustOf, verifyChain } from "../support/chains.js";
import { expected } from "./pkits-expected.js";

const PACKAGE = "python3-cryptography-vectors";
const missing = `the PKITS data isn't here (Debian: apt-get install ${PACKAGE}), and POLLTLS_PKITS names no folder with it`;

/** The folder of the data: the one that is named, or the package's. */
function findData(): string | undefined {
	const listed = spawnSync("dpkg", ["-L", PACKAGE], { encoding: "utf8" }).stdout ?? "";
	const candidates = [process.env.POLLTLS_PKITS, listed.split("\n").find((path) => path.endsWith("/PKITS_data"))];
	return candidates.find((path) => path && existsSync(join(path, "certs")));
}

const folder = findData();

/** NIST-test-policy-n: 2.16.840.1.101.3.2.1.48.n */
const testPolicy = (number: number): Uint8Array => Uint8Array.of(0x60, 0x86, 0x48, 1, 0x65, 3, 2, 1, 0x30, number);

function policyOf(settings: string[]): Partial<ChainPolicy> {
	const policy = new ChainPolicy();
	policy.leafKeyUsage = 0;
	policy.revocation = REVOCATION_PATH;
	policy.requirePolicy = settings.includes("explicit");
	policy.inhibitPolicyMapping = settings.includes("nomapping");
	policy.inhibitAnyPolicy = settings.includes("noany");
	policy.acceptablePolicies = settings.filter((text) => /^\d$/.test(text)).map((text) => testPolicy(Number(text)));
	return policy;
}

test("PKITS", async (t) => {
	if (folder === undefined) {
		if (process.env.REQUIRE_PEERS === "1") assert.fail(missing);
		t.skip(missing);
		return;
	}
	const read = (kind: string, file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, kind, file)));
	const files = readdirSync(join(folder, "certs")).map((file) => file.replace(/\.crt$/, ""));
	const ends = files.filter((file) => file.endsWith("EE"));
	const certificate = new Certificate();
	const malformed: string[] = [];
	const authorities: Uint8Array[] = [];
	for (const file of files) {
		if (file.endsWith("EE") || file.startsWith("TrustAnchor")) continue;
		const bytes = read("certs", `${file}.crt`);
		if (certificate.decode(bytes, 0, bytes.length) === NO_FAILURE) authorities.push(bytes);
		else malformed.push(file);
	}
	assert.deepEqual(malformed, ["BadSignedCACert"], "its signature is a BIT STRING with unused bits, and it must be refused");
	const trust = trustOf([read("certs", "TrustAnchorRootCertificate.crt")]);
	const unread = readdirSync(join(folder, "crls")).filter((file) => trust.addCrlDer(read("crls", file)) !== NO_FAILURE);
	assert.deepEqual(unread, ["BadCRLSignatureCACRL.crl"], "the same of a CRL");
	const registry = nodeRegistry("node");
	registry.start();
	assert.deepEqual(
		Object.keys(expected)
			.map((test) => `${test.split(" ")[1]}EE`)
			.sort(),
		ends.sort(),
		"every end certificate has its row, and no row is without one",
	);
	const verify = (end: string, settings: string[]): string => {
		const chain = [read("certs", `${end}EE.crt`), ...authorities];
		return verifyChain({ chain, trust, policy: policyOf(settings), registry }).outcome;
	};
	let subtests = 0;
	for (const [number, row] of Object.entries(expected)) {
		const end = number.split(" ")[1];
		await t.test(number, (t) => {
			if (!Array.isArray(row)) t.diagnostic(`${row.suite} in the suite, refused here: ${row.reason}`);
			for (const line of Array.isArray(row) ? row : [row.failure]) {
				const [settings, outcome] = line.includes(": ") ? line.split(": ") : ["", line];
				assert.equal(verify(end, settings.split(" ")), outcome, settings);
				subtests++;
			}
		});
	}
	assert.equal(subtests, 249);
	const valid = Object.entries(expected).filter(([number, row]) => !Array.isArray(row) && row.suite === "valid" && !number.startsWith("4.1."));
	assert.equal(valid.length, 10, "all that is valid and refused, but for DSA, is a matter of who signs CRLs");
});
