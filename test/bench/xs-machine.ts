// An XS machine of npm @agoric/xsnap that obeys the commands of suite/xs-commands.ts.

import { bundleForXs } from "../../hosts/sim/bundle.js";
import { Services } from "../../hosts/sim/services.js";
import { type Answer, XsWorker } from "../../hosts/sim/worker.js";
import { median } from "./suite/median.js";
import { COLLECT, NOTHING } from "./suite/xs-commands.js";

/** What a command took by the engine's meters, less what an empty one takes. */
export interface Meters {
	compute: number;
	/** Slots; negative if garbage was collected meanwhile. */
	slots: number;
}

export class XsMachine {
	readonly worker: XsWorker;
	#empty: Meters = { compute: 0, slots: 0 };
	#slots = 0;

	/** prepare: changes the script before it is evaluated. */
	static async start(entry: string, prepare: (source: string) => string | Promise<string> = (source) => source): Promise<XsMachine> {
		const services = new Services();
		const worker = await XsWorker.start({ onCommand: (request) => services.answer(request) });
		try {
			await worker.evaluate(await prepare(await bundleForXs(entry)));
			return new XsMachine(worker);
		} catch (error) {
			await worker.kill();
			throw error;
		}
	}

	private constructor(worker: XsWorker) {
		this.worker = worker;
	}

	/** Measures what an empty command takes; before the first measure(). */
	async settle(): Promise<void> {
		const all: Meters[] = [];
		await this.collect();
		for (let i = 0; i < 9; i++) all.push((await this.measure(NOTHING)).meters);
		this.#empty = { compute: median(all.map(({ compute }) => compute)), slots: median(all.map(({ slots }) => slots)) };
	}

	/** Collects garbage. */
	async collect(): Promise<void> {
		await this.command(COLLECT);
	}

	async command(kind: number, bytes: Uint8Array = new Uint8Array(0)): Promise<Answer> {
		const answer = await this.worker.command(Buffer.concat([Uint8Array.of(kind), bytes]));
		this.#slots = answer.meter.currentHeapCount;
		return answer;
	}

	/** The same with what it took. */
	async measure(kind: number, bytes?: Uint8Array): Promise<{ reply: Buffer; meters: Meters }> {
		const before = this.#slots;
		const { reply, meter } = await this.command(kind, bytes);
		return { reply, meters: { compute: meter.compute - this.#empty.compute, slots: meter.currentHeapCount - before - this.#empty.slots } };
	}

	async close(): Promise<void> {
		await this.worker.kill();
	}
}
