// A DTLS connection as a Node stream over UDP: each write is a record of its own, and so is each chunk that is read. For
// programs in Node and for the polltls command. A stream of a client has its own socket; those of a server share one.

import { createSocket, type Socket } from "node:dgram";
import { Duplex } from "node:stream";
import { CLOSED, OK, OPERATING, WAIT, WANTS_WORK } from "polltls/base/status";
import { saveDtls } from "polltls/dtls-saved";
import type { Connection } from "polltls/engine/connection";
import { TlsError } from "./tls-stream.js";

/** How long a turn of work may keep Node from other things, in milliseconds. */
const TURN_MS = 8;
const PACKET = 65536;
/** What is carried between a connection and Node, which copies it before anybody else needs the place. */
const packet = new Uint8Array(PACKET);
/** Datagrams that wait for the connection; more are lost, as they would be in a socket's buffer. */
const QUEUE = 64;
/** Records that may be sent after a connection is saved, and how long is waited if it can't be. */
export const RESERVED = 64;
const ASLEEP_AGAIN_MS = 50;

/** Where a stream's datagrams go. */
export interface DatagramLink {
	/** `to`: another address than the peer's (RFC 9853). `tooLong`: called when the network says that it can't take one of this length. */
	send(datagram: Uint8Array, to: string | undefined, tooLong: () => void): void;
	close(): void;
}

/**
 * Wraps a connection over datagrams.
 *
 *     const stream = await connectDtls(openDtlsClient({ ...options }), "127.0.0.1", 5684);
 *     stream.on("secure", () => stream.write(request));
 *     stream.on("data", (record) => ...);
 *     stream.on("error", (error) => console.error(error.message));     // a TlsError
 *
 * Events beside a Duplex's: "secure" when the handshake is done, "silent" when the peer doesn't answer (it goes on trying).
 */
export class DtlsStream extends Duplex {
	readonly connection: Connection;
	/** The longest single poll, in milliseconds. */
	longestPollMs = 0;
	/** Called after each poll; for traces. */
	onPoll: ((connection: Connection) => void) | undefined = undefined;
	/** If it is set, the end of writing saves the connection instead of closing it: it is given the bytes, and the peer isn't told. */
	sleepWith: ((bytes: Uint8Array) => void) | undefined = undefined;
	/** The peer's address has changed, and the new one is proven. */
	onMove: ((address: string) => void) | undefined = undefined;
	readonly #link: DatagramLink;
	#address = "";
	readonly #incoming: { readonly bytes: Uint8Array; readonly from: string }[] = [];
	#output: { bytes: Uint8Array; done: (error?: Error | null) => void } | undefined;
	#final: ((error?: Error | null) => void) | undefined;
	#reading = true;
	#secure = false;
	#silent = false;
	#ended = false;
	#scheduled = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(connection: Connection, link: DatagramLink) {
		super({ allowHalfOpen: true, autoDestroy: true, readableHighWaterMark: PACKET });
		this.connection = connection;
		this.#link = link;
		this.#schedule();
	}

	/** The connection has something to do that it wasn't asked through the stream. */
	wake(): void {
		this.#schedule();
	}

	/** A datagram has come for it. */
	receive(bytes: Uint8Array, from = ""): void {
		if (this.destroyed || this.#incoming.length >= QUEUE) return;
		this.#incoming.push({ bytes, from });
		this.#schedule();
	}

	override _read(): void {
		this.#reading = true;
		this.#schedule();
	}

	override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#output = { bytes, done };
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
		this.#link.close();
		done(error);
	}

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
		} while (this.connection.wants() & WANTS_WORK || (this.#incoming.length > 0 && !(this.#secure && !this.#reading)));
		this.#sleep();
	}

	#carryIn(): void {
		const { connection } = this;
		const datagram = this.#incoming[0];
		if (datagram !== undefined && connection.networkIn(datagram.bytes, 0, datagram.bytes.length, datagram.from) > 0) this.#incoming.shift();
		this.#write();
		if (this.#final !== undefined && this.#output === undefined && connection.state === OPERATING) {
			if (this.sleepWith === undefined) connection.close();
			else if (!this.fallAsleep(this.sleepWith)) return;
			this.#final();
			this.#final = undefined;
		}
	}

	/** One write in as few records as it needs. */
	#write(): void {
		const output = this.#output;
		if (output === undefined || this.connection.state !== OPERATING) return;
		for (let at = 0; at < output.bytes.length; this.#flush()) {
			const count = this.connection.applicationIn(output.bytes, at, output.bytes.length);
			at += count;
			if (count > 0) continue;
			output.bytes = output.bytes.subarray(at);
			return;
		}
		this.#output = undefined;
		output.done();
	}

	#carryOut(): void {
		this.#flush();
		const { connection } = this;
		const { peerAddress } = connection;
		if (peerAddress !== this.#address) this.onMove?.(peerAddress);
		this.#address = peerAddress;
		if (!this.#secure && connection.state === OPERATING) {
			this.#secure = true;
			this.emit("secure");
			this.#write();
		}
		if (!this.#silent && connection.silent) this.emit("silent");
		this.#silent = connection.silent;
		while (this.#reading) {
			const count = connection.applicationOut(packet, 0, PACKET);
			if (count === 0) break;
			this.#reading = this.push(Buffer.from(packet.subarray(0, count)));
		}
		if (this.#secure) this.#write(); // what waited for room may have it now
		if (connection.peerClosed) this.#endOfData();
	}

	#flush(): void {
		for (let length = this.connection.networkOut(packet, 0, PACKET); length > 0; length = this.connection.networkOut(packet, 0, PACKET))
			this.#send(packet.slice(0, length));
	}

	#send(datagram: Uint8Array): void {
		const { connection } = this;
		this.#link.send(datagram, connection.elsewhere, () => connection.traffic.output.lowerMtu(datagram.length));
	}

	#endOfData(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.push(null);
	}

	#closed(): void {
		this.#flush();
		this.#endOfData();
		this.#output?.done(new Error("the connection is closed"));
		this.#output = undefined;
		this.#final?.();
		this.#final = undefined;
		clearTimeout(this.#timer);
		this.#link.close();
		// It may have ended by a failure of nobody, with nothing left to write
		if (!this.writableEnded) this.end();
	}

	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			this.#turn();
		});
	}

	/** False: something is on its way, so it must be tried again. */
	private fallAsleep(keep: (bytes: Uint8Array) => void): boolean {
		const bytes = saveDtls(this.connection, RESERVED);
		if (bytes === undefined) {
			setTimeout(() => this.wake(), ASLEEP_AGAIN_MS);
			return false;
		}
		keep(bytes);
		this.connection.abort();
		return true;
	}

	/** Until the connection's deadline, if it has one. */
	#sleep(): void {
		clearTimeout(this.#timer);
		const { wakeAt } = this.connection;
		if (wakeAt !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#turn(), Math.max(1, wakeAt - performance.now()));
	}
}

/** What the network does to datagrams, for trying things out. */
export interface Loss {
	/** Share of the datagrams that are lost, 0 to 1. */
	readonly share: number;
	/** A number from 0 up to 1, the next one at each call. */
	readonly next: () => number;
}

/** Sends through a socket, and loses some if that is wanted. */
export function lossySend(socket: Socket, loss: Loss | undefined, port?: number, address?: string): (datagram: Uint8Array, tooLong: () => void) => void {
	return (datagram, tooLong) => {
		if (loss !== undefined && loss.next() < loss.share) return;
		// What the network refuses is lost, as it would be on the way
		const sent = (error: Error | null): void => {
			if ((error as NodeJS.ErrnoException | null)?.code === "EMSGSIZE") tooLong();
		};
		if (port === undefined) socket.send(datagram, sent);
		else socket.send(datagram, port, address, sent);
	};
}

/** Opens a socket to a server and puts the connection over it. Nobody need be there: a handshake times out. */
export async function connectDtls(connection: Connection, host: string, port: number, loss?: Loss): Promise<DtlsStream> {
	const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
	await new Promise<void>((resolve, reject) => {
		socket.once("error", reject);
		socket.connect(port, host, () => {
			socket.off("error", reject);
			resolve();
		});
	});
	const send = lossySend(socket, loss);
	let open = true;
	const close = (): void => {
		if (open) socket.close();
		open = false;
	};
	const stream = new DtlsStream(connection, { send: (datagram, _to, tooLong) => open && send(datagram, tooLong), close });
	socket.on("message", (datagram) => stream.receive(datagram));
	socket.on("error", () => {}); // a port that nobody listens on: the next try may find somebody
	return stream;
}
