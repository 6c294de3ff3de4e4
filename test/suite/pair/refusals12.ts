// Portable cases: what each end of TLS 1.2 must refuse, by the failure's name. One end of the pair writes a message that
// its own flow would never write; its transcript covers it, so that the other end sees nothing wrong but the message.

import * as failures from "polltls/base/failure";
import { CLOSED } from "polltls/base/status";
import type { Psk } from "polltls/handshake/psk";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { KEY_USAGE_DIGITAL_SIGNATURE } from "polltls/pki/extensions";
import { TLS_1_2 } from "polltls/wire/registry";
import { type Alter, type End, equal, Pair, type PairOptions, putBehind, TestClock, TestEntropy, TestPki } from "./harness.js";
import { pair12, psk, rsaCredential, testRegistry12 } from "./harness12.js";

const registry = testRegistry12();
const pki = new TestPki(registry);

const hello_request = 0;
const client_hello = 1;
const server_hello = 2;
const new_session_ticket = 4;
const server_key_exchange = 12;
const certificate_request = 13;
const server_hello_done = 14;
const certificate_verify = 15;
const client_key_exchange = 16;
const finished = 20;

const ECDSA_GCM = 0xc02b;
const ECDSA_CBC = 0xc023;
const RSA_GCM = 0xc02f;
const RSA_ONLY = 0x009c;
const PSK_GCM = 0x00a8;

// ExtensionType
const server_name = 0;
const max_fragment_length = 1;
const supported_groups = 10;
const ec_point_formats = 11;
const signature_algorithms = 13;
const encrypt_then_mac = 22;
const extended_master_secret = 23;
const renegotiation_info = 0xff01;

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
	const pair = pair12(pki, registry, options);
	const one: End = writer === "client" ? pair.client : pair.server;
	one.alter(type, change);
	refuses(pair, writer === "client" ? "server" : "client", name);
}

/** Where the extension block of a hello begins. */
function blockAt(bytes: Uint8Array, bodyAt: number, isClient: boolean): number {
	let at = bodyAt + 34;
	at += 1 + bytes[at];
	if (!isClient) return at + 3;
	at += 2 + ((bytes[at] << 8) | bytes[at + 1]);
	return at + 1 + bytes[at];
}
const clientBlock = (bytes: Uint8Array, bodyAt: number) => blockAt(bytes, bodyAt, true);
const serverBlock = (bytes: Uint8Array, bodyAt: number) => blockAt(bytes, bodyAt, false);
type Block = typeof clientBlock;

/** Where the body of an extension begins in the block at `at` (its length first). */
function extensionAt(bytes: Uint8Array, at: number, type: number): number {
	const end = at + 2 + number16(bytes, at);
	for (let one = at + 2; one < end; one += 4 + number16(bytes, one + 2)) if (number16(bytes, one) === type) return one + 4;
	throw new Error(`no extension ${type}`);
}

function number16(bytes: Uint8Array, at: number): number {
	return (bytes[at] << 8) | bytes[at + 1];
}

function add16(bytes: Uint8Array, at: number, difference: number): void {
	const value = number16(bytes, at) + difference;
	bytes[at] = value >> 8;
	bytes[at + 1] = value;
}

/** Overwrites bytes from an offset of the body on. */
function put(offset: number, ...values: number[]): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		for (let i = 0; i < values.length; i++) bytes[bodyAt + offset + i] = values[i];
		return bodyEnd;
	};
}

/** Overwrites bytes from an offset of an extension's body on. */
function putIn(block: Block, type: number, offset: number, ...values: number[]): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const at = extensionAt(bytes, block(bytes, bodyAt), type) + offset;
		for (let i = 0; i < values.length; i++) bytes[at + i] = values[i];
		return bodyEnd;
	};
}

/** Adds a zero to an extension's end. */
function fill(block: Block, type: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const start = block(bytes, bodyAt);
		const at = extensionAt(bytes, start, type);
		const end = at + number16(bytes, at - 2);
		bytes.copyWithin(end + 1, end, bodyEnd);
		bytes[end] = 0;
		add16(bytes, start, 1);
		add16(bytes, at - 2, 1);
		return bodyEnd + 1;
	};
}

/** Takes an extension out. */
function remove(block: Block, type: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const start = block(bytes, bodyAt);
		const at = extensionAt(bytes, start, type);
		const length = 4 + number16(bytes, at - 2);
		bytes.copyWithin(at - 4, at - 4 + length, bodyEnd);
		add16(bytes, start, -length);
		return bodyEnd - length;
	};
}

/** Appends an extension without a body. */
function appendEmpty(block: Block, type: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		add16(bytes, block(bytes, bodyAt), 4);
		[type >> 8, type, 0, 0].forEach((value, i) => {
			bytes[bodyEnd + i] = value;
		});
		return bodyEnd + 4;
	};
}

/** Another suite in a ServerHello. */
function suiteOf(number: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const at = serverBlock(bytes, bodyAt) - 3;
		bytes[at] = number >> 8;
		bytes[at + 1] = number;
		return bodyEnd;
	};
}

/** Adds a byte behind the body. */
const longer: Alter = (bytes, _bodyAt, bodyEnd) => {
	bytes[bodyEnd] = 0;
	return bodyEnd + 1;
};

/** Only the second message of the kind is altered. */
function second(change: Alter): Alter {
	let count = 0;
	return (bytes, bodyAt, bodyEnd) => (++count === 2 ? change(bytes, bodyAt, bodyEnd) : bodyEnd);
}

const mutual: PairOptions = { client: { credentials: [pki.client] }, server: { verifyClient: "require" } };
const both: PairOptions = { client: { renegotiation: true }, server: { renegotiation: true } };
const suites = [ECDSA_GCM, ECDSA_CBC];

/** An open pair whose client then begins a second handshake. */
function renegotiating(options: PairOptions, prepare: (pair: Pair) => void): Pair {
	const pair = pair12(pki, registry, { ...both, ...options, client: { ...both.client, ...options.client }, server: { ...both.server, ...options.server } });
	prepare(pair);
	pair.run();
	equal(pair.open, true, "the first handshake");
	pair.client.connection.renegotiate();
	return pair;
}

function withTicket(): { tickets: TicketKeys; session: Session } {
	const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
	const pair = pair12(pki, registry, { client: { suites }, server: { tickets } });
	pair.run();
	const { session } = pair.client.connection;
	if (session === undefined) throw new Error("no session");
	return { tickets, session };
}

/** The way of a PSK handshake that must fail: both ends' failures, alerts and states. */
function pskFailure(clientPsk: Psk): string {
	const pair = pair12(pki, registry, { client: { psks: [clientPsk] }, server: { psks: [psk], credentials: [] } });
	pair.run();
	const { client, server } = pair;
	equal(client.connection.state, CLOSED);
	equal(server.connection.state, CLOSED);
	const sides = [client, server].map(
		({ connection, states }) => `${connection.failure} ${connection.alerts.sent} ${connection.alerts.received} ${states.join(" ")}`,
	);
	return `${sides.join("\n")} ${server.sent.length} bytes`;
}

export const cases: Record<string, () => void> = {
	// ClientHello
	"no suite in common"() {
		refuses(pair12(pki, registry, { client: { suites: [ECDSA_GCM] }, server: { suites: [ECDSA_CBC] } }), "server", "NO_COMMON_SUITE_12");
	},
	"no group and no scheme in common"() {
		altered("client", client_hello, putIn(clientBlock, supported_groups, 2, 9, 9, 9, 9, 9, 9), "NO_COMMON_SUITE_12", { client: { suites } });
		altered("client", client_hello, putIn(clientBlock, signature_algorithms, -4, 0xff), "NO_COMMON_SUITE_12", { client: { suites } });
	},
	"PSK suites with a server that has none"() {
		refuses(pair12(pki, registry, { client: { psks: [psk], suites: [PSK_GCM] } }), "server", "NO_COMMON_SUITE_12");
	},
	"a group list of odd length"() {
		altered("client", client_hello, putIn(clientBlock, supported_groups, 0, 0, 3), "CLIENT_GROUPS_MALFORMED");
	},
	"a scheme list of odd length"() {
		altered("client", client_hello, putIn(clientBlock, signature_algorithms, 0, 0, 3), "CLIENT_SCHEMES_MALFORMED");
	},
	"a first ClientHello that says it is a later one"() {
		altered("client", client_hello, fill(clientBlock, renegotiation_info), "CLIENT_RENEGOTIATION_INFO_WRONG");
	},
	"something in an extension that is empty"() {
		altered("client", client_hello, fill(clientBlock, extended_master_secret), "CLIENT_EXTENSION_FILLED");
		altered("client", client_hello, fill(clientBlock, encrypt_then_mac), "CLIENT_EXTENSION_FILLED");
	},
	"no uncompressed points"() {
		altered("client", client_hello, putIn(clientBlock, ec_point_formats, 1, 1), "CLIENT_POINT_FORMATS_REFUSED");
	},
	"no extended master secret where it is required"() {
		const server = { requireExtendedMasterSecret: true };
		altered("client", client_hello, remove(clientBlock, extended_master_secret), "CLIENT_EXTENDED_MASTER_SECRET_MISSING", { server });
	},
	"a max_fragment_length that there isn't"() {
		altered("client", client_hello, putIn(clientBlock, max_fragment_length, 0, 5), "CLIENT_MAX_FRAGMENT_LENGTH_REFUSED");
	},
	"a session that had an extended master secret, from a client that doesn't say so"() {
		const { tickets, session } = withTicket();
		const options = { client: { session, suites }, server: { tickets } };
		altered("client", client_hello, remove(clientBlock, extended_master_secret), "CLIENT_EXTENDED_MASTER_SECRET_DROPPED", options);
	},
	// ServerHello
	"a suite that wasn't offered"() {
		altered("server", server_hello, suiteOf(0xc02c), "SUITE_NOT_OFFERED_12", { client: { suites } });
	},
	"a server that doesn't know RFC 5746"() {
		altered("server", server_hello, remove(serverBlock, renegotiation_info), "RENEGOTIATION_INFO_MISSING");
	},
	"a first ServerHello that says it is a later one"() {
		altered("server", server_hello, fill(serverBlock, renegotiation_info), "RENEGOTIATION_INFO_WRONG");
	},
	"something in an answer that is empty"() {
		altered("server", server_hello, fill(serverBlock, extended_master_secret), "EMPTY_EXTENSION_FILLED");
	},
	"encrypt_then_mac with an AEAD"() {
		const options = { client: { suites }, server: { suites: [ECDSA_GCM] } };
		altered("server", server_hello, appendEmpty(serverBlock, encrypt_then_mac), "ENCRYPT_THEN_MAC_UNFIT", options);
	},
	"a server without uncompressed points"() {
		altered("server", server_hello, putIn(serverBlock, ec_point_formats, 1, 1), "POINT_FORMATS_REFUSED");
	},
	"a server that answers with another max_fragment_length"() {
		const options: PairOptions = { client: { profile: "web", maxFragmentLength: 512 }, server: { profile: "web" } };
		altered("server", server_hello, putIn(serverBlock, max_fragment_length, 0, 2), "MAX_FRAGMENT_LENGTH_REFUSED", options);
	},
	"a server without extended master secrets, where they are required"() {
		const client = { requireExtendedMasterSecret: true };
		altered("server", server_hello, remove(serverBlock, extended_master_secret), "EXTENDED_MASTER_SECRET_MISSING", { client });
	},
	"a session id that comes back though there is no session"() {
		// The client offers 1.3 too, so its hello has an id for middleboxes
		const pair = new Pair(pki, registry, { server: { maximumVersion: TLS_1_2 } });
		let sessionId = new Uint8Array(0);
		pair.client.alter(client_hello, (bytes, bodyAt, bodyEnd) => {
			sessionId = bytes.slice(bodyAt + 35, bodyAt + 67);
			return bodyEnd;
		});
		pair.server.alter(server_hello, (bytes, bodyAt, bodyEnd) => {
			bytes.copyWithin(bodyAt + 67, bodyAt + 35, bodyEnd);
			bytes[bodyAt + 34] = 32;
			bytes.set(sessionId, bodyAt + 35);
			return bodyEnd + 32;
		});
		refuses(pair, "client", "SESSION_ID_ECHOED");
	},
	"a resumption with another suite"() {
		const { tickets, session } = withTicket();
		altered("server", server_hello, suiteOf(ECDSA_CBC), "RESUMED_SUITE_CHANGED", { client: { session, suites }, server: { tickets } });
	},
	"a resumption that drops the extended master secret"() {
		const { tickets, session } = withTicket();
		const options = { client: { session, suites }, server: { tickets } };
		altered("server", server_hello, remove(serverBlock, extended_master_secret), "EXTENDED_MASTER_SECRET_DROPPED", options);
	},
	// Certificates and key exchange
	"a server without a certificate"() {
		const chain = pki.server.chain.slice();
		const pair = pair12(pki, registry, { server: { credentials: [{ ...pki.server, chain }] } });
		chain.length = 0;
		refuses(pair, "client", "CERTIFICATE_EMPTY_12");
	},
	"CertificateStatus of another type, and one that says nothing"() {
		const options = { client: { status: true }, server: { credentials: [{ ...pki.server, staple: Uint8Array.of(0x30, 0) }] } };
		const pair = pair12(pki, registry, options);
		const { messages } = pair.server.connection.traffic;
		const { put: putBytes } = messages;
		messages.put = (bytes, at, end, transcript) => {
			if (end - at === 4) bytes[at] = 9; // the head of the message's body
			return putBytes.call(messages, bytes, at, end, transcript);
		};
		refuses(pair, "client", "CERTIFICATE_STATUS_MALFORMED");
		refuses(pair12(pki, registry, options), "client", "CERTIFICATE_REVOCATION_UNKNOWN");
	},
	"a certificate whose key is for something else"() {
		const server = { credentials: [rsaCredential(pki, KEY_USAGE_DIGITAL_SIGNATURE)] };
		refuses(pair12(pki, registry, { client: { suites: [RSA_ONLY] }, server }), "client", "KEY_USAGE_UNFIT");
	},
	"a certificate of the wrong kind for the suite"() {
		altered("server", server_hello, suiteOf(RSA_GCM), "KEY_TYPE_UNFIT", { client: { suites: [ECDSA_GCM, RSA_GCM] } });
	},
	"ServerKeyExchange with a byte behind it"() {
		altered("server", server_key_exchange, longer, "SERVER_KEY_EXCHANGE_MALFORMED");
	},
	"ServerKeyExchange in a group that wasn't offered"() {
		altered("server", server_key_exchange, put(1, 0, 24), "KEY_EXCHANGE_GROUP_WRONG");
	},
	"ServerKeyExchange signed by a scheme that wasn't offered, or that the key can't make"() {
		altered("server", server_key_exchange, put(36, 2, 3), "KEY_EXCHANGE_SCHEME_NOT_OFFERED");
		altered("server", server_key_exchange, put(36, 8, 4), "KEY_EXCHANGE_SCHEME_UNFIT");
	},
	"ServerKeyExchange with other parameters than were signed"() {
		altered("server", server_key_exchange, put(10, 1), "SIGNATURE_WRONG");
	},
	"CertificateRequest with a byte behind it"() {
		altered("server", certificate_request, longer, "CERTIFICATE_REQUEST_MALFORMED_12", mutual);
	},
	"ServerHelloDone that isn't empty"() {
		altered("server", server_hello_done, longer, "SERVER_HELLO_DONE_MALFORMED");
	},
	"ClientKeyExchange with a byte behind it"() {
		altered("client", client_key_exchange, longer, "CLIENT_KEY_EXCHANGE_MALFORMED");
	},
	"a share that gives zero"() {
		altered("client", client_key_exchange, put(1, ...new Array(32).fill(0)), "KEY_SHARE_REFUSED");
	},
	"no client certificate where it is required"() {
		refuses(pair12(pki, registry, { server: { verifyClient: "require" } }), "server", "CERTIFICATE_MISSING_12");
	},
	"CertificateVerify with a byte behind it"() {
		altered("client", certificate_verify, longer, "CERTIFICATE_VERIFY_MALFORMED_12", mutual);
	},
	"CertificateVerify by a scheme that wasn't asked for, or that the key can't make"() {
		altered("client", certificate_verify, put(0, 2, 3), "SIGNATURE_SCHEME_NOT_OFFERED_12", mutual);
		altered("client", certificate_verify, put(0, 8, 4), "SIGNATURE_SCHEME_UNFIT_12", mutual);
	},
	"CertificateVerify of something else"() {
		// A P-256 key may sign by SHA-384 in 1.2, but this signature is by SHA-256
		altered("client", certificate_verify, put(0, 5, 3), "SIGNATURE_WRONG", mutual);
	},
	// Finished and what follows
	"a ChangeCipherSpec that isn't one"() {
		const pair = pair12(pki, registry, {
			tamper: ({ sent }, _offset, byte) => (String(sent.slice(-5)) === "20,3,3,0,1" ? 2 : byte),
		});
		refuses(pair, "server", "CHANGE_CIPHER_SPEC_MALFORMED");
	},
	"a ChangeCipherSpec too early"() {
		const pair = pair12(pki, registry);
		pair.server.incoming.push(20, 3, 3, 0, 1, 1);
		refuses(pair, "server", "CHANGE_CIPHER_SPEC_UNEXPECTED");
	},
	"Finished with a byte behind it"() {
		altered("client", finished, longer, "FINISHED_MALFORMED_12");
		altered("server", finished, longer, "FINISHED_MALFORMED_12");
	},
	"Finished that isn't right"() {
		for (const writer of ["client", "server"] as const)
			altered(
				writer,
				finished,
				(bytes, bodyAt, bodyEnd) => {
					bytes[bodyAt + 11] ^= 1;
					return bodyEnd;
				},
				"FINISHED_WRONG_12",
			);
	},
	"NewSessionTicket with a byte behind it"() {
		const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
		altered("server", new_session_ticket, longer, "TICKET_MALFORMED_12", { server: { tickets } });
	},
	"a message after the handshake that has no business there"() {
		const pair = pair12(pki, registry);
		putBehind(pair.client, finished, 1); // a HelloRequest of a client
		refuses(pair, "server", "POST_HANDSHAKE_UNEXPECTED_12");
	},
	// PSKs: a wrong key and an identity that nobody knows can't be told apart
	"a wrong PSK and an unknown identity are the same to the client"() {
		const wrongKey = pskFailure({ identity: psk.identity, key: new Uint8Array(16).fill(9) });
		const unknown = pskFailure({ identity: Uint8Array.of(1, 2, 3), key: psk.key });
		equal(unknown, wrongKey);
		equal(wrongKey.includes(String(failures.BAD_RECORD_MAC)), true, wrongKey);
	},
	// Renegotiation
	"a HelloRequest that isn't empty"() {
		const pair = pair12(pki, registry);
		pair.run();
		pair.server.alter(hello_request, longer);
		pair.server.connection.renegotiate();
		refuses(pair, "client", "HELLO_REQUEST_MALFORMED");
	},
	"a peer that asks again and again for what it doesn't get"() {
		const pair = pair12(pki, registry);
		pair.run();
		for (let i = 0; i < 4; i++) {
			pair.client.connection.renegotiate();
			pair.run();
			equal(pair.open, true);
		}
		pair.client.connection.renegotiate();
		refuses(pair, "server", "RENEGOTIATION_INSISTED");
	},
	"a later ClientHello that drops or changes RFC 5746's data"() {
		refuses(
			renegotiating({}, (pair) => pair.client.alter(client_hello, second(remove(clientBlock, renegotiation_info)))),
			"server",
			"CLIENT_RENEGOTIATION_INFO_WRONG",
		);
		refuses(
			renegotiating({}, (pair) => pair.client.alter(client_hello, second(putIn(clientBlock, renegotiation_info, 5, 1)))),
			"server",
			"CLIENT_RENEGOTIATION_INFO_WRONG",
		);
	},
	"a later ServerHello that drops or changes RFC 5746's data"() {
		refuses(
			renegotiating({}, (pair) => pair.server.alter(server_hello, second(remove(serverBlock, renegotiation_info)))),
			"client",
			"RENEGOTIATION_INFO_MISSING",
		);
		refuses(
			renegotiating({}, (pair) => pair.server.alter(server_hello, second(putIn(serverBlock, renegotiation_info, 20, 1)))),
			"client",
			"RENEGOTIATION_INFO_WRONG",
		);
	},
	"a later hello without extended master secret"() {
		const name = "CLIENT_EXTENDED_MASTER_SECRET_MISSING";
		refuses(
			renegotiating({}, (pair) => pair.client.alter(client_hello, second(remove(clientBlock, extended_master_secret)))),
			"server",
			name,
		);
		refuses(
			renegotiating({}, (pair) => pair.server.alter(server_hello, second(remove(serverBlock, extended_master_secret)))),
			"client",
			"EXTENDED_MASTER_SECRET_MISSING",
		);
	},
	"a later ClientHello for another name"() {
		refuses(
			renegotiating({}, (pair) => pair.client.alter(client_hello, second(putIn(clientBlock, server_name, 5, 120)))),
			"server",
			"SERVER_NAME_CHANGED",
		);
	},
	"a later ClientHello of an older version"() {
		refuses(
			renegotiating({}, (pair) => pair.client.alter(client_hello, second(put(0, 3, 2)))),
			"server",
			"CLIENT_HELLO_OF_OTHER_VERSION",
		);
	},
	"a later handshake with another certificate"() {
		const other = pki.selfSigned("localhost");
		const credentials = [pki.server];
		const server = renegotiating({ server: { credentials } }, () => {});
		credentials[0] = other;
		refuses(server, "client", "PEER_CHANGED");
		const own = [pki.client];
		const client = renegotiating({ client: { credentials: own }, server: { verifyClient: "request" } }, () => {});
		own.length = 0;
		refuses(client, "server", "PEER_CHANGED");
	},
	"a later handshake by PSK after one by certificate"() {
		const options = { client: { psks: [psk], suites: [ECDSA_GCM, PSK_GCM] } };
		refuses(
			renegotiating(options, (pair) => pair.server.alter(server_hello, second(suiteOf(PSK_GCM)))),
			"client",
			"PEER_CHANGED_KIND",
		);
	},
	"a peer that never answers in a later handshake"() {
		const pair = pair12(pki, registry, { server: { renegotiation: true } });
		pair.run();
		pair.client.connection.renegotiate();
		pair.clock.now += 1;
		pair.client.turn(pair.clock.now, pair.server, 4096, undefined);
		for (let i = 0; i < 8; i++) pair.client.turn(pair.clock.now, { incoming: [] } as unknown as End, 4096, undefined);
		equal(pair.client.connection.wakeAt <= pair.clock.now + 10000, true, "there is a deadline");
		pair.clock.now += 10001;
		pair.client.turn(pair.clock.now, pair.server, 4096, undefined);
		equal(pair.client.connection.failure >> 16, failures.HANDSHAKE_TIMED_OUT >> 16);
	},
};
