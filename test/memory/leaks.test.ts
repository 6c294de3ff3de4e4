// Nothing stays behind on XS: after a thousand connections the heap is what it was before, to the byte.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HeapLab } from "../support/heap-lab.js";

/** Name, algorithms, over datagrams, how many pairs. With toys the stack does all but the arithmetic. */
const rows: [string, string, boolean, number][] = [
	["TLS", "toy", false, 250],
	["DTLS", "toy", true, 60],
	["TLS with real arithmetic", "device", false, 10],
];

test("connections leave nothing behind on XS", async (t) => {
	const lab = await HeapLab.start("test/memory/program.ts");
	t.after(() => lab.close());
	let pairs = 0;
	for (const [name, kit, datagrams, count] of rows)
		for (const version of [0x0304, 0x0303])
			for (const resume of [false, true]) {
				const what = `${name} ${version === 0x0304 ? "1.3" : "1.2"}, ${resume ? "resumed" : "in full"}`;
				await t.test(what, async () => {
					const recipe = { kit, datagrams, tickets: resume, options: { profile: "iot", minimumVersion: version, maximumVersion: version } };
					await lab.call("cycles", { recipe, count: 2, resume });
					await lab.base();
					await lab.call("cycles", { recipe, count, resume });
					const { slots, chunks } = await lab.live();
					assert.deepEqual({ slots, chunks }, { slots: 0, chunks: 0 }, `${count} pairs left ${slots} slots and ${chunks} bytes of chunks`);
					pairs += count;
				});
			}
	assert.ok(pairs >= 1000, "a thousand and more");
});

test("the measurement sees what stays behind", async (t) => {
	const lab = await HeapLab.start("test/memory/program.ts");
	t.after(() => lab.close());
	const recipe = { kit: "toy", options: { profile: "iot" } };
	await lab.call("cycles", { recipe, count: 1, resume: false });
	await lab.base();
	await lab.call("open", { role: "server", recipe });
	assert.ok((await lab.live()).bytes > 10000, "a connection that is held");
	await lab.call("drop");
	assert.equal((await lab.live()).bytes, 0);
});
