// What the client takes of a server's answers to its extensions in the same way in all versions: in the
// EncryptedExtensions of 1.3 and in the ServerHello of 1.2.

import {
	ALPN_REFUSED,
	type Failure,
	HEARTBEAT_REFUSED,
	MAX_FRAGMENT_LENGTH_REFUSED,
	NO_FAILURE,
	RECORD_SIZE_LIMIT_REFUSED,
	SERVER_NAME_ANSWER_MALFORMED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { chooseAlpn } from "../wire/extensions/alpn.js";
import type { ExtensionBlock } from "../wire/extensions/block.js";
import { areEmpty } from "../wire/extensions/empty.js";
import { decodeHeartbeat } from "../wire/extensions/heartbeat.js";
import { decodeMaxFragmentLength } from "../wire/extensions/max-fragment-length.js";
import { decodeRecordSizeLimit } from "../wire/extensions/record-size-limit.js";
import { ALPN, HEARTBEAT, MAX_FRAGMENT_LENGTH, RECORD_SIZE_LIMIT, SERVER_NAME } from "../wire/extensions/table.js";
import { acceptCertificateTypes } from "./certificate-type.js";
import type { Handshake } from "./handshake.js";

/** Name, protocol, lengths of records, types of certificates, heartbeats: into hs.negotiated, hs.auth and hs.post. */
export function acceptAnswers(hs: Handshake, reader: Reader, extensions: ExtensionBlock): Failure {
	const { settings, negotiated } = hs;
	if (!areEmpty(extensions, 1 << SERVER_NAME)) return SERVER_NAME_ANSWER_MALFORMED;
	negotiated.alpn = "";
	if (extensions.has(ALPN)) {
		extensions.open(reader, ALPN);
		const index = chooseAlpn(reader, settings.alpn, true);
		if (index < 0) return ALPN_REFUSED;
		negotiated.alpn = settings.alpn[index];
	}
	negotiated.recordSizeLimit = 0;
	if (extensions.has(RECORD_SIZE_LIMIT)) {
		extensions.open(reader, RECORD_SIZE_LIMIT);
		const limit = decodeRecordSizeLimit(reader);
		if (limit < 0) return RECORD_SIZE_LIMIT_REFUSED;
		negotiated.recordSizeLimit = limit;
	}
	negotiated.maxFragmentLength = 0;
	if (extensions.has(MAX_FRAGMENT_LENGTH)) {
		extensions.open(reader, MAX_FRAGMENT_LENGTH);
		const length = decodeMaxFragmentLength(reader);
		// RFC 6066 4: the very length that was asked for; RFC 8449 5: one of both extensions
		if (length !== settings.maxFragmentLength || negotiated.recordSizeLimit > 0) return MAX_FRAGMENT_LENGTH_REFUSED;
		negotiated.maxFragmentLength = length;
	}
	const refused = acceptCertificateTypes(hs, reader, extensions);
	if (refused !== NO_FAILURE) return refused;
	hs.post.heartbeat = 0;
	if (extensions.has(HEARTBEAT)) {
		extensions.open(reader, HEARTBEAT);
		const mode = decodeHeartbeat(reader);
		if (mode < 0) return HEARTBEAT_REFUSED;
		hs.post.heartbeat = mode;
	}
	return NO_FAILURE;
}
