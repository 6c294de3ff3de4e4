// The crypto providers for images, in images for the Linux simulator: the same cases and vectors as on the desktop, on the
// SDK's natives with our own public-key arithmetic, and on the PSA Crypto API.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { buildImage, linkerWarnings, runImage } from "../support/moddable-image.js";
import { requirePsa } from "../support/psa.js";
import { WYCHEPROOF_FOLDER, WYCHEPROOF_MISSING } from "../support/wycheproof.js";

const NAMES = ["aes_gcm", "aes_ccm", "chacha20_poly1305", "aes_cbc_pkcs5", "x25519", "ecdh_secp256r1_ecpoint", "ecdh_secp384r1_ecpoint"];
for (const hash of ["sha1", "sha256", "sha384", "sha512"]) NAMES.push(`hmac_${hash}`, `hkdf_${hash}`);
for (const pair of ["secp256r1_sha256", "secp256r1_sha512", "secp384r1_sha384"]) NAMES.push(`ecdsa_${pair}`);
for (const bits of [2048, 3072, 4096]) NAMES.push(`rsa_signature_${bits}_sha256`);
for (const parameters of ["2048_sha256_mgf1_32", "2048_sha384_mgf1_48", "4096_sha512_mgf1_64", "misc"]) NAMES.push(`rsa_pss_${parameters}`);

/** Wycheproof's files, unpacked for the image; none where the folder is missing. */
function unpackVectors(): string[] {
	if (!existsSync(WYCHEPROOF_FOLDER)) return [];
	const folder = join(projectRoot, "build", "moddable", "vectors");
	mkdirSync(folder, { recursive: true });
	return NAMES.map((name) => {
		const path = join(folder, `${name}_test.json`);
		if (!existsSync(path)) writeFileSync(path, gunzipSync(readFileSync(join(WYCHEPROOF_FOLDER, `${name}_test.json.gz`))));
		return path;
	});
}

for (const [title, name, manifest] of [
	["the SDK's natives", "polltls-crypto-test", "test/moddable/crypto/manifest.json"],
	["the PSA Crypto API", "polltls-crypto-psa", "test/moddable/crypto/manifest_psa.json"],
])
	test(`crypto on ${title} (Linux simulator)`, { timeout: 400_000 }, async (context) => {
		if (name === "polltls-crypto-psa" && !requirePsa(context)) return;
		const vectors = unpackVectors();
		const image = buildImage(name, manifest, { data: vectors });
		assert.deepEqual(linkerWarnings(image.output), [], "something in flash could change");
		const { status, lines } = runImage(image, 180);
		let passed = 0;
		let ofWycheproof = 0;
		for (const line of lines) {
			const result = /^(ok|not ok) - (.*)$/.exec(line);
			if (!result) context.diagnostic(line);
			else {
				await context.test(result[2], () => assert.equal(result[1], "ok", line));
				if (result[1] === "ok") passed++;
				if (result[2].startsWith("Wycheproof")) ofWycheproof++;
			}
		}
		assert.equal(status, 0, lines.join("\n"));
		assert.ok(passed > 50, `only ${passed} cases ran`);
		if (vectors.length === 0) context.diagnostic(WYCHEPROOF_MISSING);
		else assert.equal(ofWycheproof, NAMES.length);
	});
