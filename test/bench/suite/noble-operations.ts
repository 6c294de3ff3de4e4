// The public-key arithmetic of @noble/curves, to compare with. Portable; a development dependency.

import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import type { Operation } from "./operation.js";

const PROVIDER = "noble";
const digest = new Uint8Array(48).fill(7);
const seed = new Uint8Array(96).fill(5);

function operation(name: string, run: () => void): Operation {
	return { name, provider: PROVIDER, bytes: 0, run };
}

function curveOperations(name: string, curve: typeof p256, length: number): Operation[] {
	const key = curve.utils.randomSecretKey(seed.slice(0, curve.lengths.seed));
	const publicKey = curve.getPublicKey(key, false);
	const hash = digest.slice(0, length);
	const signature = curve.sign(hash, key, { prehash: false, format: "der" });
	return [
		operation(`${name} key pair`, () => curve.getPublicKey(key, false)),
		operation(`${name} ECDH`, () => curve.getSharedSecret(key, publicKey, false)),
		operation(`${name} ECDSA sign`, () => curve.sign(hash, key, { prehash: false, format: "der" })),
		operation(`${name} ECDSA verify`, () => {
			if (!curve.verify(signature, hash, publicKey, { prehash: false, format: "der" })) throw new Error("noble: a signature is wrong");
		}),
	];
}

export function nobleOperations(): Operation[] {
	const secret = seed.slice(0, 32);
	const share = x25519.getPublicKey(secret);
	const edPublic = ed25519.getPublicKey(secret);
	const edSignature = ed25519.sign(digest, secret);
	return [
		...curveOperations("P-256", p256, 32),
		...curveOperations("P-384", p384, 48),
		operation("X25519 key pair", () => x25519.getPublicKey(secret)),
		operation("X25519", () => x25519.getSharedSecret(secret, share)),
		operation("Ed25519 sign", () => ed25519.sign(digest, secret)),
		operation("Ed25519 verify", () => {
			if (!ed25519.verify(edSignature, digest, edPublic)) throw new Error("noble: a signature is wrong");
		}),
	];
}
