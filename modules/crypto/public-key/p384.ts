// P-384 as algorithms to register: key exchange and signatures.

import type { Hashes, KeyExchange, KeyExchangeAlgorithm, SignatureAlgorithm, SignJob, VerifyJob } from "../types.js";
import { KEY_P384 } from "../types.js";
import { Ecdh } from "./ecdh.js";
import { ecdsaSchemes } from "./ecdsa-scheme.js";
import { EcdsaSign } from "./ecdsa-sign.js";
import { EcdsaVerify } from "./ecdsa-verify.js";
import { p384 } from "./p384-curve.js";

/** secp384r1, NamedGroup 24. */
export const secp384r1: KeyExchangeAlgorithm = Object.freeze({
	group: 24,
	clientShareLength: 97,
	serverShareLength: 97,
	cost: 3900,
	create: (): KeyExchange => new Ecdh(p384),
});

/** ECDSA with keys on P-384. */
export const ecdsaP384: SignatureAlgorithm = Object.freeze({
	keyType: KEY_P384,
	schemes: ecdsaSchemes,
	createVerify: (hashes: Hashes): VerifyJob => new EcdsaVerify(p384, hashes),
	createSign: (hashes: Hashes): SignJob => new EcdsaSign(p384, hashes),
});
