// What a resumed handshake of 1.2 costs beside a full one, in the engine's units of work on XS: the same in each run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setupOf, TLS_1_2 } from "../../bench/setups.js";
import { profileOnXs, type StateFigures } from "../../bench/xs-handshakes.js";

function computeOf(states: readonly StateFigures[]): number {
	return states.reduce((sum, { compute }) => sum + compute, 0);
}

/** States that do arithmetic with keys: none of them is passed through in a resumed handshake. */
const ARITHMETIC = /share|sign|check|encrypt/i;

/** A poll of the protocol takes no longer than a slice of arithmetic. */
const LONGEST = 16_000;

test("a resumed handshake of 1.2 costs no public-key work and a fifteenth of a full one's at most", async (t) => {
	const setup = setupOf(TLS_1_2, "ec", "iot");
	const client = await profileOnXs(false, setup, 1);
	const server = await profileOnXs(true, setup, 1);
	const text = (["client", "server"] as const).map((side) => {
		const { full, resumed } = side === "client" ? client : server;
		return `${side} ${computeOf(resumed)} of ${computeOf(full)}: 1/${(computeOf(full) / computeOf(resumed)).toFixed(1)}`;
	});
	t.diagnostic(text.join("; "));
	for (const { resumed } of [client, server])
		assert.deepEqual(
			resumed.filter(({ state }) => ARITHMETIC.test(state) && state !== "startKeyShare").map(({ state }) => state),
			[],
		);
	assert.ok(client.full.some(({ state }) => ARITHMETIC.test(state)) && server.full.some(({ state }) => ARITHMETIC.test(state)));
	assert.ok(computeOf(client.resumed) <= computeOf(client.full) / 15, "the client");
	assert.ok(computeOf(server.resumed) <= computeOf(server.full) / 15, "the server, though its full handshake checks no certificate");
	for (const [end, { full, resumed }] of Object.entries({ client, server }))
		for (const { state, longestCompute } of [...full, ...resumed])
			if (!ARITHMETIC.test(state)) assert.ok(longestCompute < LONGEST, `${end}: a poll in ${state} takes ${longestCompute}`);
});
