// The server's side of the key exchanges of 1.2, as parts of its steps: makes and signs its parameters, takes the
// client's share or decrypts its secret (RFC 5246 7.4.3, 7.4.7).

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import { CLIENT_KEY_EXCHANGE_MALFORMED, type Failure, NO_FAILURE } from "../base/failure.js";
import { Writer } from "../base/writer.js";
import { dhePremasterAt } from "../crypto/public-key/dhe.js";
import { type DheGroup, ffdhe2048Group, ffdhe3072Group, ffdhe4096Group } from "../crypto/public-key/dhe-groups.js";
import { encodeInteger } from "../crypto/public-key/integer.js";
import { RsaDecryptJob } from "../crypto/public-key/rsa-decrypt.js";
import { rsaLimits } from "../crypto/public-key/rsa-key.js";
import { BY_PSK, RSA } from "../crypto/suites.js";
import { ClientKeyExchange } from "../wire/client-key-exchange.js";
import { ffdhe2048, ffdhe3072 } from "../wire/registry.js";
import { encodeDhParameters, encodeEcParameters } from "../wire/server-key-exchange.js";
import { isEllipticExchange, isFiniteExchange, isPskExchange, joinSigned, keepPremaster, keepPskPremaster, shareOf, suite12 } from "./exchange12.js";
import { type Handshake, readBody } from "./handshake.js";
import { state12 } from "./handshake12.js";
import { type Psk, psk12 } from "./psk.js";

/** The key in the place of one that nobody knows, if there are none to be like. */
const UNKNOWN_KEY_LENGTH = 32;

/** Begins to make our share; hs.exchange then works. Answers whether there is anything to do. */
export function beginParameters(hs: Handshake): boolean {
	const { settings, negotiated } = hs;
	if (negotiated.group === 0) return false;
	const algorithm = settings.registry.keyExchange(negotiated.group);
	if (algorithm === undefined) throw new Error("a group was chosen that is not registered");
	hs.exchange?.wipe();
	hs.exchange = algorithm.create();
	hs.exchange.begin(settings.entropy);
	return true;
}

/** Our share is made: writes the parameters behind the randoms to own.signed, and begins to sign them if the suite wants it. Answers whether it does. */
export function beginSignature(hs: Handshake): boolean {
	const { settings, negotiated, exchange, auth } = hs;
	const own = state12(hs);
	const suite = suite12(hs);
	if (exchange === undefined) throw new Error("there is no share to sign");
	const bytes = new Uint8Array(16 + 3 * exchange.shareLength);
	const writer = new Writer();
	writer.reset(bytes, 0, bytes.length);
	if (isEllipticExchange(suite.exchange)) encodeEcParameters(writer, negotiated.group, exchange.share, exchange.shareLength);
	else {
		const { modulus, generator } = fieldOf(negotiated.group);
		const p = new Uint8Array(exchange.shareLength);
		encodeInteger(modulus, p, 0, p.length);
		encodeDhParameters(writer, p, new Uint8Array([Number(generator)]), exchange.share, exchange.shareLength);
	}
	own.signed = joinSigned(hs, bytes, 0, writer.at);
	if (suite.authentication === BY_PSK) return false;
	const { credential, scheme } = auth;
	const algorithm = credential && settings.registry.signature(credential.key.type);
	if (credential === undefined || algorithm === undefined) throw new Error("a credential was chosen that can't sign");
	auth.sign = algorithm.createSign(settings.registry);
	auth.sign.start(scheme, credential.key, own.signed, 0, own.signed.length, settings.entropy);
	negotiated.scheme = scheme;
	return true;
}

/** The length of the ServerKeyExchange's body. */
export function serverKeyExchangeRoom(hs: Handshake): number {
	const { sign } = hs.auth;
	return 2 + state12(hs).signed.length + (sign === undefined ? 0 : 4 + sign.signatureLength);
}

/** Writes the body: no hint of an identity, the parameters, the signature. */
export function encodeServerKeyExchange(hs: Handshake): void {
	const { auth, messages } = hs;
	const own = state12(hs);
	const { writer } = messages;
	const { sign } = auth;
	if (isPskExchange(suite12(hs).exchange)) writer.u16(0);
	writer.copy(own.signed, 64, own.signed.length);
	own.signed = NO_BYTES;
	if (sign === undefined) return;
	writer.u16(auth.scheme);
	writer.u16(sign.signatureLength);
	writer.copy(sign.signature, 0, sign.signatureLength);
	sign.wipe();
	auth.sign = undefined;
}

/** Takes the ClientKeyExchange that stands and begins to make the secret: hs.exchange or own.job then works, if there is anything to do. */
export function acceptShare(hs: Handshake): Failure {
	const { settings, messages, hello, auth } = hs;
	const own = state12(hs);
	const { exchange } = suite12(hs);
	const message = new ClientKeyExchange();
	if (!message.decode(readBody(hs), shareOf(exchange), isPskExchange(exchange))) return CLIENT_KEY_EXCHANGE_MALFORMED;
	if (isPskExchange(exchange)) own.psk = pskOf(hs, message.identityAt, message.identityEnd);
	if (exchange === RSA) {
		if (auth.credential === undefined) throw new Error("no credential was chosen");
		const job = new RsaDecryptJob(rsaLimits);
		job.start(auth.credential.key, messages.memory, message.shareAt, message.shareEnd, settings.entropy, hello.client.legacyVersion);
		own.job = job;
	} else if (isFiniteExchange(exchange)) receivePadded(hs, message.shareAt, message.shareEnd);
	else if (isEllipticExchange(exchange)) hs.exchange?.receive(messages.memory, message.shareAt, message.shareEnd);
	return NO_FAILURE;
}

/** All work is done: keeps the premaster secret. */
export function takeSecret(hs: Handshake): void {
	const { exchange } = hs;
	const own = state12(hs);
	if (own.job instanceof RsaDecryptJob) keepPremaster(hs, own.job.premaster, 0, own.job.premaster.length);
	else if (exchange === undefined) keepPskPremaster(hs);
	else {
		const at = isFiniteExchange(suite12(hs).exchange) ? dhePremasterAt(exchange.secret, exchange.secretLength) : 0;
		keepPremaster(hs, exchange.secret, at, exchange.secretLength);
	}
}

/** The client may leave leading zeros of its share away (RFC 5246 4.4); the exchange wants them. */
function receivePadded(hs: Handshake, at: number, end: number): void {
	const { exchange, messages } = hs;
	if (exchange === undefined) throw new Error("no exchange was begun");
	const length = exchange.shareLength;
	if (end - at >= length) exchange.receive(messages.memory, at, end);
	else {
		const padded = new Uint8Array(length);
		padded.set(messages.memory.subarray(at, end), length - (end - at));
		exchange.receive(padded, 0, length);
	}
}

/** The PSK of an identity; of one that nobody knows a random key, so that it ends as with a wrong key: at the Finished. */
function pskOf(hs: Handshake, at: number, end: number): Psk {
	const { settings, messages, negotiated } = hs;
	const before = state12(hs).binding.length > 0 ? negotiated.pskIdentity : undefined;
	negotiated.pskIdentity = undefined;
	let known: Psk | undefined;
	for (const psk of settings.psks) {
		if (psk.importContext === undefined && equalPublic(psk.identity, 0, psk.identity.length, messages.memory, at, end)) known = psk;
	}
	known ??= settings.findPsk?.(messages.memory, at, end);
	if (known?.importContext !== undefined) known = undefined;
	const key = new Uint8Array(psk12(settings.psks)?.key.length ?? UNKNOWN_KEY_LENGTH);
	settings.entropy.fill(key, 0, key.length);
	// In a renegotiation another identity is as good as none
	if (known === undefined || (before !== undefined && !equalPublic(before, 0, before.length, messages.memory, at, end))) return { identity: NO_BYTES, key };
	negotiated.pskIdentity = known.identity;
	return known;
}

function fieldOf(group: number): DheGroup {
	if (group === ffdhe2048) return ffdhe2048Group;
	return group === ffdhe3072 ? ffdhe3072Group : ffdhe4096Group;
}
