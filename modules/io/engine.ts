// The seam between a channel and what does the work below it: a connection of the engine (engine/connection), or hardware
// that does TLS itself (io/offload).

import type { Connection } from "../engine/connection.js";

/** What a channel needs of a connection; io/offload has another one. */
export interface Engine
	extends Pick<
		Connection,
		| "state"
		| "failure"
		| "cause"
		| "bytesNeeded"
		| "wakeAt"
		| "poll"
		| "wants"
		| "networkIn"
		| "networkOut"
		| "networkEnd"
		| "applicationIn"
		| "applicationOut"
		| "close"
		| "abort"
		| "peerClosed"
		| "silent"
		| "beat"
		| "session"
		| "renegotiate"
		| "renegotiating"
		| "renegotiations"
		| "verifyResult"
		| "verdict"
	> {
	readonly heartbeat: { readonly state: number } | undefined;
	readonly negotiated: { readonly resumed: boolean; readonly serverTime: number };
}
