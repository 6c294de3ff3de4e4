// Connections of the stack in XS for a program in Node: between two streams that the host gives, the network's and
// the application's. Runs in XS; its other half is xs-session.ts.

import { OPERATING, WANTS_WORK } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import type { ClientOptions, ConnectionOptions, ServerOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import { sessionFromBytes, sessionToBytes } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { StreamPump } from "polltls/io/stream-pump";
import { type StreamTransport, TRANSPORT_CLOSED, TRANSPORT_FAILED } from "polltls/os/os";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { clientOptions, type EngineParts, type PlainOptions, serverOptions } from "../node/plain-options.js";
import { type ReportingProgram, runOnDevice, type SimulatedDevice } from "./device.js";
import { spent } from "./host-call.js";

/** What all sessions have in common; with START. */
export interface SessionConfig {
	plain: PlainOptions;
	server: boolean;
	/** Server: tickets for each connection, and their lifetime in seconds. */
	tickets: number;
	ticketSeconds: number;
	keyLog: boolean;
	trace: boolean;
}

/** With TELL: one of them. */
export interface SessionOrder {
	open?: { id: number; network: number; application: number; session?: string };
	updateKeys?: number;
	renegotiate?: number;
	beat?: number;
}

/** What the program notes about a session. Bytes are hexadecimal. */
export interface SessionNote {
	id: number;
	/** It begins; the handshake is done; the peer has closed its side; it is over; the handshake has a new state; a secret for the key log. */
	event: "begun" | "secure" | "ended" | "closed" | "state" | "key";
	/** With "begun", "secure" and "closed". */
	report?: Record<string, unknown>;
	longestPollMs?: number;
	peerCertificate?: string;
	pskIdentity?: string;
	certificateSubject?: string;
	session?: string;
	cause?: string;
	state?: string;
	polls?: number;
	label?: string;
	clientRandom?: string;
	secret?: string;
}

const SEGMENT = 4096;

function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += (byte < 16 ? "0" : "") + byte.toString(16);
	return text;
}

function unhex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

class XsConnection {
	readonly id: number;
	readonly tls: Connection;
	longestPollMs = 0;
	readonly #device: SimulatedDevice;
	readonly #network: StreamTransport;
	readonly #application: StreamTransport;
	readonly #pump: StreamPump;
	/** From the application to the connection, and back. */
	readonly #in = new Uint8Array(SEGMENT);
	#inAt = 0;
	#inEnd = 0;
	readonly #out = new Uint8Array(SEGMENT);
	#outAt = 0;
	#outEnd = 0;
	#secure = false;
	#peerEnded = false;
	#applicationEnded = false;
	#state = "";
	readonly #trace: boolean;

	constructor(id: number, tls: Connection, device: SimulatedDevice, network: StreamTransport, application: StreamTransport, trace: boolean) {
		this.id = id;
		this.tls = tls;
		this.#device = device;
		this.#network = network;
		this.#application = application;
		this.#pump = new StreamPump(tls, network);
		this.#trace = trace;
	}

	/** Goes on: the ticks of the next poll, 0 for at once, -1 when it is over. */
	poll(): number {
		const { tls } = this;
		const pump = this.#pump;
		let moved = pump.move();
		this.pollConnection();
		if (!this.#secure && tls.state === OPERATING) {
			this.#secure = true;
			this.note("secure");
			moved = true;
		}
		moved = this.give() || moved;
		moved = this.take() || moved;
		moved = pump.move() || moved;
		if (pump.finished && this.#outAt === this.#outEnd) {
			this.note("closed");
			this.#application.close();
			this.#network.close();
			return -1;
		}
		return moved || tls.wants() & WANTS_WORK ? 0 : tls.wakeAt;
	}

	private pollConnection(): void {
		const { clock } = this.#device;
		const start = clock.ticks();
		const requests = spent.milliseconds;
		this.tls.poll();
		const time = clock.ticks() - start - (spent.milliseconds - requests);
		if (time > this.longestPollMs) this.longestPollMs = time;
		if (!this.#trace || this.tls.stateName === this.#state) return;
		this.#state = this.tls.stateName;
		this.#device.note({ id: this.id, event: "state", state: this.#state, polls: this.tls.counters.polls } satisfies SessionNote);
	}

	/** From the connection to the application. */
	private give(): boolean {
		if (this.#outAt === this.#outEnd) {
			this.#outAt = 0;
			this.#outEnd = this.tls.applicationOut(this.#out, 0, SEGMENT);
			if (this.#outEnd === 0) return this.giveEnd();
		}
		const count = this.#application.write(this.#out, this.#outAt, this.#outEnd);
		this.#outAt = count < 0 ? this.#outEnd : this.#outAt + count; // who left reads no more
		return count !== 0;
	}

	/** The peer sends no more: the application hears of it, and may still send. */
	private giveEnd(): boolean {
		if (!this.tls.peerClosed || this.#peerEnded) return false;
		this.#peerEnded = true;
		this.#device.note({ id: this.id, event: "ended" } satisfies SessionNote);
		return true;
	}

	/** From the application to the connection; its end closes the connection. */
	private take(): boolean {
		const { tls } = this;
		if (tls.state !== OPERATING) return false;
		if (this.#inAt === this.#inEnd && !this.#applicationEnded) {
			const count = this.#application.read(this.#in, 0, SEGMENT);
			this.#inAt = 0;
			this.#inEnd = Math.max(0, count);
			this.#applicationEnded = count === TRANSPORT_CLOSED || count === TRANSPORT_FAILED;
		}
		if (this.#inAt < this.#inEnd) {
			const taken = tls.applicationIn(this.#in, this.#inAt, this.#inEnd);
			this.#inAt += taken;
			return taken > 0;
		}
		if (!this.#applicationEnded) return false;
		tls.close();
		return true;
	}

	note(event: "begun" | "secure" | "closed"): void {
		const { tls } = this;
		const { pskIdentity, certificateSubject, ...report } = tls.report();
		const { peerCertificate, session } = tls;
		const note: SessionNote = { id: this.id, event, report, longestPollMs: this.longestPollMs };
		if (peerCertificate) note.peerCertificate = hex(peerCertificate);
		if (pskIdentity) note.pskIdentity = hex(pskIdentity);
		if (certificateSubject.length > 0) note.certificateSubject = hex(certificateSubject);
		if (session) note.session = hex(sessionToBytes(session));
		if (tls.cause !== undefined) note.cause = String(tls.cause);
		this.#device.note(note);
	}
}

class SessionProgram implements ReportingProgram {
	readonly #device: SimulatedDevice;
	readonly #config: SessionConfig;
	readonly #options: ConnectionOptions;
	readonly #tickets: TicketKeys | undefined;
	readonly #connections: XsConnection[] = [];

	constructor(device: SimulatedDevice, registry: Registry, config: SessionConfig) {
		this.#device = device;
		this.#config = config;
		const { clock, entropy } = device;
		const parts: EngineParts = { registry, clock, entropy };
		this.#tickets = config.server && config.tickets > 0 ? new TicketKeys(registry, clock, entropy, config.ticketSeconds) : undefined;
		this.#options = config.server ? serverOptions(config.plain, parts) : clientOptions(config.plain, parts);
		this.create(0, undefined).abort(); // what is wrong with the options shows at the start
	}

	poll(): number {
		let wakeAt = Number.POSITIVE_INFINITY;
		for (let i = this.#connections.length - 1; i >= 0; i--) {
			const next = this.#connections[i].poll();
			if (next < 0) this.#connections.splice(i, 1);
			else wakeAt = Math.min(wakeAt, next);
		}
		return wakeAt;
	}

	tell({ open, updateKeys, renegotiate, beat }: SessionOrder): unknown {
		const device = this.#device;
		if (open) {
			const { id, network, application, session } = open;
			const tls = this.create(id, session);
			const connection = new XsConnection(id, tls, device, device.stream(network), device.stream(application), this.#config.trace);
			this.#connections.push(connection);
			connection.note("begun");
		}
		for (const { id, tls } of this.#connections) {
			if (id === updateKeys) tls.updateKeys(true);
			if (id === renegotiate) tls.renegotiate();
			if (id === beat) tls.beat();
		}
		return null;
	}

	private create(id: number, session: string | undefined): Connection {
		const { server, tickets, keyLog } = this.#config;
		const common = {
			keepPeerCertificate: true,
			keyLog: keyLog ? (label: string, random: Uint8Array, secret: Uint8Array, length: number) => this.noteKey(id, label, random, secret, length) : undefined,
		};
		if (server) return openTlsServer({ ...(this.#options as ServerOptions), ...common, tickets: this.#tickets, ticketCount: tickets });
		return openTlsClient({ ...(this.#options as ClientOptions), ...common, session: session === undefined ? undefined : sessionFromBytes(unhex(session)) });
	}

	private noteKey(id: number, label: string, clientRandom: Uint8Array, secret: Uint8Array, length: number): void {
		this.#device.note({ id, event: "key", label, clientRandom: hex(clientRandom), secret: hex(secret.subarray(0, length)) } satisfies SessionNote);
	}
}

/** The main call of a bundle; registry: started. */
export function runSessions(registry: Registry): void {
	runOnDevice((device, config) => new SessionProgram(device, registry, config as SessionConfig));
}
