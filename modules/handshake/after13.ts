// After the handshake in 1.3 (RFC 8446 4.6): tickets and KeyUpdates, the same flow in both roles.

import { NO_BYTES } from "../base/bytes.js";
import { KEY_UPDATE_INSIDE_RECORD, KEY_UPDATE_MALFORMED, NO_FAILURE, POST_HANDSHAKE_UNEXPECTED, TICKET_FOR_SERVER } from "../base/failure.js";
import { WAIT_INPUT, WAIT_OUTPUT } from "../base/status.js";
import { ExtensionBlock } from "../wire/extensions/block.js";
import { EARLY_DATA } from "../wire/extensions/table.js";
import { decodeKeyUpdate } from "../wire/key-update.js";
import { encodeNewSessionTicketHead, encodeTicketExtensions, NewSessionTicket } from "../wire/new-session-ticket.js";
import { key_update, new_session_ticket, update_not_requested, update_requested } from "../wire/registry.js";
import { isIdMessage, NEW_ID_NONE, readIdMessage, sendNewId } from "./connection-id.js";
import type { Flow } from "./flow.js";
import { fail, type Handshake, KEY_UPDATE_BOTH, KEY_UPDATE_NONE, KEY_UPDATE_OURS, readBody } from "./handshake.js";
import { installReadKeys, installWriteKeys } from "./keys13.js";
import type { Session } from "./session.js";

/** Seconds (RFC 8446 4.6.1). */
const TICKET_LIFETIME_MAX = 604800;

export const READ_POST_HANDSHAKE = 0;
const SEND_KEY_UPDATE = 1;
const INSTALL_UPDATED_KEYS = 2;
/** Where a server begins that gives tickets. */
export const SEND_NEW_SESSION_TICKET = 3;
const SEND_NEW_CONNECTION_ID = 4;

export const after13: Flow = Object.freeze({
	steps: Object.freeze([readPostHandshake, sendKeyUpdate, installUpdatedKeys, sendNewSessionTicket, sendNewConnectionId]),
	first: READ_POST_HANDSHAKE,
	atOnce: 1 << READ_POST_HANDSHAKE,
});

/** Where a connection stands while nothing but application data is on its way. */
function readPostHandshake(hs: Handshake): number {
	const { messages } = hs;
	if (messages.takeWear()) hs.post.keyUpdate = KEY_UPDATE_BOTH;
	// The one before may still wait for the peer's answer: then what the peer sends is read first
	if (hs.post.keyUpdate !== KEY_UPDATE_NONE && !hs.post.closing && messages.room(1)) return SEND_KEY_UPDATE;
	if (hs.post.newId !== NEW_ID_NONE && !hs.post.closing) return SEND_NEW_CONNECTION_ID;
	if (!messages.peek()) return WAIT_INPUT;
	if (isIdMessage(messages.type)) {
		const failure = readIdMessage(hs);
		return failure === NO_FAILURE ? READ_POST_HANDSHAKE : fail(hs, failure);
	}
	if (messages.type === key_update) return readKeyUpdate(hs);
	if (messages.type === new_session_ticket) return readNewSessionTicket(hs);
	return fail(hs, POST_HANDSHAKE_UNEXPECTED);
}

/** RFC 8446 4.6.3: the peer writes under new keys from the next record on. */
function readKeyUpdate(hs: Handshake): number {
	const { messages, schedule, settings, post } = hs;
	const request = decodeKeyUpdate(readBody(hs));
	if (request < 0) return fail(hs, KEY_UPDATE_MALFORMED);
	if (!messages.aligned()) return fail(hs, KEY_UPDATE_INSIDE_RECORD);
	messages.release(undefined);
	const secret = settings.isServer ? schedule.clientApplicationSecret : schedule.serverApplicationSecret;
	schedule.update(secret);
	installReadKeys(hs, secret, ++post.readEpoch);
	if (request === update_requested && post.keyUpdate === KEY_UPDATE_NONE) post.keyUpdate = KEY_UPDATE_OURS;
	return READ_POST_HANDSHAKE;
}

/** RFC 8446 4.6.1: for a client only. */
function readNewSessionTicket(hs: Handshake): number {
	if (hs.settings.isServer) return fail(hs, TICKET_FOR_SERVER);
	const ticket = new NewSessionTicket();
	const extensions = new ExtensionBlock();
	const failure = ticket.decode(readBody(hs), extensions);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (ticket.lifetime > 0) hs.post.session = sessionOf(hs, ticket, extensions);
	hs.messages.release(undefined);
	return READ_POST_HANDSHAKE;
}

/** What the ticket that stands lets us resume. */
function sessionOf(hs: Handshake, ticket: NewSessionTicket, extensions: ExtensionBlock): Session {
	const { messages, schedule, settings, negotiated, reader } = hs;
	const { memory } = messages;
	const secret = new Uint8Array(schedule.hashLength);
	schedule.ticketPsk(memory.subarray(ticket.nonceAt, ticket.nonceEnd), ticket.nonceEnd - ticket.nonceAt, secret);
	let maximumEarlyData = 0;
	if (extensions.has(EARLY_DATA)) {
		extensions.open(reader, EARLY_DATA);
		maximumEarlyData = reader.u32();
	}
	return {
		version: negotiated.version,
		suite: negotiated.suite?.number ?? 0,
		secret,
		ticket: memory.slice(ticket.ticketAt, ticket.ticketEnd),
		sessionId: NO_BYTES,
		lifetime: Math.min(ticket.lifetime, TICKET_LIFETIME_MAX),
		givenAt: settings.clock.seconds(),
		ageAdd: ticket.ageAdd,
		maximumEarlyData,
		extendedMasterSecret: true,
		peerAuthenticated: negotiated.peerAuthenticated,
		peerName: settings.peerName,
		alpn: negotiated.alpn,
	};
}

/** RFC 8446 4.6.1: a server gives what a later connection may resume by. */
function sendNewSessionTicket(hs: Handshake): number {
	const { messages, schedule, settings, post } = hs;
	const { tickets } = settings;
	if (tickets === undefined || post.tickets >= settings.ticketCount || post.closing) return READ_POST_HANDSHAKE;
	const secret = new Uint8Array(schedule.hashLength);
	const nonce = Uint8Array.of(post.tickets);
	settings.entropy.fill(hs.hash, 0, 4);
	const ageAdd = ((hs.hash[0] << 24) | (hs.hash[1] << 16) | (hs.hash[2] << 8) | hs.hash[3]) >>> 0;
	const session = serverSession(hs, secret, ageAdd, tickets.lifetime);
	const ticketLength = tickets.ticketLength(session);
	if (!messages.room(24 + ticketLength)) return WAIT_OUTPUT;
	schedule.ticketPsk(nonce, 1, secret);
	messages.begin(new_session_ticket);
	const { writer } = messages;
	encodeNewSessionTicketHead(writer, tickets.lifetime, ageAdd, nonce, 1, ticketLength);
	tickets.seal(writer, session);
	encodeTicketExtensions(writer, session.maximumEarlyData);
	messages.end(undefined);
	messages.endFlight();
	secret.fill(0);
	post.tickets++;
	return SEND_NEW_SESSION_TICKET;
}

/** What a server puts into its ticket. */
function serverSession({ negotiated, settings }: Handshake, secret: Uint8Array, ageAdd: number, lifetime: number): Session {
	return {
		version: negotiated.version,
		suite: negotiated.suite?.number ?? 0,
		secret,
		ticket: NO_BYTES,
		sessionId: NO_BYTES,
		lifetime,
		givenAt: settings.clock.seconds(),
		ageAdd,
		maximumEarlyData: settings.earlyData?.maximumBytes ?? 0,
		extendedMasterSecret: true,
		peerAuthenticated: negotiated.peerAuthenticated,
		peerName: negotiated.serverName,
		alpn: negotiated.alpn,
	};
}

/** RFC 9147 9: an id that the peer shall use from now on, or may later. */
function sendNewConnectionId(hs: Handshake): number {
	if (!hs.messages.room(8 + 255)) return WAIT_OUTPUT;
	sendNewId(hs);
	return READ_POST_HANDSHAKE;
}

/** Our KeyUpdate: the last message under the old keys. */
function sendKeyUpdate(hs: Handshake): number {
	const { messages, post } = hs;
	if (post.closing) return READ_POST_HANDSHAKE;
	if (!messages.room(1)) return WAIT_OUTPUT;
	messages.begin(key_update);
	messages.writer.u8(post.keyUpdate === KEY_UPDATE_BOTH ? update_requested : update_not_requested);
	messages.end(undefined);
	messages.endFlight();
	post.sending = true;
	return INSTALL_UPDATED_KEYS;
}

/** It is out: the new keys. */
function installUpdatedKeys(hs: Handshake): number {
	const { messages, schedule, settings, post } = hs;
	if (!messages.flush()) return WAIT_OUTPUT;
	const secret = settings.isServer ? schedule.serverApplicationSecret : schedule.clientApplicationSecret;
	schedule.update(secret);
	installWriteKeys(hs, secret, ++post.writeEpoch);
	post.keyUpdate = KEY_UPDATE_NONE;
	post.sending = false;
	return READ_POST_HANDSHAKE;
}
