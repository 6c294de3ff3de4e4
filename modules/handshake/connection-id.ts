// Connection ids (RFC 9146, RFC 9147 9): what the hellos say about them in all versions, and how they change in 1.3. The
// records carry them, which is the business of messages and what stands below.

import {
	CLIENT_CONNECTION_ID_MALFORMED,
	CONNECTION_ID_MALFORMED,
	CONNECTION_ID_UNASKED,
	type Failure,
	NEW_CONNECTION_ID_MALFORMED,
	NO_FAILURE,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { cid_immediate, cid_spare, decodeConnectionId, encodeConnectionId, encodeNewConnectionId, NewConnectionId } from "../wire/extensions/connection-id.js";
import { areEmpty, encodeEmptyExtension } from "../wire/extensions/empty.js";
import { CONNECTION_ID, RETURN_ROUTABILITY_CHECK } from "../wire/extensions/table.js";
import { new_connection_id, request_connection_id } from "../wire/registry.js";
import { type Handshake, readBody } from "./handshake.js";

/** NewConnectionIds of ours. */
export const NEW_ID_NONE = 0;
/** The peer has asked for a spare one. */
export const NEW_ID_SPARE = 1;
/** It is to be used at once. */
export const NEW_ID_IMMEDIATE = 2;

/** Client: offers ids if the settings say so. */
export function offerConnectionId(hs: Handshake, writer: Writer): void {
	const { connectionId } = hs.settings;
	if (connectionId === undefined) return;
	encodeConnectionId(writer, connectionId);
	encodeEmptyExtension(writer, RETURN_ROUTABILITY_CHECK);
	hs.hello.offered |= (1 << CONNECTION_ID) | (1 << RETURN_ROUTABILITY_CHECK);
}

/** Client: what the server answered. */
export function acceptConnectionId(hs: Handshake, reader: Reader): Failure {
	const { hello, settings, messages } = hs;
	const { extensions } = hello.server;
	// RFC 9146 3: in a renegotiation they are agreed on afresh
	messages.ids?.forgo();
	if (settings.connectionId === undefined || !extensions.has(CONNECTION_ID)) return NO_FAILURE;
	extensions.open(reader, CONNECTION_ID);
	const at = decodeConnectionId(reader);
	if (at < 0 || !areEmpty(extensions, 1 << RETURN_ROUTABILITY_CHECK)) return CONNECTION_ID_MALFORMED;
	messages.ids?.use(settings.connectionId, messages.memory.subarray(at, reader.end), extensions.has(RETURN_ROUTABILITY_CHECK));
	return NO_FAILURE;
}

/** Server: what the client offered. */
export function readConnectionId(hs: Handshake, reader: Reader): Failure {
	const { hello, settings, messages } = hs;
	const { extensions } = hello.client;
	hello.peerId = undefined;
	if (settings.connectionId === undefined || !extensions.has(CONNECTION_ID)) return NO_FAILURE;
	extensions.open(reader, CONNECTION_ID);
	const at = decodeConnectionId(reader);
	if (at < 0 || !areEmpty(extensions, 1 << RETURN_ROUTABILITY_CHECK)) return CLIENT_CONNECTION_ID_MALFORMED;
	hello.pathChecks = extensions.has(RETURN_ROUTABILITY_CHECK);
	hello.peerId = messages.memory.slice(at, reader.end);
	return NO_FAILURE;
}

/** Server: answers in its ServerHello; from the next keys on records carry ids. */
export function answerConnectionId(hs: Handshake, writer: Writer): void {
	const { connectionId } = hs.settings;
	const { peerId, pathChecks } = hs.hello;
	hs.messages.ids?.forgo();
	if (connectionId === undefined || peerId === undefined) return;
	encodeConnectionId(writer, connectionId);
	if (pathChecks) encodeEmptyExtension(writer, RETURN_ROUTABILITY_CHECK);
	hs.messages.ids?.use(connectionId, peerId, pathChecks);
}

/** RFC 9147 9: whether the message that stands is about ids; CONNECTION_ID_UNASKED if none were agreed on. */
export function readIdMessage(hs: Handshake): Failure {
	const { messages, post } = hs;
	const { type } = messages;
	const reader = readBody(hs);
	if (type === new_connection_id) {
		// An empty id of the peer's means that it wants none in our records
		if (messages.ids === undefined || messages.ids.peer.bytes.length === 0) return CONNECTION_ID_UNASKED;
		const next = new NewConnectionId();
		if (!next.decode(reader)) return NEW_CONNECTION_ID_MALFORMED;
		if (next.end > next.at) messages.ids.renew(messages.memory.subarray(next.at, next.end), next.usage === cid_immediate);
	} else {
		if (messages.ids === undefined || messages.ids.local.bytes.length === 0) return CONNECTION_ID_UNASKED;
		const count = reader.u8();
		if (!reader.finished()) return NEW_CONNECTION_ID_MALFORMED;
		if (count > 0 && post.newId === NEW_ID_NONE) post.newId = NEW_ID_SPARE;
	}
	messages.release(undefined);
	return NO_FAILURE;
}

/** Whether the message that stands is one of readIdMessage's. */
export function isIdMessage(type: number): boolean {
	return type === new_connection_id || type === request_connection_id;
}

/** Our NewConnectionId with a fresh id as long as the first; its room must have been asked for. */
export function sendNewId(hs: Handshake): void {
	const { messages, settings, post } = hs;
	const id = new Uint8Array(messages.ids?.local.bytes.length ?? 0);
	settings.entropy.fill(id, 0, id.length);
	messages.begin(new_connection_id);
	encodeNewConnectionId(messages.writer, id, post.newId === NEW_ID_IMMEDIATE ? cid_immediate : cid_spare);
	messages.end(undefined);
	messages.ids?.add(id);
	messages.endFlight();
	post.newId = NEW_ID_NONE;
}
