// P-256 as algorithms to register: key exchange and signatures.

import type { Hashes, KeyExchange, KeyExchangeAlgorithm, SignatureAlgorithm, SignJob, VerifyJob } from "../types.js";
import { KEY_P256 } from "../types.js";
import { Ecdh } from "./ecdh.js";
import { ecdsaSchemes } from "./ecdsa-scheme.js";
import { EcdsaSign } from "./ecdsa-sign.js";
import { EcdsaVerify } from "./ecdsa-verify.js";
import { p256 } from "./p256-curve.js";

/** secp256r1, NamedGroup 23. */
export const secp256r1: KeyExchangeAlgorithm = Object.freeze({
	group: 23,
	clientShareLength: 65,
	serverShareLength: 65,
	cost: 1750,
	create: (): KeyExchange => new Ecdh(p256),
});

/** ECDSA with keys on P-256. */
export const ecdsaP256: SignatureAlgorithm = Object.freeze({
	keyType: KEY_P256,
	schemes: ecdsaSchemes,
	createVerify: (hashes: Hashes): VerifyJob => new EcdsaVerify(p256, hashes),
	createSign: (hashes: Hashes): SignJob => new EcdsaSign(p256, hashes),
});
