// SHA-1 (FIPS 180-4 6.1) for the identifiers of OCSP, which name issuers and responders by it (RFC 6960 4.1.1, 4.2.1):
// nothing is trusted because of such a hash, and a registry need not have SHA-1 for it.

/** Writes the 20 bytes of SHA-1 of [at, end) to out. */
export function sha1Id(bytes: Uint8Array, at: number, end: number, out: Uint8Array): void {
	const length = end - at;
	const blocks = ((length + 8) >> 6) + 1;
	const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
	const words: number[] = [];
	for (let block = 0; block < blocks; block++) {
		for (let i = 0; i < 16; i++) {
			let word = 0;
			for (let k = 0; k < 4; k++) {
				const place = (block << 6) + (i << 2) + k;
				word = (word << 8) | (place < length ? bytes[at + place] : place === length ? 0x80 : 0);
			}
			words[i] = word;
		}
		// the length in bits ends the last block; identifiers are far from 2^29 bytes long
		if (block === blocks - 1) words[15] = length << 3;
		compress(state, words);
	}
	for (let i = 0; i < 5; i++) for (let k = 0; k < 4; k++) out[4 * i + k] = state[i] >>> (24 - 8 * k);
}

function rotate(word: number, count: number): number {
	return (word << count) | (word >>> (32 - count));
}

/** One block: 80 rounds over 16 words. */
function compress(state: number[], words: number[]): void {
	let a = state[0];
	let b = state[1];
	let c = state[2];
	let d = state[3];
	let e = state[4];
	for (let i = 0; i < 80; i++) {
		if (i > 15) words[i & 15] = rotate(words[(i + 13) & 15] ^ words[(i + 8) & 15] ^ words[(i + 2) & 15] ^ words[i & 15], 1);
		let mixed: number;
		if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
		else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
		else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
		else mixed = (b ^ c ^ d) + 0xca62c1d6;
		const next = (rotate(a, 5) + mixed + e + words[i & 15]) | 0;
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] = (state[0] + a) | 0;
	state[1] = (state[1] + b) | 0;
	state[2] = (state[2] + c) | 0;
	state[3] = (state[3] + d) | 0;
	state[4] = (state[4] + e) | 0;
}
