// A datagram transport with the connections on it: a client's, to one peer each, and those of a server, which a door lets in.
// For io/dtls-socket and io/native-udp.

import { CLOSED } from "../base/status.js";
import { type Clock, DATAGRAM_TOO_LONG, type DatagramTransport, TRANSPORT_CLOSED, TRANSPORT_FAILED, WOULD_BLOCK } from "../os/os.js";
import { type DtlsDoor, type Guest, ROUTE_ANSWER, ROUTE_FULL, ROUTE_GUEST, ROUTE_NEW } from "./dtls-door.js";
import type { Attachment, Link, NetworkDoors } from "./link.js";
import type { Pools } from "./pools.js";

/** How long a datagram waits for its connection before others get theirs, in milliseconds. */
const HELD_FOR = 100;

/** Datagrams on their way. */
class Held {
	/** That came: its length, 0 if there is none, since when it waits, and whose it is. */
	inLength = 0;
	inSince = 0;
	inFor: DatagramLink | undefined = undefined;
	/** That is to go: its length and address. */
	outLength = 0;
	outTo = "";
	outOf: NetworkDoors | undefined = undefined;
}

/**
 * One port.
 *
 *     const port = new DatagramPort(transport, pools, 1400, clock);
 *     if (!port.open()) return FULL_ERR;
 *     const link = port.link("192.0.2.1 5684");         // a client's
 *     port.door = openDoor(...);                         // or a server's
 *     port.step(undefined);                              // a datagram goes where it belongs
 */
export class DatagramPort {
	readonly transport: DatagramTransport;
	/** A server's. */
	door: DtlsDoor | undefined = undefined;
	/** Clients that were let in and that nobody has taken up yet, and how many found no room since that was last told. */
	readonly newGuests: Guest[] = [];
	refused = 0;
	/** Datagrams that nobody could take. */
	dropped = 0;
	/** The transport is closed or broken for good. */
	ended = false;
	readonly #pools: Pools;
	readonly #outgoingLength: number;
	readonly #clock: Clock;
	#block: Uint8Array | undefined = undefined;
	#in: Uint8Array = new Uint8Array(0);
	#out: Uint8Array = new Uint8Array(0);
	/** A datagram that waits for room, and one that the transport didn't take. */
	readonly #held = new Held();
	readonly #links: DatagramLink[] = [];

	/** mtu: the longest datagram that is sent. */
	constructor(transport: DatagramTransport, pools: Pools, mtu: number, clock: Clock) {
		this.transport = transport;
		this.#clock = clock;
		this.#pools = pools;
		this.#outgoingLength = mtu;
	}

	/** Takes its memory; false if there is none. */
	open(): boolean {
		if (this.#block !== undefined) return true;
		const { ports } = this.#pools;
		const block = ports.take(ports.blockLength);
		if (block === undefined) return false;
		const inLength = block.length - this.#outgoingLength;
		this.#block = block;
		this.#in = block.subarray(0, inLength);
		this.#out = block.subarray(inLength);
		return true;
	}

	/** Gives memory and transport back. Guests that nobody took up end. */
	close(keepOpen: boolean): void {
		for (const guest of [...this.newGuests]) this.dismiss(guest);
		if (this.#block !== undefined) this.#pools.ports.giveBack(this.#block);
		this.#block = undefined;
		this.ended = true;
		if (!keepOpen) this.transport.close();
	}

	/** Whether connections are on it. */
	get busy(): boolean {
		return this.#links.length > 0 || this.newGuests.length > 0;
	}

	/** A link to a peer; of a server: for a guest. */
	link(address: string, guest?: Guest): DatagramLink {
		const link = new DatagramLink(this, address, guest);
		this.#links.push(link);
		if (guest !== undefined) guest.owner = link;
		return link;
	}

	/** The link to an address, if there is one. */
	find(address: string): DatagramLink | undefined {
		for (const link of this.#links) if (link.address === address) return link;
		return undefined;
	}

	unlink(link: DatagramLink): void {
		const index = this.#links.indexOf(link);
		if (index >= 0) this.#links.splice(index, 1);
		if (link.guest !== undefined) this.door?.remove(link.guest);
		if (this.#held.inFor === link) this.#held.inLength = 0;
	}

	/**
	 * Takes the next datagram of the transport and gives it to whose it is; whether there was one. What one connection has no
	 * room for waits for it, but not for long when others want theirs.
	 */
	step(asking: DatagramLink | undefined): boolean {
		if (this.#held.inLength > 0) {
			if (this.deliver(this.#held.inFor)) return true;
			if (this.#held.inFor === asking || this.#clock.ticks() < this.#held.inSince + HELD_FOR) return false;
			this.#held.inLength = 0;
			this.dropped++;
		}
		if (this.ended || this.#block === undefined) return false;
		const length = this.transport.receive(this.#in, 0, this.#in.length);
		if (length === TRANSPORT_CLOSED || length === TRANSPORT_FAILED) this.ended = true;
		if (length <= 0) return false;
		this.#held.inLength = length;
		this.#held.inSince = this.#clock.ticks();
		this.#held.inFor = this.route(length, this.transport.from);
		return this.deliver(this.#held.inFor) || this.#held.inFor !== asking;
	}

	/** Without a connection: the datagram that came for this link. */
	readPlain(link: DatagramLink, bytes: Uint8Array, at: number, end: number): number {
		if (this.#held.inLength === 0 || this.#held.inFor !== link) {
			this.step(link);
			if (this.#held.inLength === 0 || this.#held.inFor !== link) return this.ended ? TRANSPORT_FAILED : WOULD_BLOCK;
		}
		const length = this.#held.inLength;
		this.#held.inLength = 0;
		if (length > end - at) {
			this.dropped++;
			return WOULD_BLOCK;
		}
		for (let i = 0; i < length; i++) bytes[at + i] = this.#in[i];
		return length;
	}

	/** Sends the next datagram of a connection; whether anything moved. */
	flush(link: DatagramLink, connection: NetworkDoors): boolean {
		if (this.#block === undefined) return false;
		if (!this.sendOn()) return false;
		this.#held.outLength = connection.networkOut(this.#out, 0, this.#out.length);
		if (this.#held.outLength === 0) return false;
		this.#held.outTo = connection.elsewhere ?? link.address;
		this.#held.outOf = connection;
		return this.sendOn();
	}

	/** Whether nothing waits for the transport. */
	get drained(): boolean {
		return this.#held.outLength === 0;
	}
	/** Whether nothing waits for this link. */
	emptyFor(link: DatagramLink): boolean {
		return this.#held.inLength === 0 || this.#held.inFor !== link;
	}

	/** The datagram that waits to be sent; whether there is none any more. What the network refuses is lost, as it would be on the way. */
	private sendOn(): boolean {
		if (this.#held.outLength === 0) return true;
		const count = this.transport.send(this.#out, 0, this.#held.outLength, this.#held.outTo);
		if (count === WOULD_BLOCK) return false;
		if (count === TRANSPORT_CLOSED) this.ended = true;
		if (count === DATAGRAM_TOO_LONG) this.#held.outOf?.traffic?.output.lowerMtu(this.#held.outLength);
		this.#held.outLength = 0;
		return true;
	}

	/** Whose the datagram is; what the door has done with it itself is nobody's. */
	private route(length: number, from: string): DatagramLink | undefined {
		const link = this.find(from);
		if (link !== undefined && link.guest === undefined) return link;
		const { door } = this;
		if (door === undefined) return undefined;
		const way = door.route(this.#clock.ticks(), this.#in, 0, length, from);
		if (way === ROUTE_GUEST) return this.linkOf(door.guest, from);
		this.#held.inLength = 0;
		if (way === ROUTE_NEW || way === ROUTE_FULL) this.dismiss(door.replaced);
		if (way === ROUTE_NEW && door.guest !== undefined) {
			door.guest.connection.networkIn(door.hello, door.helloAt, door.helloEnd, from);
			this.newGuests.push(door.guest);
		} else if (way === ROUTE_ANSWER || way === ROUTE_FULL) this.transport.send(door.answer, 0, door.answerLength, from);
		if (way === ROUTE_FULL) this.refused++;
		return undefined;
	}

	/** A guest that nobody took up ends. */
	private dismiss(guest: Guest | undefined): void {
		const index = guest === undefined ? -1 : this.newGuests.indexOf(guest);
		if (guest === undefined || index < 0) return;
		this.newGuests.splice(index, 1);
		guest.connection.abort();
		this.#pools.connections.giveBack(guest.connection.traffic.memory);
		this.door?.remove(guest);
	}

	/** A guest's link; one that nobody has taken up yet takes its datagrams all the same. */
	private linkOf(guest: Guest | undefined, from: string): DatagramLink | undefined {
		if (guest === undefined) return undefined;
		for (const link of this.#links) if (link.guest === guest) return link;
		guest.connection.networkIn(this.#in, 0, this.#held.inLength, from);
		this.#held.inLength = 0;
		return undefined;
	}

	/** Gives the datagram that waits to a link's connection; whether it is gone. */
	private deliver(link: DatagramLink | undefined): boolean {
		if (this.#held.inLength === 0) return true;
		if (link === undefined) {
			this.#held.inLength = 0;
			this.dropped++;
			return true;
		}
		const taken = link.connection?.networkIn(this.#in, 0, this.#held.inLength, this.transport.from) ?? 0;
		if (taken > 0) this.#held.inLength = 0;
		return taken > 0;
	}
}

/** A peer on a port. */
export class DatagramLink implements Link {
	address: string;
	readonly guest: Guest | undefined;
	/** Since the first flush or fill. */
	connection: NetworkDoors | undefined = undefined;
	readonly port: DatagramPort;
	readonly connecting = false;

	constructor(port: DatagramPort, address: string, guest: Guest | undefined) {
		this.port = port;
		this.address = address;
		this.guest = guest;
		this.connection = guest?.connection;
	}

	get drained(): boolean {
		return this.port.drained;
	}
	get empty(): boolean {
		return this.port.emptyFor(this);
	}
	get broken(): boolean {
		return this.port.ended;
	}

	flush(connection: NetworkDoors): boolean {
		this.connection = connection;
		this.follow(connection);
		return this.port.flush(this, connection);
	}

	fill(connection: NetworkDoors): boolean {
		this.connection = connection;
		return this.port.step(this);
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		return this.port.readPlain(this, bytes, at, end);
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		return this.port.transport.send(bytes, at, end, this.address);
	}

	look(): boolean {
		this.port.step(this);
		return !this.empty;
	}

	/** The peer may have moved. */
	private follow({ peerAddress = "" }: NetworkDoors): void {
		if (peerAddress === "" || peerAddress === this.address) return;
		this.address = peerAddress;
		if (this.guest !== undefined && this.guest.connection.state !== CLOSED) this.port.door?.move(this.guest, peerAddress);
	}
}

/** A link of a port; owned: the port belongs to this link alone and is closed with it. */
export class DatagramAttachment implements Attachment {
	readonly isDatagram = true;
	readonly port: DatagramPort;
	readonly #address: string;
	readonly #guest: Guest | undefined;
	readonly #owned: boolean;
	link: DatagramLink | undefined = undefined;

	constructor(port: DatagramPort, address: string, owned: boolean, guest?: Guest) {
		this.port = port;
		this.#address = address;
		this.#guest = guest;
		this.#owned = owned;
	}

	attach(): DatagramLink | undefined {
		if (!this.port.open()) return undefined;
		this.link ??= this.port.link(this.#address, this.#guest);
		return this.link;
	}

	release(): void {
		if (this.link !== undefined) this.port.unlink(this.link);
		this.link = undefined;
	}

	close(): void {
		if (this.#owned) this.port.close(false);
	}
}
