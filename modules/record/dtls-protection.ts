// What a datagram's record protection does, and the plain form of epoch 0 (RFC 9147 section 4, RFC 6347 4.1). One
// object a direction and epoch. For record/dtls-input and dtls-output; dtls-protection13 and dtls-protection12 implement it.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import type { Registry } from "../crypto/registry.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import { DtlsPaths } from "./dtls-paths.js";
import { SequenceNumber } from "./protection.js";
import { ReplayWindow } from "./replay-window.js";

/** Type, version, epoch, 48-bit number, length: plain records, and all those of 1.2. */
export const PLAIN_HEADER = 13;
/** Where the length stands in it, and the epoch. */
export const LENGTH_AT = 11;
export const EPOCH_AT = 3;
export const NUMBER_AT = 5;

/** DTLS 1.2, which is also what 1.3 writes. */
export const DTLS_1_2 = 0xfefd;

/** Answer of open: it has no valid content. */
export const OPEN_FAILED = -1;
/** Answer of open: a record with this number was opened before. */
export const OPEN_REPLAYED = -2;

/** Seals and opens records in place. */
export interface DtlsProtection {
	readonly epoch: number;
	/** 1.3: the header is the unified one (RFC 9147 4). */
	readonly unified: boolean;
	/** Opening: the id that its records carry. */
	readonly id: Uint8Array;
	/** Bytes from the next record's beginning to its content; `last`: nothing follows in the datagram. */
	prefix(last: boolean): number;
	/** The most that prefix(true) answers for any record. */
	readonly longestPrefix: number;
	/** The most bytes that seal adds behind the content. */
	readonly expansion: number;
	/** The number of the next record sealed; or that of the record opened last. */
	readonly number: SequenceNumber;
	/** Sealing: the highest number that the peer is known to have seen, 0 before it is known of any. */
	delivered: number;
	/** Opening: what has been seen. */
	readonly window: ReplayWindow;
	/** How many records could not be opened. */
	forged: number;
	/** How many may be: then the keys must not be used any more (RFC 9147 4.5.3). */
	readonly forgedLimit: number;
	/** After open: the content type, where its content begins, and whether it is the newest record so far. */
	readonly type: number;
	readonly contentAt: number;
	readonly newest: boolean;
	/** Writes the header at at, protects the content at [at + prefix(last), contentEnd), answers where the record ends. */
	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number, last: boolean): number;
	/** Opens the record at [at, end), whose header ends at headerEnd; answers where its content ends, or OPEN_.... */
	open(bytes: Uint8Array, at: number, headerEnd: number, end: number): number;
	wipe(): void;
}

/** The id that the records of one direction carry; of length 0 if they carry none. */
export class CarriedId {
	bytes = new Uint8Array(0);
}

/** How many ids of ours a peer may use: the first, and those of NewConnectionIds (RFC 9147 9). */
const LOCAL_IDS = 4;

/**
 * The connection ids of both directions (RFC 9146, RFC 9147 9), shared by a connection's input, output and messages.
 *
 *     ids.use(ours, theirs, true);               // agreed on: from the next keys on
 *     ids.isLocal(memory, at);                   // whether a record is for us
 *     ids.renew(fresh, true);                    // the peer wants another to be used
 */
export class ConnectionIds {
	/** Whether ids were agreed on. */
	used = false;
	/** What the peer writes to us (the newest), and what we write to it. */
	readonly local = new CarriedId();
	readonly peer = new CarriedId();
	/** Where the peer is. */
	readonly paths = new DtlsPaths();
	/** Of the peer, for later. */
	spare: Uint8Array<ArrayBuffer> | undefined = undefined;
	readonly #accepted: Uint8Array[] = [];

	/** Both sides have agreed. */
	use(local: Uint8Array, peer: Uint8Array, checks: boolean): void {
		this.used = true;
		this.paths.checks = checks;
		this.local.bytes = local.slice();
		this.peer.bytes = peer.slice();
		this.#accepted.length = 0;
		this.#accepted.push(this.local.bytes);
	}

	/** Not agreed on: the next keys go without. */
	forgo(): void {
		this.use(NO_ID, NO_ID, false);
		this.used = false;
	}

	/** Another id of ours, as long as the first; the oldest is forgotten if there are too many. */
	add(local: Uint8Array): void {
		if (this.#accepted.length === LOCAL_IDS) this.#accepted.shift();
		this.local.bytes = local.slice();
		this.#accepted.push(this.local.bytes);
	}

	/** Another id of the peer's: at once, or when it is wanted. */
	renew(peer: Uint8Array, immediately: boolean): void {
		if (immediately) this.peer.bytes = peer.slice();
		else this.spare = peer.slice();
	}

	/** Goes on with the spare id; false if there is none. */
	useSpare(): boolean {
		const { spare } = this;
		if (spare === undefined) return false;
		this.peer.bytes = spare;
		this.spare = undefined;
		return true;
	}

	/** We go on over another path by our own wish; the peer's challenges on the old one are answered by path_drop. */
	leave(address: string): void {
		this.paths.leave(address);
	}

	/** Writes them, and where the peer is. */
	save(writer: Writer): void {
		const { paths } = this;
		writer.u8((this.used ? 1 : 0) | (paths.checks ? 2 : 0));
		writer.u8(this.local.bytes.length);
		writer.copy(this.local.bytes, 0, this.local.bytes.length);
		writer.u8(this.peer.bytes.length);
		writer.copy(this.peer.bytes, 0, this.peer.bytes.length);
		writer.u8(paths.address.length);
		for (let i = 0; i < paths.address.length; i++) writer.u8(paths.address.charCodeAt(i));
	}

	/** Goes on with what was saved; false if it is malformed. */
	restore(reader: Reader): boolean {
		const flags = reader.u8();
		const localAt = reader.take(reader.u8());
		const localEnd = reader.at;
		const peerAt = reader.take(reader.u8());
		const peerEnd = reader.at;
		const { bytes } = reader;
		if (flags & 1 && !reader.failed) this.use(bytes.subarray(localAt, localEnd), bytes.subarray(peerAt, peerEnd), (flags & 2) !== 0);
		let address = "";
		for (let length = reader.u8(); length > 0; length--) address += String.fromCharCode(reader.u8());
		this.paths.address = address;
		return !reader.failed;
	}

	/** Whether one of ours stands at at; an empty one is nobody's. */
	isLocal(bytes: Uint8Array, at: number): boolean {
		for (const id of this.#accepted) {
			let i = 0;
			while (i < id.length && bytes[at + i] === id[i]) i++;
			if (i > 0 && i === id.length) return true;
		}
		return false;
	}
}

/** Makes the protection of an epoch. `cid`: the id that its records carry; in 1.3 it may change. */
export type CreateDtlsProtection = (registry: Registry, keys: TrafficKeys, epoch: number, cid: CarriedId) => DtlsProtection;

/** Writes the header of a plain record or one of 1.2; `cid` stands in front of the length. */
export function encodePlainHeader(
	bytes: Uint8Array,
	at: number,
	type: number,
	epoch: number,
	number: SequenceNumber,
	cid: Uint8Array | undefined,
	length: number,
): void {
	number.encode(bytes, at + EPOCH_AT);
	bytes[at] = type;
	bytes[at + 1] = DTLS_1_2 >> 8;
	bytes[at + 2] = DTLS_1_2 & 255;
	bytes[at + EPOCH_AT] = epoch >> 8;
	bytes[at + EPOCH_AT + 1] = epoch;
	at += LENGTH_AT;
	if (cid !== undefined) for (let i = 0; i < cid.length; i++) bytes[at++] = cid[i];
	bytes[at] = length >> 8;
	bytes[at + 1] = length;
}

/** Reads the epoch and number of a plain record or one of 1.2. */
export function decodeNumber(bytes: Uint8Array, at: number, number: SequenceNumber): void {
	at += NUMBER_AT;
	number.high = (bytes[at] << 8) | bytes[at + 1];
	number.low = ((bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]) >>> 0;
}

const NO_ID = new Uint8Array(0);

/** Epoch 0: nothing is protected, and nobody can say which records are replayed. */
export class DtlsPlain implements DtlsProtection {
	readonly epoch = 0;
	readonly unified = false;
	readonly expansion = 0;
	readonly longestPrefix = PLAIN_HEADER;
	readonly number = new SequenceNumber();
	delivered = 0;
	forged = 0;
	readonly forgedLimit = Number.POSITIVE_INFINITY;
	type = 0;
	contentAt = 0;
	readonly newest = false;

	get id(): Uint8Array {
		return NO_ID;
	}

	/** Never asked for: nothing tells what was seen before. */
	get window(): ReplayWindow {
		return new ReplayWindow();
	}

	prefix(): number {
		return PLAIN_HEADER;
	}

	seal(type: number, bytes: Uint8Array, at: number, contentEnd: number): number {
		encodePlainHeader(bytes, at, type, 0, this.number, undefined, contentEnd - at - PLAIN_HEADER);
		this.number.increment();
		return contentEnd;
	}

	open(bytes: Uint8Array, at: number, headerEnd: number, end: number): number {
		this.type = bytes[at];
		this.contentAt = headerEnd;
		decodeNumber(bytes, at, this.number);
		return end;
	}

	wipe(): void {}
}
