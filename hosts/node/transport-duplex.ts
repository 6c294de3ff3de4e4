// A byte stream (os/os) as a stream of Node, for libraries that take a socket: they don't see whether it is secured. For Node.

import { Duplex } from "node:stream";
import { type Clock, type SocketTransport, TRANSPORT_CLOSED } from "polltls/os/os";

const CHUNK = 16384;

/**
 * The stream. The transport tells by sigio when something may have changed.
 *
 *     const socket = new TlsSocket(stack, new PolledStream(net.connect(443, host)), security);
 *     socket.setOption(SOCKET_HOSTNAME, host);                       // reading and writing begin the handshake
 *     const stream = new TransportDuplex(socket, clock, () => socket.outcome.wakeAt);
 *     new WebSocket(`ws://${host}/`, { createConnection: () => stream });
 */
export class TransportDuplex extends Duplex {
	readonly #transport: SocketTransport;
	readonly #clock: Clock;
	readonly #due: () => number;
	readonly #buffer = new Uint8Array(CHUNK);
	#reading = false;
	#output: { bytes: Uint8Array; at: number; done: (error?: Error | null) => void } | undefined;
	#timer: NodeJS.Timeout | undefined;
	#scheduled = false;

	/** due: when the transport wants to be called again at the latest (a TlsSocket's outcome.wakeAt), in ticks. */
	constructor(transport: SocketTransport, clock: Clock, due: () => number = () => Number.POSITIVE_INFINITY) {
		super();
		this.#transport = transport;
		this.#clock = clock;
		this.#due = due;
		transport.sigio?.(() => this.#schedule());
		this.#schedule();
	}

	override _read(): void {
		this.#reading = true;
		this.#schedule();
	}

	override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
		this.#output = { bytes, at: 0, done };
		this.#move();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		clearTimeout(this.#timer);
		this.#transport.sigio?.(undefined);
		this.#transport.close();
		done(error);
	}

	/** Not from inside a call of the transport. */
	#schedule(): void {
		if (this.#scheduled || this.destroyed) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			if (!this.destroyed) this.#move();
		});
	}

	#move(): void {
		clearTimeout(this.#timer);
		this.#send();
		this.#receive();
		if (this.destroyed) return;
		const delay = this.#due() - this.#clock.ticks();
		if (delay <= 0) this.#schedule();
		else if (delay !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#move(), Math.min(delay, 60000));
	}

	#send(): void {
		const output = this.#output;
		if (output === undefined) return;
		const count = this.#transport.write(output.bytes, output.at, output.bytes.length);
		output.at += Math.max(0, count);
		if (count >= 0 && output.at < output.bytes.length) return;
		this.#output = undefined;
		output.done(count < 0 ? new Error("the stream has ended") : null);
	}

	#receive(): void {
		while (this.#reading && !this.destroyed) {
			const count = this.#transport.read(this.#buffer, 0, CHUNK);
			if (count > 0) this.#reading = this.push(Buffer.from(this.#buffer.subarray(0, count)));
			else if (count === 0) return;
			else {
				this.#reading = false;
				if (count === TRANSPORT_CLOSED) this.push(null);
				else this.destroy(new Error("the stream has failed"));
			}
		}
	}
}
