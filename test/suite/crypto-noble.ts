// Portable cases for the provider on @noble/hashes and @noble/ciphers.

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
import { cryptoCases } from "./crypto-cases.js";

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

export const cases = cryptoCases(registry);
