// Echo over DTLS sockets, driven by events: poll() is called when datagrams have come, does all that can be done then, and
// answers until when it may sleep.

import { DTLS_NEW_CONN, FULL_ERR, OK, TIMEOUT_ERR, WAIT } from "polltls/base/status";
import { type DtlsConnection, DtlsSocket } from "polltls/io/dtls-socket";
import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import type { DatagramTransport, Program } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** Sends every datagram back. */
export class EchoServer implements Program {
	readonly #stack: Stack;
	readonly #socket: DtlsSocket;
	readonly #open: DtlsConnection[] = [];
	readonly #buffer = new Uint8Array(2048);

	constructor(stack: Stack, transport: DatagramTransport, security: Security) {
		this.#stack = stack;
		this.#socket = new DtlsSocket(stack, transport, security);
	}

	poll(): number {
		const socket = this.#socket;
		let code = socket.serverHandshake(false);
		for (; code !== WAIT; code = socket.serverHandshake(false)) {
			if (code === OK && socket.connection !== undefined) this.#open.push(socket.connection);
			else if (code !== FULL_ERR && code !== TIMEOUT_ERR) socket.connection?.close();
		}
		let { wakeAt } = socket.outcome;
		for (let i = this.#open.length - 1; i >= 0; i--) {
			const connection = this.#open[i];
			if (this.sendBack(connection)) wakeAt = Math.min(wakeAt, connection.outcome.wakeAt);
			else {
				connection.close();
				this.#open.splice(i, 1);
			}
		}
		return Math.min(wakeAt, this.#stack.poll());
	}

	/** Echoes until nothing more has come; false when the connection is over. What can't go at once is lost, as datagrams are. */
	private sendBack(connection: DtlsConnection): boolean {
		let code = connection.receive(this.#buffer);
		for (; code === OK && connection.outcome.count > 0; code = connection.receive(this.#buffer)) connection.send(this.#buffer, 0, connection.outcome.count);
		return code === WAIT || code === DTLS_NEW_CONN || code === TIMEOUT_ERR;
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
	#sendAt = 0;

	constructor(stack: Stack, transport: DatagramTransport, security: Security, address: string, peerName: string, text: string) {
		this.#stack = stack;
		this.#socket = new DtlsSocket(stack, transport, security);
		this.#address = address;
		this.#peerName = peerName;
		this.#bytes = bytesOf(text);
	}

	poll(): number {
		const { outcome } = this.#socket;
		if (this.done) return this.#stack.poll();
		const code = this.#socket.clientHandshake(this.#address, this.#peerName);
		const { connection } = this.#socket;
		if (code === OK && connection !== undefined) return Math.min(this.exchange(connection), this.#stack.poll());
		if (code === WAIT || code === TIMEOUT_ERR) return Math.min(outcome.wakeAt, this.#stack.poll());
		this.end(outcome.failure);
		return this.#stack.poll();
	}

	/** Takes what has come back and sends what comes next, or the same again after a second. */
	private exchange(connection: DtlsConnection): number {
		const now = this.#stack.host.clock.ticks();
		const { length } = this.echo;
		while (connection.receive(this.#buffer) === OK && connection.outcome.count > 0) this.echo += textOf(this.#buffer, connection.outcome.count);
		const { wakeAt } = connection.outcome;
		if (this.echo.length >= this.#bytes.length) {
			this.end(0);
			return now;
		}
		if (this.echo.length > length || now >= this.#sendAt) {
			connection.send(this.#bytes, this.echo.length, Math.min(this.echo.length + 100, this.#bytes.length));
			this.#sendAt = now + 1000;
		}
		return Math.min(this.#sendAt, wakeAt);
	}

	private end(failure: number): void {
		this.failure = failure;
		this.#socket.close();
		this.done = true;
	}
}
