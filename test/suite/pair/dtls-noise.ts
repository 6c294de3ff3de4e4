// Portable cases of datagrams that nobody of the two has sent like that: none of them ends a connection, and each is counted by
// what was wrong with it.

import { OPERATING } from "polltls/base/status";
import { type DtlsPairOptions, dtlsPair } from "./dtls-pair.js";
import { equal, TestPki, testRegistry } from "./harness.js";
import { CLIENT, type Datagram, describeEnd, faithful, type LossyNetwork, SERVER, seededNumbers } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const both = ["1.3", "1.2"] as const;

const client_hello = 1;
const server_hello = 2;
const hello_verify_request = 3;
const finished = 20;
const alert = 21;
const handshake = 22;
const application_data = 23;
const heartbeat = 24;
const ack = 26;
const return_routability_check = 27;

type Dropped = Record<string, number>;

function dropped(network: LossyNetwork, side: number): Dropped {
	return { ...(network.ends[side].report().dropped as Dropped) };
}

function start(options: DtlsPairOptions): LossyNetwork {
	return dtlsPair(pki, registry, options);
}

function open(options: DtlsPairOptions): LossyNetwork {
	const network = start(options);
	equal(
		network.runUntil(() => network.established, 60000),
		true,
		network.ends.map(describeEnd).join("; "),
	);
	network.runUntil(() => false, 500);
	return network;
}

/** A record each way arrives. */
function talk(network: LossyNetwork): void {
	equal(network.say(CLIENT, "ping") && network.say(SERVER, "pong"), true, "room for data");
	network.runUntil(() => false, 1000);
	equal(network.received[SERVER].at(-1), "ping", describeEnd(network.ends[SERVER]));
	equal(network.received[CLIENT].at(-1), "pong", describeEnd(network.ends[CLIENT]));
}

/** A plain record: what anybody can send. */
function plainRecord(type: number, content: readonly number[], epoch = 0): Uint8Array {
	return Uint8Array.from([type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 99, content.length >> 8, content.length & 255, ...content]);
}

function plainMessage(type: number, sequence: number, body: readonly number[]): Uint8Array {
	const length = [0, body.length >> 8, body.length & 255];
	return plainRecord(handshake, [type, ...length, 0, sequence, 0, 0, 0, ...length, ...body]);
}

/** A real record of an end, which has arrived. */
function recordOf(network: LossyNetwork, side: number): Uint8Array {
	const log: Datagram[] = [];
	network.log = log;
	talk(network);
	network.log = undefined;
	return (log.find(({ from }) => from === side) as Datagram).bytes.slice();
}

function changed(bytes: Uint8Array, at: number, bit: number): Uint8Array {
	const copy = bytes.slice();
	copy[at < 0 ? copy.length + at : at] ^= bit;
	return copy;
}

/** An ACK of records that nobody has sent, as anybody can write it. */
const forgedAck = plainRecord(ack, [0, 16, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]);

export const cases: Record<string, () => void> = {
	"each kind, at an open client and an open server, in both versions": () => {
		for (const version of both)
			for (const side of [CLIENT, SERVER]) {
				const network = open({ version, client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } });
				const without = open({ version });
				const count = (kind: string, what: string, datagram: Uint8Array, where = network): void => {
					const before = dropped(where, side);
					where.inject(side, datagram);
					where.runUntil(() => false, 100);
					before[kind]++;
					equal(JSON.stringify(dropped(where, side)), JSON.stringify(before), `${version}, ${side === CLIENT ? "client" : "server"}: ${what}`);
				};
				const record = recordOf(network, 1 - side);
				const plain = recordOf(without, 1 - side);
				// In 1.2 the number is in the clear: another one, that isn't known yet
				const fresh = (bytes: Uint8Array): Uint8Array => (version === "1.2" ? changed(bytes, 10, 64) : bytes);
				count("malformed", "garbage", Uint8Array.of(0x47, 0x45, 0x54, 0x20, 0x2f));
				count("malformed", "one byte", Uint8Array.of(handshake));
				count("malformed", "a truncated header", record.slice(0, 4));
				count("malformed", "an empty unified header", Uint8Array.of(0x2f), without);
				count("malformed", "a record cut off", version === "1.2" ? record.slice(0, -3) : Uint8Array.of(0x2f, 1, 2, 0, 99, 1, 2, 3), without);
				count("epoch", "another epoch", changed(plain, version === "1.3" ? 0 : 4, version === "1.3" ? 2 : 4), without);
				count("epoch", "an epoch that is still to come", plainRecord(application_data, [1, 2, 3], 9), without);
				count("connectionId", "another connection's id", changed(record, version === "1.3" ? 1 : 11, 1));
				count("connectionId", "no id where one must be", version === "1.3" ? Uint8Array.from([0x23, ...plain.slice(1)]) : plain);
				count("replayed", "a record that has come before", record);
				count("forged", "a changed tag", fresh(changed(record, -1, 1)));
				count("forged", "changed data", fresh(changed(plain, -12, 1)), without);
				count("unprotected", "an alert in the clear", plainRecord(alert, [2, 40]));
				count("unprotected", "a warning in the clear", plainRecord(alert, [1, 0]));
				count("unprotected", "data in the clear", plainRecord(application_data, [1, 2, 3]));
				count("unprotected", "a heartbeat in the clear", plainRecord(heartbeat, new Array(32).fill(0)));
				count("unprotected", "a path check in the clear", plainRecord(return_routability_check, new Array(9).fill(0)));
				count("unprotected", "a forged ACK", forgedAck);
				count("message", "a HelloVerifyRequest", plainMessage(hello_verify_request, 200, [254, 253, 1, 7]));
				count("message", "a ServerHello that is none", plainMessage(server_hello, 9, [1, 2, 3]));
				count("message", "a ClientHello that is none", plainMessage(client_hello, 60, [1, 2, 3]));
				count("message", "a fragment that is longer than its record", plainRecord(handshake, [finished, 0, 0, 9, 0, 60, 0, 0, 0, 0, 0, 9, 1]));
				count("large", "more than there is room for", new Uint8Array(9000));
				for (const each of [network, without]) {
					equal(each.ends[side].failure, 0);
					equal(each.ends[side].state, OPERATING);
					talk(each);
					each.runUntil(() => false, 60000);
					equal(each.ends[1 - side].report().retransmissions, 0, "and the other end hasn't noticed");
				}
			}
	},

	"a HelloVerifyRequest, an ACK, an alert and ends of the handshake that were heard before, again and again after it": () => {
		for (const version of both) {
			const network = start({ version, cookies: true });
			const log: Datagram[] = [];
			network.log = log;
			network.runUntil(() => network.established, 60000);
			network.log = undefined;
			for (const { from, bytes } of log) network.inject(1 - from, bytes);
			network.runUntil(() => false, 20000);
			talk(network);
			for (const end of network.ends) equal(end.failure, 0, describeEnd(end));
			for (const end of network.ends) equal(end.wakeAt, Number.POSITIVE_INFINITY, "a timer is left");
		}
	},

	"between the messages of a handshake": () => {
		for (const version of both)
			for (const cookies of [true, false]) {
				const next = seededNumbers(17);
				const network = start({ version, cookies, mtu: 300 });
				network.plan = (datagram) => {
					const garbage = Uint8Array.from({ length: 1 + Math.floor(next() * 80) }, () => Math.floor(next() * 256));
					const truncated = datagram.bytes.slice(0, Math.floor(next() * 13));
					const foreign = plainRecord(application_data, [1, 2, 3], 1 + Math.floor(next() * 5));
					const early = Uint8Array.from([0x2c | Math.floor(next() * 4), 1, 2, 0, 20, ...new Array(20).fill(7)]);
					for (const noise of [garbage, truncated, foreign, early]) if (noise.length > 0) network.inject(1 - datagram.from, noise);
					return faithful(datagram);
				};
				equal(
					network.runUntil(() => network.established, 60000),
					true,
					network.ends.map(describeEnd).join("; "),
				);
				network.plan = faithful;
				talk(network);
				for (const end of network.ends) {
					const { malformed, epoch } = end.report().dropped as Dropped;
					equal(malformed > 0 && epoch > 0, true, describeEnd(end));
				}
			}
	},

	"noise by chance, and real datagrams with a bit changed, in both versions": () => {
		for (const version of both) {
			const network = open({ version, client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } });
			const records = [recordOf(network, CLIENT), recordOf(network, SERVER)];
			const next = seededNumbers(23);
			for (let i = 0; i < 300; i++) {
				const to = i & 1;
				const record = records[1 - to];
				const spoiled = changed(record, Math.floor(next() * record.length), 1 << Math.floor(next() * 8));
				network.inject(to, i % 3 === 0 ? Uint8Array.from({ length: 1 + Math.floor(next() * 60) }, () => Math.floor(next() * 256)) : spoiled);
				network.runUntil(() => false, 1);
			}
			talk(network);
			for (const end of network.ends) {
				equal(end.failure, 0, describeEnd(end));
				const sum = Object.values(end.report().dropped as Dropped).reduce((all, each) => all + each, 0);
				equal(sum >= 150, true, `${sum} of 150`);
			}
		}
	},
};
