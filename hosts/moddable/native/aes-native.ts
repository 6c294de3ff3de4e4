// Bindings of aes-native.c: AES-CCM and AES-GCM in place. For crypto-native.ts.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** Bytes of an expanded key, which is an array of its own. */
export const EXPANDED_KEY = 4 + 60 * 4 + 16;

/** The natives of aes-native.c. Nothing is allocated, and nothing is kept of what is given. */
export class AesNative {
	/** Expands the key at [at, at + length) of key: 16 or 32 bytes. */
	static expand(expanded: Uint8Array, key: Uint8Array, at: number, length: number): void {
		return native("xs_polltls_aesExpand").call(this, expanded, key, at, length);
	}
	/** Seals [at, end) and writes the tag behind it, or opens [at, end), which the tag ends; answers whether the tag is right. The nonce has 12 bytes. */
	static ccm(
		expanded: Uint8Array,
		tagLength: number,
		nonce: Uint8Array,
		additional: Uint8Array,
		additionalLength: number,
		bytes: Uint8Array,
		at: number,
		end: number,
		seal: boolean,
	): boolean {
		return native("xs_polltls_aesCcm").call(this, expanded, tagLength, nonce, additional, additionalLength, bytes, at, end, seal);
	}
	/** The same by GCM: the tag has 16 bytes, and what doesn't open stays as it is. */
	static gcm(
		expanded: Uint8Array,
		tagLength: number,
		nonce: Uint8Array,
		additional: Uint8Array,
		additionalLength: number,
		bytes: Uint8Array,
		at: number,
		end: number,
		seal: boolean,
	): boolean {
		return native("xs_polltls_aesGcm").call(this, expanded, tagLength, nonce, additional, additionalLength, bytes, at, end, seal);
	}
}
