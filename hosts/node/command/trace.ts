// What --trace tells of a connection.

import type { Connection } from "polltls/engine/connection";

/** A line on stderr for each state that the handshake enters. */
export function traceStates(session: { onPoll: ((connection: Connection) => void) | undefined }): void {
	const began = performance.now();
	let last = "";
	session.onPoll = (connection) => {
		const { stateName } = connection;
		if (stateName === last) return;
		last = stateName;
		process.stderr.write(`${(performance.now() - began).toFixed(1).padStart(8)} ms  poll ${String(connection.counters.polls).padStart(5)}  ${stateName}\n`);
	};
}
