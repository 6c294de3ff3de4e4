// Makes ECDSA signatures (FIPS 186-5 6.4.1), sliced. For p256.ts and p384.ts.

import { wipe } from "../../base/bytes.js";
import { DER_INTEGER, DER_SEQUENCE } from "../../base/der.js";
import { WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import type { HashAlgorithm, Hashes, PrivateKey, SignJob } from "../types.js";
import type { Curve } from "./curve.js";
import { digestMessage } from "./digest.js";
import { digestNumber, ecdsaHash } from "./ecdsa-scheme.js";
import { GeneratorMultiply } from "./generator-multiply.js";
import { decodeInteger, encodeInteger } from "./integer.js";
import { Inverse } from "./inverse.js";
import { canonical, reduce } from "./modulus.js";
import { Nonce } from "./nonce.js";
import { privateKeyOutcome, privateKeyRefused } from "./outcome.js";
import { drawScalar } from "./scalar.js";

// What comes next
const ENDED = 0;
const REFUSE_KEY = 1;
const DERIVE = 2;
const NONCE = 3;
const MULTIPLY = 4;
const INVERT = 5;

/** Bytes of fresh randomness in a nonce. */
const EXTRA_LENGTH = 32;

/**
 * A SignJob for one curve.
 *
 *     const job = new EcdsaSign(p256, hashes);
 *     job.start(0x0403, key, message, 0, message.length, entropy);
 *     while ((status = job.step(8)) === WORKING) ...
 *     send(job.signature, job.signatureLength);
 */
export class EcdsaSign implements SignJob {
	/** Room for the longest. */
	readonly signature: Uint8Array;
	signatureLength = 0;
	#state = ENDED;
	#outcome = privateKeyRefused(); // of a job without work
	readonly #curve: Curve;
	readonly #hashes: Hashes;
	readonly #generator: GeneratorMultiply;
	readonly #inverse = new Inverse();
	#hash: HashAlgorithm | undefined;
	#key: PrivateKey | undefined;
	#entropy: Entropy | undefined;
	/** The digest's number modulo the order, as long as the order. */
	readonly #digest: Uint8Array;
	readonly #nonce = new Nonce();
	/** A random factor of the nonce, the digest and the key: the numbers computed with aren't theirs. */
	#blind = 0n;
	#r = 0n;

	constructor(curve: Curve, hashes: Hashes) {
		this.#curve = curve;
		this.#hashes = hashes;
		this.#generator = new GeneratorMultiply(curve);
		this.signature = new Uint8Array(8 + 2 * (curve.length + 1));
		this.#digest = new Uint8Array(curve.length);
	}

	/** Throws for a scheme that isn't ECDSA, or whose hash isn't registered. Hashes the message; key and entropy are used until the job ends. */
	start(scheme: number, key: PrivateKey, message: Uint8Array, at: number, end: number, entropy: Entropy, digested = false): void {
		this.wipe();
		const { order, keyType, length } = this.#curve;
		const hash = this.#hashes.hash(ecdsaHash(scheme));
		if (!hash || key.type !== keyType) throw new Error(`no ECDSA signature scheme ${scheme} for key type ${key.type}`);
		this.#outcome = WORKING;
		this.#state = REFUSE_KEY;
		if (key.bytes.length !== length) return;
		const d = decodeInteger(key.bytes, 0, length);
		if (d === 0n || d >= order.p) return;
		const digest = new Uint8Array(Math.max(hash.hashLength, length));
		digestMessage(hash, message, at, end, digested, digest);
		encodeInteger(digestNumber(digest, hash.hashLength, length) % order.p, this.#digest, 0, length);
		this.#hash = hash;
		this.#key = key;
		this.#entropy = entropy;
		this.#state = DERIVE;
	}

	step(budget: number): number {
		let left = budget;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.signature);
		this.signatureLength = 0;
		this.#outcome = privateKeyRefused();
	}

	private forget(): void {
		this.#state = ENDED;
		this.#generator.wipe();
		this.#inverse.wipe();
		this.#hash = undefined;
		this.#key = undefined;
		this.#entropy = undefined;
		wipe(this.#digest);
		this.#nonce.wipe();
		this.#blind = 0n;
		this.#r = 0n;
	}

	private advance(): number {
		switch (this.#state) {
			case REFUSE_KEY:
				return this.end(privateKeyRefused());
			case DERIVE:
				return this.derive();
			case NONCE:
				return this.#nonce.done ? this.multiply() : this.#nonce.advance();
			case MULTIPLY:
				return this.#generator.done ? this.invert() : this.#generator.advance();
			case INVERT:
				return this.#inverse.done ? this.finish() : this.#inverse.advance();
			default:
				return 1;
		}
	}

	private derive(): number {
		const extra = new Uint8Array(EXTRA_LENGTH);
		this.#entropy!.fill(extra, 0, EXTRA_LENGTH);
		this.#nonce.start(this.#hash!, this.#curve.order.p, this.#key!.bytes, this.#digest, extra);
		wipe(extra);
		this.#state = NONCE;
		return 2;
	}

	private multiply(): number {
		this.#blind = drawScalar(this.#entropy!, this.#curve.order);
		this.#generator.start(this.#nonce.result, this.#entropy!);
		this.#state = MULTIPLY;
		return 4;
	}

	private invert(): number {
		const { order } = this.#curve;
		this.#r = this.#generator.x % order.p;
		this.#inverse.start(order, reduce(order, this.#nonce.result * this.#blind), 1n);
		this.#state = INVERT;
		return 1;
	}

	/** s = (digest + r d) / k. r and s are 0 once in 2^256: then nothing is signed, rather than once more. */
	private finish(): number {
		const { order, length } = this.#curve;
		const r = this.#r;
		const digest = decodeInteger(this.#digest, 0, length);
		const d = decodeInteger(this.#key!.bytes, 0, length);
		const blinded = reduce(order, digest * this.#blind) + r * reduce(order, d * this.#blind);
		const s = canonical(order, reduce(order, blinded) * this.#inverse.result);
		const right = r !== 0n && s !== 0n;
		if (right) this.encode(r, s);
		return this.end(privateKeyOutcome(right));
	}

	/** Ecdsa-Sig-Value (RFC 3279 2.2.3). */
	private encode(r: bigint, s: bigint): void {
		const end = this.encodeInteger(s, this.encodeInteger(r, 2));
		this.signature[0] = DER_SEQUENCE;
		this.signature[1] = end - 2; // 104 at most
		this.signatureLength = end;
	}

	/** Writes an INTEGER at at; answers its end. */
	private encodeInteger(value: bigint, at: number): number {
		const { length } = this.#curve;
		const { signature } = this;
		signature[at + 2] = 0;
		encodeInteger(value, signature, at + 3, at + 3 + length);
		let zeros = 0;
		while (signature[at + 2 + zeros] === 0 && signature[at + 3 + zeros] < 0x80) zeros++;
		signature.copyWithin(at + 2, at + 2 + zeros, at + 3 + length);
		signature[at] = DER_INTEGER;
		signature[at + 1] = length + 1 - zeros;
		return at + 3 + length - zeros;
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return 1;
	}
}
