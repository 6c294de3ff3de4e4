// Portable cases of later handshakes on an open connection of DTLS 1.2 (RFC 5746, RFC 6347): begun by either side, with losses,
// repetitions and what is left over of the handshake before, refused ones, and those that try to change what was agreed on.

import { CLOSED, OPERATING } from "polltls/base/status";
import type { Writer } from "polltls/base/writer";
import { restoreDtlsClient, saveDtls } from "polltls/dtls-saved";
import type { Connection } from "polltls/engine/connection";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import type { DtlsOutput } from "polltls/record/dtls-output";
import { clientOptions, type DtlsPairOptions, dtlsPair, fails } from "./dtls-pair.js";
import { type Alter, alter, equal, NOW, TestClock, TestEntropy, TestPki, testRegistry, thaw } from "./harness.js";
import { CLIENT, type Datagram, DELAY, describeEnd, faithful, type LossyNetwork, type Plan, SERVER } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const sides = [CLIENT, SERVER] as const;

const client_hello = 1;
const server_hello = 2;
const hello_verify_request = 3;
const finished = 20;
const handshake = 22;
const application_data = 23;
const extended_master_secret = 23;
const renegotiation_info = 0xff01;

/** Both allow it. */
function pair(options: DtlsPairOptions = {}): LossyNetwork {
	const { client, server } = options;
	return dtlsPair(pki, registry, { version: "1.2", ...options, client: { renegotiation: true, ...client }, server: { renegotiation: true, ...server } });
}

function describe(network: LossyNetwork): string {
	return network.ends.map(describeEnd).join("; ");
}

/** Opens both ends. */
function open(options: DtlsPairOptions = {}): LossyNetwork {
	const network = pair(options);
	equal(
		network.runUntil(() => network.established, 60000),
		true,
		describe(network),
	);
	network.runUntil(() => false, 500);
	return network;
}

/** A record each way arrives. */
function talk(network: LossyNetwork, what = ""): void {
	network.received[CLIENT].length = network.received[SERVER].length = 0;
	equal(network.say(CLIENT, "ping") && network.say(SERVER, "pong"), true, `room for data: ${what}; ${describe(network)}`);
	network.runUntil(() => false, 1000);
	equal(network.received[SERVER].join(), "ping", `${what}; ${describe(network)}`);
	equal(network.received[CLIENT].join(), "pong", `${what}; ${describe(network)}`);
}

/** Both ends come to so many later handshakes. */
function comes(network: LossyNetwork, count: number, what = "", patience = 10000): void {
	const done = network.runUntil(() => network.ends.every(({ renegotiations, renegotiating }) => renegotiations === count && !renegotiating), patience);
	equal(done, true, `${what}; ${describe(network)}, ${network.ends.map(({ renegotiations }) => renegotiations).join()} later handshakes`);
}

/** Nobody waits for anything, and nothing was sent more often than that. */
function quiet(network: LossyNetwork, retransmissions: number, what = ""): void {
	network.runUntil(() => false, 60000);
	for (const end of network.ends) {
		equal(end.wakeAt, Number.POSITIVE_INFINITY, `${what}: a timer is left: ${describeEnd(end)}`);
		equal(end.failure, 0, what);
		equal(end.report().retransmissions <= retransmissions, true, `${what}: ${describeEnd(end)}`);
	}
}

/** A plan that changes the datagrams that come from now on, by their order. */
function from(network: LossyNetwork, change: (datagram: Datagram, index: number) => { delay: number; bytes: Uint8Array }[]): Plan {
	const first = network.sent[CLIENT] + network.sent[SERVER];
	return (datagram) => change(datagram, network.sent[CLIENT] + network.sent[SERVER] - first - 1);
}

function number16(bytes: Uint8Array, at: number): number {
	return (bytes[at] << 8) | bytes[at + 1];
}

function put16(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = value >> 8;
	bytes[at + 1] = value;
}

/** Where the extension block of a hello begins; a ClientHello has a cookie. */
function blockAt(bytes: Uint8Array, bodyAt: number, ofClient: boolean): number {
	let at = bodyAt + 34;
	at += 1 + bytes[at];
	if (!ofClient) return at + 3;
	at += 1 + bytes[at];
	at += 2 + number16(bytes, at);
	return at + 1 + bytes[at];
}

function extensionAt(bytes: Uint8Array, block: number, type: number): number {
	const end = block + 2 + number16(bytes, block);
	for (let at = block + 2; at < end; at += 4 + number16(bytes, at + 2)) if (number16(bytes, at) === type) return at;
	throw new Error(`no extension ${type}`);
}

/** Takes an extension out. */
function without(type: number, ofClient: boolean): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const block = blockAt(bytes, bodyAt, ofClient);
		const at = extensionAt(bytes, block, type);
		const length = 4 + number16(bytes, at + 2);
		bytes.copyWithin(at, at + length, bodyEnd);
		put16(bytes, block, number16(bytes, block) - length);
		return bodyEnd - length;
	};
}

/** Changes the last byte of an extension. */
function spoiled(type: number, ofClient: boolean): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const at = extensionAt(bytes, blockAt(bytes, bodyAt, ofClient), type);
		bytes[at + 3 + number16(bytes, at + 2)] ^= 1;
		return bodyEnd;
	};
}

/** An end writes a message that its flow wouldn't, and goes back to where it was. */
function interject(end: Connection, type: number, write: (writer: Writer) => void): void {
	const { messages } = end.traffic;
	messages.room(64);
	messages.begin(type);
	write(messages.writer);
	messages.end(undefined);
	messages.endFlight();
	messages.abandoned();
}

/** The epoch and the number of each record of a kind in datagrams without connection ids. */
function recordsOf(log: readonly Datagram[], sender: number): { type: number; epoch: number; number: number }[] {
	const records: { type: number; epoch: number; number: number }[] = [];
	for (const { from, bytes } of log)
		for (let at = 0; from === sender && at < bytes.length; at += 13 + number16(bytes, at + 11))
			records.push({ type: bytes[at], epoch: number16(bytes, at + 3), number: number16(bytes, at + 9) });
	return records;
}

const mutual: DtlsPairOptions = { client: { credentials: [pki.client] }, server: { verifyClient: "require" } };
/** One datagram of a later handshake, each in its turn, is lost or something else; on a fresh connection each time. */
function tryEach(options: DtlsPairOptions, whats: readonly ("lost" | "twice" | "late")[]): void {
	for (const side of sides) {
		const plain = open(options);
		const before = plain.sent[CLIENT] + plain.sent[SERVER];
		plain.ends[side].renegotiate();
		comes(plain, 1);
		const total = plain.sent[CLIENT] + plain.sent[SERVER] - before;
		for (let i = 0; i < total; i++)
			for (const what of whats) {
				const network = open(options);
				network.plan = from(network, (datagram, index) => {
					if (index !== i) return faithful(datagram);
					const copy = { delay: what === "late" ? DELAY + 5 : DELAY, bytes: datagram.bytes };
					return what === "lost" ? [] : what === "late" ? [copy] : [copy, { ...copy, delay: DELAY + 3 }];
				});
				network.ends[side].renegotiate();
				comes(network, 1, `${i} ${what}`);
				talk(network, `${i} ${what}`);
				quiet(network, what === "lost" ? 2 : 1, `${i} ${what}`);
			}
	}
}

export const cases: Record<string, () => void> = {
	"there are none in 1.3": () => {
		const network = open({ version: "1.3" });
		for (const end of network.ends) equal(end.renegotiate(), false);
		talk(network);
	},

	"by either side, again and again, with data between": () => {
		for (const options of [{}, { psk: true }, { mtu: 228, ...mutual }, { cookies: true }])
			for (const side of sides) {
				const network = open(options);
				for (const round of [1, 2, 3, 4, 5]) {
					equal(network.ends[side].renegotiate(), true);
					comes(network, round);
					talk(network);
				}
				const { dropped } = network.ends[SERVER].report();
				equal(network.ends[SERVER].negotiated.peerAuthenticated, "mtu" in options);
				equal(Object.values(dropped).join(""), "0000000000", "nothing was dropped");
				quiet(network, 0);
			}
	},

	"each begins in the epoch of the one before it, under its keys, and both sides' records count on": () => {
		const network = open();
		network.log = [];
		network.ends[CLIENT].renegotiate();
		comes(network, 1);
		talk(network);
		for (const side of sides) {
			const records = recordsOf(network.log, side);
			equal(
				records.some(({ epoch }) => epoch === 0),
				false,
				"nothing in the clear",
			);
			const changes = records.findIndex(({ epoch }) => epoch === 2);
			equal(changes > 0 && records.slice(changes).every(({ epoch }) => epoch === 2), true, "one epoch after the other");
			for (let i = 1; i < changes; i++) equal(records[i].number, records[0].number + i);
			equal(records[0].number > 0, true, "the epoch's numbers go on");
			equal(
				records
					.slice(changes)
					.map(({ number }) => number)
					.join(),
				"0,1",
				"Finished, data",
			);
		}
	},

	"each numbers its messages from 0 on, a HelloRequest, too; the cookie comes again": () => {
		for (const side of sides) {
			const network = open({ cookies: true });
			const numbers: string[] = [];
			let cookie = 0;
			for (const end of network.ends) {
				thaw(end);
				const { messages } = end.traffic;
				const { begin } = messages;
				messages.begin = (type) => {
					begin.call(messages, type);
					numbers.push(`${type}: ${number16(messages.memory, messages.writer.at - 8)}`);
				};
			}
			alter(network.ends[CLIENT], client_hello, (bytes, bodyAt, bodyEnd) => {
				cookie = bytes[bodyAt + 35 + bytes[bodyAt + 34]];
				return bodyEnd;
			});
			for (const round of [1, 2]) {
				numbers.length = 0;
				network.ends[side].renegotiate();
				comes(network, round);
				const asked = side === SERVER ? 1 : 0;
				const expected = [...(asked ? ["0: 0"] : []), "1: 0", `2: ${asked}`, `12: ${asked + 2}`, `14: ${asked + 3}`, "16: 1", "20: 2", `20: ${asked + 4}`];
				equal(numbers.join(), expected.join(), "what beginLong writes doesn't show here");
				equal(cookie > 0, true, "some servers take no ClientHello without");
			}
		}
	},

	"each datagram lost, repeated, late, by either side: PSK": () => tryEach({ psk: true }, ["lost", "twice", "late"]),
	"each datagram lost, by either side: certificates of both": () => tryEach({ mtu: 512, ...mutual }, ["lost"]),

	"the last flight of the handshake before is lost, and the next one has begun": () => {
		// A server that has the last word asks at once; a client that has it, after a resumption, begins at once
		const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
		const { session } = open({ server: { tickets } }).ends[CLIENT];
		for (const side of sides)
			for (const lost of [1, 2, 3]) {
				const network = pair(side === SERVER ? {} : { client: { session }, server: { tickets } });
				let count = 0;
				network.plan = (datagram) => (datagram.from === side && network.ends[side].state === OPERATING && count++ < lost ? [] : faithful(datagram));
				network.runUntil(() => network.ends[side].state === OPERATING, 1000);
				equal(network.ends[1 - side].state === OPERATING, false);
				equal(network.ends[side].renegotiate(), true);
				comes(network, 1, `${lost} lost`, 30000);
				equal(network.ends[SERVER].negotiated.resumed, false);
				talk(network);
				quiet(network, 9);
			}
	},

	"both at once, and with the HelloRequest lost or late: one handshake": () => {
		for (const what of ["crossing", "lost", "late", "very late"]) {
			const network = open();
			const delay = what === "late" ? 25 : what === "very late" ? 5000 : DELAY;
			let asked = false;
			network.plan = (datagram) => {
				if (datagram.from !== SERVER || asked) return faithful(datagram);
				asked = true;
				return what === "lost" ? [] : [{ delay, bytes: datagram.bytes }];
			};
			network.ends[SERVER].renegotiate();
			network.ends[CLIENT].renegotiate();
			comes(network, 1, what);
			talk(network, what);
			quiet(network, 1, what);
			equal(network.ends[CLIENT].renegotiations, 1, what);
		}
	},

	"a HelloRequest is repeated until the ClientHello comes, but not for ever": () => {
		const network = open({ server: { messageRetries: 2 } });
		network.plan = from(network, (datagram, index) => (index < 2 ? [] : faithful(datagram)));
		network.ends[SERVER].renegotiate();
		comes(network, 1);
		equal(network.ends[SERVER].report().retransmissions, 2);
		talk(network);
		network.plan = (datagram) => (datagram.from === SERVER ? [] : faithful(datagram));
		network.ends[SERVER].renegotiate();
		network.runUntil(() => false, 600000);
		equal(network.ends[SERVER].report().retransmissions, 5, "three more");
		equal(network.ends[SERVER].wakeAt, Number.POSITIVE_INFINITY);
		equal(network.ends[SERVER].silent, true, "the application may know");
		network.plan = faithful;
		network.ends[CLIENT].renegotiate();
		comes(network, 2);
		equal(network.ends[SERVER].silent, false);
		talk(network);
	},

	"what was sent in handshakes before, once more at every moment of the next": () => {
		for (const side of sides) {
			const network = pair();
			const log: Datagram[] = [];
			network.log = log;
			network.runUntil(() => network.established, 10000);
			for (const round of [1, 2, 3]) {
				network.log = undefined;
				const old = log.slice();
				network.log = log;
				network.plan = (datagram) => {
					for (const { from, bytes } of old) network.inject(1 - from, bytes, DELAY - 1);
					return faithful(datagram);
				};
				network.ends[side].renegotiate();
				comes(network, round);
				network.plan = faithful;
				talk(network);
			}
			for (const end of network.ends) equal((end.report().dropped as Record<string, number>).replayed > 0, true);
			quiet(network, 0);
		}
	},

	"a late Finished of the handshake before isn't one of the next": () => {
		for (const side of sides) {
			const network = open();
			network.ends[CLIENT].renegotiate();
			const state = side === CLIENT ? "readServerHello" : "readClientKeyExchange12";
			network.runUntil(() => network.ends[side].stateName === state, 1000);
			equal(network.ends[side].stateName, state);
			// In a record of its own, under the keys of the old epoch; with the number of the peer's second message
			const { memory, output } = network.ends[side].traffic;
			const at = output.contentAt();
			memory.set([finished, 0, 0, 12, 0, 1, 0, 0, 0, 0, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], at);
			output.seal(handshake, at + 24);
			comes(network, 1);
			talk(network);
			quiet(network, 0);
		}
	},

	"a message of an epoch before that one asks for nothing": () => {
		const network = open();
		network.ends[CLIENT].renegotiate();
		comes(network, 1);
		network.plan = (datagram) => (datagram.from === SERVER ? [] : faithful(datagram));
		network.ends[CLIENT].renegotiate();
		network.runUntil(() => false, 300);
		// A ClientHello with the number of the one that the server has, under the keys of the handshake before
		const { memory } = network.ends[CLIENT].traffic;
		const output = network.ends[CLIENT].traffic.output as DtlsOutput;
		const { previous } = output.epochs;
		if (previous === undefined) throw new Error("there is no epoch before it");
		output.endDatagram();
		const at = output.placeInDatagram(previous);
		memory.set([client_hello, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4], at);
		output.sealInDatagram(previous, handshake, at + 16, true);
		const { dropped, retransmissions } = network.ends[SERVER].report();
		const { message } = dropped as Record<string, number>;
		network.runUntil(() => false, 100);
		equal((network.ends[SERVER].report().dropped as Record<string, number>).message, message + 1);
		equal(network.ends[SERVER].report().retransmissions, retransmissions);
		network.plan = faithful;
		comes(network, 2);
	},

	"data of the old epoch may be late; of the new one it waits for the Finished": () => {
		const network = open();
		const rounds = 5;
		for (let round = 1; round <= rounds; round++) {
			network.received[SERVER].length = 0;
			equal(network.say(CLIENT, "before"), true);
			network.plan = (datagram) => (datagram.bytes[0] === application_data ? [{ delay: 75, bytes: datagram.bytes }] : faithful(datagram));
			network.ends[CLIENT].renegotiate();
			comes(network, round);
			equal(network.received[SERVER].join(), "", "not yet");
			network.runUntil(() => false, 100);
			equal(network.received[SERVER].join(), "before", `late, in epoch ${round}`);
		}
		// The server's last flight comes after the data that it sends next
		network.plan = (datagram) => {
			const epoch = number16(datagram.bytes, 3);
			const last = network.ends[SERVER].renegotiations > rounds && datagram.from === SERVER && datagram.bytes[0] !== application_data;
			return [{ delay: last && epoch > 0 ? 40 : DELAY, bytes: datagram.bytes }];
		};
		network.ends[CLIENT].renegotiate();
		network.runUntil(() => network.ends[SERVER].renegotiations > rounds, 1000);
		network.received[CLIENT].length = 0;
		equal(network.say(SERVER, "too early"), true);
		comes(network, rounds + 1);
		equal(network.received[CLIENT].join(), "", "not before the server's Finished");
		const { early } = network.ends[CLIENT].report().dropped as Record<string, number>;
		equal(early, 1);
		network.plan = faithful;
		talk(network);
	},

	"refused: the connection goes on, even if the refusal is lost": () => {
		for (const side of sides)
			for (const lost of [0, 1, 2]) {
				const network = open({ client: { renegotiation: false }, server: { renegotiation: false } });
				let count = 0;
				network.plan = (datagram) => (datagram.from !== side && count++ < lost ? [] : faithful(datagram));
				for (const round of [1, 2, 3]) {
					equal(network.ends[side].renegotiate(), true);
					equal(
						network.runUntil(() => !network.ends[side].renegotiating, 20000),
						true,
						`refusal ${round}, ${lost} lost`,
					);
					equal(network.ends[side].report().retransmissions, lost);
					talk(network);
				}
				for (const end of network.ends) equal(end.renegotiations, 0);
				quiet(network, lost);
			}
	},

	"refused, and then allowed the other way round": () => {
		for (const side of sides) {
			const refuses = side === CLIENT ? { server: { renegotiation: false } } : { client: { renegotiation: false } };
			const network = open(refuses);
			for (const round of [1, 2]) {
				network.ends[side].renegotiate();
				network.runUntil(() => !network.ends[side].renegotiating, 1000);
				equal(network.ends[side].renegotiations, round - 1);
				network.ends[1 - side].renegotiate();
				comes(network, round);
				talk(network);
			}
			quiet(network, 0);
		}
	},

	"who asks again and again for what it doesn't get": () => {
		const network = open({ server: { renegotiation: false } });
		for (let i = 0; i < 20; i++) {
			network.ends[CLIENT].renegotiate();
			network.runUntil(() => false, 100);
			equal(network.established, true);
		}
		network.ends[CLIENT].renegotiate();
		fails(network, SERVER, "RENEGOTIATION_INSISTED");
	},

	"RFC 5746's data, dropped or changed": () => {
		for (const change of [without, spoiled]) {
			for (const side of sides) {
				const network = open();
				alter(network.ends[side], side === CLIENT ? client_hello : server_hello, change(renegotiation_info, side === CLIENT));
				network.ends[CLIENT].renegotiate();
				if (side === CLIENT) fails(network, SERVER, "CLIENT_RENEGOTIATION_INFO_WRONG");
				else fails(network, CLIENT, change === without ? "RENEGOTIATION_INFO_MISSING" : "RENEGOTIATION_INFO_WRONG");
			}
		}
	},

	"extended master secret, dropped": () => {
		for (const side of sides) {
			const network = open();
			alter(network.ends[side], side === CLIENT ? client_hello : server_hello, without(extended_master_secret, side === CLIENT));
			network.ends[CLIENT].renegotiate();
			if (side === CLIENT) fails(network, SERVER, "CLIENT_EXTENDED_MASTER_SECRET_MISSING");
			else fails(network, CLIENT, "EXTENDED_MASTER_SECRET_MISSING");
		}
	},

	"another identity": () => {
		const credentials = [pki.server];
		const server = open({ server: { credentials } });
		credentials[0] = pki.selfSigned("localhost");
		server.ends[CLIENT].renegotiate();
		fails(server, CLIENT, "PEER_CHANGED");
		const own = [pki.client];
		const client = open({ client: { credentials: own }, server: { verifyClient: "request" } });
		own.length = 0;
		client.ends[SERVER].renegotiate();
		fails(client, SERVER, "PEER_CHANGED");
	},

	"a HelloVerifyRequest in between is answered": () => {
		const network = open();
		network.plan = from(network, (datagram, index) => (index === 0 ? [] : faithful(datagram))); // the first ClientHello
		network.ends[CLIENT].renegotiate();
		network.runUntil(() => false, 100);
		interject(network.ends[SERVER], hello_verify_request, (writer) => {
			writer.u16(0xfeff);
			writer.u8(2);
			writer.u16(0x1234);
		});
		let cookies = 0;
		const { client } = network.ends[SERVER].context.hello;
		network.runUntil(() => {
			if (client.suitesAt > 0) cookies++;
			return network.ends.every(({ renegotiations }) => renegotiations === 1);
		}, 5000);
		comes(network, 1);
		equal(cookies > 0, true);
		talk(network);
	},

	"connection ids are agreed on afresh": () => {
		const ids = { client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } };
		const network = open(ids);
		const first = network.ends.map((end) => String(end.report().localId)).join(" ");
		for (const side of sides) {
			network.ends[side].renegotiate();
			comes(network, side + 1);
			talk(network);
			equal(network.ends.map((end) => String(end.report().localId)).join(" "), first);
		}
		// The client wants none any more, then others
		const settings = network.ends[CLIENT].context.settings as { connectionId: Uint8Array | undefined };
		let count = 2;
		for (const next of [undefined, Uint8Array.of(9, 8, 7, 6), Uint8Array.of(1)]) {
			settings.connectionId = next;
			network.say(CLIENT, "under the old id");
			network.ends[CLIENT].renegotiate();
			comes(network, ++count);
			equal(String(network.ends[CLIENT].report().localId), String(next));
			equal(String(network.ends[SERVER].report().peerId), String(next));
			talk(network);
		}
		for (const end of network.ends) equal(Object.values(end.report().dropped).join(""), "0000000000", "nothing was dropped");
	},

	"an id agreed on later, with each datagram lost": () => {
		for (let lost = 0; lost < 6; lost++) {
			const network = open({ client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } });
			const settings = network.ends[CLIENT].context.settings as { connectionId: Uint8Array | undefined };
			for (const [round, next] of [
				[1, undefined],
				[2, Uint8Array.of(9, 8, 7, 6)],
			] as const) {
				settings.connectionId = next;
				network.plan = from(network, (datagram, index) => (index === lost ? [] : faithful(datagram)));
				network.ends[CLIENT].renegotiate();
				comes(network, round, `${lost} lost`);
				network.plan = faithful;
				talk(network);
			}
			quiet(network, 4);
		}
	},

	"the epochs come to an end": () => {
		for (const side of sides) {
			const network = open();
			for (const { context } of network.ends) context.post.writeEpoch = 0xffff;
			equal(network.ends[side].renegotiate(), false);
			network.ends[1 - side].context.post.writeEpoch = 1;
			equal(network.ends[1 - side].renegotiate(), true);
			equal(
				network.runUntil(() => !network.ends[1 - side].renegotiating, 5000),
				true,
				"refused",
			);
			talk(network);
		}
	},

	"a connection doesn't sleep in the middle of one, but before and after it": () => {
		const options: DtlsPairOptions = { version: "1.2", psk: true };
		for (const side of sides) {
			const network = open(options);
			const [client, server] = network.ends;
			equal(saveDtls(client, 6) !== undefined && saveDtls(server, 6) !== undefined, true);
			network.plan = () => [];
			network.ends[side].renegotiate();
			network.runUntil(() => false, 100);
			equal(saveDtls(network.ends[side], 100), undefined, "in the middle");
			network.plan = faithful;
			comes(network, 1);
			talk(network);
			for (const end of [CLIENT, SERVER]) for (let i = 0; i < 20; i++) equal(network.say(end, "."), true, "the new keys' numbers are all free");
			network.runUntil(() => false, 100);
			const bytes = saveDtls(client, 100);
			const awake = bytes && restoreDtlsClient(clientOptions(pki, registry, options), bytes);
			if (awake === undefined) throw new Error("the bytes are refused");
			saveDtls(awake, 100);
			network.ends[CLIENT] = awake;
			talk(network);
			equal(awake.renegotiate(), false, "it doesn't know what a later handshake would be bound to");
			server.renegotiate();
			network.runUntil(() => !server.renegotiating, 1000);
			equal(server.renegotiations, 1, "refused");
			talk(network);
		}
	},

	"a close ends what was only asked for": () => {
		const network = open();
		network.plan = (datagram) => (datagram.from === SERVER ? [] : faithful(datagram));
		network.ends[SERVER].renegotiate();
		network.runUntil(() => false, 100);
		network.ends[SERVER].close();
		const before = network.sent[SERVER];
		network.runUntil(() => false, 60000);
		equal(network.sent[SERVER] - before, 1, "the close_notify only");
		equal(network.ends[SERVER].state, CLOSED);
	},

	"certificates are judged by the time that it is given": () => {
		const network = open();
		network.ends[CLIENT].renegotiate(NOW + 1000);
		comes(network, 1);
		talk(network);
		network.ends[CLIENT].renegotiate(NOW + 86400 * 366);
		fails(network, CLIENT, "CERTIFICATE_EXPIRED");
	},
};
