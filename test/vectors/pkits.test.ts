// NIST PKITS, the Public Key Interoperability Test Suite (certificates and CRLs of 2011), with its expected results.
// Each end certificate is verified with all the suite's authorities and CRLs at hand, so that the path must be found too.
// The data isn't part of this project: POLLTLS_PKITS names its folder (certs/*.crt, crls/*.crl), else it is looked for
// beside the other vectors.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { NO_FAILURE } from "polltls/base/failure";
import { Certificate } from "polltls/pki/certificate";
import { ChainPolicy, REVOCATION_PATH } from "polltls/pki/chain-policy";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { trustOf, verifyChain } from "../support/chains.js";

const folder = [process.env.POLLTLS_PKITS, resolve(projectRoot, "../shared/vectors/pkits")].find((path) => path && existsSync(join(path, "certs")));

/**
 * What the suite's document says beyond the names of its files. "Valid..." and "Invalid..." say what is expected; here
 * stand those with settings of their own (RFC 5280 6.1.1: policies that are acceptable, explicit policy, no mapping, no
 * anyPolicy) and those whose names don't say it. + is valid, - isn't.
 */
const table: Record<string, string[]> = {
	ValidCertificatePathTest1EE: ["+", "+ explicit", "+ explicit 1", "- explicit 2", "+ explicit 1 2"],
	AllCertificatesNoPoliciesTest2EE: ["+", "- explicit"],
	DifferentPoliciesTest3EE: ["+", "- explicit", "- explicit 1 2"],
	DifferentPoliciesTest4EE: ["-"],
	DifferentPoliciesTest5EE: ["-"],
	OverlappingPoliciesTest6EE: ["+", "+ 1", "- 2"],
	DifferentPoliciesTest7EE: ["-"],
	DifferentPoliciesTest8EE: ["-"],
	DifferentPoliciesTest9EE: ["-"],
	AllCertificatesSamePoliciesTest10EE: ["+", "+ 1", "+ 2"],
	AllCertificatesanyPolicyTest11EE: ["+", "+ 1"],
	DifferentPoliciesTest12EE: ["-"],
	AllCertificatesSamePoliciesTest13EE: ["+ 1", "+ 2", "+ 3"],
	AnyPolicyTest14EE: ["+ 1", "- 2"],
	UserNoticeQualifierTest15EE: ["+"],
	UserNoticeQualifierTest16EE: ["+"],
	UserNoticeQualifierTest17EE: ["+"],
	UserNoticeQualifierTest18EE: ["+ 1", "+ 2"],
	UserNoticeQualifierTest19EE: ["+"],
	CPSPointerQualifierTest20EE: ["+ explicit 1"],
	ValidPolicyMappingTest1EE: ["+ 1", "- 2", "- nomapping"],
	InvalidPolicyMappingTest2EE: ["-", "- nomapping"],
	ValidPolicyMappingTest3EE: ["- 1", "+ 2"],
	ValidPolicyMappingTest5EE: ["+ 1", "- 6"],
	ValidPolicyMappingTest6EE: ["+ 1", "- 6"],
	ValidPolicyMappingTest12EE: ["+ 1", "+ 2"],
	ValidPolicyMappingTest13EE: ["+", "+ 1 2", "- 2"],
	inhibitAnyPolicyTest3EE: ["+", "- noany"],
};

const dsa = "DSA isn't supported: no suite of TLS 1.2 or 1.3 here takes it";
const signer = "a CRL that is signed by a key which is not on the path of the certificate (a certificate for CRLs only)";
const indirect = "indirect CRLs are refused: nobody on the path vouches for their issuer";
/** Valid in the suite, refused here, and why. */
const outOfScope: Record<string, string> = {
	ValidDSASignaturesTest4EE: dsa,
	ValidDSAParameterInheritanceTest5EE: dsa,
	ValidSeparateCertificateandCRLKeysTest19EE: signer,
	ValidBasicSelfIssuedNewWithOldTest4EE: signer,
	ValidBasicSelfIssuedCRLSigningKeyTest6EE: signer,
	ValidIDPwithindirectCRLTest22EE: indirect,
	ValidIDPwithindirectCRLTest24EE: indirect,
	ValidIDPwithindirectCRLTest25EE: indirect,
	ValidcRLIssuerTest28EE: indirect,
	ValidcRLIssuerTest29EE: indirect,
	ValidcRLIssuerTest30EE: indirect,
	ValidcRLIssuerTest33EE: indirect,
};

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

test("PKITS", { skip: folder ? false : "the PKITS data isn't here: set POLLTLS_PKITS to its folder" }, async (t) => {
	assert.ok(folder);
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
	assert.equal(ends.length, 223);
	let subtests = 0;
	for (const end of ends) {
		await t.test(end, () => {
			for (const line of table[end] ?? [end.startsWith("Valid") ? "+" : "-"]) {
				const [expected, ...settings] = line.split(" ");
				const chain = [read("certs", `${end}.crt`), ...authorities];
				const { outcome } = verifyChain({ chain, trust, policy: policyOf(settings), registry });
				const wanted = expected === "+" && outOfScope[end] === undefined;
				assert.equal(outcome === "ok", wanted, `${line}: ${outcome}${outOfScope[end] ? ` (${outOfScope[end]})` : ""}`);
				subtests++;
			}
		});
	}
	assert.equal(subtests, 249);
});
