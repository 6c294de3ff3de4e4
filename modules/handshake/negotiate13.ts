// What the server chooses of a ClientHello in 1.3 (RFC 8446 4.1.1): suite, group, certificate and scheme, protocol.
// A pure look at the message that stands; the results are in hs.negotiated, hs.hello and hs.auth.

import { equalPublic } from "../base/bytes.js";
import {
	CLIENT_SHARES_MALFORMED,
	CLIENT_SIGNATURE_ALGORITHMS_MALFORMED,
	type Failure,
	KEY_SHARE_NOT_SENT,
	NO_COMMON_GROUP,
	NO_COMMON_SIGNATURE_SCHEME,
	NO_COMMON_SUITE,
	NO_FAILURE,
	SECOND_HELLO_SHARE_WRONG,
	SIGNATURE_ALGORITHMS_NOT_SENT,
	SUPPORTED_GROUPS_MALFORMED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { findClientShare } from "../wire/extensions/key-share.js";
import { COOKIE, EARLY_DATA, EXTENSION_ROWS, KEY_SHARE, PRE_SHARED_KEY, SIGNATURE_ALGORITHMS, SUPPORTED_GROUPS } from "../wire/extensions/table.js";
import { firstCommonNumber16, includesNumber16, takeNumbers16 } from "../wire/numbers.js";
import { TLS_1_3 } from "../wire/registry.js";
import { chooseScheme13 } from "./auth13.js";
import { chooseClientType, isTaken, readServerTypes, whyNoCredential } from "./certificate-type.js";
import { readConnectionId } from "./connection-id.js";
import type { Handshake } from "./handshake.js";
import { chooseProtocol, nameFit, readHeartbeat, readRecordLimits, readServerName } from "./negotiate.js";
import { choosePsk, isPskOnly } from "./psk13-server.js";

/** The PSK goes before all else: its hash binds the suite. For the name that the client asks for. */
export function negotiatePsk(hs: Handshake): Failure {
	return readServerName(hs, hs.reader) || choosePsk(hs, hs.reader);
}

/** What else there is to choose. hello.share.group is 0 afterwards if the client must be asked for a share of hello.group. */
export function negotiate13(hs: Handshake): Failure {
	const { reader } = hs;
	return (
		chooseSuite(hs) || //
		chooseShare(hs, reader) ||
		readServerTypes(hs, reader) ||
		chooseCredential(hs, reader) ||
		(hs.hello.psk.chosen === undefined && chooseClientType(hs, reader)) ||
		chooseProtocol(hs, reader) ||
		readRecordLimits(hs, reader) ||
		readHeartbeat(hs, reader) ||
		readConnectionId(hs, reader)
	);
}

/** The first of our suites that the client offers, and that fits the PSK; after a HelloRetryRequest the same again. */
function chooseSuite(hs: Handshake): Failure {
	const { settings, hello, negotiated, messages, transcript } = hs;
	for (const suite of settings.suites) {
		if (suite.maximum !== TLS_1_3 || !includesNumber16(messages.memory, hello.client.suitesAt, hello.client.suitesEnd, suite.number)) continue;
		const hash = settings.registry.hash(suite.hash);
		if (negotiated.helloRetry && suite !== negotiated.suite) continue;
		if (hash === undefined || (hello.psk.chosen !== undefined && hello.psk.chosen.hash !== suite.hash)) continue;
		if (!negotiated.helloRetry) transcript.select(hash);
		negotiated.suite = suite;
		return NO_FAILURE;
	}
	return NO_COMMON_SUITE;
}

/** The first of our groups that the client has a share of; else the first that it knows. */
function chooseShare(hs: Handshake, reader: Reader): Failure {
	const { settings, hello, messages } = hs;
	const { extensions } = hello.client;
	hello.share.group = hello.share.at = 0;
	if (isPskOnly(hs)) return NO_FAILURE;
	if (!extensions.has(KEY_SHARE) || !extensions.has(SUPPORTED_GROUPS)) return KEY_SHARE_NOT_SENT;
	const { memory } = messages;
	extensions.open(reader, SUPPORTED_GROUPS);
	const groupsAt = takeNumbers16(reader);
	const groupsEnd = reader.end;
	if (!reader.finished()) return SUPPORTED_GROUPS_MALFORMED;
	const wanted = hello.retry.groupAsked ? hello.group : firstCommonNumber16(settings.groups, memory, groupsAt, groupsEnd);
	if (wanted < 0) return NO_COMMON_GROUP;
	extensions.open(reader, KEY_SHARE);
	const count = findClientShare(reader, wanted, hello.share);
	if (count < 0) return CLIENT_SHARES_MALFORMED;
	hello.group = wanted;
	// RFC 8446 4.2.8: after a HelloRetryRequest one share, of the group that was asked for
	if (hello.retry.groupAsked) return count === 1 && hello.share.group === wanted ? NO_FAILURE : SECOND_HELLO_SHARE_WRONG;
	if (hello.share.group !== wanted) chooseOtherShare(hs, reader, groupsAt, groupsEnd);
	// One that came back with nothing but a cookie can't be asked again
	return hs.negotiated.helloRetry && hello.share.group === 0 ? SECOND_HELLO_SHARE_WRONG : NO_FAILURE;
}

/** The group we like best has no share: another that has one saves a round trip. */
function chooseOtherShare(hs: Handshake, reader: Reader, groupsAt: number, groupsEnd: number): void {
	const { settings, hello, messages } = hs;
	for (const group of settings.groups) {
		if (!includesNumber16(messages.memory, groupsAt, groupsEnd, group)) continue;
		hello.client.extensions.open(reader, KEY_SHARE);
		findClientShare(reader, group, hello.share);
		if (hello.share.group !== group) continue;
		hello.group = group;
		break;
	}
}

/** The first credential for the name that the client can check; else one for every name, else any. */
function chooseCredential(hs: Handshake, reader: Reader): Failure {
	const { settings, hello, auth, negotiated } = hs;
	const { extensions } = hello.client;
	if (hello.psk.chosen !== undefined) return NO_FAILURE;
	if (!extensions.has(SIGNATURE_ALGORITHMS)) return SIGNATURE_ALGORITHMS_NOT_SENT;
	extensions.open(reader, SIGNATURE_ALGORITHMS);
	const at = takeNumbers16(reader);
	const { end } = reader;
	if (!reader.finished()) return CLIENT_SIGNATURE_ALGORITHMS_MALFORMED;
	auth.credential = undefined;
	let best = 0;
	for (const credential of settings.credentials) {
		const fit = nameFit(credential, negotiated.serverName);
		const scheme = fit > best && isTaken(hs, credential) ? chooseScheme13(hs, credential, at, end) : 0;
		if (scheme === 0) continue;
		auth.credential = credential;
		auth.scheme = scheme;
		best = fit;
	}
	return auth.credential === undefined ? whyNoCredential(hs, NO_COMMON_SIGNATURE_SCHEME) : NO_FAILURE;
}

/** Extensions that a second ClientHello may change, add or leave out (RFC 8446 4.1.2). */
const CHANGING = (1 << KEY_SHARE) | (1 << EARLY_DATA) | (1 << COOKIE) | (1 << PRE_SHARED_KEY);

/** Hashes all that a second ClientHello must not change: the head, and the known extensions but those above. */
export function hashUnchanging(hs: Handshake, out: Uint8Array): void {
	const { negotiated, settings, messages, hello } = hs;
	const { client } = hello;
	const hash = settings.registry.hash(negotiated.suite?.hash ?? 0)?.create();
	if (hash === undefined) throw new Error("the suite's hash is not registered");
	hash.update(messages.memory, messages.bodyAt, client.suitesEnd);
	for (let row = 0; row < EXTENSION_ROWS; row++) {
		// with its type and length in front
		if (client.extensions.has(row) && !(CHANGING & (1 << row))) hash.update(messages.memory, client.extensions.at[row] - 4, client.extensions.end[row]);
	}
	out.fill(0);
	hash.digest(out, 0);
}

/** Whether the second ClientHello's hash is that of the first. */
export function sameAsFirst(hs: Handshake, hash: Uint8Array): boolean {
	return equalPublic(hash, 0, hash.length, hs.hello.retry.unchangingHash, 0, hash.length);
}
