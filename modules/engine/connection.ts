// The engine: one connection with its four doors. It does no I/O, calls nobody back and asks for the time only where
// the caller doesn't give it; each poll does one step of the handshake or one slice of arithmetic.

import { close_notify, no_alert, no_renegotiation } from "../base/alert.js";
import { copy } from "../base/bytes.js";
import {
	ALERT_RECEIVED,
	APPLICATION_DATA_TOO_EARLY,
	alertOf,
	CHANGE_CIPHER_SPEC_UNEXPECTED,
	CLOSED_IN_HANDSHAKE,
	CRYPTO_PROVIDER_FAILED,
	codeOf,
	DATA_AFTER_CLOSE,
	EARLY_DATA_TOO_LONG,
	type Failure,
	HANDSHAKE_TIMED_OUT,
	HEARTBEAT_UNEXPECTED,
	NO_FAILURE,
	PROOFS_MISSING,
	RECORD_CUT_OFF,
	RECORDS_INTERLEAVED,
	TRANSPORT_ENDED,
} from "../base/failure.js";
import {
	CLOSED,
	CLOSING,
	HANDSHAKE,
	OK,
	OPERATING,
	WAIT,
	WAIT_INPUT,
	WANTS_APPLICATION,
	WANTS_INPUT,
	WANTS_OUTPUT,
	WANTS_TIMER,
	WANTS_WORK,
} from "../base/status.js";
import { NEW_ID_IMMEDIATE } from "../handshake/connection-id.js";
import { EARLY_ACCEPTED } from "../handshake/early-data.js";
import { isCompatibility, runStep, stateName } from "../handshake/flow.js";
import { HANDSHAKE_DONE, Handshake, isProven, KEY_UPDATE_BOTH, KEY_UPDATE_NONE, KEY_UPDATE_OURS, type Negotiated } from "../handshake/handshake.js";
import { abandonRenegotiation, canRenegotiate, stopRenegotiation } from "../handshake/renegotiation.js";
import type { Session } from "../handshake/session.js";
import type { Settings } from "../handshake/settings.js";
import type { RecordInput } from "../record/records.js";
import { alert, application_data, change_cipher_spec, handshake, heartbeat } from "../wire/registry.js";
import { Alerts } from "./alerts.js";
import type { Carrier } from "./carrier.js";
import { Counters } from "./counters.js";
import { Heartbeat } from "./heartbeat.js";
import { type ConnectionReport, reportConnection } from "./report.js";

/** RFC 8446 5.5: keys are exchanged long before an AEAD's limit, the lowest of which is about 2^23 records. */
const KEY_LIMIT = 0x400000;
/** No deadline, no address. Constants, because XS looks through all globals for Number, and copies a literal string each time. */
const NEVER = Number.POSITIVE_INFINITY;
const NO_ADDRESS = "";

/**
 * A TLS or DTLS connection. Bytes are the caller's to carry:
 *
 *     const connection = openTlsClient({ ...options, serverName: "example.org" });
 *     while (connection.state !== CLOSED) {
 *         connection.poll(now);
 *         const wants = connection.wants();
 *         if (wants & WANTS_OUTPUT) socket.write(out, 0, connection.networkOut(out, 0, out.length));
 *         if (wants & WANTS_APPLICATION) use(data, 0, connection.applicationOut(data, 0, data.length));
 *         if (wants & WANTS_INPUT) connection.networkIn(bytes, 0, socket.read(bytes));
 *         if (connection.state === OPERATING) connection.applicationIn(request, 0, request.length);
 *     }
 */
export class Connection {
	state = HANDSHAKE;
	/** The first failure; it sticks, and poll() answers its public code from then on. */
	failure: Failure = NO_FAILURE;
	readonly counters = new Counters();
	readonly alerts = new Alerts();
	/** With MEM_ERR: the bytes that the region in the way would need. */
	bytesNeeded = 0;
	/** What a crypto provider threw, with CRYPTO_PROVIDER_FAILED. */
	cause: unknown = undefined;
	/** Once the connection is open, if both know heartbeats (RFC 6520). */
	heartbeat: Heartbeat | undefined = undefined;
	/** The deadline in ticks, Infinity if there is none: poll() at the latest then. */
	wakeAt = NEVER;
	readonly #handshake: Handshake;
	readonly #carrier: Carrier;
	readonly #settings: Settings;
	/** What the last step waited for. */
	#stepWants = WANTS_WORK;
	/** For a handshake, in ticks; and when the one that goes on must be done. */
	readonly #timeout: number;
	#handshakeBy = NEVER;
	/** The network gives no more bytes. */
	#ended = false;
	/** After close(): how long the peer's close_notify is waited for, in ticks; NaN until the first poll. */
	#closeBy = Number.NaN;

	/** By the entry points: see tls-client and tls-server. timeout: milliseconds for the handshake, 0 for none. */
	constructor(settings: Settings, carrier: Carrier, timeout: number) {
		this.#settings = settings;
		this.#carrier = carrier;
		this.#timeout = timeout > 0 ? timeout : NEVER;
		this.#handshake = new Handshake(settings, carrier.messages, settings.firstFlow);
	}

	/**
	 * Goes on by one step. `now`: ticks in milliseconds, from the configuration's clock if it isn't given. Answers OK
	 * while the connection is open (or properly closed), WAIT during the handshake, else the public code of the failure.
	 * It and what it calls stand first: XS looks through the methods in their order.
	 */
	poll(now: number = this.#settings.clock.ticks()): number {
		if (this.state !== CLOSED && this.failure === NO_FAILURE) {
			try {
				if (now >= this.#handshakeBy) this.fail(HANDSHAKE_TIMED_OUT);
				else this.turn(now);
				if (this.#handshake.post.closing) this.sendClose();
				if (this.#ended) this.lookAtEnd();
				this.lookAtClock(now);
			} catch (error) {
				this.failByProvider(error);
			}
		}
		this.counters.count(this.wants());
		if (this.failure !== NO_FAILURE) return codeOf(this.failure);
		return this.state === HANDSHAKE ? WAIT : OK;
	}

	/** What the connection can use now: WANTS_... bits. 0: nothing more to do. */
	wants(): number {
		const { input, output, messages } = this.#carrier;
		const isIdle = output.pending === 0;
		let wants = isIdle ? 0 : WANTS_OUTPUT;
		if (this.state === CLOSED || this.failure !== NO_FAILURE) return wants;
		if (this.wakeAt !== NEVER) wants |= WANTS_TIMER;
		if (input.type === application_data && this.open()) return wants | WANTS_APPLICATION;
		wants |= this.#stepWants;
		if ((wants & ~WANTS_TIMER) === WANTS_WORK) return wants; // nearly always while a handshake goes on
		if (isIdle && wants & WANTS_OUTPUT && messages.blocked && !messages.pending) wants = (wants & ~WANTS_OUTPUT) | WANTS_INPUT;
		if (wants & WANTS_INPUT && (this.#ended || input.ready)) wants = (wants & ~WANTS_INPUT) | WANTS_WORK;
		if (isIdle && (wants & WANTS_OUTPUT || messages.pending)) wants = (wants & ~WANTS_OUTPUT) | WANTS_WORK;
		return wants;
	}

	private turn(now: number): void {
		const { input, messages } = this.#carrier;
		if (this.counters.polls === 0) this.#handshakeBy = this.counters.begin(now) + this.#timeout;
		messages.pump(now);
		// Only when the flow wants input: what follows may be under keys that are still being worked out
		const type = this.#stepWants & WANTS_INPUT ? input.read() : input.type;
		if (type > 255) {
			this.bytesNeeded = input.bytesNeeded;
			this.fail(type);
		} else if (this.alerts.closeReceived) {
			if (type !== 0) this.fail(DATA_AFTER_CLOSE);
			else this.#stepWants = WANTS_INPUT;
		} else if (type === 0 || type === handshake) this.runStep(now);
		else if (messages.partial) this.fail(RECORDS_INTERLEAVED);
		else if (type === alert) this.readAlert();
		else if (type === heartbeat) this.readHeartbeat();
		else if (type === change_cipher_spec && isCompatibility(this.#handshake, input.at, input.end)) input.release();
		else this.runStep(now);
	}

	/** One step of the flow, and what it means for the record that stands. */
	private runStep(now: number): void {
		const { input, messages } = this.#carrier;
		const hs = this.#handshake;
		const result = runStep(hs);
		if (messages.failure !== NO_FAILURE) {
			this.bytesNeeded = messages.bytesNeeded;
			this.fail(messages.failure);
		} else if (hs.failure !== NO_FAILURE) this.fail(hs.failure);
		else {
			this.#stepWants = result >= 0 ? WANTS_WORK : 1 << (-1 - result);
			if (hs.proofs & HANDSHAKE_DONE && this.state === HANDSHAKE) this.establish(now);
			if (result === WAIT_INPUT) this.lookAtRecord(input);
			if (hs.post.renegotiation.refuse) this.refuseRenegotiation(hs);
		}
	}

	/** When poll must be called again; the end of waiting for the peer's close_notify. */
	private lookAtClock(now: number): void {
		const state = this.state;
		if (state === CLOSED) return;
		const messages = this.#carrier.messages;
		if (state !== HANDSHAKE) {
			const by = this.#handshake.post.renegotiation.since + this.#timeout;
			this.#handshakeBy = by < NEVER ? by : NEVER; // NaN if no handshake goes on
		}
		let deadline = this.#handshakeBy;
		if (state === CLOSING && deadline === NEVER) {
			if (Number.isNaN(this.#closeBy)) this.#closeBy = now + messages.closePatience;
			deadline = this.#closeBy;
			if (now >= deadline) return this.shut();
		}
		if (this.heartbeat !== undefined && state === OPERATING && !this.#handshake.post.sending) {
			this.heartbeat.pump(this.#carrier, now);
			deadline = Math.min(deadline, this.heartbeat.wakeAt);
		}
		// Who sends no more acknowledges nothing either: nothing is sent again
		this.wakeAt = this.alerts.closeReceived || messages.wakeAt >= deadline ? deadline : messages.wakeAt;
	}

	/** Door 1: takes bytes of the network, as many as there is room for; answers how many. from: who sent the datagram, if the host knows. */
	networkIn(bytes: Uint8Array, at: number, end: number, from = NO_ADDRESS): number {
		if (this.state === CLOSED || this.failure !== NO_FAILURE) return end - at; // nobody reads them any more
		return this.#carrier.input.networkIn(bytes, at, end, from);
	}

	/** The network has ended: what has arrived can still be read; without a close_notify at its end, data may have been cut off (RFC 8446 6.1). */
	networkEnd(): void {
		this.#ended = true;
	}

	/** Door 2: gives bytes to the network; answers how many. */
	networkOut(bytes: Uint8Array, at: number, end: number): number {
		return this.#carrier.output.networkOut(bytes, at, end);
	}

	/**
	 * Door 3: takes application data, as much as a record has room for; answers how much. 0 until the connection is open,
	 * but for a client that may send early data (earlyData in its options): see earlyDataAccepted.
	 */
	applicationIn(bytes: Uint8Array, at: number, end: number): number {
		const { memory, output, messages } = this.#carrier;
		const { post } = this.#handshake;
		if (post.closing || this.failure !== NO_FAILURE || post.sending || messages.pending) return 0;
		const early = this.state === HANDSHAKE;
		const limit = early ? (this.#settings.isServer ? 0 : this.negotiated.early.room) : this.state === OPERATING ? end - at : 0;
		const count = Math.min(end - at, limit, output.room());
		if (count <= 0) return 0;
		if (early) this.negotiated.early.left -= count;
		const contentAt = output.contentAt();
		copy(memory, contentAt, bytes, at, at + count);
		try {
			output.seal(application_data, contentAt + count);
		} catch (error) {
			return this.failByProvider(error);
		}
		if (output.records > KEY_LIMIT * (post.writeEpoch - 2) && post.keyUpdate === KEY_UPDATE_NONE) this.updateKeys(false);
		return count;
	}

	/**
	 * Whether early data was taken: a client's by the server, or by us as a server. A client must send again what was not;
	 * it is known when the connection is open.
	 */
	get earlyDataAccepted(): boolean {
		return this.negotiated.early.accepted;
	}

	/** Door 4: gives application data, as much as the record that stands has; answers how much. */
	applicationOut(bytes: Uint8Array, at: number, end: number): number {
		const { memory, input } = this.#carrier;
		if (input.type !== application_data || !this.open() || this.failure !== NO_FAILURE) return 0;
		const count = Math.min(end - at, input.end - input.at);
		copy(bytes, at, memory, input.at, input.at + count);
		input.at += count;
		if (input.at === input.end) input.release();
		if (this.state === HANDSHAKE) this.negotiated.early.left -= count;
		return count;
	}

	/** All that it can tell about itself, in numbers. */
	report(): ConnectionReport {
		return reportConnection(this);
	}

	/** What was agreed on: version, suite, group, ... */
	get negotiated(): Negotiated {
		return this.#handshake.negotiated;
	}

	/** The name of the state that the handshake is in. */
	get stateName(): string {
		return stateName(this.#handshake);
	}

	/** What the check of the peer's certificates came to: the certificate that a failure is about, and the verify result's bits. */
	get verdict(): Handshake["auth"]["verdict"] {
		return this.#handshake.auth.verdict;
	}
	get verifyResult(): number {
		return this.#handshake.auth.verdict.bits;
	}

	/** The peer's certificate, or its raw public key, as DER, if the configuration keeps it. */
	get peerCertificate(): Uint8Array | undefined {
		return this.#handshake.auth.peerCertificates[0];
	}

	/** What the peer sent as its chain, its own first: as much of it as the configuration keeps. A raw public key stands alone. */
	get peerChain(): readonly Uint8Array[] {
		return this.#handshake.auth.peerCertificates;
	}

	/** Bytes and records each way. */
	get traffic(): Carrier {
		return this.#carrier;
	}

	/** Client: what a later connection to this server may resume by; undefined until it has given a ticket. Holds a secret. */
	get session(): Session | undefined {
		return this.#handshake.post.session;
	}

	/** Over datagrams, 1.3: gives the peer a fresh connection id to use at once, so that nobody can follow the old one (RFC 9147 9); false where there is no such thing. */
	renewId(): boolean {
		const { ids } = this.#carrier.messages;
		if (this.state !== OPERATING || !this.is13 || ids === undefined || ids.local.bytes.length === 0) return false;
		this.#handshake.post.newId = NEW_ID_IMMEDIATE;
		this.#stepWants |= WANTS_WORK;
		return true;
	}

	/** Over datagrams: where the peer is, as the host spelled it when that was proven; "" if it tells none. */
	get peerAddress(): string {
		return this.#carrier.output.address;
	}

	/** Over datagrams: where the datagram that networkOut gave last must go, if not to the peer's address (RFC 9853). */
	get elsewhere(): string | undefined {
		return this.#carrier.output.elsewhere;
	}

	/** What the flows work on: for engine/saved-connection. */
	get context(): Handshake {
		return this.#handshake;
	}

	/** Over datagrams: whether the peer has left so many retransmissions without an answer that the application should know; it goes on all the same. */
	get silent(): boolean {
		return this.#carrier.messages.silent;
	}

	/** Whether the peer has said that it sends no more (close_notify). */
	get peerClosed(): boolean {
		return this.alerts.closeReceived;
	}

	/** Exchanges our keys, and the peer's if it is asked (RFC 8446 4.6.3); false where there is no such thing. */
	updateKeys(peer: boolean): boolean {
		if (this.state !== OPERATING || !this.is13) return false;
		this.#handshake.post.keyUpdate = peer ? KEY_UPDATE_BOTH : KEY_UPDATE_OURS;
		this.#stepWants |= WANTS_WORK;
		return true;
	}

	/**
	 * 1.2: begins another handshake on the connection, or asks the client for one (RFC 5746); the peer may refuse. seconds
	 * since 1970: what certificates are judged by in it, instead of the clock's time; a server's is in report().serverTime.
	 * False where there is no such thing: in 1.3, and with a peer that could not bind it to this connection.
	 */
	renegotiate(seconds = -1): boolean {
		const hs = this.#handshake;
		if (this.state !== OPERATING || !canRenegotiate(hs)) return false;
		hs.post.renegotiation.asked = true;
		hs.post.renegotiation.seconds = seconds;
		this.#stepWants |= WANTS_WORK;
		return true;
	}

	/** Sends a heartbeat request (RFC 6520); false if the peer takes none, one waits for its answer, or there is no room. See heartbeat. */
	beat(): boolean {
		if (this.state !== OPERATING || this.#handshake.post.sending) return false;
		try {
			return this.heartbeat?.send(this.#carrier, this.#settings.clock.ticks()) ?? false;
		} catch (error) {
			return this.failByProvider(error) !== 0;
		}
	}

	/** Whether a later handshake is asked for or goes on. */
	get renegotiating(): boolean {
		const { asked, invited, since } = this.#handshake.post.renegotiation;
		return asked || invited || !Number.isNaN(since);
	}

	/** How many later handshakes there were. */
	get renegotiations(): number {
		return this.#handshake.post.renegotiation.count;
	}

	/** Ends it properly: close_notify goes out, reading goes on until the peer's comes or the network ends. */
	close(): void {
		this.#handshake.post.closing = true;
		this.sendClose();
	}

	/** Ends it at once: nothing is sent, all secrets are overwritten. */
	abort(): void {
		this.shut();
	}

	/** Nothing may follow a close_notify, so a message or an exchange of keys that is under way goes first; one that isn't begun is left out. */
	private sendClose(): void {
		if (this.state === CLOSED || this.state === CLOSING || this.failure !== NO_FAILURE) return;
		const { memory, output, messages } = this.#carrier;
		const { post } = this.#handshake;
		if (this.state === OPERATING && (post.sending || messages.pending)) return;
		const thrown = this.alerts.tell(memory, output, close_notify);
		if (thrown !== undefined) this.failByProvider(thrown);
		else if (this.state === OPERATING && !this.peerClosed) this.state = CLOSING;
		else this.shut();
	}

	private get is13(): boolean {
		return this.negotiated.version === this.#settings.variant.version13;
	}

	/** The network has ended and all that it gave is used up. */
	private lookAtEnd(): void {
		if (this.state === CLOSED || this.#stepWants !== WANTS_INPUT || this.#carrier.input.ready) return;
		if (this.#carrier.input.partial && !this.peerClosed) this.fail(RECORD_CUT_OFF);
		else if (this.peerClosed || this.state === CLOSING) this.shut();
		else this.fail(TRANSPORT_ENDED);
	}

	/** 1.2: a warning that doesn't end anything (RFC 5246 7.2.2). */
	private refuseRenegotiation({ post }: Handshake): void {
		const { memory, output } = this.#carrier;
		if (this.state === OPERATING && this.alerts.send(memory, output, no_renegotiation)) post.renegotiation.refuse = false;
	}

	/** The step wants a handshake message; if something else stands, it is out of place. */
	private lookAtRecord(input: RecordInput): void {
		if (input.type === change_cipher_spec) this.fail(CHANGE_CIPHER_SPEC_UNEXPECTED);
		else if (input.type === application_data) {
			if (!this.open()) this.fail(APPLICATION_DATA_TOO_EARLY);
			else if (this.state === HANDSHAKE && input.end - input.at > this.negotiated.early.left) this.fail(EARLY_DATA_TOO_LONG);
			else if (input.at === input.end) input.release();
		}
	}

	private readAlert(): void {
		const { memory, input } = this.#carrier;
		const failure = this.alerts.read(memory, input, this.is13);
		if (this.peerClosed) {
			input.endOfData();
			stopRenegotiation(this.#handshake);
		}
		if (failure === ALERT_RECEIVED && this.alerts.received === no_renegotiation && abandonRenegotiation(this.#handshake)) return;
		if (failure !== NO_FAILURE) this.fail(failure);
		else if (this.peerClosed && this.state === CLOSING) this.shut();
		else if (this.peerClosed && this.state === HANDSHAKE) this.fail(CLOSED_IN_HANDSHAKE);
	}

	private readHeartbeat(): void {
		if (this.heartbeat === undefined) this.fail(HEARTBEAT_UNEXPECTED);
		else this.heartbeat.read(this.#carrier, this.#handshake.post.sending || this.state !== OPERATING);
	}

	/** The handshake is done: the connection opens if all that must be proven is. */
	private establish(now: number): void {
		if (!isProven(this.#handshake)) {
			this.fail(PROOFS_MISSING);
			return;
		}
		const { heartbeat: settings, entropy } = this.#settings;
		const { heartbeat: peerMode } = this.#handshake.post;
		if (settings !== undefined && peerMode > 0) this.heartbeat = new Heartbeat(settings, peerMode, entropy);
		this.state = OPERATING;
		this.counters.establishedAt = now;
	}

	/** Whether application data may be read. */
	private open(): boolean {
		if (this.state === HANDSHAKE) return this.#settings.isServer && this.negotiated.early.state === EARLY_ACCEPTED;
		return this.state === OPERATING || this.state === CLOSING;
	}

	/** Ends the connection with its first failure: the peer is told, the secrets are overwritten. */
	private fail(failure: Failure): void {
		if (this.failure !== NO_FAILURE) return;
		this.failure = failure;
		const description = alertOf(failure);
		const { state12 } = this.#handshake;
		// RFC 5246 7.2.2: after a fatal alert its session isn't resumed
		if (state12 !== undefined && (description !== no_alert || failure === ALERT_RECEIVED)) this.#settings.sessions?.remove(state12.sessionId);
		if (description !== no_alert) this.alerts.tell(this.#carrier.memory, this.#carrier.output, description);
		this.shut();
	}

	/** Ends it because a provider threw: answers 0. */
	private failByProvider(error: unknown): number {
		this.cause = error;
		this.fail(CRYPTO_PROVIDER_FAILED);
		return 0;
	}

	private shut(): void {
		this.state = CLOSED;
		this.wakeAt = NEVER;
		this.#handshake.wipe();
		this.#carrier.input.wipe();
		this.#carrier.output.wipe();
	}
}
