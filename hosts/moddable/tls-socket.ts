// The TLS socket of ECMA-419 (embedded:io/socket/tcp/tls): a client's, and what a TLS listener gives for each client.

import TCP from "embedded:io/socket/tcp";
import type { Connection } from "polltls/engine/connection";
import type { TrustStore } from "polltls/pki/trust";
import { arrayOf } from "./byte-buffers.js";
import type { ByteBuffer, StreamConstructor, StreamIo } from "./io-types.js";
import { openClient } from "./open-client.js";
import { type ChannelOwner, TlsChannel } from "./tls-channel.js";
import type { TlsError } from "./tls-error.js";
import { clientPlan, clientTrust, type TlsSocketOptions } from "./tls-options.js";

/** How a listener makes a socket of its own channel. */
const OF_CHANNEL: unique symbol = Symbol("channel");

interface Callbacks {
	onReadable?(this: TlsSocket, count: number): void;
	onWritable?(this: TlsSocket, count: number): void;
	onError?(this: TlsSocket, error?: TlsError): void;
}

/**
 * Connects and shakes hands; onWritable comes when that is done, onError when it failed or the peer has closed. Nothing is
 * called back from inside a call, nor after close().
 *
 *     const socket = new TlsSocket({
 *         address: "192.0.2.1", port: 443,
 *         tls: { host: "device.example", ca: new Resource("ca.der") },      // or secure: { ... }, as the SDK's class has it
 *         onWritable(count) { this.write(request); },
 *         onReadable(count) { trace(String.fromArrayBuffer(this.read())); },
 *         onError(error) { trace(error ?? "closed", "\n"); },
 *     });
 */
export class TlsSocket implements ChannelOwner {
	declare target: unknown;
	#channel: TlsChannel | undefined;
	#isNumber = false;
	readonly #onReadable: Callbacks["onReadable"];
	readonly #onWritable: Callbacks["onWritable"];
	readonly #onError: Callbacks["onError"];

	/** from: a TlsSocket to take over, or an open TCP socket on which TLS begins now. */
	constructor(options: TlsSocketOptions & { [OF_CHANNEL]?: TlsChannel }) {
		this.#onReadable = options.onReadable;
		this.#onWritable = options.onWritable;
		this.#onError = options.onError;
		if (options.format !== undefined) this.format = options.format;
		if (options.target !== undefined) this.target = options.target;
		const made = options[OF_CHANNEL];
		const { from } = options;
		if (made !== undefined) this.#channel = made;
		else if (from instanceof TlsSocket) {
			this.#channel = from.#release();
			this.#channel.attach(this);
		} else {
			this.#channel = connectChannel(options, clientTrust(options));
			this.#channel.attach(this);
		}
	}

	/** By a listener: a socket of a channel that nobody is told of yet. */
	static of(channel: TlsChannel): TlsSocket {
		return new TlsSocket({ [OF_CHANNEL]: channel });
	}

	close(): void {
		this.#channel?.close();
		this.#channel = undefined;
	}

	/**
	 * Format "buffer": all that is readable, or at most a number of bytes, as an ArrayBuffer; or into a byte buffer, which
	 * answers how many. Format "number": the next byte. undefined: nothing is readable.
	 */
	read(count?: number | ByteBuffer): ArrayBuffer | number | undefined {
		const channel = this.#channel;
		if (channel === undefined || channel.readable === 0) return undefined;
		if (this.#isNumber) return channel.readByte();
		if (typeof count === "object") {
			const into = arrayOf(count);
			const length = Math.min(into.length, channel.readable);
			channel.read(length === into.length ? into : into.subarray(0, length));
			return length;
		}
		const bytes = new Uint8Array(count === undefined ? channel.readable : Math.min(count, channel.readable));
		channel.read(bytes);
		return bytes.buffer;
	}

	/**
	 * Writes all of it, or throws if it is more than can be written now. Answers how much more can. options.more: what follows
	 * at once goes into the same record.
	 */
	write(data: ByteBuffer | number, options?: { more?: boolean }): number {
		const channel = this.#channel;
		if (channel === undefined) throw new Error("closed");
		const bytes = typeof data === "number" ? Uint8Array.of(data) : arrayOf(data);
		if (bytes.length > channel.writable) throw new RangeError("would block");
		channel.write(bytes, options?.more === true);
		return channel.writable;
	}

	get format(): "buffer" | "number" {
		return this.#isNumber ? "number" : "buffer";
	}
	set format(format: string) {
		if (format !== "buffer" && format !== "number") throw new RangeError("format");
		this.#isNumber = format === "number";
	}

	get remoteAddress(): string | undefined {
		return this.#channel?.transport.io?.remoteAddress;
	}
	get remotePort(): number | undefined {
		return this.#channel?.transport.io?.remotePort;
	}

	/** The connection, for what was agreed on (negotiated, report(), peerCertificate). */
	get connection(): Connection | undefined {
		return this.#channel?.connection;
	}

	/** Called by its channel. */
	readable(count: number): void {
		this.#onReadable?.(count);
	}
	writable(count: number): void {
		this.#onWritable?.(count);
	}
	ended(error: TlsError | undefined): void {
		this.#onError?.(error);
	}

	#release(): TlsChannel {
		const channel = this.#channel;
		if (channel === undefined) throw new Error("closed");
		channel.detach();
		this.#channel = undefined;
		return channel;
	}
}

function connectChannel(options: TlsSocketOptions, trust: TrustStore): TlsChannel {
	// What is left is TCP's own: address, port, nodelay, ...
	const { tls: _tls, secure: _secure, TCP: _TCP, host: _host, target: _target, format: _format, from, ...tcp } = options;
	const { options: engine, owner } = clientPlan(options, trust, "tls");
	const connection = openClient(engine);
	const Tcp = options.TCP?.io ?? (TCP as unknown as StreamConstructor);
	const channel = new TlsChannel(connection, Tcp, from === undefined ? tcp : { from: from as StreamIo });
	channel.keepSessions(owner);
	return channel;
}
