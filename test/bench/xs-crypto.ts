// The operations of suite/xs-crypto.ts on the XS engine of npm @agoric/xsnap. Work and garbage are read call by call off
// the engine's meters, so that a garbage collection in between spoils one call and not the sum.

import { transform } from "esbuild";
import type { Measured, Weight } from "./suite/measure.js";
import { median } from "./suite/median.js";
import type { RsaKey } from "./suite/public-key-operations.js";
import { ADVANCE, BEGIN, MEASURE, PREPARE } from "./suite/xs-commands.js";
import { XsMachine } from "./xs-machine.js";

function argument(number: number, microseconds = 0): Uint8Array {
	const bytes = Buffer.alloc(6);
	bytes.writeUInt16BE(number, 0);
	bytes.writeUInt32BE(microseconds, 2);
	return bytes;
}

async function weigh(machine: XsMachine, index: number): Promise<Weight> {
	const which = argument(index);
	await machine.command(PREPARE, which);
	await machine.collect();
	const slots: number[] = [];
	const compute: number[] = [];
	for (let kind = BEGIN, more = true; more; kind = ADVANCE) {
		const { reply, meters } = await machine.measure(kind, which);
		slots.push(meters.slots);
		compute.push(meters.compute);
		more = reply[0] === 1;
	}
	const usual = median(slots);
	return {
		slots: Math.round(slots.reduce((sum, one) => sum + (one < 0 ? usual : one), 0)), // fewer than before: a collection came between
		compute: compute.reduce((sum, one) => sum + one, 0),
		longestCompute: Math.max(...compute),
	};
}

/** The bundle with the key in it, and without static fields that name their own class, as those of @noble/curves: XS 13.3 doesn't take them. */
async function prepare(source: string, rsaKey: RsaKey): Promise<string> {
	const { code } = await transform(source, { supported: { "class-static-field": false } });
	return `globalThis.benchRsaKey = ${JSON.stringify(rsaKey)};\n${code}`;
}

export async function measureOnXs(rsaKey: RsaKey, rounds: number, microseconds: number): Promise<Measured[]> {
	const machine = await XsMachine.start("test/bench/suite/xs-crypto.ts", (source) => prepare(source, rsaKey));
	try {
		const all = JSON.parse((await machine.command(MEASURE, argument(rounds, microseconds))).reply.toString()) as Measured[];
		await machine.settle();
		for (let i = 0; i < all.length; i++) all[i].weight = await weigh(machine, i);
		return all;
	} finally {
		await machine.close();
	}
}
