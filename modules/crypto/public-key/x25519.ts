// X25519 (RFC 7748 5) as a key exchange (RFC 8446 4.2.8.2, 7.4.2): the Montgomery ladder, sliced; shares are made on
// edwards25519, which is faster. A result of zero, which a point of small order makes, is refused (RFC 7748 6.1, RFC 8446
// 7.4.2).

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import type { KeyExchange, KeyExchangeAlgorithm } from "../types.js";
import { BaseMultiply25519 } from "./base-multiply-25519.js";
import { clampScalar, decodeLittleEndian, encodeLittleEndian, field25519 } from "./curve25519.js";
import { Inverse } from "./inverse.js";
import { LadderPoints } from "./ladder-points.js";
import { climb25519 } from "./ladder-steps.js";
import { canonical, reduce } from "./modulus.js";
import { keyShareRefused } from "./outcome.js";
import { drawScalar } from "./scalar.js";

/** Ladder steps in one piece of work. */
const STEPS = 8;

/**
 * u(k P) from k and u(P) (RFC 7748 5).
 *
 *     ladder.drawBlinds(entropy);
 *     ladder.start(k, u);                     // k as decoded and clamped
 *     while (!ladder.done) left -= ladder.advance();
 *     encodeLittleEndian(ladder.u, secret, 0);
 */
export class Ladder25519 {
	u = 0n;
	done = true;
	/** The next bit, from 254 down; negative while z is inverted. */
	#bit = 0;
	/** Where the scalar's bits change: k ^ k / 2, little-endian. */
	readonly #changes = new Uint8Array(32);
	readonly #points = new LadderPoints();
	readonly #inverse = new Inverse();
	/** Random factors of the other point's coordinates and of the number that is inverted: nobody knows what is computed with. */
	#pointBlind = 0n;
	#inverseBlind = 0n;

	/** Before each start, or long before it: whenever there is entropy. */
	drawBlinds(entropy: Entropy): void {
		this.#pointBlind = drawScalar(entropy, field25519);
		this.#inverseBlind = drawScalar(entropy, field25519);
	}

	/** u: below 2^255. */
	start(k: bigint, u: bigint): void {
		const blind = this.#pointBlind;
		encodeLittleEndian(k ^ (k >> 1n), this.#changes, 0);
		const points = this.#points;
		points.u1 = u;
		points.x2 = 1n;
		points.z2 = 0n;
		points.x3 = canonical(field25519, u * blind);
		points.z3 = blind;
		this.#bit = 254;
		this.done = false;
	}

	/** Some steps of the ladder or a piece of the inversion; answers the units it took. */
	advance(): number {
		if (this.#bit >= 0) return this.climb();
		return this.#inverse.done ? this.finish() : this.#inverse.advance();
	}

	private climb(): number {
		const points = this.#points;
		climb25519(points, this.#changes, this.#bit, STEPS);
		this.#bit -= STEPS;
		if (this.#bit < 0) this.#inverse.start(field25519, points.z2, this.#inverseBlind);
		return STEPS;
	}

	/** A clamped scalar is even: the last point doubled is k P. */
	private finish(): number {
		const u = canonical(field25519, reduce(field25519, this.#points.x2 * this.#inverse.result));
		this.wipe();
		this.u = u;
		return 1;
	}

	wipe(): void {
		wipe(this.#changes);
		this.#inverse.wipe();
		const points = this.#points;
		points.u1 = points.x2 = points.z2 = points.x3 = points.z3 = 0n;
		this.#pointBlind = 0n;
		this.#inverseBlind = 0n;
		this.u = 0n;
		this.done = true;
	}
}

// What comes next
const ENDED = 0;
const SHARE = 1;
const SECRET = 2;

/**
 * A KeyExchange on Curve25519.
 *
 *     const exchange = new X25519();
 *     exchange.respond(entropy, peer, at, end);
 *     while ((status = exchange.step(8)) === WORKING) ...    // then send exchange.share
 */
export class X25519 implements KeyExchange {
	readonly share = new Uint8Array(32);
	readonly shareLength = 32;
	readonly secret = new Uint8Array(32);
	readonly secretLength = 32;
	#state = ENDED;
	#outcome = keyShareRefused(); // of a job without work
	readonly #base = new BaseMultiply25519();
	readonly #ladder = new Ladder25519();
	#private = 0n;
	/** The peer's u, or -1 where it has none or its length is wrong. */
	#peer = -1n;
	/** Whether there is a peer's share to make the secret from. */
	#hasPeer = false;

	begin(entropy: Entropy): void {
		this.wipe();
		this.draw(entropy);
	}

	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void {
		this.wipe();
		this.take(peer, at, end);
		this.draw(entropy);
	}

	receive(peer: Uint8Array, at: number, end: number): void {
		if (this.#private === 0n) return; // begin was not called, or its work was wiped: step() refuses
		this.take(peer, at, end);
		this.#outcome = WORKING;
		this.beginSecret();
	}

	step(budget: number): number {
		let left = budget;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.share);
		wipe(this.secret);
		this.#outcome = keyShareRefused();
	}

	private draw(entropy: Entropy): void {
		const bytes = new Uint8Array(32);
		entropy.fill(bytes, 0, 32);
		this.#private = clampScalar(bytes);
		wipe(bytes);
		this.#base.start(this.#private, entropy, true);
		this.#ladder.drawBlinds(entropy);
		this.#outcome = WORKING;
		this.#state = SHARE;
	}

	/** The highest bit is masked (RFC 7748 5). */
	private take(peer: Uint8Array, at: number, end: number): void {
		this.#peer = end - at === 32 ? decodeLittleEndian(peer, at) & 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn : -1n;
		this.#hasPeer = true;
	}

	private beginSecret(): void {
		if (this.#peer >= 0n) this.#ladder.start(this.#private, this.#peer);
		this.#state = SECRET;
	}

	private advance(): number {
		switch (this.#state) {
			case SHARE:
				if (this.#hasPeer && this.#peer < 0n) return this.end(keyShareRefused());
				return this.#base.done ? this.encodeShare() : this.#base.advance();
			case SECRET:
				if (this.#peer < 0n) return this.end(keyShareRefused());
				return this.#ladder.done ? this.encodeSecret() : this.#ladder.advance();
			default:
				return 1;
		}
	}

	private encodeShare(): number {
		encodeLittleEndian(this.#base.u, this.share, 0);
		this.#base.wipe();
		if (this.#hasPeer) this.beginSecret();
		else {
			this.#state = ENDED;
			this.#outcome = DONE;
		}
		return 1;
	}

	private encodeSecret(): number {
		encodeLittleEndian(this.#ladder.u, this.secret, 0);
		let any = 0;
		for (let i = 0; i < 32; i++) any |= this.secret[i];
		return this.end(any === 0 ? keyShareRefused() : DONE);
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return 1;
	}

	private forget(): void {
		this.#state = ENDED;
		this.#base.wipe();
		this.#ladder.wipe();
		this.#private = 0n;
		this.#peer = -1n;
		this.#hasPeer = false;
	}
}

/** x25519, NamedGroup 29. */
export const x25519: KeyExchangeAlgorithm = Object.freeze({
	group: 29,
	clientShareLength: 32,
	serverShareLength: 32,
	cost: 1300,
	create: (): KeyExchange => new X25519(),
});
