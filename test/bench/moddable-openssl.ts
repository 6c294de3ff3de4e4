// Our TLS socket and the SDK's own in one Moddable image, as clients of openssl s_server over TCP: handshakes with both
// chains, resumption, and a megabyte each way. For moddable.ts.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startImage } from "../support/moddable-image.js";
import { type Ending, freePort, listening, type Program, start, temporaryFolder } from "../support/processes.js";
import { type BenchImage, buildBenchImage } from "./image.js";
import { TLS_1_2, TLS_1_3 } from "./setups.js";
import type { Identity } from "./suite/party.js";
import { type Cell, type Table, times } from "./table.js";

const MEGABYTE = 1 << 20;
const PIECE = 4096;
/** The longest record, which OpenSSL sends where it has so much to send. */
const LONG = 16384;
const SLOT = 16;
/** Milliseconds of a slice: the sockets' own choice, and a poll a slice, for the longest call. */
const SLICE = 3;
const secp256r1 = 0x0017;
const x25519 = 0x001d;

const image: BenchImage = {
	name: "polltls-bench-openssl",
	main: "openssl",
	sdk: {
		include: ["$(MODDABLE)/modules/io/manifest.json", "$(MODDABLE)/modules/crypt/tls_419.json"],
		modules: { tlssocket: "$(MODDABLE)/examples/io/tcp/tlssocket/tlssocket" },
		preload: ["tlssocket"],
	},
	creation: { chunk: { initial: 16384, incremental: 1024 }, heap: { initial: 512, incremental: 64 }, stack: 1024 },
};

interface Stretch {
	time: number;
	longest: number;
	collections: number;
	slots: number;
	chunks: number;
}

interface Figures {
	name: string;
	who: "client" | "SDK";
	way: "time" | "garbage" | "peak";
	slice: number;
	bytes: number;
	handshake: Stretch;
	send?: Stretch;
	receive?: Stretch;
}

interface Case {
	name: string;
	who: Figures["who"];
	chain: "p256" | "rsa";
	version: number;
	suite: number;
	group: number;
	resumed: boolean;
	bytes: number;
	/** The longest record content that the server sends, if the client doesn't ask for shorter ones. */
	longest: number;
}

const handshakes: Case[] = [];
for (const [name, chain, resumed] of [
	["full, P-256 chain", "p256", false],
	["full, RSA-2048 chain", "rsa", false],
	["resumed", "p256", true],
] as const) {
	const suite = chain === "p256" ? 0xc02b : 0xc02f;
	const both = { chain, resumed, bytes: 0, longest: LONG };
	handshakes.push({ name: `TLS 1.2 ${name}`, who: "SDK", version: TLS_1_2, suite, group: secp256r1, ...both });
	handshakes.push({ name: `TLS 1.2 ${name}`, who: "client", version: TLS_1_2, suite, group: secp256r1, ...both });
	handshakes.push({ name: `TLS 1.3 ${name}`, who: "client", version: TLS_1_3, suite: 0x1304, group: x25519, ...both });
}

const records: Case[] = (
	[
		["TLS 1.2, AES-128-GCM", "SDK", TLS_1_2, 0xc02b],
		["TLS 1.2, AES-128-GCM, records of 16 KB", "SDK", TLS_1_2, 0xc02b, LONG],
		["TLS 1.2, AES-128-GCM", "client", TLS_1_2, 0xc02b],
		["TLS 1.2, AES-128-CCM-8", "client", TLS_1_2, 0xc0ae],
		["TLS 1.3, AES-128-CCM", "client", TLS_1_3, 0x1304],
		["TLS 1.3, ChaCha20-Poly1305", "client", TLS_1_3, 0x1303],
	] as const
).map(([name, who, version, suite, longest = PIECE]) => ({
	...{ name, who, chain: "p256", resumed: false, version, suite, group: secp256r1, bytes: MEGABYTE, longest },
}));

interface Server {
	server: Program;
	port: number;
}

/** One s_server for each chain and length of records: answers how to find it. */
async function startServers(t: Ending, identities: Record<Case["chain"], Identity>): Promise<(one: Case) => Server> {
	const folder = temporaryFolder(t);
	const startOne = async (kind: Case["chain"], longest: number): Promise<Server> => {
		const { chain, key } = identities[kind];
		const leafEnd = chain.indexOf("-----BEGIN", 1);
		const path = (name: string, text: string): string => {
			const file = join(folder, `${kind}-${name}.pem`);
			writeFileSync(file, text);
			return file;
		};
		const port = await freePort();
		const certificates = ["-cert", path("leaf", chain.slice(0, leafEnd)), "-cert_chain", path("chain", chain.slice(leafEnd)), "-key", path("key", key)];
		const ciphers = ["-cipher", "ECDHE+AESGCM:ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0"];
		const suites = ["-ciphersuites", "TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256"];
		const options = [...certificates, ...ciphers, ...suites, "-max_send_frag", String(longest)];
		const server = start(t, "openssl", ["s_server", "-accept", `127.0.0.1:${port}`, "-quiet", ...options], { timeout: 900_000 });
		await listening(port, server);
		return { server, port };
	};
	const short = await startOne("p256", PIECE);
	const long = { p256: await startOne("p256", LONG), rsa: await startOne("rsa", LONG) };
	return ({ chain, longest }) => (longest === PIECE ? short : long[chain]);
}

/** Waits until the server has printed so many bytes more. */
async function received(server: Program, since: number, bytes: number): Promise<void> {
	for (let waits = 0; server.stdout.length - since < bytes; waits++) {
		if (waits > 2000) throw new Error(`only ${server.stdout.length - since} of ${bytes} bytes came: ${server.describe()}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Handshakes by case, then records by case, each in all ways; our handshakes with a poll a slice, too. */
export async function measureOpenssl(identities: Record<Case["chain"], Identity>, rounds: number, progress: (text: string) => void): Promise<Figures[]> {
	const ends: (() => void | Promise<void>)[] = [];
	const t: Ending = { after: (end) => void ends.push(end) };
	try {
		const built = buildBenchImage(image);
		const serverOf = await startServers(t, identities);
		const all: Figures[] = [];
		const run = async (one: Case, way: Figures["way"], slice = SLICE): Promise<void> => {
			const { server, port } = serverOf(one);
			const { suite, group, chain, longest: _longest, ...rest } = one;
			const few = way === "time" ? rounds : way === "garbage" ? 1 : 0;
			const authority = identities[chain].ca;
			const settings = { ...rest, way, slice, port, authority, suites: [suite], groups: [group, secp256r1], rounds: one.bytes > 0 ? 0 : few };
			const since = server.stdout.length;
			const program = startImage(t, built, 60, { BENCH_SETTINGS: JSON.stringify(settings) });
			if (one.bytes > 0) {
				await program.waitFor(/sent/, 50_000);
				await received(server, since, one.bytes);
				server.write(Buffer.alloc(one.bytes, "b"));
			}
			const { code, stdout } = await program.ended;
			const figures = /^figures (.*)$/m.exec(stdout);
			if (code !== 0 || figures === null) throw new Error(`${one.name}, ${one.who}, ${way}: ${program.describe()}`);
			all.push(JSON.parse(figures[1]) as Figures);
		};
		for (const way of ["time", "garbage", "peak"] as const) {
			progress(`the image with openssl s_server: ${way}`);
			for (const one of [...handshakes, ...records]) if (way !== "peak" || !one.resumed) await run(one, way);
		}
		// All in turns: how busy the machine is changes by the minute
		for (let round = 1; round < rounds; round++) for (const one of records) await run(one, "time");
		for (const one of handshakes) if (one.who === "client") await run(one, "time", 0);
		return all;
	} finally {
		for (const end of ends.reverse()) await end();
	}
}

/** What was measured of a case; what was measured several times by its median. */
function find(all: readonly Figures[], { name, who }: { name: string; who: string }, way: Figures["way"], slice = SLICE): Figures {
	const runs = all.filter((one) => one.name === name && one.who === who && one.way === way && one.slice === slice);
	const middle = (of: (one: Figures) => Stretch | undefined): Stretch | undefined => {
		const stretches = runs.map(of).filter((one) => one !== undefined);
		return stretches.sort((one, other) => one.time - other.time)[stretches.length >> 1];
	};
	return { ...runs[0], send: middle(({ send }) => send), receive: middle(({ receive }) => receive) };
}

function heap({ slots, chunks }: Stretch): number {
	return slots * SLOT + chunks;
}

function share(one: number, other: number, isSdk: boolean): Cell {
	return isSdk ? undefined : times(one / other);
}

/** What is compared with the SDK's: it has 1.2 alone. */
function sdkName(name: string): string {
	return name.replace("TLS 1.3", "TLS 1.2");
}

function handshakeTable(all: readonly Figures[]): Table {
	return {
		title: "Handshakes with openssl s_server over TCP in a Moddable image: our TLS socket and the SDK's",
		columns: [
			...["handshake", "who", "ms", "to SDK", "longest call, us", "to SDK", "GCs", "peak: slots", "chunk bytes", "to SDK", "garbage: slots", "chunk bytes"],
		],
		rows: handshakes.map((row) => {
			const isSdk = row.who === "SDK";
			const sdk = { name: sdkName(row.name), who: "SDK" };
			const ours = find(all, row, "time").handshake;
			const theirs = find(all, sdk, "time").handshake;
			const longest = isSdk ? ours.longest : find(all, row, "time", 0).handshake.longest;
			const peak = row.resumed ? undefined : find(all, row, "peak").handshake; // the connection before has enlarged the heap
			const garbage = find(all, row, "garbage").handshake;
			return [
				row.name,
				isSdk ? "SDK" : "polltls",
				ours.time / 1000,
				share(ours.time, theirs.time, isSdk),
				longest,
				isSdk ? undefined : `1/${(theirs.longest / longest).toFixed(0)}`,
				ours.collections,
				peak?.slots,
				peak?.chunks,
				peak && share(heap(peak), heap(find(all, sdk, "peak").handshake), isSdk),
				garbage.slots,
				garbage.chunks,
			];
		}),
		notes: [
			"From the socket's constructor until it can be written to, by the processor's time of all callbacks of timers and sockets. GCs on a heap of 2 MB of chunks and 4,096",
			`slots beside the application's. Ours in slices of ${SLICE} ms; its longest call with a poll a slice. The chain is leaf and intermediate, both verified.`,
			"peak: the most that is in use at any moment, inside of callbacks too, on a heap that is collected before it grows; slots, and bytes as this engine of 64 bits counts",
			"them; compared with slots of 16 bytes. garbage: what is taken in all, on a heap that is never collected; what stays is in it.",
			"TLS 1.3 is compared with the SDK's TLS 1.2.",
		],
	};
}

function recordTable(all: readonly Figures[]): Table {
	const kilobytes = MEGABYTE / 1024;
	const writes = MEGABYTE / PIECE;
	return {
		title: "1 MB in writes of 4 KB to openssl s_server, and 1 MB from it, in a Moddable image: microseconds of the processor for 1 KB",
		columns: [
			"suite",
			"who",
			"send",
			"to SDK",
			"receive",
			"to SDK",
			"GCs",
			"send: slots",
			"chunk bytes",
			"receive: slots",
			"chunk bytes",
			"peak heap, bytes",
			"to SDK",
		],
		rows: records.map((row) => {
			const isSdk = row.who === "SDK";
			const { send, receive } = find(all, row, "time") as Required<Figures>;
			const sdk = find(all, records[0], "time") as Required<Figures>;
			const garbage = find(all, row, "garbage") as Required<Figures>;
			const peakOf = (one: { name: string; who: string }): number => heap(find(all, one, "peak").receive as Stretch);
			const peak = peakOf(row);
			return [
				row.name,
				isSdk ? "SDK" : "polltls",
				send.time / kilobytes,
				share(send.time, sdk.send.time, isSdk),
				receive.time / kilobytes,
				share(receive.time, sdk.receive.time, isSdk),
				send.collections + receive.collections,
				garbage.send.slots / writes,
				garbage.send.chunks / writes,
				garbage.receive.slots / writes,
				garbage.receive.chunks / writes,
				peak,
				share(peak, peakOf(records[0]), isSdk),
			];
		}),
		notes: [
			"All of it, from TCP to the application. TCP of the SDK's simulator takes and gives at most 1,536 bytes at once: the SDK's socket takes 4 KB in pieces of 1,440, each a",
			"record; ours takes 4 KB at once. The server writes 4 KB, too; left to itself it sends records of 16 KB to the SDK's socket, and of 4 KB to ours, which asks for them",
			"(RFC 6066 4). slots, chunk bytes: garbage of 4 KB, that of TCP's callbacks and pieces with it. peak: of all, from before the socket's constructor to the last byte.",
		],
	};
}

export function opensslTables(all: readonly Figures[]): Table[] {
	return [handshakeTable(all), recordTable(all)];
}
