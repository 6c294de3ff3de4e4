// The records that we acknowledge (RFC 9147 section 7): those of the peer's flight that have been read or are kept.

import type { SequenceNumber } from "../record/protection.js";

/** How many are kept; the oldest make way. */
const NUMBERS = 24;
const FIELDS = 3;
/** A RecordNumber on the wire: 64 bits of epoch, 64 of sequence number. */
const NUMBER_LENGTH = 16;

/**
 * Numbers in increasing order, and when they are to be told.
 *
 *     acks.add(epoch, number);
 *     acks.dueAt = now + 250;
 *     const end = acks.encode(memory, at, room);       // the content of an ACK record
 */
export class DtlsAcks {
	/** In ticks; Infinity: not at all. */
	dueAt = Number.POSITIVE_INFINITY;
	readonly #numbers = new Uint32Array(NUMBERS * FIELDS);
	#count = 0;

	get empty(): boolean {
		return this.#count === 0;
	}

	clear(): void {
		this.#count = 0;
		this.dueAt = Number.POSITIVE_INFINITY;
	}

	/** Adds a record, in its place. */
	add(epoch: number, number: SequenceNumber): void {
		const numbers = this.#numbers;
		if (this.#count === NUMBERS) {
			numbers.copyWithin(0, FIELDS);
			this.#count--;
		}
		let at = this.#count * FIELDS;
		while (at > 0 && isAfter(numbers, at - FIELDS, epoch, number)) at -= FIELDS;
		numbers.copyWithin(at + FIELDS, at, this.#count * FIELDS);
		numbers[at] = epoch;
		numbers[at + 1] = number.high;
		numbers[at + 2] = number.low;
		this.#count++;
	}

	/** Writes the content of an ACK of at most room bytes, the newest if not all fit; answers where it ends. */
	encode(bytes: Uint8Array, at: number, room: number): number {
		const numbers = this.#numbers;
		const count = Math.min(this.#count, Math.floor((room - 2) / NUMBER_LENGTH));
		bytes[at++] = (count * NUMBER_LENGTH) >> 8;
		bytes[at++] = count * NUMBER_LENGTH;
		for (let i = this.#count - count; i < this.#count; i++) {
			bytes.fill(0, at, at + 4);
			encode32(bytes, at + 4, numbers[i * FIELDS]);
			encode32(bytes, at + 8, numbers[i * FIELDS + 1]);
			encode32(bytes, at + 12, numbers[i * FIELDS + 2]);
			at += NUMBER_LENGTH;
		}
		return at;
	}
}

/** Whether the entry at at stands behind this number. */
function isAfter(numbers: Uint32Array, at: number, epoch: number, number: SequenceNumber): boolean {
	if (numbers[at] !== epoch) return numbers[at] > epoch;
	return numbers[at + 1] !== number.high ? numbers[at + 1] > number.high : numbers[at + 2] > number.low;
}

function encode32(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = value >>> 24;
	bytes[at + 1] = value >>> 16;
	bytes[at + 2] = value >>> 8;
	bytes[at + 3] = value;
}
