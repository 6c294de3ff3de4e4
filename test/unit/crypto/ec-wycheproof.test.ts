// Project Wycheproof's vectors for Diffie-Hellman and ECDSA on P-256 and P-384, X25519 and Ed25519.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DER_BIT_STRING, DER_OID, DER_SEQUENCE, openDer } from "polltls/base/der";
import { KEY_SHARE_REFUSED, SIGNATURE_WRONG } from "polltls/base/failure";
import { Reader } from "polltls/base/reader";
import { DONE } from "polltls/base/status";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { p256Order } from "polltls/crypto/public-key/p256-curve";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { p384Order } from "polltls/crypto/public-key/p384-curve";
import { x25519 } from "polltls/crypto/public-key/x25519";
import type { KeyExchangeAlgorithm, SignatureAlgorithm } from "polltls/crypto/types";
import { finish, ScriptedEntropy } from "../../support/jobs.js";
import { nodeHashes } from "../../support/node-hashes.js";
import { fromHex, loadWycheproof, toHex, WYCHEPROOF_MISSING, type WycheproofTest } from "../../support/wycheproof.js";

interface EcdhTest extends WycheproofTest {
	public: string;
	private: string;
	shared: string;
}

/** The raw point of a SubjectPublicKeyInfo for a named curve, or undefined if it isn't one. */
function pointOf(spki: Uint8Array, curveOid: string): Uint8Array | undefined {
	const reader = new Reader();
	reader.reset(spki, 0, spki.length);
	const outer = openDer(reader, DER_SEQUENCE);
	const algorithm = openDer(reader, DER_SEQUENCE);
	const oids = ["2a8648ce3d0201", curveOid].map((expected) => {
		const mark = openDer(reader, DER_OID);
		const length = reader.end - reader.at;
		const at = reader.take(length);
		reader.close(mark);
		return toHex(spki.subarray(at, at + length)) === expected;
	});
	reader.close(algorithm);
	const bits = openDer(reader, DER_BIT_STRING);
	if (reader.u8() !== 0) return undefined;
	const length = reader.end - reader.at;
	const at = reader.take(length);
	reader.close(bits);
	reader.close(outer);
	return reader.finished() && oids.every(Boolean) ? spki.subarray(at, at + length) : undefined;
}

function scalarBytes(value: bigint, length: number): Uint8Array {
	return fromHex(value.toString(16).padStart(2 * length, "0"));
}

function ecdh(file: string, algorithm: KeyExchangeAlgorithm, order: bigint, length: number, curveOid?: string): void {
	test(`Wycheproof ${file}`, (t) => {
		const vectors = loadWycheproof<EcdhTest>(file);
		if (!vectors) return t.skip(WYCHEPROOF_MISSING);
		let refused = 0;
		for (const group of vectors.testGroups)
			for (const vector of group.tests) {
				const encoded = fromHex(vector.public);
				const peer = curveOid ? pointOf(encoded, curveOid) : encoded;
				const compressed = peer && (peer[0] & 0xfe) === 2;
				if (!peer) {
					// Not a key on this curve at all
					assert.notEqual(vector.result, "valid", `${vector.tcId} ${vector.comment}`);
					continue;
				}
				// The private key is drawn as a number of 8 bytes more, modulo order - 1, plus 1
				const exchange = algorithm.create();
				exchange.respond(new ScriptedEntropy(scalarBytes((BigInt(`0x${vector.private}`) % order) - 1n, length + 8)), peer, 0, peer.length);
				const status = finish(exchange);
				if (vector.result === "valid" && !compressed) {
					assert.equal(status, DONE, `${vector.tcId} ${vector.comment}`);
					assert.equal(toHex(exchange.secret), vector.shared, `${vector.tcId} ${vector.comment}`);
				} else {
					refused++;
					if (status === DONE) assert.equal(toHex(exchange.secret), vector.shared, `${vector.tcId} ${vector.comment}`);
					if (status === DONE) assert.equal(vector.result, "acceptable", `${vector.tcId} ${vector.comment}`);
					else assert.equal(status, KEY_SHARE_REFUSED, `${vector.tcId} ${vector.comment}`);
				}
			}
		assert.ok(refused > 0);
	});
}
ecdh("ecdh_secp256r1_ecpoint_test", secp256r1, p256Order.p, 32);
ecdh("ecdh_secp256r1_test", secp256r1, p256Order.p, 32, "2a8648ce3d030107");
ecdh("ecdh_secp384r1_ecpoint_test", secp384r1, p384Order.p, 48);
ecdh("ecdh_secp384r1_test", secp384r1, p384Order.p, 48, "2b81040022");

test("Wycheproof x25519_test", (t) => {
	const vectors = loadWycheproof<EcdhTest>("x25519_test");
	if (!vectors) return t.skip(WYCHEPROOF_MISSING);
	let zeros = 0;
	for (const group of vectors.testGroups)
		for (const vector of group.tests) {
			const peer = fromHex(vector.public);
			const exchange = x25519.create();
			exchange.respond(new ScriptedEntropy(fromHex(vector.private)), peer, 0, peer.length);
			const status = finish(exchange);
			const isZero = /^0+$/.test(vector.shared);
			assert.equal(status, isZero ? KEY_SHARE_REFUSED : DONE, `${vector.tcId} ${vector.comment}`);
			if (isZero) zeros++;
			else assert.equal(toHex(exchange.secret), vector.shared, `${vector.tcId} ${vector.comment}`);
		}
	assert.ok(zeros > 0);
});

interface EcdsaTest extends WycheproofTest {
	msg: string;
	sig: string;
}

function ecdsa(file: string, algorithm: SignatureAlgorithm, scheme: number): void {
	test(`Wycheproof ${file}`, (t) => {
		const vectors = loadWycheproof<EcdsaTest, { publicKey: { uncompressed: string } }>(file);
		if (!vectors) return t.skip(WYCHEPROOF_MISSING);
		const job = algorithm.createVerify(nodeHashes);
		for (const group of vectors.testGroups) {
			const bytes = fromHex(group.publicKey.uncompressed);
			const key = { type: algorithm.keyType, bytes, at: 0, end: bytes.length };
			for (const vector of group.tests) {
				const message = fromHex(vector.msg);
				const signature = fromHex(vector.sig);
				job.start(scheme, key, message, 0, message.length, signature, 0, signature.length);
				assert.equal(finish(job), vector.result === "valid" ? DONE : SIGNATURE_WRONG, `${vector.tcId} ${vector.comment}`);
			}
		}
	});
}
ecdsa("ecdsa_secp256r1_sha256_test", ecdsaP256, 0x0403);
ecdsa("ecdsa_secp256r1_sha512_test", ecdsaP256, 0x0603);
ecdsa("ecdsa_secp384r1_sha256_test", ecdsaP384, 0x0403);
ecdsa("ecdsa_secp384r1_sha384_test", ecdsaP384, 0x0503);
ecdsa("ecdsa_secp384r1_sha512_test", ecdsaP384, 0x0603);

test("Wycheproof ed25519_test", (t) => {
	const vectors = loadWycheproof<EcdsaTest, { publicKey: { pk: string } }>("ed25519_test");
	if (!vectors) return t.skip(WYCHEPROOF_MISSING);
	const job = ed25519.createVerify(nodeHashes);
	for (const group of vectors.testGroups) {
		const bytes = fromHex(group.publicKey.pk);
		const key = { type: ed25519.keyType, bytes, at: 0, end: bytes.length };
		for (const vector of group.tests) {
			const message = fromHex(vector.msg);
			const signature = fromHex(vector.sig);
			job.start(0x0807, key, message, 0, message.length, signature, 0, signature.length);
			assert.equal(finish(job), vector.result === "valid" ? DONE : SIGNATURE_WRONG, `${vector.tcId} ${vector.comment}`);
		}
	}
});
