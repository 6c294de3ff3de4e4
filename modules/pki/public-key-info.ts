// SubjectPublicKeyInfo (RFC 5280 4.1.2.7; RFC 3279, 4055, 5480, 8410) -> the raw public key that crypto takes.

import { NO_BYTES } from "../base/bytes.js";
import { DER_OID, DER_SEQUENCE, openDer, peekDer, takeDerUnsigned } from "../base/der.js";
import { Reader } from "../base/reader.js";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type KeyType, type PublicKey } from "../crypto/types.js";
import { SCHEME_UNKNOWN, takeNull, takePssParameters } from "./algorithm.js";
import { skipDer, takeDerBits } from "./der-values.js";
import { id_Ed25519, id_ecPublicKey, id_RSASSA_PSS, prime256v1, rsaEncryption, secp384r1, takeOid } from "./oid.js";

/** A key of an algorithm or a curve that nothing here knows. */
export const KEY_UNKNOWN = 0;

/**
 * A SubjectPublicKeyInfo and the raw key in it: [at, end) of bytes is what crypto takes, [infoAt, infoEnd) the
 * whole structure, which pins, raw public keys and DANE are about.
 *
 *     const info = new PublicKeyInfo();
 *     info.decode(reader);                    // what is malformed sticks in the reader
 *     if (info.type === KEY_UNKNOWN) ...      // well-formed, but no key that can be used
 */
export class PublicKeyInfo implements PublicKey {
	type: KeyType = KEY_UNKNOWN;
	bytes: Uint8Array = NO_BYTES;
	at = 0;
	end = 0;
	infoAt = 0;
	infoEnd = 0;
	/** Size: of the modulus (RSA) or of the curve. */
	bits = 0;
	/** The one scheme that an RSASSA-PSS key was made for (the rsae number), or SCHEME_UNKNOWN for any. */
	pssScheme = SCHEME_UNKNOWN;

	/** Whether it is large enough: RSA keys have sizes to choose from, curves don't. */
	isStrong(minimumRsaBits: number): boolean {
		return (this.type !== KEY_RSA && this.type !== KEY_RSA_PSS) || this.bits >= minimumRsaBits;
	}

	copy(other: PublicKeyInfo): void {
		this.type = other.type;
		this.bytes = other.bytes;
		this.at = other.at;
		this.end = other.end;
		this.infoAt = other.infoAt;
		this.infoEnd = other.infoEnd;
		this.bits = other.bits;
		this.pssScheme = other.pssScheme;
	}

	/** Decodes the structure that fills [at, end) of bytes; false if it is malformed. */
	decodeWhole(bytes: Uint8Array, at: number, end: number): boolean {
		const reader = new Reader();
		reader.reset(bytes, at, end);
		this.decode(reader);
		return reader.finished();
	}

	/** A raw key without its structure, as bundles have it. What is malformed becomes KEY_UNKNOWN. */
	setRaw(type: KeyType, bytes: Uint8Array, at: number, end: number): void {
		const reader = new Reader();
		this.type = type;
		this.bytes = bytes;
		this.at = at;
		this.end = end;
		this.infoAt = this.infoEnd = end;
		this.pssScheme = SCHEME_UNKNOWN;
		reader.reset(bytes, at, end);
		this.measure(reader);
		if (reader.failed) this.type = KEY_UNKNOWN;
	}

	/** Passes over the structure that must come next. */
	decode(reader: Reader): void {
		this.bytes = reader.bytes;
		this.infoAt = reader.at;
		const mark = openDer(reader, DER_SEQUENCE);
		this.decodeAlgorithm(reader);
		this.at = takeDerBits(reader);
		this.end = reader.at;
		this.infoEnd = reader.at;
		reader.close(mark);
		if (!reader.failed) this.measure(reader);
	}

	private decodeAlgorithm(reader: Reader): void {
		this.type = KEY_UNKNOWN;
		this.pssScheme = SCHEME_UNKNOWN;
		const mark = openDer(reader, DER_SEQUENCE);
		const oid = takeOid(reader);
		if (oid === rsaEncryption) {
			this.type = KEY_RSA;
			takeNull(reader);
		} else if (oid === id_RSASSA_PSS) {
			this.type = KEY_RSA_PSS;
			if (reader.more()) {
				this.pssScheme = takePssParameters(reader);
				if (this.pssScheme === SCHEME_UNKNOWN) this.type = KEY_UNKNOWN;
			}
		} else if (oid === id_ecPublicKey && peekDer(reader) === DER_OID) {
			const curve = takeOid(reader);
			if (curve === prime256v1) this.type = KEY_P256;
			else if (curve === secp384r1) this.type = KEY_P384;
		} else if (oid === id_Ed25519) this.type = KEY_ED25519;
		else if (reader.more()) skipDer(reader); // explicit curves and unknown algorithms
		reader.close(mark);
	}

	/** The raw key's form and size. */
	private measure(reader: Reader): void {
		const length = this.end - this.at;
		this.bits = 0;
		if (this.type === KEY_P256 || this.type === KEY_P384) {
			const bytes = this.type === KEY_P256 ? 32 : 48;
			this.bits = bytes * 8;
			// uncompressed points only: RFC 8446 4.2.8.2 has no other form, RFC 5480 2.2 leaves the other optional
			if (length !== 2 * bytes + 1 || this.bytes[this.at] !== 4) this.type = KEY_UNKNOWN;
		} else if (this.type === KEY_ED25519) {
			this.bits = 256;
			if (length !== 32) reader.failed = true;
		} else if (this.type !== KEY_UNKNOWN) this.measureModulus(reader);
	}

	/** RSAPublicKey (RFC 8017 A.1.1): two positive integers. The key stands at the end of what the reader has read. */
	private measureModulus(reader: Reader): void {
		const at = reader.at;
		const end = reader.end;
		reader.at = this.at;
		reader.end = this.end;
		const mark = openDer(reader, DER_SEQUENCE);
		const modulusAt = takeDerUnsigned(reader);
		const modulusEnd = reader.at;
		takeDerUnsigned(reader);
		reader.close(mark);
		if (reader.at !== reader.end) reader.failed = true;
		if (!reader.failed && modulusEnd > modulusAt) this.bits = (modulusEnd - modulusAt - 1) * 8 + 32 - Math.clz32(reader.bytes[modulusAt]);
		reader.at = at;
		reader.end = end;
	}
}
