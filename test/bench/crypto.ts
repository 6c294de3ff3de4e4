// `npm run bench -- crypto`: public-key arithmetic, hashes and record ciphers, by operation and provider, on Node, on XS
// and, with MODDABLE set, in a Moddable image beside the SDK's own native code.

import { generateKeyPairSync } from "node:crypto";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { MODDABLE_MISSING } from "../support/moddable-image.js";
import { measureInImage } from "./crypto-image.js";
import { nodeOperations } from "./node-operations.js";
import type { Part } from "./part.js";
import { COLLECTION, type Measured, measureOperations } from "./suite/measure.js";
import { median, ratioOf } from "./suite/median.js";
import { nobleOperations } from "./suite/noble-operations.js";
import { publicKeyOperations, type RsaKey } from "./suite/public-key-operations.js";
import { symmetricOperations } from "./suite/symmetric-operations.js";
import { type Cell, figure, type Table, times } from "./table.js";
import { measureOnXs } from "./xs-crypto.js";

const ROUNDS = 5;
/** Bytes of chunks that are free on a small device; and here, where a chunk has a header of 16 bytes in place of 8, to hold as many. */
const LITTLE = 40 * 1024;
const LITTLE_HERE = 46 * 1024;

/** What the SDK's TLS would take where it has nothing of the kind. */
const instead: Record<string, string> = {
	"X25519 key pair": "P-256 key pair",
	X25519: "P-256 ECDH",
	"Ed25519 sign": "P-256 ECDSA sign",
	"Ed25519 verify": "P-256 ECDSA verify",
	"AES-128-CCM": "AES-128-GCM",
	"AES-128-CCM-8": "AES-128-GCM",
	"ChaCha20-Poly1305": "AES-128-GCM",
};

export function makeRsaKey(): RsaKey {
	const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	return {
		privateKey: privateKey.export({ type: "pkcs1", format: "der" }).toString("hex"),
		publicKey: publicKey.export({ type: "pkcs1", format: "der" }).toString("hex"),
	};
}

function find(all: readonly Measured[], name: string, provider: string): Measured | undefined {
	return all.find((one) => one.name === name && one.provider === provider);
}

/** How much longer ours takes than theirs; with a star if theirs is another operation. */
function compare(all: readonly Measured[], name: string, provider: string): string {
	const ours = find(all, name, "polltls");
	const theirs = find(all, name, provider);
	if (ours && theirs) return times(ratioOf(ours.times, theirs.times));
	const other = provider === "SDK" && ours && name in instead ? find(all, instead[name], provider) : undefined;
	return ours && other ? `${times(ratioOf(ours.times, other.times))}*` : "-";
}

type Column = [string, (name: string) => Cell];

function timeColumns(all: readonly Measured[], providers: readonly string[]): Column[] {
	const columns: Column[] = [];
	for (const provider of providers) {
		columns.push([
			`${provider}, us`,
			(name) => {
				const one = find(all, name, provider);
				return one && median(one.times);
			},
		]);
	}
	for (const provider of providers.slice(1)) columns.push([`to ${provider}`, (name) => compare(all, name, provider)]);
	return columns;
}

function sliceColumns(all: readonly Measured[]): Column[] {
	const sliced = (name: string): Measured | undefined => {
		const one = find(all, name, "polltls");
		return one?.sliced ? one : undefined;
	};
	return [
		["slices", (name) => sliced(name)?.calls],
		["longest, us", (name) => sliced(name)?.longest],
	];
}

function tableOf(title: string, all: readonly Measured[], columns: readonly Column[], notes: string[]): Table {
	const names = [...new Set(all.map(({ name }) => name))];
	return {
		title,
		columns: ["operation", ...columns.map(([head]) => head)],
		rows: names.map((name) => {
			const perKb = all.some((one) => one.name === name && one.bytes > 0);
			return [perKb ? `${name}, 1 KB` : name, ...columns.map(([, cell]) => cell(name))];
		}),
		notes,
	};
}

function nodeTable(all: readonly Measured[]): Table {
	const columns = [...timeColumns(all, ["polltls", "noble", "node:crypto"]), ...sliceColumns(all)];
	return tableOf(`Crypto on Node ${process.versions.node}: medians of ${ROUNDS} rounds, time of the processor`, all, columns, [
		"polltls: BigInt, in slices of 8 as the engine cuts it. node:crypto: OpenSSL's machine code, in one call.",
		"Hashes and record ciphers are a provider's: noble or node:crypto.",
	]);
}

function xsTable(all: readonly Measured[]): Table {
	const weight = (name: string) => find(all, name, "polltls")?.weight;
	const columns: Column[] = [
		...timeColumns(all, ["polltls", "noble"]),
		...sliceColumns(all),
		["compute", (name) => weight(name)?.compute],
		["longest", (name) => weight(name)?.longestCompute],
		["slots", (name) => weight(name)?.slots],
	];
	return tableOf(`Crypto on the XS engine of npm @agoric/xsnap: medians of ${ROUNDS} rounds`, all, columns, [
		"compute: the engine's units of work, of a whole run and of its longest slice. slots: garbage of a run.",
		"Hashes inside of public-key operations are the host's, as they are native code on a device; their time is left out.",
	]);
}

function imageTable(all: readonly Measured[], little: readonly Measured[]): Table {
	const weight = (name: string) => find(all, name, "polltls")?.weight;
	const verify = median(find(all, "P-256 ECDSA verify", "SDK")?.times ?? []);
	const collection = find(all, COLLECTION, "SDK");
	const columns: Column[] = [
		...timeColumns(all, ["polltls", "SDK"]),
		[
			`with ${LITTLE / 1024} KB`,
			(name) => {
				const one = find(little, name, "polltls");
				return times(one && median(one.times) / median(find(all, name, "polltls")?.times ?? []));
			},
		],
		...sliceColumns(all),
		[
			"of SDK verify",
			(name) => {
				const one = find(all, name, "polltls");
				return one?.sliced ? `1/${figure(verify / one.longest)}` : undefined;
			},
		],
		["slots", (name) => weight(name)?.slots],
		["chunk bytes", (name) => weight(name)?.chunks],
	];
	return tableOf(`Crypto in a Moddable image (release, Linux simulator): medians of ${ROUNDS} rounds, time of the processor`, all, columns, [
		"SDK: its native code in one uninterruptible call (ec.mul, ec.mul2, modular powers, Digest) with its own script around it.",
		"* the SDK has none: beside its P-256, its AES-128-GCM.",
		`with ${LITTLE / 1024} KB: how much longer it takes when only so much of a device's heap for chunks is free, because garbage is collected more often.`,
		"of SDK verify: the longest slice as a part of the SDK's P-256 ECDSA verify, which is one call.",
		"slots, chunk bytes: garbage of a run; chunks as on a device of 32 bits.",
		`All modules are in flash, the bench's own too; ${collection?.weight?.slots} slots are live, which a collection looks at.`,
	]);
}

function onNode(rsaKey: RsaKey): Measured[] {
	const noble = nodeRegistry("noble");
	const node = nodeRegistry("node");
	const operations = [
		...publicKeyOperations(node, rsaKey),
		...nobleOperations(),
		...nodeOperations(rsaKey),
		...symmetricOperations(noble, "noble"),
		...symmetricOperations(node, "node:crypto"),
	];
	const now = (): number => {
		const { user, system } = process.cpuUsage();
		return user + system;
	};
	measureOperations(operations, now, 1, 100_000); // until the compiler is done with it
	return measureOperations(operations, now, ROUNDS, 10_000);
}

export interface CryptoFigures {
	node: Measured[];
	xs: Measured[];
	/** Absent where MODDABLE isn't set; little: with little heap. */
	moddable?: Measured[];
	little?: Measured[];
}

export const benchCrypto: Part = async (progress) => {
	const rsaKey = makeRsaKey();
	progress("crypto on Node");
	const node = onNode(rsaKey);
	progress("crypto on XS");
	const xs = await measureOnXs(rsaKey, ROUNDS, 20_000);
	const figures: CryptoFigures = { node, xs };
	const tables = [nodeTable(node), xsTable(xs)];
	if (MODDABLE_MISSING !== undefined) {
		tables.push({ title: `Crypto in a Moddable image: not measured, ${MODDABLE_MISSING}`, columns: [], rows: [] });
		return { figures, tables };
	}
	progress("crypto in a Moddable image");
	const [large, little] = measureInImage(
		{ rsaKey, rounds: ROUNDS, microseconds: 20_000, freeChunks: 0 },
		{ rsaKey, rounds: 3, microseconds: 20_000, freeChunks: LITTLE_HERE },
	);
	figures.moddable = large;
	figures.little = little;
	tables.push(imageTable(large, little));
	return { figures, tables };
};
