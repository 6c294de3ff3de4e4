// Bindings of crypt-native.c: what the SDK's crypt leaves out. For crypto-native.ts.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of crypt-native.c. */
export class CryptNative {
	/** Makes the running hash to be as from is; both are Digests of the same kind: 1 for SHA-1, 256, 512 for both SHA-384 and SHA-512. */
	static copyDigest(to: object, from: object, kind: number): void {
		return native("xs_polltls_copyDigest").call(this, to, from, kind);
	}
	/** Writes the first 5 bytes of ChaCha20 to out: the 16 bytes at at are counter and nonce. key is 32 bytes. */
	static maskChaCha(key: Uint8Array, bytes: Uint8Array, at: number, out: Uint8Array): void {
		return native("xs_polltls_maskChaCha").call(this, key, bytes, at, out);
	}
}
