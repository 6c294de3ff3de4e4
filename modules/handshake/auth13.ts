// The authentication messages of 1.3, the same in both roles (RFC 8446 4.4): Certificate, CertificateVerify,
// Finished. The flows wrap each in a step of their own and say which state comes next.

import { copy, equalConstantTime, NO_BYTES } from "../base/bytes.js";
import {
	CERTIFICATE_CONTEXT_WRONG,
	CERTIFICATE_EMPTY,
	CERTIFICATE_MISSING,
	CERTIFICATE_VERIFY_MALFORMED,
	FINISHED_MALFORMED,
	FINISHED_WRONG,
	KEY_CANNOT_SIGN,
	KEYS_CHANGE_INSIDE_RECORD,
	NO_FAILURE,
	SIGNATURE_SCHEME_NOT_OFFERED,
	SIGNATURE_SCHEME_UNFIT,
} from "../base/failure.js";
import { DONE, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type KeyType } from "../crypto/types.js";
import { KEY_USAGE_DIGITAL_SIGNATURE } from "../pki/extensions.js";
import { certificateLength13, encodeCertificateHead13, encodeStapleHead, STAPLE_HEAD, stapleLength } from "../wire/certificate.js";
import { CERTIFICATE_VERIFY_HASH_AT, encodeCertificateVerify, encodeCertificateVerifyContent } from "../wire/certificate-verify.js";
import { STATUS_REQUEST } from "../wire/extensions/table.js";
import { includesNumber16 } from "../wire/numbers.js";
import {
	certificate,
	certificate_verify,
	ecdsa_secp256r1_sha256,
	ecdsa_secp384r1_sha384,
	ed25519,
	finished,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha512,
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha512,
} from "../wire/registry.js";
import { NOT_BEGUN, PeerCertificates } from "./auth.js";
import { startPeerCheck, takePeer } from "./certificate-type.js";
import { awaitMessage, CHAIN_TRUSTED, FINISHED_VERIFIED, fail, type Handshake, KEY_PROVEN, PSK_BOUND, readBody, STANDS } from "./handshake.js";
import { CLIENT_CERTIFICATE_REQUIRE, type Credential } from "./settings.js";

/** Work of one step: about 8 steps of a P-256 ladder. */
export const SLICE = 8;
/** auth.certificateAt before the bytes of a certificate: its length comes next. */
const AT_LENGTH = -3;

/** Whether a key of this type may make this signature in a CertificateVerify of 1.3 (RFC 8446 4.2.3). */
export function schemeFits13(scheme: number, keyType: KeyType): boolean {
	switch (keyType) {
		case KEY_P256:
			return scheme === ecdsa_secp256r1_sha256;
		case KEY_P384:
			return scheme === ecdsa_secp384r1_sha384;
		case KEY_ED25519:
			return scheme === ed25519;
		case KEY_RSA:
			return scheme >= rsa_pss_rsae_sha256 && scheme <= rsa_pss_rsae_sha512;
		case KEY_RSA_PSS:
			return scheme >= rsa_pss_pss_sha256 && scheme <= rsa_pss_pss_sha512;
		default:
			return false;
	}
}

/** The first of our schemes that this credential can sign by and the peer's list at [at, end) names; 0 if there is none. */
export function chooseScheme13(hs: Handshake, credential: Credential, at: number, end: number): number {
	for (const scheme of hs.settings.schemes) {
		if (schemeFits13(scheme, credential.key.type) && includesNumber16(hs.messages.memory, at, end, scheme)) return scheme;
	}
	return 0;
}

/** RFC 8446 4.4.2: takes the peer's chain and begins to check it. `none`: the next state if a client sends no certificate. */
export function readCertificate(hs: Handshake, next: number, none: number): number {
	const { auth, messages, settings } = hs;
	const wait = awaitMessage(hs, certificate);
	if (wait !== STANDS) return wait;
	const peer = new PeerCertificates(settings.registry);
	const { message, list, extensions } = peer;
	const failure = message.decode(readBody(hs), list, extensions, settings.isServer ? 0 : hs.hello.offered);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (message.contextAt !== message.contextEnd) return fail(hs, CERTIFICATE_CONTEXT_WRONG);
	if (list.count === 0) {
		if (!settings.isServer) return fail(hs, CERTIFICATE_EMPTY);
		if (settings.clientCertificate === CLIENT_CERTIFICATE_REQUIRE) return fail(hs, CERTIFICATE_MISSING);
		messages.release(hs.transcript);
		return none;
	}
	const refused = takePeer(hs, list);
	if (refused !== NO_FAILURE) return fail(hs, refused);
	startPeerCheck(hs, peer, settings.clock.seconds());
	auth.peer = peer;
	return next;
}

/** A slice of the chain's verification; the message stands until it is done, because the certificates are read in place. */
export function checkCertificate(hs: Handshake, next: number): number {
	const { auth, messages } = hs;
	const result = auth.checkChain(SLICE);
	if (result === WORKING) return WAIT_WORK;
	if (result !== DONE) return fail(hs, result);
	// RFC 8446 4.4.2.2: what a key of 1.3 does is to sign
	if (!hs.settings.chainPolicy.trustAll && !(auth.leafKeyUsage & KEY_USAGE_DIGITAL_SIGNATURE)) return fail(hs, KEY_CANNOT_SIGN);
	hs.proofs |= CHAIN_TRUSTED;
	messages.release(hs.transcript);
	return next;
}

/** RFC 8446 4.4.3: the peer proves that it holds the certificate's key. */
export function readCertificateVerify(hs: Handshake, next: number): number {
	const { auth, messages, settings } = hs;
	const wait = awaitMessage(hs, certificate_verify);
	if (wait !== STANDS) return wait;
	const verify = auth.certificateVerify;
	if (!verify.decode(readBody(hs))) return fail(hs, CERTIFICATE_VERIFY_MALFORMED);
	if (!settings.schemes.includes(verify.scheme)) return fail(hs, SIGNATURE_SCHEME_NOT_OFFERED);
	const key = auth.leafKey;
	const algorithm = settings.registry.signature(key.type);
	if (algorithm === undefined || !schemeFits13(verify.scheme, key.type)) return fail(hs, SIGNATURE_SCHEME_UNFIT);
	const content = encodeSignedContent(hs, !settings.isServer);
	auth.verify = algorithm.createVerify(settings.registry);
	auth.verify.start(verify.scheme, key, content, 0, content.length, messages.memory, verify.signatureAt, verify.signatureEnd);
	return next;
}

/** A slice of the signature's check. */
export function checkCertificateVerify(hs: Handshake, next: number): number {
	const { auth, messages, negotiated } = hs;
	const result = auth.verify === undefined ? DONE : auth.verify.step(SLICE);
	if (result === WORKING) return WAIT_WORK;
	if (auth.verify === undefined || result !== DONE) return fail(hs, result);
	auth.verify.wipe();
	auth.verify = undefined;
	hs.proofs |= KEY_PROVEN;
	negotiated.peerAuthenticated = true;
	if (!hs.settings.isServer) negotiated.scheme = auth.certificateVerify.scheme;
	messages.release(hs.transcript);
	return next;
}

/** RFC 8446 4.4.2: our chain, or an empty one if we have none that fits. It may need several turns: its own state again. */
export function sendCertificate(hs: Handshake, again: number, next: number): number {
	const { auth, messages, transcript } = hs;
	const chain = auth.credential?.chain ?? [];
	if (auth.certificateAt === NOT_BEGUN) {
		if (!messages.room(4)) return WAIT_OUTPUT;
		const staple = stapleOf(hs);
		const extensionsLength = staple === undefined ? 0 : stapleLength(staple.length);
		messages.beginLong(certificate, certificateLength13(chain, 0, extensionsLength), transcript);
		messages.writer.reset(hs.hash, 0, 4);
		encodeCertificateHead13(messages.writer, chain, NO_BYTES, 0, extensionsLength);
		messages.put(hs.hash, 0, 4, transcript);
		auth.certificateAt = AT_LENGTH;
	}
	if (auth.certificateIndex < chain.length) return sendCertificatePart(hs, chain[auth.certificateIndex], again);
	auth.certificateIndex = 0;
	auth.certificateAt = NOT_BEGUN;
	return next;
}

/** The OCSP response that goes with our leaf: the client asked for it, and there is one. */
function stapleOf({ settings, hello, auth }: Handshake): Uint8Array | undefined {
	return settings.isServer && hello.client.extensions.has(STATUS_REQUEST) ? auth.credential?.staple : undefined;
}

/** Some bytes of one certificate: its length, itself, its extensions. */
function sendCertificatePart(hs: Handshake, bytes: Uint8Array, again: number): number {
	const { auth, messages, transcript } = hs;
	if (auth.certificateAt === AT_LENGTH) {
		if (!messages.roomForPart(3)) return WAIT_OUTPUT;
		messages.writer.reset(hs.hash, 0, 3);
		messages.writer.u24(bytes.length);
		messages.put(hs.hash, 0, 3, transcript);
		auth.certificateAt = 0;
	}
	if (auth.certificateAt < bytes.length) {
		const count = messages.put(bytes, auth.certificateAt, bytes.length, transcript);
		if (count === 0) return WAIT_OUTPUT;
		auth.certificateAt += count;
		return again;
	}
	const staple = auth.certificateIndex === 0 ? stapleOf(hs) : undefined;
	if (staple !== undefined) return sendStaple(hs, staple, auth.certificateAt - bytes.length - 1, again);
	if (!messages.roomForPart(2)) return WAIT_OUTPUT;
	hs.hash.fill(0, 0, 2);
	messages.put(hs.hash, 0, 2, transcript);
	return endCertificatePart(hs, again);
}

/** Some bytes of the leaf's extensions: their head (at -1), the OCSP response. */
function sendStaple(hs: Handshake, staple: Uint8Array, at: number, again: number): number {
	const { auth, messages, transcript } = hs;
	if (at < 0) {
		if (!messages.roomForPart(STAPLE_HEAD)) return WAIT_OUTPUT;
		messages.writer.reset(hs.hash, 0, STAPLE_HEAD);
		encodeStapleHead(messages.writer, staple.length);
		messages.put(hs.hash, 0, STAPLE_HEAD, transcript);
		auth.certificateAt++;
		return again;
	}
	const count = messages.put(staple, at, staple.length, transcript);
	if (count === 0) return WAIT_OUTPUT;
	auth.certificateAt += count;
	return at + count === staple.length ? endCertificatePart(hs, again) : again;
}

/** The next certificate, if there is one. */
function endCertificatePart({ auth }: Handshake, again: number): number {
	auth.certificateIndex++;
	auth.certificateAt = AT_LENGTH;
	return again;
}

/** Begins to sign the transcript with our key. */
export function startCertificateVerify(hs: Handshake, next: number): number {
	const { auth, settings } = hs;
	const { credential } = auth;
	const algorithm = credential && settings.registry.signature(credential.key.type);
	if (credential === undefined || algorithm === undefined) throw new Error("a credential was chosen that can't sign");
	const content = encodeSignedContent(hs, settings.isServer);
	auth.sign = algorithm.createSign(settings.registry);
	auth.sign.start(auth.scheme, credential.key, content, 0, content.length, settings.entropy);
	return next;
}

/** A slice of our signature. */
export function signCertificateVerify(hs: Handshake, next: number): number {
	const result = hs.auth.sign === undefined ? DONE : hs.auth.sign.step(SLICE);
	if (result === WORKING) return WAIT_WORK;
	return result === DONE ? next : fail(hs, result);
}

/** RFC 8446 4.4.3: our proof that we hold the certificate's key. */
export function sendCertificateVerify(hs: Handshake, next: number): number {
	const { auth, messages, negotiated } = hs;
	const { sign } = auth;
	if (sign === undefined) throw new Error("there is no signature to send");
	if (!messages.room(4 + sign.signatureLength)) return WAIT_OUTPUT;
	messages.begin(certificate_verify);
	encodeCertificateVerify(messages.writer, auth.scheme, sign.signature, sign.signatureLength);
	messages.end(hs.transcript);
	if (hs.settings.isServer) negotiated.scheme = auth.scheme;
	sign.wipe();
	auth.sign = undefined;
	return next;
}

/** RFC 8446 4.4.4: our Finished under a traffic secret of the handshake. */
export function sendFinished(hs: Handshake, secret: Uint8Array, next: number): number {
	const { messages, schedule, hash } = hs;
	const length = schedule.hashLength;
	if (!messages.room(length)) return WAIT_OUTPUT;
	hs.transcript.hash(hash);
	schedule.verifyData(secret, hash, hash);
	messages.begin(finished);
	messages.writer.copy(hash, 0, length);
	messages.end(hs.transcript);
	return next;
}

/** RFC 8446 4.4.4: the peer's Finished. Both ends now know that nothing was changed on the way. */
export function readFinished(hs: Handshake, secret: Uint8Array, next: number): number {
	const { messages, schedule, hash } = hs;
	const wait = awaitMessage(hs, finished);
	if (wait !== STANDS) return wait;
	if (messages.bodyEnd - messages.bodyAt !== schedule.hashLength) return fail(hs, FINISHED_MALFORMED);
	if (!messages.aligned()) return fail(hs, KEYS_CHANGE_INSIDE_RECORD);
	hs.transcript.hash(hash);
	schedule.verifyData(secret, hash, hash);
	if (!equalConstantTime(hash, 0, messages.memory, messages.bodyAt, schedule.hashLength)) return fail(hs, FINISHED_WRONG);
	hs.proofs |= hs.hello.psk.chosen === undefined ? FINISHED_VERIFIED : FINISHED_VERIFIED | PSK_BOUND;
	messages.release(hs.transcript);
	return next;
}

/** What a CertificateVerify signs now. */
function encodeSignedContent(hs: Handshake, byServer: boolean): Uint8Array {
	const length = hs.transcript.hash(hs.hash);
	const content = new Uint8Array(CERTIFICATE_VERIFY_HASH_AT + length);
	encodeCertificateVerifyContent(content, byServer);
	copy(content, CERTIFICATE_VERIFY_HASH_AT, hs.hash, 0, length);
	return content;
}
