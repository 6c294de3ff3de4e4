// Sessions of 1.2 (RFC 5246 F.1.4, RFC 5077): what a client offers and keeps, and what a server gives and takes. Only
// sessions with an extended master secret (RFC 7627 5.3).

import { NO_BYTES } from "../base/bytes.js";
import type { Handshake } from "./handshake.js";
import { MASTER_SECRET_LENGTH, secrets12, state12 } from "./handshake12.js";
import { type Session, sessionFresh } from "./session.js";

/** What a server means that doesn't say how long a session may be used, and the most that we keep one, in seconds. */
const LIFETIME_DEFAULT = 7200;
const LIFETIME_MAX = 86400;

/** Client: the session of 1.2 that a ClientHello can offer, if there is one. A renegotiation offers none. */
export function resumableSession12(hs: Handshake): Session | undefined {
	const { settings } = hs;
	const { session } = settings;
	if (settings.flow12 === undefined || session === undefined || session.version !== settings.variant.version12) return undefined;
	if ((hs.state12?.binding.length ?? 0) > 0 || !session.extendedMasterSecret || session.secret.length !== MASTER_SECRET_LENGTH) return undefined;
	if (session.ticket.length === 0 && session.sessionId.length === 0) return undefined;
	for (const suite of settings.suites) {
		if (suite.number === session.suite) return sessionFresh(session, settings.clock.seconds()) ? session : undefined;
	}
	return undefined;
}

/** Client: keeps the session for a later connection, if the server gave it an id or a ticket. */
export function keepSession12(hs: Handshake): void {
	const { negotiated, settings, post } = hs;
	const own = state12(hs);
	const { suite, version, extendedMasterSecret, peerAuthenticated, alpn } = negotiated;
	const offered = settings.session;
	if (!extendedMasterSecret || suite === undefined) return;
	let { ticket } = own;
	// RFC 5077 3.3: without a new ticket the old one stays good
	if (ticket.length === 0 && negotiated.resumed && offered !== undefined) ticket = offered.ticket;
	const sessionId = ticket.length > 0 ? NO_BYTES : own.sessionId;
	if (ticket.length === 0 && sessionId.length === 0) return;
	const renewed = own.ticket.length > 0 || !negotiated.resumed || offered === undefined;
	post.session = {
		version,
		suite: suite.number,
		secret: secrets12(hs).master.slice(),
		ticket,
		sessionId,
		lifetime: renewed ? Math.min(LIFETIME_MAX, own.ticketLifetime === 0 ? LIFETIME_DEFAULT : own.ticketLifetime) : offered.lifetime,
		givenAt: renewed ? settings.clock.seconds() : offered.givenAt,
		ageAdd: 0,
		maximumEarlyData: 0,
		extendedMasterSecret,
		peerAuthenticated,
		peerName: settings.peerName,
		alpn,
	};
}
