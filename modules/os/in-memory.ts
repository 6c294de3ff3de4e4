// One of each thing that a host gives, without a host: clock, timer, lock, log, store and entropy as plain objects that a
// test holds in its hands. Time goes on when it is told to. For tests, and for a port that isn't whole yet.

import type { Clock, Entropy, Lock, Store, Timer } from "./os.js";

/**
 * A clock that stands still until it is moved.
 *
 *     const clock = new ManualClock(1767225600);
 *     clock.advance(250);                      // milliseconds
 *     clock.timeOfDay = -1;                    // the device has forgotten the time
 */
export class ManualClock implements Clock {
	now = 0;
	/** Seconds since 1970 when now was 0, or -1: nobody knows. */
	timeOfDay: number;

	constructor(timeOfDay: number) {
		this.timeOfDay = timeOfDay;
	}
	ticks(): number {
		return this.now;
	}
	seconds(): number {
		return this.timeOfDay < 0 ? -1 : this.timeOfDay + Math.floor(this.now / 1000);
	}
	advance(milliseconds: number): void {
		this.now += milliseconds;
	}
}

/** An alarm that rings when the test looks at it: `if (timer.ring(clock.now)) stack.poll();` */
export class ManualTimer implements Timer {
	/** Infinity: it isn't set. */
	at = Number.POSITIVE_INFINITY;
	starts = 0;

	start(at: number): void {
		this.at = at;
		this.starts++;
	}
	stop(): void {
		this.at = Number.POSITIVE_INFINITY;
	}
	/** Whether it rings now; it does so once. */
	ring(now: number): boolean {
		if (now < this.at) return false;
		this.stop();
		return true;
	}
}

/** A lock for one thread that counts, and that a test can hold in place of another thread. */
export class CountingLock implements Lock {
	entered = 0;
	refused = 0;
	#inside = false;

	get inside(): boolean {
		return this.#inside;
	}
	enter(): boolean {
		if (this.#inside) {
			this.refused++;
			return false;
		}
		this.#inside = true;
		this.entered++;
		return true;
	}
	leave(): void {
		this.#inside = false;
	}
}

/** Lines that were logged: `const log = new LogBook(); new Stack({ log: log.log, ... })`. */
export class LogBook {
	readonly lines: { level: number; text: string }[] = [];
	readonly log = (level: number, text: string): void => {
		this.lines.push({ level, text });
	};
}

/** A store that forgets when it is dropped. It keeps copies. */
export class MemoryStore implements Store {
	readonly #values = new Map<string, Uint8Array>();

	get(name: string): Uint8Array | undefined {
		return this.#values.get(name)?.slice();
	}
	set(name: string, value: Uint8Array): void {
		this.#values.set(name, value.slice());
	}
	delete(name: string): void {
		this.#values.delete(name);
	}
}

/** The same bytes for the same seed (xorshift32): for tests that must be repeatable. NEVER for keys. */
export class RepeatableEntropy implements Entropy {
	#state: number;
	/** It throws, as a source does that has none. */
	empty = false;

	constructor(seed: number) {
		this.#state = seed | 1;
	}
	fill(bytes: Uint8Array, at: number, end: number): void {
		if (this.empty) throw new Error("there is no entropy");
		for (; at < end; at++) {
			this.#state ^= this.#state << 13;
			this.#state ^= this.#state >>> 17;
			this.#state ^= this.#state << 5;
			bytes[at] = this.#state;
		}
	}
}
