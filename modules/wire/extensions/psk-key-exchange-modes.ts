// psk_key_exchange_modes (RFC 8446 4.2.9).

import type { Reader } from "../../base/reader.js";
import type { Writer } from "../../base/writer.js";
import { openExtension } from "./block.js";
import { PSK_KEY_EXCHANGE_MODES } from "./table.js";

export function encodePskKeyExchangeModes(writer: Writer, modes: readonly number[]): void {
	const mark = openExtension(writer, PSK_KEY_EXCHANGE_MODES);
	writer.u8(modes.length);
	for (const mode of modes) writer.u8(mode);
	writer.close16(mark);
}

/** The modes as bits (1 << mode), or -1 if it is malformed. Reads the reader's whole place. */
export function decodePskKeyExchangeModes(reader: Reader): number {
	const mark = reader.open8();
	let modes = 0;
	if (!reader.more()) reader.failed = true;
	while (reader.more()) {
		const mode = reader.u8();
		if (mode < 31) modes |= 1 << mode;
	}
	reader.close(mark);
	return reader.finished() ? modes : -1;
}
