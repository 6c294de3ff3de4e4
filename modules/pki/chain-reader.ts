// Reads what a path may be made of: the peer's list, the trust store's certificates and bundles; and knows what the
// store's records (pins, TLSA) say of them. One certificate a step. A part of chain.ts.

import { type Failure, NO_FAILURE } from "../base/failure.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import { sha256 } from "../crypto/types.js";
import type { Certificate } from "./certificate.js";
import type { ChainQuestion } from "./chain-question.js";
import type { PathBuilder } from "./path-builder.js";
import type { PublicKeyInfo } from "./public-key-info.js";
import { PIN, TLSA_DANE_EE, TLSA_DANE_TA, TLSA_PKIX_EE, TLSA_PKIX_TA, TlsaMatcher } from "./tlsa.js";
import { TrustAnchor } from "./trust.js";

/**
 * Fills the path builder.
 *
 *     reader.start(question);
 *     while ((status = reader.step()) === WORKING) ...
 *     // DONE, or what is wrong with the certificate of reader.index
 */
export class ChainReader {
	/** The certificate of the list at hand. */
	index = 0;
	/** It is decoded, in two halves, and not among the path builder's yet. */
	isPending = false;
	#isDecoded = false;
	readonly #registry: Registry;
	#question: ChainQuestion | undefined = undefined;
	readonly #builder: PathBuilder;
	readonly #certificate: Certificate;
	readonly #matcher: TlsaMatcher;
	readonly #nameHash = new Uint8Array(32);
	/** The certificate of the trust store that is read next. */
	#nextAnchor = 0;
	/** Bits of the usages that the store has records of. */
	#usages = 0;

	constructor(registry: Registry, builder: PathBuilder, certificate: Certificate) {
		this.#registry = registry;
		this.#builder = builder;
		this.#certificate = certificate;
		this.#matcher = new TlsaMatcher(registry);
	}

	start(question: ChainQuestion): void {
		this.#question = question;
		this.#builder.reset();
		this.index = -1;
		this.isPending = this.#isDecoded = false;
		this.#nextAnchor = 0;
		this.#usages = 0;
		for (const record of question.trust.records) this.#usages |= 1 << record.usage;
	}

	/** Reads one certificate, one of the list in three steps: WORKING, DONE, or the failure of decoding it. The list must not be empty. */
	step(): Failure {
		const { list, trust, policy } = this.question;
		const certificate = this.#certificate;
		if (this.#isDecoded) {
			this.isPending = this.#isDecoded = false;
			this.addListed();
			return WORKING;
		}
		if (this.isPending) {
			const failure = certificate.finish();
			this.#isDecoded = true;
			return failure === NO_FAILURE ? WORKING : failure;
		}
		if (this.index + 1 < list.count) {
			this.index++;
			certificate.begin(list.bytes, list.at[this.index], list.end[this.index]);
			this.isPending = true;
			return WORKING;
		}
		// certificates of the trust store that can't end a path may still be in the middle of one
		while (this.#nextAnchor < trust.anchors.length) {
			const anchor = trust.anchors[this.#nextAnchor++];
			if (anchor.root || policy.partialChains) continue;
			certificate.decode(anchor.bytes, anchor.at, anchor.end);
			this.#builder.add(certificate, 0, false);
			return WORKING;
		}
		return DONE;
	}

	private get question(): ChainQuestion {
		return this.#question as ChainQuestion; // by start()
	}

	private addListed(): void {
		const { trust, policy } = this.question;
		const { bytes, at, end, publicKey } = this.#certificate;
		const records = this.#usages === 0 ? 0 : this.#matcher.match(trust.records, bytes, at, end, publicKey.infoAt, publicKey.infoEnd);
		let isAnchor = (records & this.anchoring()) !== 0;
		if (this.index === 0) {
			isAnchor = (records & (1 << PIN) & this.anchoring()) !== 0;
			for (const anchor of trust.anchors) if ((anchor.root || policy.partialChains) && anchor.is(bytes, at, end)) isAnchor = true;
		}
		this.#builder.add(this.#certificate, records, isAnchor);
		if (trust.bundles.length > 0) this.addBundled();
	}

	/** Usages whose certificates end a path: DANE-TA, and pins where there is nothing else to trust. */
	private anchoring(): number {
		const { trust } = this.question;
		const pinsOnly = trust.anchors.length === 0 && trust.bundles.length === 0;
		return (1 << TLSA_DANE_TA) | (pinsOnly ? 1 << PIN : 0);
	}

	/** Anchors of the bundles with the name of the issuer. */
	private addBundled(): void {
		const { bytes, issuer } = this.#certificate;
		const hash = this.#registry.hash(sha256)?.create();
		if (hash === undefined) return;
		hash.update(bytes, issuer.at, issuer.end);
		hash.digest(this.#nameHash, 0);
		for (const bundle of this.question.trust.bundles) {
			for (let keyAt = bundle.find(this.#nameHash, 0); keyAt >= 0; keyAt = bundle.find(this.#nameHash, bundle.end)) {
				const anchor = new TrustAnchor(bytes);
				anchor.subject.copy(issuer);
				anchor.notAfter = bundle.notAfter;
				anchor.publicKey.setRaw(bundle.keyType, bundle.bytes, keyAt, bundle.end);
				this.#builder.addAnchor(anchor);
			}
		}
	}

	/** Whether the leaf is known by a DANE-EE record: nothing else about it matters then (RFC 7671 5.1). */
	leafIsKnown(): boolean {
		return (this.#builder.entries[0].records & (1 << TLSA_DANE_EE)) !== 0;
	}

	/** Whether a raw public key is one that the store's records name: by itself, or as the peer's own (DANE-EE). */
	knowsRawKey(key: PublicKeyInfo): boolean {
		const usages = this.#matcher.match(this.question.trust.records, key.bytes, -1, -1, key.infoAt, key.infoEnd);
		return (usages & ((1 << PIN) | (1 << TLSA_DANE_EE))) !== 0;
	}

	/** Whether the path that was found has what the records of the store demand. */
	satisfied(): boolean {
		const builder = this.#builder;
		const leaf = builder.entries[0].records;
		const anchor = builder.anchor;
		let above = 0;
		for (let i = 1; i < builder.length; i++) above |= builder.entries[builder.path[i]].records;
		const endsInRecord = anchor === undefined && (above & (1 << TLSA_DANE_TA)) !== 0;
		if (anchor !== undefined && this.#usages !== 0) {
			const { at, end, publicKey } = anchor;
			above |= this.#matcher.match(this.question.trust.records, publicKey.bytes, at, end, publicKey.infoAt, publicKey.infoEnd);
		}
		if (this.#usages & (1 << PIN) && ((leaf | above) & (1 << PIN)) === 0) return false;
		if ((this.#usages & ((1 << PIN) - 1)) === 0 || endsInRecord) return true;
		return (leaf & (1 << TLSA_PKIX_EE)) !== 0 || (above & (1 << TLSA_PKIX_TA)) !== 0;
	}
}
