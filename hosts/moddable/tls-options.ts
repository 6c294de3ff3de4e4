// The options of the TLS sockets: those of ECMA-419 (tls), those of the SDK's own class (secure), and the engine's, as
// options of the engine. Options may be frozen and are not kept.

import { NO_FAILURE } from "polltls/base/failure";
import type { ClientOptions, ServerOptions } from "polltls/engine/config";
import type { Credential } from "polltls/handshake/settings";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import type { TrustStore } from "polltls/pki/trust";
import { TLS_1_2, TLS_1_3 } from "polltls/wire/registry";
import { arrayOf, isPem, listOf, textOf } from "./byte-buffers.js";
import { nativeEntropy } from "./entropy.js";
import type { ByteBuffer, StreamConstructor, StreamOptions } from "./io-types.js";
import { settings } from "./settings.js";
import { type SessionOwner, shared } from "./shared.js";

type Certificates = string | ByteBuffer;
type OneOrMany<T> = T | readonly T[];

/** What the engine takes beside what the two option sets say; see engine/config. */
type EngineOptions = Partial<Omit<ClientOptions & ServerOptions, "registry" | "clock" | "entropy" | "peerName" | "serverName">>;

/** ECMA-419's, and the engine's: credentials stand in for certificates and keys (rawCredential of handshake/certificate-type: a raw public key). Certificates and keys are DER; PEM is taken too. */
export interface TlsOptions extends Omit<EngineOptions, "minimumVersion" | "maximumVersion"> {
	/** The server's name, for SNI and to be found in its certificate. */
	host?: string;
	/** "TLSv1.2", "TLSv1.3", or a version's number. */
	minimumVersion?: string | number;
	maximumVersion?: string | number;
	applicationLayerProtocol?: OneOrMany<string | ByteBuffer>;
	/** The longest record that the peer is asked to send. */
	maximumFragmentLength?: number;
	/** The anchors; without them what the manifest has of the SDK's certificate store. */
	ca?: OneOrMany<Certificates>;
	/** Our own certificates and their keys; a server has them under these names too. */
	clientCertificate?: OneOrMany<Certificates>;
	clientKey?: OneOrMany<Certificates>;
	/** Whether a session of an earlier connection may be resumed, and is kept for a later one; it may if this isn't given. */
	resume?: boolean;
}

/** Those of the SDK's TLSSocket and SecureSocket. */
export interface SecureOptions {
	serverName?: string;
	tls_server_name?: string;
	applicationLayerProtocolNegotiation?: OneOrMany<string | ByteBuffer>;
	/** An anchor. */
	certificate?: Certificates;
	/** A chain, our own certificate first. */
	clientCertificates?: readonly Certificates[];
	clientKey?: Certificates;
	/** false: the server may be anybody. */
	verify?: boolean;
	/** The oldest version that is taken, as a number; 0x303 is 1.2, below which there is nothing here. */
	protocolVersion?: number;
	tls_max_fragment_length?: number;
	cache?: boolean;
	/** Taken and passed over. */
	trace?: boolean;
}

/** The options of a TLS socket. */
export interface TlsSocketOptions extends StreamOptions {
	host?: string;
	tls?: TlsOptions;
	secure?: SecureOptions;
	/** The class to connect with; the platform's if it isn't given. */
	TCP?: { io: StreamConstructor };
}

/** The engine's options for a client, and what the socket does with its session. */
export interface ClientPlan {
	options: ClientOptions;
	/** Whose sessions it keeps and resumes; undefined: it doesn't. */
	owner: SessionOwner | undefined;
}

function versionOf(option: string, value: string | number | undefined): number | undefined {
	if (value === undefined || typeof value === "number") return value;
	if (/1\.2$/.test(value)) return TLS_1_2;
	if (/1\.3$/.test(value)) return TLS_1_3;
	throw new RangeError(`${option}: "${value}" is neither TLSv1.2 nor TLSv1.3`);
}

function refuse(option: string, failure: number): void {
	if (failure !== NO_FAILURE) throw new RangeError(`${option}: can't be read (failure ${failure >> 16})`);
}

/** The trust store of some anchors. */
function trustIn(certificates: readonly Certificates[]): TrustStore {
	const anchors = certificates.map((each) => (typeof each === "string" ? each : arrayOf(each)));
	return shared().trustOf(anchors, (trust) => {
		for (const each of anchors) refuse("ca", isPem(each) ? trust.addPem(each) : trust.addDer(each as Uint8Array));
	});
}

/** All certificates of DER or PEM values, in their order. */
function chainOf(option: string, certificates: readonly Certificates[]): Uint8Array[] {
	const chain: Uint8Array[] = [];
	for (const each of certificates) {
		const value = typeof each === "string" ? each : arrayOf(each);
		if (!isPem(value)) chain.push(value as Uint8Array);
		else {
			const reader = new PemReader(value);
			while (reader.find(PEM_CERTIFICATE)) chain.push(reader.der);
			refuse(option, reader.end());
		}
	}
	return chain;
}

function credentialOf(option: string, certificates: readonly Certificates[], key: Certificates): Credential {
	const decoder = new PrivateKeyDecoder();
	const value = typeof key === "string" ? key : arrayOf(key);
	refuse(option, isPem(value) ? decoder.decodePem(value) : decoder.decodeDer(value as Uint8Array));
	return { chain: chainOf(option, certificates), key: decoder.key };
}

/** A key and its chain; several keys have a chain each. */
export function credentialsOf(option: string, certificates: OneOrMany<Certificates> | undefined, keys: OneOrMany<Certificates> | undefined): Credential[] {
	const keyList = listOf(keys);
	const certificateList = listOf(certificates);
	if (keyList.length <= 1) return keyList.length === 0 ? [] : [credentialOf(option, certificateList, keyList[0])];
	if (certificateList.length !== keyList.length) throw new RangeError(`${option}: each key needs its chain`);
	return keyList.map((key, index) => credentialOf(option, [certificateList[index]], key));
}

/** Whom a client's options trust. A call of its own, because certificates are parsed deep down on a small stack. */
export function clientTrust({ tls = {}, secure = {} }: TlsSocketOptions): TrustStore {
	if (tls.trust !== undefined) return tls.trust;
	const source = tls.ca ?? secure.certificate;
	if (source === undefined) return shared().sdkTrust;
	return trustIn(listOf(source));
}

function policyOf(tls: TlsOptions, secure: SecureOptions): ChainPolicy | undefined {
	if (secure.verify !== false) return tls.chainPolicy;
	const policy = new ChainPolicy();
	policy.trustAll = true;
	return policy;
}

/** What a client's options ask for; trust: what clientTrust made of them; protocol: sessions of one aren't resumed in another. */
export function clientPlan(socket: TlsSocketOptions, trust: TrustStore, protocol: "tls" | "dtls"): ClientPlan {
	const { tls = {}, secure = {} } = socket;
	const { minimumVersion, maximumVersion, applicationLayerProtocol, maximumFragmentLength, clientCertificate, clientKey, resume, ...rest } = tls;
	const { host: _host, ca: _ca, ...engine } = rest;
	const all = shared();
	const peerName = tls.host ?? secure.serverName ?? secure.tls_server_name ?? socket.host ?? socket.address ?? "";
	const key = clientKey ?? secure.clientKey;
	const { credentials } = engine;
	const resumes = (resume ?? secure.cache ?? true) && engine.session === undefined && engine.psks === undefined;
	const owner = resumes
		? { server: `${protocol}://${peerName}:${socket.port ?? ""}`, trust, verified: secure.verify !== false, key: credentials ?? key }
		: undefined;
	return {
		owner,
		options: {
			...engine,
			registry: all.registry,
			clock: all.clock,
			entropy: nativeEntropy,
			profile: engine.profile ?? settings.profile,
			peerName,
			minimumVersion: versionOf(
				"minimumVersion",
				minimumVersion ?? (secure.protocolVersion === undefined ? undefined : Math.max(TLS_1_2, secure.protocolVersion)),
			),
			maximumVersion: versionOf("maximumVersion", maximumVersion),
			alpn: listOf(applicationLayerProtocol ?? secure.applicationLayerProtocolNegotiation).map(textOf),
			recordSizeLimit: engine.recordSizeLimit ?? maximumFragmentLength ?? secure.tls_max_fragment_length,
			trust,
			chainPolicy: policyOf(tls, secure),
			credentials: credentials ?? credentialsOf("clientKey", clientCertificate ?? secure.clientCertificates, key),
			session: engine.session ?? (owner === undefined ? undefined : all.takeSession(owner)),
		},
	};
}

/** A server's own certificates and keys, and the engine's options. */
export interface TlsServerOptions extends Omit<TlsOptions, "clientCertificate" | "clientKey" | "host" | "resume"> {
	certificate?: OneOrMany<Certificates>;
	key?: OneOrMany<Certificates>;
	/** A client's name, with verifyClient. */
	peerName?: string;
}

/** What a server's options ask for; once for all of its connections. */
export function serverOptions(tls: TlsServerOptions): ServerOptions {
	const { minimumVersion, maximumVersion, applicationLayerProtocol, maximumFragmentLength, certificate, key, ca, credentials, ...engine } = tls;
	const all = shared();
	return {
		...engine,
		registry: all.registry,
		clock: all.clock,
		entropy: nativeEntropy,
		profile: engine.profile ?? settings.profile,
		minimumVersion: versionOf("minimumVersion", minimumVersion),
		maximumVersion: versionOf("maximumVersion", maximumVersion),
		alpn: listOf(applicationLayerProtocol).map(textOf),
		recordSizeLimit: engine.recordSizeLimit ?? maximumFragmentLength,
		trust: engine.trust ?? (ca === undefined ? undefined : trustIn(listOf(ca))),
		credentials: credentials ?? credentialsOf("key", certificate, key),
	};
}
