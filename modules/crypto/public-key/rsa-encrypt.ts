// The client's side of the RSA key exchange of TLS 1.2 (RFC 5246 7.4.7.1), sliced: RSAES-PKCS1-v1_5 encryption
// (RFC 8017 7.2.1) of the premaster secret to the server's key.

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import { type Job, KEY_RSA, type PublicKey } from "../types.js";
import { decodeInteger, encodeInteger } from "./integer.js";
import { Montgomery, UNIT_COST } from "./montgomery.js";
import { PublicPower } from "./montgomery-power.js";
import { publicKeyRefused } from "./outcome.js";
import { type RsaLimits, RsaPublicKey } from "./rsa-key.js";

/** Bytes of EM that aren't the message: 00 02, at least 8 of padding, 00. */
const LEAST_PADDING = 11;

// What comes next
const REFUSE_KEY = 0;
const BEGIN = 1;
const ENTER = 2;
const RAISE = 3;
const ENDED = 4;

/**
 * Encrypts a premaster secret, or any short message.
 *
 *     const job = new RsaEncryptJob(rsaLimits);
 *     job.start(key, premaster, 0, 48, entropy);
 *     while ((status = job.step(8)) === WORKING) ...
 *     send(job.ciphertext, job.ciphertextLength);         // after DONE
 */
export class RsaEncryptJob implements Job {
	#state = ENDED;
	#outcome = publicKeyRefused();
	/** As long as the modulus, in the job's own memory. */
	ciphertext: Uint8Array = new Uint8Array(0);
	ciphertextLength = 0;
	readonly #limits: RsaLimits;
	readonly #key = new RsaPublicKey();
	readonly #modulus = new Montgomery();
	readonly #power = new PublicPower();
	#encoded = 0n;

	constructor(limits: RsaLimits) {
		this.#limits = limits;
	}

	/**
	 * Everything is read before start returns. A key that isn't good enough fails in step() with PUBLIC_KEY_REFUSED.
	 * Throws if the message is longer than the modulus less 11 bytes.
	 */
	start(key: PublicKey, message: Uint8Array, at: number, end: number, entropy: Entropy): void {
		this.wipe();
		this.#outcome = WORKING;
		this.#state = REFUSE_KEY;
		if (key.type !== KEY_RSA || !this.#key.decode(key.bytes, key.at, key.end, this.#limits)) return;
		const { length } = this.#key;
		const messageAt = length - (end - at);
		if (messageAt < LEAST_PADDING) throw new Error(`${end - at} bytes don't fit a modulus of ${length}`);
		const encoded = new Uint8Array(length);
		fillNonZero(entropy, encoded, 2, messageAt - 1);
		encoded[1] = 2;
		encoded.set(message.subarray(at, end), messageAt);
		this.#encoded = decodeInteger(encoded, 0, length);
		wipe(encoded);
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
		wipe(this.ciphertext);
		this.ciphertextLength = 0;
		this.#outcome = publicKeyRefused(); // of a job without work
	}

	private forget(): void {
		this.#state = ENDED;
		this.#power.wipe();
		this.#encoded = 0n;
	}

	private advance(): number {
		const modulus = this.#modulus;
		switch (this.#state) {
			case REFUSE_KEY:
				return this.end(publicKeyRefused());
			case BEGIN:
				modulus.set(this.#key.modulus, this.#key.bits);
				this.#state = ENTER;
				return 2 * modulus.cost;
			case ENTER:
				this.#power.start(modulus, modulus.enter(this.#encoded), this.#key.exponent);
				this.#state = RAISE;
				return modulus.cost;
			case RAISE:
				return this.#power.done ? this.finish() : this.#power.advance();
			default:
				return UNIT_COST;
		}
	}

	private finish(): number {
		const { length } = this.#key;
		if (this.ciphertext.length !== length) this.ciphertext = new Uint8Array(length);
		encodeInteger(this.#modulus.leave(this.#power.result), this.ciphertext, 0, length);
		this.ciphertextLength = length;
		return this.end(DONE);
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return UNIT_COST;
	}
}

/** Fills [at, end) with random bytes that aren't zero. */
function fillNonZero(entropy: Entropy, bytes: Uint8Array, at: number, end: number): void {
	entropy.fill(bytes, at, end);
	for (; at < end; at++) while (bytes[at] === 0) entropy.fill(bytes, at, at + 1);
}
