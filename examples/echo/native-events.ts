// Echo over the native interface, driven by events: the stack tells what has happened, and everything is done there. The
// same programs run over TCP and over UDP. poll() is called at events, and at the time that it answers.

import { OK, WAIT } from "polltls/base/status";
import type { Stack } from "polltls/io/module";
import { ConnectionInfo, type NativeConnection, START } from "polltls/io/native-connection";
import type { NativeTcp } from "polltls/io/native-tcp";
import type { NativeUdp } from "polltls/io/native-udp";
import { DATA_READY, HANDSHAKE_DONE, HANDSHAKE_FAILED, TX_RDY } from "polltls/io/notifications";
import type { Program } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** What a connection has received and not sent back yet. */
class Echo extends ConnectionInfo {
	at = 0;
	end = 0;
}

/** Sends back whatever comes, on as many connections as the stack has. */
export class EchoServer implements Program {
	readonly #stack: Stack;
	readonly #native: NativeTcp | NativeUdp;
	readonly #port: number;
	#next = this.info();

	/** UDP: serverOpen(port, ...) comes before it. */
	constructor(stack: Stack, native: NativeTcp | NativeUdp, port: number) {
		this.#stack = stack;
		this.#native = native;
		this.#port = port;
	}

	poll(): number {
		if (this.#native.accept(this.#port, this.#next) === OK) this.#next = this.info();
		return this.#stack.poll();
	}

	private info(): Echo {
		const echo = new Echo((connection, notification) => this.told(connection, notification, echo), START);
		return echo;
	}

	private told(connection: NativeConnection, notification: number, echo: Echo): void {
		if (notification === HANDSHAKE_FAILED) connection.close();
		else if (notification === DATA_READY || notification === TX_RDY) this.sendBack(connection, echo);
	}

	/** Goes on until nothing has come or nothing more can go; a notification tells when it can. */
	private sendBack(connection: NativeConnection, echo: Echo): void {
		for (;;) {
			while (echo.at < echo.end) {
				if (connection.send(connection.data, echo.at, echo.end) !== OK) return;
				echo.at += connection.outcome.count;
			}
			const code = connection.receive();
			if (code === WAIT) return;
			echo.at = 0;
			echo.end = connection.outcome.count;
			if (code === OK && echo.end > 0) continue;
			connection.close(); // the peer has, or something went wrong
			return;
		}
	}
}

/** Sends a text, waits until all of it has come back, and closes. */
export class EchoClient implements Program {
	echo = "";
	done = false;
	failure = 0;
	readonly #stack: Stack;
	readonly #native: NativeTcp | NativeUdp;
	readonly #address: string;
	readonly #bytes: Uint8Array;
	readonly #info: ConnectionInfo;
	#sent = 0;

	constructor(stack: Stack, native: NativeTcp | NativeUdp, address: string, peerName: string, text: string) {
		this.#stack = stack;
		this.#native = native;
		this.#address = address;
		this.#bytes = bytesOf(text);
		this.#info = new ConnectionInfo((connection, notification) => this.told(connection, notification), START, peerName);
	}

	poll(): number {
		const code = this.done ? OK : this.#native.connect(this.#address, this.#info);
		if (code !== OK && code !== WAIT) this.end(this.#native.outcome.failure);
		return this.#stack.poll();
	}

	private told(connection: NativeConnection, notification: number): void {
		if (notification === HANDSHAKE_FAILED) {
			connection.receive();
			this.end(connection.outcome.failure);
		} else if (notification === HANDSHAKE_DONE || notification === TX_RDY) this.send(connection);
		else if (notification === DATA_READY) {
			while (connection.receive() === OK && connection.outcome.count > 0) this.echo += textOf(connection.data, connection.outcome.count);
			if (this.echo.length < this.#bytes.length) return;
			connection.close();
			this.end(0);
		}
	}

	private send(connection: NativeConnection): void {
		while (this.#sent < this.#bytes.length && connection.send(this.#bytes, this.#sent) === OK) this.#sent += connection.outcome.count;
	}

	private end(failure: number): void {
		this.done = true;
		this.failure = failure;
	}
}
