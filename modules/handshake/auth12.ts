// The authentication messages of 1.2, the same in both roles (RFC 5246 7.4.2, 7.4.8, 7.4.9): Certificate,
// CertificateVerify, Finished. The flows wrap each in a step of their own and say which state comes next. The slices of
// chains and signatures are those of 1.3.

import { copy, equalConstantTime, NO_BYTES } from "../base/bytes.js";
import {
	CERTIFICATE_EMPTY_12,
	CERTIFICATE_MISSING_12,
	CERTIFICATE_STATUS_MALFORMED,
	CERTIFICATE_VERIFY_MALFORMED_12,
	FINISHED_MALFORMED_12,
	FINISHED_WRONG_12,
	KEY_USAGE_UNFIT,
	NO_FAILURE,
	PEER_CHANGED,
	SIGNATURE_SCHEME_NOT_OFFERED_12,
	SIGNATURE_SCHEME_UNFIT_12,
} from "../base/failure.js";
import { DONE, WAIT_INPUT, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type KeyType, sha256, sha384, sha512 } from "../crypto/types.js";
import type { CertificateList } from "../pki/certificate-list.js";
import { KEY_USAGE_DIGITAL_SIGNATURE, KEY_USAGE_KEY_ENCIPHERMENT } from "../pki/extensions.js";
import { certificateLength12, decodeCertificate12, decodeRawKey12 } from "../wire/certificate.js";
import { CertificateStatus, certificateStatusLength, encodeCertificateStatusHead } from "../wire/certificate-status.js";
import { includesNumber16 } from "../wire/numbers.js";
import {
	certificate,
	certificate_status,
	certificate_type_raw_public_key,
	certificate_verify,
	ecdsa_secp256r1_sha256,
	ecdsa_secp384r1_sha384,
	ecdsa_secp521r1_sha512,
	ed25519,
	finished,
	rsa_pkcs1_sha256,
	rsa_pkcs1_sha384,
	rsa_pkcs1_sha512,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha384,
	rsa_pss_pss_sha512,
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha512,
} from "../wire/registry.js";
import { NOT_BEGUN, PeerCertificates } from "./auth.js";
import { SLICE } from "./auth13.js";
import { isRaw, startPeerCheck, takePeer } from "./certificate-type.js";
import { awaitMessage, CHAIN_TRUSTED, FINISHED_VERIFIED, fail, type Handshake, PSK_BOUND, readBody, STANDS } from "./handshake.js";
import { PEER_UNKNOWN, state12, VERIFY_DATA_LENGTH } from "./handshake12.js";
import { deriveVerifyData, installReadKeys12 } from "./keys12.js";
import { CLIENT_CERTIFICATE_REQUIRE } from "./settings.js";

/** auth.certificateAt before the bytes of a certificate: its length comes next. */
const AT_LENGTH = -3;
/** No HandshakeType: where a change_cipher_spec is due, every message is out of order. */
const NO_MESSAGE = -1;

/** Whether a key of this type may make this signature in 1.2: ECDSA names a hash only, whatever the curve (RFC 8422 5.1.3 as RFC 8446 4.2.3 has it). */
export function schemeFits12(scheme: number, keyType: KeyType): boolean {
	switch (keyType) {
		case KEY_P256:
		case KEY_P384:
			return scheme === ecdsa_secp256r1_sha256 || scheme === ecdsa_secp384r1_sha384 || scheme === ecdsa_secp521r1_sha512;
		case KEY_ED25519:
			return scheme === ed25519;
		case KEY_RSA:
			return (
				(scheme >= rsa_pss_rsae_sha256 && scheme <= rsa_pss_rsae_sha512) ||
				scheme === rsa_pkcs1_sha256 ||
				scheme === rsa_pkcs1_sha384 ||
				scheme === rsa_pkcs1_sha512
			);
		case KEY_RSA_PSS:
			return scheme >= rsa_pss_pss_sha256 && scheme <= rsa_pss_pss_sha512;
		default:
			return false;
	}
}

/** The first of our schemes that a key of this type can make and the peer's list at [at, end) names; 0 if there is none. digested: Ed25519, which signs the messages themselves, is none. */
export function chooseScheme12(hs: Handshake, keyType: KeyType, at: number, end: number, digested: boolean): number {
	for (const scheme of hs.settings.schemes) {
		if (schemeFits12(scheme, keyType) && !(digested && scheme === ed25519) && includesNumber16(hs.messages.memory, at, end, scheme)) return scheme;
	}
	return 0;
}

/** The schemes that a CertificateVerify may have where the messages aren't kept: those that sign a hash. */
export function schemesOfHashes(schemes: readonly number[]): number[] {
	const hashed: number[] = [];
	for (const scheme of schemes) if (schemeHash(scheme) >= 0) hashed.push(scheme);
	return hashed;
}

/** The number of the hash that a scheme signs; -1 for Ed25519, which hashes by itself. */
function schemeHash(scheme: number): number {
	switch (scheme) {
		case ecdsa_secp256r1_sha256:
		case rsa_pkcs1_sha256:
		case rsa_pss_rsae_sha256:
		case rsa_pss_pss_sha256:
			return sha256;
		case ecdsa_secp384r1_sha384:
		case rsa_pkcs1_sha384:
		case rsa_pss_pss_sha384:
		case rsa_pss_rsae_sha256 + 1:
			return sha384;
		case ecdsa_secp521r1_sha512:
		case rsa_pkcs1_sha512:
		case rsa_pss_rsae_sha512:
		case rsa_pss_pss_sha512:
			return sha512;
		default:
			return -1;
	}
}

/** RFC 5246 7.4.2: takes the peer's chain and begins to check it. `none`: the next state if a client sends no certificate. */
export function readCertificate12(hs: Handshake, next: number, none: number): number {
	const { auth, messages, settings } = hs;
	const wait = awaitMessage(hs, certificate);
	if (wait !== STANDS) return wait;
	const peer = new PeerCertificates(settings.registry);
	const { list } = peer;
	const raw = auth.peerType === certificate_type_raw_public_key;
	const failure = raw ? decodeRawKey12(readBody(hs), list) : decodeCertificate12(readBody(hs), list);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (!samePeer(hs, list)) return fail(hs, PEER_CHANGED);
	if (list.count === 0) {
		if (!settings.isServer) return fail(hs, CERTIFICATE_EMPTY_12);
		if (settings.clientCertificate === CLIENT_CERTIFICATE_REQUIRE) return fail(hs, CERTIFICATE_MISSING_12);
		messages.release(hs.transcript);
		return none;
	}
	const refused = takePeer(hs, list);
	if (refused !== NO_FAILURE) return fail(hs, refused);
	auth.peer = peer;
	if (awaitsStatus(hs)) {
		keepCertificates(list);
		messages.release(hs.transcript);
	} else startChain(hs, peer);
	return next;
}

/** Whether a CertificateStatus may follow the Certificate: the client's never has one. */
function awaitsStatus(hs: Handshake): boolean {
	return !hs.settings.isServer && state12(hs).statusExpected;
}

/** An OCSP response may follow in a message of its own: the certificates wait for it in a copy. */
function keepCertificates(list: CertificateList): void {
	const from = list.at[0];
	list.bytes = list.bytes.slice(from, list.end[list.count - 1]);
	for (let i = 0; i < list.count; i++) {
		list.at[i] -= from;
		list.end[i] -= from;
	}
}

/** RFC 6066 8: takes the OCSP response that belongs to the leaf. It may be missing even if the server announced it. */
export function readCertificateStatus(hs: Handshake, next: number): number {
	const { auth, messages } = hs;
	const { peer } = auth;
	if (peer === undefined) throw new Error("there is no certificate that this could be about");
	if (!messages.peek()) return WAIT_INPUT;
	if (messages.type === certificate_status) {
		const { list } = peer;
		const status = new CertificateStatus();
		if (!status.decode(readBody(hs))) return fail(hs, CERTIFICATE_STATUS_MALFORMED);
		const at = list.bytes.length;
		const length = status.responseEnd - status.responseAt;
		const bytes = new Uint8Array(at + length);
		bytes.set(list.bytes, 0);
		copy(bytes, at, messages.memory, status.responseAt, status.responseEnd);
		list.bytes = bytes;
		list.staple(0, at, at + length);
		messages.release(hs.transcript);
	}
	startChain(hs, peer);
	return next;
}

function startChain(hs: Handshake, peer: PeerCertificates): void {
	const { settings, post } = hs;
	const { seconds } = post.renegotiation;
	startPeerCheck(hs, peer, seconds < 0 ? settings.clock.seconds() : seconds);
}

/** In a renegotiation the peer must be who it was: the same leaf, or again none. */
function samePeer(hs: Handshake, list: CertificateList): boolean {
	const { settings, messages, hash } = hs;
	const { binding } = state12(hs);
	const algorithm = settings.registry.hashes[0];
	let length = 0;
	if (list.count > 0) {
		const running = algorithm.create();
		running.update(messages.memory, list.at[0], list.end[0]);
		running.digest(hash, 0);
		length = algorithm.hashLength;
	}
	if (binding.length > 0 && binding.peerLength !== PEER_UNKNOWN)
		return binding.peerLength === length && equalConstantTime(binding.peer, 0, hash, 0, length) === 1;
	binding.peer.set(hash.subarray(0, length));
	binding.peerLength = length;
	return true;
}

/** A slice of the chain's verification, and whether the leaf's key is for this: an encrypted secret, or signatures. */
export function checkCertificate12(hs: Handshake, isEncryption: boolean, next: number): number {
	const { auth, messages } = hs;
	const result = auth.checkChain(SLICE);
	if (result === WORKING) return WAIT_WORK;
	if (result !== DONE) return fail(hs, result);
	const usage = isEncryption ? KEY_USAGE_KEY_ENCIPHERMENT : KEY_USAGE_DIGITAL_SIGNATURE;
	if (!hs.settings.chainPolicy.trustAll && !(auth.leafKeyUsage & usage)) return fail(hs, KEY_USAGE_UNFIT);
	hs.proofs |= CHAIN_TRUSTED;
	if (!awaitsStatus(hs)) messages.release(hs.transcript);
	return next;
}

/** RFC 6066 8: the OCSP response about our leaf. It may need several turns: its own state again. */
export function sendCertificateStatus(hs: Handshake, again: number, next: number): number {
	const { auth, messages, transcript } = hs;
	const staple = auth.credential?.staple ?? NO_BYTES;
	if (auth.certificateAt === NOT_BEGUN) {
		if (!messages.room(4)) return WAIT_OUTPUT;
		messages.beginLong(certificate_status, certificateStatusLength(staple.length), transcript);
		messages.writer.reset(hs.hash, 0, 4);
		encodeCertificateStatusHead(messages.writer, staple.length);
		messages.put(hs.hash, 0, 4, transcript);
		auth.certificateAt = 0;
	}
	const count = messages.put(staple, auth.certificateAt, staple.length, transcript);
	if (count === 0) return WAIT_OUTPUT;
	auth.certificateAt += count;
	if (auth.certificateAt < staple.length) return again;
	auth.certificateAt = NOT_BEGUN;
	return next;
}

/** RFC 5246 7.4.2, RFC 7250 3: our chain, or our raw key, or an empty one if we have none that fits. It may need several turns: its own state again. */
export function sendCertificate12(hs: Handshake, again: number, next: number): number {
	const { auth, messages, transcript } = hs;
	const chain = auth.credential?.chain ?? [];
	if (auth.certificateAt === NOT_BEGUN) {
		if (!messages.room(3)) return WAIT_OUTPUT;
		const length = certificateLength12(chain);
		// RFC 7250 3: a raw key is no list
		const raw = isRaw(auth.credential);
		messages.beginLong(certificate, raw ? length - 3 : length, transcript);
		if (!raw) putNumber24(hs, length - 3);
		auth.certificateAt = AT_LENGTH;
	}
	if (auth.certificateIndex < chain.length) return sendCertificatePart(hs, chain[auth.certificateIndex], again);
	auth.certificateIndex = 0;
	auth.certificateAt = NOT_BEGUN;
	return next;
}

/** Some bytes of one certificate: its length, itself. */
function sendCertificatePart(hs: Handshake, bytes: Uint8Array, again: number): number {
	const { auth, messages, transcript } = hs;
	if (auth.certificateAt === AT_LENGTH) {
		if (!messages.roomForPart(3)) return WAIT_OUTPUT;
		putNumber24(hs, bytes.length);
		auth.certificateAt = 0;
	}
	const count = messages.put(bytes, auth.certificateAt, bytes.length, transcript);
	if (count === 0) return WAIT_OUTPUT;
	auth.certificateAt += count;
	if (auth.certificateAt < bytes.length) return again;
	auth.certificateIndex++;
	auth.certificateAt = AT_LENGTH;
	return again;
}

function putNumber24(hs: Handshake, value: number): void {
	const { messages, hash } = hs;
	messages.writer.reset(hash, 0, 3);
	messages.writer.u24(value);
	messages.put(hash, 0, 3, hs.transcript);
}

/** RFC 5246 7.4.8: the client proves that it holds the certificate's key, by a signature over all messages so far. */
export function readCertificateVerify12(hs: Handshake, next: number): number {
	const { auth, messages, settings, transcript, hash } = hs;
	const wait = awaitMessage(hs, certificate_verify);
	if (wait !== STANDS) return wait;
	const verify = auth.certificateVerify;
	if (!verify.decode(readBody(hs))) return fail(hs, CERTIFICATE_VERIFY_MALFORMED_12);
	const { scheme } = verify;
	if (!settings.schemes.includes(scheme)) return fail(hs, SIGNATURE_SCHEME_NOT_OFFERED_12);
	const key = auth.leafKey;
	const algorithm = settings.registry.signature(key.type);
	const length = schemeFits12(scheme, key.type) ? takeSigned(hs, scheme) : undefined;
	if (algorithm === undefined || length === undefined) return fail(hs, SIGNATURE_SCHEME_UNFIT_12);
	auth.verify = algorithm.createVerify(settings.registry);
	const { memory } = messages;
	if (scheme === ed25519) auth.verify.start(scheme, key, transcript.kept, 0, length, memory, verify.signatureAt, verify.signatureEnd);
	else auth.verify.start(scheme, key, hash, 0, length, memory, verify.signatureAt, verify.signatureEnd, true);
	return next;
}

/** Begins to sign the transcript with our key. */
export function startCertificateVerify12(hs: Handshake, next: number): number {
	const { auth, settings, transcript, hash } = hs;
	const { credential, scheme } = auth;
	const algorithm = credential && settings.registry.signature(credential.key.type);
	const length = takeSigned(hs, scheme);
	if (credential === undefined || algorithm === undefined || length === undefined) throw new Error("a credential was chosen that can't sign");
	auth.sign = algorithm.createSign(settings.registry);
	if (scheme === ed25519) auth.sign.start(scheme, credential.key, transcript.kept, 0, length, settings.entropy);
	else auth.sign.start(scheme, credential.key, hash, 0, length, settings.entropy, true);
	return next;
}

/** What a CertificateVerify signs, by its length: the transcript's hash in hs.hash, or all messages as the transcript kept them; undefined: it can't be had. */
function takeSigned({ settings, transcript, hash }: Handshake, scheme: number): number | undefined {
	if (scheme === ed25519) return transcript.keeps ? transcript.keptLength : undefined;
	const hashed = settings.registry.hash(schemeHash(scheme));
	return hashed && transcript.hashBy(hashed, hash);
}

/** RFC 5246 7.1: what the peer sends next is under the new keys. */
export function takeChangeCipherSpec12(hs: Handshake, next: number): number {
	if (!hs.messages.takeChangeCipherSpec()) return awaitMessage(hs, NO_MESSAGE);
	installReadKeys12(hs);
	return next;
}

/** RFC 5246 7.4.9: our Finished, the first message under the new keys. */
export function sendFinished12(hs: Handshake, next: number): number {
	const { messages, settings } = hs;
	const { binding } = state12(hs);
	if (!messages.room(VERIFY_DATA_LENGTH)) return WAIT_OUTPUT;
	const verifyData = settings.isServer ? binding.server : binding.client;
	deriveVerifyData(hs, settings.isServer, verifyData);
	messages.begin(finished);
	messages.writer.copy(verifyData, 0, VERIFY_DATA_LENGTH);
	messages.end(hs.transcript);
	return next;
}

/** RFC 5246 7.4.9: the peer's Finished: nothing was changed on the way, and the peer knows the secret. `bound`: with a PSK or a session that is the proof of who it is. */
export function readFinished12(hs: Handshake, bound: boolean, next: number): number {
	const { messages, settings } = hs;
	const { binding } = state12(hs);
	const wait = awaitMessage(hs, finished);
	if (wait !== STANDS) return wait;
	if (messages.bodyEnd - messages.bodyAt !== VERIFY_DATA_LENGTH) return fail(hs, FINISHED_MALFORMED_12);
	const verifyData = settings.isServer ? binding.client : binding.server;
	deriveVerifyData(hs, !settings.isServer, verifyData);
	if (!equalConstantTime(verifyData, 0, messages.memory, messages.bodyAt, VERIFY_DATA_LENGTH)) return fail(hs, FINISHED_WRONG_12);
	hs.proofs |= bound ? FINISHED_VERIFIED | PSK_BOUND : FINISHED_VERIFIED;
	messages.release(hs.transcript);
	return next;
}
