// The public-key algorithms of a desktop, cheapest first: arithmetic of our own, the same in Node and in XS.

import { ffdhe2048, ffdhe3072, ffdhe4096 } from "polltls/crypto/public-key/dhe";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { rsa, rsaPss } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import type { Registry } from "polltls/crypto/registry";
import type { KeyExchangeAlgorithm, SignatureAlgorithm } from "polltls/crypto/types";

const signatures: readonly SignatureAlgorithm[] = [ecdsaP256, ed25519, ecdsaP384, rsa, rsaPss];
const keyExchanges: readonly KeyExchangeAlgorithm[] = [x25519, secp256r1, secp384r1, ffdhe2048, ffdhe3072, ffdhe4096];

/** Registers all of them. */
export function registerPublicKey(registry: Registry): void {
	for (const signature of signatures) registry.registerSign(registry.signatures.length, signature);
	for (const exchange of keyExchanges) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
}
