// Stands in for modules/crypto/public-key/jacobian-steps in an image: the same functions in C (jacobian-steps-native.c), with no garbage
// but their results. What they do is said there.

import type { Curve, PointRow } from "polltls/crypto/public-key/curve";
import type { Jacobian, Where } from "polltls/crypto/public-key/jacobian";
import type { Modulus } from "polltls/crypto/public-key/modulus";

export function double(this: void, sum: Jacobian, field: Modulus, times: number): void {
	return native("xs_polltls_double").call(this, sum, field, times);
}

export function doubleAdd(this: void, sum: Jacobian, field: Modulus, times: number, x2: bigint, y2: bigint, where: Where): void {
	return native("xs_polltls_doubleAdd").call(this, sum, field, times, x2, y2, where);
}

export function doubleAddChosen(this: void, sum: Jacobian, curve: Curve, times: number, row: PointRow, bits: number, where: Where): void {
	return native("xs_polltls_doubleAddChosen").call(this, sum, curve, times, row, bits, where);
}
