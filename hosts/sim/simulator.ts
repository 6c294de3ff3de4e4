// A device on the desktop: a program runs on the real XS engine, Node gives it sockets, time, entropy, a store and fast
// crypto, counts its work and watches its heap. For `npm start`, `--engine xs` and tests.
//
// What is real and what isn't: protocol and public-key arithmetic run in XS, so their heap and their work (compute)
// are a device's, and times are this machine's (ratios hold). Hashes and bulk ciphers are native code on a device and
// Node's here. Heap is measured between calls, so what a call needs and drops before it returns isn't in the peak.

import type { Log } from "polltls/os/os";
import { bundleForXs } from "./bundle.js";
import { Datagrams } from "./datagrams.js";
import { type HeapWatch, Limits, type Usage } from "./limits.js";
import { NOTE, POLL, POLL_HEAD_LENGTH, REPORT, START, TELL } from "./protocol.js";
import { Fields, Services } from "./services.js";
import { Sockets } from "./sockets.js";
import type { DatagramPlan } from "./weather.js";
import { XsWorker } from "./worker.js";

/** What an ESP32 has for JavaScript, roughly. */
export const DEVICE_HEAP = 512 * 1024;
const LONGEST_WAIT_MS = 60000;

export interface SimulatorOptions {
	/** The main module, from the project's root, or source text that imports such modules; it calls runOnDevice. */
	entry: string | { source: string };
	/** Given to the program (a JSON value). */
	config?: unknown;
	/** Folder of the device's store; without it the device forgets. */
	store?: string;
	/** Address of the device's ports. */
	host?: string;
	log?: Log;
	/** Lines that the engine or print() wrote. */
	onPrint?: (line: string) => void;
	/** Bytes of heap that end the run when more is live; 512 KB if absent, 0 for no limit. */
	heapLimit?: number;
	/** "some" if absent. */
	heapWatch?: HeapWatch;
	/** Units of compute that one call may take; 0 for no limit. */
	computeLimit?: number;
	/** Time for the device, which then stands still within a call; this machine's if absent. */
	clock?: { ticks(): number; seconds(): number };
	/** The time of day that the device believes in, for ever: seconds since 1970. */
	seconds?: number;
	/** Takes what the program tells (JSON values). */
	onNote?: (value: unknown) => void;
	entropy?: (length: number) => Uint8Array;
	/** What the network does to the device's datagrams; nothing if absent. */
	datagramPlan?: DatagramPlan;
	/** Lets Node end while the device only waits. */
	background?: boolean;
}

/**
 * A running device.
 *
 *     const device = await Simulator.start({ entry: "examples/https-device/sim.ts", config: { port: 8443 } });
 *     device.ended.catch((error) => console.error(error.message));   // the heap is full, the engine ended
 *     const state = await device.report();                           // what the program tells about itself
 *     console.log(device.usage.peakBytes);
 *     await device.stop();
 */
export class Simulator {
	readonly sockets: Sockets;
	readonly datagrams: Datagrams;
	/** Fulfilled by stop(); rejected by what ended the run otherwise. */
	readonly ended: Promise<void>;
	readonly #worker: XsWorker;
	readonly #limits: Limits;
	readonly #clock: { ticks(): number; seconds(): number };
	readonly #background: boolean;
	#stopping = false;
	#woken = false;
	#wake: (() => void) | undefined;

	static async start(options: SimulatorOptions): Promise<Simulator> {
		const source = await bundleForXs(options.entry);
		const services = new Services({ store: options.store, log: options.log, entropy: options.entropy });
		let simulator: Simulator | undefined;
		const sockets = new Sockets(options.host ?? "127.0.0.1", () => simulator?.wake());
		const datagrams = new Datagrams(options.host ?? "127.0.0.1", options.datagramPlan, () => simulator?.wake());
		const worker = await XsWorker.start({
			onCommand: (request) => {
				if (request[0] !== NOTE) {
					const [operation] = request;
					return sockets.answer(operation, new Fields(request)) ?? datagrams.answer(operation, new Fields(request)) ?? services.answer(request);
				}
				options.onNote?.(JSON.parse(request.toString("utf8", 1)));
				return new Uint8Array(0);
			},
			onPrint: options.onPrint,
			computeLimit: options.computeLimit,
			background: options.background,
		});
		try {
			await worker.evaluate(source);
			const limits = new Limits(options.heapLimit ?? DEVICE_HEAP, options.heapWatch ?? "some");
			await limits.begin(worker);
			const began = performance.now();
			const clock = options.clock ?? { ticks: () => performance.now() - began, seconds: () => options.seconds ?? Date.now() / 1000 };
			const start = { frozen: options.clock !== undefined, ticks: clock.ticks(), seconds: clock.seconds(), config: options.config };
			const { meter } = await worker.command(command(START, JSON.stringify(start)));
			limits.count(meter.compute, 0);
			await limits.check(worker);
			simulator = new Simulator(worker, sockets, datagrams, limits, clock, options.background ?? false);
			return simulator;
		} catch (error) {
			sockets.destroy();
			datagrams.destroy();
			await worker.kill();
			throw sockets.portError ?? error;
		}
	}

	private constructor(
		worker: XsWorker,
		sockets: Sockets,
		datagrams: Datagrams,
		limits: Limits,
		clock: { ticks(): number; seconds(): number },
		background: boolean,
	) {
		this.#worker = worker;
		this.#background = background;
		this.sockets = sockets;
		this.datagrams = datagrams;
		this.#limits = limits;
		this.#clock = clock;
		this.ended = this.#run();
		this.ended.catch(() => {}); // whoever wants to know of it asks
	}

	/** Heap and work so far. */
	get usage(): Readonly<Usage> {
		return this.#limits.usage;
	}

	/** How often the heap is measured from now on. */
	set heapWatch(watch: HeapWatch) {
		this.#limits.watch = watch;
	}

	/** The port of this machine that the device's port is, once the program listens there. */
	async listening(devicePort: number): Promise<number> {
		while (!this.sockets.ports.has(devicePort)) {
			const listened = new Promise<void>((resolve) => {
				this.sockets.onListen = () => resolve();
			});
			await Promise.race([listened, this.ended.then(() => Promise.reject(new Error("the device was stopped")))]);
		}
		return this.sockets.ports.get(devicePort) as number;
	}

	/** The same for a UDP port. */
	async datagramPort(devicePort: number): Promise<number> {
		while (!this.datagrams.ports.has(devicePort)) {
			const opened = new Promise<void>((resolve) => {
				this.datagrams.onOpen = resolve;
			});
			await Promise.race([opened, this.ended.then(() => Promise.reject(new Error("the device was stopped")))]);
		}
		return this.datagrams.ports.get(devicePort) as number;
	}

	/** What the program tells about itself. */
	async report(): Promise<unknown> {
		const { reply } = await this.#worker.command(command(REPORT, ""));
		return JSON.parse(reply.toString());
	}

	/** Tells the program something; answers what it answers. */
	async tell(value: unknown): Promise<unknown> {
		const { reply, meter } = await this.#worker.command(command(TELL, JSON.stringify(value)));
		this.#limits.count(meter.compute, 0);
		this.wake();
		return JSON.parse(reply.toString());
	}

	/** Measures the heap now. */
	async measure(): Promise<Readonly<Usage>> {
		await this.#limits.measure(this.#worker);
		return this.usage;
	}

	/** Calls the device without waiting for its deadline; for clocks of the caller's own. */
	wake(): void {
		this.#woken = true;
		this.#wake?.();
	}

	/** Takes the device from the mains. */
	async stop(): Promise<void> {
		this.#stopping = true;
		this.wake();
		await this.ended.catch(() => {});
	}

	async #run(): Promise<void> {
		try {
			while (!this.#stopping) {
				this.#woken = false;
				const wakeAt = await this.#call();
				if (wakeAt <= 0 || this.#woken || this.#stopping) continue;
				await this.#wait(Math.min(wakeAt - this.#clock.ticks(), LONGEST_WAIT_MS));
			}
			await this.#worker.close();
		} catch (error) {
			await this.#worker.kill();
			throw this.sockets.portError ?? error;
		} finally {
			this.sockets.destroy();
			this.datagrams.destroy();
		}
	}

	/** One call of the device: its next deadline in ticks, 0 for at once. */
	async #call(): Promise<number> {
		const news = Buffer.concat([this.sockets.news(), this.datagrams.news()]);
		const poll = Buffer.alloc(POLL_HEAD_LENGTH + news.length);
		poll[0] = POLL;
		poll.writeDoubleBE(this.#clock.ticks(), 1);
		poll.writeDoubleBE(this.#clock.seconds(), 9);
		poll.writeUInt32BE(this.usage.usedBytes, 17);
		poll.writeUInt32BE(this.usage.peakBytes, 21);
		news.copy(poll, POLL_HEAD_LENGTH);
		const { reply, meter } = await this.#worker.command(poll);
		const wakeAt = reply.readDoubleBE(0);
		this.#limits.count(meter.compute, reply.readDoubleBE(8) - reply.readDoubleBE(16));
		await this.#limits.check(this.#worker);
		return wakeAt;
	}

	/** Until there is news for the device, or the time is over. */
	#wait(milliseconds: number): Promise<void> {
		if (milliseconds <= 0) return Promise.resolve();
		return new Promise((resolve) => {
			const timer = setTimeout(wake, milliseconds);
			if (this.#background) timer.unref();
			const simulator = this;
			this.#wake = wake;
			function wake(): void {
				clearTimeout(timer);
				simulator.#wake = undefined;
				resolve();
			}
		});
	}
}

function command(kind: number, text: string): Buffer {
	return Buffer.concat([Uint8Array.of(kind), Buffer.from(text)]);
}
