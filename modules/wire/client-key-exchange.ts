// ClientKeyExchange of TLS 1.2: the client's share, or its secret encrypted to the server, and the identity of a PSK
// (RFC 5246 7.4.7, RFC 8422 5.7, RFC 4279 2 and 3, RFC 5489 2).

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";

// What stands in it beside the identity
export const NO_SHARE = 0;
/** A point with a length of 8 bits. */
export const EC_SHARE = 1;
/** A number, or an encrypted secret, with a length of 16 bits. */
export const LONG_SHARE = 2;

/** A decoded ClientKeyExchange: places in the message's own bytes, good until the message is released. */
export class ClientKeyExchange {
	identityAt = 0;
	identityEnd = 0;
	shareAt = 0;
	shareEnd = 0;

	/** Reads the reader's place, the whole body; false if it is malformed. */
	decode(reader: Reader, share: number, identity: boolean): boolean {
		this.identityAt = this.identityEnd = reader.at;
		if (identity) {
			const mark = reader.open16();
			this.identityAt = reader.take(reader.end - reader.at);
			this.identityEnd = reader.at;
			reader.close(mark);
		}
		if (share !== NO_SHARE) {
			const mark = share === EC_SHARE ? reader.open8() : reader.open16();
			if (reader.at === reader.end) reader.failed = true;
			this.shareAt = reader.take(reader.end - reader.at);
			this.shareEnd = reader.at;
			reader.close(mark);
		}
		return reader.finished();
	}
}

/** Writes the identity, the first field with PSKs. */
export function encodePskIdentity(writer: Writer, identity: Uint8Array): void {
	writer.u16(identity.length);
	writer.copy(identity, 0, identity.length);
}

/** Writes the share: EC_SHARE or LONG_SHARE. */
export function encodeClientKeyShare(writer: Writer, share: number, bytes: Uint8Array, length: number): void {
	if (share === EC_SHARE) writer.u8(length);
	else writer.u16(length);
	writer.copy(bytes, 0, length);
}
