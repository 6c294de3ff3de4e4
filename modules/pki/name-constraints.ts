// Name constraints (RFC 5280 4.2.1.10): what the authorities of a path allow the certificates below them to be
// called. Each authority's constraints are kept as a place and asked one by one, which is the same as the
// intersection of what is permitted and the union of what is excluded.

import { DER_SEQUENCE, DER_SET, openDer, peekDer } from "../base/der.js";
import { Reader } from "../base/reader.js";
import type { Certificate } from "./certificate.js";
import { DER_CONTEXT_CONSTRUCTED, DER_IA5_STRING } from "./der-values.js";
import { directoryName, dNSName, GeneralName, iPAddress, rfc822Name, takeSubtree, uniformResourceIdentifier } from "./general-name.js";
import { NameComparison } from "./name.js";
import { addressWithin, hostIsWellFormed, hostWithin, mailboxHostAt, mailboxWithin, uriHostAt, uriHostEnd, wildcardOverlaps } from "./name-forms.js";
import { emailAddress, takeOid } from "./oid.js";

/** Comparisons of a name with a subtree that one certificate may cost; a peer that wants more is refused. */
const MAX_COMPARISONS = 4000;

/**
 * The constraints of a path.
 *
 *     constraints.reset();
 *     if (!constraints.permit(certificate)) ...   // from the top down; the leaf too
 *     constraints.add(certificate);               // then its own constraints hold for those below
 */
export class NameConstraints {
	#count = 0;
	#bytes: Uint8Array[] = [];
	#at: number[] = [];
	#end: number[] = [];
	#comparisons = 0;
	#names = new Reader();
	#name = new GeneralName();
	#trees = new Reader();
	#tree = new GeneralName();
	#comparison = new NameComparison();

	reset(): void {
		this.#count = 0;
	}

	/** Adds what this authority demands of the certificates below it; its bytes must stay as they are. */
	add(certificate: Certificate): void {
		const place = certificate.extensions.nameConstraints;
		if (place.at < 0) return;
		this.#bytes[this.#count] = certificate.bytes;
		this.#at[this.#count] = place.at;
		this.#end[this.#count] = place.end;
		this.#count++;
	}

	/** Whether everything that the certificate is called is permitted. */
	permit(certificate: Certificate): boolean {
		this.#comparisons = 0;
		if (this.#count === 0) return true;
		const names = this.#names;
		const name = this.#name;
		const { bytes, subject, extensions } = certificate;
		if (subject.end - subject.at > 2) {
			name.kind = directoryName;
			name.at = subject.at;
			name.end = subject.end;
			if (!this.permitName(bytes)) return false;
		}
		const alternative = extensions.subjectAltName;
		if (alternative.at < 0) return this.permitMailboxes(bytes, subject.at, subject.end);
		names.reset(bytes, alternative.at, alternative.end);
		while (names.more()) {
			name.decode(names, false);
			if (!this.permitName(bytes)) return false;
		}
		return true;
	}

	/** Without alternative names, the mailboxes in the subject count as such. */
	private permitMailboxes(bytes: Uint8Array, at: number, end: number): boolean {
		const names = this.#names;
		const name = this.#name;
		names.reset(bytes, at, end);
		openDer(names, DER_SEQUENCE);
		while (names.more()) {
			const set = openDer(names, DER_SET);
			while (names.more()) {
				const attribute = openDer(names, DER_SEQUENCE);
				const mailbox = takeOid(names) === emailAddress && peekDer(names) === DER_IA5_STRING;
				const value = openDer(names, peekDer(names));
				name.kind = rfc822Name;
				name.at = names.at;
				name.end = names.end;
				names.skip(value);
				names.close(attribute);
				if (mailbox && !this.permitName(bytes)) return false;
			}
			names.close(set);
		}
		return true;
	}

	private permitName(bytes: Uint8Array): boolean {
		for (let i = 0; i < this.#count; i++) {
			const trees = this.#trees;
			trees.reset(this.#bytes[i], this.#at[i], this.#end[i]);
			if (peekDer(trees) === DER_CONTEXT_CONSTRUCTED && !this.permitted(bytes)) return false;
			if (peekDer(trees) === (DER_CONTEXT_CONSTRUCTED | 1) && this.excluded(bytes)) return false;
		}
		return true;
	}

	/** Whether the name is in one of the permitted subtrees, or none is of its kind. */
	private permitted(bytes: Uint8Array): boolean {
		const trees = this.#trees;
		const mark = openDer(trees, DER_CONTEXT_CONSTRUCTED);
		let constrained = false;
		let within = false;
		while (trees.more()) {
			takeSubtree(trees, this.#tree);
			if (++this.#comparisons > MAX_COMPARISONS) return false;
			if (this.#tree.kind !== this.#name.kind) continue;
			constrained = true;
			within ||= this.within(bytes, false);
		}
		trees.close(mark);
		return within || !constrained;
	}

	private excluded(bytes: Uint8Array): boolean {
		const trees = this.#trees;
		const mark = openDer(trees, DER_CONTEXT_CONSTRUCTED | 1);
		while (trees.more()) {
			takeSubtree(trees, this.#tree);
			if (++this.#comparisons > MAX_COMPARISONS) return true;
			if (this.#tree.kind !== this.#name.kind) continue;
			if (this.within(bytes, true)) return true;
		}
		trees.close(mark);
		return false;
	}

	/**
	 * Whether the name is in the subtree. What can't be judged is answered so that it is refused: as not permitted, or
	 * as excluded.
	 */
	private within(bytes: Uint8Array, refusing: boolean): boolean {
		const { kind, at, end } = this.#name;
		const base = this.#trees.bytes;
		const baseAt = this.#tree.at;
		const baseEnd = this.#tree.end;
		switch (kind) {
			case directoryName:
				return this.#comparison.begins(base, baseAt, baseEnd, bytes, at, end);
			case dNSName:
				if (!hostIsWellFormed(bytes, at, end)) return refusing;
				return hostWithin(bytes, at, end, base, baseAt, baseEnd, true) || (refusing && wildcardOverlaps(bytes, at, end, base, baseAt, baseEnd));
			case rfc822Name:
				if (mailboxHostAt(bytes, at, end) < 0) return refusing;
				return mailboxWithin(bytes, at, end, base, baseAt, baseEnd);
			case iPAddress:
				return addressWithin(bytes, at, end, base, baseAt, baseEnd);
			case uniformResourceIdentifier: {
				const hostAt = uriHostAt(bytes, at, end);
				if (hostAt < 0) return refusing;
				return hostWithin(bytes, hostAt, uriHostEnd(bytes, hostAt, end), base, baseAt, baseEnd, false);
			}
			default:
				return refusing;
		}
	}
}
