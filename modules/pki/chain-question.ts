// What one verification is about: filled by chain.ts, read by the parts that do the work.

import { CertificateList } from "./certificate-list.js";
import { ChainPolicy } from "./chain-policy.js";
import { ReferenceName } from "./reference-name.js";
import { TrustStore } from "./trust.js";

/**
 * The question of one verification; one object serves all of a verifier.
 *
 *     question.trust = settings.trust;
 *     question.reference.set("device.example");
 */
export class ChainQuestion {
	policy = new ChainPolicy();
	trust = new TrustStore();
	list = new CertificateList(0);
	/** Since 1970; -1: the device doesn't know the time. */
	seconds = -1;
	/** What the leaf must be called. */
	readonly reference = new ReferenceName();
}
