// The examples as Moddable apps in images for Linux: against nginx, mosquitto, a WebSocket server on Node, libcoap, openssl and
// our own stack. https-device has a test of its own.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { CoapsGet } from "../../examples/coaps-get/main.js";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { buildImage, type Image, linkerWarnings, startImage } from "../support/moddable-image.js";
import { startMosquitto, startNginx } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { startPolltlsServer } from "../support/polltls.js";
import { freePort, run, start, temporaryFolder } from "../support/processes.js";
import { startWebSocketEcho } from "../support/web-socket-echo.js";

const pki = makePki({ after });
/** The app's ca.pem. */
const ca = join(temporaryFolder({ after }), "ca.pem");
copyFileSync(pki.ca, ca);
const folder = "polltls-examples";
const psk = { identity: "device-7", key: "change this key!" };

// All that takes long is compiled before servers are started, which end after two minutes
for (const name of ["https-get", "mqtt-publish", "websocket", "coaps-device", "coaps-get"]) buildExample(name, {});

/** An example, told where its server is; with the ca.pem that a server's certificate is under. */
function buildExample(name: string, config: Record<string, unknown>): Image {
	const image = buildImage(`polltls-${name}`, `examples/${name}/manifest.json`, { config: { sntp: "", ...config }, data: [ca], folder });
	assert.deepEqual(
		linkerWarnings(image.output).filter((line) => !/shared\(\) one: no const/.test(line)),
		[],
	);
	return image;
}

test("https-get and nginx", async (context) => {
	const nginx = requirePeer(context, "nginx");
	if (!nginx) return;
	const { port } = await startNginx(context, nginx, { identity: pki.ec });
	const program = startImage(context, buildExample("https-get", { host: "localhost", port, path: "/" }), 60);
	await program.waitFor(/status 200\n[\s\S]*hello from nginx[\s\S]*\ndone\n/);
});

test("mqtt-publish and mosquitto", async (context) => {
	const mosquitto = requirePeer(context, "mosquitto");
	if (!mosquitto) return;
	const { port } = await startMosquitto(context, mosquitto, pki.ec);
	const program = startImage(context, buildExample("mqtt-publish", { host: "localhost", port, interval: 100 }), 60);
	await program.waitFor(/polltls\/example\/reading: reading 3/);
});

test("websocket and a server on Node", async (context) => {
	const port = await startWebSocketEcho(context, pki.ec);
	const program = startImage(context, buildExample("websocket", { host: "localhost", port, interval: 100 }), 60);
	await program.waitFor(/hello 1\nhello 2\nhello 3/);
});

test("coaps-device: libcoap over both of its libraries, and our command", async (context) => {
	const port = await freePort();
	const device = startImage(context, buildExample("coaps-device", { port, ...psk }), 120);
	await device.waitFor(/CoAP on port/);
	const node = new PolledDevice();
	const registry = nodeRegistry("node");
	registry.start();
	const bytes = { identity: Buffer.from(psk.identity), key: Buffer.from(psk.key) };
	const asking = new CoapsGet(node, node, registry, { server: `127.0.0.1 ${port}`, path: "state", psk: bytes });
	await node.run(asking, () => asking.done);
	assert.equal(JSON.parse(asking.text).connections, 1);
	assert.equal(asking.connection.negotiated.version, 0xfefc);
	for (const library of ["openssl", "gnutls"]) {
		const client = requirePeer(context, "coap-client")?.path.replace(/-(openssl|gnutls)$/, `-${library}`);
		if (!client) return;
		const ask = async (...args: string[]): Promise<string> => {
			const path = args.pop();
			const { stdout, stderr } = await run(client, ["-u", psk.identity, "-k", psk.key, ...args, `coaps://127.0.0.1:${port}/${path}`]);
			return stdout + stderr;
		};
		assert.match(await ask("-m", "get", "temperature"), /^2[1-3]\.\d/m);
		await ask("-m", "put", "-e", "on", "led");
		assert.match(await ask("-m", "get", "led"), /^on/m);
		assert.equal((await ask("-m", "get", "manual")).trimEnd().length, 1920, "block by block");
	}
	assert.match(device.stdout, /LED on/);
});

test("coaps-get: our CoAP server, libcoap's", async (context) => {
	const key = Buffer.from(psk.key).toString("hex");
	const server = await startPolltlsServer(context, ["--dtls", "--coap", "--psk", key, "--psk-identity", psk.identity]);
	const image = buildExample("coaps-get", { host: "localhost", port: server.port, path: "large", ...psk });
	await startImage(context, image, 60).waitFor(/2\.05 [\s\S]{4095}\n/);
	const found = requirePeer(context, "coap-client");
	if (!found) return;
	for (const library of ["openssl", "gnutls"]) {
		const port = await freePort();
		// It takes DTLS on the port behind the one that it is given
		const program = start(context, found.path.replace(/coap-client(-openssl|-gnutls)?$/, `coap-server-${library}`), [
			"-A",
			"127.0.0.1",
			"-p",
			String(port - 1),
			"-k",
			psk.key,
			"-v",
			"4",
		]);
		await new Promise((resolve) => setTimeout(resolve, 500));
		const other = buildExample("coaps-get", { host: "localhost", port, path: "time", ...psk });
		await startImage(context, other, 60)
			.waitFor(/2\.05 \w+ \d\d \d\d:\d\d:\d\d/)
			.catch((error) => {
				throw new Error(`${error}\n${program.describe()}`);
			});
		await program.stop();
	}
});

/** Where copies of the SDK's examples are built. */
const copies = join(projectRoot, "build", "moddable", "sdk-examples");

/** An example of the SDK whose manifest includes ours where it included its own, asking a server on this machine. */
function switchExample(name: string, line: RegExp, ours: string, host: RegExp, port: number): Image {
	const source = join(process.env.MODDABLE ?? "", "examples", "io", "tcp", name);
	const copy = join(copies, name);
	mkdirSync(copy, { recursive: true });
	const manifest = readFileSync(join(source, "manifest.json"), "utf8").split("\n");
	const switched = manifest.map((each) => each.replace(line, join(projectRoot, ours)));
	assert.equal(switched.filter((each, index) => each !== manifest[index]).length, 1, "one line of the manifest is another");
	writeFileSync(join(copy, "manifest.json"), switched.join("\n"));
	const main = readFileSync(join(source, "main.js"), "utf8");
	assert.match(main, host);
	writeFileSync(join(copy, "main.js"), main.replace(host, `host: "localhost",\n\tport: ${port}`));
	// Our authority stands among the SDK's own certificates, as ca0.der
	const authority = join(temporaryFolder({ after }), "ca0.der");
	writeFileSync(authority, new X509Certificate(readFileSync(pki.ca)).raw);
	return buildImage(`sdk-${name}`, relative(projectRoot, join(copy, "manifest.json")), { data: [authority], folder });
}

test("the SDK's example httpsclient runs on our TLS when one line of its manifest is another", async (context) => {
	const nginx = requirePeer(context, "nginx");
	if (!nginx) return;
	const { port } = await startNginx(context, nginx, { identity: pki.ec });
	const image = switchExample("httpsclient", /\.\.\/httpsclient\/manifest_httpsclient\.json/, "manifest_httpsclient.json", /host: "www\.example\.edu"/, port);
	const program = startImage(context, image, 60);
	await program.waitFor(/Status 200[\s\S]*\*\*DONE 0 \*\*[\s\S]*\*\*DONE 1 \*\*[\s\S]*\*\*DONE 2 \*\*/);
});

test("the SDK's example mqttsclient runs on our TLS when one line of its manifest is another", async (context) => {
	const mosquitto = requirePeer(context, "mosquitto");
	if (!mosquitto) return;
	const { port } = await startMosquitto(context, mosquitto, pki.ec);
	const image = switchExample("mqttsclient", /\.\/manifest_mqttsclient\.json/, "manifest_mqttsclient.json", /host: "broker\.hivemq\.com",\n\tport: 8883/, port);
	const program = startImage(context, image, 60);
	for (const each of [/^SMALL$/m, /^XXLA+B+C*D*/m, /PUBACK - 1234/]) await program.waitFor(each);
});
