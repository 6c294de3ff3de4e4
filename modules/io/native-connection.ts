// A connection of the native interface, over TCP or UDP: it works by itself while the stack is polled, and tells what has
// happened by notifications, each once and in order, from Stack.poll only, none after close.

import { BUFFERS_EXHAUSTED, NO_FAILURE } from "../base/failure.js";
import { CLOSED, HANDSHAKE, OK, OPERATING, WAIT, WANTS_APPLICATION, WANTS_OUTPUT } from "../base/status.js";
import { TRANSPORT_CLOSED, WOULD_BLOCK } from "../os/os.js";
import { ENDING, FRESH } from "./channel.js";
import type { DatagramAttachment, DatagramPort } from "./datagram-port.js";
import type { Guest } from "./dtls-door.js";
import type { Attachment } from "./link.js";
import { STACK_STARTED, type Stack } from "./module.js";
import { DATA_READY, DTLS_TIMEOUT, HANDSHAKE_DONE, HANDSHAKE_FAILED, HANDSHAKE_TIMEOUT, TX_RDY } from "./notifications.js";
import type { Security } from "./security.js";
import { Services } from "./services.js";
import type { Ticket } from "./tickets.js";

/** Called from Stack.poll with one notification (io/notifications). */
export type Notify = (connection: NativeConnection, notification: number) => void;

// Flags of an info
/** The handshake begins as soon as the connection is there. */
export const START = 1;
/** Server: clients must have a certificate. */
export const VERIFY = 2;

/**
 * What connect, accept and serverOpen are told, and where they put the connection. One object for each connection:
 * a call with one that has its connection answers OK again.
 *
 *     const info = new ConnectionInfo(notify, START, "server.example");
 *     while ((code = tcp.connect("server.example 443", info)) === WAIT) stack.poll();
 *     info.connection.send(request);
 */
export class ConnectionInfo {
	/** Milliseconds until somebody must be there, and for the handshake after that; 0: no limit, and the configuration's. */
	timeout = 0;
	notify: Notify | undefined;
	/** START, VERIFY. */
	flags: number;
	/** Client: the server's name; needed with START. Server with VERIFY: the client's, "" for any. */
	peerName: string;
	/** In place of the interface's own. */
	security: Security | undefined = undefined;
	/** After OK. */
	connection: NativeConnection | undefined = undefined;

	constructor(notify?: Notify, flags = 0, peerName = "") {
		this.notify = notify;
		this.flags = flags;
		this.peerName = peerName;
	}
}

const NO_BYTES: Readonly<Uint8Array> = new Uint8Array(0);

/**
 * One connection. Its handshake calls, send, receive, readTicket, state and close are those of Channel, with these differences:
 * receive without an argument gives a buffer of the stack's; a reserved buffer may be sent.
 *
 *     if (connection.reserveBuffer(length, 1000, true) === OK) {
 *         fill(connection.buffer);
 *         connection.send(connection.buffer, 0, length);       // the stack has it now
 *     }
 *     if (connection.receive() === OK) use(connection.data, connection.outcome.count);
 */
export class NativeConnection extends Services {
	/** After reserveBuffer answered OK, until it is sent: the application's to fill. */
	buffer: Uint8Array = NO_BYTES;
	/** After receive() answered OK, until the next one. */
	data: Uint8Array = NO_BYTES;
	/** When the handshake was done, in ticks; NaN before. */
	establishedAt = Number.NaN;
	readonly #notify: Notify | undefined;
	readonly #queue: number[] = [];
	/** HANDSHAKE_DONE or HANDSHAKE_FAILED is told. */
	#settled = false;
	/** DATA_READY isn't told again until the application has asked. */
	#dataTold = false;
	/** What was refused for want of room until when; NaN: nothing. */
	#wantsRoomUntil = Number.NaN;
	/** A buffer that is being sent: its block, and what is left of it. */
	#sending: Uint8Array = NO_BYTES;
	#sendAt = 0;
	#sendEnd = 0;

	/** By NativeTcp and NativeUdp. guest: a client that a port's door has let in. */
	constructor(stack: Stack, security: Security, attachment: Attachment, info: ConnectionInfo, guest?: Guest) {
		super(stack, security, attachment);
		this.#notify = info.notify;
		if (info.timeout > 0) this.times.patience = info.timeout;
		if (guest === undefined) return;
		this.link = attachment.attach();
		this.activate(guest.connection, guest.connection.traffic.memory, true);
	}

	protected get admitted(): boolean {
		const { state, configuration } = this.stack;
		if (state !== STACK_STARTED) return false;
		return this.attachment.isDatagram ? configuration.dtls && configuration.dtlsNativeInterface : configuration.nativeInterface;
	}

	/**
	 * Gets a buffer of the stack for `length` bytes of data to send, or the largest there is: `buffer`. WAIT: the handshake isn't
	 * done; MEM_ERR: all are in use; if `notify`, TX_RDY tells when there is one, within `timeout` milliseconds (0: whenever).
	 */
	reserveBuffer(length: number, timeout = 0, notify = false): number {
		if (!this.enter()) return this.busy();
		try {
			if (this.phase >= ENDING) return this.unknown();
			if (!Number.isInteger(length) || length < 1) return this.refuseArgument(undefined);
			if (this.engine !== undefined && this.engine.failure !== NO_FAILURE) return this.failed();
			if (this.state !== OPERATING) return this.wait();
			if (this.buffer.length === 0) this.buffer = this.sendsBuffer ? NO_BYTES : this.takeBlock();
			if (this.buffer.length > 0) return this.succeed(this.buffer.length);
			if (notify) this.#wantsRoomUntil = timeout > 0 ? this.now() + timeout : Number.POSITIVE_INFINITY;
			return this.noBuffer();
		} finally {
			this.leave();
		}
	}

	/** Without an argument it receives into a buffer of the stack: `data`. */
	override receive(bytes?: Uint8Array, at = 0, end?: number): number {
		this.#dataTold = false;
		if (bytes !== undefined) return super.receive(bytes, at, end ?? bytes?.length);
		if (!this.enter()) return this.busy();
		try {
			if (this.phase >= ENDING) return this.unknown();
			if (this.data.length === 0) this.data = this.takeBlock();
			return this.data.length === 0 ? this.noBuffer() : this.receiveSome(this.data, 0, this.data.length);
		} finally {
			this.leave();
		}
	}

	/** For the stack: works, and notes what happened. */
	override poll(now: number): number {
		if (this.phase >= ENDING) return super.poll(now);
		const { engine } = this;
		if (engine === undefined) {
			if (this.attachment.isDatagram) this.link ??= this.attachment.attach();
			this.noteData(this.link?.look() ?? false);
			return Number.POSITIVE_INFINITY;
		}
		const moved = this.turn(now);
		this.sendOn();
		this.settle();
		this.late(now);
		this.becameSilent();
		const stands = (engine.wants() & WANTS_APPLICATION) !== 0 || engine.peerClosed || engine.state === CLOSED;
		this.noteData(stands && this.#settled);
		if (now > this.#wantsRoomUntil) this.#wantsRoomUntil = Number.NaN;
		if (!Number.isNaN(this.#wantsRoomUntil) && !this.sendsBuffer && !(engine.wants() & WANTS_OUTPUT)) {
			this.#wantsRoomUntil = Number.NaN;
			this.tell(TX_RDY);
		}
		return this.due(moved);
	}

	/** For the stack: calls the application back. */
	override notify(): void {
		for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#notify?.(this, next);
	}

	/** For the interface: the connection is there, and its handshake begins if that was asked for; if it can't, HANDSHAKE_FAILED tells, and outcome why. */
	ready(info: ConnectionInfo, isServer: boolean, ticket: Ticket | undefined): void {
		this.tell(TX_RDY);
		if (!(info.flags & START) || this.phase !== FRESH) return;
		if (this.begin(isServer, info.peerName, ticket, info.flags & VERIFY ? "require" : "no") === OK) return;
		this.#settled = true;
		this.tell(HANDSHAKE_FAILED);
	}

	/** Whether it is on this port. */
	isOn(port: DatagramPort): boolean {
		return (this.attachment as Partial<DatagramAttachment>).port === port;
	}

	override close(): number {
		this.#queue.length = 0;
		const code = super.close();
		return code === WAIT && this.phase >= ENDING ? this.succeed() : code; // the stack goes on with it
	}

	override stop(): void {
		this.#queue.length = 0;
		super.stop();
	}

	protected override end(): void {
		this.giveBlocksBack();
		super.end();
	}

	/** Told by a notification. */
	protected override late(now: number): boolean {
		if (super.late(now)) this.tell(HANDSHAKE_TIMEOUT);
		return false;
	}
	protected override becameSilent(): boolean {
		if (super.becameSilent()) this.tell(DTLS_TIMEOUT);
		return false;
	}

	protected override sendSome(bytes: Uint8Array, at: number, end: number): number {
		if (this.phase >= ENDING || bytes === undefined || bytes === null || this.state === HANDSHAKE) return super.sendSome(bytes, at, end);
		this.sendOn();
		if (this.sendsBuffer) return this.wantRoom();
		const isOurs = bytes === this.buffer && bytes.length > 0;
		if (!isOurs || this.state !== OPERATING || !(at >= 0 && at < end && end <= bytes.length)) {
			const code = super.sendSome(bytes, at, end);
			return code === WAIT ? this.wantRoom() : code;
		}
		this.#sending = bytes;
		this.#sendAt = at;
		this.#sendEnd = end;
		this.buffer = NO_BYTES;
		this.sendOn();
		return this.succeed(end - at);
	}

	/** Before the handshake datagrams go as they are. */
	protected override sendPlain(bytes: Uint8Array, at: number, end: number): number {
		if (!this.attachment.isDatagram) return this.notBegun();
		if (!this.admitted) return this.notReady();
		this.link ??= this.attachment.attach();
		if (this.link === undefined) return this.exhausted();
		return this.answerOf(this.link.write(bytes, at, end));
	}
	protected override receivePlain(bytes: Uint8Array, at: number, end: number): number {
		if (!this.attachment.isDatagram) return this.notBegun();
		if (!this.admitted) return this.notReady();
		this.link ??= this.attachment.attach();
		if (this.link === undefined) return this.exhausted();
		return this.answerOf(this.link.read(bytes, at, end));
	}

	private answerOf(count: number): number {
		if (count > 0) return this.succeed(count);
		if (count === WOULD_BLOCK) return this.wait();
		return count === TRANSPORT_CLOSED ? this.succeed(0) : this.broken();
	}

	private noBuffer(): number {
		return this.refuse(BUFFERS_EXHAUSTED);
	}

	/** WAIT, and TX_RDY when it is over. */
	private wantRoom(): number {
		this.#wantsRoomUntil = Number.POSITIVE_INFINITY;
		return this.wait();
	}

	private get sendsBuffer(): boolean {
		return this.#sending.length > 0;
	}

	/** Goes on with a buffer that is being sent; it is free when all of it has gone, or can't go any more. */
	private sendOn(): void {
		const { engine } = this;
		if (!this.sendsBuffer || engine === undefined) return;
		for (let count = 1; count > 0 && this.#sendAt < this.#sendEnd; this.drain()) {
			count = engine.applicationIn(this.#sending, this.#sendAt, this.#sendEnd);
			this.#sendAt += count;
		}
		if (this.#sendAt < this.#sendEnd && engine.failure === NO_FAILURE) return;
		this.stack.pools.buffers.giveBack(this.#sending);
		this.#sending = NO_BYTES;
	}

	/** Notes how the handshake has ended. */
	private settle(): void {
		const { engine } = this;
		if (this.#settled || engine === undefined) return;
		const failed = engine.failure !== NO_FAILURE || engine.state === CLOSED;
		if (!failed && engine.state === HANDSHAKE) return;
		this.#settled = true;
		this.tell(failed ? HANDSHAKE_FAILED : HANDSHAKE_DONE);
		if (failed) this.#dataTold = true;
		else this.establishedAt = this.now();
	}

	/** Something can be received: told once until the application has asked. */
	private noteData(stands: boolean): void {
		if (!stands || this.#dataTold) return;
		this.#dataTold = true;
		this.tell(DATA_READY);
	}

	private tell(notification: number): void {
		this.#queue.push(notification);
	}

	private takeBlock(): Uint8Array {
		const { buffers } = this.stack.pools;
		return buffers.take(buffers.blockLength) ?? NO_BYTES;
	}

	private giveBlocksBack(): void {
		const { buffers } = this.stack.pools;
		for (const block of [this.buffer, this.data, this.#sending]) if (block.length > 0) buffers.giveBack(block);
		this.buffer = this.data = this.#sending = NO_BYTES;
	}
}
