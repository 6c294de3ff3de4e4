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
import { KEY_USAGE_DIGITAL_SIGNATURE, KEY_USAGE_KEY_AGREEMENT, KEY_USAGE_KEY_ENCIPHERMENT, PURPOSE_SERVER } from "./extensions.js";
import type { PolicyQuestion } from "./valid-policies.js";

/** A device that doesn't know the time refuses every certificate. */
export const TIME_UNKNOWN_REFUSE = 0;
/** It accepts whatever the dates are, and says so in the verify result (VERIFY_TIME_UNKNOWN). */
export const TIME_UNKNOWN_ACCEPT = 1;

/** Path validation (RFC 5280 section 6), and no form that section 4 forbids and nobody needs. */
export const PROFILE_PATH = 0;
/** Everything that RFC 5280 section 4 demands of a certificate: many private authorities don't keep to it. */
export const PROFILE_STRICT = 1;
/** That, and what the CA/Browser Forum's baseline requirements demand of certificates for the web. */
export const PROFILE_WEB = 2;

// Whether certificates are looked up as revoked; those that the trust store lists always are
/** CRLs and stapled responses are not looked at. */
export const REVOCATION_OFF = 0;
/** Who is known to be revoked is refused; what can't be used is passed over. */
export const REVOCATION_SOFT = 1;
/** What there is for a certificate's issuer (a CRL, a stapled response) must be usable and say that it is good. */
export const REVOCATION_GIVEN = 2;
/** The peer's own certificate must be known to be good. */
export const REVOCATION_LEAF = 3;
/** Every certificate below the anchor must. */
export const REVOCATION_PATH = 4;

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

/** How short and how long keys may be. */
export class KeyLimits {
	/** The smallest RSA modulus; 0 allows all. */
	minimumRsaBits = 2048;
	/** The longest public key that a peer may have, in bytes of its raw form; 576 is the most. */
	maximumLength = 576;
}

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
	/** The most authorities between the leaf and the anchor, not counting their certificates for themselves. */
	maxDepth = 6;
	keyLimits = new KeyLimits();
	/** Signatures that certificates may have, by SignatureScheme numbers. */
	schemes: readonly number[] = CERTIFICATE_SCHEMES;
	/** DANGER: certificates are parsed, but nothing about them is verified. Anybody can be the peer. */
	trustAll = false;
	/** Whether a certificate of the trust store that isn't self-issued (an intermediate, the leaf itself) ends a path. */
	partialChains = true;
	/** KEY_USAGE_... bits: a leaf that lists its usages must allow one of them; 0 asks for none. */
	leafKeyUsage = KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_KEY_ENCIPHERMENT | KEY_USAGE_KEY_AGREEMENT;
	/** REVOCATION_... */
	revocation = REVOCATION_GIVEN;
	/** Whether a certificate that promises a stapled response (RFC 7633) is refused without one: set it where one is asked for. */
	honourMustStaple = false;
	/** PROFILE_...: which rules for those who issue certificates are asked for beyond path validation. */
	profile = PROFILE_PATH;
	/** RFC 5280 6.1.1 (c): contents of the OBJECT IDENTIFIERs of acceptable certificate policies, at most 31; none: any. */
	acceptablePolicies: readonly Uint8Array[] = [];
	/** 6.1.1 (e) to (g). */
	requirePolicy = false;
	inhibitPolicyMapping = false;
	inhibitAnyPolicy = false;

	/** The smallest RSA modulus; 0 allows all. */
	get minimumRsaBits(): number {
		return this.keyLimits.minimumRsaBits;
	}
	set minimumRsaBits(bits: number) {
		this.keyLimits.minimumRsaBits = bits;
	}
}
