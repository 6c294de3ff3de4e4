// An alarm (os/os) of a desktop. For Node.

import type { Clock, Timer } from "polltls/os/os";

/** The longest time that setTimeout takes; a later alarm is set again on the way. */
const LONGEST = 0x7fffffff;

/**
 * Calls back when its moment has come.
 *
 *     const stack = new Stack({ clock, entropy, linked, timer: new NodeTimer(clock, () => stack.poll()) });
 */
export class NodeTimer implements Timer {
	readonly #clock: Clock;
	readonly #alarm: () => void;
	#running: ReturnType<typeof setTimeout> | undefined;

	constructor(clock: Clock, alarm: () => void) {
		this.#clock = clock;
		this.#alarm = alarm;
	}

	start(at: number): void {
		this.stop();
		const delay = Math.min(LONGEST, Math.ceil(Math.max(0, at - this.#clock.ticks())));
		this.#running = setTimeout(() => {
			this.#running = undefined;
			if (this.#clock.ticks() < at) this.start(at);
			else this.#alarm();
		}, delay);
	}

	stop(): void {
		clearTimeout(this.#running);
		this.#running = undefined;
	}
}
