// The main job: the web server of examples/https-device on the XS engine, started by `npm start`, visited by curl, openssl,
// gnutls and Chromium, which trust the certificate that the device made for itself.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { fetchWithCurl, fetchWithGnutls, fetchWithOpenssl, openInChromium, photographInChromium } from "../support/peer-clients.js";
import { requirePeer } from "../support/peers.js";
import { projectRoot, run, start, temporaryFolder } from "../support/processes.js";

const script = join(projectRoot, "hosts", "sim", "start.mjs");
const store = temporaryFolder({ after });
const device = start({ after }, process.execPath, [script, "--port", "0", "--store", store], { timeout: 300_000 });
const port = Number((await device.waitFor(/serving at\s+https:\/\/127\.0\.0\.1:(\d+)/, 60_000))[1]);
/** The device's own certificate, as PEM. */
const certificate = join(store, "certificate.pem");
writeFileSync(certificate, new X509Certificate(readFileSync(join(store, "certificate"))).toString());

test("npm start -- --once prints its report and ends", async () => {
	const { code, stdout, stderr } = await run("npm", ["start", "--silent", "--", "--once", "--port", "0", "--store", temporaryFolder({ after })], {
		timeout: 100_000,
	});
	assert.equal(code, 0, stderr);
	for (const line of [/version\s+TLS 1\.3/, /suite\s+TLS_/, /group\s+\w+/, /polls\s+\d+/, /waits for input/, /longest poll/, /bytes in/, /heap/])
		assert.match(stdout, line);
});

test("a taken port is said to be taken", async (t) => {
	const server = createServer().listen(0, "127.0.0.1");
	t.after(() => server.close());
	await new Promise((resolve) => server.once("listening", resolve));
	const address = server.address();
	const taken = typeof address === "object" && address ? address.port : 0;
	const { code, stdout, stderr } = await run(process.execPath, [script, "--once", "--port", String(taken), "--store", temporaryFolder({ after })], {
		timeout: 60_000,
	});
	assert.notEqual(code, 0);
	assert.match(stdout + stderr, new RegExp(`${taken}`));
	assert.match(stdout + stderr, /taken|in use|--port/);
});

test("curl: the page, the state and the LED, several requests on one connection", async (t) => {
	const curl = requirePeer(t, "curl");
	if (!curl) return;
	const settings = { port, ca: certificate };
	const page = await fetchWithCurl(curl, settings);
	assert.equal(page.code, 0, page.stderr);
	assert.match(page.stdout, /<!doctype html>/i);
	assert.match(page.stderr, /SSL certificate verify ok/);
	const state = JSON.parse((await fetchWithCurl(curl, settings, "/state")).stdout);
	assert.equal(state.version, "TLS 1.3");
	assert.match(state.suite, /^TLS_/);
	const before = state.led;
	const put = await fetchWithCurl(curl, { ...settings, extra: ["-X", "PUT", "--data", before ? "off" : "on", "--write-out", "%{http_code}"] }, "/led");
	assert.match(put.stdout, /20\d$/, put.stderr);
	assert.equal(JSON.parse((await fetchWithCurl(curl, settings, "/state")).stdout).led, !before);
	const kept = await fetchWithCurl(curl, { ...settings, extra: [`https://localhost:${port}/state`] }, "/state");
	assert.equal(kept.code, 0, kept.stderr);
	assert.match(kept.stderr, /Re-using existing connection/);
	const missing = await fetchWithCurl(curl, { ...settings, extra: ["--write-out", "%{http_code}"] }, "/nothing");
	assert.match(missing.stdout, /404$/);
});

test("openssl and gnutls read the page", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutls = requirePeer(t, "gnutls-cli");
	if (!openssl || !gnutls) return;
	const request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	for (const group of ["x25519", "secp256r1"]) {
		const one = await fetchWithOpenssl(openssl, { port, ca: certificate, groups: [group], request });
		assert.match(one.stdout, /Verification: OK[\s\S]*HTTP\/1\.[01] 200/, one.stderr);
		const two = await fetchWithGnutls(gnutls, { port, ca: certificate, groups: [group], request });
		assert.match(two.stdout, /HTTP\/1\.[01] 200/, two.stderr);
	}
});

test("Chromium shows the page, on a phone and on a desk", async (t) => {
	const chromium = requirePeer(t, "chromium");
	if (!chromium) return;
	const url = `https://localhost:${port}/`;
	const page = await openInChromium(t, chromium, url, certificate);
	assert.match(page.stdout, /TLS 1\.3/, page.stderr);
	const folder = join(projectRoot, "build", "screenshots");
	mkdirSync(folder, { recursive: true });
	for (const [name, size] of [
		["phone", "412,860"],
		["desk", "1280,800"],
	]) {
		const picture = await photographInChromium(t, chromium, url, certificate, size);
		assert.equal(picture.code, 0, picture.stderr);
		copyFileSync(picture.screenshot, join(folder, `${name}.png`));
		t.diagnostic(`build/screenshots/${name}.png shows it`);
	}
});

test("after all that the device still serves", async (t) => {
	const curl = requirePeer(t, "curl");
	if (!curl) return;
	const garbage = await fetch(`http://127.0.0.1:${port}/`).then(
		() => "an answer",
		() => "no answer",
	);
	assert.equal(garbage, "no answer", "it doesn't talk HTTP in the clear");
	assert.equal((await fetchWithCurl(curl, { port, ca: certificate })).code, 0);
	assert.doesNotMatch(device.stderr, /Error|memory/);
});
