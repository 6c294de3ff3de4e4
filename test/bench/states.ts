// `npm run bench -- states`: what each state of a handshake costs on XS, to find what is long or dear.

import type { Part } from "./part.js";
import { setupOf, TLS_1_2, TLS_1_3, versionName } from "./setups.js";
import type { Table } from "./table.js";
import { profileOnXs, type StateFigures } from "./xs-handshakes.js";

const ROUNDS = 3;

interface Profile {
	version: string;
	kind: "full" | "resumed";
	side: "client" | "server";
	states: StateFigures[];
}

function tableOf({ version, kind, side, states }: Profile): Table {
	const total = states.reduce((sum, { compute }) => sum + compute, 0);
	return {
		title: `TLS ${version} ${kind}, ${side}, on the XS engine of npm @agoric/xsnap: by the state that a poll begins in`,
		columns: ["state", "polls", "compute", "of all", "longest", "us", "longest", "garbage, slots"],
		rows: states.map(({ state, polls, compute, longestCompute, time, longest, slots }) => [
			state,
			polls,
			compute,
			`${((100 * compute) / total).toFixed(1)} %`,
			longestCompute,
			time,
			longest,
			slots,
		]),
	};
}

export const benchStates: Part = async (progress) => {
	progress("states of handshakes on XS");
	const profiles: Profile[] = [];
	for (const version of [TLS_1_3, TLS_1_2])
		for (const side of ["client", "server"] as const) {
			const { full, resumed } = await profileOnXs(side === "server", setupOf(version, "ec", "iot"), ROUNDS);
			profiles.push({ version: versionName(version), kind: "full", side, states: full });
			profiles.push({ version: versionName(version), kind: "resumed", side, states: resumed });
		}
	const tables = profiles.map(tableOf);
	tables[tables.length - 1].notes = [
		`x25519, ECDSA P-256, AES-128-GCM. compute: the engine's units of work. us: medians of ${ROUNDS} handshakes, without what the host did. Arithmetic is cut into slices`,
		"of about 12,000 units: what is well beyond is work that could be cut.",
	];
	return { figures: profiles, tables };
};
