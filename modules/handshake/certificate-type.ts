// Certificates or raw public keys (RFC 7250): what the hellos agree on in all versions, and how the check of the peer
// begins by that. For the flows' parts: client-extensions, accept, negotiate12, negotiate13, auth12, auth13.

import {
	CLIENT_CERTIFICATE_TYPE_REFUSED,
	CLIENT_CERTIFICATE_TYPES_MALFORMED,
	type Failure,
	NO_COMMON_CLIENT_CERTIFICATE_TYPE,
	NO_COMMON_SERVER_CERTIFICATE_TYPE,
	NO_FAILURE,
	PEER_CERTIFICATE_TYPE_UNFIT,
	RAW_KEY_NOT_ALONE,
	SERVER_CERTIFICATE_TYPE_REFUSED,
	SERVER_CERTIFICATE_TYPES_MALFORMED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import type { PrivateKey } from "../crypto/types.js";
import type { CertificateList } from "../pki/certificate-list.js";
import type { ExtensionBlock } from "../wire/extensions/block.js";
import { decodeCertificateType, decodeCertificateTypes, encodeCertificateType, encodeCertificateTypes } from "../wire/extensions/certificate-type.js";
import { CLIENT_CERTIFICATE_TYPE, SERVER_CERTIFICATE_TYPE } from "../wire/extensions/table.js";
import { certificate_type_raw_public_key, certificate_type_x509 } from "../wire/registry.js";
import type { PeerCertificates } from "./auth.js";
import type { Handshake } from "./handshake.js";
import { CLIENT_CERTIFICATE_NONE, CLIENT_CERTIFICATE_REQUIRE, type Credential, type Settings } from "./settings.js";

/** What a peer may show whose raw key is all that is known of it. */
export const RAW_KEYS_ONLY: readonly number[] = Object.freeze([certificate_type_raw_public_key]);

/** What an endpoint proves itself with that has a SubjectPublicKeyInfo and no certificate. */
export function rawCredential(publicKeyInfo: Uint8Array, key: PrivateKey): Credential {
	return { chain: [publicKeyInfo], key, certificateType: certificate_type_raw_public_key };
}

/** What stands in a credential's chain. */
export function typeOf(credential: Credential): number {
	return credential.certificateType ?? certificate_type_x509;
}

/** Whether what the peer is shown is a bare key. */
export function isRaw(credential: Credential | undefined): boolean {
	return credential?.certificateType === certificate_type_raw_public_key;
}

/** The types of our credentials, in their order. */
function ownTypes({ credentials }: Settings): number[] {
	const types: number[] = [];
	for (const credential of credentials) if (!types.includes(typeOf(credential))) types.push(typeOf(credential));
	return types;
}

/** Whether that is what holds without the extension. */
function isDefault(types: readonly number[]): boolean {
	return types.length === 0 || (types.length === 1 && types[0] === certificate_type_x509);
}

/** Client: lists what it can show and what it takes (RFC 7250 4.1), unless that is certificates. */
export function offerCertificateTypes(hs: Handshake, writer: Writer): void {
	const { settings, hello } = hs;
	const own = ownTypes(settings);
	if (!isDefault(own)) {
		encodeCertificateTypes(writer, CLIENT_CERTIFICATE_TYPE, own);
		hello.offered |= 1 << CLIENT_CERTIFICATE_TYPE;
	}
	if (!isDefault(settings.peerCertificateTypes)) {
		encodeCertificateTypes(writer, SERVER_CERTIFICATE_TYPE, settings.peerCertificateTypes);
		hello.offered |= 1 << SERVER_CERTIFICATE_TYPE;
	}
}

/** Client: what the server chose; without an answer it is certificates (RFC 8446 4.4.2). */
export function acceptCertificateTypes(hs: Handshake, reader: Reader, extensions: ExtensionBlock): Failure {
	const { settings, auth } = hs;
	auth.ownType = auth.peerType = certificate_type_x509;
	if (extensions.has(CLIENT_CERTIFICATE_TYPE)) {
		extensions.open(reader, CLIENT_CERTIFICATE_TYPE);
		auth.ownType = decodeCertificateType(reader);
		if (!ownTypes(settings).includes(auth.ownType)) return CLIENT_CERTIFICATE_TYPE_REFUSED;
	}
	if (extensions.has(SERVER_CERTIFICATE_TYPE)) {
		extensions.open(reader, SERVER_CERTIFICATE_TYPE);
		auth.peerType = decodeCertificateType(reader);
		if (!settings.peerCertificateTypes.includes(auth.peerType)) return SERVER_CERTIFICATE_TYPE_REFUSED;
	}
	return NO_FAILURE;
}

/** Server: what the client takes of us, into hello.peerTakes. */
export function readServerTypes(hs: Handshake, reader: Reader): Failure {
	const { hello } = hs;
	const { extensions } = hello.client;
	hello.peerTakes = 1 << certificate_type_x509;
	if (!extensions.has(SERVER_CERTIFICATE_TYPE)) return NO_FAILURE;
	extensions.open(reader, SERVER_CERTIFICATE_TYPE);
	const types = decodeCertificateTypes(reader);
	if (types < 0) return SERVER_CERTIFICATE_TYPES_MALFORMED;
	hello.peerTakes = types;
	return NO_FAILURE;
}

/**
 * Server: what the client is to show, if it is asked at all: the first that we take of those it has. If there is none it is
 * as without the extension (RFC 7250 4.2), unless the client must show something.
 */
export function chooseClientType(hs: Handshake, reader: Reader): Failure {
	const { hello, auth, settings } = hs;
	const { extensions } = hello.client;
	auth.peerType = certificate_type_x509;
	hello.peerTypeChosen = false;
	if (settings.clientCertificate === CLIENT_CERTIFICATE_NONE || !extensions.has(CLIENT_CERTIFICATE_TYPE)) return NO_FAILURE;
	extensions.open(reader, CLIENT_CERTIFICATE_TYPE);
	const types = decodeCertificateTypes(reader);
	if (types < 0) return CLIENT_CERTIFICATE_TYPES_MALFORMED;
	for (const type of settings.peerCertificateTypes) {
		if (!(types & (1 << type))) continue;
		auth.peerType = type;
		hello.peerTypeChosen = true;
		return NO_FAILURE;
	}
	return settings.clientCertificate === CLIENT_CERTIFICATE_REQUIRE ? NO_COMMON_CLIENT_CERTIFICATE_TYPE : NO_FAILURE;
}

/** Server: whether the client can take this credential. */
export function isTaken({ hello }: Handshake, credential: Credential): boolean {
	return (hello.peerTakes & (1 << typeOf(credential))) !== 0;
}

/** Server: no credential serves. If none is of a type that the client takes, that is why; else it is `otherwise`. */
export function whyNoCredential(hs: Handshake, otherwise: Failure): Failure {
	const { credentials } = hs.settings;
	for (const credential of credentials) if (isTaken(hs, credential)) return otherwise;
	return credentials.length === 0 ? otherwise : NO_COMMON_SERVER_CERTIFICATE_TYPE;
}

/** Server: the answer to what the client listed (RFC 7250 4.2); for a handshake with certificates. */
export function answerCertificateTypes(hs: Handshake, writer: Writer): void {
	const { hello, auth } = hs;
	const { extensions } = hello.client;
	auth.ownType = auth.credential === undefined ? certificate_type_x509 : typeOf(auth.credential);
	if (extensions.has(SERVER_CERTIFICATE_TYPE)) encodeCertificateType(writer, SERVER_CERTIFICATE_TYPE, auth.ownType);
	if (hello.peerTypeChosen) encodeCertificateType(writer, CLIENT_CERTIFICATE_TYPE, auth.peerType);
}

/** What the peer shows stands in the list: whether it is what we take, and a copy of it if the application wants one. */
export function takePeer(hs: Handshake, list: CertificateList): Failure {
	const { auth, settings } = hs;
	if (!settings.peerCertificateTypes.includes(auth.peerType)) return PEER_CERTIFICATE_TYPE_UNFIT;
	if (auth.peerType === certificate_type_raw_public_key && list.count > 1) return RAW_KEY_NOT_ALONE;
	const kept: Uint8Array[] = [];
	let left = settings.keepPeerChain;
	for (let i = 0; i < list.count; i++) {
		const length = list.end[i] - list.at[i];
		if (length > left && !(i === 0 && settings.keepPeerCertificate)) break;
		kept.push(list.bytes.slice(list.at[i], list.end[i]));
		left -= length;
	}
	auth.peerCertificates = kept;
	return NO_FAILURE;
}

/** Begins the check of the peer's chain, or of its raw key. */
export function startPeerCheck(hs: Handshake, { chain, list }: PeerCertificates, seconds: number): void {
	const { settings, auth } = hs;
	const { chainPolicy, trust, peerName } = settings;
	if (auth.peerType === certificate_type_raw_public_key) chain.startRawKey(chainPolicy, trust, list.bytes, list.at[0], list.end[0]);
	else chain.start(chainPolicy, trust, list, peerName, seconds);
}
