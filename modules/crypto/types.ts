// What a crypto provider gives. Types only, and the numbers of algorithms that have no number of their own in an
// RFC. For providers (noble, Node, the SDK's natives), for public-key/, and for the floors that use them.
// Places are [at, end) in a buffer that the callee neither owns nor keeps. Jobs and ciphers hold their secrets in
// arrays of their own and overwrite them in wipe(). A provider that can't do its work throws: the connection then
// ends with CRYPTO_PROVIDER_FAILED. Bytes from a peer never make it throw.

import type { Entropy } from "../os/os.js";

// Hashes: HashAlgorithm numbers of RFC 5246 7.4.1.4.1
export const sha1 = 2;
export const sha256 = 4;
export const sha384 = 5;
export const sha512 = 6;

// Bulk ciphers: AEAD numbers of RFC 5116's registry, and from 256 on the block ciphers in CBC mode
export const AEAD_AES_128_GCM = 1;
export const AEAD_AES_256_GCM = 2;
export const AEAD_AES_128_CCM = 3;
export const AEAD_AES_256_CCM = 4;
export const AEAD_AES_128_CCM_8 = 18;
export const AEAD_AES_256_CCM_8 = 19;
export const AEAD_CHACHA20_POLY1305 = 29;
export const AES_128_CBC = 256;
export const AES_256_CBC = 257;

/** What a public or private key is for and on: decided by its SubjectPublicKeyInfo. */
export type KeyType = number;
export const KEY_RSA = 1;
/** A key whose owner allows RSASSA-PSS only (id-RSASSA-PSS). */
export const KEY_RSA_PSS = 2;
export const KEY_P256 = 3;
export const KEY_P384 = 4;
export const KEY_ED25519 = 5;

/** A running hash. */
export interface Hash {
	update(bytes: Uint8Array, at: number, end: number): void;
	/** Another running hash in the same state. */
	fork(): Hash;
	/** Ends this one: writes hashLength bytes to out from at on. Not usable afterwards. */
	digest(out: Uint8Array, at: number): void;
}

/** HMAC (RFC 2104): one object for one key and any number of messages; the pads are hashed once per key. */
export interface Hmac {
	/** Takes [at, end) of key, of any length, and is ready for a first message. */
	setKey(key: Uint8Array, at: number, end: number): void;
	update(bytes: Uint8Array, at: number, end: number): void;
	/** Ends the message: writes hashLength bytes; ready for the next message under the same key. */
	digest(out: Uint8Array, at: number): void;
	wipe(): void;
}

export interface HashAlgorithm {
	/** sha256, ... */
	readonly id: number;
	readonly hashLength: number;
	readonly blockLength: number;
	create(): Hash;
	createHmac(): Hmac;
}

/** An AEAD with a 12-byte nonce (RFC 5116), in place. */
export interface Aead {
	/** keyLength bytes from at on. */
	setKey(key: Uint8Array, at: number): void;
	/** Encrypts [at, end) of bytes in place and writes the tag behind it, at [end, end + tagLength). */
	seal(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void;
	/**
	 * Decrypts [at, end - tagLength) of bytes in place if the tag at [end - tagLength, end) is right; answers
	 * whether it is. On false the bytes may be anything.
	 */
	open(nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): boolean;
	wipe(): void;
}

/** A block cipher in CBC mode without padding, in place; [at, end) is whole blocks. iv is blockLength bytes. */
export interface BlockCipher {
	setKey(key: Uint8Array, at: number): void;
	encrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void;
	decrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void;
	wipe(): void;
}

/** The mask that hides record numbers (RFC 9147 4.2.3): AES-ECB or ChaCha20 over a sample of the ciphertext. */
export interface NumberMask {
	setKey(key: Uint8Array, at: number): void;
	/** From 16 bytes of bytes at at; writes the mask's first 5 bytes to out. */
	mask(bytes: Uint8Array, at: number, out: Uint8Array): void;
	wipe(): void;
}

export interface AeadAlgorithm {
	/** AEAD_AES_128_GCM, ... */
	readonly id: number;
	readonly keyLength: number;
	readonly tagLength: number;
	/** Microseconds per KB on the machine it was measured on; only the order counts. */
	readonly cost: number;
	create(): Aead;
	createNumberMask(): NumberMask;
}

export interface BlockCipherAlgorithm {
	/** AES_128_CBC, ... */
	readonly id: number;
	readonly keyLength: number;
	readonly blockLength: number;
	readonly cost: number;
	create(): BlockCipher;
}

export type BulkAlgorithm = AeadAlgorithm | BlockCipherAlgorithm;

/**
 * A public key in its raw form, at [at, end) of bytes: the uncompressed point (P-256, P-384), the 32 bytes
 * (Ed25519), the DER RSAPublicKey (RFC 8017 A.1.1).
 */
export interface PublicKey {
	type: KeyType;
	bytes: Uint8Array;
	at: number;
	end: number;
}

/**
 * A private key in its raw form: the big-endian scalar (P-256, P-384), the 32-byte seed (Ed25519), the DER
 * RSAPrivateKey (RFC 8017 A.1.2). The owner of the key wipes it. A key that only its provider has (in a key store, a secure
 * element) is an object of that provider without any bytes: all others refuse it (PRIVATE_KEY_REFUSED).
 */
export interface PrivateKey {
	readonly type: KeyType;
	readonly bytes: Uint8Array;
}

/** Work that is cut into slices. Any job may be abandoned at any time with wipe(), and started again. */
export interface Job {
	/**
	 * Goes on for budget units (a unit is about one step of a P-256 ladder; the usual slice is 8).
	 * Answers WORKING, DONE or a failure.
	 */
	step(budget: number): number;
	/** Overwrites all secrets and forgets the work. */
	wipe(): void;
}

export interface VerifyJob extends Job {
	/**
	 * Begins to check a signature over a message. Both are read before start returns. DONE from step() means that
	 * the signature is right; SIGNATURE_WRONG that it isn't, whatever is wrong with it; PUBLIC_KEY_REFUSED a key out
	 * of range or off its curve. digested: the message is its hash by the scheme already (a CertificateVerify of TLS 1.2
	 * signs a whole handshake); schemes that don't hash first (Ed25519) can't take that, and throw.
	 */
	start(
		scheme: number,
		key: PublicKey,
		message: Uint8Array,
		at: number,
		end: number,
		signature: Uint8Array,
		signatureAt: number,
		signatureEnd: number,
		digested?: boolean,
	): void;
}

export interface SignJob extends Job {
	/** Begins to sign a message; it is read before start returns. The key must stay as it is until the job ends. digested: see VerifyJob. */
	start(scheme: number, key: PrivateKey, message: Uint8Array, at: number, end: number, entropy: Entropy, digested?: boolean): void;
	/** After DONE: the signature as it goes on the wire (DER for ECDSA), in the job's own memory. */
	readonly signature: Uint8Array;
	readonly signatureLength: number;
}

/** Finds a registered hash: what signature algorithms need of the registry. */
export interface Hashes {
	/** The registered hash with this number, or undefined. */
	hash(id: number): HashAlgorithm | undefined;
}

/** One kind of key and what it can sign. */
export interface SignatureAlgorithm {
	readonly keyType: KeyType;
	/** The SignatureScheme numbers (RFC 8446 4.2.3) that a key of this type can make; ECDSA ones name their hash only. */
	readonly schemes: readonly number[];
	/** Where its jobs aren't sliced (one native call): microseconds of the longest on the machine it was measured on. Nothing else runs meanwhile. */
	readonly unsliced?: number;
	createVerify(hashes: Hashes): VerifyJob;
	createSign(hashes: Hashes): SignJob;
}

/** Making a key pair. */
export interface GenerateJob extends Job {
	/** Begins; bits matters for RSA only (2048 to 4096). */
	start(entropy: Entropy, bits: number): void;
	/** After DONE, in the job's own memory until wipe(): the private key's raw form and the public key's. */
	readonly privateKey: PrivateKey;
	readonly publicKey: PublicKey;
}

/**
 * One key exchange of one handshake. Written as a KEM so that X25519MLKEM768 fits: the client begins, the
 * server responds to the client's share, the client receives the server's.
 */
export interface KeyExchange extends Job {
	/** Client: makes a fresh share. After DONE it stands in share. */
	begin(entropy: Entropy): void;
	/** Server: from the client's share at [at, end) makes its own share and the secret. A share that can't be right fails in step(). */
	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void;
	/** Client, after begin was DONE: from the server's share makes the secret. */
	receive(peer: Uint8Array, at: number, end: number): void;
	/** Own share, shareLength bytes, in the exchange's own memory. */
	readonly share: Uint8Array;
	readonly shareLength: number;
	/** The shared secret, secretLength bytes, in the exchange's own memory. */
	readonly secret: Uint8Array;
	readonly secretLength: number;
}

export interface KeyExchangeAlgorithm {
	/** NamedGroup (RFC 8446 4.2.7). */
	readonly group: number;
	/** Lengths of the shares in bytes: what a client and what a server sends. */
	readonly clientShareLength: number;
	readonly serverShareLength: number;
	readonly cost: number;
	/** See SignatureAlgorithm. */
	readonly unsliced?: number;
	create(): KeyExchange;
}
