// After the handshake in 1.2, the same flow in both roles: renegotiations (RFC 5246 7.4.1.1, RFC 5746). One that the peer
// wants is refused unless the settings allow it.
//
//        Server                                   Client
//        HelloRequest*          -------->
//                               <--------         ClientHello and what follows: client12, server12

import { CLIENT_HELLO_OF_OTHER_VERSION, HELLO_REQUEST_MALFORMED, NO_FAILURE, POST_HANDSHAKE_UNEXPECTED_12, RENEGOTIATION_INSISTED } from "../base/failure.js";
import { WAIT_INPUT, WAIT_OUTPUT } from "../base/status.js";
import { client_hello, hello_request } from "../wire/registry.js";
import { type Flow, handOver } from "./flow.js";
import { fail, type Handshake, readBody } from "./handshake.js";
import { abandonRenegotiation, canRenegotiate } from "./renegotiation.js";
import { startTranscript } from "./whole-transcript.js";

/** Where a connection stands while nothing but application data is on its way. */
export const IDLE = 0;
const SEND_HELLO_REQUEST = 1;

export const after12: Flow = Object.freeze({
	steps: Object.freeze([readPostHandshake12, sendHelloRequest12]),
	first: IDLE,
	atOnce: 1 << IDLE,
});

function readPostHandshake12(hs: Handshake): number {
	const { messages, settings, post } = hs;
	const { renegotiation } = post;
	if (post.closing && renegotiation.invited) abandonRenegotiation(hs); // nothing is repeated behind a close_notify
	if (renegotiation.asked) {
		// A second HelloRequest before the first is answered would be refused twice by who refuses it
		const begins = !post.closing && !renegotiation.invited;
		if (begins && settings.isServer) return SEND_HELLO_REQUEST;
		renegotiation.asked = false;
		if (begins) return beginRenegotiation(hs, settings.firstFlow);
	}
	if (!messages.peek()) return WAIT_INPUT;
	if (messages.type !== (settings.isServer ? client_hello : hello_request)) return fail(hs, POST_HANDSHAKE_UNEXPECTED_12);
	return settings.isServer ? acceptClientHello(hs) : acceptHelloRequest(hs);
}

/** Client: the server wants a new handshake. It isn't part of any transcript. */
function acceptHelloRequest(hs: Handshake): number {
	const { messages, settings, post } = hs;
	if (messages.bodyAt !== messages.bodyEnd) return fail(hs, HELLO_REQUEST_MALFORMED);
	messages.release(undefined);
	if (!settings.renegotiation || !canRenegotiate(hs) || post.closing) return refuseRenegotiation(hs);
	return beginRenegotiation(hs, settings.firstFlow);
}

/** Server: the client begins a new handshake, which can be one of 1.2 only. */
function acceptClientHello(hs: Handshake): number {
	const { messages, settings, hello, post } = hs;
	const { variant, flow12 } = settings;
	const allowed = settings.renegotiation || post.renegotiation.invited;
	if (!allowed || !canRenegotiate(hs) || post.closing || flow12 === undefined) {
		messages.release(undefined);
		return refuseRenegotiation(hs);
	}
	post.renegotiation.invited = false;
	const failure = hello.client.decode(readBody(hs), variant.helloCookie);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	if (!variant.reaches12(hello.client.legacyVersion)) return fail(hs, CLIENT_HELLO_OF_OTHER_VERSION);
	startTranscript(hs);
	return beginRenegotiation(hs, flow12);
}

/** Application data of ours waits until the new keys are there. */
function beginRenegotiation(hs: Handshake, flow: Flow): number {
	const { post, settings } = hs;
	post.sending = true;
	post.renegotiation.since = settings.clock.ticks();
	post.renegotiation.home = after12;
	return handOver(hs, flow, flow.first);
}

function refuseRenegotiation(hs: Handshake): number {
	const { renegotiation } = hs.post;
	renegotiation.refuse = true;
	return ++renegotiation.refusals > hs.settings.variant.refusals ? fail(hs, RENEGOTIATION_INSISTED) : IDLE;
}

/** RFC 5246 7.4.1.1. */
function sendHelloRequest12(hs: Handshake): number {
	const { messages, post } = hs;
	const { renegotiation } = post;
	if (post.closing) return IDLE; // nothing follows a close_notify
	if (!messages.room(0)) return WAIT_OUTPUT;
	messages.begin(hello_request);
	messages.end(undefined);
	messages.endFlight();
	renegotiation.asked = false;
	renegotiation.invited = true;
	return IDLE;
}
