// The simulated device's UDP in bad weather: its CoAP server is asked by our own client while datagrams get lost, come twice,
// too late, too long or from another address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CoapsGet } from "../../../examples/coaps-get/main.js";
import { PolledDevice } from "../../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../../hosts/node/registry.js";
import { coapServer } from "../../../hosts/sim/firmware.js";
import { DEVICE_HEAP, Simulator } from "../../../hosts/sim/simulator.js";
import { type Conditions, Weather } from "../../../hosts/sim/weather.js";
import type { Ending } from "../../support/processes.js";

const hex = (text: string): string => Buffer.from(text).toString("hex");
const psk = { identity: Buffer.from("dev"), key: Buffer.from("secret") };
const registry = nodeRegistry("node");
registry.start();

async function begin(
	t: Ending,
	seed: number,
	conditions: Conditions = {},
): Promise<{ weather: Weather; device: Simulator; get: CoapsGet; run: () => Promise<void> }> {
	const weather = new Weather(seed, conditions);
	const config = { port: 0, pool: 2, identity: hex("dev"), key: hex("secret") };
	const device = await Simulator.start({ entry: coapServer, config, heapLimit: DEVICE_HEAP, datagramPlan: weather.plan });
	t.after(() => device.stop());
	const port = await device.datagramPort(0);
	const node = new PolledDevice();
	t.after(() => node.close());
	const get = new CoapsGet(node, node, registry, { server: `127.0.0.1 ${port}`, path: "manual", psk });
	return { weather, device, get, run: () => node.run(get, () => get.done) };
}

function isWhole({ code, text }: CoapsGet): void {
	assert.equal(code, (2 << 5) | 5);
	assert.equal(text.length, 1920);
}

test("loss, repetition, reordering", async (t) => {
	const { weather, get, run } = await begin(t, 3, { loss: 0.15, duplication: 0.2, reorder: 0.2, delay: 2 });
	await run();
	isWhole(get);
	assert.ok(weather.lost > 0, `${weather.lost} of ${weather.carried} lost`);
});

test("datagrams with a wrong bit are dropped once the connection is open", async (t) => {
	const { weather, get, run } = await begin(t, 5);
	const done = run();
	while (get.text === "" && !get.done) await new Promise((resolve) => setTimeout(resolve, 1));
	const { carried } = weather;
	weather.conditions = { corruption: 1 };
	while (weather.carried === carried) await new Promise((resolve) => setTimeout(resolve, 1));
	weather.conditions = {};
	await done;
	isWhole(get);
	assert.equal(get.connection.failure, 0);
});

test("the peer's address changes between two blocks", async (t) => {
	const { weather, device, get, run } = await begin(t, 7, { delay: 5 });
	const done = run();
	while (get.text === "") await new Promise((resolve) => setTimeout(resolve, 1));
	weather.address = "192.0.2.7 4711";
	await done;
	isWhole(get);
	const { connections } = (await device.report()) as { connections: number };
	assert.ok(connections <= 1, "one connection all the time");
});

test("nothing longer than 300 bytes gets through", async (t) => {
	const { weather, get, run } = await begin(t, 9, { mtu: 300 });
	const late = setTimeout(() => {
		get.done = true;
	}, 3000);
	await run();
	clearTimeout(late);
	assert.ok(weather.lost > 0, "blocks of 512 bytes are too long");
	assert.equal(get.connection.failure, 0);
});
