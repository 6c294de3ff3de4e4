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
 *     poly1305.key.set(oneTimeKey);
 *     poly1305.mac(header, 5, record, 5, 5 + length);
 *     equalConstantTime(poly1305.tag, 0, record, 5 + length, 16);
 */
export class Poly1305 {
	/** For the caller to fill: r and s, the one-time key (2.5), 32 bytes. */
	readonly key = new Uint8Array(32);
	/** After mac: 16 bytes. */
	readonly tag = new Uint8Array(16);
	readonly #keyView = new DataView(this.key.buffer);
	/** Also a block filled up with zeros, and the lengths. */
	readonly #tagView = new DataView(this.tag.buffer);
	/** Kept while the caller's bytes stay in one buffer. */
	#view: DataView = this.#tagView;

	/**
	 * Makes the tag of additionalLength bytes of additional and of [at, end) of bytes, each filled up with zeros to whole
	 * blocks, and of their lengths.
	 */
	mac(additional: Uint8Array, additionalLength: number, bytes: Uint8Array, at: number, end: number): void {
		const r = little(this.#keyView, 0) & CLAMP;
		let h = this.blocks(0n, r, additional, 0, additionalLength);
		h = this.blocks(h, r, bytes, at, end);
		const view = this.#tagView;
		writeLength(view, 0, additionalLength);
		writeLength(view, 8, end - at);
		h = (h + little(view, 0) + ABOVE) * r;
		h -= (h >> 130n) * P;
		h -= (h >> 130n) * P; // now below 2^130 + 5
		h -= (h >> 130n) * P;
		h -= ((h + 5n) >> 130n) * P; // once P if h >= P, without a branch
		h += little(this.#keyView, 16);
		view.setBigUint64(0, h, true); // takes it modulo 2^64
		view.setBigUint64(8, h >> 64n, true);
	}

	/** Overwrites what can be overwritten, and lets go of the caller's buffer. */
	wipe(): void {
		this.key.fill(0);
		this.tag.fill(0);
		this.#view = this.#tagView;
	}

	/** h after the blocks of [at, end), the last filled up with zeros. */
	private blocks(before: bigint, r: bigint, bytes: Uint8Array, at: number, end: number): bigint {
		let h = before;
		let place = bytes.byteOffset + at;
		const rest = (end - at) & 15;
		const wholeEnd = bytes.byteOffset + end - rest;
		if (wholeEnd > place && this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer);
		const view = this.#view;
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
			const block = this.tag;
			block.fill(0);
			for (let i = 0; i < rest; i++) block[i] = bytes[end - rest + i];
			h = (h + little(this.#tagView, 0) + ABOVE) * r;
			h -= (h >> 130n) * P;
		}
		return h;
	}
}

/** 16 bytes as a little-endian number. */
function little(view: DataView, at: number): bigint {
	return view.getBigUint64(at, true) + (view.getBigUint64(at + 8, true) << 64n);
}

function writeLength(view: DataView, at: number, length: number): void {
	view.setUint32(at, length, true);
	view.setUint32(at + 4, 0, true);
}
