// Portable cases: heartbeats (RFC 6520) in both versions: requests, answers, repetitions, and messages that lie about
// their length.

import * as failures from "polltls/base/failure";
import { CLOSED, OPERATING } from "polltls/base/status";
import { HEARTBEAT_IDLE, HEARTBEAT_SILENT, HEARTBEAT_WAITING } from "polltls/engine/heartbeat";
import { heartbeat } from "polltls/wire/registry";
import { type End, equal, Pair, type PairOptions, TestPki } from "./harness.js";
import { pair12, psk, testRegistry12 } from "./harness12.js";

const registry = testRegistry12();
const pki = new TestPki(registry);
const allowed = { heartbeat: { allowPeer: true } };
const both: PairOptions = { client: { ...allowed, psks: [psk] }, server: { ...allowed, psks: [psk] } };

function opened(options: PairOptions, is13 = false): Pair {
	const pair = is13 ? new Pair(pki, registry, options) : pair12(pki, registry, options);
	pair.run();
	equal(pair.open, true, `${pair.client.connection.stateName}, ${pair.server.connection.stateName}`);
	return pair;
}

/** Sends bytes as a heartbeat record, whatever they are. */
function inject(one: End, ...bytes: number[]): void {
	const { memory, output } = one.connection.traffic;
	const at = output.contentAt();
	memory.set(bytes, at);
	output.seal(heartbeat, at + bytes.length);
}
const padding = new Array(16).fill(0);

export const cases: Record<string, () => void> = {
	"a request and its answer, each way, in both versions"() {
		for (const is13 of [false, true]) {
			const pair = opened(both, is13);
			for (const [one, other] of [
				[pair.client, pair.server],
				[pair.server, pair.client],
			]) {
				equal(one.connection.beat(), true);
				equal(one.connection.beat(), false, "one at a time");
				equal(one.connection.heartbeat?.state, HEARTBEAT_WAITING);
				pair.run();
				equal(one.connection.heartbeat?.state, HEARTBEAT_IDLE);
				equal(one.connection.heartbeat?.answered, 1);
				equal(other.connection.heartbeat?.received, 1);
				equal(one.connection.beat(), true, "again");
				pair.run();
				equal(one.connection.report().heartbeats.answered, 2);
			}
			pair.client.write("data");
			pair.run();
			equal(pair.server.text, "data");
		}
	},
	"nobody sends to one who takes none"() {
		const pair = opened({ client: allowed, server: { heartbeat: {} } });
		equal(pair.client.connection.beat(), false);
		equal(pair.server.connection.beat(), true);
		pair.run();
		equal(pair.server.connection.heartbeat?.answered, 1);
		inject(pair.client, 1, 0, 1, 7, ...padding);
		pair.run();
		equal(pair.server.connection.heartbeat?.dropped, 1, "a request all the same is dropped");
		equal(pair.open, true);
	},
	"not agreed on: none, and one that comes ends the connection"() {
		const pair = opened({ client: allowed });
		equal(pair.client.connection.heartbeat, undefined);
		equal(pair.client.connection.beat(), false);
		inject(pair.client, 1, 0, 1, 7, ...padding);
		pair.run();
		equal(pair.server.connection.failure >> 16, failures.HEARTBEAT_UNEXPECTED >> 16);
	},
	"a length beyond the message is dropped and counted, and nothing comes back"() {
		const pair = opened(both);
		const before = pair.server.sent.length;
		inject(pair.client, 1, 0x40, 0, 7, ...padding); // 16384 bytes in a message of 20
		inject(pair.client, 1, 0, 2, 7, ...padding); // a byte more than there is
		inject(pair.client, 1, 0, 0, ...padding.slice(1)); // too little padding
		inject(pair.client, 3, 0, 1, 7, ...padding); // no such type
		inject(pair.client, 1, 0); // no length
		pair.run();
		equal(pair.server.connection.heartbeat?.dropped, 5);
		equal(pair.server.connection.heartbeat?.received, 0);
		equal(pair.server.sent.length, before);
		equal(pair.open, true);
	},
	"an answer that nobody waits for, and one with another payload"() {
		const pair = opened(both);
		inject(pair.server, 2, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, ...padding);
		pair.run();
		equal(pair.client.connection.heartbeat?.dropped, 1);
		pair.client.connection.beat();
		inject(pair.server, 2, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, ...padding);
		pair.client.turn(pair.clock.now, { incoming: [] } as unknown as End, 4096, undefined); // the request gets lost
		pair.server.turn(pair.clock.now, pair.client, 4096, undefined);
		for (let i = 0; i < 4; i++) pair.client.turn(pair.clock.now, { incoming: [] } as unknown as End, 4096, undefined);
		equal(pair.client.connection.heartbeat?.dropped, 2);
		equal(pair.client.connection.heartbeat?.state, HEARTBEAT_WAITING);
	},
	"repeated, given up, and alive again"() {
		const options = { heartbeat: { seconds: 2, repetitions: 3, payloadSize: 20 } };
		const pair = opened({ client: options, server: allowed });
		const { client, clock } = pair;
		const nobody = { incoming: [] } as unknown as End;
		client.connection.beat();
		for (let i = 0; i < 4; i++) {
			equal(client.connection.heartbeat?.sent, i + 1);
			client.turn(clock.now, nobody, 4096, undefined);
			equal(client.connection.wakeAt <= clock.now + 2000, true, "there is a deadline");
			clock.now += 2001;
			client.turn(clock.now, nobody, 4096, undefined);
		}
		equal(client.connection.heartbeat?.sent, 4);
		equal(client.connection.heartbeat?.state, HEARTBEAT_SILENT);
		equal(client.connection.state, OPERATING, "the application decides");
		equal(client.connection.wakeAt, Number.POSITIVE_INFINITY);
		equal(client.connection.beat(), true, "another may be tried");
	},
	"in a handshake there are none"() {
		const pair = opened({ client: allowed, server: { ...allowed, renegotiation: true } });
		pair.client.connection.renegotiate();
		pair.client.turn(pair.clock.now, pair.server, 4096, undefined); // it begins
		equal(pair.client.connection.beat(), false);
		pair.run();
		equal(pair.server.connection.renegotiations, 1);
		equal(pair.client.connection.beat(), true);
		pair.run();
		equal(pair.client.connection.heartbeat?.answered, 1);
	},
	"a mode that there isn't"() {
		const last = (writer: "client" | "server", type: number, failure: number): void => {
			const pair = pair12(pki, registry, { client: { ...allowed, alpn: [] }, server: allowed });
			const one = writer === "client" ? pair.client : pair.server;
			one.alter(type, (bytes, bodyAt, bodyEnd) => {
				for (let at = bodyAt; at < bodyEnd - 4; at++) {
					if (bytes[at] === 0 && bytes[at + 1] === 15 && bytes[at + 2] === 0 && bytes[at + 3] === 1 && bytes[at + 4] === 1) bytes[at + 4] = 3;
				}
				return bodyEnd;
			});
			pair.run();
			const reader = writer === "client" ? pair.server : pair.client;
			equal(reader.connection.failure >> 16, failure >> 16, reader.connection.stateName);
			equal(reader.connection.state, CLOSED);
		};
		last("client", 1, failures.CLIENT_HEARTBEAT_REFUSED);
		last("server", 2, failures.HEARTBEAT_REFUSED);
	},
};
