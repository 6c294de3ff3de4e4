// What a connection counts about itself, for reports.

import { WANTS_INPUT, WANTS_OUTPUT, WANTS_TIMER, WANTS_WORK } from "../base/status.js";

/** Polls, what they waited for, and when the handshake began and ended. */
export class Counters {
	polls = 0;
	/** Polls that ended waiting, by what for. */
	input = 0;
	output = 0;
	work = 0;
	timer = 0;
	/** Ticks of the first poll and of the one that ended the handshake; NaN until then. */
	startedAt = Number.NaN;
	establishedAt = Number.NaN;

	/** The first poll begins: answers its ticks. */
	begin(now: number): number {
		this.startedAt = now;
		return now;
	}

	/** Counts one poll that ended with these wants. */
	count(wants: number): void {
		this.polls++;
		if (wants & WANTS_INPUT) this.input++;
		if (wants & WANTS_OUTPUT) this.output++;
		if (wants & WANTS_WORK) this.work++;
		if (wants & WANTS_TIMER) this.timer++;
	}
}
