// The public-key arithmetic of node:crypto (OpenSSL's, in C and assembler), to compare with.

import {
	createDiffieHellman,
	createECDH,
	createPrivateKey,
	createPublicKey,
	diffieHellman,
	generateKeyPairSync,
	type KeyObject,
	sign,
	verify,
} from "node:crypto";
import { ffdhe2048Group } from "polltls/crypto/public-key/dhe-groups";
import type { Operation } from "./suite/operation.js";
import type { RsaKey } from "./suite/public-key-operations.js";

const PROVIDER = "node:crypto";
const message = Buffer.alloc(32, 7);
const PSS = 6;

function operation(name: string, run: () => unknown): Operation {
	return { name, provider: PROVIDER, bytes: 0, run: () => void run() };
}

function signatureOperations(name: string, hash: string | null, privateKey: KeyObject, publicKey: KeyObject, padding?: number): Operation[] {
	const signer = padding === undefined ? privateKey : { key: privateKey, padding, saltLength: 32 };
	const verifier = padding === undefined ? publicKey : { key: publicKey, padding, saltLength: 32 };
	const signature = sign(hash, message, signer);
	return [
		operation(`${name} sign`, () => sign(hash, message, signer)),
		operation(`${name} verify`, () => {
			if (!verify(hash, message, verifier, signature)) throw new Error(`${name}: a signature is wrong`);
		}),
	];
}

function curveOperations(name: string, curve: string, hash: string): Operation[] {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
	const ecdh = createECDH(curve);
	const share = createECDH(curve).generateKeys();
	ecdh.generateKeys();
	return [
		operation(`${name} key pair`, () => createECDH(curve).generateKeys()),
		operation(`${name} ECDH`, () => ecdh.computeSecret(share)),
		...signatureOperations(`${name} ECDSA`, hash, privateKey, publicKey),
	];
}

export function nodeOperations(rsaKey: RsaKey): Operation[] {
	const prime = ffdhe2048Group.modulus.toString(16);
	const group = createDiffieHellman(prime, "hex", "02", "hex");
	const share = createDiffieHellman(prime, "hex", "02", "hex").generateKeys();
	group.generateKeys();
	const own = generateKeyPairSync("x25519");
	const peer = generateKeyPairSync("x25519");
	const ed = generateKeyPairSync("ed25519");
	const rsaPrivate = createPrivateKey({ key: Buffer.from(rsaKey.privateKey, "hex"), format: "der", type: "pkcs1" });
	const rsaPublic = createPublicKey({ key: Buffer.from(rsaKey.publicKey, "hex"), format: "der", type: "pkcs1" });
	return [
		...curveOperations("P-256", "prime256v1", "sha256"),
		...curveOperations("P-384", "secp384r1", "sha384"),
		operation("X25519 key pair", () => generateKeyPairSync("x25519")),
		operation("X25519", () => diffieHellman({ privateKey: own.privateKey, publicKey: peer.publicKey })),
		...signatureOperations("Ed25519", null, ed.privateKey, ed.publicKey),
		...signatureOperations("RSA-2048 PKCS#1", "sha256", rsaPrivate, rsaPublic),
		...signatureOperations("RSA-2048 PSS", "sha256", rsaPrivate, rsaPublic, PSS),
		operation("ffdhe2048 key pair", () => createDiffieHellman(prime, "hex", "02", "hex").generateKeys()),
		operation("ffdhe2048", () => group.computeSecret(share)),
	];
}
