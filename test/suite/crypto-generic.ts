// Portable cases for ChaCha20-Poly1305 of a provider that has ChaCha20 only: our Poly1305 over noble's stream.

import { chacha20 } from "@noble/ciphers/chacha.js";
import { ChaCha20Poly1305Aead, type ChaCha20Stream } from "polltls/crypto/chacha20-poly1305";
import { nobleChaCha20Poly1305 } from "polltls/crypto/noble/aeads";
import { Poly1305 } from "polltls/crypto/poly1305";
import { Registry } from "polltls/crypto/registry";
import { bytesOf, cryptoCases, hexOf } from "./crypto-cases.js";

class NobleStream implements ChaCha20Stream {
	#key = new Uint8Array(32);
	setKey(key: Uint8Array, at: number): void {
		this.#key = key.slice(at, at + 32);
	}
	xor(nonce: Uint8Array, block: number, bytes: Uint8Array, at: number, end: number): void {
		const place = bytes.subarray(at, end);
		chacha20(this.#key, nonce, place, place, block);
	}
	wipe(): void {
		this.#key.fill(0);
	}
}

export const registry = new Registry();
registry.registerBulk(0, { ...nobleChaCha20Poly1305, create: () => new ChaCha20Poly1305Aead(new NobleStream()) });

const P = 2n ** 130n - 5n;

/** Poly1305 as RFC 8439 2.5 defines it, of the AEAD's padded data. */
function plainPoly1305(key: Uint8Array, data: Uint8Array): string {
	const number = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
	const r = number(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
	let h = 0n;
	for (let at = 0; at < data.length; at += 16) h = ((h + number(data.subarray(at, at + 16)) + 2n ** 128n) * r) % P;
	h += number(key.subarray(16));
	let hex = "";
	for (let i = 0; i < 16; i++, h >>= 8n) hex += (h & 255n).toString(16).padStart(2, "0");
	return hex;
}

export const cases: Record<string, () => void> = {
	...cryptoCases(registry),
	"Poly1305 at its limits: the largest and the smallest keys and data"() {
		const poly1305 = new Poly1305();
		for (const half of [
			"00000000000000000000000000000000",
			"ffffffffffffffffffffffffffffffff",
			"02000000000000000000000000000000",
			"fbffffffffffffffffffffffffffffff",
		])
			for (const other of ["00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff"])
				for (const fill of [0, 0xfb, 0xff])
					for (const length of [0, 16, 112, 128, 144, 192, 208, 1024, 4096]) {
						const key = bytesOf(half + other);
						const data = new Uint8Array(length + 3).fill(fill, 3);
						const additional = new Uint8Array(16).fill(fill);
						const padded = new Uint8Array(16 + length + 16);
						padded.fill(fill, 0, 16 + length);
						new DataView(padded.buffer).setUint32(16 + length, 16, true);
						new DataView(padded.buffer).setUint32(16 + length + 8, length, true);
						poly1305.key.set(key);
						poly1305.mac(additional, 16, data, 3, 3 + length);
						const expected = plainPoly1305(key, padded);
						if (hexOf(poly1305.tag) !== expected) throw new Error(`${half} ${other} ${fill} ${length}: ${hexOf(poly1305.tag)}, not ${expected}`);
					}
	},
};
