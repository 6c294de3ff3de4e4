// Locks between threads: two Workers of Node, one word of shared memory, and a stack that is used by both.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import { OK, WAIT } from "polltls/base/status";
import { Stack } from "polltls/io/module";
import { NodeClock } from "../../../hosts/node/clock.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { LOCK_LENGTH, SharedLock } from "../../../hosts/node/shared-lock.js";

const THREADS = 3;
const ROUNDS = 1_000_000;

const path = fileURLToPath(new URL("../../../hosts/node/shared-lock.ts", import.meta.url));
const lockSource = buildSync({ entryPoints: [path], bundle: true, write: false, format: "cjs" }).outputFiles[0].text;

/** Enters as often as asked; inside it adds one to the count in three steps that another thread would disturb. */
const thread = `
	const { parentPort, workerData: { rounds, lock, memory } } = require("node:worker_threads");
	${lockSource}
	const own = new module.exports.SharedLock(lock);
	const words = new Int32Array(memory);
	let refused = 0;
	Atomics.add(words, 2, 1);
	while (Atomics.load(words, 2) < ${THREADS}); // all begin together
	for (let done = 0; done < rounds; ) {
		if (!own.enter()) {
			refused++;
			continue;
		}
		const count = words[0];
		words[1] = count ^ 0x5555;
		words[0] = (words[1] ^ 0x5555) + 1;
		own.leave();
		done++;
	}
	parentPort.postMessage(refused);
`;

function run(lock: SharedArrayBuffer, memory: SharedArrayBuffer): Promise<number> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(thread, { eval: true, workerData: { rounds: ROUNDS, lock, memory } });
		worker.on("message", resolve).on("error", reject);
	});
}

test("three threads, one count", async (t) => {
	const lock = new SharedArrayBuffer(LOCK_LENGTH);
	const memory = new SharedArrayBuffer(12);
	const refused = await Promise.all(Array.from({ length: THREADS }, () => run(lock, memory)));
	t.diagnostic(`refused ${refused.join()} times`);
	assert.equal(new Int32Array(memory)[0], THREADS * ROUNDS);
});

test("a side leaves only what it has entered", () => {
	const memory = new SharedArrayBuffer(LOCK_LENGTH);
	const [one, other] = [new SharedLock(memory), new SharedLock(memory)];
	assert.equal(one.enter(), true);
	assert.equal(one.enter(), false);
	other.leave();
	assert.equal(other.enter(), false, "it is still held");
	one.leave();
	assert.equal(other.enter(), true);
});

test("a stack whose locks another thread holds answers WAIT", () => {
	const memories = [new SharedArrayBuffer(LOCK_LENGTH), new SharedArrayBuffer(LOCK_LENGTH)];
	let made = 0;
	const createLock = (): SharedLock => new SharedLock(memories[made++]);
	const stack = new Stack({ clock: new NodeClock(), entropy: nodeEntropy, linked: {}, createLock });
	assert.equal(stack.init({ maxSessions: 0 }), OK);
	assert.equal(made, 2);
	const [module, connections] = memories.map((memory) => new SharedLock(memory)); // the other thread's sides
	assert.equal(module.enter(), true);
	assert.equal(stack.start(), WAIT);
	module.leave();
	assert.equal(stack.start(), OK);
	assert.equal(connections.enter(), true);
	assert.equal(stack.poll(), 0);
	assert.equal(stack.stop(), WAIT);
	connections.leave();
	assert.equal(stack.stop(), OK);
	assert.equal(stack.delete(), OK);
});
