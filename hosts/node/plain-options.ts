// Connection options as a plain value that survives JSON, and what they become on an engine: for the polltls command,
// which runs the same connection in Node and in the simulator. Certificates and keys are PEM texts.

import { type Failure, NO_FAILURE } from "polltls/base/failure";
import type { Registry } from "polltls/crypto/registry";
import type { PrivateKey } from "polltls/crypto/types";
import type { ClientOptions, ConnectionOptions, HeartbeatOptions, ServerOptions } from "polltls/engine/config";
import type { Clock, Entropy } from "polltls/os/os";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { PEM_CERTIFICATE, PEM_PUBLIC_KEY, PemReader } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";
import { certificate_type_raw_public_key } from "polltls/wire/registry";

export interface PlainCredential {
	/** PEM: the chain, leaf first; or the public key, if it is shown raw. */
	chain: string;
	/** PEM. */
	key: string;
	/** A raw public key (RFC 7250) instead of certificates. */
	raw?: boolean;
	/** Server: a DER OCSPResponse, as numbers. */
	staple?: number[];
	/** Server: the names it is for. */
	names?: string[];
}

/** Numbers are those on the wire. */
export interface PlainOptions {
	minimumVersion?: number;
	maximumVersion?: number;
	suites?: number[];
	groups?: number[];
	signatureSchemes?: number[];
	credentials?: PlainCredential[];
	/** PEM: the anchors. */
	trust?: string;
	/** PEM: CRLs of the authorities. */
	crls?: string;
	/** SHA-256 of public keys (SubjectPublicKeyInfo) that the peer may have, hexadecimal: one of them must fit. */
	pins?: string[];
	/** PEM: raw public keys that the peer may have. */
	peerKeys?: string;
	/** CertificateTypes that the peer may show. */
	peerCertificateTypes?: number[];
	/** DANGER: the peer's certificate is not verified. */
	insecure?: boolean;
	alpn?: string[];
	/** Hexadecimal key, identity as text; with the context of an imported one (RFC 9258). */
	psks?: { identity: string; key: string; importContext?: string }[];
	recordSizeLimit?: number;
	maxFragmentLength?: number;
	heartbeat?: HeartbeatOptions;
	/** 1.2: the peer may begin a second handshake. */
	renegotiation?: boolean;
	profile?: "web" | "iot";
	handshakeTimeout?: number;
	/** Client. */
	status?: boolean;
	peerName?: string;
	serverName?: string;
	/** Server. */
	verifyClient?: "no" | "request" | "require";
	/** 1.2: the server's random begins with the time. */
	tellsTime?: boolean;
}

/** What the engine they run on gives. */
export interface EngineParts {
	registry: Registry;
	clock: Clock;
	entropy: Entropy;
}

/** Something in the options can't be used; `option` is the one, `failure` says why, if it is a certificate or key. */
export class OptionError extends Error {
	override name = "OptionError";
	readonly failure: Failure;

	constructor(message: string, failure: Failure) {
		super(message);
		this.failure = failure;
	}
}

export function clientOptions(plain: PlainOptions, parts: EngineParts): ClientOptions {
	return { ...commonOptions(plain, parts), peerName: plain.peerName ?? "", serverName: plain.serverName, status: plain.status };
}

export function serverOptions(plain: PlainOptions, parts: EngineParts): ServerOptions {
	return { ...commonOptions(plain, parts), verifyClient: plain.verifyClient, tellsTime: plain.tellsTime };
}

function commonOptions(plain: PlainOptions, parts: EngineParts): ConnectionOptions {
	const {
		insecure = false,
		credentials = [],
		minimumVersion,
		maximumVersion,
		suites,
		groups,
		signatureSchemes,
		alpn,
		recordSizeLimit,
		maxFragmentLength,
		heartbeat,
		renegotiation,
		profile,
		psks = [],
	} = plain;
	const chainPolicy = new ChainPolicy();
	chainPolicy.trustAll = insecure;
	return {
		...parts,
		minimumVersion,
		maximumVersion,
		suites,
		groups,
		signatureSchemes,
		alpn,
		recordSizeLimit,
		maxFragmentLength,
		heartbeat,
		renegotiation,
		profile,
		psks: psks.map(({ identity, key, importContext }) => ({
			identity: utf8(identity),
			key: fromHex(key),
			importContext: importContext === undefined ? undefined : utf8(importContext),
		})),
		handshakeTimeout: plain.handshakeTimeout,
		chainPolicy,
		trust: trustStore(plain),
		peerCertificateTypes: plain.peerCertificateTypes,
		credentials: credentials.map(({ chain, key, names, staple, raw = false }) => ({
			chain: blocks(chain, raw ? PEM_PUBLIC_KEY : PEM_CERTIFICATE),
			key: privateKey(key),
			certificateType: raw ? certificate_type_raw_public_key : undefined,
			names,
			staple: staple && Uint8Array.from(staple),
		})),
	};
}

function trustStore({ trust, crls, pins = [], peerKeys }: PlainOptions): TrustStore {
	const store = new TrustStore();
	let failure = trust === undefined ? NO_FAILURE : store.addPem(trust);
	if (failure !== NO_FAILURE) throw new OptionError("the trusted certificates can't be read", failure);
	failure = crls === undefined ? NO_FAILURE : store.addCrlPem(crls);
	if (failure !== NO_FAILURE) throw new OptionError("the CRLs can't be read", failure);
	for (const pin of pins) {
		failure = store.addPin(fromHex(pin));
		if (failure !== NO_FAILURE) throw new OptionError(`the pin ${pin} can't be used`, failure);
	}
	for (const key of peerKeys === undefined ? [] : blocks(peerKeys, PEM_PUBLIC_KEY)) {
		failure = store.addRawKey(key);
		if (failure !== NO_FAILURE) throw new OptionError("the peer's key can't be used", failure);
	}
	return store;
}

/** The blocks of one kind in a PEM text. */
function blocks(pem: string, kind: number): Uint8Array[] {
	const reader = new PemReader(pem);
	const chain: Uint8Array[] = [];
	while (reader.find(kind)) chain.push(reader.der);
	const failure = reader.end();
	if (failure !== NO_FAILURE || chain.length === 0)
		throw new OptionError(`the ${kind === PEM_CERTIFICATE ? "certificate" : "public key"} can't be read`, failure);
	return chain;
}

function privateKey(pem: string): PrivateKey {
	const decoder = new PrivateKeyDecoder();
	const failure = decoder.decodePem(pem);
	if (failure !== NO_FAILURE) throw new OptionError("the private key can't be read", failure);
	return decoder.key;
}

/** Text as UTF-8 bytes; XS has no TextEncoder on a device. */
function utf8(text: string): Uint8Array {
	const bytes: number[] = [];
	const escaped = encodeURIComponent(text);
	for (let i = 0; i < escaped.length; i++) {
		if (escaped[i] !== "%") bytes.push(escaped.charCodeAt(i));
		else {
			bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
			i += 2;
		}
	}
	return Uint8Array.from(bytes);
}

function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}
