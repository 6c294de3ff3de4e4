// ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2; with a cookie in the datagram form of RFC 6347 4.2.1).

import type { Failure } from "../base/failure.js";
import { CLIENT_HELLO_MALFORMED, COMPRESSION_OFFERED, NO_FAILURE } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { ExtensionBlock } from "./extensions/block.js";
import { IN_CLIENT_HELLO } from "./extensions/table.js";

/** A decoded ClientHello: places in the message's own bytes, good until the message is released. */
export class ClientHello {
	legacyVersion = 0;
	randomAt = 0;
	sessionIdAt = 0;
	sessionIdEnd = 0;
	/** Datagram form only. */
	cookieAt = 0;
	cookieEnd = 0;
	suitesAt = 0;
	suitesEnd = 0;
	readonly extensions: ExtensionBlock;

	/** The block is used for one message at a time, so messages may share it. */
	constructor(extensions = new ExtensionBlock()) {
		this.extensions = extensions;
	}

	/** Reads the reader's place, which must be the whole body. `cookie`: the datagram form. */
	decode(reader: Reader, cookie: boolean): Failure {
		const end = reader.end;
		this.legacyVersion = reader.u16();
		this.randomAt = reader.take(32);
		let mark = reader.open8();
		this.sessionIdAt = reader.take(reader.end - reader.at);
		this.sessionIdEnd = reader.at;
		if (this.sessionIdEnd - this.sessionIdAt > 32) reader.failed = true;
		reader.close(mark);
		this.cookieAt = this.cookieEnd = reader.at;
		if (cookie) {
			mark = reader.open8();
			this.cookieAt = reader.take(reader.end - reader.at);
			this.cookieEnd = reader.at;
			reader.close(mark);
		}
		mark = reader.open16();
		const suitesLength = reader.end - reader.at;
		if (suitesLength === 0 || suitesLength & 1) reader.failed = true;
		this.suitesAt = reader.take(suitesLength);
		this.suitesEnd = reader.at;
		reader.close(mark);
		const nullOffered = decodeCompression(reader);
		if (reader.failed) return CLIENT_HELLO_MALFORMED;
		if (!nullOffered) return COMPRESSION_OFFERED;
		this.extensions.present = 0;
		if (reader.at === end) return NO_FAILURE; // RFC 5246 7.4.1.2: a ClientHello without any extension block
		const failure = this.extensions.decode(reader, IN_CLIENT_HELLO, 0);
		return failure === NO_FAILURE && !reader.finished() ? CLIENT_HELLO_MALFORMED : failure;
	}
}

/** The compression methods: whether null is among them. */
function decodeCompression(reader: Reader): boolean {
	const mark = reader.open8();
	let nullOffered = false;
	while (reader.more()) if (reader.u8() === 0) nullOffered = true;
	reader.close(mark);
	return nullOffered;
}

/** What stands in front of the extensions; `cookie` is undefined in the stream form. */
export function encodeClientHelloHead(
	writer: Writer,
	legacyVersion: number,
	random: Uint8Array,
	sessionId: Uint8Array,
	sessionIdLength: number,
	cookie: Uint8Array | undefined,
): void {
	writer.u16(legacyVersion);
	writer.copy(random, 0, 32);
	writer.u8(sessionIdLength);
	writer.copy(sessionId, 0, sessionIdLength);
	if (cookie !== undefined) {
		writer.u8(cookie.length);
		writer.copy(cookie, 0, cookie.length);
	}
}

/** Behind the suites: null compression only. */
export function encodeCompression(writer: Writer): void {
	writer.u8(1);
	writer.u8(0);
}
