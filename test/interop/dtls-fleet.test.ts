// Many devices at once over UDP against one server of ours; `npm run bench -- fleet` takes a thousand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Fleet } from "../support/fleet.js";

const DEVICES = 100;
/** Node's stream, its socket at the device, the objects and buffers of a connection: bytes. */
const MEMORY = 64 * 1024;

for (const [version, psk] of [
	["1.3", true],
	["1.3", false],
	["1.2", true],
] as const)
	test(`${DEVICES} devices at once, DTLS ${version}, ${psk ? "PSK" : "certificate"}`, async (t) => {
		const fleet = await Fleet.start({ version, psk, most: DEVICES });
		t.after(() => fleet.stop());
		await fleet.run(10); // what is loaded and compiled once
		const figures = await fleet.run(DEVICES);
		t.diagnostic(JSON.stringify(figures));
		assert.ok(figures.deviceMemory < MEMORY, `${figures.deviceMemory} bytes at the device`);
		assert.ok(figures.serverMemory < MEMORY, `${figures.serverMemory} bytes at the server`);
	});
