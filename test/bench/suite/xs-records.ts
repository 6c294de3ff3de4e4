// The XS half of ../xs-records.ts: an open connection, both ends in one engine, record by record at the host's word.

import { spent } from "../../../hosts/sim/host-call.js";
import { deviceRegistry } from "../../../hosts/sim/registry.js";
import type { Setup } from "./party.js";
import { measureRecords, RecordPair } from "./records.js";
import { COLLECT, MEASURE, NOTHING, RECEIVE, SEND, SETUP } from "./xs-commands.js";

declare const performance: { now(): number };
declare const gc: () => void;
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** Microseconds without what the host did meanwhile: the cipher. */
function now(): number {
	return (performance.now() - spent.milliseconds) * 1000;
}

let pair: RecordPair | undefined;
let size = 0;
const nothing = new ArrayBuffer(0);

(globalThis as { handleCommand?: unknown }).handleCommand = (command: ArrayBuffer): ArrayBuffer => {
	const bytes = new Uint8Array(command);
	switch (bytes[0]) {
		case SETUP: {
			const { setup, length } = JSON.parse(new TextDecoder().decode(bytes.subarray(1))) as { setup: Setup; length: number };
			pair = new RecordPair(setup, deviceRegistry(), now, length);
			size = length;
			return nothing;
		}
		case MEASURE:
			if (pair === undefined) throw new Error("nothing is set up");
			return new TextEncoder().encode(JSON.stringify(measureRecords(pair, now, size, 5, 20))).buffer as ArrayBuffer;
		case SEND:
			pair?.send();
			return nothing;
		case RECEIVE:
			pair?.receive();
			return nothing;
		case COLLECT:
			gc();
			return nothing;
		case NOTHING:
			return nothing;
		default:
			throw new RangeError("no such command");
	}
};
