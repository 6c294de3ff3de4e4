// Makes RSA keys, sliced (FIPS 186-5 A.1.3, with e = 65537). For devices that make their own key. On XS a key of 2048 bits
// took 26 to 107 times as long as a signature with it: it is luck. It was made, and decrypted with, in 24 KB of chunk heap.

import { wipe } from "../../base/bytes.js";
import { WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import { type GenerateJob, KEY_RSA, type PrivateKey, type PublicKey } from "../types.js";
import { encodeInteger } from "./integer.js";
import { Montgomery, UNIT_COST } from "./montgomery.js";
import { MontgomeryPower } from "./montgomery-power.js";
import { privateKeyOutcome, privateKeyRefused } from "./outcome.js";
import { encodeIntegers, RsaPrivateKey, rsaLimits } from "./rsa-key.js";
import { PrimeSearch } from "./rsa-prime.js";
import { RsaPrivateOperation } from "./rsa-private.js";

const EXPONENT = 65537;

// What comes next
const FIND_P = 0;
const FIND_Q = 1;
const INVERT = 2;
const DERIVE = 3;
const ENCODE = 4;
const BEGIN_CHECK = 5;
const CHECK = 6;
const ENDED = 7;

/**
 * A GenerateJob for RSA.
 *
 *     const job = new RsaGeneration();
 *     job.start(entropy, 2048);
 *     while ((status = job.step(8)) === WORKING) ...
 *     store(job.privateKey.bytes);             // DER RSAPrivateKey, until wipe()
 */
export class RsaGeneration implements GenerateJob {
	#state = ENDED;
	#outcome = privateKeyRefused();
	#privateKey: PrivateKey = { type: KEY_RSA, bytes: new Uint8Array(0) };
	#publicKey: PublicKey = { type: KEY_RSA, bytes: new Uint8Array(0), at: 0, end: 0 };
	#entropy: Entropy | undefined;
	#bits = 0;
	readonly #search = new PrimeSearch(BigInt(EXPONENT));
	#p = 0n;
	#q = 0n;
	/** The numbers of an RSAPrivateKey; the last one, q^-1 modulo p, is there first. */
	#values: bigint[] = [];
	readonly #field = new Montgomery();
	readonly #power = new MontgomeryPower();
	/** p - 2. */
	#exponent: Uint8Array = new Uint8Array(0);
	readonly #key = new RsaPrivateKey();
	readonly #operation = new RsaPrivateOperation();

	get privateKey(): PrivateKey {
		return this.#privateKey;
	}
	get publicKey(): PublicKey {
		return this.#publicKey;
	}

	/** bits is 2048 to 4096 and a multiple of 16; throws for any other. The entropy is used until the job ends. */
	start(entropy: Entropy, bits: number): void {
		if (bits < rsaLimits.minimumBits || bits > rsaLimits.maximumBits || bits % 16 !== 0) throw new RangeError(`an RSA key of ${bits} bits`);
		this.wipe();
		this.#entropy = entropy;
		this.#bits = bits;
		this.#search.start(entropy, bits >> 1);
		this.#outcome = WORKING;
		this.#state = FIND_P;
	}

	step(budget: number): number {
		let left = budget * UNIT_COST;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.#privateKey.bytes);
		this.#privateKey = { type: KEY_RSA, bytes: new Uint8Array(0) };
		this.#publicKey = { type: KEY_RSA, bytes: new Uint8Array(0), at: 0, end: 0 };
		this.#outcome = privateKeyRefused(); // of a job without work
	}

	private forget(): void {
		this.#state = ENDED;
		this.#search.wipe();
		this.#field.wipe();
		this.#power.wipe();
		this.#operation.wipe();
		this.#key.wipe();
		wipe(this.#exponent);
		this.#p = 0n;
		this.#q = 0n;
		this.#values = [];
		this.#entropy = undefined;
	}

	private advance(): number {
		switch (this.#state) {
			case FIND_P:
				return this.#search.done ? this.takeP() : this.#search.advance();
			case FIND_Q:
				return this.#search.done ? this.takeQ() : this.#search.advance();
			case INVERT:
				return this.#power.done ? this.endInversion() : this.#power.advance();
			case DERIVE:
				return this.derive();
			case ENCODE:
				return this.encode();
			case BEGIN_CHECK:
				return this.beginCheck();
			case CHECK:
				return this.#operation.done ? this.end() : this.#operation.advance();
			default:
				return UNIT_COST;
		}
	}

	private takeP(): number {
		this.#p = this.#search.prime;
		this.#search.start(this.#entropy!, this.#bits >> 1);
		this.#state = FIND_Q;
		return UNIT_COST;
	}

	/** Takes q unless it is too close to p (FIPS 186-5 A.1.3 step 5.4), and begins q^-1 = q^(p - 2) modulo p. */
	private takeQ(): number {
		const p = this.#p;
		const q = this.#search.prime;
		const high = BigInt((this.#bits >> 1) - 100);
		if (p >> high === q >> high) {
			this.#search.start(this.#entropy!, this.#bits >> 1);
			return UNIT_COST;
		}
		this.#search.wipe();
		this.#p = p > q ? p : q; // by custom the larger one comes first
		this.#q = p > q ? q : p;
		this.#exponent = new Uint8Array(this.#bits >> 4);
		encodeInteger(this.#p - 2n, this.#exponent, 0, this.#exponent.length);
		this.#field.set(this.#p, this.#bits >> 1);
		this.#power.start(this.#field, this.#field.enter(this.#q), this.#exponent, this.#exponent.length);
		this.#state = INVERT;
		return 4 * this.#field.cost;
	}

	private endInversion(): number {
		this.#values = [this.#field.leave(this.#power.result)];
		this.#state = DERIVE;
		return this.#field.cost;
	}

	/**
	 * d is the inverse of e modulo (p - 1)(q - 1) / 2, a multiple of lcm(p - 1, q - 1), which is what RFC 8017 3.2 asks
	 * for. (FIPS 186-5 wants it below the lcm; that would take Euclid's algorithm on the secrets, and no one can tell.)
	 */
	private derive(): number {
		const p = this.#p;
		const q = this.#q;
		const d = exponentModulo(((p - 1n) * (q - 1n)) >> 1n);
		this.#values = [0n, p * q, BigInt(EXPONENT), d, p, q, exponentModulo(p - 1n), exponentModulo(q - 1n), this.#values[0]];
		this.#state = ENCODE;
		return 8 * UNIT_COST;
	}

	private encode(): number {
		const length = this.#bits >> 3;
		const half = length >> 1;
		const bytes = encodeIntegers([this.#values[1], this.#values[2]], [length, 3]);
		this.#publicKey = { type: KEY_RSA, bytes, at: 0, end: bytes.length };
		this.#privateKey = { type: KEY_RSA, bytes: encodeIntegers(this.#values, [1, length, 3, length, half, half, half, half, half]) };
		this.#state = BEGIN_CHECK;
		return 8 * UNIT_COST;
	}

	/** The key must undo what its public half does, before anyone stores it. */
	private beginCheck(): number {
		if (!this.#key.decode(this.#privateKey.bytes, rsaLimits)) return this.end();
		this.#operation.start(this.#key, 2n, this.#entropy!);
		this.#state = CHECK;
		return 8 * UNIT_COST;
	}

	private end(): number {
		const { right } = this.#operation;
		if (!right) this.wipe();
		else this.forget();
		this.#outcome = privateKeyOutcome(right);
		return UNIT_COST;
	}
}

/** e^-1 modulo an order that e doesn't divide: (1 + order * k) / e for the k below e that makes it whole. */
function exponentModulo(order: bigint): bigint {
	const rest = Number(order % BigInt(EXPONENT));
	// 1 / rest = rest^(e - 2) modulo e, and e - 2 is sixteen ones
	let inverse = 1;
	for (let i = 0; i < 16; i++) inverse = (((inverse * inverse) % EXPONENT) * rest) % EXPONENT;
	return (1n + order * BigInt(EXPONENT - inverse)) / BigInt(EXPONENT);
}
