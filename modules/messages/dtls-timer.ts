// When a flight is sent again (RFC 9147 5.8.2, RFC 6347 4.2.4.1): after a first interval, then after twice as long each time;
// once an answer has come to something that was sent once only, after one and a half times as long as that took.

/** Milliseconds, and how often is too often. */
export interface DtlsTiming {
	/** The first interval. */
	readonly initial: number;
	/** The longest. */
	readonly longest: number;
	/** After how many retransmissions without an answer the caller is told. */
	readonly retries: number;
}

/** How much longer than a round trip is waited. */
const PATIENCE = 1.5;
/** The part of the first interval that no measurement goes below: a cookie comes back at once, but a peer may reckon for a while before it answers. */
const SHORTEST_PART = 2;
/** After so many intervals of quiet a measurement says nothing any more. */
const STALE = 10;
/** The part of an interval that is waited before an ACK goes out, or between what goes out by itself (RFC 9147 7.1). */
const PART = 4;

/**
 * The timer of one connection's flights. Times are ticks.
 *
 *     timer.sent(now);                   // the flight is out
 *     timer.arm(now);
 *     if (timer.expired(now)) { timer.expire(); sendAgain(); timer.arm(now); }
 *     timer.answered(now);               // the answer begins to come
 *     timer.stop();                      // all of it is here
 */
export class DtlsTimer {
	readonly timing: DtlsTiming;
	/** When the flight is sent again; Infinity: never. */
	deadline = Number.POSITIVE_INFINITY;
	/** How long is waited now. */
	interval: number;
	/** How often the interval has run out since the peer was last heard. */
	unanswered = 0;
	/** How often something was sent again. */
	repetitions = 0;
	/** When the flight was last sent as a whole. */
	sentAt = Number.NEGATIVE_INFINITY;
	/** When the last flight of the handshake before was sent, if there is one. */
	lastAt = Number.NEGATIVE_INFINITY;
	/** When the peer was last heard. */
	#heardAt = Number.NEGATIVE_INFINITY;
	/** The flight was sent once, and nothing has come of an answer: the next thing that comes tells the round trip. */
	#measures = false;

	constructor(timing: DtlsTiming) {
		this.timing = timing;
		this.interval = timing.initial;
	}

	/** Whether the peer has not answered for so long that the application should know. */
	get silent(): boolean {
		return this.unanswered > this.timing.retries;
	}

	/** A part of the interval; never more than of the first. */
	get part(): number {
		return Math.min(this.interval, this.timing.initial) / PART;
	}

	/** Another flight begins. */
	begin(): void {
		this.#measures = true;
		this.sentAt = Number.NEGATIVE_INFINITY;
	}

	/** The flight is out. */
	sent(now: number): void {
		this.sentAt = now;
	}

	/** It, or a part of it, goes out again: what comes may answer either. */
	repeat(): void {
		this.repetitions++;
		this.#measures = false;
	}

	arm(now: number): void {
		if (this.unanswered === 0 && now - this.#heardAt >= STALE * this.interval) this.interval = this.timing.initial;
		this.deadline = now + this.interval;
	}

	expired(now: number): boolean {
		return now >= this.deadline;
	}

	/** The interval has run out: the next is longer. */
	expire(): void {
		this.unanswered++;
		this.interval = Math.min(2 * this.interval, this.timing.longest);
	}

	/** Something came from the peer: it is there. */
	heard(now: number): void {
		this.unanswered = 0;
		this.#heardAt = now;
	}

	/** What came answers the flight. After a retransmission the interval stays, because it says nothing about the round trip. */
	answered(now: number): void {
		if (!this.#measures || this.sentAt === Number.NEGATIVE_INFINITY) return;
		this.#measures = false;
		const { initial, longest } = this.timing;
		this.interval = Math.min(Math.max(PATIENCE * (now - this.sentAt), initial / SHORTEST_PART), longest);
	}

	/** Nothing is done any more about the peer's silence. */
	pause(): void {
		this.deadline = Number.POSITIVE_INFINITY;
	}

	/** Nothing is waited for. */
	stop(): void {
		this.unanswered = 0;
		this.deadline = Number.POSITIVE_INFINITY;
	}
}
