// Records from a stream (RFC 8446 5.1, RFC 5246 6.2): collects them in a fixed region of the connection's memory,
// checks the header, opens them in place and shows one content at a time.

import { copy } from "../base/bytes.js";
import {
	BAD_RECORD_MAC,
	type Failure,
	RECORD_CONTENT_MALFORMED,
	RECORD_CONTENT_TOO_LONG,
	RECORD_CONTENT_TYPE_UNKNOWN,
	RECORD_EMPTY,
	RECORD_OVERFLOW,
	RECORD_TOO_LARGE_FOR_BUFFER,
	RECORD_TYPE_UNKNOWN,
	RECORD_UNPROTECTED,
	RECORD_VERSION_UNKNOWN,
} from "../base/failure.js";
import type { StreamTransport } from "../os/os.js";
import { alert, application_data, change_cipher_spec, heartbeat } from "../wire/registry.js";
import { OPEN_BAD_MAC, OPEN_MALFORMED, type Protection, RECORD_HEADER } from "./protection.js";
import type { RecordInput } from "./records.js";

/** The longest content of a record (RFC 8446 5.1). */
export const CONTENT_MAX = 16384;
/** What protection may add to it: 256 in 1.3, 2048 before the version is known and in 1.2 (RFC 5246 6.2.3). */
const EXPANSION_MAX = 2048;
const EXPANSION_MAX_13 = 256;
/** read() answers: no whole record yet. Else the content type, or a failure. */
export const NO_RECORD = 0;

/**
 * The reading half of the record layer.
 *
 *     const count = input.networkIn(bytes, 0, bytes.length);
 *     const type = input.read();
 *     if (type > 255) fail(type);                 // a failure
 *     else if (type !== NO_RECORD) {
 *         use(memory, input.at, input.end);
 *         input.release();
 *     }
 */
export class TlsInput implements RecordInput {
	/** The content type of the record that stands, NO_RECORD if none does. */
	type = NO_RECORD;
	/** Its content that is not used yet. */
	at = 0;
	end = 0;
	protection: Protection | undefined = undefined;
	/** The longest content that we accept: what we told the peer, or CONTENT_MAX. */
	limit = CONTENT_MAX;
	/** Bytes of records that may be passed over because they don't open: early data that isn't taken. */
	skippable = 0;
	/** After RECORD_TOO_LARGE_FOR_BUFFER: how large the region would have to be. */
	bytesNeeded = 0;
	records = 0;
	bytes = 0;
	readonly #memory: Uint8Array;
	readonly #regionAt: number;
	readonly #regionEnd: number;
	/** The record that comes next or stands, and what has arrived from there on. */
	#recordAt: number;
	#fillEnd: number;
	#recordEnd = 0;
	/** Whether a record under keys has been read. */
	#protected = false;

	/** Takes the region [at, end) of memory; its size less 5 is the longest record that it can read. */
	constructor(memory: Uint8Array, at: number, end: number) {
		this.#memory = memory;
		this.#regionAt = this.#recordAt = this.#fillEnd = at;
		this.#regionEnd = end;
	}

	/** Takes as many bytes as there is room for; answers how many. They may be the caller's again at once. */
	networkIn(bytes: Uint8Array, at: number, end: number): number {
		const count = Math.min(end - at, this.#regionEnd - this.#fillEnd);
		if (count <= 0) return 0;
		copy(this.#memory, this.#fillEnd, bytes, at, at + count);
		this.#fillEnd += count;
		this.bytes += count;
		return count;
	}

	/** Reads from a stream, straight into its region, as much as there is room for: what the stream answers, 0 if there is no room. */
	networkFrom(stream: StreamTransport): number {
		const at = this.#fillEnd;
		if (at === this.#regionEnd) return 0;
		const count = stream.read(this.#memory, at, this.#regionEnd);
		if (count > 0) {
			this.#fillEnd = at + count;
			this.bytes += count;
		}
		return count;
	}

	/** Whether something has arrived that is not a whole record. */
	get partial(): boolean {
		return this.type === NO_RECORD && this.#fillEnd > this.#recordAt;
	}

	/** Whether a record stands or has arrived as a whole, or what has arrived is none: read() need not wait for the network. */
	get ready(): boolean {
		return this.type !== NO_RECORD || this.standsWhole();
	}

	/** Opens the next record, unless one stands: its content type, NO_RECORD, or a failure. */
	read(): number {
		if (this.type !== NO_RECORD) return this.type;
		if (this.#fillEnd === this.#recordAt) return NO_RECORD;
		const failure = this.checkHeader();
		if (failure !== NO_RECORD) return failure;
		const { protection } = this;
		const end = this.#recordEnd;
		if (end === 0 || this.#fillEnd < end) return NO_RECORD;
		const outerType = this.#memory[this.#recordAt];
		if (protection === undefined && outerType === application_data && this.skip()) return NO_RECORD;
		const plain = protection === undefined || (protection.hidesType && outerType !== application_data);
		if (plain) {
			this.type = outerType;
			this.at = this.#recordAt + RECORD_HEADER;
			this.end = end;
		} else {
			const contentEnd = protection.open(this.#memory, this.#recordAt, end);
			if (contentEnd === OPEN_BAD_MAC) return this.skip() ? NO_RECORD : BAD_RECORD_MAC;
			this.skippable = 0;
			if (contentEnd === OPEN_MALFORMED) return RECORD_CONTENT_MALFORMED;
			this.at = this.#recordAt + RECORD_HEADER + protection.prefix;
			this.end = contentEnd;
			this.type = protection.type;
			this.#protected = true;
		}
		this.records++;
		if (this.end - this.at > this.limit) return RECORD_CONTENT_TOO_LONG;
		if (this.type < change_cipher_spec || this.type > heartbeat) return RECORD_CONTENT_TYPE_UNKNOWN;
		// RFC 8446 5.1: only application data may be empty
		if (this.end === this.at && this.type !== application_data) return RECORD_EMPTY;
		return this.type;
	}

	/** The record that stands has been used. */
	release(): void {
		this.type = NO_RECORD;
		this.#recordAt = this.#recordEnd;
		this.#recordEnd = 0;
		if (this.#recordAt === this.#fillEnd) this.#recordAt = this.#fillEnd = this.#regionAt;
		else if (!this.standsWhole()) this.moveToFront();
	}

	/** What still comes is a failure, which the engine finds. */
	endOfData(): void {}

	/** A stream needs none. */
	get localId(): undefined {
		return undefined;
	}

	/** A stream has no noise. */
	get dropped(): undefined {
		return undefined;
	}

	wipe(): void {
		this.protection?.wipe();
	}

	/** New keys from the next record on. */
	install(protection: Protection): void {
		this.protection?.wipe();
		this.protection = protection;
	}

	/** Looks at the header as soon as its parts are there, so that garbage is refused at its first byte. */
	private checkHeader(): Failure | 0 {
		const { protection } = this;
		const memory = this.#memory;
		const at = this.#recordAt;
		const filled = this.#fillEnd - at;
		if (filled === 0 || this.#recordEnd !== 0) return 0;
		const type = memory[at];
		if (type < change_cipher_spec || type > heartbeat) return RECORD_TYPE_UNKNOWN;
		if (filled < 2) return 0;
		if (memory[at + 1] !== 3) return RECORD_VERSION_UNKNOWN;
		if (filled < RECORD_HEADER) return 0;
		if (protection?.hidesType && type !== application_data && type !== change_cipher_spec) {
			// An alert of a peer that never got as far as our keys is let through: it can only end the connection
			if (type !== alert || this.#protected) return RECORD_UNPROTECTED;
		}
		const length = (memory[at + 3] << 8) | memory[at + 4];
		const expansion = protection === undefined ? 0 : protection.hidesType ? EXPANSION_MAX_13 : EXPANSION_MAX;
		if (length > CONTENT_MAX + expansion) return RECORD_OVERFLOW;
		if (RECORD_HEADER + length > this.#regionEnd - this.#regionAt) {
			this.bytesNeeded = RECORD_HEADER + length;
			return RECORD_TOO_LARGE_FOR_BUFFER;
		}
		this.#recordEnd = at + RECORD_HEADER + length;
		return 0;
	}

	/** Passes over the record, if it may be early data that isn't taken. */
	private skip(): boolean {
		const length = this.#recordEnd - this.#recordAt;
		if (length > this.skippable) return false;
		this.skippable -= length;
		this.release();
		return true;
	}

	/** Whether the record at recordAt has arrived as a whole, or is none or too long: nothing more is needed to tell. */
	private standsWhole(): boolean {
		const memory = this.#memory;
		const at = this.#recordAt;
		const filled = this.#fillEnd - at;
		if (filled > 0 && (memory[at] < change_cipher_spec || memory[at] > heartbeat)) return true;
		if (filled < RECORD_HEADER) return filled > 1 && memory[at + 1] !== 3;
		const length = RECORD_HEADER + ((memory[at + 3] << 8) | memory[at + 4]);
		return filled >= length || length > this.#regionEnd - this.#regionAt || memory[at + 1] !== 3;
	}

	private moveToFront(): void {
		const at = this.#regionAt;
		this.#memory.copyWithin(at, this.#recordAt, this.#fillEnd);
		this.#fillEnd -= this.#recordAt - at;
		this.#recordAt = at;
	}
}
