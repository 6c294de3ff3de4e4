// The client in 1.3 (RFC 8446 section 2 and A.1), from the ServerHello on.
//
//                                                ServerHello / HelloRetryRequest
//                                                {EncryptedExtensions}
//                                                {CertificateRequest*}
//                                                {Certificate}
//                                                {CertificateVerify}
//                               <--------        {Finished}
//        {Certificate*}
//        {CertificateVerify*}
//        {Finished}             -------->

import { copy, equalPublic } from "../base/bytes.js";
import {
	CERTIFICATE_AUTHORITIES_MALFORMED,
	CERTIFICATE_REQUEST_CONTEXT_WRONG,
	COOKIE_MALFORMED,
	EARLY_DATA_UNFIT,
	type Failure,
	HELLO_RETRY_CHANGES_NOTHING,
	HELLO_RETRY_GROUP_WRONG,
	HELLO_RETRY_REPEATED,
	KEY_SHARE_GROUP_WRONG,
	KEY_SHARE_MISSING,
	NO_FAILURE,
	SERVER_HELLO_INSIDE_RECORD,
	SERVER_LEGACY_VERSION_WRONG,
	SERVER_SHARE_MALFORMED,
	SESSION_ID_NOT_ECHOED,
	SIGNATURE_ALGORITHMS_MALFORMED,
	SIGNATURE_ALGORITHMS_MISSING,
	SUITE_CHANGED_AFTER_RETRY,
	SUITE_NOT_OFFERED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { DONE, WAIT_INPUT, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import type { Suite } from "../crypto/suites.js";
import type { HashAlgorithm } from "../crypto/types.js";
import { CertificateRequest } from "../wire/certificate-request.js";
import { decodeEncryptedExtensions } from "../wire/encrypted-extensions.js";
import { takeAuthorities } from "../wire/extensions/certificate-authorities.js";
import { decodeCookie } from "../wire/extensions/cookie.js";
import { decodeSelectedGroup, decodeServerShare } from "../wire/extensions/key-share.js";
import {
	CERTIFICATE_AUTHORITIES,
	COOKIE,
	EARLY_DATA,
	IN_HELLO_RETRY_REQUEST,
	IN_SERVER_HELLO,
	KEY_SHARE,
	PRE_SHARED_KEY,
	SIGNATURE_ALGORITHMS,
} from "../wire/extensions/table.js";
import { takeNumbers16 } from "../wire/numbers.js";
import { certificate_request, encrypted_extensions, end_of_early_data, psk_ke, server_hello, TLS_1_3 } from "../wire/registry.js";
import { acceptAnswers } from "./accept.js";
import { after13, READ_POST_HANDSHAKE } from "./after13.js";
import {
	checkCertificate,
	checkCertificateVerify,
	chooseScheme13,
	readCertificate,
	readCertificateVerify,
	readFinished,
	SLICE,
	sendCertificate,
	sendCertificateVerify,
	sendFinished,
	signCertificateVerify,
	startCertificateVerify,
} from "./auth13.js";
import { typeOf } from "./certificate-type.js";
import { proposeCredential } from "./client-credential.js";
import { clientStart, SEND_CLIENT_HELLO, START_KEY_SHARE } from "./client-start.js";
import { acceptConnectionId } from "./connection-id.js";
import { EARLY_ACCEPTED, EARLY_ENDED, EARLY_OFFERED, EARLY_REJECTED } from "./early-data.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, readBody, STANDS } from "./handshake.js";
import {
	deriveApplicationKeys,
	deriveHandshakeKeys,
	EPOCH_APPLICATION,
	EPOCH_HANDSHAKE,
	finishHandshake,
	installReadKeys,
	installWriteKeys,
	limitContent,
	sendCompatibility,
} from "./keys13.js";
import { acceptPskChoice, keepPskOffers } from "./psk13-client.js";

const READ_SERVER_HELLO = 0;
const RECEIVE_KEY_SHARE = 1;
const DERIVE_HANDSHAKE_SECRETS = 2;
const INSTALL_HANDSHAKE_KEYS = 3;
const READ_ENCRYPTED_EXTENSIONS = 4;
const READ_CERTIFICATE_REQUEST = 5;
const READ_CERTIFICATE = 6;
const CHECK_CERTIFICATE = 7;
const READ_CERTIFICATE_VERIFY = 8;
const CHECK_CERTIFICATE_VERIFY = 9;
const READ_FINISHED = 10;
const CHOOSE_ANSWER = 11;
const SEND_CERTIFICATE = 12;
const START_CERTIFICATE_VERIFY = 13;
const SIGN_CERTIFICATE_VERIFY = 14;
const SEND_CERTIFICATE_VERIFY = 15;
const SEND_FINISHED = 16;
const INSTALL_APPLICATION_KEYS = 17;
const LEAVE_EARLY_KEYS = 18;
const SEND_END_OF_EARLY_DATA = 19;
const END_EARLY_KEYS = 20;

export const client13: Flow = Object.freeze({
	steps: Object.freeze([
		readServerHello13,
		receiveKeyShare,
		deriveHandshakeSecrets,
		installClientHandshakeKeys,
		readEncryptedExtensions,
		readCertificateRequest,
		readServerCertificate,
		checkServerCertificate,
		readServerCertificateVerify,
		checkServerCertificateVerify,
		readServerFinished,
		chooseAnswer,
		sendClientCertificate,
		startClientCertificateVerify,
		signClientCertificateVerify,
		sendClientCertificateVerify,
		sendClientFinished,
		installApplicationKeys,
		leaveEarlyKeys,
		sendEndOfEarlyData,
		endEarlyKeys,
	]),
	first: READ_SERVER_HELLO,
	atOnce: (1 << READ_ENCRYPTED_EXTENSIONS) | (1 << READ_CERTIFICATE_REQUEST) | (1 << CHOOSE_ANSWER),
	after: after13,
});

/** RFC 8446 4.1.3: the trunk has found that the message that stands is for 1.3. */
function readServerHello13(hs: Handshake): number {
	const { messages, settings, hello, negotiated } = hs;
	const wait = awaitMessage(hs, server_hello);
	if (wait !== STANDS) return wait;
	const { server } = hello;
	const reader = readBody(hs);
	server.decode(reader);
	if (server.legacyVersion !== settings.variant.version12) return fail(hs, SERVER_LEGACY_VERSION_WRONG);
	const retry = server.isHelloRetryRequest(messages.memory);
	const failure = server.decodeExtensions(reader, retry ? IN_HELLO_RETRY_REQUEST : IN_SERVER_HELLO, hello.offered | (retry ? 1 << COOKIE : 0));
	if (failure !== NO_FAILURE) return fail(hs, failure);
	const echoed = settings.variant.echoesSessionId ? hello.sessionIdLength : 0;
	if (!equalPublic(messages.memory, server.sessionIdAt, server.sessionIdEnd, hello.sessionId, 0, echoed)) return fail(hs, SESSION_ID_NOT_ECHOED);
	const suite = offeredSuite(hs, server.suite);
	const hash = suite && settings.registry.hash(suite.hash);
	if (suite === undefined || hash === undefined) return fail(hs, SUITE_NOT_OFFERED);
	if (negotiated.helloRetry && negotiated.suite !== suite) return fail(hs, SUITE_CHANGED_AFTER_RETRY);
	negotiated.suite = suite;
	if (retry) return retryHello(hs, reader, hash);
	const refused = readKeyAgreement(hs, reader) || acceptConnectionId(hs, reader);
	return refused === NO_FAILURE ? acceptServerHello(hs, hash) : fail(hs, refused);
}

/** The suite of 1.3 that we offered under this number. */
function offeredSuite({ settings }: Handshake, number: number): Suite | undefined {
	for (const suite of settings.suites) if (suite.number === number && suite.maximum === TLS_1_3) return suite;
	return undefined;
}

/** The server's share, its choice of our PSKs, or both. */
function readKeyAgreement(hs: Handshake, reader: Reader): Failure {
	const { hello, settings } = hs;
	const { extensions } = hello.server;
	if (extensions.has(PRE_SHARED_KEY)) {
		extensions.open(reader, PRE_SHARED_KEY);
		const failure = acceptPskChoice(hs, reader);
		if (failure !== NO_FAILURE) return failure;
	}
	hello.share.group = 0;
	if (!extensions.has(KEY_SHARE)) return hello.psk.chosen !== undefined && settings.pskModes.includes(psk_ke) ? NO_FAILURE : KEY_SHARE_MISSING;
	extensions.open(reader, KEY_SHARE);
	if (!decodeServerShare(reader, hello.share)) return SERVER_SHARE_MALFORMED;
	return hello.share.group === hello.group ? NO_FAILURE : KEY_SHARE_GROUP_WRONG;
}

/** RFC 8446 4.1.4: once, and only if the second ClientHello would be another. */
function retryHello(hs: Handshake, reader: Reader, hash: HashAlgorithm): number {
	const { messages, settings, hello, negotiated, transcript } = hs;
	const { extensions } = hello.server;
	if (negotiated.helloRetry) return fail(hs, HELLO_RETRY_REPEATED);
	let group = 0;
	if (extensions.has(KEY_SHARE)) {
		extensions.open(reader, KEY_SHARE);
		group = decodeSelectedGroup(reader);
		if (group === hello.group || !settings.groups.includes(group)) return fail(hs, HELLO_RETRY_GROUP_WRONG);
	}
	if (extensions.has(COOKIE)) {
		extensions.open(reader, COOKIE);
		const at = decodeCookie(reader);
		if (at < 0) return fail(hs, COOKIE_MALFORMED);
		hello.retry.cookie = messages.memory.slice(at, reader.end);
	} else if (group === 0) return fail(hs, HELLO_RETRY_CHANGES_NOTHING);
	negotiated.helloRetry = true;
	if (negotiated.early.state === EARLY_OFFERED) {
		negotiated.early.state = EARLY_REJECTED;
		messages.writePlain();
	}
	keepPskOffers(hs, hash.id);
	transcript.select(hash);
	transcript.replaceByMessageHash();
	messages.release(transcript);
	if (group === 0) return handOver(hs, clientStart, SEND_CLIENT_HELLO);
	hello.group = group;
	return handOver(hs, clientStart, START_KEY_SHARE);
}

/** The ServerHello is as it must be: goes on to the shared secret. */
function acceptServerHello(hs: Handshake, hash: HashAlgorithm): number {
	const { messages, hello, negotiated, transcript, exchange } = hs;
	const { memory } = messages;
	if (!messages.aligned()) return fail(hs, SERVER_HELLO_INSIDE_RECORD);
	copy(hello.serverRandom, 0, memory, hello.server.randomAt, hello.server.randomAt + 32);
	negotiated.group = hello.share.group;
	negotiated.serverName = hs.settings.serverName;
	if (!negotiated.helloRetry) transcript.select(hash);
	if (negotiated.group === 0) {
		exchange?.wipe();
		hs.exchange = undefined;
	} else exchange?.receive(memory, hello.share.at, hello.share.end);
	messages.release(transcript);
	return RECEIVE_KEY_SHARE;
}

/** A slice of the shared secret. */
function receiveKeyShare(hs: Handshake): number {
	const result = hs.exchange === undefined ? DONE : hs.exchange.step(SLICE);
	if (result === WORKING) return WAIT_WORK;
	return result === DONE ? DERIVE_HANDSHAKE_SECRETS : fail(hs, result);
}

function deriveHandshakeSecrets(hs: Handshake): number {
	deriveHandshakeKeys(hs);
	return INSTALL_HANDSHAKE_KEYS;
}

/** From here on we write under the handshake keys too, so that an alert is protected, unless early data goes on: EncryptedExtensions tells. */
function installClientHandshakeKeys(hs: Handshake): number {
	const { negotiated, schedule } = hs;
	const early = negotiated.early.state === EARLY_OFFERED;
	if (!early && !sendCompatibility(hs)) return WAIT_OUTPUT;
	installReadKeys(hs, schedule.serverHandshakeSecret, EPOCH_HANDSHAKE);
	if (!early) installWriteKeys(hs, schedule.clientHandshakeSecret, EPOCH_HANDSHAKE);
	return READ_ENCRYPTED_EXTENSIONS;
}

/** RFC 8446 4.3.1. */
function readEncryptedExtensions(hs: Handshake): number {
	const { messages, hello, negotiated } = hs;
	const wait = awaitMessage(hs, encrypted_extensions);
	if (wait !== STANDS) return wait;
	const { extensions } = hello.server;
	const reader = readBody(hs);
	const failure = decodeEncryptedExtensions(reader, extensions, hello.offered);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	const refused = acceptAnswers(hs, reader, extensions);
	if (refused !== NO_FAILURE) return fail(hs, refused);
	if (extensions.has(EARLY_DATA) && !earlyDataFits(hs)) return fail(hs, EARLY_DATA_UNFIT);
	limitContent(hs);
	messages.release(hs.transcript);
	if (negotiated.early.state !== EARLY_OFFERED) return nextAfterExtensions(hs);
	negotiated.early.state = extensions.has(EARLY_DATA) ? EARLY_ACCEPTED : EARLY_REJECTED;
	return negotiated.early.state === EARLY_ACCEPTED ? READ_FINISHED : LEAVE_EARLY_KEYS;
}

function nextAfterExtensions(hs: Handshake): number {
	return hs.hello.psk.chosen === undefined ? READ_CERTIFICATE_REQUEST : READ_FINISHED;
}

/** RFC 8446 4.2.10: only with the first PSK, and with the suite and the protocol of its session. */
function earlyDataFits({ hello, negotiated }: Handshake): boolean {
	const psk = hello.psk.chosen;
	if (negotiated.early.state !== EARLY_OFFERED || psk === undefined || psk !== hello.psk.offers[0]) return false;
	return psk.session?.suite === negotiated.suite?.number && psk.session?.alpn === negotiated.alpn;
}

/** The server took none of the early data: what was sent is lost, and the handshake goes on under its own keys. */
function leaveEarlyKeys(hs: Handshake): number {
	if (!hs.messages.flush()) return WAIT_OUTPUT;
	installWriteKeys(hs, hs.schedule.clientHandshakeSecret, EPOCH_HANDSHAKE);
	return nextAfterExtensions(hs);
}

/** RFC 8446 4.5: the last message under the early keys. */
function sendEndOfEarlyData(hs: Handshake): number {
	const { messages, negotiated } = hs;
	if (!messages.room(0)) return WAIT_OUTPUT;
	messages.begin(end_of_early_data);
	messages.end(hs.transcript);
	negotiated.early.state = EARLY_ENDED;
	return END_EARLY_KEYS;
}

function endEarlyKeys(hs: Handshake): number {
	if (!hs.messages.flush()) return WAIT_OUTPUT;
	installWriteKeys(hs, hs.schedule.clientHandshakeSecret, EPOCH_HANDSHAKE);
	return SEND_FINISHED;
}

/** RFC 8446 4.3.2: it may be missing; then the Certificate stands here. */
function readCertificateRequest(hs: Handshake): number {
	const { messages, hello, auth, settings } = hs;
	if (!messages.peek()) return WAIT_INPUT;
	if (messages.type !== certificate_request) return READ_CERTIFICATE;
	const { extensions } = hello.server;
	const reader = readBody(hs);
	const request = new CertificateRequest();
	const failure = request.decode(reader, extensions);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (request.contextAt !== request.contextEnd) return fail(hs, CERTIFICATE_REQUEST_CONTEXT_WRONG);
	if (!extensions.has(SIGNATURE_ALGORITHMS)) return fail(hs, SIGNATURE_ALGORITHMS_MISSING);
	extensions.open(reader, SIGNATURE_ALGORITHMS);
	const at = takeNumbers16(reader);
	const { end } = reader;
	if (!reader.finished()) return fail(hs, SIGNATURE_ALGORITHMS_MALFORMED);
	let authoritiesAt = 0;
	if (extensions.has(CERTIFICATE_AUTHORITIES)) {
		extensions.open(reader, CERTIFICATE_AUTHORITIES);
		authoritiesAt = takeAuthorities(reader);
		if (!reader.finished() || authoritiesAt === reader.at) return fail(hs, CERTIFICATE_AUTHORITIES_MALFORMED);
	}
	const authoritiesEnd = authoritiesAt === 0 ? 0 : reader.at;
	auth.requested = true;
	for (const credential of settings.credentials) {
		if (typeOf(credential) !== auth.ownType) continue;
		if (proposeCredential(hs, credential, chooseScheme13(hs, credential, at, end), authoritiesAt, authoritiesEnd)) break;
	}
	messages.release(hs.transcript);
	return READ_CERTIFICATE;
}

function readServerCertificate(hs: Handshake): number {
	return readCertificate(hs, CHECK_CERTIFICATE, CHECK_CERTIFICATE);
}

function checkServerCertificate(hs: Handshake): number {
	return checkCertificate(hs, READ_CERTIFICATE_VERIFY);
}

function readServerCertificateVerify(hs: Handshake): number {
	return readCertificateVerify(hs, CHECK_CERTIFICATE_VERIFY);
}

function checkServerCertificateVerify(hs: Handshake): number {
	return checkCertificateVerify(hs, READ_FINISHED);
}

/** The server's Finished: its application data may follow at once. */
function readServerFinished(hs: Handshake): number {
	const next = readFinished(hs, hs.schedule.serverHandshakeSecret, CHOOSE_ANSWER);
	if (next !== CHOOSE_ANSWER) return next;
	deriveApplicationKeys(hs);
	installReadKeys(hs, hs.schedule.serverApplicationSecret, EPOCH_APPLICATION);
	return next;
}

/** Which messages our flight begins with. */
function chooseAnswer(hs: Handshake): number {
	if (hs.negotiated.early.state === EARLY_ACCEPTED) return SEND_END_OF_EARLY_DATA;
	return hs.auth.requested ? SEND_CERTIFICATE : SEND_FINISHED;
}

function sendClientCertificate(hs: Handshake): number {
	return sendCertificate(hs, SEND_CERTIFICATE, hs.auth.credential === undefined ? SEND_FINISHED : START_CERTIFICATE_VERIFY);
}

function startClientCertificateVerify(hs: Handshake): number {
	return startCertificateVerify(hs, SIGN_CERTIFICATE_VERIFY);
}

function signClientCertificateVerify(hs: Handshake): number {
	return signCertificateVerify(hs, SEND_CERTIFICATE_VERIFY);
}

function sendClientCertificateVerify(hs: Handshake): number {
	return sendCertificateVerify(hs, SEND_FINISHED);
}

function sendClientFinished(hs: Handshake): number {
	return sendFinished(hs, hs.schedule.clientHandshakeSecret, INSTALL_APPLICATION_KEYS);
}

/** The flight is out: from now on we write application data. */
function installApplicationKeys(hs: Handshake): number {
	const { messages } = hs;
	messages.endFlight();
	if (!messages.flush()) return WAIT_OUTPUT;
	installWriteKeys(hs, hs.schedule.clientApplicationSecret, EPOCH_APPLICATION);
	finishHandshake(hs);
	return handOver(hs, after13, READ_POST_HANDSHAKE);
}
