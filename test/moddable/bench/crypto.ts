// The image of `npm run bench -- crypto`: our operations on the SDK's natives beside the SDK's own. Each line that it
// prints and that begins with "figures" is JSON.

import { COLLECTION, type Measured, measureOperations, type Weight } from "bench/measure";
import { expectDone, type Operation, SLICE } from "bench/operation";
import { publicKeyGroups, type RsaKey } from "bench/public-key-operations";
import { symmetricOperations } from "bench/symmetric-operations";
import { WORKING } from "polltls/base/status";
import type { Job } from "polltls/crypto/types";
import { nativeRegistry } from "test/crypto/registry";
import { TestNative } from "test/native/test-native";
import { BenchNative } from "./native/bench-native.js";
import { sdkGroups } from "./sdk-operations.js";

interface Settings {
	rsaKey: RsaKey;
	rounds: number;
	microseconds: number;
	/** Which group of operations. */
	group: number;
	/** Bytes of chunks that are left free, the rest being filled; 0: megabytes. */
	freeChunks: number;
}

/** Slots and chunks of one run: garbage is collected before each call, so that none is while it is counted. */
function weigh(operation: Operation, ownSlots: number): Weight {
	operation.prepare?.();
	let slots = 0;
	let chunks = 0;
	const count = (call: () => void): void => {
		BenchNative.collect();
		const slotsBefore = BenchNative.slots();
		const chunksBefore = BenchNative.chunks();
		call();
		slots += BenchNative.slots() - slotsBefore - ownSlots;
		chunks += BenchNative.chunks() - chunksBefore;
	};
	const { begin } = operation;
	if (begin === undefined) count(() => operation.run?.());
	else {
		let job: Job | undefined;
		let status = WORKING;
		count(() => {
			job = begin();
		});
		while (status === WORKING)
			count(() => {
				status = job?.step(SLICE) ?? 0;
			});
		expectDone(operation, status);
	}
	return { slots, chunks };
}

/** With so much ballast that only so many bytes of chunks are free, as on a small device. Only whole times: to keep those of each call would take heap, too. */
function measureInLittle(operations: readonly Operation[], { rounds, microseconds, freeChunks }: Settings): void {
	const all = operations.map(asWhole);
	for (const { prepare, run } of all) {
		prepare?.(); // what stays, so that it lies below the ballast
		run?.();
	}
	BenchNative.collect();
	const ballast = new ArrayBuffer(BenchNative.freeChunks() - freeChunks);
	for (const one of measureOperations(all, () => BenchNative.cpu(), rounds, microseconds)) tell(one);
	if (ballast.byteLength === 0) throw new Error("the heap was too small");
}

/** A sliced operation with all its slices in one call. */
function asWhole(operation: Operation): Operation {
	const { begin } = operation;
	if (begin === undefined) return operation;
	return {
		...operation,
		begin: undefined,
		run: () => {
			const job = begin();
			let status: number;
			do status = job.step(SLICE);
			while (status === WORKING);
			expectDone(operation, status);
		},
	};
}

function measureAll(operations: readonly Operation[], { rounds, microseconds }: Settings): void {
	const all = measureOperations(operations, () => BenchNative.cpu(), rounds, microseconds);
	const nothing = weigh({ name: "nothing", provider: "", bytes: 0, run: () => {} }, 0);
	all.forEach((one, index) => {
		one.weight = one.name === COLLECTION ? { slots: BenchNative.slots(), chunks: BenchNative.chunks() } : weigh(operations[index], nothing.slots);
		tell(one);
	});
}

const collection: Operation = Object.freeze({ name: COLLECTION, provider: "SDK", bytes: 0, run: () => BenchNative.collect() });

function tell(measured: Measured): void {
	trace(`figures ${JSON.stringify(measured)}\n`);
}

export default function () {
	const settings = JSON.parse(TestNative.environment("BENCH_SETTINGS") ?? "{}") as Settings;
	BenchNative.collect();
	const registry = nativeRegistry();
	const ours = [...publicKeyGroups(registry, settings.rsaKey), () => symmetricOperations(registry, "polltls")];
	const theirs = sdkGroups(settings.rsaKey);
	const { group } = settings;
	const operations = ours[group]();
	if (settings.freeChunks > 0) measureInLittle(operations, settings);
	else measureAll([...operations, ...theirs[group](), ...(group === 0 ? [collection] : [])], settings);
	TestNative.exit(0);
}
