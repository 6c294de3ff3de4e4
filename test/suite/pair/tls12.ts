// Portable cases: TLS 1.2 between our own two ends, every exchange, sessions and renegotiations. On Node and on XS.

import { CERTIFICATE_EXPIRED } from "polltls/base/failure";
import { CLOSED, OPERATING } from "polltls/base/status";
import { BY_ECDSA, BY_RSA } from "polltls/crypto/suites";
import type { Session } from "polltls/handshake/session";
import { SessionCache } from "polltls/handshake/session-store";
import type { Credential } from "polltls/handshake/settings";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { timeToTry } from "polltls/io/secure-time";
import { ChainPolicy, TIME_UNKNOWN_ACCEPT } from "polltls/pki/chain-policy";
import { KEY_USAGE_KEY_ENCIPHERMENT } from "polltls/pki/extensions";
import { ffdhe2048, secp256r1, TLS_1_2, TLS_1_3, x25519 } from "polltls/wire/registry";
import { equal, NOW, Pair, type PairOptions, TestClock, TestEntropy, TestPki } from "./harness.js";
import { pair12, psk, rsaCredential, testRegistry12 } from "./harness12.js";

const registry = testRegistry12();
const pki = new TestPki(registry);
const rsaServer = rsaCredential(pki);
const rsaDecrypter = rsaCredential(pki, KEY_USAGE_KEY_ENCIPHERMENT);

function opened(pair: Pair): Pair {
	pair.run();
	const { client, server } = pair;
	equal(client.connection.failure >> 16, 0, `client's failure in ${client.connection.stateName}, ${String(client.connection.cause)}`);
	equal(server.connection.failure >> 16, 0, `server's failure in ${server.connection.stateName}, ${String(server.connection.cause)}`);
	equal(pair.open, true, "open");
	equal(client.connection.negotiated.version, TLS_1_2);
	equal(client.connection.negotiated.extendedMasterSecret, true);
	return pair;
}

function open(options: PairOptions = {}): Pair {
	return opened(pair12(pki, registry, options));
}

/** With one suite only. */
function withSuite(suite: number, { client = {}, server = {}, ...rest }: PairOptions = {}): Pair {
	const pair = open({ ...rest, client: { suites: [suite], ...client }, server: { suites: [suite], ...server } });
	equal(pair.server.connection.negotiated.suite?.number, suite);
	exchange(pair);
	return pair;
}

/** Text goes both ways, then both close. */
function exchange(pair: Pair): void {
	talk(pair, "hello", "world, and more");
	const { client, server } = pair;
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

function talk(pair: Pair, up: string, down: string): void {
	const { client, server } = pair;
	const before = [server.text, client.text];
	client.write(up);
	server.write(down);
	pair.run();
	equal(server.text, before[0] + up);
	equal(client.text, before[1] + down);
}

/** A connection that gave the client a session. */
function withTicket(): { tickets: TicketKeys; session: Session } {
	const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
	const { session } = open({ server: { tickets } }).client.connection;
	if (session === undefined) throw new Error("no session");
	return { tickets, session };
}

const psks = { client: { psks: [psk] }, server: { psks: [psk], credentials: [] } };

export const cases: Record<string, () => void> = {
	"ECDHE_ECDSA, AES_128_GCM"() {
		const pair = withSuite(0xc02b);
		equal(pair.client.connection.negotiated.group, x25519);
		equal(pair.client.connection.negotiated.peerAuthenticated, true);
	},
	"ECDHE_ECDSA, ChaCha20"() {
		withSuite(0xcca9, { client: { groups: [secp256r1] } });
	},
	"ECDHE_ECDSA, SHA-384"() {
		withSuite(0xc02c);
	},
	"block ciphers, encrypt-then-MAC"() {
		for (const suite of [0xc009, 0xc023, 0xc024]) equal(withSuite(suite).client.connection.negotiated.encryptThenMac, true);
	},
	ECDHE_RSA() {
		withSuite(0xc02f, { server: { credentials: [rsaServer] } });
	},
	DHE_RSA() {
		const pair = withSuite(0x009e, { server: { credentials: [rsaServer] } });
		equal(pair.server.connection.negotiated.group, ffdhe2048);
	},
	RSA() {
		const pair = withSuite(0x009c, { server: { credentials: [rsaDecrypter] } });
		equal(pair.client.connection.negotiated.group, 0);
		equal(pair.client.connection.negotiated.peerAuthenticated, true);
	},
	PSK() {
		const { client, server } = withSuite(0x00a8, psks);
		equal(client.connection.negotiated.pskIdentity, psk.identity);
		equal(server.connection.negotiated.pskIdentity, psk.identity);
		equal(client.connection.negotiated.peerAuthenticated, false);
		withSuite(0x00ae, psks);
	},
	"ECDHE_PSK and DHE_PSK"() {
		withSuite(0xd001, psks);
		withSuite(0x00aa, psks);
	},
	"a PSK that the server looks up"() {
		let asked = 0;
		const findPsk = (bytes: Uint8Array, at: number, end: number) => {
			asked++;
			return end - at === 3 && bytes[at] === 100 ? psk : undefined;
		};
		withSuite(0x00a8, { client: { psks: [psk] }, server: { findPsk, credentials: [] } });
		equal(asked, 1);
	},
	"both offer both versions: 1.3"() {
		const pair = new Pair(pki, registry);
		pair.run();
		equal(pair.open, true);
		equal(pair.client.connection.negotiated.version, TLS_1_3);
	},
	"one hello for both, a server of 1.2: the key share serves"() {
		const pair = opened(new Pair(pki, registry, { server: { maximumVersion: TLS_1_2 } }));
		equal(pair.client.states.includes("shareClientKey12"), false, "no second share");
		exchange(pair);
		// of a group that the server doesn't take, another is made
		const other = opened(new Pair(pki, registry, { client: { groups: [x25519, secp256r1] }, server: { maximumVersion: TLS_1_2, groups: [secp256r1] } }));
		equal(other.client.states.includes("shareClientKey12"), true);
	},
	"a client of 1.2 with a server of both"() {
		exchange(opened(new Pair(pki, registry, { client: { maximumVersion: TLS_1_2 } })));
	},
	"one byte at a time, in and out"() {
		exchange(open({ size: 1 }));
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
		equal(pair.server.connection.negotiated.serverName, "localhost");
	},
	"small records both ways"() {
		const pair = open({ client: { recordSizeLimit: 64 }, server: { recordSizeLimit: 100 } });
		equal(pair.server.connection.negotiated.recordSizeLimit, 65);
		equal(pair.server.connection.negotiated.maxFragmentLength, 0, "the newer extension goes before the older one");
		const before = pair.client.connection.traffic.input.records;
		pair.server.write("x".repeat(1000));
		pair.run();
		equal(pair.client.received.length, 1000);
		equal(pair.client.connection.traffic.input.records - before >= 15, true);
	},
	max_fragment_length() {
		for (const length of [512, 1024, 2048, 4096]) {
			const pair = open({ client: { profile: "web", maxFragmentLength: length }, server: { profile: "web" } });
			equal(pair.server.connection.negotiated.maxFragmentLength, length);
			equal(pair.client.connection.negotiated.maxFragmentLength, length);
			const before = pair.client.connection.traffic.input.records;
			pair.server.write("x".repeat(8192));
			pair.run();
			equal(pair.client.received.length, 8192);
			equal(pair.client.connection.traffic.input.records - before >= 8192 / length, true, String(length));
		}
	},
	"buffers that hold no whole flight"() {
		exchange(
			open({
				client: { profile: { receive: 512, send: 300, store: 2048, flight: 400 } },
				server: { profile: { receive: 512, send: 130, store: 1024, flight: 400 } },
			}),
		);
	},
	"a ticket: no public-key work"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session }, server: { tickets } });
		equal(pair.client.connection.negotiated.resumed, true);
		equal(pair.server.connection.negotiated.resumed, true);
		for (const state of [...pair.client.states, ...pair.server.states]) equal(/check|sign|shareServer|shareClient/.test(state), false, state);
		exchange(pair);
	},
	"a ticket, offered with 1.3"() {
		const { tickets, session } = withTicket();
		const pair = opened(new Pair(pki, registry, { client: { session }, server: { tickets, maximumVersion: TLS_1_2 } }));
		equal(pair.client.connection.negotiated.resumed, true);
	},
	"a ticket of another server, of another name, tampered with, too old: a full handshake"() {
		const { tickets, session } = withTicket();
		const others = new TicketKeys(registry, new TestClock(), new TestEntropy(9), 7200);
		equal(open({ client: { session }, server: { tickets: others } }).client.connection.negotiated.resumed, false);
		equal(open({ client: { session, serverName: "127.0.0.1" }, server: { tickets } }).client.connection.negotiated.resumed, false);
		const ticket = session.ticket.slice();
		ticket[40] ^= 1;
		equal(open({ client: { session: { ...session, ticket } }, server: { tickets } }).client.connection.negotiated.resumed, false);
		const late = pair12(pki, registry, { client: { session: { ...session, lifetime: 100000 } }, server: { tickets } });
		late.clock.epoch += 7300;
		equal(opened(late).client.connection.negotiated.resumed, false);
	},
	"a ticket without a client certificate isn't enough where one is required"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session, credentials: [pki.client] }, server: { tickets, verifyClient: "require" } });
		equal(pair.client.connection.negotiated.resumed, false);
		const second = pair.client.connection.session;
		const again = open({ client: { session: second, credentials: [pki.client] }, server: { tickets, verifyClient: "require" } });
		equal(again.server.connection.negotiated.resumed, true);
		equal(again.server.connection.negotiated.peerAuthenticated, true);
	},
	"a session id"() {
		const sessions = new SessionCache(1);
		const { session } = open({ server: { sessions } }).client.connection;
		equal(session?.sessionId.length, 32);
		const pair = open({ client: { session }, server: { sessions } });
		equal(pair.server.connection.negotiated.resumed, true);
		exchange(pair);
		open({ seed: 2, server: { sessions } }); // the cache holds one
		equal(open({ seed: 3, client: { session }, server: { sessions } }).client.connection.negotiated.resumed, false);
	},
	"resumed by ticket and by id, and by PSK, one byte at a time"() {
		const { tickets, session } = withTicket();
		const byTicket = open({ size: 1, client: { session }, server: { tickets } });
		equal(byTicket.server.connection.negotiated.resumed, true);
		exchange(byTicket);
		const sessions = new SessionCache(1);
		const first = open({ server: { sessions } }).client.connection.session;
		const byId = open({ size: 1, client: { session: first }, server: { sessions } });
		equal(byId.server.connection.negotiated.resumed, true);
		exchange(byId);
		withSuite(0x00a8, { ...psks, size: 1 });
	},
	"after a fatal alert a session isn't resumed"() {
		const sessions = new SessionCache(4);
		const first = open({ server: { sessions } });
		const { session } = first.client.connection;
		first.client.incoming.push(23, 3, 3, 0, 24, ...new Array(24).fill(0)); // a record that nobody sealed
		first.run();
		equal(first.server.connection.state, CLOSED);
		equal(open({ seed: 2, client: { session }, server: { sessions } }).client.connection.negotiated.resumed, false);
	},
	"renegotiation, by either side"() {
		const pair = open({ client: { renegotiation: true, credentials: [pki.client] }, server: { renegotiation: true, verifyClient: "require" } });
		talk(pair, "a", "b");
		equal(pair.client.connection.renegotiate(), true);
		pair.run();
		equal(pair.server.connection.renegotiations, 1, pair.server.connection.stateName);
		talk(pair, "c", "d");
		equal(pair.server.connection.renegotiate(), true);
		pair.run();
		equal(pair.client.connection.renegotiations, 2, pair.client.connection.stateName);
		exchange(pair);
	},
	"renegotiation of one who was only asked"() {
		// The client asks; a server allows it. A server asks; its client's hello is welcome without further ado.
		const asks = open({ server: { renegotiation: true } });
		asks.client.connection.renegotiate();
		asks.run();
		equal(asks.server.connection.renegotiations, 1);
		const invites = open({ client: { renegotiation: true } });
		invites.server.connection.renegotiate();
		invites.run();
		equal(invites.server.connection.renegotiations, 1);
		exchange(invites);
	},
	"renegotiation that both want at once: once"() {
		const pair = open({ client: { renegotiation: true }, server: { renegotiation: true } });
		pair.client.connection.renegotiate();
		pair.server.connection.renegotiate();
		exchange(pair);
		equal(pair.client.connection.renegotiations, 1);
		equal(pair.server.connection.renegotiations, 1);
	},
	"renegotiation of one that closes comes to nothing"() {
		const pair = open({ client: { renegotiation: true }, server: { renegotiation: true } });
		const { client, server } = pair;
		client.connection.renegotiate();
		server.connection.close();
		pair.run();
		equal(client.connection.peerClosed, true);
		equal(pair.clock.now < 5000, true, "nobody waits for it");
		client.write("still");
		pair.run();
		equal(server.text, "still");
		client.connection.close();
		pair.run();
		equal(client.connection.failure, 0);
		equal(server.connection.failure, 0);
		equal(server.connection.state, CLOSED);
	},
	"renegotiation that is asked for around a close: nothing follows the close_notify"() {
		for (let polls = 0; polls < 4; polls++) {
			for (const closer of ["client", "server"] as const) {
				const pair = open({ client: { renegotiation: true }, server: { renegotiation: true } });
				const { client, server } = pair;
				server.connection.renegotiate();
				for (let i = 0; i < polls; i++) server.connection.poll();
				pair[closer].connection.close();
				pair.run();
				client.connection.close();
				server.connection.close();
				pair.run();
				equal(client.connection.failure, 0, `client, ${closer} closes after ${polls} polls`);
				equal(server.connection.failure, 0, `server, ${closer} closes after ${polls} polls`);
				equal(pair.clock.now < 5000, true, "nobody waits");
			}
		}
	},
	"renegotiation asked for twice of one who refuses: it refuses once"() {
		const pair = open();
		for (let times = 0; times < 2; times++) {
			pair.server.connection.renegotiate();
			for (let i = 0; i < 4; i++) pair.server.connection.poll();
		}
		pair.run();
		equal(pair.server.connection.renegotiating, false);
		exchange(pair);
	},
	"renegotiation refused: the connection goes on"() {
		const pair = open();
		pair.client.connection.renegotiate();
		pair.run();
		pair.server.connection.renegotiate();
		pair.run();
		equal(pair.client.connection.renegotiations, 0);
		equal(pair.server.connection.renegotiations, 0);
		exchange(pair);
	},
	"renegotiation after a resumption, with data on its way"() {
		const { tickets, session } = withTicket();
		const pair = open({ client: { session }, server: { tickets, renegotiation: true } });
		pair.server.write("x".repeat(900));
		pair.client.connection.renegotiate();
		pair.run();
		equal(pair.client.connection.renegotiations, 1);
		equal(pair.client.received.length, 900);
		equal(pair.client.connection.negotiated.resumed, false);
		exchange(pair);
	},
	"a certificate for the name goes before the order of the suites"() {
		const named = { ...rsaServer, names: ["localhost"] };
		const elsewhere = { ...rsaServer, names: ["elsewhere"] };
		const authentication = (credentials: Credential[], more: PairOptions["client"] = {}): number | undefined =>
			open({ client: more, server: { credentials } }).server.connection.negotiated.suite?.authentication;
		equal(authentication([pki.server, named]), BY_RSA);
		equal(authentication([named, pki.server]), BY_RSA);
		equal(authentication([elsewhere, pki.server]), BY_ECDSA);
		equal(authentication([pki.server, named], { suites: [0xc02b] }), BY_ECDSA, "what the client can't do is no better");
	},
	"a server's time in its random: asked for, and known"() {
		const serverTime = (options: PairOptions): number => open(options).client.connection.report().serverTime;
		equal(serverTime({ server: { tellsTime: true } }), NOW);
		equal(serverTime({ server: { tellsTime: true, maximumVersion: TLS_1_2 }, client: { maximumVersion: TLS_1_2 } }), NOW);
		equal(serverTime({}) === NOW, false, "random");
		const unknown = new TestClock();
		unknown.epoch = -1;
		equal(serverTime({ server: { tellsTime: true, clock: unknown } }) === 0xffffffff, false, "random, too");
	},
	"a device without the time takes the server's, after a handshake under it"() {
		const chainPolicy = new ChainPolicy();
		chainPolicy.timeUnknown = TIME_UNKNOWN_ACCEPT;
		const clock = new TestClock();
		clock.epoch = -1;
		const pair = open({ client: { chainPolicy, clock }, server: { tellsTime: true, renegotiation: true } });
		const { connection } = pair.client;
		const { serverTime } = connection.report();
		const time = timeToTry({ verifyResult: connection.verifyResult, serverTime, deviceTime: clock.seconds(), earliest: NOW - 1000, isTimeServer: false });
		equal(time, NOW);
		equal(connection.renegotiate(time), true);
		pair.run();
		equal(connection.renegotiations, 1);
		equal(connection.verifyResult, 0, "judged by the server's time");
		equal(clock.seconds(), -1, "the device's time is the application's to set");
		exchange(pair);
	},
	"the time that renegotiate is given is for that one handshake"() {
		const clock = new TestClock();
		const pair = open({ client: { clock, renegotiation: true }, server: { renegotiation: true } });
		clock.epoch = NOW + 86400 * 366; // the device's clock runs wild: by it the certificate has ended
		equal(pair.client.connection.renegotiate(NOW), true);
		pair.run();
		equal(pair.client.connection.renegotiations, 1);
		pair.server.connection.renegotiate();
		pair.run();
		equal(pair.client.connection.failure >> 16, CERTIFICATE_EXPIRED >> 16, "the server's wish goes by the device's");
	},
	"renegotiation judges certificates by the time that it is given"() {
		const pair = open({ server: { renegotiation: true } });
		pair.client.connection.renegotiate(pair.clock.epoch + 86400 * 366);
		pair.run();
		equal(pair.client.connection.state, CLOSED, "expired by then");
	},
};
