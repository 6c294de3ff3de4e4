// The digest that a signature is over. For the jobs of all algorithms that hash first.

import { copy } from "../../base/bytes.js";
import type { HashAlgorithm } from "../types.js";

/** Writes the hash of [at, end) of message to out; digested: it is that hash already, and of the right length. */
export function digestMessage(hash: HashAlgorithm, message: Uint8Array, at: number, end: number, digested: boolean, out: Uint8Array): void {
	if (digested) {
		if (end - at !== hash.hashLength) throw new Error(`a digest of ${end - at} bytes`);
		copy(out, 0, message, at, end);
		return;
	}
	const running = hash.create();
	running.update(message, at, end);
	running.digest(out, 0);
}
