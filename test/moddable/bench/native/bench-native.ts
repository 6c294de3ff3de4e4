// Bindings of bench-native.c: what a bench in a Moddable image needs to know of its engine.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of bench-native.c. */
export class BenchNative {
	/** Slots in use, garbage included. */
	static slots(): number {
		return native("xs_bench_slots").call(this);
	}
	/** Bytes of chunks in use, garbage included, as on a device of 32 bits. */
	static chunks(): number {
		return native("xs_bench_chunks").call(this);
	}
	/** Bytes of chunks that are free, as this engine counts them. */
	static freeChunks(): number {
		return native("xs_bench_freeChunks").call(this);
	}
	/** Collects garbage. */
	static collect(): void {
		native("xs_bench_collect").call(this);
	}
	/** Microseconds that the processor has worked for this process. */
	static cpu(): number {
		return native("xs_bench_cpu").call(this);
	}
	/** Slots that are free before the heap must grow. */
	static freeSlots(): number {
		return native("xs_bench_freeSlots").call(this);
	}
	/** By how many slots and bytes of chunks the heap grows from now on. */
	static growBy(slots: number, chunks: number): void {
		return native("xs_bench_growBy").call(this, slots, chunks);
	}
	/** From now on the most that are in use are noted: slots, and bytes of chunks as this engine counts them. */
	static startPeaks(): void {
		return native("xs_bench_startPeaks").call(this);
	}
	static peakSlots(): number {
		return native("xs_bench_peakSlots").call(this);
	}
	static peakChunks(): number {
		return native("xs_bench_peakChunks").call(this);
	}
	/** An object; while it is kept, collections are counted. */
	static watch(): object {
		return native("xs_bench_watch").call(this);
	}
	static collections(): number {
		return native("xs_bench_collections").call(this);
	}
	/** Microseconds of the callbacks of timers and sockets, as the runner times them: 0 begins anew, 1 all, 2 the longest that has ended. */
	static meter(what: number): number {
		return native("xs_bench_meter").call(this, what);
	}
}
