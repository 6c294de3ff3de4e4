// Public scalars in width-w non-adjacent form (Handbook of Elliptic and Hyperelliptic Curve Cryptography 9.1.4): each
// nonzero digit is odd and followed by at least w - 1 zeros. For double-multiply.ts. Not for secrets: the work shows them.

/**
 * Writes the digits of the number in words (32 bits each, the lowest first, and a zero word at the end; below 2^bits),
 * lowest first, to digits, which has bits + 1 places: from -2^(width-1) + 1 to 2^(width-1) - 1. width is 2 to 16.
 */
export function encodeSignedDigits(words: Uint32Array, bits: number, width: number, digits: Int8Array): void {
	digits.fill(0);
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
		digits[at] = digit;
		at += width;
		if (at >= bits) break;
	}
	if (carry === 1) digits[bits] = 1;
}
