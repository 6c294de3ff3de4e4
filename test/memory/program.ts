// What test/memory runs on the XS engine: connections whose heap is then looked at from outside. See support/heap-lab.

import { OPERATING } from "polltls/base/status";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsServer } from "polltls/dtls-server";
import type { Connection } from "polltls/engine/connection";
import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { deviceRegistry } from "../../hosts/sim/registry.js";
import { TestClock, TestEntropy, TestPki } from "../suite/pair/harness.js";
import type { Operation } from "../support/heap-lab.js";
import { ToyPki, toyRegistry } from "../support/toy-crypto.js";
import { Wire } from "./wire.js";

const clock = new TestClock();
const entropy = new TestEntropy(77);

/** Algorithms with what goes with them. */
class Kit {
	readonly registry;
	readonly pki;
	readonly tickets;
	constructor(toy: boolean) {
		this.registry = toy ? toyRegistry() : deviceRegistry();
		this.pki = toy ? new ToyPki(this.registry) : new TestPki(this.registry);
		this.tickets = new TicketKeys(this.registry, clock, entropy, 7200);
	}
}
const kits = { toy: new Kit(true), device: new Kit(false) };

/** What a test asks for (JSON): which algorithms, which transport, and options of both ends. */
export interface Recipe {
	kit: "toy" | "device";
	datagrams?: boolean;
	tickets?: boolean;
	verifyClient?: boolean;
	options: Record<string, unknown>;
}

function openEnd(role: string, recipe: Recipe, session?: Session): Connection {
	const { registry, pki, tickets } = kits[recipe.kit];
	const common = { registry, clock, entropy, trust: pki.trust, handshakeTimeout: 0, ...recipe.options };
	if (role === "client") {
		const options = { ...common, peerName: "localhost", session, credentials: recipe.verifyClient ? [pki.client] : [] };
		return recipe.datagrams ? openDtlsClient(options) : openTlsClient(options);
	}
	const options = {
		...common,
		credentials: [pki.server],
		tickets: recipe.tickets ? tickets : undefined,
		verifyClient: recipe.verifyClient ? ("require" as const) : ("no" as const),
	};
	return recipe.datagrams ? openDtlsServer(options) : openTlsServer(options);
}

function openWire(recipe: Recipe, session?: Session): Wire {
	return new Wire(clock, openEnd("client", recipe, session), openEnd("server", recipe));
}

let held: unknown;

/** An open pair and one record's worth of data. */
let pair: Wire;
let data: Uint8Array;
const packet = new Uint8Array(4096);

/** One record from the client as far as its network door; answers how long. */
function sendRecord(): number {
	const { client } = pair;
	if (client.applicationIn(data, 0, data.length) !== data.length) throw new Error("no record's worth of room");
	client.poll();
	return client.networkOut(packet, 0, packet.length);
}

/** And through the server. */
function passRecord(): void {
	const { server } = pair;
	const length = sendRecord();
	if (server.networkIn(packet, 0, length) !== length) throw new Error("no room");
	server.poll();
	if (server.applicationOut(packet, 0, packet.length) !== data.length) throw new Error("the record didn't arrive");
}

export const operations: Record<string, Operation> = {
	/** The certificates of the device kit: root, leaf and its key, for a peer outside. */
	identity() {
		const { pki } = kits.device;
		const [anchor] = pki.trust.anchors;
		const parts = [anchor.bytes.subarray(anchor.at, anchor.end), pki.server.chain[0], pki.server.key.bytes];
		const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const part of parts) {
			bytes.set(part, at);
			at += part.length;
		}
		return { value: { type: pki.server.key.type, lengths: parts.map(({ length }) => length) }, bytes };
	},
	/** One end, its peer outside. */
	open({ role, recipe }: { role: string; recipe: Recipe }) {
		held = openEnd(role, recipe);
		return undefined;
	},
	/** Takes one packet, polls, gives one packet. */
	turn(_: unknown, bytes) {
		const connection = held as Connection;
		clock.now += 0.01;
		const taken = connection.networkIn(bytes, 0, bytes.length);
		connection.poll();
		const packet = new Uint8Array(4096);
		const count = connection.networkOut(packet, 0, packet.length);
		const { state, stateName, failure } = connection;
		return { value: { taken, state, stateName, failure: failure >> 16, wants: connection.wants() }, bytes: packet.subarray(0, count) };
	},
	drop() {
		held = undefined;
		return undefined;
	},
	/** Opens the pair that send and pass use. */
	pair({ recipe, size }: { recipe: Recipe; size: number }) {
		pair = openWire(recipe);
		pair.establish();
		data = new Uint8Array(size);
		return { value: pair.client.negotiated.suite?.number };
	},
	send(count: number) {
		for (let i = 0; i < count; i++) sendRecord();
		return undefined;
	},
	pass(count: number) {
		for (let i = 0; i < count; i++) passRecord();
		return undefined;
	},
	/** Makes garbage of a known size. */
	litter(count: number) {
		for (let i = 0; i < count; i++) new Uint8Array(100);
		return undefined;
	},
	/** Runs a handshake for so many polls, ends one side there and keeps it: the name of its state, whether both were open. */
	abandon({ recipe, who, polls, how }: { recipe: Recipe; who: "client" | "server"; polls: number; how: string }) {
		const wire = openWire(recipe);
		while (wire.polls < polls) wire.turn();
		const connection = wire[who];
		const value = { state: connection.stateName, open: wire.client.state === OPERATING && wire.server.state === OPERATING };
		if (how === "abort") connection.abort();
		else if (how === "close") connection.close();
		else if (how === "garbage") {
			connection.networkIn(new Uint8Array(64), 0, 64);
			for (let i = 0; i < 100 && connection.failure === 0; i++) connection.poll();
		}
		held = connection;
		return { value };
	},
	/** Opens and closes pairs, one after the other; with `resume` each with the session of the one before. */
	cycles({ recipe, count, resume }: { recipe: Recipe; count: number; resume: boolean }) {
		let session: Session | undefined;
		for (let i = 0; i < count; i++) {
			const wire = openWire(recipe, session);
			wire.establish();
			if (resume && i > 0 && !wire.client.negotiated.resumed) throw new Error("not resumed");
			if (resume) session = wire.client.session;
			wire.close();
			if (wire.client.failure !== 0 || wire.server.failure !== 0) throw new Error("a failure");
		}
		return undefined;
	},
};
