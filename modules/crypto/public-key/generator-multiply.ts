// A secret multiple of the generator, sliced: key shares, key pairs and signatures on P-256 and P-384. A comb (Lim and
// Lee 1994; signed digits as Hedabou et al. 2005) of four teeth and four blocks over a table in flash, with complete
// additions; all 8 entries of a block are read for each digit.

import type { Curve } from "./curve.js";
import { Homogeneous } from "./homogeneous.js";
import { canonical, reduce } from "./modulus.js";
import { Power } from "./power.js";
import { chooseOfRow, signedBits } from "./scalar.js";

/**
 * k times the generator, k from 1 to order - 1.
 *
 *     multiply.start(k, drawScalar(entropy, curve.field));
 *     while (!multiply.done) left -= multiply.advance();
 *     encodeInteger(multiply.x, share, 1, 1 + curve.length);
 */
export class GeneratorMultiply {
	x = 0n;
	y = 0n;
	done = true;
	readonly #curve: Curve;
	/** The next column, or -1 while z is inverted. */
	#column = 0;
	/** The signed bits of k in 16 rows: the lowest first, four to a tooth, one of them for each block. */
	readonly #rows = new Uint32Array(16);
	#blind = 0n;
	readonly #sum = new Homogeneous();
	readonly #power = new Power();

	constructor(curve: Curve) {
		this.#curve = curve;
	}

	/** blind: any number from 1 to p - 1; a fresh one keeps intermediate numbers unknown. */
	start(k: bigint, blind: bigint): void {
		const { order, bits } = this.#curve;
		const columns = bits >> 4;
		const width = BigInt(columns);
		const mask = (1n << width) - 1n;
		let rest = signedBits(order, bits, k);
		for (let i = 0; i < 16; i++) {
			this.#rows[i] = Number(rest & mask);
			rest >>= width;
		}
		this.#blind = blind;
		this.#column = columns;
		this.done = false;
	}

	/** One column or a piece of the inversion; answers the units it took. */
	advance(): number {
		if (this.#column >= 0) return this.#addColumn();
		return this.#power.done ? this.#finish() : this.#power.advance();
	}

	#addColumn(): number {
		const curve = this.#curve;
		const { field, lane, laneMask, bits } = curve;
		const rows = this.#rows;
		const sum = this.#sum;
		const isFirst = this.#column === bits >> 4;
		const column = isFirst ? this.#column - 1 : this.#column;
		if (!isFirst) sum.add(curve, sum.x, sum.y, sum.z);
		for (let block = 0; block < 4; block++) {
			const top = (rows[12 + block] >>> column) & 1;
			const index = ((rows[block] >>> column) & 1) | (((rows[4 + block] >>> column) & 1) << 1) | (((rows[8 + block] >>> column) & 1) << 2);
			const entry = chooseOfRow(curve.comb[block], index ^ ((top - 1) & 7));
			const x = entry & laneMask;
			const y = (entry >> lane) * BigInt(2 * top - 1);
			if (isFirst && block === 0) this.#begin(x, y);
			else sum.addAffine(curve, x, y);
		}
		this.#column = column - 1;
		if (column === 0) this.#power.start(field, sum.z, field.inversion);
		return 5;
	}

	/** The first entry, with the blind as its z. */
	#begin(x: bigint, y: bigint): void {
		const field = this.#curve.field;
		const z = this.#blind;
		this.#sum.set(reduce(field, x * z), reduce(field, y * z), z);
	}

	#finish(): number {
		const field = this.#curve.field;
		const inverse = this.#power.result;
		const x = canonical(field, this.#sum.x * inverse);
		const y = canonical(field, this.#sum.y * inverse);
		this.wipe();
		this.x = x;
		this.y = y;
		return 1;
	}

	wipe(): void {
		this.#rows.fill(0);
		this.#blind = 0n;
		this.#sum.wipe();
		this.#power.wipe();
		this.x = 0n;
		this.y = 0n;
		this.done = true;
	}
}
