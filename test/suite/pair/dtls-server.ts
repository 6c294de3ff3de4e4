// Portable cases of a server's port: many clients on it, cookies that are made up, stale or somebody else's, memory that nobody
// gets for nothing, and a client that comes back.

import * as failures from "polltls/base/failure";
import { CLOSED, OPERATING } from "polltls/base/status";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsDoor } from "polltls/dtls-server";
import { type DtlsDoor, ROUTE_ANSWER, ROUTE_NOTHING } from "polltls/io/dtls-door";
import { clientOptions, type DtlsPairOptions, dtlsPair, serverOptions } from "./dtls-pair.js";
import { equal, TestPki, testRegistry } from "./harness.js";
import { CLIENT, DELAY, describeEnd, faithful, LossyNetwork, SERVER } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const both = ["1.3", "1.2"] as const;

function openDoor(options: DtlsPairOptions, maxConnections: number): DtlsDoor {
	return openDtlsDoor({ ...serverOptions(pki, registry, options), maxConnections });
}

/** A client of its own address at a door. */
function visit(door: DtlsDoor, address: string, options: DtlsPairOptions): LossyNetwork {
	const network = new LossyNetwork(openDtlsClient(clientOptions(pki, registry, options)), door, faithful);
	network.clientAddress = address;
	return network;
}

function opens(network: LossyNetwork): LossyNetwork {
	equal(
		network.runUntil(() => network.established, 600000),
		true,
		network.ends.map(describeEnd).join("; "),
	);
	return network;
}

function talk(network: LossyNetwork): void {
	equal(network.say(CLIENT, "ping") && network.say(SERVER, "pong"), true, "room for data");
	network.runUntil(() => false, 1000);
	equal(network.received[SERVER].at(-1), "ping", describeEnd(network.ends[SERVER]));
	equal(network.received[CLIENT].at(-1), "pong", describeEnd(network.ends[CLIENT]));
}

function isRefused(network: LossyNetwork): void {
	network.runUntil(() => network.ends[CLIENT].state === CLOSED, 60000);
	equal(network.ends[CLIENT].failure >> 16, failures.ALERT_RECEIVED >> 16, describeEnd(network.ends[CLIENT]));
}

/** Where these bytes stand in others, -1 if they don't. */
function indexOf(bytes: Uint8Array, part: Uint8Array): number {
	for (let at = 0; at + part.length <= bytes.length; at++) {
		let i = 0;
		while (i < part.length && bytes[at + i] === part[i]) i++;
		if (i === part.length) return at;
	}
	return -1;
}

/** The last 16 bytes of a server's answer with a cookie are a part of the cookie: it is the last thing in both. */
function cookieIn(answer: Uint8Array): Uint8Array {
	return answer.slice(answer.length - 16);
}

export const cases: Record<string, () => void> = {
	"many clients on one port, by address and by id": () => {
		for (const version of both) {
			const server = { version, psk: true, server: { connectionIdLength: 4 } };
			const door = openDoor(server, 8);
			const networks = Array.from({ length: 8 }, (_, i) =>
				visit(door, `client ${i}`, { version, psk: true, seed: 10 + i, client: i & 1 ? { connectionIdLength: 2 } : {} }),
			);
			// Step by step, so that all handshakes go on at once
			for (let now = 0; now < 200; now += DELAY) for (const network of networks) network.runUntil(() => network.now >= now, DELAY);
			for (const network of networks) opens(network);
			equal(door.guests.length, 8);
			for (const network of networks) talk(network);
			for (const [i, network] of networks.entries()) {
				network.clientAddress = `another address ${i}`;
				network.say(CLIENT, "from elsewhere");
				network.runUntil(() => false, 3000);
				equal(network.received[SERVER].at(-1), i & 1 ? "from elsewhere" : "ping", `${i}: known by its id only`);
			}
		}
	},

	"a cookie that is made up is answered by another, or by an alert; nothing is kept": () => {
		for (const version of both) {
			const network = dtlsPair(pki, registry, { version, cookies: true });
			let cookie: Uint8Array | undefined;
			let changes = 0;
			network.plan = (datagram) => {
				const { from, bytes } = datagram;
				if (from === SERVER) cookie = cookieIn(bytes);
				const at = from === CLIENT && cookie !== undefined && changes < 3 ? indexOf(bytes, cookie) : -1;
				if (at < 0) return faithful(datagram);
				const forged = bytes.slice();
				forged[at + changes++] ^= 1;
				return [{ delay: DELAY, bytes: forged }];
			};
			if (version === "1.3") {
				isRefused(network);
				equal(changes, 1);
				equal(network.ends.length, 1, "there was no connection");
			} else {
				opens(network);
				equal(network.answers, 4, "three times another cookie");
				talk(network);
			}
		}
	},

	"another client's cookie": () => {
		for (const version of both) {
			const network = dtlsPair(pki, registry, { version, cookies: true });
			network.runUntil(() => network.answers === 1, 1000);
			network.clientAddress = "somebody else";
			if (version === "1.3") isRefused(network);
			else {
				network.runUntil(() => network.answers === 2, 1000);
				equal(network.ends.length, 1, "a cookie for that address, and no connection");
				opens(network);
			}
		}
	},

	"a cookie that has become stale in 1.3 is refused": () => {
		const network = dtlsPair(pki, registry, { version: "1.3", cookies: true });
		network.plan = (datagram) => (datagram.from === CLIENT && datagram.index === 1 ? [{ delay: 1200000, bytes: datagram.bytes }] : faithful(datagram));
		network.runUntil(() => network.sent[CLIENT] === 2, 1000);
		network.plan = (datagram) => (datagram.from === CLIENT ? [] : faithful(datagram));
		network.runUntil(() => network.ends[CLIENT].state === CLOSED, 1300000);
		isRefused(network);
	},

	"hundreds of addresses that prove nothing get little, and no memory": () => {
		for (const version of both) {
			const door = openDoor({ version }, 4);
			const network = dtlsPair(pki, registry, { version, plan: () => [] });
			network.log = [];
			network.runUntil(() => false, 10);
			const [{ bytes }] = network.log;
			for (let i = 0; i < 200; i++) {
				equal(door.route(i, bytes, 0, bytes.length, `address ${i}`), ROUTE_ANSWER);
				equal(door.answerLength <= 3 * bytes.length, true, `${door.answerLength} for ${bytes.length}`);
				equal(door.route(i, bytes, 0, 40, `address ${i}`), ROUTE_NOTHING, "a part of a ClientHello");
			}
			equal(door.guests.length, 0);
			opens(visit(door, "a client", { version }));
		}
	},

	"without cookies an address that isn't proven gets three times what came from there, and the handshake gets done": () => {
		for (const version of both) {
			const { chain, key } = pki.server;
			const credentials = [{ chain: [...chain, ...chain, ...chain], key }];
			const network = dtlsPair(pki, registry, { version, door: true, mtu: 512, server: { credentials } });
			let received = 0;
			let sent = 0;
			let proven = false;
			network.plan = (datagram) => {
				if (datagram.from === CLIENT) {
					received += datagram.bytes.length;
					// Whatever is protected shows that our datagrams arrive
					proven ||= datagram.index > 0 && !(datagram.bytes[0] === 22 && datagram.bytes[13] === 1);
				} else if (!proven) {
					sent += datagram.bytes.length;
					equal(sent <= 3 * received, true, `${version}: ${sent} for ${received}`);
				}
				return faithful(datagram);
			};
			opens(network);
			equal(sent > 0, true);
			talk(network);
		}
	},

	"a full port says so; when somebody has gone there is room again": () => {
		for (const version of both) {
			const door = openDoor({ version, psk: true }, 2);
			const options: DtlsPairOptions = { version, psk: true };
			const first = opens(visit(door, "client 1", { ...options, seed: 1 }));
			opens(visit(door, "client 2", { ...options, seed: 2 }));
			const third = visit(door, "client 3", { ...options, seed: 3 });
			isRefused(third);
			equal(third.full, 1);
			equal(door.full, 1);
			equal(door.guests.length, 2);
			talk(first);
			door.guests[0].connection.abort();
			door.remove(door.guests[0]);
			talk(opens(visit(door, "client 3", { ...options, seed: 4 })));
		}
	},

	"who comes back to its address without a cookie changes nothing; with one it takes its own place": () => {
		for (const version of both) {
			const door = openDoor({ version, psk: true }, 1);
			const options: DtlsPairOptions = { version, psk: true };
			const network = opens(visit(door, "client 1", { ...options, seed: 1 }));
			talk(network);
			const [guest] = door.guests;
			// Somebody who only pretends to be there
			const pretender = dtlsPair(pki, registry, { ...options, seed: 7, plan: () => [] });
			pretender.log = [];
			pretender.runUntil(() => false, 10);
			for (let i = 0; i < 5; i++) equal(door.route(5000 + i, pretender.log[0].bytes, 0, pretender.log[0].bytes.length, "client 1"), ROUTE_ANSWER);
			equal(door.guests[0] === guest && guest.connection.state === OPERATING, true, "the connection stays");
			talk(network);
			const again = visit(door, "client 1", { ...options, seed: 2 });
			talk(opens(again));
			equal(guest.connection.state, CLOSED);
			equal(door.guests.length, 1);
		}
	},
};
