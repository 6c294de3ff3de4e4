// Extensions that say all by being there: extended_master_secret (RFC 7627 5.1), encrypt_then_mac (RFC 7366 2), and the
// server's answers to server_name, session_ticket and status_request.

import type { Writer } from "../../base/writer.js";
import type { ExtensionBlock } from "./block.js";
import { extensionTypes } from "./table.js";

/** Writes it. */
export function encodeEmptyExtension(writer: Writer, row: number): void {
	writer.u16(extensionTypes[row]);
	writer.u16(0);
}

/** Whether all of these rows (as bits) that stand in the block are empty, as they must be. */
export function areEmpty(block: ExtensionBlock, rows: number): boolean {
	for (let left = rows & block.present; left !== 0; left &= left - 1) {
		const row = 31 - Math.clz32(left & -left);
		if (block.at[row] !== block.end[row]) return false;
	}
	return true;
}
