// THE table of failures: a line for each check that can fail, for everybody. A failure is a number that packs
// its own index, the alert that tells the peer (base/alert; no_alert if none) and the public return code.
// The name says which check failed. Each is raised in one place and expected by a test (test/house).
// Text for people: base/failure-text, which no device links.

import {
	access_denied,
	bad_certificate,
	bad_record_mac,
	certificate_expired,
	certificate_required,
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
import { CERTIFICATE_ERR, ENCRYPTION_MODULE_ERR, HS_ERR, INIT_ERR, IO_ERR, MEM_ERR, PARAM_ERR, TIMEOUT_ERR, VERIFY_ERR } from "./status.js";

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
