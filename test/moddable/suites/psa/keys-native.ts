// Bindings of keys-native.c. For cases.ts, private-keys.ts and test/moddable/psa.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of keys-native.c. */
export class KeysNative {
	/** Keys that the PSA library holds in memory only. */
	static count(): number {
		return native("xs_test_psaKeys").call(this);
	}
	/** Stored keys that have a place in memory now. */
	static loaded(): number {
		return native("xs_test_psaLoaded").call(this);
	}
	/** Makes a key of P-256 that signs SHA-256 with random nonces (0), one that may not sign (1), one for AES (2), one of another curve (3); answers its id. */
	static foreign(what: number): number {
		return native("xs_test_psaForeign").call(this, what);
	}
	static destroy(id: number): void {
		return native("xs_test_psaDestroy").call(this, id);
	}
}
