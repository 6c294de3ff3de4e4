// An image that runs the crypto cases and, if they are in it, Wycheproof's vectors on a provider (the SDK's
// natives, or PSA's), and measures it. Each line it prints begins with ok, not ok or cost; its exit code is 0 if all was right.

import Resource from "Resource";
import { WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import type { Registry } from "polltls/crypto/registry";
import { type BulkAlgorithm, type Job, sha1, sha256, sha384, sha512 } from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { cryptoCases } from "suite/crypto-cases";
import { type Counts, checkAeadVectors, checkCbcVectors, checkHkdfVectors, checkHmacVectors, type VectorFile } from "suite/crypto-vectors";
import { checkAgreementVectors, checkEcdsaVectors, checkRsaVectors, type PublicKeyFile } from "suite/public-key-vectors";
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

function runPublicKeyVectors(registry: Registry): void {
	const check = (name: string, by: (file: PublicKeyFile) => Counts): void => {
		const path = `${name}_test.json`;
		if (!Resource.exists(path)) return;
		run(`Wycheproof ${name}`, () => {
			const file = JSON.parse(String.fromArrayBuffer(new Resource(path).slice(0))) as PublicKeyFile;
			const counts = by(file);
			if (counts.total !== file.numberOfTests) throw new Error(`${counts.total} of ${file.numberOfTests} vectors`);
			return String(counts);
		});
	};
	check("x25519", (file) => checkAgreementVectors(registry, 29, file));
	check("ecdh_secp256r1_ecpoint", (file) => checkAgreementVectors(registry, 23, file));
	check("ecdh_secp384r1_ecpoint", (file) => checkAgreementVectors(registry, 24, file));
	check("ecdsa_secp256r1_sha256", (file) => checkEcdsaVectors(registry, false, 0x0403, file));
	check("ecdsa_secp256r1_sha512", (file) => checkEcdsaVectors(registry, false, 0x0603, file));
	check("ecdsa_secp384r1_sha384", (file) => checkEcdsaVectors(registry, true, 0x0503, file));
	for (const size of [2048, 3072, 4096]) check(`rsa_signature_${size}_sha256`, (file) => checkRsaVectors(registry, false, file));
	for (const name of ["2048_sha256_mgf1_32", "2048_sha384_mgf1_48", "4096_sha512_mgf1_64", "misc"])
		check(`rsa_pss_${name}`, (file) => checkRsaVectors(registry, true, file));
}

/** Microseconds of each kind of public-key job: the longest step and the whole. */
function measureJob(name: string, start: () => Job): void {
	let longest = 1e9;
	let whole = 1e9;
	for (let round = 0; round < 10; round++) {
		const job = start();
		let sum = 0;
		let most = 0;
		for (let status = WORKING; status === WORKING; ) {
			const begin = TestNative.microseconds();
			status = job.step(8);
			const time = TestNative.microseconds() - begin;
			sum += time;
			most = Math.max(most, time);
		}
		longest = Math.min(longest, most);
		whole = Math.min(whole, sum);
	}
	print(`cost - ${name}: ${whole.toFixed(0)} us, longest step ${longest.toFixed(0)} us`);
}

function measurePublicKeys(registry: Registry): void {
	const entropy: Entropy = { fill: (bytes, at, end) => bytes.fill(7, at, end) };
	const message = new Uint8Array(100);
	for (const algorithm of registry.keyExchanges) {
		const peer = algorithm.create();
		peer.begin(entropy);
		while (peer.step(1000) === WORKING);
		measureJob(`group ${algorithm.group}, a share`, () => {
			const job = algorithm.create();
			job.begin(entropy);
			return job;
		});
		measureJob(`group ${algorithm.group}, a share and the secret`, () => {
			const job = algorithm.create();
			job.respond(entropy, peer.share, 0, peer.shareLength);
			return job;
		});
	}
	for (const curve of [p256, p384]) {
		const algorithm = registry.signature(curve.keyType);
		if (!algorithm) continue;
		const pair = new EcGenerate(curve);
		pair.start(entropy, 0);
		while (pair.step(1000) === WORKING);
		const signer = algorithm.createSign(registry);
		measureJob(`key type ${curve.keyType}, sign`, () => {
			signer.start(0x0403, pair.privateKey, message, 0, 100, entropy);
			return signer;
		});
		measureJob(`key type ${curve.keyType}, verify`, () => {
			const job = algorithm.createVerify(registry);
			job.start(0x0403, pair.publicKey, message, 0, 100, signer.signature, 0, signer.signatureLength);
			return job;
		});
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
	runPublicKeyVectors(registry);
	measurePublicKeys(registry);
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
