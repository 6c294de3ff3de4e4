// Not too much at once (RFC 9147 5.8.3): a long flight goes out in bursts of ten records, so that it doesn't fill the queues of
// a small network; the next burst follows when the peer has told of records that it has, or after a while.

/** Records of a burst. */
const RECORDS = 10;

/**
 * The bursts of one connection's flights. Times are ticks.
 *
 *     if (burst.rests(now)) return;
 *     while (burst.take()) sendRecord();
 *     burst.rest(now + 250);
 */
export class DtlsBurst {
	/** When the next burst begins; Infinity: none waits. */
	resumeAt = Number.POSITIVE_INFINITY;
	/** Each record goes in a datagram of its own. */
	apart = false;
	#left = RECORDS;

	/** Another burst. */
	begin(): void {
		this.#left = RECORDS;
		this.resumeAt = Number.POSITIVE_INFINITY;
	}

	/** Whether it is too early for the next burst; begins it if it is time. */
	rests(now: number): boolean {
		if (this.resumeAt === Number.POSITIVE_INFINITY) return false;
		if (now < this.resumeAt) return true;
		this.begin();
		return false;
	}

	get exhausted(): boolean {
		return this.#left === 0;
	}

	/** The flight is out, or nothing of it is needed any more. */
	end(): void {
		this.apart = false;
		this.begin();
	}

	/** A record has gone. */
	count(): void {
		this.#left--;
	}

	/** The burst is over; the next one is due then. */
	rest(until: number): void {
		this.resumeAt = until;
	}
}
