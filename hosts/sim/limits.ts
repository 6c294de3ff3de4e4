// The simulated device's heap and work: what they are, their peaks, and the limits that end a run. For simulator.ts.

import { bytesOf, type HeapMeasure, measureHeap, since } from "./heap-image.js";
import type { XsWorker } from "./worker.js";

/** When the heap is measured: after each call, after some (at most half of the time goes into it), or only when asked. */
export type HeapWatch = "each" | "some" | "none";

export interface Usage {
	/** Slots (16 bytes each), bytes of chunks and their sum, live at the last measurement; nothing that lies in flash on a device. */
	slots: number;
	chunks: number;
	usedBytes: number;
	/** The largest sum that was measured. */
	peakBytes: number;
	/** The engine's units of work (about one per byte code): all of it, and the longest call. */
	compute: number;
	longestCompute: number;
	/** Calls of the device. */
	calls: number;
	/** The longest call in milliseconds on this machine, without the time in the host's code. */
	longestMs: number;
}

/** The device needs more heap than it was given. */
export class HeapFull extends Error {
	override name = "HeapFull";
	readonly usage: Usage;
	constructor(usage: Usage, limit: number) {
		super(
			`the device's heap is full: ${usage.usedBytes} bytes are live after call ${usage.calls} ` +
				`(${usage.slots} slots of 16 bytes and ${usage.chunks} bytes of chunks), it has ${limit}`,
		);
		this.usage = usage;
	}
}

const SHARE = 1;

export class Limits {
	readonly usage: Usage = { slots: 0, chunks: 0, usedBytes: 0, peakBytes: 0, compute: 0, longestCompute: 0, calls: 0, longestMs: 0 };
	watch: HeapWatch;
	readonly #limit: number;
	#base: HeapMeasure = { slots: 0, chunks: 0 };
	#nextAt = 0;

	/** limit: bytes of heap; 0 for none. */
	constructor(limit: number, watch: HeapWatch) {
		this.#limit = limit;
		this.watch = watch;
	}

	/** Everything that is live now lies in flash on a device: modules, classes, tables. */
	async begin(worker: XsWorker): Promise<void> {
		this.#base = measureHeap(await worker.snapshot());
	}

	/** Counts a call. */
	count(compute: number, milliseconds: number): void {
		const usage = this.usage;
		usage.calls++;
		usage.compute += compute;
		if (compute > usage.longestCompute) usage.longestCompute = compute;
		if (milliseconds > usage.longestMs) usage.longestMs = milliseconds;
	}

	/** Measures if it is time to; throws HeapFull. */
	async check(worker: XsWorker): Promise<void> {
		if (this.watch === "none" || (this.watch === "some" && performance.now() < this.#nextAt)) return;
		const start = performance.now();
		await this.measure(worker);
		const end = performance.now();
		this.#nextAt = end + (end - start) * SHARE;
	}

	/** Measures now; throws HeapFull. */
	async measure(worker: XsWorker): Promise<void> {
		const usage = this.usage;
		const now = since(this.#base, measureHeap(await worker.snapshot()));
		usage.slots = now.slots;
		usage.chunks = now.chunks;
		usage.usedBytes = bytesOf(now);
		if (usage.usedBytes > usage.peakBytes) usage.peakBytes = usage.usedBytes;
		if (this.#limit > 0 && usage.usedBytes > this.#limit) throw new HeapFull({ ...usage }, this.#limit);
	}
}
