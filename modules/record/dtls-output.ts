// Records to datagrams (RFC 9147 4.3, 4.4): content is written in place into a fixed region of the connection's memory,
// sealed there, and given to the network a datagram at a time, none longer than the path can take.

import { copy } from "../base/bytes.js";
import { DtlsEpochs } from "./dtls-epochs.js";
import type { ConnectionIds, DtlsProtection } from "./dtls-protection.js";
import type { RecordOutput } from "./records.js";

const CONTENT_MAX = 16384;
const HALF = 0x100000000;
/** In front of each datagram stands its length, in the region only. */
const LENGTH = 2;
/** In its first byte: the datagram goes to where a check is done. */
const ELSEWHERE = 0x80;
/** Kept free behind everything else, so that an alert always finds room. */
const ALERT_RESERVE = 128;
/** RFC 9147 5.1: how much may go to an address that nobody has proven yet, by what came from there. */
const AMPLIFICATION = 3;
/** Where the path's MTU goes when nothing comes back: less headers, what each link of IPv6 and of IPv4 can take, and a little. */
const smallerMtus: readonly number[] = Object.freeze([1232, 548, 228]);

/** For a connection that was saved: the first number that must not be used, in the newest epoch and in the one before it. */
class Reserved {
	newest = Number.POSITIVE_INFINITY;
	previous = Number.POSITIVE_INFINITY;
}

/** Counts what has come in. */
interface BytesIn {
	readonly bytes: number;
}

/**
 * The writing half of the record layer.
 *
 *     const room = output.room();
 *     copy(memory, output.contentAt(), data, 0, Math.min(room, data.length));
 *     output.seal(application_data, output.contentAt() + count);     // a datagram of its own
 *     const length = output.networkOut(packet, 0, packet.length);    // one datagram, whole
 */
export class DtlsOutput implements RecordOutput {
	readonly epochs = new DtlsEpochs();
	readonly ids: ConnectionIds;
	/** The longest content that the peer accepts. */
	limit = CONTENT_MAX;
	/** The longest datagram that is made. */
	mtu: number;
	/** While it is set, the peer's address is not proven: what has come from there. */
	unproven: BytesIn | undefined = undefined;
	#reserved: Reserved | undefined = undefined;
	/** Where the datagram that was given last must go; undefined: to the peer's address. */
	elsewhere: string | undefined = undefined;
	#detour = "";
	records = 0;
	bytes = 0;
	readonly #memory: Uint8Array;
	readonly #regionAt: number;
	readonly #regionEnd: number;
	/** The first datagram that the network has not taken. */
	#takenEnd: number;
	/** The datagram that is being filled: its length, and its end so far. */
	#datagramAt: number;
	#filledEnd: number;

	/** Takes the region [at, end) of memory; it must hold a datagram of mtu bytes and ALERT_RESERVE. */
	constructor(memory: Uint8Array, at: number, end: number, ids: ConnectionIds, mtu: number) {
		this.#memory = memory;
		this.#regionAt = this.#takenEnd = this.#datagramAt = at;
		this.#filledEnd = at + LENGTH;
		this.#regionEnd = end;
		this.ids = ids;
		this.mtu = Math.min(mtu, this.mostMtu);
	}

	/** Gives the next datagram; 0 if there is none. The place must be as long as the longest datagram. */
	networkOut(bytes: Uint8Array, at: number, end: number): number {
		this.endDatagram();
		if (this.#takenEnd === this.#datagramAt) return 0;
		const from = this.#takenEnd + LENGTH;
		const first = this.#memory[this.#takenEnd];
		const length = ((first & ~ELSEWHERE) << 8) | this.#memory[this.#takenEnd + 1];
		if (length > end - at) return 0;
		this.elsewhere = first & ELSEWHERE ? this.#detour : undefined;
		copy(bytes, at, this.#memory, from, from + length);
		this.#takenEnd = from + length;
		this.bytes += length;
		if (this.#takenEnd === this.#datagramAt) this.restart();
		return length;
	}

	/** Bytes that wait for the network. */
	get pending(): number {
		return this.#filledEnd - LENGTH - this.#takenEnd;
	}

	/** Where the content of the next record begins, in a datagram of its own. */
	contentAt(): number {
		this.makeRoom();
		return this.nextDatagramAt() + LENGTH + this.epochs.newest.prefix(true);
	}

	/** None while a new address is being checked: nothing is sent to where the peer may be no more (RFC 9853 5). */
	room(): number {
		if (this.ids.paths.checking) return 0;
		return this.roomUpTo(this.#regionEnd - ALERT_RESERVE);
	}

	roomForAlert(): number {
		return this.roomUpTo(this.#regionEnd);
	}

	/** Protects the content at [contentAt(), contentEnd) under the newest keys, as a datagram of its own. */
	seal(type: number, contentEnd: number): void {
		this.endDatagram();
		this.#filledEnd = this.epochs.newest.seal(type, this.#memory, this.#filledEnd, contentEnd, true);
		this.records++;
		this.endDatagram();
	}

	/** The same for a datagram that goes to another address; the last such address counts for all that still wait. */
	sealElsewhere(type: number, contentEnd: number, address: string): void {
		this.endDatagram();
		const at = this.#datagramAt;
		this.seal(type, contentEnd);
		this.#memory[at] |= ELSEWHERE;
		this.#detour = address;
	}

	get address(): string {
		return this.ids.paths.address;
	}

	/** So many more records may be sent; then none, until it is said again (for a connection that may be restored from there). */
	reserve(ahead: number): void {
		const { number } = this.epochs.newest;
		this.#reserved ??= new Reserved();
		this.#reserved.newest = number.high * HALF + number.low + ahead;
	}

	/** The first number of the newest epoch that must not be used; Infinity: the connection was never saved. */
	get reservedUntil(): number {
		return this.#reserved === undefined ? Number.POSITIVE_INFINITY : this.#reserved.newest;
	}

	/** New keys. Those of a renegotiation nobody has saved; after an exchange of keys in 1.3 as many numbers are free as before it. */
	install(protection: DtlsProtection): void {
		const reserved = this.#reserved;
		if (reserved !== undefined && !protection.unified) {
			reserved.previous = reserved.newest;
			reserved.newest = Number.POSITIVE_INFINITY;
		}
		this.epochs.install(protection);
	}

	/** Whether an epoch has no numbers left: the newest until it is saved again, one before it for ever. */
	isUsedUp(protection: DtlsProtection): boolean {
		const reserved = this.#reserved;
		if (reserved === undefined) return false;
		const { number } = protection;
		return number.high * HALF + number.low >= (protection === this.epochs.newest ? reserved.newest : reserved.previous);
	}

	/** Goes on with this number, as soon as numbers are reserved. */
	resume(next: number): void {
		const { number } = this.epochs.newest;
		number.high = Math.floor(next / HALF);
		number.low = next % HALF;
		this.reserve(0);
	}

	/** How much content a record of this epoch can have in the datagram that is being filled; may be less than nothing. */
	roomInDatagram(protection: DtlsProtection): number {
		if (this.isUsedUp(protection)) return 0;
		const used = this.#filledEnd - this.#datagramAt - LENGTH;
		const room = Math.min(this.mtu - used, this.#regionEnd - ALERT_RESERVE - this.#filledEnd, this.allowance());
		return Math.min(this.limit, room - protection.prefix(false) - protection.expansion);
	}

	/** Whether nothing stands in the datagram that is being filled. */
	get datagramEmpty(): boolean {
		return this.#filledEnd === this.#datagramAt + LENGTH;
	}

	/** Whether a whole datagram, and so any message's part, has room in a new datagram. */
	get roomForDatagram(): boolean {
		this.makeRoom();
		const at = this.nextDatagramAt() + LENGTH;
		return Math.min(this.#regionEnd - ALERT_RESERVE - at, this.allowance()) >= Math.min(this.mtu, 128);
	}

	/** Where the content of a record of this epoch begins in the datagram that is being filled. */
	placeInDatagram(protection: DtlsProtection): number {
		return this.#filledEnd + protection.prefix(false);
	}

	/**
	 * Protects the content at [placeInDatagram(), contentEnd); protection.number moves on. `last`: nothing follows in the
	 * datagram, so that the record needs no length of its own where its header can do without.
	 */
	sealInDatagram(protection: DtlsProtection, type: number, contentEnd: number, last: boolean): void {
		const saved = last ? protection.prefix(false) - protection.prefix(true) : 0;
		if (saved > 0) {
			const contentAt = this.placeInDatagram(protection);
			this.#memory.copyWithin(contentAt - saved, contentAt, contentEnd);
		}
		this.#filledEnd = protection.seal(type, this.#memory, this.#filledEnd, contentEnd - saved, last);
		this.records++;
		if (last) this.endDatagram();
	}

	/** The peer has this record of ours (the low half of its number is enough: a flight is short). */
	noteDelivered(epoch: number, low: number): void {
		const { newest } = this.epochs;
		if (newest.epoch === epoch && newest.number.high === 0) newest.delivered = Math.max(newest.delivered, low);
	}

	/** What follows goes to another datagram. */
	endDatagram(): void {
		const length = this.#filledEnd - this.#datagramAt - LENGTH;
		if (length === 0) return;
		this.#memory[this.#datagramAt] = length >> 8;
		this.#memory[this.#datagramAt + 1] = length;
		this.#datagramAt = this.#filledEnd;
		this.#filledEnd += LENGTH;
	}

	/** The longest that there is memory for. */
	private get mostMtu(): number {
		return this.#regionEnd - this.#regionAt - 2 * LENGTH - ALERT_RESERVE;
	}

	tryMtu(length: number): number {
		if (length > this.mostMtu) return 0;
		const before = this.mtu;
		this.mtu = length;
		return before;
	}

	/** Datagrams of this length don't get through, or nothing comes back: shorter ones may get through (RFC 9147 4.4). Those that were made meanwhile are told of, too. */
	lowerMtu(length: number): void {
		if (length > this.mtu) return;
		for (const mtu of smallerMtus) {
			if (mtu >= length) continue;
			this.mtu = mtu;
			return;
		}
	}

	get peerId(): Uint8Array | undefined {
		return this.ids.used ? this.ids.peer.bytes : undefined;
	}

	/** How much application data a datagram can carry under the newest keys. */
	get innerMtu(): number {
		const { newest } = this.epochs;
		return Math.min(this.limit, this.mtu - newest.longestPrefix - newest.expansion);
	}

	wipe(): void {
		this.epochs.wipe();
	}

	private nextDatagramAt(): number {
		return this.datagramEmpty ? this.#datagramAt : this.#filledEnd;
	}

	private roomUpTo(end: number): number {
		this.makeRoom();
		const { newest } = this.epochs;
		if (this.isUsedUp(newest)) return 0;
		const room = Math.min(this.mtu, end - this.nextDatagramAt() - LENGTH, this.allowance());
		return Math.max(0, Math.min(this.limit, room - newest.prefix(true) - newest.expansion));
	}

	/** What may still be sent to an address that is not proven. */
	private allowance(): number {
		const { unproven } = this;
		return unproven === undefined ? Number.POSITIVE_INFINITY : AMPLIFICATION * unproven.bytes - this.bytes - this.pending;
	}

	/** Moves what waits to the front of the region, if that makes room for a datagram. */
	private makeRoom(): void {
		const gap = this.#takenEnd - this.#regionAt;
		if (gap === 0 || this.#regionEnd - this.#filledEnd >= this.mtu + LENGTH + ALERT_RESERVE) return;
		this.#memory.copyWithin(this.#regionAt, this.#takenEnd, this.#filledEnd);
		this.#takenEnd -= gap;
		this.#datagramAt -= gap;
		this.#filledEnd -= gap;
	}

	private restart(): void {
		this.#takenEnd = this.#datagramAt = this.#regionAt;
		this.#filledEnd = this.#regionAt + LENGTH;
	}
}
