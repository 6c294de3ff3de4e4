// Keys and signature algorithms as DER: SubjectPublicKeyInfo, PKCS#8, AlgorithmIdentifier.

import { DER_OCTET_STRING, DER_SEQUENCE, openDer, takeDerUnsigned } from "../base/der.js";
import { Reader } from "../base/reader.js";
import { Writer } from "../base/writer.js";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type KeyType, type PrivateKey, type PublicKey } from "../crypto/types.js";
import { ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ed25519, rsa_pkcs1_sha256, rsa_pss_pss_sha256, SCHEME_UNKNOWN } from "./algorithm.js";
import { DER_CONTEXT_CONSTRUCTED } from "./der-values.js";
import { beginDer, endDer, writeDerBits, writeDerNull, writeDerSmall, writeDerUnsigned, writeOid } from "./der-writer.js";
import {
	ecdsa_with_SHA256,
	ecdsa_with_SHA384,
	id_Ed25519,
	id_ecPublicKey,
	id_mgf1,
	id_RSASSA_PSS,
	id_sha256,
	prime256v1,
	rsaEncryption,
	secp384r1,
	sha256WithRSAEncryption,
} from "./oid.js";

/** The SignatureScheme with which a key of this type signs certificates and requests, or SCHEME_UNKNOWN. */
export function issuingScheme(type: KeyType): number {
	if (type === KEY_P256) return ecdsa_secp256r1_sha256;
	if (type === KEY_P384) return ecdsa_secp384r1_sha384;
	if (type === KEY_ED25519) return ed25519;
	if (type === KEY_RSA) return rsa_pkcs1_sha256;
	return type === KEY_RSA_PSS ? rsa_pss_pss_sha256 : SCHEME_UNKNOWN;
}

/** The AlgorithmIdentifier of a signature that issuingScheme names for a key of this type. */
export function writeSignatureAlgorithm(writer: Writer, type: KeyType): void {
	const mark = beginDer(writer, DER_SEQUENCE);
	if (type === KEY_P256) writeOid(writer, ecdsa_with_SHA256);
	else if (type === KEY_P384) writeOid(writer, ecdsa_with_SHA384);
	else if (type === KEY_ED25519) writeOid(writer, id_Ed25519);
	else if (type === KEY_RSA) {
		writeOid(writer, sha256WithRSAEncryption);
		writeDerNull(writer);
	} else {
		writeOid(writer, id_RSASSA_PSS);
		writePssParameters(writer);
	}
	endDer(writer, mark);
}

/** RSASSA-PSS-params with SHA-256 in both places and a salt of 32 bytes. */
function writePssParameters(writer: Writer): void {
	const mark = beginDer(writer, DER_SEQUENCE);
	const hash = beginDer(writer, DER_CONTEXT_CONSTRUCTED);
	writeSha256(writer);
	endDer(writer, hash);
	const mask = beginDer(writer, DER_CONTEXT_CONSTRUCTED | 1);
	const generator = beginDer(writer, DER_SEQUENCE);
	writeOid(writer, id_mgf1);
	writeSha256(writer);
	endDer(writer, generator);
	endDer(writer, mask);
	const salt = beginDer(writer, DER_CONTEXT_CONSTRUCTED | 2);
	writeDerSmall(writer, 32);
	endDer(writer, salt);
	endDer(writer, mark);
}

function writeSha256(writer: Writer): void {
	const mark = beginDer(writer, DER_SEQUENCE);
	writeOid(writer, id_sha256);
	writeDerNull(writer);
	endDer(writer, mark);
}

/** The AlgorithmIdentifier of a key. */
function writeKeyAlgorithm(writer: Writer, type: KeyType): void {
	const mark = beginDer(writer, DER_SEQUENCE);
	if (type === KEY_RSA) {
		writeOid(writer, rsaEncryption);
		writeDerNull(writer);
	} else if (type === KEY_RSA_PSS) writeOid(writer, id_RSASSA_PSS);
	else if (type === KEY_ED25519) writeOid(writer, id_Ed25519);
	else {
		writeOid(writer, id_ecPublicKey);
		writeOid(writer, type === KEY_P256 ? prime256v1 : secp384r1);
	}
	endDer(writer, mark);
}

/** SubjectPublicKeyInfo of a raw key. */
export function writePublicKeyInfo(writer: Writer, key: PublicKey): void {
	const mark = beginDer(writer, DER_SEQUENCE);
	writeKeyAlgorithm(writer, key.type);
	writeDerBits(writer, key.bytes, key.at, key.end);
	endDer(writer, mark);
}

/** SubjectPublicKeyInfo of a raw key, in an array of its own. */
export function encodePublicKeyInfo(key: PublicKey): Uint8Array {
	const writer = new Writer();
	writer.reset(new Uint8Array(key.end - key.at + 64), 0, key.end - key.at + 64);
	writePublicKeyInfo(writer, key);
	return writer.bytes.slice(0, writer.at);
}

/**
 * PKCS#8 PrivateKeyInfo (RFC 5208) of a raw key, in an array of its own, which the caller wipes. A curve's public
 * key goes into it where it is given, so that whoever loads the key need not compute it.
 */
export function encodePrivateKey(key: PrivateKey, publicKey?: PublicKey): Uint8Array {
	const length = key.bytes.length + 256;
	const writer = new Writer();
	writer.reset(new Uint8Array(length), 0, length);
	const mark = beginDer(writer, DER_SEQUENCE);
	writeDerSmall(writer, 0);
	writeKeyAlgorithm(writer, key.type);
	const outer = beginDer(writer, DER_OCTET_STRING);
	if (key.type === KEY_ED25519) writeOctets(writer, key.bytes);
	else if (key.type === KEY_RSA || key.type === KEY_RSA_PSS) writer.copy(key.bytes, 0, key.bytes.length);
	else {
		const inner = beginDer(writer, DER_SEQUENCE);
		writeDerSmall(writer, 1);
		writeOctets(writer, key.bytes);
		if (publicKey !== undefined) {
			const point = beginDer(writer, DER_CONTEXT_CONSTRUCTED | 1);
			writeDerBits(writer, publicKey.bytes, publicKey.at, publicKey.end);
			endDer(writer, point);
		}
		endDer(writer, inner);
	}
	endDer(writer, outer);
	endDer(writer, mark);
	const der = writer.bytes.slice(0, writer.at);
	writer.bytes.fill(0);
	return der;
}

function writeOctets(writer: Writer, bytes: Uint8Array): void {
	const mark = beginDer(writer, DER_OCTET_STRING);
	writer.copy(bytes, 0, bytes.length);
	endDer(writer, mark);
}

/** The public half of an RSA key: RSAPublicKey out of RSAPrivateKey, in an array of its own. */
export function publicKeyOfRsa(key: PrivateKey): PublicKey {
	const reader = new Reader();
	reader.reset(key.bytes, 0, key.bytes.length);
	openDer(reader, DER_SEQUENCE);
	takeDerUnsigned(reader);
	const modulusAt = takeDerUnsigned(reader);
	const modulusEnd = reader.at;
	const exponentAt = takeDerUnsigned(reader);
	const writer = new Writer();
	writer.reset(new Uint8Array(modulusEnd - modulusAt + 32), 0, modulusEnd - modulusAt + 32);
	const mark = beginDer(writer, DER_SEQUENCE);
	writeDerUnsigned(writer, key.bytes, modulusAt, modulusEnd);
	writeDerUnsigned(writer, key.bytes, exponentAt, reader.at);
	endDer(writer, mark);
	return { type: key.type, bytes: writer.bytes, at: 0, end: writer.at };
}
