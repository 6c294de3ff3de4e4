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
	const full = computeOf(client.full) + computeOf(server.full);
	assert.ok(computeOf(client.resumed) + computeOf(server.resumed) <= full / 15, "both ends together");
	assert.ok(computeOf(client.resumed) <= computeOf(client.full) / 15, "the client");
	assert.ok(computeOf(server.resumed) <= computeOf(server.full) / 11, "the server, whose full handshake checks no certificate");
});
