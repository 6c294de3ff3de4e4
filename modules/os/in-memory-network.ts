// Byte streams and datagrams between two programs in one memory, with hands on the network: how much it takes at a time,
// what it loses, when it breaks. For tests, and for a port whose own network isn't there yet.

import {
	type DatagramNetwork,
	type DatagramTransport,
	type StreamListener,
	type StreamNetwork,
	type StreamTransport,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
	WOULD_BLOCK,
} from "./os.js";

/**
 * One end of a byte stream.
 *
 *     const [client, server] = streamPair();
 *     client.chunk = 1;                        // reads and writes one byte at a time
 */
export class MemoryStream implements StreamTransport {
	/** The most bytes that a read or write moves. */
	chunk = 4096;
	/** Bytes that may be on their way from here. */
	window = 65536;
	/** The connection is broken: reads and writes fail. */
	broken = false;
	connecting = false;
	closed = false;
	peer: MemoryStream | undefined = undefined;
	readonly #incoming: number[] = [];

	/** Bytes that wait to be read here. */
	get waiting(): number {
		return this.#incoming.length;
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		if (this.broken || this.closed) return TRANSPORT_FAILED;
		if (this.connecting) return WOULD_BLOCK;
		const count = Math.min(end - at, this.chunk, this.#incoming.length);
		for (let i = 0; i < count; i++) bytes[at + i] = this.#incoming[i];
		this.#incoming.splice(0, count);
		return count === 0 && this.#incoming.length === 0 && (this.peer === undefined || this.peer.closed) ? TRANSPORT_CLOSED : count;
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		if (this.broken || this.closed) return TRANSPORT_FAILED;
		if (this.connecting) return WOULD_BLOCK;
		if (this.peer === undefined || this.peer.closed) return TRANSPORT_CLOSED;
		const count = Math.min(end - at, this.chunk, this.window - this.peer.waiting);
		for (let i = 0; i < count; i++) this.peer.#incoming.push(bytes[at + i]);
		return Math.max(0, count);
	}

	close(): void {
		this.closed = true;
	}
}

/** Two ends of one stream. */
export function streamPair(): [MemoryStream, MemoryStream] {
	const one = new MemoryStream();
	const other = new MemoryStream();
	one.peer = other;
	other.peer = one;
	return [one, other];
}

class MemoryListener implements StreamListener {
	readonly queue: MemoryStream[] = [];
	readonly backlog: number;
	readonly #network: MemoryStreamNetwork;
	readonly port: number;

	constructor(network: MemoryStreamNetwork, port: number, backlog: number) {
		this.#network = network;
		this.port = port;
		this.backlog = backlog;
	}
	get waiting(): boolean {
		return this.queue.length > 0;
	}
	accept(): StreamTransport | undefined {
		return this.queue.shift();
	}
	close(): void {
		for (const stream of this.queue) stream.close();
		this.#network.listeners.delete(this.port);
	}
}

/** Ports and connections between programs that share this object. */
export class MemoryStreamNetwork implements StreamNetwork {
	readonly listeners = new Map<number, MemoryListener>();
	/** Every end that connect has made, in order. */
	readonly connected: MemoryStream[] = [];
	/** Connections stay "connecting" until a test says otherwise. */
	slow = false;

	listen(port: number, backlog: number): StreamListener {
		if (this.listeners.has(port)) throw new Error(`port ${port} is taken`);
		const listener = new MemoryListener(this, port, backlog);
		this.listeners.set(port, listener);
		return listener;
	}

	connect(_host: string, port: number): StreamTransport {
		const [here, there] = streamPair();
		const listener = this.listeners.get(port);
		if (listener === undefined || listener.queue.length >= listener.backlog) here.broken = true;
		else listener.queue.push(there);
		here.connecting = this.slow;
		this.connected.push(here);
		return here;
	}
}

interface Datagram {
	readonly bytes: Uint8Array;
	readonly from: string;
}

/** One port of a MemoryDatagramNetwork. */
export class MemoryDatagramPort implements DatagramTransport {
	from = "";
	readonly address: string;
	readonly incoming: Datagram[] = [];
	/** Nothing can be sent now. */
	congested = false;
	/** The interface is down: everything fails. */
	broken = false;
	closed = false;
	readonly #network: MemoryDatagramNetwork;

	constructor(network: MemoryDatagramNetwork, address: string) {
		this.#network = network;
		this.address = address;
	}

	receive(bytes: Uint8Array, at: number, end: number): number {
		if (this.closed) return TRANSPORT_CLOSED;
		if (this.broken) return TRANSPORT_FAILED;
		for (let next = this.incoming.shift(); next !== undefined; next = this.incoming.shift()) {
			if (next.bytes.length === 0 || next.bytes.length > end - at) continue;
			bytes.set(next.bytes, at);
			this.from = next.from;
			return next.bytes.length;
		}
		return WOULD_BLOCK;
	}

	send(bytes: Uint8Array, at: number, end: number, to: string): number {
		if (this.closed) return TRANSPORT_CLOSED;
		if (this.broken) return TRANSPORT_FAILED;
		if (this.congested) return WOULD_BLOCK;
		this.#network.carry(bytes.slice(at, end), this.address, to);
		return end - at;
	}

	close(): void {
		this.closed = true;
		this.#network.ports.delete(this.address);
	}
}

/** Datagram ports that reach each other; addresses are "memory 5684". */
export class MemoryDatagramNetwork implements DatagramNetwork {
	readonly ports = new Map<string, MemoryDatagramPort>();
	/** Whether the datagram with this number (from 0) is lost. */
	loses: (index: number, bytes: Uint8Array) => boolean = () => false;
	sent = 0;
	#nextPort = 49152;

	open(port: number): MemoryDatagramPort {
		const address = `memory ${port === 0 ? this.#nextPort++ : port}`;
		if (this.ports.has(address)) throw new Error(`port ${port} is taken`);
		const opened = new MemoryDatagramPort(this, address);
		this.ports.set(address, opened);
		return opened;
	}

	carry(bytes: Uint8Array, from: string, to: string): void {
		if (!this.loses(this.sent++, bytes)) this.ports.get(to)?.incoming.push({ bytes, from });
	}
}
