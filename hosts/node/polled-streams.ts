// TCP of a desktop as os/os has it: byte streams and ports that never block, for programs that are polled. For Node.

import { connect, createServer, type Server, type Socket } from "node:net";
import {
	type SocketControls,
	type StreamListener,
	type StreamNetwork,
	type StreamTransport,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
	WOULD_BLOCK,
} from "polltls/os/os";

/** Bytes that are read ahead of the program. */
const READ_AHEAD = 65536;

/**
 * A socket of Node as a byte stream.
 *
 *     const transport = new PolledStream(net.connect(443, "example.org"));
 *     transport.sigio(() => schedule(poll));         // something may have changed
 */
export class PolledStream implements StreamTransport, SocketControls {
	readonly socket: Socket;
	readonly #chunks: Buffer[] = [];
	#held = 0;
	#ended = false;
	#failed = false;
	#closed = false;
	#changed: (() => void) | undefined;

	constructor(socket: Socket, changed?: () => void) {
		this.socket = socket;
		this.#changed = changed;
		const tell = (): void => this.#changed?.();
		socket.on("data", (chunk: Buffer) => {
			if (this.#closed) return;
			this.#chunks.push(chunk);
			this.#held += chunk.length;
			if (this.#held >= READ_AHEAD) socket.pause();
			tell();
		});
		socket.on("end", () => {
			this.#ended = true;
			tell();
		});
		socket.on("error", () => {
			this.#failed = true;
			tell();
		});
		socket.on("connect", tell);
		socket.on("drain", tell);
		socket.on("close", () => {
			this.#ended = true;
			tell();
		});
	}

	get connecting(): boolean {
		return this.socket.connecting;
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		const chunk = this.#chunks[0];
		if (chunk === undefined) return this.#failed ? TRANSPORT_FAILED : this.#ended ? TRANSPORT_CLOSED : WOULD_BLOCK;
		const count = Math.min(end - at, chunk.length);
		bytes.set(chunk.subarray(0, count), at);
		if (count === chunk.length) this.#chunks.shift();
		else this.#chunks[0] = chunk.subarray(count);
		this.#held -= count;
		if (this.#held < READ_AHEAD && this.socket.isPaused()) this.socket.resume();
		return count;
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		if (this.#failed) return TRANSPORT_FAILED;
		if (this.socket.destroyed || this.socket.writableEnded) return TRANSPORT_CLOSED;
		if (this.socket.connecting || this.socket.writableNeedDrain) return WOULD_BLOCK;
		this.socket.write(Buffer.from(bytes.subarray(at, end)));
		return end - at;
	}

	close(): void {
		this.#changed = undefined;
		this.#closed = true;
		this.socket.end();
		this.socket.resume(); // what still comes is dropped
	}

	sigio(callback: (() => void) | undefined): boolean {
		this.#changed = callback;
		return true;
	}
}

class PolledListener implements StreamListener {
	readonly server: Server;
	readonly #waiting: PolledStream[] = [];
	readonly #closed: () => void;

	constructor(server: Server, backlog: number, changed: () => void, closed: () => void) {
		this.server = server;
		this.#closed = closed;
		server.on("connection", (socket) => {
			socket.setNoDelay(true);
			if (this.#waiting.length >= backlog) socket.destroy();
			else this.#waiting.push(new PolledStream(socket, changed));
			changed();
		});
	}
	get waiting(): boolean {
		return this.#waiting.length > 0;
	}
	accept(): StreamTransport | undefined {
		return this.#waiting.shift();
	}
	close(): void {
		for (const stream of this.#waiting) stream.close();
		this.server.close();
		this.#closed();
	}
}

/**
 * TCP. Ports are opened while the program goes on: one that can't be had lets nobody in, and onError is told.
 *
 *     const network = new PolledStreams("127.0.0.1", wake);
 *     const listener = network.listen(0, 4);
 *     const port = await network.port(0);              // which one it is
 */
export class PolledStreams implements StreamNetwork {
	onError: (error: Error) => void = (error) => {
		throw error;
	};
	readonly #host: string;
	readonly #changed: () => void;
	readonly #servers = new Map<number, Server>();
	/** Ports that a listener of this program has. */
	readonly #open = new Set<number>();

	/** host: where ports are opened. changed: called when something may have changed on any stream. */
	constructor(host: string, changed: () => void) {
		this.#host = host;
		this.#changed = changed;
	}

	/** A port that another program has is told of by onError; one that is open here throws. */
	listen(port: number, backlog: number): StreamListener {
		if (port !== 0 && this.#open.has(port)) throw new Error(`port ${port} is open already`);
		const server = createServer();
		server.on("error", (error) => this.onError(error));
		server.listen(port, this.#host);
		this.#servers.set(port, server);
		this.#open.add(port);
		return new PolledListener(server, backlog, this.#changed, () => this.#open.delete(port));
	}

	connect(host: string, port: number): StreamTransport {
		return new PolledStream(connect({ host, port, noDelay: true }), this.#changed);
	}

	/** Closes every port that is open; connections stay. */
	close(): void {
		for (const server of this.#servers.values()) server.close();
		this.#servers.clear();
		this.#open.clear();
	}

	/** The port that stands for one that was opened as this number (0: a free one), once it is open. */
	async port(number: number): Promise<number> {
		const server = this.#servers.get(number);
		if (server === undefined) throw new Error(`port ${number} was not opened`);
		if (!server.listening) await new Promise<void>((resolve) => server.once("listening", resolve));
		const address = server.address();
		return typeof address === "object" && address !== null ? address.port : 0;
	}
}
