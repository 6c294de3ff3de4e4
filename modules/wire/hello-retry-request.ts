// HelloRetryRequest (RFC 8446 4.1.4), which a server may have to write twice alike: once to send it, and, if it kept
// nothing of the client, once more for the transcript.

import { NO_BYTES } from "../base/bytes.js";
import type { Writer } from "../base/writer.js";
import { encodeCookie } from "./extensions/cookie.js";
import { encodeSelectedGroup } from "./extensions/key-share.js";
import { encodeSelectedVersion } from "./extensions/supported-versions.js";
import { encodeServerHelloHead, helloRetryRequestRandom } from "./server-hello.js";

/** What it says. */
export class HelloRetryRequest {
	legacyVersion = 0;
	version = 0;
	suite = 0;
	/** The group that a share is wanted of; 0: none is asked for. */
	group = 0;
	/** The cookie is [cookieAt, cookieEnd) of cookie; an empty one is left out. */
	cookie: Uint8Array = NO_BYTES;
	cookieAt = 0;
	cookieEnd = 0;

	/** Writes the body, with this session id. */
	encode(writer: Writer, sessionId: Uint8Array, sessionIdLength: number): void {
		encodeServerHelloHead(writer, this.legacyVersion, helloRetryRequestRandom as Uint8Array, sessionId, sessionIdLength, this.suite);
		const mark = writer.open16();
		encodeSelectedVersion(writer, this.version);
		if (this.group !== 0) encodeSelectedGroup(writer, this.group);
		if (this.cookieEnd > this.cookieAt) encodeCookie(writer, this.cookie, this.cookieAt, this.cookieEnd);
		writer.close16(mark);
	}
}
