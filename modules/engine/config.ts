// The configuration of a connection: what the caller says, checked and completed to handshake/settings. A wrong option
// is the caller's own mistake and throws at once, with a text that names it.

import type { Registry } from "../crypto/registry.js";
import { BY_PSK, offeredSuites, RSA, type Suite } from "../crypto/suites.js";
import { sha256 } from "../crypto/types.js";
import type { EarlyDataGuard } from "../handshake/early-data.js";
import type { Flow } from "../handshake/flow.js";
import { type FindPsk, type Psk, psk12 } from "../handshake/psk.js";
import type { Session } from "../handshake/session.js";
import type { SessionStore } from "../handshake/session-store.js";
import {
	CLIENT_CERTIFICATE_NONE,
	CLIENT_CERTIFICATE_REQUEST,
	CLIENT_CERTIFICATE_REQUIRE,
	type Credential,
	type HeartbeatSettings,
	type KeyLog,
	type Settings,
} from "../handshake/settings.js";
import type { TicketKeys } from "../handshake/ticket-keys.js";
import type { Variant } from "../handshake/variant.js";
import type { BlockSource, Clock, Entropy } from "../os/os.js";
import { ChainPolicy } from "../pki/chain-policy.js";
import { PURPOSE_CLIENT, PURPOSE_SERVER } from "../pki/extensions.js";
import { PublicKeyInfo } from "../pki/public-key-info.js";
import { REFERENCE_IP, REFERENCE_REFUSED, ReferenceName } from "../pki/reference-name.js";
import { TrustStore } from "../pki/trust.js";
import { certificate_type_raw_public_key, certificate_type_x509, psk_dhe_ke, psk_ke, TLS_1_2, TLS_1_3 } from "../wire/registry.js";
import { type BufferSizes, iot, web } from "./buffers.js";

const CONTENT_MAX = 16384;
const X509_ONLY: readonly number[] = Object.freeze([certificate_type_x509]);
/** What fits the shortest records that a peer may ask for. */
const HEARTBEAT_PAYLOAD_MAX = 45;

/** What a client and a server have in common. All arrays and objects are the caller's and must stay as they are. */
export interface ConnectionOptions {
	/** The algorithms; started. */
	readonly registry: Registry;
	readonly clock: Clock;
	readonly entropy: Entropy;
	/** Buffer sizes: "web" (16 KB records, the default), "iot" (2 KB), or one's own. */
	readonly profile?: "web" | "iot" | BufferSizes;
	/** Where the connection's memory comes from, which whoever gives it takes back after the end (connection.traffic.memory); by default the heap. */
	readonly memory?: BlockSource;
	/** TLS_1_2 or TLS_1_3; by default all that is linked. */
	readonly minimumVersion?: number;
	readonly maximumVersion?: number;
	/** Cipher suite numbers, first choice first; by default all that is registered, by the cost of their cipher. */
	readonly suites?: readonly number[];
	/** The most suites that are offered or accepted; by default there is no limit. */
	readonly maximumSuites?: number;
	/** NamedGroup numbers, first choice first; by default all that is registered. */
	readonly groups?: readonly number[];
	/** SignatureScheme numbers, first choice first; by default all that is registered. None at all: for pre-shared keys only, nobody can prove itself by a certificate then. */
	readonly signatureSchemes?: readonly number[];
	/** What we prove ourselves with. */
	readonly credentials?: readonly Credential[];
	/** The anchors that the peer's chain must lead to. */
	readonly trust?: TrustStore;
	/** What the peer's chain must fulfil; by default dates, names and purposes are all checked. */
	readonly chainPolicy?: ChainPolicy;
	/** Protocol names, first choice first (RFC 7301). */
	readonly alpn?: readonly string[];
	/** The longest record content that the peer is asked to send, 64 to 16384; by default what the buffers can take. 0 asks for nothing: longer records are then not read. */
	readonly recordSizeLimit?: number;
	/** 1.2: the record length to ask for where the peer doesn't know record_size_limit (RFC 6066 4): 512, 1024, 2048 or 4096; by default what small buffers take. */
	readonly maxFragmentLength?: number;
	/** Heartbeats (RFC 6520); by default there are none. */
	readonly heartbeat?: HeartbeatOptions;
	/** 1.2: whether the peer may begin another handshake on the connection (RFC 5746); by default it may not. */
	readonly renegotiation?: boolean;
	/** 1.2: whether peers without extended master secrets (RFC 7627) are refused; by default they are taken, but their sessions are not. */
	readonly requireExtendedMasterSecret?: boolean;
	/** External pre-shared keys: a client offers them, a server looks identities up in them. */
	readonly psks?: readonly Psk[];
	/** 1.3: psk_dhe_ke (the default), psk_ke, or both: the latter saves arithmetic and gives up forward secrecy. */
	readonly pskModes?: readonly number[];
	/** Milliseconds for the handshake, 0 for no limit; by default 60000. */
	readonly handshakeTimeout?: number;
	/** What the peer may show, first choice first (RFC 7250): certificate_type_x509 (the default), certificate_type_raw_public_key. The trust store must know a raw key: addRawKey or addPin. It has no name, so no name is checked. */
	readonly peerCertificateTypes?: readonly number[];
	/** Keep the peer's certificate for the application. */
	readonly keepPeerCertificate?: boolean;
	/** Keep the peer's whole chain for it, at most so many bytes (connection.peerChain); by default none. */
	readonly keepPeerChain?: number;
	/** Debugging only: tells every secret (RFC 9850). */
	readonly keyLog?: KeyLog;
}

export interface HeartbeatOptions {
	/** Whether the peer may send requests; by default it may not. */
	readonly allowPeer?: boolean;
	/** After how many seconds a request is repeated that nobody answered (3), and how often (5). */
	readonly seconds?: number;
	readonly repetitions?: number;
	/** Bytes of our requests, 8 if it isn't given. */
	readonly payloadSize?: number;
}

export interface ClientOptions extends ConnectionOptions {
	/** The server's name or address, to be found in its certificate. "" checks no name: for pinned keys only. */
	readonly peerName: string;
	/** The name that is sent (SNI); by default peerName if that is a name. */
	readonly serverName?: string;
	/** A session of this server to resume (connection.session of an earlier connection). */
	readonly session?: Session;
	/** Asks for an OCSP response with the server's certificate (RFC 6066 8); a certificate that promises one must then have it. */
	readonly status?: boolean;
	/** Whether applicationIn may send 0-RTT data with a session that allows it. It can be replayed: only for requests that may be done twice. */
	readonly earlyData?: boolean;
}

export interface ServerOptions extends ConnectionOptions {
	/** Looks up a PSK that isn't in psks. */
	readonly findPsk?: FindPsk;
	/** Gives clients tickets to resume by; shared by all connections of a server. */
	readonly tickets?: TicketKeys;
	/** How many tickets a connection of 1.3 gives, 1 if it isn't given. */
	readonly ticketCount?: number;
	/** Takes 0-RTT data, within limits and once; by default none is taken. Shared by all connections of a server. */
	readonly earlyData?: EarlyDataGuard;
	/** 1.2: keeps sessions that are resumed by an id, for clients that take no tickets; shared by all connections of a server. */
	readonly sessions?: SessionStore;
	/** 1.2: tells clients the time in the server's random (RFC 5246 7.4.1.2), for devices that have none; by default it is all random. */
	readonly tellsTime?: boolean;
	/** Whether clients are asked for a certificate; by default no. */
	readonly verifyClient?: "no" | "request" | "require";
	/** The name that a client's certificate must have; by default any. */
	readonly peerName?: string;
}

/** The flows that an entry point links. */
export interface Flows {
	readonly variant: Variant;
	readonly first: Flow;
	readonly flow13: Flow | undefined;
	readonly flow12: Flow | undefined;
}

/** The buffer sizes that options ask for. */
export function bufferSizes(options: ConnectionOptions): BufferSizes {
	const { profile } = options;
	if (profile === undefined || profile === "web") return web;
	if (profile === "iot") return iot;
	if (typeof profile === "string") throw new RangeError(`profile: "${profile}" is not "web" or "iot"`);
	for (const name of ["receive", "send", "store", "flight"] as const) {
		if (!Number.isInteger(profile[name]) || profile[name] < 64) throw new RangeError(`profile.${name}: ${profile[name]} is not a number of bytes from 64 on`);
	}
	if (profile.receive > CONTENT_MAX || profile.send > CONTENT_MAX) throw new RangeError(`profile: a record holds at most ${CONTENT_MAX} bytes`);
	return profile;
}

/** The memory of a connection: so many bytes of the options' source, or of the heap. */
export function connectionMemory(options: ConnectionOptions, length: number): Uint8Array {
	const { memory } = options;
	const bytes = memory === undefined ? new Uint8Array(length) : memory.take(length);
	if (bytes === undefined) throw new RangeError(`memory: there is no block of ${length} bytes left`);
	return bytes;
}

/** The settings of a client. */
export function clientSettings(options: ClientOptions, flows: Flows): Settings {
	const peerName = text("peerName", options.peerName);
	const kind = new ReferenceName().set(peerName);
	if (kind === REFERENCE_REFUSED) throw new RangeError(`peerName: "${peerName}" is neither a name nor an address`);
	const serverName = options.serverName === undefined ? (kind === REFERENCE_IP ? "" : peerName) : text("serverName", options.serverName);
	const { session } = options;
	if (session !== undefined && session.peerName !== peerName) throw new RangeError(`session: it is one with "${session.peerName}"`);
	return {
		...settings(options, flows, false, peerName, serverName, CLIENT_CERTIFICATE_NONE),
		session,
		sendsEarlyData: options.earlyData ?? false,
		asksStatus: options.status ?? false,
	};
}

/** The settings of a server. */
export function serverSettings(options: ServerOptions, flows: Flows): Settings {
	const { verifyClient = "no", credentials = [] } = options;
	const asked = ["no", "request", "require"].indexOf(verifyClient);
	if (asked < 0) throw new RangeError(`verifyClient: "${verifyClient}" is not "no", "request" or "require"`);
	if (credentials.length === 0 && (options.psks ?? []).length === 0 && options.findPsk === undefined) {
		throw new RangeError("credentials, psks: a server needs a certificate with its key, or a pre-shared key");
	}
	const clientCertificate = [CLIENT_CERTIFICATE_NONE, CLIENT_CERTIFICATE_REQUEST, CLIENT_CERTIFICATE_REQUIRE][asked];
	const { findPsk, tickets, ticketCount = 1, earlyData } = options;
	return {
		...settings(options, flows, true, text("peerName", options.peerName ?? ""), "", clientCertificate),
		findPsk,
		tickets,
		ticketCount,
		earlyData,
		sessions: options.sessions,
		tellsTime: options.tellsTime ?? false,
	};
}

function settings(
	options: ConnectionOptions & { readonly findPsk?: FindPsk },
	flows: Flows,
	isServer: boolean,
	peerName: string,
	serverName: string,
	clientCertificate: number,
): Settings {
	const { registry, entropy, clock, credentials = [] } = options;
	if (!registry?.started) throw new TypeError("registry: register the algorithms and call start() first");
	if (typeof entropy?.fill !== "function") throw new TypeError("entropy: an object with fill() is needed");
	if (typeof clock?.ticks !== "function") throw new TypeError("clock: an object with ticks() and seconds() is needed");
	for (const credential of credentials) checkCredential(registry, credential);
	const versions = chooseVersions(options, flows);
	const { variant } = flows;
	return {
		isServer,
		variant,
		registry,
		clock,
		entropy,
		firstFlow: flows.first,
		flow13: versions.includes(variant.version13) ? flows.flow13 : undefined,
		flow12: versions.includes(variant.version12) ? flows.flow12 : undefined,
		versions,
		suites: chooseSuites(options, versions, variant, isServer, psk12(options.psks ?? []) !== undefined || options.findPsk !== undefined),
		groups: chooseGroups(options),
		schemes: chooseSchemes(options),
		credentials,
		trust: options.trust ?? new TrustStore(),
		chainPolicy: choosePolicy(options, isServer),
		peerCertificateTypes: certificateTypes(options.peerCertificateTypes),
		serverName,
		peerName,
		alpn: protocols(options.alpn ?? []),
		clientCertificate,
		psks: pskList(registry, options.psks ?? []),
		findPsk: undefined,
		pskModes: options.pskModes ?? [psk_dhe_ke],
		session: undefined,
		tickets: undefined,
		ticketCount: 0,
		sendsEarlyData: false,
		asksStatus: false,
		earlyData: undefined,
		sessions: undefined,
		tellsTime: false,
		recordSizeLimit: recordSizeLimit(options),
		maxFragmentLength: isServer ? 0 : maxFragmentLength(options, versions, variant),
		heartbeat: heartbeatSettings(options.heartbeat),
		renegotiation: options.renegotiation ?? false,
		requireExtendedMasterSecret: options.requireExtendedMasterSecret ?? false,
		keepPeerCertificate: options.keepPeerCertificate ?? false,
		keepPeerChain: options.keepPeerChain ?? 0,
		keyLog: options.keyLog,
	};
}

function checkCredential(registry: Registry, credential: Credential): void {
	if (credential.chain.length === 0) throw new RangeError("credentials: a chain needs at least the leaf's certificate");
	for (const { length } of credential.chain) if (length === 0) throw new RangeError("credentials: a certificate is empty");
	if (credential.staple?.length === 0) throw new RangeError("credentials: a staple is empty");
	if (credential.certificateType !== undefined) checkRawKey(credential, certificateTypes([credential.certificateType])[0]);
	if (registry.signature(credential.key.type) === undefined) throw new RangeError("credentials: no algorithm is registered for the type of this key");
}

/** A raw public key stands alone, and is that of the private key's kind. */
function checkRawKey({ chain, key, staple }: Credential, type: number): void {
	if (type !== certificate_type_raw_public_key) return;
	const info = new PublicKeyInfo();
	const fits = chain.length === 1 && info.decodeWhole(chain[0], 0, chain[0].length) && info.type === key.type;
	if (!fits) throw new RangeError("credentials: a raw public key is one SubjectPublicKeyInfo, of the private key's type");
	if (staple !== undefined) throw new RangeError("credentials: a raw public key has no staple");
}

/** Types that are known; certificates if nothing is said. */
function certificateTypes(types: readonly number[] = X509_ONLY): readonly number[] {
	const known = types.every((type) => type === certificate_type_x509 || type === certificate_type_raw_public_key);
	if (types.length === 0 || !known) throw new RangeError("certificate types: there are certificate_type_x509 and certificate_type_raw_public_key");
	return types;
}

/** What was given as it must be. */
function pskList(registry: Registry, psks: readonly Psk[]): readonly Psk[] {
	for (const { identity, key, hash = sha256, importContext } of psks) {
		const length = identity.length + (importContext === undefined ? 0 : 8 + importContext.length);
		if (identity.length === 0 || length > 65535) throw new RangeError("psks: an identity has 1 to 65535 bytes, with its context 65527");
		if (key.length === 0) throw new RangeError("psks: a key is empty");
		if (registry.hash(hash) === undefined) throw new RangeError(`psks: hash ${hash} is not registered`);
	}
	return psks;
}

function chooseVersions(options: ConnectionOptions, flows: Flows): number[] {
	const { minimumVersion = TLS_1_2, maximumVersion = TLS_1_3 } = options;
	const versions: number[] = [];
	if (flows.flow13 !== undefined && minimumVersion <= TLS_1_3 && maximumVersion >= TLS_1_3) versions.push(flows.variant.version13);
	if (flows.flow12 !== undefined && minimumVersion <= TLS_1_2 && maximumVersion >= TLS_1_2) versions.push(flows.variant.version12);
	if (versions.length === 0) throw new RangeError("minimumVersion, maximumVersion: no version between them is linked");
	return versions;
}

/**
 * What is asked for and registered. Without a wish all, in the table's order, ciphers in that of the registry; but PSKs
 * only with PSKs, and a client doesn't offer RSA key exchange by itself: it has no forward secrecy.
 */
function chooseSuites(options: ConnectionOptions, versions: readonly number[], variant: Variant, isServer: boolean, hasPsks: boolean): Suite[] {
	const { registry } = options;
	const has13 = versions.includes(variant.version13);
	const has12 = versions.includes(variant.version12);
	const usable = offeredSuites(registry).filter((suite) => (suite.maximum === TLS_1_3 ? has13 : has12));
	const chosen = options.suites
		? options.suites.map((number) => {
				const suite = usable.find((row) => row.number === number);
				if (suite === undefined) throw new RangeError(`suites: 0x${number.toString(16)} is not registered, or not for these versions`);
				return suite;
			})
		: usable.filter(({ authentication, exchange }) => (authentication === BY_PSK ? hasPsks : exchange !== RSA || isServer));
	if (chosen.length === 0) throw new RangeError("suites: none is left");
	if (!isServer && !hasPsks && chosen.some(({ authentication }) => authentication === BY_PSK))
		throw new RangeError("suites: one by a pre-shared key, and there is none for 1.2");
	return chosen.slice(0, options.maximumSuites);
}

function chooseGroups(options: ConnectionOptions): readonly number[] {
	const { registry, groups } = options;
	if (groups === undefined) return registry.keyExchanges.map((exchange) => exchange.group);
	for (const group of groups) if (registry.keyExchange(group) === undefined) throw new RangeError(`groups: 0x${group.toString(16)} is not registered`);
	if (groups.length === 0 && !options.pskModes?.includes(psk_ke)) throw new RangeError("groups: none is left, and without psk_ke a key exchange is needed");
	return groups;
}

function chooseSchemes(options: ConnectionOptions): readonly number[] {
	const registered: number[] = [];
	for (const signature of options.registry.signatures) for (const scheme of signature.schemes) if (!registered.includes(scheme)) registered.push(scheme);
	const { signatureSchemes } = options;
	if (signatureSchemes === undefined) return registered;
	for (const scheme of signatureSchemes) if (!registered.includes(scheme)) throw new RangeError(`signatureSchemes: 0x${scheme.toString(16)} is not registered`);
	if (signatureSchemes.length === 0 && (options.psks ?? []).length === 0 && !("findPsk" in options))
		throw new RangeError("signatureSchemes: none is left, and without a pre-shared key one is needed");
	return signatureSchemes;
}

/** The purpose is not the caller's to forget: a client looks for a server's certificate and the other way round. */
function choosePolicy(options: ConnectionOptions, isServer: boolean): ChainPolicy {
	const policy = new ChainPolicy();
	if (options.chainPolicy !== undefined) Object.assign(policy, options.chainPolicy);
	policy.purpose = isServer ? PURPOSE_CLIENT : PURPOSE_SERVER;
	if ("status" in options && options.status) policy.honourMustStaple = true;
	return policy;
}

function recordSizeLimit(options: ConnectionOptions): number {
	const { receive } = bufferSizes(options);
	const limit = options.recordSizeLimit ?? receive;
	if (limit === 0) return 0;
	if (!Number.isInteger(limit) || limit < 64 || limit > CONTENT_MAX) throw new RangeError(`recordSizeLimit: ${limit} is not from 64 to ${CONTENT_MAX}`);
	if (limit > receive) throw new RangeError(`recordSizeLimit: ${limit} is more than profile.receive, ${receive}`);
	return options.recordSizeLimit === undefined && receive === CONTENT_MAX ? 0 : limit + 1;
}

/**
 * Asked for by itself where records would be too long for the buffers, beside record_size_limit, which goes before it (RFC 8449 5) but isn't known
 * to all servers: OpenSSL's, for one. And 1.2's first messages come in the clear, before that limit can hold.
 */
function maxFragmentLength(options: ConnectionOptions, versions: readonly number[], variant: Variant): number {
	const { maxFragmentLength: length } = options;
	const { receive } = bufferSizes(options);
	if (length !== undefined) {
		if (![0, 512, 1024, 2048, 4096].includes(length)) throw new RangeError(`maxFragmentLength: ${length} is not 512, 1024, 2048 or 4096`);
		return length;
	}
	if (receive === CONTENT_MAX || !(variant.longRecords || versions.includes(variant.version12))) return 0;
	for (let fits = 4096; fits >= 512; fits >>= 1) if (fits <= receive) return fits;
	return 0;
}

function heartbeatSettings(options: HeartbeatOptions | undefined): HeartbeatSettings | undefined {
	if (options === undefined) return undefined;
	const { allowPeer = false, seconds = 3, repetitions = 5, payloadSize = 8 } = options;
	if (!(seconds > 0) || !(repetitions >= 0)) throw new RangeError("heartbeat: seconds and repetitions are numbers from 0 on");
	if (!Number.isInteger(payloadSize) || payloadSize < 1 || payloadSize > HEARTBEAT_PAYLOAD_MAX) {
		throw new RangeError(`heartbeat.payloadSize: ${payloadSize} is not from 1 to ${HEARTBEAT_PAYLOAD_MAX}`);
	}
	return { allowPeer, seconds, repetitions, payloadSize };
}

function protocols(alpn: readonly string[]): readonly string[] {
	for (const protocol of alpn) {
		if (text("alpn", protocol).length === 0 || protocol.length > 255) throw new RangeError("alpn: a protocol's name has 1 to 255 characters");
	}
	return alpn;
}

/** A string of printable ASCII. */
function text(option: string, value: string): string {
	if (typeof value !== "string") throw new TypeError(`${option}: a string is needed`);
	for (let i = 0; i < value.length; i++) {
		const c = value.charCodeAt(i);
		if (c < 0x21 || c > 0x7e) throw new RangeError(`${option}: only printable ASCII without spaces (internationalised names as A-labels)`);
	}
	return value;
}
