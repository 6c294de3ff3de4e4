// Repeatable bytes for tests: AES-256-CTR under a seed. A test prints the seed it drew, so that a failure can be
// repeated with POLLTLS_SEED.

import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import type { Entropy } from "polltls/os/os";

export class SeededEntropy implements Entropy {
	/** How often it was asked. */
	calls = 0;
	readonly #stream;

	constructor(seed: string) {
		const key = createHash("sha256").update(seed).digest();
		this.#stream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
	}

	fill(bytes: Uint8Array, at: number, end: number): void {
		this.calls++;
		bytes.set(this.#stream.update(Buffer.alloc(end - at)), at);
	}

	/** The next bytes, for test data. */
	bytes(length: number): Uint8Array {
		const bytes = new Uint8Array(length);
		this.fill(bytes, 0, length);
		return bytes;
	}
}

/** Entropy from POLLTLS_SEED or a fresh seed, which is printed. */
export function seededEntropy(t: TestContext): SeededEntropy {
	const seed = process.env.POLLTLS_SEED ?? randomBytes(8).toString("hex");
	t.diagnostic(`POLLTLS_SEED=${seed}`);
	return new SeededEntropy(seed);
}
