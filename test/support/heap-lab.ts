// A program on the XS engine whose heap is looked at from outside: what is live after each of its operations, and what it
// drops. For test/memory. An XS program exports `operations`; each takes a JSON value and bytes and answers both.

import { bundleForXs } from "../../hosts/sim/bundle.js";
import { bytesOf, type HeapMeasure, measureHeap, since } from "../../hosts/sim/heap-image.js";
import { Services } from "../../hosts/sim/services.js";
import { XsWorker } from "../../hosts/sim/worker.js";

/** What an operation of the XS program is. */
export type Operation = (argument: never, bytes: Uint8Array) => { value?: unknown; bytes?: Uint8Array } | undefined;

export interface LabAnswer<T> {
	value: T;
	bytes: Uint8Array;
	/** Slots in use after it, garbage included. */
	slots: number;
	compute: number;
}

/** What something left behind for the collector, a device's slots (16 bytes) and this engine's bytes of chunks. */
export interface Garbage {
	slots: number;
	chunks: number;
}

/** Chunks of this size fill the engine's heap up to the next collection: 32 MB, so the answer is as exact as one of them. */
const FILLER = 4096;
/** How many are made at once in the first search. */
const LARGE = 128;
/** The operation that makes them. */
const FILL = "\0fill";

const utf8 = new TextEncoder();

/**
 * One XS machine with one program.
 *
 *     const lab = await HeapLab.start("test/memory/program.ts");
 *     await lab.call("open", { role: "server" });
 *     const { slots, chunks } = await lab.live();      // since base()
 *     await lab.close();
 */
export class HeapLab {
	readonly #worker: XsWorker;
	#base: HeapMeasure = { slots: 0, chunks: 0 };

	private constructor(worker: XsWorker) {
		this.#worker = worker;
	}

	static async start(entry: string): Promise<HeapLab> {
		const source = await bundleForXs({
			source: `import { operations } from "./${entry}";
				globalThis.handleCommand = (request: ArrayBuffer) => {
					const all = new Uint8Array(request);
					const length = (all[0] << 8) | all[1];
					const [name, argument] = JSON.parse(new TextDecoder().decode(request.slice(2, 2 + length)));
					if (name === "\\0fill") {
						for (let i = 0; i < argument; i++) new ArrayBuffer(${FILLER});
						return new ArrayBuffer(0);
					}
					const { value = null, bytes } = operations[name](argument, all.subarray(2 + length)) ?? {};
					const text = new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
					const answer = new Uint8Array(2 + text.length + (bytes?.length ?? 0));
					answer[0] = text.length >> 8;
					answer[1] = text.length;
					answer.set(text, 2);
					if (bytes) answer.set(bytes, 2 + text.length);
					return answer.buffer;
				};`,
		});
		const services = new Services();
		const worker = await XsWorker.start({ onCommand: (request) => services.answer(request) });
		await worker.evaluate(source);
		return new HeapLab(worker);
	}

	async call<T = unknown>(name: string, argument: unknown = null, bytes: Uint8Array = new Uint8Array(0)): Promise<LabAnswer<T>> {
		const text = utf8.encode(JSON.stringify([name, argument]));
		const request = Buffer.concat([Uint8Array.of(text.length >> 8, text.length), text, bytes]);
		const { reply, meter } = await this.#worker.command(request);
		if (name === FILL) return { value: null as T, bytes: new Uint8Array(0), slots: meter.currentHeapCount, compute: meter.compute };
		const length = reply.readUInt16BE(0);
		return {
			value: JSON.parse(reply.toString("utf8", 2, 2 + length)),
			bytes: reply.subarray(2 + length),
			slots: meter.currentHeapCount,
			compute: meter.compute,
		};
	}

	/** What is live now doesn't count from now on. */
	async base(): Promise<void> {
		this.#base = measureHeap(await this.#worker.snapshot());
	}

	/** What is live on top of the base, as on a 32-bit device. */
	async live(): Promise<HeapMeasure & { bytes: number }> {
		const measure = since(this.#base, measureHeap(await this.#worker.snapshot()));
		return { ...measure, bytes: bytesOf(measure) };
	}

	/**
	 * What one round of an operation drops, as an average over many: the operation takes the number of rounds as its
	 * argument. Slots are counted by the engine; chunks by how much room is left up to the next collection.
	 */
	async garbage(name: string, rounds: number): Promise<Garbage> {
		await this.call(name, 2);
		const idle = await this.used(name, 0);
		const busy = await this.used(name, rounds);
		return { slots: (busy.slots - idle.slots) / rounds, chunks: ((idle.fillers - busy.fillers) * FILLER) / rounds };
	}

	/** The slots that an operation takes, and how many fillers find room afterwards: found in large steps, then exactly. */
	private async used(name: string, rounds: number): Promise<{ slots: number; fillers: number }> {
		const about = await this.fill(name, rounds, 0, LARGE);
		return this.fill(name, rounds, about.fillers - LARGE, 1);
	}

	private async fill(name: string, rounds: number, atOnce: number, step: number): Promise<{ slots: number; fillers: number }> {
		await this.#worker.snapshot(); // collects
		const before = (await this.call(FILL, 0)).slots;
		const { slots } = await this.call(name, rounds);
		let fillers = atOnce;
		let last = slots;
		let now = (await this.call(FILL, atOnce)).slots;
		if (slots < before || now < last) throw new Error("the heap is too small for so many rounds: it was collected");
		for (; now >= last; fillers += step) {
			last = now;
			now = (await this.call(FILL, step)).slots;
		}
		return { slots: slots - before, fillers };
	}

	async close(): Promise<void> {
		await this.#worker.close();
	}
}
