// Stands in for modules/crypto/public-key/ladder-steps in an image: the same in C (ladder-steps-native.c), with no garbage but
// its results. What it does is said there.

import type { LadderPoints } from "polltls/crypto/public-key/ladder-points";

export function climb25519(this: void, points: LadderPoints, changes: Uint8Array, bit: number, count: number): void {
	return native("xs_polltls_climb25519").call(this, points, changes, bit, count);
}
