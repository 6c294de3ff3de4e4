// What one verification is about: made by chain.ts, read by the parts that do the work.

import type { CertificateList } from "./certificate-list.js";
import type { ChainPolicy } from "./chain-policy.js";
import { ReferenceName } from "./reference-name.js";
import type { TrustStore } from "./trust.js";

/** The question of one verification. */
export class ChainQuestion {
	readonly policy: ChainPolicy;
	readonly trust: TrustStore;
	readonly list: CertificateList;
	/** Since 1970; -1: the device doesn't know the time. */
	readonly seconds: number;
	/** What the leaf must be called. */
	readonly reference = new ReferenceName();

	constructor(policy: ChainPolicy, trust: TrustStore, list: CertificateList, name: string, seconds: number) {
		this.policy = policy;
		this.trust = trust;
		this.list = list;
		this.seconds = seconds;
		this.reference.set(name);
	}
}
