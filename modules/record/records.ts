// What the engine needs of a record layer, whichever it is. Implemented by record/tls-input and tls-output, and by
// their datagram siblings; used as types by engine/connection.

import type { StreamTransport } from "../os/os.js";

/** The reading half: one content stands at a time. */
export interface RecordInput {
	/** The content type of the record that stands, 0 if none does. */
	readonly type: number;
	/** Its content that is not used yet; who uses a part moves at. */
	at: number;
	readonly end: number;
	/** Whether a record stands or has arrived as a whole. */
	readonly ready: boolean;
	/** Whether a part of a record has arrived. */
	readonly partial: boolean;
	/** The size of the region that the record in the way would need, after RECORD_TOO_LARGE_FOR_BUFFER. */
	readonly bytesNeeded: number;
	readonly records: number;
	readonly bytes: number;
	/** Takes bytes of the network: how many. `from`: a datagram's sender, where it matters. */
	networkIn(bytes: Uint8Array, at: number, end: number, from: string): number;
	/** Over a stream: reads from it, without a copy between, as much as there is room for. Its answer; 0 if there is no room. */
	networkFrom?(stream: StreamTransport): number;
	/** Opens the next record, unless one stands: its type, 0 if there is none yet, or a failure (above 255). */
	read(): number;
	/** The record that stands has been used. */
	release(): void;
	/** The peer has said that it sends no more. */
	endOfData(): void;
	/** The connection id that records carry, if any do. */
	readonly localId: Uint8Array | undefined;
	/** What was dropped as noise, by kind, where noise is dropped. */
	readonly dropped: object | undefined;
	/** Overwrites keys. */
	wipe(): void;
}

/** The writing half. */
export interface RecordOutput {
	/** Bytes that wait for the network. */
	readonly pending: number;
	readonly records: number;
	readonly bytes: number;
	/** Gives bytes to the network: how many. */
	networkOut(bytes: Uint8Array, at: number, end: number): number;
	/** Over a stream: writes to it what waits, without a copy between. Its answer; 0 if nothing waits. What a broken stream doesn't take is dropped. */
	networkTo?(stream: StreamTransport): number;
	/** Where the datagram that was given last must go; undefined: to the peer's address. */
	readonly elsewhere: string | undefined;
	/** The address that is proven to be the peer's, "" if the host tells none. */
	readonly address: string;
	/** Where the content of the next record begins. */
	contentAt(): number;
	/** How many bytes of content the next record can take; 0 if it must wait for the network. */
	room(): number;
	/** The same for an alert, which has a reserve. */
	roomForAlert(): number;
	/** A datagram of this length was refused by the network: later ones are shorter. Means nothing over a stream. */
	lowerMtu(length: number): void;
	/** Makes datagrams of up to this length from now on; answers the length before, 0 where that can't be. */
	tryMtu(length: number): number;
	/** The connection id that records carry, if any do. */
	readonly peerId: Uint8Array | undefined;
	/** Protects the content at [contentAt(), contentEnd) and gives it to the network. */
	seal(type: number, contentEnd: number): void;
	wipe(): void;
}
