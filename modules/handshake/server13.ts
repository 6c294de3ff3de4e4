// The server in 1.3 (RFC 8446 section 2 and A.2), from the ClientHello on.
//
//        ClientHello            -------->
//                               <--------        HelloRetryRequest*
//        ClientHello*           -------->
//                                                ServerHello
//                                                {EncryptedExtensions}
//                                                {CertificateRequest*}
//                                                {Certificate}
//                                                {CertificateVerify}
//                               <--------        {Finished}
//        {Certificate*}
//        {CertificateVerify*}
//        {Finished}             -------->

import { copy } from "../base/bytes.js";
import {
	CLIENT_HELLO_INSIDE_RECORD,
	END_OF_EARLY_DATA_INSIDE_RECORD,
	END_OF_EARLY_DATA_MALFORMED,
	LEGACY_COOKIE_SENT,
	NO_FAILURE,
	SECOND_HELLO_DIFFERS,
	SECOND_HELLO_INSIDE_RECORD,
} from "../base/failure.js";
import { DONE, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { encodeAlpn } from "../wire/extensions/alpn.js";
import { openExtension } from "../wire/extensions/block.js";
import { encodeEmptyExtension } from "../wire/extensions/empty.js";
import { encodeServerShare } from "../wire/extensions/key-share.js";
import { encodeMaxFragmentLength } from "../wire/extensions/max-fragment-length.js";
import { encodeNumbersExtension } from "../wire/extensions/number-lists.js";
import { encodeSelectedIdentity } from "../wire/extensions/pre-shared-key.js";
import { encodeRecordSizeLimit } from "../wire/extensions/record-size-limit.js";
import { encodeSelectedVersion } from "../wire/extensions/supported-versions.js";
import { EARLY_DATA, SERVER_NAME, SIGNATURE_ALGORITHMS } from "../wire/extensions/table.js";
import { HelloRetryRequest } from "../wire/hello-retry-request.js";
import { certificate_request, client_hello, encrypted_extensions, end_of_early_data, server_hello } from "../wire/registry.js";
import { encodeServerHelloHead } from "../wire/server-hello.js";
import { after13, READ_POST_HANDSHAKE, SEND_NEW_SESSION_TICKET } from "./after13.js";
import {
	checkCertificate,
	checkCertificateVerify,
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
import { answerCertificateTypes } from "./certificate-type.js";
import { answerConnectionId } from "./connection-id.js";
import { EARLY_ACCEPTED, EARLY_ENDED } from "./early-data.js";
import { earlyDataLimit, judgeEarlyData } from "./early13-server.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, readBody, STANDS } from "./handshake.js";
import {
	deriveApplicationKeys,
	deriveEarlyKeys,
	deriveHandshakeKeys,
	EPOCH_APPLICATION,
	EPOCH_EARLY,
	EPOCH_HANDSHAKE,
	finishHandshake,
	installReadKeys,
	installWriteKeys,
	limitContent,
	sendCompatibility,
} from "./keys13.js";
import { encodeOurHeartbeat } from "./negotiate.js";
import { hashUnchanging, negotiate13, negotiatePsk, sameAsFirst } from "./negotiate13.js";
import { isPskOnly } from "./psk13-server.js";
import { takeUpRetried } from "./retried.js";
import { CLIENT_CERTIFICATE_NONE } from "./settings.js";

const CHOOSE_PSK = 0;
const ANSWER_CLIENT_HELLO = 1;
const SEND_HELLO_RETRY_REQUEST = 2;
const SEND_RETRY_COMPATIBILITY = 3;
const READ_SECOND_CLIENT_HELLO = 4;
const SHARE_KEY = 5;
const SEND_SERVER_HELLO = 6;
const INSTALL_HANDSHAKE_KEYS = 7;
const SEND_ENCRYPTED_EXTENSIONS = 8;
const SEND_CERTIFICATE_REQUEST = 9;
const SEND_CERTIFICATE = 10;
const START_CERTIFICATE_VERIFY = 11;
const SIGN_CERTIFICATE_VERIFY = 12;
const SEND_CERTIFICATE_VERIFY = 13;
const SEND_FINISHED = 14;
const INSTALL_APPLICATION_WRITE_KEYS = 15;
const READ_CERTIFICATE = 16;
const CHECK_CERTIFICATE = 17;
const READ_CERTIFICATE_VERIFY = 18;
const CHECK_CERTIFICATE_VERIFY = 19;
const READ_FINISHED = 20;
const READ_END_OF_EARLY_DATA = 21;

export const server13: Flow = Object.freeze({
	steps: Object.freeze([
		chooseClientPsk,
		answerClientHello,
		sendHelloRetryRequest,
		sendRetryCompatibility,
		readSecondClientHello,
		shareServerKey,
		sendServerHello,
		installHandshakeKeys,
		sendEncryptedExtensions,
		sendCertificateRequest,
		sendServerCertificate,
		startServerCertificateVerify,
		signServerCertificateVerify,
		sendServerCertificateVerify,
		sendServerFinished,
		installApplicationWriteKeys,
		readClientCertificate,
		checkClientCertificate,
		readClientCertificateVerify,
		checkClientCertificateVerify,
		readClientFinished,
		readEndOfEarlyData,
	]),
	first: CHOOSE_PSK,
	atOnce: (1 << READ_SECOND_CLIENT_HELLO) | (1 << SEND_CERTIFICATE_REQUEST) | (1 << READ_CERTIFICATE) | (1 << READ_FINISHED) | (1 << READ_END_OF_EARLY_DATA),
	after: after13,
});

/** The trunk has read the ClientHello that stands and chosen 1.3: looks for a PSK (RFC 8446 4.2.11). */
function chooseClientPsk(hs: Handshake): number {
	const { retried } = hs.settings;
	if (retried !== undefined) takeUpRetried(hs, retried);
	const failure = negotiatePsk(hs);
	return failure === NO_FAILURE ? ANSWER_CLIENT_HELLO : fail(hs, failure);
}

/** Chooses all else (RFC 8446 4.1.1). */
function answerClientHello(hs: Handshake): number {
	const { messages, hello, transcript } = hs;
	const { client } = hello;
	const failure = negotiate13(hs);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (!messages.aligned()) return fail(hs, CLIENT_HELLO_INSIDE_RECORD);
	const { memory } = messages;
	copy(hello.clientRandom, 0, memory, client.randomAt, client.randomAt + 32);
	if (client.cookieAt !== client.cookieEnd) return fail(hs, LEGACY_COOKIE_SENT);
	copy(hello.sessionId, 0, memory, client.sessionIdAt, client.sessionIdEnd);
	hello.sessionIdLength = hs.settings.variant.echoesSessionId ? client.sessionIdEnd - client.sessionIdAt : 0;
	if (hello.share.group === 0 && !isPskOnly(hs)) {
		hello.retry.unchangingHash = new Uint8Array(hs.hash.length);
		hashUnchanging(hs, hello.retry.unchangingHash);
		messages.release(transcript);
		if (client.extensions.has(EARLY_DATA)) messages.skipEarlyData(earlyDataLimit(hs));
		return SEND_HELLO_RETRY_REQUEST;
	}
	judgeEarlyData(hs);
	respondToShare(hs);
	messages.release(transcript);
	startEarlyData(hs);
	return SHARE_KEY;
}

/** Early data that is taken comes under keys of its own; what isn't taken is passed over (RFC 8446 4.2.10). */
function startEarlyData(hs: Handshake): void {
	const { hello, negotiated, messages, schedule } = hs;
	const psk = hello.psk.chosen;
	if (negotiated.early.state === EARLY_ACCEPTED && psk !== undefined) {
		deriveEarlyKeys(hs, psk);
		installReadKeys(hs, schedule.clientEarlySecret, EPOCH_EARLY);
	} else if (hello.client.extensions.has(EARLY_DATA)) messages.skipEarlyData(earlyDataLimit(hs));
}

/** RFC 8446 4.1.4: asks for a share of a group that both can do. */
function sendHelloRetryRequest(hs: Handshake): number {
	const { messages, hello, negotiated, transcript, settings } = hs;
	if (!messages.room(64 + hello.sessionIdLength)) return WAIT_OUTPUT;
	transcript.replaceByMessageHash();
	messages.begin(server_hello);
	const { writer } = messages;
	const request = new HelloRetryRequest();
	request.legacyVersion = settings.variant.version12;
	request.version = negotiated.version;
	request.suite = negotiated.suite?.number ?? 0;
	request.group = hello.group;
	request.encode(writer, hello.sessionId, hello.sessionIdLength);
	messages.end(transcript);
	messages.endFlight();
	negotiated.helloRetry = hello.retry.groupAsked = true;
	return SEND_RETRY_COMPATIBILITY;
}

function sendRetryCompatibility(hs: Handshake): number {
	return sendCompatibility(hs) ? READ_SECOND_CLIENT_HELLO : WAIT_OUTPUT;
}

/** RFC 8446 4.1.2: it may differ from the first only where it must. */
function readSecondClientHello(hs: Handshake): number {
	const { messages, hello, settings } = hs;
	const wait = awaitMessage(hs, client_hello);
	if (wait !== STANDS) return wait;
	let failure = hello.client.decode(readBody(hs), settings.variant.helloCookie);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	hashUnchanging(hs, hs.hash);
	if (!sameAsFirst(hs, hs.hash)) return fail(hs, SECOND_HELLO_DIFFERS);
	failure = negotiatePsk(hs) || negotiate13(hs);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (!messages.aligned()) return fail(hs, SECOND_HELLO_INSIDE_RECORD);
	respondToShare(hs);
	messages.release(hs.transcript);
	return SHARE_KEY;
}

/** Begins the key exchange with the client's share, which stands in the message. */
function respondToShare(hs: Handshake): void {
	const { settings, hello, negotiated, messages } = hs;
	acceptPsk(hs);
	if (isPskOnly(hs)) return;
	const algorithm = settings.registry.keyExchange(hello.group);
	if (algorithm === undefined) throw new Error("a group was chosen that is not registered");
	hs.exchange = algorithm.create();
	hs.exchange.respond(settings.entropy, messages.memory, hello.share.at, hello.share.end);
	negotiated.group = hello.group;
}

/** Notes which PSK the handshake goes on with. */
function acceptPsk({ hello, negotiated }: Handshake): void {
	const psk = hello.psk.chosen;
	negotiated.resumed = psk?.session !== undefined;
	negotiated.peerAuthenticated = psk?.session?.peerAuthenticated ?? false;
	negotiated.pskIdentity = psk?.external?.identity;
}

/** A slice of the key exchange. */
function shareServerKey(hs: Handshake): number {
	const result = hs.exchange === undefined ? DONE : hs.exchange.step(SLICE);
	if (result === WORKING) return WAIT_WORK;
	return result === DONE ? SEND_SERVER_HELLO : fail(hs, result);
}

/** RFC 8446 4.1.3. */
function sendServerHello(hs: Handshake): number {
	const { messages, hello, negotiated, settings, exchange } = hs;
	if (!messages.room(72 + hello.sessionIdLength + (exchange?.shareLength ?? 0) + (settings.connectionId?.length ?? 0))) return WAIT_OUTPUT;
	settings.entropy.fill(hello.serverRandom, 0, 32);
	messages.begin(server_hello);
	const { writer } = messages;
	encodeServerHelloHead(writer, settings.variant.version12, hello.serverRandom, hello.sessionId, hello.sessionIdLength, negotiated.suite?.number ?? 0);
	const mark = writer.open16();
	encodeSelectedVersion(writer, negotiated.version);
	if (exchange !== undefined) encodeServerShare(writer, hello.group, exchange.share, exchange.shareLength);
	if (hello.psk.chosen !== undefined) encodeSelectedIdentity(writer, hello.psk.index);
	answerConnectionId(hs, writer);
	writer.close16(mark);
	messages.end(hs.transcript);
	deriveHandshakeKeys(hs);
	return INSTALL_HANDSHAKE_KEYS;
}

/** The ServerHello is out: all that follows is protected. */
function installHandshakeKeys(hs: Handshake): number {
	if (!sendCompatibility(hs)) return WAIT_OUTPUT;
	installWriteKeys(hs, hs.schedule.serverHandshakeSecret, EPOCH_HANDSHAKE);
	if (hs.negotiated.early.state !== EARLY_ACCEPTED) installReadKeys(hs, hs.schedule.clientHandshakeSecret, EPOCH_HANDSHAKE);
	return SEND_ENCRYPTED_EXTENSIONS;
}

/** RFC 8446 4.3.1: what we agree to of the client's offer. */
function sendEncryptedExtensions(hs: Handshake): number {
	const { messages, negotiated, settings } = hs;
	if (!messages.room(48 + negotiated.alpn.length)) return WAIT_OUTPUT;
	messages.begin(encrypted_extensions);
	const { writer } = messages;
	const mark = writer.open16();
	if (negotiated.serverName !== "") writer.close16(openExtension(writer, SERVER_NAME));
	if (negotiated.alpn !== "") encodeAlpn(writer, [negotiated.alpn]);
	if (negotiated.recordSizeLimit > 0 && settings.recordSizeLimit > 0) encodeRecordSizeLimit(writer, settings.recordSizeLimit);
	if (negotiated.maxFragmentLength > 0) encodeMaxFragmentLength(writer, negotiated.maxFragmentLength);
	if (hs.post.heartbeat > 0) encodeOurHeartbeat(hs, writer);
	if (hs.hello.psk.chosen === undefined) answerCertificateTypes(hs, writer);
	if (hs.negotiated.early.state === EARLY_ACCEPTED) encodeEmptyExtension(writer, EARLY_DATA);
	writer.close16(mark);
	messages.end(hs.transcript);
	limitContent(hs);
	if (hs.hello.psk.chosen !== undefined) return SEND_FINISHED;
	return settings.clientCertificate === CLIENT_CERTIFICATE_NONE ? SEND_CERTIFICATE : SEND_CERTIFICATE_REQUEST;
}

/** RFC 8446 4.3.2. */
function sendCertificateRequest(hs: Handshake): number {
	const { messages, settings } = hs;
	if (!messages.room(16 + 2 * settings.schemes.length)) return WAIT_OUTPUT;
	messages.begin(certificate_request);
	const { writer } = messages;
	writer.u8(0);
	const mark = writer.open16();
	encodeNumbersExtension(writer, SIGNATURE_ALGORITHMS, settings.schemes);
	writer.close16(mark);
	messages.end(hs.transcript);
	return SEND_CERTIFICATE;
}

function sendServerCertificate(hs: Handshake): number {
	return sendCertificate(hs, SEND_CERTIFICATE, START_CERTIFICATE_VERIFY);
}

function startServerCertificateVerify(hs: Handshake): number {
	return startCertificateVerify(hs, SIGN_CERTIFICATE_VERIFY);
}

function signServerCertificateVerify(hs: Handshake): number {
	return signCertificateVerify(hs, SEND_CERTIFICATE_VERIFY);
}

function sendServerCertificateVerify(hs: Handshake): number {
	return sendCertificateVerify(hs, SEND_FINISHED);
}

function sendServerFinished(hs: Handshake): number {
	const next = sendFinished(hs, hs.schedule.serverHandshakeSecret, INSTALL_APPLICATION_WRITE_KEYS);
	if (next === INSTALL_APPLICATION_WRITE_KEYS) deriveApplicationKeys(hs);
	return next;
}

/** The flight is out: what we write next is application data. */
function installApplicationWriteKeys(hs: Handshake): number {
	const { messages, settings } = hs;
	messages.endFlight();
	if (!messages.flush()) return WAIT_OUTPUT;
	installWriteKeys(hs, hs.schedule.serverApplicationSecret, EPOCH_APPLICATION);
	if (hs.negotiated.early.state === EARLY_ACCEPTED) return READ_END_OF_EARLY_DATA;
	return settings.clientCertificate === CLIENT_CERTIFICATE_NONE || hs.hello.psk.chosen !== undefined ? READ_FINISHED : READ_CERTIFICATE;
}

/** RFC 8446 4.5: the client's next message is under the handshake's keys. */
function readEndOfEarlyData(hs: Handshake): number {
	const { messages, negotiated, schedule } = hs;
	const wait = awaitMessage(hs, end_of_early_data);
	if (wait !== STANDS) return wait;
	if (messages.bodyAt !== messages.bodyEnd) return fail(hs, END_OF_EARLY_DATA_MALFORMED);
	if (!messages.aligned()) return fail(hs, END_OF_EARLY_DATA_INSIDE_RECORD);
	messages.release(hs.transcript);
	installReadKeys(hs, schedule.clientHandshakeSecret, EPOCH_HANDSHAKE);
	negotiated.early.state = EARLY_ENDED;
	return READ_FINISHED;
}

function readClientCertificate(hs: Handshake): number {
	return readCertificate(hs, CHECK_CERTIFICATE, READ_FINISHED);
}

function checkClientCertificate(hs: Handshake): number {
	return checkCertificate(hs, READ_CERTIFICATE_VERIFY);
}

function readClientCertificateVerify(hs: Handshake): number {
	return readCertificateVerify(hs, CHECK_CERTIFICATE_VERIFY);
}

function checkClientCertificateVerify(hs: Handshake): number {
	return checkCertificateVerify(hs, READ_FINISHED);
}

/** The client's Finished: the handshake is done. */
function readClientFinished(hs: Handshake): number {
	const next = readFinished(hs, hs.schedule.clientHandshakeSecret, READ_POST_HANDSHAKE);
	if (next !== READ_POST_HANDSHAKE) return next;
	installReadKeys(hs, hs.schedule.clientApplicationSecret, EPOCH_APPLICATION);
	finishHandshake(hs);
	return handOver(hs, after13, hs.settings.tickets === undefined ? next : SEND_NEW_SESSION_TICKET);
}
