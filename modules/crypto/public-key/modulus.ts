// Arithmetic modulo a prime of about 256 or 384 bits on BigInt, by Barrett's reduction (Handbook of Applied Cryptography
// 14.3.3). For the elliptic curves: their fields and the orders of their groups.
//
// Why so: on XS an operation on BigInts costs as much as about 30 multiplications of words inside it, so that few and
// large operations win. Relative to this reduction for P-256: Montgomery with R = 2^288 1.1 (one operation more), in three
// short steps of 96 bits 1.5, the engine's own % 1.6. Sums of products are reduced once: t below takes any value up to
// 2^20 * p^2, of either sign.
//
// The hot formulas of the curves have this reduction written out in place: a call costs a sixth of it.

/** A prime and the constants that reduce by it. */
export interface Modulus {
	readonly p: bigint;
	/** floor(2^(low + high) / p) */
	readonly mu: bigint;
	/** Bits that reduction leaves out below: about 32 less than those of p. */
	readonly low: bigint;
	/** Large enough that what floor cuts off from mu, times 2^20 * p^2 / 2^(low + high), is below 1/16. */
	readonly high: bigint;
	/** Bytes of an encoded number. */
	readonly length: number;
}

/** t modulo p as a number of the size of p: from a little below 0 to a little above p, for |t| up to 2^20 * p^2. */
export function reduce(modulus: Modulus, t: bigint): bigint {
	const p = modulus.p;
	return t - (((t >> modulus.low) * modulus.mu) >> modulus.high) * p;
}

/** The one number from 0 to p - 1 that is congruent to t. */
export function canonical(modulus: Modulus, t: bigint): bigint {
	const p = modulus.p;
	return ((t % p) + p) % p;
}
