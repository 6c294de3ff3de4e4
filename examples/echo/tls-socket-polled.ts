// Echo over TLS sockets in a polled main loop: the sockets are handed to a program that knows byte streams only, and that
// reads and writes whenever its turn comes. poll() is called all the time.

import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import { type Program, SOCKET_HOSTNAME, type StreamListener, type StreamTransport } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** An echo over any byte stream: nothing here knows of TLS. */
class PlainEcho {
	readonly transport: StreamTransport;
	readonly #buffer = new Uint8Array(1024);
	#at = 0;
	#end = 0;

	constructor(transport: StreamTransport) {
		this.transport = transport;
	}

	/** One read or write; false when the stream has ended. */
	poll(): boolean {
		const { transport } = this;
		if (this.#at < this.#end) {
			const count = transport.write(this.#buffer, this.#at, this.#end);
			if (count > 0) this.#at += count;
			return count >= 0;
		}
		const count = transport.read(this.#buffer, 0, this.#buffer.length);
		this.#at = 0;
		this.#end = Math.max(0, count);
		return count >= 0;
	}
}

/** Sends back whatever comes. */
export class EchoServer implements Program {
	readonly #stack: Stack;
	readonly #security: Security;
	readonly #listener: StreamListener;
	readonly #connections: PlainEcho[] = [];

	constructor(stack: Stack, listener: StreamListener, security: Security) {
		this.#stack = stack;
		this.#listener = listener;
		this.#security = security;
	}

	poll(): number {
		const transport = this.#listener.accept();
		if (transport !== undefined) {
			const socket = new TlsSocket(this.#stack, transport, this.#security);
			socket.serverHandshake(false); // begins; reading and writing go on with it
			this.#connections.push(new PlainEcho(socket));
		}
		for (let i = this.#connections.length - 1; i >= 0; i--) {
			const one = this.#connections[i];
			if (one.poll()) continue;
			one.transport.close();
			this.#connections.splice(i, 1);
		}
		this.#stack.poll(); // ends what is still being closed
		return 0;
	}
}

/** Sends a text, waits until all of it has come back, and closes. */
export class EchoClient implements Program {
	echo = "";
	done = false;
	failure = 0;
	readonly #stack: Stack;
	readonly #socket: TlsSocket;
	readonly #bytes: Uint8Array;
	readonly #buffer = new Uint8Array(1024);
	#sent = 0;

	constructor(stack: Stack, transport: StreamTransport, security: Security, peerName: string, text: string) {
		this.#stack = stack;
		this.#socket = new TlsSocket(stack, transport, security);
		this.#socket.setOption(SOCKET_HOSTNAME, peerName); // the first write begins
		this.#bytes = bytesOf(text);
	}

	poll(): number {
		if (!this.done) this.step(this.#socket);
		this.#stack.poll();
		return 0;
	}

	private step(transport: StreamTransport): void {
		const written = this.#sent < this.#bytes.length ? transport.write(this.#bytes, this.#sent, this.#bytes.length) : 0;
		if (written > 0) this.#sent += written;
		const count = transport.read(this.#buffer, 0, this.#buffer.length);
		if (count > 0) this.echo += textOf(this.#buffer, count);
		if (written >= 0 && count >= 0 && this.echo.length < this.#bytes.length) return;
		this.failure = this.#socket.outcome.failure;
		transport.close();
		this.done = true;
	}
}
