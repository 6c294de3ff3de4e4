// The suites table against the names of the suites as another implementation lists them, and what registries make of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { nobleAes128Ccm8, nobleAes128Gcm, nobleChaCha20Poly1305 } from "polltls/crypto/noble/aeads";
import { nobleAes128Cbc } from "polltls/crypto/noble/block-ciphers";
import { nobleSha1, nobleSha256, nobleSha384 } from "polltls/crypto/noble/hashes";
import { Registry } from "polltls/crypto/registry";
import {
	ANY,
	BY_ANY,
	BY_ECDSA,
	BY_PSK,
	BY_RSA,
	DHE,
	DHE_PSK,
	ECDHE,
	ECDHE_PSK,
	findSuite,
	NO_MAC,
	offeredSuites,
	PSK,
	RSA,
	registeredSuite,
	type Suite,
	suites,
} from "polltls/crypto/suites";
import * as types from "polltls/crypto/types";

const EXCHANGES: Record<string, [number, number]> = {
	ECDHE_ECDSA: [ECDHE, BY_ECDSA],
	ECDHE_RSA: [ECDHE, BY_RSA],
	DHE_RSA: [DHE, BY_RSA],
	ECDHE_PSK: [ECDHE_PSK, BY_PSK],
	DHE_PSK: [DHE_PSK, BY_PSK],
	PSK_DHE: [DHE_PSK, BY_PSK], // as RFC 6655 writes it for CCM_8
	PSK: [PSK, BY_PSK],
	RSA: [RSA, BY_RSA],
};
const HASHES: Record<string, number> = { SHA: types.sha1, SHA256: types.sha256, SHA384: types.sha384 };

/** What a name says: RFC 5246 A.5 (CBC), 5288, 5487, 7905 (hash of the PRF in the name), 6655 (without one: SHA-256). */
function suiteOfName(number: number, name: string): Suite {
	const tls13 = /^TLS_(AES|CHACHA20)/.test(name);
	const parts = tls13 ? /^TLS_()(.*?)_(SHA\d+)$/.exec(name)! : /^TLS_(.*)_WITH_(.*?)(?:_(SHA\d*))?$/.exec(name)!;
	const [, exchange, bulk, hash] = parts;
	const block = bulk.endsWith("_CBC");
	const version = tls13 ? 0x0304 : 0x0303;
	return {
		number,
		exchange: tls13 ? ANY : EXCHANGES[exchange][0],
		authentication: tls13 ? BY_ANY : EXCHANGES[exchange][1],
		bulk: (types as unknown as Record<string, number>)[block ? bulk : `AEAD_${bulk}`],
		mac: block ? HASHES[hash] : NO_MAC,
		hash: hash === "SHA384" ? types.sha384 : types.sha256,
		minimum: block && hash === "SHA" ? 0x0301 : version,
		maximum: version,
	};
}

test("each row says what the suite's name says, and no suite is missing", () => {
	const lines = readFileSync(new URL("../../vectors/cipher-suites.txt", import.meta.url), "utf8").split("\n");
	const named = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(" "));
	for (const [number, name] of named) {
		const suite = findSuite(parseInt(number, 16));
		assert.ok(suite, `${name} is missing`);
		assert.deepEqual({ ...suite }, suiteOfName(parseInt(number, 16), name), name);
	}
	assert.equal(suites.length, named.length);
	assert.equal(new Set(suites.map((suite) => suite.number)).size, suites.length);
	assert.equal(findSuite(0x0005), undefined); // RC4
	assert.ok(suites.length > 60);
});

function registryOf(hashes: types.HashAlgorithm[], bulks: types.BulkAlgorithm[]): Registry {
	const registry = new Registry();
	for (const hash of hashes) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of bulks) registry.registerBulk(registry.bulks.length, bulk);
	return registry;
}
const numbers = (offered: readonly Suite[]): string => offered.map((suite) => suite.number.toString(16)).join(" ");
const group = (number: number): types.KeyExchangeAlgorithm => ({ group: number }) as types.KeyExchangeAlgorithm;
const keyType = (type: number): types.SignatureAlgorithm => ({ keyType: type }) as types.SignatureAlgorithm;

test("a suite is registered when its cipher, its hashes, its exchange and its keys are", () => {
	const registry = registryOf([nobleSha256], [nobleAes128Ccm8, nobleAes128Cbc]);
	assert.equal(numbers(offeredSuites(registry)), "1305 c0a8 ae");
	registry.registerHash(1, nobleSha1);
	assert.equal(numbers(offeredSuites(registry)), "1305 c0a8 ae 8c");
	registry.registerKeyExchange(0, group(29));
	assert.equal(numbers(offeredSuites(registry)), "1305 d003 c037 c035 c0a8 ae 8c");
	registry.registerSign(0, keyType(types.KEY_ED25519));
	assert.equal(numbers(offeredSuites(registry)), "1305 c0ae c023 c009 d003 c037 c035 c0a8 ae 8c");
	registry.registerSign(0, keyType(types.KEY_RSA_PSS));
	registry.registerKeyExchange(0, group(256));
	assert.equal(numbers(offeredSuites(registry)), "1305 c0a2 67 33 c0aa b2 90 c0a8 ae 8c c0a0 3c 2f");
	for (const suite of offeredSuites(registry)) assert.equal(registeredSuite(registry, suite), true);
	assert.equal(registeredSuite(registry, findSuite(0x1301)!), false);
});

test("the hybrid group and 1.3's finite fields make no ECDHE suite", () => {
	const registry = registryOf([nobleSha256], [nobleAes128Gcm]);
	registry.registerKeyExchange(0, group(0x11ec));
	assert.equal(numbers(offeredSuites(registry)), "1301 a8");
});

test("the offer follows the order of the bulk ciphers in the registry", () => {
	const hashes = [nobleSha256, nobleSha384];
	assert.equal(numbers(offeredSuites(registryOf(hashes, [nobleChaCha20Poly1305, nobleAes128Gcm]))), "1303 1301 ccab a8");
	assert.equal(numbers(offeredSuites(registryOf(hashes, [nobleAes128Gcm, nobleChaCha20Poly1305]))), "1301 1303 a8 ccab");
});
