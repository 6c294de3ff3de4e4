// What connections prove themselves with and whom they trust: one object that any number of connections shares, so that
// certificates and keys stand in memory once. It can't be changed while a connection uses it.

import { DER_SEQUENCE, openDer, takeDerUnsigned } from "../base/der.js";
import { type Failure, KEY_TOO_LONG, NO_FAILURE, PUBLIC_KEY_MALFORMED, SECURITY_FULL, SECURITY_IN_USE } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { OK } from "../base/status.js";
import { KEY_RSA, KEY_RSA_PSS, type PrivateKey, type PublicKey } from "../crypto/types.js";
import type { ClientOptions, ServerOptions } from "../engine/config.js";
import { RAW_KEYS_ONLY, rawCredential } from "../handshake/certificate-type.js";
import type { FindPsk, Psk } from "../handshake/psk.js";
import type { Credential } from "../handshake/settings.js";
import { Certificate } from "../pki/certificate.js";
import { ChainPolicy } from "../pki/chain-policy.js";
import { PrivateKeyDecoder } from "../pki/keys.js";
import { PEM_CERTIFICATE, PEM_PUBLIC_KEY, PemReader } from "../pki/pem.js";
import { PublicKeyInfo } from "../pki/public-key-info.js";
import { TrustStore } from "../pki/trust.js";
import { Answering } from "./answers.js";
import type { Configuration } from "./configuration.js";

/** Connection options that need no call of their own; see engine/config. */
export type SecurityOptions = Partial<
	Pick<
		ClientOptions & ServerOptions,
		| "minimumVersion"
		| "maximumVersion"
		| "suites"
		| "groups"
		| "signatureSchemes"
		| "alpn"
		| "recordSizeLimit"
		| "maxFragmentLength"
		| "renegotiation"
		| "requireExtendedMasterSecret"
		| "pskModes"
		| "keepPeerCertificate"
		| "keepPeerChain"
		| "peerCertificateTypes"
		| "keyLog"
		| "serverName"
		| "tellsTime"
	>
>;

/** The smallest RSA modulus that rejectRsa512 leaves. */
const RSA_BITS_TODAY = 2048;
/** What the encoding of an RSA key adds to its numbers. */
const DER_OF_KEY = 10;

/**
 * A security configuration.
 *
 *     const security = stack.createSecurity();
 *     security.setRootCaCert(rootPem);                 // PEM or DER, one or many; OK, or why not
 *     security.setClientCertKey(chainPem, keyPem);
 *     const socket = new TlsSocket(stack, transport, security);
 */
export class Security extends Answering {
	readonly trust = new TrustStore();
	/** What chains are held to, from the configuration; may be made stricter before a connection uses it. */
	readonly chainPolicy = new ChainPolicy();
	readonly credentials: Credential[] = [];
	readonly psks: Psk[] = [];
	findPsk: FindPsk | undefined = undefined;
	options: SecurityOptions = {};
	/** Bytes of certificates and keys that it keeps. */
	length = 0;
	/** Connections that use it. */
	users = 0;
	readonly #configuration: Configuration;
	#revoked = 0;

	/** By Stack.createSecurity. */
	constructor(configuration: Configuration) {
		super();
		this.#configuration = configuration;
		const { chainPolicy } = this;
		chainPolicy.checkExpiry = configuration.checkCertificateExpiry;
		chainPolicy.trustAll = configuration.trustAllCertificates;
		chainPolicy.keyLimits.maximumLength = configuration.maxPublicKeySize + DER_OF_KEY;
		const least = configuration.minPublicKeySize * 8;
		chainPolicy.minimumRsaBits = configuration.rejectRsa512 ? Math.max(RSA_BITS_TODAY, least) : least;
	}

	/** Adds CA certificates: a PEM text with one or many, or one in DER. OK, or why not; nothing is added then. */
	setRootCaCert(certificates: string | Uint8Array): number {
		const code = this.admit(certificates);
		if (code !== OK) return code;
		const before = this.trust.anchors.length;
		const failure = isPem(certificates) ? this.trust.addPem(certificates) : this.trust.addDer(bytesOf(certificates));
		const { anchors } = this.trust;
		const tooMany = anchors.length > this.#configuration.maxCaCertificates;
		if (failure !== NO_FAILURE || tooMany) {
			anchors.length = before;
			return failure !== NO_FAILURE ? this.refuse(failure) : this.full();
		}
		for (let i = before; i < anchors.length; i++) this.length += anchors[i].bytes.length;
		return this.succeed();
	}

	/** Adds CRLs in PEM or DER. */
	setCrl(lists: string | Uint8Array): number {
		const code = this.admit(lists);
		if (code !== OK) return code;
		const failure = isPem(lists) ? this.trust.addCrlPem(lists) : this.trust.addCrlDer(bytesOf(lists));
		if (failure !== NO_FAILURE) return this.refuse(failure);
		this.length += lists.length;
		return this.succeed();
	}

	/** Adds a certificate (PEM or DER) that nobody may use any more. */
	setRevoked(certificate: string | Uint8Array): number {
		const code = this.admit(certificate);
		if (code !== OK) return code;
		if (this.#revoked >= this.#configuration.maxRevokedCertificates) return this.full();
		const chain: Uint8Array[] = [];
		let failure = readCertificates(certificate, chain);
		if (failure === NO_FAILURE) failure = this.trust.addRevoked(chain[0]);
		if (failure !== NO_FAILURE) return this.refuse(failure);
		this.#revoked++;
		this.length += chain[0].length;
		return this.succeed();
	}

	/** Adds a certificate of our own with what leads to its CA (PEM, or one in DER), and its private key. A server has them too; `names`: those it is for. */
	setClientCertKey(certificates: string | Uint8Array, key: string | Uint8Array, names?: readonly string[]): number {
		const code = this.admit(certificates, key);
		if (code !== OK) return code;
		if (this.credentials.length >= this.#configuration.maxHostCertificates) return this.full();
		const chain: Uint8Array[] = [];
		const failure = readCertificates(certificates, chain);
		if (failure !== NO_FAILURE) return this.refuse(failure);
		return this.addCredential(chain, key, names, false);
	}

	/** Adds a raw public key of our own (RFC 7250), PEM or DER, and its private key: for peers that take it in place of a certificate. */
	setClientRawKey(publicKey: string | Uint8Array, key: string | Uint8Array): number {
		const code = this.admit(publicKey, key);
		if (code !== OK) return code;
		if (this.credentials.length >= this.#configuration.maxHostCertificates) return this.full();
		const keys: Uint8Array[] = [];
		const failure = readPublicKey(publicKey, keys);
		return failure === NO_FAILURE ? this.addCredential(keys, key, undefined, true) : this.refuse(failure);
	}

	/**
	 * Adds a raw public key (PEM or DER) that the peer may show. From now on it must show one: for certificates too say so by
	 * setOptions({ peerCertificateTypes }). A raw key has no name, and none is checked.
	 */
	setPeerRawKey(publicKey: string | Uint8Array): number {
		const code = this.admit(publicKey);
		if (code !== OK) return code;
		const keys: Uint8Array[] = [];
		const failure = readPublicKey(publicKey, keys);
		if (failure !== NO_FAILURE) return this.refuse(failure);
		this.trust.addRawKey(keys[0]);
		this.options = { peerCertificateTypes: RAW_KEYS_ONLY, ...this.options };
		this.length += keys[0].length;
		return this.succeed();
	}

	/** Adds a pre-shared key; the arrays are kept. At least 16 random bytes. importContext: for 1.3 it is imported (RFC 9258) under this context, and isn't used in 1.2. */
	setPsk(identity: Uint8Array, key: Uint8Array, importContext?: Uint8Array): number {
		const code = this.admit(identity, key);
		if (code !== OK) return code;
		this.psks.push({ identity, key, importContext });
		this.length += identity.length + key.length + (importContext?.length ?? 0);
		return this.succeed();
	}

	/** Server: asked for the key of an identity that was not given by value. */
	setPskCallback(findPsk: FindPsk): number {
		const code = this.admit();
		if (code === OK) this.findPsk = findPsk;
		return code;
	}

	/** Sets other options; each stands until it is set again. Wrong values show when a connection is begun (PARAM_ERR). */
	setOptions(options: SecurityOptions): number {
		const code = this.admit();
		if (code === OK) this.options = { ...this.options, ...options };
		return code;
	}

	/** Overwrites private and pre-shared keys; nothing can be begun with it any more. */
	wipe(): void {
		for (const { key } of this.credentials) key.bytes.fill(0);
		for (const { key } of this.psks) key.fill(0);
		this.credentials.length = 0;
		this.psks.length = 0;
	}

	/** Whether it may be changed, and there is something to change it by. */
	private admit(...values: (string | Uint8Array)[]): number {
		for (const value of values) {
			if (value === undefined || value === null) return this.missing();
			if (value.length === 0 || (typeof value !== "string" && !(value instanceof Uint8Array))) return this.refuseArgument(undefined);
		}
		return this.users > 0 ? this.refuse(SECURITY_IN_USE) : this.succeed();
	}

	private addCredential(chain: Uint8Array[], key: string | Uint8Array, names: readonly string[] | undefined, raw: boolean): number {
		const decoder = new PrivateKeyDecoder();
		const failure = isPem(key) ? decoder.decodePem(key) : decoder.decodeDer(bytesOf(key));
		if (failure !== NO_FAILURE) return this.refuse(failure);
		if (modulusLength(decoder.key, decoder.publicKey) > this.#configuration.rsaModulusLength) return this.refuse(KEY_TOO_LONG);
		this.credentials.push(raw ? rawCredential(chain[0], decoder.key) : { chain, key: decoder.key, names });
		this.length += decoder.key.bytes.length;
		for (const each of chain) this.length += each.length;
		return this.succeed();
	}

	private full(): number {
		return this.refuse(SECURITY_FULL);
	}
}

/** A text is PEM; bytes are DER if they begin as all DER here does. */
function isPem(value: string | Uint8Array): boolean {
	return typeof value === "string" || value[0] !== DER_SEQUENCE;
}

function bytesOf(value: string | Uint8Array): Uint8Array {
	return value as Uint8Array;
}

/** Every certificate of a PEM text, or the one in DER. */
function readCertificates(value: string | Uint8Array, out: Uint8Array[]): Failure {
	const reader = new PemReader(isPem(value) ? value : "");
	if (isPem(value)) while (reader.find(PEM_CERTIFICATE)) out.push(reader.der);
	else out.push(bytesOf(value));
	const certificate = new Certificate();
	for (const bytes of out) {
		const failure = certificate.decode(bytes, 0, bytes.length);
		if (failure !== NO_FAILURE) return failure;
	}
	return out.length > 0 ? NO_FAILURE : reader.end();
}

/** The SubjectPublicKeyInfo of a PEM text, or the one in DER. */
function readPublicKey(value: string | Uint8Array, out: Uint8Array[]): Failure {
	const reader = new PemReader(isPem(value) ? value : "");
	if (!isPem(value)) out.push(bytesOf(value));
	else if (reader.find(PEM_PUBLIC_KEY)) out.push(reader.der);
	else return reader.end();
	return new PublicKeyInfo().decodeWhole(out[0], 0, out[0].length) ? NO_FAILURE : PUBLIC_KEY_MALFORMED;
}

/** Bytes of an RSA key's modulus; 0 for other keys. */
function modulusLength(key: PrivateKey, publicKey: PublicKey | undefined): number {
	if ((key.type !== KEY_RSA && key.type !== KEY_RSA_PSS) || publicKey === undefined) return 0;
	const reader = new Reader();
	reader.reset(publicKey.bytes, publicKey.at, publicKey.end);
	openDer(reader, DER_SEQUENCE);
	const at = takeDerUnsigned(reader);
	return reader.at - at;
}
