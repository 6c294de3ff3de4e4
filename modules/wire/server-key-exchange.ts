// ServerKeyExchange of TLS 1.2: parameters of the key exchange, signed or not (RFC 5246 7.4.3, RFC 8422 5.4; with
// PSKs RFC 4279 2 and 3, RFC 5489 2).

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { named_curve } from "./registry.js";

// Which parameters stand in it
export const NO_PARAMETERS = 0;
export const EC_PARAMETERS = 1;
export const DH_PARAMETERS = 2;

/** A decoded ServerKeyExchange: places in the message's own bytes, good until the message is released. */
export class ServerKeyExchange {
	/** The parameters as a whole: what is signed behind the randoms. */
	parametersAt = 0;
	parametersEnd = 0;
	/** NamedGroup; 0 with DH_PARAMETERS. */
	group = 0;
	pAt = 0;
	pEnd = 0;
	gAt = 0;
	gEnd = 0;
	/** The server's share. */
	shareAt = 0;
	shareEnd = 0;
	scheme = 0;
	signatureAt = 0;
	signatureEnd = 0;

	/** Reads the reader's place, the whole body; false if it is malformed. hint: a psk_identity_hint stands in front. */
	decode(reader: Reader, parameters: number, hint: boolean, signed: boolean): boolean {
		if (hint) reader.skip(reader.open16());
		this.parametersAt = reader.at;
		this.group = 0;
		if (parameters === EC_PARAMETERS) this.decodeEc(reader);
		else if (parameters === DH_PARAMETERS) this.decodeDh(reader);
		this.parametersEnd = reader.at;
		if (signed) {
			this.scheme = reader.u16();
			const mark = reader.open16();
			this.signatureAt = reader.take(reader.end - reader.at);
			this.signatureEnd = reader.at;
			reader.close(mark);
		}
		return reader.finished();
	}

	/** ServerECDHParams; a named curve is the only form left (RFC 8422 5.4). */
	private decodeEc(reader: Reader): void {
		if (reader.u8() !== named_curve) reader.failed = true;
		this.group = reader.u16();
		const mark = reader.open8();
		this.takeShare(reader);
		reader.close(mark);
	}

	/** ServerDHParams: each 1 byte or more. */
	private decodeDh(reader: Reader): void {
		let mark = reader.open16();
		this.pAt = reader.take(reader.end - reader.at);
		this.pEnd = reader.at;
		reader.close(mark);
		mark = reader.open16();
		this.gAt = reader.take(reader.end - reader.at);
		this.gEnd = reader.at;
		reader.close(mark);
		mark = reader.open16();
		this.takeShare(reader);
		reader.close(mark);
		if (this.pAt === this.pEnd || this.gAt === this.gEnd) reader.failed = true;
	}

	private takeShare(reader: Reader): void {
		if (reader.at === reader.end) reader.failed = true;
		this.shareAt = reader.take(reader.end - reader.at);
		this.shareEnd = reader.at;
	}
}

/** Writes ServerECDHParams. */
export function encodeEcParameters(writer: Writer, group: number, share: Uint8Array, length: number): void {
	writer.u8(named_curve);
	writer.u16(group);
	writer.u8(length);
	writer.copy(share, 0, length);
}

/** Writes ServerDHParams. */
export function encodeDhParameters(writer: Writer, p: Uint8Array, g: Uint8Array, share: Uint8Array, length: number): void {
	writer.u16(p.length);
	writer.copy(p, 0, p.length);
	writer.u16(g.length);
	writer.copy(g, 0, g.length);
	writer.u16(length);
	writer.copy(share, 0, length);
}
