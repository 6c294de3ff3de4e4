// What each part of a connection takes of a device's heap, measured on XS. The limits are a little above what was measured.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HeapLab } from "../support/heap-lab.js";

/** Bytes. */
const limits: Record<string, number> = {
	"records and messages of a stream, with the least of buffers": 2050,
	"records and messages over datagrams, with the least of buffers": 9200,
	"a server's settings": 2100,
	"the handshake's context": 1900,
	"the hellos, until it is done": 2000,
	"the transcript, until it is done": 700,
	"the peer's certificates, until they are checked": 5200,
	"what authentication keeps": 400,
	"keys of 1.3 during a handshake": 2300,
	"keys of 1.3 after it": 2000,
	"state of 1.2": 1100,
	"keys of 1.2": 520,
	"protection of one direction, 1.3": 900,
	"protection of one direction over datagrams, 1.3": 1900,
	"a whole connection, opened, with the least of buffers": 6500,
};

test("what the parts of a connection take on XS", async (t) => {
	const lab = await HeapLab.start("test/memory/parts.ts");
	t.after(() => lab.close());
	const { value: names } = await lab.call<string[]>("names");
	for (const name of names) await lab.call("make", name); // what is made once is there
	await lab.call("drop");
	await lab.base();
	for (const name of names)
		await t.test(name, async (t) => {
			await lab.call("make", name);
			const { slots, chunks, bytes } = await lab.live();
			t.diagnostic(`${String(bytes).padStart(6)} bytes: ${slots} slots, ${chunks} bytes of chunks`);
			assert.ok(bytes <= limits[name], `${bytes} bytes, the limit is ${limits[name]}`);
			assert.ok(bytes > limits[name] * 0.8, `${bytes} bytes are much less than ${limits[name]}: lower the limit, so that it still says something`);
			await lab.call("drop");
			assert.equal((await lab.live()).bytes, 0, "it stays behind");
		});
});
