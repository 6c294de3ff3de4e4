// The context of one handshake: what the steps of the flows read and write. Nested by subject; what only a handshake
// needs is let go of when it is done. For handshake/* and engine/connection.

import { type Failure, MESSAGE_OUT_OF_ORDER, NO_FAILURE } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { FAILED, WAIT_INPUT } from "../base/status.js";
import { KeySchedule } from "../crypto/key-schedule.js";
import type { Suite } from "../crypto/suites.js";
import { Transcript } from "../crypto/transcript.js";
import type { KeyExchange } from "../crypto/types.js";
import type { Messages } from "../messages/messages.js";
import { Auth } from "./auth.js";
import { EarlyData } from "./early-data.js";
import type { Flow } from "./flow.js";
import type { Handshake12 } from "./handshake12.js";
import { Hello } from "./hello.js";
import { Renegotiation } from "./renegotiation.js";
import type { Session } from "./session.js";
import { CLIENT_CERTIFICATE_REQUIRE, type Settings } from "./settings.js";

// Proofs: what has been established, each by one step; application data needs a set of them
/** The peer's chain leads to one of our anchors (or the caller asked for no verification). */
export const CHAIN_TRUSTED = 1;
/** The peer holds the key of its certificate. */
export const KEY_PROVEN = 2;
/** Both know the PSK. */
export const PSK_BOUND = 4;
/** The peer's Finished fits the transcript. */
export const FINISHED_VERIFIED = 8;
/** All steps of the handshake have been taken: what follows is post-handshake. */
export const HANDSHAKE_DONE = 16;

/** What was agreed on; for reports, sessions and the application. */
export class Negotiated {
	/** On the wire; 0 until it is known. */
	version = 0;
	suite: Suite | undefined = undefined;
	/** NamedGroup, 0 if none. */
	group = 0;
	/** SignatureScheme of the server's CertificateVerify or key exchange, 0 if none. */
	scheme = 0;
	/** "" if none. */
	alpn = "";
	/** Server: what the client asked for; client: what it asked for. */
	serverName = "";
	resumed = false;
	/** The identity of the external PSK that both agreed on. */
	pskIdentity: Uint8Array | undefined = undefined;
	helloRetry = false;
	/** 1.2: RFC 7627 and RFC 7366. */
	extendedMasterSecret = false;
	encryptThenMac = false;
	/** max_fragment_length (RFC 6066 4) in bytes, 0 if it isn't used. */
	maxFragmentLength = 0;
	/** Client, 1.2: the time in the server's random, seconds since 1970; today's servers fill it with random bytes. */
	serverTime = 0;
	/** The peer's record_size_limit, 0 if it sent none. */
	recordSizeLimit = 0;
	/** Whether the peer proved itself with a certificate. */
	peerAuthenticated = false;
	/** Whether 0-RTT data goes or went. */
	readonly early = new EarlyData();
}

/** KeyUpdates of ours (RFC 8446 4.6.3). */
export const KEY_UPDATE_NONE = 0;
export const KEY_UPDATE_OURS = 1;
/** And the peer is asked for one. */
export const KEY_UPDATE_BOTH = 2;

/** What goes on after the handshake. */
export class PostHandshake {
	/** What the application, the peer or the limit of a key asks for. */
	keyUpdate = KEY_UPDATE_NONE;
	/** A message is being sent that application data must not overtake. */
	sending = false;
	/** We close: nothing is begun any more that would be sent. */
	closing = false;
	/** Client: the last session that the server gave a ticket for. Server: how many tickets it has given. */
	session: Session | undefined = undefined;
	tickets = 0;
	/** Connection ids: what of ours is to be sent (NEW_ID_...). */
	newId = 0;
	/** The peer's mode of heartbeats (RFC 6520 2), 0 if it doesn't know them. */
	heartbeat = 0;
	readEpoch = 0;
	writeEpoch = 0;
	/** 1.2. */
	readonly renegotiation = new Renegotiation();
}

/** See the head of this file. */
export class Handshake {
	state = 0;
	messages: Messages;
	flow: Flow;
	readonly reader = new Reader();
	/** The first failure; it sticks. */
	failure: Failure = NO_FAILURE;
	readonly settings: Settings;
	readonly schedule = new KeySchedule();
	readonly negotiated = new Negotiated();
	readonly auth = new Auth();
	exchange: KeyExchange | undefined = undefined;
	proofs = 0;
	readonly post = new PostHandshake();
	/** What only 1.2 needs; made when that version is chosen. */
	state12: Handshake12 | undefined = undefined;
	/** Hashes on their way to a message. */
	readonly hash = new Uint8Array(64);
	#hello: Hello | undefined = undefined;
	#transcript: Transcript | undefined = undefined;

	constructor(settings: Settings, messages: Messages, flow: Flow) {
		this.settings = settings;
		this.messages = messages;
		this.flow = flow;
	}

	/** There from when a step first asks for it until release(). */
	get hello(): Hello {
		return this.#hello ?? this.beginHello();
	}
	get transcript(): Transcript {
		return this.#transcript ?? this.beginTranscript();
	}

	/** The handshake is done: lets go of what nobody asks for any more. */
	release(): void {
		this.auth.release();
		this.#hello?.psk.wipe();
		this.#hello = this.#transcript = undefined;
	}

	private beginHello(): Hello {
		const hello = new Hello();
		this.#hello = hello;
		return hello;
	}

	private beginTranscript(): Transcript {
		const transcript = new Transcript();
		this.#transcript = transcript;
		return transcript;
	}

	/** The connection is closed: overwrites all secrets, lets go of all but what reports tell. */
	wipe(): void {
		this.schedule.wipe();
		this.state12?.wipe();
		this.exchange?.wipe();
		this.exchange = undefined;
		this.release();
	}
}

/** Whether all is proven that must be before application data goes: who the peer is, if it must say so, and that nothing was changed on the way. */
export function isProven({ proofs, settings }: Handshake): boolean {
	const { isServer, clientCertificate } = settings;
	const needed = isServer && clientCertificate !== CLIENT_CERTIFICATE_REQUIRE ? 0 : CHAIN_TRUSTED | KEY_PROVEN;
	const authentic = (proofs & needed) === needed || (proofs & PSK_BOUND) !== 0;
	return authentic && (proofs & FINISHED_VERIFIED) !== 0;
}

/** Ends the handshake; the first failure sticks. */
export function fail(hs: Handshake, failure: Failure): number {
	if (hs.failure === NO_FAILURE) hs.failure = failure;
	return FAILED;
}

/** Sets the reader on the body of the message that stands. */
export function readBody(hs: Handshake): Reader {
	const { messages, reader } = hs;
	reader.reset(messages.memory, messages.bodyAt, messages.bodyEnd);
	return reader;
}

/** What awaitMessage answers when the message stands. */
export const STANDS = 0;

/** The first question of a step that reads: STANDS if this message stands, else what the step returns. */
export function awaitMessage(hs: Handshake, type: number): number {
	const { messages } = hs;
	if (!messages.peek()) return WAIT_INPUT;
	return messages.type === type ? STANDS : fail(hs, MESSAGE_OUT_OF_ORDER);
}
