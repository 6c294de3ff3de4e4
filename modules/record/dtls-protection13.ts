// Record protection of DTLS 1.3 (RFC 9147 section 4): the unified header, its encrypted record number, an AEAD over
// content, type and padding.

import { wipe } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import { AEAD_AES_128_CCM, AEAD_AES_128_CCM_8, type Aead, type AeadAlgorithm, type NumberMask } from "../crypto/types.js";
import { type CarriedId, type DtlsProtection, OPEN_FAILED, OPEN_REPLAYED } from "./dtls-protection.js";
import { SequenceNumber, takeKey } from "./protection.js";
import { ReplayWindow } from "./replay-window.js";

/** Bits of the unified header's first byte. */
export const UNIFIED = 0x20;
export const UNIFIED_MASK = 0xe0;
export const HAS_CID = 0x10;
export const LONG_NUMBER = 0x08;
export const HAS_LENGTH = 0x04;
export const EPOCH_BITS = 0x03;
/** The ciphertext that the number's mask is made of. */
const SAMPLE = 16;
/** The unified header's longest form, without an id. */
const HEADER_MOST = 5;
const HALF = 0x100000000;
/** With fewer numbers than this behind the last one that the peer is known to have, 8 bits of a number say which it is (RFC 9147 4.2.2). */
const SHORT_NUMBERS = 128;

/**
 * How many forged records a key may see (RFC 9147 4.5.3 and B.3): 2^36, CCM 2^23.5. For the 8-byte tag the RFC leaves it to the
 * use: 2^20 forgeries have a chance of 2^-44.
 */
function forgedLimit(algorithm: number): number {
	if (algorithm === AEAD_AES_128_CCM) return 11863283;
	return algorithm === AEAD_AES_128_CCM_8 ? 0x100000 : 0x1000000000;
}

class DtlsProtection13 implements DtlsProtection {
	readonly epoch: number;
	readonly unified = true;
	readonly expansion: number;
	readonly number = new SequenceNumber();
	delivered = 0;
	#window: ReplayWindow | undefined = undefined;
	forged = 0;
	readonly forgedLimit: number;
	type = 0;
	contentAt = 0;
	newest = false;
	readonly #aead: Aead;
	readonly #mask: NumberMask;
	readonly #tagLength: number;
	readonly #cid: CarriedId;
	/** The key's IV; for each record its nonce, its number's mask and its header, for the AEAD. */
	readonly #bytes: { readonly iv: Uint8Array; readonly nonce: Uint8Array; readonly mask: Uint8Array; header: Uint8Array };

	constructor(algorithm: AeadAlgorithm, keys: TrafficKeys, epoch: number, cid: CarriedId) {
		this.epoch = epoch;
		this.#aead = algorithm.create();
		takeKey(this.#aead, keys.key);
		this.#mask = algorithm.createNumberMask();
		takeKey(this.#mask, keys.numberKey, this.#aead);
		this.#tagLength = algorithm.tagLength;
		this.#cid = cid;
		this.#bytes = {
			iv: keys.iv.slice(),
			nonce: new Uint8Array(12),
			mask: new Uint8Array(5),
			header: new Uint8Array(HEADER_MOST + cid.bytes.length),
		};
		// Type, tag, and the padding that a short content needs for the sample
		this.expansion = Math.max(1 + algorithm.tagLength, SAMPLE);
		this.forgedLimit = forgedLimit(algorithm.id);
	}

	get id(): Uint8Array {
		return this.#cid.bytes;
	}

	/** Made when it is first asked for: what only seals needs none. */
	get window(): ReplayWindow {
		this.#window ??= new ReplayWindow();
		return this.#window;
	}

	prefix(last: boolean): number {
		return 1 + this.#cid.bytes.length + this.numberLength() + (last ? 0 : 2);
	}

	get longestPrefix(): number {
		return 3 + this.#cid.bytes.length;
	}

	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number, last: boolean): number {
		const { number } = this;
		const cid = this.#cid.bytes;
		const headerEnd = at + this.prefix(last);
		const innerEnd = this.encodeInner(type, bytes, headerEnd, contentEnd);
		const end = innerEnd + this.#tagLength;
		const numberLength = this.numberLength();
		bytes[at] = UNIFIED | (cid.length > 0 ? HAS_CID : 0) | (numberLength > 1 ? LONG_NUMBER : 0) | (last ? 0 : HAS_LENGTH) | (this.epoch & EPOCH_BITS);
		const numberAt = at + 1 + cid.length;
		for (let i = 0; i < cid.length; i++) bytes[at + 1 + i] = cid[i];
		let place = numberAt;
		if (numberLength > 1) bytes[place++] = number.low >>> 8;
		bytes[place++] = number.low;
		if (!last) {
			bytes[place++] = (end - headerEnd) >> 8;
			bytes[place] = end - headerEnd;
		}
		this.begin(bytes, at, headerEnd);
		this.#aead.seal(this.#bytes.nonce, this.#bytes.header, headerEnd - at, bytes, headerEnd, innerEnd);
		this.hideNumber(bytes, numberAt, numberLength, headerEnd);
		number.increment();
		return end;
	}

	open(bytes: Uint8Array, at: number, headerEnd: number, end: number): number {
		const { window, number } = this;
		if (end - headerEnd < SAMPLE || end - headerEnd <= this.#tagLength) return OPEN_FAILED;
		const long = (bytes[at] & LONG_NUMBER) !== 0;
		const place = headerEnd - (bytes[at] & HAS_LENGTH ? 2 : 0) - (long ? 2 : 1);
		this.hideNumber(bytes, place, long ? 2 : 1, headerEnd);
		window.reconstruct(long ? (bytes[place] << 8) | bytes[place + 1] : bytes[place], long ? 16 : 8, number);
		this.begin(bytes, at, headerEnd);
		if (!this.#aead.open(this.#bytes.nonce, this.#bytes.header, headerEnd - at, bytes, headerEnd, end)) {
			this.forged++;
			return OPEN_FAILED;
		}
		// After the opening, so that its time doesn't tell the number (RFC 9147 4.5.1)
		if (!window.isNew(number.high, number.low)) return OPEN_REPLAYED;
		this.newest = window.mark(number.high, number.low);
		let contentEnd = end - this.#tagLength;
		do contentEnd--;
		while (contentEnd > headerEnd && bytes[contentEnd] === 0);
		this.type = bytes[contentEnd];
		this.contentAt = headerEnd;
		return contentEnd;
	}

	wipe(): void {
		this.#aead.wipe();
		this.#mask.wipe();
		wipe(this.#bytes.iv);
		wipe(this.#bytes.nonce);
	}

	/** How much of the next record's number stands in its header: one byte, as long as whatever got lost can't make the peer take it for another. */
	private numberLength(): number {
		const { high, low } = this.number;
		return high * HALF + low - this.delivered < SHORT_NUMBERS ? 1 : 2;
	}

	/** The type behind the content, and zeros until the ciphertext is long enough for a sample (RFC 9147 4.2.3). */
	private encodeInner(type: number, bytes: Uint8Array, headerEnd: number, contentEnd: number): number {
		bytes[contentEnd] = type;
		let innerEnd = contentEnd + 1;
		while (innerEnd + this.#tagLength - headerEnd < SAMPLE) bytes[innerEnd++] = 0;
		return innerEnd;
	}

	/** The header as additional data, and the nonce of the number. */
	private begin(bytes: Uint8Array, at: number, headerEnd: number): void {
		// Another id of the peer's may be longer than the first
		if (headerEnd - at > this.#bytes.header.length) this.#bytes.header = new Uint8Array(headerEnd - at);
		const { iv, nonce, header } = this.#bytes;
		for (let i = 0; at < headerEnd; i++, at++) header[i] = bytes[at];
		this.number.nonce(iv, nonce);
	}

	/** Encrypts or decrypts the number in the header. */
	private hideNumber(bytes: Uint8Array, place: number, length: number, sampleAt: number): void {
		const { mask } = this.#bytes;
		this.#mask.mask(bytes, sampleAt, mask);
		for (let i = 0; i < length; i++) bytes[place + i] ^= mask[i];
	}
}

/** The suite's AEAD must be registered: the offer was filtered by it. `cid`: what the records carry now. */
export function createDtlsProtection13(registry: Registry, keys: TrafficKeys, epoch: number, cid: CarriedId): DtlsProtection {
	const algorithm = registry.aead(keys.suite?.bulk ?? 0);
	if (algorithm === undefined) throw new Error("the negotiated AEAD is not registered");
	return new DtlsProtection13(algorithm, keys, epoch, cid);
}
