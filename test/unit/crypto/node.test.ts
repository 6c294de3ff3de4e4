// The provider on node:crypto, and what nodeRegistry offers.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
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

/** A small generator for reproducible inputs (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

test("noble and node:crypto agree on random inputs", (context) => {
	const seed = randomInt(2 ** 32);
	context.diagnostic(`seed ${seed}`);
	const below = randomNumbers(seed);
	const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256));
	const noble = nodeRegistry("noble");
	const node = nodeRegistry("node");
	for (let round = 0; round < 40; round++) {
		const memory = bytes(2000);
		const at = below(20);
		const end = at + below(1500);
		for (const { id, keyLength, tagLength } of noble.bulks.filter((bulk) => "tagLength" in bulk)) {
			const key = bytes(keyLength);
			const nonce = bytes(12);
			const additional = bytes(below(50));
			const first = memory.slice();
			const second = memory.slice();
			const sealer = noble.aead(id)!.create();
			const opener = node.aead(id)!.create();
			sealer.setKey(key, 0);
			opener.setKey(key, 0);
			sealer.seal(nonce, additional, additional.length, first, at, end);
			opener.seal(nonce, additional, additional.length, second, at, end);
			assert.deepEqual(first, second, `AEAD ${id}`);
			assert.equal(opener.open(nonce, additional, additional.length, first, at, end + tagLength), true);
			assert.equal(sealer.open(nonce, additional, additional.length, second, at, end + tagLength), true);
			assert.deepEqual(first, second, `AEAD ${id}`);
			const masks = [noble, node].map((registry) => {
				const mask = registry.aead(id)!.createNumberMask();
				mask.setKey(key, 0);
				const out = new Uint8Array(5);
				mask.mask(memory, at, out);
				return out;
			});
			assert.deepEqual(masks[0], masks[1], `mask of AEAD ${id}`);
		}
		for (const { id, hashLength } of noble.hashes) {
			const digests = [noble, node].map((registry) => {
				const hash = registry.hash(id)!.create();
				hash.update(memory, at, end);
				const out = new Uint8Array(hashLength);
				hash.digest(out, 0);
				return out;
			});
			assert.deepEqual(digests[0], digests[1], `hash ${id}`);
		}
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
