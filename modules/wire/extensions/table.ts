// The extensions that this stack knows: a row each, with the messages in which it may stand (RFC 8446 4.2,
// and for TLS 1.2 the ServerHello). A row's index is its bit in sets of extensions. For wire/extensions/block
// and for the messages' encoders.

// Where an extension may stand: bits
export const IN_CLIENT_HELLO = 1;
export const IN_SERVER_HELLO = 2;
export const IN_ENCRYPTED_EXTENSIONS = 4;
export const IN_CERTIFICATE = 8;
export const IN_CERTIFICATE_REQUEST = 16;
export const IN_NEW_SESSION_TICKET = 32;
export const IN_HELLO_RETRY_REQUEST = 64;
/** The ServerHello of TLS 1.2. */
export const IN_SERVER_HELLO_12 = 128;

// Rows, in the order of their numbers on the wire
export const SERVER_NAME = 0;
export const MAX_FRAGMENT_LENGTH = 1;
export const STATUS_REQUEST = 2;
export const SUPPORTED_GROUPS = 3;
export const EC_POINT_FORMATS = 4;
export const SIGNATURE_ALGORITHMS = 5;
export const HEARTBEAT = 6;
export const ALPN = 7;
export const CLIENT_CERTIFICATE_TYPE = 8;
export const SERVER_CERTIFICATE_TYPE = 9;
export const ENCRYPT_THEN_MAC = 10;
export const EXTENDED_MASTER_SECRET = 11;
export const RECORD_SIZE_LIMIT = 12;
export const SESSION_TICKET = 13;
export const PRE_SHARED_KEY = 14;
export const EARLY_DATA = 15;
export const SUPPORTED_VERSIONS = 16;
export const COOKIE = 17;
export const PSK_KEY_EXCHANGE_MODES = 18;
export const CERTIFICATE_AUTHORITIES = 19;
export const SIGNATURE_ALGORITHMS_CERT = 20;
export const KEY_SHARE = 21;
export const CONNECTION_ID = 22;
export const RETURN_ROUTABILITY_CHECK = 23;
export const RENEGOTIATION_INFO = 24;
export const EXTENSION_ROWS = 25;

/** ExtensionType on the wire, by row. */
export const extensionTypes: readonly number[] = Object.freeze([
	0, 1, 5, 10, 11, 13, 15, 16, 19, 20, 22, 23, 28, 35, 41, 42, 43, 44, 45, 47, 50, 51, 54, 61, 65281,
]);

/** The other way round, as far as the numbers are small: the row by ExtensionType, EXTENSION_ROWS for none. All that stand in a hello are looked up. */
const rowsByType: Readonly<Uint8Array> = new Uint8Array([
	0, 1, 25, 25, 25, 2, 25, 25, 25, 25, 3, 4, 25, 5, 25, 6, 7, 25, 25, 8, 9, 25, 10, 11, 25, 25, 25, 25, 12, 25, 25, 25, 25, 25, 25, 13, 25, 25, 25, 25, 25, 14,
	15, 16, 17, 18, 25, 19, 25, 25, 20, 21, 25, 25, 22, 25, 25, 25, 25, 25, 25, 23,
]);

/** Where it may stand, by row. */
export const extensionPlaces: readonly number[] = Object.freeze([
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // server_name, RFC 6066
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // max_fragment_length, RFC 6066
	IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST | IN_CERTIFICATE | IN_SERVER_HELLO_12, // status_request, RFC 6066
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS, // supported_groups, RFC 8446, RFC 7919
	IN_CLIENT_HELLO | IN_SERVER_HELLO_12, // ec_point_formats, RFC 8422
	IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST, // signature_algorithms, RFC 8446
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // heartbeat, RFC 6520
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // application_layer_protocol_negotiation, RFC 7301
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // client_certificate_type, RFC 7250
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // server_certificate_type, RFC 7250
	IN_CLIENT_HELLO | IN_SERVER_HELLO_12, // encrypt_then_mac, RFC 7366
	IN_CLIENT_HELLO | IN_SERVER_HELLO_12, // extended_master_secret, RFC 7627
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO_12, // record_size_limit, RFC 8449
	IN_CLIENT_HELLO | IN_SERVER_HELLO_12, // session_ticket, RFC 5077
	IN_CLIENT_HELLO | IN_SERVER_HELLO, // pre_shared_key
	IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_NEW_SESSION_TICKET, // early_data
	IN_CLIENT_HELLO | IN_SERVER_HELLO | IN_HELLO_RETRY_REQUEST, // supported_versions
	IN_CLIENT_HELLO | IN_HELLO_RETRY_REQUEST, // cookie
	IN_CLIENT_HELLO, // psk_key_exchange_modes
	IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST, // certificate_authorities
	IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST, // signature_algorithms_cert
	IN_CLIENT_HELLO | IN_SERVER_HELLO | IN_HELLO_RETRY_REQUEST, // key_share
	IN_CLIENT_HELLO | IN_SERVER_HELLO | IN_SERVER_HELLO_12, // connection_id, RFC 9146, RFC 9147
	IN_CLIENT_HELLO | IN_SERVER_HELLO | IN_SERVER_HELLO_12, // rrc, RFC 9853
	IN_CLIENT_HELLO | IN_SERVER_HELLO_12, // renegotiation_info, RFC 5746
]);

/** The row of an ExtensionType, or -1 if this stack doesn't know it. */
export function extensionRow(type: number): number {
	if (type >= rowsByType.length) return type === extensionTypes[RENEGOTIATION_INFO] ? RENEGOTIATION_INFO : -1;
	const row = rowsByType[type];
	return row < EXTENSION_ROWS ? row : -1;
}
