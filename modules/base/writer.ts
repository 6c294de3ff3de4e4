// Writes the structures of RFC 8446 section 3 into a place of a buffer it doesn't own. Nothing throws: what
// doesn't fit sets `failed`, is not written, and is asked once, at the end of an encoder.

import { copy, NO_BYTES } from "./bytes.js";

/**
 * A cursor over [at, end) of bytes.
 *
 *     const writer = new Writer();
 *     writer.reset(memory, outAt, outEnd);
 *     writer.u16(0x0303);
 *     const mark = writer.open16();           // a vector with a 16-bit length
 *     writer.u16(x25519);
 *     writer.close16(mark);                   // writes the length where open16 left room for it
 *     if (writer.failed) return STORE_TOO_SMALL;
 */
export class Writer {
	at = 0;
	end = 0;
	bytes: Uint8Array = NO_BYTES;
	failed = false;

	reset(bytes: Uint8Array, at: number, end: number): void {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
		this.failed = false;
	}

	/** Passes over length bytes, to be filled later; answers where they begin. */
	take(length: number): number {
		const at = this.at;
		if (length > this.end - at) {
			this.failed = true;
			this.end = at; // so that everything after it fails too, and nothing is written out of place
			return at;
		}
		this.at = at + length;
		return at;
	}

	// The two that nearly all is written by do without take() and patch16(): a call costs XS as much as the rest
	u8(value: number): void {
		const at = this.at;
		if (at >= this.end) this.take(1);
		else {
			this.bytes[at] = value;
			this.at = at + 1;
		}
	}

	u16(value: number): void {
		const at = this.at;
		if (at + 2 > this.end) this.take(2);
		else {
			this.bytes[at] = value >> 8;
			this.bytes[at + 1] = value;
			this.at = at + 2;
		}
	}

	u24(value: number): void {
		const at = this.take(3);
		if (!this.failed) this.patch24(at, value);
	}

	u32(value: number): void {
		const at = this.take(4);
		if (this.failed) return;
		this.patch16(at, value >>> 16);
		this.patch16(at + 2, value);
	}

	/** Copies [at, end) of source. */
	copy(source: Uint8Array, at: number, end: number): void {
		if (at === end) return;
		const target = this.take(end - at);
		if (!this.failed) copy(this.bytes, target, source, at, end);
	}

	/** Writes a text of single-byte characters, without its length. */
	text(value: string): void {
		const { length } = value;
		const at = this.take(length);
		if (!this.failed) for (let i = 0; i < length; ++i) this.bytes[at + i] = value.charCodeAt(i);
	}

	/** Writes count bytes of one value. */
	fill(value: number, count: number): void {
		const at = this.take(count);
		if (!this.failed) this.bytes.fill(value, at, at + count);
	}

	/** Leaves room for a length and answers the mark for the close of the same width. */
	open8(): number {
		return this.take(1);
	}
	open16(): number {
		return this.take(2);
	}
	open24(): number {
		return this.take(3);
	}

	close8(mark: number): void {
		if (this.failed) return;
		const length = this.at - mark - 1;
		if (length > 255) this.failed = true;
		else this.bytes[mark] = length;
	}
	close16(mark: number): void {
		if (this.failed) return;
		const length = this.at - mark - 2;
		if (length > 65535) this.failed = true;
		else {
			this.bytes[mark] = length >> 8;
			this.bytes[mark + 1] = length;
		}
	}
	close24(mark: number): void {
		if (!this.failed) this.patch24(mark, this.at - mark - 3);
	}

	patch16(at: number, value: number): void {
		this.bytes[at] = value >> 8;
		this.bytes[at + 1] = value;
	}
	patch24(at: number, value: number): void {
		this.bytes[at] = value >> 16;
		this.bytes[at + 1] = value >> 8;
		this.bytes[at + 2] = value;
	}
}
