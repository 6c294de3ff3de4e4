// The public-key arithmetic of this stack as operations to measure. Portable.

import { WORKING } from "polltls/base/status";
import { DheExchange } from "polltls/crypto/public-key/dhe";
import { ffdhe2048Group } from "polltls/crypto/public-key/dhe-groups";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { rsa } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import {
	type GenerateJob,
	type Hashes,
	type Job,
	KEY_RSA,
	type KeyExchange,
	type PrivateKey,
	type PublicKey,
	type SignatureAlgorithm,
} from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { BenchEntropy } from "./entropy.js";
import { fromHex } from "./hex.js";
import type { Operation } from "./operation.js";

/** An RSA key of 2048 bits, as hexadecimal DER (PKCS#1): made outside, because making one takes too long here. */
export interface RsaKey {
	privateKey: string;
	publicKey: string;
}

/** Other numbers in each run: on the same ones again and again a processor learns the branches by heart. */
const VARIANTS = 8;

function complete(job: Job): void {
	while (job.step(1000) === WORKING);
}

function sliced(name: string, begin: () => Job, prepare?: () => void): Operation {
	return { name, provider: "polltls", bytes: 0, prepare, begin };
}

/** A key pair for an exchange (begin), and the secret from the peer's share (receive). */
function exchangeOperations(entropy: Entropy, keygen: string, secret: string, create: () => KeyExchange): Operation[] {
	const peer = create();
	peer.begin(entropy);
	complete(peer);
	const fresh = create();
	const exchange = create();
	return [
		sliced(keygen, () => {
			fresh.begin(entropy);
			return fresh;
		}),
		sliced(
			secret,
			() => {
				exchange.receive(peer.share, 0, peer.shareLength);
				return exchange;
			},
			() => {
				exchange.begin(entropy);
				complete(exchange);
			},
		),
	];
}

interface Signer {
	algorithm: SignatureAlgorithm;
	scheme: number;
	/** Bytes of the message, which is a digest already but for Ed25519. */
	length: number;
	key: PrivateKey;
	publicKey: PublicKey;
}

/** A signature, and its check. */
function signatureOperations(entropy: Entropy, name: string, hashes: Hashes, { algorithm, scheme, length, key, publicKey }: Signer): Operation[] {
	const digested = algorithm !== ed25519;
	const sign = algorithm.createSign(hashes);
	const signed: { message: Uint8Array; signature: Uint8Array }[] = [];
	for (let i = 0; i < VARIANTS; i++) {
		const message = new Uint8Array(length);
		entropy.fill(message, 0, length);
		sign.start(scheme, key, message, 0, length, entropy, digested);
		complete(sign);
		signed.push({ message, signature: sign.signature.slice(0, sign.signatureLength) });
	}
	const verify = algorithm.createVerify(hashes);
	let run = 0;
	return [
		sliced(`${name} sign`, () => {
			sign.start(scheme, key, signed[run++ % VARIANTS].message, 0, length, entropy, digested);
			return sign;
		}),
		sliced(`${name} verify`, () => {
			const { message, signature } = signed[run++ % VARIANTS];
			verify.start(scheme, publicKey, message, 0, length, signature, 0, signature.length, digested);
			return verify;
		}),
	];
}

function pairOf(entropy: Entropy, job: GenerateJob): { key: PrivateKey; publicKey: PublicKey } {
	job.start(entropy, 0);
	complete(job);
	return { key: job.privateKey, publicKey: job.publicKey };
}

/**
 * Those that are compared with each other, made when they are measured: their objects are all that an engine then has to
 * look at when it collects garbage. hashes: SHA-256, SHA-384 and SHA-512.
 */
export function publicKeyGroups(hashes: Hashes, rsaKey: RsaKey): (() => Operation[])[] {
	const entropy = new BenchEntropy(1);
	const exchanges = (keygen: string, secret: string, create: () => KeyExchange) => exchangeOperations(entropy, keygen, secret, create);
	const signatures = (name: string, algorithm: SignatureAlgorithm, scheme: number, length: number, pair: { key: PrivateKey; publicKey: PublicKey }) =>
		signatureOperations(entropy, name, hashes, { algorithm, scheme, length, ...pair });
	return [
		() => [
			...exchanges("P-256 key pair", "P-256 ECDH", () => secp256r1.create()),
			...signatures("P-256 ECDSA", ecdsaP256, 0x0403, 32, pairOf(entropy, new EcGenerate(p256))),
		],
		() => [
			...exchanges("X25519 key pair", "X25519", () => x25519.create()),
			...signatures("Ed25519", ed25519, 0x0807, 32, pairOf(entropy, new Ed25519Generate(hashes))),
		],
		() => [
			...exchanges("P-384 key pair", "P-384 ECDH", () => secp384r1.create()),
			...signatures("P-384 ECDSA", ecdsaP384, 0x0503, 48, pairOf(entropy, new EcGenerate(p384))),
		],
		() => {
			const bytes = fromHex(rsaKey.publicKey);
			const pair = {
				key: { type: KEY_RSA, bytes: fromHex(rsaKey.privateKey) },
				publicKey: { type: KEY_RSA, bytes, at: 0, end: bytes.length },
			};
			return [...signatures("RSA-2048 PKCS#1", rsa, 0x0401, 32, pair), ...signatures("RSA-2048 PSS", rsa, 0x0804, 32, pair)];
		},
		() => exchanges("ffdhe2048 key pair", "ffdhe2048", () => new DheExchange(ffdhe2048Group, true)),
	];
}

/** All of them. */
export function publicKeyOperations(hashes: Hashes, rsaKey: RsaKey): Operation[] {
	return publicKeyGroups(hashes, rsaKey).flatMap((make) => make());
}
