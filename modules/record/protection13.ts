// Record protection of TLS 1.3 (RFC 8446 5.2 to 5.4): an AEAD over content, type and padding.

import { wipe } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import type { Aead } from "../crypto/types.js";
import { application_data, TLS_1_2 } from "../wire/registry.js";
import { encodeRecordHeader, OPEN_BAD_MAC, OPEN_MALFORMED, type Protection, RECORD_HEADER, SequenceNumber, takeKey } from "./protection.js";

class Protection13 implements Protection {
	readonly prefix = 0;
	readonly expansion: number;
	readonly hidesType = true;
	type = 0;
	#aead: Aead;
	#tagLength: number;
	#iv = new Uint8Array(12);
	#nonce = new Uint8Array(12);
	#additional = new Uint8Array(RECORD_HEADER);
	#sequence = new SequenceNumber();

	constructor(aead: Aead, tagLength: number, keys: TrafficKeys) {
		this.#aead = aead;
		this.#tagLength = tagLength;
		this.expansion = 1 + tagLength;
		takeKey(aead, keys.key);
		this.#iv.set(keys.iv);
	}

	get count(): number {
		return this.#sequence.low;
	}

	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number): number {
		const contentAt = at + RECORD_HEADER;
		bytes[contentEnd] = type;
		const end = contentEnd + 1 + this.#tagLength;
		encodeRecordHeader(bytes, at, application_data, TLS_1_2, end - contentAt);
		this.begin(bytes, at);
		this.#aead.seal(this.#nonce, this.#additional, RECORD_HEADER, bytes, contentAt, contentEnd + 1);
		this.#sequence.increment();
		return end;
	}

	open(bytes: Uint8Array, at: number, end: number): number {
		const contentAt = at + RECORD_HEADER;
		let contentEnd = end - this.#tagLength;
		if (contentEnd <= contentAt) return OPEN_BAD_MAC;
		this.begin(bytes, at);
		if (!this.#aead.open(this.#nonce, this.#additional, RECORD_HEADER, bytes, contentAt, end)) return OPEN_BAD_MAC;
		this.#sequence.increment();
		// RFC 8446 5.4: behind the content a type that is not zero, and any number of zeros
		do contentEnd--;
		while (contentEnd > contentAt && bytes[contentEnd] === 0);
		this.type = bytes[contentEnd];
		return this.type === 0 ? OPEN_MALFORMED : contentEnd;
	}

	wipe(): void {
		this.#aead.wipe();
		wipe(this.#iv);
		wipe(this.#nonce);
	}

	private begin(bytes: Uint8Array, at: number): void {
		const additional = this.#additional;
		additional[0] = bytes[at];
		additional[1] = bytes[at + 1];
		additional[2] = bytes[at + 2];
		additional[3] = bytes[at + 3];
		additional[4] = bytes[at + 4];
		this.#sequence.nonce(this.#iv, this.#nonce);
	}
}

/** The suite's AEAD must be registered: the offer was filtered by it. */
export function createProtection13(registry: Registry, keys: TrafficKeys): Protection {
	const algorithm = registry.aead(keys.suite?.bulk ?? 0);
	if (algorithm === undefined) throw new Error("the negotiated AEAD is not registered");
	return new Protection13(algorithm.create(), algorithm.tagLength, keys);
}
