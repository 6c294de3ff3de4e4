// What a client with several certificates answers a CertificateRequest with: one whose key the server can check, and of
// those the first that an authority of the server's list issued (RFC 8446 4.2.4, RFC 5246 7.4.4). For client12 and client13.

import { equalPublic } from "../base/bytes.js";
import { NO_FAILURE } from "../base/failure.js";
import { Certificate } from "../pki/certificate.js";
import { isRaw } from "./certificate-type.js";
import type { Handshake } from "./handshake.js";
import type { Credential } from "./settings.js";

/**
 * Offers a credential with the scheme it would sign by, 0 if none fits, against the authorities at [at, end) of the message;
 * answers whether it is as good as can be. The first that fits at all is taken if no authority issued any: the list is a hint.
 */
export function proposeCredential(hs: Handshake, credential: Credential, scheme: number, at: number, end: number): boolean {
	const { auth, messages } = hs;
	if (scheme === 0) return false;
	const isIssued = at === end || isRaw(credential) || isIssuedByListed(credential, messages.memory, at, end);
	if (auth.credential !== undefined && !isIssued) return false;
	auth.credential = credential;
	auth.scheme = scheme;
	return isIssued;
}

/** Whether one of its certificates was issued under a name of the list. */
function isIssuedByListed({ chain }: Credential, memory: Uint8Array, at: number, end: number): boolean {
	const certificate = new Certificate();
	for (const bytes of chain) {
		if (certificate.decode(bytes, 0, bytes.length) !== NO_FAILURE) continue;
		for (let place = at; place < end; ) {
			const nameAt = place + 2;
			place = nameAt + ((memory[place] << 8) | memory[place + 1]);
			if (equalPublic(bytes, certificate.issuer.at, certificate.issuer.end, memory, nameAt, place)) return true;
		}
	}
	return false;
}
