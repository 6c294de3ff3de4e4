// The client's side of an upgrade (AUTH TLS, STARTTLS): a connection begins in the clear, the server agrees to TLS, decorate
// secures the connection, and a line goes over it. Driven by events.

import { NO_FAILURE } from "polltls/base/failure";
import { OK, WAIT } from "polltls/base/status";
import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import type { Program, StreamTransport } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** Asks for TLS, sends one line, and waits for the line that answers it. */
export class UpgradingClient implements Program {
	answer = "";
	done = false;
	failure = NO_FAILURE;
	readonly #stack: Stack;
	readonly #plain: StreamTransport;
	readonly #security: Security;
	readonly #peerName: string;
	readonly #line: Uint8Array;
	#socket: TlsSocket | undefined;
	#request: Uint8Array = new Uint8Array(0);
	#greeting = "";
	#sent = 0;
	readonly #buffer = new Uint8Array(512);

	constructor(stack: Stack, plain: StreamTransport, security: Security, peerName: string, line: string) {
		this.#stack = stack;
		this.#plain = plain;
		this.#security = security;
		this.#peerName = peerName;
		this.#line = bytesOf(`${line}\r\n`);
	}

	poll(): number {
		const due = this.done ? Number.POSITIVE_INFINITY : this.#socket === undefined ? this.ask() : this.talk(this.#socket);
		return Math.min(due, this.#stack.poll());
	}

	/** In the clear: "220 ...", AUTH TLS, "234 ...". */
	private ask(): number {
		const count = this.#plain.read(this.#buffer, 0, this.#buffer.length);
		if (count < 0) return this.end(1);
		this.#greeting += textOf(this.#buffer, count);
		if (this.#request.length === 0 && /^220 .*\r\n/.test(this.#greeting)) this.#request = bytesOf("AUTH TLS\r\n");
		this.#sent += Math.max(0, this.#plain.write(this.#request, this.#sent, this.#request.length));
		const agreed = /^220 .*\r\n(\d+) .*\r\n/.exec(this.#greeting);
		if (agreed === null) return count > 0 ? 0 : Number.POSITIVE_INFINITY;
		if (agreed[1] !== "234" || agreed[0] !== this.#greeting) return this.end(1); // bytes in the clear behind it are an attack
		this.#socket = TlsSocket.decorate(this.#stack, this.#plain, this.#security);
		this.#sent = 0;
		return 0;
	}

	/** Secured. */
	private talk(socket: TlsSocket): number {
		let code = socket.clientHandshake(this.#peerName);
		while (code === OK && this.#sent < this.#line.length) {
			code = socket.send(this.#line, this.#sent);
			this.#sent += socket.outcome.count;
		}
		while (code === OK && !this.answer.endsWith("\n")) {
			code = socket.receive(this.#buffer);
			if (code === OK && socket.outcome.count === 0) return this.end(1);
			if (code === OK) this.answer += textOf(this.#buffer, socket.outcome.count);
		}
		if (code === WAIT) return socket.outcome.wakeAt;
		return this.end(code === OK ? NO_FAILURE : socket.outcome.failure);
	}

	/** The connection itself is ours to close: decorate leaves it open. */
	private end(failure: number): number {
		this.failure = failure;
		this.done = true;
		this.#socket?.close();
		this.#plain.close();
		return 0;
	}
}
