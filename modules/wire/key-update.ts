// KeyUpdate (RFC 8446 4.6.3): one byte.

import type { Reader } from "../base/reader.js";
import { update_requested } from "./registry.js";

/** update_not_requested, update_requested, or -1 if it is malformed. */
export function decodeKeyUpdate(reader: Reader): number {
	const request = reader.u8();
	return reader.finished() && request <= update_requested ? request : -1;
}
