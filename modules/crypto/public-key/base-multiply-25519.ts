// A secret multiple of the base point of edwards25519, sliced: Ed25519's keys and signatures, and X25519's key shares. The
// comb of generator-multiply.ts; the additions of this curve are complete without more ado.

import type { Entropy } from "../../os/os.js";
import { field25519 } from "./curve25519.js";
import { edwardsDoubleAdd } from "./edwards-steps.js";
import { Edwards, order25519 } from "./edwards25519.js";
import { edwards25519Comb } from "./edwards25519-comb.js";
import { Inverse } from "./inverse.js";
import { canonical, reduce } from "./modulus.js";
import { choosePoint } from "./point-choice.js";
import { CombDigits, drawScalar, signedBits } from "./scalar.js";

const LANE = 288n;
const LANES = 576n;
const MASK = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn;
const COLUMNS = 16;

/**
 * k times the base point as x, y of edwards25519, or as u of Curve25519; k from 0 to 2^255 - 1.
 *
 *     multiply.start(k, entropy, false);
 *     while (!multiply.done) left -= multiply.advance();
 *     encodePoint(multiply.x, multiply.y, out, at);
 */
export class BaseMultiply25519 {
	x = 0n;
	y = 0n;
	/** Of Curve25519; 0 unless it was asked for. */
	u = 0n;
	done = true;
	/** The next column, from the top down; -1 while a denominator is inverted. */
	#column = 0;
	readonly #digits = new CombDigits(256);
	#wantsU = false;
	readonly #sum = new Edwards();
	readonly #inverse = new Inverse();
	/** Random factors of the coordinates and of the number that is inverted: nobody knows what is computed with. */
	#pointBlind = 0n;
	#inverseBlind = 0n;

	/** wantsU: u = (z + y) / (z - y) instead of x and y (RFC 7748 4.1). */
	start(k: bigint, entropy: Entropy, wantsU: boolean): void {
		this.#digits.take(signedBits(order25519, 256, k));
		this.#pointBlind = drawScalar(entropy, field25519);
		this.#inverseBlind = drawScalar(entropy, field25519);
		this.#wantsU = wantsU;
		const sum = this.#sum;
		sum.wipe();
		sum.y = this.#pointBlind;
		sum.z = this.#pointBlind;
		this.#column = COLUMNS - 1;
		this.done = false;
	}

	/** One column or a round of the inversion; answers the units it took. */
	advance(): number {
		if (this.#column >= 0) return this.addColumn();
		return this.#inverse.done ? this.finish() : this.#inverse.advance();
	}

	private addColumn(): number {
		const digits = this.#digits;
		const column = this.#column;
		const sum = this.#sum;
		for (let block = 0; block < 4; block++) {
			const bits = digits.at(block, column);
			const entry = choosePoint(edwards25519Comb[block], bits);
			// The negative has plus and minus exchanged
			const negative = 1 - (bits >> 3);
			let plus = entry & MASK;
			let minus = (entry >> LANE) & MASK;
			const difference = (plus ^ minus) * BigInt(negative);
			plus ^= difference;
			minus ^= difference;
			edwardsDoubleAdd(sum, block === 0 ? 1 : 0, plus, minus, (entry >> LANES) * BigInt(1 - 2 * negative), undefined, block < 3);
		}
		this.#column = column - 1;
		if (column === 0) this.#inverse.start(field25519, this.#wantsU ? sum.z - sum.y : sum.z, this.#inverseBlind);
		return 5;
	}

	private finish(): number {
		const field = field25519;
		const inverse = this.#inverse.result;
		const { x, y, z } = this.#sum;
		const wantsU = this.#wantsU;
		this.wipe();
		if (wantsU) this.u = canonical(field, reduce(field, (z + y) * inverse));
		else {
			this.x = canonical(field, reduce(field, x * inverse));
			this.y = canonical(field, reduce(field, y * inverse));
		}
		return 1;
	}

	wipe(): void {
		this.#digits.wipe();
		this.#sum.wipe();
		this.#inverse.wipe();
		this.#pointBlind = 0n;
		this.#inverseBlind = 0n;
		this.x = 0n;
		this.y = 0n;
		this.u = 0n;
		this.done = true;
	}
}
