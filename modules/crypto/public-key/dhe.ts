// Finite-field Diffie-Hellman (RFC 7919; RFC 8446 4.2.8.1; RFC 5246 8.1.2), sliced, as algorithms to register. Each
// exchange has its own fresh exponent and wipes it as soon as the secret is there.

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import type { KeyExchange, KeyExchangeAlgorithm } from "../types.js";
import { type DheGroup, ffdhe2048Group, ffdhe3072Group, ffdhe4096Group } from "./dhe-groups.js";
import { decodeInteger, encodeInteger } from "./integer.js";
import { Montgomery, UNIT_COST } from "./montgomery.js";
import { MontgomeryPower } from "./montgomery-power.js";
import { keyShareRefused } from "./outcome.js";

// What comes next
const BEGIN = 0;
const SHARE = 1;
const SECRET_BEGIN = 2;
const SECRET = 3;
const ENDED = 4;

/**
 * A KeyExchange in one group.
 *
 *     const exchange = new DheExchange(ffdhe2048Group, true);
 *     exchange.begin(entropy);
 *     while ((status = exchange.step(8)) === WORKING) ...
 *     send(exchange.share, exchange.shareLength);
 *     exchange.receive(bytes, at, end);
 *     while ((status = exchange.step(8)) === WORKING) ...      // DONE: exchange.secret
 */
export class DheExchange implements KeyExchange {
	#state = ENDED;
	#outcome = keyShareRefused();
	/** As long as p, with leading zeros. */
	readonly share: Uint8Array;
	readonly shareLength: number;
	/** As long as p, with leading zeros (RFC 8446 7.4.1); for TLS 1.2 see dhePremasterAt. */
	readonly secret: Uint8Array;
	readonly secretLength: number;
	readonly #group: DheGroup;
	readonly #padded: boolean;
	readonly #field = new Montgomery();
	readonly #power = new MontgomeryPower();
	readonly #exponent: Uint8Array;
	/** The peer's share, or 0. */
	#peer = 0n;

	/** padded: the peer's share must have all its leading zeros, as TLS 1.3 says; TLS 1.2 lets them away. */
	constructor(group: DheGroup, padded: boolean) {
		this.#group = group;
		this.#padded = padded;
		this.shareLength = (group.bits + 7) >> 3;
		this.secretLength = this.shareLength;
		this.share = new Uint8Array(this.shareLength);
		this.secret = new Uint8Array(this.secretLength);
		this.#exponent = new Uint8Array(group.exponentLength);
	}

	begin(entropy: Entropy): void {
		this.wipe();
		this.draw(entropy);
	}

	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void {
		this.wipe();
		if (this.take(peer, at, end)) this.draw(entropy);
	}

	/** Throws before begin was DONE. */
	receive(peer: Uint8Array, at: number, end: number): void {
		if (this.#state !== ENDED || this.#outcome !== DONE || this.#peer !== 0n) throw new Error("a share is received once, after begin was done");
		if (this.take(peer, at, end)) this.#state = SECRET_BEGIN;
	}

	step(budget: number): number {
		let left = budget * UNIT_COST;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.share);
		wipe(this.secret);
		this.#peer = 0n;
		this.#outcome = keyShareRefused(); // of an exchange without work
	}

	private forget(): void {
		this.#state = ENDED;
		this.#power.wipe();
		this.#field.wipe();
		wipe(this.#exponent);
	}

	private draw(entropy: Entropy): void {
		entropy.fill(this.#exponent, 0, this.#exponent.length);
		this.#outcome = WORKING;
		this.#state = BEGIN;
	}

	/** Takes the peer's share if 1 < share < p - 1 (RFC 7919 5.1); answers whether. */
	private take(bytes: Uint8Array, at: number, end: number): boolean {
		const length = end - at;
		const fits = this.#padded ? length === this.shareLength : length <= this.shareLength;
		this.#peer = fits ? decodeInteger(bytes, at, end) : 0n;
		this.#outcome = WORKING;
		if (this.#peer > 1n && this.#peer < this.#group.modulus - 1n) return true;
		this.end(false);
		return false;
	}

	private advance(): number {
		switch (this.#state) {
			case BEGIN:
				this.#field.set(this.#group.modulus, this.#group.bits);
				this.raise(this.#group.generator, SHARE);
				return 3 * this.#field.cost;
			case SHARE:
				return this.#power.done ? this.finishShare() : this.#power.advance();
			case SECRET_BEGIN:
				this.raise(this.#peer, SECRET);
				return this.#field.cost;
			case SECRET:
				return this.#power.done ? this.finishSecret() : this.#power.advance();
			default:
				return UNIT_COST;
		}
	}

	private raise(base: bigint, state: number): void {
		this.#power.start(this.#field, this.#field.enter(base), this.#exponent, this.#exponent.length);
		this.#state = state;
	}

	private finishShare(): number {
		encodeInteger(this.#field.leave(this.#power.result), this.share, 0, this.shareLength);
		if (this.#peer !== 0n) this.#state = SECRET_BEGIN;
		else {
			this.#state = ENDED;
			this.#outcome = DONE; // the exponent stays for receive
		}
		return this.#field.cost;
	}

	/**
	 * Refuses the secrets 0, 1 and p - 1 (SP 800-56A 5.7.1.1): no share in range gives them where p is a safe prime, but
	 * a server of TLS 1.2 may have sent another p. leave answers p for 0 there.
	 */
	private finishSecret(): number {
		const secret = this.#field.leave(this.#power.result);
		const { modulus } = this.#group;
		const fits = secret > 1n && secret < modulus - 1n;
		if (fits) encodeInteger(secret, this.secret, 0, this.secretLength);
		this.end(fits);
		return UNIT_COST;
	}

	private end(fits: boolean): void {
		this.forget();
		this.#outcome = fits ? DONE : keyShareRefused();
	}
}

/**
 * Where the premaster secret of TLS 1.2 begins in a secret: RFC 5246 8.1.2 drops all leading zero bytes. That the time
 * of the hash tells their number is the protocol's fault (the Raccoon attack); it gives nothing away as long as no
 * exponent is used twice, and here none is.
 */
export function dhePremasterAt(secret: Uint8Array, length: number): number {
	let at = 0;
	while (at < length && secret[at] === 0) at++;
	return at;
}

export const ffdhe2048: KeyExchangeAlgorithm = Object.freeze({
	group: 0x0100,
	clientShareLength: 256,
	serverShareLength: 256,
	cost: 6000,
	create: (): KeyExchange => new DheExchange(ffdhe2048Group, true),
});

export const ffdhe3072: KeyExchangeAlgorithm = Object.freeze({
	group: 0x0101,
	clientShareLength: 384,
	serverShareLength: 384,
	cost: 12600,
	create: (): KeyExchange => new DheExchange(ffdhe3072Group, true),
});

export const ffdhe4096: KeyExchangeAlgorithm = Object.freeze({
	group: 0x0102,
	clientShareLength: 512,
	serverShareLength: 512,
	cost: 23000,
	create: (): KeyExchange => new DheExchange(ffdhe4096Group, true),
});
