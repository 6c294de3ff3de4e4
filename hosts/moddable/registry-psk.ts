// What a device registers that has pre-shared keys and no certificates, in place of registry.ts (manifest_dtls_psk.json): SHA-256, the
// ciphers of small devices, X25519; no signatures.

import { x25519 } from "polltls/crypto/public-key/x25519";
import { Registry } from "polltls/crypto/registry";
import { nativeAes128Ccm, nativeAes128Ccm8, nativeAes128Gcm, nativeSha256 } from "./crypto-native.js";

/** A registry of its own, started. */
export function deviceRegistry(): Registry {
	const registry = new Registry();
	registry.registerHash(0, nativeSha256);
	for (const bulk of [nativeAes128Ccm, nativeAes128Ccm8, nativeAes128Gcm]) registry.registerBulk(registry.bulks.length, bulk);
	registry.registerKeyExchange(0, x25519);
	registry.start();
	return registry;
}
