// The server of test/support/fleet, in a process of its own: it echoes, and tells over IPC what it has cost.

import { openDtlsDoor } from "polltls/dtls-server";
import { DtlsServer } from "../../hosts/node/dtls-server.js";
import type { DtlsStream } from "../../hosts/node/dtls-stream.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { serverOptions } from "../suite/pair/dtls-pair.js";
import { TestPki } from "../suite/pair/harness.js";
import { type FleetCost, type FleetSetup, memoryInUse, pairOptions, realTime } from "./fleet.js";

const setup = JSON.parse(process.argv[2]) as FleetSetup;
const registry = nodeRegistry("node");
registry.start();
const options = { ...serverOptions(new TestPki(registry), registry, pairOptions(setup)), ...realTime };
const door = openDtlsDoor({ ...options, maxConnections: setup.most });
const server = new DtlsServer(door);
let retransmissions = 0;

server.on("stream", (stream: DtlsStream) => {
	stream.on("error", () => {});
	stream.once("close", () => {
		retransmissions += stream.connection.report().retransmissions;
	});
	stream.pipe(stream);
});
process.on("message", () => {
	const { user, system } = process.cpuUsage();
	const cost: FleetCost = { memory: memoryInUse(), connections: door.guests.length, cpuMs: (user + system) / 1000, retransmissions };
	process.send?.(cost);
});
process.on("disconnect", () => process.exit(0));
process.send?.({ port: await server.listen(0, "127.0.0.1") });
