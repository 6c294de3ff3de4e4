// One secured connection as its application sees it: handshake, send, receive, ticket, state and close as calls that answer
// a public code, each a bounded piece of work. What the native and the sockets interface have in common, over streams and
// datagrams alike; they say where the bytes go (an attachment) and what is told to whom.

import { HANDSHAKE_LATE, HEARTBEAT_UNANSWERED, NO_FAILURE, PEER_SILENT, TICKET_UNKNOWN } from "../base/failure.js";
import { CLOSED, HANDSHAKE, OK, OPERATING, WANTS_INPUT, WANTS_OUTPUT, WANTS_TIMER, WANTS_WORK } from "../base/status.js";
import { HEARTBEAT_SILENT } from "../engine/heartbeat.js";
import type { Session } from "../handshake/session.js";
import { LOG_INFO, LOG_WARNING } from "../os/os.js";
import type { TlsaRecord } from "../pki/tlsa.js";
import { Answering } from "./answers.js";
import type { Engine } from "./engine.js";
import type { Attachment, Link } from "./link.js";
import { POLLED_ENDED, type Polled, type Stack } from "./module.js";
import { openClient, openServer } from "./openings.js";
import type { Security } from "./security.js";
import { Ticket } from "./tickets.js";

const NO_RECORDS: readonly TlsaRecord[] = Object.freeze([]);
/** Turns of one receive at most. */
const RECEIVE_TURNS = 32;

// Phases
export const FRESH = 0;
export const ACTIVE = 1;
/** Closed by the application; what is left goes out. */
export const ENDING = 2;
const ENDED = 3;

/** What is told once, and what takes too long. */
class Times {
	/** When the handshake began, in ticks; NaN before. */
	begunAt = Number.NaN;
	/** Milliseconds for the handshake; 0: for ever. */
	patience = 0;
	/** It was told that the handshake takes long, and that the peer is silent. */
	late = false;
	silent = false;
	/** By when a closed connection must be over. */
	closeBy = Number.POSITIVE_INFINITY;
}

/** See the head of this file. With services of io/services it is what TlsSocket, DtlsConnection and NativeConnection are. */
export abstract class Channel extends Answering implements Polled {
	protected engine: Engine | undefined = undefined;
	protected link: Link | undefined = undefined;
	protected memory: Uint8Array | undefined = undefined;
	protected readonly stack: Stack;
	protected readonly attachment: Attachment;
	protected security: Security;
	protected phase = FRESH;
	protected isServer = false;
	protected readonly times = new Times();
	/** Records to verify the peer by, beside the security configuration's. */
	protected tlsa: readonly TlsaRecord[] = NO_RECORDS;
	/** Whether the last turn moved anything. */
	protected moved = false;

	constructor(stack: Stack, security: Security, attachment: Attachment) {
		super();
		this.attachment = attachment;
		const { handshakeTimeout, timerPeriod } = stack.configuration;
		this.stack = stack;
		this.security = security;
		this.times.patience = handshakeTimeout * timerPeriod;
	}

	/** Whether the stack is started and has this interface. */
	protected abstract get admitted(): boolean;
	/** CLOSED, HANDSHAKE or OPERATING. */
	get state(): number {
		if (this.phase !== ACTIVE || this.engine === undefined) return CLOSED;
		const { state, failure } = this.engine;
		if (failure !== NO_FAILURE || state === CLOSED) return CLOSED;
		return state === HANDSHAKE ? HANDSHAKE : OPERATING;
	}

	/** Whether it is closed for good: no call does anything any more. */
	get ended(): boolean {
		return this.phase === ENDED;
	}

	/**
	 * Client: begins the handshake, or goes on with it. Answers WAIT until it is done: OK; else why it failed. `peerName`: the
	 * server's name or address, to be found in its certificate; "" only without CA certificates (pre-shared keys). `resume`: a ticket of this server, or a connection with it.
	 * TIMEOUT_ERR comes once when the configuration's time has run out; calling again goes on.
	 */
	clientHandshake(peerName: string, resume?: Ticket | Channel): number {
		if (!this.enter()) return this.busy();
		try {
			const code = this.engine === undefined ? this.begin(false, peerName, resume, "no") : OK;
			return code === OK ? this.advance(false) : code;
		} finally {
			this.leave();
		}
	}

	/** Server: the same for the other side. `verifyClient`: whether the client must have a certificate, and `peerName`: the name in it, "" for any. */
	serverHandshake(verifyClient: boolean, peerName = ""): number {
		if (!this.enter()) return this.busy();
		try {
			const code = this.engine === undefined ? this.begin(true, peerName, undefined, verifyClient ? "require" : "no") : OK;
			return code === OK ? this.advance(true) : code;
		} finally {
			this.leave();
		}
	}

	/**
	 * Sends [at, end) of bytes. OK: outcome.count of them were taken, at least one; outcome.wants has WANTS_OUTPUT if the transport
	 * has not got all of it yet: the rest goes out with the next calls. WAIT: none now, and none while the handshake goes on; else why not.
	 */
	send(bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		if (!this.enter()) return this.busy();
		try {
			return this.sendSome(bytes, at, end);
		} finally {
			this.leave();
		}
	}

	/** Receives into [at, end) of bytes. OK: outcome.count bytes are there; none: the peer has closed its side properly. WAIT: nothing has come; else why not. */
	receive(bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		if (!this.enter()) return this.busy();
		try {
			return this.receiveSome(bytes, at, end);
		} finally {
			this.leave();
		}
	}

	/**
	 * Ends it: what was sent goes out, with a close_notify behind it, then the transport is closed. OK; WAIT: the transport
	 * doesn't take it at once: call again, or let Stack.poll end it; NOT_FOUND_ERR: it is closed already. No other call is taken.
	 */
	close(): number {
		if (!this.enter()) return this.busy();
		try {
			if (this.phase === ENDED) return this.unknown();
			const now = this.now();
			if (this.phase !== ENDING) {
				this.engine?.close();
				this.phase = ENDING;
				this.times.closeBy = now + this.stack.configuration.closeTimeout;
			}
			if (this.finish(now)) return this.succeed();
			this.stack.work(this);
			return this.wait(this.moved);
		} finally {
			this.leave();
		}
	}

	/** For the stack: goes on with closing. */
	poll(now: number): number {
		if (this.phase === ENDED || (this.phase === ENDING && this.finish(now))) return POLLED_ENDED;
		return this.moved ? 0 : this.times.closeBy;
	}

	/** For the stack. */
	notify(): void {}

	/** For the stack, when it stops: ends it at once. */
	stop(): void {
		this.end();
	}

	// For subclasses

	/** Begins: gets hold of memory and of the transport, and opens the connection. */
	protected begin(isServer: boolean, peerName: string, resume: Ticket | Channel | undefined, verify: "no" | "require"): number {
		const { stack } = this;
		if (this.phase !== FRESH) return this.unknown();
		if (!this.admitted) return this.notReady();
		if (peerName === undefined || peerName === null) return this.missing();
		const needsName = !isServer && this.security.trust.anchors.length > 0;
		if (typeof peerName !== "string" || peerName.length > stack.configuration.peerNameSize || (needsName && peerName === ""))
			return this.refuseArgument(undefined);
		const session = this.sessionOf(resume);
		if (resume !== undefined && (session === undefined || session.peerName !== peerName)) return this.refuse(TICKET_UNKNOWN);
		if (!stack.lock.enter()) return this.busy();
		try {
			if (stack.pools.connections.free > 0) this.link ??= this.attachment.attach();
			if (stack.pools.connections.free === 0 || this.link === undefined) return this.exhausted();
			this.open(isServer, peerName, session, verify);
		} catch (error) {
			this.attachment.release();
			this.link = undefined;
			return this.refuseArgument(error);
		} finally {
			stack.lock.leave();
		}
		return OK;
	}

	/** Opens the connection; throws if an option is wrong. */
	protected open(isServer: boolean, peerName: string, session: Session | undefined, verify: "no" | "require"): void {
		const { stack, security, tlsa } = this;
		const wish = { isDatagram: this.attachment.isDatagram, peerName, session, verify, tlsa };
		const opened = isServer ? openServer(stack, security, wish) : openClient(stack, security, wish);
		this.activate(opened, opened.traffic.memory, isServer);
	}

	/** A connection has been opened, in this memory. */
	protected activate(engine: Engine, memory: Uint8Array | undefined, isServer: boolean): void {
		this.engine = engine;
		this.memory = memory;
		this.isServer = isServer;
		this.phase = ACTIVE;
		this.times.begunAt = this.now();
		this.stack.opened(this, this.security);
	}

	/** Goes on with the handshake by one turn. */
	protected advance(asServer: boolean): number {
		const { engine } = this;
		if (engine === undefined || this.phase >= ENDING) return this.unknown();
		if (asServer !== this.isServer) return this.refuseArgument(undefined);
		const now = this.now();
		const moved = engine.state === HANDSHAKE ? this.turn(now) : this.drain();
		if (engine.failure !== NO_FAILURE) return this.failed();
		if (engine.state === CLOSED) return this.unknown();
		if (engine.state !== HANDSHAKE) return this.unsent ? this.wait() : this.succeed();
		return this.late(now) ? this.refuse(HANDSHAKE_LATE) : this.wait(moved);
	}

	/** Whether something waits for the transport: what ends a handshake must be on its way before it is done. */
	protected get unsent(): boolean {
		const { engine, link } = this;
		return engine !== undefined && link !== undefined && ((engine.wants() & WANTS_OUTPUT) !== 0 || !link.drained);
	}

	/** Whether the handshake has taken longer than it may, and nobody was told yet. */
	protected late(now: number): boolean {
		const { times } = this;
		if (times.late || times.patience === 0 || this.engine?.state !== HANDSHAKE || now < times.begunAt + times.patience) return false;
		times.late = true;
		return true;
	}

	/** Whether the peer has begun to leave retransmissions or heartbeats without an answer, and nobody was told yet. */
	protected becameSilent(): boolean {
		const { engine } = this;
		const silent = engine !== undefined && (engine.silent || engine.heartbeat?.state === HEARTBEAT_SILENT);
		const became = silent && !this.times.silent;
		this.times.silent = silent;
		return became;
	}

	/** Carries bytes and does one step; whether it went on. */
	protected turn(now: number): boolean {
		const { engine, link } = this;
		if (engine === undefined || link === undefined) return false;
		let moved = this.drain();
		const wants = engine.wants();
		if (wants & WANTS_INPUT && !(wants & WANTS_WORK)) {
			const filled = link.fill(engine);
			moved ||= filled;
			if (link.broken && !filled) engine.networkEnd(); // what has come is read first
		}
		engine.poll(now);
		this.moved = this.drain() || moved || (wants & WANTS_WORK) !== 0;
		return this.moved;
	}

	/** Gives the transport what it takes. */
	protected drain(): boolean {
		const { engine, link } = this;
		let moved = false;
		if (engine !== undefined && link !== undefined) while (link.flush(engine)) moved = true;
		return moved;
	}

	/** When poll is due for an open connection: 0 at once, Infinity only when something happens. */
	protected due(moved: boolean): number {
		const { engine, link } = this;
		if (engine === undefined || link === undefined) return Number.POSITIVE_INFINITY;
		if (this.phase === ENDING) return moved ? 0 : this.times.closeBy;
		const wants = engine.wants();
		if (moved || wants & WANTS_WORK || (wants & WANTS_INPUT && !link.empty)) return 0;
		const { late: told, patience, begunAt } = this.times;
		const late = told || patience === 0 || engine.state !== HANDSHAKE ? Number.POSITIVE_INFINITY : begunAt + patience;
		return Math.min(engine.wakeAt, late);
	}

	protected now(): number {
		return this.stack.host.clock.ticks();
	}

	/** WAIT. moved: something went on, so that another call may go further at once: the transport may have more that it told of before. */
	protected wait(moved = false): number {
		const { engine, link } = this;
		const due = this.due(moved);
		let wants = engine?.wants() ?? WANTS_WORK;
		if (due === 0) wants = (wants & ~WANTS_INPUT) | WANTS_WORK;
		if (link !== undefined && !link.drained) wants |= WANTS_OUTPUT;
		if (due !== Number.POSITIVE_INFINITY) wants |= WANTS_TIMER;
		return this.waitFor(wants, due === 0 ? this.now() : due);
	}

	/** The connection has failed; the first failure sticks. */
	protected failed(): number {
		const { engine, outcome } = this;
		if (outcome.failure !== engine?.failure) this.stack.log(LOG_WARNING, `a connection has failed: failure ${(engine?.failure ?? 0) >> 16}`);
		outcome.bytesNeeded = engine?.bytesNeeded ?? 0;
		outcome.cause = engine?.cause;
		return this.refuse(engine?.failure ?? NO_FAILURE);
	}

	protected enter(): boolean {
		return this.stack.connectionLock.enter();
	}
	protected leave(): void {
		this.stack.connectionLock.leave();
	}
	/** Another thread is in. */
	protected busy(): number {
		return this.waitFor(WANTS_WORK, this.now());
	}

	/** Without a connection: bytes as they are, where the interface allows it. */
	protected sendPlain(_bytes: Uint8Array, _at: number, _end: number): number {
		return this.notBegun();
	}
	protected receivePlain(_bytes: Uint8Array, _at: number, _end: number): number {
		return this.notBegun();
	}

	protected sendSome(bytes: Uint8Array, at: number, end: number): number {
		const { engine, link } = this;
		if (this.phase >= ENDING) return this.unknown();
		if (bytes === undefined || bytes === null) return this.missing();
		if (!isPlace(bytes, at, end)) return this.refuseArgument(undefined);
		if (engine === undefined || link === undefined) return this.sendPlain(bytes, at, end);
		const moved = engine.state === HANDSHAKE && this.turn(this.now());
		if (engine.failure !== NO_FAILURE) return this.failed();
		if (engine.state === CLOSED) return this.unknown();
		if (link.broken) return this.broken();
		const from = at;
		do {
			this.drain();
			const count = engine.applicationIn(bytes, at, end);
			if (count === 0) break;
			at += count;
		} while (at < end);
		this.drain();
		if (at > from || at === end) {
			const code = this.succeed(at - from);
			if (this.unsent) this.outcome.wants = WANTS_OUTPUT;
			return code;
		}
		engine.poll(this.now());
		const drained = this.drain();
		return engine.failure === NO_FAILURE ? this.wait(moved || drained) : this.failed();
	}

	protected receiveSome(bytes: Uint8Array, at: number, end: number): number {
		const { engine, link } = this;
		if (this.phase >= ENDING) return this.unknown();
		if (bytes === undefined || bytes === null) return this.missing();
		if (!isPlace(bytes, at, end) || at === end) return this.refuseArgument(undefined);
		if (engine === undefined || link === undefined) return this.receivePlain(bytes, at, end);
		let moved = true;
		for (let turns = 0; moved && turns < RECEIVE_TURNS; turns++) {
			const count = engine.applicationOut(bytes, at, end);
			if (count > 0) return this.succeed(count);
			if (engine.failure !== NO_FAILURE) return this.failed();
			if (engine.peerClosed) return this.succeed();
			moved = this.turn(this.now()) || this.due(false) === 0;
		}
		const count = engine.applicationOut(bytes, at, end);
		if (count > 0) return this.succeed(count);
		if (engine.failure !== NO_FAILURE) return this.failed();
		if (engine.peerClosed) return this.succeed();
		if (engine.state === CLOSED) return this.unknown();
		return this.waitForPeer(moved);
	}

	/** WAIT, or once, if the peer has begun to leave what was repeated without an answer: that. */
	protected waitForPeer(moved: boolean): number {
		if (!this.becameSilent()) return this.wait(moved);
		return this.refuse(this.attachment.isDatagram ? PEER_SILENT : HEARTBEAT_UNANSWERED);
	}

	/** Ends it at once, and gives everything back. */
	protected end(): void {
		const { engine, stack } = this;
		if (this.phase === ENDED) return;
		this.phase = ENDED;
		if (engine !== undefined) {
			engine.abort();
			if (this.memory !== undefined) stack.pools.connections.giveBack(this.memory);
			this.memory = undefined;
			stack.closed(this, this.security);
			this.engine = undefined;
			stack.log(LOG_INFO, "a connection has ended");
		}
		this.attachment.release();
		this.attachment.close();
		this.link = undefined;
	}

	/** Whether nothing is left to go out, or it took too long: it is over then. */
	private finish(now: number): boolean {
		const { engine, link, stack } = this;
		if (engine !== undefined && link !== undefined) {
			const before = this.drain();
			engine.poll(now);
			this.moved = this.drain() || before;
			const said = engine.state !== OPERATING && engine.state !== HANDSHAKE;
			if (!(said && !this.unsent) && !link.broken && now < this.times.closeBy) return false;
		}
		if (!stack.lock.enter()) return false;
		this.end();
		stack.lock.leave();
		return true;
	}

	private sessionOf(resume: Ticket | Channel | undefined): Session | undefined {
		const { sessions } = this.stack.pools;
		if (resume instanceof Ticket) return resume.isOf(sessions) ? sessions.sessionOf(resume) : undefined;
		return resume?.engine?.session;
	}
}

function isPlace(bytes: Uint8Array, at: number, end: number): boolean {
	return bytes instanceof Uint8Array && Number.isInteger(at) && Number.isInteger(end) && at >= 0 && at <= end && end <= bytes.length;
}
