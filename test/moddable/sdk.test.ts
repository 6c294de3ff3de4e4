// The SDK's own HTTP, MQTT and WebSocket clients and its HTTP server, unchanged, on our TLS sockets in an image for Linux:
// against nginx, mosquitto, a WebSocket server on Node, curl and Chromium.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildImage, linkerWarnings, startImage } from "../support/moddable-image.js";
import { fetchWithCurl, openInChromium } from "../support/peer-clients.js";
import { startMosquitto, startNginx } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { run, start } from "../support/processes.js";
import { startWebSocketEcho } from "../support/web-socket-echo.js";

/** What the linker says of ours, and why it may. */
const allowed: [RegExp, string][] = [[/shared\(\) one: no const/, "what all sockets of an application share: four bytes"]];

const image = buildImage("polltls-sdk", "test/moddable/sdk/manifest.json");
const pki = makePki({ after });

test("nothing of it changes in flash", () => {
	assert.deepEqual(
		linkerWarnings(image.output).filter((line) => !allowed.some(([which]) => which.test(line))),
		[],
	);
});

for (const [leaf, identity] of [
	["P-256", pki.ec],
	["RSA", pki.rsa],
] as const)
	for (const protocol of ["TLSv1.3", "TLSv1.2"])
		test(`HTTPClient and nginx: ${protocol}, ${leaf}`, async (context) => {
			const nginx = requirePeer(context, "nginx");
			if (!nginx) return;
			const { port } = await startNginx(context, nginx, { identity, protocols: protocol });
			const job = startImage(context, image, 30, { JOB: "httpClient", PORT: String(port), CA: pki.ca, PATHS: "/,/large,/" });
			const { code, stdout } = await job.ended;
			assert.equal(code, 0, job.describe());
			assert.match(stdout, /\/: 200 text\/plain/);
			assert.match(stdout, /\/large: done, 1048576 bytes/);
			assert.equal(stdout.match(/done/g)?.length, 3);
		});

test("HTTPClient: a server that isn't trusted is refused", async (context) => {
	const nginx = requirePeer(context, "nginx");
	if (!nginx) return;
	const { port } = await startNginx(context, nginx, { identity: pki.ec });
	const job = startImage(context, image, 30, { JOB: "httpClient", PORT: String(port), CA: pki.otherCa, PATHS: "/" });
	assert.equal((await job.ended).code, 3, job.describe());
});

test("MQTT client and mosquitto", async (context) => {
	const mosquitto = requirePeer(context, "mosquitto");
	if (!mosquitto) return;
	const { port } = await startMosquitto(context, mosquitto, pki.ec);
	const job = startImage(context, image, 30, { JOB: "mqttClient", PORT: String(port), CA: pki.ca });
	const { code, stdout } = await job.ended;
	assert.equal(code, 0, job.describe());
	assert.match(stdout, /topic polltls\/small[\s\S]*topic polltls\/large[\s\S]*16401 bytes/);
});

test("WebSocket client and a server on Node", async (context) => {
	const port = await startWebSocketEcho(context, pki.ec);
	const job = startImage(context, image, 30, { JOB: "webSocketClient", PORT: String(port), CA: pki.ca });
	assert.equal((await job.ended).code, 0, job.describe());
});

test("HTTPServer with curl and Chromium", async (context) => {
	const server = startImage(context, image, 120, { JOB: "httpServer", CERTIFICATE: pki.ec.certificate, KEY: pki.ec.key, LIMIT: "4" });
	const port = Number((await server.waitFor(/port (\d+)/))[1]);
	const curl = requirePeer(context, "curl");
	if (curl) {
		const page = await fetchWithCurl(curl, { port, ca: pki.ca }, "/page");
		assert.match(page.stdout, /^\/page 1 /, page.stderr);
		const large = await fetchWithCurl(curl, { port, ca: pki.ca }, "/large");
		assert.equal(large.stdout.length, 64000 + "/large 2 \n".length, large.stderr);
		const put = await fetchWithCurl(curl, { port, ca: pki.ca, extra: ["-X", "PUT", "--data", "a body"] }, "/put");
		assert.match(put.stdout, /^\/put 3 a body/, put.stderr);
		const older = await fetchWithCurl(curl, { port, ca: pki.ca, extra: ["--tlsv1.2", "--tls-max", "1.2"] }, "/older");
		assert.match(older.stdout, /^\/older 4/, older.stderr);
		const many = await Promise.all(
			Array.from({ length: 12 }, () => fetchWithCurl(curl, { port, ca: pki.ca, extra: ["--retry", "8", "--retry-all-errors"] }, "/many")),
		);
		for (const each of many) assert.match(each.stdout, /^\/many/, each.stderr);
	}
	const chromium = requirePeer(context, "chromium");
	if (chromium) {
		const page = await openInChromium(context, chromium, `https://localhost:${port}/chromium`, pki.ec.certificate);
		assert.match(page.stdout, /\/chromium \d+/, page.stderr);
	}
});

test("HTTPServer: connections beyond the limit are closed, and their places come back", async (context) => {
	const openssl = requirePeer(context, "openssl");
	const curl = requirePeer(context, "curl");
	if (!openssl || !curl) return;
	const server = startImage(context, image, 60, { JOB: "httpServer", CERTIFICATE: pki.ec.certificate, KEY: pki.ec.key, LIMIT: "2" });
	const port = Number((await server.waitFor(/port (\d+)/))[1]);
	const client = () => start(context, openssl.path, ["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", pki.ca, "-quiet"]);
	const held = [client(), client()];
	for (const each of held) await each.waitFor(/verify return:1/);
	const third = await run(openssl.path, ["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", pki.ca], { input: "" });
	assert.notEqual(third.code, 0, "a third connection was taken");
	for (const each of held) await each.stop();
	const page = await fetchWithCurl(curl, { port, ca: pki.ca, extra: ["--retry", "8", "--retry-all-errors"] }, "/again");
	assert.match(page.stdout, /^\/again/, page.stderr);
});
