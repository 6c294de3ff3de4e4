// Key pairs on P-256 and P-384, sliced (FIPS 186-5 A.2.1). For whoever makes keys on the device.

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import type { GenerateJob, PrivateKey, PublicKey } from "../types.js";
import type { Curve } from "./curve.js";
import { GeneratorMultiply } from "./generator-multiply.js";
import { encodeInteger } from "./integer.js";
import { privateKeyRefused } from "./outcome.js";
import { drawScalar } from "./scalar.js";

/**
 * A GenerateJob for one curve (p256 of p256-curve.ts, p384 of p384-curve.ts).
 *
 *     const job = new EcGenerate(p256);
 *     job.start(entropy, 0);
 *     while (job.step(8) === WORKING) ...
 *     keep(job.privateKey.bytes);              // 32 bytes; the public key is the uncompressed point, 65 bytes
 */
export class EcGenerate implements GenerateJob {
	readonly privateKey: PrivateKey;
	readonly publicKey: PublicKey;
	#outcome = privateKeyRefused(); // of a job without work
	readonly #generator: GeneratorMultiply;
	readonly #curve: Curve;

	constructor(curve: Curve) {
		const type = curve.keyType;
		this.#curve = curve;
		this.#generator = new GeneratorMultiply(curve);
		this.privateKey = { type, bytes: new Uint8Array(curve.length) };
		this.publicKey = { type, bytes: new Uint8Array(1 + 2 * curve.length), at: 0, end: 1 + 2 * curve.length };
	}

	start(entropy: Entropy, _bits: number): void {
		const { order, length } = this.#curve;
		const scalar = drawScalar(entropy, order);
		encodeInteger(scalar, this.privateKey.bytes, 0, length);
		this.#generator.start(scalar, entropy);
		this.#outcome = WORKING;
	}

	step(budget: number): number {
		const generator = this.#generator;
		let left = budget;
		while (left > 0 && !generator.done) left -= generator.advance();
		if (this.#outcome === WORKING && generator.done) {
			const { length } = this.#curve;
			const { bytes } = this.publicKey;
			bytes[0] = 4;
			encodeInteger(generator.x, bytes, 1, 1 + length);
			encodeInteger(generator.y, bytes, 1 + length, 1 + 2 * length);
			generator.wipe();
			this.#outcome = DONE;
		}
		return this.#outcome;
	}

	wipe(): void {
		this.#generator.wipe();
		wipe(this.privateKey.bytes);
		wipe(this.publicKey.bytes);
		this.#outcome = privateKeyRefused();
	}
}
