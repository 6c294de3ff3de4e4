// Portable cases: the messages and extensions of TLS 1.2 as bytes. Each decoder takes what its encoder writes, and nothing
// that is shorter, longer, or wrong inside.

import { Reader } from "polltls/base/reader";
import { Writer } from "polltls/base/writer";
import { CertificateRequest12, certificateRequest12Length, encodeCertificateRequest12 } from "polltls/wire/certificate-request12";
import { CertificateStatus, certificateStatusLength, encodeCertificateStatusHead } from "polltls/wire/certificate-status";
import { ClientKeyExchange, EC_SHARE, encodeClientKeyShare, encodePskIdentity, LONG_SHARE, NO_SHARE } from "polltls/wire/client-key-exchange";
import { ExtensionBlock } from "polltls/wire/extensions/block";
import { encodeEcPointFormats, hasUncompressed } from "polltls/wire/extensions/ec-point-formats";
import { areEmpty, encodeEmptyExtension } from "polltls/wire/extensions/empty";
import { decodeMaxFragmentLength, encodeMaxFragmentLength } from "polltls/wire/extensions/max-fragment-length";
import { encodeRenegotiationInfo, matchesRenegotiationInfo } from "polltls/wire/extensions/renegotiation-info";
import { encodeSessionTicket } from "polltls/wire/extensions/session-ticket";
import { encodeStatusRequest, isOcspRequest } from "polltls/wire/extensions/status-request";
import { EXTENDED_MASTER_SECRET, extensionRow, extensionTypes, IN_CLIENT_HELLO, SERVER_NAME, SESSION_TICKET } from "polltls/wire/extensions/table";
import { encodeNewSessionTicket12Head, NewSessionTicket12 } from "polltls/wire/new-session-ticket12";
import { DH_PARAMETERS, EC_PARAMETERS, encodeDhParameters, encodeEcParameters, NO_PARAMETERS, ServerKeyExchange } from "polltls/wire/server-key-exchange";
import { equal } from "./pair/harness.js";

const share = Uint8Array.of(4, 1, 2, 3, 4, 5, 6);
const long = Uint8Array.from({ length: 300 }, (_, i) => i);

function written(write: (writer: Writer) => void): Uint8Array {
	const writer = new Writer();
	writer.reset(new Uint8Array(4096), 0, 4096);
	write(writer);
	equal(writer.failed, false);
	return writer.bytes.slice(0, writer.at);
}

function readerOf(bytes: Uint8Array): Reader {
	const reader = new Reader();
	reader.reset(bytes, 0, bytes.length);
	return reader;
}

/** The decoder takes the whole, no beginning of it, and nothing behind it. */
function exact(bytes: Uint8Array, takes: (reader: Reader) => boolean): void {
	equal(takes(readerOf(bytes)), true, "the whole");
	for (let end = 0; end < bytes.length; end++) equal(takes(readerOf(bytes.slice(0, end))), false, `cut at ${end} of ${bytes.length}`);
	equal(takes(readerOf(Uint8Array.of(...bytes, 0))), false, "a byte behind");
}

/** The body of an extension: without its type, its length is that of the rest. */
function body(write: (writer: Writer) => void): Uint8Array {
	const bytes = written(write);
	equal((bytes[2] << 8) | bytes[3], bytes.length - 4, "the extension's length");
	return bytes.slice(4);
}

export const cases: Record<string, () => void> = {
	"each extension's row is found by its number, and no other's"() {
		for (let type = 0; type < 0x10000; type++) equal(extensionRow(type), extensionTypes.indexOf(type), `${type}:`);
	},
	"ServerKeyExchange with a curve, signed"() {
		const bytes = written((writer) => {
			encodeEcParameters(writer, 29, share, share.length);
			writer.u16(0x0403);
			writer.u16(3);
			writer.copy(share, 0, 3);
		});
		const message = new ServerKeyExchange();
		exact(bytes, (reader) => message.decode(reader, EC_PARAMETERS, false, true));
		message.decode(readerOf(bytes), EC_PARAMETERS, false, true);
		equal(message.group, 29);
		equal(String(bytes.slice(message.shareAt, message.shareEnd)), String(share));
		equal(message.parametersAt, 0);
		equal(message.parametersEnd, 4 + share.length);
		equal(message.scheme, 0x0403);
		equal(message.signatureEnd - message.signatureAt, 3);
		const explicit = bytes.slice();
		explicit[0] = 1; // explicit_prime, which nobody may use any more
		equal(message.decode(readerOf(explicit), EC_PARAMETERS, false, true), false);
		const empty = written((writer) => encodeEcParameters(writer, 29, share, 0));
		equal(message.decode(readerOf(empty), EC_PARAMETERS, false, false), false, "an empty point");
	},
	"ServerKeyExchange with a finite field"() {
		const bytes = written((writer) => encodeDhParameters(writer, long, Uint8Array.of(2), long, long.length));
		const message = new ServerKeyExchange();
		exact(bytes, (reader) => message.decode(reader, DH_PARAMETERS, false, false));
		equal(message.decode(readerOf(bytes), DH_PARAMETERS, false, false), true);
		equal(message.pEnd - message.pAt, 300);
		equal(bytes[message.gAt], 2);
		equal(message.shareEnd, bytes.length);
		for (const [p, g, length] of [
			[0, 1, 300],
			[300, 0, 300],
			[300, 1, 0],
		]) {
			const none = written((writer) => encodeDhParameters(writer, long.slice(0, p), Uint8Array.of(2).slice(0, g), long, length));
			equal(message.decode(readerOf(none), DH_PARAMETERS, false, false), false, `p ${p}, g ${g}, share ${length}`);
		}
	},
	"ServerKeyExchange with a hint"() {
		const message = new ServerKeyExchange();
		exact(Uint8Array.of(0, 2, 104, 105), (reader) => message.decode(reader, NO_PARAMETERS, true, false));
		exact(Uint8Array.of(0, 0), (reader) => message.decode(reader, NO_PARAMETERS, true, false));
		const both = written((writer) => {
			writer.u16(0);
			encodeEcParameters(writer, 23, share, share.length);
		});
		exact(both, (reader) => message.decode(reader, EC_PARAMETERS, true, false));
		equal(message.decode(readerOf(both), EC_PARAMETERS, true, false), true);
		equal(message.parametersAt, 2);
	},
	ClientKeyExchange() {
		const message = new ClientKeyExchange();
		const point = written((writer) => encodeClientKeyShare(writer, EC_SHARE, share, share.length));
		exact(point, (reader) => message.decode(reader, EC_SHARE, false));
		const number = written((writer) => encodeClientKeyShare(writer, LONG_SHARE, long, long.length));
		exact(number, (reader) => message.decode(reader, LONG_SHARE, false));
		const identity = written((writer) => encodePskIdentity(writer, share));
		exact(identity, (reader) => message.decode(reader, NO_SHARE, true));
		const both = written((writer) => {
			encodePskIdentity(writer, share);
			encodeClientKeyShare(writer, EC_SHARE, share, share.length);
		});
		exact(both, (reader) => message.decode(reader, EC_SHARE, true));
		equal(message.decode(readerOf(both), EC_SHARE, true), true);
		equal(String(both.slice(message.identityAt, message.identityEnd)), String(share));
		equal(String(both.slice(message.shareAt, message.shareEnd)), String(share));
		equal(message.decode(readerOf(Uint8Array.of(0)), EC_SHARE, false), false, "an empty share");
	},
	CertificateRequest() {
		const bytes = written((writer) => encodeCertificateRequest12(writer, [0x0403, 0x0804]));
		equal(bytes.length, certificateRequest12Length(2));
		const message = new CertificateRequest12();
		exact(bytes, (reader) => message.decode(reader));
		message.decode(readerOf(bytes));
		equal(message.takes(bytes, 1), true);
		equal(message.takes(bytes, 64), true);
		equal(message.takes(bytes, 2), false);
		equal(message.schemesEnd - message.schemesAt, 4);
		const names = Uint8Array.of(...bytes.slice(0, -2), 0, 7, 0, 2, 48, 0, 0, 1, 48);
		exact(names, (reader) => message.decode(reader));
		for (const wrong of [
			Uint8Array.of(0, 0, 2, 4, 3, 0, 0), // no types
			Uint8Array.of(1, 64, 0, 0, 0, 0), // no schemes
			Uint8Array.of(1, 64, 0, 1, 4, 0, 0), // half a scheme
			Uint8Array.of(1, 64, 0, 2, 4, 3, 0, 2, 0, 0), // an empty name
		])
			equal(message.decode(readerOf(wrong)), false, String(wrong));
	},
	CertificateStatus() {
		const bytes = written((writer) => {
			encodeCertificateStatusHead(writer, long.length);
			writer.copy(long, 0, long.length);
		});
		equal(bytes.length, certificateStatusLength(long.length));
		const message = new CertificateStatus();
		exact(bytes, (reader) => message.decode(reader));
		message.decode(readerOf(bytes));
		equal(message.responseAt, 4);
		equal(message.responseEnd, bytes.length);
		equal(message.decode(readerOf(Uint8Array.of(2, 0, 0, 1, 48))), false, "another type");
		equal(message.decode(readerOf(Uint8Array.of(1, 0, 0, 0))), false, "empty");
	},
	NewSessionTicket() {
		const bytes = written((writer) => {
			encodeNewSessionTicket12Head(writer, 0x01020304, share.length);
			writer.copy(share, 0, share.length);
		});
		const message = new NewSessionTicket12();
		exact(bytes, (reader) => message.decode(reader));
		equal(message.decode(readerOf(Uint8Array.of(0, 0, 0, 0, 0, 0))), true, "an empty ticket");
		message.decode(readerOf(bytes));
		equal(message.lifetimeHint, 0x01020304);
		equal(String(bytes.slice(message.ticketAt, message.ticketEnd)), String(share));
	},
	renegotiation_info() {
		const none = new Uint8Array(12);
		const client = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
		const server = Uint8Array.from({ length: 12 }, (_, i) => i + 101);
		const first = body((writer) => encodeRenegotiationInfo(writer, none, 0, none, 0));
		equal(String(first), "0");
		exact(first, (reader) => matchesRenegotiationInfo(reader, none, 0, none, 0));
		const later = body((writer) => encodeRenegotiationInfo(writer, client, 12, server, 12));
		exact(later, (reader) => matchesRenegotiationInfo(reader, client, 12, server, 12));
		for (let at = 0; at < later.length; at++) {
			const changed = later.slice();
			changed[at] ^= 1;
			equal(matchesRenegotiationInfo(readerOf(changed), client, 12, server, 12), false, `byte ${at}`);
		}
		equal(matchesRenegotiationInfo(readerOf(first), client, 12, server, 12), false, "that of a first handshake");
		equal(matchesRenegotiationInfo(readerOf(later), client, 12, server, 0), false, "that of the other side");
	},
	"extensions that are empty"() {
		const block = new ExtensionBlock();
		const bytes = written((writer) => {
			const mark = writer.open16();
			encodeEmptyExtension(writer, EXTENDED_MASTER_SECRET);
			encodeSessionTicket(writer, share);
			writer.close16(mark);
		});
		equal(block.decode(readerOf(bytes), IN_CLIENT_HELLO, 0), 0);
		equal(areEmpty(block, 1 << EXTENDED_MASTER_SECRET), true);
		equal(areEmpty(block, 1 << SERVER_NAME), true, "one that isn't there");
		equal(areEmpty(block, (1 << EXTENDED_MASTER_SECRET) | (1 << SESSION_TICKET)), false);
		equal(block.end[SESSION_TICKET] - block.at[SESSION_TICKET], share.length);
	},
	ec_point_formats() {
		exact(body(encodeEcPointFormats), hasUncompressed);
		equal(hasUncompressed(readerOf(Uint8Array.of(2, 1, 0))), true);
		equal(hasUncompressed(readerOf(Uint8Array.of(1, 1))), false, "compressed points only");
		equal(hasUncompressed(readerOf(Uint8Array.of(0))), false, "none");
	},
	max_fragment_length() {
		for (const [length, code] of [
			[512, 1],
			[1024, 2],
			[2048, 3],
			[4096, 4],
		]) {
			const bytes = body((writer) => encodeMaxFragmentLength(writer, length));
			equal(String(bytes), String(code));
			exact(bytes, (reader) => decodeMaxFragmentLength(reader) === length);
		}
		for (const code of [0, 5, 255]) equal(decodeMaxFragmentLength(readerOf(Uint8Array.of(code))), -1);
	},
	status_request() {
		const bytes = body(encodeStatusRequest);
		equal(String(bytes), "1,0,0,0,0");
		exact(bytes, isOcspRequest);
		equal(isOcspRequest(readerOf(Uint8Array.of(1, 0, 2, 48, 0, 0, 1, 5))), true, "with responders and extensions");
		equal(isOcspRequest(readerOf(Uint8Array.of(2, 0, 0, 0, 0))), false);
	},
};
