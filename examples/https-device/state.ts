// The device's state as JSON, for its page and for other machines. For main.ts.

import type { Board } from "./main.js";
import type { WebConnection } from "./web-connection.js";

/** What the program counts. */
export interface State {
	led: boolean;
	requests: number;
	refused: number;
	polls: number;
	/** Milliseconds. */
	longestPollMs: number;
	/** Ticks. */
	startedAt: number;
}

const SUITES: Readonly<Record<number, string>> = Object.freeze({
	4865: "TLS_AES_128_GCM_SHA256",
	4866: "TLS_AES_256_GCM_SHA384",
	4867: "TLS_CHACHA20_POLY1305_SHA256",
	4868: "TLS_AES_128_CCM_SHA256",
	4869: "TLS_AES_128_CCM_8_SHA256",
});
const GROUPS: Readonly<Record<number, string>> = Object.freeze({ 23: "secp256r1", 24: "secp384r1", 29: "x25519" });

/** JSON in ASCII; `connection` is the one that asks. */
export function describe(state: State, board: Board, now: number, connections: number, pool: number, connection?: WebConnection): string {
	const { led, requests, refused, polls, longestPollMs, startedAt } = state;
	const own: Record<string, unknown> = {};
	if (connection) {
		const { version, suite, group, polls, waits, handshakeMs, bytesIn, bytesOut } = connection.tls.report();
		own.version = `TLS 1.${(version & 255) - 1}`;
		own.suite = SUITES[suite] ?? `0x${suite.toString(16)}`;
		own.group = GROUPS[group] ?? `${group}`;
		own.connection = { polls, waits, handshakeMs: Math.round(handshakeMs * 10) / 10, bytesIn, bytesOut };
	}
	return JSON.stringify({
		...own,
		uptime: Math.floor((now - startedAt) / 1000),
		connections,
		pool,
		requests,
		refused,
		polls,
		longestPollMs: Math.round(longestPollMs * 100) / 100,
		heapUsed: board.heapUsed,
		heapPeak: board.heapPeak,
		heapSize: board.heapSize,
		led,
	});
}
