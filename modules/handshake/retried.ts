// A ClientHello that was answered with a HelloRetryRequest before there was a connection: what the cookie brought back of
// it (RFC 8446 4.2.2), and how the handshake goes on from there.

import { Writer } from "../base/writer.js";
import { findSuite } from "../crypto/suites.js";
import { HelloRetryRequest } from "../wire/hello-retry-request.js";
import { server_hello } from "../wire/registry.js";
import type { Handshake } from "./handshake.js";

/** What is known of the first ClientHello. */
export interface Retried {
	/** The suite that the HelloRetryRequest named, and the group that it asked for a share of (0: none). */
	readonly suite: number;
	readonly group: number;
	/** The hash of the first ClientHello, by the suite's hash. */
	readonly helloHash: Uint8Array;
	/** The cookie as it was sent. */
	readonly cookie: Uint8Array;
}

/** The cookie, head and extensions of the longest HelloRetryRequest. */
const ROOM = 512;

/** The ClientHello that stands is the second: puts the transcript together that went before it. */
export function takeUpRetried(hs: Handshake, retried: Retried): void {
	const { hello, negotiated, transcript, settings, messages } = hs;
	const { variant, registry } = settings;
	const suite = findSuite(retried.suite);
	const hash = suite && registry.hash(suite.hash);
	if (hash === undefined) throw new Error("the cookie is none of ours");
	const request = new HelloRetryRequest();
	request.legacyVersion = variant.version12;
	request.version = variant.version13;
	request.suite = retried.suite;
	request.group = retried.group;
	request.cookie = retried.cookie;
	request.cookieEnd = retried.cookie.length;
	const writer = new Writer();
	writer.reset(new Uint8Array(ROOM), 0, ROOM);
	writer.u8(server_hello);
	const mark = writer.open24();
	const echoed = variant.echoesSessionId ? hello.client.sessionIdEnd - hello.client.sessionIdAt : 0;
	request.encode(writer, messages.memory.subarray(hello.client.sessionIdAt, hello.client.sessionIdEnd), echoed);
	writer.close24(mark);
	if (writer.failed) throw new Error("the cookie is longer than any of ours");
	transcript.select(hash);
	transcript.replaceBy(retried.helloHash);
	transcript.update(writer.bytes, 0, writer.at);
	negotiated.suite = suite;
	negotiated.helloRetry = true;
	hello.group = retried.group;
	hello.retry.groupAsked = retried.group !== 0;
}
