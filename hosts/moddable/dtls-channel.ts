// One DTLS connection over UDP, worked off in slices from the event loop: a client's, which has its UDP socket to itself, or
// one of a listener's, which gives it its datagrams.

import { NO_FAILURE } from "polltls/base/failure";
import { CLOSED, HANDSHAKE, OPERATING, WANTS_INPUT, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import type { Session } from "polltls/handshake/session";
import { application_data } from "polltls/wire/registry";
import { type SessionOwner, shared } from "./shared.js";
import type { ChannelOwner } from "./tls-channel.js";
import { TlsError } from "./tls-error.js";
import type { Turn } from "./turns.js";
import type { UdpTransport } from "./udp-transport.js";

/** The longest datagram that is sent: an Ethernet's. */
const DATAGRAM = 1500;
/** Bytes of a listener's datagrams that wait for the connection; more are lost, as they would be in a socket's buffer. */
const QUEUE = 6000;
/** What a datagram counts at least. */
const LEAST = 256;
/** Milliseconds that a closed channel may take until its close_notify is out. */
const LINGER = 2000;

/**
 * A channel.
 *
 *     const channel = new DtlsChannel(openDtlsClient(options), "192.0.2.1 5684");
 *     channel.connect(new UdpTransport(UDP, 0, () => channel.turn.run()), true);
 *     channel.attach(owner);
 *     if (bytes.length <= channel.writable) channel.write(bytes);
 */
export class DtlsChannel {
	readonly connection: Connection;
	readonly turn: Turn;
	/** Bytes of the datagram that can be read; 0: there is none. */
	readable = 0;
	/** Where the peer's datagrams go. */
	address: string;
	/** By a listener: called when it is gone, and when the peer has moved. */
	onGone: (() => void) | undefined;
	onMoved: ((address: string) => void) | undefined;
	#owner: ChannelOwner | undefined;
	#udp: UdpTransport | undefined;
	/** Whether the UDP socket is its own. */
	#alone = false;
	readonly #queue: { datagram: Uint8Array; from: string }[] = [];
	readonly #out = new Uint8Array(DATAGRAM);
	/** What was written while the connection took nothing: one datagram. */
	#waiting: Uint8Array | undefined;
	/** The longest data of a datagram; 0 until the connection is open. */
	#capacity = 0;
	/** Whether the owner has been told: that it can write, that it is over. */
	readonly #told = { writable: false, end: false };
	readonly #sessions: { owner: SessionOwner | undefined; kept: Session | undefined } = { owner: undefined, kept: undefined };
	/** Ticks at which a closed channel is cut; NaN while it isn't closed. */
	#closeBy = Number.NaN;

	/** address: "192.0.2.1 5684". */
	constructor(connection: Connection, address: string) {
		this.connection = connection;
		this.address = address;
		this.turn = shared().turns.add((now) => this.#work(now));
		this.turn.wake();
	}

	/** Sends through this socket; alone: it is a client's, which takes the socket's datagrams and closes it. */
	connect(udp: UdpTransport, alone: boolean): void {
		this.#udp = udp;
		this.#alone = alone;
	}

	/** Gives it an owner, who is told what there is. */
	attach(owner: ChannelOwner): void {
		this.#owner = owner;
		this.#told.writable = this.#told.end = false;
		this.readable = 0;
		this.turn.wake();
	}

	/** Keeps what later connections of this owner may resume by. */
	keepSessions(owner: SessionOwner | undefined): void {
		this.#sessions.owner = owner;
		this.#sessions.kept = this.connection.session;
	}

	/** Takes it from its owner, who hears no more of it. */
	detach(): void {
		this.#owner = undefined;
	}

	/** By a listener: a datagram for it, which it keeps. */
	receive(datagram: Uint8Array, from: string): void {
		let waiting = Math.max(LEAST, datagram.length);
		for (const each of this.#queue) waiting += Math.max(LEAST, each.datagram.length);
		if (waiting <= QUEUE) this.#queue.push({ datagram, from });
		this.turn.wake();
	}

	/** Moves the datagram's first bytes to the whole of `into`; the rest of it is passed over. */
	read(into: Uint8Array): void {
		const { connection } = this;
		connection.applicationOut(into, 0, into.length);
		if (into.length < this.readable) connection.traffic.input.release();
		this.readable = 0;
		this.turn.wake(); // the next datagram
	}

	/** The longest data that can be written now. */
	get writable(): number {
		const { connection } = this;
		if (connection.state !== OPERATING || this.#waiting !== undefined || !Number.isNaN(this.#closeBy)) return 0;
		const room = connection.traffic.output.room();
		if (room > 0) this.#capacity = room; // none while a new address is being checked
		return this.#capacity;
	}

	/** Writes all of bytes, which aren't longer than writable, as a datagram. */
	write(bytes: Uint8Array): void {
		if (bytes.length > 0 && !this.#send(bytes)) {
			this.#waiting = bytes.slice();
			this.#told.writable = false;
		}
		this.#flush();
		this.turn.wake();
	}

	/** Ends it; the peer is told. */
	close(): void {
		this.#owner = undefined;
		if (!Number.isNaN(this.#closeBy)) return;
		this.#closeBy = shared().clock.ticks() + LINGER;
		if (!this.#finish()) this.turn.wake();
	}

	/** One turn at these ticks; answers those of the next one. */
	#work(now: number): number {
		const { connection } = this;
		const closing = !Number.isNaN(this.#closeBy);
		const moved = this.#take();
		connection.poll(now);
		this.#flush();
		this.#follow();
		if (closing) {
			if (this.#finish()) return Number.POSITIVE_INFINITY;
		} else {
			this.#keepSession();
			this.#tell();
			if (!Number.isNaN(this.#closeBy)) return 0;
		}
		if (moved || connection.wants() & WANTS_WORK || (connection.wants() & WANTS_INPUT && this.#hasInput())) return 0;
		return closing ? Math.min(connection.wakeAt, this.#closeBy) : connection.wakeAt;
	}

	#hasInput(): boolean {
		return this.#queue.length > 0 || (this.#alone && this.#udp?.ready === true);
	}

	/** Gives the connection a datagram, when it has used up the last one; whether it did. */
	#take(): boolean {
		const { connection } = this;
		const queue = this.#queue;
		const udp = this.#udp;
		if (!(connection.wants() & WANTS_INPUT)) return false;
		if (queue.length === 0 && this.#alone && udp !== undefined) {
			const datagram = udp.take();
			if (datagram !== undefined) queue.push({ datagram, from: udp.from });
			else if (udp.ended) connection.networkEnd();
		}
		if (queue.length === 0) return false;
		const { datagram, from } = queue[0];
		const isStray = this.#alone && from !== this.address;
		if (!isStray && connection.networkIn(datagram, 0, datagram.length, from) === 0) return false;
		queue.shift();
		return true;
	}

	/** Gives what waits to the connection and what that has to UDP. */
	#flush(): void {
		const { connection } = this;
		const waiting = this.#waiting;
		const out = this.#out;
		if (waiting !== undefined && this.#send(waiting)) {
			waiting.fill(0);
			this.#waiting = undefined;
		}
		for (let length = connection.networkOut(out, 0, DATAGRAM); length > 0; length = connection.networkOut(out, 0, DATAGRAM))
			this.#udp?.send(out, 0, length, connection.elsewhere ?? this.address);
	}

	/** Gives a datagram to the connection; whether it is gone. One that has become too long for the path is lost there. */
	#send(bytes: Uint8Array): boolean {
		const { connection } = this;
		const room = connection.traffic.output.room();
		if (room > 0 && room < bytes.length) return true;
		return room > 0 && connection.applicationIn(bytes, 0, bytes.length) > 0;
	}

	/** The peer may be elsewhere now, and have proven it. */
	#follow(): void {
		const { peerAddress } = this.connection;
		if (peerAddress === "" || peerAddress === this.address) return;
		this.address = peerAddress;
		this.onMoved?.(peerAddress);
	}

	#keepSession(): void {
		const { session } = this.connection;
		const sessions = this.#sessions;
		if (sessions.owner === undefined || session === undefined || session === sessions.kept) return;
		sessions.kept = session;
		shared().keepSession(sessions.owner, session);
	}

	/** Tells the owner what is new; it may close the channel meanwhile. */
	#tell(): void {
		const { connection } = this;
		const { input } = connection.traffic;
		const { writable } = this;
		const told = this.#told;
		if (writable > 0 && !told.writable && this.#owner !== undefined) {
			told.writable = true;
			this.#owner.writable(writable);
		}
		if (this.readable === 0 && input.type === application_data && connection.state !== HANDSHAKE && this.#owner !== undefined) {
			this.readable = input.end - input.at;
			if (this.readable > 0) this.#owner.readable(1);
		}
		if (this.readable > 0 || told.end || this.#owner === undefined) return;
		if (connection.failure !== NO_FAILURE || connection.peerClosed || connection.state === CLOSED) {
			told.end = true;
			this.#owner.ended(connection.failure === NO_FAILURE ? undefined : new TlsError(connection));
		}
	}

	/** Whether a closed channel has sent everything, or has had its time: it is gone then. */
	#finish(): boolean {
		const { connection } = this;
		this.#flush();
		if (this.#waiting === undefined) connection.close();
		this.#flush();
		const over = connection.state !== OPERATING || connection.failure !== NO_FAILURE || this.#udp?.ended !== false;
		if (!over && shared().clock.ticks() < this.#closeBy) return false;
		this.turn.close();
		connection.abort();
		this.#waiting?.fill(0);
		this.#waiting = undefined;
		this.#queue.length = 0;
		this.#out.fill(0);
		if (this.#alone) this.#udp?.close();
		this.#udp = undefined;
		this.onGone?.();
		this.onGone = this.onMoved = undefined;
		return true;
	}
}
