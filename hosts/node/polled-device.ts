// A desktop as a device for programs that are polled (os/os): clock, entropy, log, store, TCP and UDP, and the loop that
// polls when something has changed or is due. For Node.

import { MemoryStore } from "polltls/os/in-memory";
import type { DatagramNetwork, DatagramTransport, Device, Log, Program, Store, StreamListener, StreamTransport } from "polltls/os/os";
import { NodeClock } from "./clock.js";
import { nodeEntropy } from "./entropy.js";
import { PolledDatagrams } from "./polled-datagrams.js";
import { PolledStreams } from "./polled-streams.js";

const LONGEST_SLEEP = 60000;

/**
 * The device.
 *
 *     const device = new PolledDevice();
 *     const program = new EchoServer(device, ...);
 *     await device.run(program, () => program.done);
 */
export class PolledDevice implements Device, DatagramNetwork {
	readonly clock = new NodeClock();
	readonly entropy = nodeEntropy;
	readonly store: Store;
	readonly log: Log;
	readonly streams: PolledStreams;
	readonly datagrams: PolledDatagrams;
	#wake: (() => void) | undefined;
	#news = false;

	/** host: where ports are opened. */
	constructor({ host = "127.0.0.1", log = () => {}, store = new MemoryStore() }: { host?: string; log?: Log; store?: Store } = {}) {
		this.log = log;
		this.store = store;
		const changed = (): void => this.wake();
		this.streams = new PolledStreams(host, changed);
		this.datagrams = new PolledDatagrams(host, changed);
	}

	listen(port: number, backlog: number): StreamListener {
		return this.streams.listen(port, backlog);
	}
	connect(host: string, port: number): StreamTransport {
		return this.streams.connect(host, port);
	}
	open(port: number): DatagramTransport {
		return this.datagrams.open(port);
	}

	/** Something may have changed: the program is polled soon. */
	wake(): void {
		this.#news = true;
		this.#wake?.();
	}

	/** Closes every port that is open. */
	close(): void {
		this.streams.close();
		this.datagrams.close();
	}

	/** Polls the program until it is done; in between Node does other things. */
	async run(program: Program, done: () => boolean): Promise<void> {
		while (!done()) {
			this.#news = false;
			const wakeAt = program.poll();
			if (done()) return;
			const delay = Math.min(wakeAt - this.clock.ticks(), LONGEST_SLEEP);
			if (delay <= 0 || this.#news) await new Promise<void>((resolve) => setImmediate(resolve));
			else await this.#sleep(delay);
		}
	}

	#sleep(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, milliseconds);
			this.#wake = () => {
				this.#wake = undefined;
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
