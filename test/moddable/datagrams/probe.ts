// A DTLS socket in a scenario: its callbacks in order, and steps that wait for them. For the jobs of this image.

import { DtlsSocket, type DtlsSocketOptions } from "polltls/moddable/dtls-socket";
import type { TlsError } from "polltls/moddable/tls-error";
import { fileOf, parameter } from "test/sdk/support";
import { bytesOf, sleep, textOf } from "test/socket/scenario";

/** How long anything may take, milliseconds. */
const PATIENCE = 10000;

/** A server on this machine. */
export function server(name = "PORT"): DtlsSocketOptions {
	return { address: "127.0.0.1", port: Number(parameter(name)), host: "localhost" };
}

export function trusted(dtls: DtlsSocketOptions["dtls"] = {}): DtlsSocketOptions {
	return { ...server(), dtls: { ca: fileOf("CA"), ...dtls } };
}

export const psks = () => [{ identity: bytesOf("sensor-1"), key: new Uint8Array(16).fill(7) }];

/** One socket and what it was told. */
export class Probe {
	readonly socket: DtlsSocket;
	/** "writable 1200", "readable 1", "ended", "failed 108". */
	readonly news: string[] = [];
	error: TlsError | undefined;
	/** Calls of the socket's methods that are running: nothing may call back meanwhile. */
	inside = 1;
	broken = false;
	onNews: (() => void) | undefined;

	constructor(options: DtlsSocketOptions) {
		const note = (socket: unknown, news: string): void => {
			if (this.inside > 0 || socket !== this.socket) this.broken = true;
			this.news.push(news);
			this.onNews?.();
		};
		const probe = this;
		this.socket = new DtlsSocket({
			...options,
			onReadable(count) {
				note(this, `readable ${count}`);
			},
			onWritable(count) {
				note(this, `writable ${count}`);
			},
			onError(error) {
				probe.error = error;
				note(this, error === undefined ? "ended" : `failed ${error.failure >> 16}`);
			},
		});
		this.inside = 0;
	}

	/** Calls the socket; nothing may call back from inside. */
	call<T>(call: (socket: DtlsSocket) => T): T {
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

	/** The next datagram as text. */
	async receive(): Promise<string> {
		await this.told("readable");
		return textOf(this.call((socket) => socket.read()));
	}

	/** Sends a datagram and waits for one. */
	async ask(text: string): Promise<string> {
		this.call((socket) => socket.write(bytesOf(text)));
		return this.receive();
	}

	close(): void {
		this.call((socket) => socket.close());
		if (this.broken) throw new Error("called back from inside a call, or with another this");
	}
}

export async function opened(options: DtlsSocketOptions): Promise<Probe> {
	const probe = new Probe(options);
	await probe.told("writable");
	return probe;
}
