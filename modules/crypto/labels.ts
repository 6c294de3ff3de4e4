// The labels of key derivation as bytes: a string would have to be taken apart, character by character, each time.
// For crypto/prf and crypto/hkdf, and for who
// derives by them. What stands in front of those of 1.3 is in handshake/variant.

// TLS 1.2 (RFC 5246 6.3, 7.4.9, 8.1; RFC 7627 4)
export const MASTER_SECRET: Readonly<Uint8Array> = new Uint8Array([109, 97, 115, 116, 101, 114, 32, 115, 101, 99, 114, 101, 116]); // "master secret"
export const EXTENDED_MASTER_SECRET: Readonly<Uint8Array> = new Uint8Array([
	101, 120, 116, 101, 110, 100, 101, 100, 32, 109, 97, 115, 116, 101, 114, 32, 115, 101, 99, 114, 101, 116,
]); // "extended master secret"
export const KEY_EXPANSION: Readonly<Uint8Array> = new Uint8Array([107, 101, 121, 32, 101, 120, 112, 97, 110, 115, 105, 111, 110]); // "key expansion"
export const CLIENT_FINISHED: Readonly<Uint8Array> = new Uint8Array([99, 108, 105, 101, 110, 116, 32, 102, 105, 110, 105, 115, 104, 101, 100]); // "client finished"
export const SERVER_FINISHED: Readonly<Uint8Array> = new Uint8Array([115, 101, 114, 118, 101, 114, 32, 102, 105, 110, 105, 115, 104, 101, 100]); // "server finished"

// TLS 1.3 (RFC 8446 4.6.1, 7.1 to 7.5; RFC 9147 4.2.3; RFC 9258 5)
export const DERIVED: Readonly<Uint8Array> = new Uint8Array([100, 101, 114, 105, 118, 101, 100]); // "derived"
export const EXTERNAL_BINDER: Readonly<Uint8Array> = new Uint8Array([101, 120, 116, 32, 98, 105, 110, 100, 101, 114]); // "ext binder"
export const RESUMPTION_BINDER: Readonly<Uint8Array> = new Uint8Array([114, 101, 115, 32, 98, 105, 110, 100, 101, 114]); // "res binder"
export const IMPORTED_BINDER: Readonly<Uint8Array> = new Uint8Array([105, 109, 112, 32, 98, 105, 110, 100, 101, 114]); // "imp binder"
export const CLIENT_EARLY_TRAFFIC: Readonly<Uint8Array> = new Uint8Array([99, 32, 101, 32, 116, 114, 97, 102, 102, 105, 99]); // "c e traffic"
export const CLIENT_HANDSHAKE_TRAFFIC: Readonly<Uint8Array> = new Uint8Array([99, 32, 104, 115, 32, 116, 114, 97, 102, 102, 105, 99]); // "c hs traffic"
export const SERVER_HANDSHAKE_TRAFFIC: Readonly<Uint8Array> = new Uint8Array([115, 32, 104, 115, 32, 116, 114, 97, 102, 102, 105, 99]); // "s hs traffic"
export const CLIENT_APPLICATION_TRAFFIC: Readonly<Uint8Array> = new Uint8Array([99, 32, 97, 112, 32, 116, 114, 97, 102, 102, 105, 99]); // "c ap traffic"
export const SERVER_APPLICATION_TRAFFIC: Readonly<Uint8Array> = new Uint8Array([115, 32, 97, 112, 32, 116, 114, 97, 102, 102, 105, 99]); // "s ap traffic"
export const EXPORTER_MASTER: Readonly<Uint8Array> = new Uint8Array([101, 120, 112, 32, 109, 97, 115, 116, 101, 114]); // "exp master"
export const RESUMPTION_MASTER: Readonly<Uint8Array> = new Uint8Array([114, 101, 115, 32, 109, 97, 115, 116, 101, 114]); // "res master"
export const FINISHED: Readonly<Uint8Array> = new Uint8Array([102, 105, 110, 105, 115, 104, 101, 100]); // "finished"
export const RESUMPTION: Readonly<Uint8Array> = new Uint8Array([114, 101, 115, 117, 109, 112, 116, 105, 111, 110]); // "resumption"
export const TRAFFIC_UPDATE: Readonly<Uint8Array> = new Uint8Array([116, 114, 97, 102, 102, 105, 99, 32, 117, 112, 100]); // "traffic upd"
export const KEY: Readonly<Uint8Array> = new Uint8Array([107, 101, 121]); // "key"
export const IV: Readonly<Uint8Array> = new Uint8Array([105, 118]); // "iv"
export const NUMBER_KEY: Readonly<Uint8Array> = new Uint8Array([115, 110]); // "sn"
export const EXPORTER: Readonly<Uint8Array> = new Uint8Array([101, 120, 112, 111, 114, 116, 101, 114]); // "exporter"
export const DERIVED_PSK: Readonly<Uint8Array> = new Uint8Array([100, 101, 114, 105, 118, 101, 100, 32, 112, 115, 107]); // "derived psk"
