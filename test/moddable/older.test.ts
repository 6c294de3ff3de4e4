// The SDK's older HTTP, MQTT and WebSocket clients, unchanged, on our SecureSocket in an image for Linux.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildImage, linkerWarnings, startImage } from "../support/moddable-image.js";
import { startMosquitto, startNginx } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { startWebSocketEcho } from "../support/web-socket-echo.js";

const image = buildImage("polltls-older", "test/moddable/older/manifest.json");
const pki = makePki({ after });

test("nothing of it changes in flash but what all sockets share", () => {
	assert.deepEqual(
		linkerWarnings(image.output).filter((line) => !/shared\(\) one: no const/.test(line)),
		[],
	);
});

for (const protocols of ["TLSv1.3", "TLSv1.2"])
	test(`http and nginx: ${protocols}`, async (context) => {
		const nginx = requirePeer(context, "nginx");
		if (!nginx) return;
		const { port } = await startNginx(context, nginx, { identity: pki.ec, protocols });
		for (const [path, length] of [
			["/", /\b61 characters/],
			["/large", /1048576 characters/],
		] as const) {
			const job = startImage(context, image, 30, { JOB: "httpGet", PORT: String(port), CA: pki.ca, PATH_ASKED: path });
			const { code, stdout } = await job.ended;
			assert.equal(code, 0, job.describe());
			assert.match(stdout, /status 200[\s\S]*content-type: text\/plain/);
			assert.match(stdout, length);
		}
	});

test("http: a server that isn't trusted is refused", async (context) => {
	const nginx = requirePeer(context, "nginx");
	if (!nginx) return;
	const { port } = await startNginx(context, nginx, { identity: pki.ec });
	const job = startImage(context, image, 30, { JOB: "httpGet", PORT: String(port), CA: pki.otherCa, PATH_ASKED: "/" });
	assert.equal((await job.ended).code, 2, job.describe());
});

test("http: a name that nobody has", async (context) => {
	const job = startImage(context, image, 30, { JOB: "httpGet", PORT: "443", CA: pki.ca, PATH_ASKED: "/", NAME: "nowhere.invalid" });
	assert.equal((await job.ended).code, 2, job.describe());
});

test("mqtt and mosquitto", async (context) => {
	const mosquitto = requirePeer(context, "mosquitto");
	if (!mosquitto) return;
	const { port } = await startMosquitto(context, mosquitto, pki.ec);
	const job = startImage(context, image, 30, { JOB: "mqtt", PORT: String(port), CA: pki.ca, NAME: "127.0.0.1" });
	const { code, stdout } = await job.ended;
	assert.equal(code, 0, job.describe());
	assert.match(stdout, /polltls\/hello from SecureSocket/);
});

test("websocket and a server on Node", async (context) => {
	const port = await startWebSocketEcho(context, pki.ec);
	const job = startImage(context, image, 30, { JOB: "webSocket", PORT: String(port), CA: pki.ca });
	assert.equal((await job.ended).code, 0, job.describe());
});
