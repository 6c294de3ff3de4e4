// A secret multiple of the generator, sliced: key shares, key pairs and signatures on P-256 and P-384. A comb (Lim and
// Lee 1994; signed digits as Hedabou et al. 2005) of four teeth and four blocks over a table in flash; all 8 entries of a
// block are read for each digit.
//
// Each addition but those of the last column is one of different points: let a column's sum be S times the generator and
// the entry T times. Both are sums of +-2^i with different i. S is even before block 0 and odd after it, T odd in block 0
// and even in the others; so S + T and S - T are odd, not 0. Before the last column |S| + |T| is below the order. In
// the last column S may come to +-T modulo the order, for a few k: there the additions are complete.

import type { Entropy } from "../../os/os.js";
import type { Curve } from "./curve.js";
import { Homogeneous } from "./homogeneous.js";
import { Inverse } from "./inverse.js";
import { Jacobian, SAME } from "./jacobian.js";
import { double, doubleAddChosen } from "./jacobian-steps.js";
import { canonical } from "./modulus.js";
import { choosePoint } from "./point-choice.js";
import { CombDigits, drawScalar, signedBits, signOf } from "./scalar.js";

// What comes next
const COLUMNS = 0;
const LAST = 1;
const INVERT = 2;

/**
 * k times the generator, k from 1 to order - 1.
 *
 *     multiply.start(k, entropy);
 *     while (!multiply.done) left -= multiply.advance();
 *     encodeInteger(multiply.x, share, 1, 1 + curve.length);
 */
export class GeneratorMultiply {
	x = 0n;
	y = 0n;
	done = true;
	readonly #curve: Curve;
	#state = COLUMNS;
	/** The next column, from the top down. */
	#column = 0;
	readonly #digits: CombDigits;
	readonly #sum = new Jacobian();
	readonly #end = new Homogeneous();
	readonly #inverse = new Inverse();
	/** Random factors of the first point's coordinates and of the number that is inverted: nobody knows what is computed with. */
	#pointBlind = 0n;
	#inverseBlind = 0n;

	constructor(curve: Curve) {
		this.#curve = curve;
		this.#digits = new CombDigits(curve.bits);
	}

	start(k: bigint, entropy: Entropy): void {
		const { order, field, bits } = this.#curve;
		this.#digits.take(signedBits(order, bits, k));
		this.#pointBlind = drawScalar(entropy, field);
		this.#inverseBlind = drawScalar(entropy, field);
		this.#column = (bits >> 4) - 1;
		this.#state = COLUMNS;
		this.done = false;
	}

	/** One column or a round of the inversion; answers the units it took. */
	advance(): number {
		switch (this.#state) {
			case COLUMNS:
				return this.addColumn();
			case LAST:
				return this.addLastColumn();
			default:
				return this.#inverse.done ? this.finish() : this.#inverse.advance();
		}
	}

	private addColumn(): number {
		const curve = this.#curve;
		const { field, lane, laneMask, comb, units, bits: length } = curve;
		const sum = this.#sum;
		const digits = this.#digits;
		const column = this.#column;
		let block = 0;
		if (column === (length >> 4) - 1) {
			const bits = digits.at(0, column);
			const entry = choosePoint(comb[0], bits);
			sum.setNamed(field, entry & laneMask, (entry >> lane) * signOf(bits), this.#pointBlind);
			block = 1;
		}
		for (; block < 4; block++) {
			doubleAddChosen(sum, curve, block === 0 ? 1 : 0, comb[block], digits.at(block, column), SAME);
		}
		this.#column = column - 1;
		if (column === 1) this.#state = LAST;
		return 5 * units;
	}

	private addLastColumn(): number {
		const curve = this.#curve;
		const { field, lane, laneMask, comb } = curve;
		const sum = this.#sum;
		const end = this.#end;
		double(sum, field, 1);
		end.setJacobian(field, sum.x, sum.y, sum.z);
		for (let block = 0; block < 4; block++) {
			const bits = this.#digits.at(block, 0);
			const entry = choosePoint(comb[block], bits);
			end.addAffine(curve, entry & laneMask, (entry >> lane) * signOf(bits));
		}
		this.#inverse.start(field, end.z, this.#inverseBlind);
		this.#state = INVERT;
		return 6 * curve.units;
	}

	private finish(): number {
		const field = this.#curve.field;
		const inverse = this.#inverse.result;
		const x = canonical(field, this.#end.x * inverse);
		const y = canonical(field, this.#end.y * inverse);
		this.wipe();
		this.x = x;
		this.y = y;
		return 1;
	}

	wipe(): void {
		this.#digits.wipe();
		this.#sum.wipe();
		this.#end.wipe();
		this.#inverse.wipe();
		this.#pointBlind = 0n;
		this.#inverseBlind = 0n;
		this.x = 0n;
		this.y = 0n;
		this.done = true;
	}
}
