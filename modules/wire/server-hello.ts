// ServerHello and HelloRetryRequest, which is a ServerHello with a fixed random (RFC 8446 4.1.3, 4.1.4; RFC 5246 7.4.1.3).

import { equalPublic } from "../base/bytes.js";
import type { Failure } from "../base/failure.js";
import { COMPRESSION_CHOSEN, NO_FAILURE, SERVER_HELLO_MALFORMED, SERVER_HELLO_TOO_LONG } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { ExtensionBlock } from "./extensions/block.js";

/** SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3). */
export const helloRetryRequestRandom: Readonly<Uint8Array> = new Uint8Array([
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
	0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
]);

/** The last 8 bytes of the random of a server that knows 1.3 and was asked for less (RFC 8446 4.1.3): "DOWNGRD" and this. */
export const DOWNGRADE_TO_1_2 = 1;
export const DOWNGRADE_BELOW_1_2 = 0;
const downgrade: Readonly<Uint8Array> = new Uint8Array([0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44]);

/** A decoded ServerHello up to its extensions: places in the message's own bytes, good until the message is released. */
export class ServerHello {
	legacyVersion = 0;
	randomAt = 0;
	sessionIdAt = 0;
	sessionIdEnd = 0;
	suite = 0;
	/** Where the extension block begins: extensions.decode comes later, because what may stand in it depends on the version. */
	extensionsAt = 0;
	readonly extensions: ExtensionBlock;

	/** The block is used for one message at a time, so messages may share it. */
	constructor(extensions = new ExtensionBlock()) {
		this.extensions = extensions;
	}

	/** Reads the reader's place up to the extensions. */
	decode(reader: Reader): Failure {
		this.legacyVersion = reader.u16();
		this.randomAt = reader.take(32);
		const mark = reader.open8();
		this.sessionIdAt = reader.take(reader.end - reader.at);
		this.sessionIdEnd = reader.at;
		if (this.sessionIdEnd - this.sessionIdAt > 32) reader.failed = true;
		reader.close(mark);
		this.suite = reader.u16();
		const compression = reader.u8();
		this.extensionsAt = reader.at;
		this.extensions.present = 0;
		if (reader.failed) return SERVER_HELLO_MALFORMED;
		return compression === 0 ? NO_FAILURE : COMPRESSION_CHOSEN;
	}

	/** Reads the extension block, the rest of the message; there may be none (TLS 1.2). */
	decodeExtensions(reader: Reader, place: number, offered: number): Failure {
		reader.at = this.extensionsAt;
		if (reader.at === reader.end) return NO_FAILURE;
		const failure = this.extensions.decode(reader, place, offered);
		return failure === NO_FAILURE && !reader.finished() ? SERVER_HELLO_TOO_LONG : failure;
	}

	isHelloRetryRequest(bytes: Uint8Array): boolean {
		return equalPublic(bytes, this.randomAt, this.randomAt + 32, helloRetryRequestRandom as Uint8Array, 0, 32);
	}

	/** Whether its random says that the server knows a newer version than it chose. */
	isDowngrade(bytes: Uint8Array): boolean {
		const at = this.randomAt + 24;
		return equalPublic(bytes, at, at + 7, downgrade as Uint8Array, 0, 7) && bytes[at + 7] <= DOWNGRADE_TO_1_2;
	}
}

/** What stands in front of the extensions. */
export function encodeServerHelloHead(
	writer: Writer,
	version: number,
	random: Uint8Array,
	sessionId: Uint8Array,
	sessionIdLength: number,
	suite: number,
): void {
	writer.u16(version);
	writer.copy(random, 0, 32);
	writer.u8(sessionIdLength);
	writer.copy(sessionId, 0, sessionIdLength);
	writer.u16(suite);
	writer.u8(0);
}

/** Marks a random as that of a server that could do more (DOWNGRADE_TO_1_2 or DOWNGRADE_BELOW_1_2). */
export function markDowngrade(random: Uint8Array, to: number): void {
	random.set(downgrade, 24);
	random[31] = to;
}
