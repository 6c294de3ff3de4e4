// A TLS connection as a Node stream: what tls.TLSSocket is to node:tls, on this stack. For programs in Node and for the
// polltls command. Back-pressure goes through both ways: nothing is read from the socket that the connection has no
// room for, and nothing is taken from the writer that the socket has no room for.

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { alertName, failureName } from "polltls/base/failure-text";
import { CLOSED, OK, OPERATING, WAIT, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import { nameText } from "polltls/pki/name-text";

/** How long a turn of work may keep Node from other things, in milliseconds. */
const TURN_MS = 8;
const NO_ALERT = 255;
const CHUNK = 16384;

/** Why a connection failed. */
export class TlsError extends Error {
	override name = "TlsError";
	/** The public return code. */
	readonly code: number;
	/** The failure's name: base/failure. */
	readonly failure: string;
	/** The alert that was sent or received, "" if there was none. */
	readonly alert: string;
	/** The state that the handshake was in. */
	readonly state: string;

	constructor(connection: Connection, code: number) {
		const { alertSent, alertReceived, state, failure, bytesNeeded, certificate, certificateSubject: subject } = connection.report();
		const sent = alertSent === NO_ALERT ? "" : `${alertName(alertSent)} sent`;
		const alert = alertReceived === NO_ALERT ? sent : `${alertName(alertReceived)} received`;
		const name = failureName(failure);
		const details = [alert, state];
		if (bytesNeeded > 0) details.push(`${bytesNeeded} bytes needed`);
		if (subject.length > 0) details.push(`${certificate < 0 ? "trust store" : `certificate ${certificate}`} ${nameText(subject, 0, subject.length)}`);
		super(`${name} (${details.filter((detail) => detail !== "").join(", ")})`, { cause: connection.cause });
		this.code = code;
		this.failure = name;
		this.alert = alert;
		this.state = state;
	}
}

/**
 * Wraps a connected socket.
 *
 *     const socket = net.connect(443, "example.org");
 *     const stream = new TlsStream(openTlsClient({ ...desktop(), trust, peerName: "example.org" }), socket);
 *     stream.on("secure", () => stream.write("GET / HTTP/1.0\r\n\r\n"));
 *     stream.on("data", (bytes) => process.stdout.write(bytes));
 *     stream.on("error", (error) => console.error(error.message));     // a TlsError
 *
 * Events beside a Duplex's: "secure" when the handshake is done.
 */
export class TlsStream extends Duplex {
	readonly connection: Connection;
	/** The longest single poll, in milliseconds. */
	longestPollMs = 0;
	/** Called after each poll; for traces. */
	onPoll: ((connection: Connection) => void) | undefined = undefined;
	readonly #socket: Socket;
	readonly #buffer = new Uint8Array(CHUNK);
	/** What the socket gave and the connection has no room for yet. */
	#input: Uint8Array | undefined;
	/** What the writer gave and the connection has no room for yet. */
	#output: { bytes: Uint8Array; at: number; done: (error?: Error | null) => void } | undefined;
	#final: ((error?: Error | null) => void) | undefined;
	readonly #early: Uint8Array;
	#earlyAt = 0;
	#reading = true;
	#congested = false;
	#secure = false;
	#ended = false;
	#scheduled = false;
	#timer: NodeJS.Timeout | undefined;

	/** early: what to send as 0-RTT data, if the connection's options and its session allow it. */
	constructor(connection: Connection, socket: Socket, early: Uint8Array = new Uint8Array(0)) {
		super({ allowHalfOpen: true, autoDestroy: true });
		this.connection = connection;
		this.#socket = socket;
		this.#early = early;
		socket.on("data", (bytes: Buffer) => {
			this.#input = bytes;
			socket.pause();
			this.#turn();
		});
		socket.on("end", () => this.#networkEnd());
		socket.on("close", () => this.#networkEnd());
		socket.on("error", (error) => this.destroy(error));
		socket.on("drain", () => {
			this.#congested = false;
			this.#turn();
		});
		this.#schedule();
	}

	/** After a call on the connection that gives it something to do. */
	wake(): void {
		this.#schedule();
	}

	override _read(): void {
		this.#reading = true;
		this.#schedule();
	}

	override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#output = { bytes, at: 0, done };
		this.#schedule();
	}

	override _final(done: (error?: Error | null) => void): void {
		this.#final = done;
		this.#schedule();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		clearTimeout(this.#timer);
		this.connection.abort();
		this.#flush();
		this.#socket.end();
		done(error);
	}

	/** Works until nothing goes on, or until others must have a turn. */
	#turn(): void {
		if (this.destroyed) return;
		const until = performance.now() + TURN_MS;
		do {
			this.#carryIn();
			const before = performance.now();
			const code = this.connection.poll();
			this.longestPollMs = Math.max(this.longestPollMs, performance.now() - before);
			this.onPoll?.(this.connection);
			this.#carryOut();
			if (code !== OK && code !== WAIT) return void this.destroy(new TlsError(this.connection, code));
			if (this.connection.state === CLOSED) return this.#closed();
			if (performance.now() > until) return this.#schedule();
		} while (this.connection.wants() & WANTS_WORK || this.#canCarryIn());
		this.#sleep();
	}

	/** From the socket and the writer into the connection. */
	#carryIn(): void {
		const { connection } = this;
		if (this.#input !== undefined) {
			const count = connection.networkIn(this.#input, 0, this.#input.length);
			this.#input = count === this.#input.length ? undefined : this.#input.subarray(count);
			if (this.#input === undefined) this.#socket.resume();
		}
		this.#write();
		if (this.#final !== undefined && this.#output === undefined && connection.state === OPERATING) {
			connection.close();
			this.#final();
			this.#final = undefined;
		}
	}

	#canCarryIn(): boolean {
		return this.#input !== undefined && !(this.#secure && !this.#reading);
	}

	/** Early data, before all that is written: as much as the ticket allows; the rest, or all of it if the server took none, when it is open. */
	#writeEarly(): boolean {
		const { connection } = this;
		if (connection.state === OPERATING && !this.#secure && !connection.earlyDataAccepted) this.#earlyAt = 0;
		while (this.#earlyAt < this.#early.length && !this.#congested) {
			const count = connection.applicationIn(this.#early, this.#earlyAt, this.#early.length);
			if (count === 0) break;
			this.#earlyAt += count;
			this.#flush();
		}
		return this.#earlyAt === this.#early.length && connection.state === OPERATING;
	}

	/** From the writer, while there is room. */
	#write(): void {
		if (!this.#writeEarly()) return;
		while (this.#output !== undefined && !this.#congested) {
			const output = this.#output;
			const count = this.connection.applicationIn(output.bytes, output.at, output.bytes.length);
			output.at += count;
			if (output.at === output.bytes.length) {
				this.#output = undefined;
				output.done();
			} else if (count === 0) return;
			this.#flush();
		}
	}

	/** From the connection to the socket and the reader. */
	#carryOut(): void {
		this.#flush();
		const { connection } = this;
		if (!this.#secure && connection.state === OPERATING) {
			this.#write();
			this.#secure = true;
			this.emit("secure");
			this.#write();
		}
		while (this.#reading) {
			const count = connection.applicationOut(this.#buffer, 0, CHUNK);
			if (count === 0) break;
			this.#reading = this.push(Buffer.from(this.#buffer.subarray(0, count)));
		}
		if (connection.peerClosed) this.#endOfData();
	}

	#flush(): void {
		const { connection } = this;
		while (!this.#congested && !this.#socket.destroyed) {
			const count = connection.networkOut(this.#buffer, 0, CHUNK);
			if (count === 0) return;
			this.#congested = !this.#socket.write(Buffer.from(this.#buffer.subarray(0, count)));
		}
	}

	#endOfData(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.push(null);
	}

	#closed(): void {
		this.#flush();
		this.#endOfData();
		this.#socket.end();
		this.#output?.done(new Error("the connection is closed"));
		this.#output = undefined;
	}

	#networkEnd(): void {
		if (this.connection.state === CLOSED) return;
		this.connection.networkEnd();
		this.#schedule();
	}

	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			this.#turn();
		});
	}

	/** Until the connection's deadline, if it has one. */
	#sleep(): void {
		clearTimeout(this.#timer);
		const { wakeAt } = this.connection;
		if (wakeAt !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#turn(), Math.max(1, wakeAt - performance.now()));
	}
}
