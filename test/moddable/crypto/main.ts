// An image that runs the crypto cases and, if they are in it, Wycheproof's vectors on the provider of the SDK's natives,
// and measures it. Each line it prints begins with ok, not ok or cost; its exit code is 0 if all was right.

import Resource from "Resource";
import type { Registry } from "polltls/crypto/registry";
import { type BulkAlgorithm, sha1, sha256, sha384, sha512 } from "polltls/crypto/types";
import { cryptoCases } from "suite/crypto-cases";
import { type Counts, checkAeadVectors, checkCbcVectors, checkHkdfVectors, checkHmacVectors, type VectorFile } from "suite/crypto-vectors";
import { TestNative } from "test/native/test-native";
import { nativeRegistry } from "./registry.js";

let failures = 0;

function print(line: string): void {
	trace(`${line}\n`);
}

function run(name: string, check: () => unknown): void {
	try {
		const result = check();
		print(`ok - ${name}${result === undefined ? "" : `: ${result}`}`);
	} catch (error) {
		failures++;
		print(`not ok - ${name}: ${error}`);
	}
}

function runVectors(registry: Registry): void {
	const check = (name: string, by: (file: VectorFile) => Counts): void => {
		const path = `${name}_test.json`;
		if (!Resource.exists(path)) return;
		run(`Wycheproof ${name}`, () => {
			const file = JSON.parse(String.fromArrayBuffer(new Resource(path).slice(0))) as VectorFile;
			const counts = by(file);
			if (counts.total !== file.numberOfTests) throw new Error(`${counts.total} of ${file.numberOfTests} vectors`);
			return String(counts);
		});
	};
	for (const name of ["aes_gcm", "aes_ccm", "chacha20_poly1305"]) check(name, (file) => checkAeadVectors(registry, file));
	check("aes_cbc_pkcs5", (file) => checkCbcVectors(registry, file));
	for (const [name, hash] of [
		["sha1", sha1],
		["sha256", sha256],
		["sha384", sha384],
		["sha512", sha512],
	] as const) {
		check(`hmac_${name}`, (file) => checkHmacVectors(registry, hash, file));
		check(`hkdf_${name}`, (file) => checkHkdfVectors(registry, hash, file));
	}
}

function measure(bulk: BulkAlgorithm, length: number): number {
	const memory = new Uint8Array(5 + length + 16);
	const key = new Uint8Array(32);
	const nonce = new Uint8Array("tagLength" in bulk ? 12 : 16);
	const rounds = 20; // short, so that the best is without a garbage collection
	let best = 1e9;
	for (let round = 0; round < 100; round++) {
		let start: number;
		if ("tagLength" in bulk) {
			const aead = bulk.create();
			aead.setKey(key, 0);
			start = TestNative.microseconds();
			for (let i = 0; i < rounds; i++) aead.seal(nonce, memory, 5, memory, 5, 5 + length);
		} else {
			const cipher = bulk.create();
			cipher.setKey(key, 0);
			start = TestNative.microseconds();
			for (let i = 0; i < rounds; i++) cipher.encrypt(nonce, memory, 5, 5 + length);
		}
		best = Math.min(best, (TestNative.microseconds() - start) / rounds);
	}
	return best;
}

export default function () {
	const registry = nativeRegistry();
	const cases = cryptoCases(registry);
	for (const name of Object.keys(cases)) run(name, cases[name]);
	runVectors(registry);
	for (const bulk of registry.bulks)
		print(`cost - bulk ${bulk.id}: ${measure(bulk, 64).toFixed(1)} us for 64 bytes, ${measure(bulk, 1024).toFixed(1)} us for 1 KB`);
	for (const hash of registry.hashes) {
		const bytes = new Uint8Array(1024);
		const start = TestNative.microseconds();
		const running = hash.create();
		for (let i = 0; i < 100; i++) running.update(bytes, 0, 1024);
		const perKb = (TestNative.microseconds() - start) / 100;
		const hmac = hash.createHmac();
		hmac.setKey(bytes, 0, 32);
		const hmacStart = TestNative.microseconds();
		for (let i = 0; i < 100; i++) {
			hmac.update(bytes, 0, 32);
			hmac.digest(bytes, 0);
		}
		const perHmac = (TestNative.microseconds() - hmacStart) / 100;
		print(`cost - hash ${hash.id}: ${perKb.toFixed(1)} us for 1 KB, HMAC of 32 bytes ${perHmac.toFixed(1)} us`);
	}
	TestNative.exit(failures > 0 ? 1 : 0);
}
