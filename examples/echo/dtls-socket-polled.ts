// Echo over DTLS sockets in a polled main loop: a call each whenever its turn comes. poll() is called all the time.

import { DTLS_NEW_CONN, FULL_ERR, OK, TIMEOUT_ERR, WAIT } from "polltls/base/status";
import { type DtlsConnection, DtlsSocket } from "polltls/io/dtls-socket";
import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import type { DatagramTransport, Program } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** Sends every datagram back. The first client is waited for; further ones are told of by DTLS_NEW_CONN. */
export class EchoServer implements Program {
	readonly #stack: Stack;
	readonly #socket: DtlsSocket;
	readonly #open: DtlsConnection[] = [];
	readonly #buffer = new Uint8Array(2048);
	#letIn = true;

	constructor(stack: Stack, transport: DatagramTransport, security: Security) {
		this.#stack = stack;
		this.#socket = new DtlsSocket(stack, transport, security);
	}

	poll(): number {
		if (this.#letIn) this.handshake();
		for (let i = this.#open.length - 1; i >= 0; i--) if (!this.step(this.#open[i])) this.#open.splice(i, 1);
		if (this.#open.length === 0) this.#letIn = true;
		this.#stack.poll();
		return 0;
	}

	private handshake(): void {
		const socket = this.#socket;
		const code = socket.serverHandshake(false);
		if (code === WAIT || code === TIMEOUT_ERR || code === FULL_ERR) return;
		if (code === OK && socket.connection !== undefined) this.#open.push(socket.connection);
		else socket.connection?.close();
		this.#letIn = socket.connections.length > this.#open.length; // others are on their way
	}

	/** One datagram; false when the connection is over. */
	private step(connection: DtlsConnection): boolean {
		const code = connection.receive(this.#buffer);
		if (code === DTLS_NEW_CONN) this.#letIn = true;
		if (code === WAIT || code === DTLS_NEW_CONN || code === TIMEOUT_ERR) return true;
		if (code === OK && connection.outcome.count > 0) {
			connection.send(this.#buffer, 0, connection.outcome.count);
			return true;
		}
		connection.close();
		return false;
	}
}

/** Sends a text as datagrams of some bytes, each again until it has come back, and closes. */
export class EchoClient implements Program {
	echo = "";
	done = false;
	failure = 0;
	readonly #stack: Stack;
	readonly #socket: DtlsSocket;
	readonly #address: string;
	readonly #peerName: string;
	readonly #bytes: Uint8Array;
	readonly #buffer = new Uint8Array(2048);
	#asked = -1;
	#askedAt = 0;

	constructor(stack: Stack, transport: DatagramTransport, security: Security, address: string, peerName: string, text: string) {
		this.#stack = stack;
		this.#socket = new DtlsSocket(stack, transport, security);
		this.#address = address;
		this.#peerName = peerName;
		this.#bytes = bytesOf(text);
	}

	poll(): number {
		if (!this.done) this.step();
		this.#stack.poll();
		return 0;
	}

	private step(): void {
		const socket = this.#socket;
		const code = socket.clientHandshake(this.#address, this.#peerName);
		if (code === WAIT || code === TIMEOUT_ERR) return;
		const { connection } = socket;
		if (code !== OK || connection === undefined) return this.end(socket.outcome.failure);
		if (connection.receive(this.#buffer) === OK) this.echo += textOf(this.#buffer, connection.outcome.count);
		const { length } = this.echo;
		if (length >= this.#bytes.length) return this.end(0);
		const now = this.#stack.host.clock.ticks();
		if (this.#asked === length && now < this.#askedAt + 1000) return;
		this.#asked = length;
		this.#askedAt = now;
		connection.send(this.#bytes, length, Math.min(length + 100, this.#bytes.length));
	}

	private end(failure: number): void {
		this.failure = failure;
		this.#socket.close();
		this.done = true;
	}
}
