// One TLS connection on a TCP socket, worked off in slices from the event loop: what the TLS sockets of this host have in
// common. It outlives its owner's close for as long as it takes to send what the owner wrote.

import { NO_FAILURE } from "polltls/base/failure";
import { CLOSED, HANDSHAKE, OPERATING, WANTS_INPUT, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import type { Session } from "polltls/handshake/session";
import { StreamLink } from "polltls/io/stream-link";
import { application_data } from "polltls/wire/registry";
import type { StreamConstructor, StreamOptions } from "./io-types.js";
import { type SessionOwner, shared } from "./shared.js";
import { TcpTransport } from "./tcp-transport.js";
import { TlsError } from "./tls-error.js";
import type { Turn } from "./turns.js";

/** Milliseconds that a closed channel may take to send the rest. */
const LINGER = 5000;
/** Not closed. A constant, because XS looks through all globals for Number. */
const OPEN = Number.POSITIVE_INFINITY;

/** Who is told of a channel's news; nobody is called from inside a call, nor after close. */
export interface ChannelOwner {
	/** The first count bytes of what has arrived can be read. */
	readable(count: number): void;
	/** As many bytes can be written. */
	writable(count: number): void;
	/** It is over: without an error the peer has closed it properly. */
	ended(error: TlsError | undefined): void;
}

/**
 * A channel.
 *
 *     const channel = new TlsChannel(openTlsClient(options), TCP, { address, port });
 *     channel.attach(owner);
 *     if (bytes.length <= channel.writable) channel.write(bytes, false);
 */
export class TlsChannel {
	readonly connection: Connection;
	readonly transport: TcpTransport;
	/** Bytes that can be read, and written. */
	readable = 0;
	writable = 0;
	/** Called when it is gone. */
	onGone: (() => void) | undefined;
	#owner: ChannelOwner | undefined;
	readonly #link: StreamLink;
	readonly #turn: Turn;
	/** What was written and has no room in a record yet; made when it is needed. */
	#waiting: Uint8Array | undefined;
	#waitingEnd = 0;
	/** The most that can be written at once; 0 until the connection is open. */
	#capacity = 0;
	#told = false;
	#sessionOwner: SessionOwner | undefined;
	#kept: Session | undefined;
	/** The owner doesn't know yet what is readable or writable. */
	#isNews = false;
	/** A turn goes on. */
	#working = false;
	/** Ticks at which a closed channel is cut. */
	#closeBy = OPEN;

	/**
	 * tcp: how to reach the peer, or the socket to take over; without it open() tells later.
	 */
	constructor(connection: Connection, Tcp: StreamConstructor, tcp: StreamOptions | undefined) {
		this.connection = connection;
		this.#turn = shared().turns.add((now) => this.#work(now));
		this.transport = new TcpTransport(Tcp, tcp, () => this.#carry());
		this.#link = new StreamLink(this.transport);
		this.#turn.wake();
	}

	/** Connects now; address undefined: it wasn't found. */
	open(Tcp: StreamConstructor, address: string | undefined, port: number | undefined): void {
		const { transport } = this;
		if (transport.ended) return; // closed meanwhile
		if (address === undefined) transport.ended = true;
		else transport.open(Tcp, { address, port, nodelay: true }, () => this.#carry());
		this.#turn.wake();
	}

	/** Gives it an owner, who is told what there is. */
	attach(owner: ChannelOwner): void {
		this.#owner = owner;
		this.#told = false;
		this.#isNews = true;
		this.#turn.wake();
	}

	/** Keeps what later connections of this owner may resume by. */
	keepSessions(owner: SessionOwner | undefined): void {
		this.#sessionOwner = owner;
		this.#kept = this.connection.session;
	}

	/** Takes it from its owner, who hears no more of it. */
	detach(): void {
		this.#owner = undefined;
	}

	/** Moves bytes that can be read to the whole of `into`, which isn't longer than readable. */
	read(into: Uint8Array): void {
		this.connection.applicationOut(into, 0, into.length);
		this.#used(into.length);
	}

	/** The next byte; only while readable isn't 0. */
	readByte(): number {
		const { input, memory } = this.connection.traffic;
		const byte = memory[input.at++];
		if (input.at === input.end) input.release();
		this.#used(1);
		return byte;
	}

	/** How many of the readable bytes there are up to the first one of this value, with it; all if there is none. */
	countTo(value: number): number {
		const { input, memory } = this.connection.traffic;
		for (let at = input.at; at < input.end; at++) if (memory[at] === value) return at - input.at + 1;
		return this.readable;
	}

	/** Writes all of bytes, which aren't longer than writable. more: others follow at once, for the same record. */
	write(bytes: Uint8Array, more: boolean): void {
		this.writable -= bytes.length;
		let at = 0;
		if (!more && this.#waitingEnd === 0) at = this.connection.applicationIn(bytes, 0, bytes.length);
		if (at < bytes.length) {
			this.#waiting ??= new Uint8Array(this.#capacity);
			this.#waiting.set(at === 0 ? bytes : bytes.subarray(at), this.#waitingEnd);
			this.#waitingEnd += bytes.length - at;
		}
		if (!more) {
			this.#flush();
			this.#wake();
		}
	}

	/** Ends it: what was written goes out first, in the background; a handshake ends at once. */
	close(): void {
		this.#owner = undefined;
		if (this.#closeBy !== OPEN) return;
		const { connection } = this;
		this.#closeBy = shared().clock.ticks() + LINGER;
		if (connection.state !== OPERATING || connection.failure !== NO_FAILURE) this.#end();
		else if (!this.#finish()) this.#turn.wake();
	}

	#keepSession(): void {
		const { session } = this.connection;
		const owner = this.#sessionOwner;
		if (owner === undefined || session === undefined || session === this.#kept) return;
		this.#kept = session;
		shared().keepSession(owner, session);
	}

	/** The turn that goes on looks for more work at its end. */
	#wake(): void {
		if (!this.#working) this.#turn.wake();
	}

	#used(count: number): void {
		this.readable -= count;
		if (this.readable === 0) this.#wake(); // the next record
	}

	/** TCP has news. Its bytes go in and out at once; a turn comes when there is something to work on, which a piece of a record isn't. */
	#carry(): void {
		const { connection, transport } = this;
		const { input, output } = connection.traffic;
		const sends = output.pending > 0;
		if (sends) this.#link.flush(connection);
		const came = transport.readable > 0 && this.#link.fill(connection);
		if (came ? input.ready || sends : output.pending === 0 || !sends) this.#turn.run();
	}

	/** One turn at these ticks; answers those of the next one. */
	#work(now: number): number {
		const { connection } = this;
		const { output } = connection.traffic;
		const closing = this.#closeBy !== OPEN;
		this.#working = true;
		let moved = output.pending > 0 || this.#waitingEnd > 0 ? this.#flush() : false;
		let wants = connection.wants();
		if (wants & WANTS_INPUT && this.#link.fill(connection)) {
			moved = true;
			wants = connection.wants();
		}
		// A piece of a record is nothing to work on yet
		if (!moved || wants & WANTS_WORK || now >= connection.wakeAt) {
			connection.poll(now);
			if (output.pending > 0) this.#flush();
		}
		if (closing) {
			if (this.#finish()) return OPEN;
		} else {
			if (this.#sessionOwner !== undefined) this.#keepSession();
			this.#tell();
		}
		this.#working = false;
		if (this.#isReady()) return 0;
		return connection.wakeAt < this.#closeBy ? connection.wakeAt : this.#closeBy;
	}

	/** Whether the next turn has something to do, after what the owner has done in its calls. */
	#isReady(): boolean {
		const { connection, transport } = this;
		const wants = connection.wants();
		if (wants & WANTS_WORK) return true;
		if (wants & WANTS_INPUT && (transport.readable > 0 || (transport.ended && !this.#link.ended))) return true;
		if (transport.writable > 0 && connection.traffic.output.pending > 0) return true;
		return this.#owner !== undefined && this.writable < this.#capacity && this.#isDrained();
	}

	#isDrained(): boolean {
		return this.#waitingEnd === 0 && this.connection.traffic.output.pending === 0;
	}

	/** Gives what waits to the connection and what that has to TCP. */
	#flush(): boolean {
		const { connection } = this;
		const waiting = this.#waiting;
		let moved = this.#link.flush(connection);
		if (waiting === undefined || this.#waitingEnd === 0) return moved;
		const taken = connection.applicationIn(waiting, 0, this.#waitingEnd);
		if (taken > 0) {
			waiting.copyWithin(0, taken, this.#waitingEnd);
			this.#waitingEnd -= taken;
			moved = this.#link.flush(connection) || moved;
		}
		return moved;
	}

	/** Tells the owner what is new; it may close the channel meanwhile. */
	#tell(): void {
		const { connection } = this;
		const { input, output } = connection.traffic;
		if (this.#capacity === 0 && connection.state === OPERATING) this.#capacity = output.room();
		const isNews = this.#isNews;
		if (this.#owner === undefined) return;
		this.#isNews = false;
		if (this.#isDrained() && connection.state === OPERATING && (this.writable < this.#capacity || isNews)) {
			this.writable = this.#capacity;
			this.#owner.writable(this.writable);
		}
		if (input.type === application_data && connection.state !== HANDSHAKE && (this.readable === 0 || isNews)) {
			this.readable = input.end - input.at;
			if (this.readable > 0) this.#owner?.readable(this.readable);
		}
		if (this.readable > 0 || this.#told) return;
		if (connection.failure !== NO_FAILURE || connection.peerClosed || connection.state === CLOSED) {
			this.#told = true;
			this.#owner?.ended(connection.failure === NO_FAILURE ? undefined : new TlsError(connection));
		}
	}

	/** Whether a closed channel has sent everything, or has had its time: it is gone then. */
	#finish(): boolean {
		const { connection } = this;
		this.#flush();
		if (this.#waitingEnd === 0) connection.close();
		this.#flush();
		if (!this.#isDrained() && connection.failure === NO_FAILURE && !this.#link.broken && shared().clock.ticks() < this.#closeBy) return false;
		this.#end();
		return true;
	}

	#end(): void {
		this.#turn.close();
		this.#link.flush(this.connection); // an alert
		this.connection.abort();
		this.transport.close();
		this.#waiting?.fill(0);
		this.#waiting = undefined;
		this.onGone?.();
		this.onGone = undefined;
	}
}
