// Checks Ed25519 signatures (RFC 8032 5.1.7), sliced. Strict: S below the order, canonical encodings of the points, and
// the equation without the cofactor, compared as bytes. For ed25519.ts.

import { equalPublic } from "../../base/bytes.js";
import { WORKING } from "../../base/status.js";
import { type Hashes, KEY_ED25519, type PublicKey, sha512, type VerifyJob } from "../types.js";
import { decodeLittleEndian } from "./curve25519.js";
import { ED25519_SCHEME, hashNumber } from "./ed25519-hash.js";
import { EdwardsDecoder } from "./edwards-decode.js";
import { EdwardsDoubleMultiply } from "./edwards-double-multiply.js";
import { encodePoint, order25519 } from "./edwards25519.js";
import { publicKeyRefused, signatureOutcome } from "./outcome.js";

// What comes next
const ENDED = 0;
const REFUSE_KEY = 1;
const DECODE = 2;
const MULTIPLY = 3;

/**
 * A VerifyJob.
 *
 *     const job = new Ed25519Verify(hashes);
 *     job.start(0x0807, key, message, 0, message.length, signature, 0, 64);
 *     while ((status = job.step(8)) === WORKING) ...
 */
export class Ed25519Verify implements VerifyJob {
	#state = ENDED;
	#outcome = signatureOutcome(false); // of a job without work
	readonly #hashes: Hashes;
	readonly #decoder = new EdwardsDecoder();
	readonly #multiply = new EdwardsDoubleMultiply();
	/** R, as it stands in the signature. */
	readonly #r = new Uint8Array(32);
	#s = 0n;
	/** The digest of R, key and message modulo the order. */
	#k = 0n;
	/** Whether length, scheme and S are right. */
	#isWellFormed = false;

	constructor(hashes: Hashes) {
		this.#hashes = hashes;
	}

	/** Any other scheme is a wrong signature, and so is any where SHA-512 isn't registered: the peer chose it. */
	start(scheme: number, key: PublicKey, message: Uint8Array, at: number, end: number, signature: Uint8Array, signatureAt: number, signatureEnd: number): void {
		this.wipe();
		this.#outcome = WORKING;
		this.#state = REFUSE_KEY;
		if (key.type !== KEY_ED25519 || key.end - key.at !== 32) return;
		this.#decoder.start(key.bytes, key.at);
		this.#state = DECODE;
		const hash = this.#hashes.hash(sha512);
		if (scheme !== ED25519_SCHEME || !hash || signatureEnd - signatureAt !== 64) return;
		this.#s = decodeLittleEndian(signature, signatureAt + 32);
		if (this.#s >= order25519.p) return;
		this.#r.set(signature.subarray(signatureAt, signatureAt + 32));
		const running = hash.create();
		running.update(this.#r, 0, 32);
		running.update(key.bytes, key.at, key.end);
		running.update(message, at, end);
		this.#k = hashNumber(running);
		this.#isWellFormed = true;
	}

	step(budget: number): number {
		let left = budget;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.#state = ENDED;
		this.#outcome = signatureOutcome(false);
		this.#decoder.wipe();
		this.#multiply.wipe();
		this.#s = 0n;
		this.#k = 0n;
		this.#isWellFormed = false;
	}

	private advance(): number {
		switch (this.#state) {
			case REFUSE_KEY:
				return this.end(publicKeyRefused());
			case DECODE:
				return this.#decoder.done ? this.begin() : this.#decoder.advance();
			case MULTIPLY:
				return this.#multiply.done ? this.compare() : this.#multiply.advance();
			default:
				return 1;
		}
	}

	private begin(): number {
		if (!this.#decoder.right) this.#state = REFUSE_KEY;
		else if (!this.#isWellFormed) return this.end(signatureOutcome(false));
		else {
			this.#multiply.start(this.#s, this.#k, this.#decoder.x, this.#decoder.y);
			this.#state = MULTIPLY;
		}
		return 1;
	}

	private compare(): number {
		const { x, y } = this.#multiply;
		const encoded = new Uint8Array(32);
		encodePoint(x, y, encoded, 0);
		return this.end(signatureOutcome(equalPublic(encoded, 0, 32, this.#r, 0, 32)));
	}

	private end(outcome: number): number {
		this.wipe();
		this.#outcome = outcome;
		return 1;
	}
}
