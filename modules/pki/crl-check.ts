// Whether the CRLs of a trust store say that a certificate is revoked (RFC 5280 6.3), as a sliced job: one signature
// check, or a number of entries, a step.

import { copyOf, equalPublic } from "../base/bytes.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import type { Job, VerifyJob } from "../crypto/types.js";
import { schemeForKey } from "./algorithm.js";
import { Certificate } from "./certificate.js";
import { ChainPolicy } from "./chain-policy.js";
import { type Crl, CrlEntries, REASON_REMOVE_FROM_CRL } from "./crl.js";
import { ALL_REASONS, reasonsCovered } from "./distribution-point.js";
import { IssuerKeys } from "./issuer-keys.js";
import { NameComparison } from "./name.js";
import type { Place } from "./place.js";
import { type StoredCrl, TrustStore } from "./trust.js";

// What a source of revocation says of a certificate
/** There is nothing for this certificate. */
export const REVOCATION_NOT_GIVEN = 0;
export const REVOCATION_GOOD = 1;
export const REVOCATION_REVOKED = 2;
/** There is something, but it is stale, wrongly signed or of a form that can't be used. */
export const REVOCATION_UNUSABLE = 3;

/** Entries looked at in one step. */
const ENTRIES_PER_STEP = 64;

// Steps
const FIND_LIST = 0;
const FIND_DELTA = 1;
const CHECK_SIGNATURE = 2;
const SCAN_DELTA = 3;
const SCAN_LIST = 4;

/** Where the work stands. */
class CrlWork {
	state = FIND_LIST;
	/** The list, and the delta list, that is looked for next. */
	next = 0;
	nextDelta = 0;
	/** The complete list at hand, the reasons it covers, and the one whose signature is checked: it or a delta to it. */
	list: StoredCrl | undefined = undefined;
	reasons = 0;
	signed: StoredCrl | undefined = undefined;
	/** Whether the other key of the issuer is tried. */
	other = false;
	job: VerifyJob | undefined = undefined;
	/** Reasons that lists which can be used have covered. */
	covered = 0;
	given = false;
}

/**
 * Looks one certificate up in the CRLs of its issuer.
 *
 *     check.start(policy, trust, seconds, certificate, issuer);
 *     while (check.step(8) === WORKING) ...
 *     if (check.outcome === REVOCATION_REVOKED) ...
 */
export class CrlCheck implements Job {
	/** After DONE: REVOCATION_... */
	outcome = REVOCATION_NOT_GIVEN;
	readonly #registry: Registry;
	#policy = new ChainPolicy();
	#trust = new TrustStore();
	#seconds = -1;
	#certificate = new Certificate();
	#issuer = new IssuerKeys();
	readonly #work = new CrlWork();
	readonly #entries = new CrlEntries();
	readonly #names = new NameComparison();

	constructor(registry: Registry) {
		this.#registry = registry;
	}

	/**
	 * Begins. The certificate and the keys must stay as they are until DONE. seconds since 1970; -1, or a policy without
	 * expiry, leaves dates unjudged.
	 */
	start(policy: ChainPolicy, trust: TrustStore, seconds: number, certificate: Certificate, issuer: IssuerKeys): void {
		this.wipe();
		this.#policy = policy;
		this.#trust = trust;
		this.#seconds = policy.checkExpiry ? seconds : -1;
		this.#certificate = certificate;
		this.#issuer = issuer;
		this.outcome = REVOCATION_NOT_GIVEN;
		const work = this.#work;
		work.state = FIND_LIST;
		work.next = 0;
		work.covered = 0;
		work.given = false;
	}

	/** WORKING or DONE: the answer is in outcome. */
	step(budget: number): number {
		switch (this.#work.state) {
			case FIND_LIST:
				return this.findList();
			case FIND_DELTA:
				return this.findDelta();
			case CHECK_SIGNATURE:
				return this.checkSignature(budget);
			default:
				return this.scan();
		}
	}

	wipe(): void {
		this.#work.job?.wipe();
		this.#work.job = undefined;
	}

	/** Goes to the next complete list of the issuer that speaks for the certificate. */
	private findList(): number {
		const work = this.#work;
		const crls = this.#trust.crls;
		if (work.covered === ALL_REASONS || work.next === crls.length) {
			this.outcome = work.covered === ALL_REASONS ? REVOCATION_GOOD : work.given ? REVOCATION_UNUSABLE : REVOCATION_NOT_GIVEN;
			return DONE;
		}
		const stored = crls[work.next++];
		const crl = stored.crl;
		if (crl.baseNumber.at >= 0 || !this.isOfIssuer(crl)) return WORKING;
		work.reasons = this.reasonsOf(crl);
		if (work.reasons === 0) return WORKING;
		work.given = true;
		if (!this.usable(crl)) return WORKING;
		work.list = stored;
		work.nextDelta = 0;
		this.startSignature(stored, false);
		return WORKING;
	}

	/** Goes to the next delta to the list at hand: of the same scope, made after it, on top of it or of an older one (5.2.4). */
	private findDelta(): number {
		const work = this.#work;
		const crls = this.#trust.crls;
		const base = work.list?.crl;
		if (base === undefined || work.nextDelta === crls.length) {
			if (base !== undefined) this.#entries.begin(base);
			work.state = SCAN_LIST;
			return WORKING;
		}
		const stored = crls[work.nextDelta++];
		const delta = stored.crl;
		if (delta.baseNumber.at < 0 || !this.isOfIssuer(delta) || !this.usable(delta)) return WORKING;
		if (!equalPublic(base.bytes, base.scope.whole.at, base.scope.whole.end, delta.bytes, delta.scope.whole.at, delta.scope.whole.end)) return WORKING;
		if (compareNumbers(delta.bytes, delta.baseNumber, base.bytes, base.number) > 0) return WORKING;
		if (compareNumbers(delta.bytes, delta.number, base.bytes, base.number) <= 0) return WORKING;
		this.startSignature(stored, false);
		return WORKING;
	}

	/** With the key that signed the certificate, or with the other one of its issuer. */
	private startSignature(stored: StoredCrl, other: boolean): void {
		const work = this.#work;
		const { bytes, tbs, signature } = stored.crl;
		work.signed = stored;
		work.other = other || !this.mayHaveSigned(stored.crl, false);
		work.state = CHECK_SIGNATURE;
		const key = work.other ? this.#issuer.otherKey : this.#issuer.key;
		if (equalPublic(stored.verifiedBy, 0, stored.verifiedBy.length, key.bytes, key.at, key.end)) return;
		const job = this.#registry.signature(key.type)?.createVerify(this.#registry);
		job?.start(schemeForKey(signature.scheme, key.type), key, bytes, tbs.at, tbs.end, bytes, signature.at, signature.end);
		work.job = job;
	}

	/** Without a job the signature was checked before: the list is the configuration's, it doesn't change. */
	private checkSignature(budget: number): number {
		const work = this.#work;
		const signed = work.signed as StoredCrl;
		const key = work.other ? this.#issuer.otherKey : this.#issuer.key;
		const isDelta = signed !== work.list;
		const status = work.job === undefined ? DONE : work.job.step(budget);
		if (status === WORKING) return WORKING;
		if (status !== DONE) {
			this.wipe();
			if (!work.other && this.mayHaveSigned(signed.crl, true)) this.startSignature(signed, true);
			else work.state = isDelta ? FIND_DELTA : FIND_LIST;
		} else {
			if (work.job !== undefined) signed.verifiedBy = copyOf(key.bytes, key.at, key.end);
			if (isDelta) this.#entries.begin(signed.crl);
			work.state = isDelta ? SCAN_DELTA : FIND_DELTA;
			this.wipe();
		}
		return WORKING;
	}

	/** Looks through some entries of the delta or of the complete list. */
	private scan(): number {
		const work = this.#work;
		const entries = this.#entries;
		const { bytes, serial } = this.#certificate;
		for (let i = 0; i < ENTRIES_PER_STEP; i++) {
			if (!entries.next()) {
				if (work.state === SCAN_DELTA) work.state = FIND_DELTA;
				else this.coverReasons();
				return WORKING;
			}
			if (!entries.is(bytes, serial)) continue;
			if (work.state === SCAN_DELTA && entries.reason === REASON_REMOVE_FROM_CRL) {
				this.coverReasons(); // whatever the complete list says
				return WORKING;
			}
			this.outcome = REVOCATION_REVOKED;
			return DONE;
		}
		return WORKING;
	}

	/** The certificate isn't revoked for the reasons of the list at hand. */
	private coverReasons(): void {
		this.#work.covered |= this.#work.reasons;
		this.#work.state = FIND_LIST;
	}

	private isOfIssuer(crl: Crl): boolean {
		const { bytes, issuer } = this.#certificate;
		return this.#names.same(crl.bytes, crl.issuer.at, crl.issuer.end, bytes, issuer.at, issuer.end);
	}

	/** The reasons for which a list speaks for the certificate (6.3.3 (b)). */
	private reasonsOf(crl: Crl): number {
		const { extensions, bytes } = this.#certificate;
		const scope = crl.scope;
		if (extensions.isAuthority ? scope.onlyUsers : scope.onlyAuthorities) return 0;
		if (scope.point.at < 0) return scope.reasons;
		return scope.reasons & reasonsCovered(bytes, extensions.distributionPoints, crl.bytes, scope.point, crl.issuer);
	}

	/** Form, dates, and that there is a key that may have signed it. */
	private usable(crl: Crl): boolean {
		const seconds = this.#seconds;
		if (crl.unusable || (seconds >= 0 && (seconds < crl.thisUpdate || seconds > crl.nextUpdate))) return false;
		return this.mayHaveSigned(crl, false) || this.mayHaveSigned(crl, true);
	}

	/** Whether a key of the issuer may sign CRLs, and with the algorithm of this one. */
	private mayHaveSigned(crl: Crl, other: boolean): boolean {
		const { key, maySignCrls, otherKey, otherMaySignCrls } = this.#issuer;
		const type = other ? otherKey.type : key.type;
		return (other ? otherMaySignCrls : maySignCrls) && this.#policy.schemes.indexOf(schemeForKey(crl.signature.scheme, type)) >= 0;
	}
}

/** Compares two magnitudes without leading zeros: below 0, 0, or above 0. */
function compareNumbers(a: Uint8Array, aPlace: Place, b: Uint8Array, bPlace: Place): number {
	const length = aPlace.end - aPlace.at;
	if (length !== bPlace.end - bPlace.at) return length - (bPlace.end - bPlace.at);
	for (let i = 0; i < length; i++) {
		const difference = a[aPlace.at + i] - b[bPlace.at + i];
		if (difference !== 0) return difference;
	}
	return 0;
}
