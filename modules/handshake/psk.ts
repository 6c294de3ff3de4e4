// Pre-shared keys: what the application gives (external PSKs), and what a handshake of 1.3 offers or accepts, which may
// also come from an earlier connection (RFC 8446 2.2, 4.2.11).

import type { Session } from "./session.js";

/** A key that both ends were given beforehand. The arrays are the application's and must stay as they are. */
export interface Psk {
	/** 1 to 65535 bytes; goes over the wire in the clear. */
	readonly identity: Uint8Array;
	/** At least 16 random bytes; a password is none (RFC 9257). */
	readonly key: Uint8Array;
	/** 1.3: the hash that it is for, sha256 if it isn't given (RFC 8446 4.2.11). */
	readonly hash?: number;
	/**
	 * 1.3: the key is not used itself but imported (RFC 9258), with every hash, under this context: what both know of how
	 * the key came to be and who they are; it may be empty and is no secret. Such a key isn't used in 1.2.
	 */
	readonly importContext?: Uint8Array;
}

/** A server's look-up: the PSK with the identity at [at, end) of bytes, or undefined. */
export type FindPsk = (bytes: Uint8Array, at: number, end: number) => Psk | undefined;

/** One identity of a ClientHello of 1.3, with its key. */
export interface PskOffer {
	readonly identity: Uint8Array;
	readonly key: Uint8Array;
	/** Number of its hash. */
	readonly hash: number;
	readonly obfuscatedTicketAge: number;
	/** Of its binder's key: EXTERNAL_BINDER, IMPORTED_BINDER or RESUMPTION_BINDER (crypto/labels). */
	readonly label: Readonly<Uint8Array>;
	/** The session that it resumes. */
	readonly session: Session | undefined;
	/** The external PSK that it is or comes from. */
	readonly external: Psk | undefined;
}

/** The PSK that 1.2 uses: a client has one. */
export function psk12(psks: readonly Psk[]): Psk | undefined {
	for (const psk of psks) if (psk.importContext === undefined) return psk;
	return undefined;
}
