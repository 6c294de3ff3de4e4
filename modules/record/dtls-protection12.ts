// Record protection of DTLS 1.2 (RFC 6347 4.1.2): the suite's cipher under epoch and sequence number, which stand in each
// record; with a connection id the type is hidden behind the content (RFC 9146).

import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import { tls12_cid } from "../wire/registry.js";
import { createCipher12 } from "./aead12.js";
import { type Cipher12, HEAD12_ID_NUMBER_AT, HEAD12_LENGTH, HEAD12_TYPE_AT, HEAD12_VERSION_AT } from "./cipher12.js";
import { type CarriedId, DTLS_1_2, type DtlsProtection, decodeNumber, encodePlainHeader, OPEN_FAILED, OPEN_REPLAYED, PLAIN_HEADER } from "./dtls-protection.js";
import { OPEN_BAD_MAC, SequenceNumber } from "./protection.js";
import { ReplayWindow } from "./replay-window.js";

class DtlsProtection12 implements DtlsProtection {
	readonly epoch: number;
	readonly unified = false;
	readonly expansion: number;
	readonly number = new SequenceNumber();
	delivered = 0;
	#window: ReplayWindow | undefined = undefined;
	forged = 0;
	/** RFC 6347 knows none. */
	readonly forgedLimit = Number.POSITIVE_INFINITY;
	type = 0;
	contentAt = 0;
	newest = false;
	readonly #cipher: Cipher12;
	readonly id: Uint8Array;
	readonly #head: Uint8Array;
	/** Where epoch and number stand in the head. */
	readonly #numberAt: number;

	constructor(cipher: Cipher12, epoch: number, cid: Uint8Array) {
		this.epoch = epoch;
		this.#cipher = cipher;
		this.id = cid;
		this.expansion = cipher.expansion + (cid.length > 0 ? 1 : 0);
		this.#numberAt = cid.length > 0 ? HEAD12_ID_NUMBER_AT : 0;
		this.#head = new Uint8Array(cid.length > 0 ? HEAD12_ID_NUMBER_AT + 8 + cid.length + 2 : HEAD12_LENGTH);
		this.fillHead();
	}

	/** Made when it is first asked for: what only seals needs none. */
	get window(): ReplayWindow {
		this.#window ??= new ReplayWindow();
		return this.#window;
	}

	prefix(): number {
		return PLAIN_HEADER + this.id.length + this.#cipher.prefix;
	}

	get longestPrefix(): number {
		return this.prefix();
	}

	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number): number {
		const { number } = this;
		const cid = this.id;
		const fragmentAt = at + PLAIN_HEADER + cid.length;
		// RFC 9146 4: the type behind the content, and no padding
		if (cid.length > 0) bytes[contentEnd++] = type;
		this.setHead(type);
		const end = this.#cipher.seal(this.#head, bytes, fragmentAt, contentEnd);
		if (cid.length > 0) encodePlainHeader(bytes, at, tls12_cid, this.epoch, number, cid, end - fragmentAt);
		else encodePlainHeader(bytes, at, type, this.epoch, number, undefined, end - fragmentAt);
		number.increment();
		return end;
	}

	open(bytes: Uint8Array, at: number, headerEnd: number, end: number): number {
		const { number, window } = this;
		decodeNumber(bytes, at, number);
		// The number is in the clear, so looking at it first tells nobody anything
		if (!window.isNew(number.high, number.low)) return OPEN_REPLAYED;
		this.setHead(bytes[at]);
		let contentEnd = this.#cipher.open(this.#head, bytes, headerEnd, end);
		if (contentEnd === OPEN_BAD_MAC) {
			this.forged++;
			return OPEN_FAILED;
		}
		this.newest = window.mark(number.high, number.low);
		this.type = bytes[at];
		this.contentAt = headerEnd + this.#cipher.prefix;
		if (this.id.length === 0) return contentEnd;
		do contentEnd--;
		while (contentEnd > this.contentAt && bytes[contentEnd] === 0);
		this.type = contentEnd >= this.contentAt ? bytes[contentEnd] : 0;
		return Math.max(contentEnd, this.contentAt);
	}

	wipe(): void {
		this.#cipher.wipe();
	}

	/** What is the same in all records. */
	private fillHead(): void {
		const head = this.#head;
		const cid = this.id;
		head[HEAD12_VERSION_AT] = DTLS_1_2 >> 8;
		head[HEAD12_VERSION_AT + 1] = DTLS_1_2 & 255;
		if (cid.length === 0) return;
		// RFC 9146 5.3: a place-holder for the number, the type, the id's length, the type again, version; number, id
		head.fill(0xff, 0, 8);
		head[8] = head[10] = tls12_cid;
		head[9] = cid.length;
		head[11] = DTLS_1_2 >> 8;
		head[12] = DTLS_1_2 & 255;
		head.set(cid, HEAD12_ID_NUMBER_AT + 8);
	}

	/** What changes with each record. */
	private setHead(type: number): void {
		const head = this.#head;
		const at = this.#numberAt;
		this.number.encode(head, at);
		head[at] = this.epoch >> 8;
		head[at + 1] = this.epoch;
		if (at === 0) head[HEAD12_TYPE_AT] = type;
	}
}

/** The suite's cipher must be registered: the offer was filtered by it. `cid`: what the records carry, not copied. */
export function createDtlsProtection12(registry: Registry, keys: TrafficKeys, epoch: number, cid: CarriedId): DtlsProtection {
	return new DtlsProtection12(createCipher12(registry, keys), epoch, cid.bytes);
}
