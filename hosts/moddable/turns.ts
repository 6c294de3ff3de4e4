// Shares the processor between pieces of work and everything else on the device: slices of a few milliseconds, with a
// pause after each in which the event loop goes on. For run.ts and the sockets.

import Timer from "timer";
import { ModdableClock } from "./clock.js";

/** Milliseconds between two slices. */
const PAUSE = 1;
/** The timer's longest interval, milliseconds. */
const LONGEST = 0x3fffffff;
const STOPPED = -1;

/** Work that takes turns: does a bounded piece and answers in how many milliseconds it wants another turn: 0 at once, Infinity after wake(). */
export class Turn {
	readonly work: () => number;
	/** Ticks at which it wants to go on. */
	due = Number.POSITIVE_INFINITY;
	readonly #turns: Turns;

	/** By Turns.add. */
	constructor(turns: Turns, work: () => number) {
		this.#turns = turns;
		this.work = work;
	}

	/** Something happened: it goes on soon. Calls nothing back. */
	wake(): void {
		this.due = 0;
		this.#turns.schedule();
	}

	/** It goes on at once, if no slice has just been used up: for the callbacks of events. */
	run(): void {
		this.due = 0;
		this.#turns.run();
	}

	/** It isn't called any more. */
	close(): void {
		this.due = Number.POSITIVE_INFINITY;
		this.#turns.remove(this);
	}
}

/**
 * All work of an application that takes turns.
 *
 *     const turns = new Turns(3);
 *     const turn = turns.add(() => connection.poll());
 *     turn.wake();
 */
export class Turns {
	readonly #length: number;
	readonly #clock = new ModdableClock();
	readonly #list: Turn[] = [];
	/** Whose turn it is. */
	#next = 0;
	/** A repeating one, because the simulator's timers go wrong when a callback gives its own timer another first interval. */
	#timer: Timer | undefined;
	/** What the timer is set to. */
	#interval = STOPPED;
	#running = false;
	/** Ticks at which the last slice ended. */
	#ended = Number.NEGATIVE_INFINITY;

	/** length: milliseconds of a slice; it ends with the piece of work that goes beyond. */
	constructor(length: number) {
		this.#length = length;
	}

	add(work: () => number): Turn {
		const turn = new Turn(this, work);
		this.#list.push(turn);
		return turn;
	}

	/** By a turn. */
	remove(turn: Turn): void {
		const index = this.#list.indexOf(turn);
		if (index < 0) return;
		this.#list.splice(index, 1);
		if (this.#next > index) this.#next--;
		if (this.#list.length > 0) return;
		Timer.clear(this.#timer);
		this.#timer = undefined;
		this.#interval = STOPPED;
	}

	/** By a turn: sets the timer to what is due next. */
	schedule(): void {
		if (this.#running) return;
		let due = Number.POSITIVE_INFINITY;
		for (const turn of this.#list) due = Math.min(due, turn.due);
		const wait = due === 0 ? 0 : due - this.#clock.ticks();
		const interval = wait === Number.POSITIVE_INFINITY ? STOPPED : Math.min(LONGEST, Math.max(PAUSE, Math.ceil(wait)));
		if (interval === this.#interval && interval <= PAUSE) return;
		this.#interval = interval;
		if (this.#timer === undefined) {
			if (interval !== STOPPED) this.#timer = Timer.repeat(() => this.#slice(), interval);
		} else if (interval === STOPPED) Timer.schedule(this.#timer);
		else Timer.schedule(this.#timer, interval, interval);
	}

	/** By a turn: a slice at once, unless there was one just before: timers that are due come first then. */
	run(): void {
		if (this.#running) return;
		if (this.#clock.ticks() - this.#ended < Math.max(PAUSE, this.#length)) this.schedule();
		else this.#slice();
	}

	#slice(): void {
		if (this.#running) return;
		this.#running = true;
		const clock = this.#clock;
		const start = clock.ticks();
		let now = start;
		let turn: Turn | undefined;
		try {
			for (;;) {
				turn = this.#choose(now);
				if (turn === undefined) break;
				turn.due = Number.POSITIVE_INFINITY; // wake() from inside counts
				const wait = turn.work();
				now = clock.ticks();
				turn.due = Math.min(turn.due, now + wait);
				if (now - start >= this.#length) break;
			}
			turn = undefined;
		} finally {
			if (turn !== undefined) turn.due = 0; // a callback of the application threw: all go on
			this.#ended = now;
			this.#running = false;
			this.schedule();
		}
	}

	/** The next one that is due, each in its turn. */
	#choose(now: number): Turn | undefined {
		const list = this.#list;
		for (let i = 0; i < list.length; i++) {
			if (this.#next >= list.length) this.#next = 0;
			const turn = list[this.#next++];
			if (turn.due <= now) return turn;
		}
		return undefined;
	}
}
