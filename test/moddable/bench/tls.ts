// The image of `npm run bench -- moddable`: our client and the SDK's own one with the same server, which is ours and
// isn't measured, and our server with our client. Each line that it prints and that begins with "figures" is JSON.

import { median } from "bench/median";
import { Party, type Setup, type Side } from "bench/party";
import { deviceRegistry } from "polltls/moddable/registry";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { TestNative } from "test/native/test-native";
import { longestOf, Meter } from "./meter.js";
import { SdkClient } from "./sdk-client.js";

interface Settings {
	handshakes: { name: string; setup: Setup; resumed: boolean; who: "client" | "server" | "SDK" }[];
	records: { name: string; setup: Setup; who: "client" | "SDK"; length: number }[];
	rounds: number;
}

const registry = deviceRegistry();
const now = (): number => 0;
const SEGMENT = 1436;

/** Turns until neither has anything to do; the meter is for one of them. */
function settle(client: Side, server: Side, meter: Meter, metered: Side): void {
	const turn = (side: Side, other: Side): boolean => {
		const end = Math.min(other.outEnd, other.outAt + SEGMENT);
		let taken = -1;
		if (side !== metered) taken = side.turn(other.out, other.outAt, end);
		else if (end > other.outAt || side.wantsTurn)
			meter.run(() => {
				taken = side.step(other.out, other.outAt, end);
			});
		if (taken > 0) other.outAt += taken;
		return taken >= 0;
	};
	for (let goesOn = true; goesOn; ) {
		const clientWorked = turn(client, server);
		goesOn = turn(server, client) || clientWorked;
	}
	if (!client.settled || !server.settled) throw new Error(`the handshake stands still: ${client.connection.stateName}, ${server.connection.stateName}`);
}

/** A handshake of ours; the opening is metered, too, and the other side is there before. */
function ourHandshake(client: Party, server: Party, resumed: boolean, meter: Meter, who: "client" | "server"): void {
	const other = who === "client" ? server.open(false) : client.open(resumed);
	let opened: Side | undefined;
	meter.run(() => {
		opened = who === "client" ? client.open(resumed) : server.open(false);
	});
	const side = opened as unknown as Side;
	const [one, two] = who === "client" ? [side, other] : [other, side];
	settle(one, two, meter, side);
	if (one.connection.negotiated.resumed !== resumed) throw new Error(resumed ? "the session was not resumed" : "a session was resumed");
	client.keep(one);
}

function benchHandshake({ name, setup, resumed, who }: Settings["handshakes"][0], rounds: number): void {
	const client = new Party(false, setup, registry, now);
	const server = new Party(true, setup, registry, now);
	const authority = derOf(setup.identity.ca);
	const run = (meter: Meter, again: boolean): Meter => {
		if (who === "SDK") new SdkClient(authority, server, meter);
		else ourHandshake(client, server, again, meter, who);
		return meter;
	};
	if (resumed) run(new Meter("time"), false);
	const live = run(new Meter("live"), resumed); // first, for some engines keep the last object of a class
	run(new Meter("time"), resumed);
	const meters: Meter[] = [];
	for (let round = 0; round < rounds; round++) meters.push(run(new Meter("time"), resumed));
	const { slots, chunks } = run(new Meter("garbage"), resumed);
	const { peakSlots, peakChunks } = live;
	const time = median(meters.map((meter) => meter.time));
	tell({ kind: "handshake", name, who, time, longest: longestOf(meters), calls: meters[0].calls.length, slots, chunks, peakSlots, peakChunks });
}

/** Records each way: the mean of several for time and garbage. */
function benchRecords({ name, setup, who, length }: Settings["records"][0], rounds: number): void {
	const client = new Party(false, setup, registry, now);
	const server = new Party(true, setup, registry, now);
	const bytes = new Uint8Array(length).fill(0x61);
	const unmetered = new Meter("time");
	let send: (meter: Meter) => void;
	let receive: (meter: Meter) => void;
	if (who === "SDK") {
		const sdk = new SdkClient(derOf(setup.identity.ca), server, unmetered);
		send = (meter) => sdk.send(bytes, meter);
		receive = (meter) => sdk.receive(bytes, meter);
	} else {
		const side = client.open(false);
		const other = server.open(false);
		settle(side, other, unmetered, side);
		const received = new Uint8Array(length);
		send = (meter) => {
			meter.run(() => put(side, bytes));
			take(other, side, received);
		};
		receive = (meter) => {
			put(other, bytes);
			meter.run(() => take(side, other, received));
		};
	}
	tell({ kind: "records", name, who, send: recordFigures(send, rounds, length), receive: recordFigures(receive, rounds, length) });
}

const RECORDS = 20;

/** One record from the application to the network. */
function put(side: Side, bytes: Uint8Array): void {
	if (side.connection.applicationIn(bytes, 0, bytes.length) !== bytes.length) throw new Error("no room for a record");
	side.outAt = 0;
	side.outEnd = side.connection.networkOut(side.out, 0, side.out.length);
}

/** One record from the network to the application. */
function take(side: Side, other: Side, received: Uint8Array): void {
	side.connection.networkIn(other.out, other.outAt, other.outEnd);
	side.connection.poll(0);
	if (side.connection.applicationOut(received, 0, received.length) !== received.length) throw new Error("a record did not come through");
}

/** Microseconds for 1 KB; garbage of a record. */
function recordFigures(work: (meter: Meter) => void, rounds: number, length: number): { time: number; slots: number; chunks: number } {
	const times: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const meter = new Meter("time");
		for (let i = 0; i < RECORDS; i++) work(meter);
		times.push((meter.time * 1024) / (RECORDS * length));
	}
	const garbage = new Meter("garbage");
	for (let i = 0; i < RECORDS; i++) work(garbage);
	return { time: median(times), slots: garbage.slots / RECORDS, chunks: garbage.chunks / RECORDS };
}

function derOf(pem: string): ArrayBufferLike {
	const reader = new PemReader(pem);
	if (!reader.find(PEM_CERTIFICATE)) throw new Error("the authority can't be read");
	return reader.der.slice().buffer;
}

function tell(figures: object): void {
	trace(`figures ${JSON.stringify(figures)}\n`);
}

export default function () {
	const { handshakes, records, rounds } = JSON.parse(TestNative.environment("BENCH_SETTINGS") ?? "{}") as Settings;
	let failures = 0;
	const run = (one: { name: string; who: string }, bench: () => void): void => {
		try {
			bench();
		} catch (error) {
			failures++;
			trace(`${one.name}, ${one.who}: ${error}\n${(error as Error).stack}\n`);
		}
	};
	for (const one of handshakes) run(one, () => benchHandshake(one, rounds));
	for (const one of records) run(one, () => benchRecords(one, rounds));
	TestNative.exit(failures > 0 ? 1 : 0);
}
