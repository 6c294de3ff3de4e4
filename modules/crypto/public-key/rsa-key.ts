// RSA keys as RFC 8017 A.1 writes them in DER, and which of them are good enough. For the RSA jobs.

import { DER_INTEGER, DER_SEQUENCE, openDer, takeDerUnsigned } from "../../base/der.js";
import { Reader } from "../../base/reader.js";
import { bitLength, decodeInteger, encodeInteger } from "./integer.js";

/** The sizes of a modulus that are accepted, in bits. */
export interface RsaLimits {
	readonly minimumBits: number;
	readonly maximumBits: number;
}

/** 2048 bits are the least that NIST SP 800-131A and RFC 9325 4.5 allow; above 4096 a slice would take too long. */
export const rsaLimits: RsaLimits = Object.freeze({ minimumBits: 2048, maximumBits: 4096 });

/** The exponent is below 2^33: five bytes at most. Larger ones serve nothing but to keep a verifier busy. */
const EXPONENT_END = 0x200000000;

/** How far the sizes of p and q may differ, in bits. FIPS 186-5 A.1.1 makes them equal. */
const PRIME_SKEW = 8;

/** Reads the exponent at [at, end); answers 0 for one that isn't odd, or not from 3 to 2^33 - 1. */
function decodeExponent(bytes: Uint8Array, at: number, end: number): number {
	if (end - at > 5) return 0;
	let exponent = 0;
	for (; at < end; at++) exponent = exponent * 256 + bytes[at];
	return exponent < 3 || exponent % 2 === 0 || exponent >= EXPONENT_END ? 0 : exponent;
}

/** RSAPublicKey (RFC 8017 A.1.1). */
export class RsaPublicKey {
	modulus = 0n;
	/** The modulus' size in bits and in bytes. */
	bits = 0;
	length = 0;
	exponent = 0;

	/** Reads the key at [at, end) of bytes; answers whether it is one, and within the limits. */
	decode(bytes: Uint8Array, at: number, end: number, limits: RsaLimits): boolean {
		const reader = new Reader();
		reader.reset(bytes, at, end);
		const mark = openDer(reader, DER_SEQUENCE);
		const modulusAt = takeDerUnsigned(reader);
		const modulusEnd = reader.at;
		const exponentAt = takeDerUnsigned(reader);
		const exponentEnd = reader.at;
		reader.close(mark);
		if (!reader.finished()) return false;
		this.exponent = decodeExponent(bytes, exponentAt, exponentEnd);
		return this.exponent !== 0 && this.takeModulus(bytes, modulusAt, modulusEnd, limits);
	}

	/** Takes the modulus at [at, end) if it is odd and within the limits; answers whether. */
	takeModulus(bytes: Uint8Array, at: number, end: number, limits: RsaLimits): boolean {
		this.bits = bitLength(bytes, at, end);
		this.length = (this.bits + 7) >> 3;
		if (this.bits < limits.minimumBits || this.bits > limits.maximumBits || (bytes[end - 1] & 1) === 0) return false;
		this.modulus = decodeInteger(bytes, at, end);
		return true;
	}
}

/** RSAPrivateKey (RFC 8017 A.1.2), version 0: two primes, with everything for the Chinese Remainder Theorem. */
export class RsaPrivateKey {
	readonly public = new RsaPublicKey();
	p = 0n;
	q = 0n;
	pBits = 0;
	qBits = 0;
	/** q^-1 mod p. */
	coefficient = 0n;
	/** d mod (p - 1) and d mod (q - 1): as many bytes as their primes have. */
	pExponent: Uint8Array = new Uint8Array(0);
	qExponent: Uint8Array = new Uint8Array(0);

	/** Reads the key in all of bytes; answers whether it is one, within the limits, and its parts fit. */
	decode(bytes: Uint8Array, limits: RsaLimits): boolean {
		const reader = new Reader();
		reader.reset(bytes, 0, bytes.length);
		const mark = openDer(reader, DER_SEQUENCE);
		const places: number[] = []; // the beginning and end of version, n, e, d, p, q, dP, dQ, qInv
		for (let i = 0; i < 9; i++) places.push(takeDerUnsigned(reader), reader.at);
		reader.close(mark);
		if (!reader.finished() || places[0] !== places[1]) return false;
		this.public.exponent = decodeExponent(bytes, places[4], places[5]);
		if (this.public.exponent === 0 || !this.public.takeModulus(bytes, places[2], places[3], limits)) return false;
		this.pBits = bitLength(bytes, places[8], places[9]);
		this.qBits = bitLength(bytes, places[10], places[11]);
		if (Math.abs(this.pBits - this.qBits) > PRIME_SKEW) return false;
		this.p = decodeInteger(bytes, places[8], places[9]);
		this.q = decodeInteger(bytes, places[10], places[11]);
		if (this.p * this.q !== this.public.modulus) return false;
		this.coefficient = decodeInteger(bytes, places[16], places[17]);
		this.pExponent = exponentBytes(bytes, places[12], places[13], this.pBits);
		this.qExponent = exponentBytes(bytes, places[14], places[15], this.qBits);
		return this.coefficient < this.p && this.pExponent.length > 0 && this.qExponent.length > 0;
	}

	wipe(): void {
		this.p = 0n;
		this.q = 0n;
		this.coefficient = 0n;
		this.pExponent.fill(0);
		this.qExponent.fill(0);
	}
}

/** A copy of the exponent at [at, end), as many bytes as a prime of this size has; empty if it is longer. */
function exponentBytes(bytes: Uint8Array, at: number, end: number, primeBits: number): Uint8Array {
	const length = (primeBits + 7) >> 3;
	if (end - at > length) return new Uint8Array(0);
	const exponent = new Uint8Array(length);
	exponent.set(bytes.subarray(at, end), length - (end - at));
	return exponent;
}

/** A DER SEQUENCE of INTEGERs; lengths has the most bytes that each value can have. */
export function encodeIntegers(values: readonly bigint[], lengths: readonly number[]): Uint8Array {
	let room = 4;
	for (const length of lengths) room += length + 5;
	const out = new Uint8Array(room);
	let at = room; // from the end backwards, so that lengths are known before they are written
	for (let i = values.length - 1; i >= 0; i--) {
		const end = at;
		at = end - lengths[i];
		encodeInteger(values[i], out, at, end);
		while (at < end - 1 && out[at] === 0) at++;
		if (out[at] >= 0x80) out[--at] = 0;
		at = encodeHeader(out, DER_INTEGER, at, end);
	}
	const bytes = out.slice(encodeHeader(out, DER_SEQUENCE, at, room));
	out.fill(0);
	return bytes;
}

/** Writes tag and length before the content at [at, end); answers where they begin. */
function encodeHeader(out: Uint8Array, tag: number, at: number, end: number): number {
	const length = end - at;
	out[--at] = length;
	if (length >= 256) out[--at] = length >> 8;
	if (length >= 128) out[--at] = length >= 256 ? 0x82 : 0x81;
	out[--at] = tag;
	return at;
}
