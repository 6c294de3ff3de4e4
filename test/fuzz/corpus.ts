// Real handshake messages of all kinds, from pairs under toy algorithms: what test/fuzz begins with.

import { OPERATING } from "polltls/base/status";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsServer } from "polltls/dtls-server";
import type { Connection } from "polltls/engine/connection";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { psk_dhe_ke, psk_ke, secp256r1, TLS_1_2, TLS_1_3, x25519 } from "polltls/wire/registry";
import { TestClock, TestEntropy } from "../suite/pair/harness.js";
import { ToyPki, toyRegistry } from "../support/toy-crypto.js";

export const registry = toyRegistry();
export const pki = new ToyPki(registry);
export const clock = new TestClock();
export const tickets = new TicketKeys(registry, clock, new TestEntropy(5), 7200);
const psks = [{ identity: Uint8Array.of(100, 101, 118), key: Uint8Array.from({ length: 16 }, (_, i) => i + 1) }];

/** What both ends of a scenario are opened with beside the usual. */
export interface Scenario {
	name: string;
	datagrams?: boolean;
	client: object;
	server: object;
	/** The session of a connection before is resumed. */
	resumes?: boolean;
}

const only13 = { minimumVersion: TLS_1_3 };
const only12 = { maximumVersion: TLS_1_2 };
const mutual = { client: { credentials: [pki.client] }, server: { verifyClient: "require" } };

/** Every way of a handshake that toy algorithms can go. */
export const scenarios: readonly Scenario[] = [
	{ name: "1.3", client: only13, server: {} },
	{ name: "1.3, either version offered", client: { alpn: ["h2", "http/1.1"] }, server: { alpn: ["http/1.1"] } },
	{ name: "1.3, HelloRetryRequest", client: { ...only13, groups: [secp256r1, x25519] }, server: { groups: [x25519] } },
	{ name: "1.3, client certificate", client: { ...only13, ...mutual.client }, server: mutual.server },
	{ name: "1.3, PSK", client: { ...only13, psks }, server: { psks } },
	{ name: "1.3, PSK alone", client: { ...only13, psks, pskModes: [psk_ke], groups: [] }, server: { psks, pskModes: [psk_dhe_ke, psk_ke] } },
	{ name: "1.3, PSK and HelloRetryRequest", client: { ...only13, psks, groups: [secp256r1, x25519] }, server: { psks, groups: [x25519] } },
	{ name: "1.3, resumed", client: only13, server: { tickets }, resumes: true },
	{ name: "1.2", client: only12, server: {} },
	{ name: "1.2, server", client: {}, server: only12 },
	{ name: "1.2, CBC", client: { ...only12, suites: [0xc023] }, server: {} },
	{ name: "1.2, client certificate", client: { ...only12, ...mutual.client }, server: mutual.server },
	{ name: "1.2, PSK", client: { ...only12, psks, suites: [0xd001, 0x00a8] }, server: { psks } },
	{ name: "1.2, resumed", client: only12, server: { tickets }, resumes: true },
	{ name: "1.2, lengths", client: { ...only12, maxFragmentLength: 1024 }, server: { recordSizeLimit: 500 } },
	{ name: "DTLS 1.3", datagrams: true, client: only13, server: {} },
	{ name: "DTLS 1.3, client certificate", datagrams: true, client: { ...only13, ...mutual.client }, server: mutual.server },
	{ name: "DTLS 1.3, HelloRetryRequest", datagrams: true, client: { ...only13, groups: [secp256r1, x25519] }, server: { groups: [x25519] } },
	{ name: "DTLS 1.3, connection ids", datagrams: true, client: { ...only13, connectionIdLength: 4 }, server: { connectionIdLength: 0 } },
	{ name: "DTLS 1.2", datagrams: true, client: only12, server: {} },
	{ name: "DTLS 1.2, client certificate", datagrams: true, client: { ...only12, ...mutual.client }, server: mutual.server },
	{ name: "DTLS 1.2, PSK", datagrams: true, client: { ...only12, psks, suites: [0xd001, 0x00a8] }, server: { psks } },
];

/** The two ends of a scenario; the seed makes their random bytes. */
export function openScenario(scenario: Scenario, seed: number, more: { client?: object; server?: object } = {}): [Connection, Connection] {
	const common = { registry, clock, trust: pki.trust, profile: "iot" as const, handshakeTimeout: 10000 };
	const session = scenario.resumes ? sessionOf(scenario) : undefined;
	const client = { ...common, entropy: new TestEntropy(seed * 2 + 1001), peerName: "localhost", session, ...scenario.client, ...more.client };
	const server = { ...common, entropy: new TestEntropy(seed * 2 + 5001), credentials: [pki.server], ...scenario.server, ...more.server };
	if (scenario.datagrams) return [openDtlsClient(client), openDtlsServer(server)];
	return [openTlsClient(client), openTlsServer(server)];
}

const sessions = new Map<string, Session>();

/** A session that the scenario can resume, of a connection that was made for it. */
function sessionOf(scenario: Scenario): Session {
	const known = sessions.get(scenario.name);
	if (known !== undefined) return known;
	const ends = openScenario({ ...scenario, resumes: false }, 3);
	settle(ends);
	const { session } = ends[0];
	if (session === undefined) throw new Error(`${scenario.name}: no session`);
	sessions.set(scenario.name, session);
	return session;
}

/** Carries bytes faithfully until nothing happens any more. */
export function settle(ends: readonly Connection[]): void {
	const packet = new Uint8Array(20000);
	for (let quiet = 0; quiet < 3; ) {
		let moved = false;
		for (const [i, end] of ends.entries()) {
			clock.now += 0.01;
			const before = end.counters.work;
			end.poll();
			moved ||= end.counters.work > before;
			const count = end.networkOut(packet, 0, packet.length);
			for (let at = 0; at < count; ) {
				const taken = ends[1 - i].networkIn(packet, at, count);
				at += taken;
				if (at < count) ends[1 - i].poll();
			}
			moved ||= count > 0;
		}
		quiet = moved ? 0 : quiet + 1;
	}
}

/** A handshake message as its reader saw it. */
export interface Message {
	type: number;
	body: Uint8Array;
	/** It came from the client. */
	fromClient: boolean;
	is12: boolean;
	datagrams: boolean;
}

/** Notes every message that an end reads. */
function listen(end: Connection, fromClient: boolean, scenario: Scenario, messages: Message[]): void {
	const seam = end.traffic.messages;
	const { release } = seam;
	seam.release = (transcript) => {
		const { type, bodyAt, bodyEnd, memory } = seam;
		messages.push({ type, body: memory.slice(bodyAt, bodyEnd), fromClient, is12: scenario.name.includes("1.2"), datagrams: scenario.datagrams ?? false });
		release.call(seam, transcript);
	};
}

/** The messages of all scenarios. */
export function collectMessages(): Message[] {
	const messages: Message[] = [];
	for (const scenario of scenarios) {
		const ends = openScenario(scenario, 1);
		listen(ends[0], false, scenario, messages);
		listen(ends[1], true, scenario, messages);
		settle(ends);
		for (const end of ends) if (end.state !== OPERATING) throw new Error(`${scenario.name}: ${end.stateName}, failure ${end.failure >> 16}`);
	}
	return messages;
}
