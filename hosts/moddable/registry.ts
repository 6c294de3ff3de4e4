// What a device registers, cheapest first: hashes and ciphers of the SDK's natives, public-key arithmetic of our own. An
// application with fewer algorithms maps this module to its own file in its manifest.

import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { rsa, rsaPss } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import { Registry } from "polltls/crypto/registry";
import {
	nativeAes128Ccm,
	nativeAes128Ccm8,
	nativeAes128Gcm,
	nativeAes256Ccm8,
	nativeAes256Gcm,
	nativeChaCha20Poly1305,
	nativeSha256,
	nativeSha384,
	nativeSha512,
} from "./crypto-native.js";

/** A registry of its own, started. */
export function deviceRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [nativeSha256, nativeSha384, nativeSha512]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [nativeAes128Ccm, nativeAes128Gcm, nativeAes256Gcm, nativeChaCha20Poly1305, nativeAes128Ccm8, nativeAes256Ccm8])
		registry.registerBulk(registry.bulks.length, bulk);
	for (const signature of [ecdsaP256, ecdsaP384, ed25519, rsa, rsaPss]) registry.registerSign(registry.signatures.length, signature);
	for (const exchange of [x25519, secp256r1, secp384r1]) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
	registry.start();
	return registry;
}
