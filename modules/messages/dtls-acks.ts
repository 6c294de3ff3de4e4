// The records that we acknowledge (RFC 9147 section 7): those of the peer's flight that have been read or are kept.

import type { DtlsOutput } from "../record/dtls-output.js";
import type { SequenceNumber } from "../record/protection.js";
import type { DtlsFlight } from "./dtls-flight.js";

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

// What an ACK of the peer comes to
/** Nothing that we didn't know. */
const ACK_OLD = 0;
export const ACK_NEWS = 1;
export const ACK_MALFORMED = 2;
/** It names a later epoch than there is. */
export const ACK_TOO_LATE = 3;

/** Reads the content at [at, end) of an ACK and marks in the flight what the peer has; an empty one is news. `latest`: the newest epoch that it may name. */
export function readAcked(bytes: Uint8Array, at: number, end: number, latest: number, flight: DtlsFlight, output: DtlsOutput): number {
	const length = (bytes[at] << 8) | bytes[at + 1];
	if (end - at < 2 || end - at - 2 !== length || length % NUMBER_LENGTH !== 0) return ACK_MALFORMED;
	let said = length === 0 ? ACK_NEWS : ACK_OLD;
	for (at += 2; at < end; at += NUMBER_LENGTH) {
		const epoch = (bytes[at + 6] << 8) | bytes[at + 7];
		const low = ((bytes[at + 12] << 24) | (bytes[at + 13] << 16) | (bytes[at + 14] << 8) | bytes[at + 15]) >>> 0;
		if (epoch > latest) return ACK_TOO_LATE;
		if (flight.acknowledge(epoch, low)) {
			said = ACK_NEWS;
			output.noteDelivered(epoch, low);
		}
	}
	return said;
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
