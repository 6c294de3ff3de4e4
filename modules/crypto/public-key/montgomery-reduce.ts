// Montgomery's reduction (Handbook of Applied Cryptography 14.3.2) in blocks, on BigInt. For montgomery.ts.
//
// In images C does the same (hosts/moddable/native/montgomery-reduce-native).

/**
 * value / R modulo the modulus, where R is 2^(width blocks): below modulus + value / R. mask: 2^width - 1. inverse: -1 / modulus modulo
 * 2^width. value: not negative.
 */
export function montgomeryReduce(value: bigint, modulus: bigint, mask: bigint, inverse: bigint, width: bigint, blocks: number): bigint {
	for (; blocks > 0; blocks--) value = (value + (((value & mask) * inverse) & mask) * modulus) >> width;
	return value;
}
