// Portable cases of what DTLS does about the network: how long it waits, how much it sends at once, how long its datagrams and
// the numbers in its records are, and which path it believes in.

import type { DtlsInput } from "polltls/record/dtls-input";
import type { DtlsOutput } from "polltls/record/dtls-output";
import { type DtlsPairOptions, dtlsPair } from "./dtls-pair.js";
import { equal, TestPki, testRegistry } from "./harness.js";
import { CLIENT, type Datagram, DELAY, describeEnd, faithful, type LossyNetwork, SERVER } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const both = ["1.3", "1.2"] as const;
const alpn = Array.from({ length: 75 }, (_, i) => `a protocol with a long name ${i + 10}`.replaceAll(" ", "-"));

/** Stores for long flights. */
const profile = { receive: 2048, send: 2048, store: 4096, flight: 4096 };

function pair(options: DtlsPairOptions = {}): LossyNetwork {
	return dtlsPair(pki, registry, options);
}

function open(network: LossyNetwork): LossyNetwork {
	const done = network.runUntil(() => network.established, 600000);
	equal(done, true, network.ends.map(describeEnd).join("; "));
	network.runUntil(() => false, 500);
	return network;
}

function arrives(network: LossyNetwork, from: number, text: string): void {
	equal(network.say(from, text), true, "room for data");
	network.runUntil(() => false, 100);
	equal(network.received[1 - from].at(-1), text, network.ends.map(describeEnd).join("; "));
}

/** Sends and loses so many records of an end. */
function lose(network: LossyNetwork, from: number, count: number): void {
	network.plan = () => [];
	for (let i = 0; i < count; i++) {
		equal(network.say(from, "lost"), true, "room for data");
		network.runUntil(() => false, 1);
	}
	network.plan = faithful;
}

/** The length of an end's next record of 16 bytes. */
function recordLength(network: LossyNetwork, from: number): number {
	const before = network.sentBytes[from];
	arrives(network, from, "sixteen bytes...");
	return network.sentBytes[from] - before - 16;
}

function output(network: LossyNetwork, side: number): DtlsOutput {
	return network.ends[side].traffic.output as DtlsOutput;
}

/** A connection with ids whose client can be reached on the path of its beginning, and on these. */
function mobile(server: object, paths: LossyNetwork["paths"]): LossyNetwork {
	const network = open(pair({ version: "1.3", cookies: true, client: { connectionIdLength: 0 }, server: { connectionIdLength: 4, ...server } }));
	network.paths.push(...paths);
	return network;
}

const first = { client: "client 1", server: "server" };
const second = { client: "client 2", server: "server, the other way" };

/** The client goes on over another path by its own wish. */
function leave(network: LossyNetwork, to: string): void {
	network.ends[CLIENT].traffic.messages.ids?.leave(to);
}

export const cases: Record<string, () => void> = {
	"a record's number has 8 bits as long as they are enough, whatever gets lost": () => {
		const network = open(pair({ version: "1.3" }));
		equal(recordLength(network, CLIENT), 2 + 1 + 16, "header, type, tag");
		lose(network, CLIENT, 126);
		equal(recordLength(network, CLIENT), 19, "the 128th record, and the peer knows the first only");
		equal(recordLength(network, CLIENT), 20, "nobody has said what has arrived");
		lose(network, CLIENT, 3000);
		equal(recordLength(network, CLIENT), 20);
		equal((network.ends[SERVER].report().dropped as { forged: number }).forged, 0);
		network.ends[CLIENT].updateKeys(false);
		network.runUntil(() => false, 100);
		equal(recordLength(network, CLIENT), 19, "under new keys numbers begin anew");
	},

	"what the peer has acknowledged lets numbers stay short": () => {
		const network = open(pair({ version: "1.3", client: { connectionIdLength: 3 }, server: { connectionIdLength: 5 } }));
		lose(network, SERVER, 120);
		network.ends[SERVER].renewId(); // a message that is acknowledged
		network.runUntil(() => false, 1000);
		lose(network, SERVER, 100);
		equal(recordLength(network, SERVER), 3 + 19);
		lose(network, SERVER, 100);
		equal(recordLength(network, SERVER), 3 + 20);
	},

	"the last record of a datagram has no length, and it is filled to the last byte": () => {
		for (const mtu of [228, 256, 300]) {
			const network = pair({ version: "1.3", mtu });
			const log: Datagram[] = [];
			network.log = log;
			open(network);
			const full = log.filter(({ from, bytes }) => from === SERVER && bytes.length === mtu);
			equal(full.length > 0, true, "a datagram that is full");
			const alone = log.filter(({ from, bytes }) => from === SERVER && bytes[0] >> 5 === 1);
			equal(alone.length > 0 && alone.every(({ bytes }) => (bytes[0] & 4) === 0), true, "no length");
		}
	},

	"the first interval is a second; then it is one and a half round trips, within limits": () => {
		for (const [delay, second] of [
			[10, 500],
			[200, 600],
			[400, 1200],
		]) {
			const network = pair({ version: "1.3", cookies: true, plan: ({ bytes }) => [{ delay, bytes }] });
			const times: number[] = [];
			network.runUntil(() => network.sent[CLIENT] === 2, 5000);
			network.plan = ({ from }) => {
				if (from === CLIENT) times.push(network.now);
				return [];
			};
			const sentAt = network.now;
			network.runUntil(() => times.length === 2, 10000);
			equal(times[0] - sentAt, second, `round trip ${2 * delay}`);
			equal(times[1] - times[0], 2 * second, "doubled");
		}
		const lonely = pair({ version: "1.3", plan: () => [], client: { retransmitInitial: 700, retransmitMax: 2000, handshakeTimeout: 0 } });
		const times: number[] = [];
		lonely.plan = () => {
			times.push(lonely.now);
			return [];
		};
		lonely.runUntil(() => times.length === 5, 20000);
		equal(times.join(), [0, 700, 2100, 4100, 6100].join());
	},

	"after a retransmission the interval stays, until a round trip can be told": () => {
		const network = pair({ version: "1.3", cookies: true });
		let lost = 0;
		network.plan = (datagram) => (lost++ === 0 ? [] : faithful(datagram));
		network.runUntil(() => network.sent[CLIENT] === 3, 5000); // again after a second, then with the cookie
		const sentAt = network.now;
		network.plan = () => [];
		network.runUntil(() => network.sent[CLIENT] === 4, 10000);
		equal(network.now - sentAt, 2000);
	},

	"no more than ten records at once": () => {
		for (const version of both) {
			const network = pair({ version, mtu: 228, client: { alpn, profile }, server: { alpn: [alpn[7]], profile } });
			const at: number[] = [];
			network.plan = (datagram) => {
				if (datagram.from === CLIENT) at.push(network.now);
				return faithful(datagram);
			};
			network.runUntil(() => network.sent[SERVER] > 0, 900);
			equal(at.filter((time) => time === 0).length, 10);
			equal(at.slice(10).every((time) => time === 250) && at.length > 11, true, `the rest after a quarter of the interval: ${at.join()}`);
			open(network);
			equal(network.ends[CLIENT].report().retransmissions, 0);
		}
	},

	"a burst follows when the peer tells that it has the last": () => {
		const { chain, key } = pki.server;
		const credentials = [{ chain: [...chain, ...chain, ...chain, ...chain, ...chain, ...chain], key }];
		const network = pair({ version: "1.3", mtu: 228, client: { profile }, server: { credentials, profile, retransmitInitial: 8000 } });
		const at: number[] = [];
		network.plan = (datagram) => {
			if (datagram.from === SERVER) at.push(network.now);
			return faithful(datagram);
		};
		network.runUntil(() => network.sent[SERVER] > 10, 5000);
		equal(at.filter((time) => time === DELAY).length, 9, "ten records at once, two of them in one datagram");
		equal(at[9] > DELAY && at[9] < 500, true, `long before its timer: ${at.join()}`);
		open(network);
		equal(network.ends[SERVER].report().retransmissions, 0);
	},

	"datagrams become shorter when nothing comes back": () => {
		for (const version of both) {
			const network = pair({ version, mtu: 1400, client: { alpn, profile }, server: { alpn: [alpn[7]], profile } });
			network.plan = (datagram) => (datagram.bytes.length > 600 ? [] : faithful(datagram));
			open(network);
			equal(output(network, CLIENT).mtu <= 600, true, `${output(network, CLIENT).mtu}`);
			arrives(network, CLIENT, "it is open");
		}
	},

	"datagrams become shorter when the network refuses one": () => {
		const network = open(pair({ version: "1.3" }));
		const out = output(network, SERVER);
		equal(out.mtu, 1400);
		const { innerMtu } = out;
		out.lowerMtu(1400);
		out.lowerMtu(1390); // made before, and refused as well
		equal(out.mtu, 1232);
		equal(out.innerMtu, innerMtu - 168);
		equal(network.say(SERVER, "x".repeat(1300)), false, "in one record");
		out.lowerMtu(1232);
		out.lowerMtu(548);
		equal(out.mtu, 228);
		out.lowerMtu(228);
		equal(out.mtu, 228, "not below what everybody takes");
		network.runUntil(() => false, 100);
		arrives(network, SERVER, "short");
	},

	"a new path that the peer has chosen: the old one is asked, and given up": () => {
		const network = mobile({ askOldAddress: true }, [first, second]);
		const challenges: string[] = [];
		network.plan = (datagram) => {
			if (datagram.from === SERVER) challenges.push(network.ends[SERVER].elsewhere ?? "");
			return faithful(datagram);
		};
		leave(network, second.server);
		network.say(CLIENT, "moved");
		network.runUntil(() => false, 900);
		equal(challenges.join(), "client 1,client 2", "first at the old address, then at the new one");
		equal(network.ends[SERVER].peerAddress, "client 2");
		network.clientAddress = "client 2";
		arrives(network, SERVER, "here?");
		arrives(network, CLIENT, "here");
	},

	"a datagram that somebody repeats from elsewhere: the old path answers, and stays": () => {
		const network = mobile({ askOldAddress: true }, [first]);
		network.clientAddress = "somebody else";
		const kept: Uint8Array[] = [];
		network.plan = (datagram) => {
			if (datagram.from !== CLIENT || kept.length > 0) return faithful(datagram);
			kept.push(datagram.bytes);
			return [];
		};
		network.say(CLIENT, "carried by somebody else");
		network.runUntil(() => false, 100);
		network.inject(SERVER, kept[0], DELAY, "somebody else");
		network.runUntil(() => false, 5000);
		equal(network.received[SERVER].at(-1), "carried by somebody else");
		equal(network.ends[SERVER].peerAddress, "client 1");
		arrives(network, SERVER, "still here?");
	},

	"an old path that is dead is given up after a second": () => {
		const network = mobile({ askOldAddress: true }, []);
		network.clientAddress = "client 2";
		network.say(CLIENT, "moved");
		network.runUntil(() => false, 900);
		equal(network.ends[SERVER].peerAddress, "client 1");
		equal(network.misled, 1);
		const until = network.now + 1100;
		network.runUntil(() => network.ends[SERVER].peerAddress === "client 2", 5000);
		equal(network.now < until, true);
		arrives(network, SERVER, "here?");
	},

	"a path that the peer has left while it was asked there is not taken": () => {
		const network = mobile({}, [first, second]);
		leave(network, second.server);
		network.say(CLIENT, "away");
		network.runUntil(() => network.received[SERVER].at(-1) === "away", 1000);
		leave(network, first.server);
		network.runUntil(() => false, 5000);
		equal(network.ends[SERVER].peerAddress, "client 1");
		equal((network.ends[SERVER].traffic.input as DtlsInput).ids.paths.checking, false);
		arrives(network, CLIENT, "back");
		arrives(network, SERVER, "welcome");
	},
};
