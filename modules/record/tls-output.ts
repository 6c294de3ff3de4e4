// Records to a stream (RFC 8446 5.1): content is written in place into a fixed region of the connection's memory,
// sealed there, and taken by the network in pieces of any size.

import { copy } from "../base/bytes.js";
import type { StreamTransport } from "../os/os.js";
import { TLS_1_0, TLS_1_2 } from "../wire/registry.js";
import { encodeRecordHeader, type Protection, RECORD_HEADER } from "./protection.js";
import type { RecordOutput } from "./records.js";
import { CONTENT_MAX } from "./tls-input.js";

/** Kept free behind everything else, so that an alert always finds room: a sealed record of two bytes, whatever the suite. */
export const ALERT_RESERVE = 128;

/**
 * The writing half of the record layer.
 *
 *     const room = output.room();
 *     if (room === 0) return WAIT_OUTPUT;
 *     copy(memory, output.contentAt(), data, 0, Math.min(room, data.length));
 *     output.seal(application_data, output.contentAt() + count);
 *     const sent = output.networkOut(packet, 0, packet.length);
 */
export class TlsOutput implements RecordOutput {
	protection: Protection | undefined = undefined;
	/** The longest content that the peer accepts. */
	limit = CONTENT_MAX;
	/** The version in the header of plain records: 1.0 for the first ClientHello (RFC 8446 5.1). */
	headerVersion = TLS_1_0;
	records = 0;
	bytes = 0;
	readonly #memory: Uint8Array;
	readonly #regionAt: number;
	readonly #regionEnd: number;
	/** Sealed records that the network has not taken. */
	#takenEnd: number;
	#sealedEnd: number;

	/** Takes the region [at, end) of memory; less ALERT_RESERVE it must hold a record. */
	constructor(memory: Uint8Array, at: number, end: number) {
		this.#memory = memory;
		this.#regionAt = this.#takenEnd = this.#sealedEnd = at;
		this.#regionEnd = end;
	}

	/** Copies out what waits for the network, as much as fits; answers how many bytes. */
	networkOut(bytes: Uint8Array, at: number, end: number): number {
		const count = Math.min(end - at, this.pending);
		if (count <= 0) return 0;
		copy(bytes, at, this.#memory, this.#takenEnd, this.#takenEnd + count);
		this.taken(count);
		return count;
	}

	/** Writes what waits to a stream, as much as that takes: what the stream answers, 0 if nothing waits. What a broken stream doesn't take is dropped: nobody will. */
	networkTo(stream: StreamTransport): number {
		const { pending } = this;
		if (pending === 0) return 0;
		const count = stream.write(this.#memory, this.#takenEnd, this.#sealedEnd);
		if (count !== 0) this.taken(count > 0 ? count : pending);
		return count;
	}

	/** Bytes that wait for the network. */
	get pending(): number {
		return this.#sealedEnd - this.#takenEnd;
	}

	/** Where the content of the next record begins. */
	contentAt(): number {
		return this.#sealedEnd + RECORD_HEADER + (this.protection?.prefix ?? 0);
	}

	/** How many bytes of content the next record can take now; 0 if it must wait for the network. */
	room(): number {
		return this.roomUpTo(this.#regionEnd - ALERT_RESERVE);
	}

	/** The same with the reserve: for alerts. */
	roomForAlert(): number {
		return this.roomUpTo(this.#regionEnd);
	}

	/** Protects the content at [contentAt(), contentEnd) and gives it to the network. */
	seal(type: number, contentEnd: number): void {
		const { protection } = this;
		if (protection === undefined) this.sealPlain(type, contentEnd);
		else {
			this.#sealedEnd = protection.seal(type, this.#memory, this.#sealedEnd, contentEnd);
			this.records++;
		}
	}

	/** A change_cipher_spec in the clear, whatever the keys (RFC 8446 D.4); false if it must wait for the network. */
	sendPlainChangeCipherSpec(type: number): boolean {
		const at = this.#sealedEnd + RECORD_HEADER;
		if (at + 1 > this.#regionEnd - ALERT_RESERVE) return false;
		this.#memory[at] = 1;
		this.sealPlain(type, at + 1);
		return true;
	}

	/** A stream leads to the peer. */
	get elsewhere(): undefined {
		return undefined;
	}
	get address(): string {
		return "";
	}

	/** A stream needs none. */
	lowerMtu(): void {}

	tryMtu(): number {
		return 0;
	}

	get peerId(): undefined {
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

	/** In the clear from the next record on. */
	uninstall(): void {
		this.protection?.wipe();
		this.protection = undefined;
	}

	private taken(count: number): void {
		this.#takenEnd += count;
		this.bytes += count;
		if (this.#takenEnd === this.#sealedEnd) this.#takenEnd = this.#sealedEnd = this.#regionAt;
	}

	private roomUpTo(end: number): number {
		const room = Math.min(this.limit, end - this.contentAt() - (this.protection?.expansion ?? 0));
		return room > 0 ? room : 0;
	}

	private sealPlain(type: number, contentEnd: number): void {
		const at = this.#sealedEnd;
		encodeRecordHeader(this.#memory, at, type, this.headerVersion, contentEnd - at - RECORD_HEADER);
		this.headerVersion = TLS_1_2;
		this.#sealedEnd = contentEnd;
		this.records++;
	}
}
