// Bindings of entropy-native.c: true random bytes. For entropy.ts.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of entropy-native.c. */
export class EntropyNative {
	/** Fills [at, end) of bytes; throws if the platform has no entropy now. */
	static fill(bytes: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_fillRandom").call(this, bytes, at, end);
	}
}
