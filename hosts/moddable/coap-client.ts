// A CoAP client (RFC 7252) in the shape of the SDK's HTTP client, on any UDP-like socket with one peer: on DtlsSocket it is
// coaps. Answers of several blocks (RFC 7959) are put together.

import { Writer } from "polltls/base/writer";
import Timer from "timer";
import {
	ACK,
	BLOCK2,
	bytesOf,
	CON,
	CONTENT_FORMAT,
	CoapMessage,
	CoapWriter,
	DELETE,
	EMPTY,
	GET,
	POST,
	PUT,
	RST,
	URI_PATH,
	URI_QUERY,
} from "../coap-message.js";
import { arrayOf } from "./byte-buffers.js";
import type { DtlsSocketOptions } from "./dtls-socket.js";
import type { ByteBuffer } from "./io-types.js";

/** RFC 7252 4.8: milliseconds until a request is sent again, and how often it is. */
const ACK_TIMEOUT = 2000;
const MAX_RETRANSMIT = 4;
/** Milliseconds that a server may take for an answer that it has acknowledged before. */
const PATIENCE = 60000;
/** The longest answer, if options.maximumLength doesn't say. */
const LENGTH_MOST = 16384;
const MESSAGE = 1152;
const METHODS: Readonly<Record<string, number>> = Object.freeze({ GET, POST, PUT, DELETE });

/** What it needs of a socket: DtlsSocket is one. */
interface Socket {
	read(): unknown;
	write(bytes: Uint8Array): unknown;
	close(): void;
}
interface Resolver {
	resolve(request: { host: string; onResolved(host: string, address: string): void; onError(error?: unknown): void }): void;
	close(): void;
}

export interface CoapClientOptions extends Omit<DtlsSocketOptions, "from" | "onReadable" | "onWritable" | "onError" | "target" | "format"> {
	socket: { io: new (options: DtlsSocketOptions) => Socket } & Partial<DtlsSocketOptions>;
	/** Looks the host up, where no address is given. */
	dns?: { io: new (options: object) => Resolver };
	/** The longest answer that is put together, in bytes. */
	maximumLength?: number;
	/** It is over: every request that waited has had its onDone. Without an error the server has closed. */
	onError?(this: CoapClient, error?: unknown): void;
}

/** One request. */
export interface CoapRequest {
	/** "GET" if it isn't given; "POST", "PUT", "DELETE". */
	method?: string;
	/** "sensors/temperature?unit=c" */
	path: string;
	/** What is sent, as long as it fits into one message. */
	payload?: ByteBuffer;
	contentFormat?: number;
	/** code: 69 for 2.05, 132 for 4.04 (class * 32 + detail). An error: there is no answer, or none that can be read. */
	onDone(this: CoapClient, error: Error | undefined, code: number, payload: Uint8Array): void;
}

/**
 * Sends one request after the other.
 *
 *     const coaps = new device.network.coaps.io({ ...device.network.coaps, host: "sensor.example", dtls: { psks: [{ identity, key }] } });
 *     coaps.request({ path: "temperature", onDone(error, code, payload) { trace(error ?? String.fromArrayBuffer(payload.buffer), "\n"); } });
 */
export class CoapClient {
	readonly #options: CoapClientOptions;
	readonly #requests: CoapRequest[] = [];
	readonly #message = new CoapMessage();
	readonly #writer = new Writer();
	readonly #bytes = new Uint8Array(MESSAGE);
	#resolver: Resolver | undefined;
	#socket: Socket | undefined;
	#isOpen = false;
	/** Its message id, which is its token as well; that of the next message is one more. */
	#id = Math.floor(Math.random() * 0x10000);
	#timer: Timer | undefined;
	#tries = 0;
	/** Which block is asked for, and what has come before it. */
	#block = 0;
	#content = new Uint8Array(0);

	constructor(options: CoapClientOptions) {
		this.#options = options;
		const { address, host, dns } = options;
		if (address !== undefined) this.#connect(address);
		else {
			if (host === undefined || dns === undefined) throw new RangeError("address, or host and dns, are needed");
			this.#resolver = new dns.io(dns);
			this.#resolver.resolve({
				host,
				onResolved: (_host, found) => {
					try {
						this.#connect(found);
					} catch (error) {
						this.#fail(error);
					}
				},
				onError: (error) => this.#fail(error ?? new Error(`${host} wasn't found`)),
			});
		}
	}

	/** Asks; one request is on its way at a time. */
	request(request: CoapRequest): void {
		if (METHODS[request.method ?? "GET"] === undefined) throw new RangeError("method: GET, POST, PUT or DELETE");
		if ((request.payload?.byteLength ?? 0) > MESSAGE / 2) throw new RangeError("payload: doesn't fit into one message");
		this.#requests.push(request);
		if (this.#isOpen && this.#requests.length === 1) this.#begin();
	}

	/** Nothing is called back any more. */
	close(): void {
		this.#stopTimer();
		this.#requests.length = 0;
		this.#resolver?.close();
		this.#socket?.close();
		this.#resolver = this.#socket = undefined;
		this.#isOpen = false;
	}

	#connect(address: string): void {
		const { host, port = 5684, dtls, socket } = this.#options;
		const client = this;
		this.#socket = new socket.io({
			...socket,
			address,
			host,
			port,
			...(dtls === undefined ? {} : { dtls }),
			onWritable() {
				if (client.#isOpen) return;
				client.#isOpen = true;
				if (client.#requests.length > 0) client.#begin();
			},
			onReadable(count) {
				while (count-- > 0 && client.#socket !== undefined) client.#receive(new Uint8Array(this.read() as ArrayBuffer));
			},
			onError: (error) => this.#fail(error),
		});
	}

	/** A new request. */
	#begin(): void {
		this.#block = 0;
		this.#content = new Uint8Array(0);
		this.#next();
	}

	/** A new message. */
	#next(): void {
		this.#id = (this.#id + 1) & 0xffff;
		this.#tries = 0;
		this.#send();
	}

	/** The request, or its next block; again and again until something comes back. */
	#send(): void {
		if (this.#tries > MAX_RETRANSMIT) return this.#done(new Error("no answer"), 0);
		const { method = "GET", path, payload, contentFormat } = this.#requests[0];
		const [names, query] = path.split("?");
		const id = this.#id;
		const writer = this.#writer;
		writer.reset(this.#bytes, 0, MESSAGE);
		const message = new CoapWriter(writer);
		message.begin(CON, METHODS[method], id, Uint8Array.of(id >> 8, id), 0, 2);
		for (const name of names.split("/")) if (name !== "") message.option(URI_PATH, bytesOf(name));
		if (contentFormat !== undefined) message.uint(CONTENT_FORMAT, contentFormat);
		if (query !== undefined) for (const part of query.split("&")) message.option(URI_QUERY, bytesOf(part));
		if (this.#block > 0) message.uint(BLOCK2, this.#block);
		if (payload !== undefined && this.#block === 0) message.payload(arrayOf(payload), 0, payload.byteLength);
		if (writer.failed) return this.#done(new Error("the request doesn't fit into one message"), 0);
		this.#write(writer.at);
		// Between one and one and a half times the interval, doubled each time (RFC 7252 4.2)
		this.#await((ACK_TIMEOUT << this.#tries++) * (1 + Math.random() / 2), () => this.#send());
	}

	#write(length: number): void {
		try {
			this.#socket?.write(this.#bytes.subarray(0, length));
		} catch {
			// not now: it is sent again
		}
	}

	#receive(bytes: Uint8Array): void {
		const message = this.#message;
		if (!message.decode(bytes, 0, bytes.length)) return;
		const { type, code, id } = message;
		const isAnswer = code >= 64 && message.tokenEnd - message.tokenAt === 2 && ((bytes[message.tokenAt] << 8) | bytes[message.tokenAt + 1]) === this.#id;
		if (type === CON) this.#acknowledge(id, isAnswer);
		if (this.#requests.length === 0) return;
		if (isAnswer) this.#accept();
		else if (code === EMPTY && id === this.#id && type === ACK) this.#await(PATIENCE, () => this.#done(new Error("no answer"), 0));
		else if (code === EMPTY && id === this.#id) this.#done(new Error("the server doesn't know the request"), 0); // RST
	}

	/** An answer of its own (RFC 7252 5.2.2), or something that nobody asked for: RST. */
	#acknowledge(id: number, isAnswer: boolean): void {
		this.#writer.reset(this.#bytes, 0, MESSAGE);
		new CoapWriter(this.#writer).begin(isAnswer ? ACK : RST, EMPTY, id, this.#bytes, 0, 0);
		this.#write(this.#writer.at);
	}

	/** The whole answer, or a block of it (RFC 7959 2.4). */
	#accept(): void {
		const message = this.#message;
		let block = -1;
		while (message.nextOption()) if (message.option === BLOCK2) block = message.uint();
		const { payloadAt, end, bytes, code } = message;
		if (block >= 0 && block >> 4 !== this.#block >> 4) return; // one that came before
		const content = new Uint8Array(this.#content.length + end - payloadAt);
		if (content.length > (this.#options.maximumLength ?? LENGTH_MOST)) return this.#done(new Error("the answer is too long"), 0);
		content.set(this.#content);
		content.set(bytes.subarray(payloadAt, end), this.#content.length);
		this.#content = content;
		if (block < 0 || !(block & 8)) this.#done(undefined, code);
		else {
			this.#block = (((block >> 4) + 1) << 4) | (block & 7);
			this.#next();
		}
	}

	/** Ends the request and begins the next one. */
	#done(error: Error | undefined, code: number): void {
		this.#stopTimer();
		const request = this.#requests[0];
		const content = this.#content;
		this.#content = new Uint8Array(0);
		request.onDone.call(this, error, code, content);
		if (this.#requests[0] !== request) return; // closed meanwhile
		this.#requests.shift();
		if (this.#requests.length > 0) this.#begin();
	}

	#fail(error: unknown): void {
		const requests = this.#requests.splice(0);
		this.close();
		const reason = error instanceof Error ? error : new Error("closed");
		for (const { onDone } of requests) onDone.call(this, reason, 0, new Uint8Array(0));
		this.#options.onError?.call(this, error);
	}

	#await(milliseconds: number, then: () => void): void {
		this.#stopTimer();
		this.#timer = Timer.set(() => {
			this.#timer = undefined;
			then();
		}, milliseconds);
	}

	#stopTimer(): void {
		if (this.#timer !== undefined) Timer.clear(this.#timer);
		this.#timer = undefined;
	}
}

/** A code as people write it: "2.05". */
export function codeText(code: number): string {
	return `${code >> 5}.${String(code & 31).padStart(2, "0")}`;
}
