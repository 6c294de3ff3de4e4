// THE table of failures: a line for each check that can fail, for everybody. A failure is a number that packs
// its own index, the alert that tells the peer (base/alert; no_alert if none) and the public return code.
// The name says which check failed. Each is raised in one place and expected by a test (test/house).
// Text for people: base/failure-text, which no device links.

import {
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
	inappropriate_fallback,
	insufficient_security,
	internal_error,
	missing_extension,
	no_alert,
	no_application_protocol,
	no_renegotiation,
	protocol_version,
	record_overflow,
	unexpected_message,
	unknown_ca,
	unsupported_certificate,
	unsupported_extension,
} from "./alert.js";
import {
	CERTIFICATE_ERR,
	DTLS_CONNECT_ERR,
	ENCRYPTION_MODULE_ERR,
	FULL_ERR,
	HEARTBEAT_TIMEOUT_ERR,
	HS_ERR,
	INIT_ERR,
	IO_ERR,
	MEM_ERR,
	NOT_FOUND_ERR,
	NULL_PTR_ERR,
	PARAM_ERR,
	TIMEOUT_ERR,
	TYPE_ERR,
	VERIFY_ERR,
} from "./status.js";

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
export const CRYPTO_PROVIDER_FAILED = (2 << 16) | (internal_error << 8) | ENCRYPTION_MODULE_ERR;
export const FLIGHT_TOO_SMALL = (1 << 16) | (internal_error << 8) | MEM_ERR;
export const STORE_TOO_SMALL = (4 << 16) | (internal_error << 8) | MEM_ERR;
export const HANDSHAKE_TIMED_OUT = (5 << 16) | (no_alert << 8) | TIMEOUT_ERR;
export const TRANSPORT_ENDED = (6 << 16) | (no_alert << 8) | IO_ERR;
export const ALERT_RECEIVED = (7 << 16) | (no_alert << 8) | HS_ERR;
/** The peer sent close_notify before the handshake was done. */
export const CLOSED_IN_HANDSHAKE = (9 << 16) | (no_alert << 8) | HS_ERR;

// crypto, 32-63
export const SIGNATURE_WRONG = (32 << 16) | (decrypt_error << 8) | VERIFY_ERR;
export const PUBLIC_KEY_REFUSED = (33 << 16) | (illegal_parameter << 8) | VERIFY_ERR;
export const KEY_SHARE_REFUSED = (34 << 16) | (illegal_parameter << 8) | HS_ERR;
export const PRIVATE_KEY_REFUSED = (48 << 16) | (internal_error << 8) | PARAM_ERR;
export const PRIVATE_KEY_RESULT_WRONG = (49 << 16) | (internal_error << 8) | ENCRYPTION_MODULE_ERR;
export const DHE_GROUP_REFUSED = (50 << 16) | (insufficient_security << 8) | HS_ERR;

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
export const CERTIFICATE_NOT_SIGNER = (124 << 16) | (unknown_ca << 8) | VERIFY_ERR;
export const CERTIFICATE_DEPTH_EXCEEDED = (125 << 16) | (unknown_ca << 8) | VERIFY_ERR;
export const ISSUE_REFUSED = (126 << 16) | (internal_error << 8) | PARAM_ERR;
export const CERTIFICATE_TOO_LARGE = (127 << 16) | (internal_error << 8) | MEM_ERR;
export const CERTIFICATE_REVOKED = (128 << 16) | (certificate_revoked << 8) | VERIFY_ERR;
export const CERTIFICATE_REVOCATION_UNKNOWN = (129 << 16) | (certificate_unknown << 8) | VERIFY_ERR;
export const CRL_MALFORMED = (130 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const OCSP_RESPONSE_MALFORMED = (131 << 16) | (bad_certificate_status_response << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_NAME_NOT_PERMITTED = (132 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_POLICY_REFUSED = (133 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const CERTIFICATE_FORM_REFUSED = (134 << 16) | (bad_certificate << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_STAPLE_MISSING = (135 << 16) | (bad_certificate_status_response << 8) | VERIFY_ERR;
export const PRIVATE_KEY_ENCRYPTED = (136 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const ENCRYPTED_KEY_MALFORMED = (137 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const ENCRYPTED_KEY_UNKNOWN = (138 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const PASSWORD_WRONG = (139 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const CERTIFICATION_REQUEST_MALFORMED = (140 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_NOT_PINNED = (141 << 16) | (bad_certificate << 8) | VERIFY_ERR;
export const TLSA_RECORD_REFUSED = (142 << 16) | (internal_error << 8) | PARAM_ERR;
export const TRUST_BUNDLE_MALFORMED = (143 << 16) | (internal_error << 8) | PARAM_ERR;
export const RAW_KEY_UNKNOWN = (144 << 16) | (certificate_unknown << 8) | VERIFY_ERR;
export const RAW_KEY_MALFORMED = (145 << 16) | (bad_certificate << 8) | CERTIFICATE_ERR;
export const STORED_KEY_MALFORMED = (146 << 16) | (internal_error << 8) | CERTIFICATE_ERR;
export const PUBLIC_KEY_MALFORMED = (147 << 16) | (internal_error << 8) | CERTIFICATE_ERR;

// records, 160-179
export const RECORD_TYPE_UNKNOWN = (160 << 16) | (unexpected_message << 8) | HS_ERR;
export const RECORD_VERSION_UNKNOWN = (161 << 16) | (decode_error << 8) | HS_ERR;
export const RECORD_OVERFLOW = (162 << 16) | (record_overflow << 8) | HS_ERR;
export const RECORD_TOO_LARGE_FOR_BUFFER = (163 << 16) | (record_overflow << 8) | MEM_ERR;
export const RECORD_UNPROTECTED = (164 << 16) | (unexpected_message << 8) | HS_ERR;
export const RECORD_EMPTY = (165 << 16) | (unexpected_message << 8) | HS_ERR;
export const RECORD_CONTENT_MALFORMED = (166 << 16) | (unexpected_message << 8) | HS_ERR;
export const BAD_RECORD_MAC = (167 << 16) | (bad_record_mac << 8) | HS_ERR;
export const CHANGE_CIPHER_SPEC_MALFORMED = (168 << 16) | (unexpected_message << 8) | HS_ERR;
export const CHANGE_CIPHER_SPEC_UNEXPECTED = (169 << 16) | (unexpected_message << 8) | HS_ERR;
export const RECORDS_INTERLEAVED = (170 << 16) | (unexpected_message << 8) | HS_ERR;
export const APPLICATION_DATA_TOO_EARLY = (171 << 16) | (unexpected_message << 8) | HS_ERR;
export const DATA_AFTER_CLOSE = (172 << 16) | (no_alert << 8) | IO_ERR;
export const ALERT_MALFORMED = (173 << 16) | (decode_error << 8) | HS_ERR;
/** The network ended inside a record; a peer that still listens hears of it. */
export const RECORD_CUT_OFF = (174 << 16) | (decode_error << 8) | IO_ERR;
export const RECORD_CONTENT_TOO_LONG = (176 << 16) | (record_overflow << 8) | HS_ERR;
export const RECORD_CONTENT_TYPE_UNKNOWN = (175 << 16) | (unexpected_message << 8) | HS_ERR;

// messages and extensions, 180-229
export const MESSAGE_OUT_OF_ORDER = (180 << 16) | (unexpected_message << 8) | HS_ERR;
export const CLIENT_HELLO_MALFORMED = (181 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_HELLO_MALFORMED = (182 << 16) | (decode_error << 8) | HS_ERR;
export const ENCRYPTED_EXTENSIONS_MALFORMED = (183 << 16) | (decode_error << 8) | HS_ERR;
export const CERTIFICATE_REQUEST_MALFORMED = (184 << 16) | (decode_error << 8) | HS_ERR;
export const STAPLE_MALFORMED = (216 << 16) | (decode_error << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_ENTRY_MALFORMED = (207 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_HELLO_TOO_LONG = (208 << 16) | (decode_error << 8) | HS_ERR;
export const CERTIFICATE_MESSAGE_MALFORMED = (185 << 16) | (decode_error << 8) | HS_ERR;
export const CERTIFICATE_VERIFY_MALFORMED = (186 << 16) | (decode_error << 8) | HS_ERR;
export const FINISHED_MALFORMED = (187 << 16) | (decode_error << 8) | HS_ERR;
export const KEY_UPDATE_MALFORMED = (188 << 16) | (illegal_parameter << 8) | HS_ERR;
export const NEW_SESSION_TICKET_MALFORMED = (189 << 16) | (decode_error << 8) | HS_ERR;
export const EXTENSION_BLOCK_MALFORMED = (190 << 16) | (decode_error << 8) | HS_ERR;
export const EXTENSION_REPEATED = (191 << 16) | (illegal_parameter << 8) | HS_ERR;
export const EXTENSION_FORBIDDEN = (192 << 16) | (illegal_parameter << 8) | HS_ERR;
export const EXTENSION_UNASKED = (193 << 16) | (unsupported_extension << 8) | HS_ERR;
export const COMPRESSION_OFFERED = (194 << 16) | (illegal_parameter << 8) | HS_ERR;
export const COMPRESSION_CHOSEN = (195 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CHAIN_TOO_LONG = (196 << 16) | (bad_certificate << 8) | MEM_ERR;
export const SELECTED_VERSION_MALFORMED = (197 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_VERSIONS_MALFORMED = (198 << 16) | (decode_error << 8) | HS_ERR;
export const COOKIE_MALFORMED = (199 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_SHARE_MALFORMED = (200 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_SHARES_MALFORMED = (201 << 16) | (decode_error << 8) | HS_ERR;
export const SUPPORTED_GROUPS_MALFORMED = (202 << 16) | (decode_error << 8) | HS_ERR;
export const SIGNATURE_ALGORITHMS_MALFORMED = (203 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_SIGNATURE_ALGORITHMS_MALFORMED = (204 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_NAME_MALFORMED = (205 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_NAME_ANSWER_MALFORMED = (206 << 16) | (decode_error << 8) | HS_ERR;

// the handshake, 240-319
export const SERVER_VERSION_NOT_OFFERED = (240 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SERVER_VERSION_TOO_OLD = (241 << 16) | (protocol_version << 8) | HS_ERR;
export const DOWNGRADE_DETECTED = (242 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_VERSION_TOO_OLD = (243 << 16) | (protocol_version << 8) | HS_ERR;
export const NO_COMMON_VERSION = (244 << 16) | (protocol_version << 8) | HS_ERR;
export const SERVER_LEGACY_VERSION_WRONG = (282 << 16) | (illegal_parameter << 8) | HS_ERR;
export const LEGACY_VERSION_WRONG = (245 << 16) | (illegal_parameter << 8) | HS_ERR;
export const FALLBACK_INAPPROPRIATE = (246 << 16) | (inappropriate_fallback << 8) | HS_ERR;
export const SESSION_ID_NOT_ECHOED = (247 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SUITE_NOT_OFFERED = (248 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SUITE_CHANGED_AFTER_RETRY = (249 << 16) | (illegal_parameter << 8) | HS_ERR;
export const HELLO_RETRY_REPEATED = (250 << 16) | (unexpected_message << 8) | HS_ERR;
export const HELLO_RETRY_GROUP_WRONG = (251 << 16) | (illegal_parameter << 8) | HS_ERR;
export const HELLO_RETRY_CHANGES_NOTHING = (252 << 16) | (illegal_parameter << 8) | HS_ERR;
export const KEY_SHARE_MISSING = (253 << 16) | (missing_extension << 8) | HS_ERR;
export const KEY_SHARE_GROUP_WRONG = (254 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SERVER_HELLO_INSIDE_RECORD = (255 << 16) | (unexpected_message << 8) | HS_ERR;
export const CLIENT_HELLO_INSIDE_RECORD = (256 << 16) | (unexpected_message << 8) | HS_ERR;
export const SECOND_HELLO_INSIDE_RECORD = (257 << 16) | (unexpected_message << 8) | HS_ERR;
export const SECOND_HELLO_DIFFERS = (258 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SECOND_HELLO_SHARE_WRONG = (259 << 16) | (illegal_parameter << 8) | HS_ERR;
export const NO_COMMON_SUITE = (260 << 16) | (handshake_failure << 8) | HS_ERR;
export const NO_COMMON_GROUP = (261 << 16) | (handshake_failure << 8) | HS_ERR;
export const NO_COMMON_SIGNATURE_SCHEME = (262 << 16) | (handshake_failure << 8) | HS_ERR;
export const NO_COMMON_PROTOCOL = (263 << 16) | (no_application_protocol << 8) | HS_ERR;
export const KEY_SHARE_NOT_SENT = (264 << 16) | (missing_extension << 8) | HS_ERR;
export const SIGNATURE_ALGORITHMS_NOT_SENT = (265 << 16) | (missing_extension << 8) | HS_ERR;
export const CERTIFICATE_AUTHORITIES_MALFORMED = (285 << 16) | (decode_error << 8) | HS_ERR;
export const SIGNATURE_ALGORITHMS_MISSING = (266 << 16) | (missing_extension << 8) | HS_ERR;
export const CLIENT_RECORD_SIZE_LIMIT_REFUSED = (267 << 16) | (illegal_parameter << 8) | HS_ERR;
export const RECORD_SIZE_LIMIT_REFUSED = (268 << 16) | (illegal_parameter << 8) | HS_ERR;
export const ALPN_REFUSED = (269 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CERTIFICATE_REQUEST_CONTEXT_WRONG = (270 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CERTIFICATE_CONTEXT_WRONG = (271 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CERTIFICATE_EMPTY = (272 << 16) | (decode_error << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_MISSING = (273 << 16) | (certificate_required << 8) | CERTIFICATE_ERR;
export const SIGNATURE_SCHEME_NOT_OFFERED = (274 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SIGNATURE_SCHEME_UNFIT = (275 << 16) | (illegal_parameter << 8) | HS_ERR;
export const KEY_CANNOT_SIGN = (284 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const FINISHED_WRONG = (276 << 16) | (decrypt_error << 8) | HS_ERR;
export const KEYS_CHANGE_INSIDE_RECORD = (277 << 16) | (unexpected_message << 8) | HS_ERR;
export const KEY_UPDATE_INSIDE_RECORD = (278 << 16) | (unexpected_message << 8) | HS_ERR;
export const POST_HANDSHAKE_UNEXPECTED = (279 << 16) | (unexpected_message << 8) | HS_ERR;
export const TICKET_FOR_SERVER = (280 << 16) | (unexpected_message << 8) | HS_ERR;
export const PROOFS_MISSING = (281 << 16) | (internal_error << 8) | HS_ERR;
// types of certificates (RFC 7250)
export const CLIENT_CERTIFICATE_TYPES_MALFORMED = (290 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_CERTIFICATE_TYPES_MALFORMED = (291 << 16) | (decode_error << 8) | HS_ERR;
export const NO_COMMON_CLIENT_CERTIFICATE_TYPE = (292 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const NO_COMMON_SERVER_CERTIFICATE_TYPE = (293 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const CLIENT_CERTIFICATE_TYPE_REFUSED = (294 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SERVER_CERTIFICATE_TYPE_REFUSED = (295 << 16) | (illegal_parameter << 8) | HS_ERR;
export const PEER_CERTIFICATE_TYPE_UNFIT = (296 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const RAW_KEY_NOT_ALONE = (297 << 16) | (illegal_parameter << 8) | CERTIFICATE_ERR;

// TLS 1.2, 320-379
export const SERVER_KEY_EXCHANGE_MALFORMED = (320 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_KEY_EXCHANGE_MALFORMED = (321 << 16) | (decode_error << 8) | HS_ERR;
export const CERTIFICATE_REQUEST_MALFORMED_12 = (322 << 16) | (decode_error << 8) | HS_ERR;
export const CERTIFICATE_STATUS_MALFORMED = (323 << 16) | (decode_error << 8) | HS_ERR;
export const TICKET_MALFORMED_12 = (324 << 16) | (decode_error << 8) | HS_ERR;
export const SERVER_HELLO_DONE_MALFORMED = (325 << 16) | (decode_error << 8) | HS_ERR;
export const HELLO_REQUEST_MALFORMED = (326 << 16) | (decode_error << 8) | HS_ERR;
export const CERTIFICATE_EMPTY_12 = (327 << 16) | (decode_error << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_MISSING_12 = (328 << 16) | (handshake_failure << 8) | CERTIFICATE_ERR;
export const CERTIFICATE_VERIFY_MALFORMED_12 = (329 << 16) | (decode_error << 8) | HS_ERR;
export const FINISHED_MALFORMED_12 = (330 << 16) | (decode_error << 8) | HS_ERR;
export const FINISHED_WRONG_12 = (331 << 16) | (decrypt_error << 8) | HS_ERR;
export const SIGNATURE_SCHEME_NOT_OFFERED_12 = (332 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SIGNATURE_SCHEME_UNFIT_12 = (333 << 16) | (illegal_parameter << 8) | HS_ERR;
export const KEY_USAGE_UNFIT = (334 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const KEY_TYPE_UNFIT = (335 << 16) | (unsupported_certificate << 8) | CERTIFICATE_ERR;
export const KEY_EXCHANGE_SCHEME_NOT_OFFERED = (336 << 16) | (illegal_parameter << 8) | HS_ERR;
export const KEY_EXCHANGE_SCHEME_UNFIT = (337 << 16) | (illegal_parameter << 8) | HS_ERR;
export const KEY_EXCHANGE_GROUP_WRONG = (338 << 16) | (illegal_parameter << 8) | HS_ERR;
export const PEER_CHANGED = (339 << 16) | (handshake_failure << 8) | HS_ERR;
export const SUITE_NOT_OFFERED_12 = (340 << 16) | (illegal_parameter << 8) | HS_ERR;
export const EMPTY_EXTENSION_FILLED = (341 << 16) | (decode_error << 8) | HS_ERR;
export const RENEGOTIATION_INFO_MISSING = (342 << 16) | (handshake_failure << 8) | HS_ERR;
export const RENEGOTIATION_INFO_WRONG = (343 << 16) | (handshake_failure << 8) | HS_ERR;
export const ENCRYPT_THEN_MAC_UNFIT = (344 << 16) | (illegal_parameter << 8) | HS_ERR;
export const POINT_FORMATS_REFUSED = (345 << 16) | (illegal_parameter << 8) | HS_ERR;
export const SESSION_ID_ECHOED = (346 << 16) | (illegal_parameter << 8) | HS_ERR;
export const EXTENDED_MASTER_SECRET_MISSING = (347 << 16) | (handshake_failure << 8) | HS_ERR;
export const RESUMED_SUITE_CHANGED = (348 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_RENEGOTIATION_INFO_WRONG = (349 << 16) | (handshake_failure << 8) | HS_ERR;
export const CLIENT_EXTENSION_FILLED = (350 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_POINT_FORMATS_REFUSED = (351 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_EXTENDED_MASTER_SECRET_MISSING = (352 << 16) | (handshake_failure << 8) | HS_ERR;
export const CLIENT_GROUPS_MALFORMED = (353 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_SCHEMES_MALFORMED = (354 << 16) | (decode_error << 8) | HS_ERR;
export const NO_COMMON_SUITE_12 = (355 << 16) | (handshake_failure << 8) | HS_ERR;
export const POST_HANDSHAKE_UNEXPECTED_12 = (356 << 16) | (unexpected_message << 8) | HS_ERR;
export const MAX_FRAGMENT_LENGTH_REFUSED = (357 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_MAX_FRAGMENT_LENGTH_REFUSED = (358 << 16) | (illegal_parameter << 8) | HS_ERR;
export const EXTENDED_MASTER_SECRET_DROPPED = (359 << 16) | (handshake_failure << 8) | HS_ERR;
export const HEARTBEAT_UNEXPECTED = (365 << 16) | (unexpected_message << 8) | HS_ERR;
export const HEARTBEAT_REFUSED = (366 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_HEARTBEAT_REFUSED = (367 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_HELLO_OF_OTHER_VERSION = (362 << 16) | (protocol_version << 8) | HS_ERR;
export const RENEGOTIATION_INSISTED = (363 << 16) | (no_renegotiation << 8) | HS_ERR;
export const SERVER_NAME_CHANGED = (364 << 16) | (illegal_parameter << 8) | HS_ERR;
export const CLIENT_EXTENDED_MASTER_SECRET_DROPPED = (361 << 16) | (handshake_failure << 8) | HS_ERR;
export const PEER_CHANGED_KIND = (360 << 16) | (handshake_failure << 8) | HS_ERR;

// datagrams, 380-439
export const MESSAGE_AFTER_KEY_UPDATE = (380 << 16) | (unexpected_message << 8) | HS_ERR;
export const ACK_OF_LATER_EPOCH = (381 << 16) | (illegal_parameter << 8) | HS_ERR;
export const HELLO_VERIFY_REQUEST_MALFORMED = (382 << 16) | (decode_error << 8) | HS_ERR;
export const LEGACY_COOKIE_SENT = (383 << 16) | (illegal_parameter << 8) | HS_ERR;
export const ASSEMBLY_STORE_TOO_SMALL = (384 << 16) | (internal_error << 8) | MEM_ERR;
export const CONNECTION_ID_MALFORMED = (387 << 16) | (decode_error << 8) | HS_ERR;
export const CLIENT_CONNECTION_ID_MALFORMED = (388 << 16) | (decode_error << 8) | HS_ERR;
export const CONNECTION_ID_UNASKED = (389 << 16) | (unexpected_message << 8) | HS_ERR;
export const NEW_CONNECTION_ID_MALFORMED = (390 << 16) | (decode_error << 8) | HS_ERR;
export const FLIGHT_STORE_TOO_SMALL = (385 << 16) | (internal_error << 8) | MEM_ERR;

// pre-shared keys, 440-479
export const PSK_INDEX_MALFORMED = (440 << 16) | (decode_error << 8) | HS_ERR;
export const PSK_INDEX_WRONG = (441 << 16) | (illegal_parameter << 8) | HS_ERR;
export const PSK_HASH_WRONG = (442 << 16) | (illegal_parameter << 8) | HS_ERR;
export const PSK_MODES_MALFORMED = (443 << 16) | (decode_error << 8) | HS_ERR;
export const PSK_MODES_NOT_SENT = (444 << 16) | (missing_extension << 8) | HS_ERR;
export const PSK_EXTENSION_MALFORMED = (445 << 16) | (decode_error << 8) | HS_ERR;
export const PSK_BINDER_WRONG = (446 << 16) | (decrypt_error << 8) | HS_ERR;
export const PSK_NOT_ACCEPTED = (447 << 16) | (decrypt_error << 8) | HS_ERR;
export const EARLY_DATA_UNFIT = (448 << 16) | (illegal_parameter << 8) | HS_ERR;
export const EARLY_DATA_TOO_LONG = (449 << 16) | (unexpected_message << 8) | HS_ERR;
export const END_OF_EARLY_DATA_MALFORMED = (450 << 16) | (decode_error << 8) | HS_ERR;
export const END_OF_EARLY_DATA_INSIDE_RECORD = (451 << 16) | (unexpected_message << 8) | HS_ERR;

// stacks and their interfaces, 480-519
/** The call came before its time: see the order in io/module. */
export const STACK_NOT_READY = (480 << 16) | (no_alert << 8) | INIT_ERR;
export const CONFIGURATION_REFUSED = (481 << 16) | (no_alert << 8) | PARAM_ERR;
export const STACK_MEMORY_MISSING = (482 << 16) | (no_alert << 8) | MEM_ERR;
export const ENTROPY_MISSING = (483 << 16) | (no_alert << 8) | INIT_ERR;
/** What is registered makes no suite. */
export const ALGORITHMS_MISSING = (484 << 16) | (no_alert << 8) | INIT_ERR;
/** An index, or lengths that the configuration has no room for. */
export const ALGORITHM_REFUSED = (485 << 16) | (no_alert << 8) | PARAM_ERR;
export const CONNECTIONS_EXHAUSTED = (486 << 16) | (no_alert << 8) | FULL_ERR;
/** It was closed, or it never was one. */
export const CONNECTION_UNKNOWN = (487 << 16) | (no_alert << 8) | NOT_FOUND_ERR;
export const ARGUMENT_MISSING = (488 << 16) | (no_alert << 8) | NULL_PTR_ERR;
export const ARGUMENT_REFUSED = (489 << 16) | (no_alert << 8) | PARAM_ERR;
export const HANDSHAKE_NOT_BEGUN = (490 << 16) | (no_alert << 8) | HS_ERR;
export const SECURITY_IN_USE = (491 << 16) | (no_alert << 8) | INIT_ERR;
/** It was given out by another stack, pushed out by newer ones, or is for another peer. */
export const TICKET_UNKNOWN = (492 << 16) | (no_alert << 8) | PARAM_ERR;
export const TICKET_NOT_GIVEN = (493 << 16) | (no_alert << 8) | NOT_FOUND_ERR;
export const TICKET_TOO_LONG = (494 << 16) | (no_alert << 8) | MEM_ERR;
export const TRANSPORT_BROKEN = (495 << 16) | (no_alert << 8) | IO_ERR;
export const OPERATION_UNSUPPORTED = (496 << 16) | (no_alert << 8) | TYPE_ERR;
export const SECURITY_FULL = (497 << 16) | (no_alert << 8) | FULL_ERR;
export const KEY_TOO_LONG = (498 << 16) | (no_alert << 8) | PARAM_ERR;
export const PORT_REFUSED = (499 << 16) | (no_alert << 8) | IO_ERR;
export const PORTS_EXHAUSTED = (500 << 16) | (no_alert << 8) | FULL_ERR;
export const PORT_IN_USE = (501 << 16) | (no_alert << 8) | DTLS_CONNECT_ERR;
export const BUFFERS_EXHAUSTED = (502 << 16) | (no_alert << 8) | MEM_ERR;
/** It goes on all the same. */
export const HANDSHAKE_LATE = (503 << 16) | (no_alert << 8) | TIMEOUT_ERR;
/** Retransmissions or heartbeats have no answer; they go on all the same. */
export const PEER_SILENT = (504 << 16) | (no_alert << 8) | TIMEOUT_ERR;
/** Nobody came, or nobody answered, in the time that was given. */
export const NOBODY_THERE = (505 << 16) | (no_alert << 8) | TIMEOUT_ERR;
/** The hardware that does TLS itself. */
export const OFFLOAD_NOT_SECURE = (506 << 16) | (no_alert << 8) | HS_ERR;
export const OFFLOAD_OPTION_REFUSED = (507 << 16) | (no_alert << 8) | PARAM_ERR;
/** It goes on all the same. */
export const HEARTBEAT_UNANSWERED = (509 << 16) | (no_alert << 8) | HEARTBEAT_TIMEOUT_ERR;
export const OFFLOAD_BROKEN = (508 << 16) | (no_alert << 8) | IO_ERR;
