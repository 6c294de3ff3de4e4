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

	// Looked up several times in a handshake: on XS an index takes half the time of an iterator
	hash(id: number): HashAlgorithm | undefined {
		const { hashes } = this;
		for (let i = 0; i < hashes.length; ++i) if (hashes[i].id === id) return hashes[i];
		return undefined;
	}
	aead(id: number): AeadAlgorithm | undefined {
		const bulk = this.bulk(id);
		return bulk !== undefined && "tagLength" in bulk ? bulk : undefined;
	}
	blockCipher(id: number): BlockCipherAlgorithm | undefined {
		const bulk = this.bulk(id);
		return bulk !== undefined && "blockLength" in bulk ? bulk : undefined;
	}
	signature(keyType: KeyType): SignatureAlgorithm | undefined {
		const { signatures } = this;
		for (let i = 0; i < signatures.length; ++i) if (signatures[i].keyType === keyType) return signatures[i];
		return undefined;
	}
	keyExchange(group: number): KeyExchangeAlgorithm | undefined {
		const { keyExchanges } = this;
		for (let i = 0; i < keyExchanges.length; ++i) if (keyExchanges[i].group === group) return keyExchanges[i];
		return undefined;
	}

	private bulk(id: number): BulkAlgorithm | undefined {
		const { bulks } = this;
		for (let i = 0; i < bulks.length; ++i) if (bulks[i].id === id) return bulks[i];
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
