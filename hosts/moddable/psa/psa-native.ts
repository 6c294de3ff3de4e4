// Bindings of psa-native.c: the PSA Crypto API. For crypto-psa.ts and public-key-psa.ts. All throw what the library can't
// do. The objects that create... answers are destroyed with all that they hold when nobody has them any more.
// biome-ignore-all lint/complexity/noThisInStatic: native() is a construct of the SDK's compiler, which wants just this form

/** Numbers of crypto/types' ciphers, NamedGroup + 512 for a private key to agree by, and KeyType + 1024 for one to sign by. */
export const PSA_AGREEMENT = 512;
export const PSA_SIGNING = 1024;

// What signs
export const PSA_ECDSA = 0;
export const PSA_RSA_PKCS1 = 1;
export const PSA_RSA_PSS = 2;

// What psaVerify answers, and psaSign instead of a length
export const PSA_RIGHT = 1;
export const PSA_KEY_REFUSED = -1;

// What openKey answers instead of a key type
export const PSA_NO_KEY = 0;
export const PSA_MAY_NOT_SIGN = -1;

/** The natives of psa-native.c. Hashes have the numbers of crypto/types. */
export class PsaNative {
	/** A running hash, or an HMAC that waits for its key. */
	static createDigest(hash: number, isHmac: boolean): object {
		return native("xs_polltls_psaCreateDigest").call(this, hash, isHmac);
	}
	static clearDigest(digest: object): void {
		return native("xs_polltls_psaClearDigest").call(this, digest);
	}
	static update(digest: object, bytes: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_psaUpdate").call(this, digest, bytes, at, end);
	}
	/** Makes the running hash to be as from is. */
	static copyDigest(to: object, from: object): void {
		return native("xs_polltls_psaCopyDigest").call(this, to, from);
	}
	/** Gives an HMAC its key, at the beginning of a message. */
	static setHmacKey(digest: object, key: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_psaSetHmacKey").call(this, digest, key, at, end);
	}
	static finishHash(digest: object, out: Uint8Array, at: number): void {
		return native("xs_polltls_psaFinishHash").call(this, digest, out, at);
	}
	/** Begins the next message, too. */
	static finishHmac(digest: object, out: Uint8Array, at: number): void {
		return native("xs_polltls_psaFinishHmac").call(this, digest, out, at);
	}

	/** A place for a key. */
	static createKey(): object {
		return native("xs_polltls_psaCreateKey").call(this);
	}
	static clearKey(key: object): void {
		return native("xs_polltls_psaClearKey").call(this, key);
	}
	/** Takes a key of that kind, as long as it has to be, from at on; answers false for a private key that is none. */
	static importKey(key: object, kind: number, bytes: Uint8Array, at: number): boolean {
		return native("xs_polltls_psaImportKey").call(this, key, kind, bytes, at);
	}
	static seal(key: object, nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_psaSeal").call(this, key, nonce, additional, additionalLength, bytes, at, end);
	}
	static open(key: object, nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean {
		return native("xs_polltls_psaOpen").call(this, key, nonce, additional, additionalLength, bytes, at, end);
	}
	/** CBC in place. */
	static chain(key: object, encrypts: boolean, iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_psaChain").call(this, key, encrypts, iv, bytes, at, end);
	}

	static createMask(): object {
		return native("xs_polltls_psaCreateMask").call(this);
	}
	static clearMask(mask: object): void {
		return native("xs_polltls_psaClearMask").call(this, mask);
	}
	static setMaskKey(mask: object, key: Uint8Array, at: number, end: number): void {
		return native("xs_polltls_psaSetMaskKey").call(this, mask, key, at, end);
	}
	/** Writes the first 5 bytes of the encrypted block at at to out. */
	static mask(mask: object, bytes: Uint8Array, at: number, out: Uint8Array): void {
		return native("xs_polltls_psaMask").call(this, mask, bytes, at, out);
	}

	/** Makes a private key in the library, stored there by this id unless it is 0; answers false where there is one by this id already. bits: RSA only. */
	static generateKey(key: object, kind: number, id: number, bits: number): boolean {
		return native("xs_polltls_psaGenerateKey").call(this, key, kind, id, bits);
	}
	/** Names a key of the library's by its id; answers its KeyType, or PSA_NO_KEY, PSA_MAY_NOT_SIGN, or less for one of another kind. */
	static openKey(key: object, id: number): number {
		return native("xs_polltls_psaOpenKey").call(this, key, id);
	}
	/** Destroys a key, out of the library's storage too. */
	static destroyKey(key: object): void {
		return native("xs_polltls_psaDestroyKey").call(this, key);
	}
	/** Writes the public key of a private one; answers its length. */
	static share(key: object, out: Uint8Array, length: number): number {
		return native("xs_polltls_psaShare").call(this, key, out, length);
	}
	/** Writes the shared secret; answers false for a share that can't be right. */
	static agree(key: object, peer: Uint8Array, at: number, end: number, out: Uint8Array, length: number): boolean {
		return native("xs_polltls_psaAgree").call(this, key, peer, at, end, out, length);
	}
	/** Signs a digest; answers the signature's length, or PSA_KEY_REFUSED. ECDSA: r and s side by side. */
	static sign(by: number, hash: number, key: Uint8Array, length: number, digest: Uint8Array, out: Uint8Array, room: number): number {
		return native("xs_polltls_psaSign").call(this, by, hash, key, length, digest, out, room);
	}
	/** The same with a key of openKey or generateKey. */
	static signWith(key: object, by: number, hash: number, digest: Uint8Array, out: Uint8Array, room: number): number {
		return native("xs_polltls_psaSignWith").call(this, key, by, hash, digest, out, room);
	}
	/** Checks a signature of a digest: PSA_RIGHT, 0 or PSA_KEY_REFUSED. */
	static verify(by: number, hash: number, key: Uint8Array, length: number, digest: Uint8Array, signature: Uint8Array, signatureLength: number): number {
		return native("xs_polltls_psaVerify").call(this, by, hash, key, length, digest, signature, signatureLength);
	}
}
