// Finds paths from the leaf to an anchor by names (RFC 5280 6.1 (a) (4), RFC 4158): certificates may come in any
// order, with others between them, and with several ways up. Depth first, one certificate a step, a bounded
// number of steps. It trusts nothing it reads: the rules and the signatures of a path are checked afterwards.

import { equalPublic, NO_BYTES } from "../base/bytes.js";
import type { PublicKey } from "../crypto/types.js";
import type { Certificate } from "./certificate.js";
import { NameComparison } from "./name.js";
import { Place } from "./place.js";
import { PublicKeyInfo } from "./public-key-info.js";
import type { TrustAnchor, TrustStore } from "./trust.js";

export const PATH_SEARCHING = 0;
export const PATH_FOUND = 1;
/** No further path. */
export const PATH_NONE = 2;
/** No further path, but there are certificates that would have made a path too deep. */
export const PATH_TOO_DEEP = 4;
/** There may be more, but the work that a peer may cause is done. */
export const PATH_LIMIT = 3;

/** Steps of one search: certificates tried, over all paths. */
const MAX_STEPS = 200;

/** What the search knows of one certificate. */
export class PathEntry {
	bytes: Uint8Array = NO_BYTES;
	at = 0;
	end = 0;
	readonly subject = new Place();
	readonly issuer = new Place();
	readonly subjectKeyId = new Place();
	readonly authorityKeyId = new Place();
	/** Whether subject and issuer are the same name: these don't count towards the depth. */
	selfIssued = false;

	/** What is signed, the signature, and the key that signs others: copies of the places, so that it need not be decoded again. */
	readonly tbs = new Place();
	readonly signature = new Place();
	/** SignatureScheme, PSS by its rsae number. */
	scheme = 0;
	readonly publicKey = new PublicKeyInfo();
	/** Seconds since 1970. */
	notAfter = 0;
	/** Bits of the usages of records (tlsa.ts) that fit it. */
	records = 0;
	/** Whether a path may end here: it is itself an anchor. */
	isAnchor = false;
	/** The key under which its signature was right, so that another path with the same need not check it again. */
	readonly signer = new PublicKeyInfo();

	isSignedBy(key: PublicKey): boolean {
		return equalPublic(this.signer.bytes, this.signer.at, this.signer.end, key.bytes, key.at, key.end);
	}

	is(bytes: Uint8Array, at: number, end: number): boolean {
		return equalPublic(this.bytes, this.at, this.end, bytes, at, end);
	}
}

/**
 * A search. Certificates have numbers: in the order in which they were added, the leaf first.
 *
 *     builder.reset();
 *     builder.add(certificate, 0, false);     // each of them
 *     builder.start(trust, false, 6);
 *     while ((found = builder.step()) === PATH_SEARCHING) ...
 *     // builder.path[0] to path[length - 1] and, above it, builder.anchor
 */
export class PathBuilder {
	readonly entries: PathEntry[] = [];
	count = 0;
	/** The path: numbers of certificates, the leaf (0) first. */
	readonly path: number[] = [];
	length = 0;
	/** What the path ends in: undefined if its last certificate is itself an anchor. */
	anchor: TrustAnchor | undefined = undefined;
	/** How far each certificate of the path has looked for its issuer; -1: not at all yet. */
	#cursor: number[] = [];
	#anchors: readonly TrustAnchor[] = [];
	#partialChains = false;
	#maxDepth = 0;
	#steps = 0;
	readonly #added: TrustAnchor[] = [];
	#tooDeep = false;
	#names = new NameComparison();

	reset(): void {
		this.count = 0;
		this.length = 0;
		this.anchor = undefined;
		this.#added.length = 0;
	}

	/** Notes a decoded certificate; its bytes must stay as they are. records and isAnchor as in PathEntry. */
	add(certificate: Certificate, records: number, isAnchor: boolean): void {
		if (this.count === this.entries.length) this.entries.push(new PathEntry());
		const entry = this.entries[this.count++];
		entry.bytes = certificate.bytes;
		entry.at = certificate.at;
		entry.end = certificate.end;
		entry.subject.copy(certificate.subject);
		entry.issuer.copy(certificate.issuer);
		entry.subjectKeyId.copy(certificate.extensions.subjectKeyId);
		entry.authorityKeyId.copy(certificate.extensions.authorityKeyId);
		entry.tbs.copy(certificate.tbs);
		entry.signature.set(certificate.signature.at, certificate.signature.end);
		entry.scheme = certificate.signature.scheme;
		entry.publicKey.copy(certificate.publicKey);
		entry.notAfter = certificate.notAfter;
		entry.selfIssued = certificate.selfIssued();
		entry.records = records;
		entry.isAnchor = isAnchor;
		entry.signer.end = entry.signer.at;
	}

	/** Adds an anchor to those of the trust store. */
	addAnchor(anchor: TrustAnchor): void {
		this.#added.push(anchor);
	}

	/** Begins at the certificate that was added first. maxDepth: the most certificates between it and the anchor. */
	start(trust: TrustStore, partialChains: boolean, maxDepth: number): void {
		this.#anchors = trust.anchors;
		this.#partialChains = partialChains;
		this.#maxDepth = maxDepth;
		this.#steps = 0;
		this.#tooDeep = false;
		this.length = 0;
		this.push(0);
	}

	/** Goes on by one certificate: PATH_SEARCHING, PATH_FOUND, or one of the two ends. After PATH_FOUND the next step looks for another path. */
	step(): number {
		if (this.length === 0) return this.#tooDeep ? PATH_TOO_DEEP : PATH_NONE;
		if (++this.#steps > MAX_STEPS) return PATH_LIMIT;
		const known = this.#anchors.length;
		const anchors = known + this.#added.length;
		const choices = anchors + this.count;
		const top = this.entries[this.path[this.length - 1]];
		if (this.#cursor[this.length - 1] < 0) {
			this.#cursor[this.length - 1] = 0;
			if (top.isAnchor) {
				this.anchor = undefined;
				return PATH_FOUND;
			}
		}
		// twice over all candidates: first those whose key identifiers agree or say nothing
		for (let cursor = this.#cursor[this.length - 1]; cursor < 2 * choices; cursor++) {
			const choice = cursor % choices;
			const agreeing = cursor < choices;
			this.#cursor[this.length - 1] = cursor + 1;
			if (choice < anchors) {
				const anchor = choice < known ? this.#anchors[choice] : this.#added[choice - known];
				if (!this.ends(anchor) || anchor.is(top.bytes, top.at, top.end)) continue; // no certificate stands above itself
				if (!this.mayIssue(anchor.bytes, anchor.subject, anchor.subjectKeyId, top, agreeing)) continue;
				this.anchor = anchor;
				return PATH_FOUND;
			}
			const entry = this.entries[choice - anchors];
			if (!this.mayIssue(entry.bytes, entry.subject, entry.subjectKeyId, top, agreeing) || this.onPath(entry)) continue;
			if (!entry.selfIssued && this.depth() === this.#maxDepth) {
				this.#tooDeep = true;
				continue;
			}
			this.push(choice - anchors);
			return PATH_SEARCHING;
		}
		this.length--;
		return PATH_SEARCHING;
	}

	/** Whether an anchor can end a path: a certificate that isn't self-issued only if that is allowed. */
	private ends(anchor: TrustAnchor): boolean {
		return anchor.root || this.#partialChains;
	}

	private push(number: number): void {
		this.path[this.length] = number;
		this.#cursor[this.length] = -1;
		this.length++;
	}

	/** By name, and by key identifier as far as both have one: agreeing asks for those that do agree, else for the others. */
	private mayIssue(bytes: Uint8Array, subject: Place, keyId: Place, top: PathEntry, agreeing: boolean): boolean {
		const wanted = top.authorityKeyId;
		const agrees = wanted.at < 0 || keyId.at < 0 || equalPublic(bytes, keyId.at, keyId.end, top.bytes, wanted.at, wanted.end);
		return agrees === agreeing && this.#names.same(bytes, subject.at, subject.end, top.bytes, top.issuer.at, top.issuer.end);
	}

	/** Authorities on the path that aren't self-issued. */
	private depth(): number {
		let depth = 0;
		for (let i = 1; i < this.length; i++) if (!this.entries[this.path[i]].selfIssued) depth++;
		return depth;
	}

	private onPath(entry: PathEntry): boolean {
		for (let i = 0; i < this.length; i++) if (this.entries[this.path[i]].is(entry.bytes, entry.at, entry.end)) return true;
		return false;
	}
}
