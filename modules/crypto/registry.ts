// The algorithms of one stack, plugged in by index before start (INTERFACES: registerBulk, registerHash,
// registerSign, registerKeyExchange). What isn't registered isn't offered, isn't accepted and isn't linked.
// Order is preference: index 0 is offered first.

import { INIT_ERR, OK, PARAM_ERR } from "../base/status.js";
import type { Suite } from "./suites.js";
import type { AeadAlgorithm, BlockCipherAlgorithm, BulkAlgorithm, HashAlgorithm, Hashes, KeyExchangeAlgorithm, KeyType, SignatureAlgorithm } from "./types.js";

/** The largest index + 1 of each kind. */
export const REGISTRY_SIZE = 16;

/**
 * Algorithms by number.
 *
 *     const registry = new Registry();
 *     registry.registerHash(0, sha256Algorithm);
 *     registry.registerBulk(0, aes128Gcm);
 *     registry.registerKeyExchange(0, x25519);
 *     registry.registerSign(0, ecdsaP256);
 *     registry.start();
 *     registry.hash(sha256)?.create();
 */
export class Registry implements Hashes {
	readonly hashes: HashAlgorithm[] = [];
	readonly bulks: BulkAlgorithm[] = [];
	readonly signatures: SignatureAlgorithm[] = [];
	readonly keyExchanges: KeyExchangeAlgorithm[] = [];
	started = false;
	/** What offeredSuites found last, until something else is registered. */
	offer: readonly Suite[] | undefined = undefined;

	/** OK, PARAM_ERR (index not 0 to 15, or it leaves a gap) or INIT_ERR (after start). The same index again replaces. */
	registerHash(index: number, algorithm: HashAlgorithm): number {
		return this.register(this.hashes, index, algorithm);
	}
	registerBulk(index: number, algorithm: BulkAlgorithm): number {
		return this.register(this.bulks, index, algorithm);
	}
	registerSign(index: number, algorithm: SignatureAlgorithm): number {
		return this.register(this.signatures, index, algorithm);
	}
	registerKeyExchange(index: number, algorithm: KeyExchangeAlgorithm): number {
		return this.register(this.keyExchanges, index, algorithm);
	}

	/** No registration after it, until stop. OK, or INIT_ERR if it runs already. */
	start(): number {
		if (this.started) return INIT_ERR;
		this.started = true;
		return OK;
	}
	stop(): number {
		if (!this.started) return INIT_ERR;
		this.started = false;
		return OK;
	}

	hash(id: number): HashAlgorithm | undefined {
		for (const hash of this.hashes) if (hash.id === id) return hash;
		return undefined;
	}
	aead(id: number): AeadAlgorithm | undefined {
		for (const bulk of this.bulks) if (bulk.id === id && "tagLength" in bulk) return bulk;
		return undefined;
	}
	blockCipher(id: number): BlockCipherAlgorithm | undefined {
		for (const bulk of this.bulks) if (bulk.id === id && "blockLength" in bulk) return bulk;
		return undefined;
	}
	signature(keyType: KeyType): SignatureAlgorithm | undefined {
		for (const signature of this.signatures) if (signature.keyType === keyType) return signature;
		return undefined;
	}
	keyExchange(group: number): KeyExchangeAlgorithm | undefined {
		for (const exchange of this.keyExchanges) if (exchange.group === group) return exchange;
		return undefined;
	}

	private register<T>(list: T[], index: number, algorithm: T): number {
		if (this.started) return INIT_ERR;
		if (!Number.isInteger(index) || index < 0 || index > list.length || index >= REGISTRY_SIZE) return PARAM_ERR;
		list[index] = algorithm;
		this.offer = undefined;
		return OK;
	}
}
