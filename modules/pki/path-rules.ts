// The rules that the certificates of one path are held to (RFC 5280 6.1.3 to 6.1.5), from the anchor down to the
// leaf, one certificate a call. Signatures and revocation are chain.ts's.

import {
	CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN,
	CERTIFICATE_EXPIRED,
	CERTIFICATE_FORM_REFUSED,
	CERTIFICATE_HASH_REFUSED,
	CERTIFICATE_KEY_TOO_SMALL,
	CERTIFICATE_KEY_TYPE_REFUSED,
	CERTIFICATE_KEY_USAGE_REFUSED,
	CERTIFICATE_NAME_MISMATCH,
	CERTIFICATE_NAME_NOT_PERMITTED,
	CERTIFICATE_NOT_AUTHORITY,
	CERTIFICATE_NOT_PINNED,
	CERTIFICATE_NOT_SIGNER,
	CERTIFICATE_NOT_YET_VALID,
	CERTIFICATE_PATH_TOO_LONG,
	CERTIFICATE_POLICY_REFUSED,
	CERTIFICATE_PURPOSE_REFUSED,
	CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED,
	CERTIFICATE_TIME_UNKNOWN,
	type Failure,
	NO_FAILURE,
} from "../base/failure.js";
import type { Registry } from "../crypto/registry.js";
import { SCHEME_UNKNOWN, schemeForKey, weakHash } from "./algorithm.js";
import type { Certificate } from "./certificate.js";
import { type ChainPolicy, TIME_UNKNOWN_ACCEPT } from "./chain-policy.js";
import {
	EXTENSION_BASIC_CONSTRAINTS,
	EXTENSION_EXT_KEY_USAGE,
	EXTENSION_KEY_USAGE,
	EXTENSION_UNKNOWN,
	KEY_USAGE_KEY_CERT_SIGN,
	PURPOSE_ANY,
} from "./extensions.js";
import { NameConstraints } from "./name-constraints.js";
import { conforms, POSITION_ANCHOR, POSITION_AUTHORITY, POSITION_LEAF } from "./profile.js";
import type { PublicKeyInfo } from "./public-key-info.js";
import { REFERENCE_NONE, type ReferenceName } from "./reference-name.js";
import { ValidPolicies } from "./valid-policies.js";
import { VERIFY_TIME_UNKNOWN, verifyBitOf } from "./verify-result.js";

/** More than any path is long. */
const UNLIMITED = 1000;

/**
 * The state of one path's validation. Failures are gathered, not stopped at: the one that comes first in the order
 * of the verify result stays in failure, all of them are bits of result. index says which certificate is meant;
 * it is only noted.
 *
 *     rules.start(policy, seconds);
 *     rules.checkAuthority(anchorCertificate, index);     // and each below it
 *     rules.checkLeaf(certificate, index);
 *     if (rules.failure !== NO_FAILURE) ...
 */
export class PathRules {
	failure: Failure = NO_FAILURE;
	failedIndex = 0;
	/** VERIFY_... bits. */
	result = 0;
	readonly #registry: Registry;
	#policy: ChainPolicy | undefined = undefined;
	#seconds = -1;
	/** Whether a certificate or a key was checked before. */
	#begun = false;
	/** The type of the key that must have signed the next certificate, and what it may sign with. */
	#issuerType = 0;
	#issuerPssScheme = SCHEME_UNKNOWN;
	/** Made when an authority has some: few do. */
	#constraints: NameConstraints | undefined = undefined;
	readonly #policies = new ValidPolicies();
	/** How many certificates that aren't self-issued may still follow (6.1.2 (k)). */
	#maxPathLength = 0;

	constructor(registry: Registry) {
		this.#registry = registry;
	}

	/** Begins a path. seconds since 1970, or -1 while the device doesn't know the time. */
	start(policy: ChainPolicy, seconds: number): void {
		this.#policy = policy;
		this.#seconds = seconds;
		this.#begun = false;
		this.#maxPathLength = UNLIMITED;
		this.#constraints?.reset();
		this.#policies.start(policy);
		this.failure = NO_FAILURE;
		this.result = 0;
	}

	/** The anchor, where it is a name and a key only. notAfter: its last second. */
	checkAnchorKey(key: PublicKeyInfo, notAfter: number, index: number): void {
		this.note(this.checkDates(0, notAfter), index);
		this.note(this.checkKey(key), index);
		this.expectSignatureOf(key);
	}

	/** A raw public key: it has nothing but its kind and size. */
	checkRawKey(key: PublicKeyInfo): void {
		this.note(this.checkKey(key), 0);
	}

	/** A certificate that signs others: the anchor's, if it has one, then each below it. */
	checkAuthority(certificate: Certificate, index: number): void {
		const selfIssued = certificate.selfIssued();
		this.checkCertificate(certificate, this.#begun ? POSITION_AUTHORITY : POSITION_ANCHOR, index);
		this.checkNames(certificate, selfIssued, index);
		this.note(this.checkAuthorityBits(certificate), index);
		if (this.#begun) this.checkPolicies(this.#policies.passAuthority(certificate), index);
		if (this.#begun && !selfIssued) this.note(this.#maxPathLength-- > 0 ? NO_FAILURE : CERTIFICATE_PATH_TOO_LONG, index);
		const pathLength = certificate.extensions.pathLength;
		if (pathLength >= 0 && pathLength < this.#maxPathLength) this.#maxPathLength = pathLength;
		if (certificate.extensions.nameConstraints.at >= 0) {
			this.#constraints ??= new NameConstraints();
			this.#constraints.add(certificate);
		}
		this.expectSignatureOf(certificate.publicKey);
	}

	/** The certificate of the peer itself, and what it must be called. */
	checkLeaf(certificate: Certificate, reference: ReferenceName, index: number): void {
		const extensions = certificate.extensions;
		const names = extensions.subjectAltName;
		const named = reference.kind === REFERENCE_NONE || (names.at >= 0 && reference.matches(certificate.bytes, names.at, names.end));
		this.note(named ? NO_FAILURE : CERTIFICATE_NAME_MISMATCH, index);
		this.checkCertificate(certificate, POSITION_LEAF, index);
		const wanted = this.policy.leafKeyUsage;
		const usable = wanted === 0 || (extensions.present & EXTENSION_KEY_USAGE) === 0 || (extensions.keyUsage & wanted) !== 0;
		this.note(usable ? NO_FAILURE : CERTIFICATE_KEY_USAGE_REFUSED, index);
		this.checkNames(certificate, false, index);
		this.checkPolicies(this.#policies.passLeaf(certificate), index);
	}

	private get policy(): ChainPolicy {
		return this.#policy as ChainPolicy; // by start()
	}

	/** 6.1.3 (b) and (c): an authority's certificate for itself may be called what it is called. */
	private checkNames(certificate: Certificate, exempt: boolean, index: number): void {
		this.note(exempt || (this.#constraints?.permit(certificate) ?? true) ? NO_FAILURE : CERTIFICATE_NAME_NOT_PERMITTED, index);
	}

	private checkPolicies(passed: boolean, index: number): void {
		this.note(passed ? NO_FAILURE : CERTIFICATE_POLICY_REFUSED, index);
	}

	/** What pins and TLSA records demand of the path as a whole. */
	checkRecords(satisfied: boolean): void {
		this.note(satisfied ? NO_FAILURE : CERTIFICATE_NOT_PINNED, 0);
	}

	/** What every certificate must fulfil. */
	private checkCertificate(certificate: Certificate, position: number, index: number): void {
		const extensions = certificate.extensions;
		this.note(this.checkDates(certificate.notBefore, certificate.notAfter), index);
		if (this.#begun) this.note(this.checkSignatureAlgorithm(certificate), index);
		this.note(this.checkKey(certificate.publicKey), index);
		this.note(extensions.critical & EXTENSION_UNKNOWN ? CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN : NO_FAILURE, index);
		this.note(conforms(certificate, position, this.policy.profile) ? NO_FAILURE : CERTIFICATE_FORM_REFUSED, index);
		// above the leaf too: an authority whose purposes are listed signs for these only, as every web client has it
		const purposes = this.policy.purpose | PURPOSE_ANY;
		const allowed = (extensions.present & EXTENSION_EXT_KEY_USAGE) === 0 || (extensions.extendedKeyUsage & purposes) !== 0;
		this.note(allowed ? NO_FAILURE : CERTIFICATE_PURPOSE_REFUSED, index);
	}

	private checkDates(notBefore: number, notAfter: number): Failure {
		const { policy } = this;
		if (!policy.checkExpiry) return NO_FAILURE;
		if (this.#seconds < 0) {
			this.result |= VERIFY_TIME_UNKNOWN;
			return policy.timeUnknown === TIME_UNKNOWN_ACCEPT ? NO_FAILURE : CERTIFICATE_TIME_UNKNOWN;
		}
		if (this.#seconds > notAfter) return CERTIFICATE_EXPIRED;
		return this.#seconds < notBefore ? CERTIFICATE_NOT_YET_VALID : NO_FAILURE;
	}

	private checkSignatureAlgorithm(certificate: Certificate): Failure {
		const scheme = schemeForKey(certificate.signature.scheme, this.#issuerType);
		if (this.policy.schemes.indexOf(scheme) >= 0 && (this.#issuerPssScheme === SCHEME_UNKNOWN || this.#issuerPssScheme === certificate.signature.scheme))
			return NO_FAILURE;
		return weakHash(certificate.signature.scheme) ? CERTIFICATE_HASH_REFUSED : CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED;
	}

	private checkKey(key: PublicKeyInfo): Failure {
		if (this.#registry.signature(key.type) === undefined) return CERTIFICATE_KEY_TYPE_REFUSED;
		return key.isStrong(this.policy.minimumRsaBits) ? NO_FAILURE : CERTIFICATE_KEY_TOO_SMALL;
	}

	/** 6.1.4 (k) and (n). An anchor of version 1 has no extensions to say it with: that it is configured says it. */
	private checkAuthorityBits(certificate: Certificate): Failure {
		const extensions = certificate.extensions;
		if (!this.#begun && certificate.version === 1) return NO_FAILURE;
		if ((extensions.present & EXTENSION_BASIC_CONSTRAINTS) === 0 || !extensions.isAuthority) return CERTIFICATE_NOT_AUTHORITY;
		const signs = (extensions.present & EXTENSION_KEY_USAGE) === 0 || (extensions.keyUsage & KEY_USAGE_KEY_CERT_SIGN) !== 0;
		return signs ? NO_FAILURE : CERTIFICATE_NOT_SIGNER;
	}

	private expectSignatureOf(key: PublicKeyInfo): void {
		this.#begun = true;
		this.#issuerType = key.type;
		this.#issuerPssScheme = key.pssScheme;
	}

	/** Keeps the failure that comes first in the order of the result. */
	private note(failure: Failure, index: number): void {
		if (failure === NO_FAILURE) return;
		const bit = verifyBitOf(failure);
		if (this.failure === NO_FAILURE || bit < verifyBitOf(this.failure)) {
			this.failure = failure;
			this.failedIndex = index;
		}
		this.result |= bit;
	}
}
