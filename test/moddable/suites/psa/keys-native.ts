// Bindings of keys-native.c. For cases.ts.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of keys-native.c. */
export class KeysNative {
	/** Keys that the PSA library holds. */
	static count(): number {
		return native("xs_test_psaKeys").call(this);
	}
}
