// What every crypto provider must do, as portable cases over a registry: known values from RFCs and NIST, and the
// contracts of crypto/types (in place, fork, reuse, wrong tags). Each provider's suite calls cryptoCases().

import { Hkdf } from "polltls/crypto/hkdf";
import * as labels from "polltls/crypto/labels";
import { Prf } from "polltls/crypto/prf";
import type { Registry } from "polltls/crypto/registry";
import {
	AEAD_AES_128_CCM,
	AEAD_AES_128_CCM_8,
	AEAD_AES_128_GCM,
	AEAD_AES_256_CCM,
	AEAD_AES_256_CCM_8,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20_POLY1305,
	AES_128_CBC,
	AES_256_CBC,
	type AeadAlgorithm,
	sha1,
	sha256,
	sha384,
	sha512,
} from "polltls/crypto/types";
import { dtls, tls } from "polltls/handshake/variant";

const NONE = new Uint8Array(0);

export function bytesOf(hex: string): Uint8Array {
	const digits = hex.replace(/\s+/g, "");
	const bytes = new Uint8Array(digits.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}
export function hexOf(bytes: Uint8Array): string {
	let hex = "";
	for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
	return hex;
}
export function ascii(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}
function equal(actual: unknown, expected: unknown, what = ""): void {
	if (actual !== expected) throw new Error(`${what} expected ${String(expected)}, got ${String(actual)}`);
}
function throwsRangeError(call: () => void): void {
	try {
		call();
	} catch (error) {
		if (error instanceof RangeError) return;
		throw error;
	}
	throw new Error("didn't throw");
}
/** Without spread: a device's stack is small. */
function joined(...parts: Uint8Array[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}
function counted(length: number, first = 0): Uint8Array {
	return Uint8Array.from({ length }, (_, i) => first + i);
}

/** What a provider doesn't have, by number: its suite says so, and the rest is checked. */
export function cryptoCases(registry: Registry): Record<string, () => void> {
	const cases: Record<string, () => void> = {};
	for (const id of [sha1, sha256, sha384, sha512]) if (registry.hash(id)) addHashCases(cases, registry, id);
	for (const bulk of registry.bulks) if ("tagLength" in bulk) addAeadCases(cases, bulk);
	for (const id of [AES_128_CBC, AES_256_CBC]) if (registry.blockCipher(id)) addCbcCases(cases, registry, id);
	addMaskCases(cases, registry);
	addDerivationCases(cases, registry);
	return cases;
}

/** Digests of "abc" (FIPS 180-4 examples) and RFC 2202 / RFC 4231 HMAC cases 2 and 6 (for SHA-1: 2 and 6 of RFC 2202). */
const HASH_VALUES: Record<number, { abc: string; jefe: string; longKey: string }> = {
	[sha1]: {
		abc: "a9993e364706816aba3e25717850c26c9cd0d89d",
		jefe: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		longKey: "aa4ae5e15272d00e95705637ce8a3b55ed402112",
	},
	[sha256]: {
		abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		jefe: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		longKey: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	},
	[sha384]: {
		abc: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		jefe: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
		longKey: "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
	},
	[sha512]: {
		abc: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		jefe: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
		longKey: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
	},
};

function addHashCases(cases: Record<string, () => void>, registry: Registry, id: number): void {
	const algorithm = registry.hash(id)!;
	const length = algorithm.hashLength;
	const values = HASH_VALUES[id];
	const digestOf = (message: Uint8Array): string => {
		const hash = algorithm.create();
		hash.update(message, 0, message.length);
		const out = new Uint8Array(length);
		hash.digest(out, 0);
		return hexOf(out);
	};
	cases[`hash ${id}: digest of abc, read and written at a place`] = () => {
		const hash = algorithm.create();
		hash.update(ascii("xabcy"), 1, 4);
		const out = new Uint8Array(length + 4).fill(0xee);
		hash.digest(out, 2);
		equal(hexOf(out), `eeee${values.abc}eeee`);
	};
	cases[`hash ${id}: the same in pieces of any size, around the block's edges`] = () => {
		const message = counted(3 * algorithm.blockLength, 7);
		for (let size = 1; size <= message.length; size += size < 20 ? 1 : 13) {
			const hash = algorithm.create();
			for (let at = 0; at < size; at += 17) hash.update(message, at, Math.min(at + 17, size));
			hash.update(message, 0, 0);
			const out = new Uint8Array(length);
			hash.digest(out, 0);
			equal(hexOf(out), digestOf(message.slice(0, size)), `${size} bytes:`);
		}
	};
	cases[`hash ${id}: a fork goes its own way`] = () => {
		const hash = algorithm.create();
		hash.update(ascii("ab"), 0, 2);
		const fork = hash.fork();
		const second = fork.fork();
		hash.update(ascii("c"), 0, 1);
		fork.update(ascii("d"), 0, 1);
		const out = new Uint8Array(length);
		hash.digest(out, 0);
		equal(hexOf(out), values.abc);
		second.update(ascii("c"), 0, 1);
		second.digest(out, 0);
		equal(hexOf(out), values.abc);
		fork.digest(out, 0);
		equal(hexOf(out), digestOf(ascii("abd")));
	};
	cases[`hash ${id}: HMAC of RFC 2202 and 4231, one object for many messages and keys`] = () => {
		const hmac = algorithm.createHmac();
		const out = new Uint8Array(length + 1);
		const longKey = new Uint8Array(id === sha1 ? 82 : 133).fill(0xaa);
		const longMessage = ascii("Test Using Larger Than Block-Size Key - Hash Key First");
		const message = ascii("what do ya want for nothing?");
		for (let round = 0; round < 2; round++) {
			hmac.setKey(ascii("Jefe"), 0, 4);
			for (let again = 0; again < 2; again++) {
				hmac.update(message, 0, 5);
				hmac.update(message, 5, message.length);
				hmac.digest(out, 1);
				equal(hexOf(out), `00${values.jefe}`);
			}
			hmac.update(message, 0, 9); // an unfinished message is forgotten with its key
			hmac.setKey(longKey, 1, longKey.length - 1);
			hmac.update(longMessage, 0, longMessage.length);
			hmac.digest(out, 1);
			equal(hexOf(out), `00${values.longKey}`);
			hmac.wipe();
		}
	};
	cases[`hash ${id}: HMAC with keys around the block's length is HMAC of its definition`] = () => {
		const block = algorithm.blockLength;
		const hmac = algorithm.createHmac();
		const message = ascii("message");
		for (const keyLength of [0, 1, length, block - 1, block, block + 1, 2 * block]) {
			const key = counted(keyLength, 3);
			hmac.setKey(key, 0, keyLength);
			hmac.update(message, 0, message.length);
			const out = new Uint8Array(length);
			hmac.digest(out, 0);
			const padded = new Uint8Array(block);
			padded.set(keyLength > block ? bytesOf(digestOf(key)) : key);
			const inner = digestOf(
				joined(
					padded.map((byte) => byte ^ 0x36),
					message,
				),
			);
			equal(
				hexOf(out),
				digestOf(
					joined(
						padded.map((byte) => byte ^ 0x5c),
						bytesOf(inner),
					),
				),
				`${keyLength} bytes:`,
			);
		}
	};
}

interface AeadValue {
	key: string;
	nonce: string;
	additional: string;
	text: string;
	/** Ciphertext and tag. */
	sealed: string;
}

/** GCM: cases 4 and 16 of the GCM specification. CCM_8: SP 800-38C example 3 (RFC 3610's have 13-byte nonces). ChaCha20: RFC 8439 2.8.2. */
const AEAD_VALUES: Record<number, AeadValue> = {
	[AEAD_AES_128_GCM]: {
		key: "feffe9928665731c6d6a8f9467308308",
		nonce: "cafebabefacedbaddecaf888",
		additional: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
		text: `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
			1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`,
		sealed: `42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e
			21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091 5bc94fbc3221a5db94fae95ae7121a47`,
	},
	[AEAD_AES_256_GCM]: {
		key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
		nonce: "cafebabefacedbaddecaf888",
		additional: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
		text: `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
			1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`,
		sealed: `522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
			8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b`,
	},
	[AEAD_AES_128_CCM_8]: {
		key: "404142434445464748494a4b4c4d4e4f",
		nonce: "101112131415161718191a1b",
		additional: "000102030405060708090a0b0c0d0e0f10111213",
		text: "202122232425262728292a2b2c2d2e2f3031323334353637",
		sealed: "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5 484392fbc1b09951",
	},
	[AEAD_CHACHA20_POLY1305]: {
		key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
		nonce: "070000004041424344454647",
		additional: "50515253c0c1c2c3c4c5c6c7",
		text: `4c616469657320616e642047656e746c656d656e206f662074686520636c6173
			73206f66202739393a204966204920636f756c64206f6666657220796f75206f
			6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73
			637265656e20776f756c642062652069742e`,
		sealed: `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
			3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
			92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
			3ff4def08e4b7a9de576d26586cec64b6116 1ae10b594f09e26a7e902ecbd0600691`,
	},
};

function addAeadCases(cases: Record<string, () => void>, algorithm: AeadAlgorithm): void {
	const { id, keyLength, tagLength } = algorithm;
	const value = AEAD_VALUES[id];
	if (value) {
		cases[`aead ${id}: known value, sealed and opened at a place`] = () => {
			const text = bytesOf(value.text);
			const additional = bytesOf(value.additional);
			const aead = algorithm.create();
			aead.setKey(bytesOf(`aa${value.key}`), 1);
			const memory = new Uint8Array(3 + text.length + tagLength + 3).fill(0xee);
			const end = 3 + text.length;
			memory.set(text, 3);
			aead.seal(bytesOf(value.nonce), additional, additional.length, memory, 3, end);
			equal(hexOf(memory), `eeeeee${hexOf(bytesOf(value.sealed))}eeeeee`);
			equal(aead.open(bytesOf(value.nonce), additional, additional.length, memory, 3, end + tagLength), true);
			equal(hexOf(memory.slice(3, end)), hexOf(text));
			equal(hexOf(memory.slice(end + tagLength)), "eeeeee");
			aead.wipe();
		};
	}
	cases[`aead ${id}: any length, any place, additional data of any length`] = () => {
		const aead = algorithm.create();
		const other = algorithm.create();
		const key = counted(keyLength, 5);
		aead.setKey(key, 0);
		other.setKey(key, 0);
		const nonce = counted(12, 9);
		for (let length = 0; length < 70; length += length < 34 ? 1 : 15)
			for (const additionalLength of [0, 5, 13, 14, 15, 31]) {
				const at = (length + additionalLength) % 5;
				const text = counted(length, additionalLength);
				const memory = new Uint8Array(at + length + tagLength + 1);
				memory.set(text, at);
				const additional = counted(40, length);
				nonce[11] = length + additionalLength;
				aead.seal(nonce, additional, additionalLength, memory, at, at + length);
				if (length > 8) equal(hexOf(memory.subarray(at, at + length)) === hexOf(text), false);
				equal(
					other.open(nonce, additional.slice(0, additionalLength), additionalLength, memory, at, at + length + tagLength),
					true,
					`${length}/${additionalLength}:`,
				);
				equal(hexOf(memory.subarray(at, at + length)), hexOf(text), `${length}/${additionalLength}:`);
			}
	};
	cases[`aead ${id}: anything changed is refused, and the next record opens`] = () => {
		const aead = algorithm.create();
		const key = counted(keyLength, 1);
		aead.setKey(key, 0);
		const nonce = counted(12);
		const additional = counted(13);
		const sealed = counted(21 + tagLength);
		aead.seal(nonce, additional, 13, sealed, 0, 21);
		const opens = (nonce: Uint8Array, additional: Uint8Array, additionalLength: number, bytes: Uint8Array): boolean =>
			aead.open(nonce, additional, additionalLength, bytes.slice(), 0, bytes.length);
		for (let i = 0; i < sealed.length; i++) {
			const changed = sealed.slice();
			changed[i] ^= 1 << (i & 7);
			equal(opens(nonce, additional, 13, changed), false, `byte ${i}:`);
		}
		for (let i = 0; i < 13; i++)
			equal(
				opens(
					nonce,
					additional.map((byte, at) => (at === i ? byte ^ 0x80 : byte)),
					13,
					sealed,
				),
				false,
			);
		for (let i = 0; i < 12; i++)
			equal(
				opens(
					nonce.map((byte, at) => (at === i ? byte ^ 1 : byte)),
					additional,
					13,
					sealed,
				),
				false,
			);
		equal(opens(nonce, additional, 12, sealed), false);
		equal(opens(nonce, additional, 13, sealed.slice(0, -1)), false);
		equal(opens(nonce, additional, 13, sealed.slice(0, tagLength)), false);
		for (let length = 0; length < tagLength; length++) equal(opens(nonce, additional, 13, sealed.slice(0, length)), false, "no tag:");
		equal(opens(nonce, additional, 13, sealed), true);
		key[keyLength - 1] ^= 1;
		aead.setKey(key, 0);
		equal(opens(nonce, additional, 13, sealed), false, "other key:");
	};
	cases[`aead ${id}: a whole record of 16 KB, and wiped it forgets its key`] = () => {
		const aead = algorithm.create();
		const key = counted(keyLength, 1);
		aead.setKey(key, 0);
		const nonce = counted(12);
		const memory = new Uint8Array(5 + 16384 + tagLength);
		for (let i = 0; i < 16384; i++) memory[5 + i] = i * 7;
		aead.seal(nonce, memory, 5, memory, 5, 5 + 16384);
		const sealed = memory.slice();
		equal(aead.open(nonce, memory, 5, memory, 5, memory.length), true);
		for (let i = 0; i < 16384; i++) equal(memory[5 + i], (i * 7) & 255);
		aead.wipe();
		let opened = false;
		try {
			opened = aead.open(nonce, sealed, 5, sealed.slice(), 5, sealed.length);
		} catch {} // a provider may refuse to work without a key
		equal(opened, false);
		aead.setKey(key, 0);
		equal(aead.open(nonce, sealed, 5, sealed, 5, sealed.length), true);
	};
}

/** SP 800-38A F.2.1 and F.2.5. */
const CBC_VALUES: Record<number, { key: string; sealed: string }> = {
	[AES_128_CBC]: {
		key: "2b7e151628aed2a6abf7158809cf4f3c",
		sealed: "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
	},
	[AES_256_CBC]: {
		key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
		sealed: "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
	},
};

function addCbcCases(cases: Record<string, () => void>, registry: Registry, id: number): void {
	cases[`block cipher ${id}: CBC of SP 800-38A in place, again and again`] = () => {
		const cipher = registry.blockCipher(id)!.create();
		const text = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
		const iv = counted(16);
		cipher.setKey(bytesOf(`00${CBC_VALUES[id].key}`), 1);
		for (const at of [0, 5]) {
			const memory = new Uint8Array(at + 64 + 2).fill(0xee);
			memory.set(bytesOf(text), at);
			cipher.encrypt(iv, memory, at, at + 64);
			equal(hexOf(memory.slice(at)), `${CBC_VALUES[id].sealed}eeee`);
			cipher.decrypt(iv, memory, at, at + 64);
			equal(hexOf(memory.slice(at)), `${text}eeee`);
			cipher.encrypt(iv, memory, at, at + 16);
			equal(hexOf(memory.slice(at, at + 32)), CBC_VALUES[id].sealed.slice(0, 32) + text.slice(32, 64));
			cipher.decrypt(iv, memory, at, at);
			equal(hexOf(iv), hexOf(counted(16)), "iv:");
		}
		cipher.wipe();
	};
}

/** The masks of RFC 9001 A.2 and A.5: header protection there is RFC 9147's 4.2.3. */
const MASK_VALUES: Record<number, { key: string; sample: string; mask: string }> = {
	[AEAD_AES_128_GCM]: { key: "9f50449e04a0e810283a1e9933adedd2", sample: "d1b1c98dd7689fb8ec11d242b123dc9b", mask: "437b9aec36" },
	[AEAD_CHACHA20_POLY1305]: {
		key: "25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4",
		sample: "5e5cd55c41f69080575d7999c25a5bfb",
		mask: "aefefe7d03",
	},
};

function addMaskCases(cases: Record<string, () => void>, registry: Registry): void {
	for (const id of [AEAD_AES_128_GCM, AEAD_CHACHA20_POLY1305]) {
		const algorithm = registry.aead(id);
		if (!algorithm) continue;
		cases[`aead ${id}: mask of record numbers (RFC 9001 A)`] = () => {
			const { key, sample, mask } = MASK_VALUES[id];
			const numberMask = algorithm.createNumberMask();
			numberMask.setKey(bytesOf(`00${key}`), 1);
			const out = new Uint8Array(8);
			for (let i = 0; i < 3; i++) {
				numberMask.mask(bytesOf(`0102${sample}03`), 2, out);
				equal(hexOf(out.subarray(0, 5)), mask);
			}
			numberMask.wipe();
		};
	}
	cases["masks of one cipher are the same for all its modes"] = () => {
		const sample = counted(16, 0x80);
		for (const group of [
			[AEAD_AES_128_GCM, AEAD_AES_128_CCM, AEAD_AES_128_CCM_8],
			[AEAD_AES_256_GCM, AEAD_AES_256_CCM, AEAD_AES_256_CCM_8],
		]) {
			const masks: string[] = [];
			for (const id of group) {
				const algorithm = registry.aead(id);
				if (!algorithm) continue;
				const mask = algorithm.createNumberMask();
				mask.setKey(counted(algorithm.keyLength), 0);
				const out = new Uint8Array(8);
				mask.mask(sample, 0, out);
				masks.push(hexOf(out.subarray(0, 5)));
			}
			for (const mask of masks) equal(mask, masks[0]);
		}
	};
	const chacha = registry.aead(AEAD_CHACHA20_POLY1305);
	if (chacha) {
		cases["ChaCha20's mask takes any sample, the largest counter too"] = () => {
			const mask = chacha.createNumberMask();
			mask.setKey(new Uint8Array(32), 0);
			const out = new Uint8Array(5);
			mask.mask(bytesOf("ffffffff000000000000000000000000"), 0, out);
			equal(hexOf(out), CHACHA20_LAST_BLOCK);
		};
	}
}

/** The first bytes of ChaCha20 with a key and nonce of zeros and the counter 2^32 - 1. */
const CHACHA20_LAST_BLOCK = "ace4cd09e2";

function addDerivationCases(cases: Record<string, () => void>, registry: Registry): void {
	const hash = registry.hash(sha256);
	const larger = registry.hash(sha384);
	if (hash) {
		cases["HKDF of RFC 5869, cases 1 to 3"] = () => {
			const hkdf = new Hkdf(hash, tls.labelPrefix);
			const prk = new Uint8Array(32);
			const okm = new Uint8Array(82);
			hkdf.extract(counted(13), 13, new Uint8Array(22).fill(0x0b), 22, prk);
			equal(hexOf(prk), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
			hkdf.expand(prk, counted(10, 0xf0), 10, okm, 0, 42);
			equal(hexOf(okm.subarray(0, 43)), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718586500");
			hkdf.extract(counted(80, 0x60), 80, counted(80), 80, prk);
			hkdf.expand(prk, counted(80, 0xb0), 80, okm, 0, 82);
			equal(
				hexOf(okm),
				"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
			);
			hkdf.extract(NONE, 0, new Uint8Array(22).fill(0x0b), 22, prk);
			hkdf.expand(prk, NONE, 0, okm, 1, 42);
			equal(hexOf(okm.subarray(1, 43)), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
			hkdf.wipe();
		};
		cases["the labels of key derivation, as bytes, say what they should"] = () => {
			equal(Object.keys(labels).sort().join(), Object.keys(labelTexts).sort().join());
			for (const [name, bytes] of Object.entries(labels)) equal(hexOf(bytes as Uint8Array), hexOf(ascii(labelTexts[name])), `${name}:`);
			equal(hexOf(tls.labelPrefix as Uint8Array), hexOf(ascii("tls13 ")));
			equal(hexOf(dtls.labelPrefix as Uint8Array), hexOf(ascii("dtls13")));
		};
		cases["the key schedule of RFC 8448 section 3"] = () => checkKeySchedule(new Hkdf(hash, tls.labelPrefix));
		cases["HKDF-Expand-Label: label prefix, long labels, long contexts, many blocks"] = () => {
			const secret = counted(32);
			const context = counted(255, 1);
			const out = new Uint8Array(100);
			const expected = new Uint8Array(100);
			for (const prefix of ["tls13 ", "dtls13"]) {
				const hkdf = new Hkdf(hash, ascii(prefix));
				for (const labelLength of [0, 1, 60, 118, 119, 120, 124, 125, 200, 249])
					for (const contextLength of [0, 1, 32, 63, 64, 255])
						for (const length of [1, 12, 32, 33, 64, 100]) {
							const label = "abcdefghij".repeat(25).slice(0, labelLength);
							const info = joined(
								Uint8Array.of(0, length, prefix.length + labelLength),
								ascii(prefix + label),
								Uint8Array.of(contextLength),
								context.subarray(0, contextLength),
							);
							hkdf.expandLabel(secret, ascii(label), context, contextLength, out, 0, length);
							hkdf.expand(secret, info, info.length, expected, 0, length);
							equal(hexOf(out.subarray(0, length)), hexOf(expected.subarray(0, length)), `${prefix} ${labelLength}/${contextLength}/${length}:`);
						}
			}
		};
		cases["HKDF writes over the secret that it reads"] = () => {
			const hkdf = new Hkdf(hash, tls.labelPrefix);
			const secret = counted(32);
			const out = new Uint8Array(32);
			hkdf.expandLabel(secret, labels.TRAFFIC_UPDATE, NONE, 0, out, 0, 32);
			hkdf.expandLabel(secret, labels.TRAFFIC_UPDATE, NONE, 0, secret, 0, 32);
			equal(hexOf(secret), hexOf(out));
		};
		cases["HKDF refuses what its 8-bit lengths can't say"] = () => {
			const hkdf = new Hkdf(hash, tls.labelPrefix);
			const secret = counted(32);
			const out = new Uint8Array(255 * 32 + 1);
			hkdf.expandLabel(secret, ascii("x".repeat(249)), out, 255, out, 0, 255 * 32);
			throwsRangeError(() => hkdf.expandLabel(secret, ascii("x".repeat(250)), NONE, 0, out, 0, 32));
			throwsRangeError(() => hkdf.expandLabel(secret, ascii("x"), out, 256, out, 0, 32));
			throwsRangeError(() => hkdf.expandLabel(secret, ascii("x"), NONE, 0, out, 0, 255 * 32 + 1));
			throwsRangeError(() => hkdf.expand(secret, NONE, 0, out, 0, 255 * 32 + 1));
		};
		cases["PRF of TLS 1.2 with SHA-256"] = () => {
			const out = new Uint8Array(102);
			const prf = new Prf(hash);
			prf.setSecret(bytesOf("9bbe436ba940f017b17652849a71db35"), 16);
			prf.derive(ascii("test label"), bytesOf("a0ba9f936cda311827a6f796ffd5198c"), 16, out, 1, 100);
			equal(
				hexOf(out),
				"00e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b6600",
			);
			prf.wipe();
		};
		cases["PRF: a long label, a long secret, lengths that end anywhere"] = () => checkPrf(registry);
	}
	if (larger) {
		cases["PRF of TLS 1.2 with SHA-384"] = () => {
			const out = new Uint8Array(148);
			const prf = new Prf(larger);
			prf.setSecret(bytesOf("b80b733d6ceefcdc71566ea48e5567df"), 16);
			prf.derive(ascii("test label"), bytesOf("cd665cf6a8447dd6ff8b27555edb7465"), 16, out, 0, 148);
			equal(
				hexOf(out),
				"7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
			);
		};
	}
}

/** RFC 5246 6.3, 7.4.9, 8.1; RFC 7627 4; RFC 8446 4.6.1, 7.1 to 7.5; RFC 9147 4.2.3; RFC 9258 5. */
const labelTexts: Record<string, string> = {
	MASTER_SECRET: "master secret",
	EXTENDED_MASTER_SECRET: "extended master secret",
	KEY_EXPANSION: "key expansion",
	CLIENT_FINISHED: "client finished",
	SERVER_FINISHED: "server finished",
	DERIVED: "derived",
	EXTERNAL_BINDER: "ext binder",
	RESUMPTION_BINDER: "res binder",
	IMPORTED_BINDER: "imp binder",
	CLIENT_EARLY_TRAFFIC: "c e traffic",
	CLIENT_HANDSHAKE_TRAFFIC: "c hs traffic",
	SERVER_HANDSHAKE_TRAFFIC: "s hs traffic",
	CLIENT_APPLICATION_TRAFFIC: "c ap traffic",
	SERVER_APPLICATION_TRAFFIC: "s ap traffic",
	EXPORTER_MASTER: "exp master",
	RESUMPTION_MASTER: "res master",
	FINISHED: "finished",
	RESUMPTION: "resumption",
	TRAFFIC_UPDATE: "traffic upd",
	KEY: "key",
	IV: "iv",
	NUMBER_KEY: "sn",
	EXPORTER: "exporter",
	DERIVED_PSK: "derived psk",
};

/** RFC 8448 section 3: from the shared secret to the server's handshake keys and the master secret. */
function checkKeySchedule(hkdf: Hkdf): void {
	const zeros = new Uint8Array(32);
	const emptyHash = bytesOf("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	const secret = new Uint8Array(32);
	const derived = new Uint8Array(32);
	const traffic = new Uint8Array(32);
	hkdf.extract(zeros, 32, zeros, 32, secret);
	equal(hexOf(secret), "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
	hkdf.deriveSecret(secret, labels.DERIVED, emptyHash, derived);
	equal(hexOf(derived), "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");
	hkdf.extract(derived, 32, bytesOf("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"), 32, secret);
	equal(hexOf(secret), "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
	const hellos = bytesOf("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
	hkdf.deriveSecret(secret, labels.CLIENT_HANDSHAKE_TRAFFIC, hellos, traffic);
	equal(hexOf(traffic), "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
	hkdf.deriveSecret(secret, labels.SERVER_HANDSHAKE_TRAFFIC, hellos, traffic);
	equal(hexOf(traffic), "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
	const keys = new Uint8Array(28);
	hkdf.expandLabel(traffic, labels.KEY, NONE, 0, keys, 0, 16);
	hkdf.expandLabel(traffic, labels.IV, NONE, 0, keys, 16, 12);
	equal(hexOf(keys), "3fce516009c21727d0f2e4e86ee403bc5d313eb2671276ee13000b30");
	hkdf.expandLabel(traffic, labels.FINISHED, NONE, 0, derived, 0, 32);
	equal(hexOf(derived), "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8");
	hkdf.deriveSecret(secret, labels.DERIVED, emptyHash, derived);
	equal(hexOf(derived), "43de77e0c77713859a944db9db2590b53190a65b3ee2e4f12dd7a0bb7ce254b4");
	hkdf.extract(derived, 32, zeros, 32, secret);
	equal(hexOf(secret), "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919");
}

/** The PRF against its definition, written out plainly. */
function checkPrf(registry: Registry): void {
	const hash = registry.hash(sha256)!;
	const hmac = hash.createHmac();
	const mac = (key: Uint8Array, message: Uint8Array): Uint8Array => {
		hmac.setKey(key, 0, key.length);
		hmac.update(message, 0, message.length);
		const out = new Uint8Array(32);
		hmac.digest(out, 0);
		return out;
	};
	const prf = new Prf(hash);
	for (const secretLength of [0, 48, 64, 65, 512])
		for (const labelLength of [0, 13, 64, 65, 150])
			for (const length of [1, 32, 33, 64, 104]) {
				const secret = counted(secretLength, 3);
				const label = "label.".repeat(30).slice(0, labelLength);
				const seed = counted(64, 5);
				const labelAndSeed = joined(ascii(label), seed);
				let expected: Uint8Array = new Uint8Array(0);
				for (let chain = mac(secret, labelAndSeed); expected.length < length; chain = mac(secret, chain))
					expected = joined(expected, mac(secret, joined(chain, labelAndSeed)));
				const out = new Uint8Array(length);
				prf.setSecret(secret, secretLength);
				for (const time of ["first", "again"]) {
					prf.derive(ascii(label), seed, 64, out, 0, length);
					equal(hexOf(out), hexOf(expected.slice(0, length)), `${secretLength}/${labelLength}/${length}, ${time}:`);
				}
			}
}
