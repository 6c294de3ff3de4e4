// client_certificate_type and server_certificate_type (RFC 7250 section 3): what a Certificate message holds. The client
// lists types, the server answers with one.

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";

/** Types from here on are passed over: nothing here knows them, and they have no bit. */
const TYPES_KNOWN = 8;

/** The list of a ClientHello, first choice first. row: CLIENT_CERTIFICATE_TYPE or SERVER_CERTIFICATE_TYPE. */
export function encodeCertificateTypes(writer: Writer, row: number, types: readonly number[]): void {
	const mark = openExtension(writer, row);
	const list = writer.open8();
	for (const type of types) writer.u8(type);
	writer.close8(list);
	writer.close16(mark);
}

/** The one of a server's answer. */
export function encodeCertificateType(writer: Writer, row: number, type: number): void {
	const mark = openExtension(writer, row);
	writer.u8(type);
	writer.close16(mark);
}

/** A ClientHello's list as bits, 1 << type; -1 if it is malformed. Reads the reader's whole place. */
export function decodeCertificateTypes(reader: Reader): number {
	let types = 0;
	const mark = reader.open8();
	if (reader.at === reader.end) reader.failed = true;
	while (reader.more()) {
		const type = reader.u8();
		if (type < TYPES_KNOWN) types |= 1 << type;
	}
	reader.close(mark);
	return reader.finished() ? types : -1;
}

/** A server's answer, or -1 if it is malformed. Reads the reader's whole place. */
export function decodeCertificateType(reader: Reader): number {
	const type = reader.u8();
	return reader.finished() ? type : -1;
}
