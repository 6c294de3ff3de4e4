// 0-RTT data (RFC 8446 2.3, 4.2.10, section 8): where it stands in a handshake, and a server's guard against replays.
// Off on both sides unless asked for: whoever copies the first flight can send it again, so it is only for requests
// that may be done twice (a GET that changes nothing), and it has no forward secrecy.

// EarlyData.state
export const EARLY_NONE = 0;
/** Client: sent without knowing whether the server takes it. */
export const EARLY_OFFERED = 1;
export const EARLY_ACCEPTED = 2;
/** Client: the server took none of it: it must be sent again. */
export const EARLY_REJECTED = 3;
/** Accepted, and over. */
export const EARLY_ENDED = 4;

/** The early data of one handshake. */
export class EarlyData {
	state = EARLY_NONE;
	/** Bytes that may still be sent (client) or taken (server). */
	left = 0;

	/** Client: bytes that may be sent now. */
	get room(): number {
		return this.state === EARLY_OFFERED || this.state === EARLY_ACCEPTED ? this.left : 0;
	}

	/** Whether the server took it. */
	get accepted(): boolean {
		return this.state === EARLY_ACCEPTED || this.state === EARLY_ENDED;
	}
}

/** How far the age that the client tells may be from ours, in milliseconds (RFC 8446 8.3). */
const AGE_TOLERANCE = 10000;
/** Bytes of a binder that tell two first flights apart. */
const MARK = 8;

/**
 * Lets each first flight through once, within a short time: shared by all connections of a server. It remembers as
 * many as it has places for; when all are taken, early data is refused and the handshake goes on without it. Several
 * machines behind one name need one guard between them, or none may take early data (RFC 8446 8.2).
 *
 *     const earlyData = new EarlyDataGuard(1024, 64);
 *     openTlsServer({ ...options, tickets, earlyData });
 */
export class EarlyDataGuard {
	/** The most bytes that a connection's early data may have. */
	readonly maximumBytes: number;
	readonly #marks: Uint8Array;
	/** Until when each place is taken, in ticks. */
	readonly #until: number[] = [];

	constructor(maximumBytes: number, places: number) {
		if (!Number.isInteger(maximumBytes) || maximumBytes < 1) throw new RangeError("early data: at least one byte");
		if (!Number.isInteger(places) || places < 1) throw new RangeError("early data: at least one place");
		this.maximumBytes = maximumBytes;
		this.#marks = new Uint8Array(places * MARK);
		for (let i = 0; i < places; i++) this.#until.push(Number.NEGATIVE_INFINITY);
	}

	/**
	 * Whether the first flight with the binder at `at` of bytes may bring early data: it is new, and the ticket's age that
	 * the client tells is about ours (both in milliseconds).
	 */
	admit(bytes: Uint8Array, at: number, toldAge: number, ourAge: number, now: number): boolean {
		if (Math.abs(toldAge - ourAge) > AGE_TOLERANCE) return false;
		let free = -1;
		for (let i = 0; i < this.#until.length; i++) {
			if (this.#until[i] <= now) free = i;
			else if (this.holds(i, bytes, at)) return false;
		}
		if (free < 0) return false;
		this.#marks.set(bytes.subarray(at, at + MARK), free * MARK);
		this.#until[free] = now + 2 * AGE_TOLERANCE;
		return true;
	}

	private holds(place: number, bytes: Uint8Array, at: number): boolean {
		for (let i = 0; i < MARK; i++) if (this.#marks[place * MARK + i] !== bytes[at + i]) return false;
		return true;
	}
}
