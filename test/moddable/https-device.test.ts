// examples/https-device as a Moddable app in an image for Linux, visited by curl and openssl, which trust the certificate
// that it made for itself and kept.

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { buildImage, linkerWarnings, startImage } from "../support/moddable-image.js";
import { fetchWithCurl, fetchWithOpenssl } from "../support/peer-clients.js";
import { requirePeer } from "../support/peers.js";
import { run, temporaryFolder } from "../support/processes.js";

/** Where the image keeps its preferences. */
const root = join(projectRoot, "build", "moddable", "https-device-");
const preferences = `${root}modpreferences.json`;
rmSync(preferences, { force: true });
const image = buildImage("polltls-https-device", "examples/https-device/manifest.json", { config: { port: 0, pool: 2, file: { root } } });
const started = (context: { after(end: () => void | Promise<void>): void }) => startImage(context, image, 120);
const device = started({ after });
const port = Number((await device.waitFor(/port ([1-9]\d*)/, 30_000))[1]);
const ca = join(temporaryFolder({ after }), "device.pem");

test("nothing of it changes in flash", () => {
	assert.deepEqual(linkerWarnings(image.output), []);
});

test("it makes its identity once", async (context) => {
	assert.match(device.stdout, /the key and the certificate are made and stored/);
	const again = started(context);
	await again.waitFor(/port ([1-9]\d*)/, 30_000);
	assert.doesNotMatch(again.stdout, /are made/);
	await again.stop();
});

test("openssl reads the page", async (context) => {
	const openssl = requirePeer(context, "openssl");
	if (!openssl) return;
	const { stdout } = await run(openssl.path, ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-showcerts"], { input: "Q\n" });
	writeFileSync(ca, /-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----\n/.exec(stdout)?.[0] ?? "");
	for (const group of ["x25519", "secp256r1"]) {
		const page = await fetchWithOpenssl(openssl, { port, ca, groups: [group], request: "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" });
		assert.match(page.stdout, /Verification: OK[\s\S]*HTTP\/1\.1 200/, page.stderr);
	}
});

test("curl: the state and the LED, several requests on one connection", async (context) => {
	const curl = requirePeer(context, "curl");
	if (!curl) return;
	const settings = { port, ca };
	const state = JSON.parse((await fetchWithCurl(curl, settings, "/state")).stdout);
	assert.equal(state.version, "TLS 1.3");
	const put = await fetchWithCurl(curl, { ...settings, extra: ["-X", "PUT", "--data", state.led ? "off" : "on", "--write-out", "%{http_code}"] }, "/led");
	assert.match(put.stdout, /200$/, put.stderr);
	await device.waitFor(/LED on/, 5000);
	const kept = await fetchWithCurl(curl, { ...settings, extra: [`https://localhost:${port}/state`] }, "/state");
	assert.match(kept.stderr, /Re-using existing connection/);
	assert.equal(kept.code, 0, kept.stderr);
});

test("more than its pool at once: idle ones give way", async (context) => {
	const curl = requirePeer(context, "curl");
	if (!curl) return;
	const answers = await Promise.all([1, 2, 3, 4].map(() => fetchWithCurl(curl, { port, ca, extra: ["--retry", "5", "--retry-all-errors"] }, "/state")));
	for (const { code, stderr } of answers) assert.equal(code, 0, stderr);
});
