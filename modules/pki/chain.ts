// Whether a peer's certificates lead to somebody we trust (RFC 5280 section 6), as a sliced job: one certificate a
// step, a signature check in slices. For both roles of the handshake and for the command line.

import { copy } from "../base/bytes.js";
import {
	CERTIFICATE_DEPTH_EXCEEDED,
	CERTIFICATE_ISSUER_UNKNOWN,
	CERTIFICATE_KEY_TOO_LARGE,
	CERTIFICATE_LIST_EMPTY,
	CERTIFICATE_PATHS_EXHAUSTED,
	CERTIFICATE_SIGNATURE_WRONG,
	type Failure,
	NO_FAILURE,
} from "../base/failure.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import type { Job, PublicKey, VerifyJob } from "../crypto/types.js";
import { schemeForKey } from "./algorithm.js";
import { Certificate } from "./certificate.js";
import { CertificateList } from "./certificate-list.js";
import { ChainPolicy } from "./chain-policy.js";
import { EXTENSION_KEY_USAGE } from "./extensions.js";
import { PATH_FOUND, PATH_LIMIT, PATH_SEARCHING, PATH_TOO_DEEP, PathBuilder, type PathEntry } from "./path-builder.js";
import { PathRules } from "./path-rules.js";
import { PublicKeyInfo } from "./public-key-info.js";
import { ReferenceName } from "./reference-name.js";
import { RevocationCheck } from "./revocation.js";
import { type TrustAnchor, TrustStore } from "./trust.js";
import { VERIFY_REVOCATION_UNKNOWN, VERIFY_REVOKED, VERIFY_SKIPPED, verifyBitOf } from "./verify-result.js";

/** Room for the leaf's raw public key: an RSA key of 4096 bits. */
const MAX_PUBLIC_KEY = 576;
/** Every KEY_USAGE_... bit. */
const ALL_KEY_USAGE = 511;
/** Signatures checked for one chain, over all its paths. */
const MAX_SIGNATURES = 20;
/** The index of the anchor, which isn't in the peer's list. */
export const ANCHOR_INDEX = -1;

// Steps
const READ_LIST = 0;
const READ_ANCHORS = 1;
const FIND_PATH = 2;
const CHECK_RULES = 3;
const START_SIGNATURE = 4;
const CHECK_SIGNATURE = 5;
const START_REVOCATION = 6;
const CHECK_REVOCATION = 7;
const FINISH = 8;

/** Where the work stands. */
class ChainWork {
	state = READ_LIST;
	/** The certificate that is read next, of the list or of the anchors. */
	next = 0;
	/** The place in the path that is checked next; the top of the path is length - 1, the anchor above it. */
	position = 0;
	signatures = 0;
	job: VerifyJob | undefined = undefined;
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
	/** After DONE: the peer's key, in memory of the verifier; the list may then be released. */
	readonly leafKey: PublicKey;
	/** After DONE: KEY_USAGE_... bits of the leaf; all where it doesn't say. */
	leafKeyUsage = 0;
	readonly #registry: Registry;
	#policy = new ChainPolicy();
	#trust = new TrustStore();
	#list = new CertificateList(0);
	#seconds = -1;
	readonly #reference = new ReferenceName();
	readonly #builder = new PathBuilder();
	readonly #rules: PathRules;
	readonly #certificate = new Certificate();
	readonly #revocation: RevocationCheck;
	readonly #work = new ChainWork();

	constructor(registry: Registry) {
		this.#registry = registry;
		this.#rules = new PathRules(registry);
		this.#revocation = new RevocationCheck(registry);
		this.leafKey = { type: 0, bytes: new Uint8Array(MAX_PUBLIC_KEY), at: 0, end: 0 };
	}

	/**
	 * Begins. The list's bytes must stay as they are until step() answers DONE or a failure. name: what the leaf must be
	 * called, "" for nothing. seconds since 1970, or -1 while the device doesn't know the time.
	 */
	start(policy: ChainPolicy, trust: TrustStore, list: CertificateList, name: string, seconds: number): void {
		this.wipe();
		this.#policy = policy;
		this.#trust = trust;
		this.#list = list;
		this.#seconds = seconds;
		this.#reference.set(name);
		this.#builder.reset();
		this.failure = NO_FAILURE;
		this.certificateIndex = 0;
		this.verifyResult = 0;
		this.leafKeyUsage = 0;
		const work = this.#work;
		work.state = READ_LIST;
		work.next = 0;
		work.signatures = 0;
	}

	/** Goes on: WORKING, DONE or the failure. */
	step(budget: number): number {
		switch (this.#work.state) {
			case READ_LIST:
				return this.#readList();
			case READ_ANCHORS:
				return this.#readAnchors();
			case FIND_PATH:
				return this.#findPath();
			case CHECK_RULES:
				return this.#checkRules();
			case START_SIGNATURE:
				return this.#startSignature();
			case CHECK_SIGNATURE:
				return this.#checkSignature(budget);
			case START_REVOCATION:
				return this.#startRevocation();
			case CHECK_REVOCATION:
				return this.#checkRevocation(budget);
			default:
				return this.#finish();
		}
	}

	wipe(): void {
		this.#revocation.wipe();
		this.#work.job?.wipe();
		this.#work.job = undefined;
	}

	/** Decodes the next certificate of the list. */
	#readList(): number {
		const work = this.#work;
		const list = this.#list;
		const index = work.next++;
		if (list.count === 0) return this.#fail(CERTIFICATE_LIST_EMPTY, 0);
		const failure = this.#certificate.decode(list.bytes, list.at[index], list.end[index]);
		if (failure !== NO_FAILURE) return this.#fail(failure, index);
		this.#builder.add(this.#certificate);
		if (this.#policy.trustAll) {
			this.#checkLeafAlone();
			this.verifyResult |= VERIFY_SKIPPED;
			work.state = FINISH;
		} else if (work.next === list.count) {
			work.state = READ_ANCHORS;
			work.next = 0;
		}
		return WORKING;
	}

	/** Certificates of the trust store that can't end a path may still be in the middle of one. */
	#readAnchors(): number {
		const work = this.#work;
		const anchors = this.#trust.anchors;
		while (work.next < anchors.length) {
			const anchor = anchors[work.next++];
			if (anchor.root || this.#policy.partialChains) continue;
			this.#certificate.decode(anchor.bytes, anchor.at, anchor.end);
			this.#builder.add(this.#certificate);
			return WORKING;
		}
		this.#builder.start(this.#trust, this.#policy.partialChains, this.#policy.maxDepth);
		work.state = FIND_PATH;
		return WORKING;
	}

	#findPath(): number {
		const work = this.#work;
		const found = work.signatures < MAX_SIGNATURES ? this.#builder.step() : PATH_LIMIT;
		if (found === PATH_SEARCHING) return WORKING;
		if (found === PATH_FOUND) {
			work.position = this.#builder.length - (this.#builder.anchor === undefined ? 1 : 0);
			this.#rules.start(this.#policy, this.#seconds);
			work.state = CHECK_RULES;
			return WORKING;
		}
		if (found === PATH_LIMIT) return this.#fail(CERTIFICATE_PATHS_EXHAUSTED, 0);
		if (this.failure !== NO_FAILURE) return this.failure; // that of a path that was found
		this.#checkLeafAlone();
		const highest = found === PATH_TOO_DEEP ? CERTIFICATE_DEPTH_EXCEEDED : CERTIFICATE_ISSUER_UNKNOWN;
		this.#note(highest, 0, verifyBitOf(highest));
		return this.failure;
	}

	/** One certificate of the path, from the anchor down. */
	#checkRules(): number {
		const work = this.#work;
		const builder = this.#builder;
		const rules = this.#rules;
		const anchor = builder.anchor;
		if (work.position === builder.length && anchor !== undefined) {
			if (anchor.at >= 0) {
				this.#certificate.decode(anchor.bytes, anchor.at, anchor.end);
				rules.checkAuthority(this.#certificate, ANCHOR_INDEX);
			} else rules.checkAnchorKey(anchor.publicKey, ANCHOR_INDEX);
		} else {
			const number = this.#decodeEntry(work.position);
			if (work.position > 0) rules.checkAuthority(this.#certificate, number);
			else rules.checkLeaf(this.#certificate, this.#reference, number);
		}
		if (work.position-- > 0) return WORKING;
		if (rules.failure !== NO_FAILURE) {
			this.#note(rules.failure, rules.failedIndex, rules.result);
			work.state = FIND_PATH;
			return WORKING;
		}
		this.verifyResult = rules.result;
		work.position = 0;
		work.state = anchor === undefined ? FINISH : START_SIGNATURE;
		return WORKING;
	}

	/** From the leaf up: a namesake's key is found wrong at its first signature. */
	#startSignature(): number {
		const work = this.#work;
		const key = work.issuerKey;
		const anchor = this.#builder.anchor;
		if (work.position + 1 === this.#builder.length && anchor !== undefined) key.copy(anchor.publicKey);
		else {
			this.#decodeEntry(work.position + 1);
			key.copy(this.#certificate.publicKey);
		}
		this.#decodeEntry(work.position);
		work.state = CHECK_SIGNATURE;
		if (this.#entryAt(work.position).isSignedBy(key)) return WORKING;
		const { bytes, tbs, signature } = this.#certificate;
		const job = this.#registry.signature(key.type)?.createVerify(this.#registry);
		job?.start(schemeForKey(signature.scheme, key.type), key, bytes, tbs.at, tbs.end, bytes, signature.at, signature.end);
		work.job = job;
		work.signatures++;
		return WORKING;
	}

	#checkSignature(budget: number): number {
		const work = this.#work;
		const entry = this.#entryAt(work.position);
		if (!entry.isSignedBy(work.issuerKey)) {
			const status = work.job === undefined ? CERTIFICATE_SIGNATURE_WRONG : work.job.step(budget);
			if (status === WORKING) return WORKING;
			this.wipe();
			if (status !== DONE) {
				this.#note(CERTIFICATE_SIGNATURE_WRONG, this.#decodeEntry(work.position), verifyBitOf(CERTIFICATE_SIGNATURE_WRONG));
				work.state = FIND_PATH;
				return WORKING;
			}
			entry.noteSigner(work.issuerKey);
		}
		work.position++;
		work.state = work.position < this.#builder.length ? START_SIGNATURE : START_REVOCATION;
		return WORKING;
	}

	/** From the anchor down, once all signatures are right: who signs a CRL must be known to be who it says. */
	#startRevocation(): number {
		const anchor = this.#builder.anchor as TrustAnchor;
		this.#revocation.question.issuer.begin(anchor.publicKey, anchor.maySignCrls);
		this.#work.position = this.#builder.length - 1;
		this.#askRevocation();
		return WORKING;
	}

	#askRevocation(): void {
		const work = this.#work;
		const list = this.#list;
		const index = this.#decodeEntry(work.position);
		const question = this.#revocation.question;
		question.certificate = this.#certificate;
		question.isLeaf = work.position === 0;
		question.bytes = list.bytes;
		question.responseAt = index >= 0 ? list.responseAt[index] : -1;
		question.responseEnd = index >= 0 ? list.responseEnd[index] : -1;
		this.#revocation.start(this.#policy, this.#trust, this.#seconds);
		work.state = CHECK_REVOCATION;
	}

	/** Then the certificate signs the one below it. */
	#checkRevocation(budget: number): number {
		const work = this.#work;
		const status = this.#revocation.step(budget);
		if (status === WORKING) return WORKING;
		const index = this.#decodeEntry(work.position);
		if (status !== DONE) {
			this.#note(status, index, verifyBitOf(status));
			work.state = FIND_PATH;
			return WORKING;
		}
		if (this.#revocation.unknown) this.verifyResult |= VERIFY_REVOCATION_UNKNOWN;
		this.#revocation.question.issuer.descend(this.#certificate);
		if (work.position-- === 0) work.state = FINISH;
		else this.#askRevocation();
		return WORKING;
	}

	/** The path stands: gives the leaf's key out of the list's memory. */
	#finish(): number {
		this.#decodeEntry(0);
		const { publicKey, extensions } = this.#certificate;
		const key = this.leafKey;
		const length = publicKey.end - publicKey.at;
		if (length > key.bytes.length) return this.#fail(CERTIFICATE_KEY_TOO_LARGE, 0);
		copy(key.bytes, 0, publicKey.bytes, publicKey.at, publicKey.end);
		key.type = publicKey.type;
		key.end = length;
		this.leafKeyUsage = extensions.present & EXTENSION_KEY_USAGE ? extensions.keyUsage : ALL_KEY_USAGE;
		this.failure = NO_FAILURE;
		return DONE;
	}

	/** Without a path: what can be said of the leaf by itself. */
	#checkLeafAlone(): void {
		const rules = this.#rules;
		this.#decodeEntry(0);
		rules.start(this.#policy, this.#seconds);
		rules.checkLeaf(this.#certificate, this.#reference, 0);
		this.#note(rules.failure, rules.failedIndex, rules.result);
	}

	#entryAt(position: number): PathEntry {
		return this.#builder.entries[position === 0 ? 0 : this.#builder.path[position]];
	}

	/** Decodes a certificate of the path; answers its index in the list. */
	#decodeEntry(position: number): number {
		const number = position === 0 ? 0 : this.#builder.path[position];
		const entry = this.#entryAt(position);
		this.#certificate.decode(entry.bytes, entry.at, entry.end); // it was decoded before: this can't fail
		return number < this.#list.count ? number : ANCHOR_INDEX;
	}

	/**
	 * Of the paths that were tried, keeps what says most: a revoked certificate, then a rule that was broken (what is first
	 * in the order of the verify result), then a signature that is wrong, as those of namesakes are.
	 */
	#note(failure: Failure, index: number, bits: number): void {
		this.verifyResult |= bits;
		if (failure === NO_FAILURE) return;
		if (this.failure !== NO_FAILURE && rank(failure) >= rank(this.failure)) return;
		this.failure = failure;
		this.certificateIndex = index;
	}

	/** Ends with a failure that goes before all others. */
	#fail(failure: Failure, index: number): Failure {
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
