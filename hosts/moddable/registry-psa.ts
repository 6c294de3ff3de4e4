// What a device registers that has the PSA Crypto API, in place of registry.ts (manifest_psa.json): all is PSA's but
// Ed25519, which Mbed TLS lacks.

import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { Registry } from "polltls/crypto/registry";
import {
	psaAes128Ccm,
	psaAes128Ccm8,
	psaAes128Gcm,
	psaAes256Ccm8,
	psaAes256Gcm,
	psaChaCha20Poly1305,
	psaSha256,
	psaSha384,
	psaSha512,
} from "./psa/crypto-psa.js";
import { psaEcdsaP256, psaEcdsaP384, psaRsa, psaRsaPss, psaSecp256r1, psaSecp384r1, psaX25519 } from "./psa/public-key-psa.js";

/** A registry of its own, started. */
export function deviceRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [psaSha256, psaSha384, psaSha512]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [psaAes128Ccm, psaAes128Gcm, psaAes256Gcm, psaChaCha20Poly1305, psaAes128Ccm8, psaAes256Ccm8])
		registry.registerBulk(registry.bulks.length, bulk);
	for (const signature of [psaEcdsaP256, psaEcdsaP384, ed25519, psaRsa, psaRsaPss]) registry.registerSign(registry.signatures.length, signature);
	for (const exchange of [psaX25519, psaSecp256r1, psaSecp384r1]) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
	registry.start();
	return registry;
}
