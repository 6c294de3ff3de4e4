// Record protection of TLS 1.2 over a stream (RFC 5246 6.2.3): the suite's cipher under sequence numbers of its own.

import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import { TLS_1_2 } from "../wire/registry.js";
import { createCipher12 } from "./aead12.js";
import { type Cipher12, HEAD12_LENGTH, HEAD12_TYPE_AT, HEAD12_VERSION_AT } from "./cipher12.js";
import { encodeRecordHeader, OPEN_BAD_MAC, type Protection, RECORD_HEADER, SequenceNumber } from "./protection.js";

class Protection12 implements Protection {
	readonly prefix: number;
	readonly expansion: number;
	readonly hidesType = false;
	type = 0;
	readonly #cipher: Cipher12;
	readonly #sequence = new SequenceNumber();
	readonly #head = new Uint8Array(HEAD12_LENGTH);

	constructor(cipher: Cipher12) {
		this.#cipher = cipher;
		this.prefix = cipher.prefix;
		this.expansion = cipher.expansion;
	}

	get count(): number {
		return this.#sequence.low;
	}

	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number): number {
		const head = this.#head;
		const fragmentAt = at + RECORD_HEADER;
		this.#sequence.encode(head, 0);
		head[HEAD12_TYPE_AT] = type;
		head[HEAD12_VERSION_AT] = TLS_1_2 >> 8;
		head[HEAD12_VERSION_AT + 1] = TLS_1_2 & 255;
		const end = this.#cipher.seal(head, bytes, fragmentAt, contentEnd);
		encodeRecordHeader(bytes, at, type, TLS_1_2, end - fragmentAt);
		this.#sequence.increment();
		return end;
	}

	/** The type and version that are authenticated are those of the header. */
	open(bytes: Uint8Array, at: number, end: number): number {
		const head = this.#head;
		this.#sequence.encode(head, 0);
		for (let i = 0; i < 3; i++) head[HEAD12_TYPE_AT + i] = bytes[at + i];
		const contentEnd = this.#cipher.open(head, bytes, at + RECORD_HEADER, end);
		if (contentEnd === OPEN_BAD_MAC) return OPEN_BAD_MAC;
		this.#sequence.increment();
		this.type = bytes[at];
		return contentEnd;
	}

	wipe(): void {
		this.#cipher.wipe();
	}
}

/** For the entry points: see CreateProtection. */
export function createProtection12(registry: Registry, keys: TrafficKeys): Protection {
	return new Protection12(createCipher12(registry, keys));
}
