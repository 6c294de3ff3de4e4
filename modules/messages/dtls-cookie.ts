// The cookie of a server that keeps nothing of a client whose address is not proven (RFC 9147 5.1, RFC 6347 4.2.1): an HMAC
// over the address and what must come back, under a secret that changes. Two secrets are valid, so a cookie lives for
// one to two periods.

import { equalConstantTime, wipe } from "../base/bytes.js";
import type { HashAlgorithm, Hmac } from "../crypto/types.js";
import type { Entropy } from "../os/os.js";

/** Bytes of the HMAC that stand in a cookie, and the generation of the secret in front. */
const MAC_LENGTH = 16;
export const COOKIE_OVERHEAD = 1 + MAC_LENGTH;
const SECRET_LENGTH = 32;
const HASH_MAX = 64;

/**
 * Seals and checks cookies.
 *
 *     const end = cookie.seal(now, address, bytes, at, contentEnd);            // content, then what proves it
 *     if (cookie.check(now, address, bytes, at, end)) use(bytes, at, end - COOKIE_OVERHEAD);
 */
export class DtlsCookie {
	readonly #entropy: Entropy;
	readonly #period: number;
	readonly #hmac: Hmac;
	readonly #secrets = [new Uint8Array(SECRET_LENGTH), new Uint8Array(SECRET_LENGTH)];
	#generation = 0;
	#changeAt = Number.NEGATIVE_INFINITY;
	readonly #mac = new Uint8Array(HASH_MAX);
	readonly #address = new Uint8Array(64);

	/** `period`: milliseconds of a secret. */
	constructor(hash: HashAlgorithm, entropy: Entropy, period: number) {
		this.#entropy = entropy;
		this.#period = period;
		this.#hmac = hash.createHmac();
		entropy.fill(this.#secrets[1], 0, SECRET_LENGTH);
	}

	/** Writes behind [at, contentEnd) what proves that it is ours and for this address; answers where the cookie ends. */
	seal(now: number, address: string, bytes: Uint8Array, at: number, contentEnd: number): number {
		this.changeSecret(now);
		bytes[contentEnd] = this.#generation;
		this.authenticate(this.#generation, address, bytes, at, contentEnd + 1);
		for (let i = 0; i < MAC_LENGTH; i++) bytes[contentEnd + 1 + i] = this.#mac[i];
		return contentEnd + COOKIE_OVERHEAD;
	}

	/** Whether the cookie at [at, end) was sealed for this address, not too long ago. */
	check(now: number, address: string, bytes: Uint8Array, at: number, end: number): boolean {
		this.changeSecret(now);
		const macAt = end - MAC_LENGTH;
		if (macAt <= at) return false;
		const generation = bytes[macAt - 1];
		if (generation !== this.#generation && generation !== ((this.#generation - 1) & 255)) return false;
		this.authenticate(generation, address, bytes, at, macAt);
		return equalConstantTime(this.#mac, 0, bytes, macAt, MAC_LENGTH) === 1;
	}

	wipe(): void {
		this.#hmac.wipe();
		for (const secret of this.#secrets) wipe(secret);
	}

	/** A new secret when the period of the last is over; after a long rest both are old. */
	private changeSecret(now: number): void {
		if (now < this.#changeAt) return;
		const late = now - this.#changeAt >= this.#period;
		this.#changeAt = now + this.#period;
		this.#generation = (this.#generation + 1) & 255;
		this.#entropy.fill(this.#secrets[this.#generation & 1], 0, SECRET_LENGTH);
		if (late) this.#entropy.fill(this.#secrets[(this.#generation + 1) & 1], 0, SECRET_LENGTH);
	}

	/** Puts the HMAC into mac. The address has its length in front, so that nothing runs together. */
	private authenticate(generation: number, address: string, bytes: Uint8Array, at: number, end: number): void {
		const text = this.#address;
		const length = Math.min(address.length, text.length - 1);
		text[0] = length;
		for (let i = 0; i < length; i++) text[1 + i] = address.charCodeAt(i);
		const hmac = this.#hmac;
		hmac.setKey(this.#secrets[generation & 1], 0, SECRET_LENGTH);
		hmac.update(text, 0, 1 + length);
		hmac.update(bytes, at, end);
		hmac.digest(this.#mac, 0);
	}
}
