// What calls take in an image: time of the processor, garbage, and how much of the heap is live.

import { medians } from "bench/median";
import { BenchNative } from "./native/bench-native.js";

const SLOT = 16;

/** Meters calls in one of three ways, for each spoils the others. */
export class Meter {
	/** By time: microseconds of each call. */
	readonly calls: number[] = [];
	/** By garbage: slots and bytes of chunks that were taken, as on a device of 32 bits; of them some stay. */
	slots = 0;
	chunks = 0;
	/** By what is live: the most after a call, on top of what was before the first: slots of 16 bytes, and chunks. */
	peakSlots = 0;
	peakChunks = 0;
	readonly #way: "time" | "garbage" | "live";
	#baseSlots = -1;
	#baseChunks = 0;

	constructor(way: "time" | "garbage" | "live") {
		this.#way = way;
	}

	run(call: () => void): void {
		if (this.#way === "time") {
			const start = BenchNative.cpu();
			call();
			this.calls.push(BenchNative.cpu() - start);
			return;
		}
		BenchNative.collect();
		const slots = BenchNative.slots();
		const chunks = BenchNative.chunks();
		call();
		this.slots += BenchNative.slots() - slots;
		this.chunks += BenchNative.chunks() - chunks;
		if (this.#way === "live") this.#look(slots, chunks);
	}

	#look(slots: number, chunks: number): void {
		if (this.#baseSlots < 0) {
			this.#baseSlots = slots;
			this.#baseChunks = chunks;
		}
		BenchNative.collect();
		const liveSlots = BenchNative.slots() - this.#baseSlots;
		const liveChunks = BenchNative.chunks() - this.#baseChunks;
		if (liveSlots * SLOT + liveChunks <= this.peakSlots * SLOT + this.peakChunks) return;
		this.peakSlots = liveSlots;
		this.peakChunks = liveChunks;
	}

	get time(): number {
		let sum = 0;
		for (const call of this.calls) sum += call;
		return sum;
	}
}

/** The longest call by what each call usually takes. */
export function longestOf(meters: readonly Meter[]): number {
	return Math.max(...medians(meters.map(({ calls }) => calls)));
}
