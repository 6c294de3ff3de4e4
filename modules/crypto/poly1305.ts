// Poly1305 (RFC 8439 section 2.5) over the data of an AEAD (2.8), in BigInt: for providers that have ChaCha20 but no
// Poly1305. On XS BigInt is the fastest there is (limbs in numbers take ten times as long); the numbers it leaves to
// the garbage collector hold the record's key and can't be overwritten, as with all BigInt.

/** 2^130 - 5. */
const P = 0x3fffffffffffffffffffffffffffffffbn;
/** What r may hold (2.5: "clamped"). */
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
/** The bit above each 16-byte block. */
const ABOVE = 0x100000000000000000000000000000000n;
/** From this length on four blocks at once are faster (on XS, with the three products that they need). */
const FOUR_BLOCKS = 128;

/**
 * The tag of one message under a one-time key.
 *
 *     const poly1305 = new Poly1305();
 *     poly1305.mac(oneTimeKey, header, 5, record, 5, 5 + length, tag);
 */
export class Poly1305 {
	/** A block filled up with zeros, the lengths, the key's halves. */
	readonly #block = new Uint8Array(16);
	readonly #blockView = new DataView(this.#block.buffer);
	/** Kept while the caller's bytes stay in one buffer. */
	#view: DataView = this.#blockView;

	/**
	 * Writes to out, 16 bytes, the tag of additionalLength bytes of additional and of [at, end) of bytes, each filled up
	 * with zeros to whole blocks, and of their lengths. key is 32 bytes.
	 */
	mac(key: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number, out: Uint8Array): void {
		const r = this.#read(key, 0) & CLAMP;
		const s = this.#read(key, 16);
		let h = this.#blocks(0n, r, additional, 0, additionalLength);
		h = this.#blocks(h, r, bytes, at, end);
		const view = this.#blockView;
		writeLength(view, 0, additionalLength);
		writeLength(view, 8, end - at);
		h = (h + this.#little() + ABOVE) * r;
		h -= (h >> 130n) * P;
		h -= (h >> 130n) * P; // now h < 2^130 + 5
		h -= (h >> 130n) * P;
		h -= ((h + 5n) >> 130n) * P; // 1 times P if h >= P, without a branch
		h += s;
		view.setBigUint64(0, h, true); // takes it modulo 2^64
		view.setBigUint64(8, h >> 64n, true);
		const block = this.#block;
		for (let i = 0; i < 16; i++) out[i] = block[i];
		block.fill(0);
	}

	/** Overwrites what can be overwritten, and lets go of the caller's buffer. */
	wipe(): void {
		this.#block.fill(0);
		this.#view = this.#blockView;
	}

	/** h after the blocks of [at, end), the last filled up with zeros. */
	#blocks(before: bigint, r: bigint, bytes: Uint8Array, at: number, end: number): bigint {
		if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
		const view = this.#view;
		let h = before;
		let place = bytes.byteOffset + at;
		const rest = (end - at) & 15;
		const wholeEnd = bytes.byteOffset + end - rest;
		if (wholeEnd - place >= FOUR_BLOCKS) {
			let r2 = r * r;
			r2 -= (r2 >> 130n) * P;
			let r3 = r2 * r;
			r3 -= (r3 >> 130n) * P;
			let r4 = r2 * r2;
			r4 -= (r4 >> 130n) * P;
			const above = (r4 + r3 + r2 + r) * ABOVE;
			for (; wholeEnd - place >= 64; place += 64) {
				h =
					(h + view.getBigUint64(place, true) + (view.getBigUint64(place + 8, true) << 64n)) * r4 +
					(view.getBigUint64(place + 16, true) + (view.getBigUint64(place + 24, true) << 64n)) * r3 +
					(view.getBigUint64(place + 32, true) + (view.getBigUint64(place + 40, true) << 64n)) * r2 +
					(view.getBigUint64(place + 48, true) + (view.getBigUint64(place + 56, true) << 64n)) * r +
					above;
				h -= (h >> 130n) * P;
				h -= (h >> 130n) * P; // r4 may have more than 130 bits: once isn't enough to keep h from growing
			}
		}
		for (; place < wholeEnd; place += 16) {
			h = (h + view.getBigUint64(place, true) + (view.getBigUint64(place + 8, true) << 64n) + ABOVE) * r;
			h -= (h >> 130n) * P; // r has 124 bits: h stays below 2^131
		}
		if (rest > 0) {
			const block = this.#block;
			block.fill(0);
			for (let i = 0; i < rest; i++) block[i] = bytes[end - rest + i];
			h = (h + this.#little() + ABOVE) * r;
			h -= (h >> 130n) * P;
		}
		return h;
	}

	/** The 16 bytes at at as a little-endian number. */
	#read(bytes: Uint8Array, at: number): bigint {
		const block = this.#block;
		for (let i = 0; i < 16; i++) block[i] = bytes[at + i];
		return this.#little();
	}

	#little(): bigint {
		return this.#blockView.getBigUint64(0, true) + (this.#blockView.getBigUint64(8, true) << 64n);
	}
}

function writeLength(view: DataView, at: number, length: number): void {
	view.setUint32(at, length, true);
	view.setUint32(at + 4, 0, true);
}
