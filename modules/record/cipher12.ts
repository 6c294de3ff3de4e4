// What protects the fragments of TLS 1.2, whatever carries them (RFC 5246 6.2.3): the caller knows the record's number and
// its header. Implemented by aead12 and protection-cbc; for protection12 and its datagram sibling.

/**
 * What is authenticated with a fragment: its 64-bit number (sequence number, or epoch and sequence number), type,
 * version, length (RFC 5246 6.2.3.1). The caller fills all but the last 2 bytes, the cipher the length. Where records carry a
 * connection id the head is longer, and the number stands elsewhere (RFC 9146 5).
 */
export const HEAD12_LENGTH = 13;
export const HEAD12_TYPE_AT = 8;
export const HEAD12_VERSION_AT = 9;
/** With a connection id: 8 times 0xff, type, the id's length, type, version, number, id, length. */
export const HEAD12_ID_NUMBER_AT = 13;

/** One direction of one epoch. A fragment stands as prefix, content, and what the cipher adds behind. */
export interface Cipher12 {
	/** Bytes in front of the content: an explicit nonce or IV. */
	readonly prefix: number;
	/** The most bytes that seal adds behind the content. */
	readonly expansion: number;
	/** Protects the content at [at + prefix, contentEnd) of bytes; answers where the fragment, which begins at at, ends. */
	seal(head: Uint8Array, bytes: Uint8Array, at: number, contentEnd: number): number;
	/** Opens the fragment at [at, end): the content then stands at [at + prefix, answer). OPEN_BAD_MAC, whatever is wrong with it. */
	open(head: Uint8Array, bytes: Uint8Array, at: number, end: number): number;
	wipe(): void;
}

/** Writes the length of what is authenticated. */
export function encodeLength12(head: Uint8Array, length: number): void {
	head[head.length - 2] = length >> 8;
	head[head.length - 1] = length;
}

/** Where the number stands in a head. */
export function numberAt12(head: Uint8Array): number {
	return head.length === HEAD12_LENGTH ? 0 : HEAD12_ID_NUMBER_AT;
}
