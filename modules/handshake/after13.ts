// After the handshake in 1.3 (RFC 8446 4.6): tickets and KeyUpdates, the same flow in both roles.

import { KEY_UPDATE_INSIDE_RECORD, KEY_UPDATE_MALFORMED, NO_FAILURE, POST_HANDSHAKE_UNEXPECTED, TICKET_FOR_SERVER } from "../base/failure.js";
import { WAIT_INPUT, WAIT_OUTPUT } from "../base/status.js";
import { decodeKeyUpdate } from "../wire/key-update.js";
import { NewSessionTicket } from "../wire/new-session-ticket.js";
import { key_update, new_session_ticket, update_not_requested, update_requested } from "../wire/registry.js";
import type { Flow } from "./flow.js";
import { fail, type Handshake, KEY_UPDATE_BOTH, KEY_UPDATE_NONE, KEY_UPDATE_OURS, readBody } from "./handshake.js";
import { installReadKeys, installWriteKeys } from "./keys13.js";

export const READ_POST_HANDSHAKE = 0;
const SEND_KEY_UPDATE = 1;
const INSTALL_UPDATED_KEYS = 2;

export const after13: Flow = Object.freeze({
	steps: Object.freeze([readPostHandshake, sendKeyUpdate, installUpdatedKeys]),
	first: READ_POST_HANDSHAKE,
});

/** Where a connection stands while nothing but application data is on its way. */
function readPostHandshake(hs: Handshake): number {
	const { messages } = hs;
	if (hs.post.keyUpdate !== KEY_UPDATE_NONE) return SEND_KEY_UPDATE;
	if (!messages.peek()) return WAIT_INPUT;
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
	const failure = ticket.decode(readBody(hs), hs.auth.otherExtensions);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	hs.messages.release(undefined);
	return READ_POST_HANDSHAKE;
}

/** Our KeyUpdate: the last message under the old keys. */
function sendKeyUpdate(hs: Handshake): number {
	const { messages, post } = hs;
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
