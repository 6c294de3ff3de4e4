// The provider on the Moddable SDK's natives, over a stand-in for them: what it makes of them is right, whatever runs
// it. The natives themselves are tested in an image (test/moddable/crypto.test.ts).

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Registry } from "polltls/crypto/registry";
import { sha256 } from "polltls/crypto/types";
import { projectRoot } from "../../../hosts/sim/bundle.js";
import { cryptoCases } from "../../suite/crypto-cases.js";
import { type Counts, checkAeadVectors, checkCbcVectors, checkHkdfVectors, checkHmacVectors, type VectorFile } from "../../suite/crypto-vectors.js";
import { native } from "../../support/crypt-stand-in.js";
import { loadWycheproof, WYCHEPROOF_MISSING } from "../../support/wycheproof.js";

let registry: Registry;

before(async () => {
	Object.assign(globalThis, { native });
	const outfile = join(projectRoot, "build", "unit", "crypto-native.mjs");
	await build({
		absWorkingDir: projectRoot,
		entryPoints: ["test/moddable/crypto/registry.ts"],
		bundle: true,
		format: "esm",
		platform: "node",
		target: "es2022",
		tsconfig: "tsconfig.moddable.json",
		alias: { crypt: join(projectRoot, "test", "support", "crypt-stand-in.ts") },
		outfile,
		logLevel: "error",
	});
	registry = ((await import(pathToFileURL(outfile).href)) as { nativeRegistry(): Registry }).nativeRegistry();
});

test("crypto on a stand-in for the natives", async (context) => {
	const cases = cryptoCases(registry);
	for (const name of Object.keys(cases)) await context.test(name, cases[name]);
});

test("Wycheproof on a stand-in for the natives", (context) => {
	const check = (name: string, by: (file: VectorFile) => Counts): void => {
		const file = loadWycheproof(name) as VectorFile | undefined;
		if (file === undefined) return context.skip(WYCHEPROOF_MISSING);
		const counts = by(file);
		assert.equal(counts.total, file.numberOfTests);
		context.diagnostic(`${name}: ${counts}`);
	};
	for (const name of ["aes_gcm_test", "aes_ccm_test", "chacha20_poly1305_test"]) check(name, (file) => checkAeadVectors(registry, file));
	check("aes_cbc_pkcs5_test", (file) => checkCbcVectors(registry, file));
	check("hmac_sha256_test", (file) => checkHmacVectors(registry, sha256, file));
	check("hkdf_sha256_test", (file) => checkHkdfVectors(registry, sha256, file));
});
