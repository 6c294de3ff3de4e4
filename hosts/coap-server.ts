// A small CoAP server (RFC 7252), whatever carries its datagrams: GET and PUT, block-wise answers (RFC 7959), observed
// resources (RFC 7641) and /.well-known/core (RFC 6690). Portable: for the CoAP device and the polltls command.

import { Writer } from "polltls/base/writer";
import {
	ACCEPT,
	ACK,
	asciiOf,
	BAD_OPTION,
	BAD_REQUEST,
	BLOCK2,
	bytesOf,
	CHANGED,
	CON,
	CONTENT,
	CONTENT_FORMAT,
	CoapMessage,
	CoapWriter,
	EMPTY,
	GET,
	LINK_FORMAT,
	METHOD_NOT_ALLOWED,
	NON,
	NOT_ACCEPTABLE,
	NOT_FOUND,
	OBSERVE,
	PUT,
	RST,
	SIZE2,
	URI_HOST,
	URI_PATH,
	URI_PORT,
	URI_QUERY,
} from "./coap-message.js";

/** What clients may read and write. */
export interface CoapResource {
	/** Without a slash in front: "sensors/temperature". */
	readonly path: string;
	readonly format: number;
	/** More of the link's attributes: 'rt="temperature"'. */
	readonly attributes?: string;
	readonly observable?: boolean;
	read(): string;
	/** Answers whether it takes the value; without it nobody may write. */
	write?(value: string): boolean;
}

const WELL_KNOWN = ".well-known/core";
/** Answers that are kept for a request that comes again (RFC 7252 4.2). */
const KEPT = 4;
/** Observers of one client. */
const OBSERVERS = 4;
/** The longest payload of an answer; larger resources go in blocks of this size, 2^(szx + 4). */
const BLOCK_SIZE_EXPONENT = 5;
/** More than any answer but its payload. */
const HEAD = 64;

interface Observer {
	readonly token: Uint8Array;
	readonly resource: CoapResource;
	sequence: number;
	/** What was told last, and in which message. */
	told: string;
	messageId: number;
}

/**
 * The server's side of one client.
 *
 *     const session = new CoapSession(resources);
 *     const length = session.receive(request, 0, end);
 *     if (length > 0) send(session.answer, 0, length);
 *     while (session.notify() > 0) send(...);      // after something has changed
 */
export class CoapSession {
	readonly answer: Uint8Array;
	/** How many requests it has answered. */
	requests = 0;
	readonly #resources: readonly CoapResource[];
	readonly #message = new CoapMessage();
	readonly #writer = new Writer();
	readonly #out = new CoapWriter(this.#writer);
	readonly #kept: { readonly id: number; readonly bytes: Uint8Array }[] = [];
	readonly #observers: Observer[] = [];
	#messageId = 1;
	// Of the request that stands
	#path = "";
	#observe = -1;
	#block = -1;
	#accept = -1;

	constructor(resources: readonly CoapResource[]) {
		this.#resources = resources;
		this.answer = new Uint8Array(HEAD + (16 << BLOCK_SIZE_EXPONENT));
	}

	/** Takes a datagram; the length of the answer, 0 for none. */
	receive(bytes: Uint8Array, at: number, end: number): number {
		const message = this.#message;
		if (!message.decode(bytes, at, end)) return 0;
		if (message.type === RST) return this.forget(message.id);
		if (message.type === ACK) return 0;
		if (message.code === EMPTY || message.code >= 32) return message.type === CON ? this.reset(message.id) : 0;
		for (const { id, bytes: kept } of this.#kept) {
			if (id !== message.id) continue;
			this.answer.set(kept);
			return message.type === CON ? kept.length : 0;
		}
		this.requests++;
		this.#writer.reset(this.answer, 0, this.answer.length);
		this.respond();
		if (this.#kept.length === KEPT) this.#kept.shift();
		this.#kept.push({ id: message.id, bytes: this.answer.slice(0, this.#writer.at) });
		return this.#writer.at;
	}

	/** Tells one observer of something that has changed; the length of the notification, 0 if all know. */
	notify(): number {
		for (const observer of this.#observers) {
			const { resource, token } = observer;
			const value = resource.read();
			if (value === observer.told) continue;
			observer.told = value;
			observer.sequence = (observer.sequence + 1) & 0xffffff;
			observer.messageId = this.nextId();
			this.#writer.reset(this.answer, 0, this.answer.length);
			this.#out.begin(NON, CONTENT, observer.messageId, token, 0, token.length);
			this.#out.uint(OBSERVE, observer.sequence);
			this.writeContent(bytesOf(value), resource.format, -1);
			return this.#writer.at;
		}
		return 0;
	}

	/** How many resources it watches. */
	get observing(): number {
		return this.#observers.length;
	}

	/** Writes the answer to the request that stands. */
	private respond(): void {
		const message = this.#message;
		const { code } = message;
		if (!this.readOptions()) return this.begin(BAD_OPTION);
		const resource = this.find();
		if (resource === undefined) return this.begin(NOT_FOUND);
		if (code === PUT) return this.put(resource);
		if (code !== GET) return this.begin(METHOD_NOT_ALLOWED);
		if (this.#accept >= 0 && this.#accept !== resource.format) return this.begin(NOT_ACCEPTABLE);
		const value = resource.read();
		this.begin(CONTENT);
		if (this.#observe >= 0 && resource.observable) this.observe(resource, value);
		this.writeContent(bytesOf(value), resource.format, this.#block);
	}

	private put(resource: CoapResource): void {
		const { bytes, payloadAt, end } = this.#message;
		if (resource.write === undefined) this.begin(METHOD_NOT_ALLOWED);
		else this.begin(resource.write(asciiOf(bytes, payloadAt, end)) ? CHANGED : BAD_REQUEST);
	}

	/** Head of the answer: piggybacked on the ACK, or a NON (RFC 7252 5.2). */
	private begin(code: number): void {
		const { type, id, bytes, tokenAt, tokenEnd } = this.#message;
		this.#out.begin(type === CON ? ACK : NON, code, type === CON ? id : this.nextId(), bytes, tokenAt, tokenEnd);
	}

	/** RFC 7641 4.1: 0 adds the client, 1 takes it away. */
	private observe(resource: CoapResource, value: string): void {
		const { bytes, tokenAt, tokenEnd } = this.#message;
		const token = bytes.slice(tokenAt, tokenEnd);
		const index = this.#observers.findIndex(
			(each) => each.resource === resource && asciiOf(each.token, 0, each.token.length) === asciiOf(token, 0, token.length),
		);
		if (index >= 0) this.#observers.splice(index, 1);
		if (this.#observe !== 0 || this.#observers.length === OBSERVERS) return;
		this.#observers.push({ token, resource, sequence: 1, told: value, messageId: -1 });
		this.#out.uint(OBSERVE, 1);
	}

	/** The content, or the block of it that was asked for (RFC 7959 2.4). */
	private writeContent(payload: Uint8Array, format: number, block: number): void {
		const exponent = Math.min(BLOCK_SIZE_EXPONENT, block < 0 ? BLOCK_SIZE_EXPONENT : block & 7);
		const size = 16 << exponent;
		// A number is counted in the size that the client asked by
		const at = block < 0 ? 0 : (block >> 4) * (16 << Math.min(6, block & 7));
		const end = Math.min(payload.length, at + size);
		this.#out.uint(CONTENT_FORMAT, format);
		if (block >= 0 || payload.length > size) {
			this.#out.uint(BLOCK2, ((at / size) << 4) | (end < payload.length ? 8 : 0) | exponent);
			if (at === 0) this.#out.uint(SIZE2, payload.length);
		}
		if (at < end) this.#out.payload(payload, at, end);
	}

	/** Of the request; false if it has a critical option that isn't known (RFC 7252 5.4.1). */
	private readOptions(): boolean {
		const message = this.#message;
		this.#path = "";
		this.#observe = this.#block = this.#accept = -1;
		message.rewind();
		while (message.nextOption()) {
			const { option } = message;
			if (option === URI_PATH) this.#path += `${this.#path === "" ? "" : "/"}${message.text()}`;
			else if (option === OBSERVE) this.#observe = message.uint();
			else if (option === BLOCK2) this.#block = message.uint();
			else if (option === ACCEPT) this.#accept = message.uint();
			else if (option & 1 && option !== URI_HOST && option !== URI_PORT && option !== URI_QUERY) return false;
		}
		return (this.#block & 7) !== 7 || this.#block < 0;
	}

	private find(): CoapResource | undefined {
		if (this.#path === WELL_KNOWN) return { path: WELL_KNOWN, format: LINK_FORMAT, read: () => linksOf(this.#resources) };
		return this.#resources.find(({ path }) => path === this.#path);
	}

	/** A ping, or something that isn't a request: RST (RFC 7252 4.2, 4.3). */
	private reset(id: number): number {
		this.#writer.reset(this.answer, 0, this.answer.length);
		this.#out.begin(RST, EMPTY, id, this.answer, 0, 0);
		return this.#writer.at;
	}

	/** The client wants no more of these notifications (RFC 7641 3.6). */
	private forget(id: number): number {
		const index = this.#observers.findIndex(({ messageId }) => messageId === id);
		if (index >= 0) this.#observers.splice(index, 1);
		return 0;
	}

	private nextId(): number {
		this.#messageId = (this.#messageId + 1) & 0xffff;
		return this.#messageId;
	}
}

/** The resources in the link format (RFC 6690). */
function linksOf(resources: readonly CoapResource[]): string {
	let links = "";
	for (const { path, format, attributes = "", observable = false } of resources) {
		if (links !== "") links += ",";
		links += `</${path}>;ct=${format}${attributes === "" ? "" : `;${attributes}`}${observable ? ";obs" : ""}`;
	}
	return links;
}
