// A DTLS server on one UDP port: its clients' sockets, for as many as there is room for.

import UDP from "embedded:io/socket/udp";
import type { DtlsOptions } from "polltls/dtls-options";
import { type DtlsServerOptions, openDtlsDoor } from "polltls/dtls-server";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { type DtlsDoor, type Guest, ROUTE_ANSWER, ROUTE_FULL, ROUTE_GUEST, ROUTE_NEW } from "polltls/io/dtls-door";
import { DtlsChannel } from "./dtls-channel.js";
import { DtlsSocket } from "./dtls-socket.js";
import type { DatagramConstructor } from "./io-types.js";
import { settings } from "./settings.js";
import { shared } from "./shared.js";
import { serverOptions, type TlsServerOptions } from "./tls-options.js";
import type { Turn } from "./turns.js";
import { UdpTransport } from "./udp-transport.js";

/** How long the tickets of a listener may be used. */
const TICKET_SECONDS = 7200;

export interface DtlsListenerOptions {
	port: number;
	target?: unknown;
	onReadable?(this: DtlsListener, count: number): void;
	onError?(this: DtlsListener, error?: unknown): void;
	/** The server's certificates and keys, or psks; and what datagrams have beside them (dtls-options). */
	dtls: TlsServerOptions & DtlsOptions & Pick<DtlsServerOptions, "cookies">;
	/** Connections at once; others are refused before they cost memory. */
	maxConnections?: number;
	/** The class to receive with; the platform's if it isn't given. */
	UDP?: { io: DatagramConstructor };
}

/**
 * Takes connections. A client is let in when it has proven its address by a cookie; onReadable tells of it, and its socket's
 * owner hears when the handshake is done.
 *
 *     new DtlsListener({
 *         port: 5684,
 *         dtls: { psks: [{ identity, key }], connectionIdLength: 4 },
 *         onReadable(count) { while (count--) new DtlsSocket({ from: this.read(), onReadable, onError }); },
 *     });
 */
export class DtlsListener {
	declare target: unknown;
	readonly #door: DtlsDoor;
	readonly #turn: Turn;
	readonly #udp: UdpTransport;
	/** Let in, and not yet read. */
	readonly #arrived: DtlsChannel[] = [];
	/** How many of them were told of. */
	#told = 0;
	#closed = false;
	readonly #onReadable: DtlsListenerOptions["onReadable"];
	readonly #onError: DtlsListenerOptions["onError"];

	constructor(options: DtlsListenerOptions) {
		const { port, target, onReadable, onError, dtls, maxConnections = settings.connections } = options;
		this.#onReadable = onReadable;
		this.#onError = onError;
		if (target !== undefined) this.target = target;
		this.#door = openDtlsDoor({ ...doorOptions(dtls), maxConnections });
		this.#turn = shared().turns.add((now) => this.#work(now));
		try {
			this.#udp = new UdpTransport(options.UDP?.io ?? (UDP as unknown as DatagramConstructor), port, () => this.#turn.run());
		} catch (error) {
			this.#turn.close();
			throw error;
		}
	}

	/** The next client's socket, or undefined. It must be taken over ({ from }) or closed. */
	read(): DtlsSocket | undefined {
		const channel = this.#arrived.shift();
		if (channel === undefined) return undefined;
		this.#told = Math.max(0, this.#told - 1);
		return DtlsSocket.of(channel);
	}

	/** Lets nobody in any more. The sockets that were read go on; the port is free when they are closed. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		for (const channel of this.#arrived.splice(0)) channel.close();
		this.#end();
	}

	/** Clients, with those whose handshake goes on. */
	get connections(): number {
		return this.#door.guests.length;
	}

	/** How many clients found no room. */
	get refused(): number {
		return this.#door.full;
	}

	get format(): "socket/udp" {
		return "socket/udp";
	}
	set format(format: string) {
		if (format !== "socket/udp") throw new RangeError("format");
	}

	/** Takes a datagram; answers when the next turn is due. */
	#work(now: number): number {
		const udp = this.#udp;
		const datagram = udp.take();
		if (datagram !== undefined) this.#route(now, datagram, udp.from);
		else if (udp.ended && !this.#closed) {
			this.close();
			this.#onError?.();
		}
		const count = this.#arrived.length;
		if (count > this.#told) {
			this.#told = count;
			this.#onReadable?.(count);
		}
		return datagram === undefined ? Number.POSITIVE_INFINITY : 0;
	}

	/** Gives a datagram to whose it is. */
	#route(now: number, datagram: Uint8Array, from: string): void {
		const door = this.#door;
		const route = door.route(now, datagram, 0, datagram.length, from);
		const { guest, replaced } = door;
		door.guest = door.replaced = undefined; // it would keep their memory when they are gone
		if (route === ROUTE_GUEST) (guest?.owner as DtlsChannel | undefined)?.receive(datagram, from);
		if (route === ROUTE_NEW && guest !== undefined) this.#welcome(guest);
		if (route === ROUTE_NEW || route === ROUTE_FULL) (replaced?.owner as DtlsChannel | undefined)?.turn.wake();
		if (!this.#closed && (route === ROUTE_ANSWER || route === ROUTE_FULL)) this.#udp.send(door.answer, 0, door.answerLength, from);
	}

	#welcome(guest: Guest): void {
		const door = this.#door;
		const channel = new DtlsChannel(guest.connection, guest.address);
		guest.owner = channel;
		channel.connect(this.#udp, false);
		channel.onMoved = (address) => door.move(guest, address);
		channel.onGone = () => {
			door.remove(guest);
			const index = this.#arrived.indexOf(channel);
			if (index >= 0) this.#arrived.splice(index, 1);
			this.#end();
		};
		channel.receive(door.hello.slice(door.helloAt, door.helloEnd), guest.address);
		if (this.#closed) channel.close();
		else this.#arrived.push(channel);
	}

	/** The port is given back when it is closed and nobody is on it. */
	#end(): void {
		if (!this.#closed || this.#door.guests.length > 0) return;
		this.#turn.close();
		this.#udp.close();
	}
}

/** Clients may resume, unless the options say otherwise. */
function doorOptions(dtls: DtlsListenerOptions["dtls"]): DtlsServerOptions {
	const options = serverOptions({ ...dtls, profile: dtls.profile ?? settings.datagramProfile });
	if ("tickets" in options || options.ticketCount === 0) return options;
	const { registry, clock, entropy } = options;
	return { ...options, tickets: new TicketKeys(registry, clock, entropy, TICKET_SECONDS) };
}
