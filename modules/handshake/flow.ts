// A flow: a frozen table of small steps, one a state. See DESIGN, section 3: a step looks, decides, acts and returns
// the next state, or why it waits; it never waits after its first act, so it may be run again from its first line.

import { HANDSHAKE_DONE, type Handshake } from "./handshake.js";

/** The next state (0 and up), or WAIT_INPUT, WAIT_OUTPUT, WAIT_WORK, WAIT_TIMER, FAILED. */
export type Step = (hs: Handshake) => number;

export interface Flow {
	/** By state. The function's name is the state's name in reports. */
	readonly steps: readonly Step[];
	/** Where the trunk hands over. */
	readonly first: number;
	/**
	 * States, as bits, that go in the same poll as the one before them: short sends that belong together, and reads of what
	 * can hardly stand yet, which come to nothing but that they wait. What is long, and what comes back to itself, has a poll
	 * of its own.
	 */
	readonly atOnce: number;
	/** What goes on when this flow is through. */
	readonly after?: Flow;
}

/** Runs one step, and those that follow it at once. */
export function runStep(hs: Handshake): number {
	for (;;) {
		const { state } = hs;
		const next = hs.flow.steps[state](hs);
		if (next < 0) return next;
		hs.state = next;
		if (next === state || !(hs.flow.atOnce & (1 << next))) return next;
	}
}

/** Goes on in another flow; what a step returns. */
export function handOver(hs: Handshake, flow: Flow, state: number): number {
	hs.flow = flow;
	return state;
}

/** The name of the state that a handshake is in. */
export function stateName(hs: Handshake): string {
	return hs.flow.steps[hs.state].name ?? String(hs.state); // functions have no names in a stripped image of the SDK
}

/** RFC 8446 5, D.4: a change_cipher_spec, at [at, end), of a single 1 in the clear while a handshake of 1.3 goes on means nothing. */
export function isCompatibility({ negotiated, settings, proofs, messages }: Handshake, at: number, end: number): boolean {
	if (negotiated.version !== settings.variant.version13 || proofs & HANDSHAKE_DONE) return false;
	return end - at === 1 && messages.memory[at] === 1;
}
