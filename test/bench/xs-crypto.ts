// The operations of suite/xs-crypto.ts on the XS engine of npm @agoric/xsnap. Work and garbage are read call by call off
// the engine's meters, so that a garbage collection in between spoils one call and not the sum.

import { transform } from "esbuild";
import { bundleForXs } from "../../hosts/sim/bundle.js";
import { Services } from "../../hosts/sim/services.js";
import { type Answer, XsWorker } from "../../hosts/sim/worker.js";
import type { Measured, Weight } from "./suite/measure.js";
import { median } from "./suite/median.js";
import type { RsaKey } from "./suite/public-key-operations.js";
import { ADVANCE, BEGIN, COLLECT, MEASURE, NOTHING, PREPARE } from "./suite/xs-commands.js";

function send(worker: XsWorker, kind: number, number = 0, microseconds = 0): Promise<Answer> {
	const command = Buffer.alloc(7);
	command[0] = kind;
	command.writeUInt16BE(number, 1);
	command.writeUInt32BE(microseconds, 3);
	return worker.command(command);
}

/** What a command takes that does nothing. */
async function weighNothing(worker: XsWorker): Promise<{ slots: number; compute: number }> {
	const slots: number[] = [];
	const compute: number[] = [];
	let before = (await send(worker, COLLECT)).meter.currentHeapCount;
	for (let i = 0; i < 9; i++) {
		const { meter } = await send(worker, NOTHING);
		slots.push(meter.currentHeapCount - before);
		compute.push(meter.compute);
		before = meter.currentHeapCount;
	}
	return { slots: median(slots), compute: median(compute) };
}

async function weigh(worker: XsWorker, index: number, empty: { slots: number; compute: number }): Promise<Weight> {
	await send(worker, PREPARE, index);
	let before = (await send(worker, COLLECT)).meter.currentHeapCount;
	const slots: number[] = [];
	const compute: number[] = [];
	for (let kind = BEGIN, more = true; more; kind = ADVANCE) {
		const { reply, meter } = await send(worker, kind, index);
		slots.push(meter.currentHeapCount - before - empty.slots);
		compute.push(meter.compute - empty.compute);
		before = meter.currentHeapCount;
		more = reply[0] === 1;
	}
	const usual = median(slots);
	return {
		slots: Math.round(slots.reduce((sum, one) => sum + (one < 0 ? usual : one), 0)), // fewer than before: a collection came between
		compute: compute.reduce((sum, one) => sum + one, 0),
		longestCompute: Math.max(...compute),
	};
}

export async function measureOnXs(rsaKey: RsaKey, rounds: number, microseconds: number): Promise<Measured[]> {
	// @noble/curves names its classes in their own static fields, which XS 13.3 doesn't take as they stand
	const { code } = await transform(await bundleForXs("test/bench/suite/xs-crypto.ts"), { supported: { "class-static-field": false } });
	const services = new Services();
	const worker = await XsWorker.start({ onCommand: (request) => services.answer(request) });
	try {
		await worker.evaluate(`globalThis.benchRsaKey = ${JSON.stringify(rsaKey)}; undefined`);
		await worker.evaluate(code);
		const all = JSON.parse((await send(worker, MEASURE, rounds, microseconds)).reply.toString()) as Measured[];
		const empty = await weighNothing(worker);
		for (let i = 0; i < all.length; i++) all[i].weight = await weigh(worker, i, empty);
		return all;
	} finally {
		await worker.kill();
	}
}
