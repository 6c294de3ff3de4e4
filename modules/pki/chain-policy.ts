// What a chain of certificates must fulfil: one object, shared by all connections of a configuration.

import {
	ecdsa_secp256r1_sha256,
	ecdsa_secp384r1_sha384,
	ecdsa_secp521r1_sha512,
	ed25519,
	rsa_pkcs1_sha256,
	rsa_pkcs1_sha384,
	rsa_pkcs1_sha512,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha384,
	rsa_pss_pss_sha512,
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha384,
	rsa_pss_rsae_sha512,
} from "./algorithm.js";
import { PURPOSE_SERVER } from "./extensions.js";
import type { PolicyQuestion } from "./valid-policies.js";

/** A device that doesn't know the time refuses every certificate. */
export const TIME_UNKNOWN_REFUSE = 0;
/** It accepts whatever the dates are, and says so in the verify result (VERIFY_TIME_UNKNOWN). */
export const TIME_UNKNOWN_ACCEPT = 1;

/** Signatures in certificates that are good today. The leaf's key signs the handshake by the handshake's own list. */
export const CERTIFICATE_SCHEMES: readonly number[] = Object.freeze([
	ecdsa_secp256r1_sha256,
	ecdsa_secp384r1_sha384,
	ecdsa_secp521r1_sha512,
	ed25519,
	rsa_pkcs1_sha256,
	rsa_pkcs1_sha384,
	rsa_pkcs1_sha512,
	rsa_pss_rsae_sha256,
	rsa_pss_rsae_sha384,
	rsa_pss_rsae_sha512,
	rsa_pss_pss_sha256,
	rsa_pss_pss_sha384,
	rsa_pss_pss_sha512,
]);

/**
 * The rules that a chain is held to. The values here are the defaults.
 *
 *     const policy = new ChainPolicy();
 *     policy.purpose = PURPOSE_CLIENT;       // a server that verifies its clients
 */
export class ChainPolicy implements PolicyQuestion {
	/** PURPOSE_SERVER: the peer is a server; PURPOSE_CLIENT: it is a client. */
	purpose = PURPOSE_SERVER;
	/** Whether dates are judged at all. */
	checkExpiry = true;
	/** TIME_UNKNOWN_REFUSE or TIME_UNKNOWN_ACCEPT. */
	timeUnknown = TIME_UNKNOWN_REFUSE;
	/** The most certificates between the leaf and the anchor. */
	maxDepth = 6;
	/** The smallest RSA modulus; 0 allows all. */
	minimumRsaBits = 2048;
	/** Signatures that certificates may have, by SignatureScheme numbers. */
	schemes: readonly number[] = CERTIFICATE_SCHEMES;
	/** DANGER: certificates are parsed, but nothing about them is verified. Anybody can be the peer. */
	trustAll = false;
	/** Whether an anchor may be a certificate that isn't self-issued: an intermediate, or the leaf itself. */
	partialChains = false;
	/** RFC 5280 6.1.1 (c): contents of the OBJECT IDENTIFIERs of acceptable certificate policies, at most 31; none: any. */
	acceptablePolicies: readonly Uint8Array[] = [];
	/** 6.1.1 (e) to (g). */
	requirePolicy = false;
	inhibitPolicyMapping = false;
	inhibitAnyPolicy = false;
}
