// A scenario with a socket: its callbacks in order, and steps that wait for them. For the jobs of this image.

import type { TlsError } from "polltls/moddable/tls-error";
import type { TlsSocketOptions } from "polltls/moddable/tls-options";
import { TlsSocket } from "polltls/moddable/tls-socket";
import { fileOf, parameter, print } from "test/sdk/support";
import Timer from "timer";

/** How long anything may take, milliseconds. */
const PATIENCE = 10000;

/** What a test's server on this machine is reached by. */
export function server(name = "PORT"): TlsSocketOptions {
	return { address: "127.0.0.1", port: Number(parameter(name)), host: "localhost" };
}

export function trusted(): TlsSocketOptions {
	return { ...server(), tls: { ca: fileOf("CA") } };
}

export function bytesOf(text: string): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromString(text));
}

export function textOf(bytes: unknown): string {
	return String.fromArrayBuffer(bytes as ArrayBuffer);
}

/** One socket and what it was told. */
export class Probe {
	readonly socket: TlsSocket;
	/** "writable 4096", "readable 5", "ended", "failed 108". */
	readonly news: string[] = [];
	error: TlsError | undefined;
	/** Calls of the socket's methods that are running: nothing may call back meanwhile. */
	inside = 1;
	broken = false;
	onNews: (() => void) | undefined;

	constructor(options: TlsSocketOptions) {
		const note = (socket: unknown, news: string): void => {
			if (this.inside > 0 || socket !== this.socket) this.broken = true;
			this.news.push(news);
			this.onNews?.();
		};
		const probe = this;
		this.socket = new TlsSocket({
			...options,
			onReadable(count: number) {
				note(this, `readable ${count}`);
			},
			onWritable(count: number) {
				note(this, `writable ${count}`);
			},
			onError(error?: unknown) {
				probe.error = error as TlsError | undefined;
				note(this, error === undefined ? "ended" : `failed ${(error as TlsError).failure >> 16}`);
			},
		} as TlsSocketOptions);
		this.inside = 0;
	}

	/** Calls the socket; nothing may call back from inside. */
	call<T>(call: (socket: TlsSocket) => T): T {
		this.inside++;
		try {
			return call(this.socket);
		} finally {
			this.inside--;
		}
	}

	/** Goes on when it has been told of what begins so; that news is forgotten. */
	async told(start: string): Promise<string> {
		const began = Date.now();
		for (;;) {
			const index = this.news.findIndex((each) => each.startsWith(start));
			if (index >= 0) return this.news.splice(index, 1)[0];
			if (Date.now() - began > PATIENCE) throw new Error(`never told "${start}", but ${this.news.join(", ")}`);
			await sleep(5);
		}
	}

	/** Reads until so many bytes have come. */
	async receive(length: number): Promise<string> {
		let text = "";
		while (text.length < length) {
			const bytes = this.call((socket) => socket.read());
			if (bytes === undefined) await this.told("readable");
			else text += textOf(bytes);
		}
		return text;
	}
}

export function sleep(milliseconds: number): Promise<void> {
	return new Promise((resolve) => void Timer.set(() => resolve(), milliseconds));
}

export function equal(actual: unknown, expected: unknown, what = ""): void {
	if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** Whether a call throws an error of this name. */
export function throws(call: () => unknown, name: string): void {
	try {
		call();
	} catch (error) {
		equal((error as Error).name, name, String(error));
		return;
	}
	throw new Error(`nothing was thrown, ${name} expected`);
}

export type Scenarios = Record<string, () => Promise<void>>;

/** Runs them one after the other; answers how many failed. */
export async function runScenarios(scenarios: Scenarios): Promise<number> {
	let failures = 0;
	for (const name of Object.keys(scenarios)) {
		try {
			await scenarios[name]();
			print(`ok - ${name}`);
		} catch (error) {
			failures++;
			print(`not ok - ${name}: ${error} ${(error as Error).stack ?? ""}`.replaceAll("\n", " "));
		}
	}
	return failures;
}
