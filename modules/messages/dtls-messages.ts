// Handshake messages over datagrams (RFC 9147 section 5 and 7, RFC 6347 4.2): each has a number, may come in fragments and
// in any order, and goes out as part of a flight that is repeated until it is answered or acknowledged.

import { copy } from "../base/bytes.js";
import { ACK_OF_LATER_EPOCH, type Failure, FLIGHT_STORE_TOO_SMALL, MESSAGE_AFTER_KEY_UPDATE, NO_FAILURE } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { Writer } from "../base/writer.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import type { Transcript } from "../crypto/transcript.js";
import type { DtlsInput } from "../record/dtls-input.js";
import type { ConnectionIds, DtlsProtection } from "../record/dtls-protection.js";
import { ack, handshake, return_routability_check } from "../wire/registry.js";
import { ACK_MALFORMED, ACK_NEWS, ACK_TOO_LATE, DtlsAcks, readAcked } from "./dtls-acks.js";
import { DtlsAssembly, MESSAGE_HEADER, OLD, REFUSED, STALE, STORED } from "./dtls-assembly.js";
import { DtlsFlight } from "./dtls-flight.js";
import { DtlsHandshakes } from "./dtls-handshakes.js";
import { copyNumber, type DtlsMessagesParts, DtlsProgress, isForMessages, readNumber, writeNumber } from "./dtls-messages-parts.js";
import { DtlsPathChecks } from "./dtls-path-checks.js";
import type { Messages } from "./messages.js";

/** Type and 24-bit length: what 1.3 hashes of a header (RFC 9147 5.2). */
const HASHED_HEADER_13 = 4;
const DTLS_1_3 = 0xfefc;
/** Epochs of application data in 1.3. */
const EPOCH_APPLICATION = 3;
/** After so many intervals without an answer the datagrams are made shorter. */
const TRIES_OF_A_SIZE = 2;

/** See messages/messages for how it is used. */
export class DtlsMessages implements Messages {
	readonly memory: Uint8Array;
	readonly writer = new Writer();
	type = -1;
	bodyAt = 0;
	bodyEnd = 0;
	failure: Failure = NO_FAILURE;
	bytesNeeded = 0;
	/** Other records may come between the fragments of a message. */
	readonly partial = false;
	readonly #parts: DtlsMessagesParts;
	readonly #assembly: DtlsAssembly;
	readonly #flight: DtlsFlight;
	readonly #acks = new DtlsAcks();
	readonly #progress = new DtlsProgress();
	readonly #checks: DtlsPathChecks;

	constructor(parts: DtlsMessagesParts) {
		const { memory, output } = parts;
		this.#parts = parts;
		this.memory = memory;
		this.#checks = new DtlsPathChecks(memory, parts.input, output, parts.entropy);
		this.#assembly = new DtlsAssembly(memory, parts.storeAt, parts.storeEnd);
		this.#flight = new DtlsFlight(memory, parts.flightAt, parts.flightEnd, output, parts.timing);
		this.#assembly.next = this.#progress.nextSequence = parts.firstSequence;
	}

	get ids(): ConnectionIds {
		return this.#parts.input.ids;
	}

	get pending(): boolean {
		const { sending, burst } = this.#flight;
		return sending && burst.resumeAt === Number.POSITIVE_INFINITY && this.#parts.output.roomForDatagram;
	}

	get blocked(): boolean {
		return this.#progress.blocked;
	}

	/** How often a flight or a part of it was sent again. */
	get retransmissions(): number {
		return this.#flight.timer.repetitions;
	}

	/** Whether the peer has left so many retransmissions without an answer that the application should know. */
	get silent(): boolean {
		return this.#flight.timer.silent;
	}

	/** A close_notify may be lost. */
	get closePatience(): number {
		return 2 * this.#flight.timer.timing.initial;
	}

	get wakeAt(): number {
		const { wakeAt } = this.#parts.input.ids.paths;
		const { timer, burst } = this.#flight;
		return Math.min(timer.deadline, burst.resumeAt, this.#acks.dueAt, wakeAt);
	}

	agree(version: number): void {
		const progress = this.#progress;
		progress.version = version;
		this.#flight.packs = version === DTLS_1_3;
		const { waiting } = progress;
		if (waiting !== undefined) {
			progress.waiting = undefined;
			const at = this.#flight.firstHeaderAt;
			this.hash(waiting, at, at + MESSAGE_HEADER + this.length(at));
		}
		if (version === DTLS_1_3) this.flightAnswered();
	}

	takeWear(): boolean {
		return this.#parts.input.epochs.takeWear();
	}

	forgetHello(): void {
		this.#progress.waiting = undefined;
	}

	peek(): boolean {
		if (this.type >= 0) return true;
		const assembly = this.#assembly;
		if (!assembly.complete) this.readRecord();
		if (!assembly.complete) {
			this.#progress.asked = true;
			return false;
		}
		this.bodyAt = assembly.messageAt + MESSAGE_HEADER;
		this.bodyEnd = assembly.messageEnd;
		this.type = this.memory[assembly.messageAt];
		return true;
	}

	release(transcript: Transcript | undefined): void {
		if (transcript !== undefined) this.hash(transcript, this.bodyAt - MESSAGE_HEADER, this.bodyEnd);
		this.#assembly.release();
		this.type = -1;
	}

	/** 1.3 only. */
	updatePartial(transcript: Transcript, bodyEnd: number): void {
		transcript.update(this.memory, this.bodyAt - MESSAGE_HEADER, this.bodyAt - MESSAGE_HEADER + HASHED_HEADER_13);
		transcript.update(this.memory, this.bodyAt, bodyEnd);
	}

	/** 1.3 only. */
	updateBegun(transcript: Transcript, end: number, bodyEnd: number): void {
		const { headerAt, bodyAt } = this.#flight;
		this.#flight.setLength(bodyEnd - bodyAt);
		transcript.update(this.memory, headerAt, headerAt + HASHED_HEADER_13);
		transcript.update(this.memory, bodyAt, end);
	}

	/** Which keys a message was under is known of each record. */
	aligned(): boolean {
		return true;
	}

	/** The epoch says what the change_cipher_spec would, and can't get lost. */
	takeChangeCipherSpec(): boolean {
		return true;
	}

	room(bodyLength: number): boolean {
		this.beginFlight(bodyLength);
		// RFC 9147 8: a KeyUpdate is the last message of its epoch
		if (this.#progress.keys === undefined && this.#flight.needs(bodyLength) <= this.#flight.size) return true;
		this.#progress.blocked = true;
		if (!this.#flight.ended) {
			this.failure = FLIGHT_STORE_TOO_SMALL;
			this.bytesNeeded = this.#flight.needs(bodyLength);
		}
		return false;
	}

	begin(type: number): void {
		this.#progress.handshakes?.begin(type);
		this.#flight.begin(type, this.#progress.nextSequence++);
		this.writer.reset(this.memory, this.#flight.bodyAt, this.#flight.storeEnd);
	}

	end(transcript: Transcript | undefined): void {
		const at = this.#flight.headerAt;
		this.#flight.setLength(this.writer.at - this.#flight.bodyAt);
		if (transcript !== undefined) {
			if (this.#progress.version === 0) this.#progress.waiting = transcript;
			else this.hash(transcript, at, this.writer.at);
		}
		this.#flight.end(this.writer.at, this.#parts.output.epochs.newest.epoch);
	}

	roomForPart(): boolean {
		return true;
	}

	/** The whole message must fit: it is kept to be sent again. */
	beginLong(type: number, bodyLength: number, transcript: Transcript | undefined): void {
		if (!this.room(bodyLength)) return;
		const flight = this.#flight;
		const { headerAt, bodyAt } = flight;
		flight.begin(type, this.#progress.nextSequence++);
		flight.setLength(bodyLength);
		if (transcript !== undefined) this.hash(transcript, headerAt, bodyAt);
		this.writer.reset(this.memory, bodyAt, bodyAt + bodyLength);
		flight.end(bodyAt + bodyLength, this.#parts.output.epochs.newest.epoch);
		this.#progress.partAt = bodyAt;
	}

	put(bytes: Uint8Array, at: number, end: number, transcript: Transcript | undefined): number {
		const progress = this.#progress;
		if (this.failure !== NO_FAILURE) return 0;
		copy(this.memory, progress.partAt, bytes, at, end);
		transcript?.update(bytes, at, end);
		progress.partAt += end - at;
		return end - at;
	}

	sendChangeCipherSpec(): boolean {
		if (!this.room(0)) return false;
		this.#flight.addChangeCipherSpec(this.#parts.output.epochs.newest.epoch);
		return true;
	}

	/** Each message keeps its epoch, so nothing need be out before keys change. */
	flush(): boolean {
		return true;
	}

	endFlight(): void {
		const { now, finished } = this.#progress;
		this.#flight.ended = true;
		// It says by itself that the peer's flight is here
		if (!finished) this.#acks.clear();
		this.#flight.send(now);
	}

	pump(now: number): void {
		const progress = this.#progress;
		const flight = this.#flight;
		const { timer } = flight;
		progress.now = now;
		if (flight.sending) flight.send(now);
		if (now >= this.#acks.dueAt) this.sendAck();
		if (progress.asked && timer.expired(now) && !flight.sending) {
			timer.expire();
			if (timer.unanswered % TRIES_OF_A_SIZE === 0) this.#parts.output.lowerMtu(this.#parts.output.mtu);
			flight.repeat(now);
			// A HelloRequest may be ignored (RFC 5246 7.4.1.1)
			if (progress.handshakes?.idle && timer.silent) timer.pause();
			else if (!flight.sending) timer.arm(now);
		}
		if (progress.finished) this.#checks.pump(now);
		// The flow reads nothing meanwhile; the ACK may stand behind a message, which is kept until it does
		if (progress.blocked && progress.finished && isForMessages(this.#parts.input.read())) this.readRecord();
		progress.asked = progress.blocked = false;
	}

	readKeys(keys: TrafficKeys, epoch: number): void {
		const { input, registry, createProtection } = this.#parts;
		input.epochs.install(createProtection(registry, keys, epoch, input.ids.local));
		this.#assembly.keepEpoch(epoch);
	}

	writeKeys(keys: TrafficKeys, epoch: number): void {
		const { output, registry, createProtection } = this.#parts;
		const protection = createProtection(registry, keys, epoch, output.ids.peer);
		if (this.#progress.version === DTLS_1_3 && this.#progress.finished && epoch > EPOCH_APPLICATION) this.#progress.keys = protection;
		else output.install(protection);
	}

	finished(): void {
		const progress = this.#progress;
		const { input } = this.#parts;
		progress.finished = true;
		if (progress.version === DTLS_1_3) {
			input.finish(Number.POSITIVE_INFINITY);
			if (this.#flight.answered) this.#flight.clear();
			if (!this.#acks.empty) this.#acks.dueAt = progress.now;
		} else {
			const { epoch } = input.epochs.newest;
			input.finish(epoch);
			this.#flight.rest(); // who had the last word repeats it only when asked
			progress.handshakes ??= new DtlsHandshakes();
			progress.handshakes.end(epoch);
			progress.nextSequence = 0;
			this.#assembly.restart(0);
		}
	}

	abandoned(): void {
		this.#flight.clear();
		this.#progress.handshakes?.abandon();
		this.#assembly.restart(this.#assembly.next);
	}

	/** Epoch 0 has never been left: early data isn't offered over datagrams. */
	writePlain(): void {}

	/** Records of an epoch without keys are dropped anyway. */
	skipEarlyData(_bytes: number): void {}

	save(writer: Writer, ahead: number): boolean {
		const { input, output } = this.#parts;
		const { finished, keys, nextSequence } = this.#progress;
		const flight = this.#flight;
		if (!finished || keys !== undefined || input.ready || output.pending > 0 || this.type >= 0) return false;
		if (flight.sending || (flight.ended && flight.timer.deadline !== Number.POSITIVE_INFINITY)) return false;
		writer.u16(this.#assembly.next);
		writer.u16(nextSequence);
		writer.u16(input.limit);
		writer.u16(output.limit);
		output.reserve(ahead);
		writeNumber(writer, output.reservedUntil);
		const { window } = input.epochs.newest;
		writer.u8(window.empty ? 1 : 0);
		writeNumber(writer, window.highest);
		writer.u32(window.recent);
		writer.u32(window.older);
		return true;
	}

	restore(reader: Reader): boolean {
		const { input, output } = this.#parts;
		this.#assembly.restart(reader.u16());
		this.#progress.nextSequence = reader.u16();
		this.setLimits(reader.u16(), reader.u16());
		output.resume(readNumber(reader));
		const empty = reader.u8() === 1;
		const highest = readNumber(reader);
		const { window } = input.epochs.newest;
		const recent = reader.u32();
		window.resume(empty, highest, recent, reader.u32());
		return !reader.failed;
	}

	setLimits(read: number, write: number): void {
		this.#parts.input.limit = read;
		this.#parts.output.limit = write;
	}

	/** Uses up the record that stands, if it is one for messages. */
	private readRecord(): void {
		const { input, output, firstSequence } = this.#parts;
		// RFC 6347 4.2.1: our records go on from the client's number, because a cookie has had one before it
		if (firstSequence > 0 && output.records === 0) copyNumber(output.epochs.plain.number, input.protection.number);
		if (input.type === handshake) this.readFragments(input);
		else if (input.type === ack) this.readAck(input);
		else if (input.type === return_routability_check) this.#checks.read(this.#progress.finished);
		else return;
		// Whoever can protect a record has got ours
		if (input.protection.epoch > 0) output.unproven = undefined;
		input.release();
	}

	/** All fragments of a record. */
	private readFragments(input: DtlsInput): void {
		const { memory } = this;
		const { protection } = input;
		let { at } = input;
		let fresh = false;
		let stale = false;
		let refused = false;
		while (at < input.end && !refused) {
			const fragmentEnd = at + MESSAGE_HEADER + ((memory[at + 9] << 16) | (memory[at + 10] << 8) | memory[at + 11]);
			if (input.end - at < MESSAGE_HEADER || fragmentEnd > input.end) refused = true;
			else {
				const answer = this.takeFragment(input, at);
				if (answer === STORED) fresh = true;
				else if (answer === STALE) stale = true;
				else refused = answer === REFUSED;
			}
			at = fragmentEnd;
		}
		if (refused) input.dropped.message++;
		if (fresh) this.heardNews();
		if (this.#progress.version === DTLS_1_3 && !refused) this.acknowledge(protection, fresh);
		if (stale && !fresh) this.heardAgain(protection);
	}

	/** One fragment: a message may only come under the keys that are the newest when it is its turn. */
	private takeFragment(input: DtlsInput, at: number): number {
		const { epoch } = input.protection;
		const { newest } = input.epochs;
		const { handshakes, now } = this.#progress;
		const sequence = (this.memory[at + 4] << 8) | this.memory[at + 5];
		if (handshakes !== undefined) {
			const type = this.memory[at];
			if (handshakes.isLast(type, epoch)) {
				this.#flight.repeatLast(now);
				return OLD;
			}
			if (epoch < handshakes.epoch) return REFUSED;
			if (epoch === newest.epoch && handshakes.opens(type) && (handshakes.idle || sequence > this.#assembly.next)) this.#assembly.startAt(sequence);
		}
		const ahead = sequence - this.#assembly.next;
		if (ahead >= 0 && epoch !== newest.epoch) {
			// RFC 9147 8: nothing may follow a KeyUpdate in its epoch
			if (ahead === 0 && epoch >= EPOCH_APPLICATION && newest.unified) this.failure = MESSAGE_AFTER_KEY_UPDATE;
			return REFUSED;
		}
		const answer = this.#assembly.add(at, epoch);
		if (this.#assembly.failure !== NO_FAILURE) {
			this.failure = this.#assembly.failure;
			this.bytesNeeded = this.#assembly.bytesNeeded;
		}
		return answer;
	}

	/** A part of a message that we didn't have. */
	private heardNews(): void {
		const { finished, version, now } = this.#progress;
		const flight = this.#flight;
		flight.timer.heard(now);
		if (!flight.ended || (finished && version === DTLS_1_3)) return;
		if (version === DTLS_1_3) this.flightAnswered();
		else flight.hear(now);
	}

	/** A message that has been read comes again: what we sent after it may be lost. */
	private heardAgain(protection: DtlsProtection): void {
		const { finished, now } = this.#progress;
		const flight = this.#flight;
		if (!flight.ended || flight.answered) return;
		if (finished && protection.epoch === 0) return;
		if (now - flight.timer.sentAt >= flight.timer.part) flight.repeat(now);
	}

	/** Notes that the peer should know of this record; tells it soon, or at once where nothing else will (RFC 9147 7.1). */
	private acknowledge(protection: DtlsProtection, fresh: boolean): void {
		const { finished, now } = this.#progress;
		const acks = this.#acks;
		if (finished ? protection.epoch === 0 : !fresh) return;
		acks.add(protection.epoch, protection.number);
		acks.dueAt = finished ? now : Math.min(acks.dueAt, now + this.#flight.timer.part);
	}

	private sendAck(): void {
		const { output } = this.#parts;
		const room = output.roomForAlert();
		if (room < 18) return;
		const at = output.contentAt();
		output.seal(ack, this.#acks.encode(this.memory, at, room));
		if (this.#progress.finished) this.#acks.clear();
		else this.#acks.dueAt = Number.POSITIVE_INFINITY;
	}

	/** RFC 9147 7.2: what is acknowledged isn't sent again, and the rest at once. */
	private readAck(input: DtlsInput): void {
		const { version, now, finished } = this.#progress;
		const { output } = this.#parts;
		const flight = this.#flight;
		if (version !== DTLS_1_3) return;
		const { epoch } = input.protection;
		// RFC 9147 7: after the handshake the two directions' epochs have nothing to do with each other
		const said = readAcked(this.memory, input.at, input.end, finished ? output.epochs.newest.epoch : epoch, flight, output);
		if (said === ACK_MALFORMED) input.dropped.malformed++;
		else if (said === ACK_TOO_LATE && epoch > 0) this.failure = ACK_OF_LATER_EPOCH;
		if (said > ACK_NEWS || !flight.ended) return;
		const news = said === ACK_NEWS;
		flight.timer.heard(now);
		if (flight.acknowledged) this.flightAnswered();
		else if (news && flight.sending) flight.goOn(now);
		else if (news && now - flight.timer.sentAt >= flight.timer.part / 2) flight.repeat(now);
	}

	/** The peer has all of our flight. */
	private flightAnswered(): void {
		const progress = this.#progress;
		const { keys } = progress;
		if (!this.#flight.ended) return;
		this.#flight.timer.answered(progress.now);
		if (progress.finished) this.#flight.clear();
		else {
			this.#flight.answered = true;
			this.#flight.timer.stop();
		}
		if (keys === undefined) return;
		progress.keys = undefined;
		this.#parts.output.install(keys);
	}

	/** After a flight comes another; post-handshake messages of 1.3 are no answers, and join those that are on their way. */
	private beginFlight(bodyLength: number): void {
		const { finished, version } = this.#progress;
		if (this.#flight.ended && !(finished && version === DTLS_1_3)) this.#flight.leave(bodyLength);
	}

	/** Adds a message to a transcript in the form of the version. */
	private hash(transcript: Transcript, at: number, end: number): void {
		if (this.#progress.version === DTLS_1_3) {
			transcript.update(this.memory, at, at + HASHED_HEADER_13);
			transcript.update(this.memory, at + MESSAGE_HEADER, end);
		} else transcript.update(this.memory, at, end);
	}

	private length(at: number): number {
		const { memory } = this;
		return (memory[at + 1] << 16) | (memory[at + 2] << 8) | memory[at + 3];
	}
}
