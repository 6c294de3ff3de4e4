// What differs between the stream and the datagram form of the protocol in value only (RFC 8446, RFC 9147): a row
// each. What differs in deed stands behind messages/messages.

// In front of each label of 1.3, as bytes (RFC 8446 7.1, RFC 9147 5.9)
const TLS_PREFIX: Readonly<Uint8Array> = new Uint8Array([116, 108, 115, 49, 51, 32]); // "tls13 "
const DTLS_PREFIX: Readonly<Uint8Array> = new Uint8Array([100, 116, 108, 115, 49, 51]); // "dtls13"

/** One form of the protocol. */
export interface Variant {
	/** Versions on the wire. */
	readonly version12: number;
	readonly version13: number;
	/** Whether a legacy_version is that of 1.2 or newer (the datagram form counts downwards). */
	reaches12(legacyVersion: number): boolean;
	/** The prefix of HKDF labels (RFC 8446 7.1, RFC 9147 5.9). */
	readonly labelPrefix: Readonly<Uint8Array>;
	/** A session id and change_cipher_specs for the sake of middleboxes (RFC 8446 D.4, RFC 9147 5). */
	readonly compatibility: boolean;
	/** In 1.3 the server sends the client's legacy_session_id back (RFC 8446 4.1.3; not RFC 9147 5). */
	readonly echoesSessionId: boolean;
	/** ClientHello has a cookie of its own (RFC 6347 4.2.1). */
	readonly helloCookie: boolean;
	/** 0-RTT ends with a message (RFC 8446 4.5); datagrams have epochs for that. */
	readonly endOfEarlyData: boolean;
	/** 1.2: how many handshakes a connection can have (RFC 5746): each begins an epoch, which 16 bits must hold (RFC 6347 4.1). */
	readonly handshakes: number;
	/** 1.2: how often a peer may ask for a handshake in vain before it is taken for an attacker; it asks again if the refusal is lost. */
	readonly refusals: number;
	/** Record numbers are encrypted (RFC 9147 4.2.3). */
	readonly numberKeys: boolean;
	/** Records may be as long as the protocol allows (RFC 8446 5.1); a datagram bounds its own (RFC 9147 4.4). */
	readonly longRecords: boolean;
}

export const tls: Variant = Object.freeze({
	version12: 0x0303,
	version13: 0x0304,
	reaches12(legacyVersion: number): boolean {
		return legacyVersion >= 0x0303;
	},
	labelPrefix: TLS_PREFIX,
	compatibility: true,
	echoesSessionId: true,
	helloCookie: false,
	endOfEarlyData: true,
	handshakes: Number.POSITIVE_INFINITY,
	refusals: 4,
	numberKeys: false,
	longRecords: true,
});

export const dtls: Variant = Object.freeze({
	version12: 0xfefd,
	version13: 0xfefc,
	reaches12(legacyVersion: number): boolean {
		return legacyVersion >> 8 === 0xfe && legacyVersion <= 0xfefd;
	},
	labelPrefix: DTLS_PREFIX,
	compatibility: false,
	echoesSessionId: false,
	helloCookie: true,
	endOfEarlyData: false,
	handshakes: 0xffff,
	refusals: 20,
	numberKeys: true,
	longRecords: false,
});
