/// <reference path="./sdk-modules.d.ts" />
// What the SDK has for the same operations, to compare with: native code in one uninterruptible call each (ec.mul,
// ec.mul2, modular powers, Digest), and the script around it (ECDSA, RSA, GCM, HMAC) as its TLS uses it.

import { BenchEntropy } from "bench/entropy";
import { fromHex } from "bench/hex";
import type { Operation } from "bench/operation";
import type { RsaKey } from "bench/public-key-operations";
import { count } from "bench/symmetric-operations";
import * as crypt from "crypt";
import Curve from "curve";
import ECDSA from "ecdsa";
import ECPoint from "ecp";
import GCM from "gcm";
import HMAC from "hmac";
import Mont from "mont";
import { ffdhe2048Group } from "polltls/crypto/public-key/dhe-groups";
import { decodeInteger } from "polltls/crypto/public-key/integer";
import { RsaPrivateKey, rsaLimits } from "polltls/crypto/public-key/rsa-key";
import RSA from "rsa";

const PROVIDER = "SDK";
const KB = 1024;

interface Natives {
	Digest: new (type: string) => { write(bytes: Uint8Array | ArrayBufferLike): void };
	BlockCipher: new (name: "AES", key: ArrayBufferLike) => object;
}

function operation(name: string, run: () => void, bytes = 0): Operation {
	return { name, provider: PROVIDER, bytes, run };
}

/** Other numbers in each run, as ours: on the same ones again and again a processor learns the branches by heart. */
const VARIANTS = 8;

function curveOperations(name: string, curve: Curve): Operation[] {
	const entropy = new BenchEntropy(2);
	const bytes = new Uint8Array(curve.orderSize);
	const scalars: bigint[] = [];
	const digests: ArrayBuffer[] = [];
	for (let i = 0; i < VARIANTS; i++) {
		entropy.fill(bytes, 0, bytes.length);
		bytes[0] &= 0x7f; // below the order
		scalars.push(decodeInteger(bytes, 0, bytes.length));
		entropy.fill(bytes, 0, bytes.length);
		digests.push(bytes.slice().buffer);
	}
	const secret = scalars[0];
	const { ec, G } = curve;
	const point = ec.mul(G, secret);
	const own = new ECPoint(point.X, point.Y);
	curve.k = secret; // the SDK's generator of random numbers isn't measured
	const signer = new ECDSA(secret, curve);
	const verifier = new ECDSA(own, curve);
	const signatures = digests.map((digest, i) => {
		signer.k = scalars[i];
		return signer._sign(digest);
	});
	let run = 0;
	const next = (): number => run++ % VARIANTS;
	return [
		operation(`${name} key pair`, () => ec.mul(G, scalars[next()])),
		operation(`${name} ECDH`, () => ec.mul(own, scalars[next()])),
		operation(`${name} ECDSA sign`, () => {
			signer.k = scalars[next()];
			signer._sign(digests[0]);
		}),
		operation(`${name} ECDSA verify`, () => {
			const i = next();
			const { r, s } = signatures[i];
			if (!verifier._verify(digests[i], r, s)) throw new Error("the SDK: a signature is wrong");
		}),
	];
}

function rsaOperations(key: RsaKey): Operation[] {
	const decoded = new RsaPrivateKey();
	decoded.decode(fromHex(key.privateKey), rsaLimits);
	const { modulus, exponent } = decoded.public;
	const { p, q, pExponent, qExponent, coefficient } = decoded;
	const dp = decodeInteger(pExponent, 0, pExponent.length);
	const dq = decodeInteger(qExponent, 0, qExponent.length);
	const signer = new RSA(modulus - 1n, modulus, p, q, dp, dq, coefficient); // an exponent of more than 17 bits makes it use the primes
	const verifier = new RSA(BigInt(exponent), modulus);
	const message = modulus >> 5n;
	const signature = signer.process(message);
	if (verifier.process(signature) !== message) throw new Error("the SDK: RSA is wrong");
	const operations: Operation[] = [];
	for (const name of ["RSA-2048 PKCS#1", "RSA-2048 PSS"]) {
		operations.push(
			operation(`${name} sign`, () => signer.process(message)),
			operation(`${name} verify`, () => verifier.process(signature)),
		);
	}
	return operations;
}

function symmetricOperations(): Operation[] {
	const { Digest, BlockCipher } = crypt as unknown as Natives;
	const bytes = new Uint8Array(KB);
	const operations: Operation[] = [];
	for (const [name, type] of [
		["SHA-256", "SHA256"],
		["SHA-384", "SHA384"],
	]) {
		const digest = new Digest(type);
		operations.push(operation(name, () => digest.write(bytes), KB));
		const hmac = new HMAC(new Digest(type), new ArrayBuffer(32));
		const message = new ArrayBuffer(32);
		operations.push(operation(`HMAC ${name}, 32 bytes`, () => hmac.process(message)));
	}
	const nonce = new Uint8Array(12);
	const additional = new ArrayBuffer(13);
	for (const [name, keyLength] of [
		["AES-128-GCM", 16],
		["AES-256-GCM", 32],
	] as const) {
		const gcm = new GCM(new BlockCipher("AES", new ArrayBuffer(keyLength)));
		operations.push(
			operation(
				name,
				() => {
					count(nonce);
					gcm.process(bytes.buffer, undefined, nonce.buffer, additional, true);
				},
				KB,
			),
		);
	}
	return operations;
}

function groupOperations(): Operation[] {
	const { modulus, generator, exponentLength } = ffdhe2048Group;
	const bytes = new Uint8Array(exponentLength);
	new BenchEntropy(3).fill(bytes, 0, exponentLength);
	const exponent = decodeInteger(bytes, 0, exponentLength);
	const group = new Mont({ m: modulus });
	const share = group.exp(generator, exponent);
	return [operation("ffdhe2048 key pair", () => group.exp(generator, exponent)), operation("ffdhe2048", () => group.exp(share, exponent))];
}

/** For each group of public-key-operations.ts, and of hashes and ciphers. */
export function sdkGroups(rsaKey: RsaKey): (() => Operation[])[] {
	return [
		() => curveOperations("P-256", new Curve("secp256r1")),
		() => [], // it has nothing on 25519
		() => curveOperations("P-384", new Curve("secp384r1")),
		() => rsaOperations(rsaKey),
		groupOperations,
		symmetricOperations,
	];
}
