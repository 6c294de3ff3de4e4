// What a bench measures and how, on any engine: the same operations are run by Node, by XS in a worker and by XS in a
// Moddable image. Times are microseconds of a clock that the engine gives.

import { DONE, WORKING } from "polltls/base/status";
import type { Job } from "polltls/crypto/types";
import { medians } from "./median.js";

/** The slice that the engine gives to a job in each poll. */
export const SLICE = 8;
const COUNT_MAX = 100000;

export interface Operation {
	/** What is done; the same operation of several providers has the same name. */
	readonly name: string;
	/** Who does it: "polltls", "noble", "node:crypto", "SDK". */
	readonly provider: string;
	/** Bytes that one run goes through: its figures are per KB; 0: they are per run. */
	readonly bytes: number;
	/** Makes ready for one run, outside of the time that is measured. */
	readonly prepare?: () => void;
	/** Does it in one call; or, of a sliced one, begins the job that does it. */
	readonly run?: () => void;
	readonly begin?: () => Job;
}

/** One measurement. */
export interface Sample {
	/** Microseconds of one run. */
	time: number;
	/** Of a sliced operation: microseconds of each of its calls; empty if it is one call. */
	calls: number[];
}

/** Microseconds. */
export type Now = () => number;

/** Throws if a job did not end well. */
export function expectDone(operation: Operation, status: number): void {
	if (status !== DONE) throw new Error(`${operation.name} ended with ${status > 255 ? `failure ${status >> 16}` : `status ${status}`}`);
}

/** Runs it so many times: the time is the mean, and each call's the median, which leaves out what came between by chance. */
export function sample(operation: Operation, now: Now, count: number): Sample {
	const { prepare, run, begin } = operation;
	if (begin !== undefined) return sampleSliced(operation, now, count);
	let time = 0;
	if (prepare === undefined) {
		const start = now(); // around all of them: one may be shorter than the clock is fine
		for (let i = 0; i < count; i++) run?.();
		time = now() - start;
	} else {
		for (let i = 0; i < count; i++) {
			prepare();
			const start = now();
			run?.();
			time += now() - start;
		}
	}
	return { time: time / count, calls: [] };
}

/** Whole runs for the time, then as many for what each call takes: the clock takes some itself. */
function sampleSliced(operation: Operation, now: Now, count: number): Sample {
	const runs: number[][] = [];
	let time = 0;
	for (let i = 0; i < count; i++) {
		operation.prepare?.();
		const start = now();
		const job = operation.begin?.() as Job;
		let status: number;
		do status = job.step(SLICE);
		while (status === WORKING);
		time += now() - start;
		expectDone(operation, status);
	}
	for (let i = 0; i < count; i++) {
		operation.prepare?.();
		runs.push(runSliced(operation, now));
	}
	return { time: time / count, calls: medians(runs) };
}

/** One run of a sliced operation, a figure a call; its beginning is a call of its own. */
function runSliced(operation: Operation, now: Now): number[] {
	let before = now();
	const job = operation.begin?.() as Job;
	const calls: number[] = [];
	for (let status = WORKING; ; status = job.step(SLICE)) {
		const after = now();
		calls.push(after - before);
		before = after;
		if (status === WORKING) continue;
		expectDone(operation, status);
		return calls;
	}
}

/** How many runs take about so many microseconds. */
export function calibrate(operation: Operation, now: Now, microseconds: number): number {
	for (let count = 1; ; count *= 4) {
		const start = now();
		sample(operation, now, count);
		const time = now() - start;
		if (time < microseconds / 4 && count < COUNT_MAX) continue;
		return Math.max(1, Math.min(COUNT_MAX, Math.round((count * microseconds) / Math.max(time, 1))));
	}
}
