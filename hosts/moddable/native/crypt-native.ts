// Bindings of crypt-native.c: what the SDK's crypt leaves out. For crypto-native.ts.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The natives of crypt-native.c. */
export class CryptNative {
	/** Makes the running hash to be as from is; both are Digests of the same kind: 1 for SHA-1, 256, 384, 512. */
	static copyDigest(to: object, from: object, kind: number): void {
		return native("xs_polltls_copyDigest").call(this, to, from, kind);
	}
	/** Adds [at, end) to it. */
	static updateDigest(digest: object, kind: number, bytes: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_updateDigest").call(this, digest, kind, bytes, at, end);
	}
	/** Ends it: writes the hash to out from at on. */
	static finishDigest(digest: object, kind: number, out: Uint8Array, at: number): void {
		return native("xs_polltls_finishDigest").call(this, digest, kind, out, at);
	}
	/** The three Digests of an HMAC: the message's, and those after the inner and the outer pad of the key at [at, end). */
	static startHmac(work: object, inner: object, outer: object, kind: number, key: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_startHmac").call(this, work, inner, outer, kind, key, at, end);
	}
	/** Writes the HMAC to out from at on; ready for the next message. */
	static finishHmac(work: object, inner: object, outer: object, kind: number, out: Uint8Array, at: number): void {
		return native("xs_polltls_finishHmac").call(this, work, inner, outer, kind, out, at);
	}
	/** Writes the first 5 bytes of ChaCha20 to out: the 16 bytes at at are counter and nonce. key is 32 bytes. */
	static maskChaCha(key: Uint8Array, bytes: Uint8Array, at: number, out: Uint8Array): void {
		return native("xs_polltls_maskChaCha").call(this, key, bytes, at, out);
	}
}
