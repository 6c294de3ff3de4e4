// The server's side of the RSA key exchange of TLS 1.2 (RFC 5246 7.4.7.1), sliced: RSAES-PKCS1-v1_5 with implicit
// rejection. Whatever a ciphertext holds, a premaster secret comes out, after the same work: the client's if the padding
// was right, else a random one, drawn before. So nothing says whether it was (Bleichenbacher 1998, ROBOT 2017); a client
// that doesn't know the secret fails at Finished.

import { wipe } from "../../base/bytes.js";
import { WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import { type Job, KEY_RSA, type PrivateKey } from "../types.js";
import { decodeInteger, encodeInteger } from "./integer.js";
import { UNIT_COST } from "./montgomery.js";
import { privateKeyOutcome, privateKeyRefused } from "./outcome.js";
import { type RsaLimits, RsaPrivateKey } from "./rsa-key.js";
import { RsaPrivateOperation } from "./rsa-private.js";

/** Bytes of a premaster secret: the client's version and 46 random ones. */
export const PREMASTER_LENGTH = 48;

// What comes next
const BEGIN = 0;
const RAISE = 1;
const ENDED = 2;

/**
 * Decrypts a ClientKeyExchange.
 *
 *     const job = new RsaDecryptJob(rsaLimits);
 *     job.start(key, bytes, at, end, entropy, 0x0303);    // the version that the ClientHello offered
 *     while ((status = job.step(8)) === WORKING) ...
 *     deriveMasterSecret(job.premaster);                  // after DONE
 */
export class RsaDecryptJob implements Job {
	#state = ENDED;
	#outcome = privateKeyRefused();
	/** After DONE: 48 bytes, in the job's own memory. */
	readonly premaster = new Uint8Array(PREMASTER_LENGTH);
	readonly #limits: RsaLimits;
	#privateKey: PrivateKey | undefined;
	#entropy: Entropy | undefined;
	readonly #key = new RsaPrivateKey();
	readonly #operation = new RsaPrivateOperation();
	#ciphertext = 0n;
	#ciphertextLength = 0;
	/** Not 0 if the ciphertext isn't one: of another length, or out of range. That is public. */
	#malformed = 0;

	constructor(limits: RsaLimits) {
		this.#limits = limits;
	}

	/**
	 * The ciphertext at [at, end) is read before start returns; key and entropy are used until the job ends.
	 * DONE from step() for any ciphertext; a failure tells of the key only.
	 */
	start(key: PrivateKey, ciphertext: Uint8Array, at: number, end: number, entropy: Entropy, clientVersion: number): void {
		this.wipe();
		entropy.fill(this.premaster, 2, PREMASTER_LENGTH);
		this.premaster[0] = clientVersion >> 8;
		this.premaster[1] = clientVersion;
		this.#privateKey = key;
		this.#entropy = entropy;
		this.#ciphertextLength = end - at;
		this.#ciphertext = end - at > (this.#limits.maximumBits + 7) >> 3 ? 0n : decodeInteger(ciphertext, at, end);
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
		wipe(this.premaster);
		this.#outcome = privateKeyRefused(); // of a job without work
	}

	private forget(): void {
		this.#state = ENDED;
		this.#operation.wipe();
		this.#key.wipe();
		this.#ciphertext = 0n;
		this.#privateKey = undefined;
		this.#entropy = undefined;
	}

	private advance(): number {
		switch (this.#state) {
			case BEGIN:
				return this.begin();
			case RAISE:
				return this.#operation.done ? this.finish() : this.#operation.advance();
			default:
				return UNIT_COST;
		}
	}

	private begin(): number {
		const key = this.#key;
		const privateKey = this.#privateKey!;
		if (privateKey.type !== KEY_RSA || !key.decode(privateKey.bytes, this.#limits)) return this.end(privateKeyRefused());
		const { modulus, length } = key.public;
		const fits = this.#ciphertextLength === length && this.#ciphertext > 1n && this.#ciphertext < modulus - 1n;
		this.#malformed = fits ? 0 : 1;
		this.#operation.start(key, fits ? this.#ciphertext : 2n, this.#entropy!);
		this.#state = RAISE;
		return 8 * UNIT_COST;
	}

	private finish(): number {
		const { right, result } = this.#operation;
		if (right) this.choose(result);
		else wipe(this.premaster);
		return this.end(privateKeyOutcome(right));
	}

	/** Puts the client's 46 bytes in the place of the random ones if EM = 00 02 (no 00) 00 (48 bytes). No branch tells. */
	private choose(message: bigint): void {
		const { length } = this.#key.public;
		const encoded = new Uint8Array(length);
		encodeInteger(message, encoded, 0, length);
		const messageAt = length - PREMASTER_LENGTH;
		let wrong = this.#malformed | encoded[0] | (encoded[1] ^ 2) | encoded[messageAt - 1];
		for (let i = 2; i < messageAt - 1; i++) wrong |= ((encoded[i] - 1) >> 31) & 1;
		const keep = -wrong >> 31; // all ones if anything was wrong
		const { premaster } = this;
		for (let i = 2; i < PREMASTER_LENGTH; i++) premaster[i] ^= (premaster[i] ^ encoded[messageAt + i]) & ~keep;
		wipe(encoded);
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return 3 * UNIT_COST;
	}
}
