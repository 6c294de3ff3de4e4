// Alert descriptions (RFC 8446 section 6, RFC 5246 section 7.2), by their wire numbers. For the failure table
// and for engine/alerts, the only file that sends them.

export const close_notify = 0;
export const unexpected_message = 10;
export const bad_record_mac = 20;
export const record_overflow = 22;
export const handshake_failure = 40;
export const bad_certificate = 42;
export const unsupported_certificate = 43;
export const certificate_revoked = 44;
export const certificate_expired = 45;
export const certificate_unknown = 46;
export const illegal_parameter = 47;
export const unknown_ca = 48;
export const access_denied = 49;
export const decode_error = 50;
export const decrypt_error = 51;
export const protocol_version = 70;
export const insufficient_security = 71;
export const internal_error = 80;
export const inappropriate_fallback = 86;
export const user_canceled = 90;
export const no_renegotiation = 100;
export const missing_extension = 109;
export const unsupported_extension = 110;
export const unrecognized_name = 112;
export const bad_certificate_status_response = 113;
export const unknown_psk_identity = 115;
export const certificate_required = 116;
export const no_application_protocol = 120;
/** Not a wire number: the failure sends no alert (the peer has gone, or told us first). */
export const no_alert = 255;
