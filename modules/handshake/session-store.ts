// Where a server of 1.2 keeps the sessions that it names by an id (RFC 5246 F.1.4); with tickets it keeps none. The
// interface is the hook for a store of one's own.

import { equalPublic, wipe } from "../base/bytes.js";
import type { Session } from "./session.js";

/** Sessions by their sessionId. They hold secrets. */
export interface SessionStore {
	/** Keeps a session; what is kept may be forgotten at any time. */
	put(session: Session): void;
	/** The session with the id at [at, end) of bytes, or undefined. */
	find(bytes: Uint8Array, at: number, end: number): Session | undefined;
	/** Forgets it: a connection of it has failed (RFC 5246 7.2.2). */
	remove(sessionId: Uint8Array): void;
}

/**
 * A store in memory for a fixed number of sessions; the oldest go first. One for all connections of a server.
 *
 *     const sessions = new SessionCache(8);
 *     openTlsServer({ ...options, sessions });
 */
export class SessionCache implements SessionStore {
	readonly #sessions: Session[] = [];
	readonly #capacity: number;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	put(session: Session): void {
		if (this.#sessions.length >= this.#capacity) this.drop(0);
		if (this.#capacity > 0) this.#sessions.push(session);
	}

	find(bytes: Uint8Array, at: number, end: number): Session | undefined {
		const index = this.indexOf(bytes, at, end);
		return index < 0 ? undefined : this.#sessions[index];
	}

	remove(sessionId: Uint8Array): void {
		const index = this.indexOf(sessionId, 0, sessionId.length);
		if (index >= 0) this.drop(index);
	}

	/** Forgets all. */
	wipe(): void {
		while (this.#sessions.length > 0) this.drop(0);
	}

	private indexOf(bytes: Uint8Array, at: number, end: number): number {
		for (let i = 0; i < this.#sessions.length; i++) {
			const { sessionId } = this.#sessions[i];
			if (equalPublic(sessionId, 0, sessionId.length, bytes, at, end)) return i;
		}
		return -1;
	}

	private drop(index: number): void {
		wipe(this.#sessions[index].secret);
		this.#sessions.splice(index, 1);
	}
}
