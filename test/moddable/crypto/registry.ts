// The registry of the provider on the SDK's natives, with our own public-key arithmetic: in a Moddable image, and on the
// desktop over a stand-in.

import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { rsa, rsaPss } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import { Registry } from "polltls/crypto/registry";
import {
	nativeAes128Cbc,
	nativeAes128Ccm,
	nativeAes128Ccm8,
	nativeAes128Gcm,
	nativeAes256Cbc,
	nativeAes256Ccm,
	nativeAes256Ccm8,
	nativeAes256Gcm,
	nativeChaCha20Poly1305,
	nativeSha1,
	nativeSha256,
	nativeSha384,
	nativeSha512,
} from "polltls/moddable/crypto-native";

export function nativeRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [nativeSha256, nativeSha384, nativeSha512, nativeSha1]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [
		nativeAes128Ccm,
		nativeAes256Ccm,
		nativeAes128Gcm,
		nativeAes256Gcm,
		nativeChaCha20Poly1305,
		nativeAes128Ccm8,
		nativeAes256Ccm8,
		nativeAes128Cbc,
		nativeAes256Cbc,
	])
		registry.registerBulk(registry.bulks.length, bulk);
	for (const signature of [ecdsaP256, ecdsaP384, rsa, rsaPss]) registry.registerSign(registry.signatures.length, signature);
	for (const exchange of [x25519, secp256r1, secp384r1]) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
	return registry;
}
