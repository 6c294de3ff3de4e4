// Ed25519 as an algorithm to register.

import { type Hashes, KEY_ED25519, type SignatureAlgorithm, type SignJob, type VerifyJob } from "../types.js";
import { ED25519_SCHEME } from "./ed25519-hash.js";
import { Ed25519Sign } from "./ed25519-sign.js";
import { Ed25519Verify } from "./ed25519-verify.js";

/** ed25519; needs SHA-512. */
export const ed25519: SignatureAlgorithm = Object.freeze({
	keyType: KEY_ED25519,
	schemes: Object.freeze([ED25519_SCHEME]),
	createVerify: (hashes: Hashes): VerifyJob => new Ed25519Verify(hashes),
	createSign: (hashes: Hashes): SignJob => new Ed25519Sign(hashes),
});
