// Checks ECDSA signatures (FIPS 186-5 6.4.2, SEC 1 4.1.4), sliced. For p256.ts and p384.ts.

import { DER_SEQUENCE, openDer, takeDerUnsigned } from "../../base/der.js";
import { Reader } from "../../base/reader.js";
import { WORKING } from "../../base/status.js";
import type { Hashes, PublicKey, VerifyJob } from "../types.js";
import { type Curve, onCurve } from "./curve.js";
import { digestMessage } from "./digest.js";
import { DoubleMultiply } from "./double-multiply.js";
import { digestNumber, ecdsaHash } from "./ecdsa-scheme.js";
import { decodeInteger } from "./integer.js";
import { Inverse } from "./inverse.js";
import { canonical } from "./modulus.js";
import { publicKeyRefused, signatureOutcome } from "./outcome.js";

// What comes next
const ENDED = 0;
const CHECK_KEY = 1;
const INVERT = 2;
const MULTIPLY = 3;

/**
 * A VerifyJob for one curve.
 *
 *     const job = new EcdsaVerify(p256, hashes);
 *     job.start(0x0403, key, message, 0, message.length, signature, 0, signature.length);
 *     while ((status = job.step(8)) === WORKING) ...
 */
export class EcdsaVerify implements VerifyJob {
	#state = ENDED;
	#outcome = signatureOutcome(false); // of a job without work
	readonly #curve: Curve;
	readonly #hashes: Hashes;
	/** The public key; 0, 0, which is on neither curve, if its encoding is wrong. */
	#x = 0n;
	#y = 0n;
	/** The signature; 0 if it is wrong at first sight. */
	#r = 0n;
	#s = 0n;
	#digest = 0n;
	readonly #inverse = new Inverse();
	readonly #multiply: DoubleMultiply;

	constructor(curve: Curve, hashes: Hashes) {
		this.#curve = curve;
		this.#hashes = hashes;
		this.#multiply = new DoubleMultiply(curve);
	}

	/** A scheme that isn't ECDSA, or whose hash isn't registered, is a wrong signature: the peer chose it. */
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
		const curve = this.#curve;
		const { length } = curve;
		this.#outcome = WORKING;
		this.#state = CHECK_KEY;
		if (key.type !== curve.keyType || key.end - key.at !== 1 + 2 * length || key.bytes[key.at] !== 4) return;
		this.#x = decodeInteger(key.bytes, key.at + 1, key.at + 1 + length);
		this.#y = decodeInteger(key.bytes, key.at + 1 + length, key.end);
		const hash = this.#hashes.hash(ecdsaHash(scheme));
		if (!hash || !this.decode(signature, signatureAt, signatureEnd)) return;
		const digest = new Uint8Array(hash.hashLength);
		digestMessage(hash, message, at, end, digested, digest);
		this.#digest = digestNumber(digest, hash.hashLength, length);
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
		this.#x = 0n;
		this.#y = 0n;
		this.#r = 0n;
		this.#s = 0n;
		this.#digest = 0n;
		this.#inverse.wipe();
		this.#multiply.wipe();
	}

	/** Ecdsa-Sig-Value (RFC 3279 2.2.3) in strict DER, its numbers from 1 to order - 1; false leaves s at 0. */
	private decode(signature: Uint8Array, at: number, end: number): boolean {
		const { length, order } = this.#curve;
		const reader = new Reader();
		reader.reset(signature, at, end);
		const mark = openDer(reader, DER_SEQUENCE);
		const rAt = takeDerUnsigned(reader);
		const rEnd = reader.at;
		const sAt = takeDerUnsigned(reader);
		const sEnd = reader.at;
		reader.close(mark);
		if (!reader.finished() || rEnd - rAt > length || sEnd - sAt > length) return false;
		const r = decodeInteger(signature, rAt, rEnd);
		const s = decodeInteger(signature, sAt, sEnd);
		if (r === 0n || s === 0n || r >= order.p || s >= order.p) return false;
		this.#r = r;
		this.#s = s;
		return true;
	}

	private advance(): number {
		switch (this.#state) {
			case CHECK_KEY:
				return this.checkKey();
			case INVERT:
				return this.#inverse.done ? this.beginMultiply() : this.#inverse.advance();
			case MULTIPLY:
				return this.#multiply.done ? this.compare() : this.#multiply.advance();
			default:
				return 1;
		}
	}

	private checkKey(): number {
		if (!onCurve(this.#curve, this.#x, this.#y)) return this.end(publicKeyRefused());
		if (this.#s === 0n) return this.end(signatureOutcome(false));
		const { order } = this.#curve;
		this.#inverse.start(order, this.#s, 1n);
		this.#state = INVERT;
		return 1;
	}

	private beginMultiply(): number {
		const { order } = this.#curve;
		const w = this.#inverse.result;
		this.#multiply.start(canonical(order, this.#digest * w), canonical(order, this.#r * w), this.#x, this.#y);
		this.#state = MULTIPLY;
		return 2;
	}

	/** x modulo the order is r: so x is r, or r + order if that is still in the field. */
	private compare(): number {
		const { order, field } = this.#curve;
		const second = this.#r + order.p;
		return this.end(signatureOutcome(this.#multiply.hasX(this.#r) || (second < field.p && this.#multiply.hasX(second))));
	}

	private end(outcome: number): number {
		this.wipe();
		this.#outcome = outcome;
		return 1;
	}
}
