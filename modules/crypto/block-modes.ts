// What CCM and GCM need of a 128-bit block cipher: single blocks, chained blocks, a counter stream. For providers
// whose library or chip has AES but not the AEAD; they give this and take the AEAD from crypto/ccm and crypto/gcm.

/**
 * AES under one key, in place. A block is 16 bytes; block, counter and out are arrays of their own of that length, not
 * views of a larger buffer. Nothing is kept of the arrays that are given.
 */
export interface BlockModes {
	/** Takes the key, keyLength bytes from at on. */
	setKey(key: Uint8Array, at: number): void;
	/** Encrypts the 16 bytes of block in place. */
	encryptBlock(block: Uint8Array): void;
	/** Starts a CBC-MAC: the state is zero. */
	startChain(): void;
	/** For each whole block of [at, end) the state becomes E(state ^ block). bytes is only read. */
	chain(bytes: Uint8Array, at: number, end: number): void;
	/** Writes the state to out. */
	endChain(out: Uint8Array): void;
	/** Starts a stream of E(counter), E(counter + 1), ...; the last 3 bytes of counter count, big-endian. */
	startCounter(counter: Uint8Array): void;
	/** XORs [at, end) with what comes next of the stream; all but the last of a stream's places are whole blocks. */
	xor(bytes: Uint8Array, at: number, end: number): void;
	wipe(): void;
}

/** GHASH (NIST SP 800-38D section 6.4) as GCM uses it, under one hash key. */
export interface Ghash {
	/** Takes the hash key H: the 16 bytes of h. */
	setKey(h: Uint8Array): void;
	/**
	 * Hashes additionalLength bytes of additional, [at, end) of bytes, each filled up with zeros to whole blocks, and
	 * the block of their lengths in bits; writes the 16 bytes of the hash to out.
	 */
	hash(additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number, out: Uint8Array): void;
	wipe(): void;
}
