// What CCM and GCM need of a 128-bit block cipher: single blocks, chained blocks, a counter stream. For providers
// whose library or chip has AES but not the AEAD; they give this and take the AEAD from crypto/ccm and crypto/gcm.

/** AES under one key, in place. A block is 16 bytes. Nothing is kept of the arrays that are given. */
export interface BlockModes {
	/** Takes the key, keyLength bytes from at on. */
	setKey(key: Uint8Array, at: number): void;
	/** Encrypts the 16 bytes of block in place. */
	encryptBlock(block: Uint8Array): void;
	/** CBC-MAC: for each whole block of [at, end) state becomes E(state ^ block). bytes is only read. */
	chain(state: Uint8Array, bytes: Uint8Array, at: number, end: number): void;
	/** XORs [at, end) with E(counter), E(counter + 1), ...; the last 4 bytes of counter count, big-endian. It is left changed. */
	counter(counter: Uint8Array, bytes: Uint8Array, at: number, end: number): void;
	wipe(): void;
}

/** GHASH (NIST SP 800-38D section 6.4) under one hash key. */
export interface Ghash {
	/** Takes the 16 bytes of the hash key H. */
	setKey(h: Uint8Array): void;
	/** Starts a new hash under the same key. */
	begin(): void;
	/** Hashes [at, end), filled up with zeros to a whole block. */
	update(bytes: Uint8Array, at: number, end: number): void;
	/** Writes the 16 bytes of the hash to out. */
	digest(out: Uint8Array): void;
	wipe(): void;
}
