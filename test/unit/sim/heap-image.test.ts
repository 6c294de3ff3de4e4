// The image of a heap, against what the same engine needs when it is built for 32 bits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, type HeapMeasure, measureHeap, since } from "../../../hosts/sim/heap-image.js";
import { XsWorker } from "../../../hosts/sim/worker.js";

// What the same engine, built for 32 bits, needs for each: slots, chunks
const PIECES: [string, number, number][] = [
	["globalThis.a = new Uint8Array(100000)", 10, 100032],
	["globalThis.b = new Array(1000).fill(1)", 5, 16032],
	["globalThis.c = []; for (let i = 0; i < 1000; i++) c.push([1, 2, 3])", 2006, 72044],
	["globalThis.d = 'x'.repeat(5000)", 3, 5036],
	["globalThis.e = new Map(); for (let i = 0; i < 300; i++) e.set(i, { a: i })", 1208, 2080],
	["globalThis.f = 1n << 255n", 3, 68],
	["class P { #a = 1; b = []; c = 'x'; d = new Uint8Array(8) }; globalThis.g = []; for (let i = 0; i < 500; i++) g.push(new P())", 7532, 22212],
	["globalThis.h = []; for (let i = 0; i < 200; i++) h.push(() => i)", 2206, 8832],
];

async function measure(worker: XsWorker): Promise<HeapMeasure> {
	return measureHeap(await worker.snapshot());
}

test("the heap image counts a 32-bit device's slots and chunks", async (t) => {
	const worker = await XsWorker.start();
	t.after(() => worker.close());
	await worker.evaluate("undefined");
	let last = await measure(worker);
	for (const [source, slots, chunks] of PIECES) {
		await worker.evaluate(source);
		const now = await measure(worker);
		const grown = since(last, now);
		last = now;
		const expected = bytesOf({ slots, chunks });
		assert.ok(Math.abs(grown.slots - slots) <= 3, `${source}: ${grown.slots} slots instead of ${slots}`);
		assert.ok(bytesOf(grown) >= expected - 48 && bytesOf(grown) <= expected * 1.02 + 100, `${source}: ${bytesOf(grown)} bytes instead of ${expected}`);
	}
});

test("what is dropped is given back", async (t) => {
	const worker = await XsWorker.start();
	t.after(() => worker.close());
	await worker.evaluate("globalThis.a = 0");
	const base = await measure(worker);
	await worker.evaluate("globalThis.a = Array.from({ length: 1000 }, () => new Uint8Array(10)); undefined");
	assert.ok(bytesOf(since(base, await measure(worker))) > 100000);
	await worker.evaluate("globalThis.a = 0; undefined");
	assert.ok(Math.abs(bytesOf(since(base, await measure(worker)))) < 100);
});

test("snapshots may be asked for at once", async (t) => {
	const worker = await XsWorker.start();
	t.after(() => worker.close());
	const images = await Promise.all([
		worker.snapshot(),
		worker.evaluate("globalThis.a = new Uint8Array(50000)").then(() => worker.snapshot()),
		worker.snapshot(),
	]);
	const [first, second, third] = images.map((image) => bytesOf(measureHeap(image)));
	assert.ok(second > first + 50000 && Math.abs(third - second) < 1000, `${first} ${second} ${third}`);
});

test("something else is no heap image", () => {
	assert.throws(() => measureHeap(Buffer.from("nonsense")), /not a heap image/);
	assert.throws(() => measureHeap(Buffer.alloc(0)), /not a heap image/);
});
