// Our flight (RFC 9147 5.7, 5.8): its messages are kept as plaintext until they are acknowledged or answered, and sent as
// often as it takes, each time sealed anew under the epoch they belong to, in fragments that fit the path. What the peer
// has acknowledged is not sent again (RFC 9147 7.2).

import { copy } from "../base/bytes.js";
import type { DtlsOutput } from "../record/dtls-output.js";
import { change_cipher_spec, handshake } from "../wire/registry.js";
import { MESSAGE_HEADER } from "./dtls-assembly.js";
import { DtlsBurst } from "./dtls-burst.js";
import { DtlsRanges } from "./dtls-ranges.js";
import { DtlsTimer, type DtlsTiming } from "./dtls-timer.js";

/** In front of each entry of the store: content type and epoch. */
const META = 3;
/** Parts of the flight that are acknowledged. */
const RANGES = 12;
/** Records whose acknowledgement is understood: the last ones sent. */
const RECORDS = 32;
/** What is remembered of each: epoch, low half of its number, and where in the store its content begins and ends. */
const RECORD_FIELDS = 4;
/** The length in a header, if there is one: the record's that is sent, and the next one's. */
const LENGTH = 2;
/** Less of a message isn't worth a fragment, if there is more. */
const FRAGMENT_LEAST = 32;

/**
 * The flight store.
 *
 *     flight.begin(client_hello, sequence);
 *     writer.reset(memory, flight.bodyAt, flight.storeEnd);
 *     flight.end(writer.at, epoch);
 *     flight.complete();                       // may be sent
 *     const all = flight.send(now);            // as much as the record layer has room for
 */
export class DtlsFlight {
	readonly timer: DtlsTimer;
	readonly storeEnd: number;
	/** Several messages may share a record (a peer of 1.2 may not expect it). */
	packs = false;
	/** It may be sent; the next message begins another flight. */
	ended = false;
	/** It goes out in bursts. */
	readonly burst = new DtlsBurst();
	/** Whether something of the peer's answer has come. */
	answered = false;
	/** Nobody will answer it: it goes out again only when the peer shows that it misses it. */
	#resting = false;
	readonly #memory: Uint8Array;
	readonly #output: DtlsOutput;
	readonly #storeAt: number;
	#writtenEnd: number;
	/** In front of it may stand the last flight of the handshake before, of which nobody knows yet whether it has arrived. */
	#heldEnd: number;
	/** What is sent next, and the entry that it is in. */
	#cursor: number;
	#entryAt: number;
	readonly #acked = new DtlsRanges(RANGES);
	readonly #sent: { readonly fields: Uint32Array; count: number };

	constructor(memory: Uint8Array, storeAt: number, storeEnd: number, output: DtlsOutput, timing: DtlsTiming) {
		this.#memory = memory;
		this.#storeAt = this.#writtenEnd = this.#heldEnd = this.#cursor = this.#entryAt = storeAt;
		this.storeEnd = storeEnd;
		this.#output = output;
		this.timer = new DtlsTimer(timing);
		this.timer.begin();
		this.#sent = { fields: new Uint32Array(RECORDS * RECORD_FIELDS), count: 0 };
	}

	/** The size of the store that a message of this length would need beside what stands in it. */
	needs(bodyLength: number): number {
		return this.#writtenEnd - this.#storeAt + META + MESSAGE_HEADER + bodyLength;
	}
	get size(): number {
		return this.storeEnd - this.#storeAt;
	}

	get empty(): boolean {
		return this.#writtenEnd === this.#storeAt;
	}

	/** Whether some of it hasn't been sent yet since it was last begun. */
	get sending(): boolean {
		return this.ended && this.#cursor < this.#writtenEnd;
	}

	/** The message that is being written: its header, its body. */
	get headerAt(): number {
		return this.#writtenEnd + META;
	}
	get bodyAt(): number {
		return this.#writtenEnd + META + MESSAGE_HEADER;
	}
	/** The first message of the flight. */
	get firstHeaderAt(): number {
		return this.#heldEnd + META;
	}

	/** Begins a message behind those that stand. */
	begin(type: number, sequence: number): void {
		const memory = this.#memory;
		const at = this.headerAt;
		memory[at] = type;
		memory[at + 4] = sequence >> 8;
		memory[at + 5] = sequence;
		memory[at + 6] = memory[at + 7] = memory[at + 8] = 0;
	}

	/** Writes the length of the message that is being written. */
	setLength(length: number): void {
		const memory = this.#memory;
		const at = this.headerAt;
		memory[at + 1] = memory[at + 9] = length >> 16;
		memory[at + 2] = memory[at + 10] = length >> 8;
		memory[at + 3] = memory[at + 11] = length;
	}

	/** The message is written. */
	end(bodyEnd: number, epoch: number): void {
		this.setMeta(handshake, epoch);
		this.#writtenEnd = bodyEnd;
	}

	addChangeCipherSpec(epoch: number): void {
		this.setMeta(change_cipher_spec, epoch);
		this.#memory[this.#writtenEnd + META] = 1;
		this.#writtenEnd += META + 1;
	}

	/** Goes on sending, from where it stopped; answers whether all is out. */
	send(now: number): boolean {
		const { burst, timer } = this;
		if (burst.rests(now)) return false;
		while (this.#cursor < this.#writtenEnd) {
			const covered = this.#acked.endOfCovered(this.#cursor);
			if (covered > this.#cursor) this.moveTo(covered);
			else if (burst.exhausted) {
				this.#output.endDatagram();
				burst.rest(now + timer.part);
				return false;
			} else if (!this.sendRecord()) return false;
			else burst.count();
		}
		burst.end();
		timer.sent(now);
		if (!this.answered && !this.#resting) timer.arm(now);
		return true;
	}

	/** The peer has some of it: the next burst need not wait. */
	goOn(now: number): void {
		this.burst.begin();
		this.send(now);
	}

	/** Sends again what isn't acknowledged. */
	repeat(now: number, from: number = this.#heldEnd): void {
		if (this.sending || this.empty) return;
		this.timer.repeat();
		this.burst.begin();
		// Some peers of 1.2 take one record of a flight that they know each time they look, and repeat their own only when none is left
		this.burst.apart = !this.packs;
		this.#output.endDatagram();
		this.#cursor = this.#entryAt = from;
		this.send(now);
	}

	/** The peer has this record; answers whether that was news. */
	acknowledge(epoch: number, low: number): boolean {
		const { fields } = this.#sent;
		for (let i = 0; i < fields.length; i += RECORD_FIELDS) {
			if (fields[i + 3] === 0 || fields[i] !== epoch || fields[i + 1] !== low) continue;
			if (this.#acked.covers(fields[i + 2], fields[i + 3])) return false;
			return this.#acked.add(fields[i + 2], fields[i + 3]);
		}
		return false;
	}

	/** Whether the peer has acknowledged all of it. */
	get acknowledged(): boolean {
		return this.#acked.covers(this.#storeAt, this.#writtenEnd);
	}

	/** Something of the answer has come. The rest may be lost: then our flight makes the peer repeat its own. */
	hear(now: number): void {
		this.answered = true;
		if (this.#resting) return;
		this.timer.answered(now);
		this.timer.arm(now);
	}

	/** It is the last: no more timers. */
	rest(): void {
		this.#resting = true;
		this.timer.stop();
	}

	/** The peer has shown that it misses the last flight of a handshake: sends it again, if it is still there, and what came after it. */
	repeatLast(now: number): void {
		const { timer } = this;
		const holds = this.#heldEnd > this.#storeAt;
		if (this.answered || (!this.#resting && !holds) || now - (holds ? timer.lastAt : timer.sentAt) < timer.part) return;
		timer.lastAt = now;
		this.repeat(now, this.#storeAt);
	}

	/** Another flight begins; if this is the last one of a handshake, unanswered, it stays if the store has room beside it. */
	leave(bodyLength: number): void {
		if (!this.#resting || this.answered || this.needs(bodyLength) > this.size) this.clear();
		else {
			this.#heldEnd = this.#writtenEnd;
			this.ended = this.#resting = false;
			this.timer.lastAt = this.timer.sentAt;
			this.timer.begin();
		}
	}

	/** Nothing of it is needed any more. */
	clear(): void {
		this.#writtenEnd = this.#heldEnd = this.#cursor = this.#entryAt = this.#storeAt;
		this.#acked.clear();
		this.#sent.fields.fill(0);
		this.ended = this.answered = this.#resting = false;
		this.timer.stop();
		this.timer.begin();
		this.burst.end();
	}

	private setMeta(type: number, epoch: number): void {
		const memory = this.#memory;
		const at = this.#writtenEnd;
		memory[at] = type;
		memory[at + 1] = epoch >> 8;
		memory[at + 2] = epoch;
	}

	/** Where the entry at at ends. */
	private entryEnd(at: number): number {
		const memory = this.#memory;
		if (memory[at] === change_cipher_spec) return at + META + 1;
		return at + META + MESSAGE_HEADER + ((memory[at + META + 1] << 16) | (memory[at + META + 2] << 8) | memory[at + META + 3]);
	}

	private moveTo(place: number): void {
		this.#cursor = place;
		while (this.#entryAt < this.#writtenEnd && this.entryEnd(this.#entryAt) <= place) this.#entryAt = this.entryEnd(this.#entryAt);
	}

	/** One record with as much as fits into the datagram; false if the record layer has no room. */
	private sendRecord(): boolean {
		const memory = this.#memory;
		const output = this.#output;
		const type = memory[this.#entryAt];
		const epoch = (memory[this.#entryAt + 1] << 8) | memory[this.#entryAt + 2];
		const protection = output.epochs.find(epoch);
		if (protection === undefined || (protection !== output.epochs.newest && output.isUsedUp(protection))) {
			// Its keys are gone, so it has been answered long ago; or a connection that slept since has no numbers left for it
			this.moveTo(this.entryEnd(this.#entryAt));
			return true;
		}
		if (output.datagramEmpty && !output.roomForDatagram) return false;
		if (output.roomInDatagram(protection) < this.least()) {
			output.endDatagram();
			if (!output.roomForDatagram || output.roomInDatagram(protection) < this.least()) return false;
		}
		const from = this.#cursor;
		const at = output.placeInDatagram(protection);
		// What fills its datagram is the last in it, and needs no length
		const limit = at + Math.min(output.limit, output.roomInDatagram(protection) + protection.prefix(false) - protection.prefix(true));
		let to = at;
		if (type === change_cipher_spec) {
			memory[to++] = 1;
			this.moveTo(this.entryEnd(this.#entryAt));
		} else {
			do to = this.writeFragment(to, limit);
			while (this.packs && this.continues(epoch) && limit - to >= this.least());
		}
		this.remember(epoch, protection.number.low, from);
		output.sealInDatagram(protection, type, to, this.#cursor >= this.#writtenEnd || this.burst.apart || !this.fitsBehind(limit - to));
		return true;
	}

	/** Whether the next record has room in what is left of a datagram. */
	private fitsBehind(room: number): boolean {
		const memory = this.#memory;
		const next = this.#output.epochs.find((memory[this.#entryAt + 1] << 8) | memory[this.#entryAt + 2]);
		return next !== undefined && room >= 2 * LENGTH + next.longestPrefix + next.expansion + this.least();
	}

	/** How much room the next record needs at least. */
	private least(): number {
		if (this.#memory[this.#entryAt] === change_cipher_spec) return 1;
		return MESSAGE_HEADER + Math.min(FRAGMENT_LEAST, this.entryEnd(this.#entryAt) - this.#cursor);
	}

	/** Whether what comes next may stand in the same record: another message of this epoch, from its beginning. */
	private continues(epoch: number): boolean {
		const memory = this.#memory;
		const at = this.#entryAt;
		if (this.#cursor >= this.#writtenEnd || this.#cursor !== at || memory[at] !== handshake) return false;
		return ((memory[at + 1] << 8) | memory[at + 2]) === epoch && this.#acked.endOfCovered(at) === at;
	}

	/** Writes a part of the message at the cursor, with its header; answers where it ends. */
	private writeFragment(to: number, limit: number): number {
		const memory = this.#memory;
		const headerAt = this.#entryAt + META;
		const bodyAt = headerAt + MESSAGE_HEADER;
		const place = Math.max(this.#cursor, bodyAt);
		const partEnd = this.#acked.nextCovered(place, this.entryEnd(this.#entryAt));
		const count = Math.min(partEnd - place, limit - to - MESSAGE_HEADER);
		const offset = place - bodyAt;
		for (let i = 0; i < 6; i++) memory[to + i] = memory[headerAt + i];
		memory[to + 6] = offset >> 16;
		memory[to + 7] = offset >> 8;
		memory[to + 8] = offset;
		memory[to + 9] = count >> 16;
		memory[to + 10] = count >> 8;
		memory[to + 11] = count;
		to += MESSAGE_HEADER;
		copy(memory, to, memory, place, place + count);
		this.moveTo(place + count);
		return to + count;
	}

	/** Notes what the record holds, in place of the oldest. */
	private remember(epoch: number, low: number, from: number): void {
		const { fields } = this.#sent;
		const at = (this.#sent.count++ % RECORDS) * RECORD_FIELDS;
		fields[at] = epoch;
		fields[at + 1] = low;
		fields[at + 2] = from;
		fields[at + 3] = this.#cursor;
	}
}
