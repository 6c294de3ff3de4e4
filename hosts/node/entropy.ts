// The operating system's random number generator, for Node.

import { randomFillSync } from "node:crypto";
import type { Entropy } from "polltls/os/os";

/** crypto.randomFillSync: getrandom() or its like; throws if the system has no entropy. */
export const nodeEntropy: Entropy = Object.freeze({
	fill(bytes: Uint8Array, at: number, end: number): void {
		randomFillSync(bytes, at, end - at);
	},
});
