// The provider on node:crypto, and what nodeRegistry offers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { offeredSuites } from "polltls/crypto/suites";
import { NodeClock } from "../../../hosts/node/clock.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { nodeRegistry } from "../../../hosts/node/registry.js";
import { cryptoCases } from "../../suite/crypto-cases.js";

test("crypto on node:crypto", async (context) => {
	const cases = cryptoCases(nodeRegistry("node"));
	for (const name of Object.keys(cases)) await context.test(name, cases[name]);
});

test("both registries have the same algorithms", () => {
	const noble = nodeRegistry("noble");
	const node = nodeRegistry("node");
	const ids = (list: { id: number }[]): number[] => list.map(({ id }) => id).sort();
	assert.deepEqual(ids(noble.hashes), ids(node.hashes));
	assert.deepEqual(ids(noble.bulks), ids(node.bulks));
	assert.equal(noble.bulks.length, 9);
	assert.equal(offeredSuites(noble).length, offeredSuites(node).length);
	for (const registry of [noble, node]) {
		const costs = registry.bulks.slice(0, 3).map(({ cost }) => cost);
		assert.deepEqual(
			costs,
			[...costs].sort((a, b) => a - b),
		);
	}
});

test("entropy fills just its place, clocks go on", () => {
	const bytes = new Uint8Array(100);
	nodeEntropy.fill(bytes, 10, 90);
	assert.ok(bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.subarray(90).every((byte) => byte === 0));
	assert.ok(new Set(bytes.subarray(10, 90)).size > 40);
	const clock = new NodeClock();
	const before = clock.ticks();
	assert.ok(clock.ticks() >= before);
	assert.ok(Math.abs(clock.seconds() - Date.now() / 1000) < 2 && Number.isInteger(clock.seconds()));
	assert.equal(new NodeClock(1234).seconds(), 1234);
});
