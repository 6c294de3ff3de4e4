// Whether a peer's certificates lead to somebody we trust (RFC 5280 section 6), as a sliced job: one certificate a
// step, a signature check in slices. For both roles of the handshake and for the command line.

import { copyOf, NO_BYTES } from "../base/bytes.js";
import {
	CERTIFICATE_DEPTH_EXCEEDED,
	CERTIFICATE_ISSUER_UNKNOWN,
	CERTIFICATE_KEY_TOO_LARGE,
	CERTIFICATE_LIST_EMPTY,
	CERTIFICATE_PATHS_EXHAUSTED,
	CERTIFICATE_SIGNATURE_WRONG,
	type Failure,
	NO_FAILURE,
	RAW_KEY_MALFORMED,
	RAW_KEY_UNKNOWN,
} from "../base/failure.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import type { Job, PublicKey, VerifyJob } from "../crypto/types.js";
import { schemeForKey } from "./algorithm.js";
import { Certificate } from "./certificate.js";
import { CertificateList } from "./certificate-list.js";
import type { ChainPolicy } from "./chain-policy.js";
import { ChainQuestion } from "./chain-question.js";
import { ChainReader } from "./chain-reader.js";
import { EXTENSION_KEY_USAGE } from "./extensions.js";
import { PATH_FOUND, PATH_LIMIT, PATH_SEARCHING, PATH_TOO_DEEP, PathBuilder, type PathEntry } from "./path-builder.js";
import { PathRules } from "./path-rules.js";
import { Place } from "./place.js";
import { PublicKeyInfo } from "./public-key-info.js";
import { mayBeRevoked, RevocationCheck } from "./revocation.js";
import type { TrustAnchor, TrustStore } from "./trust.js";
import { VERIFY_REVOCATION_UNKNOWN, VERIFY_REVOKED, VERIFY_SKIPPED, verifyBitOf } from "./verify-result.js";

/** The longest raw public key: an RSA key of 4096 bits. */
const MAX_PUBLIC_KEY = 576;
/** Every KEY_USAGE_... bit. */
const ALL_KEY_USAGE = 511;
/** Signatures checked for one chain, over all its paths. */
const MAX_SIGNATURES = 20;
/** The index of the anchor, which isn't in the peer's list. */
export const ANCHOR_INDEX = -1;

// Steps
const READ = 0;
const FIND_PATH = 1;
const CHECK_RULES = 2;
const START_SIGNATURE = 3;
const CHECK_SIGNATURE = 4;
const START_REVOCATION = 5;
const CHECK_REVOCATION = 6;
const FINISH = 7;
const CHECK_RAW_KEY = 8;

/** Before a chain has been checked. */
export const NO_KEY: PublicKey = Object.freeze({ type: 0, bytes: NO_BYTES, at: 0, end: 0 });

/** Where the work stands. */
class ChainWork {
	state = READ;
	/** The place in the path that is checked next; the top of the path is length - 1, the anchor above it. */
	position = 0;
	signatures = 0;
	/** The anchor that a failure is about. */
	failedAnchor: TrustAnchor | undefined = undefined;
	job: VerifyJob | undefined = undefined;
	/** Where the raw public key stands, if it is about one. */
	rawBytes: Uint8Array = NO_BYTES;
	readonly rawKey = new Place();
	/** The key that must have signed the certificate at position. */
	readonly issuerKey = new PublicKeyInfo();
}

/**
 * Verifies a list of certificates.
 *
 *     const verifier = new ChainVerifier(registry);
 *     verifier.start(policy, trust, list, "device.example", clock.seconds());
 *     let status: number;
 *     do status = verifier.step(8);
 *     while (status === WORKING);
 *     if (status !== DONE) report(verifier.failure, verifier.certificateIndex, verifier.verifyResult);
 *     else check(verifier.leafKey);
 */
export class ChainVerifier implements Job {
	failure: Failure = NO_FAILURE;
	/** The certificate of the list that the failure is about, or ANCHOR_INDEX. */
	certificateIndex = 0;
	/** VERIFY_... bits (verify-result): what was found, whether it led to a failure or not. */
	verifyResult = 0;
	/** After DONE: the peer's key in memory of its own; the list may then be released. */
	leafKey = NO_KEY;
	/** After DONE: KEY_USAGE_... bits of the leaf; all where it doesn't say. */
	leafKeyUsage = 0;
	readonly #registry: Registry;
	#question: ChainQuestion | undefined = undefined;
	readonly #builder = new PathBuilder();
	readonly #certificate = new Certificate();
	readonly #reader: ChainReader;
	readonly #rules: PathRules;
	/** Made when it is needed: most devices have nothing to look up. */
	#revocation: RevocationCheck | undefined = undefined;
	readonly #work = new ChainWork();

	constructor(registry: Registry) {
		this.#registry = registry;
		this.#reader = new ChainReader(registry, this.#builder, this.#certificate);
		this.#rules = new PathRules(registry);
	}

	/**
	 * Begins. The list's bytes must stay as they are until step() answers DONE or a failure. name: what the leaf must be
	 * called, "" for nothing. seconds since 1970, or -1 while the device doesn't know the time.
	 */
	start(policy: ChainPolicy, trust: TrustStore, list: CertificateList, name: string, seconds: number): void {
		this.wipe();
		const question = new ChainQuestion(policy, trust, list, name, seconds);
		this.#question = question;
		this.failure = NO_FAILURE;
		this.certificateIndex = 0;
		this.verifyResult = 0;
		this.leafKeyUsage = 0;
		this.leafKey = NO_KEY;
		this.#revocation = undefined;
		this.#reader.start(question);
		this.#work.state = READ;
		this.#work.signatures = 0;
		this.#work.failedAnchor = undefined;
	}

	/**
	 * Begins with a raw public key (RFC 7250), a SubjectPublicKeyInfo at [at, end) of bytes, in place of a list: it must be
	 * one that the store knows, by addRawKey, a pin or a TLSA record. Everything else is as after start().
	 */
	startRawKey(policy: ChainPolicy, trust: TrustStore, bytes: Uint8Array, at: number, end: number): void {
		this.start(policy, trust, new CertificateList(0), "", -1);
		this.#work.rawKey.set(at, end);
		this.#work.rawBytes = bytes;
		this.#work.state = CHECK_RAW_KEY;
	}

	/** Goes on: WORKING, DONE or the failure. */
	step(budget: number): number {
		switch (this.#work.state) {
			case READ:
				return this.read();
			case CHECK_RAW_KEY:
				return this.checkRawKey();
			case FIND_PATH:
				return this.findPath();
			case CHECK_RULES:
				return this.checkRules();
			case START_SIGNATURE:
				return this.startSignature();
			case CHECK_SIGNATURE:
				return this.checkSignature(budget);
			case START_REVOCATION:
				return this.startRevocation();
			case CHECK_REVOCATION:
				return this.checkRevocation(budget);
			default:
				return this.finish();
		}
	}

	/** After DONE: what the path ends in; undefined if that is a certificate of the list itself, or nothing was verified. */
	get anchor(): TrustAnchor | undefined {
		return this.#builder.anchor;
	}

	/** Whom the failure is about: the DER Name of certificateIndex, in an array of its own, empty if it can't be read. The list must still stand. */
	failedSubject(): Uint8Array {
		const { list } = this.question;
		const anchor = this.#work.failedAnchor;
		const certificate = this.#certificate;
		const index = this.certificateIndex;
		if (anchor !== undefined) return copyOf(anchor.bytes, anchor.subject.at, anchor.subject.end);
		if (index < 0 || index >= list.count || certificate.decode(list.bytes, list.at[index], list.end[index]) !== NO_FAILURE) return NO_BYTES;
		return copyOf(certificate.bytes, certificate.subject.at, certificate.subject.end);
	}

	wipe(): void {
		this.#revocation?.wipe();
		this.#work.job?.wipe();
		this.#work.job = undefined;
	}

	private get question(): ChainQuestion {
		return this.#question as ChainQuestion; // by start()
	}

	/** Reads the next certificate, and looks for paths when all are read. */
	private read(): number {
		if (this.#question === undefined || this.#question.list.count === 0) return this.fail(CERTIFICATE_LIST_EMPTY, 0);
		const { policy, trust } = this.#question;
		const work = this.#work;
		const status = this.#reader.step();
		if (status === DONE) {
			this.#builder.start(trust, policy.partialChains, policy.maxDepth);
			work.state = FIND_PATH;
			return WORKING;
		}
		if (status !== WORKING) return this.fail(status, this.#reader.index);
		if (this.#reader.index > 0 || this.#reader.isPending) return WORKING;
		if (policy.trustAll) {
			this.checkLeafAlone();
			this.verifyResult |= VERIFY_SKIPPED;
			work.state = FINISH;
		} else if (this.#reader.leafIsKnown()) work.state = FINISH;
		return WORKING;
	}

	private findPath(): number {
		const work = this.#work;
		const found = work.signatures < MAX_SIGNATURES ? this.#builder.step() : PATH_LIMIT;
		if (found === PATH_SEARCHING) return WORKING;
		if (found === PATH_FOUND) {
			work.position = this.#builder.length - (this.#builder.anchor === undefined ? 1 : 0);
			this.#rules.start(this.question.policy, this.question.seconds);
			work.state = CHECK_RULES;
			return WORKING;
		}
		if (found === PATH_LIMIT) return this.fail(CERTIFICATE_PATHS_EXHAUSTED, 0);
		if (this.failure !== NO_FAILURE) return this.failure; // that of a path that was found
		this.checkLeafAlone();
		const highest = found === PATH_TOO_DEEP ? CERTIFICATE_DEPTH_EXCEEDED : CERTIFICATE_ISSUER_UNKNOWN;
		this.note(highest, 0, verifyBitOf(highest));
		return this.failure;
	}

	/** One certificate of the path, from the anchor down. */
	private checkRules(): number {
		const work = this.#work;
		const builder = this.#builder;
		const rules = this.#rules;
		const certificate = this.#certificate;
		const anchor = work.position === builder.length ? builder.anchor : undefined;
		if (anchor !== undefined && anchor.at < 0) rules.checkAnchorKey(anchor.publicKey, anchor.notAfter, ANCHOR_INDEX);
		else {
			const { bytes, at, end } = anchor ?? this.entryAt(work.position);
			if (!certificate.stands(bytes, at, end)) return WORKING;
			const number = anchor === undefined ? this.indexOf(work.position) : ANCHOR_INDEX;
			if (work.position > 0) rules.checkAuthority(certificate, number);
			else rules.checkLeaf(certificate, this.question.reference, number);
		}
		if (work.position-- > 0) return WORKING;
		rules.checkRecords(this.#reader.satisfied());
		if (rules.failure !== NO_FAILURE) {
			this.note(rules.failure, rules.failedIndex, rules.result);
			work.state = FIND_PATH;
			return WORKING;
		}
		this.verifyResult = rules.result;
		work.position = 0;
		work.state = this.signedCount() === 0 ? FINISH : START_SIGNATURE;
		return WORKING;
	}

	/** Certificates of the path that somebody in it must have signed: all, but for one that is itself the anchor. */
	private signedCount(): number {
		return this.#builder.length - (this.#builder.anchor === undefined ? 1 : 0);
	}

	/** From the leaf up: a namesake's key is found wrong at its first signature. */
	private startSignature(): number {
		const work = this.#work;
		const { anchor, length } = this.#builder;
		const entry = this.entryAt(work.position);
		const key = work.issuerKey;
		key.copy(anchor !== undefined && work.position + 1 === length ? anchor.publicKey : this.entryAt(work.position + 1).publicKey);
		work.state = CHECK_SIGNATURE;
		if (entry.isSignedBy(key)) return WORKING;
		if (work.position > 0 && this.question.trust.signatures?.has(entry, key)) {
			entry.signer.copy(key);
			return WORKING;
		}
		const { bytes, tbs, signature } = entry;
		const job = this.#registry.signature(key.type)?.createVerify(this.#registry);
		job?.start(schemeForKey(entry.scheme, key.type), key, bytes, tbs.at, tbs.end, bytes, signature.at, signature.end);
		work.job = job;
		work.signatures++;
		return WORKING;
	}

	private checkSignature(budget: number): number {
		const work = this.#work;
		const entry = this.entryAt(work.position);
		if (!entry.isSignedBy(work.issuerKey)) {
			const status = work.job === undefined ? CERTIFICATE_SIGNATURE_WRONG : work.job.step(budget);
			if (status === WORKING) return WORKING;
			this.wipe();
			if (status !== DONE) {
				this.note(CERTIFICATE_SIGNATURE_WRONG, this.indexOf(work.position), verifyBitOf(CERTIFICATE_SIGNATURE_WRONG));
				work.state = FIND_PATH;
				return WORKING;
			}
			entry.signer.copy(work.issuerKey);
			const { trust, seconds } = this.question;
			if (work.position > 0) trust.signatures?.add(entry, work.issuerKey, seconds);
		}
		work.position++;
		work.state = work.position < this.signedCount() ? START_SIGNATURE : START_REVOCATION;
		return WORKING;
	}

	/** From the anchor down, once all signatures are right: who signs a CRL must be known to be who it says. */
	private startRevocation(): number {
		const { anchor, length } = this.#builder;
		const { policy, trust, list, seconds } = this.question;
		if (!mayBeRevoked(policy, trust, list)) {
			this.#work.state = FINISH;
			return WORKING;
		}
		const check = new RevocationCheck(this.#registry, this.#certificate, policy, trust, seconds);
		const { issuer } = check.question;
		this.#revocation = check;
		this.#work.position = this.signedCount() - 1;
		if (anchor !== undefined) issuer.begin(anchor.publicKey, anchor.maySignCrls);
		else {
			const top = this.decoded(length - 1);
			issuer.begin(top.publicKey, top.extensions.maySignCrls());
		}
		this.askRevocation(check);
		return WORKING;
	}

	private askRevocation(check: RevocationCheck): void {
		const work = this.#work;
		const { list } = this.question;
		const index = this.decodeEntry(work.position);
		const { question } = check;
		question.isLeaf = work.position === 0;
		question.bytes = list.bytes;
		question.responseAt = index >= 0 ? list.responseAt[index] : -1;
		question.responseEnd = index >= 0 ? list.responseEnd[index] : -1;
		check.start();
		work.state = CHECK_REVOCATION;
	}

	/** Then the certificate signs the one below it. */
	private checkRevocation(budget: number): number {
		const work = this.#work;
		const check = this.#revocation as RevocationCheck;
		const status = check.step(budget);
		if (status === WORKING) return WORKING;
		const index = this.decodeEntry(work.position);
		if (status !== DONE) {
			this.note(status, index, verifyBitOf(status));
			work.state = FIND_PATH;
			return WORKING;
		}
		if (check.unknown) this.verifyResult |= VERIFY_REVOCATION_UNKNOWN;
		check.question.issuer.descend(this.#certificate);
		if (work.position-- === 0) work.state = FINISH;
		else this.askRevocation(check);
		return WORKING;
	}

	/** The path stands. */
	private finish(): number {
		const { publicKey, extensions } = this.decoded(0);
		this.leafKeyUsage = extensions.present & EXTENSION_KEY_USAGE ? extensions.keyUsage : ALL_KEY_USAGE;
		return this.giveKey(publicKey);
	}

	/** Copies the peer's key out of the memory that it came in. */
	private giveKey(publicKey: PublicKeyInfo): number {
		const { type, bytes, at, end } = publicKey;
		if (end - at > Math.min(MAX_PUBLIC_KEY, this.question.policy.keyLimits.maximumLength)) return this.fail(CERTIFICATE_KEY_TOO_LARGE, 0);
		this.leafKey = { type, bytes: copyOf(bytes, at, end), at: 0, end: end - at };
		this.failure = NO_FAILURE;
		return DONE;
	}

	private checkRawKey(): number {
		const { issuerKey: key, rawBytes, rawKey } = this.#work;
		const { policy } = this.question;
		if (!key.decodeWhole(rawBytes, rawKey.at, rawKey.end)) return this.fail(RAW_KEY_MALFORMED, 0);
		const rules = this.#rules;
		rules.start(policy, -1);
		rules.checkRawKey(key);
		this.verifyResult = rules.result | (policy.trustAll ? VERIFY_SKIPPED : 0);
		if (!policy.trustAll) {
			if (!this.#reader.knowsRawKey(key)) return this.fail(RAW_KEY_UNKNOWN, 0);
			if (rules.failure !== NO_FAILURE) return this.fail(rules.failure, 0);
		}
		this.leafKeyUsage = ALL_KEY_USAGE;
		return this.giveKey(key);
	}

	/** Without a path: what can be said of the leaf by itself. */
	private checkLeafAlone(): void {
		const rules = this.#rules;
		this.decodeEntry(0);
		rules.start(this.question.policy, this.question.seconds);
		rules.checkLeaf(this.#certificate, this.question.reference, 0);
		this.note(rules.failure, rules.failedIndex, rules.result);
	}

	private entryAt(position: number): PathEntry {
		return this.#builder.entries[position === 0 ? 0 : this.#builder.path[position]];
	}

	private decoded(position: number): Certificate {
		this.decodeEntry(position);
		return this.#certificate;
	}

	/** Decodes a certificate of the path, unless it is at hand; answers its index in the list. */
	private decodeEntry(position: number): number {
		const { bytes, at, end } = this.entryAt(position);
		const certificate = this.#certificate;
		// it was decoded before: this can't fail
		if (certificate.bytes !== bytes || certificate.at !== at || certificate.end !== end) certificate.decode(bytes, at, end);
		return this.indexOf(position);
	}

	/** The index in the list of a certificate of the path. */
	private indexOf(position: number): number {
		const number = position === 0 ? 0 : this.#builder.path[position];
		return number < this.question.list.count ? number : ANCHOR_INDEX;
	}

	/**
	 * Of the paths that were tried, keeps what says most: a revoked certificate, then a rule that was broken (what is first
	 * in the order of the verify result), then a signature that is wrong, as those of namesakes are.
	 */
	private note(failure: Failure, index: number, bits: number): void {
		this.verifyResult |= bits;
		if (failure === NO_FAILURE) return;
		if (this.failure !== NO_FAILURE && rank(failure) >= rank(this.failure)) return;
		this.failure = failure;
		this.certificateIndex = index;
		this.#work.failedAnchor = index < 0 ? this.#builder.anchor : undefined;
	}

	/** Ends with a failure that goes before all others. */
	private fail(failure: Failure, index: number): Failure {
		this.failure = failure;
		this.certificateIndex = index;
		this.verifyResult |= verifyBitOf(failure);
		return failure;
	}
}

/** What is reported of several paths: the lowest. */
function rank(failure: Failure): number {
	const bit = verifyBitOf(failure);
	if (failure === CERTIFICATE_SIGNATURE_WRONG) return 2 << 16;
	return bit === VERIFY_REVOKED || bit === VERIFY_REVOCATION_UNKNOWN ? 0 : bit;
}
