// What calls take in an image: time of the processor, garbage, and how much of the heap is live.

import { BenchNative } from "./native/bench-native.js";

/** Survives JSON. */
export interface Metered {
	/** Microseconds of all calls, and of the longest. */
	time: number;
	longest: number;
	calls: number;
	/** Garbage and what stays: slots and bytes of chunks that were taken, as on a device of 32 bits. */
	slots: number;
	chunks: number;
	/** The most that was live after a call, on top of what was before: slots of 16 bytes, and chunks. */
	peakSlots: number;
	peakChunks: number;
}

const SLOT = 16;

/** Meters calls in one of three ways, for each spoils the others. */
export class Meter {
	time = 0;
	longest = 0;
	calls = 0;
	slots = 0;
	chunks = 0;
	peakSlots = 0;
	peakChunks = 0;
	readonly #way: "time" | "garbage" | "live";
	readonly #baseSlots: number;
	readonly #baseChunks: number;

	constructor(way: "time" | "garbage" | "live") {
		this.#way = way;
		BenchNative.collect();
		this.#baseSlots = BenchNative.slots();
		this.#baseChunks = BenchNative.chunks();
	}

	run(call: () => void): void {
		this.calls++;
		if (this.#way === "time") {
			const start = BenchNative.cpu();
			call();
			const time = BenchNative.cpu() - start;
			this.time += time;
			if (time > this.longest) this.longest = time;
			return;
		}
		BenchNative.collect();
		const slots = BenchNative.slots();
		const chunks = BenchNative.chunks();
		call();
		this.slots += BenchNative.slots() - slots;
		this.chunks += BenchNative.chunks() - chunks;
		if (this.#way === "live") this.#look();
	}

	#look(): void {
		BenchNative.collect();
		const slots = BenchNative.slots() - this.#baseSlots;
		const chunks = BenchNative.chunks() - this.#baseChunks;
		if (slots * SLOT + chunks <= this.peakSlots * SLOT + this.peakChunks) return;
		this.peakSlots = slots;
		this.peakChunks = chunks;
	}
}
