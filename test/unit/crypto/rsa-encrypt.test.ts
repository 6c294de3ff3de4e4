// The RSA key exchange of TLS 1.2: encryption and decryption against Wycheproof and node:crypto, and that a wrong
// ciphertext can't be told from a right one.

import assert from "node:assert/strict";
import { constants, createPrivateKey, generateKeyPairSync, type KeyObject, privateDecrypt, privateEncrypt, publicEncrypt } from "node:crypto";
import { test } from "node:test";
import { PRIVATE_KEY_REFUSED, PRIVATE_KEY_RESULT_WRONG, PUBLIC_KEY_REFUSED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { Montgomery } from "polltls/crypto/public-key/montgomery";
import { PREMASTER_LENGTH, RsaDecryptJob } from "polltls/crypto/public-key/rsa-decrypt";
import { RsaEncryptJob } from "polltls/crypto/public-key/rsa-encrypt";
import { RsaPrivateKey, rsaLimits } from "polltls/crypto/public-key/rsa-key";
import { RsaPrivateOperation } from "polltls/crypto/public-key/rsa-private";
import { type Job, KEY_RSA, KEY_RSA_PSS } from "polltls/crypto/types";
import { SeededEntropy, seededEntropy } from "../../support/seeded-entropy.js";
import { fromHex, loadWycheproof, toHex, WYCHEPROOF_MISSING, type WycheproofTest } from "../../support/wycheproof.js";

function finish(job: Job, budget = 8): number {
	let status: number;
	while ((status = job.step(budget)) === WORKING);
	return status;
}
function pkcs1(key: KeyObject): Uint8Array {
	return new Uint8Array(key.export({ type: "pkcs1", format: "der" }));
}
function premasterOf(version: number, random: Uint8Array): Uint8Array {
	return Uint8Array.from([version >> 8, version & 255, ...random]);
}
/** The secret that a job with this seed makes of a wrong ciphertext. */
function rejected(seed: string, version = 0x0303): string {
	return toHex(premasterOf(version, new SeededEntropy(seed).bytes(46)));
}
function decrypt(key: Uint8Array, ciphertext: Uint8Array, seed: string, version = 0x0303, budget = 8): string {
	const job = new RsaDecryptJob(rsaLimits);
	const bytes = Uint8Array.from([9, ...ciphertext, 9]);
	job.start({ type: KEY_RSA, bytes: key }, bytes, 1, bytes.length - 1, new SeededEntropy(seed), version);
	bytes.fill(0); // it was read
	assert.equal(finish(job, budget), DONE);
	return toHex(job.premaster);
}

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicBytes = pkcs1(pair.publicKey);
const privateBytes = pkcs1(pair.privateKey);
const modulus = BigInt(`0x${Buffer.from(pair.publicKey.export({ format: "jwk" }).n as string, "base64url").toString("hex")}`);
const pkcs1Padding = { padding: constants.RSA_PKCS1_PADDING };

function encryptNode(message: Uint8Array, key = pair.publicKey): Uint8Array {
	return new Uint8Array(publicEncrypt({ key, ...pkcs1Padding }, message));
}
/** Encrypts an encoded message as it stands. */
function encryptRaw(encoded: Uint8Array): Uint8Array {
	return new Uint8Array(publicEncrypt({ key: pair.publicKey, padding: constants.RSA_NO_PADDING }, encoded));
}

interface DecryptVector extends WycheproofTest {
	msg: string;
	ct: string;
}
interface DecryptGroup {
	privateKeyPkcs8: string;
}

for (const size of [2048, 3072, 4096])
	test(`Wycheproof: PKCS#1 v1.5 decryption, ${size} bits`, (t) => {
		const file = loadWycheproof<DecryptVector, DecryptGroup>(`rsa_pkcs1_${size}_test`);
		if (!file) return t.skip(WYCHEPROOF_MISSING);
		let operations = 0;
		for (const group of file.testGroups) {
			const key = pkcs1(createPrivateKey({ key: Buffer.from(group.privateKeyPkcs8, "hex"), format: "der", type: "pkcs8" }));
			const decoded = new RsaPrivateKey();
			assert.ok(decoded.decode(key, rsaLimits));
			for (const vector of group.tests) {
				const name = `tcId ${vector.tcId}: ${vector.comment}`;
				// None of the messages is a premaster secret: valid or not, each ciphertext gives the random one
				assert.notEqual(vector.msg.length / 2, PREMASTER_LENGTH);
				assert.equal(decrypt(key, fromHex(vector.ct), name), rejected(name), name);
				if (vector.result !== "valid") continue;
				// And what is under the padding must be right
				const operation = new RsaPrivateOperation();
				operation.start(decoded, BigInt(`0x${vector.ct}`), new SeededEntropy(name));
				while (!operation.done) operation.advance();
				assert.ok(operation.right, name);
				const encoded = fromHex(operation.result.toString(16).padStart(size / 4, "0"));
				assert.deepEqual([encoded[0], encoded[1]], [0, 2], name);
				assert.equal(toHex(encoded.subarray(encoded.indexOf(0, 2) + 1)), vector.msg, name);
				operations++;
			}
		}
		assert.ok(operations > 20);
	});

for (const bits of [2048, 3072, 4096])
	test(`both ways with node:crypto, ${bits} bits`, (t) => {
		const entropy = seededEntropy(t);
		const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
		for (let i = 0; i < 3; i++) {
			const premaster = premasterOf(0x0303, entropy.bytes(46));
			assert.equal(decrypt(pkcs1(privateKey), encryptNode(premaster, publicKey), "ways"), toHex(premaster));
			const job = new RsaEncryptJob(rsaLimits);
			const key = Uint8Array.from([1, ...pkcs1(publicKey)]);
			const message = Uint8Array.from([7, ...premaster, 7]);
			job.start({ type: KEY_RSA, bytes: key, at: 1, end: key.length }, message, 1, 49, entropy);
			key.fill(0);
			message.fill(0); // both were read
			assert.equal(finish(job), DONE);
			assert.equal(job.ciphertextLength, bits / 8);
			// RSA_NO_PADDING: some OpenSSL builds of Node refuse the padding of RSAES-PKCS1-v1_5 here
			const encoded = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, job.ciphertext.subarray(0, job.ciphertextLength));
			assert.equal(encoded[0], 0);
			assert.equal(encoded[1], 2);
			assert.equal(encoded.indexOf(0, 2), encoded.length - 49);
			assert.equal(toHex(encoded.subarray(-48)), toHex(premaster));
			assert.equal(decrypt(pkcs1(privateKey), job.ciphertext.slice(0, job.ciphertextLength), "ways"), toHex(premaster));
		}
	});

test("padding is never zero, whatever the entropy gives", () => {
	let calls = 0;
	const zeros = {
		fill(bytes: Uint8Array, at: number, end: number) {
			calls++;
			bytes.fill(calls % 3 === 0 ? 5 : 0, at, end);
		},
	};
	const job = new RsaEncryptJob(rsaLimits);
	job.start({ type: KEY_RSA, bytes: publicBytes, at: 0, end: publicBytes.length }, new Uint8Array(48), 0, 48, zeros);
	assert.equal(finish(job), DONE);
	const encoded = privateDecrypt({ key: pair.privateKey, padding: constants.RSA_NO_PADDING }, job.ciphertext);
	assert.equal(encoded.indexOf(0, 2), 256 - 49);
});

test("every wrong padding, length and version gives what an attacker can't tell from a secret", () => {
	const encoded = new Uint8Array(256).fill(0xa5);
	encoded[0] = 0;
	encoded[1] = 2;
	encoded[207] = 0;
	encoded[208] = 3;
	encoded[209] = 3;
	const right = toHex(encoded.subarray(208));
	const secret = (bytes: Uint8Array) => decrypt(privateBytes, encryptRaw(bytes), "wrong");
	assert.equal(secret(encoded), right);
	for (const at of [1, 2, 3, 9, 10, 100, 205, 206, 207])
		for (const value of at === 1 ? [0, 1, 3, 0xff] : at === 207 ? [1, 0x80, 0xff] : [0]) {
			const wrong = encoded.slice();
			wrong[at] = value;
			assert.equal(secret(wrong), rejected("wrong"), `byte ${at} = ${value}`);
		}
	const first = encoded.slice();
	first[0] = 1;
	if (BigInt(`0x${toHex(first)}`) < modulus) assert.equal(secret(first), rejected("wrong"));
	for (const length of [0, 1, 46, 47, 49, 50, 245])
		assert.equal(decrypt(privateBytes, encryptNode(new Uint8Array(length).fill(3)), "wrong"), rejected("wrong"));
	// Another version than the ClientHello's: the secret has the ClientHello's, so the client's Finished won't fit
	encoded[209] = 1;
	assert.equal(secret(encoded), right);
	assert.equal(decrypt(privateBytes, encryptRaw(encoded), "wrong", 0xfefd), `fefd${right.slice(4)}`);
	for (const value of [0n, 1n, modulus - 1n, modulus, modulus + 2n, (1n << 2048n) - 1n])
		assert.equal(decrypt(privateBytes, fromHex(value.toString(16).padStart(512, "0")), "wrong"), rejected("wrong"));
	for (const length of [0, 1, 255, 257, 512, 513, 600]) assert.equal(decrypt(privateBytes, new Uint8Array(length).fill(1), "wrong"), rejected("wrong"));
	// A signature's padding
	const signature = new Uint8Array(privateEncrypt({ key: pair.privateKey, ...pkcs1Padding }, encoded.subarray(208)));
	assert.equal(decrypt(privateBytes, signature, "wrong"), rejected("wrong"));
});

/** Multiplications and steps of one decryption. */
function work(ciphertext: Uint8Array): string {
	const original = Montgomery.prototype.reduce;
	let count = 0;
	Montgomery.prototype.reduce = function (value: bigint): bigint {
		count++;
		return original.call(this, value);
	};
	const job = new RsaDecryptJob(rsaLimits);
	let steps = 0;
	try {
		job.start({ type: KEY_RSA, bytes: privateBytes }, ciphertext, 0, ciphertext.length, new SeededEntropy("work"), 0x0303);
		while (job.step(8) === WORKING) steps++;
	} finally {
		Montgomery.prototype.reduce = original;
	}
	return `${count} multiplications, ${steps} steps`;
}

test("right and wrong ciphertexts take the same work", () => {
	const right = work(encryptNode(premasterOf(0x0303, new Uint8Array(46).fill(5))));
	assert.equal(work(encryptNode(new Uint8Array(20))), right);
	assert.equal(work(encryptRaw(new Uint8Array(256).fill(1))), right);
	assert.equal(work(new Uint8Array(256)), right);
	assert.equal(work(new Uint8Array(13)), right);
});

test("a job gives the same at any budget; it may be wiped before any step, and used again", () => {
	const premaster = premasterOf(0x0303, new Uint8Array(46).fill(0x5a));
	const ciphertext = encryptNode(premaster);
	for (const budget of [1, 8, 50, 1e9]) assert.equal(decrypt(privateBytes, ciphertext, "budget", 0x0303, budget), toHex(premaster));
	const job = new RsaDecryptJob(rsaLimits);
	const start = () => job.start({ type: KEY_RSA, bytes: privateBytes }, ciphertext, 0, 256, new SeededEntropy("wipe"), 0x0303);
	for (const stop of [0, 1, 2, 5, 40, 60, 300, 1000]) {
		start();
		for (let i = 0; i < stop; i++) assert.equal(job.step(1), WORKING);
		job.wipe();
		assert.ok(job.premaster.every((byte) => byte === 0));
		assert.equal(job.step(8), PRIVATE_KEY_REFUSED);
	}
	start();
	assert.equal(finish(job), DONE);
	assert.equal(toHex(job.premaster), toHex(premaster));
	const encrypt = new RsaEncryptJob(rsaLimits);
	const begin = () => encrypt.start({ type: KEY_RSA, bytes: publicBytes, at: 0, end: publicBytes.length }, premaster, 0, 48, new SeededEntropy("wipe"));
	begin();
	assert.equal(encrypt.step(1e9), DONE);
	const expected = toHex(encrypt.ciphertext);
	for (const stop of [0, 1, 2, 5, 10]) {
		begin();
		for (let i = 0; i < stop; i++) assert.equal(encrypt.step(1), WORKING);
		encrypt.wipe();
		assert.equal(encrypt.ciphertextLength, 0);
		assert.equal(encrypt.step(8), PUBLIC_KEY_REFUSED);
	}
	begin();
	assert.equal(finish(encrypt, 1), DONE);
	assert.equal(toHex(encrypt.ciphertext), expected);
});

test("keys that can't be used are refused, and a faulty machine lets nothing out", () => {
	const job = new RsaDecryptJob(rsaLimits);
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
	for (const key of [
		{ type: KEY_RSA, bytes: pkcs1(small.privateKey) },
		{ type: KEY_RSA, bytes: new Uint8Array(0) },
		{ type: KEY_RSA_PSS, bytes: privateBytes },
	]) {
		job.start(key, new Uint8Array(256), 0, 256, new SeededEntropy("keys"), 0x0303);
		assert.equal(finish(job), PRIVATE_KEY_REFUSED);
	}
	const encrypt = new RsaEncryptJob(rsaLimits);
	const smallBytes = pkcs1(small.publicKey);
	for (const [type, bytes] of [[KEY_RSA, smallBytes] as const, [KEY_RSA, new Uint8Array(0)] as const, [KEY_RSA_PSS, publicBytes] as const]) {
		encrypt.start({ type, bytes, at: 0, end: bytes.length }, new Uint8Array(48), 0, 48, new SeededEntropy("keys"));
		assert.equal(finish(encrypt), PUBLIC_KEY_REFUSED);
	}
	assert.throws(() =>
		encrypt.start({ type: KEY_RSA, bytes: publicBytes, at: 0, end: publicBytes.length }, new Uint8Array(246), 0, 246, new SeededEntropy("keys")),
	);
	const original = Montgomery.prototype.reduce;
	let left = 1500;
	Montgomery.prototype.reduce = function (value: bigint): bigint {
		return original.call(this, value) ^ (left-- === 0 ? 1n << 99n : 0n);
	};
	try {
		job.start({ type: KEY_RSA, bytes: privateBytes }, encryptNode(new Uint8Array(48)), 0, 256, new SeededEntropy("faulty"), 0x0303);
		assert.equal(finish(job), PRIVATE_KEY_RESULT_WRONG);
		assert.ok(job.premaster.every((byte) => byte === 0));
	} finally {
		Montgomery.prototype.reduce = original;
	}
});
