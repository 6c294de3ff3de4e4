// AES on the block function of @noble/ciphers: the modes that CCM, GCM and CBC are built of, in place and without a
// key expansion per record. For the noble provider (desktop and tests: noble's tables take 1.3 MB, and they are
// indexed by secret bytes).

import { unsafe } from "@noble/ciphers/aes.js";
import type { BlockModes } from "../block-modes.js";

const NO_KEY = new Uint32Array(0);

/** AES with a 16- or 32-byte key. */
export class NobleAesBlocks implements BlockModes {
	readonly #keyLength: number;
	readonly #counter = new Uint8Array(16);
	#schedule: Uint32Array = NO_KEY;
	// The state of a CBC-MAC
	#c0 = 0;
	#c1 = 0;
	#c2 = 0;
	#c3 = 0;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}

	setKey(key: Uint8Array, at: number): void {
		this.wipe();
		this.#schedule = unsafe.expandKeyLE(key.subarray(at, at + this.#keyLength));
	}

	encryptBlock(block: Uint8Array): void {
		const words = unsafe.encrypt(this.#schedule, word(block, 0), word(block, 4), word(block, 8), word(block, 12));
		writeWord(block, 0, words.s0);
		writeWord(block, 4, words.s1);
		writeWord(block, 8, words.s2);
		writeWord(block, 12, words.s3);
	}

	startChain(): void {
		this.#c0 = 0;
		this.#c1 = 0;
		this.#c2 = 0;
		this.#c3 = 0;
	}

	chain(bytes: Uint8Array, at: number, end: number): void {
		const schedule = this.#schedule;
		let s0 = this.#c0;
		let s1 = this.#c1;
		let s2 = this.#c2;
		let s3 = this.#c3;
		for (; at < end; at += 16) {
			({ s0, s1, s2, s3 } = unsafe.encrypt(schedule, s0 ^ word(bytes, at), s1 ^ word(bytes, at + 4), s2 ^ word(bytes, at + 8), s3 ^ word(bytes, at + 12)));
		}
		this.#c0 = s0;
		this.#c1 = s1;
		this.#c2 = s2;
		this.#c3 = s3;
	}

	endChain(out: Uint8Array): void {
		writeWord(out, 0, this.#c0);
		writeWord(out, 4, this.#c1);
		writeWord(out, 8, this.#c2);
		writeWord(out, 12, this.#c3);
	}

	startCounter(counter: Uint8Array): void {
		this.#counter.set(counter);
	}

	xor(bytes: Uint8Array, at: number, end: number): void {
		const schedule = this.#schedule;
		const counter = this.#counter;
		const c0 = word(counter, 0);
		const c1 = word(counter, 4);
		const c2 = word(counter, 8);
		let count = (counter[12] << 24) | (counter[13] << 16) | (counter[14] << 8) | counter[15];
		for (; at + 16 <= end; at += 16) {
			const words = unsafe.encrypt(schedule, c0, c1, c2, swapped(count));
			writeWord(bytes, at, words.s0 ^ word(bytes, at));
			writeWord(bytes, at + 4, words.s1 ^ word(bytes, at + 4));
			writeWord(bytes, at + 8, words.s2 ^ word(bytes, at + 8));
			writeWord(bytes, at + 12, words.s3 ^ word(bytes, at + 12));
			count = (count + 1) | 0;
		}
		writeWord(counter, 12, swapped(count));
		if (at < end) {
			this.encryptBlock(counter); // the last piece: the counter isn't needed any more
			for (let i = 0; at < end; i++, at++) bytes[at] ^= counter[i];
		}
	}

	wipe(): void {
		this.#schedule.fill(0);
		this.#schedule = NO_KEY;
		this.#counter.fill(0);
		this.startChain();
	}
}

/** AES in CBC mode, both directions, for block-ciphers.ts. */
export class NobleCbcBlocks {
	readonly #keyLength: number;
	#encryption: Uint32Array = NO_KEY;
	#decryption: Uint32Array = NO_KEY;

	constructor(keyLength: number) {
		this.#keyLength = keyLength;
	}

	setKey(key: Uint8Array, at: number): void {
		this.wipe();
		this.#encryption = unsafe.expandKeyLE(key.subarray(at, at + this.#keyLength));
		this.#decryption = unsafe.expandKeyDecLE(key.subarray(at, at + this.#keyLength));
	}

	encrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		const schedule = this.#encryption;
		let s0 = word(iv, 0);
		let s1 = word(iv, 4);
		let s2 = word(iv, 8);
		let s3 = word(iv, 12);
		for (; at < end; at += 16) {
			({ s0, s1, s2, s3 } = unsafe.encrypt(schedule, s0 ^ word(bytes, at), s1 ^ word(bytes, at + 4), s2 ^ word(bytes, at + 8), s3 ^ word(bytes, at + 12)));
			writeWord(bytes, at, s0);
			writeWord(bytes, at + 4, s1);
			writeWord(bytes, at + 8, s2);
			writeWord(bytes, at + 12, s3);
		}
	}

	decrypt(iv: Uint8Array, bytes: Uint8Array, at: number, end: number): void {
		const schedule = this.#decryption;
		let c0 = word(iv, 0);
		let c1 = word(iv, 4);
		let c2 = word(iv, 8);
		let c3 = word(iv, 12);
		for (; at < end; at += 16) {
			const d0 = word(bytes, at);
			const d1 = word(bytes, at + 4);
			const d2 = word(bytes, at + 8);
			const d3 = word(bytes, at + 12);
			const words = unsafe.decrypt(schedule, d0, d1, d2, d3);
			writeWord(bytes, at, words.s0 ^ c0);
			writeWord(bytes, at + 4, words.s1 ^ c1);
			writeWord(bytes, at + 8, words.s2 ^ c2);
			writeWord(bytes, at + 12, words.s3 ^ c3);
			c0 = d0;
			c1 = d1;
			c2 = d2;
			c3 = d3;
		}
	}

	wipe(): void {
		this.#encryption.fill(0);
		this.#decryption.fill(0);
		this.#encryption = NO_KEY;
		this.#decryption = NO_KEY;
	}
}

function word(bytes: Uint8Array, at: number): number {
	return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = value;
	bytes[at + 1] = value >> 8;
	bytes[at + 2] = value >> 16;
	bytes[at + 3] = value >> 24;
}

/** The same word with its bytes in the other order. */
function swapped(value: number): number {
	return ((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >> 8) & 0xff00) | (value >>> 24);
}
