// Echo over the native interface in a polled main loop: nobody is called back, each call is made again until it doesn't
// answer WAIT any more. The same programs run over TCP and over UDP. poll() is called all the time.

import { OK, WAIT } from "polltls/base/status";
import type { Stack } from "polltls/io/module";
import { ConnectionInfo, type NativeConnection } from "polltls/io/native-connection";
import type { NativeTcp } from "polltls/io/native-tcp";
import type { NativeUdp } from "polltls/io/native-udp";
import type { Program } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

/** One connection of the server. */
class Echo {
	readonly connection: NativeConnection;
	readonly #buffer = new Uint8Array(1024);
	#at = 0;
	#end = 0;
	#open = false;

	constructor(connection: NativeConnection) {
		this.connection = connection;
	}

	/** One piece of work; false when it is over. */
	poll(): boolean {
		const { connection } = this;
		if (!this.#open) {
			const code = connection.serverHandshake(false);
			this.#open = code === OK;
			return code === OK || code === WAIT;
		}
		if (this.#at < this.#end) {
			const code = connection.send(this.#buffer, this.#at, this.#end);
			this.#at += connection.outcome.count;
			return code === OK || code === WAIT;
		}
		const code = connection.receive(this.#buffer);
		this.#at = 0;
		this.#end = connection.outcome.count;
		return code === WAIT || (code === OK && this.#end > 0);
	}
}

/** Sends back whatever comes, on as many connections as the stack has. */
export class EchoServer implements Program {
	readonly #stack: Stack;
	readonly #native: NativeTcp | NativeUdp;
	readonly #port: number;
	readonly #connections: Echo[] = [];
	#next = new ConnectionInfo();

	/** UDP: serverOpen(port, ...) comes before it. */
	constructor(stack: Stack, native: NativeTcp | NativeUdp, port: number) {
		this.#stack = stack;
		this.#native = native;
		this.#port = port;
	}

	poll(): number {
		if (this.#native.accept(this.#port, this.#next) === OK && this.#next.connection !== undefined) {
			this.#connections.push(new Echo(this.#next.connection));
			this.#next = new ConnectionInfo();
		}
		for (let i = this.#connections.length - 1; i >= 0; i--) {
			const one = this.#connections[i];
			if (one.poll()) continue;
			one.connection.close();
			this.#connections.splice(i, 1);
		}
		this.#stack.poll();
		return 0;
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
	readonly #peerName: string;
	readonly #bytes: Uint8Array;
	readonly #buffer = new Uint8Array(1024);
	readonly #info = new ConnectionInfo();
	#sent = 0;

	constructor(stack: Stack, native: NativeTcp | NativeUdp, address: string, peerName: string, text: string) {
		this.#stack = stack;
		this.#native = native;
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
		const connected = this.#native.connect(this.#address, this.#info);
		const { connection } = this.#info;
		if (connected !== OK || connection === undefined) return this.look(connected, this.#native.outcome.failure);
		const code = connection.clientHandshake(this.#peerName);
		if (code !== OK) return this.look(code, connection.outcome.failure);
		if (this.#sent < this.#bytes.length && connection.send(this.#bytes, this.#sent) === OK) this.#sent += connection.outcome.count;
		const received = connection.receive(this.#buffer);
		if (received !== OK) return this.look(received, connection.outcome.failure);
		this.echo += textOf(this.#buffer, connection.outcome.count);
		if (this.echo.length < this.#bytes.length && connection.outcome.count > 0) return;
		connection.close();
		this.done = true;
	}

	private look(code: number, failure: number): void {
		if (code === WAIT) return;
		this.done = true;
		this.failure = failure;
	}
}
