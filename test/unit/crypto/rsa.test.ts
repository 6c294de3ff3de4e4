// RSA signatures: against Wycheproof, both ways against node:crypto, in slices of any size, and abandoned anywhere.

import assert from "node:assert/strict";
import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, generatePrimeSync, type KeyObject, sign, verify } from "node:crypto";
import { test } from "node:test";
import { PRIVATE_KEY_REFUSED, PRIVATE_KEY_RESULT_WRONG, PUBLIC_KEY_REFUSED, SIGNATURE_WRONG } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { Montgomery } from "polltls/crypto/public-key/montgomery";
import { RsaSignatures, rsa, rsaPss } from "polltls/crypto/public-key/rsa";
import { type Job, KEY_RSA, KEY_RSA_PSS, type KeyType, type SignatureAlgorithm } from "polltls/crypto/types";
import { nodeHashes } from "../../support/node-hashes.js";
import { SeededEntropy, seededEntropy } from "../../support/seeded-entropy.js";
import { fromHex, loadWycheproof, WYCHEPROOF_MISSING, type WycheproofTest } from "../../support/wycheproof.js";

const message = new TextEncoder().encode("a message to be signed");

function finish(job: Job, budget = 8): number {
	let status: number;
	while ((status = job.step(budget)) === WORKING);
	return status;
}

function check(algorithm: SignatureAlgorithm, scheme: number, key: Uint8Array, text: Uint8Array, signature: Uint8Array, budget = 8): number {
	const job = algorithm.createVerify(nodeHashes);
	job.start(scheme, { type: algorithm.keyType, bytes: key, at: 0, end: key.length }, text, 0, text.length, signature, 0, signature.length);
	return finish(job, budget);
}

function pkcs1(key: KeyObject): Uint8Array {
	return new Uint8Array(key.export({ type: "pkcs1", format: "der" }));
}

/** The hash's name, and node:crypto's options for a scheme. */
function nodeOptions(scheme: number): { hash: string; padding: number; saltLength?: number } {
	if (scheme < 0x0800) return { hash: ["sha256", "sha384", "sha512"][(scheme >> 8) - 4], padding: constants.RSA_PKCS1_PADDING };
	return {
		hash: ["sha256", "sha384", "sha512"][(scheme - 0x0804) % 5],
		padding: constants.RSA_PKCS1_PSS_PADDING,
		saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
	};
}

interface SignatureVector extends WycheproofTest {
	msg: string;
	sig: string;
}
interface SignatureGroup {
	publicKeyAsn: string;
	sha: string;
	mgfSha?: string;
	sLen?: number;
	keySize: number;
}

const schemesByHash: Record<string, number[]> = { "SHA-256": [0x0401, 0x0804], "SHA-384": [0x0501, 0x0805], "SHA-512": [0x0601, 0x0806] };

for (const size of [2048, 3072, 4096])
	for (const hash of ["sha256", "sha384", "sha512"])
		test(`Wycheproof: PKCS#1 v1.5, ${size} bits, ${hash}`, (t) => {
			const file = loadWycheproof<SignatureVector, SignatureGroup>(`rsa_signature_${size}_${hash}_test`);
			if (!file) return t.skip(WYCHEPROOF_MISSING);
			let count = 0;
			for (const group of file.testGroups)
				for (const vector of group.tests) {
					const status = check(rsa, schemesByHash[group.sha][0], fromHex(group.publicKeyAsn), fromHex(vector.msg), fromHex(vector.sig));
					// "acceptable" is a DigestInfo without NULL: not what RFC 8017 9.2 makes, so it is wrong here
					assert.equal(status, vector.result === "valid" ? DONE : SIGNATURE_WRONG, `tcId ${vector.tcId}: ${vector.comment}`);
					count++;
				}
			assert.equal(count, file.numberOfTests);
		});

for (const name of [
	"2048_sha256_mgf1_32",
	"2048_sha256_mgf1_32_params",
	"2048_sha384_mgf1_48",
	"3072_sha256_mgf1_32",
	"4096_sha256_mgf1_32",
	"4096_sha384_mgf1_48",
	"4096_sha512_mgf1_64",
	"misc",
])
	test(`Wycheproof: PSS ${name}`, (t) => {
		const file = loadWycheproof<SignatureVector, SignatureGroup>(`rsa_pss_${name}_test`);
		if (!file) return t.skip(WYCHEPROOF_MISSING);
		const lengths: Record<string, number> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };
		for (const group of file.testGroups) {
			const schemes = schemesByHash[group.sha];
			if (!schemes) continue; // SHA-1 and SHA-224 have no PSS scheme in TLS
			// TLS has but one set of parameters for each hash: any other makes a wrong signature
			const fits = group.mgfSha === group.sha && group.sLen === lengths[group.sha];
			for (const vector of group.tests) {
				const expected = fits && vector.result === "valid" ? DONE : SIGNATURE_WRONG;
				for (const [algorithm, scheme] of [[rsa, schemes[1]] as const, [rsaPss, schemes[1] + 5] as const])
					assert.equal(
						check(algorithm, scheme, fromHex(group.publicKeyAsn), fromHex(vector.msg), fromHex(vector.sig)),
						expected,
						`tcId ${vector.tcId}: ${vector.comment}`,
					);
			}
		}
	});

/** A key pair of exactly this size; OpenSSL rounds odd ones down. */
function keyPair(bits: number): { publicKey: KeyObject; privateKey: KeyObject } {
	for (;;) {
		const pair = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: bits === 2056 ? 3 : 65537 });
		if (pair.privateKey.asymmetricKeyDetails?.modulusLength === bits) return pair;
		const p = generatePrimeSync((bits + 1) / 2, { bigint: true });
		const q = generatePrimeSync((bits - 1) / 2, { bigint: true });
		const n = p * q;
		if (n.toString(2).length !== bits) continue;
		const d = inverse(65537n, (p - 1n) * (q - 1n));
		const key = derSequence([0n, n, 65537n, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)]);
		const privateKey = createPrivateKey({ key: Buffer.from(key), type: "pkcs1", format: "der" });
		return { publicKey: createPublicKey(privateKey), privateKey };
	}
}

function inverse(a: bigint, modulus: bigint): bigint {
	let [r, s, x, y] = [modulus, a % modulus, 0n, 1n];
	while (s !== 0n) [r, s, x, y] = [s, r % s, y, x - (r / s) * y];
	return ((x % modulus) + modulus) % modulus;
}

// 2049 and 2055 bits: where the encoded message of PSS is a byte shorter than the modulus, and where it has odd bits
for (const bits of [2048, 2049, 2055, 2056, 3072, 4096])
	test(`both ways with node:crypto, ${bits} bits`, (t) => {
		const entropy = seededEntropy(t);
		const keys: [SignatureAlgorithm, KeyObject, KeyObject, Uint8Array, Uint8Array][] = [];
		const { publicKey, privateKey } = keyPair(bits);
		keys.push([rsa, publicKey, privateKey, pkcs1(publicKey), pkcs1(privateKey)]);
		keys.push([rsaPss, publicKey, privateKey, pkcs1(publicKey), pkcs1(privateKey)]);
		for (const [algorithm, publicKey, privateKey, publicBytes, privateBytes] of keys)
			for (const scheme of algorithm.schemes) {
				const { hash, ...padding } = nodeOptions(scheme);
				const text = entropy.bytes(entropy.bytes(1)[0]);
				const theirs = new Uint8Array(sign(hash, text, { key: privateKey, ...padding }));
				assert.equal(check(algorithm, scheme, publicBytes, text, theirs), DONE);
				theirs[theirs.length >> 1] ^= 1;
				assert.equal(check(algorithm, scheme, publicBytes, text, theirs), SIGNATURE_WRONG);
				const job = algorithm.createSign(nodeHashes);
				job.start(scheme, { type: algorithm.keyType, bytes: privateBytes }, text, 0, text.length, entropy);
				assert.equal(finish(job), DONE);
				const ours = job.signature.slice(0, job.signatureLength);
				assert.equal(ours.length, (bits + 7) >> 3);
				assert.ok(verify(hash, text, { key: publicKey, ...padding }, ours));
				assert.equal(check(algorithm, scheme, publicBytes, text, ours), DONE);
			}
	});

const fixed = generateKeyPairSync("rsa", { modulusLength: 2048 });
const fixedPublic = pkcs1(fixed.publicKey);
const fixedPrivate = pkcs1(fixed.privateKey);

function signWith(budget: number, seed: string, key = fixedPrivate, scheme = 0x0804): { status: number; signature: string; steps: number } {
	const job = rsa.createSign(nodeHashes);
	job.start(scheme, { type: KEY_RSA, bytes: key }, message, 0, message.length, new SeededEntropy(seed));
	let steps = 1;
	let status: number;
	while ((status = job.step(budget)) === WORKING) steps++;
	return { status, signature: Buffer.from(job.signature.subarray(0, job.signatureLength)).toString("hex"), steps };
}

test("a job gives the same at any budget, and a budget bounds its steps", () => {
	const whole = signWith(1e9, "budget");
	assert.equal(whole.status, DONE);
	assert.equal(whole.steps, 1);
	for (const budget of [1, 3, 8, 100]) assert.equal(signWith(budget, "budget").signature, whole.signature);
	// 2 * 1280 multiplications of 1024 bits at half a unit, and about 50 of 2048 bits
	const { steps } = signWith(8, "budget");
	assert.ok(steps > 120 && steps < 320, `${steps} steps`);
	const signature = fromHex(whole.signature);
	for (const budget of [1, 3, 8, 1e9]) assert.equal(check(rsa, 0x0804, fixedPublic, message, signature, budget), DONE);
	assert.equal(check(rsa, 0x0805, fixedPublic, message, signature), SIGNATURE_WRONG);
});

test("a job may be wiped before any step, and used again", () => {
	const expected = signWith(8, "wipe").signature;
	const { steps } = signWith(1, "wipe");
	const job = rsa.createSign(nodeHashes);
	const start = () => job.start(0x0804, { type: KEY_RSA, bytes: fixedPrivate }, message, 0, message.length, new SeededEntropy("wipe"));
	for (let stop = 0; stop < steps; stop += 1 + (stop >> 3)) {
		start();
		for (let i = 0; i < stop; i++) assert.equal(job.step(1), WORKING);
		job.wipe();
		assert.equal(job.signatureLength, 0);
		assert.notEqual(job.step(8), DONE);
	}
	start();
	assert.equal(finish(job), DONE);
	assert.equal(Buffer.from(job.signature).toString("hex"), expected);
	assert.equal(job.step(8), DONE);
	job.wipe();
	assert.ok(job.signature.every((byte) => byte === 0));
	const verifier = rsa.createVerify(nodeHashes);
	const signature = fromHex(expected);
	for (let stop = 0; stop < 10; stop++) {
		verifier.start(0x0804, { type: KEY_RSA, bytes: fixedPublic, at: 0, end: fixedPublic.length }, message, 0, message.length, signature, 0, signature.length);
		for (let i = 0; i < stop; i++) assert.equal(verifier.step(1), WORKING);
		verifier.wipe();
		assert.notEqual(verifier.step(8), DONE);
	}
});

test("everything is read before start returns: message, signature, public key", () => {
	const signature = fromHex(signWith(8, "read").signature);
	const key = fixedPublic.slice();
	const text = message.slice();
	const job = rsa.createVerify(nodeHashes);
	job.start(0x0804, { type: KEY_RSA, bytes: key, at: 0, end: key.length }, text, 0, text.length, signature, 0, signature.length);
	for (const bytes of [signature, key, text]) bytes.fill(0xee);
	assert.equal(finish(job), DONE);
});

/** Counts the multiplications while run() runs. */
function countMultiplications(run: () => void): number {
	const original = Montgomery.prototype.reduce;
	let count = 0;
	Montgomery.prototype.reduce = function (value: bigint): bigint {
		count++;
		return original.call(this, value);
	};
	try {
		run();
	} finally {
		Montgomery.prototype.reduce = original;
	}
	return count;
}

test("the number of multiplications doesn't depend on the private exponent", () => {
	const counts = new Set<number>();
	for (let i = 0; i < 4; i++) {
		const key = pkcs1(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
		counts.add(countMultiplications(() => signWith(8, "count", key)));
	}
	assert.equal(counts.size, 1);
	// dP = 0 and dP = 1 take as long; their result is wrong and stays inside
	for (const exponent of [0n, 1n]) {
		counts.add(countMultiplications(() => assert.equal(signWith(8, "count", privateKeyWith(5, exponent)).status, PRIVATE_KEY_RESULT_WRONG)));
	}
	assert.equal(counts.size, 1);
});

const jwk = fixed.privateKey.export({ format: "jwk" });
const parts = [jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map((part) =>
	BigInt(`0x${Buffer.from(part as string, "base64url").toString("hex")}`),
);

function der(tag: number, content: Uint8Array): Uint8Array {
	const length = content.length < 128 ? [content.length] : content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 255];
	return Uint8Array.from([tag, ...length, ...content]);
}
function derInteger(value: bigint): Uint8Array {
	const hex = value.toString(16);
	const bytes = fromHex(hex.length & 1 ? `0${hex}` : hex);
	return der(2, bytes[0] & 0x80 ? Uint8Array.from([0, ...bytes]) : bytes);
}
function derSequence(values: bigint[]): Uint8Array {
	return der(0x30, Uint8Array.from(values.flatMap((value) => [...derInteger(value)])));
}
/** RSAPrivateKey of the fixed key with another value at an index of n e d p q dP dQ qInv. */
function privateKeyWith(index: number, value: bigint): Uint8Array {
	return derSequence([0n, ...parts.map((part, i) => (i === index ? value : part))]);
}

test("a faulty part of a private key lets nothing out", () => {
	assert.deepEqual(privateKeyWith(-1, 0n), fixedPrivate);
	for (const index of [5, 6, 7]) {
		const job = rsa.createSign(nodeHashes);
		job.start(0x0401, { type: KEY_RSA, bytes: privateKeyWith(index, parts[index] - 2n) }, message, 0, message.length, new SeededEntropy("faulty"));
		assert.equal(finish(job), PRIVATE_KEY_RESULT_WRONG);
		assert.equal(job.signatureLength, 0);
		assert.ok(job.signature.every((byte) => byte === 0));
	}
});

test("a faulty multiplication lets nothing out", () => {
	const total = countMultiplications(() => signWith(8, "fault"));
	const original = Montgomery.prototype.reduce;
	for (let i = 0; i < 24; i++) {
		let left = Math.floor((total * (i + 0.5)) / 24);
		Montgomery.prototype.reduce = function (value: bigint): bigint {
			return original.call(this, value) ^ (left-- === 0 ? 1n << 77n : 0n);
		};
		try {
			const { status, signature } = signWith(8, "fault");
			assert.equal(status, PRIVATE_KEY_RESULT_WRONG, `multiplication ${i}`);
			assert.equal(signature, "");
		} finally {
			Montgomery.prototype.reduce = original;
		}
	}
});

test("private keys that can't be used are refused", () => {
	const status = (key: Uint8Array) => signWith(8, "refused", key).status;
	const [n, e, , p, q] = parts;
	assert.equal(status(new Uint8Array(0)), PRIVATE_KEY_REFUSED);
	assert.equal(status(fixedPrivate.subarray(0, 600)), PRIVATE_KEY_REFUSED);
	assert.equal(status(Uint8Array.from([...fixedPrivate, 0])), PRIVATE_KEY_REFUSED);
	assert.equal(status(derSequence([1n, ...parts])), PRIVATE_KEY_REFUSED);
	assert.equal(status(privateKeyWith(0, n + 2n)), PRIVATE_KEY_REFUSED);
	assert.equal(status(privateKeyWith(1, e + 1n)), PRIVATE_KEY_REFUSED);
	assert.equal(status(privateKeyWith(3, p + 2n)), PRIVATE_KEY_REFUSED);
	assert.equal(status(privateKeyWith(5, p << 8n)), PRIVATE_KEY_REFUSED);
	assert.equal(status(privateKeyWith(6, q << 8n)), PRIVATE_KEY_REFUSED);
	assert.equal(status(privateKeyWith(7, p)), PRIVATE_KEY_REFUSED);
	assert.equal(status(derSequence([0n, n, e, parts[2], 1n, n, 0n, parts[2], 0n])), PRIVATE_KEY_REFUSED);
	assert.equal(status(pkcs1(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey)), PRIVATE_KEY_REFUSED);
});

test("public keys that can't be used are refused", () => {
	const signature = fromHex(signWith(8, "refused").signature);
	const status = (key: Uint8Array, of: SignatureAlgorithm = rsa) => check(of, of.schemes[0], key, message, signature);
	const [n, e] = parts;
	assert.equal(status(derSequence([n, e])), DONE);
	assert.equal(status(fixedPublic.subarray(0, 200)), PUBLIC_KEY_REFUSED);
	assert.equal(status(Uint8Array.from([...fixedPublic, 0])), PUBLIC_KEY_REFUSED);
	assert.equal(status(derSequence([n])), PUBLIC_KEY_REFUSED);
	assert.equal(status(derSequence([n, e, e])), PUBLIC_KEY_REFUSED);
	for (const modulus of [0n, n + 1n, n >> 1n, n >> 1024n, (n << 2049n) + 1n]) assert.equal(status(derSequence([modulus, e])), PUBLIC_KEY_REFUSED);
	for (const exponent of [0n, 1n, 2n, e + 1n, 1n << 33n, (1n << 33n) + 1n, (1n << 64n) + 1n])
		assert.equal(status(derSequence([n, exponent])), PUBLIC_KEY_REFUSED);
	for (const exponent of [3n, 0xffffffffn, (1n << 33n) - 1n]) assert.equal(status(derSequence([n, exponent])), SIGNATURE_WRONG);
	assert.equal(status(fixedPublic, new RsaSignatures(KEY_RSA, { minimumBits: 3072, maximumBits: 4096 })), PUBLIC_KEY_REFUSED);
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
	const smallSignature = new Uint8Array(sign("sha256", message, small.privateKey));
	assert.equal(check(rsa, 0x0401, pkcs1(small.publicKey), message, smallSignature), PUBLIC_KEY_REFUSED);
	assert.equal(check(new RsaSignatures(KEY_RSA, { minimumBits: 1024, maximumBits: 2048 }), 0x0401, pkcs1(small.publicKey), message, smallSignature), DONE);
	const job = rsa.createVerify(nodeHashes);
	job.start(0x0804, { type: KEY_RSA_PSS, bytes: fixedPublic, at: 0, end: fixedPublic.length }, message, 0, message.length, signature, 0, signature.length);
	assert.equal(finish(job), PUBLIC_KEY_REFUSED);
});

test("a signature of another length, or not below the modulus, is wrong", () => {
	const signature = fromHex(signWith(8, "length", fixedPrivate, 0x0401).signature);
	const status = (bytes: Uint8Array) => check(rsa, 0x0401, fixedPublic, message, bytes);
	assert.equal(status(signature), DONE);
	for (const bytes of [new Uint8Array(0), signature.subarray(1), Uint8Array.from([0, ...signature]), Uint8Array.from([...signature, 0])])
		assert.equal(status(bytes), SIGNATURE_WRONG);
	const modulus = parts[0].toString(16);
	assert.equal(status(fromHex(modulus)), SIGNATURE_WRONG);
	assert.equal(status(new Uint8Array(256)), SIGNATURE_WRONG);
	assert.equal(status(new Uint8Array(256).fill(0xff)), SIGNATURE_WRONG);
	const plus = (BigInt(`0x${Buffer.from(signature).toString("hex")}`) + parts[0]).toString(16);
	if (plus.length === 512) assert.equal(status(fromHex(plus)), SIGNATURE_WRONG);
});

test("a scheme belongs to a type of key, and needs its hash", () => {
	const signature = fromHex(signWith(8, "scheme").signature);
	for (const scheme of [0x0201, 0x0403, 0x0807, 0x0809, 0]) assert.equal(check(rsa, scheme, fixedPublic, message, signature), SIGNATURE_WRONG);
	assert.equal(check(rsaPss, 0x0804, fixedPublic, message, signature), SIGNATURE_WRONG);
	assert.equal(check(rsaPss, 0x0809, fixedPublic, message, signature), DONE);
	const nothing = { hash: () => undefined };
	const verifier = rsa.createVerify(nothing);
	verifier.start(0x0804, { type: KEY_RSA, bytes: fixedPublic, at: 0, end: fixedPublic.length }, message, 0, message.length, signature, 0, signature.length);
	assert.equal(finish(verifier), SIGNATURE_WRONG);
	const start = (algorithm: SignatureAlgorithm, hashes: typeof nodeHashes, scheme: number, type: KeyType) =>
		algorithm.createSign(hashes).start(scheme, { type, bytes: fixedPrivate }, message, 0, message.length, new SeededEntropy("scheme"));
	assert.throws(() => start(rsa, nothing, 0x0804, KEY_RSA));
	assert.throws(() => start(rsa, nodeHashes, 0x0809, KEY_RSA));
	assert.throws(() => start(rsaPss, nodeHashes, 0x0401, KEY_RSA_PSS));
	assert.throws(() => start(rsa, nodeHashes, 0x0804, KEY_RSA_PSS));
});

test("PSS salts and blinding come from the entropy; PKCS#1 v1.5 signatures don't depend on it", () => {
	assert.notEqual(signWith(8, "salt a").signature, signWith(8, "salt b").signature);
	assert.equal(signWith(8, "salt a", fixedPrivate, 0x0601).signature, signWith(8, "salt b", fixedPrivate, 0x0601).signature);
	const entropy = new SeededEntropy("calls");
	const job = rsa.createSign(nodeHashes);
	job.start(0x0601, { type: KEY_RSA, bytes: fixedPrivate }, message, 0, message.length, entropy);
	finish(job);
	assert.equal(entropy.calls, 1);
});
