// A lock (os/os) between threads that share memory: Node's Workers. One word, 0 while nobody is in.

import type { Lock } from "polltls/os/os";

/** Bytes of shared memory that a lock needs. */
export const LOCK_LENGTH = 4;

/**
 * One thread's side of a lock. All sides are made over the same memory; one is enough where there is one thread.
 *
 *     const memory = new SharedArrayBuffer(LOCK_LENGTH);
 *     new Worker(file, { workerData: memory });        // there: new SharedLock(workerData)
 *     const lock = new SharedLock(memory);
 *     if (!lock.enter()) return;                        // another thread is in: come again
 *     ...
 *     lock.leave();
 */
export class SharedLock implements Lock {
	readonly #word: Int32Array;
	/** Whether this side is in: it can't leave what another one has entered. */
	#inside = false;

	constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(LOCK_LENGTH)) {
		this.#word = new Int32Array(memory, 0, 1);
	}

	enter(): boolean {
		if (Atomics.compareExchange(this.#word, 0, 0, 1) !== 0) return false;
		this.#inside = true;
		return true;
	}

	leave(): void {
		if (!this.#inside) return;
		this.#inside = false;
		Atomics.store(this.#word, 0, 0);
	}
}
