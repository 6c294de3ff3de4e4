// The RSA signature schemes of RFC 8446 4.2.3. For the RSA jobs.

import { KEY_RSA, KEY_RSA_PSS, type KeyType, sha256, sha384, sha512 } from "../types.js";

export interface RsaScheme {
	/** SignatureScheme number. */
	readonly scheme: number;
	readonly keyType: KeyType;
	readonly hash: number;
	/** RSASSA-PSS with a salt as long as the hash and MGF1 on the same hash; else RSASSA-PKCS1-v1_5. */
	readonly pss: boolean;
}

const rsa_pkcs1_sha256 = Object.freeze({ scheme: 0x0401, keyType: KEY_RSA, hash: sha256, pss: false });
const rsa_pkcs1_sha384 = Object.freeze({ scheme: 0x0501, keyType: KEY_RSA, hash: sha384, pss: false });
const rsa_pkcs1_sha512 = Object.freeze({ scheme: 0x0601, keyType: KEY_RSA, hash: sha512, pss: false });
const rsa_pss_rsae_sha256 = Object.freeze({ scheme: 0x0804, keyType: KEY_RSA, hash: sha256, pss: true });
const rsa_pss_rsae_sha384 = Object.freeze({ scheme: 0x0805, keyType: KEY_RSA, hash: sha384, pss: true });
const rsa_pss_rsae_sha512 = Object.freeze({ scheme: 0x0806, keyType: KEY_RSA, hash: sha512, pss: true });
const rsa_pss_pss_sha256 = Object.freeze({ scheme: 0x0809, keyType: KEY_RSA_PSS, hash: sha256, pss: true });
const rsa_pss_pss_sha384 = Object.freeze({ scheme: 0x080a, keyType: KEY_RSA_PSS, hash: sha384, pss: true });
const rsa_pss_pss_sha512 = Object.freeze({ scheme: 0x080b, keyType: KEY_RSA_PSS, hash: sha512, pss: true });

export const rsaSchemes: readonly RsaScheme[] = Object.freeze([
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha384,
	rsa_pss_rsae_sha512,
	rsa_pkcs1_sha256,
	rsa_pkcs1_sha384,
	rsa_pkcs1_sha512,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha384,
	rsa_pss_pss_sha512,
]);

/** The scheme with this number if a key of this type can make it. */
export function rsaSchemeOf(keyType: KeyType, scheme: number): RsaScheme | undefined {
	for (const row of rsaSchemes) if (row.scheme === scheme && row.keyType === keyType) return row;
	return undefined;
}
