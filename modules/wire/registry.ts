// IANA numbers that stand on the wire, in the RFCs' spelling. For every floor above wire; the cipher suites'
// numbers stand with their rows in crypto/suites. Alerts: base/alert.

// ContentType (RFC 8446 5.1)
export const change_cipher_spec = 20;
export const alert = 21;
export const handshake = 22;
export const application_data = 23;
export const heartbeat = 24;
/** RFC 9146. */
export const tls12_cid = 25;
/** RFC 9147. */
export const ack = 26;
/** RFC 9853. */
export const return_routability_check = 27;

// ProtocolVersion
export const TLS_1_0 = 0x0301;
export const TLS_1_2 = 0x0303;
export const TLS_1_3 = 0x0304;

// HandshakeType (RFC 8446 section 4, RFC 5246 7.4)
export const hello_request = 0;
export const client_hello = 1;
export const server_hello = 2;
export const hello_verify_request = 3;
export const new_session_ticket = 4;
export const end_of_early_data = 5;
export const encrypted_extensions = 8;
export const request_connection_id = 9;
export const new_connection_id = 10;
export const certificate = 11;
export const server_key_exchange = 12;
export const certificate_request = 13;
export const server_hello_done = 14;
export const certificate_verify = 15;
export const client_key_exchange = 16;
export const finished = 20;
export const certificate_status = 22;
export const key_update = 24;
export const message_hash = 254;

// NamedGroup (RFC 8446 4.2.7, RFC 7919, draft-ietf-tls-ecdhe-mlkem)
export const secp256r1 = 23;
export const secp384r1 = 24;
export const x25519 = 29;
export const ffdhe2048 = 256;
export const ffdhe3072 = 257;
export const ffdhe4096 = 258;
export const X25519MLKEM768 = 0x11ec;

// SignatureScheme (RFC 8446 4.2.3)
export const rsa_pkcs1_sha256 = 0x0401;
export const rsa_pkcs1_sha384 = 0x0501;
export const rsa_pkcs1_sha512 = 0x0601;
export const ecdsa_secp256r1_sha256 = 0x0403;
export const ecdsa_secp384r1_sha384 = 0x0503;
export const ecdsa_secp521r1_sha512 = 0x0603;
export const rsa_pss_rsae_sha256 = 0x0804;
export const rsa_pss_rsae_sha384 = 0x0805;
export const rsa_pss_rsae_sha512 = 0x0806;
export const ed25519 = 0x0807;
export const rsa_pss_pss_sha256 = 0x0809;
export const rsa_pss_pss_sha384 = 0x080a;
export const rsa_pss_pss_sha512 = 0x080b;

// Signalling cipher suite values (RFC 5746 3.3, RFC 7507)
export const TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;
export const TLS_FALLBACK_SCSV = 0x5600;

// KeyUpdateRequest (RFC 8446 4.6.3)
export const update_not_requested = 0;
export const update_requested = 1;

// PskKeyExchangeMode (RFC 8446 4.2.9)
export const psk_ke = 0;
export const psk_dhe_ke = 1;

// CertificateType (RFC 7250)
export const certificate_type_x509 = 0;
export const certificate_type_raw_public_key = 2;

// ECCurveType (RFC 8422 5.4)
export const named_curve = 3;

// ClientCertificateType (RFC 5246 7.4.4, RFC 8422 5.5)
export const rsa_sign = 1;
export const ecdsa_sign = 64;

// CertificateStatusType (RFC 6066 8)
export const ocsp = 1;
