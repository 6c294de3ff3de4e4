// Whom to trust: anchors as certificates or as name and key. Shared by all connections of a configuration; read-only
// while they run.

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import { type Failure, NO_FAILURE, TLSA_RECORD_REFUSED, TRUST_ANCHOR_REFUSED } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { Certificate } from "./certificate.js";
import { Crl } from "./crl.js";
import { checkName } from "./name.js";
import { PEM_CERTIFICATE, PEM_X509_CRL, PemReader } from "./pem.js";
import { Place } from "./place.js";
import { PublicKeyInfo } from "./public-key-info.js";
import type { SignatureCache } from "./signature-cache.js";
import { NO_EXPIRATION } from "./time.js";
import { isUsable, PIN, TLSA_FULL, TLSA_SHA2_256, TLSA_SPKI, type TlsaRecord } from "./tlsa.js";
import { TrustBundle } from "./trust-bundle.js";

/** One anchor: a certificate at [at, end) of bytes, or (at -1) only a name and a key. */
export class TrustAnchor {
	bytes: Uint8Array;
	at = -1;
	end = -1;
	/** Name, header included. */
	readonly subject = new Place();
	readonly subjectKeyId = new Place();
	readonly publicKey = new PublicKeyInfo();
	/** Whether it is the end of every path; a certificate that isn't self-issued is one only with partialChains. */
	root = true;
	/** Its last second, where it has no certificate that says it. */
	notAfter = NO_EXPIRATION;
	/** Whether its key may sign CRLs. */
	maySignCrls = true;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	/** Whether this anchor is the certificate at [at, end) of bytes. */
	is(bytes: Uint8Array, at: number, end: number): boolean {
		return this.at >= 0 && equalPublic(this.bytes, this.at, this.end, bytes, at, end);
	}
}

/** A certificate that nobody may use any more, known by who issued it and its serial number (contents of the INTEGER). */
export interface RevokedCertificate {
	readonly bytes: Uint8Array;
	readonly issuer: Place;
	readonly serial: Place;
}

/** One CRL, and the key that was seen to have signed it. */
export class StoredCrl {
	readonly crl = new Crl();
	/** The raw public key under which its signature was right; no length before it was checked. */
	verifiedBy: Uint8Array = NO_BYTES;
}

/**
 * The anchors of a configuration. It keeps what it is given: the caller must not change these bytes any more.
 *
 *     const trust = new TrustStore();
 *     if (trust.addPem(rootPem) !== NO_FAILURE) ...
 *     trust.addDer(flashBytes);               // used where it stands
 */
export class TrustStore {
	readonly anchors: TrustAnchor[] = [];
	readonly crls: StoredCrl[] = [];
	/** Many anchors in little room. */
	readonly bundles: TrustBundle[] = [];
	/** Pins, raw public keys, TLSA records. */
	readonly records: TlsaRecord[] = [];
	/** Signatures of intermediates that were right before; undefined: all are checked each time. */
	signatures: SignatureCache | undefined = undefined;
	/** Revoked whatever CRLs say. */
	readonly revoked: RevokedCertificate[] = [];

	/** Adds every certificate of a PEM text; one that is malformed, or a text without any, is refused. */
	addPem(text: string | Uint8Array): Failure {
		const reader = new PemReader(text);
		while (reader.find(PEM_CERTIFICATE)) {
			const failure = this.addDer(reader.der);
			if (failure !== NO_FAILURE) return failure;
		}
		return reader.end();
	}

	/** Adds one certificate. */
	addDer(bytes: Uint8Array): Failure {
		const certificate = new Certificate();
		const failure = certificate.decode(bytes, 0, bytes.length);
		if (failure !== NO_FAILURE) return failure;
		const anchor = new TrustAnchor(bytes);
		anchor.at = 0;
		anchor.end = bytes.length;
		anchor.root = certificate.selfIssued();
		anchor.maySignCrls = certificate.extensions.maySignCrls();
		anchor.subjectKeyId.copy(certificate.extensions.subjectKeyId);
		return this.add(anchor, certificate.subject.at, certificate.publicKey.infoAt);
	}

	/** Adds a name (the DER of a Name) and a key (a SubjectPublicKeyInfo): an anchor as RFC 5280 6.1.1 (d) has it. */
	addNameAndKey(subject: Uint8Array, publicKeyInfo: Uint8Array): Failure {
		const bytes = new Uint8Array(subject.length + publicKeyInfo.length);
		bytes.set(subject);
		bytes.set(publicKeyInfo, subject.length);
		return this.add(new TrustAnchor(bytes), 0, subject.length);
	}

	/** Adds a compact bundle (trust-bundle.ts). */
	addBundle(bytes: Uint8Array): Failure {
		const bundle = new TrustBundle(bytes);
		const failure = bundle.check();
		if (failure === NO_FAILURE) this.bundles.push(bundle);
		return failure;
	}

	/**
	 * Demands a key by the SHA-256 of its SubjectPublicKeyInfo (32 bytes): some certificate of the path must have one of the
	 * pinned keys. Without any anchor the pinned certificate is itself the anchor.
	 */
	addPin(hash: Uint8Array): Failure {
		return this.addRecord({ usage: PIN, selector: TLSA_SPKI, matchingType: TLSA_SHA2_256, data: hash });
	}

	/** Trusts a raw public key (RFC 7250), a SubjectPublicKeyInfo; in a certificate it counts as a pin. */
	addRawKey(publicKeyInfo: Uint8Array): Failure {
		return this.addRecord({ usage: PIN, selector: TLSA_SPKI, matchingType: TLSA_FULL, data: publicKeyInfo });
	}

	/** Adds a TLSA record of the peer (DANE). As soon as there is one, a peer that none of them fits is refused. */
	addRecord(record: TlsaRecord): Failure {
		if (!isUsable(record)) return TLSA_RECORD_REFUSED;
		this.records.push(record);
		return NO_FAILURE;
	}

	/** A store with all that this one has, and records of its own: for the one peer that they are about. */
	copyForPeer(): TrustStore {
		const store = new TrustStore();
		for (const anchor of this.anchors) store.anchors.push(anchor);
		for (const bundle of this.bundles) store.bundles.push(bundle);
		for (const crl of this.crls) store.crls.push(crl);
		for (const revoked of this.revoked) store.revoked.push(revoked);
		for (const record of this.records) store.records.push(record);
		store.signatures = this.signatures;
		return store;
	}

	/** Adds every CRL of a PEM text. Their signatures are checked when a path is verified that they are about. */
	addCrlPem(text: string | Uint8Array): Failure {
		const reader = new PemReader(text);
		while (reader.find(PEM_X509_CRL)) {
			const failure = this.addCrlDer(reader.der);
			if (failure !== NO_FAILURE) return failure;
		}
		return reader.end();
	}

	addCrlDer(bytes: Uint8Array): Failure {
		const stored = new StoredCrl();
		const failure = stored.crl.decode(bytes, 0, bytes.length);
		if (failure === NO_FAILURE) this.crls.push(stored);
		return failure;
	}

	/** Adds a certificate (DER) to those that are revoked: it is known by its issuer and serial number. */
	addRevoked(bytes: Uint8Array): Failure {
		const certificate = new Certificate();
		const failure = certificate.decode(bytes, 0, bytes.length);
		if (failure === NO_FAILURE) this.revoked.push({ bytes, issuer: certificate.issuer, serial: certificate.serial });
		return failure;
	}

	/** The name stands at subjectAt of the anchor's bytes, the key at keyAt. */
	private add(anchor: TrustAnchor, subjectAt: number, keyAt: number): Failure {
		const reader = new Reader();
		reader.reset(anchor.bytes, subjectAt, anchor.bytes.length);
		checkName(reader, false);
		anchor.subject.set(subjectAt, reader.at);
		if (anchor.at < 0 && reader.at !== keyAt) reader.failed = true;
		reader.at = keyAt;
		anchor.publicKey.decode(reader);
		if (reader.failed || (anchor.at < 0 && !reader.finished())) return TRUST_ANCHOR_REFUSED;
		this.anchors.push(anchor);
		return NO_FAILURE;
	}
}
