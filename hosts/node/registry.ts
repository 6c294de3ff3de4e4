// The registry of a desktop: all that there is, cheapest first. "node" takes hashes and ciphers from node:crypto,
// "noble" from @noble/hashes and @noble/ciphers; public-key arithmetic is the same with both.

import * as nobleAeads from "polltls/crypto/noble/aeads";
import * as nobleBlockCiphers from "polltls/crypto/noble/block-ciphers";
import * as nobleHashes from "polltls/crypto/noble/hashes";
import { x25519MlKem768 } from "polltls/crypto/noble/x25519-mlkem768";
import { Registry } from "polltls/crypto/registry";
import type { BulkAlgorithm, HashAlgorithm } from "polltls/crypto/types";
import * as node from "./crypto-node.js";
import { registerPublicKey } from "./public-key.js";

/** Cheapest first; the 8-byte tags only behind the 16-byte ones, and CBC, which is no AEAD, last. */
function bulksOf(crypto: "noble" | "node"): BulkAlgorithm[] {
	if (crypto === "node")
		return [
			node.nodeAes128Gcm,
			node.nodeAes256Gcm,
			node.nodeChaCha20Poly1305,
			node.nodeAes128Ccm,
			node.nodeAes256Ccm,
			node.nodeAes128Ccm8,
			node.nodeAes256Ccm8,
			node.nodeAes128Cbc,
			node.nodeAes256Cbc,
		];
	return [
		nobleAeads.nobleChaCha20Poly1305,
		nobleAeads.nobleAes128Gcm,
		nobleAeads.nobleAes256Gcm,
		nobleAeads.nobleAes128Ccm,
		nobleAeads.nobleAes256Ccm,
		nobleAeads.nobleAes128Ccm8,
		nobleAeads.nobleAes256Ccm8,
		nobleBlockCiphers.nobleAes128Cbc,
		nobleBlockCiphers.nobleAes256Cbc,
	];
}

/** SHA-1 last: it serves the HMAC of CBC-SHA suites only. */
function hashesOf(crypto: "noble" | "node"): HashAlgorithm[] {
	if (crypto === "node") return [node.nodeSha256, node.nodeSha384, node.nodeSha512, node.nodeSha1];
	return [nobleHashes.nobleSha256, nobleHashes.nobleSha384, nobleHashes.nobleSha512, nobleHashes.nobleSha1];
}

/**
 * A new registry with everything, not yet started.
 *
 *     const registry = nodeRegistry("node");
 *     registry.start();
 */
export function nodeRegistry(crypto: "noble" | "node"): Registry {
	const registry = new Registry();
	for (const hash of hashesOf(crypto)) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of bulksOf(crypto)) registry.registerBulk(registry.bulks.length, bulk);
	registerPublicKey(registry);
	registry.registerKeyExchange(registry.keyExchanges.length, x25519MlKem768); // last: it costs most, and a share of it 1216 bytes
	return registry;
}
