// The configuration of a stack: one typed object, completed with defaults and checked as a whole at init. The names and the
// original's numbers are those of the field's embedded stacks; docs/configuration.md is made from this file. A host may take
// the values from its build (the "config" of a Moddable manifest): they are plain numbers, strings and booleans.

/** Lengths and sizes in bytes unless the name or the text says otherwise. */
export interface Configuration {
	// What is agreed to
	/** The shortest Diffie-Hellman prime that a key exchange may have. Ours: 2048 bits, shorter primes are broken or soon will be. */
	readonly minKeyExchangeSize: number;
	/** The longest MAC key of a suite; it must cover the largest MAC that is registered, which start checks. Ours: that of HMAC-SHA-384. */
	readonly maxMacKeyLength: number;
	/** The longest key of a bulk cipher that may be registered. Ours: 256 bits. */
	readonly maxBulkKeyLength: number;
	/** The longest result of a hash (and so of an HMAC) that may be registered. */
	readonly maxHmacLength: number;
	/** The shortest public key that a certificate may have: the modulus of an RSA key, the coordinate of a curve's point. */
	readonly minPublicKeySize: number;
	/** The longest public key of a peer: modulus and exponent of an RSA key with the byte before them, both coordinates of a curve's point. Ours: RSA with 4096 bits. */
	readonly maxPublicKeySize: number;
	/** The longest shared secret that a key exchange may give; a longer one can't be registered. Ours: that of ffdhe4096. */
	readonly preMasterSecretSize: number;
	/** How many certificate chains with their keys a security configuration takes. */
	readonly maxHostCertificates: number;
	/** How many CA certificates it takes. Ours: enough for a change of authorities. */
	readonly maxCaCertificates: number;
	/** How many revoked certificates it takes; those of CRLs don't count. Ours: a short list for the field. */
	readonly maxRevokedCertificates: number;
	/** How many cipher suites are offered or accepted, first choice first. Ours: all that are registered; a single one leaves nothing to agree on. */
	readonly maxCipherSuites: number;
	/** How many hashes can be registered. Ours: SHA-256, SHA-384, SHA-512, and SHA-1 for HMAC only. */
	readonly maxHashAlgorithms: number;
	/** How many bulk ciphers can be registered. Ours: every one there is. */
	readonly maxBulkAlgorithms: number;
	/** How many kinds of signatures, and how many key exchanges, can be registered. Ours: every one there is. */
	readonly maxSignatureAlgorithms: number;

	// Pools
	/** Connections at a time: their memory is reserved at init. */
	readonly maxConnections: number;
	/** Sessions that tickets stand for: their memory is reserved at init. 0: none, and servers give no tickets either. */
	readonly maxSessions: number;

	// Sizes
	/** The longest name of a peer, in characters. Ours: what DNS allows. */
	readonly peerNameSize: number;
	/** CBC padding beyond what fills a block. Without effect: records are padded as little as can be, and MAC-then-encrypt is checked in constant time instead. */
	readonly cbcPaddingLength: number;
	/** The most application data in one record that is sent. */
	readonly maxDataLength: number;
	/** The longest record content that can be received; it is told to the peer (record_size_limit, max_fragment_length). Ours: what every peer may send, since many know neither; set 2700 or less among devices that do. */
	readonly receiveBufferSize: number;
	/** A buffer of the native interface, one for each connection and direction; at least maxDataLength. */
	readonly dataBufferSize: number;
	/** Where handshake messages are put together that come in several records: the longest message of a peer, usually its chain of certificates. */
	readonly handshakeStoreSize: number;
	/** The longest DigestInfo prefix of a signature. Without effect: they are compared as constants. */
	readonly digestPrefixLength: number;
	/** The longest object identifier of an algorithm. Without effect: they are compared in place. */
	readonly oidSize: number;

	// Which interfaces there are
	/** The TLS sockets interface. */
	readonly socketInterface: boolean;
	/** The native interface. */
	readonly nativeInterface: boolean;

	// Certificates
	/** Whether the dates of certificates are judged. Ours: on, a certificate that has ended proves nothing. */
	readonly checkCertificateExpiry: boolean;

	// Time
	/** The unit of handshakeTimeout, in milliseconds. */
	readonly timerPeriod: number;
	/** How long a handshake may take until the application is told, in timer periods; 0: for ever. The handshake goes on all the same. */
	readonly handshakeTimeout: number;
	/** After how many seconds a heartbeat request is sent again that nobody answered (RFC 6520). */
	readonly heartbeatTime: number;
	/** Whether the peer may send heartbeat requests. */
	readonly heartbeatAllowPeerRequest: boolean;
	/** The payload of our heartbeat requests; the longest fits the shortest records. */
	readonly heartbeatPayloadSize: number;

	// What is refused
	/** Whether RSA keys of 512 bits are refused. On: whatever is shorter than 2048 bits is refused; off: minPublicKeySize decides. */
	readonly rejectRsa512: boolean;
	/** DANGER: certificates are not verified. Anybody can be the peer. */
	readonly trustAllCertificates: boolean;

	// The original's work space
	/** The stack of the original's connection task. Without effect: nothing here has a stack of its own between two calls. */
	readonly connectionStackSize: number;
	/** The longest modulus of an RSA key of our own. Ours: 4096 bits. */
	readonly rsaModulusLength: number;
	/** The longest public exponent of an RSA key. Without effect: what an exponent may be is decided by value (odd, from 3 to 2^32). */
	readonly rsaExponentLength: number;

	// Datagrams
	/** Whether there is DTLS; the entry points for it must be given to the stack. */
	readonly dtls: boolean;
	/** The native UDP interface. */
	readonly dtlsNativeInterface: boolean;
	/** The DTLS sockets interface. */
	readonly dtlsSocketInterface: boolean;
	/** The first local port that DTLS clients take; the next free one upwards is taken. Ours: the range for such ports (RFC 6335). */
	readonly dtlsClientPortStart: number;
	/** The longest datagram that is sent, in bytes of UDP payload. */
	readonly pmtu: number;
	/** The longest datagram that a server takes of a client that has no connection yet. Ours: a ClientHello of today's size. */
	readonly dtlsServerReceiveSize: number;
	/** After how many retransmissions without an answer the application is told; they go on all the same. */
	readonly messageRetries: number;
	/** How many server ports can be open at a time. */
	readonly maxServerPorts: number;
	/** Milliseconds until a flight is sent again for the first time. */
	readonly retransmitInitial: number;
	/** The longest such time in milliseconds; it doubles up to there. */
	readonly retransmitMax: number;

	// Beyond the original
	/** Whether heartbeats are offered at all (RFC 6520): our own requests, and the peer's if heartbeatAllowPeerRequest is on. */
	readonly heartbeat: boolean;
	/** Datagrams: by how many bytes the peer's records name the connection (RFC 9146), 0 to 32, so that it survives a new address. -1: ids aren't used; 0: only the peer's. */
	readonly connectionIdLength: number;
	/** Where what we write of a handshake waits until it is sent, and over datagrams until it is answered: our chain of certificates and some more. */
	readonly flightStoreSize: number;
	/** The memory of one session of maxSessions; a server's ticket is part of it. */
	readonly sessionSize: number;
	/** How long the tickets of our servers hold, in seconds; 0: they give none. */
	readonly ticketLifetime: number;
	/** How long a closed connection may take to send what it still has, in milliseconds; then its transport is closed. */
	readonly closeTimeout: number;
}

/** A name of the configuration. */
export type Setting = keyof Configuration;

/** The numbers of the original; heartbeat and what follows it are ours. */
export const originalConfiguration: Configuration = Object.freeze({
	minKeyExchangeSize: 128,
	maxMacKeyLength: 20,
	maxBulkKeyLength: 24,
	maxHmacLength: 64,
	minPublicKeySize: 32,
	maxPublicKeySize: 260,
	preMasterSecretSize: 64,
	maxHostCertificates: 1,
	maxCaCertificates: 1,
	maxRevokedCertificates: 1,
	maxCipherSuites: 1,
	maxHashAlgorithms: 3,
	maxBulkAlgorithms: 2,
	maxSignatureAlgorithms: 3,
	maxConnections: 1,
	maxSessions: 1,
	peerNameSize: 16,
	cbcPaddingLength: 9,
	maxDataLength: 2700,
	receiveBufferSize: 2700,
	dataBufferSize: 3400,
	handshakeStoreSize: 8192,
	digestPrefixLength: 32,
	oidSize: 9,
	socketInterface: true,
	nativeInterface: true,
	checkCertificateExpiry: false,
	timerPeriod: 100,
	handshakeTimeout: 100,
	heartbeatTime: 3,
	heartbeatAllowPeerRequest: false,
	heartbeatPayloadSize: 8,
	rejectRsa512: true,
	trustAllCertificates: false,
	connectionStackSize: 1256,
	rsaModulusLength: 128,
	rsaExponentLength: 3,
	dtls: false,
	dtlsNativeInterface: true,
	dtlsSocketInterface: true,
	dtlsClientPortStart: 1000,
	pmtu: 1400,
	dtlsServerReceiveSize: 500,
	messageRetries: 5,
	maxServerPorts: 1,
	retransmitInitial: 1000,
	retransmitMax: 60000,
	heartbeat: false,
	connectionIdLength: -1,
	flightStoreSize: 4096,
	sessionSize: 1024,
	ticketLifetime: 7200,
	closeTimeout: 2000,
});

/** Our defaults, where they differ. */
export const defaultConfiguration: Configuration = Object.freeze({
	...originalConfiguration,
	minKeyExchangeSize: 256,
	maxMacKeyLength: 48,
	maxBulkKeyLength: 32,
	maxPublicKeySize: 516,
	preMasterSecretSize: 512,
	maxCaCertificates: 8,
	maxRevokedCertificates: 16,
	maxCipherSuites: 64,
	maxHashAlgorithms: 4,
	maxBulkAlgorithms: 12,
	maxSignatureAlgorithms: 16,
	peerNameSize: 255,
	receiveBufferSize: 16384,
	checkCertificateExpiry: true,
	rsaModulusLength: 512,
	dtlsClientPortStart: 49152,
	dtlsServerReceiveSize: 2048,
});

/** The least and the most of each number. */
export const configurationLimits: Readonly<Partial<Record<Setting, readonly [number, number]>>> = Object.freeze({
	minKeyExchangeSize: Object.freeze([128, 1024] as const),
	maxMacKeyLength: Object.freeze([20, 64] as const),
	maxBulkKeyLength: Object.freeze([16, 64] as const),
	maxHmacLength: Object.freeze([32, 64] as const),
	minPublicKeySize: Object.freeze([32, 1024] as const),
	maxPublicKeySize: Object.freeze([32, 566] as const),
	preMasterSecretSize: Object.freeze([32, 1024] as const),
	maxHostCertificates: Object.freeze([0, 64] as const),
	maxCaCertificates: Object.freeze([0, 1024] as const),
	maxRevokedCertificates: Object.freeze([0, 1024] as const),
	maxCipherSuites: Object.freeze([1, 64] as const),
	maxHashAlgorithms: Object.freeze([1, 16] as const),
	maxBulkAlgorithms: Object.freeze([1, 16] as const),
	maxSignatureAlgorithms: Object.freeze([1, 16] as const),
	maxConnections: Object.freeze([1, 1024] as const),
	maxSessions: Object.freeze([0, 1024] as const),
	peerNameSize: Object.freeze([1, 255] as const),
	cbcPaddingLength: Object.freeze([0, 255] as const),
	maxDataLength: Object.freeze([64, 16384] as const),
	receiveBufferSize: Object.freeze([64, 16384] as const),
	dataBufferSize: Object.freeze([64, 65536] as const),
	handshakeStoreSize: Object.freeze([512, 65536] as const),
	digestPrefixLength: Object.freeze([0, 255] as const),
	oidSize: Object.freeze([1, 255] as const),
	timerPeriod: Object.freeze([1, 60000] as const),
	handshakeTimeout: Object.freeze([0, 65535] as const),
	heartbeatTime: Object.freeze([1, 3600] as const),
	heartbeatPayloadSize: Object.freeze([1, 45] as const),
	connectionStackSize: Object.freeze([0, 65536] as const),
	rsaModulusLength: Object.freeze([64, 512] as const),
	rsaExponentLength: Object.freeze([1, 8] as const),
	dtlsClientPortStart: Object.freeze([1, 65535] as const),
	pmtu: Object.freeze([228, 16384] as const),
	dtlsServerReceiveSize: Object.freeze([228, 16384] as const),
	messageRetries: Object.freeze([0, 255] as const),
	maxServerPorts: Object.freeze([0, 64] as const),
	retransmitInitial: Object.freeze([1, 60000] as const),
	retransmitMax: Object.freeze([1, 600000] as const),
	connectionIdLength: Object.freeze([-1, 32] as const),
	flightStoreSize: Object.freeze([512, 65536] as const),
	sessionSize: Object.freeze([128, 65536] as const),
	ticketLifetime: Object.freeze([0, 604800] as const),
	closeTimeout: Object.freeze([0, 60000] as const),
});
