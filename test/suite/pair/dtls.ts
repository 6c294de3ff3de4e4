// Portable cases of DTLS: both versions whole, what each end does with noise, and what it must refuse, by the failure's
// name. Losses by the hundred are in dtls-loss.test.ts.

import { CLOSED, WANTS_INPUT, WANTS_TIMER } from "polltls/base/status";
import type { Writer } from "polltls/base/writer";
import { restoreDtlsClient, restoreDtlsServer, saveDtls } from "polltls/dtls-saved";
import type { Connection } from "polltls/engine/connection";
import type { DtlsInput } from "polltls/record/dtls-input";
import { secp256r1, x25519 } from "polltls/wire/registry";
import { clientOptions, type DtlsPairOptions, dtlsPair, fails, serverOptions } from "./dtls-pair.js";
import { alter, equal, TestPki, testRegistry } from "./harness.js";
import { CLIENT, DELAY, describeEnd, faithful, type LossyNetwork, SERVER } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);

const client_hello = 1;
const server_hello = 2;
const new_session_ticket = 4;
const request_connection_id = 9;
const new_connection_id = 10;
const ack = 26;
const handshake = 22;
const CONNECTION_ID = 54;

function pair(options: DtlsPairOptions = {}): LossyNetwork {
	return dtlsPair(pki, registry, options);
}

/** The client of such a pair, from the bytes of one that slept. */
function restored(options: DtlsPairOptions, bytes: Uint8Array): Connection {
	const connection = restoreDtlsClient(clientOptions(pki, registry, options), bytes);
	if (connection === undefined) throw new Error("the bytes are refused");
	return connection;
}

function restoredServer(options: DtlsPairOptions, bytes: Uint8Array): Connection | undefined {
	return restoreDtlsServer(serverOptions(pki, registry, options), bytes);
}

/** Opens both ends. */
function open(network: LossyNetwork): LossyNetwork {
	const done = network.runUntil(() => network.established, 60000);
	equal(done, true, network.ends.map(describeEnd).join("; "));
	network.runUntil(() => false, 500);
	return network;
}

/** A record each way arrives. */
function talk(network: LossyNetwork): void {
	const before = network.received.map(({ length }) => length);
	equal(network.say(CLIENT, "ping") && network.say(SERVER, "pong"), true, "room for data");
	network.runUntil(() => false, 1000);
	equal(network.received[SERVER].slice(before[SERVER]).join(), "ping", describeEnd(network.ends[SERVER]));
	equal(network.received[CLIENT].slice(before[CLIENT]).join(), "pong", describeEnd(network.ends[CLIENT]));
}

type Dropped = Record<string, number>;

function dropped(end: Connection): Dropped {
	return end.report().dropped as Dropped;
}

/** Lets an end write a message that its flow wouldn't. */
function writeMessage(end: Connection, type: number, write: (writer: Writer) => void): void {
	const { messages } = end.traffic;
	messages.begin(type);
	write(messages.writer);
	messages.end(undefined);
	messages.endFlight();
}

/** Makes the length inside a connection_id extension wrong. */
function spoilConnectionId(bytes: Uint8Array, at: number, end: number): number {
	for (; at + 5 < end; at++)
		if (bytes[at] === 0 && bytes[at + 1] === CONNECTION_ID && bytes[at + 2] === 0 && bytes[at + 3] === bytes[at + 4] + 1) bytes[at + 4]++;
	return end;
}

/** A plain record: what anybody can send. */
function plainRecord(type: number, content: readonly number[]): Uint8Array {
	return Uint8Array.from([type, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, content.length >> 8, content.length & 255, ...content]);
}

function plainMessage(type: number, sequence: number, body: readonly number[]): Uint8Array {
	const length = [0, body.length >> 8, body.length & 255];
	return plainRecord(handshake, [type, ...length, 0, sequence, 0, 0, 0, ...length, ...body]);
}

const both = ["1.3", "1.2"] as const;

export const cases: Record<string, () => void> = {
	"both versions, with a cookie, and data both ways": () => {
		for (const version of both) {
			const network = open(pair({ version, cookies: true }));
			equal(network.answers, 1, "one cookie");
			talk(network);
			network.ends[CLIENT].close();
			network.runUntil(() => false, 5000);
			equal(network.ends[SERVER].peerClosed, true);
			network.ends[SERVER].close();
			network.runUntil(() => false, 5000);
			for (const end of network.ends) equal(end.state, CLOSED, describeEnd(end));
		}
	},

	"the newest version that both know": () => {
		equal(open(pair()).ends[CLIENT].report().version, 0xfefc);
		equal(open(pair({ version: "1.2" })).ends[SERVER].report().version, 0xfefd);
		const oneSided = open(pair({ client: { maximumVersion: 0x0303 } }));
		equal(oneSided.ends[CLIENT].report().version, 0xfefd);
	},

	"a client certificate": () => {
		for (const version of both) {
			const network = open(pair({ version, mtu: 300, client: { credentials: [pki.client] }, server: { verifyClient: "require" } }));
			equal(network.ends[SERVER].negotiated.peerAuthenticated, true);
			talk(network);
		}
	},

	"pre-shared keys": () => {
		for (const version of both) talk(open(pair({ version, psk: true, cookies: true })));
	},

	"a group that has no share is asked for, with and without a cookie": () => {
		for (const cookies of [false, true]) {
			const network = open(pair({ version: "1.3", cookies, client: { groups: [x25519, secp256r1] }, server: { groups: [secp256r1] } }));
			equal(network.ends[CLIENT].report().group, secp256r1);
			equal(network.ends[SERVER].report().helloRetry, true);
			talk(network);
		}
	},

	"a ClientHello larger than a datagram": () => {
		const alpn = ["protocol-number-one", "protocol-number-two", "protocol-number-three", "protocol-number-four", "coap"];
		for (const version of both)
			for (const cookies of [true, false]) {
				const network = open(pair({ version, cookies, mtu: 228, client: { alpn }, server: { alpn: ["coap"] } }));
				equal(network.sent[CLIENT] > 2, true, "it had to be cut");
				equal(network.ends[CLIENT].negotiated.alpn, "coap");
				talk(network);
			}
	},

	"keys are updated when the peer has the message, not before": () => {
		const network = open(pair({ version: "1.3" }));
		let lost = 0;
		network.plan = (datagram) => (datagram.from === SERVER && lost++ === 0 ? [] : faithful(datagram)); // the ACK
		network.ends[CLIENT].updateKeys(true);
		network.runUntil(() => false, 100);
		talk(network);
		network.runUntil(() => false, 5000);
		equal(network.ends[CLIENT].report().retransmissions, 1, "the KeyUpdate again");
		talk(network);
		network.ends[SERVER].updateKeys(true);
		network.runUntil(() => false, 5000);
		talk(network);
	},

	"new keys are asked for before the old have seen too many forgeries": () => {
		const network = open(pair({ version: "1.3" }));
		const { epochs } = network.ends[SERVER].traffic.input as unknown as DtlsInput;
		const { newest } = epochs;
		newest.forged = newest.forgedLimit / 2;
		talk(network);
		network.runUntil(() => false, 5000);
		talk(network);
		equal(epochs.newest.epoch, newest.epoch + 1);
		equal(epochs.newest.forged, 0);
	},

	"data after the peer's close_notify is dropped": () => {
		const network = open(pair({ version: "1.3" }));
		network.say(CLIENT, "late");
		network.plan = ({ bytes, from, index }) => [{ delay: from === CLIENT && index === network.sent[CLIENT] - 1 ? DELAY : 100, bytes }];
		network.ends[CLIENT].close();
		network.runUntil(() => false, 1000);
		equal(network.ends[SERVER].peerClosed, true);
		equal(network.ends[SERVER].failure, 0);
	},

	"a connection keeps its peer by its id when the address changes, once the peer has answered there": () => {
		for (const version of both) {
			const network = open(pair({ version, cookies: true, client: { connectionIdLength: 0 }, server: { connectionIdLength: 4 } }));
			talk(network);
			equal(network.ends[SERVER].peerAddress, "client 1");
			network.clientAddress = "client 2";
			network.say(CLIENT, "moved");
			network.runUntil(() => network.received[SERVER].at(-1) === "moved", 1000);
			equal(network.say(SERVER, "too early"), false, "nothing goes anywhere while it is checked");
			network.runUntil(() => false, 2000);
			equal(network.received[SERVER].at(-1), "moved");
			equal(network.ends[SERVER].peerAddress, "client 2");
			talk(network);
		}
	},

	"an address that doesn't answer is not believed": () => {
		const network = open(pair({ version: "1.3", cookies: true, client: { connectionIdLength: 0 }, server: { connectionIdLength: 4 } }));
		talk(network);
		network.clientAddress = "somebody else";
		network.plan = (datagram) => (datagram.from === SERVER ? [] : faithful(datagram));
		network.say(CLIENT, "moved");
		network.runUntil(() => network.received[SERVER].at(-1) === "moved", 1000);
		network.clientAddress = "client 1";
		network.runUntil(() => false, 10000);
		network.plan = faithful;
		equal(network.ends[SERVER].peerAddress, "client 1");
		equal(network.misled, 2, "challenges to the other address, beside the first");
		talk(network);
	},

	"ids can be renewed": () => {
		const network = open(pair({ version: "1.3", client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } }));
		const first = String(network.ends[CLIENT].report().peerId);
		equal(network.ends[SERVER].renewId(), true);
		equal(network.ends[CLIENT].renewId(), true);
		network.runUntil(() => false, 2000);
		equal(String(network.ends[CLIENT].report().peerId) === first, false, "another id");
		talk(network);
		writeMessage(network.ends[CLIENT], request_connection_id, (writer) => writer.u8(1));
		network.runUntil(() => false, 2000);
		equal(network.ends[SERVER].failure, 0);
		talk(network);
	},

	"a connection sleeps as bytes and wakes in another process, again and again": () => {
		for (const version of both) {
			const options = { version, psk: true, client: { connectionIdLength: 0 }, server: { connectionIdLength: 4 } };
			const network = open(pair(options));
			talk(network);
			for (let night = 0; night < 3; night++) {
				const asleep = saveDtls(network.ends[CLIENT], 4);
				if (asleep === undefined) throw new Error(`it can't be saved: ${describeEnd(network.ends[CLIENT])}`);
				equal(asleep.length < 256, true, `${asleep.length} bytes`);
				network.ends[CLIENT].abort();
				const awake = restored(options, asleep);
				equal(network.say(CLIENT, "before the next save"), false);
				network.ends[CLIENT] = awake;
				equal(network.say(CLIENT, "before the next save"), false, "nothing is reserved yet");
				equal(saveDtls(awake, 3) !== undefined, true);
				talk(network);
				equal(network.say(CLIENT, "2") && network.say(CLIENT, "3"), true);
				equal(network.say(CLIENT, "4"), false, "what was reserved is used up");
				equal(saveDtls(awake, 10) === undefined, true, "not while something waits for the network");
				network.runUntil(() => false, 100);
				equal(saveDtls(awake, 10) !== undefined, true);
				talk(network);
			}
			equal(dropped(network.ends[SERVER]).replayed, 0, "no number twice");
			const bytes = saveDtls(network.ends[SERVER], 5) ?? new Uint8Array(0);
			for (let at = 0; at < bytes.length; at += 7) {
				const spoiled = bytes.slice();
				spoiled[at] ^= 1;
				equal(restoredServer(options, spoiled) === undefined, true, `byte ${at}`);
			}
			const server = restoredServer(options, bytes);
			if (server === undefined) throw new Error("the server's bytes are refused");
			equal(saveDtls(server, 100) !== undefined, true);
			network.ends[SERVER] = server;
			talk(network);
			if (version === "1.3") {
				network.ends[CLIENT].updateKeys(true);
				network.runUntil(() => false, 3000);
				talk(network);
			}
		}
	},

	"a full door says so, and a client that comes back takes its own place": () => {
		const network = open(pair({ version: "1.3", cookies: true }));
		const old = network.ends[SERVER];
		const again = pair({ version: "1.3", cookies: true, seed: 2 });
		network.ends[CLIENT] = again.ends[CLIENT];
		open(network);
		equal(old.state, CLOSED);
		equal(network.ends[SERVER] === old, false, "a new connection");
		talk(network);
		const third = pair({ version: "1.3", cookies: true, seed: 3 });
		network.clientAddress = "client 9";
		const server = network.ends[SERVER];
		network.ends[CLIENT] = third.ends[CLIENT];
		fails(network, CLIENT, "ALERT_RECEIVED");
		equal(network.full, 1);
		equal(server.state === CLOSED, false, "the guest stays");
	},

	"an address that isn't proven gets three times what came from it": () => {
		const network = pair({ version: "1.3", door: true, psk: false });
		let first = 0;
		network.plan = (datagram) => {
			if (datagram.from === CLIENT) first ||= datagram.bytes.length;
			return datagram.from === CLIENT && datagram.index === 0 ? faithful(datagram) : [];
		};
		network.runUntil(() => false, 500);
		equal(network.sentBytes[SERVER] > 0 && network.sentBytes[SERVER] <= 3 * first, true, `${network.sentBytes[SERVER]} of ${first}`);
	},

	"a silent peer is told of": () => {
		const network = pair({ version: "1.3", plan: () => [], client: { messageRetries: 2, retransmitInitial: 100, retransmitMax: 400 } });
		network.runUntil(() => network.ends[CLIENT].silent, 5000);
		equal(network.ends[CLIENT].silent, true);
		equal(network.ends[CLIENT].state === CLOSED, false, "it goes on");
		network.plan = faithful;
		open(network);
		equal(network.ends[CLIENT].silent, false);
	},

	"a cookie that has become stale in 1.2 is answered by another": () => {
		// the ClientHello with the cookie arrives only after ten minutes
		const network = pair({ version: "1.2", cookies: true });
		for (const pause of [600000, 1200000, 0]) {
			const until = network.now + pause;
			const answered = network.answers + 1;
			network.plan = faithful;
			network.runUntil(() => network.answers === answered || network.established, 100000);
			network.plan = (datagram) => (datagram.from === CLIENT && network.now < until ? [] : faithful(datagram));
			if (pause > 0) network.runUntil(() => network.now >= until, pause + 61000);
		}
		network.plan = faithful;
		open(network);
		equal(network.answers >= 2, true, `${network.answers} answers`);
	},

	"exchanges of keys by one side, again and again, and by both at once": () => {
		const network = open(pair({ version: "1.3" }));
		const [client, server] = network.ends;
		for (let times = 0; times < 3; times++) {
			equal(client.updateKeys(false), true);
			network.runUntil(() => false, 3000);
		}
		for (const end of network.ends) equal(end.updateKeys(true), true);
		network.runUntil(() => false, 3000);
		equal(client.failure, 0, "the client's");
		equal(server.failure, 0, "the server's");
		equal(network.say(CLIENT, "still here") && network.say(SERVER, "here too"), true);
		network.runUntil(() => false, 100);
		equal(network.received[SERVER].join(), "still here");
		equal(network.received[CLIENT].join(), "here too");
	},

	"while an answer to our message is waited for, only input or time is asked for": () => {
		const network = open(pair({ version: "1.3" }));
		const [client] = network.ends;
		network.plan = () => [];
		client.updateKeys(false);
		network.runUntil(() => false, 100);
		client.updateKeys(false); // must wait for the first
		network.runUntil(() => false, 100);
		equal(client.wants(), WANTS_INPUT | WANTS_TIMER);
		network.plan = faithful;
		network.runUntil(() => false, 10000);
		equal(client.report().retransmissions > 0, true);
		equal(client.wants(), WANTS_INPUT);
	},

	"nothing is sent again to a peer that has closed": () => {
		const network = open(pair({ version: "1.3" }));
		const [client, server] = network.ends;
		network.plan = (datagram) => (datagram.from === CLIENT ? [] : faithful(datagram));
		client.updateKeys(false);
		network.runUntil(() => false, 100);
		server.close();
		network.runUntil(() => client.peerClosed, 1000);
		equal(client.wakeAt, Number.POSITIVE_INFINITY);
		equal(client.wants(), WANTS_INPUT);
	},

	"refused: a message behind a KeyUpdate": () => {
		const network = open(pair({ version: "1.3" }));
		const server = network.ends[SERVER];
		server.updateKeys(false);
		for (let i = 0; i < 3; i++) server.poll(network.now);
		writeMessage(server, new_session_ticket, (writer) => writer.fill(0, 20));
		fails(network, CLIENT, "MESSAGE_AFTER_KEY_UPDATE");
	},

	"refused: an ACK of an epoch that is still to come": () => {
		const network = open(pair({ version: "1.3" }));
		const { memory, output } = network.ends[CLIENT].traffic;
		const at = output.contentAt();
		memory.fill(0, at, at + 18);
		memory[at + 1] = 16;
		memory[at + 9] = 9;
		output.seal(ack, at + 18);
		fails(network, SERVER, "ACK_OF_LATER_EPOCH");
	},

	"refused: a HelloVerifyRequest without a cookie": () => {
		const network = pair({ plan: () => [] });
		network.runUntil(() => false, 10);
		network.inject(CLIENT, plainMessage(3, 0, [254, 255, 0]));
		fails(network, CLIENT, "HELLO_VERIFY_REQUEST_MALFORMED");
	},

	"refused: the old cookie in a ClientHello of 1.3": () => {
		const network = pair({ version: "1.3" });
		alter(network.ends[CLIENT], client_hello, (bytes, at, end) => {
			const cookieAt = at + 2 + 32 + 1;
			bytes.copyWithin(cookieAt + 2, cookieAt + 1, end);
			bytes[cookieAt] = 1;
			return end + 1;
		});
		fails(network, SERVER, "LEGACY_COOKIE_SENT");
	},

	"refused: more than the stores can hold, with the size that would do": () => {
		const sizes = { receive: 2048, send: 2048, store: 4096, flight: 4096 };
		const short = pair({ client: { profile: { ...sizes, store: 256 } } });
		fails(short, CLIENT, "ASSEMBLY_STORE_TOO_SMALL");
		equal(short.ends[CLIENT].bytesNeeded > 256, true);
		const small = pair({ server: { profile: { ...sizes, flight: 256 } } });
		fails(small, SERVER, "FLIGHT_STORE_TOO_SMALL");
		equal(small.ends[SERVER].bytesNeeded > 256, true);
	},

	"refused: malformed connection ids, and ids that nobody asked for": () => {
		const ids = { client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } };
		for (const version of both) {
			const byClient = pair({ version, ...ids });
			alter(byClient.ends[CLIENT], client_hello, spoilConnectionId);
			fails(byClient, SERVER, "CLIENT_CONNECTION_ID_MALFORMED");
			const byServer = pair({ version, ...ids });
			alter(byServer.ends[SERVER], server_hello, spoilConnectionId);
			fails(byServer, CLIENT, "CONNECTION_ID_MALFORMED");
		}
		const unasked = open(pair({ version: "1.3" }));
		writeMessage(unasked.ends[CLIENT], request_connection_id, (writer) => writer.u8(1));
		fails(unasked, SERVER, "CONNECTION_ID_UNASKED");
		const malformed = open(pair({ version: "1.3", ...ids }));
		writeMessage(malformed.ends[CLIENT], new_connection_id, (writer) => writer.fill(9, 4));
		fails(malformed, SERVER, "NEW_CONNECTION_ID_MALFORMED");
	},
};
