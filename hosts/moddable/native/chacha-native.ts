// Binding of chacha-native.c: ChaCha20-Poly1305 in place. For crypto-native.ts.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** The native of chacha-native.c. Nothing is allocated, and nothing is kept of what is given. */
export class ChaChaNative {
	/**
	 * Seals [at, end) and writes the tag behind it, or opens [at, end), which the tag ends: answers whether the tag is right;
	 * what doesn't open stays as it is. The key has 32 bytes, the nonce 12, the tag 16.
	 */
	static poly1305(
		key: Uint8Array,
		tagLength: number,
		nonce: Uint8Array,
		additional: Uint8Array,
		additionalLength: number,
		bytes: Uint8Array,
		at: number,
		end: number,
		seal: boolean,
	): boolean {
		return native("xs_polltls_chachaPoly1305").call(this, key, tagLength, nonce, additional, additionalLength, bytes, at, end, seal);
	}
}
