// What a handshake of 1.2 needs beside handshake/handshake: its secrets, its key exchange while it runs, and what a
// renegotiation is bound to. Made when the version is known; a connection of 1.3 has none.

import { NO_BYTES, wipe } from "../base/bytes.js";
import { Prf } from "../crypto/prf.js";
import type { HashAlgorithm, Job } from "../crypto/types.js";
import { ServerKeyExchange } from "../wire/server-key-exchange.js";
import type { Handshake } from "./handshake.js";
import type { Psk } from "./psk.js";

export const MASTER_SECRET_LENGTH = 48;
export const VERIFY_DATA_LENGTH = 12;

export const PEER_UNKNOWN = -1;

/** Both Finished of a handshake (RFC 5746 3.1): a renegotiation names them. */
export class Binding {
	/** The peer knows RFC 5746. */
	secure = false;
	/** 12 bytes each, once there was a handshake. */
	length = 0;
	readonly client = new Uint8Array(VERIFY_DATA_LENGTH);
	readonly server = new Uint8Array(VERIFY_DATA_LENGTH);
	/** Of our peer: its leaf certificate, hashed; 0 if it had none, PEER_UNKNOWN after a resumption. */
	readonly peer = new Uint8Array(64);
	peerLength = 0;
}

/** Two lists of 16-bit numbers in a ClientHello. */
export class OfferedLists {
	groupsAt = 0;
	groupsEnd = 0;
	schemesAt = 0;
	schemesEnd = 0;
}

/** The secrets of a connection. */
export class Secrets12 {
	#prf: Prf | undefined = undefined;
	readonly hash: HashAlgorithm;
	readonly master = new Uint8Array(MASTER_SECRET_LENGTH);
	/** The client's random and the server's: exporters need them after the handshake. */
	readonly randoms = new Uint8Array(64);
	/** While the handshake goes on; and how long the parts of each side are in it. */
	keyBlock: Uint8Array = NO_BYTES;
	macLength = 0;
	keyLength = 0;
	ivLength = 0;

	constructor(hash: HashAlgorithm) {
		this.hash = hash;
	}

	/** Under the master secret, once there is one. */
	get prf(): Prf {
		return this.#prf ?? this.keyPrf(this.master);
	}

	/** The same under another secret, until it is asked for one again. */
	keyPrf(secret: Uint8Array): Prf {
		this.#prf ??= new Prf(this.hash);
		this.#prf.setSecret(secret, secret.length);
		return this.#prf;
	}

	/** The handshake is done: an exporter makes what it needs anew. */
	release(): void {
		this.#prf?.wipe();
		this.#prf = undefined;
		wipe(this.keyBlock);
		this.keyBlock = NO_BYTES;
	}

	/** An exporter's output (RFC 5705 4) to out; context undefined is none, which differs from an empty one. */
	exporter(label: Readonly<Uint8Array>, context: Uint8Array | undefined, out: Uint8Array): void {
		const contextLength = context === undefined ? 0 : 2 + context.length;
		const seed = new Uint8Array(64 + contextLength);
		seed.set(this.randoms, 0);
		if (context !== undefined) {
			seed[64] = context.length >> 8;
			seed[65] = context.length;
			seed.set(context, 66);
		}
		this.prf.derive(label, seed, seed.length, out, 0, out.length);
	}

	wipe(): void {
		this.release();
		wipe(this.master);
	}
}

/** See the head of this file. */
export class Handshake12 {
	/** As soon as the suite is known. */
	secrets: Secrets12 | undefined = undefined;
	readonly binding = new Binding();
	/** The server's parameters, in place. */
	readonly serverKeyExchange = new ServerKeyExchange();
	/** An RSA operation or an exchange in the server's own group, while it runs; other exchanges are hs.exchange. */
	job: Job | undefined = undefined;
	/** What a key exchange gave, until the master secret is made. */
	premaster: Uint8Array = NO_BYTES;
	/** The randoms and the parameters, which the server signs. */
	signed: Uint8Array = NO_BYTES;
	psk: Psk | undefined = undefined;
	/** The session id that the server gave or took; no length: none. */
	sessionId: Uint8Array = NO_BYTES;
	/** Client: the server will send a NewSessionTicket. Server: it will. */
	ticketExpected = false;
	/** Client: the ticket, and the seconds that it may be used; 0: the server doesn't say. */
	ticket: Uint8Array = NO_BYTES;
	ticketLifetime = 0;
	/** Client: the cookie that the server wanted back (RFC 6347 4.2.1). A renegotiation brings it again: openssl's server takes no ClientHello without. */
	cookie: Uint8Array = NO_BYTES;
	/** Client: the server may send a CertificateStatus. Server: it will. */
	statusExpected = false;
	/** Server: the client's NamedGroups and SignatureSchemes, as places in its hello. */
	readonly lists = new OfferedLists();

	wipe(): void {
		this.secrets?.wipe();
		this.job?.wipe();
		this.job = undefined;
		wipe(this.premaster);
	}
}

/** The handshake's part for 1.2, which its first step made. */
export function state12(hs: Handshake): Handshake12 {
	if (hs.state12 === undefined) throw new Error("this is not a handshake of 1.2");
	return hs.state12;
}

/** The secrets, once the suite is known. */
export function secrets12(hs: Handshake): Secrets12 {
	const secrets = hs.state12?.secrets;
	if (secrets === undefined) throw new Error("the suite is not known yet");
	return secrets;
}
