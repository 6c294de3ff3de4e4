// The sockets interface for datagrams: DTLS connections over any datagram transport, polled by their owner. One socket has as
// many peers as there is memory for, as a client, as a server, or both.

import { DTLS_NEW_CONN, HANDSHAKE, OK, OPERATING, TIMEOUT_ERR, WAIT, WANTS_INPUT } from "../base/status.js";
import type { Connection } from "../engine/connection.js";
import type { DatagramTransport, SocketOption } from "../os/os.js";
import { SOCKET_CONNECTION_ID, SOCKET_INNER_MTU, SOCKET_SESSION_RESUMED } from "../os/os.js";
import { Answering } from "./answers.js";
import type { Channel } from "./channel.js";
import { DatagramAttachment, DatagramPort } from "./datagram-port.js";
import type { Guest } from "./dtls-door.js";
import { POLLED_ENDED, type Polled, STACK_STARTED, type Stack } from "./module.js";
import { openDoor } from "./openings.js";
import type { Security } from "./security.js";
import { Services } from "./services.js";
import type { Ticket } from "./tickets.js";

/** Datagrams that one call takes up at most. */
const STEPS = 16;

/** A peer of a DtlsSocket, made by its handshakes. */
export class DtlsConnection extends Services {
	readonly #port: DatagramPort;
	#told = 0;

	/** By DtlsSocket. guest: a client that the port's door has let in. */
	constructor(stack: Stack, security: Security, attachment: DatagramAttachment, guest?: Guest) {
		super(stack, security, attachment);
		this.#port = attachment.port;
		if (guest === undefined) return;
		this.link = attachment.attach();
		this.activate(guest.connection, guest.connection.traffic.memory, true);
	}

	protected get admitted(): boolean {
		return hasSockets(this.stack);
	}

	/** Where the peer is; "" before the handshake begins. */
	get address(): string {
		return (this.attachment as DatagramAttachment).link?.address ?? "";
	}

	/** The most data that one datagram carries now; 0 until the handshake is done. */
	get innerMtu(): number {
		return this.state === OPERATING ? ((this.engine as Connection).traffic.output.room() ?? 0) : 0;
	}

	/** The id that the peer's datagrams carry, and that ours do; undefined without. */
	get connectionId(): { local: Uint8Array | undefined; peer: Uint8Array | undefined } {
		const connection = this.engine as Connection | undefined;
		return { local: connection?.traffic.input.localId, peer: connection?.traffic.output.peerId };
	}

	/** Whether the handshake isn't done; it was begun by the socket. */
	get handshaking(): boolean {
		return this.state === HANDSHAKE;
	}

	/** Goes on with the handshake that the socket has begun: WAIT until it is done, OK, or why it failed. */
	handshake(): number {
		if (!this.enter()) return this.busy();
		try {
			return this.advance(this.isServer);
		} finally {
			this.leave();
		}
	}

	/** DTLS_NEW_CONN tells once of a further client on the same socket: take it up by serverHandshake. TIMEOUT_ERR: the peer is silent; it goes on. */
	override receive(bytes: Uint8Array, at = 0, end: number = bytes?.length ?? 0): number {
		const code = super.receive(bytes, at, end);
		const waiting = this.#port.newGuests.length;
		if (code !== WAIT || waiting <= this.#told) {
			this.#told = Math.min(this.#told, waiting);
			return code;
		}
		this.#told = waiting;
		return DTLS_NEW_CONN;
	}

	option(option: number): SocketOption {
		if (option === SOCKET_SESSION_RESUMED) return this.sessionResumed;
		if (option === SOCKET_INNER_MTU) return this.innerMtu;
		if (option === SOCKET_CONNECTION_ID) return this.connectionId.local;
		return undefined;
	}
}

function hasSockets({ state, configuration }: Stack): boolean {
	return state === STACK_STARTED && configuration.dtls && configuration.dtlsSocketInterface;
}

/**
 * A datagram socket with DTLS.
 *
 *     const socket = new DtlsSocket(stack, udp, security);
 *     while ((code = socket.clientHandshake("192.0.2.1 5684", "sensor.example")) === WAIT) sleep(socket.outcome);
 *     if (code === OK) socket.connection.send(request);
 *
 *     while ((code = socket.serverHandshake(false)) === WAIT) sleep(socket.outcome);
 *     if (code === OK) serve(socket.connection);           // whose receive tells of further clients: DTLS_NEW_CONN
 */
export class DtlsSocket extends Answering implements Polled {
	/** The one that the last handshake call was about. */
	connection: DtlsConnection | undefined = undefined;
	/** All that are not closed. */
	readonly connections: DtlsConnection[] = [];
	/** Whether close leaves the transport open; by default it doesn't. */
	keepTransportOpen = false;
	readonly #stack: Stack;
	readonly #security: Security;
	readonly #port: DatagramPort;
	/** Servers' connections whose handshake nobody was told the end of. */
	readonly #begun: DtlsConnection[] = [];
	#closing = false;
	/** The port may have more datagrams that it told of already. */
	#more = false;

	constructor(stack: Stack, transport: DatagramTransport, security: Security) {
		super();
		const { pools, configuration, host } = stack;
		this.#stack = stack;
		this.#security = security;
		this.#port = new DatagramPort(transport, pools, configuration.pmtu, host.clock);
	}

	/** Client: begins a handshake with the peer at this address, or goes on with it; see Channel.clientHandshake. It stands in `connection`. */
	clientHandshake(address: string, peerName: string, resume?: Ticket | Channel): number {
		if (this.#closing) return this.unknown();
		if (address === undefined || address === null) return this.missing();
		if (typeof address !== "string" || address === "") return this.refuseArgument(undefined);
		this.#stack.opened(this, undefined);
		this.forgetClosed();
		let connection = this.find(address);
		if (connection === undefined) {
			connection = new DtlsConnection(this.#stack, this.#security, new DatagramAttachment(this.#port, address, false));
			const code = connection.clientHandshake(peerName, resume);
			this.connection = connection;
			if (connection.address !== "") this.connections.push(connection);
			return this.pass(code, connection);
		}
		this.connection = connection;
		return this.pass(connection.clientHandshake(peerName, resume), connection);
	}

	/**
	 * Server: lets clients in and goes on with their handshakes. WAIT until one is done: OK, or why it failed; it stands in
	 * `connection`. To be called again whenever a further client is to be let in. FULL_ERR tells once for each client that found no room.
	 */
	serverHandshake(verifyClient: boolean, peerName = ""): number {
		if (this.#closing) return this.unknown();
		if (!hasSockets(this.#stack)) return this.notReady();
		if (peerName === undefined || peerName === null) return this.missing();
		const { connectionLock } = this.#stack;
		if (!connectionLock.enter()) return this.waitFor(WANTS_INPUT, this.#stack.host.clock.ticks());
		try {
			const code = this.letIn(verifyClient, peerName);
			if (code !== OK) return code;
		} finally {
			connectionLock.leave();
		}
		for (const connection of this.#begun) {
			const code = connection.handshake();
			this.pass(code, connection);
			if (code === WAIT) continue;
			this.connection = connection;
			if (code !== TIMEOUT_ERR) this.#begun.splice(this.#begun.indexOf(connection), 1);
			return code;
		}
		return this.waitFor(WANTS_INPUT, this.#more ? this.#stack.host.clock.ticks() : this.wakeAt());
	}

	/** Closes all connections, then the transport. OK; WAIT: not all is out yet: call again, or let Stack.poll end it. */
	close(): number {
		if (this.#closing && !this.#stack.working(this)) return this.unknown();
		this.#closing = true;
		for (const connection of this.connections) connection.close();
		if (this.ended()) {
			this.#stack.idle(this);
			return this.succeed();
		}
		this.#stack.work(this);
		return this.waitFor(WANTS_INPUT, this.wakeAt());
	}

	/** For the stack: goes on with closing. */
	poll(): number {
		return this.ended() ? POLLED_ENDED : this.wakeAt();
	}
	notify(): void {}
	stop(): void {
		for (const connection of this.connections) connection.stop();
		this.ended();
	}

	/** Opens the door the first time, takes datagrams up and lets in whom they are from; OK, or what is in the way. */
	private letIn(verifyClient: boolean, peerName: string): number {
		const port = this.#port;
		this.#stack.opened(this, undefined);
		this.forgetClosed();
		if (!port.open()) return this.exhausted();
		try {
			port.door ??= openDoor(this.#stack, this.#security, peerName, verifyClient ? "require" : "no");
		} catch (error) {
			return this.refuseArgument(error);
		}
		let steps = 0;
		while (steps < STEPS && port.step(undefined)) steps++;
		this.#more = steps === STEPS;
		for (let guest = port.newGuests.shift(); guest !== undefined; guest = port.newGuests.shift()) {
			const connection = new DtlsConnection(this.#stack, this.#security, new DatagramAttachment(port, guest.address, false, guest), guest);
			this.connections.push(connection);
			this.#begun.push(connection);
		}
		if (port.refused === 0) return port.ended ? this.broken() : OK;
		port.refused--;
		return this.exhausted();
	}

	private find(address: string): DtlsConnection | undefined {
		for (const connection of this.connections) if (connection.address === address) return connection;
		return undefined;
	}

	private forgetClosed(): void {
		for (let i = this.connections.length - 1; i >= 0; i--) if (this.connections[i].ended) this.connections.splice(i, 1);
	}

	private wakeAt(): number {
		let wakeAt = Number.POSITIVE_INFINITY;
		for (const { outcome } of this.connections) wakeAt = Math.min(wakeAt, outcome.wakeAt);
		return wakeAt;
	}

	/** Whether all connections are; the port is closed then. */
	private ended(): boolean {
		this.forgetClosed();
		if (this.connections.length > 0) return false;
		this.#stack.closed(this, undefined);
		this.#port.close(this.keepTransportOpen);
		return true;
	}
}
