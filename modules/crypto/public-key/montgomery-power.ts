// Powers modulo an odd number, one multiplication per call, so that whoever owns them can cut them into slices.
// MontgomeryPower is for secret exponents, PublicPower for RSA's public one.

import type { Montgomery } from "./montgomery.js";

const WINDOW = 16;

/**
 * base^exponent for a secret exponent: a fixed window of 4 bits, four squarings and one multiplication for each,
 * whatever the bits are. No branch and no index depends on the exponent: a table entry is chosen as the sum of all
 * entries, each times 2 or 3, less twice the sum of all; so even the engine sees operands of one size. On XS this
 * choice costs 0.5 to 1.4 of a multiplication (2048 and 1024 bits); windows of 3 or 5 bits gain nothing.
 *
 *     power.start(field, field.enter(base), exponent, 256);
 *     while (!power.done) power.advance();
 *     field.leave(power.result);
 */
export class MontgomeryPower {
	/** In Montgomery form, once done. */
	result = 0n;
	done = true;
	#field: Montgomery | undefined;
	#table: bigint[] = [];
	#twice = 0n;
	#exponent: Uint8Array = new Uint8Array(0);
	/** The next 4 bits of the exponent, counted from the top, and how many squarings they have had. */
	#digit = 0;
	#digits = 0;
	#squarings = 0;

	/** base in Montgomery form; the exponent is length bytes, big-endian, and must stay as it is until done. */
	start(field: Montgomery, base: bigint, exponent: Uint8Array, length: number): void {
		this.#field = field;
		this.#table = [base];
		this.#exponent = exponent;
		this.#digit = 0;
		this.#digits = 2 * length;
		this.done = false;
	}

	/** One multiplication, with the choice that goes with it; answers its cost as Montgomery.cost does. */
	advance(): number {
		const field = this.#field!;
		const table = this.#table;
		if (table.length === 1) table.unshift(field.one());
		else if (table.length < WINDOW) {
			table.push(field.multiply(table[table.length - 1], table[1]));
			if (table.length === WINDOW) this.begin();
		} else if (this.#squarings < 4) {
			this.result = field.multiply(this.result, this.result);
			this.#squarings++;
		} else {
			this.result = field.multiply(this.result, this.choose());
			this.next();
		}
		return field.cost + 1;
	}

	private begin(): void {
		let sum = 0n;
		for (const entry of this.#table) sum += entry;
		this.#twice = 2n * sum;
		this.result = this.choose();
		this.next();
	}

	private next(): void {
		this.#squarings = 0;
		this.done = ++this.#digit === this.#digits;
	}

	/** The table entry of the present digit. */
	private choose(): bigint {
		const table = this.#table;
		const digit = (this.#exponent[this.#digit >> 1] >> (4 - 4 * (this.#digit & 1))) & 15;
		let sum = 0n;
		for (let i = 0; i < WINDOW; i++) sum += table[i] * BigInt(2 - (((i ^ digit) - 1) >> 31));
		return sum - this.#twice;
	}

	wipe(): void {
		this.result = 0n;
		this.#twice = 0n;
		this.#table = [];
		this.#exponent = new Uint8Array(0);
		this.done = true;
	}
}

/** base^exponent for a public exponent below 2^33: square and multiply. Used as MontgomeryPower is. */
export class PublicPower {
	result = 0n;
	done = true;
	#field: Montgomery | undefined;
	#base = 0n;
	#exponent = 0;
	/** The power of two that belongs to the present bit of the exponent. */
	#weight = 1;
	#multiplies = false;

	/** base in Montgomery form; exponent at least 1. */
	start(field: Montgomery, base: bigint, exponent: number): void {
		this.#field = field;
		this.#base = base;
		this.result = base;
		this.#exponent = exponent;
		this.#weight = 1;
		while (this.#weight * 2 <= exponent) this.#weight *= 2;
		this.#multiplies = false;
		this.done = exponent === 1;
	}

	/** One multiplication; answers its cost. */
	advance(): number {
		const field = this.#field!;
		if (this.#multiplies) {
			this.result = field.multiply(this.result, this.#base);
			this.#multiplies = false;
		} else {
			this.result = field.multiply(this.result, this.result);
			this.#weight /= 2;
			this.#multiplies = Math.floor(this.#exponent / this.#weight) % 2 === 1;
		}
		this.done = this.#weight === 1 && !this.#multiplies;
		return field.cost;
	}

	wipe(): void {
		this.result = 0n;
		this.#base = 0n;
		this.done = true;
	}
}
