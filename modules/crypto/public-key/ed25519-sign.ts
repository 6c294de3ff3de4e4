// Makes Ed25519 signatures (RFC 8032 5.1.6), sliced. For ed25519.ts.

import { wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import { type HashAlgorithm, type Hashes, KEY_ED25519, type PrivateKey, type SignJob, sha512 } from "../types.js";
import { BaseMultiply25519 } from "./base-multiply-25519.js";
import { encodeLittleEndian } from "./curve25519.js";
import { ED25519_SCHEME, expandSeed, hashNumber } from "./ed25519-hash.js";
import { encodePoint, order25519 } from "./edwards25519.js";
import { canonical } from "./modulus.js";
import { privateKeyRefused } from "./outcome.js";

const SIGNATURE_LENGTH = 64;

// What comes next
const ENDED = 0;
const REFUSE_KEY = 1;
const PUBLIC_KEY = 2;
const POINT = 3;

/**
 * A SignJob. The signature depends on key and message alone; entropy hides what is computed with. It needs the public
 * key, which a seed doesn't hold: so it takes two multiplications.
 *
 *     const job = new Ed25519Sign(hashes);
 *     job.start(0x0807, key, message, 0, message.length, entropy);
 *     while ((status = job.step(8)) === WORKING) ...
 *     send(job.signature, job.signatureLength);
 */
export class Ed25519Sign implements SignJob {
	readonly signature = new Uint8Array(SIGNATURE_LENGTH);
	signatureLength = 0;
	#state = ENDED;
	#outcome = privateKeyRefused(); // of a job without work
	readonly #hashes: Hashes;
	readonly #multiply = new BaseMultiply25519();
	#entropy: Entropy | undefined;
	#hash: HashAlgorithm | undefined;
	/** A copy: it is hashed a second time, after the point R. */
	#message: Uint8Array = new Uint8Array(0);
	readonly #publicKey = new Uint8Array(32);
	#scalar = 0n;
	#nonce = 0n;

	constructor(hashes: Hashes) {
		this.#hashes = hashes;
	}

	/** Throws for another scheme, or if SHA-512 isn't registered. Copies the message; the entropy is used until the job ends. */
	start(scheme: number, key: PrivateKey, message: Uint8Array, at: number, end: number, entropy: Entropy): void {
		this.wipe();
		const hash = this.#hashes.hash(sha512);
		if (scheme !== ED25519_SCHEME || !hash || key.type !== KEY_ED25519) throw new Error(`no Ed25519 signature scheme ${scheme} for key type ${key.type}`);
		this.#outcome = WORKING;
		this.#state = REFUSE_KEY;
		if (key.bytes.length !== 32) return;
		const prefix = new Uint8Array(32);
		this.#scalar = expandSeed(hash, key.bytes, prefix);
		const running = hash.create();
		running.update(prefix, 0, 32);
		running.update(message, at, end);
		this.#nonce = hashNumber(running);
		wipe(prefix);
		this.#message = message.slice(at, end);
		this.#hash = hash;
		this.#entropy = entropy;
		this.#multiply.start(this.#scalar, entropy, false);
		this.#state = PUBLIC_KEY;
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
		this.#multiply.wipe();
		this.#entropy = undefined;
		this.#hash = undefined;
		wipe(this.#message);
		this.#message = new Uint8Array(0);
		this.#scalar = 0n;
		this.#nonce = 0n;
	}

	private advance(): number {
		switch (this.#state) {
			case REFUSE_KEY:
				return this.end(privateKeyRefused());
			case PUBLIC_KEY:
				return this.#multiply.done ? this.beginPoint() : this.#multiply.advance();
			case POINT:
				return this.#multiply.done ? this.finish() : this.#multiply.advance();
			default:
				return 1;
		}
	}

	private beginPoint(): number {
		const { x, y } = this.#multiply;
		encodePoint(x, y, this.#publicKey, 0);
		this.#multiply.start(this.#nonce, this.#entropy!, false);
		this.#state = POINT;
		return 1;
	}

	/** S = r + H(R, A, M) s */
	private finish(): number {
		const { x, y } = this.#multiply;
		encodePoint(x, y, this.signature, 0);
		const running = this.#hash!.create();
		running.update(this.signature, 0, 32);
		running.update(this.#publicKey, 0, 32);
		running.update(this.#message, 0, this.#message.length);
		const k = hashNumber(running);
		encodeLittleEndian(canonical(order25519, this.#nonce + k * this.#scalar), this.signature, 32);
		this.signatureLength = SIGNATURE_LENGTH;
		return this.end(DONE);
	}

	private end(outcome: number): number {
		this.forget();
		this.#outcome = outcome;
		return 1;
	}
}
