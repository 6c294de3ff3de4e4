// Where the peer is (RFC 9146 section 6, RFC 9853): with connection ids its datagrams may begin to come from elsewhere, and
// a new address is believed only when the peer has answered a challenge that was sent there.

/** The longest that an answer is waited for, and how often a challenge is sent (RFC 9853 5.5). */
const PATIENCE = 1000;
const TRIES = 3;
export const COOKIE_LENGTH = 8;
/** One text for all: on XS a literal outside of flash is a new one each time. */
const NO_ADDRESS = "";

// Return routability check messages (RFC 9853 section 4)
export const path_challenge = 0;
export const path_response = 1;
export const path_drop = 2;

/**
 * The paths of one connection. Addresses are texts in the host's spelling; "" if the host tells none. A host with several
 * networks spells the own one, too: then each text is a path.
 *
 *     paths.notice(from);                        // the newest authentic record came from there
 *     if (paths.due(now)) sendChallenge(paths.cookie, paths.target);
 *     paths.confirm(memory, cookieAt);            // the peer's answer: address is now the candidate
 */
export class DtlsPaths {
	/** The address that is believed. */
	address = NO_ADDRESS;
	/** Of the datagram that is being read. */
	from = NO_ADDRESS;
	/** The address that is being checked. */
	candidate = NO_ADDRESS;
	/** Both sides do checks; else a new address is not believed, unless trusting says so. */
	checks = false;
	/** Believe a new address as soon as an authentic record comes from there: for peers that don't do checks. */
	trusting = false;
	/** Ask at the old address first (RFC 9853 5.2): who only repeats the peer's datagrams from elsewhere gains nothing then. */
	enhanced = false;
	/** What the challenge under way says; the caller fills it in for each. */
	readonly cookie = new Uint8Array(COOKIE_LENGTH);
	/** When the next challenge is due, in ticks. */
	deadline = Number.POSITIVE_INFINITY;
	/** The peer's challenge that must be answered, to where it came from, by path_response or path_drop. */
	answerTo: string | undefined = undefined;
	answerType = path_response;
	readonly answerCookie = new Uint8Array(COOKIE_LENGTH);
	/** The path that we have left ourselves. */
	#left = NO_ADDRESS;
	#tries = 0;
	/** The old address is asked. */
	#asksOld = false;

	/** The newest record of all was authentic, and came in the datagram that is being read. */
	notice(): void {
		const { from, address, candidate } = this;
		if (from === address || from === candidate || from === NO_ADDRESS || from === this.#left) return;
		if (this.trusting || address === NO_ADDRESS) this.address = from;
		else if (this.checks) {
			this.candidate = from;
			this.#tries = 0;
			this.#asksOld = this.enhanced;
			this.deadline = Number.NEGATIVE_INFINITY;
		}
	}

	/** We go on over another path by our own wish: what is asked over the old one is answered by path_drop. */
	leave(address: string): void {
		this.#left = this.address;
		this.address = address;
		this.forget();
	}

	/** When something is to be sent: a challenge that is due, or at once an answer to the peer's. */
	get wakeAt(): number {
		return this.answerTo === undefined ? this.deadline : Number.NEGATIVE_INFINITY;
	}

	/** Whether a new address is being checked. */
	get checking(): boolean {
		return this.candidate !== NO_ADDRESS;
	}

	/** Where a challenge goes. */
	get target(): string {
		return this.#asksOld ? this.address : this.candidate;
	}

	/** Whether a challenge is to be sent now; after some in vain the old address stays. */
	due(now: number): boolean {
		if (!this.checking || now < this.deadline) return false;
		if (this.#asksOld && this.#tries > 0) this.askNew();
		if (this.#tries === TRIES) {
			this.forget();
			return false;
		}
		this.#tries++;
		this.deadline = now + PATIENCE;
		return true;
	}

	/** The peer has echoed a cookie; if it is ours, the peer is where it was asked. Others are ignored. */
	confirm(bytes: Uint8Array, at: number): void {
		if (!this.isOurs(bytes, at)) return;
		if (!this.#asksOld) this.address = this.candidate;
		this.forget();
	}

	/** The peer has left the path on which it was asked: the new one is asked now, or, if it was that, the old address stays. */
	drop(bytes: Uint8Array, at: number): void {
		if (!this.isOurs(bytes, at)) return;
		if (!this.#asksOld) this.forget();
		else {
			this.askNew();
			this.deadline = Number.NEGATIVE_INFINITY;
		}
	}

	/** The peer wants to know whether we are where this datagram came from. */
	challenge(bytes: Uint8Array, at: number): void {
		for (let i = 0; i < COOKIE_LENGTH; i++) this.answerCookie[i] = bytes[at + i];
		this.answerTo = this.from;
		this.answerType = this.from === this.#left && this.from !== NO_ADDRESS ? path_drop : path_response;
	}

	private isOurs(bytes: Uint8Array, at: number): boolean {
		if (!this.checking || this.#tries === 0) return false;
		for (let i = 0; i < COOKIE_LENGTH; i++) if (bytes[at + i] !== this.cookie[i]) return false;
		return true;
	}

	private askNew(): void {
		this.#asksOld = false;
		this.#tries = 0;
	}

	private forget(): void {
		this.candidate = NO_ADDRESS;
		this.#asksOld = false;
		this.#tries = 0;
		this.deadline = Number.POSITIVE_INFINITY;
	}
}
