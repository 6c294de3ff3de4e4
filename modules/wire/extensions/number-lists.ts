// supported_groups (RFC 8446 4.2.7, RFC 7919) and signature_algorithms (RFC 8446 4.2.3): a vector of 16-bit numbers each.

import type { Writer } from "../../base/writer.js";
import { encodeNumbers16 } from "../numbers.js";
import { openExtension } from "./block.js";

/** An extension that is one vector of 16-bit numbers: SUPPORTED_GROUPS, SIGNATURE_ALGORITHMS, SIGNATURE_ALGORITHMS_CERT. */
export function encodeNumbersExtension(writer: Writer, row: number, values: readonly number[]): void {
	const mark = openExtension(writer, row);
	const list = writer.open16();
	encodeNumbers16(writer, values);
	writer.close16(list);
	writer.close16(mark);
}
