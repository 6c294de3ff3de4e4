// What calls take in an image: time of the processor, garbage, and how much of the heap is live.

import { medians } from "bench/median";
import { BenchNative } from "./native/bench-native.js";

const SLOT = 16;

/** Meters calls in one of three ways, for each spoils the others. */
export class Meter {
	/** By time: microseconds of each call. */
	readonly calls: number[] = [];
	/** Slots and bytes of chunks that the calls took, as on a device of 32 bits: garbage included, or, by what is live, what stayed. */
	slots = 0;
	chunks = 0;
	/** The most of them after a call. */
	peakSlots = 0;
	peakChunks = 0;
	readonly #way: "time" | "garbage" | "live";

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
		if (this.#way === "live") BenchNative.collect();
		this.slots += BenchNative.slots() - slots;
		this.chunks += BenchNative.chunks() - chunks;
		if (this.slots * SLOT + this.chunks <= this.peakSlots * SLOT + this.peakChunks) return;
		this.peakSlots = this.slots;
		this.peakChunks = this.chunks;
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
