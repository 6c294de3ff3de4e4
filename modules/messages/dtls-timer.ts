// When a flight is sent again (RFC 9147 5.8.2, RFC 6347 4.2.4.1): after a first interval, then after twice as long each time.

/** Milliseconds, and how often is too often. */
export interface DtlsTiming {
	/** The first interval. */
	readonly initial: number;
	/** The longest. */
	readonly longest: number;
	/** After how many retransmissions without an answer the caller is told. */
	readonly retries: number;
}

/**
 * The timer of one connection's flights. Times are ticks.
 *
 *     timer.arm(now);                    // the flight is out
 *     if (timer.expired(now)) { timer.expire(); sendAgain(); timer.arm(now); }
 *     timer.stop();                      // the answer is here
 */
export class DtlsTimer {
	readonly timing: DtlsTiming;
	/** When the flight is sent again; Infinity: never. */
	deadline = Number.POSITIVE_INFINITY;
	/** How long is waited now. */
	interval: number;
	/** How often the interval has run out since the peer was last heard. */
	unanswered = 0;

	constructor(timing: DtlsTiming) {
		this.timing = timing;
		this.interval = timing.initial;
	}

	/** Whether the peer has not answered for so long that the application should know. */
	get silent(): boolean {
		return this.unanswered > this.timing.retries;
	}

	arm(now: number): void {
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

	/** Something came from the peer: it is there, and waits are as long as at first. */
	heard(): void {
		this.unanswered = 0;
	}

	/** The flight has been answered; if it was sent once only, the network is as fast as it was thought to be. */
	stop(): void {
		if (this.unanswered === 0) this.interval = this.timing.initial;
		this.unanswered = 0;
		this.deadline = Number.POSITIVE_INFINITY;
	}
}
