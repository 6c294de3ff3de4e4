// The native interface for UDP: see io/native-tcp, with datagrams. A server's port lets clients in by itself; until their
// handshake is begun, connections carry datagrams as they are.

import { PORT_IN_USE, PORTS_EXHAUSTED } from "../base/failure.js";
import { OK } from "../base/status.js";
import type { DatagramNetwork, DatagramTransport } from "../os/os.js";
import { DatagramAttachment, DatagramPort } from "./datagram-port.js";
import type { Guest } from "./dtls-door.js";
import type { Attachment } from "./link.js";
import type { Stack } from "./module.js";
import { type ConnectionInfo, type NativeConnection, VERIFY } from "./native-connection.js";
import { Awaited, isPort, NativeInterface } from "./native-interface.js";
import { openDoor } from "./openings.js";
import type { Security } from "./security.js";
import type { Ticket } from "./tickets.js";

/** Datagrams that a server's port takes up in one poll. */
const STEPS = 16;
/** How many ports a client tries until one is free. */
const TRIES = 64;

/** A server's port. */
class ServerPort {
	readonly number: number;
	readonly port: DatagramPort;

	constructor(number: number, port: DatagramPort) {
		this.number = number;
		this.port = port;
	}
}

/** A client that a server's port is to let in. */
class Incoming extends Awaited {
	readonly #server: ServerPort;
	#guest: Guest | undefined = undefined;

	constructor(info: ConnectionInfo, now: number, server: ServerPort) {
		super(info, true, undefined, now);
		this.#server = server;
	}
	get there(): boolean {
		return this.#server.port.newGuests.length > 0;
	}
	get broken(): boolean {
		return this.#server.port.ended;
	}
	attachment(_stack: Stack): Attachment {
		this.#guest = this.#server.port.newGuests.shift() as Guest;
		return new DatagramAttachment(this.#server.port, this.#guest.address, false, this.#guest);
	}
	override guest(): Guest | undefined {
		return this.#guest;
	}
	override readonly isGuest = true;
}

/**
 * DTLS over UDP, driven by events.
 *
 *     const udp = new NativeUdp(stack, network, security);
 *     udp.serverOpen(5684, new ConnectionInfo());
 *     const info = new ConnectionInfo(notify);
 *     udp.accept(5684, info);                           // WAIT; and again at each notification, until OK: info.connection
 *     stack.poll();
 */
export class NativeUdp extends NativeInterface {
	/** After serverConnection answered OK. */
	connection: NativeConnection | undefined = undefined;
	readonly #network: DatagramNetwork;
	readonly #servers: ServerPort[] = [];

	/** security: for connections whose info has none. */
	constructor(stack: Stack, network: DatagramNetwork, security: Security) {
		super(stack, security);
		this.#network = network;
	}

	protected get configured(): boolean {
		const { dtls, dtlsNativeInterface } = this.stack.configuration;
		return dtls && dtlsNativeInterface;
	}

	/** Takes a transport that is there already, and one peer on it: OK, info.connection. Datagrams go as they are until its handshake begins. */
	start(transport: DatagramTransport, address: string, info: ConnectionInfo): number {
		if (!this.enter()) return this.busy();
		try {
			return this.startNow(transport, address, info);
		} finally {
			this.leave();
		}
	}

	private startNow(transport: DatagramTransport, address: string, info: ConnectionInfo): number {
		const code = this.admit(info, true);
		if (code !== OK) return code;
		if (transport === undefined || transport === null || address === undefined || address === null) return this.missing();
		if (typeof address !== "string" || address === "") return this.refuseArgument(undefined);
		if (!this.hasRoom(false)) return this.noRoom();
		info.connection = this.adopt(new DatagramAttachment(this.port(transport), address, true), info, false, undefined);
		return this.succeed();
	}

	/** Connects to a peer ("host port") from a port of its own: OK, info.connection; its handshake begins with START, or by a call. */
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
		if (address === undefined || address === null) return this.missing();
		if (typeof address !== "string" || address === "") return this.refuseArgument(undefined);
		if (!this.hasRoom(false)) return this.noRoom();
		const transport = this.openPort();
		if (transport === undefined) return this.refuse(this.portRefused(undefined));
		const attachment = new DatagramAttachment(this.port(transport), address, true);
		info.connection = this.adopt(attachment, info, false, ticket);
		return this.succeed();
	}

	/** Opens a server's port. Its clients' handshakes go by info: VERIFY, peerName, security. OK, FULL_ERR: too many ports, IO_ERR: it can't be had, PARAM_ERR. */
	serverOpen(port: number, info: ConnectionInfo): number {
		if (!this.enter()) return this.busy();
		try {
			return this.serverOpenNow(port, info);
		} finally {
			this.leave();
		}
	}

	private serverOpenNow(port: number, info: ConnectionInfo): number {
		const code = this.admit(info, true);
		if (code !== OK) return code;
		if (!isPort(port) || this.server(port) !== undefined) return this.refuseArgument(undefined);
		if (this.#servers.length >= this.stack.configuration.maxServerPorts) return this.refuse(PORTS_EXHAUSTED);
		let transport: DatagramTransport;
		try {
			transport = this.#network.open(port);
		} catch (error) {
			return this.refuse(this.portRefused(error));
		}
		const opened = this.port(transport);
		try {
			opened.door = openDoor(this.stack, info.security ?? this.security, info.peerName, info.flags & VERIFY ? "require" : "no");
		} catch (error) {
			transport.close();
			return this.refuseArgument(error);
		}
		opened.open();
		this.#servers.push(new ServerPort(port, opened));
		this.stack.opened(this, undefined);
		this.stack.work(this);
		return this.succeed();
	}

	/** Closes it. CONNECT_ERR while connections are open on it, NOT_FOUND_ERR: it isn't open. */
	serverClose(port: number): number {
		const server = this.server(port);
		if (server === undefined) return this.unknown();
		if (server.port.busy) return this.refuse(PORT_IN_USE);
		this.#servers.splice(this.#servers.indexOf(server), 1);
		server.port.close(false);
		return this.succeed();
	}

	/** The last connection of a port whose handshake was done: OK and `connection`, or NOT_FOUND_ERR. */
	serverConnection(port: number): number {
		const server = this.server(port);
		let last: NativeConnection | undefined;
		for (const connection of this.connections) {
			if (server !== undefined && connection.isOn(server.port) && connection.establishedAt >= (last?.establishedAt ?? 0)) last = connection;
		}
		if (last === undefined) return this.unknown();
		this.connection = last;
		return this.succeed();
	}

	/** Waits for the next client of a server's port. WAIT, OK: info.connection, whose handshake goes on; NOT_FOUND_ERR: all connections are in use, or the port isn't open. */
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
			const server = this.server(port);
			if (server === undefined) return this.unknown();
			if (server.port.newGuests.length === 0 && !this.hasRoom(false)) return this.noRoom();
			one = new Incoming(info, this.stack.host.clock.ticks(), server);
			this.expect(one);
		}
		for (const { port } of this.#servers) this.takeUp(port);
		return this.answer(one);
	}

	override poll(now: number): number {
		let more = false;
		for (const { port } of this.#servers) more = this.takeUp(port) || more;
		const wakeAt = super.poll(now);
		return more ? 0 : wakeAt;
	}

	override stop(): void {
		super.stop();
		for (const { port } of this.#servers) port.close(false);
		this.#servers.length = 0;
	}

	/** Whether there may be more. */
	private takeUp(port: DatagramPort): boolean {
		for (let steps = 0; steps < STEPS; steps++) if (!port.step(undefined)) return false;
		return true;
	}

	private server(port: number): ServerPort | undefined {
		for (const server of this.#servers) if (server.number === port) return server;
		return undefined;
	}

	private port(transport: DatagramTransport): DatagramPort {
		const { pools, configuration, host } = this.stack;
		return new DatagramPort(transport, pools, configuration.pmtu, host.clock);
	}

	/** The next free port from the configuration's on. */
	private openPort(): DatagramTransport | undefined {
		const { dtlsClientPortStart } = this.stack.configuration;
		for (let tries = 0; tries < TRIES && dtlsClientPortStart + tries <= 65535; tries++) {
			try {
				return this.#network.open(dtlsClientPortStart + tries);
			} catch {
				// taken: the next
			}
		}
		return undefined;
	}
}
