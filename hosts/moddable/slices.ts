// Runs work in slices from one timer, so that everything else on the device has its turn between them. For run.ts and
// the sockets.

import Time from "time";
import Timer from "timer";

/** Milliseconds between two slices. */
const PAUSE = 1;
/** The timer's longest interval, milliseconds. */
const LONGEST = 0x3fffffff;
const STOPPED = -1;

/**
 * Calls work, which does a bounded piece and answers in how many milliseconds it wants to be called again: 0 at once,
 * Infinity only after wake().
 *
 *     const slices = new Slices(() => connection.poll(), 5);
 *     slices.wake();
 */
export class Slices {
	readonly #work: () => number;
	readonly #length: number;
	/** A repeating one, because the simulator's timers go wrong when a callback gives its own timer another first interval. */
	#timer: Timer | undefined;
	/** What the timer is set to. */
	#interval = STOPPED;
	#working = false;
	#isClosed = false;

	/** length: milliseconds of a slice; it ends with the piece of work that goes beyond. */
	constructor(work: () => number, length: number) {
		this.#work = work;
		this.#length = length;
	}

	/** Something happened: the work goes on soon. Calls nothing back. */
	wake(): void {
		if (!this.#working) this.schedule(PAUSE);
	}

	/** Works off a slice at once: for the callbacks of events. */
	run(): void {
		if (this.#working) return;
		this.#working = true;
		const start = Time.ticks;
		let wait: number;
		do wait = this.#work();
		while (wait <= 0 && Time.delta(start, Time.ticks) < this.#length);
		this.#working = false;
		this.schedule(wait);
	}

	/** Nothing is called any more. */
	close(): void {
		Timer.clear(this.#timer);
		this.#timer = undefined;
		this.#interval = STOPPED;
		this.#isClosed = true;
	}

	private schedule(wait: number): void {
		if (this.#isClosed) return;
		const interval = wait === Number.POSITIVE_INFINITY ? STOPPED : Math.min(LONGEST, Math.max(PAUSE, Math.ceil(wait)));
		if (interval === this.#interval && interval === PAUSE) return;
		this.#interval = interval;
		if (this.#timer === undefined) {
			if (interval !== STOPPED) this.#timer = Timer.repeat(() => this.run(), interval);
		} else if (interval === STOPPED) Timer.schedule(this.#timer);
		else Timer.schedule(this.#timer, interval, interval);
	}
}
