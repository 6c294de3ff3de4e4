// The keys of the authority that issued a certificate of a path: the one that signed it, and, where that one's
// certificate is the authority's own for a changed key (self-issued), the other one too. CRLs may be by either.

import type { Certificate } from "./certificate.js";
import { PublicKeyInfo } from "./public-key-info.js";

/**
 * Goes down a path.
 *
 *     issuer.begin(anchorKey, true);
 *     // check a certificate with issuer.key, then
 *     issuer.descend(certificate);            // it is the issuer of the next
 */
export class IssuerKeys {
	/** The key that signed the certificate. */
	readonly key = new PublicKeyInfo();
	/** Whether that key's usage allows CRLs. */
	maySignCrls = false;
	/** The other key of the same authority, if otherMaySignCrls. */
	readonly otherKey = new PublicKeyInfo();
	otherMaySignCrls = false;

	begin(key: PublicKeyInfo, maySignCrls: boolean): void {
		this.key.copy(key);
		this.maySignCrls = maySignCrls;
		this.otherMaySignCrls = false;
	}

	/** The next certificate was issued by this one. */
	descend(certificate: Certificate): void {
		this.otherMaySignCrls = this.maySignCrls && certificate.selfIssued();
		this.otherKey.copy(this.key);
		this.key.copy(certificate.publicKey);
		this.maySignCrls = certificate.extensions.maySignCrls();
	}
}
