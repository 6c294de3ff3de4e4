// Wycheproof's vectors for hashes' HMAC and HKDF, AEADs and CBC against a registry. Portable: it takes the parsed
// file, and answers counts; the first vector that goes wrong throws.

import { Hkdf } from "polltls/crypto/hkdf";
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
	type BlockCipherAlgorithm,
} from "polltls/crypto/types";
import { tls } from "polltls/handshake/variant";
import { bytesOf, hexOf } from "./crypto-cases.js";

export interface Vector {
	tcId: number;
	result: string;
	comment: string;
	[field: string]: string | number | string[];
}
export interface VectorFile {
	algorithm: string;
	numberOfTests: number;
	testGroups: { keySize: number; ivSize?: number; tagSize?: number; tests: Vector[] }[];
}
type Group = VectorFile["testGroups"][number];

/** How many vectors went as they should, and how many were left out, by reason. */
export class Counts {
	valid = 0;
	invalid = 0;
	readonly skipped: Record<string, number> = {};

	skip(reason: string, count: number): void {
		this.skipped[reason] = (this.skipped[reason] ?? 0) + count;
	}
	count(vector: Vector): void {
		if (vector.result === "valid") this.valid++;
		else this.invalid++;
	}
	get total(): number {
		return this.valid + this.invalid + Object.values(this.skipped).reduce((sum, count) => sum + count, 0);
	}
	toString(): string {
		const skipped = Object.keys(this.skipped).map((reason) => `, ${this.skipped[reason]} skipped (${reason})`);
		return `${this.valid} valid, ${this.invalid} invalid${skipped.join("")}`;
	}
}

function check(vector: Vector, right: boolean, what: string): void {
	if (!right) throw new Error(`vector ${vector.tcId} (${vector.result}, ${vector.comment}): ${what}`);
}

/** Which of our AEADs a group is for, or why it isn't for any. */
function aeadOf(registry: Registry, algorithm: string, group: Group): AeadAlgorithm | string {
	if (group.ivSize !== 96) return "nonce of another size than 96 bits";
	if (group.keySize === 192) return "192-bit key";
	const short = group.keySize === 128;
	let id = -1;
	if (algorithm === "AES-GCM" && group.tagSize === 128) id = short ? AEAD_AES_128_GCM : AEAD_AES_256_GCM;
	if (algorithm === "AES-CCM" && group.tagSize === 128) id = short ? AEAD_AES_128_CCM : AEAD_AES_256_CCM;
	if (algorithm === "AES-CCM" && group.tagSize === 64) id = short ? AEAD_AES_128_CCM_8 : AEAD_AES_256_CCM_8;
	if (algorithm === "CHACHA20-POLY1305") id = AEAD_CHACHA20_POLY1305;
	if (id < 0) return "tag of another size than TLS uses";
	return registry.aead(id) ?? `algorithm ${id} not in the registry`;
}

export function checkAeadVectors(registry: Registry, file: VectorFile): Counts {
	const counts = new Counts();
	for (const group of file.testGroups) {
		const algorithm = aeadOf(registry, file.algorithm, group);
		if (typeof algorithm === "string") {
			counts.skip(algorithm, group.tests.length);
			continue;
		}
		const { tagLength } = algorithm;
		const aead = algorithm.create();
		for (const vector of group.tests) {
			const text = bytesOf(vector.msg as string);
			const additional = bytesOf(vector.aad as string);
			const nonce = bytesOf(vector.iv as string);
			const sealed = bytesOf((vector.ct as string) + (vector.tag as string));
			const valid = vector.result === "valid";
			aead.setKey(bytesOf(vector.key as string), 0);
			if (valid) {
				const memory = new Uint8Array(text.length + tagLength);
				memory.set(text);
				aead.seal(nonce, additional, additional.length, memory, 0, text.length);
				check(vector, hexOf(memory) === hexOf(sealed), "sealed otherwise");
			}
			const opened = aead.open(nonce, additional, additional.length, sealed, 0, sealed.length);
			check(vector, opened === valid, opened ? "opened" : "not opened");
			if (valid) check(vector, hexOf(sealed.subarray(0, text.length)) === hexOf(text), "another text");
			counts.count(vector);
		}
	}
	return counts;
}

/** Of AES-CBC with PKCS #5 padding the block part is ours: padding is added and judged here. */
export function checkCbcVectors(registry: Registry, file: VectorFile): Counts {
	const counts = new Counts();
	for (const group of file.testGroups) {
		const algorithm: BlockCipherAlgorithm | undefined = registry.blockCipher(group.keySize === 128 ? AES_128_CBC : AES_256_CBC);
		if (group.keySize === 192 || algorithm === undefined) {
			counts.skip(group.keySize === 192 ? "192-bit key" : "not in the registry", group.tests.length);
			continue;
		}
		const cipher = algorithm.create();
		for (const vector of group.tests) {
			const sealed = bytesOf(vector.ct as string);
			const iv = bytesOf(vector.iv as string);
			if (sealed.length % 16 !== 0 || sealed.length === 0) {
				counts.skip("not whole blocks", 1);
				continue;
			}
			cipher.setKey(bytesOf(vector.key as string), 0);
			const memory = sealed.slice();
			cipher.decrypt(iv, memory, 0, memory.length);
			const padding = memory[memory.length - 1];
			const padded = padding >= 1 && padding <= 16 && memory.subarray(memory.length - padding).every((byte) => byte === padding);
			const message = padded ? hexOf(memory.subarray(0, memory.length - padding)) : undefined;
			check(vector, (message === vector.msg) === (vector.result === "valid"), "decrypted otherwise");
			cipher.encrypt(iv, memory, 0, memory.length);
			check(vector, hexOf(memory) === hexOf(sealed), "encrypted otherwise");
			counts.count(vector);
		}
	}
	return counts;
}

export function checkHmacVectors(registry: Registry, hash: number, file: VectorFile): Counts {
	const counts = new Counts();
	const algorithm = registry.hash(hash);
	if (algorithm === undefined) {
		counts.skip("not in the registry", file.numberOfTests);
		return counts;
	}
	const hmac = algorithm.createHmac();
	const out = new Uint8Array(algorithm.hashLength);
	for (const group of file.testGroups)
		for (const vector of group.tests) {
			const key = bytesOf(vector.key as string);
			const message = bytesOf(vector.msg as string);
			hmac.setKey(key, 0, key.length);
			hmac.update(message, 0, message.length);
			hmac.digest(out, 0);
			const tag = hexOf(out).slice(0, (group.tagSize ?? 0) / 4); // some vectors have a shortened tag
			check(vector, (tag === vector.tag) === (vector.result === "valid"), "another tag");
			counts.count(vector);
		}
	return counts;
}

export function checkHkdfVectors(registry: Registry, hash: number, file: VectorFile): Counts {
	const counts = new Counts();
	const algorithm = registry.hash(hash);
	if (algorithm === undefined) {
		counts.skip("not in the registry", file.numberOfTests);
		return counts;
	}
	const hkdf = new Hkdf(algorithm, tls.labelPrefix);
	const secret = new Uint8Array(algorithm.hashLength);
	for (const group of file.testGroups)
		for (const vector of group.tests) {
			const salt = bytesOf(vector.salt as string);
			const input = bytesOf(vector.ikm as string);
			const info = bytesOf(vector.info as string);
			const length = vector.size as number;
			const out = new Uint8Array(length);
			hkdf.extract(salt, salt.length, input, input.length, secret);
			let refused = false;
			try {
				hkdf.expand(secret, info, info.length, out, 0, length);
			} catch {
				refused = true;
			}
			check(vector, refused === (vector.result === "invalid"), refused ? "refused" : "not refused");
			if (!refused) check(vector, hexOf(out) === vector.okm, "another key");
			counts.count(vector);
		}
	return counts;
}
