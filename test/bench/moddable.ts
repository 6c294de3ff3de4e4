// `npm run bench -- moddable`: our client and server in a Moddable image, beside the SDK's own TLS client in the same
// image. Needs MODDABLE.

import { authority, dns, leaf, name, pairOf, root, subjectAltName, time } from "../support/forge.js";
import { MODDABLE_MISSING } from "../support/moddable-image.js";
import { type BenchImage, runBenchImages } from "./image.js";
import { measureOpenssl, opensslTables } from "./moddable-openssl.js";
import type { Part } from "./part.js";
import { TLS_1_2, TLS_1_3 } from "./setups.js";
import type { Identity, Setup } from "./suite/party.js";
import { type Cell, type Table, times } from "./table.js";

const ROUNDS = 5;
const LENGTH = 1024;
const DAY = 86400;
const x25519 = 0x001d;
const secp256r1 = 0x0017;

const image: BenchImage = {
	name: "polltls-bench-tls",
	main: "tls",
	sdk: {
		include: ["$(MODDABLE)/modules/io/manifest.json", "$(MODDABLE)/modules/crypt/tls_419.json"],
		modules: { tlssocket: "$(MODDABLE)/examples/io/tcp/tlssocket/tlssocket" },
		preload: ["tlssocket"],
	},
};

type Who = "client" | "server" | "SDK";

interface Handshake {
	kind: "handshake";
	name: string;
	who: Who;
	time: number;
	longest: number;
	calls: number;
	slots: number;
	chunks: number;
	peakSlots: number;
	peakChunks: number;
}

interface Direction {
	time: number;
	slots: number;
	chunks: number;
}

interface Records {
	kind: "records";
	name: string;
	who: Who;
	send: Direction;
	receive: Direction;
}

function pem(label: string, der: Uint8Array): string {
	return `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;
}

/** A leaf and an intermediate under a root, all with keys of one kind. */
function chainOf(kind: "p256" | "rsa"): Identity {
	const now = Math.floor(Date.now() / 1000);
	const dates = { notBefore: time(now - DAY), notAfter: time(now + 10 * DAY) };
	const anchor = root({ pair: pairOf(kind, "root"), ...dates });
	const middle = authority(anchor, { pair: pairOf(kind, "intermediate"), ...dates });
	const one = leaf(middle, { pair: pairOf(kind, "leaf"), subject: name("localhost"), more: [subjectAltName(dns("localhost"))], ...dates });
	const key = one.pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
	return { ca: pem("CERTIFICATE", anchor.der), chain: pem("CERTIFICATE", one.der) + pem("CERTIFICATE", middle.der), key };
}

interface Case {
	name: string;
	setup: Setup;
	resumed: boolean;
	who: Who;
}

type Identities = Record<"p256" | "rsa", Identity>;

function cases(identities: Identities): { handshakes: Case[]; records: (Omit<Case, "resumed"> & { length: number })[] } {
	const seconds = Math.floor(Date.now() / 1000);
	const setup = (version: number, kind: "p256" | "rsa", group: number, suite: number): Setup => ({
		version,
		suite,
		groups: [group, secp256r1],
		identity: identities[kind],
		seconds,
		profile: "iot",
	});
	const ecdsa12 = setup(TLS_1_2, "p256", secp256r1, 0xc02b);
	const rsa12 = setup(TLS_1_2, "rsa", secp256r1, 0xc02f);
	const ecdsa13 = setup(TLS_1_3, "p256", x25519, 0x1304);
	const handshakes: Case[] = [];
	const add = (name: string, setup: Setup, resumed: boolean, ...all: Who[]): void => {
		for (const who of all) handshakes.push({ name, setup, resumed, who });
	};
	add("TLS 1.2 full, P-256 chain, secp256r1", ecdsa12, false, "client", "SDK", "server");
	add("TLS 1.2 full, RSA-2048 chain, secp256r1", rsa12, false, "client", "SDK", "server");
	add("TLS 1.2 resumed", ecdsa12, true, "client", "server");
	add("TLS 1.3 full, P-256 chain, x25519", ecdsa13, false, "client", "server");
	add("TLS 1.3 resumed, x25519", ecdsa13, true, "client", "server");
	const records = [
		{ name: "TLS 1.2, AES-128-GCM", setup: ecdsa12, who: "client" as const, length: LENGTH },
		{ name: "TLS 1.2, AES-128-GCM", setup: ecdsa12, who: "SDK" as const, length: LENGTH },
		{ name: "TLS 1.2, AES-128-CCM-8", setup: setup(TLS_1_2, "p256", secp256r1, 0xc0ae), who: "client" as const, length: LENGTH },
		{ name: "TLS 1.3, AES-128-CCM", setup: ecdsa13, who: "client" as const, length: LENGTH },
		{ name: "TLS 1.3, AES-128-GCM", setup: setup(TLS_1_3, "p256", x25519, 0x1301), who: "client" as const, length: LENGTH },
		{ name: "TLS 1.3, ChaCha20-Poly1305", setup: setup(TLS_1_3, "p256", x25519, 0x1303), who: "client" as const, length: LENGTH },
	];
	return { handshakes, records };
}

const labels: Record<Who, string> = { client: "polltls client", server: "polltls server", SDK: "SDK client" };

function ratio(one: number, other: number | undefined): Cell {
	return other === undefined ? undefined : times(one / other);
}

function handshakeTable(all: readonly Handshake[]): Table {
	const sdk = (row: Handshake): Handshake | undefined =>
		row.who === "client"
			? all.find((one) => one.who === "SDK" && one.name.includes(row.name.includes("resumed") ? "resumed" : row.name.slice(9, 20)))
			: undefined;
	return {
		title: `Handshakes in a Moddable image (release, Linux simulator), native hashes and ciphers: medians of ${ROUNDS}, time of the processor`,
		columns: ["handshake", "who", "ms", "to SDK", "longest call, us", "to SDK", "calls", "peak heap, bytes", "to SDK", "garbage: slots", "chunk bytes"],
		rows: all.map((row) => {
			const other = sdk(row);
			const peak = ({ peakSlots, peakChunks }: Handshake): number => peakSlots * 16 + peakChunks;
			return [
				row.name,
				labels[row.who],
				row.time / 1000,
				ratio(row.time, other?.time),
				row.longest,
				other && `1/${(other.longest / row.longest).toFixed(0)}`,
				row.calls,
				peak(row),
				ratio(peak(row), other && peak(other)),
				row.slots,
				row.chunks,
			];
		}),
		notes: [
			"The server is ours; what it takes isn't counted in the clients' figures. The chain is leaf and intermediate, both verified. The SDK: its TLSSocket for ECMA-419",
			"sockets (TLS 1.2), with segments of 1436 bytes. A call is a callback of its socket, or a poll of ours: nothing else runs on the device meanwhile.",
			"peak heap: the most that was live between two calls, slots of 16 bytes and chunks, as on a device of 32 bits; what a call takes and drops isn't in it, and the SDK does",
			"all in a few calls. Ours has its buffers (profile iot, 11 KB) from the beginning to the end.",
			"TLS 1.3 is compared with the SDK's TLS 1.2. The SDK's own resumption isn't here: it has no extended master secret (RFC 7627), without which our server keeps no session.",
		],
	};
}

function recordTable(all: readonly Records[]): Table {
	const sdk = all.find(({ who }) => who === "SDK");
	return {
		title: `Application data in a Moddable image, records of ${LENGTH} bytes, native ciphers: microseconds of the processor for 1 KB`,
		columns: ["suite", "who", "send", "to SDK", "receive", "to SDK", "send: slots", "chunk bytes", "receive: slots", "chunk bytes"],
		rows: all.map((row) => {
			const { send, receive } = row;
			const other = row.who === "SDK" ? undefined : sdk;
			return [
				row.name,
				labels[row.who],
				send.time,
				ratio(send.time, other?.send.time),
				receive.time,
				ratio(receive.time, other?.receive.time),
				send.slots,
				send.chunks,
				receive.slots,
				receive.chunks,
			];
		}),
		notes: ["slots, chunk bytes: garbage of a record."],
	};
}

export const benchModdable: Part = async (progress) => {
	if (MODDABLE_MISSING !== undefined) return { figures: undefined, tables: [{ title: `Moddable: not measured, ${MODDABLE_MISSING}`, columns: [], rows: [] }] };
	progress("a Moddable image with the SDK's TLS and ours");
	const identities = { p256: chainOf("p256"), rsa: chainOf("rsa") };
	const { handshakes: ours, records: data } = cases(identities);
	// A process for each, so that the heap of one doesn't hold what is left of another
	const runs = [...ours.map((one) => ({ handshakes: [one], records: [] })), { handshakes: [], records: data }];
	const settings = runs.map((one) => ({ ...one, rounds: ROUNDS }));
	const figures = runBenchImages(image, settings, 60).flat() as (Handshake | Records)[];
	const handshakes = figures.filter((one) => one.kind === "handshake");
	const records = figures.filter((one) => one.kind === "records");
	const openssl = await measureOpenssl(identities, ROUNDS, progress);
	return { figures: [...figures, ...openssl], tables: [...opensslTables(openssl), handshakeTable(handshakes), recordTable(records)] };
};
