// The seam between the handshake and what carries it: handshake messages in and out, in order and whole, and the
// keys of each direction. The flows know nothing else of TLS or DTLS. Implemented by messages/tls-messages and
// messages/dtls-messages; used as a type by handshake/ and engine/.
//
// Reading: peek() until a message stands, look at it in place, release() it. Writing: ask for room(), begin(), write
// the body through the writer, end(). A long body of known length: beginLong(), put() as often as needed. What was
// written is kept until endFlight(), or until flush() when the keys change.

import type { Failure } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import type { Transcript } from "../crypto/transcript.js";

/** The connection ids that records carry (RFC 9146, RFC 9147 9). */
export interface ConnectionIds {
	/** Whether they were agreed on. */
	readonly used: boolean;
	/** What the peer writes to us, and what we write to it; empty: nothing. */
	readonly local: { readonly bytes: Uint8Array };
	readonly peer: { readonly bytes: Uint8Array };
	/** Agreed on: from the next keys on. `checks`: and return routability checks (RFC 9853). */
	use(local: Uint8Array, peer: Uint8Array, checks: boolean): void;
	/** Not agreed on: the next keys go without. */
	forgo(): void;
	/** Another id of ours may come. */
	add(local: Uint8Array): void;
	/** The peer has told another id of its: for at once, or for later. */
	renew(peer: Uint8Array, immediately: boolean): void;
	/** Goes on with the one that was told for later; false if there is none. */
	useSpare(): boolean;
	/** We go on over another path by our own wish: this is where the peer is there, in the host's spelling. */
	leave(address: string): void;
	/** Writes them, and where the peer is. */
	save(writer: Writer): void;
	/** Goes on with what was saved, before keys are installed; false if it is malformed. */
	restore(reader: Reader): boolean;
}

export interface Messages {
	/** The connection's memory: all places are in it. */
	readonly memory: Uint8Array;

	// The message that stands after peek()
	/** HandshakeType. */
	readonly type: number;
	/** Its body. */
	readonly bodyAt: number;
	readonly bodyEnd: number;
	/** Whether a whole message stands; looks for the next one if none does. */
	peek(): boolean;
	/** The message has been used: adds it to the transcript, if one is given, and forgets it. */
	release(transcript: Transcript | undefined): void;
	/** Adds the message that stands to the transcript up to bodyEnd, exclusive: for the binders of RFC 8446 4.2.11.2. */
	updatePartial(transcript: Transcript, bodyEnd: number): void;
	/** Adds the message begun up to end, exclusive, as if its body ended at bodyEnd: for the client's binders. */
	updateBegun(transcript: Transcript, end: number, bodyEnd: number): void;
	/** Whether nothing stands behind the message in its record: it must be so when the read keys change (RFC 8446 5.1). */
	aligned(): boolean;
	/** Whether a change_cipher_spec stands where the next message would: takes it (TLS 1.2). */
	takeChangeCipherSpec(): boolean;

	/** Writes bodies; stands where begin() put it. */
	readonly writer: Writer;
	/** Whether a message with a body of this length fits now; if not, the step answers WAIT_OUTPUT. */
	room(bodyLength: number): boolean;
	/** Begins a message; its room must have been asked for. */
	begin(type: number): void;
	/** The body is written: adds the message to the transcript, if one is given. */
	end(transcript: Transcript | undefined): void;
	/** Whether this many more bytes of a long message fit now; if not, the step answers WAIT_OUTPUT. */
	roomForPart(length: number): boolean;
	/** Begins a message whose body has this length and comes by put(); the room for its header must have been asked for. */
	beginLong(type: number, bodyLength: number, transcript: Transcript | undefined): void;
	/** Adds bytes to the body of a long message, as many as fit now; answers how many. */
	put(bytes: Uint8Array, at: number, end: number, transcript: Transcript | undefined): number;
	/** A change_cipher_spec; false if it must wait for output. `plain`: in the clear, for the sake of middleboxes (RFC 8446 D.4). */
	sendChangeCipherSpec(plain: boolean): boolean;
	/** Gives all that was written to the record layer; false if some must wait for output. */
	flush(): boolean;
	/** The flight is complete: it is sent, and the peer's answer is expected. */
	endFlight(): void;

	/** New keys for reading, from the next record on. `epoch` as in RFC 9147 6.1: 1 early data, 2 handshake, 3 and up application. */
	readKeys(keys: TrafficKeys, epoch: number): void;
	/** New keys for writing; all that was written before must have been flushed. */
	writeKeys(keys: TrafficKeys, epoch: number): void;
	/** Whether the peer should be asked for new keys, because too many forged records were tried on these; said once of each. */
	takeWear(): boolean;
	/** The version is known: what comes and goes is added to transcripts in its form, and so is a ClientHello that had to wait for it. */
	agree(version: number): void;
	/** The transcript begins anew with the next message (HelloVerifyRequest, RFC 6347 4.2.1): a ClientHello that waits is forgotten. */
	forgetHello(): void;
	/** Writing in the clear again: a HelloRetryRequest has refused the early data (RFC 8446 4.1.2). */
	writePlain(): void;
	/** Passes over records that don't open, up to so many bytes, until one does: early data that isn't taken (RFC 8446 4.2.10). */
	skipEarlyData(bytes: number): void;
	/** Where records can carry ids; undefined over a stream. */
	readonly ids: ConnectionIds | undefined;
	/** The handshake is done. */
	finished(): void;
	/** A later handshake that was begun, or asked for, comes to nothing: nothing of it is sent again. */
	abandoned(): void;
	/**
	 * Writes where records and messages stand. The number of the next record is written as if `ahead` more had been sent: so
	 * many can still be sent, then none until it is saved again, and none of their numbers is ever used twice. False if it
	 * can't be done: something is on its way, or the transport keeps its own state.
	 */
	save(writer: Writer, ahead: number): boolean;
	/** Goes on from there; the keys are installed. Nothing can be sent until it is saved again. */
	restore(reader: Reader): boolean;

	/** The longest content the peer may send and we may send from now on, without what protection adds. */
	setLimits(read: number, write: number): void;

	// For the engine
	/** Whether the beginning of a message has arrived and its rest has not: other records may not come in between. */
	readonly partial: boolean;
	/** Whether something written waits for room in the record layer. */
	readonly pending: boolean;
	/** Whether room() was short of an answer of the peer and not of the network: only what it sends brings some. */
	readonly blocked: boolean;
	/** When pump() must be called at the latest, in ticks; Infinity: only when there is room for output. */
	readonly wakeAt: number;
	/** Goes on with what waits: output that had no room, timers that have run out. */
	pump(now: number): void;
	/** What is wrong with what has arrived or what is too large; read after each step. */
	readonly failure: Failure;
	/** With STORE_TOO_SMALL: the size that would do. */
	readonly bytesNeeded: number;
	/** How long the peer's close_notify is waited for after ours, in milliseconds; Infinity: as long as there is a network. */
	readonly closePatience: number;
	/** How often something was sent again because nobody answered. */
	readonly retransmissions: number;
	/** Whether that was so often that the application should know; it goes on all the same. */
	readonly silent: boolean;
}
