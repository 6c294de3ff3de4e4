// Decoding a point of edwards25519 from its 32 bytes, sliced (RFC 8032 5.1.3). For ed25519-verify.ts.

import { decodeLittleEndian, field25519 } from "./curve25519.js";
import { edwardsD } from "./edwards25519.js";
import { canonical, reduce } from "./modulus.js";
import { Power } from "./power.js";

/** (p - 5) / 8 */
const rootChain: Readonly<Uint8Array> = new Uint8Array([
	1, 255, 1, 2, 0, 2, 0, 1, 3, 1, 2, 4, 5, 4, 5, 10, 5, 6, 20, 6, 7, 10, 5, 8, 50, 8, 9, 100, 9, 255, 50, 8, 255, 2, 0, 255,
]);
/** A square root of -1 */
const ROOT = 0x2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0n;

/**
 * Strict: y below p, a point on the curve, no negative zero. Not for secrets.
 *
 *     decoder.start(bytes, at);
 *     while (!decoder.done) left -= decoder.advance();
 *     if (decoder.right) sum.set(decoder.x, decoder.y);
 */
export class EdwardsDecoder {
	x = 0n;
	y = 0n;
	right = false;
	done = true;
	#sign = 0n;
	/** x^2 = u / v */
	#u = 0n;
	#v = 0n;
	readonly #power = new Power();

	/** 32 bytes from at on. */
	start(bytes: Uint8Array, at: number): void {
		const field = field25519;
		const encoded = decodeLittleEndian(bytes, at);
		const y = encoded & ((1n << 255n) - 1n);
		this.#sign = encoded >> 255n;
		this.y = y;
		this.right = false;
		this.done = y >= field.p;
		if (this.done) return;
		const yy = reduce(field, y * y);
		const v = reduce(field, edwardsD * yy) + 1n;
		this.#u = yy - 1n;
		this.#v = v;
		const v3 = reduce(field, reduce(field, v * v) * v);
		const v7 = reduce(field, reduce(field, v3 * v3) * v);
		this.x = reduce(field, this.#u * v3);
		this.#power.start(reduce(field, this.#u * v7), rootChain);
	}

	/** Answers the units it took. */
	advance(): number {
		if (!this.#power.done) return this.#power.advance();
		const field = field25519;
		const candidate = reduce(field, this.x * this.#power.result);
		const square = reduce(field, reduce(field, candidate * candidate) * this.#v);
		this.done = true;
		let x = candidate;
		if ((square - this.#u) % field.p !== 0n) {
			if ((square + this.#u) % field.p !== 0n) return 1;
			x = candidate * ROOT;
		}
		x = canonical(field, x);
		if (x === 0n && this.#sign === 1n) return 1;
		this.x = (x & 1n) === this.#sign ? x : field.p - x;
		this.right = true;
		return 1;
	}

	wipe(): void {
		this.#power.wipe();
		this.x = 0n;
		this.y = 0n;
		this.#u = 0n;
		this.#v = 0n;
		this.right = false;
		this.done = true;
	}
}
