// Makes RSA signatures, sliced: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 8.1.1, 8.2.1). For rsa.ts.

import { wipe } from "../../base/bytes.js";
import { WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import type { HashAlgorithm, Hashes, KeyType, PrivateKey, SignJob } from "../types.js";
import { digestMessage } from "./digest.js";
import { encodeInteger } from "./integer.js";
import { UNIT_COST } from "./montgomery.js";
import { privateKeyOutcome, privateKeyRefused } from "./outcome.js";
import { encodePkcs1, PssEncoding } from "./rsa-encoding.js";
import { type RsaLimits, RsaPrivateKey } from "./rsa-key.js";
import { RsaPrivateOperation } from "./rsa-private.js";
import { rsaSchemeOf } from "./rsa-scheme.js";

// What comes next
const BEGIN = 0;
const ENCODE = 1;
const MASK = 2;
const RAISE = 3;
const ENDED = 4;

/**
 * A SignJob for RSA.
 *
 *     const job = new RsaSign(hashes, KEY_RSA, rsaLimits);
 *     job.start(0x0804, key, message, 0, message.length, entropy);
 *     while ((status = job.step(8)) === WORKING) ...
 *     send(job.signature, job.signatureLength);
 */
export class RsaSign implements SignJob {
	#state = ENDED;
	#outcome = privateKeyRefused();
	/** As long as the modulus. */
	signature: Uint8Array = new Uint8Array(0);
	signatureLength = 0;
	readonly #hashes: Hashes;
	readonly #keyType: KeyType;
	readonly #limits: RsaLimits;
	#privateKey: PrivateKey | undefined;
	readonly #key = new RsaPrivateKey();
	readonly #operation = new RsaPrivateOperation();
	readonly #digest = new Uint8Array(64);
	#hash: HashAlgorithm | undefined;
	#isPss = false;
	readonly #pss = new PssEncoding();
	#entropy: Entropy | undefined;

	constructor(hashes: Hashes, keyType: KeyType, limits: RsaLimits) {
		this.#hashes = hashes;
		this.#keyType = keyType;
		this.#limits = limits;
	}

	/** Throws for a scheme that the key can't make, or whose hash isn't registered. The entropy is used until the job ends. */
	start(scheme: number, key: PrivateKey, message: Uint8Array, at: number, end: number, entropy: Entropy, digested = false): void {
		this.wipe();
		const row = key.type === this.#keyType ? rsaSchemeOf(key.type, scheme) : undefined;
		const hash = row && this.#hashes.hash(row.hash);
		if (!row || !hash) throw new Error(`no RSA signature scheme ${scheme} for key type ${key.type}`);
		this.#privateKey = key;
		this.#hash = hash;
		this.#isPss = row.pss;
		this.#entropy = entropy;
		digestMessage(hash, message, at, end, digested, this.#digest);
		this.#outcome = WORKING;
		this.#state = BEGIN;
	}

	step(budget: number): number {
		let left = budget * UNIT_COST;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.signature);
		this.signatureLength = 0;
		this.#outcome = privateKeyRefused(); // of a job without work
	}

	private forget(): void {
		this.#state = ENDED;
		this.#operation.wipe();
		this.#key.wipe();
		wipe(this.#digest);
		this.#privateKey = undefined;
		this.#hash = undefined;
		this.#entropy = undefined;
	}

	private advance(): number {
		switch (this.#state) {
			case BEGIN:
				return this.begin();
			case ENCODE:
				return this.encode();
			case MASK:
				return this.#pss.done ? this.raise(this.#pss.message) : this.#pss.advance();
			case RAISE:
				return this.#operation.done ? this.finish() : this.#operation.advance();
			default:
				return UNIT_COST;
		}
	}

	private begin(): number {
		if (!this.#key.decode(this.#privateKey!.bytes, this.#limits)) return this.end(privateKeyRefused());
		this.#state = ENCODE;
		return 8 * UNIT_COST;
	}

	private encode(): number {
		const { length, bits } = this.#key.public;
		const hash = this.#hash!;
		if (!this.#isPss) return this.raise(encodePkcs1(length, hash, this.#digest));
		const salt = new Uint8Array(hash.hashLength);
		this.#entropy!.fill(salt, 0, salt.length);
		this.#pss.encode(bits, hash, this.#digest, salt);
		this.#state = MASK;
		return 3 * UNIT_COST;
	}

	private raise(message: bigint): number {
		this.#operation.start(this.#key, message, this.#entropy!);
		this.#state = RAISE;
		return 3 * UNIT_COST;
	}

	private finish(): number {
		const { right, result } = this.#operation;
		const { length } = this.#key.public;
		if (right) {
			if (this.signature.length !== length) this.signature = new Uint8Array(length);
			encodeInteger(result, this.signature, 0, length);
			this.signatureLength = length;
		}
		return this.end(privateKeyOutcome(right));
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return UNIT_COST;
	}
}
