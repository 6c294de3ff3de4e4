// How the two ends prove who they are; a part of handshake/handshake. The jobs it starts are its own.

import { NO_BYTES } from "../base/bytes.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import type { SignJob, VerifyJob } from "../crypto/types.js";
import { CertificateList } from "../pki/certificate-list.js";
import { ChainVerifier, NO_KEY } from "../pki/chain.js";
import { CertificateMessage } from "../wire/certificate.js";
import { CertificateVerify } from "../wire/certificate-verify.js";
import { ExtensionBlock } from "../wire/extensions/block.js";
import { certificate_type_x509 } from "../wire/registry.js";
import type { Credential } from "./settings.js";

const NO_CERTIFICATES: readonly Uint8Array[] = Object.freeze([]);

/** certificateAt while no Certificate is being sent. */
export const NOT_BEGUN = -4;

/** The peer's certificates while they are checked: the largest part of a handshake, so it is there no longer than that. */
export class PeerCertificates {
	/** In place in the message that stands. */
	readonly list = new CertificateList();
	readonly message = new CertificateMessage();
	readonly extensions = new ExtensionBlock();
	readonly chain: ChainVerifier;

	constructor(registry: Registry) {
		this.chain = new ChainVerifier(registry);
	}
}

/** What the check of the peer's certificates came to. */
export class Verdict {
	/** VERIFY_... (pki/verify-result). */
	bits = 0;
	/** The certificate that a failure is about: 0 the peer's own, -1 an anchor. */
	certificate = 0;
	/** Its subject, a DER Name; empty if all is well or it can't be read. */
	subject: Uint8Array = NO_BYTES;
}

/** Certificates, signatures and where the sending of ours stands. */
export class Auth {
	/** From the peer's Certificate until it has been checked. */
	peer: PeerCertificates | undefined = undefined;
	/** After that: the leaf's key in memory of its own, and KEY_USAGE_... bits. */
	leafKey = NO_KEY;
	leafKeyUsage = 0;
	readonly verdict = new Verdict();
	/** Copies of what the peer showed: as much as settings.keepPeerCertificate and keepPeerChain ask for. */
	peerCertificates: readonly Uint8Array[] = NO_CERTIFICATES;
	readonly certificateVerify = new CertificateVerify();
	/** The check of the peer's CertificateVerify, while it runs. */
	verify: VerifyJob | undefined = undefined;
	/** Our own signature, while it is made and sent. */
	sign: SignJob | undefined = undefined;
	/** What we prove ourselves with; undefined: nothing fits. */
	credential: Credential | undefined = undefined;
	/** CertificateTypes (RFC 7250) that were agreed on: of what we show and of what the peer does. */
	ownType = certificate_type_x509;
	peerType = certificate_type_x509;
	/** The SignatureScheme of our CertificateVerify. */
	scheme = 0;
	/** Where the sending of a long Certificate stands: which certificate, and which byte of it. */
	certificateIndex = 0;
	certificateAt = NOT_BEGUN;
	/** Client: the server asked for a certificate. */
	requested = false;

	/** A slice of the check of the peer's chain: WORKING, DONE or a failure. */
	checkChain(budget: number): number {
		if (this.peer === undefined) throw new Error("there is no chain to check");
		const { chain } = this.peer;
		const result = chain.step(budget);
		if (result === WORKING) return WORKING;
		const { verdict } = this;
		verdict.bits = chain.verifyResult;
		verdict.certificate = chain.certificateIndex;
		if (result !== DONE) {
			verdict.subject = chain.failedSubject();
			return result;
		}
		this.leafKey = chain.leafKey;
		this.leafKeyUsage = chain.leafKeyUsage;
		this.peer = undefined;
		return DONE;
	}

	/** The handshake is done: lets go of what nobody asks for any more. */
	release(): void {
		this.wipe();
		this.leafKey = NO_KEY;
		this.credential = undefined;
	}

	wipe(): void {
		this.peer?.chain.wipe();
		this.verify?.wipe();
		this.sign?.wipe();
		this.peer = this.verify = this.sign = undefined;
	}
}
