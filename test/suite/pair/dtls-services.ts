// Portable cases of what connections over datagrams offer beside data: tickets and sessions of both versions, heartbeats for
// liveness and for the length of datagrams, early data that isn't.

import { OPERATING } from "polltls/base/status";
import { HEARTBEAT_IDLE, HEARTBEAT_SILENT, HEARTBEAT_WAITING } from "polltls/engine/heartbeat";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { type DtlsPairOptions, dtlsPair, psk } from "./dtls-pair.js";
import { equal, NOW, TestClock, TestEntropy, TestPki, testRegistry } from "./harness.js";
import { CLIENT, describeEnd, faithful, type LossyNetwork, SERVER } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const both = ["1.3", "1.2"] as const;

/** Opens both ends; their clock is the network's. */
function open(options: DtlsPairOptions): LossyNetwork {
	let network: LossyNetwork | undefined;
	const clock = { ticks: () => network?.now ?? 0, seconds: () => NOW };
	network = dtlsPair(pki, registry, { ...options, client: { ...options.client, clock }, server: { ...options.server, clock } });
	const opened = network;
	equal(
		opened.runUntil(() => opened.established, 60000),
		true,
		opened.ends.map(describeEnd).join("; "),
	);
	opened.runUntil(() => false, 500);
	return opened;
}

function talk(network: LossyNetwork): void {
	equal(network.say(CLIENT, "ping") && network.say(SERVER, "pong"), true, "room for data");
	network.runUntil(() => false, 1000);
	equal(network.received[SERVER].at(-1), "ping");
	equal(network.received[CLIENT].at(-1), "pong");
}

function ticketKeys(): TicketKeys {
	return new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
}

function sessionOf(network: LossyNetwork): Session {
	const { session } = network.ends[CLIENT];
	if (session === undefined) throw new Error(`no session: ${describeEnd(network.ends[CLIENT])}`);
	return session;
}

const beating = { heartbeat: { allowPeer: true, seconds: 2, repetitions: 2 } };

export const cases: Record<string, () => void> = {
	"sessions are resumed by tickets, in both versions, with and without a cookie, and again": () => {
		for (const version of both)
			for (const cookies of [true, false])
				for (const mtu of [256, 1400]) {
					const tickets = ticketKeys();
					let session = sessionOf(open({ version, mtu, server: { tickets } }));
					for (const round of [1, 2]) {
						const network = open({ version, cookies, mtu, client: { session }, server: { tickets } });
						equal(network.ends[SERVER].negotiated.resumed, true, `${version}, round ${round}`);
						equal(network.ends[CLIENT].negotiated.resumed, true);
						talk(network);
						session = sessionOf(network);
					}
				}
	},

	"a ticket that got lost comes again, and several at once": () => {
		const tickets = ticketKeys();
		const network = dtlsPair(pki, registry, { version: "1.3", server: { tickets, ticketCount: 3 } });
		let lost = 0;
		const [client] = network.ends;
		network.plan = (datagram) => (datagram.from === SERVER && client.state === OPERATING && lost++ < 2 ? [] : faithful(datagram));
		network.runUntil(() => false, 20000);
		equal(network.established, true);
		equal(network.ends[SERVER].report().retransmissions > 0, true);
		const again = open({ version: "1.3", client: { session: sessionOf(network) }, server: { tickets } });
		equal(again.ends[SERVER].negotiated.resumed, true);
	},

	"a session of a pre-shared key, and a ticket that nobody can open": () => {
		const tickets = ticketKeys();
		const session = sessionOf(open({ version: "1.3", psk: true, server: { tickets } }));
		const resumed = open({ version: "1.3", psk: true, client: { session }, server: { tickets } });
		equal(resumed.ends[SERVER].negotiated.resumed, true);
		for (const version of both) {
			const known = version === "1.3" ? session : sessionOf(open({ version, server: { tickets } }));
			const other = new TicketKeys(registry, new TestClock(), new TestEntropy(8), 7200);
			const full = open({ version, cookies: true, client: { session: known, psks: [psk] }, server: { tickets: other, psks: [psk] } });
			equal(full.ends[SERVER].negotiated.resumed, false, version);
			talk(full);
		}
	},

	"nothing is sent early over datagrams": () => {
		const tickets = ticketKeys();
		const session = sessionOf(open({ version: "1.3", server: { tickets } }));
		const network = dtlsPair(pki, registry, { version: "1.3", client: { session, earlyData: true }, server: { tickets } });
		equal(network.say(CLIENT, "early"), false);
		network.runUntil(() => network.established, 1000);
		equal(network.ends[SERVER].negotiated.resumed, true);
		talk(network);
	},

	"heartbeats each way; what is lost is repeated": () => {
		for (const version of both) {
			const network = open({ version, client: beating, server: beating });
			for (const side of [CLIENT, SERVER]) {
				const end = network.ends[side];
				let lost = 0;
				network.plan = (datagram) => (lost++ < 1 ? [] : faithful(datagram));
				const before = network.now;
				equal(end.beat(), true);
				equal(end.beat(), false, "one at a time");
				equal(end.heartbeat?.state, HEARTBEAT_WAITING);
				network.runUntil(() => end.heartbeat?.state === HEARTBEAT_IDLE, 10000);
				equal(end.heartbeat?.state, HEARTBEAT_IDLE);
				equal(network.now - before >= 2000 && network.now - before < 2100, true, "after two seconds");
				equal(end.report().heartbeats.answered, 1);
			}
			talk(network);
		}
	},

	"a peer that is gone is told of, and the connection goes on": () => {
		const network = open({ version: "1.3", client: beating, server: beating });
		const [client] = network.ends;
		network.plan = () => [];
		client.beat();
		network.runUntil(() => client.heartbeat?.state === HEARTBEAT_SILENT, 20000);
		equal(client.heartbeat?.state, HEARTBEAT_SILENT);
		equal(client.heartbeat?.sent, 3);
		equal(client.failure, 0);
		network.plan = faithful;
		talk(network);
		equal(client.beat(), true);
		network.runUntil(() => false, 100);
		equal(client.heartbeat?.state, HEARTBEAT_IDLE);
	},

	"a heartbeat finds out how long datagrams may be": () => {
		for (const version of both) {
			const network = open({ version, mtu: 512, client: beating, server: beating });
			const [client] = network.ends;
			const { traffic } = client;
			network.plan = (datagram) => (datagram.bytes.length > 1000 ? [] : faithful(datagram));
			const lengths: number[] = [];
			const probe = (length: number): number => {
				const plan = network.plan;
				network.plan = (datagram) => {
					if (datagram.from === CLIENT) lengths.push(datagram.bytes.length);
					return plan(datagram);
				};
				equal(client.heartbeat?.probe(traffic, network.now, length), true);
				network.runUntil(() => client.heartbeat?.state === HEARTBEAT_IDLE, 10000);
				equal(client.heartbeat?.state, HEARTBEAT_IDLE, "nobody is silent");
				network.plan = plan;
				const mtu = traffic.output.tryMtu(512);
				traffic.output.tryMtu(mtu);
				return mtu;
			};
			equal(probe(900), 900, version);
			equal(probe(700), 900, "shorter ones get through, too");
			equal(probe(1100), 900, "too long");
			equal(lengths.join(), "900,700,1100,1100", "as long as asked for; one is repeated");
			equal(client.heartbeat?.probe(traffic, network.now, 100000), false, "no memory for it");
			equal(network.say(CLIENT, "x".repeat(800)), true, "in one record");
			network.runUntil(() => false, 100);
			equal(network.received[SERVER].at(-1)?.length, 800);
		}
	},
};
