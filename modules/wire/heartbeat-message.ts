// HeartbeatMessage (RFC 6520 section 4): a payload to be sent back, and random padding.

import type { Reader } from "../base/reader.js";

export const heartbeat_request = 1;
export const heartbeat_response = 2;

/** Type and length in front of the payload, padding behind it. */
export const HEARTBEAT_HEAD = 3;
export const HEARTBEAT_PADDING = 16;

/** A decoded message: a place in the record that stands. */
export class HeartbeatMessage {
	type = 0;
	payloadAt = 0;
	payloadEnd = 0;

	/** Reads the reader's place, a whole record; false if the payload with 16 bytes of padding is longer than it, or the type isn't known. */
	decode(reader: Reader): boolean {
		this.type = reader.u8();
		const length = reader.u16();
		this.payloadAt = reader.take(length);
		this.payloadEnd = reader.at;
		reader.take(HEARTBEAT_PADDING);
		return !reader.failed && (this.type === heartbeat_request || this.type === heartbeat_response);
	}
}
