// Elliptic curve Diffie-Hellman on P-256 and P-384 as a key exchange (RFC 8446 4.2.8.2 and 7.4.2, RFC 8422 5.4, 5.10):
// shares are uncompressed points, the secret is the x coordinate. For p256.ts and p384.ts.

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import type { KeyExchange } from "../types.js";
import { type Curve, onCurve } from "./curve.js";
import { GeneratorMultiply } from "./generator-multiply.js";
import { decodeInteger, encodeInteger } from "./integer.js";
import { keyShareRefused } from "./outcome.js";
import { PointMultiply } from "./point-multiply.js";
import { drawScalar } from "./scalar.js";

// What comes next
const ENDED = 0;
const CHECK = 1;
const SHARE = 2;
const SECRET = 3;

/**
 * A KeyExchange on one curve.
 *
 *     const exchange = new Ecdh(p256);
 *     exchange.begin(entropy);
 *     while (exchange.step(8) === WORKING) ...    // then send exchange.share
 *     exchange.receive(peer, at, end);
 *     while ((status = exchange.step(8)) === WORKING) ...
 */
export class Ecdh implements KeyExchange {
	readonly share: Uint8Array;
	readonly shareLength: number;
	readonly secret: Uint8Array;
	readonly secretLength: number;
	readonly #curve: Curve;
	#state = ENDED;
	#outcome = keyShareRefused(); // of a job without work
	readonly #generator: GeneratorMultiply;
	readonly #point: PointMultiply;
	/** The private key, from begin until receive. */
	#private = 0n;
	/** The peer's point; 0, 0, which is on neither curve, where it has none or its encoding is wrong. */
	#x = 0n;
	#y = 0n;
	/** Whether there is a peer's share to make the secret from. */
	#hasPeer = false;

	constructor(curve: Curve) {
		this.#curve = curve;
		this.shareLength = 1 + 2 * curve.length;
		this.share = new Uint8Array(this.shareLength);
		this.secretLength = curve.length;
		this.secret = new Uint8Array(this.secretLength);
		this.#generator = new GeneratorMultiply(curve);
		this.#point = new PointMultiply(curve);
	}

	begin(entropy: Entropy): void {
		this.wipe();
		this.draw(entropy);
		this.#outcome = WORKING;
		this.#state = SHARE;
	}

	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void {
		this.wipe();
		this.draw(entropy);
		this.take(peer, at, end);
		this.#outcome = WORKING;
		this.#state = CHECK;
	}

	receive(peer: Uint8Array, at: number, end: number): void {
		if (this.#private === 0n) return; // begin was not called, or its work was wiped: step() refuses
		this.take(peer, at, end);
		this.#outcome = WORKING;
		this.#state = CHECK;
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
		this.#private = drawScalar(entropy, this.#curve.order);
		this.#generator.start(this.#private, entropy);
		this.#point.drawBlinds(entropy);
	}

	private take(peer: Uint8Array, at: number, end: number): void {
		const middle = at + 1 + this.#curve.length;
		const right = end - at === this.shareLength && peer[at] === 4;
		this.#x = right ? decodeInteger(peer, at + 1, middle) : 0n;
		this.#y = right ? decodeInteger(peer, middle, end) : 0n;
		this.#hasPeer = true;
	}

	private advance(): number {
		switch (this.#state) {
			case CHECK:
				return this.check();
			case SHARE:
				return this.#generator.done ? this.encodeShare() : this.#generator.advance();
			case SECRET:
				return this.#point.done ? this.encodeSecret() : this.#point.advance();
			default:
				return 1;
		}
	}

	private check(): number {
		if (!onCurve(this.#curve, this.#x, this.#y)) return this.end(keyShareRefused());
		this.#point.start(this.#private, this.#x, this.#y);
		this.#state = this.#generator.done ? SECRET : SHARE;
		return 1;
	}

	private encodeShare(): number {
		const { length } = this.#curve;
		this.share[0] = 4;
		encodeInteger(this.#generator.x, this.share, 1, 1 + length);
		encodeInteger(this.#generator.y, this.share, 1 + length, 1 + 2 * length);
		this.#generator.wipe();
		if (this.#hasPeer) this.#state = SECRET;
		else {
			this.#state = ENDED;
			this.#outcome = DONE;
		}
		return 1;
	}

	private encodeSecret(): number {
		encodeInteger(this.#point.x, this.secret, 0, this.secretLength);
		return this.end(DONE);
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return 1;
	}

	private forget(): void {
		this.#state = ENDED;
		this.#generator.wipe();
		this.#point.wipe();
		this.#private = 0n;
		this.#x = 0n;
		this.#y = 0n;
		this.#hasPeer = false;
	}
}
