// Portable cases: TLS 1.3 between our own two ends, whole and in pieces. On Node and on XS.

import { CLOSED, OPERATING } from "polltls/base/status";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { psk_dhe_ke, psk_ke, secp256r1, TLS_1_3, x25519 } from "polltls/wire/registry";
import { equal, Pair, type PairOptions, TestClock, TestEntropy, TestPki, testRegistry } from "./harness.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const psk = { identity: Uint8Array.of(100, 101, 118), key: Uint8Array.from({ length: 16 }, (_, i) => i + 1) };

function open(options: PairOptions = {}): Pair {
	const pair = new Pair(pki, registry, options);
	pair.run();
	const { client, server } = pair;
	equal(client.connection.failure >> 16, 0, "client's failure");
	equal(server.connection.failure >> 16, 0, "server's failure");
	equal(pair.open, true, "open");
	equal(client.connection.negotiated.version, TLS_1_3);
	return pair;
}

/** Text goes both ways, then both close. */
function exchange(pair: Pair): void {
	const { client, server } = pair;
	client.write("hello");
	server.write("world, and more");
	pair.run();
	equal(server.text, "hello");
	equal(client.text, "world, and more");
	client.connection.close();
	pair.run();
	equal(server.connection.peerClosed, true, "close_notify arrived");
	equal(server.connection.state, OPERATING);
	server.connection.close();
	pair.run();
	equal(client.connection.state, CLOSED);
	equal(server.connection.state, CLOSED);
	equal(client.connection.failure, 0);
	equal(server.connection.failure, 0);
}

/** A pair that gave the client a session. */
function withTicket(seed = 3): { tickets: TicketKeys; session: Session } {
	const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(seed), 7200);
	const { session } = open({ server: { tickets } }).client.connection;
	if (session === undefined) throw new Error("no session");
	return { tickets, session };
}

export const cases: Record<string, () => void> = {
	certificate() {
		const pair = open();
		equal(pair.client.connection.negotiated.group, x25519);
		equal(pair.client.connection.negotiated.peerAuthenticated, true);
		exchange(pair);
	},
	"one byte at a time, in and out"() {
		exchange(open({ size: 1 }));
	},
	HelloRetryRequest() {
		const pair = open({ client: { groups: [secp256r1, x25519] }, server: { groups: [x25519] } });
		equal(pair.client.connection.negotiated.helloRetry, true);
		equal(pair.server.connection.negotiated.group, x25519);
		exchange(pair);
	},
	"HelloRetryRequest, one byte at a time"() {
		exchange(open({ size: 1, client: { groups: [secp256r1, x25519] }, server: { groups: [x25519] } }));
	},
	"another share saves a round trip"() {
		const pair = open({ client: { groups: [secp256r1, x25519] } });
		equal(pair.server.connection.negotiated.helloRetry, false);
		equal(pair.server.connection.negotiated.group, secp256r1);
	},
	"client certificate"() {
		const pair = open({ client: { credentials: [pki.client] }, server: { verifyClient: "require" } });
		equal(pair.server.connection.negotiated.peerAuthenticated, true);
		exchange(pair);
	},
	"client certificate asked for, none given"() {
		const pair = open({ server: { verifyClient: "request" } });
		equal(pair.server.connection.negotiated.peerAuthenticated, false);
	},
	"protocols and names"() {
		const other = { ...pki.selfSigned("other"), names: ["other"] };
		const pair = open({ client: { alpn: ["h2", "http/1.1"] }, server: { alpn: ["http/1.1"], credentials: [other, pki.server] } });
		equal(pair.client.connection.negotiated.alpn, "http/1.1");
		equal(pair.server.connection.negotiated.alpn, "http/1.1");
		equal(pair.server.connection.negotiated.serverName, "localhost");
	},
	"small records both ways"() {
		const pair = open({ client: { recordSizeLimit: 64 }, server: { recordSizeLimit: 100 } });
		equal(pair.server.connection.negotiated.recordSizeLimit, 65);
		pair.server.write("x".repeat(1000));
		pair.run();
		equal(pair.client.received.length, 1000);
	},
	"buffers that hold no whole flight"() {
		exchange(
			open({
				client: { profile: { receive: 512, send: 300, store: 2048, flight: 400 } },
				server: { profile: { receive: 512, send: 130, store: 1024, flight: 300 } },
			}),
		);
	},
	"KeyUpdate from either side and both"() {
		const pair = open();
		const { client, server } = pair;
		for (const [one, other, both] of [
			[client, server, false],
			[server, client, true],
			[client, server, true],
		] as const) {
			equal(one.connection.updateKeys(both), true);
			one.write("a");
			other.write("b");
			pair.run();
		}
		exchangeAfter(pair, "aba", "bab");
	},
	"external PSK"() {
		const pair = open({ client: { psks: [psk] }, server: { psks: [psk], credentials: [] } });
		equal(pair.server.connection.negotiated.group, x25519);
		equal(pair.server.connection.negotiated.pskIdentity?.length, 3);
		exchange(pair);
	},
	"external PSK without a key exchange"() {
		const pair = open({ client: { psks: [psk], pskModes: [psk_ke], groups: [] }, server: { psks: [psk], credentials: [], pskModes: [psk_dhe_ke, psk_ke] } });
		equal(pair.server.connection.negotiated.group, 0);
		exchange(pair);
	},
	"external PSK with HelloRetryRequest"() {
		const pair = open({ client: { psks: [psk], groups: [secp256r1, x25519] }, server: { psks: [psk], groups: [x25519] } });
		equal(pair.client.connection.negotiated.helloRetry, true);
		equal(pair.client.connection.negotiated.pskIdentity?.length, 3);
	},
	"unknown PSK: by certificate"() {
		const pair = open({ client: { psks: [psk] }, server: { psks: [{ ...psk, identity: Uint8Array.of(1) }] } });
		equal(pair.client.connection.negotiated.pskIdentity, undefined);
		equal(pair.client.connection.negotiated.peerAuthenticated, true);
	},
	"resumption by ticket"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session }, server: { tickets } });
		equal(pair.client.connection.negotiated.resumed, true);
		equal(pair.server.connection.negotiated.resumed, true);
		equal(pair.client.connection.negotiated.peerAuthenticated, false);
		equal(pair.client.connection.session !== undefined, true, "a new ticket");
		exchange(pair);
	},
	"resumed without a key exchange, where both want that"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session, pskModes: [psk_ke] }, server: { tickets, pskModes: [psk_dhe_ke, psk_ke] } });
		equal(pair.server.connection.negotiated.resumed, true);
		equal(pair.client.connection.negotiated.group, 0);
		exchange(pair);
		const refused = open({ client: { session, pskModes: [psk_ke] }, server: { tickets } });
		equal(refused.server.connection.negotiated.resumed, false, "the server wants forward secrecy");
		equal(refused.client.connection.negotiated.group, x25519);
	},
	"a ticket whose suite the server has no more: in full, by another"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session }, server: { tickets, suites: [0x1302] } });
		equal(session.suite !== 0x1302, true);
		equal(pair.server.connection.negotiated.resumed, false);
		equal(pair.client.connection.negotiated.suite?.number, 0x1302);
	},
	"resumed, and by an external PSK, one byte at a time"() {
		const { tickets, session } = withTicket();
		const pair = open({ size: 1, client: { session }, server: { tickets } });
		equal(pair.server.connection.negotiated.resumed, true);
		exchange(pair);
		exchange(open({ size: 1, client: { psks: [psk] }, server: { psks: [psk], credentials: [] } }));
	},
	"a ticket of another server, tampered with, or too old: in full"() {
		const { tickets, session } = withTicket();
		const other = withTicket(5).tickets;
		const tampered = { ...session, ticket: session.ticket.slice() };
		tampered.ticket[40] ^= 1;
		for (const [one, keys] of [
			[session, other],
			[tampered, tickets],
			[{ ...session, givenAt: session.givenAt - 7200 }, tickets],
		] as const) {
			const pair = open({ client: { session: one }, server: { tickets: keys } });
			equal(pair.client.connection.negotiated.resumed, false);
			equal(pair.client.connection.negotiated.peerAuthenticated, true);
		}
	},
	"a session of a client without certificate isn't enough where one is required"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session, credentials: [pki.client] }, server: { tickets, verifyClient: "require" } });
		equal(pair.server.connection.negotiated.resumed, false);
		equal(pair.server.connection.negotiated.peerAuthenticated, true);
	},
};

function exchangeAfter(pair: Pair, toServer: string, toClient: string): void {
	equal(pair.server.text, toServer);
	equal(pair.client.text, toClient);
}
