// Certificates and keys of options as PEM. Portable: for programs that are given text.

import { NO_FAILURE } from "polltls/base/failure";
import type { Credential } from "polltls/handshake/settings";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";

/** A chain, leaf first, and its key. Throws if they aren't. */
export function credentialOf(certificates: string, privateKey: string): Credential {
	const chain: Uint8Array[] = [];
	const reader = new PemReader(certificates);
	while (reader.find(PEM_CERTIFICATE)) chain.push(reader.der);
	const decoder = new PrivateKeyDecoder();
	const failure = reader.end() || decoder.decodePem(privateKey);
	if (chain.length === 0 || failure !== NO_FAILURE) throw new Error(`certificate or key: failure ${failure >> 16}`);
	return { chain, key: decoder.key };
}

/** The authorities in a text. Throws if one isn't. */
export function trustOf(certificates: string): TrustStore {
	const trust = new TrustStore();
	const failure = trust.addPem(certificates);
	if (failure !== NO_FAILURE) throw new Error(`trusted certificates: failure ${failure >> 16}`);
	return trust;
}
