// Private keys in their usual forms: PKCS#8 (RFC 5208, 5958), SEC1 (RFC 5915), PKCS#1 (RFC 8017 A.1.2), as DER or
// PEM -> the raw form that crypto takes, and back.

import { copyOf } from "../base/bytes.js";
import { DER_INTEGER, DER_OCTET_STRING, DER_OID, DER_SEQUENCE, openDer, peekDer, takeDerUnsigned } from "../base/der.js";
import { type Failure, NO_FAILURE, PRIVATE_KEY_ENCRYPTED, PRIVATE_KEY_MALFORMED, PRIVATE_KEY_UNKNOWN } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type KeyType, type PrivateKey, type PublicKey } from "../crypto/types.js";
import { SCHEME_UNKNOWN, takeNull, takePssParameters } from "./algorithm.js";
import { DER_CONTEXT, DER_CONTEXT_CONSTRUCTED, skipDer, takeDerBits, takeDerSmall } from "./der-values.js";
import { publicKeyOfRsa } from "./key-writer.js";
import { id_Ed25519, id_ecPublicKey, id_RSASSA_PSS, prime256v1, rsaEncryption, secp384r1, takeOid } from "./oid.js";
import { PEM_EC_PRIVATE_KEY, PEM_ENCRYPTED_PRIVATE_KEY, PEM_PRIVATE_KEY, PEM_RSA_PRIVATE_KEY, PemReader } from "./pem.js";
import { KEY_UNKNOWN } from "./public-key-info.js";

/**
 * Reads one private key in whatever form it comes.
 *
 *     const decoder = new PrivateKeyDecoder();
 *     const failure = decoder.decodePem(text);
 *     if (failure === NO_FAILURE) start(decoder.key);      // the caller wipes key.bytes at the end
 */
export class PrivateKeyDecoder {
	/** The key, in an array of its own. */
	key: PrivateKey = { type: KEY_UNKNOWN, bytes: new Uint8Array(0) };
	/** Its public half in an array of its own, if the file says it (RSA keys always do); nobody has checked that it fits. */
	publicKey: PublicKey | undefined = undefined;
	#reader = new Reader();
	#type: KeyType = KEY_UNKNOWN;
	#at = 0;
	#end = 0;
	#publicAt = -1;
	#publicEnd = -1;

	/** The first private key of a PEM text. PRIVATE_KEY_ENCRYPTED: it takes a password, see encrypted-key. */
	decodePem(text: string | Uint8Array): Failure {
		const pem = new PemReader(text);
		if (!pem.find(PEM_PRIVATE_KEY | PEM_EC_PRIVATE_KEY | PEM_RSA_PRIVATE_KEY | PEM_ENCRYPTED_PRIVATE_KEY)) return pem.end();
		if (pem.kind === PEM_ENCRYPTED_PRIVATE_KEY) return PRIVATE_KEY_ENCRYPTED;
		const failure = this.decodeDer(pem.der);
		pem.der.fill(0);
		return failure;
	}

	/**
	 * A key in DER. Which form it is shows behind the version: PKCS#8 has an algorithm there, SEC1 an OCTET STRING,
	 * PKCS#1 an INTEGER.
	 */
	decodeDer(bytes: Uint8Array): Failure {
		const reader = this.#reader;
		reader.reset(bytes, 0, bytes.length);
		this.#type = KEY_UNKNOWN;
		this.#publicAt = -1;
		const mark = openDer(reader, DER_SEQUENCE);
		const version = takeDerSmall(reader);
		const tag = peekDer(reader);
		if (tag === DER_SEQUENCE) this.decodePkcs8(reader, version);
		else if (tag === DER_OCTET_STRING) this.decodeSec1(reader, version, KEY_UNKNOWN);
		else if (tag === DER_INTEGER) this.decodePkcs1(reader, version, 0);
		else reader.failed = true;
		reader.close(mark);
		if (!reader.finished()) return PRIVATE_KEY_MALFORMED;
		if (this.#type === KEY_UNKNOWN) return PRIVATE_KEY_UNKNOWN;
		this.key = { type: this.#type, bytes: copyOf(bytes, this.#at, this.#end) };
		if (this.#type === KEY_RSA || this.#type === KEY_RSA_PSS) this.publicKey = publicKeyOfRsa(this.key);
		else if (this.#publicAt < 0) this.publicKey = undefined;
		else this.publicKey = { type: this.#type, bytes: copyOf(bytes, this.#publicAt, this.#publicEnd), at: 0, end: this.#publicEnd - this.#publicAt };
		return NO_FAILURE;
	}

	/** PrivateKeyInfo behind its version: 0, or 1 where a public key may stand at the end (RFC 5958). */
	private decodePkcs8(reader: Reader, version: number): void {
		if (version > 1) reader.failed = true;
		const type = takeKeyAlgorithm(reader);
		const outer = openDer(reader, DER_OCTET_STRING);
		if (type === KEY_RSA || type === KEY_RSA_PSS) {
			const at = reader.at;
			const mark = openDer(reader, DER_SEQUENCE);
			this.decodePkcs1(reader, takeDerSmall(reader), at);
			reader.close(mark);
			this.#type = type;
		} else if (type === KEY_P256 || type === KEY_P384) {
			const mark = openDer(reader, DER_SEQUENCE);
			this.decodeSec1(reader, takeDerSmall(reader), type);
			reader.close(mark);
		} else if (type === KEY_ED25519)
			this.noteScalar(reader, type, 32); // RFC 8410 7: an OCTET STRING in the OCTET STRING
		else reader.take(reader.end - reader.at);
		reader.close(outer);
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) skipDer(reader); // attributes
		if (peekDer(reader) === (DER_CONTEXT | 1)) {
			const mark = openDer(reader, DER_CONTEXT | 1);
			if (reader.u8() !== 0 || version === 0) reader.failed = true;
			this.notePublic(reader.at, reader.end);
			reader.skip(mark);
		}
	}

	/** ECPrivateKey behind its version: a scalar as long as the curve's order, the curve, the public key. */
	private decodeSec1(reader: Reader, version: number, type: KeyType): void {
		if (version !== 1) reader.failed = true;
		const at = reader.at;
		skipDer(reader);
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) {
			const mark = openDer(reader, DER_CONTEXT_CONSTRUCTED);
			const curve = peekDer(reader) === DER_OID ? curveOf(takeOid(reader)) : KEY_UNKNOWN;
			reader.skip(mark); // explicit curves stay unknown
			if (type !== KEY_UNKNOWN && curve !== type) reader.failed = true;
			type = curve;
		}
		if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1)) {
			const mark = openDer(reader, DER_CONTEXT_CONSTRUCTED | 1);
			this.notePublic(takeDerBits(reader), reader.at);
			reader.close(mark);
		}
		if (type === KEY_UNKNOWN) return;
		const end = reader.at;
		reader.at = at;
		this.noteScalar(reader, type, type === KEY_P256 ? 32 : 48);
		reader.at = end;
	}

	private notePublic(at: number, end: number): void {
		this.#publicAt = at;
		this.#publicEnd = end;
	}

	private noteScalar(reader: Reader, type: KeyType, length: number): void {
		const mark = openDer(reader, DER_OCTET_STRING);
		this.#at = reader.take(length);
		this.#end = reader.at;
		this.#type = type;
		reader.close(mark);
	}

	/** RSAPrivateKey behind its version: two primes, so eight integers. at: where its SEQUENCE begins. */
	private decodePkcs1(reader: Reader, version: number, at: number): void {
		if (version !== 0) reader.failed = true;
		for (let i = 0; i < 8; i++) if (takeDerUnsigned(reader) === reader.at) reader.failed = true; // none is zero
		this.#type = KEY_RSA;
		this.#at = at;
		this.#end = reader.at;
	}
}

/** AlgorithmIdentifier of a private key. */
function takeKeyAlgorithm(reader: Reader): KeyType {
	const mark = openDer(reader, DER_SEQUENCE);
	const oid = takeOid(reader);
	let type = KEY_UNKNOWN;
	if (oid === rsaEncryption) {
		takeNull(reader);
		type = KEY_RSA;
	} else if (oid === id_RSASSA_PSS) type = !reader.more() || takePssParameters(reader) !== SCHEME_UNKNOWN ? KEY_RSA_PSS : KEY_UNKNOWN;
	else if (oid === id_Ed25519) type = KEY_ED25519;
	else if (oid === id_ecPublicKey && peekDer(reader) === DER_OID) type = curveOf(takeOid(reader));
	else if (reader.more()) skipDer(reader);
	reader.close(mark);
	return type;
}

function curveOf(oid: number): KeyType {
	return oid === prime256v1 ? KEY_P256 : oid === secp384r1 ? KEY_P384 : KEY_UNKNOWN;
}
