// Wycheproof's vectors for AEADs, CBC, HMAC and HKDF, on each provider of the desktop.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Registry } from "polltls/crypto/registry";
import { sha1, sha256, sha384, sha512 } from "polltls/crypto/types";
import { nodeRegistry } from "../../../hosts/node/registry.js";
import { type Counts, checkAeadVectors, checkCbcVectors, checkHkdfVectors, checkHmacVectors, type VectorFile } from "../../suite/crypto-vectors.js";
import { loadWycheproof, WYCHEPROOF_MISSING } from "../../support/wycheproof.js";

function run(context: TestContext, name: string, check: (registry: Registry, file: VectorFile) => Counts): void {
	const file = loadWycheproof(name) as VectorFile | undefined;
	if (file === undefined) return context.skip(WYCHEPROOF_MISSING);
	for (const crypto of ["noble", "node"] as const) {
		const counts = check(nodeRegistry(crypto), file);
		assert.equal(counts.total, file.numberOfTests);
		assert.ok(counts.valid > 0 && counts.invalid > 0);
		context.diagnostic(`${name} on ${crypto}: ${counts}`);
	}
}

for (const name of ["aes_gcm_test", "aes_ccm_test", "chacha20_poly1305_test"]) test(`Wycheproof ${name}`, (context) => run(context, name, checkAeadVectors));
test("Wycheproof aes_cbc_pkcs5_test", (context) => run(context, "aes_cbc_pkcs5_test", checkCbcVectors));
for (const [name, hash] of [
	["sha1", sha1],
	["sha256", sha256],
	["sha384", sha384],
	["sha512", sha512],
] as const) {
	test(`Wycheproof hmac_${name}_test`, (context) => run(context, `hmac_${name}_test`, (registry, file) => checkHmacVectors(registry, hash, file)));
	test(`Wycheproof hkdf_${name}_test`, (context) => run(context, `hkdf_${name}_test`, (registry, file) => checkHkdfVectors(registry, hash, file)));
}
