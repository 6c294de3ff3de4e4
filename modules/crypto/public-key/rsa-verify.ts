// Checks RSA signatures, sliced: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 8.1.2, 8.2.2). For rsa.ts.

import { WORKING } from "../../base/status.js";
import type { HashAlgorithm, Hashes, KeyType, PublicKey, VerifyJob } from "../types.js";
import { digestMessage } from "./digest.js";
import { decodeInteger } from "./integer.js";
import { Montgomery, UNIT_COST } from "./montgomery.js";
import { PublicPower } from "./montgomery-power.js";
import { publicKeyRefused, signatureOutcome } from "./outcome.js";
import { encodePkcs1, PssEncoding } from "./rsa-encoding.js";
import { type RsaLimits, RsaPublicKey } from "./rsa-key.js";
import { rsaSchemeOf } from "./rsa-scheme.js";

// What comes next
const REFUSE_KEY = 0;
const REFUSE_SIGNATURE = 1;
const BEGIN = 2;
const ENTER = 3;
const RAISE = 4;
const CHECK = 5;
const ENDED = 6;

/**
 * A VerifyJob for RSA.
 *
 *     const job = new RsaVerify(hashes, KEY_RSA, rsaLimits);
 *     job.start(0x0804, key, message, 0, message.length, signature, 0, signature.length);
 *     while ((status = job.step(8)) === WORKING) ...
 */
export class RsaVerify implements VerifyJob {
	#state = ENDED;
	#outcome = signatureOutcome(false);
	readonly #hashes: Hashes;
	readonly #keyType: KeyType;
	readonly #limits: RsaLimits;
	readonly #key = new RsaPublicKey();
	readonly #modulus = new Montgomery();
	readonly #power = new PublicPower();
	readonly #digest = new Uint8Array(64);
	#hash: HashAlgorithm | undefined;
	#isPss = false;
	readonly #pss = new PssEncoding();
	#signature = 0n;

	constructor(hashes: Hashes, keyType: KeyType, limits: RsaLimits) {
		this.#hashes = hashes;
		this.#keyType = keyType;
		this.#limits = limits;
	}

	/** A scheme that the key can't make, or whose hash isn't registered, is a wrong signature: the peer chose it. */
	start(
		scheme: number,
		key: PublicKey,
		message: Uint8Array,
		at: number,
		end: number,
		signature: Uint8Array,
		signatureAt: number,
		signatureEnd: number,
		digested = false,
	): void {
		this.wipe();
		const row = rsaSchemeOf(this.#keyType, scheme);
		const hash = row && this.#hashes.hash(row.hash);
		this.#outcome = WORKING;
		this.#state = REFUSE_KEY;
		if (key.type !== this.#keyType || !this.#key.decode(key.bytes, key.at, key.end, this.#limits)) return;
		this.#state = REFUSE_SIGNATURE;
		if (!row || !hash || signatureEnd - signatureAt !== this.#key.length) return;
		this.#signature = decodeInteger(signature, signatureAt, signatureEnd);
		if (this.#signature >= this.#key.modulus) return;
		this.#hash = hash;
		this.#isPss = row.pss;
		digestMessage(hash, message, at, end, digested, this.#digest);
		this.#state = BEGIN;
	}

	step(budget: number): number {
		let left = budget * UNIT_COST;
		do left -= this.advance();
		while (left > 0 && this.#state !== ENDED);
		return this.#outcome;
	}

	wipe(): void {
		this.#state = ENDED;
		this.#outcome = signatureOutcome(false); // of a job without work
		this.#power.wipe();
		this.#signature = 0n;
		this.#hash = undefined;
	}

	private advance(): number {
		switch (this.#state) {
			case REFUSE_KEY:
				return this.end(publicKeyRefused());
			case REFUSE_SIGNATURE:
				return this.end(signatureOutcome(false));
			case BEGIN:
				this.#modulus.set(this.#key.modulus, this.#key.bits);
				this.#state = ENTER;
				return 2 * this.#modulus.cost;
			case ENTER:
				this.#power.start(this.#modulus, this.#modulus.enter(this.#signature), this.#key.exponent);
				this.#state = RAISE;
				return this.#modulus.cost;
			case RAISE:
				return this.#power.done ? this.compare() : this.#power.advance();
			case CHECK:
				return this.#pss.done ? this.end(signatureOutcome(this.#pss.right)) : this.#pss.advance();
			default:
				return UNIT_COST;
		}
	}

	private end(outcome: number): number {
		this.wipe();
		this.#outcome = outcome;
		return UNIT_COST;
	}

	/** Compares the recovered message with the encoding of the digest, all of it; for PSS begins to. */
	private compare(): number {
		const { length, bits } = this.#key;
		const recovered = this.#modulus.leave(this.#power.result);
		if (!this.#isPss) return this.end(signatureOutcome(recovered === encodePkcs1(length, this.#hash!, this.#digest)));
		this.#pss.check(bits, this.#hash!, this.#digest, recovered);
		this.#state = CHECK;
		return this.#modulus.cost;
	}
}
