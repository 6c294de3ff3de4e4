// The private RSA operation (RFC 8017 5.1.2, 5.2.1) with the Chinese Remainder Theorem, one multiplication per call.
// For signing and for decryption.
//
// Blinding: what is raised to the private exponents is value * r^e for a fresh random r, so nobody who chooses the
// value chooses what the secret arithmetic works on. r has 256 bits: as hard to guess as any key here, and its
// inverse modulo n is cheap, because Euclid's algorithm then runs on 256-bit numbers. Check: the result to the public
// exponent must give the value again, else nothing leaves (Boneh, DeMillo, Lipton 1997: one faulty half of a CRT
// signature gives away the factors).

import type { Entropy } from "../../os/os.js";
import { decodeInteger } from "./integer.js";
import { Montgomery } from "./montgomery.js";
import { MontgomeryPower, PublicPower } from "./montgomery-power.js";
import type { RsaPrivateKey } from "./rsa-key.js";

const BLIND_BYTES = 32;
/** Steps of Euclid's algorithm in one call, and what they cost. */
const EUCLID_STEPS = 4;
const EUCLID_COST = 8;

// What comes next
const DRAW = 0;
const INVERT = 1;
const BLIND = 2;
const BEGIN_Q = 3;
const POWER_Q = 4;
const POWER_P = 5;
const UNBLIND = 6;
const ENTER = 7;
const ENTER_AGAIN = 8;
const LEAVE = 9;
const CHECK = 10;
const ENDED = 11;

/**
 * value^d mod n.
 *
 *     operation.start(key, value, entropy);          // key and entropy are used until done
 *     while (!operation.done) operation.advance();
 *     if (operation.right) use(operation.result);
 */
export class RsaPrivateOperation {
	done = true;
	/** After done: the check held. Without it there is no result. */
	right = false;
	result = 0n;
	#state = ENDED;
	#key: RsaPrivateKey | undefined;
	#entropy: Entropy | undefined;
	#value = 0n;
	readonly #n = new Montgomery();
	/** Modulo q, then modulo p. */
	readonly #prime = new Montgomery();
	readonly #power = new MontgomeryPower();
	readonly #publicPower = new PublicPower();
	/** r, later its inverse modulo n. */
	#blind = 0n;
	/** Euclid's remainders and the coefficients of n: x * n = a, y * n = b modulo r. */
	#euclid: bigint[] = [];
	/** The blinded value, then its power modulo q. */
	#blinded = 0n;
	#powerQ = 0n;

	/** value is 1 to n - 1. */
	start(key: RsaPrivateKey, value: bigint, entropy: Entropy): void {
		this.#key = key;
		this.#value = value;
		this.#entropy = entropy;
		this.#state = DRAW;
		this.done = false;
		this.right = false;
	}

	/** One multiplication or something that costs as much; answers its cost as Montgomery.cost does. */
	advance(): number {
		switch (this.#state) {
			case DRAW:
				return this.draw();
			case INVERT:
				return this.invert();
			case BLIND:
				return this.#publicPower.done ? this.applyBlind() : this.#publicPower.advance();
			case BEGIN_Q:
				return this.beginPrime(this.#key!.q, this.#key!.qBits, this.#key!.qExponent, POWER_Q);
			case POWER_Q:
				return this.#power.done ? this.beginP() : this.#power.advance();
			case POWER_P:
				return this.#power.done ? this.recombine() : this.#power.advance();
			case CHECK:
				return this.#publicPower.done ? this.check() : this.#publicPower.advance();
			default:
				return this.unblind();
		}
	}

	/** Draws r and takes Euclid's first step, the only one on a long number. */
	private draw(): number {
		const key = this.#key!.public;
		const bytes = new Uint8Array(BLIND_BYTES);
		this.#entropy!.fill(bytes, 0, BLIND_BYTES);
		bytes[0] |= 0x80;
		const r = decodeInteger(bytes, 0, BLIND_BYTES);
		bytes.fill(0);
		this.#n.set(key.modulus, key.bits);
		this.#blind = r;
		this.#euclid = [r, key.modulus % r, 0n, 1n];
		this.#state = INVERT;
		return 2 * this.#n.cost;
	}

	/**
	 * Some steps of Euclid's algorithm: their number and time depend on r, which is used once and never seen again,
	 * and on n, which is public.
	 */
	private invert(): number {
		let [a, b, x, y] = this.#euclid;
		for (let i = 0; i < EUCLID_STEPS && b !== 0n; i++) {
			const quotient = a / b;
			const rest = a - quotient * b;
			const next = x - quotient * y;
			a = b;
			b = rest;
			x = y;
			y = next;
		}
		this.#euclid = [a, b, x, y];
		if (b !== 0n) return EUCLID_COST;
		if (a === 1n) this.beginBlind(x);
		else this.#state = DRAW; // r has a factor in common with n: draw another
		return EUCLID_COST + this.#n.cost;
	}

	/** From x = 1 / n modulo r follows 1 / r modulo n, for 1 - x * n is a multiple of r. */
	private beginBlind(x: bigint): void {
		const n = this.#n;
		const r = this.#blind;
		if (x < 0n) x += r;
		this.#euclid = [];
		this.#blind = n.modulus - (x * n.modulus - 1n) / r;
		this.#publicPower.start(n, n.enter(r), this.#key!.public.exponent);
		this.#state = BLIND;
	}

	private applyBlind(): number {
		this.#blinded = this.#n.multiply(this.#value, this.#publicPower.result);
		this.#state = BEGIN_Q;
		return this.#n.cost;
	}

	private beginP(): number {
		const { p, pBits, pExponent } = this.#key!;
		this.#powerQ = this.#prime.leave(this.#power.result);
		return this.beginPrime(p, pBits, pExponent, POWER_P);
	}

	/** Begins the blinded value to this exponent modulo this prime. */
	private beginPrime(modulus: bigint, bits: number, exponent: Uint8Array, state: number): number {
		const prime = this.#prime;
		prime.set(modulus, bits);
		// Reduced without a division: value / R modulo the prime, and R^3 / R brings it into Montgomery form
		const base = prime.multiply(prime.reduce(this.#blinded), prime.multiply(prime.square, prime.square));
		this.#power.start(prime, base, exponent, exponent.length);
		this.#state = state;
		return 6 * prime.cost;
	}

	/** Garner's formula (RFC 8017 5.1.2 step 2b). */
	private recombine(): number {
		const { p, q, coefficient } = this.#key!;
		const prime = this.#prime;
		// So many times p that the difference is positive: q has at most 8 bits more
		const difference = prime.leave(this.#power.result) + (p << 16n) - this.#powerQ;
		const h = prime.leave(prime.multiply(difference, prime.enter(prime.enter(coefficient))));
		this.result = this.#powerQ + q * h;
		this.#state = UNBLIND;
		return 6 * prime.cost;
	}

	/**
	 * Takes the blinding off. Entered twice, for the first product is short of an R; left again, for only that gives
	 * the one result below n, without a comparison.
	 */
	private unblind(): number {
		const n = this.#n;
		switch (this.#state) {
			case UNBLIND:
				this.result = n.multiply(this.result, this.#blind);
				break;
			case ENTER:
			case ENTER_AGAIN:
				this.result = n.enter(this.result);
				break;
			case LEAVE:
				this.#publicPower.start(n, this.result, this.#key!.public.exponent);
				this.result = n.leave(this.result);
		}
		this.#state++; // through these four to CHECK
		return n.cost;
	}

	private check(): number {
		const cost = this.#n.cost;
		const right = this.#n.leave(this.#publicPower.result) === this.#value;
		const result = this.result;
		this.wipe();
		this.right = right;
		if (right) this.result = result;
		return cost;
	}

	wipe(): void {
		this.#power.wipe();
		this.#publicPower.wipe();
		this.#n.wipe();
		this.#prime.wipe();
		this.#euclid = [];
		this.#value = 0n;
		this.#blind = 0n;
		this.#blinded = 0n;
		this.#powerQ = 0n;
		this.#key = undefined;
		this.#entropy = undefined;
		this.#state = ENDED;
		this.result = 0n;
		this.right = false;
		this.done = true;
	}
}
