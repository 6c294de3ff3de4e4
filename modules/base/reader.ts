// Reads the structures of RFC 8446 section 3 from a place in a buffer it doesn't own. Nothing throws: an error
// (a read past the end, a vector that doesn't close where it should) sticks in `failed` and is asked once, at the
// end of a decoder; until then reads answer 0. Fields are places: take() answers where they begin.

import { NO_BYTES } from "./bytes.js";

/**
 * A cursor over [at, end) of bytes.
 *
 *     const reader = new Reader();
 *     reader.reset(memory, bodyAt, bodyEnd);
 *     const version = reader.u16();
 *     const outer = reader.open16();          // a vector with a 16-bit length
 *     while (reader.more()) groups.push(reader.u16());
 *     reader.close(outer);                    // fails if the vector was not read to its end
 *     if (!reader.finished()) return MESSAGE_MALFORMED;
 */
export class Reader {
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

	/** Whether there is something left in the innermost open vector, and no error yet. */
	more(): boolean {
		return !this.failed && this.at < this.end;
	}

	/** Whether all of it was read without an error. */
	finished(): boolean {
		return !this.failed && this.at === this.end;
	}

	// The two that nearly all is read by do without take(): a call costs XS as much as the rest
	u8(): number {
		const at = this.at;
		if (at >= this.end) return this.short();
		this.at = at + 1;
		return this.failed ? 0 : this.bytes[at];
	}

	u16(): number {
		const at = this.at;
		if (at + 2 > this.end) return this.short();
		this.at = at + 2;
		return this.failed ? 0 : (this.bytes[at] << 8) | this.bytes[at + 1];
	}

	u24(): number {
		const at = this.take(3);
		return this.failed ? 0 : (this.bytes[at] << 16) | (this.bytes[at + 1] << 8) | this.bytes[at + 2];
	}

	u32(): number {
		const { at, bytes } = this;
		if (at + 4 > this.end) return this.short();
		this.at = at + 4;
		return this.failed ? 0 : ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
	}

	/** Passes over length bytes and answers where they begin. */
	take(length: number): number {
		const at = this.at;
		if (length > this.end - at) this.short();
		else this.at = at + length;
		return at;
	}

	/** Opens a vector whose length stands in 8 bits; answers the mark for close(). */
	open8(): number {
		return this.open(this.u8());
	}
	open16(): number {
		return this.open(this.u16());
	}
	open24(): number {
		return this.open(this.u24());
	}

	/** Opens a vector of a known length; answers the mark for close(). */
	open(length: number): number {
		const mark = this.end;
		if (length > mark - this.at) this.short();
		else this.end = this.at + length;
		return mark;
	}

	/** Closes the vector opened with this mark; what is left in it is an error. */
	close(mark: number): void {
		if (this.at !== this.end) this.failed = true;
		this.end = mark;
	}

	/** Closes the vector opened with this mark and passes over what is left in it. */
	skip(mark: number): void {
		this.at = this.end;
		this.end = mark;
	}

	/** There is less than is asked for: an error, and nothing is left. Answers 0. */
	private short(): number {
		this.failed = true;
		this.at = this.end;
		return 0;
	}
}
