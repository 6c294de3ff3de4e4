// `npm run bench -- chains`: verifying a chain on XS, step by step: work, time, slots.

import { bundleForXs } from "../../hosts/sim/bundle.js";
import { bytesOf, type HeapMeasure, measureHeap, since } from "../../hosts/sim/heap-image.js";
import { Services } from "../../hosts/sim/services.js";
import { XsWorker } from "../../hosts/sim/worker.js";
import { authority, type Forged, type KeyKind, leaf, NOW, name, pairOf, root } from "../support/forge.js";
import type { Part } from "./part.js";
import { median } from "./suite/median.js";
import type { Table } from "./table.js";

// as in suite/xs-chains.ts
const GARBAGE = 0;
const MAKE = 1;
const START = 2;
const STEP = 3;
const TIME = 4;
const IDLE = 5;
const KEY = 6;
const ISSUE = 7;
const WORK = 8;
const RUN = 9;
const KINDS = ["P-256", "P-384", "Ed25519", "RSA-2048"];

interface Figures {
	name: string;
	bytes: number;
	steps: number;
	compute: number;
	longestCompute: number;
	milliseconds: number;
	/** Slots that one verification takes and leaves as garbage. */
	slots: number;
	/** Bytes that are live at the most between two steps, as on a 32-bit device. */
	heap: number;
}

function chainOf(kind: KeyKind): { chain: Forged[]; anchor: Forged } {
	const anchor = root({ pair: pairOf(kind, "bench root") });
	const middle = authority(anchor, { pair: pairOf(kind, "bench authority") });
	return { chain: [leaf(middle, { pair: pairOf(kind, "bench leaf"), subject: name("leaf.example") }), middle], anchor };
}

const hex = (each: Forged): string => Buffer.from(each.der).toString("hex");

export const benchChains: Part = async (progress) => {
	const cases: [string, KeyKind, boolean][] = [
		["P-256, three certificates", "p256", false],
		["P-256, the intermediate seen before", "p256", true],
		["RSA-2048, three certificates", "rsa", false],
		["RSA-2048, the intermediate seen before", "rsa", true],
	];
	const chains = cases.map(([, kind, cached]) => ({ ...chainOf(kind), cached }));
	const services = new Services();
	const worker = await XsWorker.start({ onCommand: (request) => services.answer(request) });
	const send = (what: number, which = 0) => worker.command(Uint8Array.of(what, which));
	try {
		const plain = chains.map(({ chain, anchor, cached }) => ({ chain: chain.map(hex), anchor: hex(anchor), seconds: NOW, cached }));
		await worker.evaluate(`globalThis.benchChains = ${JSON.stringify(plain)}; undefined`);
		await worker.evaluate(await bundleForXs("test/bench/suite/xs-chains.ts"));
		const idle = (await send(IDLE)).meter.compute;
		const taken = async (what: number): Promise<number> => {
			const before = (await send(GARBAGE)).meter.currentHeapCount;
			const nothing = (await send(IDLE)).meter.currentHeapCount - before;
			const at = (await send(GARBAGE)).meter.currentHeapCount;
			return (await send(what)).meter.currentHeapCount - at - nothing;
		};
		const verifierSlots = await taken(MAKE);
		const figures: Figures[] = [];
		const live = async (): Promise<HeapMeasure> => measureHeap(await worker.snapshot());
		/** The most that is live while work is done beside what was there: looked at after steps 1, 2, 4, 8 and so on. */
		const heapOf = async (begin: () => Promise<unknown>, step: () => Promise<boolean>): Promise<number> => {
			const base = await live();
			let most = 0;
			await begin();
			for (let steps = 1, more = true; more; steps++) {
				more = await step();
				if (more && (steps & (steps - 1)) === 0) most = Math.max(most, bytesOf(since(base, await live())));
			}
			return most;
		};
		for (let which = 0; which < cases.length; which++) {
			progress(cases[which][0]);
			await send(TIME, which); // fills the cache, if there is one
			const times: number[] = [];
			for (let i = 0; i < 7; i++) times.push(Number((await send(TIME, which)).reply.toString()));
			await send(GARBAGE);
			let { meter, reply } = await send(START, which);
			let slots = 0;
			let last = meter.currentHeapCount;
			const compute: number[] = [meter.compute - idle];
			for (let more = true; more; ) {
				({ meter, reply } = await send(STEP, which));
				compute.push(meter.compute - idle);
				if (meter.currentHeapCount > last) slots += meter.currentHeapCount - last;
				last = meter.currentHeapCount;
				more = reply[0] === 1;
			}
			await send(MAKE); // one that holds nothing yet
			figures.push({
				name: cases[which][0],
				bytes: chains[which].chain.reduce((sum, each) => sum + each.der.length, 0),
				steps: compute.length - 1,
				compute: compute.reduce((sum, one) => sum + one, 0),
				longestCompute: Math.max(...compute),
				milliseconds: median(times),
				slots,
				heap: await heapOf(
					() => send(START, which),
					async () => (await send(STEP)).reply[0] === 1,
				),
			});
		}
		const making: Figures[] = [];
		const run = async (name: string, what: number, which: number): Promise<void> => {
			progress(name);
			await send(GARBAGE);
			const compute: number[] = [];
			let slots = 0;
			let last = 0;
			for (let more = true, command = what; more; command = WORK) {
				const { meter, reply } = await send(command, which);
				if (last > 0 && meter.currentHeapCount > last) slots += meter.currentHeapCount - last;
				last = meter.currentHeapCount;
				compute.push(meter.compute - idle);
				more = command === what || reply[0] === 1;
			}
			const steps = compute.length - 1;
			await send(what, which);
			const milliseconds = Number((await send(RUN)).reply.toString());
			making.push({
				name,
				bytes: 0,
				steps,
				compute: compute.reduce((sum, one) => sum + one, 0),
				longestCompute: Math.max(...compute),
				milliseconds,
				slots,
				heap: await heapOf(
					() => send(what, which),
					async () => (await send(WORK)).reply[0] === 1,
				),
			});
		};
		for (const [which, kind] of KINDS.entries()) {
			await run(`${kind} key pair`, KEY, which);
			if (kind === "P-256") await run(`${kind} certificate of its own`, ISSUE, which);
		}
		const table: Table = {
			title: "Chains on XS: the leaf and one intermediate are sent, the anchor is known",
			columns: ["chain", "bytes", "steps", "ms", "compute", "longest step", "slots", "heap"],
			rows: figures.map((one) => [one.name, one.bytes, one.steps, one.milliseconds, one.compute, one.longestCompute, one.slots, one.heap]),
			notes: [
				"compute is the engine's own count of its work; a step is one certificate, or a slice of 8 of a signature check.",
				"bytes: of the certificates sent. slots: taken and left as garbage. heap: bytes live at the most between two steps, as on a 32-bit device.",
				`A verifier takes ${verifierSlots} slots of its own, from the Certificate message on (16 bytes each on a device).`,
			],
		};
		const made: Table = {
			title: "Keys and certificates made on XS",
			columns: ["what", "steps", "ms", "compute", "longest step", "slots", "heap"],
			rows: making.map((one) => [one.name, one.steps, one.milliseconds, one.compute, one.longestCompute, one.slots, one.heap]),
			notes: ["One run each; an RSA key's time is a matter of luck."],
		};
		return { figures: { chains: figures, verifierSlots, making }, tables: [table, made] };
	} finally {
		await worker.kill();
	}
};
