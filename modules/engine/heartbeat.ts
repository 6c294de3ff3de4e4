// Heartbeats (RFC 6520): our requests, with their answers and repetitions, and answers to the peer's. A message that says
// more than it holds is dropped and counted. For engine/connection.

import { copy, equalPublic } from "../base/bytes.js";
import { Reader } from "../base/reader.js";
import type { HeartbeatSettings } from "../handshake/settings.js";
import type { Entropy } from "../os/os.js";
import type { RecordInput, RecordOutput } from "../record/records.js";
import { peer_allowed_to_send } from "../wire/extensions/heartbeat.js";
import { HEARTBEAT_HEAD, HEARTBEAT_PADDING, HeartbeatMessage, heartbeat_request, heartbeat_response } from "../wire/heartbeat-message.js";
import { heartbeat } from "../wire/registry.js";

// What stands of our request
export const HEARTBEAT_IDLE = 0;
export const HEARTBEAT_WAITING = 1;
/** It was repeated as often as the settings say and nobody answered; the connection goes on. */
export const HEARTBEAT_SILENT = 2;

/** How often a request that tries a length is repeated: others were lost by chance, this one perhaps was not. */
const PROBES = 1;

/** What heartbeats need of a connection's carrier. */
export interface HeartbeatCarrier {
	readonly memory: Uint8Array;
	readonly input: RecordInput;
	readonly output: RecordOutput;
}

/**
 * The heartbeats of one connection.
 *
 *     if (connection.beat()) ...                          // a request is on its way
 *     if (connection.heartbeat?.state === HEARTBEAT_SILENT) giveUp();
 */
export class Heartbeat {
	/** HEARTBEAT_... */
	state = HEARTBEAT_IDLE;
	/** Requests that we sent, repetitions too, and answers to them; requests of the peer; messages that were dropped. */
	sent = 0;
	answered = 0;
	received = 0;
	dropped = 0;
	/** When the request is repeated, in ticks; Infinity if none waits. */
	wakeAt = Number.POSITIVE_INFINITY;
	readonly #settings: HeartbeatSettings;
	readonly #peerTakes: boolean;
	readonly #entropy: Entropy;
	readonly #payload: Uint8Array;
	#repetitions = 0;
	/** The length of the datagram whose way is tried, 0 if none is. */
	#probe = 0;

	/** peerMode: the peer's mode (wire/extensions/heartbeat). */
	constructor(settings: HeartbeatSettings, peerMode: number, entropy: Entropy) {
		this.#settings = settings;
		this.#peerTakes = peerMode === peer_allowed_to_send;
		this.#entropy = entropy;
		this.#payload = new Uint8Array(settings.payloadSize);
	}

	/** Sends a request; false if the peer takes none, one waits already, or there is no room. */
	send(carrier: HeartbeatCarrier, now: number): boolean {
		if (!this.#peerTakes || this.state === HEARTBEAT_WAITING) return false;
		this.#entropy.fill(this.#payload, 0, this.#payload.length);
		this.#repetitions = this.#probe = 0;
		return this.request(carrier, now);
	}

	/**
	 * Over datagrams: sends a request that fills one of this length, to find out whether such get through (RFC 6520 1); once it
	 * is answered they are made as long, if they weren't. False as for send, and if it can't be made. Nobody's silence is told of after it.
	 */
	probe(carrier: HeartbeatCarrier, now: number, length: number): boolean {
		if (!this.#peerTakes || this.state === HEARTBEAT_WAITING) return false;
		this.#entropy.fill(this.#payload, 0, this.#payload.length);
		this.#repetitions = Math.max(0, this.#settings.repetitions - PROBES);
		this.#probe = length;
		if (this.request(carrier, now)) return true;
		this.#probe = 0;
		return false;
	}

	/** Repeats a request that has waited long enough. */
	pump(carrier: HeartbeatCarrier, now: number): void {
		if (now < this.wakeAt) return;
		if (this.#repetitions >= this.#settings.repetitions) {
			this.state = this.#probe > 0 ? HEARTBEAT_IDLE : HEARTBEAT_SILENT;
			this.#probe = 0;
			this.wakeAt = Number.POSITIVE_INFINITY;
		} else if (this.request(carrier, now)) this.#repetitions++;
	}

	/** Takes the record that stands. `busy`: a handshake goes on, in which there are no heartbeats (RFC 6520 3). */
	read(carrier: HeartbeatCarrier, busy: boolean): void {
		const { memory, input } = carrier;
		const message = new HeartbeatMessage();
		const reader = new Reader();
		reader.reset(memory, input.at, input.end);
		let taken = message.decode(reader) && !busy;
		if (taken && message.type === heartbeat_request) taken = this.respond(carrier, message);
		else if (taken) taken = this.takeResponse(carrier, message);
		if (!taken) this.dropped++;
		input.release();
	}

	private request(carrier: HeartbeatCarrier, now: number): boolean {
		const { output } = carrier;
		const before = this.#probe > 0 ? output.tryMtu(this.#probe) : 0;
		if (this.#probe > 0 && before === 0) return false;
		const padding = this.#probe > 0 ? output.room() - HEARTBEAT_HEAD - this.#payload.length : HEARTBEAT_PADDING;
		const written = padding >= HEARTBEAT_PADDING && this.write(carrier, heartbeat_request, this.#payload, 0, this.#payload.length, padding);
		if (this.#probe > 0) output.tryMtu(before);
		if (!written) return false;
		this.sent++;
		this.state = HEARTBEAT_WAITING;
		this.wakeAt = now + this.#settings.seconds * 1000;
		return true;
	}

	/** Sends the payload back, if we take requests and there is room. */
	private respond(carrier: HeartbeatCarrier, { payloadAt, payloadEnd }: HeartbeatMessage): boolean {
		if (!this.#settings.allowPeer) return false;
		this.received++;
		return this.write(carrier, heartbeat_response, carrier.memory, payloadAt, payloadEnd, HEARTBEAT_PADDING);
	}

	private takeResponse({ memory, output }: HeartbeatCarrier, { payloadAt, payloadEnd }: HeartbeatMessage): boolean {
		const payload = this.#payload;
		if (this.state === HEARTBEAT_IDLE || !equalPublic(payload, 0, payload.length, memory, payloadAt, payloadEnd)) return false;
		this.answered++;
		if (this.#probe > 0) {
			const before = output.tryMtu(this.#probe);
			if (before > this.#probe) output.tryMtu(before);
			this.#probe = 0;
		}
		this.state = HEARTBEAT_IDLE;
		this.wakeAt = Number.POSITIVE_INFINITY;
		return true;
	}

	private write({ memory, output }: HeartbeatCarrier, type: number, payload: Uint8Array, at: number, end: number, padding: number): boolean {
		const length = end - at;
		if (output.room() < HEARTBEAT_HEAD + length + padding) return false;
		const contentAt = output.contentAt();
		const paddingAt = contentAt + HEARTBEAT_HEAD + length;
		memory[contentAt] = type;
		memory[contentAt + 1] = length >> 8;
		memory[contentAt + 2] = length;
		copy(memory, contentAt + HEARTBEAT_HEAD, payload, at, end);
		this.#entropy.fill(memory, paddingAt, paddingAt + padding);
		output.seal(heartbeat, paddingAt + padding);
		return true;
	}
}
