// The other end of a connection that test/memory runs on XS: a connection in Node, and the packets between the two.

import { OPERATING, WANTS_WORK } from "polltls/base/status";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsServer } from "polltls/dtls-server";
import type { Connection } from "polltls/engine/connection";
import { TrustStore } from "polltls/pki/trust";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { TestClock, TestEntropy } from "../suite/pair/harness.js";
import type { HeapLab } from "../support/heap-lab.js";
import type { Recipe } from "./program.js";

const registry = nodeRegistry("node");
registry.start();

/** What the lab's own side looked like after a poll. */
export interface Turn {
	taken: number;
	state: number;
	stateName: string;
	failure: number;
	wants: number;
}

/** Runs a handshake between an end in the lab and one here; `look` is called after each poll of the former. */
export async function shakeHands(lab: HeapLab, role: "client" | "server", recipe: Recipe, look: (turn: Turn) => Promise<void>): Promise<void> {
	const { value, bytes } = await lab.call<{ type: number; lengths: number[] }>("identity");
	const [root, leaf] = value.lengths;
	const trust = new TrustStore();
	trust.addDer(bytes.subarray(0, root));
	const credentials = [{ chain: [bytes.slice(root, root + leaf)], key: { type: value.type, bytes: bytes.slice(root + leaf) } }];
	const options = { registry, clock: new TestClock(), entropy: new TestEntropy(9), trust, handshakeTimeout: 0 };
	let peer: Connection;
	if (role === "server") peer = (recipe.datagrams ? openDtlsClient : openTlsClient)({ ...options, peerName: "localhost" });
	else peer = (recipe.datagrams ? openDtlsServer : openTlsServer)({ ...options, credentials });
	await lab.call("open", { role, recipe });
	const packets: Uint8Array[] = [];
	for (let idle = 0; idle < 3; ) {
		const packet = packets.shift() ?? new Uint8Array(0);
		const answer = await lab.call<Turn>("turn", null, packet);
		const turn = answer.value;
		if (turn.failure !== 0) throw new Error(`failure ${turn.failure} in ${turn.stateName}`);
		if (turn.taken < packet.length) packets.unshift(packet.subarray(turn.taken));
		await look(turn);
		if (answer.bytes.length > 0) peer.networkIn(answer.bytes, 0, answer.bytes.length);
		do peer.poll();
		while (peer.wants() & WANTS_WORK);
		for (;;) {
			const out = new Uint8Array(4096);
			const count = peer.networkOut(out, 0, out.length);
			if (count === 0) break;
			packets.push(out.subarray(0, count));
		}
		const quiet = turn.state === OPERATING && packets.length === 0 && answer.bytes.length === 0 && (turn.wants & WANTS_WORK) === 0;
		idle = quiet ? idle + 1 : 0;
	}
}
