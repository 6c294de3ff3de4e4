// What a record's protection does, and the sequence numbers that all share. One object a direction and epoch.
// For record/tls-input and tls-output; protection13 and protection12 implement it.

import { copy } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";

/** The length of a TLS record's header: type, version, length. */
export const RECORD_HEADER = 5;

/** Answers of Protection.open that are not places. */
export const OPEN_BAD_MAC = -1;
/** The record is authentic, but it has no content type (RFC 8446 5.4) or its padding is not as it must be. */
export const OPEN_MALFORMED = -2;

/** Seals and opens records in place. A record stands as header, prefix, content, and what protection adds behind. */
export interface Protection {
	/** Bytes between the header and the content (an explicit nonce, an IV). */
	readonly prefix: number;
	/** The most bytes that seal adds behind the content. */
	readonly expansion: number;
	/** 1.3: the content type is hidden, all records look like application data. */
	readonly hidesType: boolean;
	/** The content type of the record that open opened last. */
	readonly type: number;
	/** How many records it has sealed or opened, up to 2^32. */
	readonly count: number;
	/** Writes the header at at, protects [at + RECORD_HEADER + prefix, contentEnd), answers where the record ends. */
	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number): number;
	/** Opens the record at [at, end): the content then stands at [at + RECORD_HEADER + prefix, answer). */
	open(bytes: Uint8Array, at: number, end: number): number;
	wipe(): void;
}

/** Makes the protection for keys of a version; the entry points name which versions there are. */
export type CreateProtection = (registry: Registry, keys: TrafficKeys) => Protection;

/** A 64-bit record sequence number in two halves (never a BigInt: it would be garbage for each record). */
export class SequenceNumber {
	high = 0;
	low = 0;

	/** Goes to the next; the keys are exchanged long before it wraps. */
	increment(): void {
		this.low = (this.low + 1) >>> 0;
		if (this.low === 0) this.high++;
	}

	/** Writes its 8 bytes. */
	encode(out: Uint8Array, at: number): void {
		const { high, low } = this;
		out[at] = high >>> 24;
		out[at + 1] = high >>> 16;
		out[at + 2] = high >>> 8;
		out[at + 3] = high;
		out[at + 4] = low >>> 24;
		out[at + 5] = low >>> 16;
		out[at + 6] = low >>> 8;
		out[at + 7] = low;
	}

	/** Writes iv with the last 8 of its 12 bytes XORed with the number (RFC 8446 5.3). */
	nonce(iv: Uint8Array, out: Uint8Array): void {
		const { high, low } = this;
		copy(out, 0, iv, 0, 12);
		out[4] ^= high >>> 24;
		out[5] ^= high >>> 16;
		out[6] ^= high >>> 8;
		out[7] ^= high;
		out[8] ^= low >>> 24;
		out[9] ^= low >>> 16;
		out[10] ^= low >>> 8;
		out[11] ^= low;
	}
}

/** Writes a record's header. */
export function encodeRecordHeader(bytes: Uint8Array, at: number, type: number, version: number, length: number): void {
	bytes[at] = type;
	bytes[at + 1] = version >> 8;
	bytes[at + 2] = version;
	bytes[at + 3] = length >> 8;
	bytes[at + 4] = length;
}

/** Gives a cipher its key, from its beginning on; where that fails it is wiped, and the other one of the same keys. */
export function takeKey(cipher: Keyed, key: Uint8Array, other?: Keyed): void {
	let taken = false;
	try {
		cipher.setKey(key, 0);
		taken = true;
	} finally {
		if (!taken) {
			cipher.wipe();
			other?.wipe();
		}
	}
}

interface Keyed {
	setKey(key: Uint8Array, at: number): void;
	wipe(): void;
}
