// AEADs that we build of a provider's parts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { registry } from "../../suite/crypto-generic.js";
import { checkAeadVectors, type VectorFile } from "../../suite/crypto-vectors.js";
import { loadWycheproof, WYCHEPROOF_MISSING } from "../../support/wycheproof.js";
import { testSuite } from "../../support/xs-suite.js";

testSuite("ChaCha20-Poly1305 with our Poly1305", "test/suite/crypto-generic.ts");

test("Wycheproof chacha20_poly1305_test with our Poly1305", (context) => {
	const file = loadWycheproof("chacha20_poly1305_test") as VectorFile | undefined;
	if (file === undefined) return context.skip(WYCHEPROOF_MISSING);
	const counts = checkAeadVectors(registry, file);
	assert.equal(counts.total, file.numberOfTests);
	context.diagnostic(String(counts));
});
