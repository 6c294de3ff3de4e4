// The other image of `npm run bench -- moddable`: our TLS socket, or the SDK's own, as clients of openssl s_server over
// TCP. One job a run, so that the heap holds nothing of another. What the event loop's callbacks take is timed by the
// runner. Each line that it prints and that begins with "figures" is JSON.

import TCP from "embedded:io/socket/tcp";
import { median } from "bench/median";
import { shared } from "polltls/moddable/shared";
import { TlsSocket } from "polltls/moddable/tls-socket";
import { Turns } from "polltls/moddable/turns";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { TestNative } from "test/native/test-native";
import Timer from "timer";
import TLSSocket from "tlssocket";
import { BenchNative } from "./native/bench-native.js";

interface Settings {
	name: string;
	who: "client" | "SDK";
	/** What is looked at: time and collections on a heap of 2 MB; garbage on one that is never collected; the most that is in use on one that is collected before it grows. */
	way: "time" | "garbage" | "peak";
	port: number;
	/** PEM. */
	authority: string;
	version: number;
	suites: number[];
	groups: number[];
	/** Milliseconds of our slices. */
	slice: number;
	resumed: boolean;
	rounds: number;
	/** Sent and received after a handshake; 0: handshakes only. */
	bytes: number;
}

/** What the application gives to the socket at once, if it takes so much. */
const PIECE = 4096;
/** Milliseconds for what comes after a handshake, and for the end of a connection. */
const PAUSE = 60;

const settings = JSON.parse(TestNative.environment("BENCH_SETTINGS") ?? "{}") as Settings;
const kept: unknown[] = [BenchNative.watch()];

interface Socket {
	write(bytes: Uint8Array): number;
	read(bytes: Uint8Array): unknown;
	close(): void;
}

interface Callbacks {
	onWritable(count: number): void;
	onReadable(count: number): void;
	onError(error?: unknown): void;
}

/** Settings for both: the same server, the same anchor. */
function open(der: Uint8Array, callbacks: Callbacks, resumed = settings.resumed): Socket {
	const { who, port, version, suites, groups, bytes } = settings;
	const address = { address: "127.0.0.1", port, host: "localhost" };
	if (who === "SDK") {
		const secure = { certificate: der.buffer, verify: true, cache: resumed, tls_server_name: "localhost" };
		return new TLSSocket({ ...address, secure, TCP: { io: TCP }, ...callbacks }) as unknown as Socket;
	}
	const profile = bytes > 0 ? { receive: PIECE, send: PIECE, store: PIECE, flight: 2048 } : ("iot" as const);
	const tls = { ca: der, minimumVersion: version, maximumVersion: version, suites, groups, profile, resume: resumed };
	return new TlsSocket({ ...address, tls, ...callbacks }) as unknown as Socket;
}

/** What has been taken so far, or the most of it that was in use. */
function slotsNow(): number {
	return settings.way === "peak" ? BenchNative.peakSlots() : BenchNative.slots();
}
function chunksNow(): number {
	return settings.way === "peak" ? BenchNative.peakChunks() : BenchNative.chunks();
}

/** What a stretch of time took. A peak is that of all stretches so far, beyond what was in use before the first one. */
class Stretch {
	time = 0;
	longest = 0;
	collections = 0;
	slots = 0;
	chunks = 0;
	readonly #collections = BenchNative.collections();
	readonly #slots: number;
	readonly #chunks: number;

	constructor(before?: Stretch) {
		if (before === undefined) BenchNative.startPeaks();
		const goesOn = before !== undefined && settings.way === "peak";
		this.#slots = goesOn ? before.#slots : slotsNow();
		this.#chunks = goesOn ? before.#chunks : chunksNow();
		BenchNative.meter(0);
	}

	/** Its time ends now; the rest is known in a later callback. */
	end(): void {
		this.time = BenchNative.meter(1);
		this.slots = slotsNow() - this.#slots;
		this.chunks = chunksNow() - this.#chunks;
		this.collections = BenchNative.collections() - this.#collections;
	}

	endCallback(): void {
		this.longest = BenchNative.meter(2);
	}
}

/** Once at the start, on a heap as small as the image allows. */
function prepareHeap(): void {
	const { way } = settings;
	if (way === "garbage") enlargeHeap(1_000_000, 96 << 20);
	else if (way === "time") enlargeHeap(4096, 2 << 20);
	BenchNative.growBy(64, 1024);
}

/** Fills what is free: whatever is taken then makes the heap grow, unless garbage makes room for it. Only once: a heap that has grown is in pieces. */
function fillHeap(): void {
	BenchNative.collect();
	BenchNative.collect();
	if (settings.way !== "peak" || kept.length > 1) return;
	const fillers = new Array(BenchNative.freeSlots());
	for (let i = 0; BenchNative.freeSlots() > 32; i++) fillers[i] = {};
	kept.push(fillers);
	for (let size = 4096; size >= 128; size >>= 1)
		for (let free = BenchNative.freeChunks(), left = free + 1; free > 2 * size && free < left; free = BenchNative.freeChunks()) {
			left = free; // if it doesn't become less, what is free is in smaller pieces, and the heap has grown
			kept.push(new ArrayBuffer(size));
		}
	BenchNative.collect();
}

function enlargeHeap(slots: number, chunks: number): void {
	BenchNative.growBy(slots, 1024);
	const list: object[] = [];
	while (BenchNative.freeSlots() < slots / 2) list.push({}); // until a collection finds no more
	new ArrayBuffer(chunks);
}

class Job {
	readonly #der: Uint8Array;
	#round = 0;
	readonly #handshakes: Stretch[] = [];
	#socket: Socket | undefined;
	#stretch: Stretch | undefined;
	/** What goes on: a handshake, sending, receiving, nothing. */
	#phase: "handshake" | "send" | "receive" | "none" = "none";
	#left = 0;
	readonly #piece = new Uint8Array(PIECE).fill(0x61);
	#sent: Stretch | undefined;

	constructor() {
		const reader = new PemReader(settings.authority);
		if (!reader.find(PEM_CERTIFICATE)) throw new Error("the authority can't be read");
		this.#der = reader.der.slice();
	}

	/** One connection, when nothing of the one before is left. The first one isn't counted: it makes what all share, and gives what the others resume. But the peak is its. */
	next(): void {
		Timer.set(() => {
			if (settings.way === "time") this.#warmUp(4);
			fillHeap();
			if (settings.way === "time") this.#warmUp(1);
			this.#phase = "handshake";
			this.#stretch = new Stretch();
			this.#socket = open(this.#der, {
				onWritable: (count) => this.#writable(count),
				onReadable: (count) => this.#readable(count),
				onError: (error) => this.#broken(error),
			});
		}, PAUSE);
	}

	/** A processor that has slept finds nothing of the program in its caches: its first call would be the longest one, whatever it does. */
	#warmUp(times: number): void {
		const nothing = { onWritable: () => {}, onReadable: () => {}, onError: () => {} };
		for (let i = 0; i < times; i++) open(this.#der, nothing, false).close();
	}

	#broken(error: unknown): void {
		if (this.#phase === "none") return;
		trace(`${settings.name}, ${settings.who}: the connection breaks in ${this.#phase}: ${error}\n`);
		TestNative.exit(1);
	}

	#writable(count: number): void {
		if (this.#phase === "handshake") {
			this.#endStretch();
			if (settings.bytes > 0) {
				Timer.set(() => {
					this.#phase = "send";
					this.#left = settings.bytes;
					this.#stretch = new Stretch(this.#stretch);
					this.#write(count);
				}, PAUSE);
			} else Timer.set(() => this.#endConnection(), PAUSE);
		} else if (this.#phase === "send") this.#write(count);
	}

	/** As much as it takes: each piece of the application is one write, if the socket takes so much. */
	#write(count: number): void {
		const socket = this.#socket as Socket;
		let room = count;
		while (room > 0 && this.#left > 0) {
			const length = Math.min(PIECE - ((settings.bytes - this.#left) % PIECE), room, this.#left);
			room = socket.write(length === PIECE ? this.#piece : this.#piece.subarray(0, length));
			this.#left -= length;
		}
		if (this.#left > 0) return;
		this.#phase = "none";
		Timer.set(() => {
			this.#sent = this.#stretch;
			this.#endStretch();
			Timer.set(() => {
				this.#phase = "receive";
				this.#left = settings.bytes;
				this.#stretch = new Stretch(this.#stretch);
				trace("sent\n"); // now it is the server's turn
			});
		}, PAUSE);
	}

	#readable(count: number): void {
		const socket = this.#socket as Socket;
		if (this.#phase !== "receive") return;
		for (let rest = count; rest > 0; ) {
			const length = Math.min(rest, PIECE);
			socket.read(length === PIECE ? this.#piece : this.#piece.subarray(0, length));
			rest -= length;
		}
		this.#left -= count;
		if (this.#left > 0) return;
		this.#endStretch();
		Timer.set(() => this.#endConnection(), PAUSE);
	}

	#endStretch(): void {
		const stretch = this.#stretch as Stretch;
		stretch.end();
		if (this.#phase === "handshake") this.#handshakes.push(stretch);
		this.#phase = "none";
		Timer.set(() => stretch.endCallback());
	}

	#endConnection(): void {
		const { rounds, bytes } = settings;
		this.#socket?.close();
		this.#socket = undefined;
		if (++this.#round <= rounds) {
			Timer.set(() => this.next(), 10 * PAUSE);
			return;
		}
		this.#tell(bytes > 0 ? this.#stretch : undefined);
		TestNative.exit(0);
	}

	#tell(received: Stretch | undefined): void {
		const handshakes = this.#handshakes.slice(settings.way === "peak" ? 0 : 1);
		const of = (by: (stretch: Stretch) => number): number => median(handshakes.map(by));
		const { name, who, way, slice, bytes } = settings;
		const handshake = {
			time: of(({ time }) => time),
			longest: of(({ longest }) => longest),
			collections: of(({ collections }) => collections),
			slots: of(({ slots }) => slots),
			chunks: of(({ chunks }) => chunks),
		};
		trace(`figures ${JSON.stringify({ kind: "openssl", name, who, way, slice, bytes, handshake, send: this.#sent, receive: received })}\n`);
	}
}

export default function () {
	try {
		if (settings.who === "client") Object.assign(shared(), { turns: new Turns(settings.slice, shared().clock) });
		prepareHeap();
		new Job().next();
	} catch (error) {
		trace(`${error}\n${(error as Error).stack}\n`);
		TestNative.exit(1);
	}
}
