// --rpk and --peer-key of the command: raw public keys (RFC 7250) in place of certificates.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { certificate_type_raw_public_key, certificate_type_x509 } from "polltls/wire/registry";
import { FileError, pemOf } from "../files.js";
import type { PlainCredential } from "../plain-options.js";

/** Our own: the file has the private key, what is shown is its public half. */
export function rawCredential(file: string): PlainCredential {
	const key = pemOf("--rpk", file, "PRIVATE KEY");
	try {
		return { chain: createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "pem" }) as string, key, raw: true };
	} catch (error) {
		throw new FileError(`--rpk: ${file} is not a private key: ${(error as Error).message}`);
	}
}

/** The peer's: a public key (SubjectPublicKeyInfo), PEM or DER. */
export function peerKey(file: string): string {
	const pem = pemOf("--peer-key", file, "PUBLIC KEY");
	if (!pem.includes("-----BEGIN PUBLIC KEY-----")) throw new FileError(`--peer-key: ${file} is not a public key`);
	return pem;
}

/**
 * What the peer may show: a raw key if it is known by --peer-key, or by a pin that is all there is to know it by; certificates if
 * there is something to know those by.
 */
export function peerTypes(values: { rpk?: string[]; "peer-key"?: string[]; ca?: string[]; pin?: string[]; insecure?: boolean }): number[] | undefined {
	const { rpk, "peer-key": peerKeys, ca, pin, insecure = false } = values;
	const known = ca !== undefined || pin !== undefined || insecure;
	if (peerKeys !== undefined) return known ? [certificate_type_raw_public_key, certificate_type_x509] : [certificate_type_raw_public_key];
	if (ca !== undefined || !(pin !== undefined || (insecure && rpk !== undefined))) return undefined;
	return rpk === undefined ? [certificate_type_x509, certificate_type_raw_public_key] : [certificate_type_raw_public_key, certificate_type_x509];
}
