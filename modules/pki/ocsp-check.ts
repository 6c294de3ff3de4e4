// Whether a stapled OCSP response says that a certificate is good (RFC 6960 3.2), as a sliced job: one signature
// check, or one certificate of the response, a step.

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import { NO_FAILURE } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import { type Job, sha1, sha256, sha384, sha512, type VerifyJob } from "../crypto/types.js";
import { schemeForKey } from "./algorithm.js";
import { Certificate, type SignatureField } from "./certificate.js";
import { ChainPolicy } from "./chain-policy.js";
import { REVOCATION_GOOD, REVOCATION_REVOKED, REVOCATION_UNUSABLE } from "./crl-check.js";
import { skipDer } from "./der-values.js";
import { EXTENSION_EXT_KEY_USAGE, EXTENSION_KEY_USAGE, EXTENSION_UNKNOWN, KEY_USAGE_DIGITAL_SIGNATURE, PURPOSE_OCSP_SIGNING } from "./extensions.js";
import { NameComparison } from "./name.js";
import { OCSP_GOOD, OCSP_REVOKED, OcspResponse } from "./ocsp.js";
import { id_sha1, id_sha256, id_sha384, id_sha512 } from "./oid.js";
import { Place } from "./place.js";
import { PublicKeyInfo } from "./public-key-info.js";
import { sha1Id } from "./sha1-id.js";

/** Certificates of one response that are tried as its signer. */
const MAX_RESPONDERS = 3;

// Steps
const FIND_RESPONSE = 0;
const FIND_RESPONDER = 1;
const CHECK_RESPONDER = 2;
const CHECK_RESPONSE = 3;

/** Where the work stands. */
class OcspWork {
	state = FIND_RESPONSE;
	/** Certificates of the response that are left to try as its signer. */
	left = 0;
	/** What the response says, if its signature is right. */
	status = OCSP_GOOD;
	job: VerifyJob | undefined = undefined;
	/** Where the response stands. */
	bytes: Uint8Array = NO_BYTES;
	readonly place = new Place();
}

/**
 * Checks what one response says of one certificate.
 *
 *     check.start(policy, seconds, certificate, issuerKey, memory, responseAt, responseEnd);
 *     while (check.step(8) === WORKING) ...
 *     if (check.outcome === REVOCATION_REVOKED) ...
 */
export class OcspCheck implements Job {
	/** After DONE: REVOCATION_GOOD, REVOCATION_REVOKED, or REVOCATION_UNUSABLE for everything else. */
	outcome = REVOCATION_UNUSABLE;
	readonly #registry: Registry;
	#policy = new ChainPolicy();
	#seconds = -1;
	#certificate = new Certificate();
	#issuerKey: PublicKeyInfo = new PublicKeyInfo();
	readonly #work = new OcspWork();
	readonly #response = new OcspResponse();
	readonly #responder = new Certificate();
	readonly #reader = new Reader();
	readonly #names = new NameComparison();
	readonly #digest = new Uint8Array(64);

	constructor(registry: Registry) {
		this.#registry = registry;
	}

	/** Begins. The certificate, its issuer's key and the response at [at, end) must stay as they are until DONE. */
	start(policy: ChainPolicy, seconds: number, certificate: Certificate, issuerKey: PublicKeyInfo, bytes: Uint8Array, at: number, end: number): void {
		this.wipe();
		this.#policy = policy;
		this.#seconds = policy.checkExpiry ? seconds : -1;
		this.#certificate = certificate;
		this.#issuerKey = issuerKey;
		this.outcome = REVOCATION_UNUSABLE;
		const work = this.#work;
		work.state = FIND_RESPONSE;
		work.bytes = bytes;
		work.place.set(at, end);
	}

	/** WORKING or DONE: the answer is in outcome. */
	step(budget: number): number {
		switch (this.#work.state) {
			case FIND_RESPONSE:
				return this.findResponse();
			case FIND_RESPONDER:
				return this.findResponder();
			case CHECK_RESPONDER:
				return this.checkResponder(budget);
			default:
				return this.checkResponse(budget);
		}
	}

	wipe(): void {
		this.#work.job?.wipe();
		this.#work.job = undefined;
	}

	/** The single response about the certificate, fresh and in a form that can be used. */
	private findResponse(): number {
		const work = this.#work;
		const response = this.#response;
		const single = response.single;
		if (response.decode(work.bytes, work.place.at, work.place.end) !== NO_FAILURE || response.status !== 0 || response.unusable) return DONE;
		response.begin();
		let found = false;
		while (!found && response.next()) found = this.isAboutCertificate();
		if (!found || single.unusable) return DONE;
		const seconds = this.#seconds;
		if (seconds >= 0 && (seconds < single.thisUpdate || seconds > single.nextUpdate)) return DONE;
		work.status = single.status;
		work.left = MAX_RESPONDERS;
		if (this.isResponder(this.#certificate.bytes, this.#certificate.issuer, this.#issuerKey)) {
			this.startSignature(this.#issuerKey, response.bytes, response.tbs, response.signature);
			work.state = CHECK_RESPONSE;
		} else {
			this.#reader.reset(response.bytes, response.certificates.at, response.certificates.end);
			work.state = FIND_RESPONDER;
		}
		return WORKING;
	}

	/** A delegated responder (4.2.2.2): its certificate comes with the response, straight from the issuer. */
	private findResponder(): number {
		const work = this.#work;
		const reader = this.#reader;
		const responder = this.#responder;
		const { bytes, certificates } = this.#response;
		if (certificates.at < 0 || !reader.more() || work.left-- === 0) return DONE;
		const at = reader.at;
		skipDer(reader);
		if (reader.failed || responder.decode(bytes, at, reader.at) !== NO_FAILURE || !this.mayRespond()) return WORKING;
		this.startSignature(this.#issuerKey, bytes, responder.tbs, responder.signature);
		work.state = CHECK_RESPONDER;
		return WORKING;
	}

	private checkResponder(budget: number): number {
		const status = this.#work.job?.step(budget);
		if (status === WORKING) return WORKING;
		this.wipe();
		this.#work.state = FIND_RESPONDER;
		if (status === DONE) {
			const response = this.#response;
			this.startSignature(this.#responder.publicKey, response.bytes, response.tbs, response.signature);
			this.#work.state = CHECK_RESPONSE;
		}
		return WORKING;
	}

	private checkResponse(budget: number): number {
		const status = this.#work.job?.step(budget);
		if (status === WORKING) return WORKING;
		this.wipe();
		if (status === DONE) {
			if (this.#work.status === OCSP_GOOD) this.outcome = REVOCATION_GOOD;
			else if (this.#work.status === OCSP_REVOKED) this.outcome = REVOCATION_REVOKED;
		}
		return DONE;
	}

	/** Without an algorithm that the policy allows there is no job, and what it should check counts as wrong. */
	private startSignature(key: PublicKeyInfo, bytes: Uint8Array, tbs: Place, signature: SignatureField): void {
		const scheme = schemeForKey(signature.scheme, key.type);
		if (this.#policy.schemes.indexOf(scheme) < 0) return;
		const job = this.#registry.signature(key.type)?.createVerify(this.#registry);
		job?.start(scheme, key, bytes, tbs.at, tbs.end, bytes, signature.at, signature.end);
		this.#work.job = job;
	}

	/** What a responder's certificate must be: the issuer's, for OCSP by name, valid, and strong enough. */
	private mayRespond(): boolean {
		const responder = this.#responder;
		const { extensions, bytes, issuer, subject, publicKey } = responder;
		const certificate = this.#certificate;
		if (!this.#names.same(bytes, issuer.at, issuer.end, certificate.bytes, certificate.issuer.at, certificate.issuer.end)) return false;
		if (!this.isResponder(bytes, subject, publicKey)) return false;
		if ((extensions.present & EXTENSION_EXT_KEY_USAGE) === 0 || (extensions.extendedKeyUsage & PURPOSE_OCSP_SIGNING) === 0) return false;
		if (extensions.present & EXTENSION_KEY_USAGE && (extensions.keyUsage & KEY_USAGE_DIGITAL_SIGNATURE) === 0) return false;
		if (extensions.critical & EXTENSION_UNKNOWN) return false;
		if (!publicKey.isStrong(this.#policy.minimumRsaBits)) return false;
		return this.#seconds < 0 || (this.#seconds >= responder.notBefore && this.#seconds <= responder.notAfter);
	}

	/** Whether the response names this subject, or this key, as its responder. */
	private isResponder(bytes: Uint8Array, subject: Place, key: PublicKeyInfo): boolean {
		const response = this.#response;
		const name = response.responderName;
		if (name.at >= 0) return this.#names.same(response.bytes, name.at, name.end, bytes, subject.at, subject.end);
		return this.isHash(sha1, key.bytes, key.at, key.end, response.responderKeyHash);
	}

	/** Whether the single response at hand is about the certificate (CertID, 4.1.1). */
	private isAboutCertificate(): boolean {
		const { single, bytes } = this.#response;
		const certificate = this.#certificate;
		const { serial, issuer } = certificate;
		const key = this.#issuerKey;
		const hash = hashOf(single.hash);
		return (
			equalPublic(bytes, single.serial.at, single.serial.end, certificate.bytes, serial.at, serial.end) &&
			this.isHash(hash, certificate.bytes, issuer.at, issuer.end, single.issuerNameHash) &&
			this.isHash(hash, key.bytes, key.at, key.end, single.issuerKeyHash)
		);
	}

	/** Whether the place in the response holds the hash of [at, end); false if nobody can compute it. */
	private isHash(id: number, bytes: Uint8Array, at: number, end: number, place: Place): boolean {
		const algorithm = this.#registry.hash(id);
		let length = 20;
		if (algorithm !== undefined) {
			const hash = algorithm.create();
			hash.update(bytes, at, end);
			hash.digest(this.#digest, 0);
			length = algorithm.hashLength;
		} else if (id === sha1) sha1Id(bytes, at, end, this.#digest);
		else return false;
		return equalPublic(this.#response.bytes, place.at, place.end, this.#digest, 0, length);
	}
}

/** The number of a hash for crypto, 0 for an unknown one. */
function hashOf(oid: number): number {
	return oid === id_sha1 ? sha1 : oid === id_sha256 ? sha256 : oid === id_sha384 ? sha384 : oid === id_sha512 ? sha512 : 0;
}
