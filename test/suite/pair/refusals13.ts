// Portable cases: what each end of TLS 1.3 must refuse, by the failure's name. One end of the pair writes a message that
// its own flow would never write; its transcript covers it, so that the other end sees nothing wrong but the message.

import * as failures from "polltls/base/failure";
import { CLOSED } from "polltls/base/status";
import { sha384 } from "polltls/crypto/types";
import type { Credential } from "polltls/handshake/settings";
import { KEY_USAGE_KEY_AGREEMENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { TrustStore } from "polltls/pki/trust";
import { secp256r1, TLS_1_2, x25519 } from "polltls/wire/registry";
import { type Alter, type End, equal, NOW, Pair, type PairOptions, putBehind, TestPki, testRegistry } from "./harness.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const psk = { identity: Uint8Array.of(100, 101, 118), key: Uint8Array.from({ length: 16 }, (_, i) => i + 1) };

const client_hello = 1;
const server_hello = 2;
const encrypted_extensions = 8;
const certificate_request = 13;
const certificate_verify = 15;
const finished = 20;
const key_update = 24;

type Failures = Record<string, number>;
type Side = "client" | "server";

/** Which end must fail, how, and that the other end is told by the failure's alert. */
function refuses(pair: Pair, side: Side, name: string): void {
	pair.run();
	const one = side === "client" ? pair.client : pair.server;
	const other = side === "client" ? pair.server : pair.client;
	const failure = (failures as unknown as Failures)[name];
	equal(one.connection.failure >> 16, failure >> 16, `${name} on the ${side} (${one.connection.stateName}, ${String(one.connection.cause)})`);
	equal(one.connection.state, CLOSED);
	const alert = failures.alertOf(failure);
	if (alert !== 255 && other.connection.failure >> 16 === failures.ALERT_RECEIVED >> 16) equal(other.connection.alerts.received, alert, "alert");
}

/** The writer changes one kind of message; the reader must refuse it. */
function altered(writer: Side, type: number, change: Alter, name: string, options: PairOptions = {}): void {
	const pair = new Pair(pki, registry, options);
	const one: End = writer === "client" ? pair.client : pair.server;
	one.alter(type, change);
	refuses(pair, writer === "client" ? "server" : "client", name);
}

/** Where the body of an extension begins in the block at blockAt (its length first), or -1. */
function extensionAt(bytes: Uint8Array, blockAt: number, type: number): number {
	const end = blockAt + 2 + ((bytes[blockAt] << 8) | bytes[blockAt + 1]);
	for (let at = blockAt + 2; at < end; at += 4 + ((bytes[at + 2] << 8) | bytes[at + 3])) if (((bytes[at] << 8) | bytes[at + 1]) === type) return at + 4;
	throw new Error(`no extension ${type}`);
}

/** Where the extension block of a hello begins. */
function blockAt(bytes: Uint8Array, bodyAt: number, isClient: boolean): number {
	let at = bodyAt + 34;
	at += 1 + bytes[at];
	if (!isClient) return at + 3;
	at += 2 + ((bytes[at] << 8) | bytes[at + 1]);
	return at + 1 + bytes[at];
}

/** Overwrites bytes from where place() says on. */
function put(place: (bytes: Uint8Array, bodyAt: number, bodyEnd: number) => number, ...values: number[]): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const at = place(bytes, bodyAt, bodyEnd);
		values.forEach((value, i) => {
			bytes[at + i] = value;
		});
		return bodyEnd;
	};
}
const inClientExtension = (type: number, offset: number) => (bytes: Uint8Array, bodyAt: number) =>
	extensionAt(bytes, blockAt(bytes, bodyAt, true), type) + offset;
const inServerExtension = (type: number, offset: number) => (bytes: Uint8Array, bodyAt: number) =>
	extensionAt(bytes, blockAt(bytes, bodyAt, false), type) + offset;
const inBody = (offset: number) => (_: Uint8Array, bodyAt: number) => bodyAt + offset;
/** Adds a byte behind the body. */
const longer: Alter = (bytes, _bodyAt, bodyEnd) => {
	bytes[bodyEnd] = 0;
	return bodyEnd + 1;
};
/** Appends an extension of this type and body to the block that is the rest of the body. */
function append(block: (bytes: Uint8Array, bodyAt: number) => number, type: number, ...body: number[]): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const at = block(bytes, bodyAt);
		const length = bodyEnd - at - 2 + 4 + body.length;
		bytes[at] = length >> 8;
		bytes[at + 1] = length;
		[type >> 8, type, body.length >> 8, body.length, ...body].forEach((value, i) => {
			bytes[bodyEnd + i] = value;
		});
		return bodyEnd + 4 + body.length;
	};
}
/** Takes the last byte off an extension. */
function shorten(block: (bytes: Uint8Array, bodyAt: number) => number, type: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const start = block(bytes, bodyAt);
		const at = extensionAt(bytes, start, type);
		const end = at + bytes[at - 1];
		bytes[start + 1]--;
		bytes[at - 1]--;
		bytes.copyWithin(end - 1, end, bodyEnd);
		return bodyEnd - 1;
	};
}
const clientBlock = (bytes: Uint8Array, bodyAt: number) => blockAt(bytes, bodyAt, true);
const serverBlock = (bytes: Uint8Array, bodyAt: number) => blockAt(bytes, bodyAt, false);
const bodyBlock = (_: Uint8Array, bodyAt: number) => bodyAt;
/** Another suite in a ServerHello. */
function suiteOf(number: number): Alter {
	return put((bytes, bodyAt) => blockAt(bytes, bodyAt, false) - 3, number >> 8, number);
}
/** Only the second message of the kind is altered. */
function second(change: Alter): Alter {
	let count = 0;
	return (bytes, bodyAt, bodyEnd) => (++count === 2 ? change(bytes, bodyAt, bodyEnd) : bodyEnd);
}
const retry: PairOptions = { client: { groups: [secp256r1, x25519] }, server: { groups: [x25519] } };
const mutual: PairOptions = { client: { credentials: [pki.client] }, server: { verifyClient: "require" } };
const withPsk: PairOptions = { client: { psks: [psk] }, server: { psks: [psk] } };

/** The server shows this instead of its own. */
function serverShows(credential: Credential, name: string, client: PairOptions["client"] = {}): void {
	refuses(new Pair(pki, registry, { client, server: { credentials: [credential] } }), "client", name);
}

/** An empty message stands behind another in its record. */
function behind(writer: Side, type: number, count: number, name: string, options: PairOptions = {}): void {
	const pair = new Pair(pki, registry, options);
	putBehind(writer === "client" ? pair.client : pair.server, type, count);
	refuses(pair, writer === "client" ? "server" : "client", name);
}

/** The same as altered, after the handshake, with the message that a KeyUpdate is. */
function afterwards(writer: Side, type: number, change: Alter, name: string): void {
	const pair = new Pair(pki, registry);
	pair.run();
	const one = writer === "client" ? pair.client : pair.server;
	one.alter(type, change);
	one.connection.updateKeys(false);
	refuses(pair, writer === "client" ? "server" : "client", name);
}

export const cases: Record<string, () => void> = {
	// ClientHello
	"ClientHello with bytes behind it"() {
		altered("client", client_hello, longer, "CLIENT_HELLO_MALFORMED");
	},
	"ClientHello cut in its session id"() {
		altered("client", client_hello, put(inBody(34), 33), "CLIENT_HELLO_MALFORMED");
	},
	"ClientHello without null compression"() {
		altered(
			"client",
			client_hello,
			(bytes, bodyAt, bodyEnd) => {
				bytes[blockAt(bytes, bodyAt, true) - 1] = 1;
				return bodyEnd;
			},
			"COMPRESSION_OFFERED",
		);
	},
	"an extension twice"() {
		altered("client", client_hello, append(clientBlock, 43, 2, 3, 4), "EXTENSION_REPEATED");
	},
	"an extension in a message where it can't stand"() {
		altered("server", encrypted_extensions, append(bodyBlock, 43, 3, 4), "EXTENSION_FORBIDDEN");
	},
	"an answer to an extension that wasn't sent"() {
		altered("server", encrypted_extensions, append(bodyBlock, 16, 0, 3, 2, 104, 50), "EXTENSION_UNASKED");
	},
	"versions that we don't know"() {
		altered("client", client_hello, put(inClientExtension(43, 1), 3, 9, 3, 9), "NO_COMMON_VERSION");
	},
	"a version list that doesn't fit"() {
		altered("client", client_hello, put(inClientExtension(43, 0), 1), "CLIENT_VERSIONS_MALFORMED");
	},
	"1.3 with the wrong legacy version"() {
		altered("client", client_hello, put(inBody(0), 3, 2), "LEGACY_VERSION_WRONG");
	},
	"a client that knows nothing newer than 1.1"() {
		const old: Alter = (bytes, bodyAt, bodyEnd) => {
			const at = extensionAt(bytes, blockAt(bytes, bodyAt, true), 43) - 4;
			bytes[at] = 0xff; // nobody knows this extension
			bytes[bodyAt + 1] = 2;
			return bodyEnd;
		};
		altered("client", client_hello, old, "CLIENT_VERSION_TOO_OLD");
	},
	"a fallback of a client that could do better"() {
		const suite: Alter = put((_bytes, bodyAt) => bodyAt + 35 + _bytes[bodyAt + 34] + 2, 0x56, 0x00);
		altered("client", client_hello, suite, "FALLBACK_INAPPROPRIATE", { client: { maximumVersion: TLS_1_2 } });
	},
	"a newer version that was taken out on the way"() {
		const pair = new Pair(pki, registry);
		pair.client.alter(client_hello, put(inClientExtension(43, -4), 0xff));
		refuses(pair, "client", "DOWNGRADE_DETECTED");
	},
	"a 1.3 ServerHello with the wrong legacy version"() {
		altered("server", server_hello, put(inBody(0), 3, 4), "SERVER_LEGACY_VERSION_WRONG");
	},
	"no cipher suite in common"() {
		refuses(new Pair(pki, registry, { client: { suites: [0x1302] }, server: { suites: [0x1303] } }), "server", "NO_COMMON_SUITE");
	},
	"no group in common"() {
		altered("client", client_hello, put(inClientExtension(10, 2), 9, 9, 9, 9), "NO_COMMON_GROUP");
	},
	"a group list of odd length"() {
		altered("client", client_hello, put(inClientExtension(10, 0), 0, 3), "SUPPORTED_GROUPS_MALFORMED");
	},
	"no key share extension"() {
		altered("client", client_hello, put(inClientExtension(51, -4), 0xff), "KEY_SHARE_NOT_SENT");
	},
	"a key share list that doesn't fit"() {
		altered("client", client_hello, put(inClientExtension(51, 0), 0, 3), "CLIENT_SHARES_MALFORMED");
	},
	"an X25519 share that gives zero"() {
		altered("client", client_hello, put(inClientExtension(51, 6), ...new Array(32).fill(0)), "KEY_SHARE_REFUSED");
	},
	"a P-256 share that is no point"() {
		const groups = [secp256r1];
		altered("client", client_hello, put(inClientExtension(51, 16), 1, 2, 3), "KEY_SHARE_REFUSED", { client: { groups }, server: { groups } });
	},
	"no signature scheme in common"() {
		altered("client", client_hello, put(inClientExtension(13, 2), 9, 9, 9, 9, 9, 9), "NO_COMMON_SIGNATURE_SCHEME");
	},
	"no signature_algorithms"() {
		altered("client", client_hello, put(inClientExtension(13, -4), 0xff), "SIGNATURE_ALGORITHMS_NOT_SENT");
	},
	"a scheme list of odd length"() {
		altered("client", client_hello, put(inClientExtension(13, 0), 0, 5), "CLIENT_SIGNATURE_ALGORITHMS_MALFORMED");
	},
	"a server name that isn't ASCII"() {
		altered("client", client_hello, put(inClientExtension(0, 5), 0xc3), "SERVER_NAME_MALFORMED");
	},
	"no protocol in common"() {
		refuses(new Pair(pki, registry, { client: { alpn: ["h2"] }, server: { alpn: ["http/1.1"] } }), "server", "NO_COMMON_PROTOCOL");
	},
	"a record size limit below 64"() {
		altered("client", client_hello, put(inClientExtension(28, 0), 0, 63), "CLIENT_RECORD_SIZE_LIMIT_REFUSED");
	},
	"a second ClientHello that differs"() {
		altered("client", client_hello, second(put(inBody(10), 1, 2, 3)), "SECOND_HELLO_DIFFERS", retry);
	},
	"a second ClientHello without the share that was asked for"() {
		altered("client", client_hello, second(put(inClientExtension(51, 2), 0, 23)), "SECOND_HELLO_SHARE_WRONG", retry);
	},
	// ServerHello
	"ServerHello cut in its session id"() {
		altered("server", server_hello, put(inBody(34), 33), "SERVER_HELLO_MALFORMED");
	},
	"ServerHello with compression"() {
		altered(
			"server",
			server_hello,
			(bytes, bodyAt, bodyEnd) => {
				bytes[blockAt(bytes, bodyAt, false) - 1] = 1;
				return bodyEnd;
			},
			"COMPRESSION_CHOSEN",
		);
	},
	"ServerHello with bytes behind it"() {
		altered("server", server_hello, longer, "SERVER_HELLO_TOO_LONG");
	},
	"another session id"() {
		altered("server", server_hello, put(inBody(40), 1, 2, 3), "SESSION_ID_NOT_ECHOED");
	},
	"a suite that wasn't offered"() {
		altered("server", server_hello, suiteOf(0x1301), "SUITE_NOT_OFFERED");
	},
	"a version that wasn't offered"() {
		altered("server", server_hello, put(inServerExtension(43, 0), 3, 5), "SERVER_VERSION_NOT_OFFERED");
	},
	"a selected version of one byte"() {
		altered("server", server_hello, shorten(serverBlock, 43), "SELECTED_VERSION_MALFORMED");
	},
	"an extension that is longer than its block"() {
		altered("server", encrypted_extensions, put(inBody(1), 200), "EXTENSION_BLOCK_MALFORMED");
	},
	"a server that knows nothing newer than 1.1"() {
		altered(
			"server",
			server_hello,
			(bytes, bodyAt, bodyEnd) => {
				bytes[bodyAt + 1] = 2;
				return bodyEnd - 2 - 6 - 40; // and has no extensions
			},
			"SERVER_VERSION_TOO_OLD",
		);
	},
	"no key share in the ServerHello"() {
		altered(
			"server",
			server_hello,
			(bytes, bodyAt, bodyEnd) => {
				const at = blockAt(bytes, bodyAt, false);
				bytes[at + 1] = 6;
				return bodyEnd - 40;
			},
			"KEY_SHARE_MISSING",
		);
	},
	"a share of another group"() {
		altered("server", server_hello, put(inServerExtension(51, 0), 0, 23), "KEY_SHARE_GROUP_WRONG");
	},
	"a share that doesn't fit"() {
		altered("server", server_hello, put(inServerExtension(51, 3), 31), "SERVER_SHARE_MALFORMED");
	},
	"a server's share that gives zero"() {
		altered("server", server_hello, put(inServerExtension(51, 4), ...new Array(32).fill(0)), "KEY_SHARE_REFUSED");
	},
	"a second HelloRetryRequest"() {
		const random = [
			0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07,
			0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
		];
		const again: Alter = (bytes, bodyAt, bodyEnd) => {
			random.forEach((value, i) => {
				bytes[bodyAt + 2 + i] = value;
			});
			return bodyEnd;
		};
		altered("server", server_hello, second(again), "HELLO_RETRY_REPEATED", retry);
	},
	"a HelloRetryRequest for a group that wasn't offered"() {
		altered("server", server_hello, put(inServerExtension(51, 0), 0, 24), "HELLO_RETRY_GROUP_WRONG", retry);
	},
	"a HelloRetryRequest that changes nothing"() {
		altered(
			"server",
			server_hello,
			(bytes, bodyAt, bodyEnd) => {
				bytes[blockAt(bytes, bodyAt, false) + 1] = 6;
				return bodyEnd - 6;
			},
			"HELLO_RETRY_CHANGES_NOTHING",
			retry,
		);
	},
	"an empty cookie"() {
		altered("server", server_hello, append(serverBlock, 44, 0, 0), "COOKIE_MALFORMED", retry);
	},
	"another suite after a HelloRetryRequest"() {
		altered("server", server_hello, second(suiteOf(0x1302)), "SUITE_CHANGED_AFTER_RETRY", retry);
	},
	// EncryptedExtensions
	"EncryptedExtensions with bytes behind them"() {
		altered("server", encrypted_extensions, longer, "ENCRYPTED_EXTENSIONS_MALFORMED");
	},
	"a server name in the answer"() {
		altered(
			"server",
			encrypted_extensions,
			(bytes, bodyAt, bodyEnd) => {
				const at = extensionAt(bytes, bodyAt, 0);
				bytes.copyWithin(at + 1, at, bodyEnd);
				bytes[at - 1] = 1;
				bytes[bodyAt + 1]++;
				return bodyEnd + 1;
			},
			"SERVER_NAME_ANSWER_MALFORMED",
		);
	},
	"a protocol that wasn't offered"() {
		const options: PairOptions = { client: { alpn: ["h2"] }, server: { alpn: ["h2"] } };
		altered(
			"server",
			encrypted_extensions,
			put((bytes, bodyAt) => extensionAt(bytes, bodyAt, 16) + 4, 51),
			"ALPN_REFUSED",
			options,
		);
	},
	"a server's record size limit below 64"() {
		altered(
			"server",
			encrypted_extensions,
			put((bytes, bodyAt) => extensionAt(bytes, bodyAt, 28), 0, 63),
			"RECORD_SIZE_LIMIT_REFUSED",
		);
	},
	// CertificateRequest
	"a CertificateRequest with a context"() {
		altered(
			"server",
			certificate_request,
			(bytes, bodyAt, bodyEnd) => {
				bytes.copyWithin(bodyAt + 2, bodyAt + 1, bodyEnd);
				bytes[bodyAt] = 1;
				return bodyEnd + 1;
			},
			"CERTIFICATE_REQUEST_CONTEXT_WRONG",
			mutual,
		);
	},
	"a CertificateRequest without schemes"() {
		altered("server", certificate_request, put(inBody(3), 0xff), "SIGNATURE_ALGORITHMS_MISSING", mutual);
	},
	"a CertificateRequest with an odd list"() {
		altered("server", certificate_request, put(inBody(7), 0, 5), "SIGNATURE_ALGORITHMS_MALFORMED", mutual);
	},
	"a CertificateRequest that doesn't fit"() {
		altered("server", certificate_request, put(inBody(0), 200), "CERTIFICATE_REQUEST_MALFORMED", mutual);
	},
	// Certificate
	"a leaf that the chain doesn't sign"() {
		serverShows({ chain: [pki.selfSigned("localhost").chain[0]], key: pki.server.key }, "CERTIFICATE_ISSUER_UNKNOWN");
	},
	"a leaf that the chain doesn't sign, followed by genuine certificates"() {
		const { chain, key } = pki.selfSigned("localhost");
		serverShows({ chain: [...chain, ...pki.server.chain], key }, "CERTIFICATE_NOT_AUTHORITY");
		const other = pki.selfSigned("other");
		serverShows({ chain: [...other.chain, ...pki.server.chain], key: other.key }, "CERTIFICATE_ISSUER_UNKNOWN", { peerName: "other" });
	},
	"a signature of the certificate that was changed"() {
		const leaf = pki.server.chain[0].slice();
		leaf[leaf.length - 1] ^= 1;
		serverShows({ chain: [leaf], key: pki.server.key }, "CERTIFICATE_SIGNATURE_WRONG");
	},
	"a wrong name"() {
		refuses(new Pair(pki, registry, { client: { peerName: "example.org" } }), "client", "CERTIFICATE_NAME_MISMATCH");
	},
	"out of date, either way"() {
		for (const [seconds, name] of [
			[NOW + 86400 * 400, "CERTIFICATE_EXPIRED"],
			[NOW - 86400 * 2, "CERTIFICATE_NOT_YET_VALID"],
		] as const) {
			const pair = new Pair(pki, registry);
			pair.clock.epoch = seconds;
			refuses(pair, "client", name);
		}
	},
	"a client's certificate shown by a server"() {
		serverShows(pki.client, "CERTIFICATE_PURPOSE_REFUSED", { peerName: "device" });
	},
	"a certificate whose key must not sign"() {
		serverShows(pki.issue("localhost", ["localhost"], PURPOSE_SERVER, pki.generate(), KEY_USAGE_KEY_AGREEMENT), "KEY_CANNOT_SIGN");
	},
	"an anchor that nobody has"() {
		refuses(new Pair(pki, registry, { client: { trust: new TrustStore() } }), "client", "CERTIFICATE_ISSUER_UNKNOWN");
	},
	"no certificate of a server"() {
		const pair = new Pair(pki, registry);
		const { messages } = pair.server.connection.traffic;
		const { beginLong, put: putBytes } = messages;
		messages.beginLong = (type, _length, transcript) => beginLong.call(messages, type, 4, transcript);
		let first = true;
		messages.put = (bytes, at, end, transcript) => {
			if (!first) return end - at;
			first = false;
			bytes.fill(0, at, end);
			return putBytes.call(messages, bytes, at, end, transcript);
		};
		refuses(pair, "client", "CERTIFICATE_EMPTY");
	},
	"no certificate of a client that must have one"() {
		refuses(new Pair(pki, registry, { server: { verifyClient: "require" } }), "server", "CERTIFICATE_MISSING");
	},
	"a certificate with a context"() {
		const pair = new Pair(pki, registry);
		const { messages } = pair.server.connection.traffic;
		const { beginLong, put: putBytes } = messages;
		messages.beginLong = (type, length, transcript) => beginLong.call(messages, type, length + 1, transcript);
		let first = true;
		messages.put = (bytes, at, end, transcript) => {
			if (!first) return putBytes.call(messages, bytes, at, end, transcript);
			first = false;
			putBytes.call(messages, Uint8Array.of(1, 9), 0, 2, transcript);
			putBytes.call(messages, bytes, at + 1, end, transcript);
			return end - at;
		};
		refuses(pair, "client", "CERTIFICATE_CONTEXT_WRONG");
	},
	"a Certificate that doesn't fit"() {
		const pair = new Pair(pki, registry);
		const { messages } = pair.server.connection.traffic;
		const { put: putBytes } = messages;
		let first = true;
		messages.put = (bytes, at, end, transcript) => {
			if (first) bytes[at + 3]++;
			first = false;
			return putBytes.call(messages, bytes, at, end, transcript);
		};
		refuses(pair, "client", "CERTIFICATE_MESSAGE_MALFORMED");
	},
	"an empty certificate in the list"() {
		const chain = [pki.server.chain[0]];
		const pair = new Pair(pki, registry, { server: { credentials: [{ chain, key: pki.server.key }] } });
		chain.push(new Uint8Array(0)); // the options would not have been taken with it
		refuses(pair, "client", "CERTIFICATE_ENTRY_MALFORMED");
	},
	"an OCSP response that doesn't fit, and one that says nothing"() {
		const staple = Uint8Array.of(0x30, 0);
		const pair = new Pair(pki, registry, { client: { status: true }, server: { credentials: [{ ...pki.server, staple }] } });
		const { messages } = pair.server.connection.traffic;
		const { put: putBytes } = messages;
		messages.put = (bytes, at, end, transcript) => {
			if (end - at === 10) bytes[at + 6] = 9; // the extension's head: another type of status
			return putBytes.call(messages, bytes, at, end, transcript);
		};
		refuses(pair, "client", "STAPLE_MALFORMED");
		refuses(
			new Pair(pki, registry, { client: { status: true }, server: { credentials: [{ ...pki.server, staple }] } }),
			"client",
			"CERTIFICATE_REVOCATION_UNKNOWN",
		);
	},
	"more certificates than we take"() {
		const chain = new Array<Uint8Array>(11).fill(pki.server.chain[0]);
		refuses(
			new Pair(pki, registry, { client: { profile: "web" }, server: { profile: "web", credentials: [{ chain, key: pki.server.key }] } }),
			"client",
			"CHAIN_TOO_LONG",
		);
	},
	"a message larger than the store"() {
		const chain = new Array<Uint8Array>(9).fill(pki.server.chain[0]);
		const pair = new Pair(pki, registry, {
			client: { profile: { receive: 2048, send: 2048, store: 1024, flight: 1024 } },
			server: { credentials: [{ chain, key: pki.server.key }] },
		});
		refuses(pair, "client", "STORE_TOO_SMALL");
		equal(pair.client.connection.bytesNeeded > 1024, true, "the bytes that would do");
	},
	"a message that we can't write"() {
		const pair = new Pair(pki, registry, { client: { profile: { receive: 2048, send: 2048, store: 1024, flight: 128 } } });
		refuses(pair, "client", "FLIGHT_TOO_SMALL");
		equal(pair.client.connection.bytesNeeded > 128, true, "the bytes that would do");
	},
	// CertificateVerify
	"a CertificateVerify that doesn't fit"() {
		altered("server", certificate_verify, longer, "CERTIFICATE_VERIFY_MALFORMED");
	},
	"a CertificateVerify with a scheme that wasn't offered"() {
		altered("server", certificate_verify, put(inBody(0), 8, 4), "SIGNATURE_SCHEME_NOT_OFFERED");
	},
	"a CertificateVerify with a scheme of another curve"() {
		altered("server", certificate_verify, put(inBody(0), 5, 3), "SIGNATURE_SCHEME_UNFIT");
	},
	"a CertificateVerify by another key"() {
		serverShows({ chain: pki.server.chain, key: pki.selfSigned("x").key }, "SIGNATURE_WRONG");
	},
	"ECDSA with r of 0, s of 0, and of n"() {
		const n = [
			0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca,
			0xc2, 0xfc, 0x63, 0x25, 0x51,
		];
		for (const [r, s] of [
			[[0], [1]],
			[[1], [0]],
			[n, [1]],
			[[1], n],
		]) {
			const der = [0x30, 4 + r.length + s.length, 2, r.length, ...r, 2, s.length, ...s];
			const change: Alter = (bytes, bodyAt) => {
				[der.length >> 8, der.length, ...der].forEach((value, i) => {
					bytes[bodyAt + 2 + i] = value;
				});
				return bodyAt + 4 + der.length;
			};
			altered("server", certificate_verify, change, "SIGNATURE_WRONG");
		}
	},
	"a client's CertificateVerify by another key"() {
		const credentials = [{ chain: pki.client.chain, key: pki.selfSigned("x").key }];
		refuses(new Pair(pki, registry, { client: { credentials }, server: { verifyClient: "require" } }), "server", "SIGNATURE_WRONG");
	},
	// Finished
	"a Finished that is wrong"() {
		altered("server", finished, put(inBody(3), 1, 2, 3), "FINISHED_WRONG");
		altered("client", finished, put(inBody(3), 1, 2, 3), "FINISHED_WRONG");
	},
	"a Finished of the wrong length"() {
		altered("server", finished, longer, "FINISHED_MALFORMED");
	},
	"messages behind one that changes the keys, in its record"() {
		behind("client", client_hello, 1, "CLIENT_HELLO_INSIDE_RECORD");
		behind("server", server_hello, 1, "SERVER_HELLO_INSIDE_RECORD");
		behind("server", finished, 1, "KEYS_CHANGE_INSIDE_RECORD");
		behind("client", client_hello, 2, "SECOND_HELLO_INSIDE_RECORD", retry);
	},
	// After the handshake
	"a KeyUpdate that is neither"() {
		afterwards("server", key_update, put(inBody(0), 2), "KEY_UPDATE_MALFORMED");
	},
	"a message behind a KeyUpdate in its record"() {
		const pair = new Pair(pki, registry);
		pair.run();
		putBehind(pair.server, key_update, 1);
		pair.server.connection.updateKeys(false);
		refuses(pair, "client", "KEY_UPDATE_INSIDE_RECORD");
	},
	"a ticket for a server"() {
		afterwards("client", key_update, put(inBody(-4), 4), "TICKET_FOR_SERVER");
	},
	"a ticket that doesn't fit"() {
		afterwards("server", key_update, put(inBody(-4), 4), "NEW_SESSION_TICKET_MALFORMED");
	},
	"a message that has no place after the handshake"() {
		afterwards("server", key_update, put(inBody(-4), 11), "POST_HANDSHAKE_UNEXPECTED");
	},
	// Pre-shared keys
	"a PSK with a wrong key, and one that nobody knows, end alike"() {
		const wrong = { ...psk, key: psk.key.map((byte) => byte ^ 1) };
		refuses(new Pair(pki, registry, { client: { psks: [wrong] }, server: { psks: [psk] } }), "server", "PSK_BINDER_WRONG");
		const unknown = { ...psk, identity: Uint8Array.of(1) };
		refuses(new Pair(pki, registry, { client: { psks: [unknown] }, server: { psks: [psk], credentials: [] } }), "server", "PSK_NOT_ACCEPTED");
		equal(failures.alertOf(failures.PSK_BINDER_WRONG), failures.alertOf(failures.PSK_NOT_ACCEPTED), "alert");
	},
	"a PSK without its modes"() {
		altered("client", client_hello, put(inClientExtension(45, -4), 0xff), "PSK_MODES_NOT_SENT", withPsk);
	},
	"PSK modes that don't fit"() {
		altered("client", client_hello, put(inClientExtension(45, 0), 0), "PSK_MODES_MALFORMED", withPsk);
	},
	"a PSK extension that doesn't fit"() {
		altered("client", client_hello, put(inClientExtension(41, 1), 8), "PSK_EXTENSION_MALFORMED", withPsk);
	},
	"a PSK that isn't the last extension"() {
		altered("client", client_hello, append(clientBlock, 0xff01, 0), "EXTENSION_FORBIDDEN", withPsk);
	},
	"a server that takes a PSK that wasn't offered"() {
		altered("server", server_hello, put(inServerExtension(41, 1), 7), "PSK_INDEX_WRONG", withPsk);
		altered("server", server_hello, shorten(serverBlock, 41), "PSK_INDEX_MALFORMED", withPsk);
	},
	"a server that takes a PSK of another hash"() {
		const psks = [{ ...psk, hash: sha384 }];
		altered("server", server_hello, suiteOf(0x1303), "PSK_HASH_WRONG", { client: { psks }, server: { psks } });
	},
};
