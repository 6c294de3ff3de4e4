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
}
