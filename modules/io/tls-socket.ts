// The sockets interface for streams: a TLS connection over any byte stream, polled by its owner, and itself a byte stream,
// so that what talks to a plain socket talks to this one with no change.

import { HANDSHAKE, NOT_FOUND_ERR, OK, WAIT, WANTS_WORK } from "../base/status.js";
import type { Session } from "../handshake/session.js";
import {
	SOCKET_CA_CERT,
	SOCKET_CLIENT_CERT,
	SOCKET_CLIENT_KEY,
	SOCKET_DANE_TLSA,
	SOCKET_ENABLE,
	SOCKET_HOSTNAME,
	SOCKET_SESSION_RESUMED,
	type SocketControls,
	type SocketOption,
	type SocketTransport,
	type StreamTransport,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
	WOULD_BLOCK,
} from "../os/os.js";
import { isUsable, type TlsaRecord } from "../pki/tlsa.js";
import { type Channel, FRESH } from "./channel.js";
import { STACK_STARTED, type Stack } from "./module.js";
import { isOffload, noLink, OffloadEngine } from "./offload.js";
import type { Security } from "./security.js";
import { Services } from "./services.js";
import { StreamAttachment } from "./stream-link.js";
import type { Ticket } from "./tickets.js";

/**
 * A socket. Every call is polled; it answers a public code, and `outcome` says more.
 *
 *     const socket = new TlsSocket(stack, transport, security);
 *     while ((code = socket.clientHandshake("server.example")) === WAIT) sleep(socket.outcome);   // wants, wakeAt
 *     if (code === OK) socket.send(request);
 *     if (socket.receive(buffer) === OK) use(buffer, socket.outcome.count);                       // 0: the peer has closed
 *     while (socket.close() === WAIT) sleep(socket.outcome);                                      // or leave it to Stack.poll
 *
 * Handed to somebody else it is a StreamTransport: read and write go on with the handshake, then carry data.
 */
export class TlsSocket extends Services implements StreamTransport, SocketControls {
	readonly #transport: SocketTransport;
	readonly #stream: StreamAttachment;
	#blocking = false;
	/** What socket options have said. */
	#hostName = "";
	#certificate: string | Uint8Array = "";

	/** Takes any transport. `security`: shared or not. */
	constructor(stack: Stack, transport: SocketTransport, security: Security) {
		const stream = new StreamAttachment(transport);
		super(stack, security, stream);
		this.#transport = transport;
		this.#stream = stream;
	}

	/** Starts security on a transport that is in use already (STARTTLS, AUTH TLS, a serial line): it stays open when this socket is closed. */
	static decorate(stack: Stack, transport: SocketTransport, security: Security): TlsSocket {
		const socket = new TlsSocket(stack, transport, security);
		socket.keepTransportOpen = true;
		return socket;
	}

	protected get admitted(): boolean {
		return this.stack.state === STACK_STARTED && this.stack.configuration.socketInterface;
	}

	/** Whether close leaves the transport open; by default it doesn't. */
	get keepTransportOpen(): boolean {
		return this.#stream.keepOpen;
	}
	set keepTransportOpen(keep: boolean) {
		this.#stream.keepOpen = keep;
	}

	/** Whether nothing can be read or written yet. */
	get connecting(): boolean {
		return (this.#transport.connecting ?? false) || this.state === HANDSHAKE;
	}

	/** Trust and credentials, which other connections may share. */
	get config(): Security {
		return this.security;
	}
	/** Takes another one. OK; INIT_ERR once the handshake has begun; NULL_PTR_ERR. */
	setConfig(security: Security): number {
		if (security === undefined || security === null) return this.missing();
		if (this.phase !== FRESH) return this.notReady();
		this.security = security;
		return this.succeed();
	}
	/** Of the configuration: see Security. */
	setRootCaCert(certificates: string | Uint8Array): number {
		return this.told(this.security.setRootCaCert(certificates));
	}
	setClientCertKey(certificates: string | Uint8Array, key: string | Uint8Array): number {
		return this.told(this.security.setClientCertKey(certificates, key));
	}

	/** Records to verify the server by (RFC 6698), for this connection; before its handshake begins. */
	get daneTlsa(): readonly TlsaRecord[] {
		return this.tlsa;
	}
	setDaneTlsa(records: readonly TlsaRecord[]): number {
		if (!Array.isArray(records)) return this.missing();
		for (const record of records) if (!isUsable(record)) return this.refuseArgument(undefined);
		if (this.phase !== FRESH) return this.notReady();
		this.tlsa = records;
		return this.succeed();
	}

	override clientHandshake(peerName: string, resume?: Ticket | Channel): number {
		let code: number;
		do code = super.clientHandshake(peerName, resume);
		while (code === WAIT && this.goesOn());
		return code;
	}

	override serverHandshake(verifyClient: boolean, peerName = ""): number {
		let code: number;
		do code = super.serverHandshake(verifyClient, peerName);
		while (code === WAIT && this.goesOn());
		return code;
	}

	/** In blocking mode all of it is taken. */
	override send(bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		let code = super.send(bytes, at, end);
		let { count } = this.outcome;
		while (this.#blocking && at + count < end && (code === OK || (code === WAIT && this.goesOn()))) {
			code = super.send(bytes, at + count, end);
			count += this.outcome.count;
		}
		if (count === 0 || count === this.outcome.count) return code;
		return this.succeed(count);
	}

	override receive(bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		let code: number;
		do code = super.receive(bytes, at, end);
		while (code === WAIT && this.goesOn());
		return code;
	}

	/** As of a StreamTransport; goes on with the handshake. */
	read(bytes: Uint8Array, at: number, end: number): number {
		if (!this.begun()) return TRANSPORT_FAILED;
		const code = this.receive(bytes, at, end);
		return code === OK && this.outcome.count === 0 ? TRANSPORT_CLOSED : this.countOf(code);
	}
	write(bytes: Uint8Array, at: number, end: number): number {
		if (!this.begun()) return TRANSPORT_FAILED;
		return this.countOf(this.send(bytes, at, end));
	}

	/** A stream has one peer: the address is ignored. */
	sendTo(_address: string, bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		return this.send(bytes, at, end);
	}
	receiveFrom(_address: string, bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		return this.receive(bytes, at, end);
	}

	/** TYPE_ERR: a listening socket hands out plain ones, and each is wrapped by a socket of its own. */
	listen(): number {
		return this.unsupported();
	}
	accept(): number {
		return this.unsupported();
	}

	/** Passed on to the transport. While it is on, calls return when they are done; false: the transport doesn't block, and nothing changes. */
	setBlocking(blocking: boolean): boolean {
		const taken = this.#transport.setBlocking?.(blocking) ?? false;
		if (taken) this.#blocking = blocking;
		return taken;
	}
	setTimeout(milliseconds: number): boolean {
		return this.#transport.setTimeout?.(milliseconds) ?? false;
	}
	sigio(callback: (() => void) | undefined): boolean {
		return this.#transport.sigio?.(callback) ?? false;
	}

	/** SOCKET_HOSTNAME to SOCKET_ENABLE as hardware takes them that does TLS itself: the same program drives both. Others go to the transport. */
	setOption(option: number, value: SocketOption): boolean {
		switch (option) {
			case SOCKET_HOSTNAME:
				this.#hostName = String(value);
				return true;
			case SOCKET_CA_CERT:
				return this.setRootCaCert(value as string) === OK;
			case SOCKET_CLIENT_CERT:
				this.#certificate = value as string;
				return true;
			case SOCKET_CLIENT_KEY:
				return this.setClientCertKey(this.#certificate, value as string) === OK;
			case SOCKET_DANE_TLSA:
				return this.setDaneTlsa(value as readonly TlsaRecord[]) === OK;
			case SOCKET_ENABLE: {
				const code = this.clientHandshake(this.#hostName);
				return code === OK || code === WAIT;
			}
			default:
				return this.#transport.setOption?.(option, value) ?? false;
		}
	}
	option(option: number): SocketOption {
		if (option === SOCKET_HOSTNAME) return this.#hostName;
		if (option === SOCKET_SESSION_RESUMED) return this.sessionResumed;
		if (option === SOCKET_DANE_TLSA) return this.tlsa;
		return this.#transport.option?.(option);
	}

	protected override open(isServer: boolean, peerName: string, session: Session | undefined, verify: "no" | "require"): void {
		const transport = this.#transport;
		if (!isOffload(transport)) return super.open(isServer, peerName, session, verify);
		if (isServer) throw new TypeError("offload: the hardware has no server's side");
		this.activate(new OffloadEngine(transport, peerName, this.security), undefined, false);
		this.link = noLink;
	}

	/** What the shared configuration answered. */
	private told(code: number): number {
		return this.pass(code, this.security);
	}

	/** Whether there is a connection to read from; options may have said to begin one. */
	private begun(): boolean {
		return this.phase !== FRESH || (this.#hostName !== "" && this.setOption(SOCKET_ENABLE, true));
	}

	/** In blocking mode: whether another call would bring it further; the transport has waited already. */
	private goesOn(): boolean {
		return this.#blocking && (this.moved || (this.outcome.wants & WANTS_WORK) !== 0);
	}

	private countOf(code: number): number {
		if (code === OK) return this.outcome.count;
		if (code === WAIT) return WOULD_BLOCK;
		return code === NOT_FOUND_ERR ? TRANSPORT_CLOSED : TRANSPORT_FAILED;
	}
}
