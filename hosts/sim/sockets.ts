// The simulated device's TCP, on Node's: sockets with a device's small windows, and back-pressure both ways. For
// simulator.ts.

import { connect, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ACCEPT, ACCEPTABLE, CONNECT, ENDED, ENTRY_LENGTH, FAILED, LISTEN, SOCKET_CLOSE, SOCKET_READ, SOCKET_WRITE, WINDOW } from "./protocol.js";
import type { Fields } from "./services.js";

/** How long a closed connection may go on taking the peer's last bytes, so that ours aren't lost to a reset. */
const LINGER_MS = 2000;
const NOTHING = new Uint8Array(0);

interface Line {
	socket: Duplex;
	/** Arrived and not read by the device yet. */
	pieces: Buffer[];
	size: number;
	flags: number;
	connected: boolean;
}

interface Port {
	server: Server;
	waiting: Socket[];
}

/** All connections and ports of one device, by handle. */
export class Sockets {
	/** Which port of this machine a port of the device is. */
	readonly ports = new Map<number, number>();
	/** Bytes that crossed to and from the device. */
	bytesIn = 0;
	bytesOut = 0;
	/** The error of a port that could not be had. */
	portError: NodeJS.ErrnoException | undefined;
	/** Told of each port that the device opens. */
	onListen: ((devicePort: number) => void) | undefined;
	readonly #host: string;
	readonly #changed: () => void;
	readonly #lines = new Map<number, Line>();
	readonly #ports = new Map<number, Port>();
	/** Handles that the device must be told about. */
	readonly #news = new Set<number>();
	#lastHandle = 0;

	/** host: the address to listen on; changed: called when there is news for the device. */
	constructor(host: string, changed: () => void) {
		this.#host = host;
		this.#changed = changed;
	}

	/** Connections that the device has open. */
	get open(): number {
		return this.#lines.size;
	}

	/** What changed since the last call: the entries of a POLL command. */
	news(): Buffer {
		const entries = Buffer.alloc(this.#news.size * ENTRY_LENGTH);
		let at = 0;
		for (const handle of this.#news) {
			const line = this.#lines.get(handle);
			const port = this.#ports.get(handle);
			entries.writeUInt16BE(handle, at);
			if (port) entries[at + 2] = port.waiting.length > 0 ? ACCEPTABLE : 0;
			if (line) {
				entries[at + 2] = line.size > WINDOW ? 0 : line.flags; // the end comes with the last bytes
				entries.writeUInt16BE(Math.min(line.size, WINDOW), at + 3);
				entries.writeUInt16BE(line.connected ? Math.max(0, WINDOW - line.socket.writableLength) : 0, at + 5);
			}
			at += ENTRY_LENGTH;
		}
		this.#news.clear();
		return entries;
	}

	/** Serves a request about sockets; undefined if the operation isn't one of them. */
	answer(operation: number, fields: Fields): Uint8Array | Promise<Uint8Array> | undefined {
		switch (operation) {
			case LISTEN:
				return this.#listen(fields.u16(), fields.u8());
			case ACCEPT: {
				const port = this.#ports.get(fields.u16());
				const socket = port?.waiting.shift();
				return Buffer.concat([numberBytes(socket ? this.adopt(socket, true) : 0), Buffer.of(port && port.waiting.length > 0 ? 1 : 0)]);
			}
			case CONNECT: {
				const port = fields.u16();
				return numberBytes(this.adopt(connect({ port, host: fields.rest().toString(), allowHalfOpen: true, noDelay: true }), false));
			}
			case SOCKET_READ: {
				const handle = fields.u16();
				return this.#read(handle, fields.u16());
			}
			case SOCKET_WRITE: {
				const handle = fields.u16();
				const bytes = Buffer.from(fields.rest()); // the request's memory is the worker's
				const line = this.#line(handle);
				this.bytesOut += bytes.length;
				line.socket.write(bytes, () => this.#tell(handle));
				return NOTHING;
			}
			case SOCKET_CLOSE:
				this.#close(fields.u16());
				return NOTHING;
			default:
				return undefined;
		}
	}

	/** Gives the device a stream of the host's; answers its handle. */
	adopt(socket: Duplex, connected: boolean): number {
		const handle = this.#nextHandle();
		const line: Line = { socket, pieces: [], size: 0, flags: 0, connected };
		this.#lines.set(handle, line);
		const tell = (): void => this.#tell(handle);
		socket.on("data", (data: Buffer) => {
			line.pieces.push(data);
			line.size += data.length;
			if (line.size >= WINDOW) socket.pause();
			tell();
		});
		socket.on("end", () => {
			line.flags |= ENDED;
			tell();
		});
		socket.on("error", () => {
			line.flags |= FAILED;
			tell();
		});
		socket.on("close", () => {
			line.flags |= ENDED;
			tell();
		});
		socket.once("connect", () => {
			line.connected = true;
			tell();
		});
		if (socket.destroyed) line.flags |= FAILED; // it broke while it waited
		socket.resume();
		tell();
		return handle;
	}

	/** Cuts everything: the device is gone. */
	destroy(): void {
		for (const { socket } of this.#lines.values()) socket.destroy();
		for (const { server, waiting } of this.#ports.values()) {
			server.close();
			for (const socket of waiting) socket.destroy();
		}
		this.#lines.clear();
		this.#ports.clear();
	}

	/** A number that no handle has now. */
	#nextHandle(): number {
		do this.#lastHandle = (this.#lastHandle % 65535) + 1;
		while (this.#lines.has(this.#lastHandle) || this.#ports.has(this.#lastHandle));
		return this.#lastHandle;
	}

	#tell(handle: number): void {
		if (!this.#lines.has(handle) && !this.#ports.has(handle)) return;
		this.#news.add(handle);
		this.#changed();
	}

	#line(handle: number): Line {
		const line = this.#lines.get(handle);
		if (!line) throw new RangeError(`there is no connection ${handle}`);
		return line;
	}

	#listen(devicePort: number, backlog: number): Promise<Uint8Array> {
		return new Promise((resolve) => {
			const handle = this.#nextHandle();
			const waiting: Socket[] = [];
			const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
				if (waiting.length >= backlog) return void socket.resetAndDestroy(); // as a TCP stack does when its queue is full
				socket.on("error", () => {});
				waiting.push(socket);
				this.#tell(handle);
			});
			server.once("error", (error: NodeJS.ErrnoException) => {
				this.portError = error;
				resolve(Buffer.concat([numberBytes(0), Buffer.from(error.message)]));
			});
			server.listen(devicePort, this.#host, () => {
				server.removeAllListeners("error");
				server.on("error", () => {});
				this.#ports.set(handle, { server, waiting });
				this.ports.set(devicePort, (server.address() as { port: number }).port);
				this.onListen?.(devicePort);
				resolve(numberBytes(handle));
			});
		});
	}

	#read(handle: number, limit: number): Uint8Array {
		const line = this.#line(handle);
		const all = line.pieces.length === 1 ? line.pieces[0] : Buffer.concat(line.pieces);
		if (limit > all.length) throw new RangeError(`connection ${handle} has only ${all.length} bytes to read`);
		const rest = all.subarray(limit);
		line.pieces = rest.length > 0 ? [rest] : [];
		line.size = rest.length;
		this.bytesIn += limit;
		if (line.size < WINDOW && line.socket.isPaused()) line.socket.resume();
		if (line.size > 0) this.#tell(handle); // more than the window told of may be there
		return all.subarray(0, limit);
	}

	#close(handle: number): void {
		const port = this.#ports.get(handle);
		if (port) {
			this.#ports.delete(handle);
			port.server.close();
			for (const socket of port.waiting) socket.destroy();
			return;
		}
		const { socket } = this.#line(handle);
		this.#lines.delete(handle);
		this.#news.delete(handle);
		if (socket.destroyed) return;
		socket.removeAllListeners("data").on("data", () => {});
		socket.resume();
		socket.end();
		const cut = setTimeout(() => socket.destroy(), LINGER_MS);
		socket.once("close", () => clearTimeout(cut));
	}
}

function numberBytes(value: number): Buffer {
	return Buffer.of(value >> 8, value);
}
