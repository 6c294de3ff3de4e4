// The extensions of a ClientHello (RFC 8446 4.1.2, 4.2), for all versions that are offered.

import type { Writer } from "../base/writer.js";
import { encodeAlpn } from "../wire/extensions/alpn.js";
import { encodeCookie } from "../wire/extensions/cookie.js";
import { encodeClientShare } from "../wire/extensions/key-share.js";
import { encodeNumbersExtension } from "../wire/extensions/number-lists.js";
import { encodePskKeyExchangeModes } from "../wire/extensions/psk-key-exchange-modes.js";
import { encodeRecordSizeLimit } from "../wire/extensions/record-size-limit.js";
import { encodeServerName } from "../wire/extensions/server-name.js";
import { encodeSupportedVersions } from "../wire/extensions/supported-versions.js";
import {
	ALPN,
	KEY_SHARE,
	PRE_SHARED_KEY,
	PSK_KEY_EXCHANGE_MODES,
	RECORD_SIZE_LIMIT,
	SERVER_NAME,
	SIGNATURE_ALGORITHMS,
	SUPPORTED_GROUPS,
	SUPPORTED_VERSIONS,
} from "../wire/extensions/table.js";
import type { Handshake } from "./handshake.js";
import { encodePskOffers, pskOffersLength } from "./psk13-client.js";

/** The longest body of our ClientHello, without what has a length of its own below. */
const HELLO_ROOM = 300;

/** An upper bound of the ClientHello's body. */
export function helloRoom(hs: Handshake): number {
	const { settings, hello, exchange } = hs;
	let length = HELLO_ROOM + settings.serverName.length + (hello.cookie?.length ?? 0) + (exchange?.shareLength ?? 0);
	length += 2 * (settings.suites.length + settings.groups.length + settings.schemes.length);
	for (const protocol of settings.alpn) length += 1 + protocol.length;
	return length + pskOffersLength(hs);
}

/** Writes the extension block and notes the rows in hello.offered. Answers where the binders begin, -1 without a PSK. */
export function encodeClientExtensions(hs: Handshake, writer: Writer): number {
	const { settings, hello } = hs;
	const mark = writer.open16();
	hello.offered = 0;
	if (settings.serverName !== "") {
		encodeServerName(writer, settings.serverName);
		hello.offered |= 1 << SERVER_NAME;
	}
	if (settings.groups.length > 0) {
		encodeNumbersExtension(writer, SUPPORTED_GROUPS, settings.groups);
		hello.offered |= 1 << SUPPORTED_GROUPS;
	}
	encodeNumbersExtension(writer, SIGNATURE_ALGORITHMS, settings.schemes);
	hello.offered |= 1 << SIGNATURE_ALGORITHMS;
	if (settings.alpn.length > 0) {
		encodeAlpn(writer, settings.alpn);
		hello.offered |= 1 << ALPN;
	}
	if (settings.recordSizeLimit > 0) {
		encodeRecordSizeLimit(writer, settings.recordSizeLimit);
		hello.offered |= 1 << RECORD_SIZE_LIMIT;
	}
	const bindersAt = settings.flow13 === undefined ? -1 : encodeExtensions13(hs, writer);
	writer.close16(mark);
	return bindersAt;
}

/** What only 1.3 has; pre_shared_key must be the last. */
function encodeExtensions13(hs: Handshake, writer: Writer): number {
	const { settings, hello, exchange } = hs;
	encodeSupportedVersions(writer, settings.versions);
	hello.offered |= 1 << SUPPORTED_VERSIONS;
	if (hello.cookie !== undefined) encodeCookie(writer, hello.cookie, 0, hello.cookie.length);
	if (exchange !== undefined) {
		encodeClientShare(writer, hello.group, exchange.share, exchange.shareLength);
		hello.offered |= 1 << KEY_SHARE;
	}
	if (hello.psks.length === 0 && settings.pskModes.length === 0) return -1;
	encodePskKeyExchangeModes(writer, settings.pskModes);
	hello.offered |= 1 << PSK_KEY_EXCHANGE_MODES;
	if (hello.psks.length === 0) return -1;
	hello.offered |= 1 << PRE_SHARED_KEY;
	return encodePskOffers(hs, writer);
}
