// `polltls keygen --engine xs`: a key pair made in the XS engine as on a device, with what that takes.

import { bundleForXs } from "./bundle.js";
import { bytesOf, type HeapMeasure, measureHeap, since } from "./heap-image.js";
import { BEGIN, PRIVATE, PUBLIC, STEP, TOLD } from "./keygen-protocol.js";
import { Services } from "./services.js";
import { XsWorker } from "./worker.js";

export const keyTypes = ["p256", "p384", "ed25519", "rsa"] as const;
export type KeyType = (typeof keyTypes)[number];

/** A slice as a device takes it: about 8 steps of a P-256 ladder. */
const SLICE = 8;
const FAILURE_LENGTH = 4;

export interface MadeKey {
	/** PKCS#8, to be wiped, and SubjectPublicKeyInfo. */
	key: Uint8Array;
	publicKey: Uint8Array;
	/** Whether it was made now, not found in the store. */
	isNew: boolean;
	milliseconds: number;
	slices: number;
	/** The engine's count of its work: of all, and of the longest slice. */
	compute: number;
	longest: number;
	/** What was live at the most between two slices, as on a 32-bit device: slots of 16 bytes, and bytes in all. */
	slots: number;
	bytes: number;
}

/** The failure with which it ended. */
export class KeyFailure extends Error {
	readonly failure: number;
	constructor(failure: number) {
		super(`failure ${failure >> 16}`);
		this.failure = failure;
	}
}

/** Makes a key pair, or finds the one in the store (a folder; without it nothing is kept). */
export async function makeKeyOnXs(type: KeyType, bits: number, store: string | undefined): Promise<MadeKey> {
	const services = new Services({ store });
	const worker = await XsWorker.start({ onCommand: (request) => services.answer(request) });
	try {
		await worker.evaluate(await bundleForXs("hosts/sim/keygen-program.ts"));
		const send = (...bytes: number[]) => worker.command(Uint8Array.from(bytes));
		const base = measureHeap(await worker.snapshot());
		let most: HeapMeasure = { slots: 0, chunks: 0 };
		const look = async (): Promise<void> => {
			const now = since(base, measureHeap(await worker.snapshot()));
			if (bytesOf(now) > bytesOf(most)) most = now;
		};
		let { compute } = (await send(BEGIN, keyTypes.indexOf(type), bits >> 8, bits & 255)).meter;
		let longest = compute;
		let slices = 0;
		for (let more = true; more; ) {
			const { reply, meter } = await send(STEP, SLICE >> 8, SLICE & 255);
			if (reply.length === FAILURE_LENGTH) throw new KeyFailure(reply.readInt32BE(0));
			compute += meter.compute;
			longest = Math.max(longest, meter.compute);
			more = reply[0] === 1;
			// a look takes longer than many slices, and the work is much the same all the time
			if (more && (++slices & (slices - 1)) === 0) await look();
		}
		await look();
		const told = (await send(TOLD)).reply;
		return {
			key: new Uint8Array((await send(PRIVATE)).reply),
			publicKey: new Uint8Array((await send(PUBLIC)).reply),
			isNew: told[0] === 1,
			milliseconds: told.readDoubleBE(1),
			slices: slices + 1,
			compute,
			longest,
			slots: most.slots,
			bytes: bytesOf(most),
		};
	} finally {
		await worker.close();
	}
}
