// What the server takes of a ClientHello in the same way in all versions: name, protocol, lengths of records.

import {
	CLIENT_HEARTBEAT_REFUSED,
	CLIENT_MAX_FRAGMENT_LENGTH_REFUSED,
	CLIENT_RECORD_SIZE_LIMIT_REFUSED,
	type Failure,
	NO_COMMON_PROTOCOL,
	NO_FAILURE,
	SERVER_NAME_MALFORMED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { chooseAlpn } from "../wire/extensions/alpn.js";
import { decodeHeartbeat, encodeHeartbeat, peer_allowed_to_send, peer_not_allowed_to_send } from "../wire/extensions/heartbeat.js";
import { decodeMaxFragmentLength } from "../wire/extensions/max-fragment-length.js";
import { decodeRecordSizeLimit } from "../wire/extensions/record-size-limit.js";
import { decodeServerName } from "../wire/extensions/server-name.js";
import { ALPN, HEARTBEAT, MAX_FRAGMENT_LENGTH, RECORD_SIZE_LIMIT, SERVER_NAME } from "../wire/extensions/table.js";
import type { Handshake } from "./handshake.js";
import type { Credential } from "./settings.js";

/** RFC 6066 3. */
export function readServerName(hs: Handshake, reader: Reader): Failure {
	const { hello, negotiated } = hs;
	negotiated.serverName = "";
	if (!hello.client.extensions.has(SERVER_NAME)) return NO_FAILURE;
	hello.client.extensions.open(reader, SERVER_NAME);
	const name = decodeServerName(reader);
	if (name === undefined) return SERVER_NAME_MALFORMED;
	negotiated.serverName = name;
	return NO_FAILURE;
}

/** RFC 7301 3.2. */
export function chooseProtocol(hs: Handshake, reader: Reader): Failure {
	const { settings, hello, negotiated } = hs;
	negotiated.alpn = "";
	if (settings.alpn.length === 0 || !hello.client.extensions.has(ALPN)) return NO_FAILURE;
	hello.client.extensions.open(reader, ALPN);
	const index = chooseAlpn(reader, settings.alpn, false);
	if (index < 0) return NO_COMMON_PROTOCOL;
	negotiated.alpn = settings.alpn[index];
	return NO_FAILURE;
}

/** RFC 8449 4, RFC 6066 4: the former goes before the latter. */
export function readRecordLimits(hs: Handshake, reader: Reader): Failure {
	const { hello, negotiated, settings } = hs;
	const { extensions } = hello.client;
	negotiated.recordSizeLimit = 0;
	negotiated.maxFragmentLength = 0;
	if (extensions.has(RECORD_SIZE_LIMIT)) {
		extensions.open(reader, RECORD_SIZE_LIMIT);
		const limit = decodeRecordSizeLimit(reader);
		if (limit < 0) return CLIENT_RECORD_SIZE_LIMIT_REFUSED;
		negotiated.recordSizeLimit = limit;
	}
	if (extensions.has(MAX_FRAGMENT_LENGTH)) {
		extensions.open(reader, MAX_FRAGMENT_LENGTH);
		const length = decodeMaxFragmentLength(reader);
		if (length < 0) return CLIENT_MAX_FRAGMENT_LENGTH_REFUSED;
		if (negotiated.recordSizeLimit === 0 || settings.recordSizeLimit === 0) negotiated.maxFragmentLength = length;
	}
	return NO_FAILURE;
}

/** RFC 6520 2: the client's mode, if we know heartbeats too. */
export function readHeartbeat(hs: Handshake, reader: Reader): Failure {
	const { hello, post, settings } = hs;
	post.heartbeat = 0;
	if (settings.heartbeat === undefined || !hello.client.extensions.has(HEARTBEAT)) return NO_FAILURE;
	hello.client.extensions.open(reader, HEARTBEAT);
	const mode = decodeHeartbeat(reader);
	if (mode < 0) return CLIENT_HEARTBEAT_REFUSED;
	post.heartbeat = mode;
	return NO_FAILURE;
}

/** Our mode, if both know heartbeats: client and server. */
export function encodeOurHeartbeat({ settings }: Handshake, writer: Writer): void {
	if (settings.heartbeat !== undefined) encodeHeartbeat(writer, settings.heartbeat.allowPeer ? peer_allowed_to_send : peer_not_allowed_to_send);
}

/** The best of what nameFit answers. */
export const FIT_NAMED = 3;

/** How well a credential fits a name: FIT_NAMED it is for this name, 2 for every name, 1 for others. */
export function nameFit({ names }: Credential, serverName: string): number {
	if (names === undefined) return 2;
	return names.includes(serverName) ? FIT_NAMED : 1;
}
