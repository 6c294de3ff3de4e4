// The sliding window against replayed records (RFC 9147 4.5.1, RFC 6347 4.1.2.6): the highest record number that was
// authentic, and which of the 64 up to it have been seen. Numbers of up to 48 bits in two halves, never a BigInt.

const HALF = 0x100000000;

/**
 * One epoch's window.
 *
 *     if (!window.isNew(high, low)) return drop();      // before or after opening the record
 *     window.mark(high, low);                           // only once it is authentic
 */
export class ReplayWindow {
	/** The highest number marked; low is -1 (and high 0) before the first. */
	high = 0;
	low = -1;
	/** Bit i of recent: highest - i was seen; bit i of older: highest - 32 - i. */
	recent = 0;
	older = 0;

	/** Whether nothing was marked yet. */
	get empty(): boolean {
		return this.low < 0;
	}

	/** The highest number marked, 0 if there is none. */
	get highest(): number {
		return this.empty ? 0 : this.high * HALF + this.low;
	}

	/** Goes on from a window that was saved. */
	resume(empty: boolean, highest: number, recent: number, older: number): void {
		if (empty) return;
		this.high = Math.floor(highest / HALF);
		this.low = highest % HALF;
		this.recent = recent;
		this.older = older;
	}

	/** Whether this number is above the window, or in it and not marked. */
	isNew(high: number, low: number): boolean {
		const below = (this.high - high) * HALF + this.low - low;
		if (below < 0) return true;
		if (below >= 64) return false;
		return below < 32 ? ((this.recent >>> below) & 1) === 0 : ((this.older >>> (below - 32)) & 1) === 0;
	}

	/** Notes that the record with this number, which isNew, was authentic. Answers whether it is the highest so far. */
	mark(high: number, low: number): boolean {
		const below = (this.high - high) * HALF + this.low - low;
		if (below >= 32) this.older |= 1 << (below - 32);
		else if (below >= 0) this.recent |= 1 << below;
		else {
			this.shift(-below);
			this.recent |= 1;
			this.high = high;
			this.low = low;
		}
		return below < 0;
	}

	/** The number closest to the one behind the highest whose last bits are these (RFC 9147 4.2.2): writes it to number. */
	reconstruct(wire: number, bits: 8 | 16, number: { high: number; low: number }): void {
		const size = 1 << bits;
		const expected = this.high * HALF + this.low + 1;
		let distance = wire - (expected % size);
		if (distance > size / 2) distance -= size;
		else if (distance < -size / 2) distance += size;
		let value = expected + distance;
		if (value < 0) value += size;
		number.high = Math.floor(value / HALF);
		number.low = value % HALF;
	}

	/** The window goes up by count. */
	private shift(count: number): void {
		if (count >= 64) this.recent = this.older = 0;
		else if (count >= 32) {
			this.older = this.recent << (count - 32);
			this.recent = 0;
		} else {
			this.older = (this.older << count) | (this.recent >>> (32 - count));
			this.recent <<= count;
		}
	}
}
