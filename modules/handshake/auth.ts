// How the two ends prove who they are; a part of handshake/handshake. The jobs it starts are its own.

import { wipe } from "../base/bytes.js";
import type { SignJob, VerifyJob } from "../crypto/types.js";
import { CertificateList } from "../pki/certificate-list.js";
import { ChainVerifier } from "../pki/chain.js";
import { CertificateMessage } from "../wire/certificate.js";
import { CERTIFICATE_VERIFY_CONTENT_MAX, CertificateVerify } from "../wire/certificate-verify.js";
import { ExtensionBlock } from "../wire/extensions/block.js";
import type { Credential, Settings } from "./settings.js";

/** certificateAt while no Certificate is being sent. */
export const NOT_BEGUN = -4;

/** Certificates, signatures and where the sending of ours stands. */
export class Auth {
	/** The peer's certificates, in place in the message that stands. */
	readonly list = new CertificateList();
	readonly chain: ChainVerifier;
	/** The check of the peer's CertificateVerify, while it runs. */
	verify: VerifyJob | undefined = undefined;
	/** Our own signature, while it is made and sent. */
	sign: SignJob | undefined = undefined;
	/** What a CertificateVerify signs. */
	readonly content = new Uint8Array(CERTIFICATE_VERIFY_CONTENT_MAX);
	readonly message = new CertificateMessage();
	readonly certificateVerify = new CertificateVerify();
	readonly leafExtensions = new ExtensionBlock();
	readonly otherExtensions = new ExtensionBlock();
	/** What we prove ourselves with; undefined: nothing fits. */
	credential: Credential | undefined = undefined;
	/** The SignatureScheme of our CertificateVerify. */
	scheme = 0;
	/** Where the sending of a long Certificate stands: which certificate, and which byte of it. */
	certificateIndex = 0;
	certificateAt = NOT_BEGUN;
	/** Client: the server asked for a certificate. */
	requested = false;
	/** The peer's leaf, if settings.keepPeerCertificate. */
	peerLeaf: Uint8Array | undefined = undefined;

	constructor(settings: Settings) {
		this.chain = new ChainVerifier(settings.registry);
	}

	wipe(): void {
		this.verify?.wipe();
		this.sign?.wipe();
		this.verify = this.sign = undefined;
		wipe(this.content);
	}
}
