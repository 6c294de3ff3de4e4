// A connection may be ended at any poll of a handshake: what is left of it then is its buffers and what reports tell, and
// nothing once nobody holds it. On XS.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HeapLab } from "../support/heap-lab.js";

/** Of the iot profile. */
const BUFFERS = 10778;
const ends = ["client", "server"] as const;

interface Row {
	name: string;
	kit: "toy" | "device";
	datagrams?: boolean;
	version: number;
	/** Every so many polls. */
	stride: number;
	/** What a closed connection that is still held may take beyond its buffers, in bytes. */
	limit: number;
}

const rows: Row[] = [
	{ name: "TLS 1.3", kit: "toy", version: 0x0304, stride: 1, limit: 8600 },
	{ name: "TLS 1.2", kit: "toy", version: 0x0303, stride: 1, limit: 9400 },
	{ name: "DTLS 1.3", kit: "toy", datagrams: true, version: 0x0304, stride: 2, limit: 18000 },
	{ name: "TLS 1.3 with real arithmetic", kit: "device", version: 0x0304, stride: 23, limit: 9200 },
];

for (const { name, kit, datagrams, version, stride, limit } of rows)
	test(`${name}: ended at any poll, a connection leaves nothing behind on XS`, async (t) => {
		const lab = await HeapLab.start("test/memory/program.ts");
		t.after(() => lab.close());
		const recipe = { kit, datagrams, verifyClient: true, options: { profile: "iot", minimumVersion: version, maximumVersion: version } };
		const hows = ["abort", "close", "garbage"];
		for (const who of ends) for (const how of hows) await lab.call("abandon", { recipe, who, polls: 1000, how });
		await lab.call("drop");
		await lab.base();
		const states = new Set<string>();
		let most = 0;
		for (let polls = 0, open = false; !open; polls += stride) {
			for (const who of ends) {
				const how = hows[polls % hows.length];
				const { value } = await lab.call<{ state: string; open: boolean }>("abandon", { recipe, who, polls, how });
				open = value.open;
				states.add(value.state);
				if (how === "abort") most = Math.max(most, (await lab.live()).bytes - BUFFERS);
				await lab.call("drop");
				const { slots, chunks } = await lab.live();
				assert.deepEqual({ slots, chunks }, { slots: 0, chunks: 0 }, `${who}, ${how} after ${polls} polls in ${value.state}`);
			}
		}
		t.diagnostic(`${states.size} states; closed and held a connection takes up to ${most} bytes beyond its buffers`);
		assert.ok(most <= limit, `${most} bytes beyond the buffers, the limit is ${limit}`);
		assert.ok(states.size >= 9, [...states].join(", "));
	});
