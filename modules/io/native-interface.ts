// What the native interfaces of TCP and UDP have in common: connections that are waited for and connections that are there,
// worked for and told of while the stack is polled.

import { type Failure, NO_FAILURE, NOBODY_THERE, PORT_REFUSED } from "../base/failure.js";
import { NOT_FOUND_ERR, OK, WANTS_INPUT, WANTS_WORK } from "../base/status.js";
import { Answering } from "./answers.js";
import type { Guest } from "./dtls-door.js";
import type { Attachment } from "./link.js";
import { POLLED_ENDED, type Polled, STACK_STARTED, type Stack } from "./module.js";
import { type ConnectionInfo, NativeConnection, START } from "./native-connection.js";
import type { Security } from "./security.js";
import type { Ticket } from "./tickets.js";

/** A connection that connect or accept waits for. */
export abstract class Awaited {
	readonly info: ConnectionInfo;
	readonly isServer: boolean;
	readonly ticket: Ticket | undefined;
	/** In ticks. */
	readonly deadline: number;
	connection: NativeConnection | undefined = undefined;
	/** Why there will be none. */
	failure: Failure = NO_FAILURE;

	constructor(info: ConnectionInfo, isServer: boolean, ticket: Ticket | undefined, now: number) {
		this.info = info;
		this.isServer = isServer;
		this.ticket = ticket;
		this.deadline = info.timeout > 0 ? now + info.timeout : Number.POSITIVE_INFINITY;
	}

	/** Whether the transport is there: then attachment() gives it, once. */
	abstract get there(): boolean;
	/** Whether it has broken while it was waited for. */
	abstract get broken(): boolean;
	abstract attachment(stack: Stack): Attachment;
	/** The client that a door has let in; its memory is taken already. */
	guest(): Guest | undefined {
		return undefined;
	}
	readonly isGuest: boolean = false;
	/** Nobody waits any more. */
	abandon(): void {}
}

/** See the head of this file. */
export abstract class NativeInterface extends Answering implements Polled {
	/** All that are not closed. */
	readonly connections: NativeConnection[] = [];
	protected readonly stack: Stack;
	protected readonly security: Security;
	protected readonly awaited: Awaited[] = [];

	constructor(stack: Stack, security: Security) {
		super();
		this.stack = stack;
		this.security = security;
	}

	/** Whether the configuration has it. */
	protected abstract get configured(): boolean;

	/** For the stack. */
	poll(now: number): number {
		let wakeAt = Number.POSITIVE_INFINITY;
		for (const one of this.awaited) {
			this.look(one, now);
			if (one.connection === undefined) wakeAt = Math.min(wakeAt, one.deadline);
		}
		for (let i = 0; i < this.connections.length; ) {
			const next = this.connections[i].poll(now);
			if (next === POLLED_ENDED) this.connections.splice(i, 1);
			else {
				wakeAt = Math.min(wakeAt, next);
				i++;
			}
		}
		return wakeAt;
	}

	/** For the stack: the application is called back. */
	notify(): void {
		for (const connection of [...this.connections]) connection.notify();
	}

	/** For the stack, when it stops. */
	stop(): void {
		for (const one of this.awaited) one.abandon();
		for (const connection of this.connections) connection.stop();
		this.awaited.length = 0;
		this.connections.length = 0;
	}

	protected enter(): boolean {
		return this.stack.connectionLock.enter();
	}
	protected leave(): void {
		this.stack.connectionLock.leave();
	}
	/** Another thread is in. */
	protected busy(): number {
		return this.waitFor(WANTS_WORK, this.stack.host.clock.ticks());
	}

	/** What every call that makes a connection asks first; OK, or what is in the way. */
	protected admit(info: ConnectionInfo | undefined, isServer: boolean): number {
		if (this.stack.state !== STACK_STARTED || !this.configured) return this.notReady();
		if (info === undefined || info === null) return this.missing();
		if (!isServer && info.flags & START && info.peerName === "") return this.refuseArgument(undefined);
		return OK;
	}

	/** What every further call with an info answers that has its connection: OK until that is closed. */
	protected again(connection: NativeConnection): number {
		return connection.ended ? this.unknown() : this.succeed();
	}

	/** NOT_FOUND_ERR where another connection would be one too many. */
	protected hasRoom(isGuest: boolean): boolean {
		const { pools, configuration } = this.stack;
		return this.connections.length < configuration.maxConnections && (isGuest || pools.connections.free > 0);
	}
	protected noRoom(): number {
		this.exhausted();
		return NOT_FOUND_ERR;
	}

	/** Makes the connection of a transport that is there. */
	protected adopt(attachment: Attachment, info: ConnectionInfo, isServer: boolean, ticket: Ticket | undefined, guest?: Guest): NativeConnection {
		const connection = new NativeConnection(this.stack, info.security ?? this.security, attachment, info, guest);
		this.connections.push(connection);
		connection.ready(info, isServer, ticket);
		this.stack.opened(this, undefined);
		this.stack.work(this);
		return connection;
	}

	/** The one that is waited for with this info. */
	protected find(info: ConnectionInfo): Awaited | undefined {
		for (const one of this.awaited) if (one.info === info) return one;
		return undefined;
	}

	protected expect(one: Awaited): void {
		this.awaited.push(one);
		this.stack.opened(this, undefined);
		this.stack.work(this);
	}

	/** Answers a call that waits: OK and info.connection, WAIT, or why there is none. */
	protected answer(one: Awaited): number {
		const now = this.stack.host.clock.ticks();
		this.look(one, now);
		const { info, connection, failure } = one;
		if (connection === undefined && failure === NO_FAILURE && now < one.deadline) return this.waitFor(WANTS_INPUT, one.deadline);
		this.awaited.splice(this.awaited.indexOf(one), 1);
		if (connection !== undefined) {
			info.connection = connection;
			return this.succeed();
		}
		one.abandon();
		return this.refuse(failure === NO_FAILURE ? NOBODY_THERE : failure);
	}

	/** A port can't be had, or nobody is there. */
	protected portRefused(cause: unknown): Failure {
		this.outcome.cause = cause;
		return PORT_REFUSED;
	}

	private look(one: Awaited, now: number): void {
		if (one.connection !== undefined || one.failure !== NO_FAILURE || now >= one.deadline) return;
		if (one.broken) one.failure = this.portRefused(undefined);
		else if (this.hasRoom(one.isGuest) && one.there) {
			const attachment = one.attachment(this.stack);
			one.connection = this.adopt(attachment, one.info, one.isServer, one.ticket, one.guest());
		}
	}
}

/** Whether it can be a port of TCP or UDP. */
export function isPort(port: number): boolean {
	return Number.isInteger(port) && port >= 0 && port <= 65535;
}
