// The SecureSocket of the SDK's older clients (module securesocket): its dictionary, its callback, its read and write.

import TCP from "embedded:io/socket/tcp";
// biome-ignore lint/style/useNodejsImportProtocol: the SDK's module of that name
import Net from "net";
import { arrayOf } from "./byte-buffers.js";
import type { ByteBuffer, StreamConstructor } from "./io-types.js";
import { openClient } from "./open-client.js";
import { type ChannelOwner, TlsChannel } from "./tls-channel.js";
import type { TlsError } from "./tls-error.js";
import { clientPlan, clientTrust, type SecureOptions, type TlsOptions } from "./tls-options.js";

// What the callback is told
const CONNECTED = 1;
const READABLE = 2;
const WRITABLE = 3;
const DISCONNECTED = -1;
const ERROR = -2;

export interface SecureSocketDictionary {
	host?: string;
	/** Numeric; the host is looked up without it. */
	address?: string;
	port: number;
	secure?: SecureOptions;
	/** ECMA-419's options, beside or instead of secure. */
	tls?: TlsOptions;
}

/**
 * A client's socket.
 *
 *     const socket = new SecureSocket({ host: "server.example", port: 443, secure: { certificate: new Resource("ca.der") } });
 *     socket.callback = function (message, value) {
 *         if (message === 1) this.write("GET / HTTP/1.0\r\n\r\n");       // connected
 *         else if (message === 2) trace(this.read(String));              // value bytes can be read
 *         else if (message < 0) trace("closed\n");
 *     };
 */
export class SecureSocket implements ChannelOwner {
	callback: ((this: SecureSocket, message: number, value?: number) => void) | undefined;
	/** Why it failed. */
	error: TlsError | undefined;
	#channel: TlsChannel | undefined;
	#connected = false;

	constructor(dictionary: SecureSocketDictionary) {
		if ("sock" in dictionary) throw new RangeError("sock: give host and port, or use TlsSocket with { from }");
		const { host, port } = dictionary;
		const address = dictionary.address ?? (host !== undefined && /^[0-9.]+$/.test(host) ? host : undefined);
		const plan = clientPlan(dictionary, clientTrust(dictionary), "tls");
		const Tcp = TCP as unknown as StreamConstructor;
		const tcp = address === undefined ? undefined : { address, port, nodelay: true };
		const channel = new TlsChannel(openClient(plan.options), Tcp, tcp);
		channel.keepSessions(plan.owner);
		channel.attach(this);
		this.#channel = channel;
		if (tcp === undefined) Net.resolve(host ?? "", (_name: string, found?: string) => channel.open(Tcp, found, port));
	}

	/**
	 * Without a type: how many bytes can be read. type: String, ArrayBuffer, Number (one byte), null (passed over, answers how
	 * many); limit: at most that many bytes, or up to that character and with it.
	 */
	read(type?: unknown, limit?: number | string): unknown {
		const channel = this.#channel;
		const readable = channel?.readable ?? 0;
		if (type === undefined) return readable;
		if (channel === undefined || readable === 0) return undefined;
		if (type === Number) return channel.readByte();
		let count = readable;
		if (typeof limit === "number") count = Math.min(count, limit);
		else if (typeof limit === "string" && limit !== "") count = channel.countTo(limit.charCodeAt(0));
		const bytes = new Uint8Array(count);
		channel.read(bytes);
		if (type === null) return count;
		if (type === String) return String.fromArrayBuffer(bytes.buffer);
		if (type === ArrayBuffer) return bytes.buffer;
		throw new TypeError("read: String, ArrayBuffer, Number or null");
	}

	/** Without parts: how many bytes can be written. Parts are texts, bytes and byte buffers: all of them are written, or it throws. */
	write(...parts: (string | number | ByteBuffer)[]): number | undefined {
		const writable = this.#channel?.writable ?? 0;
		if (parts.length === 0) return writable;
		const pieces = parts.map((part) => bytesOf(part));
		let length = 0;
		for (const piece of pieces) length += piece.length;
		if (length > writable) throw new Error("can't write all data");
		for (let i = 0; i < pieces.length; i++) this.#channel?.write(pieces[i], i < pieces.length - 1);
		return undefined;
	}

	close(): void {
		this.#channel?.close();
		this.#channel = undefined;
	}

	/** "REMOTE_IP". */
	get(name: string): unknown {
		return name === "REMOTE_IP" ? this.#channel?.transport.io?.remoteAddress : undefined;
	}

	/** Called by its channel. */
	readable(count: number): void {
		this.callback?.(READABLE, count);
	}
	writable(count: number): void {
		if (this.#connected) this.callback?.(WRITABLE, count);
		else {
			this.#connected = true;
			this.callback?.(CONNECTED);
		}
	}
	ended(error: TlsError | undefined): void {
		this.error = error;
		this.callback?.(error === undefined ? DISCONNECTED : ERROR);
		this.close();
	}
}

function bytesOf(part: string | number | ByteBuffer): Uint8Array {
	if (typeof part === "string") return new Uint8Array(ArrayBuffer.fromString(part));
	return typeof part === "number" ? Uint8Array.of(part) : arrayOf(part);
}
