// Whether one certificate of a path is revoked, by everything that can say so: the list of the configuration, a
// stapled OCSP response, CRLs. And what it means that nobody says it (the policy's revocation mode).

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import { CERTIFICATE_REVOCATION_UNKNOWN, CERTIFICATE_REVOKED, CERTIFICATE_STAPLE_MISSING, type Failure } from "../base/failure.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import type { Job } from "../crypto/types.js";
import type { Certificate } from "./certificate.js";
import type { CertificateList } from "./certificate-list.js";
import { type ChainPolicy, REVOCATION_GIVEN, REVOCATION_LEAF, REVOCATION_OFF, REVOCATION_PATH } from "./chain-policy.js";
import { CrlCheck, REVOCATION_GOOD, REVOCATION_NOT_GIVEN, REVOCATION_REVOKED } from "./crl-check.js";
import { IssuerKeys } from "./issuer-keys.js";
import { NameComparison } from "./name.js";
import { OcspCheck } from "./ocsp-check.js";
import type { TrustStore } from "./trust.js";

// Steps
const LOOK_UP = 0;
const CHECK_RESPONSE = 1;
const START_LISTS = 2;
const CHECK_LISTS = 3;

/** Whether there is anything that could say that a certificate is revoked, or a policy that asks for it. */
export function mayBeRevoked(policy: ChainPolicy, trust: TrustStore, list: CertificateList): boolean {
	if (trust.revoked.length > 0) return true;
	if (policy.revocation === REVOCATION_OFF) return false;
	if (policy.revocation > REVOCATION_GIVEN || policy.honourMustStaple || trust.crls.length > 0) return true;
	for (let i = 0; i < list.count; i++) if (list.responseAt[i] >= 0) return true;
	return false;
}

/** What is known of the certificate and of who signed it. */
export class RevocationQuestion {
	readonly certificate: Certificate;
	/** Whether it is the peer's own. */
	isLeaf = false;
	readonly issuer = new IssuerKeys();
	/** A stapled OCSP response at [responseAt, responseEnd) of bytes; at -1: none. */
	bytes: Uint8Array = NO_BYTES;
	responseAt = -1;
	responseEnd = -1;

	constructor(certificate: Certificate) {
		this.certificate = certificate;
	}
}

/**
 * Checks one certificate after the other.
 *
 *     const check = new RevocationCheck(registry, certificate, policy, trust, seconds);
 *     check.question.isLeaf = true;                  // and the rest
 *     check.start();
 *     while ((status = check.step(8)) === WORKING) ...
 *     // DONE (check.unknown says whether anybody knew), or the failure
 */
export class RevocationCheck implements Job {
	readonly question: RevocationQuestion;
	/** After DONE: nobody could say whether it is revoked, and the policy doesn't mind. */
	unknown = false;
	readonly #registry: Registry;
	readonly #policy: ChainPolicy;
	readonly #trust: TrustStore;
	readonly #seconds: number;
	#state = LOOK_UP;
	#given = false;
	readonly #names = new NameComparison();
	/** Made when they are needed for the first time: most devices have no CRLs, and most servers staple nothing. */
	#response: OcspCheck | undefined = undefined;
	#lists: CrlCheck | undefined = undefined;

	/** certificate: the one that is asked about, whichever stands in it. seconds since 1970, or -1 while the device doesn't know the time. */
	constructor(registry: Registry, certificate: Certificate, policy: ChainPolicy, trust: TrustStore, seconds: number) {
		this.#registry = registry;
		this.question = new RevocationQuestion(certificate);
		this.#policy = policy;
		this.#trust = trust;
		this.#seconds = seconds;
	}

	/** Begins with what stands in question, which must stay as it is until the end. */
	start(): void {
		this.wipe();
		this.#state = LOOK_UP;
		this.#given = false;
		this.unknown = false;
	}

	step(budget: number): number {
		switch (this.#state) {
			case LOOK_UP:
				return this.lookUp();
			case CHECK_RESPONSE:
				return this.checkResponse(budget);
			case START_LISTS:
				return this.startLists();
			default:
				return this.checkLists(budget);
		}
	}

	wipe(): void {
		this.#response?.wipe();
		this.#lists?.wipe();
	}

	/** The configuration's own list; then the response, if there is one. */
	private lookUp(): number {
		const { certificate, isLeaf, issuer, bytes, responseAt, responseEnd } = this.question;
		const policy = this.#policy;
		if (this.isListed(certificate)) return this.answer(REVOCATION_REVOKED);
		if (policy.revocation === REVOCATION_OFF) return DONE;
		if (isLeaf && policy.honourMustStaple && certificate.extensions.mustStaple && responseAt < 0) return CERTIFICATE_STAPLE_MISSING;
		this.#state = START_LISTS;
		if (responseAt < 0) return WORKING;
		this.#given = true;
		this.#response ??= new OcspCheck(this.#registry);
		this.#response.start(policy, this.#seconds, certificate, issuer.key, bytes, responseAt, responseEnd);
		this.#state = CHECK_RESPONSE;
		return WORKING;
	}

	private checkResponse(budget: number): number {
		const response = this.#response as OcspCheck;
		if (response.step(budget) === WORKING) return WORKING;
		if (response.outcome === REVOCATION_GOOD || response.outcome === REVOCATION_REVOKED) return this.answer(response.outcome);
		this.#state = START_LISTS;
		return WORKING;
	}

	private startLists(): number {
		const { certificate, issuer } = this.question;
		if (this.#trust.crls.length === 0) return this.answer(REVOCATION_NOT_GIVEN);
		this.#lists ??= new CrlCheck(this.#registry);
		this.#lists.start(this.#policy, this.#trust, this.#seconds, certificate, issuer);
		this.#state = CHECK_LISTS;
		return WORKING;
	}

	private checkLists(budget: number): number {
		const lists = this.#lists as CrlCheck;
		return lists.step(budget) === WORKING ? WORKING : this.answer(lists.outcome);
	}

	private answer(outcome: number): Failure {
		if (outcome === REVOCATION_REVOKED) return CERTIFICATE_REVOKED;
		if (outcome === REVOCATION_GOOD) return DONE;
		const mode = this.#policy.revocation;
		const given = this.#given || outcome !== REVOCATION_NOT_GIVEN;
		const asked = mode === REVOCATION_PATH || (mode === REVOCATION_LEAF && this.question.isLeaf) || (mode >= REVOCATION_GIVEN && given);
		this.unknown = given;
		return asked ? CERTIFICATE_REVOCATION_UNKNOWN : DONE;
	}

	private isListed(certificate: Certificate): boolean {
		const { bytes, issuer, serial } = certificate;
		for (const revoked of this.#trust.revoked) {
			if (!equalPublic(revoked.bytes, revoked.serial.at, revoked.serial.end, bytes, serial.at, serial.end)) continue;
			if (this.#names.same(revoked.bytes, revoked.issuer.at, revoked.issuer.end, bytes, issuer.at, issuer.end)) return true;
		}
		return false;
	}
}
