// THE table of failures: a line for each check that can fail, for everybody. A failure is a number that packs
// its own index, the alert that tells the peer (base/alert; no_alert if none) and the public return code.
// The name says which check failed. Each is raised in one place and expected by a test (test/house).
// Text for people: base/failure-text, which no device links.

import {
	access_denied,
	bad_certificate,
	bad_certificate_status_response,
	bad_record_mac,
	certificate_expired,
	certificate_required,
	certificate_revoked,
	certificate_unknown,
	decode_error,
	decrypt_error,
	handshake_failure,
	illegal_parameter,
	insufficient_security,
	internal_error,
	missing_extension,
	no_alert,
	no_application_protocol,
	protocol_version,
	record_overflow,
	unexpected_message,
	unknown_ca,
	unrecognized_name,
	unsupported_certificate,
	unsupported_extension,
} from "./alert.js";
import { CERTIFICATE_ERR, ENCRYPTION_MODULE_ERR, HS_ERR, INIT_ERR, IO_ERR, MEM_ERR, NOT_FOUND_ERR, PARAM_ERR, TIMEOUT_ERR, VERIFY_ERR } from "./status.js";

/** A packed failure: index << 16 | alert << 8 | return code. 0 is no failure; every failure is above 65535. */
export type Failure = number;
export const NO_FAILURE = 0;

/** The alert to send for it, or no_alert. */
export function alertOf(failure: Failure): number {
	return (failure >> 8) & 255;
}
/** The public return code. */
export function codeOf(failure: Failure): number {
	return failure & 255;
}

// The connection and the host, 1-31
export const INTERNAL_ERROR = (1 << 16) | (internal_error << 8) | HS_ERR;
export const CRYPTO_PROVIDER_FAILED = (2 << 16) | (internal_error << 8) | ENCRYPTION_MODULE_ERR;
export const ENTROPY_MISSING = (3 << 16) | (internal_error << 8) | INIT_ERR;
export const STORE_TOO_SMALL = (4 << 16) | (internal_error << 8) | MEM_ERR;
export const HANDSHAKE_TIMED_OUT = (5 << 16) | (no_alert << 8) | TIMEOUT_ERR;
export const TRANSPORT_ENDED = (6 << 16) | (no_alert << 8) | IO_ERR;
export const ALERT_RECEIVED = (7 << 16) | (no_alert << 8) | HS_ERR;
export const CONFIG_REFUSED = (8 << 16) | (internal_error << 8) | PARAM_ERR;

// crypto, 32-63
export const SIGNATURE_WRONG = (32 << 16) | (decrypt_error << 8) | VERIFY_ERR;
export const PUBLIC_KEY_REFUSED = (33 << 16) | (illegal_parameter << 8) | VERIFY_ERR;
export const KEY_SHARE_REFUSED = (34 << 16) | (illegal_parameter << 8) | HS_ERR;
export const PRIVATE_KEY_REFUSED = (48 << 16) | (internal_error << 8) | PARAM_ERR;
export const PRIVATE_KEY_RESULT_WRONG = (49 << 16) | (internal_error << 8) | ENCRYPTION_MODULE_ERR;

// pki, 100-159
export const CERTIFICATE_MALFORMED = (100 << 16) | (bad_certificate << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN = (101 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_LIST_EMPTY = (102 << 16) | (bad_certificate << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_EXPIRED = (103 << 16) | (certificate_expired << 8) | VERIFY_ERR;
export const CERTIFICATE_NOT_YET_VALID = (104 << 16) | (certificate_expired << 8) | VERIFY_ERR;
export const CERTIFICATE_HASH_REFUSED = (105 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED = (106 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_KEY_TYPE_REFUSED = (107 << 16) | (unsupported_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_ISSUER_UNKNOWN = (108 << 16) | (unknown_ca << 8) | VERIFY_ERR;
export const CERTIFICATE_SIGNATURE_WRONG = (109 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_KEY_TOO_SMALL = (110 << 16) | (insufficient_security << 8) | VERIFY_ERR;
export const CERTIFICATE_KEY_TOO_LARGE = (111 << 16) | (unsupported_certificate << 8) | MEM_ERR;
export const CERTIFICATE_NAME_MISMATCH = (112 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_PURPOSE_REFUSED = (113 << 16) | (unsupported_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_KEY_USAGE_REFUSED = (114 << 16) | (unsupported_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_NOT_AUTHORITY = (115 << 16) | (unknown_ca << 8) | VERIFY_ERR;
export const CERTIFICATE_PATH_TOO_LONG = (116 << 16) | (unknown_ca << 8) | VERIFY_ERR;
export const CERTIFICATE_TIME_UNKNOWN = (117 << 16) | (certificate_unknown << 8) | VERIFY_ERR;
export const CERTIFICATE_PATHS_EXHAUSTED = (118 << 16) | (unknown_ca << 8) | VERIFY_ERR;
export const TRUST_ANCHOR_REFUSED = (119 << 16) | (internal_error << 8) | PARAM_ERR;
export const PEM_MALFORMED = (120 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const PEM_BLOCK_MISSING = (121 << 16) | (internal_error << 8) | NOT_FOUND_ERR;
export const PRIVATE_KEY_MALFORMED = (122 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const PRIVATE_KEY_UNKNOWN = (123 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
