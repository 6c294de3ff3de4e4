// The XS half of ../xs-handshakes.ts: one end of a connection, turn by turn at the host's word, so that the engine's
// meters tell what a turn took.

import { NO_FAILURE } from "polltls/base/failure";
import { WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import { spent } from "../../../hosts/sim/host-call.js";
import { deviceRegistry } from "../../../hosts/sim/registry.js";
import { Party, type Setup, Side } from "./party.js";
import { COLLECT, KEEP, NOTHING, OPEN, SETUP, STATE, TOLD, TURN, TURN_HEAD } from "./xs-commands.js";

declare const performance: { now(): number };
declare const gc: () => void;
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** Microseconds without what the host did meanwhile. */
function now(): number {
	return (performance.now() - spent.milliseconds) * 1000;
}

/** Stands for a connection that has nothing to do: a turn of it is what the bench itself does in one, which is taken off each turn. */
const nobody = { networkIn: () => 0, poll: () => 0, networkOut: () => 0, wants: () => WANTS_WORK, failure: NO_FAILURE } as unknown as Connection;
const idle = new Side(nobody, new Uint8Array(0), now);

let party: Party | undefined;
let side: Side | undefined;
const nothing = new ArrayBuffer(0);

function open(resumed: boolean): ArrayBuffer {
	side = undefined;
	gc();
	side = party?.open(resumed);
	return nothing;
}

/** What the last turn was: bytes taken, microseconds before it. */
let taken = 0;
let before = 0;

/** One poll; what came of it is asked for by TOLD, so that the telling isn't measured with it. */
function turn(bytes: Uint8Array): ArrayBuffer {
	if (side === undefined) throw new Error("nothing is open");
	before = side.time;
	taken = side.turn(bytes, 1, bytes.length);
	return nothing;
}

/** Of the last turn: i16 how many bytes were taken, u8 settled, u8 resumed, f64 microseconds of it and of its poll, then bytes for the other. */
function told(): ArrayBuffer {
	if (side === undefined) throw new Error("nothing is open");
	const { out, outAt, outEnd } = side;
	side.outAt = outEnd;
	const answer = new Uint8Array(TURN_HEAD + outEnd - outAt);
	const view = new DataView(answer.buffer);
	view.setInt16(0, taken);
	view.setUint8(2, side.settled ? 1 : 0);
	view.setUint8(3, side.connection.negotiated.resumed ? 1 : 0);
	view.setFloat64(4, side.time - before);
	view.setFloat64(12, taken < 0 ? 0 : side.lastPoll);
	answer.set(out.subarray(outAt, outEnd), TURN_HEAD);
	return answer.buffer;
}

(globalThis as { handleCommand?: unknown }).handleCommand = (command: ArrayBuffer): ArrayBuffer => {
	const bytes = new Uint8Array(command);
	switch (bytes[0]) {
		case SETUP: {
			const { isServer, setup } = JSON.parse(new TextDecoder().decode(bytes.subarray(1))) as { isServer: boolean; setup: Setup };
			party = new Party(isServer, setup, deviceRegistry(), now);
			return nothing;
		}
		case OPEN:
			return open(bytes[1] === 1);
		case TURN:
			return turn(bytes);
		case TOLD:
			return told();
		case KEEP:
			if (side !== undefined) party?.keep(side);
			return nothing;
		case STATE:
			return new TextEncoder().encode(side?.connection.stateName ?? "").buffer as ArrayBuffer;
		case COLLECT:
			gc();
			return nothing;
		case NOTHING:
			idle.turn(bytes, 1, bytes.length);
			return nothing;
		default:
			throw new RangeError("no such command");
	}
};
