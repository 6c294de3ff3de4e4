// Echo over TLS sockets, driven by events: poll() is called when a transport has something or takes something, does all
// that can be done then, and answers until when it may sleep.

import { OK, WAIT } from "polltls/base/status";
import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import type { Program, StreamListener, StreamTransport } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** One connection of the server. */
class Echo {
	readonly socket: TlsSocket;
	readonly #buffer = new Uint8Array(1024);
	#at = 0;
	#end = 0;

	constructor(socket: TlsSocket) {
		this.socket = socket;
	}

	/** Works until it must wait: the answer is WAIT; anything else is the end. */
	poll(): number {
		const { socket } = this;
		let code = socket.serverHandshake(false);
		while (code === OK) {
			if (this.#at === this.#end) {
				code = socket.receive(this.#buffer);
				this.#at = 0;
				this.#end = socket.outcome.count;
				if (code === OK && this.#end === 0) return OK;
			} else {
				code = socket.send(this.#buffer, this.#at, this.#end);
				this.#at += socket.outcome.count;
			}
		}
		return code;
	}
}

/** Sends back whatever comes. */
export class EchoServer implements Program {
	readonly #stack: Stack;
	readonly #security: Security;
	readonly #listener: StreamListener;
	readonly #connections: Echo[] = [];

	constructor(stack: Stack, listener: StreamListener, security: Security) {
		this.#stack = stack;
		this.#listener = listener;
		this.#security = security;
	}

	poll(): number {
		for (let transport = this.#listener.accept(); transport !== undefined; transport = this.#listener.accept())
			this.#connections.push(new Echo(new TlsSocket(this.#stack, transport, this.#security)));
		let wakeAt = Number.POSITIVE_INFINITY;
		for (let i = this.#connections.length - 1; i >= 0; i--) {
			const one = this.#connections[i];
			if (one.poll() === WAIT) wakeAt = Math.min(wakeAt, one.socket.outcome.wakeAt);
			else {
				one.socket.close();
				this.#connections.splice(i, 1);
			}
		}
		return Math.min(wakeAt, this.#stack.poll()); // ends what is still being closed
	}
}

/** Sends a text, waits until all of it has come back, and closes. */
export class EchoClient implements Program {
	echo = "";
	done = false;
	failure = 0;
	readonly #stack: Stack;
	readonly #socket: TlsSocket;
	readonly #peerName: string;
	readonly #bytes: Uint8Array;
	readonly #buffer = new Uint8Array(1024);
	#sent = 0;

	constructor(stack: Stack, transport: StreamTransport, security: Security, peerName: string, text: string) {
		this.#stack = stack;
		this.#socket = new TlsSocket(stack, transport, security);
		this.#peerName = peerName;
		this.#bytes = bytesOf(text);
	}

	poll(): number {
		const socket = this.#socket;
		let code = this.done ? WAIT : socket.clientHandshake(this.#peerName);
		while (code === OK) {
			while (this.#sent < this.#bytes.length && socket.send(this.#bytes, this.#sent) === OK) this.#sent += socket.outcome.count;
			code = socket.receive(this.#buffer);
			if (code !== OK) break;
			this.echo += textOf(this.#buffer, socket.outcome.count);
			if (this.echo.length < this.#bytes.length && socket.outcome.count > 0) continue;
			socket.close();
			this.done = true;
			return this.#stack.poll();
		}
		if (code !== WAIT) {
			this.failure = socket.outcome.failure;
			this.done = true;
			socket.close();
		}
		return Math.min(this.#stack.poll(), this.done ? Number.POSITIVE_INFINITY : socket.outcome.wakeAt);
	}
}
