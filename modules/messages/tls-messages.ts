// Handshake messages over a stream of records (RFC 8446 5.1): a message may span records and a record may hold
// several. One that stands whole in its record is read in place; else it is put together in the handshake store.
// What is written is kept in the flight store until it fills records, so that a flight uses as few as it can.

import { copy } from "../base/bytes.js";
import { CHANGE_CIPHER_SPEC_MALFORMED, type Failure, FLIGHT_TOO_SMALL, NO_FAILURE, STORE_TOO_SMALL } from "../base/failure.js";
import { Writer } from "../base/writer.js";
import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import type { Transcript } from "../crypto/transcript.js";
import type { CreateProtection } from "../record/protection.js";
import type { TlsInput } from "../record/tls-input.js";
import type { TlsOutput } from "../record/tls-output.js";
import { change_cipher_spec, handshake } from "../wire/registry.js";
import type { Messages } from "./messages.js";

/** Type and 24-bit length. */
const HEADER = 4;

/** What a connection's messages stand on. */
export interface TlsMessagesParts {
	readonly memory: Uint8Array;
	readonly input: TlsInput;
	readonly output: TlsOutput;
	readonly registry: Registry;
	readonly createProtection: CreateProtection;
	/** Handshake store: the longest message that may span records, with its 4-byte header. */
	readonly storeAt: number;
	readonly storeEnd: number;
	/** Flight store: the longest message that is written at once. */
	readonly flightAt: number;
	readonly flightEnd: number;
}

/** See messages/messages for how it is used. */
export class TlsMessages implements Messages {
	readonly memory: Uint8Array;
	readonly writer = new Writer();
	type = -1;
	bodyAt = 0;
	bodyEnd = 0;
	/** Nothing waits for answers. */
	readonly blocked = false;
	/** A stream has no timers of its own. */
	readonly wakeAt = Number.POSITIVE_INFINITY;
	failure: Failure = NO_FAILURE;
	bytesNeeded = 0;
	readonly #parts: TlsMessagesParts;
	/** How much of the store is filled. */
	#storeEnd: number;
	/** Whether a message stands. */
	#stands = false;
	/** Written and not yet in a record: [#pendingAt, #pendingEnd) of the flight store. */
	#pendingAt: number;
	#pendingEnd: number;
	/** Pending may go out in records that are not full. */
	#flushing = false;

	constructor(parts: TlsMessagesParts) {
		this.#parts = parts;
		this.memory = parts.memory;
		this.#storeEnd = parts.storeAt;
		this.#pendingAt = this.#pendingEnd = parts.flightAt;
	}

	/** Whether the beginning of a message has arrived and its rest has not: other records may not come in between. */
	get partial(): boolean {
		return !this.#stands && this.#storeEnd > this.#parts.storeAt;
	}

	/** Whether something that was written waits for room in the record layer. */
	get pending(): boolean {
		return this.#flushing && this.#pendingEnd > this.#pendingAt;
	}

	peek(): boolean {
		if (this.#stands) return true;
		const { input } = this.#parts;
		if (input.type !== handshake) return false;
		const inPlace = this.#storeEnd === this.#parts.storeAt && this.standsInRecord(input);
		return inPlace || this.collect(input);
	}

	release(transcript: Transcript | undefined): void {
		const { input, storeAt } = this.#parts;
		transcript?.update(this.memory, this.bodyAt - HEADER, this.bodyEnd);
		if (this.#storeEnd > storeAt) this.#storeEnd = storeAt;
		else {
			input.at = this.bodyEnd;
			if (input.at === input.end) input.release();
		}
		this.#stands = false;
		this.type = -1;
	}

	updatePartial(transcript: Transcript, bodyEnd: number): void {
		transcript.update(this.memory, this.bodyAt - HEADER, bodyEnd);
	}

	updateBegun(transcript: Transcript, end: number, bodyEnd: number): void {
		const at = this.#pendingEnd;
		this.writer.patch24(at + 1, bodyEnd - at - HEADER);
		transcript.update(this.memory, at, end);
	}

	aligned(): boolean {
		const { input, storeAt } = this.#parts;
		return input.type !== handshake || (this.#storeEnd === storeAt && this.bodyEnd === input.end);
	}

	takeChangeCipherSpec(): boolean {
		const { input } = this.#parts;
		if (input.type !== change_cipher_spec || this.partial) return false;
		if (input.end - input.at !== 1 || this.memory[input.at] !== 1) {
			this.failure = CHANGE_CIPHER_SPEC_MALFORMED;
			return false;
		}
		input.release();
		return true;
	}

	room(bodyLength: number): boolean {
		const { flightAt, flightEnd } = this.#parts;
		const length = HEADER + bodyLength;
		if (length <= flightEnd - this.#pendingEnd) return true;
		this.makeRoom();
		if (length <= flightEnd - this.#pendingEnd) return true;
		if (length > flightEnd - flightAt) {
			this.failure = FLIGHT_TOO_SMALL;
			this.bytesNeeded = length;
		}
		return false;
	}

	begin(type: number): void {
		const at = this.#pendingEnd;
		this.memory[at] = type;
		this.writer.reset(this.memory, at + HEADER, this.#parts.flightEnd);
	}

	end(transcript: Transcript | undefined): void {
		const { writer } = this;
		const at = this.#pendingEnd;
		writer.patch24(at + 1, writer.at - at - HEADER);
		transcript?.update(this.memory, at, writer.at);
		this.#pendingEnd = writer.at;
	}

	roomForPart(length: number): boolean {
		const { flightEnd } = this.#parts;
		if (length > flightEnd - this.#pendingEnd) this.makeRoom();
		return length <= flightEnd - this.#pendingEnd;
	}

	beginLong(type: number, bodyLength: number, transcript: Transcript | undefined): void {
		const at = this.#pendingEnd;
		this.begin(type);
		this.writer.patch24(at + 1, bodyLength);
		transcript?.update(this.memory, at, at + HEADER);
		this.#pendingEnd = at + HEADER;
	}

	put(bytes: Uint8Array, at: number, end: number, transcript: Transcript | undefined): number {
		const { flightEnd } = this.#parts;
		if (end - at > flightEnd - this.#pendingEnd) this.makeRoom();
		const count = Math.min(end - at, flightEnd - this.#pendingEnd);
		copy(this.memory, this.#pendingEnd, bytes, at, at + count);
		transcript?.update(this.memory, this.#pendingEnd, this.#pendingEnd + count);
		this.#pendingEnd += count;
		return count;
	}

	sendChangeCipherSpec(plain: boolean): boolean {
		const { output } = this.#parts;
		if (!this.flush()) return false;
		if (plain) return output.sendPlainChangeCipherSpec(change_cipher_spec);
		if (output.room() === 0) return false;
		const at = output.contentAt();
		this.memory[at] = 1;
		output.seal(change_cipher_spec, at + 1);
		return true;
	}

	flush(): boolean {
		this.fillRecords();
		return this.#pendingAt === this.#pendingEnd;
	}

	endFlight(): void {
		this.#flushing = true;
		this.fillRecords();
	}

	/** Goes on with a flight that waited for the network. */
	pump(_now: number): void {
		if (this.#flushing) this.fillRecords();
	}

	readKeys(keys: TrafficKeys): void {
		const { input, registry, createProtection } = this.#parts;
		input.install(createProtection(registry, keys));
	}

	writeKeys(keys: TrafficKeys): void {
		const { output, registry, createProtection } = this.#parts;
		output.install(createProtection(registry, keys));
	}

	get closePatience(): number {
		return Number.POSITIVE_INFINITY;
	}

	/** A stream ends with its socket. */
	save(): boolean {
		return false;
	}
	restore(): boolean {
		return false;
	}

	/** The stream tells who it is from. */
	get ids(): undefined {
		return undefined;
	}

	/** The stream sees to it. */
	get retransmissions(): number {
		return 0;
	}
	get silent(): boolean {
		return false;
	}

	/** Both versions hash a message as it stands on the wire. */
	agree(): void {}

	forgetHello(): void {}

	/** A forged record ends the connection. */
	takeWear(): boolean {
		return false;
	}

	writePlain(): void {
		this.#parts.output.uninstall();
	}

	skipEarlyData(bytes: number): void {
		this.#parts.input.skippable = bytes;
	}

	finished(): void {}

	abandoned(): void {}

	setLimits(read: number, write: number): void {
		this.#parts.input.limit = read;
		this.#parts.output.limit = write;
	}

	/** Whether the next message stands whole in the record: it is then read where it is. */
	private standsInRecord(input: TlsInput): boolean {
		const { at, end } = input;
		if (end - at < HEADER) return false;
		const bodyEnd = at + HEADER + this.length(at);
		if (bodyEnd > end) return false;
		this.stand(at, bodyEnd);
		return true;
	}

	/** Moves what the record has of the message to the store; whether the message is whole then. */
	private collect(input: TlsInput): boolean {
		const { storeAt } = this.#parts;
		if (this.#storeEnd - storeAt < HEADER) this.moveToStore(input, HEADER);
		if (this.#storeEnd - storeAt < HEADER) return false;
		const length = HEADER + this.length(storeAt);
		if (length > this.#parts.storeEnd - storeAt) {
			this.failure = STORE_TOO_SMALL;
			this.bytesNeeded = length;
			return false;
		}
		this.moveToStore(input, length);
		if (this.#storeEnd - storeAt < length) return false;
		this.stand(storeAt, storeAt + length);
		return true;
	}

	/** Moves bytes from the record until the store holds length. */
	private moveToStore(input: TlsInput, length: number): void {
		const missing = length - (this.#storeEnd - this.#parts.storeAt);
		const count = Math.min(missing, input.end - input.at);
		this.memory.copyWithin(this.#storeEnd, input.at, input.at + count);
		this.#storeEnd += count;
		input.at += count;
		if (input.at === input.end) input.release();
	}

	private stand(at: number, end: number): void {
		this.type = this.memory[at];
		this.bodyAt = at + HEADER;
		this.bodyEnd = end;
		this.#stands = true;
	}

	private length(at: number): number {
		const { memory } = this;
		return (memory[at + 1] << 16) | (memory[at + 2] << 8) | memory[at + 3];
	}

	/** Turns pending bytes into records while there is room. */
	private fillRecords(): void {
		const { output, flightAt } = this.#parts;
		for (;;) {
			const count = Math.min(this.#pendingEnd - this.#pendingAt, output.room());
			if (count === 0) break;
			const at = output.contentAt();
			this.memory.copyWithin(at, this.#pendingAt, this.#pendingAt + count);
			output.seal(handshake, at + count);
			this.#pendingAt += count;
		}
		if (this.#pendingAt === this.#pendingEnd) {
			this.#pendingAt = this.#pendingEnd = flightAt;
			this.#flushing = false;
		}
	}

	private makeRoom(): void {
		const { flightAt } = this.#parts;
		this.fillRecords();
		if (this.#pendingAt === flightAt) return;
		this.memory.copyWithin(flightAt, this.#pendingAt, this.#pendingEnd);
		this.#pendingEnd -= this.#pendingAt - flightAt;
		this.#pendingAt = flightAt;
	}
}
