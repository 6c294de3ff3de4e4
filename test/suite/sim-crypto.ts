// Portable cases: the simulated device's crypto against noble's and against published values. Runs on XS only, where
// the host answers.

import {
	nobleAes128Ccm,
	nobleAes128Ccm8,
	nobleAes128Gcm,
	nobleAes256Ccm,
	nobleAes256Ccm8,
	nobleAes256Gcm,
	nobleChaCha20Poly1305,
} from "polltls/crypto/noble/aeads";
import { nobleAes128Cbc, nobleAes256Cbc } from "polltls/crypto/noble/block-ciphers";
import { nobleSha1, nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import type { AeadAlgorithm, BlockCipherAlgorithm, HashAlgorithm } from "polltls/crypto/types";
import {
	hostAes128Cbc,
	hostAes128Ccm,
	hostAes128Ccm8,
	hostAes128Gcm,
	hostAes256Cbc,
	hostAes256Ccm,
	hostAes256Ccm8,
	hostAes256Gcm,
	hostChaCha20Poly1305,
	hostSha1,
	hostSha256,
	hostSha384,
	hostSha512,
} from "../../hosts/sim/crypto-host.js";

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function bytes(text: string): Uint8Array {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
function equal(actual: unknown, expected: unknown): void {
	if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}
function pattern(length: number, seed: number): Uint8Array {
	return Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 31 + (i >> 8)) & 255);
}

function hashCase(host: HashAlgorithm, noble: HashAlgorithm): void {
	equal(host.id, noble.id);
	equal(host.hashLength, noble.hashLength);
	equal(host.blockLength, noble.blockLength);
	const results: string[] = [];
	for (const algorithm of [host, noble]) {
		const out = new Uint8Array(3 + algorithm.hashLength);
		let result = "";
		for (const length of [0, 1, 63, 64, 129, 1000]) {
			const data = pattern(length, 1);
			const hash = algorithm.create();
			const empty = hash.fork();
			hash.update(data, 0, length >> 1);
			const half = hash.fork();
			hash.update(data, length >> 1, length);
			for (const running of [hash, half, empty]) {
				running.digest(out, 3);
				result += hex(out);
			}
			const hmac = algorithm.createHmac();
			for (const keyLength of [0, 20, 200]) {
				hmac.setKey(pattern(keyLength + 2, 2), 1, keyLength + 1);
				hmac.update(data, 0, length >> 1);
				hmac.update(data, length >> 1, length);
				hmac.digest(out, 3);
				result += hex(out);
				hmac.digest(out, 3); // an empty message under the same key
				result += hex(out);
			}
			hmac.wipe();
		}
		results.push(result);
	}
	equal(results[0], results[1]);
}

function aeadCase(host: AeadAlgorithm, noble: AeadAlgorithm): void {
	equal(host.id, noble.id);
	equal(host.keyLength, noble.keyLength);
	equal(host.tagLength, noble.tagLength);
	const nonce = pattern(12, 3);
	const additional = pattern(20, 4);
	const key = pattern(host.keyLength + 1, 5);
	const ours = host.create();
	const theirs = noble.create();
	ours.setKey(key, 1);
	theirs.setKey(key, 1);
	for (const length of [0, 1, 16, 100, 1500]) {
		const plain = pattern(length, 6);
		const end = 2 + length;
		const a = new Uint8Array(end + host.tagLength + 3);
		a.set(plain, 2);
		const b = a.slice();
		ours.seal(nonce, additional, 13, a, 2, end);
		theirs.seal(nonce, additional, 13, b, 2, end);
		equal(hex(a), hex(b));
		for (const at of [2, end + host.tagLength - 1]) {
			const tampered = a.slice();
			tampered[at] ^= 1;
			equal(ours.open(nonce, additional, 13, tampered, 2, end + host.tagLength), false);
		}
		equal(ours.open(nonce, additional, 12, a.slice(), 2, end + host.tagLength), false);
		equal(ours.open(nonce, additional, 13, a, 2, end + host.tagLength), true);
		equal(hex(a.subarray(2, end)), hex(plain));
	}
	const masks = [host, noble].map((algorithm) => {
		const mask = algorithm.createNumberMask();
		const out = new Uint8Array(5);
		mask.setKey(key, 1);
		mask.mask(pattern(20, 7), 2, out);
		return hex(out);
	});
	equal(masks[0], masks[1]);
}

function blockCipherCase(host: BlockCipherAlgorithm, noble: BlockCipherAlgorithm): void {
	equal(host.keyLength, noble.keyLength);
	const [ours, theirs] = [host.create(), noble.create()];
	const key = pattern(host.keyLength + 1, 8);
	ours.setKey(key, 1);
	theirs.setKey(key, 1);
	for (const length of [16, 64, 1024]) {
		const a = pattern(length + 2, 9);
		const b = a.slice();
		ours.encrypt(pattern(16, 10), a, 1, length + 1);
		theirs.encrypt(pattern(16, 10), b, 1, length + 1);
		equal(hex(a), hex(b));
		ours.decrypt(pattern(16, 10), a, 1, length + 1);
		equal(hex(a), hex(pattern(length + 2, 9)));
	}
}

export const cases: Record<string, () => void> = {
	"SHA-1": () => hashCase(hostSha1, nobleSha1),
	"SHA-256": () => hashCase(hostSha256, nobleSha256),
	"SHA-384": () => hashCase(hostSha384, nobleSha384),
	"SHA-512": () => hashCase(hostSha512, nobleSha512),
	"SHA-256 of abc (FIPS 180-4)"() {
		const hash = hostSha256.create();
		const out = new Uint8Array(32);
		hash.update(Uint8Array.of(97, 98, 99), 0, 3);
		hash.digest(out, 0);
		equal(hex(out), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	},
	"AES-128-GCM": () => aeadCase(hostAes128Gcm, nobleAes128Gcm),
	"AES-256-GCM": () => aeadCase(hostAes256Gcm, nobleAes256Gcm),
	"AES-128-CCM": () => aeadCase(hostAes128Ccm, nobleAes128Ccm),
	"AES-256-CCM": () => aeadCase(hostAes256Ccm, nobleAes256Ccm),
	"AES-128-CCM-8": () => aeadCase(hostAes128Ccm8, nobleAes128Ccm8),
	"AES-256-CCM-8": () => aeadCase(hostAes256Ccm8, nobleAes256Ccm8),
	"ChaCha20-Poly1305": () => aeadCase(hostChaCha20Poly1305, nobleChaCha20Poly1305),
	"AES-128-CBC": () => blockCipherCase(hostAes128Cbc, nobleAes128Cbc),
	"AES-256-CBC": () => blockCipherCase(hostAes256Cbc, nobleAes256Cbc),
	"record number masks (RFC 9001 A.2, A.5: the same function)"() {
		const out = new Uint8Array(5);
		const aes = hostAes128Gcm.createNumberMask();
		aes.setKey(bytes("9f50449e04a0e810283a1e9933adedd2"), 0);
		aes.mask(bytes("d1b1c98dd7689fb8ec11d242b123dc9b"), 0, out);
		equal(hex(out), "437b9aec36");
		const chacha = hostChaCha20Poly1305.createNumberMask();
		chacha.setKey(bytes("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4"), 0);
		chacha.mask(bytes("5e5cd55c41f69080575d7999c25a5bfb"), 0, out);
		equal(hex(out), "aefefe7d03");
	},
};
