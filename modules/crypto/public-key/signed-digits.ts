// Public scalars in width-w non-adjacent form (Handbook of Elliptic and Hyperelliptic Curve Cryptography 9.1.4): each
// nonzero digit is odd and followed by at least w - 1 zeros. For double-multiply.ts. Not for secrets: the work shows them.

/**
 * Writes the digits of the number in words (32 bits each, the lowest first; below 2^bits), lowest first, to digits, which
 * has bits + 1 places: from -2^(width-1) + 1 to 2^(width-1) - 1.
 */
export function encodeSignedDigits(words: Uint32Array, bits: number, width: number, digits: Int8Array): void {
	digits.fill(0);
	const half = 1 << (width - 1);
	let carry = 0;
	let at = 0;
	while (at < bits) {
		const index = at >> 5;
		const shift = at & 31;
		let window = words[index] >>> shift;
		// Pass over equal bits at once: zeros, or ones under a carry
		const skip = Math.min(trailingZeros(carry ? ~window : window), 32 - shift);
		if (skip > 0) {
			at += skip;
			continue;
		}
		if (shift + width > 32 && at + 32 - shift < bits) window |= words[index + 1] << (32 - shift);
		let digit = (window & (2 * half - 1)) + carry;
		carry = digit > half ? 1 : 0;
		if (carry) digit -= 2 * half;
		digits[at] = digit;
		at += width;
	}
	if (carry) digits[bits] = 1;
}

/** Of a 32-bit number; 32 for 0. */
function trailingZeros(word: number): number {
	return word === 0 ? 32 : 31 - Math.clz32(word & -word);
}
