// Finds the primes of RSA keys, sliced (FIPS 186-5 A.1.3 and B.3.1). For rsa-generate.ts.
//
// Each candidate is drawn afresh, as FIPS 186-5 says, and isn't the last one plus 2: what an observer learns from the
// time of a rejected candidate tells nothing of the prime, and the prime itself passes all tests, which take the same
// steps for every prime. Candidates have their two highest bits set, so that the product of two has the full size, and
// are 3 modulo 4, so that one round of Miller-Rabin is one power, base^((p - 1) / 2) = 1 or -1.

import { wipe } from "../../base/bytes.js";
import type { Entropy } from "../../os/os.js";
import { decodeInteger, encodeInteger } from "./integer.js";
import { Montgomery } from "./montgomery.js";
import { MontgomeryPower } from "./montgomery-power.js";

/** Candidates with a factor below this don't get to Miller-Rabin; a larger bound costs on XS what it saves. */
const SIEVE_END = 2048;
/** The odd primes below it. */
const SIEVE_PRIMES = 308;

/** What can be done in one call besides a power: about as much as a multiplication of 2048 bits. */
const NUMBERS_PER_CALL = 8;
const DIVISIONS_PER_CALL = 6;
const CALL_COST = 14;

// What comes next
const COLLECT = 0;
const DRAW = 1;
const SIEVE = 2;
const BEGIN_ROUND = 3;
const ROUND = 4;

/**
 * A random prime p with p - 1 prime to e.
 *
 *     const search = new PrimeSearch(65537n);
 *     search.start(entropy, 1024);
 *     while (!search.done) search.advance();
 *     search.prime;
 */
export class PrimeSearch {
	done = true;
	/** After done. */
	prime = 0n;
	#state = COLLECT;
	readonly #e: bigint;
	#entropy: Entropy | undefined;
	#bits = 0;
	#candidate = 0n;
	/** The candidate's bytes, later a base's. */
	#bytes: Uint8Array = new Uint8Array(0);
	/** (p - 1) / 2. */
	#exponent: Uint8Array = new Uint8Array(0);
	readonly #small = new Uint16Array(SIEVE_PRIMES);
	#smallCount = 0;
	/** The next number to try (COLLECT), or the index of the next small prime (SIEVE). */
	#next = 3;
	#rounds = 0;
	readonly #field = new Montgomery();
	readonly #power = new MontgomeryPower();

	/** e is prime. */
	constructor(e: bigint) {
		this.#e = e;
	}

	/** bits is a multiple of 8, 1024 or more. */
	start(entropy: Entropy, bits: number): void {
		this.wipe();
		this.#entropy = entropy;
		this.#bits = bits;
		this.#bytes = new Uint8Array(bits >> 3);
		this.#exponent = new Uint8Array(bits >> 3);
		this.#state = this.#smallCount === SIEVE_PRIMES ? DRAW : COLLECT;
		this.done = false;
	}

	/** One multiplication or something that costs as much; answers its cost as Montgomery.cost does. */
	advance(): number {
		switch (this.#state) {
			case COLLECT:
				return this.collect();
			case DRAW:
				return this.draw();
			case SIEVE:
				return this.sieve();
			case BEGIN_ROUND:
				return this.beginRound();
			default:
				return this.#power.done ? this.endRound() : this.#power.advance();
		}
	}

	wipe(): void {
		this.#power.wipe();
		this.#field.wipe();
		wipe(this.#bytes);
		wipe(this.#exponent);
		this.#candidate = 0n;
		this.#entropy = undefined;
		this.prime = 0n;
		this.done = true;
	}

	/** The small primes, by trial division: a table would take more room than this takes time. */
	private collect(): number {
		for (let i = 0; i < NUMBERS_PER_CALL && this.#next < SIEVE_END; i++, this.#next += 2) {
			const small = this.#small;
			let k = 0;
			while (k < this.#smallCount && small[k] * small[k] <= this.#next && this.#next % small[k] !== 0) k++;
			if (k === this.#smallCount || small[k] * small[k] > this.#next) small[this.#smallCount++] = this.#next;
		}
		if (this.#next >= SIEVE_END) this.#state = DRAW;
		return CALL_COST;
	}

	private draw(): number {
		const bytes = this.#bytes;
		this.#entropy!.fill(bytes, 0, bytes.length);
		bytes[0] |= 0xc0;
		bytes[bytes.length - 1] |= 3;
		this.#candidate = decodeInteger(bytes, 0, bytes.length);
		this.#next = 0;
		this.#state = SIEVE;
		return CALL_COST;
	}

	/** Divides by products of small primes below 2^32, the rest by each of them. */
	private sieve(): number {
		const small = this.#small;
		let next = this.#next;
		for (let i = 0; i < DIVISIONS_PER_CALL && next < SIEVE_PRIMES; i++) {
			const first = next;
			let product = 1;
			while (next < SIEVE_PRIMES && product * small[next] <= 0xffffffff) product *= small[next++];
			const rest = Number(this.#candidate % BigInt(product));
			for (let k = first; k < next; k++) if (rest % small[k] === 0) return this.reject();
		}
		this.#next = next;
		if (next < SIEVE_PRIMES) return CALL_COST;
		if (this.#candidate % this.#e === 1n) return this.reject();
		// FIPS 186-5 table B.1: that a composite passes is less likely than 2^-112, 2^-128, 2^-144
		this.#rounds = this.#bits < 1536 ? 5 : 4;
		encodeInteger(this.#candidate >> 1n, this.#exponent, 0, this.#exponent.length);
		this.#field.set(this.#candidate, this.#bits);
		this.#state = BEGIN_ROUND;
		return CALL_COST + 2 * this.#field.cost;
	}

	/** Draws a base, 1 < base < p - 1. Taken as if in Montgomery form: as random as if it were brought into it. */
	private beginRound(): number {
		const bytes = this.#bytes;
		this.#entropy!.fill(bytes, 0, bytes.length);
		const base = decodeInteger(bytes, 0, bytes.length);
		if (base > 1n && base < this.#candidate - 1n) {
			this.#power.start(this.#field, base, this.#exponent, this.#exponent.length);
			this.#state = ROUND;
		}
		return CALL_COST;
	}

	private endRound(): number {
		const root = this.#field.leave(this.#power.result);
		if (root !== 1n && root !== this.#candidate - 1n) return this.reject();
		this.#state = BEGIN_ROUND;
		if (--this.#rounds === 0) {
			const prime = this.#candidate;
			this.wipe();
			this.prime = prime;
		}
		return this.#field.cost;
	}

	private reject(): number {
		this.#state = DRAW;
		return CALL_COST;
	}
}
