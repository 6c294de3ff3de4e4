// Handshakes with one end on the XS engine of npm @agoric/xsnap, as on the simulated device, and the other end in Node.
// Only the end on XS is measured.

import { nodeRegistry } from "../../hosts/node/registry.js";
import { bytesOf, type HeapMeasure, measureHeap, since } from "../../hosts/sim/heap-image.js";
import { type SideFigures, SideRecord } from "./suite/handshakes.js";
import { median, medians } from "./suite/median.js";
import { Party, type Setup, type Side } from "./suite/party.js";
import { KEEP, OPEN, SETUP, STATE, TOLD, TURN, TURN_HEAD } from "./suite/xs-commands.js";
import { XsMachine } from "./xs-machine.js";

/** Every so many turns the heap is measured. */
const HEAP_TURNS = 4;

export interface XsFigures extends SideFigures {
	/** The engine's units of work, of a handshake and of its longest poll. */
	compute: number;
	longestCompute: number;
	/** The state that the longest poll began in. */
	longestState: string;
	/** Slots of garbage of a handshake. */
	garbage: number;
	/** The connection's heap as on a device of 32 bits: just opened, at the most, and when the handshake is done. */
	opened: HeapMeasure;
	peak: HeapMeasure;
	done: HeapMeasure;
}

/** What a turn took. */
interface Turn {
	worked: boolean;
	settled: boolean;
	resumed: boolean;
	time: number;
	poll: number;
	compute: number;
	slots: number;
}

class XsParty {
	readonly #machine: XsMachine;
	#base: HeapMeasure = { slots: 0, chunks: 0 };
	/** Bytes on their way to the other. */
	out = Buffer.alloc(0);

	constructor(machine: XsMachine) {
		this.#machine = machine;
	}

	async setUp(isServer: boolean, setup: Setup): Promise<void> {
		await this.#machine.command(SETUP, Buffer.from(JSON.stringify({ isServer, setup })));
		await this.#machine.settle();
		this.#base = await this.#measureHeap();
	}

	async open(resumed: boolean): Promise<void> {
		await this.#machine.command(OPEN, Uint8Array.of(resumed ? 1 : 0));
	}

	async keep(): Promise<void> {
		await this.#machine.command(KEEP);
	}

	/** One poll with what the other has for it. */
	async turn(other: Side): Promise<Turn> {
		const { meters } = await this.#machine.measure(TURN, other.out.subarray(other.outAt, other.outEnd));
		const { reply } = await this.#machine.command(TOLD);
		const taken = reply.readInt16BE(0);
		if (taken > 0) other.outAt += taken;
		if (reply.length > TURN_HEAD) this.out = Buffer.concat([this.out, reply.subarray(TURN_HEAD)]);
		return {
			worked: taken >= 0,
			settled: reply[2] === 1,
			resumed: reply[3] === 1,
			time: reply.readDoubleBE(4),
			poll: reply.readDoubleBE(12),
			compute: meters.compute,
			slots: Math.max(0, meters.slots), // fewer than before: a collection came between
		};
	}

	/** The state that the handshake is in. */
	async state(): Promise<string> {
		return (await this.#machine.command(STATE)).reply.toString();
	}

	/** What has come on top since it was set up: the last connection that was opened, and a session. */
	async heap(): Promise<HeapMeasure> {
		return since(this.#base, await this.#measureHeap());
	}

	async #measureHeap(): Promise<HeapMeasure> {
		return measureHeap(await this.#machine.worker.snapshot());
	}
}

/** Told when the connection is open, before each of its turns, and after each that did something. */
interface Watcher {
	opened?(): Promise<void>;
	turns?(): Promise<void>;
	turned?(turn: Turn): void | Promise<void>;
}

/** A handshake between the two, the one on XS being watched; answers how many bytes that one sent. */
async function handshake(xs: XsParty, node: Party, isServer: boolean, resumed: boolean, watcher: Watcher): Promise<number> {
	xs.out = Buffer.alloc(0);
	await xs.open(resumed && !isServer);
	await watcher.opened?.();
	const local = node.open(resumed && isServer);
	let bytes = 0;
	for (;;) {
		await watcher.turns?.();
		const turn = await xs.turn(local);
		if (turn.worked) await watcher.turned?.(turn);
		const before = xs.out.length;
		const taken = local.turn(xs.out, 0, before);
		if (taken > 0) {
			bytes += taken;
			xs.out = xs.out.subarray(taken);
		}
		if (turn.worked || taken >= 0) continue;
		if (!turn.settled || !local.settled) throw new Error(`the handshake with XS stands still: ${local.connection.stateName}`);
		if (resumed && !turn.resumed) throw new Error("the session was not resumed");
		await xs.keep();
		node.keep(local);
		return bytes;
	}
}

/** Runs work with one end on XS and the other in Node, after a full handshake that leaves a session. */
async function withXs<Result>(isServer: boolean, setup: Setup, work: (xs: XsParty, node: Party) => Promise<Result>): Promise<Result> {
	const machine = await XsMachine.start("test/bench/suite/xs-party.ts");
	try {
		const xs = new XsParty(machine);
		await xs.setUp(isServer, setup);
		const registry = nodeRegistry("node");
		registry.start();
		const node = new Party(!isServer, setup, registry, () => 0);
		await handshake(xs, node, isServer, false, {});
		return await work(xs, node);
	} finally {
		await machine.close();
	}
}

/** One end's figures on XS, full and resumed: medians of count handshakes. */
export function benchOnXs(isServer: boolean, setup: Setup, count: number): Promise<{ full: XsFigures; resumed: XsFigures }> {
	return withXs(isServer, setup, async (xs, node) => {
		const full = await benchKind(xs, node, isServer, false, count);
		return { full, resumed: await benchKind(xs, node, isServer, true, count) };
	});
}

/** What the polls that begin in one state cost. */
export interface StateFigures {
	state: string;
	polls: number;
	compute: number;
	longestCompute: number;
	/** Microseconds of all, and of the longest. */
	time: number;
	longest: number;
	slots: number;
}

/** One end's states on XS, in order: medians of count handshakes by poll. */
export function profileOnXs(isServer: boolean, setup: Setup, count: number): Promise<{ full: StateFigures[]; resumed: StateFigures[] }> {
	return withXs(isServer, setup, async (xs, node) => {
		const full = await profileKind(xs, node, isServer, false, count);
		return { full, resumed: await profileKind(xs, node, isServer, true, count) };
	});
}

async function profileKind(xs: XsParty, node: Party, isServer: boolean, resumed: boolean, count: number): Promise<StateFigures[]> {
	const runs: Turn[][] = [];
	let states: string[] = [];
	for (let i = 0; i < count; i++) {
		const turns: Turn[] = [];
		const begun: string[] = [];
		let state = "";
		await handshake(xs, node, isServer, resumed, {
			async turns() {
				state = await xs.state();
			},
			turned(turn) {
				begun.push(state);
				turns.push(turn);
			},
		});
		runs.push(turns);
		states = begun;
	}
	const usual = (of: (turn: Turn) => number): number[] => medians(runs.map((turns) => turns.map(of)));
	return byState(
		states,
		usual(({ compute }) => compute),
		usual(({ poll }) => poll),
		usual(({ slots }) => slots),
	);
}

function byState(states: readonly string[], compute: readonly number[], time: readonly number[], slots: readonly number[]): StateFigures[] {
	const all = new Map<string, StateFigures>();
	states.forEach((state, i) => {
		const one = all.get(state) ?? { state, polls: 0, compute: 0, longestCompute: 0, time: 0, longest: 0, slots: 0 };
		one.polls++;
		one.compute += compute[i];
		one.longestCompute = Math.max(one.longestCompute, compute[i]);
		one.time += time[i];
		one.longest = Math.max(one.longest, time[i]);
		one.slots += slots[i];
		all.set(state, one);
	});
	return [...all.values()];
}

async function benchKind(xs: XsParty, node: Party, isServer: boolean, resumed: boolean, count: number): Promise<XsFigures> {
	const record = new SideRecord();
	const work: number[][] = [];
	const garbage: number[] = [];
	for (let i = 0; i < count; i++) {
		const polls = record.begin();
		const computes: number[] = [];
		let time = 0;
		let slots = 0;
		const bytes = await handshake(xs, node, isServer, resumed, {
			turned(turn) {
				polls.push(turn.poll);
				computes.push(turn.compute);
				time += turn.time;
				slots += turn.slots;
			},
		});
		record.end(time, bytes);
		work.push(computes);
		garbage.push(slots);
	}
	const usual = medians(work);
	const longestCompute = Math.max(...usual);
	return {
		...record.figures(),
		compute: median(work.map((computes) => computes.reduce((sum, one) => sum + one, 0))),
		longestCompute,
		longestState: await stateOf(usual.indexOf(longestCompute), xs, node, isServer, resumed),
		garbage: median(garbage),
		...(await weigh(xs, node, isServer, resumed)),
	};
}

/** The state that a handshake's poll of this number begins in. */
async function stateOf(poll: number, xs: XsParty, node: Party, isServer: boolean, resumed: boolean): Promise<string> {
	const states: string[] = [];
	let state = "";
	await handshake(xs, node, isServer, resumed, {
		async turns() {
			state = await xs.state();
		},
		turned() {
			states.push(state);
		},
	});
	return states[poll] ?? "";
}

/** One more handshake, with the heap measured on the way. */
async function weigh(xs: XsParty, node: Party, isServer: boolean, resumed: boolean): Promise<{ opened: HeapMeasure; peak: HeapMeasure; done: HeapMeasure }> {
	let opened: HeapMeasure = { slots: 0, chunks: 0 };
	let peak = opened;
	let turns = 0;
	await handshake(xs, node, isServer, resumed, {
		async opened() {
			opened = peak = await xs.heap();
		},
		async turned() {
			if (++turns % HEAP_TURNS !== 0) return;
			const now = await xs.heap();
			if (bytesOf(now) > bytesOf(peak)) peak = now;
		},
	});
	return { opened, peak, done: await xs.heap() };
}
