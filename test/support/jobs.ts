// Running sliced jobs in tests, and entropy that says what it is told to.

import { WORKING } from "polltls/base/status";
import type { Job } from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";

/** Steps a job to its end in slices of budget; answers what it ends with. */
export function finish(job: Job, budget = 8): number {
	for (;;) {
		const status = job.step(budget);
		if (status !== WORKING) return status;
	}
}

/** How many slices of budget a job takes. */
export function countSteps(job: Job, budget: number): number {
	let steps = 1;
	while (job.step(budget) === WORKING) steps++;
	return steps;
}

/** First the answers it was given, which must have the lengths asked for; then a plain pattern, never zero. */
export class ScriptedEntropy implements Entropy {
	readonly #answers: Uint8Array[];
	#next = 1;

	constructor(...answers: Uint8Array[]) {
		this.#answers = answers;
	}

	fill(bytes: Uint8Array, at: number, end: number): void {
		const answer = this.#answers.shift();
		if (answer) {
			if (answer.length !== end - at) throw new Error(`asked for ${end - at} bytes, ${answer.length} are scripted`);
			bytes.set(answer, at);
			return;
		}
		for (; at < end; at++) {
			this.#next = (this.#next * 75 + 74) % 65537;
			bytes[at] = this.#next;
		}
	}
}
