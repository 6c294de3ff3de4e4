// The clocks of a desktop, for Node.

import type { Clock } from "polltls/os/os";

/** The monotonic clock since the process began, and the system's time; fixedSeconds stands for the latter if it is given (--time). */
export class NodeClock implements Clock {
	readonly #fixedSeconds: number | undefined;

	constructor(fixedSeconds?: number) {
		this.#fixedSeconds = fixedSeconds;
	}
	ticks(): number {
		return performance.now();
	}
	seconds(): number {
		return this.#fixedSeconds ?? Math.floor(Date.now() / 1000);
	}
}
