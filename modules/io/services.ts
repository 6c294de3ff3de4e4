// What a connection can do besides carrying data: tickets to resume it by, another handshake, heartbeats, and what it knows of
// its peer. The same in every interface.

import { NO_FAILURE, TICKET_NOT_GIVEN, TICKET_TOO_LONG } from "../base/failure.js";
import { HANDSHAKE, OPERATING } from "../base/status.js";
import { HEARTBEAT_WAITING } from "../engine/heartbeat.js";
import type { Verdict } from "../handshake/auth.js";
import { Channel, ENDING } from "./channel.js";
import type { Ticket } from "./tickets.js";

/** See the head of this file. */
export abstract class Services extends Channel {
	/** After readTicket answered OK. */
	ticket: Ticket | undefined = undefined;
	/** How many renegotiations there were before the one that was asked for; -1: none is. */
	#renegotiations = -1;

	/** VERIFY_... bits of the peer's certificates (pki/verify-result); its firstReason is the reason. */
	get verifyResult(): number {
		return this.engine?.verifyResult ?? 0;
	}

	/** Of which certificate that is, and its subject as a DER Name (pki/name-text makes a text of it); undefined before the handshake. */
	get verdict(): Verdict | undefined {
		return this.engine?.verdict;
	}

	/** Seconds since 1970 as the server's random of 1.2 says; 0 without. See io/secure-time. */
	get serverTime(): number {
		return this.engine?.negotiated.serverTime ?? 0;
	}

	/** Whether an earlier session was resumed. */
	get sessionResumed(): boolean {
		return this.engine?.negotiated.resumed ?? false;
	}

	/**
	 * Client: puts what this connection can be resumed by into `ticket`. PARAM_ERR: it isn't an open client's; NOT_FOUND_ERR: the
	 * server has given none (in 1.3 it comes with the first data); MEM_ERR: it is longer than sessionSize.
	 */
	readTicket(): number {
		if (!this.enter()) return this.busy();
		try {
			const { engine } = this;
			if (this.phase >= ENDING) return this.unknown();
			if (engine === undefined || this.isServer || this.state !== OPERATING) return this.refuseArgument(undefined);
			if (engine.session === undefined) return this.refuse(TICKET_NOT_GIVEN);
			if (!this.stack.lock.enter()) return this.busy();
			const { sessions } = this.stack.pools;
			this.ticket = sessions.keep(engine.session);
			this.stack.lock.leave();
			if (this.ticket !== undefined) return this.succeed();
			this.outcome.bytesNeeded = sessions.bytesNeeded;
			return this.refuse(TICKET_TOO_LONG);
		} finally {
			this.leave();
		}
	}

	/**
	 * 1.2: another handshake on the connection, in which certificates are judged by this time (seconds since 1970; by default the
	 * device's), for this connection only. WAIT until it is done: OK; TYPE_ERR where there is no such thing; HS_ERR: the peer
	 * doesn't want to; TIMEOUT_ERR, once: over datagrams it doesn't answer, and the next call goes on.
	 */
	renegotiate(serverTime = -1): number {
		if (!this.enter()) return this.busy();
		try {
			const { engine } = this;
			if (this.phase >= ENDING) return this.unknown();
			if (engine === undefined || engine.state === HANDSHAKE) return this.notBegun();
			if (this.#renegotiations < 0) {
				if (engine.failure === NO_FAILURE && !engine.renegotiate(serverTime)) return this.unsupported();
				this.#renegotiations = engine.renegotiations;
			}
			const moved = this.turn(this.now());
			if (engine.failure !== NO_FAILURE) return this.failed();
			if (engine.renegotiating) return this.waitForPeer(moved);
			const done = engine.renegotiations > this.#renegotiations;
			this.#renegotiations = -1;
			return done ? this.succeed() : this.notBegun();
		} finally {
			this.leave();
		}
	}

	/**
	 * Sends a heartbeat request (RFC 6520). OK; WAIT: the last one waits for its answer, or there is no room; TYPE_ERR: the peer takes
	 * none, or the configuration has none. One that is never answered shows in receive: TIMEOUT_ERR, over streams HEARTBEAT_TIMEOUT_ERR.
	 */
	beat(): number {
		if (!this.enter()) return this.busy();
		try {
			const { engine } = this;
			if (this.phase >= ENDING) return this.unknown();
			if (engine === undefined || engine.state === HANDSHAKE) return this.notBegun();
			if (engine.failure !== NO_FAILURE) return this.failed();
			if (engine.heartbeat === undefined) return this.unsupported();
			const sent = engine.beat();
			this.drain();
			if (sent) return this.succeed();
			return engine.heartbeat.state === HEARTBEAT_WAITING || this.unsent ? this.wait() : this.unsupported();
		} finally {
			this.leave();
		}
	}
}
