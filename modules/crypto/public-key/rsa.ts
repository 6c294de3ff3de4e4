// RSA signatures as algorithms to register: keys for anything (rsaEncryption) and keys for PSS only (id-RSASSA-PSS).

import { type Hashes, KEY_RSA, KEY_RSA_PSS, type KeyType, type SignatureAlgorithm, type SignJob, type VerifyJob } from "../types.js";
import { type RsaLimits, rsaLimits } from "./rsa-key.js";
import { rsaSchemes } from "./rsa-scheme.js";
import { RsaSign } from "./rsa-sign.js";
import { RsaVerify } from "./rsa-verify.js";

/**
 * A SignatureAlgorithm for RSA keys of one type with sizes of one's own choice.
 *
 *     registry.registerSign(1, new RsaSignatures(KEY_RSA, { minimumBits: 3072, maximumBits: 4096 }));
 */
export class RsaSignatures implements SignatureAlgorithm {
	readonly keyType: KeyType;
	readonly schemes: readonly number[];
	readonly #limits: RsaLimits;

	constructor(keyType: KeyType, limits: RsaLimits) {
		this.keyType = keyType;
		this.#limits = limits;
		const schemes: number[] = [];
		for (const row of rsaSchemes) if (row.keyType === keyType) schemes.push(row.scheme);
		this.schemes = schemes;
	}

	createVerify(hashes: Hashes): VerifyJob {
		return new RsaVerify(hashes, this.keyType, this.#limits);
	}
	createSign(hashes: Hashes): SignJob {
		return new RsaSign(hashes, this.keyType, this.#limits);
	}
}

/** rsaEncryption keys of 2048 to 4096 bits: rsa_pss_rsae_* and rsa_pkcs1_*. */
export const rsa: SignatureAlgorithm = Object.freeze({
	keyType: KEY_RSA,
	schemes: Object.freeze([0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601]),
	createVerify: (hashes: Hashes): VerifyJob => new RsaVerify(hashes, KEY_RSA, rsaLimits),
	createSign: (hashes: Hashes): SignJob => new RsaSign(hashes, KEY_RSA, rsaLimits),
});

/** id-RSASSA-PSS keys of 2048 to 4096 bits: rsa_pss_pss_*. */
export const rsaPss: SignatureAlgorithm = Object.freeze({
	keyType: KEY_RSA_PSS,
	schemes: Object.freeze([0x0809, 0x080a, 0x080b]),
	createVerify: (hashes: Hashes): VerifyJob => new RsaVerify(hashes, KEY_RSA_PSS, rsaLimits),
	createSign: (hashes: Hashes): SignJob => new RsaSign(hashes, KEY_RSA_PSS, rsaLimits),
});
