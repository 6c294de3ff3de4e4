// Stacks whose memory test/memory/stack.test.ts looks at from outside, on XS.

import { OK, WAIT } from "polltls/base/status";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import type { MemoryReport } from "polltls/io/pools";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import { ManualClock, RepeatableEntropy } from "polltls/os/in-memory";
import { streamPair } from "polltls/os/in-memory-network";
import { HeapMemory } from "polltls/os/pool";
import { openTlsClient } from "polltls/tls-client";
import { equal, World } from "../suite/io/harness.js";
import type { Operation } from "../support/heap-lab.js";

let world: World | undefined;
let stack: Stack | undefined;
let sockets: TlsSocket[] = [];

function newStack(memory?: HeapMemory): Stack {
	return new Stack({ clock: new ManualClock(0), entropy: new RepeatableEntropy(1), linked: { openTlsClient }, memory });
}

export const operations: Record<string, Operation> = {
	/** A stack that isn't initialised; limit: bytes that it may reserve. */
	make(limit: number | null) {
		stack = newStack(limit === null ? undefined : new HeapMemory(limit));
		return undefined;
	},

	init(values: Partial<Configuration>) {
		if (stack === undefined) throw new Error("make comes first");
		const code = stack.init(values);
		return { value: { code, bytesNeeded: stack.outcome.bytesNeeded, report: code === OK ? stack.memory() : undefined } };
	},

	remove() {
		equal(stack?.delete(), OK);
		return undefined;
	},

	drop() {
		stack = undefined;
		sockets = [];
		return undefined;
	},

	/** A stack with a certificate of its own and an authority, in one configuration for both connections or in one for each; the report of its memory. */
	connect(shared: boolean) {
		world ??= new World();
		const { pki } = world;
		const started = world.stack({ maxConnections: 2, dtls: false });
		const secure = (): Security => (world as World).credentials(started, false);
		const first = secure();
		const configurations = [first, shared ? first : secure()];
		equal(pki.client.chain.length, 1);
		sockets = configurations.map((security) => new TlsSocket(started, streamPair()[0], security));
		for (const socket of sockets) equal(socket.clientHandshake("localhost"), WAIT);
		stack = started;
		return { value: started.memory() satisfies MemoryReport };
	},
};
