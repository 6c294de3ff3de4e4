// The client until the version is known (RFC 8446 4.1, RFC 5246 7.4.1): it makes a key share, sends the ClientHello
// and reads what comes back just far enough to hand over.
//
//        ClientHello            -------->
//                               <--------        HelloRetryRequest or ServerHello

import { DOWNGRADE_DETECTED, NO_FAILURE, SELECTED_VERSION_MALFORMED, SERVER_VERSION_NOT_OFFERED, SERVER_VERSION_TOO_OLD } from "../base/failure.js";
import { DONE, WAIT_OUTPUT, WAIT_WORK, WORKING } from "../base/status.js";
import { encodeClientHelloHead, encodeCompression } from "../wire/client-hello.js";
import { decodeSelectedVersion } from "../wire/extensions/supported-versions.js";
import { IN_HELLO_RETRY_REQUEST, IN_SERVER_HELLO, IN_SERVER_HELLO_12, SUPPORTED_VERSIONS } from "../wire/extensions/table.js";
import { client_hello, server_hello } from "../wire/registry.js";
import { SLICE } from "./auth13.js";
import { encodeClientExtensions, helloRoom } from "./client-extensions.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, readBody, STANDS } from "./handshake.js";
import { collectPskOffers, sealBinders } from "./psk13-client.js";

const START_HELLO = 0;
export const START_KEY_SHARE = 1;
const SHARE_KEY = 2;
export const SEND_CLIENT_HELLO = 3;
const READ_SERVER_HELLO = 4;

export const clientStart: Flow = Object.freeze({
	steps: Object.freeze([startHello, startKeyShare, shareKey, sendClientHello, readServerHello]),
	first: START_HELLO,
});

/** What stays the same in a second ClientHello. */
function startHello(hs: Handshake): number {
	const { settings, hello } = hs;
	settings.entropy.fill(hello.clientRandom, 0, 32);
	if (settings.variant.compatibility && settings.flow13 !== undefined) {
		settings.entropy.fill(hello.sessionId, 0, 32);
		hello.sessionIdLength = 32;
	}
	hello.group = settings.groups.length > 0 ? settings.groups[0] : 0;
	hello.psks = collectPskOffers(hs);
	hs.transcript.start(settings.registry.hashes);
	return START_KEY_SHARE;
}

/** Begins to make a share of the group that comes first, or that the server asked for; a bare PSK needs none. */
function startKeyShare(hs: Handshake): number {
	const { settings, hello } = hs;
	if (settings.flow13 === undefined || hello.group === 0) return SEND_CLIENT_HELLO;
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
	const cookie = variant.helloCookie ? new Uint8Array(0) : undefined;
	encodeClientHelloHead(writer, variant.version12, hello.clientRandom, hello.sessionId, hello.sessionIdLength, cookie);
	writer.u16(2 * suites.length);
	for (const suite of suites) writer.u16(suite.number);
	encodeCompression(writer);
	const bindersAt = encodeClientExtensions(hs, writer);
	if (writer.failed) throw new Error("the ClientHello is longer than was reckoned");
	if (bindersAt >= 0) sealBinders(hs, bindersAt);
	messages.end(hs.transcript);
	messages.endFlight();
	return READ_SERVER_HELLO;
}

/** RFC 8446 4.1.3: looks for the version and hands over to its flow, which reads the message again. */
function readServerHello(hs: Handshake): number {
	const { messages, settings, hello } = hs;
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
	if (version === settings.variant.version13 && settings.flow13 !== undefined) return handOver(hs, settings.flow13, settings.flow13.first);
	if (settings.flow13 !== undefined && server.isDowngrade(messages.memory)) return fail(hs, DOWNGRADE_DETECTED);
	if (settings.flow12 === undefined) throw new Error("a version is offered that has no flow");
	return handOver(hs, settings.flow12, settings.flow12.first);
}
