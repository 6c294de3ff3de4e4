// Registries in XS: hashes and ciphers of the host (native code on a device), public-key arithmetic in XS. Cheapest
// cipher first. For the XS side of hosts/sim.

import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { rsa } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import { Registry } from "polltls/crypto/registry";
import { registerPublicKey } from "../node/public-key.js";
import {
	hostAes128Cbc,
	hostAes128Ccm,
	hostAes128Ccm8,
	hostAes128Gcm,
	hostAes256Cbc,
	hostAes256Ccm,
	hostAes256Ccm8,
	hostAes256Gcm,
	hostChaCha20Poly1305,
	hostSha1,
	hostSha256,
	hostSha384,
	hostSha512,
} from "./crypto-host.js";

/** What a device registers, started. */
export function deviceRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [hostSha256, hostSha384, hostSha512]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [hostAes128Ccm, hostAes128Gcm, hostAes256Gcm, hostChaCha20Poly1305, hostAes128Ccm8]) registry.registerBulk(registry.bulks.length, bulk);
	for (const signature of [ecdsaP256, rsa]) registry.registerSign(registry.signatures.length, signature);
	for (const exchange of [x25519, secp256r1]) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
	registry.start();
	return registry;
}

/** All that there is, started: what the polltls command has with --engine xs. */
export function commandRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [hostSha256, hostSha384, hostSha512, hostSha1]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [
		hostAes128Gcm,
		hostAes256Gcm,
		hostChaCha20Poly1305,
		hostAes128Ccm,
		hostAes256Ccm,
		hostAes128Ccm8,
		hostAes256Ccm8,
		hostAes128Cbc,
		hostAes256Cbc,
	])
		registry.registerBulk(registry.bulks.length, bulk);
	registerPublicKey(registry);
	registry.start();
	return registry;
}
