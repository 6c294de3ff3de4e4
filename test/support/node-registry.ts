// A Registry on node:crypto, for tests of the floors above crypto: jobs of one step, and an oracle that is not of
// our own making.

import * as crypto from "node:crypto";
import { SIGNATURE_WRONG } from "polltls/base/failure";
import { DONE } from "polltls/base/status";
import { Registry } from "polltls/crypto/registry";
import {
	type Hash,
	type HashAlgorithm,
	type Hmac,
	KEY_ED25519,
	KEY_P256,
	KEY_P384,
	KEY_RSA,
	KEY_RSA_PSS,
	type KeyType,
	type PrivateKey,
	type PublicKey,
	type SignatureAlgorithm,
	type SignJob,
	sha1,
	sha256,
	sha384,
	sha512,
	type VerifyJob,
} from "polltls/crypto/types";

const nodeNames: Record<number, string> = { [sha1]: "sha1", [sha256]: "sha256", [sha384]: "sha384", [sha512]: "sha512" };

class NodeHash implements Hash {
	#hash: crypto.Hash;
	constructor(hash: crypto.Hash) {
		this.#hash = hash;
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#hash.update(bytes.subarray(at, end));
	}
	fork(): Hash {
		return new NodeHash(this.#hash.copy());
	}
	digest(out: Uint8Array, at: number): void {
		out.set(this.#hash.digest(), at);
	}
}

class NodeHmac implements Hmac {
	#name: string;
	#key: Buffer = Buffer.alloc(0);
	#hmac: crypto.Hmac;
	constructor(name: string) {
		this.#name = name;
		this.#hmac = crypto.createHmac(name, this.#key);
	}
	setKey(key: Uint8Array, at: number, end: number): void {
		this.#key = Buffer.from(key.subarray(at, end));
		this.#hmac = crypto.createHmac(this.#name, this.#key);
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#hmac.update(bytes.subarray(at, end));
	}
	digest(out: Uint8Array, at: number): void {
		out.set(this.#hmac.digest(), at);
		this.#hmac = crypto.createHmac(this.#name, this.#key);
	}
	wipe(): void {
		this.#key = Buffer.alloc(0);
	}
}

function nodeHash(id: number, hashLength: number, blockLength: number): HashAlgorithm {
	return {
		id,
		hashLength,
		blockLength,
		create: () => new NodeHash(crypto.createHash(nodeNames[id])),
		createHmac: () => new NodeHmac(nodeNames[id]),
	};
}

/** How node:crypto is told of a SignatureScheme. */
function parameters(scheme: number): { hash: string | null; padding?: number; saltLength?: number } {
	const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST };
	if (scheme === 0x0807) return { hash: null };
	if (scheme >> 8 === 8) return { hash: ["sha256", "sha384", "sha512"][((scheme & 255) - (scheme & 8 && (scheme & 255) > 8 ? 9 : 4)) % 3], ...pss };
	return { hash: nodeNames[scheme >> 8] };
}

function coordinates(point: Uint8Array): { x: string; y: string } {
	const half = (point.length - 1) / 2;
	return { x: Buffer.from(point.subarray(1, 1 + half)).toString("base64url"), y: Buffer.from(point.subarray(1 + half)).toString("base64url") };
}

function nodePublicKey(key: PublicKey): crypto.KeyObject {
	const raw = Buffer.from(key.bytes.subarray(key.at, key.end));
	if (key.type === KEY_RSA || key.type === KEY_RSA_PSS) return crypto.createPublicKey({ key: raw, format: "der", type: "pkcs1" });
	if (key.type === KEY_ED25519) return crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }, format: "jwk" });
	return crypto.createPublicKey({ key: { kty: "EC", crv: key.type === KEY_P256 ? "P-256" : "P-384", ...coordinates(raw) }, format: "jwk" });
}

const ed25519Head = Buffer.from("302e020100300506032b657004220420", "hex");
function nodePrivateKey(key: PrivateKey): crypto.KeyObject {
	const raw = Buffer.from(key.bytes);
	if (key.type === KEY_RSA || key.type === KEY_RSA_PSS) return crypto.createPrivateKey({ key: raw, format: "der", type: "pkcs1" });
	if (key.type === KEY_ED25519) return crypto.createPrivateKey({ key: Buffer.concat([ed25519Head, raw]), format: "der", type: "pkcs8" });
	const curve = key.type === KEY_P256 ? "prime256v1" : "secp384r1";
	const ecdh = crypto.createECDH(curve);
	ecdh.setPrivateKey(raw);
	const jwk = { kty: "EC", crv: key.type === KEY_P256 ? "P-256" : "P-384", d: raw.toString("base64url"), ...coordinates(ecdh.getPublicKey()) };
	return crypto.createPrivateKey({ key: jwk, format: "jwk" });
}

class NodeVerify implements VerifyJob {
	#status = 0;
	start(scheme: number, key: PublicKey, message: Uint8Array, at: number, end: number, signature: Uint8Array, signatureAt: number, signatureEnd: number): void {
		const { hash, ...rest } = parameters(scheme);
		this.#status = SIGNATURE_WRONG;
		try {
			const right = crypto.verify(hash, message.subarray(at, end), { key: nodePublicKey(key), ...rest }, signature.subarray(signatureAt, signatureEnd));
			if (right) this.#status = DONE;
		} catch {
			// a key that node:crypto doesn't take
		}
	}
	step(): number {
		return this.#status;
	}
	wipe(): void {}
}

class NodeSign implements SignJob {
	signature = new Uint8Array(0);
	signatureLength = 0;
	start(scheme: number, key: PrivateKey, message: Uint8Array, at: number, end: number): void {
		const { hash, ...rest } = parameters(scheme);
		this.signature = new Uint8Array(crypto.sign(hash, message.subarray(at, end), { key: nodePrivateKey(key), ...rest }));
		this.signatureLength = this.signature.length;
	}
	step(): number {
		return DONE;
	}
	wipe(): void {}
}

function nodeSignature(keyType: KeyType, schemes: number[]): SignatureAlgorithm {
	return { keyType, schemes, createVerify: () => new NodeVerify(), createSign: () => new NodeSign() };
}

/** All hashes and signatures that there are. */
export function nodeRegistry(): Registry {
	const registry = new Registry();
	registry.registerHash(0, nodeHash(sha256, 32, 64));
	registry.registerHash(1, nodeHash(sha384, 48, 128));
	registry.registerHash(2, nodeHash(sha512, 64, 128));
	registry.registerHash(3, nodeHash(sha1, 20, 64));
	registry.registerSign(0, nodeSignature(KEY_P256, [0x0403, 0x0503, 0x0603]));
	registry.registerSign(1, nodeSignature(KEY_P384, [0x0503, 0x0403, 0x0603]));
	registry.registerSign(2, nodeSignature(KEY_ED25519, [0x0807]));
	registry.registerSign(3, nodeSignature(KEY_RSA, [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601]));
	registry.registerSign(4, nodeSignature(KEY_RSA_PSS, [0x0809, 0x080a, 0x080b]));
	registry.start();
	return registry;
}
