// Portable cases: record protection of TLS 1.2, each kind of cipher, against records that these tests put together
// themselves; and that opening a MAC-then-encrypt record is the same work whatever its padding.

import { nobleAes128Ccm8, nobleAes128Gcm, nobleChaCha20Poly1305 } from "polltls/crypto/noble/aeads";
import { nobleAes128Cbc, nobleAes256Cbc } from "polltls/crypto/noble/block-ciphers";
import { nobleSha1, nobleSha256, nobleSha384 } from "polltls/crypto/noble/hashes";
import { Registry } from "polltls/crypto/registry";
import { findSuite, type Suite } from "polltls/crypto/suites";
import { TrafficKeys } from "polltls/crypto/traffic-keys";
import type { Hash, HashAlgorithm, Hmac } from "polltls/crypto/types";
import { OPEN_BAD_MAC, type Protection } from "polltls/record/protection";
import { createProtection12 } from "polltls/record/protection12";
import { TLS_1_2 } from "polltls/wire/registry";
import { equal } from "./pair/harness.js";

/** Blocks hashed, by all that the registry below made. */
let blocks = 0;

/** A hash that counts its blocks: those of whole ones at once, and at the end what length and padding take. */
class CountingHash implements Hash {
	readonly #inner: Hash;
	readonly #block: number;
	#length: number;
	constructor(inner: Hash, block: number, length: number) {
		this.#inner = inner;
		this.#block = block;
		this.#length = length;
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		const before = Math.floor(this.#length / this.#block);
		this.#length += end - at;
		blocks += Math.floor(this.#length / this.#block) - before;
		this.#inner.update(bytes, at, end);
	}
	fork(): Hash {
		return new CountingHash(this.#inner.fork(), this.#block, this.#length);
	}
	digest(out: Uint8Array, at: number): void {
		blocks += Math.floor((this.#length + this.#block / 8) / this.#block) + 1 - Math.floor(this.#length / this.#block);
		this.#inner.digest(out, at);
	}
}

/** HMAC by its definition over hashes that count. */
class CountingHmac implements Hmac {
	readonly #hash: HashAlgorithm;
	#pad = new Uint8Array(0);
	#running: Hash | undefined;
	constructor(hash: HashAlgorithm) {
		this.#hash = hash;
	}
	setKey(key: Uint8Array, at: number, end: number): void {
		this.#pad = new Uint8Array(this.#hash.blockLength);
		this.#pad.set(key.subarray(at, end));
		this.#running = undefined;
	}
	#begin(mask: number): Hash {
		const hash = this.#hash.create();
		const pad = this.#pad.map((byte) => byte ^ mask);
		hash.update(pad, 0, pad.length);
		return hash;
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#running ??= this.#begin(0x36);
		this.#running.update(bytes, at, end);
	}
	digest(out: Uint8Array, at: number): void {
		const inner = new Uint8Array(this.#hash.hashLength);
		(this.#running ?? this.#begin(0x36)).digest(inner, 0);
		this.#running = undefined;
		const outer = this.#begin(0x5c);
		outer.update(inner, 0, inner.length);
		outer.digest(out, at);
	}
	wipe(): void {
		this.#pad.fill(0);
	}
}

function counting(algorithm: HashAlgorithm): HashAlgorithm {
	const counted: HashAlgorithm = {
		...algorithm,
		create: () => new CountingHash(algorithm.create(), algorithm.blockLength, 0),
		createHmac: () => new CountingHmac(counted),
	};
	return counted;
}

const registry = new Registry();
for (const hash of [nobleSha256, nobleSha384, nobleSha1]) registry.registerHash(registry.hashes.length, counting(hash));
for (const bulk of [nobleAes128Gcm, nobleChaCha20Poly1305, nobleAes128Ccm8, nobleAes128Cbc, nobleAes256Cbc]) registry.registerBulk(registry.bulks.length, bulk);
registry.start();

function suiteOf(number: number): Suite {
	const suite = findSuite(number);
	if (suite === undefined) throw new Error(`no suite ${number}`);
	return suite;
}

function keysOf(number: number, encryptThenMac = false): TrafficKeys {
	const keys = new TrafficKeys();
	keys.version = TLS_1_2;
	keys.suite = suiteOf(number);
	keys.encryptThenMac = encryptThenMac;
	keys.macKey = new Uint8Array(48);
	for (let i = 0; i < 48; i++) keys.macKey[i] = i * 7 + 1;
	for (let i = 0; i < 32; i++) keys.key[i] = i * 5 + 3;
	for (let i = 0; i < 12; i++) keys.iv[i] = i * 3 + 2;
	return keys;
}

const HEADER = 5;

/** Seals text as a record of its own. */
function seal(protection: Protection, type: number, text: string): Uint8Array {
	const bytes = new Uint8Array(HEADER + protection.prefix + text.length + protection.expansion + 16);
	const at = HEADER + protection.prefix;
	for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
	return bytes.slice(0, protection.seal(type, bytes, 0, at + text.length));
}

/** The content of a record, or undefined if it is refused. */
function open(protection: Protection, record: Uint8Array): string | undefined {
	const bytes = record.slice();
	const end = protection.open(bytes, 0, bytes.length);
	if (end === OPEN_BAD_MAC) return undefined;
	equal(protection.type, record[0], "type");
	return String.fromCharCode(...bytes.subarray(HEADER + protection.prefix, end));
}

const kinds: [string, number, boolean][] = [
	["AES-GCM", 0xc02b, false],
	["AES-CCM-8", 0xc0ae, false],
	["ChaCha20-Poly1305", 0xcca9, false],
	["CBC with SHA-1, MAC first", 0xc009, false],
	["CBC with SHA-256, MAC first", 0xc023, false],
	["CBC with SHA-384, MAC first", 0xc024, false],
	["CBC with SHA-1, MAC last", 0xc009, true],
	["CBC with SHA-256, MAC last", 0xc023, true],
	["CBC with SHA-384, MAC last", 0xc024, true],
];

/** A MAC-then-encrypt record as RFC 5246 6.2.3.2 puts it together: these bytes of padding, whatever they say. */
function macThenEncrypt(number: number, content: Uint8Array, padding: Uint8Array, spoilMac = -1): Uint8Array {
	const suite = suiteOf(number);
	const keys = keysOf(number);
	const hash = registry.hash(suite.mac) as HashAlgorithm;
	const mac = new Uint8Array(hash.hashLength);
	const hmac = hash.createHmac();
	hmac.setKey(keys.macKey, 0, hash.hashLength);
	hmac.update(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 23, 3, 3, content.length >> 8, content.length), 0, 13);
	hmac.update(content, 0, content.length);
	hmac.digest(mac, 0);
	if (spoilMac >= 0) mac[spoilMac] ^= 0x80;
	const fragment = new Uint8Array(16 + content.length + mac.length + padding.length);
	for (let i = 0; i < 16; i++) fragment[i] = 0xa0 + i;
	fragment.set(content, 16);
	fragment.set(mac, 16 + content.length);
	fragment.set(padding, 16 + content.length + mac.length);
	const cipher = registry.blockCipher(suite.bulk)?.create();
	cipher?.setKey(keys.key, 0);
	cipher?.encrypt(fragment.slice(0, 16), fragment, 16, fragment.length);
	return Uint8Array.of(23, 3, 3, fragment.length >> 8, fragment.length, ...fragment);
}

/** Opens a record with fresh keys; answers the length of its content (-1 if it is refused) and the blocks hashed. */
function work(number: number, record: Uint8Array): { length: number; blocks: number } {
	const protection = createProtection12(registry, keysOf(number));
	const bytes = record.slice();
	blocks = 0;
	const end = protection.open(bytes, 0, bytes.length);
	return { length: end < 0 ? -1 : end - HEADER - protection.prefix, blocks };
}

/** Padding of length + 1 bytes, each of which says length. */
function padding(length: number): Uint8Array {
	return new Uint8Array(length + 1).fill(length);
}

/** Records of these sizes with right padding, wrong padding and a wrong MAC: all are as many blocks of hashing. */
function sameWork(suites: number[], sizes: number[], step: number): void {
	for (const suite of suites) {
		const macLength = registry.hash(suiteOf(suite).mac)?.hashLength ?? 0;
		for (const size of sizes) {
			const counts = new Set<number>();
			const most = Math.min(255, size - macLength - 1);
			for (let length = 0; length <= most; length += step) {
				const content = new Uint8Array(size - macLength - length - 1).fill(120);
				const good = work(suite, macThenEncrypt(suite, content, padding(length)));
				equal(good.length, content.length);
				counts.add(good.blocks);
				const wrong = padding(length);
				wrong[0] ^= length === 0 ? 0xff : 1; // with one byte of padding it says another length
				for (const record of [macThenEncrypt(suite, content, wrong), macThenEncrypt(suite, content, padding(length), length % macLength)]) {
					const refused = work(suite, record);
					equal(refused.length, -1, `${size} bytes, ${length} of padding`);
					counts.add(refused.blocks);
				}
			}
			equal(counts.size, 1, `suite ${suite}, ${size} bytes: ${[...counts]} blocks`);
		}
	}
}

export const cases: Record<string, () => void> = {
	"sealed and opened, record by record"() {
		for (const [name, suite, encryptThenMac] of kinds) {
			const writer = createProtection12(registry, keysOf(suite, encryptThenMac));
			const reader = createProtection12(registry, keysOf(suite, encryptThenMac));
			let last = "";
			for (let length = 0; length < 70; length++) {
				const text = "abcdefghijklmnopqrstuvwxyz".repeat(3).slice(0, length);
				const record = seal(writer, length % 2 ? 23 : 22, text);
				equal((record[3] << 8) | record[4], record.length - HEADER, `${name}: length in the header`);
				equal(open(reader, record), text, `${name}, ${length} bytes`);
				equal(String(record) === last, false);
				last = String(record);
			}
			equal(writer.count, 70);
			equal(reader.count, 70);
		}
	},
	"never the same nonce or IV"() {
		for (const [name, suite, encryptThenMac] of kinds) {
			const writer = createProtection12(registry, keysOf(suite, encryptThenMac));
			if (writer.prefix === 0) continue;
			const seen = new Set<string>();
			for (let i = 0; i < 300; i++) seen.add(String(seal(writer, 23, "same").slice(HEADER, HEADER + writer.prefix)));
			equal(seen.size, 300, name);
		}
	},
	"no byte of a record can be changed, none left out, none added"() {
		for (const [name, suite, encryptThenMac] of kinds) {
			const writer = createProtection12(registry, keysOf(suite, encryptThenMac));
			const record = seal(writer, 23, "some content of a record");
			for (let at = 0; at < record.length; at++) {
				if (at === 3 || at === 4) continue; // the length is what the record layer cuts by
				const changed = record.slice();
				changed[at] ^= 1 << (at & 7);
				equal(open(createProtection12(registry, keysOf(suite, encryptThenMac)), changed), undefined, `${name}, byte ${at}`);
			}
			for (let end = HEADER; end < record.length; end++) {
				equal(open(createProtection12(registry, keysOf(suite, encryptThenMac)), record.slice(0, end)), undefined, `${name}, ${end} bytes`);
			}
			equal(open(createProtection12(registry, keysOf(suite, encryptThenMac)), Uint8Array.of(...record, 0)), undefined, `${name}, a byte more`);
			equal(
				open(createProtection12(registry, keysOf(suite, encryptThenMac)), Uint8Array.of(...record, ...record.slice(-16))),
				undefined,
				`${name}, a block more`,
			);
		}
	},
	"no record again, none out of turn"() {
		for (const [name, suite, encryptThenMac] of kinds) {
			const writer = createProtection12(registry, keysOf(suite, encryptThenMac));
			const first = seal(writer, 23, "first");
			const second = seal(writer, 23, "second");
			const reader = createProtection12(registry, keysOf(suite, encryptThenMac));
			equal(open(reader, second), undefined, name);
			equal(open(reader, first), "first", name);
			equal(open(reader, first), undefined, name);
			equal(open(reader, second), "second", name);
		}
	},
	"the other order of MAC and cipher isn't taken"() {
		for (const suite of [0xc009, 0xc023, 0xc024])
			for (const ours of [true, false]) {
				const record = seal(createProtection12(registry, keysOf(suite, ours)), 23, "0123456789abcdef");
				equal(open(createProtection12(registry, keysOf(suite, !ours)), record), undefined);
			}
	},
	"padding of every length"() {
		for (const suite of [0xc009, 0xc023, 0xc024]) {
			const macLength = registry.hash(suiteOf(suite).mac)?.hashLength ?? 0;
			for (let length = 0; length < 256; length++) {
				const content = new Uint8Array(16 + ((16 - ((macLength + length + 1) % 16)) % 16)).fill(120);
				equal(work(suite, macThenEncrypt(suite, content, padding(length))).length, content.length, `${length} of padding`);
			}
		}
	},
	"the work is the same for some paddings and for wrong ones"() {
		sameWork([0xc023], [64, 320], 31);
	},
	"padding that says more than there is"() {
		for (const suite of [0xc009, 0xc023, 0xc024]) {
			const macLength = registry.hash(suiteOf(suite).mac)?.hashLength ?? 0;
			const size = Math.ceil((macLength + 1) / 16) * 16;
			const content = new Uint8Array(size - macLength - 1);
			for (let says = size - macLength; says < 256; says++) equal(work(suite, macThenEncrypt(suite, content, Uint8Array.of(says))).length, -1, String(says));
			equal(work(suite, macThenEncrypt(suite, new Uint8Array(0), padding(size - macLength - 1))).length, 0, "no content at all");
		}
	},
};

/** Where hashing is fast: on Node. */
export const longCases: Record<string, () => void> = {
	"the work is the same for every padding and for wrong ones: nobody learns which it was"() {
		sameWork([0xc009, 0xc023, 0xc024], [64, 80, 320, 336, 1024], 1);
	},
};
