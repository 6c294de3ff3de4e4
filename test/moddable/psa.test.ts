// The SDK's HTTP client over TLS sockets with the PSA provider, as docs/moddable.md says to include it, and nginx.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { buildImage, type Image, linkerWarnings, startImage } from "../support/moddable-image.js";
import { startNginx } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { requirePsa } from "../support/psa.js";

const pki = makePki({ after });
let image: Image | undefined;

function build(): Image {
	const folder = join(projectRoot, "build", "moddable", "polltls-sdk-psa-manifest");
	mkdirSync(folder, { recursive: true });
	const include = ["$(MODDABLE)/examples/manifest_base.json", join(projectRoot, "manifest_psa.json"), join(projectRoot, "test/moddable/sdk/manifest.json")];
	writeFileSync(join(folder, "manifest.json"), JSON.stringify({ include }));
	return buildImage("polltls-sdk-psa", "build/moddable/polltls-sdk-psa-manifest/manifest.json");
}

for (const [leaf, identity] of [
	["P-256", pki.ec],
	["RSA", pki.rsa],
] as const)
	for (const protocol of ["TLSv1.3", "TLSv1.2"])
		test(`HTTPClient with the PSA provider and nginx: ${protocol}, ${leaf}`, async (context) => {
			const nginx = requirePeer(context, "nginx");
			if (!nginx || !requirePsa(context)) return;
			image ??= build();
			assert.deepEqual(linkerWarnings(image.output), []);
			const { port } = await startNginx(context, nginx, { identity, protocols: protocol });
			const job = startImage(context, image, 30, { JOB: "httpClient", PORT: String(port), CA: pki.ca, PATHS: "/,/large,/" });
			const { code, stdout } = await job.ended;
			assert.equal(code, 0, job.describe());
			assert.match(stdout, /\/large: done, 1048576 bytes/);
		});
