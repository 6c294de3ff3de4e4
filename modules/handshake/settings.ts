// What a handshake is to do: filled and checked by engine/config, read by the flows.

import type { Registry } from "../crypto/registry.js";
import type { Suite } from "../crypto/suites.js";
import type { PrivateKey } from "../crypto/types.js";
import type { Clock, Entropy } from "../os/os.js";
import type { ChainPolicy } from "../pki/chain-policy.js";
import type { TrustStore } from "../pki/trust.js";
import type { EarlyDataGuard } from "./early-data.js";
import type { Flow } from "./flow.js";
import type { FindPsk, Psk } from "./psk.js";
import type { Retried } from "./retried.js";
import type { Session } from "./session.js";
import type { SessionStore } from "./session-store.js";
import type { TicketKeys } from "./ticket-keys.js";
import type { Variant } from "./variant.js";

/** What an endpoint proves itself with. */
export interface Credential {
	/** DER certificates, leaf first; the anchor need not be there. A raw public key: its SubjectPublicKeyInfo alone. */
	readonly chain: readonly Uint8Array[];
	readonly key: PrivateKey;
	/** CertificateType of the chain (RFC 7250): certificate_type_x509, if it isn't given, or certificate_type_raw_public_key. */
	readonly certificateType?: number;
	/** Server: a DER OCSPResponse about the leaf, given to clients that ask (RFC 6066 8); renewed by whoever makes the options. */
	readonly staple?: Uint8Array;
	/** Server: the names it is for, in lower case; none: for every name. */
	readonly names?: readonly string[];
}

/** Server: whether it asks the client for a certificate. */
export const CLIENT_CERTIFICATE_NONE = 0;
/** It asks, and goes on without one. */
export const CLIENT_CERTIFICATE_REQUEST = 1;
export const CLIENT_CERTIFICATE_REQUIRE = 2;

/** Heartbeats (RFC 6520). */
export interface HeartbeatSettings {
	/** Whether the peer may send requests. */
	readonly allowPeer: boolean;
	/** After how many seconds a request is repeated that nobody answered, and how often. */
	readonly seconds: number;
	readonly repetitions: number;
	/** Bytes of our requests. */
	readonly payloadSize: number;
}

/** Told of each secret that a tool needs to read captured traffic (RFC 9850): label, client random, secret. */
export type KeyLog = (label: string, clientRandom: Uint8Array, secret: Uint8Array, secretLength: number) => void;

export interface Settings {
	readonly isServer: boolean;
	readonly variant: Variant;
	readonly registry: Registry;
	readonly clock: Clock;
	readonly entropy: Entropy;
	/** The trunk. */
	readonly firstFlow: Flow;
	/** The flow that goes on when the version is known; undefined: that version isn't offered. */
	readonly flow13: Flow | undefined;
	readonly flow12: Flow | undefined;
	/** Versions on the wire, first choice first. */
	readonly versions: readonly number[];
	/** All with registered algorithms, first choice first. */
	readonly suites: readonly Suite[];
	readonly groups: readonly number[];
	/** SignatureSchemes that we check, first choice first; also for certificates. */
	readonly schemes: readonly number[];
	readonly credentials: readonly Credential[];
	readonly trust: TrustStore;
	readonly chainPolicy: ChainPolicy;
	/** CertificateTypes (RFC 7250) that the peer may show, first choice first. */
	readonly peerCertificateTypes: readonly number[];
	/** Client: the name that it sends; "" for none (an address is not sent, RFC 6066 3). */
	readonly serverName: string;
	/** The name or address that must stand in the peer's certificate; "": any. */
	readonly peerName: string;
	readonly alpn: readonly string[];
	readonly clientCertificate: number;
	/** External PSKs: a client offers them; a server looks in them first, then asks findPsk. */
	readonly psks: readonly Psk[];
	readonly findPsk: FindPsk | undefined;
	/** PskKeyExchangeModes that we use (RFC 8446 4.2.9). */
	readonly pskModes: readonly number[];
	/** Client: the session to resume. */
	readonly session: Session | undefined;
	/** 0-RTT: a client may send it; a server takes what the guard lets through. Off otherwise. */
	readonly sendsEarlyData: boolean;
	readonly earlyData: EarlyDataGuard | undefined;
	/** Server: seals sessions into tickets, `ticketCount` a connection; undefined: it gives none. */
	readonly tickets: TicketKeys | undefined;
	readonly ticketCount: number;
	/** Server, 1.2: keeps the sessions that are named by an id; undefined: there are none. */
	readonly sessions: SessionStore | undefined;
	/** Server, 1.2: its random begins with the time. */
	readonly tellsTime: boolean;
	/** Client: asks for an OCSP response with the server's certificate. */
	readonly asksStatus: boolean;
	/** Our record_size_limit (RFC 8449), 64 to 16385; 0: the extension isn't used. */
	readonly recordSizeLimit: number;
	/** Client: the max_fragment_length it asks for (RFC 6066 4), 512, 1024, 2048 or 4096; 0: none. */
	readonly maxFragmentLength: number;
	/** undefined: there are no heartbeats. */
	readonly heartbeat: HeartbeatSettings | undefined;
	/** 1.2: whether a later handshake on the connection (RFC 5746) is taken from the peer. */
	readonly renegotiation: boolean;
	/** 1.2: whether a peer without extended master secrets (RFC 7627) is refused; sessions and renegotiations always need them. */
	readonly requireExtendedMasterSecret: boolean;
	/** Whether the leaf of the peer is kept for the application. */
	readonly keepPeerCertificate: boolean;
	/** How many bytes of the peer's whole chain are kept for it at most. */
	readonly keepPeerChain: number;
	readonly keyLog: KeyLog | undefined;
	/** Server: the first ClientHello was answered before there was a connection. */
	readonly retried?: Retried;
	/** Over datagrams: the id that the peer's records are to carry (RFC 9146); empty: we need none, but the peer may; undefined: ids aren't used. */
	readonly connectionId?: Uint8Array;
}
