// HKDF (RFC 5869) and HKDF-Expand-Label (RFC 8446 7.1; for datagrams with the label prefix of RFC 9147 5.9), for the
// key schedule of TLS 1.3. Scratch memory is made once, in the constructor.

import { copy, wipe } from "../base/bytes.js";
import type { HashAlgorithm, Hmac } from "./types.js";

/** Room for length, label and context of all labels of TLS; longer ones are hashed in pieces. */
const SCRATCH = 128;
/** HkdfLabel.label and HkdfLabel.context have lengths of 8 bits. */
const MAXIMUM_VECTOR = 255;
/** The blocks' numbers have 8 bits. */
const MAXIMUM_BLOCKS = 255;

/**
 * HKDF with one hash. Secrets are hashLength bytes at the beginning of their arrays; an output may be written over
 * the secret that it is derived from.
 *
 *     const hkdf = new Hkdf(sha256Algorithm, tls.labelPrefix);
 *     hkdf.extract(salt, 32, sharedSecret, 32, handshakeSecret);
 *     hkdf.deriveSecret(handshakeSecret, CLIENT_HANDSHAKE_TRAFFIC, transcriptHash, clientSecret);
 *     hkdf.expandLabel(clientSecret, KEY, NO_BYTES, 0, key, 0, 16);
 */
export class Hkdf {
	readonly hashLength: number;
	readonly #hmac: Hmac;
	readonly #labelPrefix: Readonly<Uint8Array>;
	/** HkdfLabel and the block's number. */
	readonly #info = new Uint8Array(SCRATCH);
	/** T(i) of RFC 5869 2.3. */
	readonly #block: Uint8Array;

	constructor(hash: HashAlgorithm, labelPrefix: Readonly<Uint8Array>) {
		this.hashLength = hash.hashLength;
		this.#hmac = hash.createHmac();
		this.#labelPrefix = labelPrefix;
		this.#block = new Uint8Array(hash.hashLength);
	}

	/** HKDF-Extract: writes hashLength bytes to out. No salt is a saltLength of 0; the secret may have any length. */
	extract(salt: Uint8Array, saltLength: number, secret: Uint8Array, secretLength: number, out: Uint8Array): void {
		const hmac = this.#hmac;
		hmac.setKey(salt, 0, saltLength);
		hmac.update(secret, 0, secretLength);
		hmac.digest(out, 0);
	}

	/** HKDF-Expand (RFC 5869 2.3): length bytes, at most 255 * hashLength, to out from outAt on. */
	expand(secret: Uint8Array, info: Uint8Array, infoLength: number, out: Uint8Array, outAt: number, length: number): void {
		const hmac = this.begin(secret, length);
		const end = outAt + length;
		for (let number = 1; outAt < end; number++, outAt += this.hashLength) {
			if (number > 1) hmac.update(this.#block, 0, this.hashLength);
			hmac.update(info, 0, infoLength);
			this.#info[0] = number;
			hmac.update(this.#info, 0, 1);
			this.takeBlock(out, outAt, end);
		}
	}

	/**
	 * HKDF-Expand-Label: length bytes, at most 255 * hashLength, to out from outAt on. Labels: crypto/labels. With its prefix the label has at
	 * most 255 bytes, as has the context.
	 */
	expandLabel(
		secret: Uint8Array,
		label: Readonly<Uint8Array>,
		context: Uint8Array,
		contextLength: number,
		out: Uint8Array,
		outAt: number,
		length: number,
	): void {
		const hmac = this.begin(secret, length);
		const end = outAt + length;
		for (let number = 1; outAt < end; number++, outAt += this.hashLength) {
			if (number > 1) hmac.update(this.#block, 0, this.hashLength);
			this.updateLabel(label, context, contextLength, length, number);
			this.takeBlock(out, outAt, end);
		}
	}

	/** Derive-Secret, given the hash of the messages: writes hashLength bytes to out. */
	deriveSecret(secret: Uint8Array, label: Readonly<Uint8Array>, transcriptHash: Uint8Array, out: Uint8Array): void {
		this.expandLabel(secret, label, transcriptHash, this.hashLength, out, 0, this.hashLength);
	}

	/** HMAC with a key of hashLength bytes over one hash, for Finished and binders (RFC 8446 4.4.4): hashLength bytes to out. */
	mac(key: Uint8Array, transcriptHash: Uint8Array, out: Uint8Array): void {
		const hmac = this.#hmac;
		hmac.setKey(key, 0, this.hashLength);
		hmac.update(transcriptHash, 0, this.hashLength);
		hmac.digest(out, 0);
	}

	/** Overwrites what is left of secrets; usable afterwards. */
	wipe(): void {
		this.#hmac.wipe();
		wipe(this.#info);
		wipe(this.#block);
	}

	private begin(secret: Uint8Array, length: number): Hmac {
		if (length > MAXIMUM_BLOCKS * this.hashLength) throw new RangeError("HKDF-Expand: too long");
		this.#hmac.setKey(secret, 0, this.hashLength);
		return this.#hmac;
	}

	/** Hashes HkdfLabel and the block's number; nearly always one update. */
	private updateLabel(label: Readonly<Uint8Array>, context: Uint8Array, contextLength: number, length: number, number: number): void {
		const hmac = this.#hmac;
		const info = this.#info;
		const prefix = this.#labelPrefix;
		const labelLength = prefix.length + label.length;
		if (labelLength > MAXIMUM_VECTOR || contextLength > MAXIMUM_VECTOR) throw new RangeError("HKDF-Expand-Label: label or context too long");
		info[0] = length >> 8;
		info[1] = length;
		info[2] = labelLength;
		info.set(prefix, 3);
		let at = 3 + labelLength;
		if (at <= SCRATCH) info.set(label, 3 + prefix.length);
		else {
			hmac.update(info, 0, 3 + prefix.length);
			hmac.update(label, 0, label.length);
			at = 0;
		}
		if (at + 2 + contextLength > SCRATCH) {
			if (at > 0) hmac.update(info, 0, at);
			info[0] = contextLength;
			hmac.update(info, 0, 1);
			hmac.update(context, 0, contextLength);
			at = 0;
		} else {
			info[at++] = contextLength;
			copy(info, at, context, 0, contextLength);
			at += contextLength;
		}
		info[at++] = number;
		hmac.update(info, 0, at);
	}

	/** Ends block T(i) and copies as much of it as is wanted. */
	private takeBlock(out: Uint8Array, outAt: number, end: number): void {
		const rest = end - outAt;
		if (rest === this.hashLength) {
			this.#hmac.digest(out, outAt); // the last block, whole: nothing left to copy or to chain
			return;
		}
		this.#hmac.digest(this.#block, 0);
		copy(out, outAt, this.#block, 0, Math.min(rest, this.hashLength));
	}
}
