// The server in 1.2 (RFC 5246 7.3), from the ClientHello on.
//
//        ClientHello            -------->
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
// With a session that is resumed NewSessionTicket, ChangeCipherSpec and Finished follow the ServerHello, then the client's.

import { copy } from "../base/bytes.js";
import { NO_FAILURE } from "../base/failure.js";
import { DONE, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { BY_PSK } from "../crypto/suites.js";
import { certificateRequest12Length, encodeCertificateRequest12 } from "../wire/certificate-request12.js";
import { encodeAlpn } from "../wire/extensions/alpn.js";
import { encodeEcPointFormats } from "../wire/extensions/ec-point-formats.js";
import { encodeEmptyExtension } from "../wire/extensions/empty.js";
import { encodeMaxFragmentLength } from "../wire/extensions/max-fragment-length.js";
import { encodeRecordSizeLimit } from "../wire/extensions/record-size-limit.js";
import { encodeRenegotiationInfo } from "../wire/extensions/renegotiation-info.js";
import { EC_POINT_FORMATS, ENCRYPT_THEN_MAC, EXTENDED_MASTER_SECRET, SERVER_NAME, SESSION_TICKET, STATUS_REQUEST } from "../wire/extensions/table.js";
import { certificate_request, client_key_exchange, server_hello, server_hello_done, server_key_exchange } from "../wire/registry.js";
import { DOWNGRADE_TO_1_2, encodeServerHelloHead, markDowngrade } from "../wire/server-hello.js";
import { after12, IDLE } from "./after12.js";
import {
	checkCertificate12,
	readCertificate12,
	readCertificateVerify12,
	readFinished12,
	schemesOfHashes,
	sendCertificate12,
	sendCertificateStatus,
	sendFinished12,
	takeChangeCipherSpec12,
} from "./auth12.js";
import { checkCertificateVerify, signCertificateVerify } from "./auth13.js";
import { answerCertificateTypes } from "./certificate-type.js";
import { answerConnectionId } from "./connection-id.js";
import { isEllipticExchange, stepExchange, suite12 } from "./exchange12.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, STANDS } from "./handshake.js";
import { Handshake12, Secrets12, secrets12, state12 } from "./handshake12.js";
import { deriveKeyBlock, deriveMasterSecret, finishHandshake12, installWriteKeys12, limitContent12 } from "./keys12.js";
import { encodeOurHeartbeat } from "./negotiate.js";
import { negotiate12 } from "./negotiate12.js";
import { acceptShare, beginParameters, beginSignature, encodeServerKeyExchange, serverKeyExchangeRoom, takeSecret } from "./server-exchange12.js";
import { giveTicket12, nameSession12, storeSession12, willGiveTicket12 } from "./server-session12.js";
import { CLIENT_CERTIFICATE_NONE } from "./settings.js";

const ANSWER_CLIENT_HELLO = 0;
const SEND_SERVER_HELLO = 1;
const SEND_CERTIFICATE = 2;
const SEND_CERTIFICATE_STATUS = 3;
const SHARE_KEY = 4;
const SIGN_PARAMETERS = 5;
const SEND_SERVER_KEY_EXCHANGE = 6;
const SEND_CERTIFICATE_REQUEST = 7;
const SEND_SERVER_HELLO_DONE = 8;
const READ_CERTIFICATE = 9;
const CHECK_CERTIFICATE = 10;
const READ_CLIENT_KEY_EXCHANGE = 11;
const SHARE_SECRET = 12;
const READ_CERTIFICATE_VERIFY = 13;
const CHECK_CERTIFICATE_VERIFY = 14;
const READ_CHANGE_CIPHER_SPEC = 15;
const READ_FINISHED = 16;
const SEND_NEW_SESSION_TICKET = 17;
const SEND_CHANGE_CIPHER_SPEC = 18;
const SEND_FINISHED = 19;
const END_FLIGHT = 20;

export const server12: Flow = Object.freeze({
	steps: Object.freeze([
		answerClientHello12,
		sendServerHello12,
		sendServerCertificate12,
		sendCertificateStatus12,
		shareServerKey12,
		signParameters12,
		sendServerKeyExchange12,
		sendCertificateRequest12,
		sendServerHelloDone12,
		readClientCertificate12,
		checkClientCertificate12,
		readClientKeyExchange12,
		shareServerSecret12,
		readClientCertificateVerify12,
		checkClientCertificateVerify12,
		readClientChangeCipherSpec,
		readClientFinished12,
		sendNewSessionTicket12,
		sendServerChangeCipherSpec,
		sendServerFinished12,
		endServerFlight12,
	]),
	first: ANSWER_CLIENT_HELLO,
	atOnce:
		(1 << SEND_CERTIFICATE_REQUEST) |
		(1 << SEND_SERVER_HELLO_DONE) |
		(1 << READ_CERTIFICATE) |
		(1 << READ_CLIENT_KEY_EXCHANGE) |
		(1 << READ_CHANGE_CIPHER_SPEC) |
		(1 << READ_FINISHED) |
		(1 << SEND_FINISHED) |
		(1 << END_FLIGHT),
	after: after12,
});

/** The trunk has read the ClientHello that stands and chosen 1.2: chooses all else. */
function answerClientHello12(hs: Handshake): number {
	const { messages, hello, transcript, negotiated, settings } = hs;
	const { client } = hello;
	const { memory } = messages;
	hs.state12 ??= new Handshake12();
	const failure = negotiate12(hs);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	copy(hello.clientRandom, 0, memory, client.randomAt, client.randomAt + 32);
	const own = hs.state12;
	const hash = settings.registry.hash(suite12(hs).hash);
	if (hash === undefined) throw new Error("the suite's hash is not registered");
	own.secrets ??= new Secrets12(hash);
	own.ticketExpected = willGiveTicket12(hs);
	nameSession12(hs);
	own.statusExpected = !negotiated.resumed && hello.client.extensions.has(STATUS_REQUEST) && hs.auth.credential?.staple !== undefined;
	// A CertificateVerify of the client signs by a hash of its own choice
	if (settings.clientCertificate === CLIENT_CERTIFICATE_NONE || negotiated.resumed) transcript.select(hash);
	messages.release(transcript);
	return SEND_SERVER_HELLO;
}

/** RFC 5246 7.4.1.3. */
function sendServerHello12(hs: Handshake): number {
	const { messages, hello, negotiated, settings } = hs;
	const own = state12(hs);
	if (!messages.room(170 + negotiated.alpn.length + (settings.connectionId?.length ?? 0))) return WAIT_OUTPUT;
	settings.entropy.fill(hello.serverRandom, 0, 32);
	if (settings.tellsTime) tellTime(hs);
	if (settings.flow13 !== undefined) markDowngrade(hello.serverRandom, DOWNGRADE_TO_1_2);
	messages.begin(server_hello);
	const { writer } = messages;
	encodeServerHelloHead(writer, negotiated.version, hello.serverRandom, own.sessionId, own.sessionId.length, suite12(hs).number);
	encodeExtensions(hs);
	messages.end(hs.transcript);
	limitContent12(hs, false);
	if (negotiated.resumed) {
		deriveKeyBlock(hs);
		return own.ticketExpected ? SEND_NEW_SESSION_TICKET : SEND_CHANGE_CIPHER_SPEC;
	}
	return suite12(hs).authentication === BY_PSK ? startParameters(hs) : SEND_CERTIFICATE;
}

/** gmt_unix_time (RFC 5246 7.4.1.2), if we know it: 28 bytes stay random. */
function tellTime({ settings, hello }: Handshake): void {
	const seconds = settings.clock.seconds();
	if (seconds < 0) return;
	for (let i = 0; i < 4; i++) hello.serverRandom[i] = seconds / 2 ** (24 - 8 * i);
}

/** What we agree to of the client's offer; without any there is no block. */
function encodeExtensions(hs: Handshake): void {
	const { hello, negotiated, settings, messages } = hs;
	const { writer } = messages;
	const { binding, statusExpected, ticketExpected } = state12(hs);
	const mark = writer.open16();
	if (negotiated.serverName !== "" && !negotiated.resumed) encodeEmptyExtension(writer, SERVER_NAME);
	if (binding.secure) encodeRenegotiationInfo(writer, binding.client, binding.length, binding.server, binding.length);
	if (negotiated.extendedMasterSecret) encodeEmptyExtension(writer, EXTENDED_MASTER_SECRET);
	if (negotiated.encryptThenMac) encodeEmptyExtension(writer, ENCRYPT_THEN_MAC);
	if (hello.client.extensions.has(EC_POINT_FORMATS) && isEllipticExchange(suite12(hs).exchange)) encodeEcPointFormats(writer);
	if (statusExpected) encodeEmptyExtension(writer, STATUS_REQUEST);
	if (ticketExpected) encodeEmptyExtension(writer, SESSION_TICKET);
	if (negotiated.alpn !== "") encodeAlpn(writer, [negotiated.alpn]);
	if (negotiated.recordSizeLimit > 0 && settings.recordSizeLimit > 0) encodeRecordSizeLimit(writer, Math.min(16384, settings.recordSizeLimit));
	if (negotiated.maxFragmentLength > 0) encodeMaxFragmentLength(writer, negotiated.maxFragmentLength);
	if (hs.post.heartbeat > 0) encodeOurHeartbeat(hs, writer);
	if (!negotiated.resumed && suite12(hs).authentication !== BY_PSK) answerCertificateTypes(hs, writer);
	answerConnectionId(hs, writer);
	if (writer.at === mark + 2) writer.at = mark;
	else writer.close16(mark);
}

function sendServerCertificate12(hs: Handshake): number {
	const next = sendCertificate12(hs, SEND_CERTIFICATE, SHARE_KEY);
	if (next !== SHARE_KEY) return next;
	return state12(hs).statusExpected ? SEND_CERTIFICATE_STATUS : startParameters(hs);
}

function sendCertificateStatus12(hs: Handshake): number {
	const next = sendCertificateStatus(hs, SEND_CERTIFICATE_STATUS, SHARE_KEY);
	return next === SHARE_KEY ? startParameters(hs) : next;
}

/** The parameters of the exchange, if it has any; else what follows. */
function startParameters(hs: Handshake): number {
	return beginParameters(hs) ? SHARE_KEY : SEND_CERTIFICATE_REQUEST;
}

/** A slice of our share. */
function shareServerKey12(hs: Handshake): number {
	const result = stepExchange(hs);
	if (result === WORKING) return WAIT_WORK;
	if (result !== DONE) return fail(hs, result);
	return beginSignature(hs) ? SIGN_PARAMETERS : SEND_SERVER_KEY_EXCHANGE;
}

/** A slice of our signature over the parameters. */
function signParameters12(hs: Handshake): number {
	return signCertificateVerify(hs, SEND_SERVER_KEY_EXCHANGE);
}

/** RFC 5246 7.4.3. */
function sendServerKeyExchange12(hs: Handshake): number {
	const { messages } = hs;
	if (!messages.room(serverKeyExchangeRoom(hs))) return WAIT_OUTPUT;
	messages.begin(server_key_exchange);
	encodeServerKeyExchange(hs);
	messages.end(hs.transcript);
	return SEND_CERTIFICATE_REQUEST;
}

/** RFC 5246 7.4.4: not with PSKs. */
function sendCertificateRequest12(hs: Handshake): number {
	const { messages, settings } = hs;
	if (settings.clientCertificate === CLIENT_CERTIFICATE_NONE || suite12(hs).authentication === BY_PSK) return SEND_SERVER_HELLO_DONE;
	const schemes = hs.transcript.keeps ? settings.schemes : schemesOfHashes(settings.schemes);
	if (!messages.room(certificateRequest12Length(schemes.length))) return WAIT_OUTPUT;
	messages.begin(certificate_request);
	encodeCertificateRequest12(messages.writer, schemes);
	messages.end(hs.transcript);
	return SEND_SERVER_HELLO_DONE;
}

/** RFC 5246 7.4.5. */
function sendServerHelloDone12(hs: Handshake): number {
	const { messages, settings } = hs;
	if (!messages.room(0)) return WAIT_OUTPUT;
	messages.begin(server_hello_done);
	messages.end(hs.transcript);
	messages.endFlight();
	const asked = settings.clientCertificate !== CLIENT_CERTIFICATE_NONE && suite12(hs).authentication !== BY_PSK;
	return asked ? READ_CERTIFICATE : READ_CLIENT_KEY_EXCHANGE;
}

function readClientCertificate12(hs: Handshake): number {
	const next = readCertificate12(hs, CHECK_CERTIFICATE, READ_CLIENT_KEY_EXCHANGE);
	hs.auth.requested = next === CHECK_CERTIFICATE;
	return next;
}

function checkClientCertificate12(hs: Handshake): number {
	return checkCertificate12(hs, false, READ_CLIENT_KEY_EXCHANGE);
}

/** RFC 5246 7.4.7. */
function readClientKeyExchange12(hs: Handshake): number {
	const wait = awaitMessage(hs, client_key_exchange);
	if (wait !== STANDS) return wait;
	const failure = acceptShare(hs);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	hs.messages.release(hs.transcript);
	return SHARE_SECRET;
}

/** A slice of the secret; then both have the master secret. */
function shareServerSecret12(hs: Handshake): number {
	const result = stepExchange(hs);
	if (result === WORKING) return WAIT_WORK;
	if (result !== DONE) return fail(hs, result);
	takeSecret(hs);
	deriveMasterSecret(hs);
	if (hs.auth.requested) return READ_CERTIFICATE_VERIFY;
	hs.transcript.select(secrets12(hs).hash);
	return READ_CHANGE_CIPHER_SPEC;
}

function readClientCertificateVerify12(hs: Handshake): number {
	return readCertificateVerify12(hs, CHECK_CERTIFICATE_VERIFY);
}

function checkClientCertificateVerify12(hs: Handshake): number {
	return checkCertificateVerify(hs, READ_CHANGE_CIPHER_SPEC);
}

function readClientChangeCipherSpec(hs: Handshake): number {
	return takeChangeCipherSpec12(hs, READ_FINISHED);
}

/** The client's Finished: ours follows, or was there before if a session is resumed. */
function readClientFinished12(hs: Handshake): number {
	const { resumed } = hs.negotiated;
	const next = readFinished12(hs, resumed || suite12(hs).authentication === BY_PSK, SEND_CHANGE_CIPHER_SPEC);
	if (next !== SEND_CHANGE_CIPHER_SPEC) return next;
	if (resumed) return completeHandshake(hs);
	return state12(hs).ticketExpected ? SEND_NEW_SESSION_TICKET : SEND_CHANGE_CIPHER_SPEC;
}

/** RFC 5077 3.3. */
function sendNewSessionTicket12(hs: Handshake): number {
	return giveTicket12(hs) ? SEND_CHANGE_CIPHER_SPEC : WAIT_OUTPUT;
}

/** RFC 5246 7.1. */
function sendServerChangeCipherSpec(hs: Handshake): number {
	if (!hs.messages.sendChangeCipherSpec(false)) return WAIT_OUTPUT;
	installWriteKeys12(hs);
	return SEND_FINISHED;
}

function sendServerFinished12(hs: Handshake): number {
	return sendFinished12(hs, END_FLIGHT);
}

/** Our Finished is out; with a session that is resumed the client's follows. */
function endServerFlight12(hs: Handshake): number {
	const { messages } = hs;
	messages.endFlight();
	if (!messages.flush()) return WAIT_OUTPUT;
	return hs.negotiated.resumed ? READ_CHANGE_CIPHER_SPEC : completeHandshake(hs);
}

function completeHandshake(hs: Handshake): number {
	finishHandshake12(hs);
	storeSession12(hs);
	return handOver(hs, after12, IDLE);
}
