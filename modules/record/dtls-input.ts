// Records from datagrams (RFC 9147 section 4, RFC 6347 4.1): takes one datagram at a time into a fixed region of the
// connection's memory, opens its records in place and shows one content at a time. What isn't as it must be is dropped
// and counted: noise never ends a connection.

import { copy, equalPublic } from "../base/bytes.js";
import { ack, alert, application_data, change_cipher_spec, handshake, return_routability_check, tls12_cid } from "../wire/registry.js";
import { DtlsEpochs } from "./dtls-epochs.js";
import { type ConnectionIds, type DtlsProtection, EPOCH_AT, LENGTH_AT, OPEN_FAILED, OPEN_REPLAYED, PLAIN_HEADER } from "./dtls-protection.js";
import { HAS_CID, HAS_LENGTH, LONG_NUMBER, UNIFIED, UNIFIED_MASK } from "./dtls-protection13.js";
import type { RecordInput } from "./records.js";

const CONTENT_MAX = 16384;
/** read() answers: no record. */
const NO_RECORD = 0;

// Application data of no epoch may come: not yet, or no more
const NONE_YET = -1;
const NO_MORE = -2;

/** Records and datagrams that were dropped, by what was wrong with them. */
export class DtlsDropped {
	/** No record at all, or a truncated one. */
	malformed = 0;
	/** Of an epoch whose keys are not there (not yet, or no longer). */
	epoch = 0;
	/** Of another connection's id, or of none where there must be one. */
	connectionId = 0;
	/** Seen before, or too old to tell. */
	replayed = 0;
	/** Not authentic. */
	forged = 0;
	/** In the clear where that proves nothing any more. */
	unprotected = 0;
	/** Application data before the peer's Finished. */
	early = 0;
	/** Longer than we have room for or have said to take. */
	large = 0;
	/** After the peer's close_notify. */
	closed = 0;
	/** Handshake messages that are none of this connection's, or have no room yet. */
	message = 0;
}

/**
 * The reading half of the record layer. One call of networkIn is one datagram; what has no room yet is offered again.
 *
 *     if (input.networkIn(datagram, 0, length, sender) === 0) keep(datagram);
 *     const type = input.read();
 *     if (type !== 0) {
 *         use(memory, input.at, input.end);
 *         input.release();
 *     }
 */
export class DtlsInput implements RecordInput {
	type = NO_RECORD;
	at = 0;
	end = 0;
	/** What the record that stands was protected by: its epoch and number. */
	protection: DtlsProtection;
	readonly epochs = new DtlsEpochs();
	readonly ids: ConnectionIds;
	readonly dropped = new DtlsDropped();
	/** The longest content that we accept: what we told the peer, or CONTENT_MAX. */
	limit = CONTENT_MAX;
	/** The newest epoch of which application data may come: see finish() and endOfData(). */
	#openTo = NONE_YET;
	records = 0;
	bytes = 0;
	readonly #memory: Uint8Array;
	readonly #regionAt: number;
	readonly #regionEnd: number;
	/** The next record, and the end of the datagram that is being read. */
	#nextAt: number;
	#datagramEnd: number;

	/** Takes the region [at, end) of memory; its size is the longest datagram. */
	constructor(memory: Uint8Array, at: number, end: number, ids: ConnectionIds) {
		this.#memory = memory;
		this.#regionAt = this.#nextAt = this.#datagramEnd = at;
		this.#regionEnd = end;
		this.ids = ids;
		this.protection = this.epochs.plain;
	}

	get localId(): Uint8Array | undefined {
		return this.ids.used ? this.ids.local.bytes : undefined;
	}

	/** A datagram is whole or it isn't there. */
	get partial(): boolean {
		return false;
	}
	get bytesNeeded(): number {
		return 0;
	}

	/** Takes the datagram at [at, end): all of it, or 0 while the last one is not used up. */
	networkIn(bytes: Uint8Array, at: number, end: number, from: string): number {
		if (this.ready) return 0;
		const length = end - at;
		this.bytes += length;
		if (this.#openTo === NO_MORE) this.dropped.closed++;
		else if (length > this.#regionEnd - this.#regionAt) this.dropped.large++;
		else {
			copy(this.#memory, this.#regionAt, bytes, at, end);
			this.ids.paths.from = from;
			this.#nextAt = this.#regionAt;
			this.#datagramEnd = this.#regionAt + length;
		}
		return length;
	}

	get ready(): boolean {
		return this.type !== NO_RECORD || this.#nextAt < this.#datagramEnd;
	}

	/** Opens the next record, unless one stands: its content type, or 0. Never a failure. */
	read(): number {
		while (this.type === NO_RECORD && this.#nextAt < this.#datagramEnd) {
			const first = this.#memory[this.#nextAt];
			if ((first & UNIFIED_MASK) === UNIFIED) this.readUnified(first);
			else this.readPlain(first);
		}
		return this.type;
	}

	release(): void {
		this.type = NO_RECORD;
	}

	/** The peer has said that it sends no more: what still comes is not for us (RFC 9147 5.10). */
	endOfData(): void {
		this.#openTo = NO_MORE;
		if (this.#nextAt < this.#datagramEnd) this.dropped.closed++;
		this.dropRest();
	}

	/** The peer's Finished is here: application data of the epochs up to this may come. */
	finish(epoch: number): void {
		if (this.#openTo !== NO_MORE) this.#openTo = epoch;
	}

	/** Drops the rest of the datagram. */
	dropRest(): void {
		this.type = NO_RECORD;
		this.#nextAt = this.#datagramEnd;
	}

	wipe(): void {
		this.epochs.wipe();
	}

	/** A record of 1.3 under keys. */
	private readUnified(first: number): void {
		const { ids, epochs, dropped } = this;
		const memory = this.#memory;
		const at = this.#nextAt;
		const cidLength = ids.local.bytes.length;
		const hasLength = (first & HAS_LENGTH) !== 0;
		const headerEnd = at + 1 + (first & HAS_CID ? cidLength : 0) + (first & LONG_NUMBER ? 2 : 1) + (hasLength ? 2 : 0);
		let end = this.#datagramEnd;
		if (headerEnd <= end && hasLength) end = headerEnd + ((memory[headerEnd - 2] << 8) | memory[headerEnd - 1]);
		if (headerEnd > end || end > this.#datagramEnd) {
			dropped.malformed++;
			this.dropRest();
			return;
		}
		// RFC 9147 4: a negotiated id stands in all records, and one that wasn't negotiated in none
		if (first & HAS_CID ? cidLength === 0 || !ids.isLocal(memory, at + 1) : cidLength > 0) {
			dropped.connectionId++;
			this.dropRest();
			return;
		}
		this.#nextAt = end;
		const protection = epochs.findByBits(first & 3);
		if (protection === undefined) dropped.epoch++;
		else this.open(protection, at, headerEnd, end);
	}

	/** A record in the clear, or one of 1.2. */
	private readPlain(type: number): void {
		const { ids, epochs, dropped } = this;
		const memory = this.#memory;
		const at = this.#nextAt;
		const epoch = (memory[at + EPOCH_AT] << 8) | memory[at + EPOCH_AT + 1];
		const protection = epochs.find(epoch);
		// RFC 9146 3: a renegotiation may agree on others, from its keys on
		const id = protection === undefined ? ids.local.bytes : protection.id;
		const cidLength = type === tls12_cid ? id.length : 0;
		const headerEnd = at + PLAIN_HEADER + cidLength;
		const lengthAt = at + LENGTH_AT + cidLength;
		const end = headerEnd <= this.#datagramEnd ? headerEnd + ((memory[lengthAt] << 8) | memory[lengthAt + 1]) : headerEnd;
		if (type < change_cipher_spec || type > return_routability_check || end > this.#datagramEnd || memory[at + 1] !== 0xfe) {
			dropped.malformed++;
			this.dropRest();
			return;
		}
		this.#nextAt = end;
		if (type === tls12_cid && (cidLength === 0 || !equalPublic(memory, at + LENGTH_AT, lengthAt, id, 0, cidLength))) {
			dropped.connectionId++;
			return;
		}
		if (protection === undefined || protection.unified) dropped.epoch++;
		else if (type !== tls12_cid && id.length > 0) dropped.connectionId++;
		else if (type !== change_cipher_spec) this.open(protection, at, headerEnd, end);
	}

	/** Opens a record; if it is well, it stands. A change_cipher_spec says nothing that the epoch doesn't. */
	private open(protection: DtlsProtection, at: number, headerEnd: number, end: number): void {
		const { dropped, epochs } = this;
		if (protection.forged >= protection.forgedLimit) {
			dropped.forged++;
			return;
		}
		const contentEnd = protection.open(this.#memory, at, headerEnd, end);
		if (contentEnd === OPEN_FAILED) dropped.forged++;
		else if (contentEnd === OPEN_REPLAYED) dropped.replayed++;
		else if (contentEnd - protection.contentAt > this.limit) dropped.large++;
		else if (protection.type === application_data && protection.epoch > this.#openTo) dropped.early++;
		else if (protection === epochs.plain && !this.believable(protection.type)) dropped.unprotected++;
		else if (!isContent(protection.type)) {
			// RFC 9146 4: under an id a change_cipher_spec of a renegotiation is told apart only here
			if (protection.type !== change_cipher_spec || protection.unified) dropped.malformed++;
		} else {
			// RFC 9147 8: once the peer writes under the new keys, it needs the old ones no more
			if (protection === epochs.newest && protection.unified && protection.epoch > 3) epochs.forgetPrevious();
			if (protection.newest && protection === epochs.newest) this.ids.paths.notice();
			this.protection = protection;
			this.at = protection.contentAt;
			this.end = contentEnd;
			this.type = protection.type;
			this.records++;
		}
	}

	/** What may be in the clear: handshake messages, which are looked at one by one, and before anything authentic came also alerts and ACKs. */
	private believable(type: number): boolean {
		const { newest, plain } = this.epochs;
		if (type === handshake) return true;
		if (type !== alert && type !== ack) return false;
		return newest === plain || (newest.window.empty && this.epochs.previous === undefined);
	}
}

/** Whether content of this type means something to somebody above. */
function isContent(type: number): boolean {
	return type >= alert && type <= return_routability_check && type !== tls12_cid;
}
