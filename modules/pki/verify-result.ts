// What a certificate check found, as bits in the order in which they are reported: the first that holds is the
// reason (INTERFACES: verifyResult). The first six are those of the field's embedded API.

import {
	CERTIFICATE_EXPIRED,
	CERTIFICATE_HASH_REFUSED,
	CERTIFICATE_KEY_TOO_SMALL,
	CERTIFICATE_KEY_TYPE_REFUSED,
	CERTIFICATE_NAME_MISMATCH,
	CERTIFICATE_NOT_YET_VALID,
	CERTIFICATE_PURPOSE_REFUSED,
	CERTIFICATE_REVOCATION_UNKNOWN,
	CERTIFICATE_REVOKED,
	CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED,
	CERTIFICATE_STAPLE_MISSING,
	CERTIFICATE_TIME_UNKNOWN,
	type Failure,
} from "../base/failure.js";

export const VERIFY_EXPIRED = 1;
export const VERIFY_NOT_YET_VALID = 2;
export const VERIFY_BAD_HASH_ALGORITHM = 4;
export const VERIFY_BAD_KEY_TYPE = 8;
/** No path to an anchor, or a certificate of the path that breaks a rule. */
export const VERIFY_NOT_TRUSTED = 16;
/** A key that is too small. */
export const VERIFY_BAD_KEY = 32;
export const VERIFY_REVOKED = 64;
export const VERIFY_NAME_MISMATCH = 128;
export const VERIFY_BAD_PURPOSE = 256;
/** Nobody could say whether it is revoked. */
export const VERIFY_REVOCATION_UNKNOWN = 512;
/** The device didn't know the time, so dates were not judged. */
export const VERIFY_TIME_UNKNOWN = 1024;
/** Nothing was verified, because the configuration said so (trustAllCertificates). */
export const VERIFY_SKIPPED = 2048;

/** The bit that stands for a failure. */
export function verifyBitOf(failure: Failure): number {
	switch (failure) {
		case CERTIFICATE_EXPIRED:
			return VERIFY_EXPIRED;
		case CERTIFICATE_NOT_YET_VALID:
			return VERIFY_NOT_YET_VALID;
		case CERTIFICATE_HASH_REFUSED:
			return VERIFY_BAD_HASH_ALGORITHM;
		case CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED:
		case CERTIFICATE_KEY_TYPE_REFUSED:
			return VERIFY_BAD_KEY_TYPE;
		case CERTIFICATE_KEY_TOO_SMALL:
			return VERIFY_BAD_KEY;
		case CERTIFICATE_REVOKED:
			return VERIFY_REVOKED;
		case CERTIFICATE_REVOCATION_UNKNOWN:
		case CERTIFICATE_STAPLE_MISSING:
			return VERIFY_REVOCATION_UNKNOWN;
		case CERTIFICATE_NAME_MISMATCH:
			return VERIFY_NAME_MISMATCH;
		case CERTIFICATE_PURPOSE_REFUSED:
			return VERIFY_BAD_PURPOSE;
		case CERTIFICATE_TIME_UNKNOWN:
			return VERIFY_TIME_UNKNOWN;
		default:
			return VERIFY_NOT_TRUSTED;
	}
}

/** The first reason of a set: its lowest bit; 0 if there is none. */
export function firstReason(bits: number): number {
	return bits & -bits;
}
