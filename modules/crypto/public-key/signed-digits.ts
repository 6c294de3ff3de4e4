// Public scalars in width-w non-adjacent form (Handbook of Elliptic and Hyperelliptic Curve Cryptography 9.1.4): each
// nonzero digit is odd and followed by at least w - 1 zeros. For double-multiply.ts. Not for secrets: the work shows them.

/**
 * Two scalars' digits, by bit: a pair holds none only where both are 0, so that a chain passes over zeros with one look.
 *
 *     const digits = new DigitPairs(256);
 *     digits.clear();
 *     digits.encode(0, u1, 7);
 *     digits.encode(1, u2, 5);
 *     for (let bit = 256; bit >= 0; bit--) if (digits.pairs[bit] !== 0) add(digits.digits[2 * bit], digits.digits[2 * bit + 1]);
 */
export class DigitPairs {
	/** Of bit i: at 2i of scalar 0, at 2i + 1 of scalar 1. */
	readonly digits: Int8Array;
	/** The same memory. */
	readonly pairs: Uint16Array;
	readonly #bits: number;
	/** A scalar, with a zero word at its end. */
	readonly #words: Uint32Array;

	/** For scalars below 2^bits; a multiple of 32. */
	constructor(bits: number) {
		this.#bits = bits;
		this.digits = new Int8Array(2 * (bits + 1));
		this.pairs = new Uint16Array(this.digits.buffer);
		this.#words = new Uint32Array(bits / 32 + 1);
	}

	/** Before the first of the two. */
	clear(): void {
		this.pairs.fill(0);
	}

	/** Digits from -2^(width-1) + 1 to 2^(width-1) - 1. */
	encode(which: number, scalar: bigint, width: number): void {
		const words = this.#words;
		for (let i = 0; i < words.length - 1; i++) {
			words[i] = Number(scalar & 0xffffffffn);
			scalar >>= 32n;
		}
		encodeSignedDigits(words, this.#bits, width, this.digits, which);
	}
}

/**
 * Writes the digits of the number in words (32 bits each, the lowest first, and a zero word at the end; below 2^bits),
 * lowest first, to every second place of digits from first on, which are 0: from -2^(width-1) + 1 to 2^(width-1) - 1. width is 2 to 8.
 */
function encodeSignedDigits(words: Uint32Array, bits: number, width: number, digits: Int8Array, first: number): void {
	const mask = (1 << width) - 1;
	const half = 1 << (width - 1);
	let carry = 0;
	let at = 0;
	for (;;) {
		const shift = at & 31;
		let window = words[at >> 5] >>> shift;
		if (shift !== 0) window |= words[(at >> 5) + 1] << (32 - shift);
		// Pass over equal bits at once: zeros, or ones under a carry
		const different = carry === 0 ? window : ~window;
		const skip = different === 0 ? 16 : Math.min(31 - Math.clz32(different & -different), 16);
		at += skip;
		if (at >= bits) break;
		if (skip === 16) continue; // what is left of the window may be less than a digit
		let digit = ((window >>> skip) & mask) + carry;
		carry = digit > half ? 1 : 0;
		if (carry === 1) digit -= mask + 1;
		digits[2 * at + first] = digit;
		at += width;
		if (at >= bits) break;
	}
	if (carry === 1) digits[2 * bits + first] = 1;
}
