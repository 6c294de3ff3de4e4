// How a check of the host suite waits: for a condition, as a program that is called back does.

import type { HostUnderTest } from "../host-suite.js";

/** Milliseconds until something must have happened. */
const PATIENCE = 10000;

export function equal(actual: unknown, expected: unknown, what: string): void {
	if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

export function same(actual: Uint8Array, expected: Uint8Array, what: string): void {
	equal(actual.length, expected.length, `${what}: length`);
	for (let i = 0; i < actual.length; i++) equal(actual[i], expected[i], `${what}: byte ${i}`);
}

export function bytesFrom(length: number, seed: number): Uint8Array {
	return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) + seed) & 255);
}

/**
 * Goes on when `holds` answers true. It asks to be called at the limit only (or at what `due` answers): a host that doesn't
 * call when something has happened fails here.
 */
export function* until(
	{ device: { clock } }: HostUnderTest,
	what: string,
	holds: () => boolean,
	due?: () => number,
	patience = PATIENCE,
): Generator<number, void> {
	const limit = clock.ticks() + patience;
	while (!holds()) {
		if (clock.ticks() >= limit) throw new Error(`${what}: not within ${patience} ms`);
		yield Math.min(limit, due?.() ?? limit);
	}
}

/** Goes on when so many milliseconds have passed. */
export function* sleep({ device: { clock } }: HostUnderTest, milliseconds: number): Generator<number, void> {
	const end = clock.ticks() + milliseconds;
	while (clock.ticks() < end) yield end;
}
