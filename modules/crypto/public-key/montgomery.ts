// Arithmetic modulo an odd number of 512 to 4096 bits in Montgomery form (P. Montgomery 1985; Handbook of Applied
// Cryptography 14.3.2), on BigInt. For RSA and finite-field Diffie-Hellman.
//
// Why so: one modular multiplication on XS, relative to this one: 2048 bits in one block 1.18, Barrett 1.10, the engine's
// own % 1.93; 4096 bits 1.22, 1.21, 2.23; 1024 bits (one block here) 1.00, 0.99, 1.63. Smaller blocks than these gain at
// most 3 % and leave up to half as much again for the collector. Squaring costs the same: XS only multiplies.
//
// R is at least 2^32 times the modulus. So no conditional subtraction is needed: products of values up to a little
// above the modulus come out below modulus * (1 + 2^-31), and a value fills the same number of the engine's words
// whatever it is, but for one in 2^32. XS's loops don't look at the words' contents.

import { montgomeryReduce } from "./montgomery-reduce.js";

/** What one unit of a job's budget stands for (about one step of a P-256 ladder), in the microseconds of Montgomery.cost. */
export const UNIT_COST = 9;

/**
 * A modulus and its constants.
 *
 *     const field = new Montgomery();
 *     field.set(p, 2048);                              // two multiplications' worth of work
 *     const product = field.leave(field.multiply(field.enter(a), field.enter(b)));
 */
export class Montgomery {
	#mask = 0n;
	#inverse = 0n;
	modulus = 0n;
	#width = 0n;
	#blocks = 0;
	/** About how many microseconds one multiplication takes on XS on a desktop core: what slices are cut by. */
	cost = 1;
	/** R^2 mod modulus: multiplying by it enters Montgomery form. */
	square = 0n;

	/** Takes an odd modulus of this many bits. */
	set(modulus: bigint, bits: number): void {
		const words = Math.ceil(bits / 32);
		const blocks = Math.ceil((words + 1) / 49);
		const width = BigInt(32 * Math.ceil((words + 1) / blocks));
		const mask = (1n << width) - 1n;
		// Newton's iteration doubles the right low bits of 1 / modulus; the modulus itself is right in 3
		const low = modulus & mask;
		let inverse = low & 0xffffffffn;
		for (let right = 3; right < width; right *= 2) inverse = (inverse * (2n - ((low * inverse) & mask))) & mask;
		this.modulus = modulus;
		this.#mask = mask;
		this.#inverse = mask + 1n - inverse;
		this.#width = width;
		this.#blocks = blocks;
		this.cost = 1 + Math.ceil((words * words * 3) / 1000);
		// The only division; for a secret modulus its time is a single fixed value, the same at each use of the key
		this.square = (1n << (2n * width * BigInt(blocks))) % modulus;
	}

	/** a * b / R, from values below 2^31 * modulus of which one is below 2 * modulus. */
	multiply(a: bigint, b: bigint): bigint {
		return this.reduce(a * b);
	}

	/** value / R: below modulus + value / R. */
	reduce(value: bigint): bigint {
		return montgomeryReduce(value, this.modulus, this.#mask, this.#inverse, this.#width, this.#blocks);
	}

	/** 1 in Montgomery form. */
	one(): bigint {
		return this.reduce(this.square);
	}

	/** Into Montgomery form: a * R. */
	enter(a: bigint): bigint {
		return this.reduce(a * this.square);
	}

	/** Out of Montgomery form: below the modulus, but the modulus itself may stand for 0. */
	leave(a: bigint): bigint {
		return this.reduce(a);
	}

	/** Forgets the modulus. The engine's copies of BigInts can't be overwritten; they go with its next collection. */
	wipe(): void {
		this.modulus = 0n;
		this.square = 0n;
		this.#inverse = 0n;
	}
}
