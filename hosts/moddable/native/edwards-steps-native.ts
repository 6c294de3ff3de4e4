// Stands in for modules/crypto/public-key/edwards-steps in an image: the same in C (edwards-steps-native.c), with no garbage but
// its results. What it does is said there.

import type { Edwards } from "polltls/crypto/public-key/edwards25519";

export function edwardsDoubleAdd(
	this: void,
	sum: Edwards,
	times: number,
	plus: bigint,
	minus: bigint,
	product: bigint,
	z2: bigint | undefined,
	keepsT: boolean,
): void {
	return native("xs_polltls_edwardsDoubleAdd").call(this, sum, times, plus, minus, product, z2, keepsT);
}
