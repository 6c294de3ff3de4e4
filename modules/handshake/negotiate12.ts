// What the server chooses of a ClientHello in 1.2 (RFC 5246 7.4.1): suite, group, certificate and scheme, protocol. A look
// at the message that stands; the results are in hs.negotiated, hs.auth and hs.state12.

import {
	CLIENT_EXTENDED_MASTER_SECRET_MISSING,
	CLIENT_EXTENSION_FILLED,
	CLIENT_GROUPS_MALFORMED,
	CLIENT_POINT_FORMATS_REFUSED,
	CLIENT_RENEGOTIATION_INFO_WRONG,
	CLIENT_SCHEMES_MALFORMED,
	type Failure,
	NO_COMMON_SUITE_12,
	NO_FAILURE,
	SERVER_NAME_CHANGED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { BY_ECDSA, BY_PSK, NO_MAC, RSA, type Suite } from "../crypto/suites.js";
import { KEY_RSA, KEY_RSA_PSS, type KeyType } from "../crypto/types.js";
import { hasUncompressed } from "../wire/extensions/ec-point-formats.js";
import { areEmpty } from "../wire/extensions/empty.js";
import { matchesRenegotiationInfo } from "../wire/extensions/renegotiation-info.js";
import {
	EC_POINT_FORMATS,
	ENCRYPT_THEN_MAC,
	EXTENDED_MASTER_SECRET,
	RENEGOTIATION_INFO,
	SIGNATURE_ALGORITHMS,
	SUPPORTED_GROUPS,
} from "../wire/extensions/table.js";
import { includesNumber16, takeNumbers16 } from "../wire/numbers.js";
import { secp256r1, TLS_1_2, TLS_EMPTY_RENEGOTIATION_INFO_SCSV } from "../wire/registry.js";
import { chooseScheme12 } from "./auth12.js";
import { chooseClientType, isTaken, readServerTypes, whyNoCredential } from "./certificate-type.js";
import { readConnectionId } from "./connection-id.js";
import { isCurve, isEllipticExchange, isField, isFiniteExchange, isPskExchange } from "./exchange12.js";
import type { Handshake } from "./handshake.js";
import { state12 } from "./handshake12.js";
import { chooseProtocol, FIT_NAMED, nameFit, readHeartbeat, readRecordLimits, readServerName } from "./negotiate.js";
import { psk12 } from "./psk.js";
import { takeSession12 } from "./server-session12.js";

export function negotiate12(hs: Handshake): Failure {
	const { reader } = hs;
	return (
		readBinding(hs, reader) || //
		readProtections(hs, reader) ||
		readSameName(hs, reader) ||
		takeSession12(hs) ||
		(hs.negotiated.resumed ? NO_FAILURE : chooseAnew(hs, reader)) ||
		chooseProtocol(hs, reader) ||
		readRecordLimits(hs, reader) ||
		readHeartbeat(hs, reader) ||
		readConnectionId(hs, reader)
	);
}

/** What a session that is resumed has already. */
function chooseAnew(hs: Handshake, reader: Reader): Failure {
	const failure = readGroups(hs, reader) || readSchemes(hs, reader) || readServerTypes(hs, reader) || chooseSuite(hs);
	if (failure !== NO_FAILURE || hs.negotiated.suite?.authentication === BY_PSK) return failure;
	return chooseClientType(hs, reader);
}

/** RFC 5746 3.6, 3.7: whether the client knows of secure renegotiation, and in one that it means the same connection. */
function readBinding(hs: Handshake, reader: Reader): Failure {
	const { hello, messages } = hs;
	const { binding } = state12(hs);
	const { client } = hello;
	const signalled = includesNumber16(messages.memory, client.suitesAt, client.suitesEnd, TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
	if (client.extensions.has(RENEGOTIATION_INFO)) {
		client.extensions.open(reader, RENEGOTIATION_INFO);
		if (!matchesRenegotiationInfo(reader, binding.client, binding.length, binding.server, 0)) return CLIENT_RENEGOTIATION_INFO_WRONG;
		binding.secure = true;
	} else if (binding.length > 0) return CLIENT_RENEGOTIATION_INFO_WRONG;
	else binding.secure = signalled;
	return NO_FAILURE;
}

/** RFC 7627, RFC 7366, RFC 8422 5.1.2. */
function readProtections(hs: Handshake, reader: Reader): Failure {
	const { hello, negotiated, settings } = hs;
	const { extensions } = hello.client;
	if (!areEmpty(extensions, (1 << EXTENDED_MASTER_SECRET) | (1 << ENCRYPT_THEN_MAC))) return CLIENT_EXTENSION_FILLED;
	negotiated.extendedMasterSecret = extensions.has(EXTENDED_MASTER_SECRET);
	const required = settings.requireExtendedMasterSecret || state12(hs).binding.length > 0;
	if (required && !negotiated.extendedMasterSecret) return CLIENT_EXTENDED_MASTER_SECRET_MISSING;
	if (!extensions.has(EC_POINT_FORMATS)) return NO_FAILURE;
	extensions.open(reader, EC_POINT_FORMATS);
	return hasUncompressed(reader) ? NO_FAILURE : CLIENT_POINT_FORMATS_REFUSED;
}

/** RFC 6066 3: the name that the connection is for stays what it is. */
function readSameName(hs: Handshake, reader: Reader): Failure {
	const before = hs.negotiated.serverName;
	const failure = readServerName(hs, reader);
	if (failure !== NO_FAILURE) return failure;
	return state12(hs).binding.length > 0 && hs.negotiated.serverName !== before ? SERVER_NAME_CHANGED : NO_FAILURE;
}

function readGroups(hs: Handshake, reader: Reader): Failure {
	const { extensions } = hs.hello.client;
	const { lists } = state12(hs);
	lists.groupsAt = lists.groupsEnd = 0;
	if (!extensions.has(SUPPORTED_GROUPS)) return NO_FAILURE;
	extensions.open(reader, SUPPORTED_GROUPS);
	lists.groupsAt = takeNumbers16(reader);
	lists.groupsEnd = reader.at;
	return reader.finished() ? NO_FAILURE : CLIENT_GROUPS_MALFORMED;
}

/** A client that says nothing means SHA-1 (RFC 5246 7.4.1.4.1): no scheme of ours. */
function readSchemes(hs: Handshake, reader: Reader): Failure {
	const { extensions } = hs.hello.client;
	const { lists } = state12(hs);
	lists.schemesAt = lists.schemesEnd = 0;
	if (!extensions.has(SIGNATURE_ALGORITHMS)) return NO_FAILURE;
	extensions.open(reader, SIGNATURE_ALGORITHMS);
	lists.schemesAt = takeNumbers16(reader);
	lists.schemesEnd = reader.at;
	return reader.finished() ? NO_FAILURE : CLIENT_SCHEMES_MALFORMED;
}

/** The first of our suites that the client offers and that both have all for. */
function chooseSuite(hs: Handshake): Failure {
	const { settings, hello, negotiated, messages } = hs;
	const { client } = hello;
	const before = state12(hs).binding.length > 0 ? negotiated.suite : undefined;
	const least = leastFit(hs);
	for (const suite of settings.suites) {
		// Who the two are doesn't change in a renegotiation, nor how they know it
		if (before !== undefined && (suite.authentication === BY_PSK) !== (before.authentication === BY_PSK)) continue;
		if (suite.maximum !== TLS_1_2 || !includesNumber16(messages.memory, client.suitesAt, client.suitesEnd, suite.number)) continue;
		if (!chooseGroup(hs, suite) || !chooseCredential(hs, suite, least)) continue;
		negotiated.suite = suite;
		negotiated.encryptThenMac = suite.mac !== NO_MAC && client.extensions.has(ENCRYPT_THEN_MAC);
		return NO_FAILURE;
	}
	return whyNoCredential(hs, NO_COMMON_SUITE_12);
}

/** The group of the suite's exchange, 0 if it needs none; false if there is none in common. */
function chooseGroup(hs: Handshake, suite: Suite): boolean {
	const { settings, negotiated, messages } = hs;
	const { groupsAt, groupsEnd } = state12(hs).lists;
	const { memory } = messages;
	negotiated.group = 0;
	if (isEllipticExchange(suite.exchange)) {
		for (const group of settings.groups) {
			// RFC 8422 4: a client without the extension takes any; P-256 is what all know
			const common = groupsEnd === 0 ? group === secp256r1 : isCurve(group) && includesNumber16(memory, groupsAt, groupsEnd, group);
			if (!common) continue;
			negotiated.group = group;
			return true;
		}
		return false;
	}
	if (!isFiniteExchange(suite.exchange)) return true;
	const named = namesField(memory, groupsAt, groupsEnd);
	for (const group of settings.groups) {
		// RFC 7919 4: a client that names no such group takes any
		if (!isField(group) || (named && !includesNumber16(memory, groupsAt, groupsEnd, group))) continue;
		negotiated.group = group;
		return true;
	}
	return false;
}

/** Whether the list names a group of RFC 7919, known to us or not. */
function namesField(memory: Uint8Array, at: number, end: number): boolean {
	for (; at < end; at += 2) if (memory[at] === 1) return true;
	return false;
}

/** How well a certificate must fit the name: as well as can be under any suite, since the name goes before the order of the suites. */
function leastFit(hs: Handshake): number {
	const { settings, hello, messages, negotiated } = hs;
	const { client } = hello;
	let hasNamed = false;
	for (const credential of settings.credentials) if (nameFit(credential, negotiated.serverName) === FIT_NAMED) hasNamed = true;
	if (!hasNamed) return 0;
	for (const suite of settings.suites) {
		if (suite.maximum !== TLS_1_2 || isPskExchange(suite.exchange)) continue;
		if (!includesNumber16(messages.memory, client.suitesAt, client.suitesEnd, suite.number)) continue;
		if (chooseGroup(hs, suite) && chooseCredential(hs, suite, FIT_NAMED)) return FIT_NAMED;
	}
	return 0;
}

/** What we prove ourselves with under this suite, if it fits the name well enough: auth.credential and auth.scheme; false if there is nothing. */
function chooseCredential(hs: Handshake, suite: Suite, least: number): boolean {
	const { settings, auth, negotiated } = hs;
	const { schemesAt, schemesEnd } = state12(hs).lists;
	auth.credential = undefined;
	auth.scheme = 0;
	if (isPskExchange(suite.exchange)) return psk12(settings.psks) !== undefined || settings.findPsk !== undefined;
	let best = 0;
	for (const credential of settings.credentials) {
		const fit = nameFit(credential, negotiated.serverName);
		const { type } = credential.key;
		if (fit <= best || fit < least || !keyFits12(suite, type) || !isTaken(hs, credential)) continue;
		const scheme = suite.exchange === RSA ? 0 : chooseScheme12(hs, type, schemesAt, schemesEnd, false);
		if (scheme === 0 && suite.exchange !== RSA) continue;
		auth.credential = credential;
		auth.scheme = scheme;
		best = fit;
	}
	return best > 0;
}

/** Whether a server's key of this type serves the suite (RFC 5246 7.4.2, RFC 8422 5.3). */
export function keyFits12(suite: Suite, type: KeyType): boolean {
	if (suite.authentication === BY_PSK) return false;
	if (suite.exchange === RSA) return type === KEY_RSA;
	const isRsa = type === KEY_RSA || type === KEY_RSA_PSS;
	return suite.authentication === BY_ECDSA ? !isRsa : isRsa;
}
