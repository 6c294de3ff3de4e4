// The server's side of sessions of 1.2: which of the client's it resumes, and which it gives (RFC 5246 F.1.4, RFC 5077).
// Only sessions with an extended master secret (RFC 7627 5.3).

import { NO_BYTES } from "../base/bytes.js";
import { CLIENT_EXTENDED_MASTER_SECRET_DROPPED, type Failure, NO_FAILURE } from "../base/failure.js";
import { BY_PSK, NO_MAC, type Suite } from "../crypto/suites.js";
import { ENCRYPT_THEN_MAC, SESSION_TICKET } from "../wire/extensions/table.js";
import { encodeNewSessionTicket12Head } from "../wire/new-session-ticket12.js";
import { includesNumber16 } from "../wire/numbers.js";
import { new_session_ticket, TLS_1_2 } from "../wire/registry.js";
import { suite12 } from "./exchange12.js";
import type { Handshake } from "./handshake.js";
import { MASTER_SECRET_LENGTH, PEER_UNKNOWN, Secrets12, secrets12, state12 } from "./handshake12.js";
import { type Session, sessionFresh } from "./session.js";
import { CLIENT_CERTIFICATE_REQUIRE } from "./settings.js";

const SESSION_ID_LENGTH = 32;
/** How long a session may be resumed by its id. */
const SESSION_SECONDS = 7200;

/** Looks whether the ClientHello that stands resumes a session of ours; the suite is then that of the session. */
export function takeSession12(hs: Handshake): Failure {
	const { hello, messages, negotiated, settings } = hs;
	const own = state12(hs);
	own.sessionId = NO_BYTES;
	own.secrets?.wipe();
	own.secrets = undefined;
	negotiated.resumed = false;
	const session = findSession(hs);
	const suite = session && offeredSuite(hs, session.suite);
	const hash = suite && settings.registry.hash(suite.hash);
	if (session === undefined || suite === undefined || hash === undefined || !fits(hs, session)) return NO_FAILURE;
	// RFC 7627 5.3: the same client would have said it again
	if (!negotiated.extendedMasterSecret) return CLIENT_EXTENDED_MASTER_SECRET_DROPPED;
	own.secrets = new Secrets12(hash);
	own.secrets.master.set(session.secret);
	own.sessionId = messages.memory.slice(hello.client.sessionIdAt, hello.client.sessionIdEnd);
	own.binding.peerLength = PEER_UNKNOWN;
	negotiated.resumed = true;
	negotiated.suite = suite;
	negotiated.encryptThenMac = suite.mac !== NO_MAC && hello.client.extensions.has(ENCRYPT_THEN_MAC);
	negotiated.group = 0;
	negotiated.peerAuthenticated = session.peerAuthenticated;
	return NO_FAILURE;
}

/** The session in the client's ticket, which must come with a session id to be sent back (RFC 5077 3.4), or that with its session id. */
function findSession(hs: Handshake): Session | undefined {
	const { hello, messages, settings } = hs;
	const { client } = hello;
	const { extensions } = client;
	if (state12(hs).binding.length > 0 || client.sessionIdAt === client.sessionIdEnd) return undefined;
	if (extensions.has(SESSION_TICKET) && extensions.at[SESSION_TICKET] < extensions.end[SESSION_TICKET]) {
		return settings.tickets?.open(messages.memory, extensions.at[SESSION_TICKET], extensions.end[SESSION_TICKET]);
	}
	return settings.sessions?.find(messages.memory, client.sessionIdAt, client.sessionIdEnd);
}

/** The suite of ours with this number, if the client offers it again. */
function offeredSuite(hs: Handshake, number: number): Suite | undefined {
	const { settings, hello, messages } = hs;
	for (const suite of settings.suites) {
		if (suite.number !== number || suite.maximum !== TLS_1_2) continue;
		return includesNumber16(messages.memory, hello.client.suitesAt, hello.client.suitesEnd, number) ? suite : undefined;
	}
	return undefined;
}

/** Whether it is for this name and this configuration, and still good. */
function fits(hs: Handshake, session: Session): boolean {
	const { settings, negotiated } = hs;
	if (session.version !== negotiated.version || !session.extendedMasterSecret || session.secret.length !== MASTER_SECRET_LENGTH) return false;
	if (!sessionFresh(session, settings.clock.seconds()) || session.peerName !== negotiated.serverName) return false;
	return settings.clientCertificate !== CLIENT_CERTIFICATE_REQUIRE || session.peerAuthenticated;
}

/** The id of a new session, if it is to be kept: the client gets no ticket and there is a store. */
export function nameSession12(hs: Handshake): void {
	const { negotiated, settings } = hs;
	const own = state12(hs);
	if (negotiated.resumed || own.ticketExpected || settings.sessions === undefined || !isKept(hs)) return;
	own.sessionId = new Uint8Array(SESSION_ID_LENGTH);
	settings.entropy.fill(own.sessionId, 0, SESSION_ID_LENGTH);
}

/** The handshake is done: keeps the session under its id. */
export function storeSession12(hs: Handshake): void {
	const { negotiated, settings } = hs;
	const { sessionId } = state12(hs);
	if (negotiated.resumed || sessionId.length === 0) return;
	settings.sessions?.put(sessionOf(hs, secrets12(hs).master.slice(), sessionId, SESSION_SECONDS));
}

/** Only what we would resume: with an extended master secret, and not by PSK, which needs no session to be cheap. */
function isKept({ negotiated }: Handshake): boolean {
	return negotiated.extendedMasterSecret && negotiated.suite?.authentication !== BY_PSK;
}

/** Whether the client gets a ticket: it asked, we have keys, and the session is one that we would resume. A resumed one goes on with its old ticket. */
export function willGiveTicket12(hs: Handshake): boolean {
	const { hello, negotiated, settings } = hs;
	return settings.tickets !== undefined && hello.client.extensions.has(SESSION_TICKET) && !negotiated.resumed && isKept(hs);
}

/** RFC 5077 3.3: seals the session into a ticket; false if it must wait for output. */
export function giveTicket12(hs: Handshake): boolean {
	const { messages, settings, post } = hs;
	const { tickets } = settings;
	if (tickets === undefined) throw new Error("there are no keys for tickets");
	const session = sessionOf(hs, secrets12(hs).master, NO_BYTES, tickets.lifetime);
	const length = tickets.ticketLength(session);
	if (!messages.room(6 + length)) return false;
	messages.begin(new_session_ticket);
	encodeNewSessionTicket12Head(messages.writer, tickets.lifetime, length);
	tickets.seal(messages.writer, session);
	messages.end(hs.transcript);
	post.tickets++;
	return true;
}

function sessionOf(hs: Handshake, secret: Uint8Array, sessionId: Uint8Array, lifetime: number): Session {
	const { negotiated, settings } = hs;
	return {
		version: negotiated.version,
		suite: suite12(hs).number,
		secret,
		ticket: NO_BYTES,
		sessionId,
		lifetime,
		givenAt: settings.clock.seconds(),
		ageAdd: 0,
		maximumEarlyData: 0,
		extendedMasterSecret: true,
		peerAuthenticated: negotiated.peerAuthenticated,
		peerName: negotiated.serverName,
		alpn: negotiated.alpn,
	};
}
