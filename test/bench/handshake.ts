// `npm run bench -- handshake`: full and resumed handshakes of TLS 1.3 and 1.2, by side: in Node without a network, over
// TCP with openssl, and on XS.

import { nodeRegistry } from "../../hosts/node/registry.js";
import { bytesOf } from "../../hosts/sim/heap-image.js";
import { findPeer } from "../support/peers.js";
import { type Agreement, nodeClient, nodeServer, opensslAlone, ourClient, ourServer, type TcpFigures } from "./openssl.js";
import type { Part } from "./part.js";
import { benchPki, type KeyKind, setupOf, TLS_1_2, TLS_1_3, versionName } from "./setups.js";
import { benchHandshakes, type HandshakeFigures } from "./suite/handshakes.js";
import { type Cell, type Table, times } from "./table.js";
import { benchOnXs, type XsFigures } from "./xs-handshakes.js";

const versions = [TLS_1_3, TLS_1_2];
/** Handshakes of a row in Node, and on XS. */
const COUNT = 20;
const XS_COUNT = 3;
/** Of a row over TCP. */
const SECONDS = 1;

interface Row<Figures> {
	version: string;
	kind: "full" | "resumed";
	key: KeyKind;
	figures: Figures;
}

/** "TLS 1.3 full, ECDSA" */
function nameOf({ version, kind, key }: Row<unknown>): string {
	return `TLS ${version} ${kind}${kind === "resumed" ? "" : key === "ec" ? ", ECDSA P-256" : ", RSA-2048"}`;
}

function cpu(): number {
	const { user, system } = process.cpuUsage();
	return user + system;
}

function inMemory(): Row<HandshakeFigures>[] {
	const registry = nodeRegistry("node");
	registry.start();
	const rows: Row<HandshakeFigures>[] = [];
	for (const version of versions)
		for (const [kind, key] of [
			["full", "ec"],
			["full", "rsa"],
			["resumed", "ec"],
		] as const) {
			const setup = setupOf(version, key, "web");
			benchHandshakes(setup, registry, cpu, kind === "resumed", COUNT); // until the compiler is done with it
			rows.push({ version: versionName(version), kind, key, figures: benchHandshakes(setup, registry, cpu, kind === "resumed", COUNT) });
		}
	return rows;
}

function memoryTable(rows: readonly Row<HandshakeFigures>[]): Table {
	return {
		title: `Handshakes in Node, both ends in memory: medians of ${COUNT}, time of the processor`,
		columns: ["handshake", "client, us", "server, us", "client's longest poll, us", "server's", "client's polls", "server's", "client's bytes", "server's"],
		rows: rows.map((row) => {
			const { client, server } = row.figures;
			return [nameOf(row), client.time, server.time, client.longest, server.longest, client.polls, server.polls, client.bytes, server.bytes];
		}),
		notes: ["x25519, AES-128-GCM; the server's leaf is signed by the client's anchor (ECDSA P-256). Server's bytes with one ticket."],
	};
}

/** Who serves whom. */
type Ends = "openssl alone" | "polltls client" | "Node's client" | "polltls server" | "Node's server";
const pairings: readonly [Ends, typeof opensslAlone][] = [
	["openssl alone", opensslAlone],
	["polltls client", ourClient],
	["Node's client", nodeClient],
	["polltls server", ourServer],
	["Node's server", nodeServer],
];

async function overTcp(openssl: string): Promise<(Row<TcpFigures> & { ends: Ends })[]> {
	const { ca, ec } = benchPki();
	const rows: (Row<TcpFigures> & { ends: Ends })[] = [];
	for (const version of versions)
		for (const kind of ["full", "resumed"] as const) {
			const agreement: Agreement = { option: version === TLS_1_3 ? "-tls1_3" : "-tls1_2", version, certificate: ec.certificate, key: ec.key, ca };
			for (const [ends, measure] of pairings)
				rows.push({ version: versionName(version), kind, key: "ec", ends, figures: await measure(openssl, agreement, kind === "resumed", SECONDS) });
		}
	return rows;
}

function tcpTable(rows: readonly (Row<TcpFigures> & { ends: Ends })[], version: string): Table {
	const alone = (row: Row<TcpFigures>): TcpFigures | undefined => rows.find((one) => one.ends === "openssl alone" && nameOf(one) === nameOf(row))?.figures;
	const ratio = (one: number | undefined, other: number | undefined): Cell => (one === undefined || other === undefined ? undefined : times(one / other));
	return {
		title: `Handshakes over TCP on this machine, openssl ${version} at the other end: means of ${SECONDS} s, time of the processor`,
		columns: ["handshake", "who", "client, us", "server, us", "to openssl's", "a second", "longest poll, us"],
		rows: rows.map((row) => {
			const { client, server, perSecond, longest } = row.figures;
			const reference = alone(row);
			const compared =
				row.ends === "openssl alone" ? undefined : row.ends.endsWith("client") ? ratio(client, reference?.client) : ratio(server, reference?.server);
			return [nameOf(row), row.ends, client, server, compared, perSecond, longest];
		}),
		notes: [
			"openssl s_server -www and openssl s_time; a resumed handshake comes with one GET on both ends. Node's: node:tls, OpenSSL's machine code on Node's sockets.",
			"to openssl's: the end that is named, beside the same end of openssl alone. a second: by the clock, both ends on this machine.",
		],
	};
}

type XsRow = Row<XsFigures> & { side: "client" | "server" };

async function onXs(): Promise<XsRow[]> {
	const rows: XsRow[] = [];
	for (const version of versions)
		for (const key of ["ec", "rsa"] as const)
			for (const side of ["client", "server"] as const) {
				const { full, resumed } = await benchOnXs(side === "server", setupOf(version, key, "iot"), XS_COUNT);
				rows.push({ version: versionName(version), kind: "full", key, side, figures: full });
				if (key === "ec") rows.push({ version: versionName(version), kind: "resumed", key, side, figures: resumed });
			}
	return rows;
}

function workTable(rows: readonly XsRow[]): Table {
	const full = (row: XsRow): XsRow | undefined =>
		rows.find((one) => one.kind === "full" && one.key === "ec" && one.side === row.side && one.version === row.version);
	return {
		title: `Handshakes on the XS engine of npm @agoric/xsnap: medians of ${XS_COUNT}`,
		columns: ["handshake", "side", "compute", "to full", "ms", "longest poll: compute", "us", "in", "polls", "bytes sent", "garbage, slots"],
		rows: rows.map((row) => {
			const { compute, time, longestCompute, longest, longestState, polls, bytes, garbage } = row.figures;
			const other = row.kind === "resumed" ? full(row) : undefined;
			const part = other && `1/${(other.figures.compute / compute).toFixed(1)}`;
			return [nameOf(row), row.side, compute, part, time / 1000, longestCompute, longest, longestState, polls, bytes, garbage];
		}),
		notes: [
			"compute: the engine's units of work. Protocol and public-key arithmetic run on XS; hashes and ciphers are the host's, as they are native code on a device,",
			"and their time is left out. x25519, AES-128-GCM.",
		],
	};
}

function heapTable(rows: readonly XsRow[]): Table {
	return {
		title: "Heap of one connection on a device of 32 bits, profile iot: slots of 16 bytes, and chunks",
		columns: ["handshake", "side", "opened: slots", "chunks", "bytes", "peak: slots", "chunks", "bytes", "done: slots", "chunks", "bytes"],
		rows: rows.map((row) => {
			const { opened, peak, done } = row.figures;
			return [nameOf(row), row.side, ...[opened, peak, done].flatMap((heap) => [heap.slots, heap.chunks, bytesOf(heap)])];
		}),
		notes: [
			"Live, after a collection: when it has just been opened, at the most during the handshake, and after it. Without registry, anchors, credentials and keys of tickets.",
		],
	};
}

export const benchHandshake: Part = async (progress) => {
	progress("handshakes in Node");
	const memory = inMemory();
	const tables = [memoryTable(memory)];
	progress("handshakes on XS");
	const xs = await onXs();
	const openssl = findPeer("openssl");
	if (typeof openssl === "string") {
		tables.push({ title: `Handshakes over TCP: not measured, ${openssl}`, columns: [], rows: [] });
		return { figures: { memory, xs }, tables: [...tables, workTable(xs), heapTable(xs)] };
	}
	progress("handshakes over TCP");
	const tcp = await overTcp(openssl.path);
	tables.push(tcpTable(tcp, openssl.version), workTable(xs), heapTable(xs));
	return { figures: { memory, tcp, xs }, tables };
};
