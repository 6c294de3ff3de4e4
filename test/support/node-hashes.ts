// Hashes on node:crypto, for tests that need a registry's hashes without a provider.

import { createHash, createHmac, type Hash as NodeHash, type Hmac as NodeHmac } from "node:crypto";
import { type Hash, type HashAlgorithm, type Hashes, type Hmac, sha1, sha256, sha384, sha512 } from "polltls/crypto/types";

class NodeRunningHash implements Hash {
	readonly #hash: NodeHash;
	constructor(hash: NodeHash) {
		this.#hash = hash;
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#hash.update(bytes.subarray(at, end));
	}
	fork(): Hash {
		return new NodeRunningHash(this.#hash.copy());
	}
	digest(out: Uint8Array, at: number): void {
		out.set(this.#hash.digest(), at);
	}
}

class NodeRunningHmac implements Hmac {
	readonly #name: string;
	#key: Uint8Array = new Uint8Array(0);
	#hmac: NodeHmac;
	constructor(name: string) {
		this.#name = name;
		this.#hmac = createHmac(name, this.#key);
	}
	setKey(key: Uint8Array, at: number, end: number): void {
		this.#key = key.slice(at, end);
		this.#hmac = createHmac(this.#name, this.#key);
	}
	update(bytes: Uint8Array, at: number, end: number): void {
		this.#hmac.update(bytes.subarray(at, end));
	}
	digest(out: Uint8Array, at: number): void {
		out.set(this.#hmac.digest(), at);
		this.#hmac = createHmac(this.#name, this.#key);
	}
	wipe(): void {
		this.#key.fill(0);
	}
}

function algorithm(id: number, name: string, hashLength: number, blockLength: number): HashAlgorithm {
	return {
		id,
		hashLength,
		blockLength,
		create: () => new NodeRunningHash(createHash(name)),
		createHmac: () => new NodeRunningHmac(name),
	};
}

const algorithms = [
	algorithm(sha1, "sha1", 20, 64),
	algorithm(sha256, "sha256", 32, 64),
	algorithm(sha384, "sha384", 48, 128),
	algorithm(sha512, "sha512", 64, 128),
];

/** SHA-1, SHA-256, SHA-384 and SHA-512. */
export const nodeHashes: Hashes = {
	hash: (id) => algorithms.find((hash) => hash.id === id),
};
