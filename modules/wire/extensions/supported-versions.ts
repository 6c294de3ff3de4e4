// supported_versions (RFC 8446 4.2.1).

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { encodeNumbers16 } from "../numbers.js";
import { openExtension } from "./block.js";
import { SUPPORTED_VERSIONS } from "./table.js";

/** Client: all it can speak, first choice first. */
export function encodeSupportedVersions(writer: Writer, versions: readonly number[]): void {
	const mark = openExtension(writer, SUPPORTED_VERSIONS);
	const list = writer.open8();
	encodeNumbers16(writer, versions);
	writer.close8(list);
	writer.close16(mark);
}

/** Server: the one it chose. */
export function encodeSelectedVersion(writer: Writer, version: number): void {
	const mark = openExtension(writer, SUPPORTED_VERSIONS);
	writer.u16(version);
	writer.close16(mark);
}

/** Server: the first of ours that the client's list names, 0 if there is none, -1 if it is malformed. Reads the reader's whole place. */
export function chooseVersion(reader: Reader, ours: readonly number[]): number {
	const list = reader.open8();
	let best = ours.length;
	if (!reader.more()) reader.failed = true;
	while (reader.more()) {
		const index = ours.indexOf(reader.u16());
		if (index >= 0 && index < best) best = index;
	}
	reader.close(list);
	if (!reader.finished()) return -1;
	return best < ours.length ? ours[best] : 0;
}

/** Client: the version that the server chose, -1 if it is malformed. */
export function decodeSelectedVersion(reader: Reader): number {
	const version = reader.u16();
	return reader.finished() ? version : -1;
}
