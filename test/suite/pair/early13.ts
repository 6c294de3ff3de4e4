// Portable cases: 0-RTT data (RFC 8446 2.3, 4.2.10, 8): taken, passed over, refused, and never taken twice.

import * as failures from "polltls/base/failure";
import { HANDSHAKE, OPERATING } from "polltls/base/status";
import { EarlyDataGuard } from "polltls/handshake/early-data";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { secp256r1, x25519 } from "polltls/wire/registry";
import { type Alter, equal, Pair, type PairOptions, putBehind, TestClock, TestEntropy, TestPki, testRegistry } from "./harness.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const psk = { identity: Uint8Array.of(100, 101, 118), key: Uint8Array.from({ length: 16 }, (_, i) => i + 1) };

const end_of_early_data = 5;
const encrypted_extensions = 8;

interface Given {
	tickets: TicketKeys;
	session: Session;
	guard: EarlyDataGuard;
}

/** A ticket that allows early data. */
function given(maximum = 100): Given {
	const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
	const guard = new EarlyDataGuard(maximum, 4);
	const pair = new Pair(pki, registry, { server: { tickets, earlyData: guard } });
	pair.run();
	const { session } = pair.client.connection;
	if (session === undefined) throw new Error("no session");
	equal(session.maximumEarlyData, maximum);
	return { tickets, session, guard };
}

/** A pair whose client says something before it is asked. */
function early(text: string, options: PairOptions): Pair {
	const pair = new Pair(pki, registry, { ...options, client: { earlyData: true, ...options.client } });
	pair.client.write(text);
	return pair;
}

function fails(pair: Pair, side: "client" | "server", failure: number): void {
	pair.run();
	equal(pair[side].connection.failure >> 16, failure >> 16, pair[side].connection.stateName);
}

export const cases: Record<string, () => void> = {
	"taken: it arrives before the handshake is done"() {
		for (const size of [4096, 1]) {
			const { tickets, session, guard } = given();
			const pair = early("GET /", { size, client: { session }, server: { tickets, earlyData: guard } });
			while (pair.server.text === "") pair.turn();
			equal(pair.server.connection.state, HANDSHAKE);
			pair.run();
			equal(pair.open, true);
			equal(pair.server.text, "GET /");
			equal(pair.client.connection.earlyDataAccepted, true);
			equal(pair.server.connection.earlyDataAccepted, true);
			pair.client.write(" more");
			pair.server.write("answer");
			pair.run();
			equal(pair.server.text, "GET / more");
			equal(pair.client.text, "answer");
		}
	},
	"off unless asked for"() {
		const { tickets, session, guard } = given();
		const pair = new Pair(pki, registry, { client: { session }, server: { tickets, earlyData: guard } });
		pair.client.write("late");
		pair.run();
		equal(pair.server.text, "late");
		equal(pair.client.connection.earlyDataAccepted, false);
	},
	"passed over by a server that takes none"() {
		const { tickets, session } = given();
		const pair = early("GET /", { client: { session }, server: { tickets } });
		pair.run();
		equal(pair.open, true);
		equal(pair.client.connection.negotiated.resumed, true);
		equal(pair.client.connection.earlyDataAccepted, false);
		equal(pair.server.text, "", "none of it arrives");
		pair.client.write("again");
		pair.run();
		equal(pair.server.text, "again");
	},
	"passed over after a HelloRetryRequest"() {
		const { tickets, session, guard } = given();
		const pair = early("GET /", { client: { session, groups: [secp256r1, x25519] }, server: { tickets, earlyData: guard, groups: [x25519] } });
		pair.run();
		equal(pair.open, true, `${pair.client.connection.failure >> 16} ${pair.server.connection.failure >> 16}`);
		equal(pair.client.connection.negotiated.helloRetry, true);
		equal(pair.client.connection.earlyDataAccepted, false);
		equal(pair.server.text, "");
	},
	"passed over with a ticket of another server, by certificate"() {
		const { session } = given();
		const other = new TicketKeys(registry, new TestClock(), new TestEntropy(99), 7200);
		const pair = early("GET /", { client: { session }, server: { tickets: other, earlyData: new EarlyDataGuard(100, 4) } });
		pair.run();
		equal(pair.open, true);
		equal(pair.client.connection.negotiated.peerAuthenticated, true);
		equal(pair.server.text, "");
	},
	"a first flight that is sent again brings no early data"() {
		const { tickets, session, guard } = given();
		const pair = early("GET /", { client: { session }, server: { tickets, earlyData: guard } });
		pair.run();
		equal(pair.server.text, "GET /");
		const replay = new Pair(pki, registry, { server: { tickets, earlyData: guard } });
		replay.client.connection.abort();
		replay.server.incoming = pair.client.sent.slice();
		replay.run();
		equal(replay.server.text, "", "not a second time");
		equal(replay.server.connection.state === OPERATING, false);
	},
	"a ticket whose age doesn't fit, and a guard without a free place"() {
		for (const [age, places] of [
			[60, 4],
			[0, 1],
		]) {
			const { tickets, session } = given();
			const guard = new EarlyDataGuard(100, places);
			if (places === 1) equal(guard.admit(new Uint8Array(8).fill(1), 0, 0, 0, 1000), true);
			const pair = early("GET /", { client: { session: { ...session, givenAt: session.givenAt - age } }, server: { tickets, earlyData: guard } });
			pair.run();
			equal(pair.open, true);
			equal(pair.client.connection.earlyDataAccepted, false);
		}
	},
	"the guard's places are free again after their time"() {
		const guard = new EarlyDataGuard(100, 1);
		const mark = new Uint8Array(8).fill(1);
		equal(guard.admit(mark, 0, 0, 0, 0), true);
		equal(guard.admit(mark, 0, 0, 0, 1), false);
		equal(guard.admit(new Uint8Array(8), 0, 0, 0, 1), false, "no place");
		equal(guard.admit(mark, 0, 0, 0, 20000), true);
		equal(guard.admit(mark, 0, 10001, 0, 99999), false, "too old");
	},
	"more than the ticket allows"() {
		const { tickets, session, guard } = given(4);
		const pair = early("GET / and more", { client: { session: { ...session, maximumEarlyData: 100 } }, server: { tickets, earlyData: guard } });
		fails(pair, "server", failures.EARLY_DATA_TOO_LONG);
	},
	"more than is passed over"() {
		const { tickets, session } = given();
		const pair = early("x".repeat(20000), { client: { session: { ...session, maximumEarlyData: 30000 } }, server: { tickets } });
		fails(pair, "server", failures.BAD_RECORD_MAC);
	},
	"an EndOfEarlyData that is longer, and one with something behind it"() {
		const { tickets, session, guard } = given();
		const longer: Alter = (bytes, _bodyAt, bodyEnd) => {
			bytes[bodyEnd] = 0;
			return bodyEnd + 1;
		};
		let pair = early("x", { client: { session }, server: { tickets, earlyData: guard } });
		pair.client.alter(end_of_early_data, longer);
		fails(pair, "server", failures.END_OF_EARLY_DATA_MALFORMED);
		pair = early("x", { seed: 2, client: { session }, server: { tickets, earlyData: guard } });
		putBehind(pair.client, end_of_early_data, 1);
		fails(pair, "server", failures.END_OF_EARLY_DATA_INSIDE_RECORD);
	},
	"a server that takes it with another PSK"() {
		const { session } = given();
		const pair = early("x", { client: { session, psks: [psk] }, server: { psks: [psk] } });
		pair.server.alter(encrypted_extensions, (bytes, bodyAt, bodyEnd) => {
			bytes[bodyAt + 1] += 4;
			bytes.set([0, 42, 0, 0], bodyEnd);
			return bodyEnd + 4;
		});
		fails(pair, "client", failures.EARLY_DATA_UNFIT);
	},
};
