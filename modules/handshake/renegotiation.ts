// Another handshake on an open connection of 1.2 (RFC 5246 7.4.1.1, RFC 5746): what is known of it outside its flow. A part
// of handshake/handshake; for after12 and engine/connection.

import { NO_FAILURE } from "../base/failure.js";
import type { Flow } from "./flow.js";
import type { Handshake } from "./handshake.js";

/** What stands of renegotiations; see after12. */
export class Renegotiation {
	/** The application wants one. */
	asked = false;
	/** Server: the client was asked, so its ClientHello is welcome. */
	invited = false;
	/** The peer wants one and doesn't get it: the engine is to tell it so (no_renegotiation). */
	refuse = false;
	refusals = 0;
	/** When the one that goes on began, in ticks; NaN if there is none. */
	since = Number.NaN;
	/** Where the connection goes back to if the peer refuses. */
	home: Flow | undefined = undefined;
	/** What certificates are judged by in the one that is asked for or goes on, in seconds since 1970; -1: the device's clock. */
	seconds = -1;
	/** How many there were. */
	count = 0;

	/** It is over, in one way or another. */
	end(): void {
		this.since = Number.NaN;
		this.seconds = -1;
	}
}

/** Whether a later handshake would be bound to this connection: both know RFC 5746, and the secret is bound to its handshake (RFC 7627). */
export function canRenegotiate(hs: Handshake): boolean {
	const { state12, negotiated, settings, post } = hs;
	return state12?.binding.secure === true && negotiated.extendedMasterSecret && post.writeEpoch < settings.variant.handshakes;
}

/** The peer has refused (no_renegotiation): goes on as before; false if it was not asked. */
export function abandonRenegotiation(hs: Handshake): boolean {
	const { post, messages } = hs;
	const { renegotiation } = post;
	const { home } = renegotiation;
	if (renegotiation.invited) {
		renegotiation.invited = false;
		renegotiation.end();
		messages.abandoned();
		return true;
	}
	if (home === undefined || hs.flow !== hs.settings.firstFlow || hs.failure !== NO_FAILURE) return false;
	hs.flow = home;
	hs.state = home.first;
	post.sending = false;
	renegotiation.end();
	messages.abandoned();
	return true;
}

/** The peer has closed: one that was under way comes to nothing, and isn't waited for. */
export function stopRenegotiation({ post }: Handshake): void {
	if (Number.isNaN(post.renegotiation.since)) return;
	post.renegotiation.end();
	post.sending = false;
}
