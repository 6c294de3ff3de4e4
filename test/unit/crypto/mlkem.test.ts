// X25519MLKEM768: Wycheproof's vectors for the ML-KEM part that we take, the hybrid between its own two ends, and what it refuses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { KEY_SHARE_REFUSED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { x25519MlKem768 } from "polltls/crypto/noble/x25519-mlkem768";
import type { KeyExchange } from "polltls/crypto/types";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { fromHex, loadWycheproof, toHex, WYCHEPROOF_MISSING, type WycheproofTest } from "../../support/wycheproof.js";

interface MlKemVector extends WycheproofTest {
	m: string;
	seed: string;
	ek: string;
	dk: string;
	c: string;
	K: string;
}

function finish(job: KeyExchange, budget = 8): number {
	let result: number;
	do result = job.step(budget);
	while (result === WORKING);
	return result;
}

/** Runs every vector of a file; check answers whether the operation gave the right result. */
function wycheproof(name: string, check: (vector: MlKemVector) => boolean): void {
	test(`Wycheproof ${name}`, (t) => {
		const file = loadWycheproof<MlKemVector>(name);
		if (!file) return t.skip(WYCHEPROOF_MISSING);
		let count = 0;
		for (const group of file.testGroups) {
			for (const vector of group.tests) {
				let right: boolean;
				try {
					right = check(vector);
				} catch {
					right = false;
				}
				assert.equal(right, vector.result === "valid", `${vector.tcId} ${vector.comment}`);
				count++;
			}
		}
		assert.equal(count, file.numberOfTests);
		t.diagnostic(`${count} vectors`);
	});
}

wycheproof("mlkem_768_keygen_seed_test", ({ seed, ek, dk }) => {
	const { publicKey, secretKey } = ml_kem768.keygen(fromHex(seed));
	return toHex(publicKey) === ek && toHex(secretKey) === dk;
});
wycheproof("mlkem_768_encaps_test", ({ m, ek, c, K }) => {
	const { cipherText, sharedSecret } = ml_kem768.encapsulate(fromHex(ek), fromHex(m));
	return toHex(cipherText) === c && toHex(sharedSecret) === K;
});
wycheproof("mlkem_768_test", ({ seed, c, K }) => toHex(ml_kem768.decapsulate(fromHex(c), ml_kem768.keygen(fromHex(seed)).secretKey)) === K);

test("both ends get the same secret, whatever the budget", () => {
	for (const budget of [1, 8, 100000]) {
		const client = x25519MlKem768.create();
		const server = x25519MlKem768.create();
		client.begin(nodeEntropy);
		assert.equal(finish(client, budget), DONE);
		assert.equal(client.shareLength, 1216);
		server.respond(nodeEntropy, client.share, 0, client.shareLength);
		assert.equal(finish(server, budget), DONE);
		assert.equal(server.shareLength, 1120);
		client.receive(server.share, 0, server.shareLength);
		assert.equal(finish(client, budget), DONE);
		assert.deepEqual(client.secret, server.secret);
		assert.notDeepEqual(client.secret, new Uint8Array(64));
		client.wipe();
		assert.deepEqual(client.secret, new Uint8Array(64));
	}
});

test("shares that can't be right are refused", () => {
	const client = x25519MlKem768.create();
	client.begin(nodeEntropy);
	finish(client);
	const share = client.share.slice(0, client.shareLength);
	const respond = (bytes: Uint8Array): number => {
		const server = x25519MlKem768.create();
		server.respond(nodeEntropy, bytes, 0, bytes.length);
		return finish(server);
	};
	assert.equal(respond(share.subarray(1)), KEY_SHARE_REFUSED, "too short");
	assert.equal(respond(share.slice().fill(0xff, 0, 3)), KEY_SHARE_REFUSED, "a coefficient over the modulus (FIPS 203 7.2)");
	assert.equal(respond(share.slice().fill(0, 1184)), KEY_SHARE_REFUSED, "X25519 of zero");
	client.receive(share, 0, 100);
	assert.equal(finish(client), KEY_SHARE_REFUSED, "a ciphertext of the wrong length");
	assert.equal(x25519MlKem768.create().step(8), KEY_SHARE_REFUSED, "nothing was begun");
});
