// What a stack reports of its memory is what the heap of XS shows; and what it couldn't have whole it leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MEM_ERR, OK } from "polltls/base/status";
import type { MemoryReport } from "polltls/io/pools";
import { HeapLab } from "../support/heap-lab.js";

const configurations: [string, object][] = [
	["the defaults", {}],
	["as small as can be", { receiveBufferSize: 1024, maxDataLength: 512, dataBufferSize: 512, handshakeStoreSize: 2048, flightStoreSize: 1024, maxSessions: 0 }],
	["four connections, TCP and UDP", { maxConnections: 4, maxSessions: 4, dtls: true, receiveBufferSize: 2048, maxServerPorts: 2 }],
];

interface Initialised {
	code: number;
	bytesNeeded: number;
	report: MemoryReport;
}

/** What is made once is there afterwards, and doesn't count. */
async function warm(lab: HeapLab, values: object): Promise<void> {
	for (const limit of [null, 0]) {
		await lab.call("make", limit);
		await lab.call("init", values);
		await lab.call("drop");
	}
	await lab.base();
}

test("memory() is what the heap shows, within 5 percent", async (t) => {
	const lab = await HeapLab.start("test/memory/stack.ts");
	t.after(() => lab.close());
	for (const [name, values] of configurations)
		await t.test(name, async (t) => {
			await warm(lab, values);
			await lab.call("make");
			const { value } = await lab.call<Initialised>("init", values);
			const { bytes, chunks } = await lab.live();
			const { total, heap } = value.report;
			t.diagnostic(`${bytes} on the heap, ${heap} reported; ${chunks} of chunks, ${total} reported`);
			assert.equal(value.code, OK);
			assert.ok(Math.abs(bytes - heap) <= heap * 0.05, `${bytes} bytes on the heap, ${heap} reported`);
			assert.ok(Math.abs(chunks - total) <= total * 0.05, `${chunks} bytes of chunks, ${total} reported`);
			await lab.call("remove");
			assert.ok((await lab.live()).chunks < 500, "delete has given all of it back");
			await lab.call("drop");
			assert.equal((await lab.live()).bytes, 0);
		});
});

test("init with too little memory says how much it needs, and leaves nothing behind", async (t) => {
	const lab = await HeapLab.start("test/memory/stack.ts");
	t.after(() => lab.close());
	for (const [name, values] of configurations)
		await t.test(name, async (t) => {
			await warm(lab, values);
			await lab.call("make");
			const { total } = (await lab.call<Initialised>("init", values)).value.report;
			await lab.call("drop");
			for (const limit of [0, total >> 1, total - 1]) {
				await lab.call("make", limit);
				const before = (await lab.live()).bytes;
				const { value } = await lab.call<Initialised>("init", values);
				assert.deepEqual([value.code, value.bytesNeeded], [MEM_ERR, total]);
				const { bytes } = await lab.live();
				t.diagnostic(`${before} bytes before, ${bytes} afterwards`);
				assert.ok(bytes - before <= 32, `${bytes - before} bytes more, with a limit of ${limit}`);
			}
			await lab.call("make", total);
			assert.equal((await lab.call<Initialised>("init", values)).value.code, OK, "what it needs is enough");
			await lab.call("drop");
		});
});

test("two connections that share their configuration save what the report says", async (t) => {
	const lab = await HeapLab.start("test/memory/stack.ts");
	t.after(() => lab.close());
	const bytes: number[] = [];
	const reports: MemoryReport["security"][] = [];
	for (const shared of [true, false]) {
		await lab.call("connect", shared);
		await lab.call("drop");
		await lab.base();
		const { value } = await lab.call<MemoryReport>("connect", shared);
		reports.push(value.security);
		bytes.push((await lab.live()).bytes);
		await lab.call("drop");
	}
	const [one, two] = reports;
	t.diagnostic(`shared: ${JSON.stringify(one)}, ${bytes[0]} on the heap; each its own: ${JSON.stringify(two)}, ${bytes[1]}`);
	assert.ok(one.used > 500 && one.saved === one.used);
	assert.deepEqual(two, { used: 2 * one.used, saved: 0 });
	assert.ok(bytes[1] - bytes[0] >= one.saved, `${bytes[1] - bytes[0]} bytes more on the heap`);
});
