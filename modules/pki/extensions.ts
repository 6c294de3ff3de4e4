// The extensions of a certificate that decide anything (RFC 5280 4.2, RFC 7633), decoded where they stand. Every
// known extension is checked to its last byte here, so that the rules of the chain can trust the places.

import { equalPublic } from "../base/bytes.js";
import { DER_BIT_STRING, DER_INTEGER, DER_OCTET_STRING, DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import type { Reader } from "../base/reader.js";
import {
	DER_CONTEXT,
	DER_CONTEXT_CONSTRUCTED,
	skipDer,
	takeDerContents,
	takeDerDefaultFalse,
	takeDerNamedBits,
	takeDerSmall,
	takeDerTaggedSmall,
} from "./der-values.js";
import { takeDistributionPoints } from "./distribution-point.js";
import { GeneralName, takeGeneralNames, takeSubtrees } from "./general-name.js";
import {
	anyExtendedKeyUsage,
	id_ce_authorityKeyIdentifier,
	id_ce_basicConstraints,
	id_ce_certificatePolicies,
	id_ce_cRLDistributionPoints,
	id_ce_extKeyUsage,
	id_ce_inhibitAnyPolicy,
	id_ce_issuerAltName,
	id_ce_keyUsage,
	id_ce_nameConstraints,
	id_ce_policyConstraints,
	id_ce_policyMappings,
	id_ce_subjectAltName,
	id_ce_subjectKeyIdentifier,
	id_kp_clientAuth,
	id_kp_OCSPSigning,
	id_kp_serverAuth,
	id_pe_authorityInfoAccess,
	id_pe_tlsfeature,
	id_pkix_ocsp_nocheck,
	takeOid,
} from "./oid.js";
import { Place } from "./place.js";

// Bits of present and critical
export const EXTENSION_AUTHORITY_KEY_IDENTIFIER = 1;
export const EXTENSION_SUBJECT_KEY_IDENTIFIER = 2;
export const EXTENSION_KEY_USAGE = 4;
export const EXTENSION_CERTIFICATE_POLICIES = 8;
export const EXTENSION_POLICY_MAPPINGS = 16;
export const EXTENSION_SUBJECT_ALT_NAME = 32;
export const EXTENSION_ISSUER_ALT_NAME = 64;
export const EXTENSION_BASIC_CONSTRAINTS = 128;
export const EXTENSION_NAME_CONSTRAINTS = 256;
export const EXTENSION_POLICY_CONSTRAINTS = 512;
export const EXTENSION_EXT_KEY_USAGE = 1024;
export const EXTENSION_CRL_DISTRIBUTION_POINTS = 2048;
export const EXTENSION_INHIBIT_ANY_POLICY = 4096;
export const EXTENSION_TLS_FEATURE = 8192;
export const EXTENSION_AUTHORITY_INFO_ACCESS = 16384;
export const EXTENSION_OCSP_NOCHECK = 32768;
/** In present: authorityKeyIdentifier names the issuer and its serial number too. */
export const EXTENSION_AUTHORITY_ISSUER = 131072;
/** In critical: something that isn't known here. */
export const EXTENSION_UNKNOWN = 65536;

// Bits of keyUsage (4.2.1.3)
export const KEY_USAGE_DIGITAL_SIGNATURE = 1;
export const KEY_USAGE_NON_REPUDIATION = 2;
export const KEY_USAGE_KEY_ENCIPHERMENT = 4;
export const KEY_USAGE_DATA_ENCIPHERMENT = 8;
export const KEY_USAGE_KEY_AGREEMENT = 16;
export const KEY_USAGE_KEY_CERT_SIGN = 32;
export const KEY_USAGE_CRL_SIGN = 64;

// Bits of extendedKeyUsage (4.2.1.12)
export const PURPOSE_SERVER = 1;
export const PURPOSE_CLIENT = 2;
export const PURPOSE_OCSP_SIGNING = 4;
export const PURPOSE_ANY = 8;
export const PURPOSE_OTHER = 16;

/** More extensions than these in one certificate are refused: to look for repeated unknown ones costs their square. */
export const MAX_EXTENSIONS = 32;

/** policyConstraints and inhibitAnyPolicy (4.2.1.11, 4.2.1.14): counts of certificates, -1 where not said. */
export class PolicyLimits {
	requireExplicit = -1;
	inhibitMapping = -1;
	inhibitAny = -1;
}

/**
 * What the extensions of one certificate say. Bits stand for those that are present; a place without at is a
 * field that isn't there.
 *
 *     if (extensions.critical & EXTENSION_UNKNOWN) return CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN;
 */
export class CertificateExtensions {
	present = 0;
	critical = 0;
	isAuthority = false;
	/** Of basicConstraints, or -1. */
	pathLength = -1;
	keyUsage = 0;
	/** PURPOSE_... bits. */
	extendedKeyUsage = 0;
	/** keyIdentifier of each, contents only. */
	readonly authorityKeyId = new Place();
	readonly subjectKeyId = new Place();
	/** Contents of the SEQUENCE. */
	readonly subjectAltName = new Place();
	readonly nameConstraints = new Place();
	readonly policies = new Place();
	readonly policyMappings = new Place();
	readonly policyLimits = new PolicyLimits();
	readonly distributionPoints = new Place();
	/** RFC 7633: the server promises to staple an OCSP response. */
	mustStaple = false;
	#name = new GeneralName();

	/** Forgets everything: a certificate without extensions. */
	reset(): void {
		this.present = 0;
		this.critical = 0;
		this.isAuthority = false;
		this.pathLength = -1;
		this.keyUsage = 0;
		this.extendedKeyUsage = 0;
		this.authorityKeyId.clear();
		this.subjectKeyId.clear();
		this.subjectAltName.clear();
		this.nameConstraints.clear();
		this.policies.clear();
		this.policyMappings.clear();
		this.policyLimits.requireExplicit = -1;
		this.policyLimits.inhibitMapping = -1;
		this.policyLimits.inhibitAny = -1;
		this.distributionPoints.clear();
		this.mustStaple = false;
	}

	/** Whether the key may sign CRLs, as far as its usage is listed. */
	maySignCrls(): boolean {
		return (this.present & EXTENSION_KEY_USAGE) === 0 || (this.keyUsage & KEY_USAGE_CRL_SIGN) !== 0;
	}

	/** Passes over Extensions (4.1): at least one, none twice. */
	decode(reader: Reader): void {
		this.reset();
		const mark = openDer(reader, DER_SEQUENCE);
		const firstAt = reader.at;
		let count = 0;
		do {
			if (++count > MAX_EXTENSIONS) reader.failed = true;
			this.decodeExtension(reader, firstAt);
		} while (reader.more());
		reader.close(mark);
	}

	private decodeExtension(reader: Reader, firstAt: number): void {
		const at = reader.at;
		const mark = openDer(reader, DER_SEQUENCE);
		const oidAt = reader.at;
		const oid = takeOid(reader);
		const oidEnd = reader.at;
		const critical = takeDerDefaultFalse(reader);
		const value = openDer(reader, DER_OCTET_STRING);
		const bit = this.decodeValue(reader, oid);
		reader.close(value);
		reader.close(mark);
		if (bit !== EXTENSION_UNKNOWN) {
			if (this.present & bit) reader.failed = true;
			this.present |= bit;
		} else if (!reader.failed && repeated(reader, firstAt, at, oidAt, oidEnd)) reader.failed = true;
		if (critical) this.critical |= bit;
	}

	/** Decodes the value; answers the extension's bit. */
	private decodeValue(reader: Reader, oid: number): number {
		switch (oid) {
			case id_ce_authorityKeyIdentifier:
				this.decodeAuthorityKeyIdentifier(reader);
				return EXTENSION_AUTHORITY_KEY_IDENTIFIER;
			case id_ce_subjectKeyIdentifier:
				takeDerContents(reader, DER_OCTET_STRING, this.subjectKeyId);
				return EXTENSION_SUBJECT_KEY_IDENTIFIER;
			case id_ce_keyUsage:
				// two authorities in every browser's store have zeros at the end, and nothing depends on them
				this.keyUsage = takeDerNamedBits(reader, DER_BIT_STRING, true);
				if (this.keyUsage === 0) reader.failed = true;
				return EXTENSION_KEY_USAGE;
			case id_ce_certificatePolicies:
				this.decodePolicies(reader);
				return EXTENSION_CERTIFICATE_POLICIES;
			case id_ce_policyMappings:
				this.decodePolicyMappings(reader);
				return EXTENSION_POLICY_MAPPINGS;
			case id_ce_subjectAltName:
				this.noteContents(reader, this.subjectAltName);
				takeGeneralNames(reader, DER_SEQUENCE, this.#name);
				return EXTENSION_SUBJECT_ALT_NAME;
			case id_ce_issuerAltName:
				takeGeneralNames(reader, DER_SEQUENCE, this.#name);
				return EXTENSION_ISSUER_ALT_NAME;
			case id_ce_basicConstraints:
				this.decodeBasicConstraints(reader);
				return EXTENSION_BASIC_CONSTRAINTS;
			case id_ce_nameConstraints:
				this.decodeNameConstraints(reader);
				return EXTENSION_NAME_CONSTRAINTS;
			case id_ce_policyConstraints:
				this.decodePolicyConstraints(reader);
				return EXTENSION_POLICY_CONSTRAINTS;
			case id_ce_extKeyUsage:
				this.decodeExtKeyUsage(reader);
				return EXTENSION_EXT_KEY_USAGE;
			case id_ce_cRLDistributionPoints:
				this.noteContents(reader, this.distributionPoints);
				takeDistributionPoints(reader, this.#name);
				return EXTENSION_CRL_DISTRIBUTION_POINTS;
			case id_ce_inhibitAnyPolicy:
				this.policyLimits.inhibitAny = takeDerSmall(reader);
				return EXTENSION_INHIBIT_ANY_POLICY;
			case id_pe_tlsfeature:
				this.decodeTlsFeature(reader);
				return EXTENSION_TLS_FEATURE;
			case id_pe_authorityInfoAccess:
				this.decodeAuthorityInfoAccess(reader);
				return EXTENSION_AUTHORITY_INFO_ACCESS;
			case id_pkix_ocsp_nocheck:
				reader.take(reader.end - reader.at);
				return EXTENSION_OCSP_NOCHECK;
			default:
				reader.take(reader.end - reader.at);
				return EXTENSION_UNKNOWN;
		}
	}

	/** The place of the contents of the SEQUENCE that comes next, without passing over it. */
	private noteContents(reader: Reader, place: Place): void {
		const at = reader.at;
		const failed = reader.failed;
		takeDerContents(reader, DER_SEQUENCE, place);
		reader.at = at;
		reader.failed = failed;
	}

	/** 4.2.1.1. Of the issuer and serial number only the syntax: issuers are found by name and key identifier. */
	private decodeAuthorityKeyIdentifier(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		if (peekDer(reader) === DER_CONTEXT) takeDerContents(reader, DER_CONTEXT, this.authorityKeyId);
		const issuer = peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1);
		if (issuer) takeGeneralNames(reader, DER_CONTEXT_CONSTRUCTED | 1, this.#name);
		if (issuer !== (peekDer(reader) === (DER_CONTEXT | 2))) reader.failed = true; // both or none
		if (issuer) {
			skipDer(reader);
			this.present |= EXTENSION_AUTHORITY_ISSUER;
		}
		reader.close(mark);
	}

	/** 4.2.1.9: pathLenConstraint only where cA is true. */
	private decodeBasicConstraints(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		this.isAuthority = takeDerDefaultFalse(reader);
		if (peekDer(reader) === DER_INTEGER) {
			this.pathLength = takeDerSmall(reader);
			if (!this.isAuthority) reader.failed = true;
		}
		reader.close(mark);
	}

	/** 4.2.1.4: at least one; of the qualifiers only the syntax. */
	private decodePolicies(reader: Reader): void {
		this.noteContents(reader, this.policies);
		const mark = openDer(reader, DER_SEQUENCE);
		do {
			const policy = openDer(reader, DER_SEQUENCE);
			takeOid(reader);
			if (reader.more()) {
				const qualifiers = openDer(reader, DER_SEQUENCE);
				do {
					const qualifier = openDer(reader, DER_SEQUENCE);
					takeOid(reader);
					skipDer(reader);
					reader.close(qualifier);
				} while (reader.more());
				reader.close(qualifiers);
			}
			reader.close(policy);
		} while (reader.more());
		reader.close(mark);
	}

	/** 4.2.1.5. */
	private decodePolicyMappings(reader: Reader): void {
		this.noteContents(reader, this.policyMappings);
		const mark = openDer(reader, DER_SEQUENCE);
		do {
			const mapping = openDer(reader, DER_SEQUENCE);
			takeOid(reader);
			takeOid(reader);
			reader.close(mapping);
		} while (reader.more());
		reader.close(mark);
	}

	/** 4.2.1.11: not empty. */
	private decodePolicyConstraints(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		if (!reader.more()) reader.failed = true;
		if (peekDer(reader) === DER_CONTEXT) this.policyLimits.requireExplicit = takeDerTaggedSmall(reader, DER_CONTEXT);
		if (peekDer(reader) === (DER_CONTEXT | 1)) this.policyLimits.inhibitMapping = takeDerTaggedSmall(reader, DER_CONTEXT | 1);
		reader.close(mark);
	}

	/** 4.2.1.10: not empty. */
	private decodeNameConstraints(reader: Reader): void {
		this.noteContents(reader, this.nameConstraints);
		const mark = openDer(reader, DER_SEQUENCE);
		if (!reader.more()) reader.failed = true;
		if (peekDer(reader) === DER_CONTEXT_CONSTRUCTED) takeSubtrees(reader, DER_CONTEXT_CONSTRUCTED, this.#name);
		if (peekDer(reader) === (DER_CONTEXT_CONSTRUCTED | 1)) takeSubtrees(reader, DER_CONTEXT_CONSTRUCTED | 1, this.#name);
		reader.close(mark);
	}

	/** 4.2.1.12: at least one. */
	private decodeExtKeyUsage(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		do {
			const oid = takeOid(reader);
			if (oid === id_kp_serverAuth) this.extendedKeyUsage |= PURPOSE_SERVER;
			else if (oid === id_kp_clientAuth) this.extendedKeyUsage |= PURPOSE_CLIENT;
			else if (oid === id_kp_OCSPSigning) this.extendedKeyUsage |= PURPOSE_OCSP_SIGNING;
			else if (oid === anyExtendedKeyUsage) this.extendedKeyUsage |= PURPOSE_ANY;
			else this.extendedKeyUsage |= PURPOSE_OTHER;
		} while (reader.more());
		reader.close(mark);
	}

	/** RFC 7633 4: a list of TLS extension numbers; status_request is 5, its second version 17. */
	private decodeTlsFeature(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		while (reader.more()) {
			const feature = takeDerSmall(reader);
			if (feature === 5 || feature === 17) this.mustStaple = true;
		}
		reader.close(mark);
	}

	/** 4.2.2.1: nothing is fetched, only its syntax matters. */
	private decodeAuthorityInfoAccess(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		do {
			const description = openDer(reader, DER_SEQUENCE);
			takeOid(reader);
			this.#name.decode(reader, false);
			reader.close(description);
		} while (reader.more());
		reader.close(mark);
	}
}

/** Whether an extension of [firstAt, at) has the identifier at [oidAt, oidEnd). These were read before, so they are well-formed. */
function repeated(reader: Reader, firstAt: number, at: number, oidAt: number, oidEnd: number): boolean {
	const bytes = reader.bytes;
	const resumeAt = reader.at;
	reader.at = firstAt;
	let found = false;
	while (reader.at < at) {
		const mark = openDer(reader, DER_SEQUENCE);
		const earlierAt = reader.at;
		takeOid(reader);
		if (equalPublic(bytes, earlierAt, reader.at, bytes, oidAt, oidEnd)) found = true;
		reader.skip(mark);
	}
	reader.at = resumeAt;
	return found;
}
