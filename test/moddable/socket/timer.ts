// How late a repeating timer of 10 ms fires while handshakes run in the same application.

import { TlsSocket } from "polltls/moddable/tls-socket";
import { BenchNative } from "test/bench/native/bench-native";
import { TestNative } from "test/native/test-native";
import { fileOf, parameter, print } from "test/sdk/support";
import Timer from "timer";
import { server, sleep } from "./scenario.js";

const INTERVAL = 10;
const CLASSES = [0.5, 1, 2, 3, 4, 5, 10, 1000];

/** Lateness of each firing in milliseconds, while work runs: by the clock, and what of it this process has worked. */
interface Lateness {
	clock: number[];
	own: number[];
}

async function lateness(work: () => Promise<void>): Promise<Lateness> {
	const late: Lateness = { clock: [], own: [] };
	let last = TestNative.microseconds();
	let worked = BenchNative.cpu();
	const timer = Timer.repeat(() => {
		const now = TestNative.microseconds();
		const work = BenchNative.cpu();
		late.clock.push(Math.max(0, (now - last) / 1000 - INTERVAL));
		late.own.push(Math.max(0, (work - worked) / 1000 - INTERVAL));
		last = now;
		worked = work;
	}, INTERVAL);
	await work();
	Timer.clear(timer);
	return late;
}

function histogram(name: string, late: number[]): void {
	let least = 0;
	const parts: string[] = [];
	for (const most of CLASSES) {
		parts.push(`${least}-${most === 1000 ? "" : most}: ${late.filter((each) => each >= least && each < most).length}`);
		least = most;
	}
	print(`${name}: ${late.length} firings, late by ms ${parts.join(", ")}, at most ${late.reduce((most, each) => Math.max(most, each), 0).toFixed(2)}`);
}

function handshake(ca: Uint8Array): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = new TlsSocket({
			...server(),
			tls: { ca, resume: false },
			onWritable() {
				socket.close();
				resolve();
			},
			onError: (error?: unknown) => reject(error ?? new Error("closed")),
		});
	});
}

export async function timer(): Promise<number> {
	const ca = fileOf("CA");
	const rounds = Number(parameter("ROUNDS"));
	await handshake(ca);
	const idle = await lateness(() => sleep(3000));
	const busy = await lateness(async () => {
		for (let i = 0; i < rounds; i++) await Promise.all([handshake(ca), handshake(ca)]);
	});
	histogram("idle", idle.clock);
	histogram("handshakes, two at a time", busy.clock);
	histogram("handshakes, two at a time, by the processor's account", busy.own);
	print(JSON.stringify({ idle, busy }));
	return 0;
}
