// What the client takes of a ServerHello in 1.2 (RFC 5246 7.4.1.3): suite, session, answers to its extensions. A look at
// the message that stands; the results are in hs.negotiated and hs.state12.

import { equalPublic } from "../base/bytes.js";
import {
	EMPTY_EXTENSION_FILLED,
	ENCRYPT_THEN_MAC_UNFIT,
	EXTENDED_MASTER_SECRET_DROPPED,
	EXTENDED_MASTER_SECRET_MISSING,
	type Failure,
	NO_FAILURE,
	PEER_CHANGED_KIND,
	POINT_FORMATS_REFUSED,
	RENEGOTIATION_INFO_MISSING,
	RENEGOTIATION_INFO_WRONG,
	RESUMED_SUITE_CHANGED,
	SESSION_ID_ECHOED,
	SUITE_NOT_OFFERED_12,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { BY_PSK, NO_MAC, type Suite } from "../crypto/suites.js";
import { hasUncompressed } from "../wire/extensions/ec-point-formats.js";
import { areEmpty } from "../wire/extensions/empty.js";
import { matchesRenegotiationInfo } from "../wire/extensions/renegotiation-info.js";
import {
	EC_POINT_FORMATS,
	ENCRYPT_THEN_MAC,
	EXTENDED_MASTER_SECRET,
	IN_SERVER_HELLO_12,
	RENEGOTIATION_INFO,
	SESSION_TICKET,
	STATUS_REQUEST,
} from "../wire/extensions/table.js";
import { TLS_1_2 } from "../wire/registry.js";
import { acceptAnswers } from "./accept.js";
import { acceptConnectionId } from "./connection-id.js";
import { type Handshake, readBody } from "./handshake.js";
import { Handshake12, PEER_UNKNOWN, Secrets12, state12 } from "./handshake12.js";
import { limitContent12 } from "./keys12.js";

const EMPTY = (1 << EXTENDED_MASTER_SECRET) | (1 << ENCRYPT_THEN_MAC) | (1 << SESSION_TICKET) | (1 << STATUS_REQUEST);

export function acceptServerHello12(hs: Handshake): Failure {
	const { hello } = hs;
	const { server } = hello;
	const reader = readBody(hs);
	hs.state12 ??= new Handshake12();
	const failure =
		server.decode(reader) || //
		server.decodeExtensions(reader, IN_SERVER_HELLO_12, hello.offered) ||
		acceptSuite(hs) ||
		acceptBinding(hs, reader) ||
		acceptProtections(hs, reader) ||
		acceptSession(hs) ||
		acceptAnswers(hs, reader, server.extensions) ||
		acceptConnectionId(hs, reader);
	if (failure !== NO_FAILURE) return failure;
	const own = state12(hs);
	own.cookie = hello.retry.verifyCookie;
	own.ticketExpected = server.extensions.has(SESSION_TICKET);
	own.statusExpected = server.extensions.has(STATUS_REQUEST);
	limitContent12(hs, false);
	return NO_FAILURE;
}

function acceptSuite(hs: Handshake): Failure {
	const { settings, hello, negotiated } = hs;
	const own = state12(hs);
	const suite = offeredSuite(hs, hello.server.suite);
	const hash = suite && settings.registry.hash(suite.hash);
	if (suite === undefined || hash === undefined) return SUITE_NOT_OFFERED_12;
	if (own.binding.length > 0 && (suite.authentication === BY_PSK) !== (negotiated.suite?.authentication === BY_PSK)) return PEER_CHANGED_KIND;
	negotiated.suite = suite;
	negotiated.serverName = settings.serverName;
	own.secrets?.wipe();
	own.secrets = new Secrets12(hash);
	return NO_FAILURE;
}

function offeredSuite({ settings }: Handshake, number: number): Suite | undefined {
	for (const suite of settings.suites) if (suite.number === number && suite.maximum === TLS_1_2) return suite;
	return undefined;
}

/** RFC 5746 3.4, 3.5: a server that doesn't know it can be made to take a stranger's data for ours. */
function acceptBinding(hs: Handshake, reader: Reader): Failure {
	const { extensions } = hs.hello.server;
	const { binding } = state12(hs);
	if (!extensions.has(RENEGOTIATION_INFO)) return RENEGOTIATION_INFO_MISSING;
	extensions.open(reader, RENEGOTIATION_INFO);
	if (!matchesRenegotiationInfo(reader, binding.client, binding.length, binding.server, binding.length)) return RENEGOTIATION_INFO_WRONG;
	binding.secure = true;
	return NO_FAILURE;
}

/** RFC 7627, RFC 7366, RFC 8422 5.1.2. */
function acceptProtections(hs: Handshake, reader: Reader): Failure {
	const { hello, negotiated, settings } = hs;
	const { extensions } = hello.server;
	if (!areEmpty(extensions, EMPTY)) return EMPTY_EXTENSION_FILLED;
	negotiated.extendedMasterSecret = extensions.has(EXTENDED_MASTER_SECRET);
	const required = settings.requireExtendedMasterSecret || state12(hs).binding.length > 0;
	if (required && !negotiated.extendedMasterSecret) return EXTENDED_MASTER_SECRET_MISSING;
	negotiated.encryptThenMac = extensions.has(ENCRYPT_THEN_MAC);
	if (negotiated.encryptThenMac && negotiated.suite?.mac === NO_MAC) return ENCRYPT_THEN_MAC_UNFIT;
	if (!extensions.has(EC_POINT_FORMATS)) return NO_FAILURE;
	extensions.open(reader, EC_POINT_FORMATS);
	return hasUncompressed(reader) ? NO_FAILURE : POINT_FORMATS_REFUSED;
}

/** RFC 5246 7.3, RFC 5077 3.4: our own session id comes back if the session is resumed, and only then. */
function acceptSession(hs: Handshake): Failure {
	const { hello, messages, negotiated } = hs;
	const { server } = hello;
	const own = state12(hs);
	const { memory } = messages;
	own.sessionId = memory.slice(server.sessionIdAt, server.sessionIdEnd);
	negotiated.resumed = hello.sessionIdLength > 0 && equalPublic(memory, server.sessionIdAt, server.sessionIdEnd, hello.sessionId, 0, hello.sessionIdLength);
	if (!negotiated.resumed) return NO_FAILURE;
	const session = hello.psk.session12;
	if (session === undefined) return SESSION_ID_ECHOED;
	if (session.suite !== negotiated.suite?.number) return RESUMED_SUITE_CHANGED;
	// RFC 7627 5.3: what was an extended master secret must be said to be one again
	if (!negotiated.extendedMasterSecret) return EXTENDED_MASTER_SECRET_DROPPED;
	own.secrets?.master.set(session.secret);
	own.binding.peerLength = PEER_UNKNOWN;
	negotiated.peerAuthenticated = session.peerAuthenticated;
	return NO_FAILURE;
}
