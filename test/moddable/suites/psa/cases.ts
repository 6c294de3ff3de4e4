// What only the PSA provider must do, in an image with it: its keys are destroyed, its jobs take one step an operation, records leave
// no garbage, what the library can't do ends a connection with ENCRYPTION_MODULE_ERR.

import { CRYPTO_PROVIDER_FAILED } from "polltls/base/failure";
import { DONE, ENCRYPTION_MODULE_ERR, WORKING } from "polltls/base/status";
import type { Aead, Job } from "polltls/crypto/types";
import { nativeEntropy } from "polltls/moddable/entropy";
import { psaAes128Cbc, psaAes128Ccm, psaAes128Gcm, psaChaCha20Poly1305, psaSha256 } from "polltls/moddable/psa/crypto-psa";
import { PsaNative } from "polltls/moddable/psa/psa-native";
import { psaEcdsaP256, psaX25519 } from "polltls/moddable/psa/public-key-psa";
import { deviceRegistry } from "polltls/moddable/registry";
import { equal, Pair, TestPki, testRegistry } from "project/test/suite/pair/harness";
import { BenchNative } from "test/bench/native/bench-native";
import { KeysNative } from "./keys-native.js";

/** Places for keys in Mbed TLS unless it is configured otherwise. */
const PLACES = 32;

function keyed(): Aead {
	const aead = psaAes128Gcm.create();
	aead.setKey(new Uint8Array(16), 0);
	return aead;
}

function throws(call: () => unknown, kind: new (...rest: never[]) => Error): void {
	try {
		call();
	} catch (error) {
		if (error instanceof kind) return;
		throw error;
	}
	throw new Error(`didn't throw a ${kind.name}`);
}

export const cases: Record<string, () => void> = {
	"a key is destroyed by wipe, and when another takes its place"() {
		const before = KeysNative.count();
		for (const algorithm of [psaAes128Gcm, psaChaCha20Poly1305, psaAes128Cbc]) {
			const cipher = algorithm.create();
			for (let i = 0; i < 3; i++) cipher.setKey(new Uint8Array(32), 0);
			equal(KeysNative.count(), before + 1);
			cipher.wipe();
			equal(KeysNative.count(), before);
			cipher.wipe();
		}
		const mask = psaAes128Gcm.createNumberMask();
		mask.setKey(new Uint8Array(16), 0);
		equal(KeysNative.count(), before, "a mask holds no place");
		mask.wipe();
		throws(() => mask.mask(new Uint8Array(16), 0, new Uint8Array(5)), Error);
	},
	"a key is destroyed when nobody has it any more"() {
		BenchNative.collect();
		const before = KeysNative.count();
		for (let i = 0; i < 5; i++) keyed();
		equal(KeysNative.count() > before, true);
		BenchNative.collect();
		BenchNative.collect();
		equal(KeysNative.count(), before);
		for (let i = 0; i < 3 * PLACES; i++) keyed(); // makes room by itself
		BenchNative.collect();
		BenchNative.collect();
	},
	"a private key lives until its secret is there, or it is wiped"() {
		const before = KeysNative.count();
		const client = psaX25519.create();
		client.begin(nativeEntropy);
		equal(KeysNative.count(), before + 1);
		equal(client.step(8), DONE);
		const server = psaX25519.create();
		server.respond(nativeEntropy, client.share, 0, 32);
		equal(KeysNative.count(), before + 2);
		equal(server.step(8), WORKING);
		equal(server.step(8), DONE);
		equal(KeysNative.count(), before + 1);
		client.wipe();
		equal(KeysNative.count(), before);
	},
	"connections leave no key behind, closed or cut off at any moment"() {
		const registry = deviceRegistry();
		const pki = new TestPki(registry);
		BenchNative.collect();
		const before = KeysNative.count();
		const whole = new Pair(pki, registry);
		whole.run();
		equal(whole.open, true);
		equal(KeysNative.count(), before + 4, "one for each direction at each end");
		whole.client.connection.close();
		whole.server.connection.close();
		whole.run();
		equal(KeysNative.count(), before, "closed");
		for (let turns = 0; turns < 40; turns += 3) {
			const pair = new Pair(pki, registry);
			for (let i = 0; i < turns; i++) pair.turn();
			for (const { connection } of [pair.client, pair.server]) connection.networkEnd();
			for (let i = 0; i < 20; i++) pair.turn();
			equal(KeysNative.count(), before, `cut off after ${turns} turns`);
		}
	},
	"without a place for its key a connection ends with ENCRYPTION_MODULE_ERR"() {
		const registry = testRegistry();
		const pki = new TestPki(registry);
		const held: Aead[] = [];
		while (held.length < 2 * PLACES) {
			try {
				held.push(keyed());
			} catch {
				break;
			}
		}
		if (held.length === 2 * PLACES) return; // Mbed TLS 3.6 makes more places
		equal(KeysNative.count(), PLACES);
		const pair = new Pair(pki, registry);
		for (let i = 0; i < 20; i++) pair.turn();
		equal(pair.client.connection.failure, CRYPTO_PROVIDER_FAILED);
		equal(pair.client.connection.poll(0), ENCRYPTION_MODULE_ERR);
		for (const aead of held) aead.wipe();
		const next = new Pair(pki, registry);
		next.run();
		equal(next.open, true);
	},
	"an operation is a step, marked with what it costs"() {
		const registry = deviceRegistry();
		const steps = (job: Job): number => {
			let count = 1;
			while (job.step(1) === WORKING) count++;
			return count;
		};
		for (const algorithm of registry.keyExchanges) {
			equal((algorithm.unsliced ?? 0) > 0, true, `group ${algorithm.group}`);
			const client = algorithm.create();
			client.begin(nativeEntropy);
			equal(steps(client), 1);
			const server = algorithm.create();
			server.respond(nativeEntropy, client.share, 0, client.shareLength);
			equal(steps(server), 2);
			client.receive(server.share, 0, server.shareLength);
			equal(steps(client), 1);
		}
		const signer = psaEcdsaP256.createSign(registry);
		signer.start(0x0403, { type: psaEcdsaP256.keyType, bytes: new Uint8Array(32).fill(7) }, new Uint8Array(9), 0, 9, nativeEntropy);
		equal(steps(signer), 1);
		for (const { keyType, unsliced } of registry.signatures) equal(unsliced !== undefined, keyType !== 5, `key type ${keyType}`);
	},
	"sealing and opening, hashing and HMAC leave no garbage"() {
		const bytes = new Uint8Array(1100);
		const nonce = new Uint8Array(12);
		const hmac = psaSha256.createHmac();
		hmac.setKey(bytes, 0, 32);
		const aeads = [psaAes128Ccm, psaAes128Gcm, psaChaCha20Poly1305].map((algorithm) => {
			const aead = algorithm.create();
			aead.setKey(bytes, 0);
			return aead;
		});
		const round = (): void => {
			for (let i = 0; i < aeads.length; i++) {
				aeads[i].seal(nonce, bytes, 5, bytes, 5, 1029);
				if (!aeads[i].open(nonce, bytes, 5, bytes, 5, 1045)) throw new Error("not opened");
			}
			hmac.update(bytes, 0, 100);
			hmac.digest(bytes, 0);
		};
		round();
		BenchNative.collect();
		const slots = BenchNative.slots();
		const chunks = BenchNative.chunks();
		for (let i = 0; i < 100; i++) round();
		const garbage = BenchNative.chunks() - chunks;
		equal(BenchNative.slots() - slots < 100, true, "less than a slot a round");
		equal(garbage, 0, "chunks");
		for (const aead of aeads) aead.wipe();
	},
	"the natives refuse what isn't theirs, and places that aren't there"() {
		const bytes = new Uint8Array(32);
		const digest = PsaNative.createDigest(4, false);
		const key = PsaNative.createKey();
		for (const object of [{}, bytes, key, undefined as unknown as object]) throws(() => PsaNative.update(object, bytes, 0, 1), Error);
		throws(() => PsaNative.setHmacKey(digest, bytes, 0, 1), TypeError);
		throws(() => PsaNative.createDigest(99, false), RangeError);
		for (const [at, end] of [
			[-1, 4],
			[0, 33],
			[32, 33],
			[5, 4],
			[0x7fffffff, -2],
		])
			throws(() => PsaNative.update(digest, bytes, at, end), RangeError);
		throws(() => PsaNative.importKey(key, 7, bytes, 0), RangeError);
		throws(() => PsaNative.importKey(key, 2, bytes, 1), RangeError);
		PsaNative.importKey(key, 1, bytes, 0);
		throws(() => PsaNative.seal(key, bytes, bytes, 0, bytes, 0, 17), RangeError);
		throws(() => PsaNative.seal(key, bytes, bytes, 0, bytes, 20, 4), RangeError);
		throws(() => PsaNative.seal(key, bytes.subarray(0, 11), bytes, 0, bytes, 0, 4), RangeError);
		throws(() => PsaNative.seal(key, bytes, bytes, 33, bytes, 0, 4), RangeError);
		equal(PsaNative.open(key, bytes, bytes, 0, bytes, 0, 15), false);
		throws(() => PsaNative.finishHash(digest, bytes, 1), RangeError);
		PsaNative.clearKey(key);
		throws(() => PsaNative.seal(key, bytes, bytes, 0, bytes, 0, 4), Error);
	},
};
