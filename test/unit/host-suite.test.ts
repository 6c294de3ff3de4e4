// The host suite on the hosts of this project, run as a porter runs it; and that it finds what is wrong.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { HeapMemory } from "polltls/os/pool";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { SharedLock } from "../../hosts/node/shared-lock.js";
import { NodeTimer } from "../../hosts/node/timer.js";
import { Simulator } from "../../hosts/sim/simulator.js";
import { type HostSuite, type HostUnderTest, runHostSuite } from "../suite/host-suite.js";
import { freePort, temporaryFolder } from "../support/processes.js";

/** A port that is free for TCP is most likely free for UDP. */
async function ports(): Promise<{ address: string; streamPort: number; datagramPort: number }> {
	return { address: "127.0.0.1", streamPort: await freePort(), datagramPort: await freePort() };
}

async function tell(t: TestContext, lines: readonly string[]): Promise<void> {
	assert.ok(lines.length > 20);
	for (const line of lines) {
		const [, result, name, reason] = /^(ok|not ok) - (.*?)(?: # SKIP (.*))?$/s.exec(line) ?? [];
		await t.test(name, (one) => (reason === undefined ? assert.equal(result, "ok") : one.skip(reason)));
	}
}

async function onNode(device: PolledDevice, more: Partial<HostUnderTest> = {}): Promise<HostSuite> {
	const suite = runHostSuite({ device, registry: nodeRegistry("node"), datagrams: device, ...(await ports()), ...more });
	await device.run(suite, () => suite.done);
	device.close();
	return suite;
}

test("the host of Node", async (t) => {
	const device = new PolledDevice();
	const createTimer = (alarm: () => void): NodeTimer => new NodeTimer(device.clock, alarm);
	const suite = await onNode(device, { createTimer, createLock: () => new SharedLock(), memory: new HeapMemory(1000000) });
	await tell(t, suite.lines());
	assert.equal(suite.passed, true);
	assert.equal(suite.run, 1);
});

test("the simulated device, twice: its store survives", async (t) => {
	const store = temporaryFolder(t);
	const entry = {
		source: `
			import { runOnDevice } from "./hosts/sim/device.js";
			import { deviceRegistry } from "./hosts/sim/registry.js";
			import { runHostSuite } from "./test/suite/host-suite.js";
			runOnDevice((device, ports) => {
				const suite = runHostSuite({ device, registry: deviceRegistry(), datagrams: device, ...ports as any });
				return { poll: () => suite.poll(), report: () => ({ done: suite.done, run: suite.run, lines: suite.lines() }) };
			});
		`,
	};
	for (const run of [1, 2]) {
		const simulator = await Simulator.start({ entry, config: await ports(), store, heapLimit: 0, heapWatch: "none" });
		let report: { done: boolean; run: number; lines: string[] };
		for (;;) {
			report = (await Promise.race([simulator.report(), simulator.ended.then(() => assert.fail("it ended"))])) as typeof report;
			if (report.done) break;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		await simulator.stop();
		assert.equal(report.run, run);
		if (run === 1) await tell(t, report.lines);
	}
});

test("what is wrong with a host is found", async () => {
	const failures = async (spoil: (device: PolledDevice) => Partial<HostUnderTest>): Promise<string> => {
		const device = new PolledDevice();
		const suite = await onNode(device, spoil(device));
		assert.equal(suite.done, true);
		return suite.findings
			.filter(({ failure }) => failure !== "")
			.map(({ name }) => name)
			.join("\n");
	};
	const replaced = (device: PolledDevice, what: Partial<HostUnderTest["device"]>): Partial<HostUnderTest> => ({
		device: new Proxy(device, { get: (target, key) => Reflect.get(what, key) ?? bound(target, key) }),
	});
	const results = await Promise.all([
		failures((device) => replaced(device, { clock: { ticks: () => device.clock.ticks(), seconds: () => 0 } })),
		failures((device) => replaced(device, { entropy: { fill: (bytes, at, end) => void bytes.fill(7, at, end) } })),
		failures((device) => {
			let kept: Uint8Array | undefined;
			return replaced(device, { store: { get: () => kept, set: (_, value) => void (kept = value), delete: () => void (kept = undefined) } });
		}),
		failures(() => ({ createLock: () => ({ enter: () => true, leave() {} }) })),
		failures((device) => ({ createTimer: (alarm) => ({ start: (at) => void setTimeout(alarm, at - device.clock.ticks()), stop() {} }) })),
	]);
	const [clock, entropy, store, lock, timer] = results;
	assert.match(clock, /^clock: seconds since 1970/);
	assert.match(entropy, /^entropy: fills its place/);
	assert.match(store, /^store: values/);
	assert.match(lock, /^lock: one at a time/);
	assert.match(timer, /^timer: rings once/);
});

function bound(target: object, key: PropertyKey): unknown {
	const value = Reflect.get(target, key) as unknown;
	return typeof value === "function" ? value.bind(target) : value;
}
