// What the hellos of a handshake agree on while they go back and forth; a part of handshake/handshake.

import { NO_BYTES, wipe } from "../base/bytes.js";
import { IMPORTED_BINDER } from "../crypto/labels.js";
import { ClientHello } from "../wire/client-hello.js";
import { ExtensionBlock } from "../wire/extensions/block.js";
import { KeyShareEntry } from "../wire/extensions/key-share.js";
import { ServerHello } from "../wire/server-hello.js";
import type { PskOffer } from "./psk.js";
import type { Session } from "./session.js";

/** The pre-shared keys of a handshake of 1.3, and what stands for them in 1.2. */
export class PskAgreement {
	/** Client: those that it offers. */
	offers: readonly PskOffer[] = [];
	/** Client: the session of 1.2 that it offers. */
	session12: Session | undefined = undefined;
	/** Where their binders begin in the ClientHello that is being written; -1 without a PSK. */
	bindersAt = -1;
	/** The one that both agreed on. */
	chosen: PskOffer | undefined = undefined;
	/** Server: its index, and the PskKeyExchangeMode it is used in. */
	index = 0;
	mode = 0;

	/** Imported keys are of this handshake; the others are the application's or a session's. */
	wipe(): void {
		for (const { key, label } of this.offers) if (label === IMPORTED_BINDER) wipe(key);
		if (this.chosen?.label === IMPORTED_BINDER) wipe(this.chosen.key);
	}
}

/** What a second ClientHello brings back, and what it must not change. */
export class Retry {
	/** Server: a HelloRetryRequest has asked for a share of the group. */
	groupAsked = false;
	/** Client: the cookie of a HelloRetryRequest, its own copy. */
	cookie: Uint8Array | undefined = undefined;
	/** Client: the cookie of a HelloVerifyRequest (RFC 6347 4.2.1), its own copy; empty if there was none. */
	verifyCookie: Uint8Array = NO_BYTES;
	/** Server: a hash of what a second ClientHello must not change (RFC 8446 4.1.2). */
	unchangingHash: Uint8Array = NO_BYTES;
}

/** What both hellos brought, and what a second ClientHello repeats. */
export class Hello {
	readonly clientRandom = new Uint8Array(32);
	readonly serverRandom = new Uint8Array(32);
	/** The legacy_session_id of the ClientHello. */
	readonly sessionId = new Uint8Array(32);
	sessionIdLength = 0;
	/** Client: the rows of the extensions that it sent. */
	offered = 0;
	/** Client: the group of its share. Server: the group it wants a share of. */
	group = 0;
	/** Server: the CertificateTypes that the client takes of us, as bits. */
	peerTakes = 0;
	/** Server: whether a CertificateType was agreed on for what the client shows. */
	peerTypeChosen = false;
	/** Server: the connection id that the client wants our records to carry, its own copy. */
	peerId: Uint8Array | undefined = undefined;
	/** Server: it does return routability checks (RFC 9853). */
	pathChecks = false;
	readonly retry = new Retry();
	/** Whether the change_cipher_spec for middleboxes has been sent (RFC 8446 D.4). */
	compatibilitySent = false;
	readonly psk = new PskAgreement();
	/** The peer's hello, in place. */
	readonly client: ClientHello;
	readonly server: ServerHello;
	readonly share = new KeyShareEntry();

	/** Only one of the hellos has extensions: that of the other end. */
	constructor() {
		const extensions = new ExtensionBlock();
		this.client = new ClientHello(extensions);
		this.server = new ServerHello(extensions);
	}
}
