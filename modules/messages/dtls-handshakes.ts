// The handshakes that follow one another on a connection of DTLS 1.2 (RFC 6347 4.2.2, RFC 5746): each begins under the keys of
// the one before it, in the epoch of that one's Finished, and numbers its messages anew. Says which handshake a message is of.

import { client_hello, finished, hello_request, hello_verify_request, server_hello } from "../wire/registry.js";

// Stages
/** One goes on, and so do its numbers. */
const GOES_ON = 0;
/** Another has begun; the peer's first message says what number it has. */
const OPENS = 1;
/** One has ended, and the next has not begun. */
const IDLE = 2;

/**
 * Where the handshakes of one connection stand, from the end of the first on. 1.3 has only one.
 *
 *     handshakes.end(epoch);                              // both Finished are through
 *     if (handshakes.isLast(type, epoch)) sendLastFlightAgain();
 *     if (handshakes.opens(type)) assembly.startAt(sequence);
 *     handshakes.begin(client_hello);                     // ours is written: the next one goes on
 */
export class DtlsHandshakes {
	/** The epoch that the handshake under way begins in, or the next one. */
	epoch = 0;
	#stage = IDLE;

	/** Whether none is under way: that a server asks for one doesn't begin it. */
	get idle(): boolean {
		return this.#stage === IDLE;
	}

	/** It is done; the next begins in this epoch. */
	end(epoch: number): void {
		this.epoch = epoch;
		this.#stage = IDLE;
	}

	/** The one that was begun, or asked for, comes to nothing. */
	abandon(): void {
		this.#stage = IDLE;
	}

	/** We write a message of this type. */
	begin(type: number): void {
		if (type !== hello_request && this.#stage === IDLE) this.#stage = OPENS;
	}

	/**
	 * Whether it is the end of the handshake before: a Finished never comes in the epoch that its own began in. Who repeats it
	 * misses our end of it. All that comes in earlier epochs is older still.
	 */
	isLast(type: number, epoch: number): boolean {
		return type === finished && epoch === this.epoch;
	}

	/**
	 * Whether a message of this type, in the newest epoch, is or may be the peer's first of a handshake, whatever its number. It
	 * should be 0; but a HelloRequest has a number, too (RFC 6347 4.2.2), and may be lost or cross our ClientHello, and so has
	 * had what was refused.
	 */
	opens(type: number): boolean {
		if (this.#stage === GOES_ON) return false;
		if (this.#stage === IDLE) return type === client_hello || type === hello_request;
		if (type !== server_hello) return type === hello_request || type === hello_verify_request;
		this.#stage = GOES_ON;
		return true;
	}
}
