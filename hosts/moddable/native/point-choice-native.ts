// Stands in for modules/crypto/public-key/point-choice in an image: the same in C (point-choice-native.c).

import type { PointRow } from "polltls/crypto/public-key/curve";

export function choosePoint(this: void, row: PointRow, bits: number): bigint {
	return native("xs_polltls_choosePoint").call(this, row, bits);
}
