// The client until the version is known (RFC 8446 4.1, RFC 5246 7.4.1): it makes a key share, sends the ClientHello
// and reads what comes back just far enough to hand over.
//
//        ClientHello            -------->
//                               <--------        HelloRetryRequest or ServerHello

import { NO_BYTES } from "../base/bytes.js";
import {
	DOWNGRADE_DETECTED,
	HELLO_VERIFY_REQUEST_MALFORMED,
	NO_FAILURE,
	SELECTED_VERSION_MALFORMED,
	SERVER_VERSION_NOT_OFFERED,
	SERVER_VERSION_TOO_OLD,
} from "../base/failure.js";
import { DONE, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { findSuite } from "../crypto/suites.js";
import { encodeClientHelloHead, encodeCompression } from "../wire/client-hello.js";
import { decodeSelectedVersion } from "../wire/extensions/supported-versions.js";
import { IN_HELLO_RETRY_REQUEST, IN_SERVER_HELLO, IN_SERVER_HELLO_12, SUPPORTED_VERSIONS } from "../wire/extensions/table.js";
import { decodeHelloVerifyRequest } from "../wire/hello-verify-request.js";
import { client_hello, hello_request, hello_verify_request, server_hello, TLS_1_3 } from "../wire/registry.js";
import { SLICE } from "./auth13.js";
import { encodeClientExtensions, helloRoom, offers13 } from "./client-extensions.js";
import { EARLY_OFFERED } from "./early-data.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, readBody, STANDS } from "./handshake.js";
import { deriveEarlyKeys, EPOCH_EARLY, installWriteKeys, sendCompatibility } from "./keys13.js";
import { collectPskOffers, offersEarlyData, sealBinders } from "./psk13-client.js";
import { resumableSession12 } from "./session12.js";
import { startTranscript } from "./whole-transcript.js";

const START_HELLO = 0;
export const START_KEY_SHARE = 1;
const SHARE_KEY = 2;
export const SEND_CLIENT_HELLO = 3;
const SEAL_CLIENT_HELLO = 4;
const READ_SERVER_HELLO = 5;
const START_EARLY_DATA = 6;

export const clientStart: Flow = Object.freeze({
	steps: Object.freeze([startHello, startKeyShare, shareKey, sendClientHello, sealClientHello, readServerHello, startEarlyData]),
	first: START_HELLO,
	atOnce: 1 << READ_SERVER_HELLO,
});

/** What stays the same in a second ClientHello. */
function startHello(hs: Handshake): number {
	const { settings, hello } = hs;
	settings.entropy.fill(hello.clientRandom, 0, 32);
	startSessionId(hs);
	hello.retry.verifyCookie = hs.state12?.cookie ?? NO_BYTES;
	hello.group = settings.groups.length > 0 ? settings.groups[0] : 0;
	hello.psk.offers = offers13(hs) ? collectPskOffers(hs) : [];
	startTranscript(hs);
	return offers13(hs) && hello.group !== 0 ? START_KEY_SHARE : SEND_CLIENT_HELLO; // a bare PSK needs no share
}

/** The id of a session of 1.2, or random bytes: for middleboxes (RFC 8446 D.4), and to come back if a ticket is taken (RFC 5077 3.4). */
function startSessionId(hs: Handshake): void {
	const { settings, hello } = hs;
	const session = resumableSession12(hs);
	hello.psk.session12 = session;
	hello.sessionIdLength = 0;
	if (session !== undefined && session.sessionId.length > 0) {
		hello.sessionId.set(session.sessionId);
		hello.sessionIdLength = session.sessionId.length;
	} else if (session !== undefined || (settings.variant.compatibility && offers13(hs))) {
		settings.entropy.fill(hello.sessionId, 0, 32);
		hello.sessionIdLength = 32;
	}
}

/** Begins to make a share of the group that comes first, or that the server asked for. */
function startKeyShare(hs: Handshake): number {
	const { settings, hello } = hs;
	const algorithm = settings.registry.keyExchange(hello.group);
	if (algorithm === undefined) throw new Error("a group is offered that is not registered");
	hs.exchange?.wipe();
	hs.exchange = algorithm.create();
	hs.exchange.begin(settings.entropy);
	return SHARE_KEY;
}

/** A slice of the key share. */
function shareKey(hs: Handshake): number {
	const result = hs.exchange === undefined ? DONE : hs.exchange.step(SLICE);
	if (result === WORKING) return WAIT_WORK;
	return result === DONE ? SEND_CLIENT_HELLO : fail(hs, result);
}

/** RFC 8446 4.1.2, for all versions that are offered. After a HelloRetryRequest only share and cookie are others. */
function sendClientHello(hs: Handshake): number {
	const { settings, hello, messages } = hs;
	const { variant, suites } = settings;
	if (!messages.room(helloRoom(hs))) return WAIT_OUTPUT;
	messages.begin(client_hello);
	const { writer } = messages;
	encodeClientHelloHead(
		writer,
		variant.version12,
		hello.clientRandom,
		hello.sessionId,
		hello.sessionIdLength,
		variant.helloCookie ? hello.retry.verifyCookie : undefined,
	);
	const list = writer.open16();
	for (const suite of suites) if (suite.maximum !== TLS_1_3 || offers13(hs)) writer.u16(suite.number);
	writer.close16(list);
	encodeCompression(writer);
	hello.psk.bindersAt = encodeClientExtensions(hs, writer);
	if (writer.failed) throw new Error("the ClientHello is longer than was reckoned");
	return hello.psk.bindersAt < 0 ? endClientHello(hs) : SEAL_CLIENT_HELLO;
}

/** RFC 8446 4.2.11.2: the ClientHello that has just been written still lacks the binders of its PSKs. */
function sealClientHello(hs: Handshake): number {
	sealBinders(hs, hs.hello.psk.bindersAt);
	return endClientHello(hs);
}

function endClientHello(hs: Handshake): number {
	hs.messages.end(hs.transcript);
	hs.messages.endFlight();
	return offersEarlyData(hs) ? START_EARLY_DATA : READ_SERVER_HELLO;
}

/** RFC 8446 2.3: from here on the application may send under the first PSK's keys. */
function startEarlyData(hs: Handshake): number {
	const { hello, negotiated, schedule } = hs;
	const [psk] = hello.psk.offers;
	if (!sendCompatibility(hs)) return WAIT_OUTPUT;
	negotiated.suite = findSuite(psk.session?.suite ?? 0);
	deriveEarlyKeys(hs, psk);
	installWriteKeys(hs, schedule.clientEarlySecret, EPOCH_EARLY);
	negotiated.early.state = EARLY_OFFERED;
	negotiated.early.left = psk.session?.maximumEarlyData ?? 0;
	return READ_SERVER_HELLO;
}

/** RFC 6347 4.2.1: a server of 1.2 wants its cookie back; neither the first ClientHello nor this is in the transcript.
 * And again, if the cookie took so long that it is stale. */
function readHelloVerifyRequest(hs: Handshake): number {
	const { messages, hello } = hs;
	const reader = readBody(hs);
	const at = decodeHelloVerifyRequest(reader);
	if (at < 0) return fail(hs, HELLO_VERIFY_REQUEST_MALFORMED);
	hello.retry.verifyCookie = messages.memory.slice(at, messages.bodyEnd);
	messages.forgetHello();
	startTranscript(hs);
	messages.release(undefined);
	return SEND_CLIENT_HELLO;
}

/** RFC 8446 4.1.3: looks for the version and hands over to its flow, which reads the message again. */
function readServerHello(hs: Handshake): number {
	const { messages, settings, hello } = hs;
	if (settings.variant.helloCookie && messages.peek() && messages.type === hello_verify_request) return readHelloVerifyRequest(hs);
	if (isCrossing(hs)) {
		messages.release(undefined);
		return READ_SERVER_HELLO;
	}
	const wait = awaitMessage(hs, server_hello);
	if (wait !== STANDS) return wait;
	const { server } = hello;
	const reader = readBody(hs);
	let failure = server.decode(reader);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	failure = server.decodeExtensions(reader, IN_SERVER_HELLO | IN_SERVER_HELLO_12 | IN_HELLO_RETRY_REQUEST, ~0);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	let version = server.legacyVersion;
	if (server.extensions.has(SUPPORTED_VERSIONS)) {
		server.extensions.open(reader, SUPPORTED_VERSIONS);
		version = decodeSelectedVersion(reader);
		if (version < 0) return fail(hs, SELECTED_VERSION_MALFORMED);
		if (version !== settings.variant.version13) return fail(hs, SERVER_VERSION_NOT_OFFERED);
	}
	if (!settings.versions.includes(version)) return fail(hs, SERVER_VERSION_TOO_OLD);
	hs.negotiated.version = version;
	messages.agree(version);
	if (version === settings.variant.version13 && settings.flow13 !== undefined) return handOver(hs, settings.flow13, settings.flow13.first);
	if (offers13(hs) && server.isDowngrade(messages.memory)) return fail(hs, DOWNGRADE_DETECTED);
	if (settings.flow12 === undefined) throw new Error("a version is offered that has no flow");
	return handOver(hs, settings.flow12, settings.flow12.first);
}

/** RFC 5246 7.4.1.1: a HelloRequest that crossed our ClientHello in a renegotiation asks for what is under way. */
function isCrossing({ messages, state12 }: Handshake): boolean {
	return (state12?.binding.length ?? 0) > 0 && messages.peek() && messages.type === hello_request && messages.bodyAt === messages.bodyEnd;
}
