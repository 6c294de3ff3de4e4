// Certificate policies (RFC 5280 6.1, with the graph of RFC 9618 in place of the tree): which policies a path is
// valid for. What is kept is only the lowest row of the graph: for each policy that the next certificate may name, which
// of the policies asked for it descends from. That is enough to refuse a path where a policy is required and
// none is valid, in fixed memory.

import { equalPublic } from "../base/bytes.js";
import { DER_OID, DER_SEQUENCE, openDer } from "../base/der.js";
import { Reader } from "../base/reader.js";
import type { Certificate } from "./certificate.js";
import { anyPolicy, oidOf } from "./oid.js";

/** More policies in one row are too many to follow: then none counts as valid. */
const MAX_POLICIES = 24;
/** More certificates than any path has. */
const UNLIMITED = 1000;
/** The origin of a policy where none in particular was asked for. */
const ANY_ORIGIN = 1;

/** A policy by the place of its identifier's contents. */
interface Policy {
	readonly bytes: Uint8Array;
	readonly at: number;
	readonly end: number;
	/** A bit for each policy asked for that it descends from. */
	origins: number;
}

class PolicyRow {
	readonly policies: Policy[] = [];
	/** Whether every other policy is valid too (a node of anyPolicy). */
	any = false;

	/** Adds a policy, or origins to the one that is there; false if there is no room. */
	add(bytes: Uint8Array, at: number, end: number, origins: number): boolean {
		const known = this.find(bytes, at, end);
		if (known !== undefined) known.origins |= origins;
		else if (this.policies.length === MAX_POLICIES) return false;
		else this.policies.push({ bytes, at, end, origins });
		return true;
	}

	find(bytes: Uint8Array, at: number, end: number): Policy | undefined {
		return this.policies.find((each) => equalPublic(each.bytes, each.at, each.end, bytes, at, end));
	}

	clear(): void {
		this.policies.length = 0;
		this.any = false;
	}
}

/** What the caller asks of policies (RFC 5280 6.1.1 (c), (e) to (g)). Shared and read-only. */
export interface PolicyQuestion {
	/** Contents of the OBJECT IDENTIFIERs of the policies that are acceptable, at most 31; none stands for any. */
	readonly acceptablePolicies: readonly Uint8Array[];
	/** Whether the path must be valid for one of them. */
	readonly requirePolicy: boolean;
	readonly inhibitPolicyMapping: boolean;
	readonly inhibitAnyPolicy: boolean;
}

/**
 * The policies of a path, from the top down.
 *
 *     policies.start(policy);
 *     if (!policies.passAuthority(certificate)) ...     // each below the anchor
 *     if (!policies.passLeaf(certificate)) ...
 */
export class ValidPolicies {
	#row = new PolicyRow();
	#next = new PolicyRow();
	#acceptable: readonly Uint8Array[] = [];
	/** How many certificates may follow until a policy is required, mapping is over, anyPolicy is over. */
	#explicit = 0;
	#mapping = 0;
	#inhibitAny = 0;
	#reader = new Reader();

	start(question: PolicyQuestion): void {
		this.#acceptable = question.acceptablePolicies;
		this.#row.clear();
		this.#row.any = true;
		this.#explicit = question.requirePolicy ? 0 : UNLIMITED;
		this.#mapping = question.inhibitPolicyMapping ? 0 : UNLIMITED;
		this.#inhibitAny = question.inhibitAnyPolicy ? 0 : UNLIMITED;
	}

	/** An authority below the anchor; false if a policy is required here and none is valid, or its mapping is wrong. */
	passAuthority(certificate: Certificate): boolean {
		const selfIssued = certificate.selfIssued();
		this.descend(certificate, selfIssued);
		if (this.#explicit === 0 && this.empty()) return false;
		if (!this.map(certificate)) return false;
		if (!selfIssued) {
			if (this.#explicit > 0) this.#explicit--;
			if (this.#mapping > 0) this.#mapping--;
			if (this.#inhibitAny > 0) this.#inhibitAny--;
		}
		const limits = certificate.extensions.policyLimits;
		if (limits.requireExplicit >= 0 && limits.requireExplicit < this.#explicit) this.#explicit = limits.requireExplicit;
		if (limits.inhibitMapping >= 0 && limits.inhibitMapping < this.#mapping) this.#mapping = limits.inhibitMapping;
		if (limits.inhibitAny >= 0 && limits.inhibitAny < this.#inhibitAny) this.#inhibitAny = limits.inhibitAny;
		return true;
	}

	/** The last certificate; false if a policy is required and none of those asked for is valid. */
	passLeaf(certificate: Certificate): boolean {
		this.descend(certificate, false);
		if (this.#explicit === 0 && this.empty()) return false;
		const required = this.#explicit <= 1 || certificate.extensions.policyLimits.requireExplicit === 0;
		return !required || this.acceptableLeft();
	}

	private empty(): boolean {
		return this.#row.policies.length === 0 && !this.#row.any;
	}

	private acceptableLeft(): boolean {
		const { any, policies } = this.#row;
		return any || policies.some(({ origins }) => origins !== 0);
	}

	/** The origin of a policy that stands under anyPolicy. */
	private originOf(bytes: Uint8Array, at: number, end: number): number {
		const acceptable = this.#acceptable;
		if (acceptable.length === 0) return ANY_ORIGIN;
		for (let i = 0; i < acceptable.length && i < 31; i++) if (equalPublic(acceptable[i], 0, acceptable[i].length, bytes, at, end)) return 1 << i;
		return 0;
	}

	/** 6.1.3 (d) and (e): the row under the present one. */
	private descend(certificate: Certificate, selfIssued: boolean): void {
		const row = this.#row;
		const next = this.#next;
		const { bytes, extensions } = certificate;
		const reader = this.#reader;
		next.clear();
		let any = false;
		let room = true;
		reader.reset(bytes, extensions.policies.at, extensions.policies.end);
		while (extensions.policies.at >= 0 && reader.more()) {
			const mark = openDer(reader, DER_SEQUENCE);
			const identifier = openDer(reader, DER_OID);
			const at = reader.at;
			const end = reader.end;
			reader.skip(identifier);
			reader.skip(mark);
			const known = row.find(bytes, at, end);
			if (isAnyPolicy(bytes, at, end)) any = true;
			else if (known !== undefined) room = next.add(bytes, at, end, known.origins) && room;
			else if (row.any) room = next.add(bytes, at, end, this.originOf(bytes, at, end)) && room;
		}
		if (any && (this.#inhibitAny > 0 || selfIssued)) {
			next.any = row.any;
			for (const { bytes, at, end, origins } of row.policies) if (next.find(bytes, at, end) === undefined) room = next.add(bytes, at, end, origins) && room;
		}
		if (!room) next.clear();
		this.#next = row;
		this.#row = next;
	}

	/** 6.1.4 (a) and (b): policies of the issuer's domain become those of the subject's. */
	private map(certificate: Certificate): boolean {
		const { bytes, extensions } = certificate;
		const place = extensions.policyMappings;
		if (place.at < 0) return true;
		const row = this.#row;
		const next = this.#next;
		const reader = this.#reader;
		next.clear();
		next.any = row.any;
		let room = true;
		// what isn't mapped stays as it is
		for (const policy of row.policies)
			if (!this.isMapped(bytes, place.at, place.end, policy)) room = next.add(policy.bytes, policy.at, policy.end, policy.origins) && room;
		reader.reset(bytes, place.at, place.end);
		while (reader.more()) {
			const mark = openDer(reader, DER_SEQUENCE);
			const from = openDer(reader, DER_OID);
			const fromAt = reader.at;
			const fromEnd = reader.end;
			reader.skip(from);
			const to = openDer(reader, DER_OID);
			const toAt = reader.at;
			const toEnd = reader.end;
			reader.skip(to);
			reader.skip(mark);
			if (isAnyPolicy(bytes, fromAt, fromEnd) || isAnyPolicy(bytes, toAt, toEnd)) return false;
			if (this.#mapping === 0) continue;
			const known = row.find(bytes, fromAt, fromEnd);
			if (known !== undefined) room = next.add(bytes, toAt, toEnd, known.origins) && room;
			else if (row.any) room = next.add(bytes, toAt, toEnd, this.originOf(bytes, fromAt, fromEnd)) && room;
		}
		if (!room) next.clear();
		this.#next = row;
		this.#row = next;
		return true;
	}

	/** Whether the mappings at [at, end) name this policy of the issuer's domain. */
	private isMapped(bytes: Uint8Array, at: number, end: number, policy: Policy): boolean {
		const reader = this.#reader;
		reader.reset(bytes, at, end);
		while (reader.more()) {
			const mark = openDer(reader, DER_SEQUENCE);
			const identifier = openDer(reader, DER_OID);
			const same = equalPublic(bytes, reader.at, reader.end, policy.bytes, policy.at, policy.end);
			reader.skip(identifier);
			reader.skip(mark);
			if (same) return true;
		}
		return false;
	}
}

/** 2.5.29.32.0 by the contents of its OBJECT IDENTIFIER. */
function isAnyPolicy(bytes: Uint8Array, at: number, end: number): boolean {
	return oidOf(bytes, at, end) === anyPolicy;
}
