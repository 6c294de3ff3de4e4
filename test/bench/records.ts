// `npm run bench -- records`: application data each way, by suite: in Node and on XS.

import { suiteName } from "polltls/wire/registry-text";
import { nodeRegistry } from "../../hosts/node/registry.js";
import type { Part } from "./part.js";
import { setupOf, TLS_1_2, TLS_1_3, versionName } from "./setups.js";
import { calibrate, sample } from "./suite/operation.js";
import { measureRecords, type RecordFigures, RecordPair } from "./suite/records.js";
import { symmetricOperations } from "./suite/symmetric-operations.js";
import { type Table, times } from "./table.js";
import { benchRecordsOnXs, type XsRecordFigures } from "./xs-records.js";

const LENGTH = 4096;
const XS_LENGTH = 1024;
const ROUNDS = 5;
const RECORDS = 100;

/** Version, suite and the operation of suite/symmetric-operations that is its cipher. */
const suites: readonly [number, number, string][] = [
	[TLS_1_3, 0x1301, "AES-128-GCM"],
	[TLS_1_3, 0x1302, "AES-256-GCM"],
	[TLS_1_3, 0x1303, "ChaCha20-Poly1305"],
	[TLS_1_3, 0x1304, "AES-128-CCM"],
	[TLS_1_3, 0x1305, "AES-128-CCM-8"],
	[TLS_1_2, 0xc02b, "AES-128-GCM"],
	[TLS_1_2, 0xcca9, "ChaCha20-Poly1305"],
	[TLS_1_2, 0xc0ae, "AES-128-CCM-8"],
	[TLS_1_2, 0xc009, "AES-128-CBC"],
];

interface Row<Figures> {
	version: string;
	suite: string;
	figures: Figures;
}

interface NodeFigures {
	node: RecordFigures;
	noble: RecordFigures;
	/** node:crypto alone: microseconds for 1 KB, in pieces as long as a record. */
	cipher: number | undefined;
}

function cpu(): number {
	const { user, system } = process.cpuUsage();
	return user + system;
}

function inNode(): Row<NodeFigures>[] {
	const registries = { node: nodeRegistry("node"), noble: nodeRegistry("noble") };
	registries.node.start();
	registries.noble.start();
	const ciphers = symmetricOperations(registries.node, "node:crypto", LENGTH);
	return suites.map(([version, suite, cipher]) => {
		const setup = setupOf(version, "ec", "web", suite);
		const measure = (crypto: "node" | "noble"): RecordFigures => {
			const pair = new RecordPair(setup, registries[crypto], cpu, LENGTH);
			measureRecords(pair, cpu, LENGTH, 2, RECORDS); // until the compiler is done with it
			return measureRecords(pair, cpu, LENGTH, ROUNDS, RECORDS);
		};
		const alone = ciphers.find(({ name }) => name === cipher);
		const time = alone && (sample(alone, cpu, calibrate(alone, cpu, 20_000)).time * 1024) / LENGTH;
		return { version: versionName(version), suite: suiteName(suite), figures: { node: measure("node"), noble: measure("noble"), cipher: time } };
	});
}

function nodeTable(rows: readonly Row<NodeFigures>[]): Table {
	return {
		title: `Application data in Node, both ends in memory, records of ${LENGTH} bytes: medians of ${ROUNDS} rounds, microseconds of the processor for 1 KB`,
		columns: ["suite", "TLS", "node:crypto: send", "receive", "its cipher alone", "send to cipher", "noble: send", "receive"],
		rows: rows.map(({ version, suite, figures: { node, noble, cipher } }) => [
			suite,
			version,
			node.send,
			node.receive,
			cipher,
			cipher === undefined ? undefined : times(node.send / cipher),
			noble.send,
			noble.receive,
		]),
		notes: ["send: from the application to the network; receive: from the network to the application. The cipher alone seals pieces as long as a record."],
	};
}

async function onXs(): Promise<Row<XsRecordFigures>[]> {
	const rows: Row<XsRecordFigures>[] = [];
	for (const [version, suite] of [
		[TLS_1_3, 0x1304],
		[TLS_1_2, 0xc02b],
	])
		rows.push({ version: versionName(version), suite: suiteName(suite), figures: await benchRecordsOnXs(setupOf(version, "ec", "iot", suite), XS_LENGTH) });
	return rows;
}

function xsTable(rows: readonly Row<XsRecordFigures>[]): Table {
	return {
		title: `Application data on the XS engine of npm @agoric/xsnap, records of ${XS_LENGTH} bytes, without the cipher`,
		columns: ["suite", "TLS", "send, us a KB", "receive", "send: compute a record", "receive", "send: garbage, slots a record", "receive"],
		rows: rows.map(({ version, suite, figures: { send, receive, sending, receiving } }) => [
			suite,
			version,
			send,
			receive,
			sending.compute,
			receiving.compute,
			sending.slots,
			receiving.slots,
		]),
		notes: [
			"The cipher is the host's, as it is native code on a device; what it costs there is in `npm run bench -- crypto`. In work and garbage is the message to the",
			"host and back, which a device doesn't have.",
		],
	};
}

export const benchRecords: Part = async (progress) => {
	progress("application data in Node");
	const node = inNode();
	progress("application data on XS");
	const xs = await onXs();
	return { figures: { node, xs }, tables: [nodeTable(node), xsTable(xs)] };
};
