// The arithmetic and the tables of `npm run bench`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DONE, WORKING } from "polltls/base/status";
import type { Job } from "polltls/crypto/types";
import { measureOperations } from "../../bench/suite/measure.js";
import { median, medians, ratioOf } from "../../bench/suite/median.js";
import { calibrate, type Operation, sample } from "../../bench/suite/operation.js";
import { figure, formatTable, times } from "../../bench/table.js";

test("medians, and ratios by round", () => {
	assert.equal(median([9, 1, 5]), 5);
	assert.equal(median([4, 1, 2, 9]), 3);
	assert.ok(Number.isNaN(median([])));
	assert.deepEqual(medians([[1, 10], [3, 30], [2]]), [2, 20]);
	assert.equal(ratioOf([2, 40, 6], [1, 10, 3]), 2); // the slow round is slow for both
});

test("figures with three digits, columns of one width", () => {
	assert.deepEqual([0.12345, 1.2345, 12.345, 1234.5, 7, 0, undefined].map(figure), ["0.123", "1.23", "12.3", "1,235", "7", "0", "-"]);
	assert.equal(times(0.5), "0.50 x");
	const table = formatTable({
		title: "t",
		columns: ["what", "us"],
		rows: [
			["a", 1.5],
			["longer", undefined],
		],
		notes: ["n"],
	});
	assert.equal(table, "t\n\nwhat      us\n------  ----\na       1.50\nlonger     -\n\n  n\n");
	assert.equal(formatTable({ title: "not measured", columns: [], rows: [] }), "not measured\n");
});

/** A job of three slices over a clock of its own: each takes as many microseconds as its number. */
function stepper(clock: { now: number }): Operation {
	let left = 0;
	const job: Job = {
		step: () => {
			clock.now += left;
			return --left === 0 ? DONE : WORKING;
		},
		wipe: () => {},
	};
	return {
		name: "steps",
		provider: "polltls",
		bytes: 0,
		prepare: () => {
			clock.now += 1000; // not measured
		},
		begin: () => {
			left = 3;
			clock.now += 0.5;
			return job;
		},
	};
}

test("a sliced operation is measured call by call, without what makes it ready", () => {
	const clock = { now: 0 };
	const now = (): number => clock.now;
	assert.deepEqual(sample(stepper(clock), now, 2), { time: 6.5, calls: [0.5, 3, 2, 1] });
	const [measured] = measureOperations([stepper(clock)], now, 3, 10);
	assert.deepEqual([measured.times, measured.calls, measured.longest], [[6.5, 6.5, 6.5], 4, 3]);
});

test("an operation of one call is run as often as the time is long, and its figure is that of 1 KB", () => {
	const clock = { now: 0 };
	const operation: Operation = { name: "hash", provider: "x", bytes: 512, run: () => void (clock.now += 2) };
	assert.equal(
		calibrate(operation, () => clock.now, 100),
		50,
	);
	assert.deepEqual(measureOperations([operation], () => clock.now, 1, 100)[0].times, [4]);
});

test("an operation that fails is not measured", () => {
	const broken: Operation = { name: "broken", provider: "polltls", bytes: 0, begin: () => ({ step: () => 0x70028, wipe: () => {} }) };
	assert.throws(() => sample(broken, () => 0, 1), /broken ended with failure 7/);
});
