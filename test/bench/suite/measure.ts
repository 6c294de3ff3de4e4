// Measures a list of operations in rounds, on any engine.

import { medians } from "./median.js";
import { calibrate, type Now, type Operation, sample } from "./operation.js";

/** Garbage and work of one run. */
export interface Weight {
	/** Slots that were taken. */
	slots: number;
	/** Bytes of chunks that were taken, as on a device of 32 bits, if the engine tells. */
	chunks?: number;
	/** The engine's units of work, of the run and of its longest call, if it counts them. */
	compute?: number;
	longestCompute?: number;
}

/** The name of the operation that collects garbage once; its weight is what is live. */
export const COLLECTION = "a collection of garbage";

/** An operation's figures; survives JSON. */
export interface Measured {
	name: string;
	provider: string;
	bytes: number;
	sliced: boolean;
	/** Of one run, or of 1 KB: microseconds, one a round. */
	times: number[];
	/** Calls of a run of a sliced operation, and the longest of them: microseconds, by what each call usually takes. */
	calls: number;
	longest: number;
	weight?: Weight;
}

/** All operations once each round, those of the same name side by side, so that noise strikes alike what is compared. microseconds: for one operation and round, about. */
export function measureOperations(operations: readonly Operation[], now: Now, rounds: number, microseconds: number): Measured[] {
	const all = operations.map(
		({ name, provider, bytes, begin }): Measured => ({ name, provider, bytes, sliced: begin !== undefined, times: [], calls: 1, longest: 0 }),
	);
	const calls: number[][][] = all.map(() => []);
	const names = all.map(({ name }) => name);
	const order = all.map((_, i) => i).sort((a, b) => names.indexOf(names[a]) - names.indexOf(names[b]) || a - b);
	const counts: number[] = [];
	for (const i of order) counts[i] = calibrate(operations[i], now, microseconds);
	for (let round = 0; round < rounds; round++)
		for (const i of order) {
			const one = sample(operations[i], now, counts[i]);
			const { bytes, times } = all[i];
			times.push(bytes > 0 ? (one.time * 1024) / bytes : one.time);
			calls[i].push(one.calls);
		}
	all.forEach((one, i) => {
		const usual = medians(calls[i]);
		if (!one.sliced) return;
		one.calls = usual.length;
		one.longest = Math.max(...usual);
	});
	return all;
}
