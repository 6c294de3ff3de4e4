// The extensions of a ClientHello (RFC 8446 4.1.2, 4.2), for all versions that are offered.

import { NO_BYTES } from "../base/bytes.js";
import type { Writer } from "../base/writer.js";
import { NO_MAC } from "../crypto/suites.js";
import { encodeAlpn } from "../wire/extensions/alpn.js";
import { encodeCookie } from "../wire/extensions/cookie.js";
import { encodeEcPointFormats } from "../wire/extensions/ec-point-formats.js";
import { encodeEmptyExtension } from "../wire/extensions/empty.js";
import { encodeClientShare } from "../wire/extensions/key-share.js";
import { encodeMaxFragmentLength } from "../wire/extensions/max-fragment-length.js";
import { encodeNumbersExtension } from "../wire/extensions/number-lists.js";
import { encodePskKeyExchangeModes } from "../wire/extensions/psk-key-exchange-modes.js";
import { encodeRecordSizeLimit } from "../wire/extensions/record-size-limit.js";
import { encodeRenegotiationInfo } from "../wire/extensions/renegotiation-info.js";
import { encodeServerName } from "../wire/extensions/server-name.js";
import { encodeSessionTicket } from "../wire/extensions/session-ticket.js";
import { encodeStatusRequest } from "../wire/extensions/status-request.js";
import { encodeSupportedVersions } from "../wire/extensions/supported-versions.js";
import {
	ALPN,
	EARLY_DATA,
	EC_POINT_FORMATS,
	ENCRYPT_THEN_MAC,
	EXTENDED_MASTER_SECRET,
	HEARTBEAT,
	KEY_SHARE,
	MAX_FRAGMENT_LENGTH,
	PRE_SHARED_KEY,
	PSK_KEY_EXCHANGE_MODES,
	RECORD_SIZE_LIMIT,
	RENEGOTIATION_INFO,
	SERVER_NAME,
	SESSION_TICKET,
	SIGNATURE_ALGORITHMS,
	STATUS_REQUEST,
	SUPPORTED_GROUPS,
	SUPPORTED_VERSIONS,
} from "../wire/extensions/table.js";
import { offerCertificateTypes } from "./certificate-type.js";
import { offerConnectionId } from "./connection-id.js";
import { isEllipticExchange } from "./exchange12.js";
import type { Handshake } from "./handshake.js";
import { encodeOurHeartbeat } from "./negotiate.js";
import { encodePskOffers, offersEarlyData, pskOffersLength } from "./psk13-client.js";

/** The longest body of our ClientHello, without what has a length of its own below. */
const HELLO_ROOM = 300;

/** An upper bound of the ClientHello's body. */
export function helloRoom(hs: Handshake): number {
	const { settings, hello, exchange } = hs;
	let length =
		HELLO_ROOM +
		(settings.connectionId?.length ?? 0) +
		settings.serverName.length +
		(hello.retry.cookie?.length ?? 0) +
		hello.retry.verifyCookie.length +
		(exchange?.shareLength ?? 0);
	length += 2 * (settings.suites.length + settings.groups.length + settings.schemes.length);
	for (const protocol of settings.alpn) length += 1 + protocol.length;
	return length + pskOffersLength(hs) + (hello.psk.session12?.ticket.length ?? 0);
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
	if (settings.schemes.length > 0) {
		encodeNumbersExtension(writer, SIGNATURE_ALGORITHMS, settings.schemes);
		hello.offered |= 1 << SIGNATURE_ALGORITHMS;
	}
	if (settings.asksStatus) {
		encodeStatusRequest(writer);
		hello.offered |= 1 << STATUS_REQUEST;
	}
	if (settings.alpn.length > 0) {
		encodeAlpn(writer, settings.alpn);
		hello.offered |= 1 << ALPN;
	}
	if (settings.recordSizeLimit > 0) {
		encodeRecordSizeLimit(writer, settings.recordSizeLimit);
		hello.offered |= 1 << RECORD_SIZE_LIMIT;
	}
	offerCertificateTypes(hs, writer);
	offerConnectionId(hs, writer);
	if (settings.flow12 !== undefined) encodeExtensions12(hs, writer);
	if (settings.heartbeat !== undefined) {
		encodeOurHeartbeat(hs, writer);
		hello.offered |= 1 << HEARTBEAT;
	}
	if (settings.maxFragmentLength > 0) {
		encodeMaxFragmentLength(writer, settings.maxFragmentLength);
		hello.offered |= 1 << MAX_FRAGMENT_LENGTH;
	}
	const bindersAt = offers13(hs) ? encodeExtensions13(hs, writer) : -1;
	writer.close16(mark);
	return bindersAt;
}

/** Whether the ClientHello offers 1.3: a later one on a connection of 1.2 doesn't. */
export function offers13(hs: Handshake): boolean {
	return hs.settings.flow13 !== undefined && hs.state12 === undefined;
}

/** What only 1.2 has. */
function encodeExtensions12(hs: Handshake, writer: Writer): void {
	const { settings, hello, state12 } = hs;
	const { suites } = settings;
	const binding = state12?.binding;
	if (binding === undefined) encodeRenegotiationInfo(writer, NO_BYTES, 0, NO_BYTES, 0);
	else encodeRenegotiationInfo(writer, binding.client, binding.length, NO_BYTES, 0);
	encodeEmptyExtension(writer, EXTENDED_MASTER_SECRET);
	hello.offered |= (1 << RENEGOTIATION_INFO) | (1 << EXTENDED_MASTER_SECRET);
	let hasBlocks = false;
	let hasCurves = false;
	for (const suite of suites) {
		if (suite.mac !== NO_MAC) hasBlocks = true;
		if (isEllipticExchange(suite.exchange)) hasCurves = true;
	}
	if (hasBlocks) {
		encodeEmptyExtension(writer, ENCRYPT_THEN_MAC);
		hello.offered |= 1 << ENCRYPT_THEN_MAC;
	}
	if (hasCurves) {
		encodeEcPointFormats(writer);
		hello.offered |= 1 << EC_POINT_FORMATS;
	}
	encodeSessionTicket(writer, hello.psk.session12?.ticket ?? NO_BYTES);
	hello.offered |= 1 << SESSION_TICKET;
}

/** What only 1.3 has; pre_shared_key must be the last. */
function encodeExtensions13(hs: Handshake, writer: Writer): number {
	const { settings, hello, exchange } = hs;
	encodeSupportedVersions(writer, settings.versions);
	hello.offered |= 1 << SUPPORTED_VERSIONS;
	if (hello.retry.cookie !== undefined) encodeCookie(writer, hello.retry.cookie, 0, hello.retry.cookie.length);
	if (exchange !== undefined) {
		encodeClientShare(writer, hello.group, exchange.share, exchange.shareLength);
		hello.offered |= 1 << KEY_SHARE;
	}
	if (hello.psk.offers.length === 0 && settings.pskModes.length === 0) return -1;
	encodePskKeyExchangeModes(writer, settings.pskModes);
	if (offersEarlyData(hs)) {
		encodeEmptyExtension(writer, EARLY_DATA);
		hello.offered |= 1 << EARLY_DATA;
	}
	hello.offered |= 1 << PSK_KEY_EXCHANGE_MODES;
	if (hello.psk.offers.length === 0) return -1;
	hello.offered |= 1 << PRE_SHARED_KEY;
	return encodePskOffers(hs, writer);
}
