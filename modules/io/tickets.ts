// The sessions of a stack: what connections may be resumed by, in blocks that init reserved. A ticket is the application's
// name for one; its bytes survive a restart. A server of 1.2 finds its sessions here by their id.

import { equalPublic } from "../base/bytes.js";
import { Reader } from "../base/reader.js";
import { Writer } from "../base/writer.js";
import { decodeSession, encodeSession, type Session, sessionLength } from "../handshake/session.js";
import type { SessionStore } from "../handshake/session-store.js";
import type { Memory } from "../os/os.js";
import { Pool } from "../os/pool.js";

/**
 * A session that a client may resume. It holds a secret. It stands until it is forgotten, until newer ones need its place,
 * or until the stack is deleted.
 *
 *     if (connection.readTicket() === OK) store.set("ticket", connection.ticket.bytes());
 *     const ticket = stack.restoreTicket(store.get("ticket"));        // after a restart
 *     socket.clientHandshake("server.example", ticket);
 */
export class Ticket {
	readonly #sessions: Sessions;

	/** By the stack. */
	constructor(sessions: Sessions) {
		this.#sessions = sessions;
	}

	/** Whether it still stands for a session. */
	get valid(): boolean {
		return this.#sessions.has(this);
	}

	/** Its form as bytes, an array of the caller's; a secret. Empty if it isn't valid. */
	bytes(): Uint8Array {
		return this.#sessions.bytesOf(this);
	}

	/** Overwrites it. */
	forget(): void {
		this.#sessions.forget(this);
	}

	/** Whether it is of these sessions: of this stack. */
	isOf(sessions: Sessions): boolean {
		return this.#sessions === sessions;
	}
}

/** A block with a session: what ticket stands for it, or under what id a server keeps it. */
interface Kept {
	readonly block: Uint8Array;
	readonly length: number;
	readonly ticket: Ticket | undefined;
	readonly sessionId: Uint8Array;
}

const NO_BYTES: Readonly<Uint8Array> = new Uint8Array(0);

/** The sessions of one stack, the oldest first; when all blocks are in use the oldest goes. */
export class Sessions implements SessionStore {
	/** With no ticket from keep(): the bytes that it would have needed. */
	bytesNeeded = 0;
	readonly pool: Pool;
	readonly #kept: Kept[] = [];
	readonly #reader = new Reader();
	readonly #writer = new Writer();

	constructor(count: number, blockLength: number) {
		this.pool = new Pool(count, blockLength);
	}

	/** Overwrites all and gives the memory back. */
	release(memory: Memory): void {
		while (this.#kept.length > 0) this.drop(0);
		this.pool.release(memory);
	}

	/** A ticket for a session, or undefined: it is too long for a block. */
	keep(session: Session): Ticket | undefined {
		const ticket = new Ticket(this);
		return this.add(session, ticket) ? ticket : undefined;
	}

	/** The ticket in bytes that Ticket.bytes gave, or undefined: they are none, or too long. */
	restore(bytes: Uint8Array): Ticket | undefined {
		const session = this.decode(bytes, bytes.length);
		return session === undefined ? undefined : this.keep(session);
	}

	has(ticket: Ticket): boolean {
		return this.keptOf(ticket) !== undefined;
	}
	bytesOf(ticket: Ticket): Uint8Array {
		const kept = this.keptOf(ticket);
		return kept === undefined ? new Uint8Array(0) : kept.block.slice(0, kept.length);
	}
	forget(ticket: Ticket): void {
		const kept = this.keptOf(ticket);
		if (kept !== undefined) this.drop(this.#kept.indexOf(kept));
	}

	/** The session of a ticket, in arrays of its own, or undefined. */
	sessionOf(ticket: Ticket): Session | undefined {
		const kept = this.keptOf(ticket);
		return kept && this.decode(kept.block, kept.length);
	}

	put(session: Session): void {
		this.add(session, undefined);
	}

	find(bytes: Uint8Array, at: number, end: number): Session | undefined {
		for (const { block, length, sessionId } of this.#kept) {
			if (sessionId.length > 0 && equalPublic(sessionId, 0, sessionId.length, bytes, at, end)) return this.decode(block, length);
		}
		return undefined;
	}

	remove(sessionId: Uint8Array): void {
		for (let i = 0; i < this.#kept.length; i++) {
			const own = this.#kept[i].sessionId;
			if (own.length > 0 && equalPublic(own, 0, own.length, sessionId, 0, sessionId.length)) return this.drop(i);
		}
	}

	private keptOf(ticket: Ticket): Kept | undefined {
		for (const kept of this.#kept) if (kept.ticket === ticket) return kept;
		return undefined;
	}

	private add(session: Session, ticket: Ticket | undefined): boolean {
		const length = sessionLength(session);
		const { pool } = this;
		this.bytesNeeded = length;
		if (length > pool.blockLength || pool.count === 0) return false;
		if (pool.free === 0) this.drop(0);
		const block = pool.take(length);
		if (block === undefined) return false;
		this.#writer.reset(block, 0, length);
		encodeSession(this.#writer, session);
		this.#kept.push({ block, length, ticket, sessionId: ticket === undefined ? session.sessionId.slice() : NO_BYTES });
		return true;
	}

	private decode(bytes: Uint8Array, length: number): Session | undefined {
		this.#reader.reset(bytes, 0, length);
		return decodeSession(this.#reader);
	}

	private drop(index: number): void {
		const [kept] = this.#kept.splice(index, 1);
		this.pool.giveBack(kept.block);
	}
}
