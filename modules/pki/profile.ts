// Rules for those who issue certificates (RFC 5280 section 4), which path validation itself doesn't ask about. What
// nobody has a reason to break is always refused; the rest is a profile of the policy. The web's own rules are in
// profile-web.ts.

import type { Certificate } from "./certificate.js";
import { PROFILE_PATH, PROFILE_STRICT } from "./chain-policy.js";
import {
	EXTENSION_AUTHORITY_INFO_ACCESS,
	EXTENSION_AUTHORITY_KEY_IDENTIFIER,
	EXTENSION_BASIC_CONSTRAINTS,
	EXTENSION_INHIBIT_ANY_POLICY,
	EXTENSION_KEY_USAGE,
	EXTENSION_NAME_CONSTRAINTS,
	EXTENSION_POLICY_CONSTRAINTS,
	EXTENSION_SUBJECT_ALT_NAME,
	EXTENSION_SUBJECT_KEY_IDENTIFIER,
	KEY_USAGE_KEY_CERT_SIGN,
} from "./extensions.js";
import { conformsToWeb } from "./profile-web.js";

/** Where a certificate stands in its path. */
export const POSITION_ANCHOR = 0;
export const POSITION_AUTHORITY = 1;
export const POSITION_LEAF = 2;

/** "MUST mark this extension as non-critical" (4.2.1.1, 4.2.1.2, 4.2.2.1). */
const NEVER_CRITICAL = EXTENSION_AUTHORITY_KEY_IDENTIFIER | EXTENSION_SUBJECT_KEY_IDENTIFIER | EXTENSION_AUTHORITY_INFO_ACCESS;
/** "MUST mark this extension as critical" (4.2.1.9, 4.2.1.11, 4.2.1.14): what understands it loses nothing without. */
const ALWAYS_CRITICAL = EXTENSION_BASIC_CONSTRAINTS | EXTENSION_POLICY_CONSTRAINTS | EXTENSION_INHIBIT_ANY_POLICY;

/** Whether a certificate has no form that the profile forbids. */
export function conforms(certificate: Certificate, position: number, profile: number): boolean {
	if (!conformsToPath(certificate, position)) return false;
	if (profile === PROFILE_PATH) return true;
	if (!conformsStrictly(certificate, position)) return false;
	// the web allows constraints that old clients may overlook, RFC 5280 doesn't (4.2.1.10)
	const { present, critical } = certificate.extensions;
	if (profile === PROFILE_STRICT) return (present & ~critical & EXTENSION_NAME_CONSTRAINTS) === 0;
	return conformsToWeb(certificate, position === POSITION_ANCHOR, position === POSITION_LEAF);
}

function conformsToPath(certificate: Certificate, position: number): boolean {
	const { extensions, subject, serial } = certificate;
	const { present, critical } = extensions;
	if ((critical & NEVER_CRITICAL) !== 0) return false;
	// a serial number is positive (4.1.2.2); of an anchor only its name and its key count
	if (position !== POSITION_ANCHOR && serial.end - serial.at === 1 && certificate.bytes[serial.at] === 0) return false;
	if (!extensions.isAuthority) {
		// only an authority constrains names and signs certificates (4.2.1.10, 4.2.1.3)
		if (present & EXTENSION_NAME_CONSTRAINTS || extensions.keyUsage & KEY_USAGE_KEY_CERT_SIGN) return false;
	}
	// who has no subject must have alternative names, and nobody may overlook them (4.2.1.6)
	return subject.end - subject.at > 2 || (critical & EXTENSION_SUBJECT_ALT_NAME) !== 0;
}

function conformsStrictly(certificate: Certificate, position: number): boolean {
	const { extensions } = certificate;
	const { present, critical } = extensions;
	// 4.2.1.1: everybody says whose key signed it, but for who signed it himself
	if (extensions.authorityKeyId.at < 0 && !(position === POSITION_ANCHOR && certificate.selfIssued())) return false;
	if (!extensions.isAuthority) return true;
	if ((present & EXTENSION_SUBJECT_KEY_IDENTIFIER) === 0 || (present & EXTENSION_KEY_USAGE) === 0) return false;
	return (present & ~critical & ALWAYS_CRITICAL) === 0;
}
