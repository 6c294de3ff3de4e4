// The epochs of one direction: the plain one, the newest, and the one before it, which is kept as long as its records may
// still be on their way (RFC 9147 4.2.1, 8).

import { DtlsPlain, type DtlsProtection } from "./dtls-protection.js";

/**
 * What protects each epoch's records.
 *
 *     epochs.install(createDtlsProtection13(registry, keys, 2, cid));
 *     epochs.newest.seal(handshake, memory, at, contentEnd, true);
 *     epochs.find(0)?.seal(...)                       // a retransmission of what was sent in the clear
 */
export class DtlsEpochs {
	readonly plain = new DtlsPlain();
	newest: DtlsProtection = this.plain;
	previous: DtlsProtection | undefined = undefined;
	/** The epoch of which takeWear() has spoken. */
	#worn = 0;

	/** Which protection an epoch has; undefined if it is not (or no longer) there. */
	find(epoch: number): DtlsProtection | undefined {
		const { newest, previous, plain } = this;
		if (newest.epoch === epoch) return newest;
		if (previous?.epoch === epoch) return previous;
		return epoch === 0 ? plain : undefined;
	}

	/** The newest whose last two bits are these (RFC 9147 4.2.2). */
	findByBits(bits: number): DtlsProtection | undefined {
		const { newest, previous } = this;
		if (newest.unified && (newest.epoch & 3) === bits) return newest;
		return previous?.unified && (previous.epoch & 3) === bits ? previous : undefined;
	}

	/** Whether the newest keys have seen half of the forgeries that they may (RFC 9147 4.5.3); said once of each. */
	takeWear(): boolean {
		const { epoch, forged, forgedLimit } = this.newest;
		if (forged < forgedLimit / 2 || epoch === this.#worn) return false;
		this.#worn = epoch;
		return true;
	}

	/** A new epoch; the one before the last is forgotten. */
	install(protection: DtlsProtection): void {
		this.previous?.wipe();
		this.previous = this.newest === this.plain ? undefined : this.newest;
		this.newest = protection;
	}

	/** Forgets the epoch before the newest. */
	forgetPrevious(): void {
		this.previous?.wipe();
		this.previous = undefined;
	}

	wipe(): void {
		this.newest.wipe();
		this.forgetPrevious();
	}
}
