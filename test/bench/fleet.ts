// `npm run bench -- fleet`: devices by the thousand over UDP against one server of ours.

import { Fleet, type FleetFigures, type FleetSetup } from "../support/fleet.js";
import type { Part } from "./part.js";
import type { Table } from "./table.js";

const COUNTS = [10, 100, 1000];
const most = 1000;
const setups: Record<string, FleetSetup> = {
	"DTLS 1.3, PSK with x25519": { version: "1.3", psk: true, most },
	"DTLS 1.3, ECDSA P-256, x25519": { version: "1.3", psk: false, most },
	"DTLS 1.2, PSK": { version: "1.2", psk: true, most },
};

export const benchFleet: Part = async (progress) => {
	const figures: (FleetFigures & { name: string })[] = [];
	for (const [name, setup] of Object.entries(setups)) {
		const fleet = await Fleet.start(setup);
		for (const devices of COUNTS) {
			progress(`${devices} devices, ${name}`);
			figures.push({ name, ...(await fleet.run(devices)) });
		}
		fleet.stop();
	}
	const table: Table = {
		title: "Devices that come at once: all in one Node process, the server in another, over UDP of this machine, with cookies",
		columns: [
			"handshake",
			"devices",
			"all open and heard, s",
			"waited, ms: median",
			"longest",
			"processor, ms: device",
			"server",
			"bytes of a connection: device",
			"server",
			"sent again",
		],
		rows: figures.map((row) => [
			row.name,
			row.devices,
			row.seconds,
			row.median,
			row.longest,
			row.deviceMs,
			row.serverMs,
			row.deviceMemory,
			row.serverMemory,
			row.retransmissions,
		]),
		notes: [
			"Bytes after a collection, with Node's streams, at the device with Node's socket; 10,778 of them are the connection's buffers (profile iot). The first row of",
			"each has what is loaded and compiled once. Who waits for longer than a second, because all come at once, sends again.",
		],
	};
	return { figures, tables: [table] };
};
