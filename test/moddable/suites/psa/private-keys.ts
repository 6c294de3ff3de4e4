// Private keys that only the PSA library has, in an image with its provider: they sign, nobody else can use them, they leave no place
// taken, and what is wrong with one is said.

import { PRIVATE_KEY_REFUSED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { EcdsaSign } from "polltls/crypto/public-key/ecdsa-sign";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, type PrivateKey, type SignJob } from "polltls/crypto/types";
import type { Credential } from "polltls/handshake/settings";
import { nativeEntropy } from "polltls/moddable/entropy";
import { psaAes128Gcm } from "polltls/moddable/psa/crypto-psa";
import { PsaPrivateKey } from "polltls/moddable/psa/private-key-psa";
import { psaSecp256r1, psaSecp384r1, psaX25519 } from "polltls/moddable/psa/public-key-psa";
import { deviceRegistry } from "polltls/moddable/registry";
import { PURPOSE_CLIENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { TLS_1_2, TLS_1_3 } from "polltls/wire/registry";
import { equal, Pair, type PairOptions, TestPki } from "project/test/suite/pair/harness";
import { BenchNative } from "test/bench/native/bench-native";
import { KeysNative } from "./keys-native.js";

/** More than there are places for keys. */
const MANY = 100;
const message = new Uint8Array(50).fill(3);

function collect(): void {
	BenchNative.collect();
	BenchNative.collect();
}

function whatIsSaid(call: () => unknown): string {
	try {
		call();
	} catch (error) {
		return String(error);
	}
	return "nothing was thrown";
}

function status(job: SignJob, scheme: number, key: PrivateKey): number {
	job.start(scheme, key, message, 0, message.length, nativeEntropy);
	let result: number;
	do result = job.step(1000);
	while (result === WORKING);
	return result;
}

/** A certificate under the test's authority for a key in the library. */
function credentialOf(pki: TestPki, key: PsaPrivateKey, name: string, purpose: number): Credential {
	const { chain } = pki.issue(name, [name], purpose, { privateKey: key, publicKey: key.publicKey });
	return { chain, key };
}

export const cases: Record<string, () => void> = {
	"a key made in the library signs whatever its type can, and has no bytes"() {
		const registry = deviceRegistry();
		const before = KeysNative.count();
		for (const type of [KEY_P256, KEY_P384, KEY_RSA]) {
			const key = PsaPrivateKey.generate(type);
			equal(KeysNative.count(), before + 1);
			equal(key.type, type);
			equal(key.bytes.length, 0);
			const algorithm = registry.signature(type);
			if (algorithm === undefined) throw new Error("no algorithm");
			for (const scheme of algorithm.schemes) {
				const sign = algorithm.createSign(registry);
				equal(status(sign, scheme, key), DONE, `scheme ${scheme}`);
				const verify = algorithm.createVerify(registry);
				verify.start(scheme, key.publicKey, message, 0, message.length, sign.signature, 0, sign.signatureLength);
				equal(verify.step(1000), DONE, `scheme ${scheme}`);
			}
			key.destroy();
			equal(KeysNative.count(), before);
			key.destroy();
		}
	},
	"other providers refuse it, and so does ours when it is gone"() {
		const registry = deviceRegistry();
		const key = PsaPrivateKey.generate(KEY_P256);
		equal(status(new EcdsaSign(p256, registry), 0x0403, key), PRIVATE_KEY_REFUSED);
		const sign = registry.signature(KEY_P256)?.createSign(registry) as SignJob;
		equal(status(sign, 0x0403, { type: KEY_P256, bytes: key.bytes }), PRIVATE_KEY_REFUSED);
		equal(status(sign, 0x0403, key), DONE);
		key.destroy();
		equal(status(sign, 0x0403, key), PRIVATE_KEY_REFUSED);
	},
	"a key that others made is opened by its id and left where it is"() {
		const registry = deviceRegistry();
		const id = KeysNative.foreign(0);
		let key: PsaPrivateKey | undefined = PsaPrivateKey.open(id);
		equal(key.type, KEY_P256);
		equal(key.id, id);
		const sign = registry.signature(KEY_P256)?.createSign(registry) as SignJob;
		equal(status(sign, 0x0403, key), DONE, "what it is for");
		equal(status(sign, 0x0503, key), PRIVATE_KEY_REFUSED, "a hash that it isn't for");
		key = undefined;
		collect();
		equal(PsaPrivateKey.has(id), true);
		PsaPrivateKey.open(id).destroy();
		equal(PsaPrivateKey.has(id), false);
	},
	"what is wrong with a key is said"() {
		const said: [number, RegExp][] = [
			[1, /PSA key \d+: it may not sign hashes/],
			[2, /PSA key \d+: neither of P-256 or P-384 nor of RSA/],
			[3, /PSA key \d+: neither of P-256 or P-384 nor of RSA/],
		];
		for (const [what, text] of said) {
			const id = KeysNative.foreign(what);
			equal(PsaPrivateKey.has(id), true);
			equal(
				text.test(whatIsSaid(() => PsaPrivateKey.open(id))),
				true,
				whatIsSaid(() => PsaPrivateKey.open(id)),
			);
			KeysNative.destroy(id);
		}
		equal(
			whatIsSaid(() => PsaPrivateKey.open(0x12345)),
			"Error: PSA key 74565: there is none",
		);
		for (const id of [0, -1, 1.5, 0x80000000])
			equal(
				whatIsSaid(() => PsaPrivateKey.open(id)),
				"RangeError: a PSA key's id is 1 to 2147483647",
			);
		equal(
			whatIsSaid(() => PsaPrivateKey.generate(KEY_ED25519)),
			"RangeError: no PSA keys of type 5",
		);
		for (const bits of [1024, 8192])
			equal(
				whatIsSaid(() => PsaPrivateKey.generate(KEY_RSA, 0, bits)),
				"RangeError: RSA has 2048 to 4096 bits",
			);
	},
	"a key in memory goes when nobody has it any more; without a place for it that is said"() {
		collect();
		const before = KeysNative.count();
		for (let i = 0; i < MANY; i++) PsaPrivateKey.generate(KEY_P256);
		collect();
		equal(KeysNative.count(), before);
		const held: PsaPrivateKey[] = [];
		let text = "";
		while (held.length < MANY && text === "") text = whatIsSaid(() => held.push(PsaPrivateKey.generate(KEY_P256))).replace("nothing was thrown", "");
		if (held.length < MANY) equal(text, "Error: PSA Crypto: -141 (no memory, or no place for a key)"); // Mbed TLS 3.6 makes more places
		for (const key of held) key.destroy();
		equal(KeysNative.count(), before);
	},
	"private keys of key exchanges are made in the library, and go with what they were for"() {
		const before = KeysNative.count();
		for (const algorithm of [psaX25519, psaSecp256r1, psaSecp384r1]) {
			const client = algorithm.create();
			const server = algorithm.create();
			client.begin(nativeEntropy);
			equal(client.step(1), DONE);
			server.respond(nativeEntropy, client.share, 0, client.shareLength);
			while (server.step(1) === WORKING);
			client.receive(server.share, 0, server.shareLength);
			equal(client.step(1), DONE);
			equal(String(client.secret), String(server.secret));
			equal(KeysNative.count(), before);
			client.begin(nativeEntropy);
			const other = String(client.share);
			client.step(1);
			equal(String(client.share) === other, false);
			client.begin(nativeEntropy); // in place of the one before
			equal(KeysNative.count(), before + 1);
			client.wipe();
			equal(KeysNative.count(), before);
			client.receive(server.share, 0, server.shareLength);
			equal(client.step(1) === DONE, false, "wiped");
		}
	},
	"both sides of TLS 1.3 and 1.2 prove keys that only the library has, and no connection leaves a place taken"() {
		const registry = deviceRegistry();
		const pki = new TestPki(registry);
		const keys = [PsaPrivateKey.generate(KEY_P256), PsaPrivateKey.generate(KEY_P384), PsaPrivateKey.generate(KEY_RSA)];
		for (const key of keys)
			for (const version of [TLS_1_3, TLS_1_2]) {
				const common = { entropy: nativeEntropy, minimumVersion: version, maximumVersion: version };
				const options: PairOptions = {
					client: { ...common, credentials: [credentialOf(pki, key, "device", PURPOSE_CLIENT)] },
					server: { ...common, credentials: [credentialOf(pki, key, "localhost", PURPOSE_SERVER)], verifyClient: "require", peerName: "device" },
				};
				const what = `key type ${key.type}, version ${version}`;
				collect();
				const before = KeysNative.count();
				for (let i = 0; i < 12; i++) {
					const pair = new Pair(pki, registry, options);
					if (i === 0) pair.run();
					else for (let turns = 0; turns < 3 * i; turns++) pair.turn();
					if (i === 0) equal(pair.open, true, what);
					if (i === 0) equal(KeysNative.count(), before + 4, what);
					if (i > 0) for (const { connection } of [pair.client, pair.server]) connection.networkEnd();
					pair.client.connection.close();
					pair.server.connection.close();
					if (i === 0) pair.run();
					else for (let turns = 0; turns < 20; turns++) pair.turn();
					equal(KeysNative.count(), before, `${what}, round ${i}`);
				}
			}
		for (const key of keys) key.destroy();
		const gone = new Pair(pki, registry, { server: { credentials: [credentialOf(pki, PsaPrivateKey.generate(KEY_P256), "localhost", PURPOSE_SERVER)] } });
		gone.run();
		equal(gone.open, true, "the credential keeps its key");
		const key = PsaPrivateKey.generate(KEY_P256);
		const refused = new Pair(pki, registry, { server: { credentials: [credentialOf(pki, key, "localhost", PURPOSE_SERVER)] } });
		key.destroy();
		refused.run();
		equal(refused.server.connection.failure, PRIVATE_KEY_REFUSED);
		collect();
		const aead = psaAes128Gcm.create(); // there are places
		aead.setKey(new Uint8Array(16), 0);
		aead.wipe();
	},
};
