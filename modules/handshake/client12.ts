// The client in 1.2 (RFC 5246 7.3), from the ServerHello on.
//
//                                                ServerHello
//                                                Certificate*
//                                                CertificateStatus*
//                                                ServerKeyExchange*
//                                                CertificateRequest*
//                               <--------        ServerHelloDone
//        Certificate*
//        ClientKeyExchange
//        CertificateVerify*
//        [ChangeCipherSpec]
//        Finished               -------->
//                                                NewSessionTicket*
//                                                [ChangeCipherSpec]
//                               <--------        Finished
//
// With a session that is resumed NewSessionTicket, ChangeCipherSpec and Finished of the server follow its hello, then ours.

import { copy } from "../base/bytes.js";
import { CERTIFICATE_REQUEST_MALFORMED_12, KEY_TYPE_UNFIT, NO_FAILURE, SERVER_HELLO_DONE_MALFORMED, TICKET_MALFORMED_12 } from "../base/failure.js";
import { DONE, WAIT_INPUT, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { BY_PSK, PSK, RSA } from "../crypto/suites.js";
import { KEY_RSA, KEY_RSA_PSS } from "../crypto/types.js";
import { CertificateRequest12 } from "../wire/certificate-request12.js";
import { NewSessionTicket12 } from "../wire/new-session-ticket12.js";
import {
	certificate_request,
	client_key_exchange,
	ecdsa_sign,
	new_session_ticket,
	rsa_sign,
	server_hello,
	server_hello_done,
	server_key_exchange,
} from "../wire/registry.js";
import { acceptServerHello12 } from "./accept12.js";
import { after12, IDLE } from "./after12.js";
import {
	checkCertificate12,
	chooseScheme12,
	readCertificate12,
	readCertificateStatus,
	readFinished12,
	sendCertificate12,
	sendFinished12,
	startCertificateVerify12,
	takeChangeCipherSpec12,
} from "./auth12.js";
import { SLICE, sendCertificateVerify, signCertificateVerify } from "./auth13.js";
import { typeOf } from "./certificate-type.js";
import { proposeCredential } from "./client-credential.js";
import { acceptParameters, beginEncryption, beginSecret, beginShare, clientKeyExchangeRoom, encodeClientKeyExchange } from "./client-exchange12.js";
import { isPskExchange, stepExchange, suite12 } from "./exchange12.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, KEY_PROVEN, readBody, STANDS } from "./handshake.js";
import { secrets12, state12 } from "./handshake12.js";
import { deriveKeyBlock, deriveMasterSecret, finishHandshake12, installWriteKeys12 } from "./keys12.js";
import { keyFits12 } from "./negotiate12.js";
import { psk12 } from "./psk.js";
import { keepSession12 } from "./session12.js";

const READ_SERVER_HELLO = 0;
const READ_CERTIFICATE = 1;
const READ_CERTIFICATE_STATUS = 2;
const CHECK_CERTIFICATE = 3;
const READ_SERVER_KEY_EXCHANGE = 4;
const CHECK_SERVER_KEY_EXCHANGE = 5;
const SHARE_KEY = 6;
const SHARE_SECRET = 7;
const READ_CERTIFICATE_REQUEST = 8;
const READ_SERVER_HELLO_DONE = 9;
const SEND_CERTIFICATE = 10;
const ENCRYPT_SECRET = 11;
const SEND_CLIENT_KEY_EXCHANGE = 12;
const START_CERTIFICATE_VERIFY = 13;
const SIGN_CERTIFICATE_VERIFY = 14;
const SEND_CERTIFICATE_VERIFY = 15;
const SEND_CHANGE_CIPHER_SPEC = 16;
const SEND_FINISHED = 17;
const END_FLIGHT = 18;
const READ_NEW_SESSION_TICKET = 19;
const READ_CHANGE_CIPHER_SPEC = 20;
const READ_FINISHED = 21;

export const client12: Flow = Object.freeze({
	steps: Object.freeze([
		readServerHello12,
		readServerCertificate12,
		readCertificateStatus12,
		checkServerCertificate12,
		readServerKeyExchange12,
		checkServerKeyExchange12,
		shareClientKey12,
		shareClientSecret12,
		readCertificateRequest12,
		readServerHelloDone12,
		sendClientCertificate12,
		encryptSecret12,
		sendClientKeyExchange12,
		startClientCertificateVerify12,
		signClientCertificateVerify12,
		sendClientCertificateVerify12,
		sendClientChangeCipherSpec,
		sendClientFinished12,
		endClientFlight12,
		readNewSessionTicket12,
		readServerChangeCipherSpec,
		readServerFinished12,
	]),
	first: READ_SERVER_HELLO,
	atOnce:
		(1 << READ_CERTIFICATE_REQUEST) |
		(1 << READ_SERVER_HELLO_DONE) |
		(1 << SEND_FINISHED) |
		(1 << END_FLIGHT) |
		(1 << READ_NEW_SESSION_TICKET) |
		(1 << READ_CHANGE_CIPHER_SPEC) |
		(1 << READ_FINISHED),
	after: after12,
});

/** RFC 5246 7.4.1.3: the trunk has found that the message that stands is for 1.2. */
function readServerHello12(hs: Handshake): number {
	const { messages, hello, negotiated, auth } = hs;
	const wait = awaitMessage(hs, server_hello);
	if (wait !== STANDS) return wait;
	const failure = acceptServerHello12(hs);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	const { server } = hello;
	copy(hello.serverRandom, 0, messages.memory, server.randomAt, server.randomAt + 32);
	negotiated.serverTime = readServerTime(hs, server.randomAt);
	if (negotiated.resumed) hs.transcript.select(secrets12(hs).hash); // no CertificateVerify that could be signed by another hash
	messages.release(hs.transcript);
	auth.requested = false;
	auth.credential = undefined;
	const { authentication, exchange } = suite12(hs);
	const own = state12(hs);
	if (negotiated.resumed) {
		deriveKeyBlock(hs);
		return own.ticketExpected ? READ_NEW_SESSION_TICKET : READ_CHANGE_CIPHER_SPEC;
	}
	own.psk = isPskExchange(exchange) ? psk12(hs.settings.psks) : undefined;
	negotiated.pskIdentity = own.psk?.identity;
	return authentication === BY_PSK ? READ_SERVER_KEY_EXCHANGE : READ_CERTIFICATE;
}

/** gmt_unix_time (RFC 5246 7.4.1.2): the first 4 bytes of the random. */
function readServerTime(hs: Handshake, at: number): number {
	hs.reader.reset(hs.messages.memory, at, at + 4);
	return hs.reader.u32();
}

function readServerCertificate12(hs: Handshake): number {
	return readCertificate12(hs, state12(hs).statusExpected ? READ_CERTIFICATE_STATUS : CHECK_CERTIFICATE, CHECK_CERTIFICATE);
}

function readCertificateStatus12(hs: Handshake): number {
	return readCertificateStatus(hs, CHECK_CERTIFICATE);
}

function checkServerCertificate12(hs: Handshake): number {
	const suite = suite12(hs);
	const after = suite.exchange === RSA ? READ_CERTIFICATE_REQUEST : READ_SERVER_KEY_EXCHANGE;
	const next = checkCertificate12(hs, suite.exchange === RSA, after);
	if (next !== after) return next;
	return keyFits12(suite, hs.auth.leafKey.type) ? next : fail(hs, KEY_TYPE_UNFIT);
}

/** RFC 5246 7.4.3. With a bare PSK it may be missing (RFC 4279 2). */
function readServerKeyExchange12(hs: Handshake): number {
	const { messages } = hs;
	if (!messages.peek()) return WAIT_INPUT;
	if (suite12(hs).exchange === PSK && messages.type !== server_key_exchange) return READ_CERTIFICATE_REQUEST;
	const wait = awaitMessage(hs, server_key_exchange);
	if (wait !== STANDS) return wait;
	const failure = acceptParameters(hs);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	return CHECK_SERVER_KEY_EXCHANGE;
}

/** A slice of the check of its signature; the message stands until the secret is made, because it is read in place. */
function checkServerKeyExchange12(hs: Handshake): number {
	const { auth } = hs;
	if (auth.verify !== undefined) {
		const result = auth.verify.step(SLICE);
		if (result === WORKING) return WAIT_WORK;
		if (result !== DONE) return fail(hs, result);
		auth.verify.wipe();
		auth.verify = undefined;
		hs.proofs |= KEY_PROVEN;
		hs.negotiated.peerAuthenticated = true;
	}
	return beginShare(hs) ? SHARE_KEY : startSecret(hs);
}

/** A slice of our share. */
function shareClientKey12(hs: Handshake): number {
	const result = stepExchange(hs);
	if (result === WORKING) return WAIT_WORK;
	return result === DONE ? startSecret(hs) : fail(hs, result);
}

/** Our share is there: goes on to the secret, or has it already. */
function startSecret(hs: Handshake): number {
	if (beginSecret(hs)) return SHARE_SECRET;
	hs.messages.release(hs.transcript);
	return READ_CERTIFICATE_REQUEST;
}

/** A slice of the shared secret. */
function shareClientSecret12(hs: Handshake): number {
	const result = stepExchange(hs);
	if (result === WORKING) return WAIT_WORK;
	if (result !== DONE) return fail(hs, result);
	hs.messages.release(hs.transcript);
	return READ_CERTIFICATE_REQUEST;
}

/** RFC 5246 7.4.4: it may be missing; then the ServerHelloDone stands here. A server that knows us by a PSK doesn't ask. */
function readCertificateRequest12(hs: Handshake): number {
	const { messages, auth, settings, transcript } = hs;
	if (!messages.peek()) return WAIT_INPUT;
	if (messages.type !== certificate_request || suite12(hs).authentication === BY_PSK) return READ_SERVER_HELLO_DONE;
	const request = new CertificateRequest12();
	if (!request.decode(readBody(hs))) return fail(hs, CERTIFICATE_REQUEST_MALFORMED_12);
	auth.requested = true;
	for (const credential of settings.credentials) {
		const { type } = credential.key;
		if (typeOf(credential) !== auth.ownType) continue;
		if (!request.takes(messages.memory, type === KEY_RSA || type === KEY_RSA_PSS ? rsa_sign : ecdsa_sign)) continue;
		const scheme = chooseScheme12(hs, type, request.schemesAt, request.schemesEnd, !transcript.keeps);
		if (proposeCredential(hs, credential, scheme, request.authoritiesAt, request.authoritiesEnd)) break;
	}
	messages.release(transcript);
	return READ_SERVER_HELLO_DONE;
}

/** RFC 5246 7.4.5. */
function readServerHelloDone12(hs: Handshake): number {
	const { messages, auth, transcript } = hs;
	const wait = awaitMessage(hs, server_hello_done);
	if (wait !== STANDS) return wait;
	if (messages.bodyAt !== messages.bodyEnd) return fail(hs, SERVER_HELLO_DONE_MALFORMED);
	// A CertificateVerify of ours would sign by a hash of its own
	if (auth.credential === undefined) transcript.select(secrets12(hs).hash);
	messages.release(transcript);
	if (suite12(hs).exchange !== RSA) return auth.requested ? SEND_CERTIFICATE : SEND_CLIENT_KEY_EXCHANGE;
	beginEncryption(hs);
	return ENCRYPT_SECRET;
}

/** A slice of the encryption of the premaster secret. */
function encryptSecret12(hs: Handshake): number {
	const result = stepExchange(hs);
	if (result === WORKING) return WAIT_WORK;
	if (result !== DONE) return fail(hs, result);
	return hs.auth.requested ? SEND_CERTIFICATE : SEND_CLIENT_KEY_EXCHANGE;
}

function sendClientCertificate12(hs: Handshake): number {
	return sendCertificate12(hs, SEND_CERTIFICATE, SEND_CLIENT_KEY_EXCHANGE);
}

/** RFC 5246 7.4.7: from here on both have the master secret. */
function sendClientKeyExchange12(hs: Handshake): number {
	const { messages, auth } = hs;
	if (!messages.room(clientKeyExchangeRoom(hs))) return WAIT_OUTPUT;
	messages.begin(client_key_exchange);
	encodeClientKeyExchange(hs);
	messages.end(hs.transcript);
	deriveMasterSecret(hs);
	return auth.credential === undefined ? SEND_CHANGE_CIPHER_SPEC : START_CERTIFICATE_VERIFY;
}

function startClientCertificateVerify12(hs: Handshake): number {
	return startCertificateVerify12(hs, SIGN_CERTIFICATE_VERIFY);
}

function signClientCertificateVerify12(hs: Handshake): number {
	return signCertificateVerify(hs, SEND_CERTIFICATE_VERIFY);
}

function sendClientCertificateVerify12(hs: Handshake): number {
	return sendCertificateVerify(hs, SEND_CHANGE_CIPHER_SPEC);
}

/** RFC 5246 7.1. */
function sendClientChangeCipherSpec(hs: Handshake): number {
	if (!hs.messages.sendChangeCipherSpec(false)) return WAIT_OUTPUT;
	installWriteKeys12(hs);
	return SEND_FINISHED;
}

function sendClientFinished12(hs: Handshake): number {
	return sendFinished12(hs, END_FLIGHT);
}

/** Our Finished is out. The server's was there before if a session was resumed. */
function endClientFlight12(hs: Handshake): number {
	const { messages } = hs;
	messages.endFlight();
	if (!messages.flush()) return WAIT_OUTPUT;
	if (hs.negotiated.resumed) return completeHandshake(hs);
	return state12(hs).ticketExpected ? READ_NEW_SESSION_TICKET : READ_CHANGE_CIPHER_SPEC;
}

/** RFC 5077 3.3: the server has said that it comes. */
function readNewSessionTicket12(hs: Handshake): number {
	const { messages } = hs;
	const own = state12(hs);
	const wait = awaitMessage(hs, new_session_ticket);
	if (wait !== STANDS) return wait;
	const ticket = new NewSessionTicket12();
	if (!ticket.decode(readBody(hs))) return fail(hs, TICKET_MALFORMED_12);
	own.ticket = messages.memory.slice(ticket.ticketAt, ticket.ticketEnd);
	own.ticketLifetime = ticket.lifetimeHint;
	messages.release(hs.transcript);
	return READ_CHANGE_CIPHER_SPEC;
}

function readServerChangeCipherSpec(hs: Handshake): number {
	return takeChangeCipherSpec12(hs, READ_FINISHED);
}

/** The server's Finished. With RSA it is the proof that it could decrypt. */
function readServerFinished12(hs: Handshake): number {
	const { negotiated } = hs;
	const { exchange, authentication } = suite12(hs);
	const next = readFinished12(hs, negotiated.resumed || authentication === BY_PSK, SEND_CHANGE_CIPHER_SPEC);
	if (next !== SEND_CHANGE_CIPHER_SPEC || negotiated.resumed) return next;
	if (exchange === RSA) {
		hs.proofs |= KEY_PROVEN;
		negotiated.peerAuthenticated = true;
	}
	return completeHandshake(hs);
}

function completeHandshake(hs: Handshake): number {
	finishHandshake12(hs);
	keepSession12(hs);
	return handOver(hs, after12, IDLE);
}
