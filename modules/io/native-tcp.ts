// The native interface for TCP: connections that work by themselves while the stack is polled, and tell what has happened by
// notifications. For firmware that is driven by events.

import { OK } from "../base/status.js";
import { type StreamListener, type StreamNetwork, type StreamTransport, TRANSPORT_FAILED } from "../os/os.js";
import type { Attachment } from "./link.js";
import type { Stack } from "./module.js";
import type { ConnectionInfo } from "./native-connection.js";
import { Awaited, isPort, NativeInterface } from "./native-interface.js";
import type { Security } from "./security.js";
import { StreamAttachment } from "./stream-link.js";
import type { Ticket } from "./tickets.js";

const NO_BYTES: Readonly<Uint8Array> = new Uint8Array(0);

/** A connection to somebody else. */
class Outgoing extends Awaited {
	readonly #transport: StreamTransport;

	constructor(info: ConnectionInfo, ticket: Ticket | undefined, now: number, transport: StreamTransport) {
		super(info, false, ticket, now);
		this.#transport = transport;
	}
	get there(): boolean {
		return !(this.#transport.connecting ?? false);
	}
	get broken(): boolean {
		return this.there && this.#transport.read(NO_BYTES as Uint8Array, 0, 0) === TRANSPORT_FAILED;
	}
	attachment(stack: Stack): Attachment {
		return new StreamAttachment(this.#transport);
	}
	override abandon(): void {
		this.#transport.close();
	}
}

/** One that somebody else makes. */
class Incoming extends Awaited {
	readonly #listener: StreamListener;
	#transport: StreamTransport | undefined = undefined;

	constructor(info: ConnectionInfo, now: number, listener: StreamListener) {
		super(info, true, undefined, now);
		this.#listener = listener;
	}
	get there(): boolean {
		if (this.#transport === undefined && this.#listener.waiting) this.#transport = this.#listener.accept();
		return this.#transport !== undefined;
	}
	get broken(): boolean {
		return false;
	}
	attachment(stack: Stack): Attachment {
		return new StreamAttachment(this.#transport as StreamTransport);
	}
	override abandon(): void {
		this.#transport?.close();
	}
}

/**
 * TLS over TCP, driven by events.
 *
 *     const tcp = new NativeTcp(stack, network, security);
 *     const info = new ConnectionInfo(notify, START, "server.example");
 *     tcp.connect("server.example 443", info);         // WAIT; and again at each notification, until OK: info.connection
 *     stack.poll();                                     // at events and at the time that it answers: calls notify
 */
export class NativeTcp extends NativeInterface {
	readonly #network: StreamNetwork;
	readonly #listeners = new Map<number, StreamListener>();

	/** security: for connections whose info has none. */
	constructor(stack: Stack, network: StreamNetwork, security: Security) {
		super(stack, security);
		this.#network = network;
	}

	protected get configured(): boolean {
		return this.stack.configuration.nativeInterface;
	}

	/** Takes a connection that is there already: OK, info.connection is it. Its handshake begins with info's START, or by a call. */
	start(transport: StreamTransport, info: ConnectionInfo): number {
		if (!this.enter()) return this.busy();
		try {
			return this.startNow(transport, info);
		} finally {
			this.leave();
		}
	}

	private startNow(transport: StreamTransport, info: ConnectionInfo): number {
		const code = this.admit(info, true);
		if (code !== OK) return code;
		if (transport === undefined || transport === null) return this.missing();
		if (!this.hasRoom(false)) return this.noRoom();
		info.connection = this.adopt(new StreamAttachment(transport), info, false, undefined);
		return this.succeed();
	}

	/**
	 * Connects to "host port". WAIT: not there yet, call again with the same info; OK: info.connection; NOT_FOUND_ERR: all
	 * connections are in use; PARAM_ERR: no such address, or START without a peerName; TIMEOUT_ERR, IO_ERR.
	 */
	connect(address: string, info: ConnectionInfo, ticket?: Ticket): number {
		if (!this.enter()) return this.busy();
		try {
			return this.connectNow(address, info, ticket);
		} finally {
			this.leave();
		}
	}

	private connectNow(address: string, info: ConnectionInfo, ticket: Ticket | undefined): number {
		const code = this.admit(info, false);
		if (code !== OK) return code;
		if (info.connection !== undefined) return this.again(info.connection);
		let one = this.find(info);
		if (one === undefined) {
			if (address === undefined || address === null) return this.missing();
			const { host, port } = splitAddress(address);
			if (host === "" || !isPort(port)) return this.refuseArgument(undefined);
			if (!this.hasRoom(false)) return this.noRoom();
			try {
				one = new Outgoing(info, ticket, this.stack.host.clock.ticks(), this.#network.connect(host, port));
			} catch (error) {
				return this.refuse(this.portRefused(error));
			}
			this.expect(one);
		}
		return this.answer(one);
	}

	/** Waits for a connection on a port, which stays open for others. WAIT, OK: info.connection; NOT_FOUND_ERR: all connections are in use; IO_ERR: the port can't be had. */
	accept(port: number, info: ConnectionInfo): number {
		if (!this.enter()) return this.busy();
		try {
			return this.acceptNow(port, info);
		} finally {
			this.leave();
		}
	}

	private acceptNow(port: number, info: ConnectionInfo): number {
		const code = this.admit(info, true);
		if (code !== OK) return code;
		if (info.connection !== undefined) return this.again(info.connection);
		let one = this.find(info);
		if (one === undefined) {
			if (!isPort(port)) return this.refuseArgument(undefined);
			if (!this.hasRoom(false)) return this.noRoom();
			let listener = this.#listeners.get(port);
			try {
				listener ??= this.#network.listen(port, this.stack.configuration.maxConnections);
			} catch (error) {
				return this.refuse(this.portRefused(error));
			}
			this.#listeners.set(port, listener);
			one = new Incoming(info, this.stack.host.clock.ticks(), listener);
			this.expect(one);
		}
		return this.answer(one);
	}

	/** Closes a port that accept has opened; its connections stay. OK or NOT_FOUND_ERR. */
	closePort(port: number): number {
		const listener = this.#listeners.get(port);
		if (listener === undefined) return this.unknown();
		this.#listeners.delete(port);
		listener.close();
		return this.succeed();
	}

	override stop(): void {
		super.stop();
		for (const listener of this.#listeners.values()) listener.close();
		this.#listeners.clear();
	}
}

/** "host port": the host may be a name or an address. */
function splitAddress(address: string): { host: string; port: number } {
	const space = typeof address === "string" ? address.lastIndexOf(" ") : -1;
	return space < 0 ? { host: "", port: -1 } : { host: address.slice(0, space), port: Number(address.slice(space + 1)) };
}
