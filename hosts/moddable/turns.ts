// Shares the processor between pieces of work and everything else on the device: slices of a few milliseconds, with a
// pause after each in which the event loop goes on. For run.ts and the sockets.

import type { Clock } from "polltls/os/os";
import Timer from "timer";

/** Milliseconds between two slices. */
const PAUSE = 1;
/** The timer's longest interval, milliseconds. */
const LONGEST = 0x3fffffff;
const STOPPED = -1;
/** Constants, because XS looks through all globals for Number. */
const FOREVER = Number.POSITIVE_INFINITY;
const NEVER = Number.NEGATIVE_INFINITY;

/** Does a bounded piece of work at these ticks. Answers the ticks of its next turn: 0 at once, Infinity after wake(). */
export type Work = (now: number) => number;

/** Work that takes turns. */
export class Turn {
	readonly work: Work;
	/** Ticks at which it wants to go on. */
	due = FOREVER;
	readonly #turns: Turns;

	/** By Turns.add. */
	constructor(turns: Turns, work: Work) {
		this.#turns = turns;
		this.work = work;
	}

	/** Something happened: it goes on soon. Calls nothing back. */
	wake(): void {
		this.due = 0;
		this.#turns.schedule();
	}

	/** It goes on at once, unless a slice has just been used up: for the callbacks of events. */
	run(): void {
		this.due = 0;
		this.#turns.run();
	}

	/** It isn't called any more. */
	close(): void {
		this.due = FOREVER;
		this.#turns.remove(this);
	}
}

/**
 * All work of an application that takes turns.
 *
 *     const turns = new Turns(3, clock);
 *     const turn = turns.add((now) => (connection.poll(now) === WAIT ? 0 : connection.wakeAt));
 *     turn.wake();
 */
export class Turns {
	readonly #length: number;
	readonly #clock: Clock;
	readonly #list: Turn[] = [];
	/** Whose turn it is. */
	#next = 0;
	/** A repeating one, because the simulator's timers go wrong when a callback gives its own timer another first interval. */
	#timer: Timer | undefined;
	/** What the timer is set to. */
	#interval = STOPPED;
	#running = false;
	/** Ticks at which the last slice began and ended. One that follows without a pause is a part of it. */
	#began = NEVER;
	#ended = NEVER;

	/** length: milliseconds of a slice; it ends with the piece of work that goes beyond. clock: whose ticks the work is told and answers. */
	constructor(length: number, clock: Clock) {
		this.#length = length;
		this.#clock = clock;
	}

	add(work: Work): Turn {
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
		if (!this.#running) this.#setTimer(this.#clock.ticks());
	}

	/** By a turn: a slice at once, unless one was used up just before: timers that are due come first then. */
	run(): void {
		if (this.#running) return;
		const now = this.#clock.ticks();
		if (now - this.#ended < PAUSE && now - this.#began >= this.#length) this.#setTimer(now);
		else this.#slice(now);
	}

	#setTimer(now: number): void {
		const list = this.#list;
		let due = FOREVER;
		for (let i = 0; i < list.length; i++) if (list[i].due < due) due = list[i].due;
		const interval = due === FOREVER ? STOPPED : due <= now + PAUSE ? PAUSE : Math.min(LONGEST, Math.ceil(due - now));
		if (interval === this.#interval && interval <= PAUSE) return;
		this.#interval = interval;
		if (this.#timer === undefined) {
			if (interval !== STOPPED) this.#timer = Timer.repeat(() => this.#slice(this.#clock.ticks()), interval);
		} else if (interval === STOPPED) Timer.schedule(this.#timer);
		else Timer.schedule(this.#timer, interval, interval);
	}

	#slice(start: number): void {
		if (this.#running) return;
		this.#running = true;
		const clock = this.#clock;
		if (start - this.#ended >= PAUSE) this.#began = start;
		let now = start;
		let turn: Turn | undefined;
		try {
			for (;;) {
				turn = this.#choose(now);
				if (turn === undefined) break;
				turn.due = FOREVER; // wake() from inside counts
				const due = turn.work(now);
				now = clock.ticks();
				if (due < turn.due) turn.due = due;
				if (now - this.#began >= this.#length) break;
			}
			turn = undefined;
		} finally {
			if (turn !== undefined) turn.due = 0; // a callback of the application threw: all go on
			this.#ended = now;
			this.#running = false;
			this.#setTimer(now);
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
