// Everything that the PSA provider has, in place of registry.ts: in an image.

import { Registry } from "polltls/crypto/registry";
import {
	psaAes128Cbc,
	psaAes128Ccm,
	psaAes128Ccm8,
	psaAes128Gcm,
	psaAes256Cbc,
	psaAes256Ccm,
	psaAes256Ccm8,
	psaAes256Gcm,
	psaChaCha20Poly1305,
	psaSha1,
	psaSha256,
	psaSha384,
	psaSha512,
} from "polltls/moddable/psa/crypto-psa";
import { psaEcdsaP256, psaEcdsaP384, psaRsa, psaRsaPss, psaSecp256r1, psaSecp384r1, psaX25519 } from "polltls/moddable/psa/public-key-psa";

export function nativeRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [psaSha256, psaSha384, psaSha512, psaSha1]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [psaAes128Ccm, psaAes256Ccm, psaAes128Gcm, psaAes256Gcm, psaChaCha20Poly1305, psaAes128Ccm8, psaAes256Ccm8, psaAes128Cbc, psaAes256Cbc])
		registry.registerBulk(registry.bulks.length, bulk);
	for (const signature of [psaEcdsaP256, psaEcdsaP384, psaRsa, psaRsaPss]) registry.registerSign(registry.signatures.length, signature);
	for (const exchange of [psaX25519, psaSecp256r1, psaSecp384r1]) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
	return registry;
}
