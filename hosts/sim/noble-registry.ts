// Everything in XS, hashes and ciphers too, by noble: for `--engine xs --crypto noble`. No device could: noble's AES
// takes 1.3 MB there.

import {
	nobleAes128Ccm,
	nobleAes128Ccm8,
	nobleAes128Gcm,
	nobleAes256Ccm,
	nobleAes256Ccm8,
	nobleAes256Gcm,
	nobleChaCha20Poly1305,
} from "polltls/crypto/noble/aeads";
import { nobleAes128Cbc, nobleAes256Cbc } from "polltls/crypto/noble/block-ciphers";
import { nobleSha1, nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import { Registry } from "polltls/crypto/registry";
import { registerPublicKey } from "../node/public-key.js";

/** All that there is, started. */
export function commandRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [nobleSha256, nobleSha384, nobleSha512, nobleSha1]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [
		nobleChaCha20Poly1305,
		nobleAes128Gcm,
		nobleAes256Gcm,
		nobleAes128Ccm,
		nobleAes256Ccm,
		nobleAes128Ccm8,
		nobleAes256Ccm8,
		nobleAes128Cbc,
		nobleAes256Cbc,
	])
		registry.registerBulk(registry.bulks.length, bulk);
	registerPublicKey(registry);
	registry.start();
	return registry;
}
