// The CoAP examples with libcoap, over both of its libraries: coap-client with examples/coaps-device on the XS engine, and
// examples/coaps-get with coap-server; pre-shared keys and certificates, with losses.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { CoapsGetOptions } from "../../examples/coaps-get/main.js";
import { CoapsGet } from "../../examples/coaps-get/main.js";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { credentialOf, trustOf } from "../../hosts/pem-options.js";
import { type CoapServerConfig, coapServer } from "../../hosts/sim/firmware.js";
import { DEVICE_HEAP, Simulator } from "../../hosts/sim/simulator.js";
import { requirePeer, type Skipping } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { type Ending, freePort, run, start } from "../support/processes.js";

const pki = makePki();
const libraries = ["openssl", "gnutls"] as const;
const hex = (text: string): string => Buffer.from(text).toString("hex");
const pem = (file: string): string => readFileSync(file, "utf8");
const known = ["-u", "dev", "-k", "secret"];
const registry = nodeRegistry("node");
registry.start();

/** A program on UDP says nothing when it is ready. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

type Library = (typeof libraries)[number];

/** One of libcoap's programs over a library; all come in one package. */
function libcoap(t: Skipping, program: "client" | "server", library: Library): string | undefined {
	if (!requirePeer(t, "coap-client")) return undefined;
	return spawnSync("sh", ["-c", `command -v coap-${program}-${library}`], { encoding: "utf8" }).stdout.trim() || undefined;
}

/** A device with a pre-shared key and a certificate. */
async function startDevice(t: Ending, more: Partial<CoapServerConfig> = {}): Promise<{ device: Simulator; port: number }> {
	const config: CoapServerConfig = {
		port: 0,
		pool: 4,
		identity: hex("dev"),
		key: hex("secret"),
		certificate: pem(pki.ec.certificate),
		privateKey: pem(pki.ec.key),
		...more,
	};
	const device = await Simulator.start({ entry: coapServer, config, heapLimit: DEVICE_HEAP });
	t.after(() => device.stop());
	return { device, port: await device.datagramPort(0) };
}

async function ask(client: string, port: number, path: string, ...args: string[]): Promise<string> {
	const asked = await run(client, ["-B", "30", ...args, `coaps://localhost:${port}/${path}`], { timeout: 60_000 });
	return `${asked.stdout}${asked.stderr}`;
}

for (const library of libraries) {
	test(`the device on XS and coap-client over ${library}: a pre-shared key`, async (t) => {
		const client = libcoap(t, "client", library);
		if (!client) return;
		const { device, port } = await startDevice(t);
		const core = await ask(client, port, ".well-known/core", ...known);
		for (const link of ["</temperature>", "</led>", "</state>", "</manual>"]) assert.ok(core.includes(link), core);
		assert.match(await ask(client, port, "temperature", ...known), /^2\d\.\d$/m);
		await ask(client, port, "led", ...known, "-m", "put", "-e", "on");
		assert.match(await ask(client, port, "led", ...known), /^on$/m);
		assert.match(await ask(client, port, "led", ...known, "-N"), /^on$/m, "not confirmable");
		assert.match(await ask(client, port, "nowhere", ...known), /4\.04/);
		assert.match(await ask(client, port, "temperature", ...known, "-m", "put", "-e", "30"), /4\.05/);
		assert.equal((await ask(client, port, "manual", ...known)).replaceAll("\n", "").length, 1890, "block by block");
		const told = (await ask(client, port, "temperature", ...known, "-s", "4")).match(/2\d\.\d/g) ?? [];
		assert.ok(told.length >= 3, `observed: ${told.join()}`);
		const state = (await device.report()) as { requests: number; led: boolean; connections: number };
		assert.equal(state.led, true);
		assert.ok(state.requests >= 8);
	});

	test(`the device on XS and coap-client over ${library}: certificates`, async (t) => {
		const client = libcoap(t, "client", library);
		if (!client) return;
		const { port } = await startDevice(t);
		assert.match(await ask(client, port, "state", "-R", pki.ca), /"pool":4/);
		assert.doesNotMatch(await ask(client, port, "state", "-B", "3", "-R", pki.otherCa), /"pool"/);
		const strict = await startDevice(t, { ca: pem(pki.ca) });
		const own = ["-c", pki.clientEc.certificate, "-j", pki.clientEc.key, "-R", pki.ca];
		assert.match(await ask(client, strict.port, "state", ...own), /"pool":4/);
		assert.doesNotMatch(await ask(client, strict.port, "state", "-B", "3", "-R", pki.ca), /"pool"/);
	});

	test(`the device on XS and coap-client over ${library}: losses`, async (t) => {
		const client = libcoap(t, "client", library);
		if (!client) return;
		const { port } = await startDevice(t);
		for (const lost of ["1", "1,3", "2,4", "3-5", "10%"]) {
			assert.match(await ask(client, port, "temperature", "-l", lost, ...known), /^2\d\.\d$/m, lost);
			assert.match(await ask(client, port, "state", "-l", lost, "-R", pki.ca), /"pool":4/, lost);
		}
	});

	test(`coaps-get and coap-server over ${library}`, async (t) => {
		const server = libcoap(t, "server", library);
		if (!server) return;
		const trusting: Partial<CoapsGetOptions> = { trust: trustOf(pem(pki.ca)), peerName: "localhost" };
		const byKey: Partial<CoapsGetOptions> = { psk: { identity: Buffer.from("dev"), key: Buffer.from("secret") } };
		const serverCertificate = ["-c", pki.ec.certificate, "-j", pki.ec.key];
		const cases: Record<string, [string[], Partial<CoapsGetOptions>]> = {
			"a pre-shared key": [["-h", "hint", "-k", "secret"], byKey],
			"a certificate": [[...serverCertificate, "-n"], trusting],
			"certificates of both": [
				[...serverCertificate, "-R", pki.ca],
				{ ...trusting, credentials: [credentialOf(pem(pki.clientEc.certificate), pem(pki.clientEc.key))] },
			],
			"a pre-shared key, with losses": [["-h", "hint", "-k", "secret", "-l", "2,4"], byKey],
			"a certificate, with losses": [[...serverCertificate, "-n", "-l", "1,3"], trusting],
		};
		for (const [name, [args, options]] of Object.entries(cases))
			await t.test(name, async (t) => {
				const port = await freePort();
				const program = start(t, server, ["-A", "127.0.0.1", "-p", `${port - 1}`, "-v", "6", ...args], { timeout: 120_000 });
				await settle();
				const device = new PolledDevice();
				t.after(() => device.close());
				const get = new CoapsGet(device, device, registry, { server: `127.0.0.1 ${port}`, path: ".well-known/core", ...options });
				const late = setTimeout(() => assert.fail(`no end: ${get.connection.stateName}\n${program.describe()}`), 20_000);
				await device.run(get, () => get.done);
				clearTimeout(late);
				assert.equal(get.code, (2 << 5) | 5, `${get.connection.failure >> 16} ${program.describe()}`);
				assert.match(get.text, /<\/time>/);
			});
	});
}
