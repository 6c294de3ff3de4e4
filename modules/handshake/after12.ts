// After the handshake in 1.2: a HelloRequest or a ClientHello of the peer, and renegotiations that the application asks
// for (RFC 5246 7.4.1.1, RFC 5746), the same flow in both roles.

import { HELLO_REQUEST_MALFORMED, POST_HANDSHAKE_UNEXPECTED_12 } from "../base/failure.js";
import { WAIT_INPUT } from "../base/status.js";
import { hello_request } from "../wire/registry.js";
import type { Flow } from "./flow.js";
import { fail, type Handshake } from "./handshake.js";

/** Where a connection stands while nothing but application data is on its way. */
export const IDLE = 0;

export const after12: Flow = Object.freeze({
	steps: Object.freeze([readPostHandshake12]),
	first: IDLE,
});

function readPostHandshake12(hs: Handshake): number {
	const { messages, settings } = hs;
	if (!messages.peek()) return WAIT_INPUT;
	if (messages.type === hello_request && !settings.isServer) {
		if (messages.bodyAt !== messages.bodyEnd) return fail(hs, HELLO_REQUEST_MALFORMED);
		messages.release(undefined);
		return IDLE;
	}
	return fail(hs, POST_HANDSHAKE_UNEXPECTED_12);
}
