// Stands in for modules/crypto/public-key/montgomery-reduce in an image: the same in C (montgomery-reduce-native.c).

export function montgomeryReduce(this: void, value: bigint, modulus: bigint, mask: bigint, inverse: bigint, width: bigint, blocks: number): bigint {
	return native("xs_polltls_montgomeryReduce").call(this, value, modulus, mask, inverse, width, blocks);
}
