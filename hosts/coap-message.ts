// CoAP messages (RFC 7252 section 3): read in place, and written into a place. Portable: for the CoAP device, its client and
// the polltls command.

import { Reader } from "polltls/base/reader";
import type { Writer } from "polltls/base/writer";

// Types
export const CON = 0;
export const NON = 1;
export const ACK = 2;
export const RST = 3;

// Codes: class << 5 | detail
export const EMPTY = 0;
export const GET = 1;
export const POST = 2;
export const PUT = 3;
export const DELETE = 4;
export const CHANGED = (2 << 5) | 4;
export const CONTENT = (2 << 5) | 5;
export const BAD_REQUEST = (4 << 5) | 0;
export const BAD_OPTION = (4 << 5) | 2;
export const NOT_FOUND = (4 << 5) | 4;
export const METHOD_NOT_ALLOWED = (4 << 5) | 5;
export const NOT_ACCEPTABLE = (4 << 5) | 6;

// Options
export const URI_HOST = 3;
export const OBSERVE = 6;
export const URI_PORT = 7;
export const URI_PATH = 11;
export const CONTENT_FORMAT = 12;
export const URI_QUERY = 15;
export const ACCEPT = 17;
export const BLOCK2 = 23;
export const SIZE2 = 28;

// Content formats
export const TEXT_PLAIN = 0;
export const LINK_FORMAT = 40;
export const JSON_FORMAT = 50;

const VERSION = 1;
const PAYLOAD_MARKER = 0xff;
const HEADER = 4;

/**
 * A decoded message: places in the bytes it was read from.
 *
 *     if (!message.decode(bytes, 0, length)) return;
 *     while (message.nextOption()) if (message.option === URI_PATH) path += message.text();
 */
export class CoapMessage {
	type = 0;
	code = 0;
	id = 0;
	tokenAt = 0;
	tokenEnd = 0;
	payloadAt = 0;
	end = 0;
	bytes: Uint8Array = new Uint8Array(0);
	/** The option that stands, after nextOption. */
	option = 0;
	optionAt = 0;
	optionEnd = 0;
	#next = 0;

	/** Reads a message and checks all of it; false: it isn't one (RFC 7252 3). Stands in front of the first option. */
	decode(bytes: Uint8Array, at: number, end: number): boolean {
		if (end - at < HEADER || bytes[at] >> 6 !== VERSION) return false;
		const tokenLength = bytes[at] & 15;
		this.bytes = bytes;
		this.type = (bytes[at] >> 4) & 3;
		this.code = bytes[at + 1];
		this.id = (bytes[at + 2] << 8) | bytes[at + 3];
		this.tokenAt = at + HEADER;
		this.tokenEnd = this.tokenAt + tokenLength;
		this.end = end;
		if (tokenLength > 8 || this.tokenEnd > end || (this.code === EMPTY && end - at !== HEADER)) return false;
		this.payloadAt = end;
		this.rewind();
		while (this.nextOption());
		const whole = this.#next >= 0;
		this.rewind();
		return whole;
	}

	/** Stands in front of the first option again. */
	rewind(): void {
		this.option = 0;
		this.#next = this.tokenEnd;
	}

	/** Goes to the next option; false behind the last. */
	nextOption(): boolean {
		const { bytes, end } = this;
		const at = this.#next;
		if (at < 0 || at >= end) return false;
		if (bytes[at] === PAYLOAD_MARKER) {
			this.payloadAt = at + 1;
			// RFC 7252 3: a marker without a payload is an error
			this.#next = at + 1 === end ? -1 : end;
			return false;
		}
		const reader = new Reader();
		reader.reset(bytes, at + 1, end);
		const delta = extended(reader, bytes[at] >> 4);
		const length = extended(reader, bytes[at] & 15);
		this.option += delta;
		this.optionAt = reader.take(length);
		this.optionEnd = reader.at;
		this.#next = reader.failed || delta < 0 || length < 0 ? -1 : reader.at;
		return this.#next >= 0;
	}

	/** The option's value as a number. */
	uint(): number {
		let value = 0;
		for (let at = this.optionAt; at < this.optionEnd; at++) value = value * 256 + this.bytes[at];
		return value;
	}

	/** The option's value as text (ASCII: other bytes stand for themselves). */
	text(): string {
		return asciiOf(this.bytes, this.optionAt, this.optionEnd);
	}
}

/** A delta or length of an option (RFC 7252 3.1); -1 for the reserved 15. */
function extended(reader: Reader, nibble: number): number {
	if (nibble < 13) return nibble;
	if (nibble === 13) return 13 + reader.u8();
	return nibble === 14 ? 269 + reader.u16() : -1;
}

/** Bytes as text. */
export function asciiOf(bytes: Uint8Array, at: number, end: number): string {
	let text = "";
	for (; at < end; at++) text += String.fromCharCode(bytes[at]);
	return text;
}

/** Text as bytes; only ASCII. */
export function bytesOf(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}

/**
 * Writes a message: options must come in the order of their numbers.
 *
 *     const out = new CoapWriter(writer);
 *     out.begin(ACK, CONTENT, message.id, message.bytes, message.tokenAt, message.tokenEnd);
 *     out.uint(CONTENT_FORMAT, TEXT_PLAIN);
 *     out.payload(bytes, 0, bytes.length);
 */
export class CoapWriter {
	readonly #writer: Writer;
	#last = 0;

	constructor(writer: Writer) {
		this.#writer = writer;
	}

	begin(type: number, code: number, id: number, token: Uint8Array, tokenAt: number, tokenEnd: number): void {
		const writer = this.#writer;
		writer.u8((VERSION << 6) | (type << 4) | (tokenEnd - tokenAt));
		writer.u8(code);
		writer.u16(id);
		writer.copy(token, tokenAt, tokenEnd);
		this.#last = 0;
	}

	option(number: number, value: Uint8Array): void {
		const writer = this.#writer;
		const delta = number - this.#last;
		writer.u8((nibbleOf(delta) << 4) | nibbleOf(value.length));
		this.extend(delta);
		this.extend(value.length);
		writer.copy(value, 0, value.length);
		this.#last = number;
	}

	/** A number in as few bytes as it needs. */
	uint(number: number, value: number): void {
		const bytes: number[] = [];
		for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
		this.option(number, Uint8Array.from(bytes));
	}

	payload(bytes: Uint8Array, at: number, end: number): void {
		if (at === end) return;
		this.#writer.u8(PAYLOAD_MARKER);
		this.#writer.copy(bytes, at, end);
	}

	private extend(value: number): void {
		if (value >= 269) this.#writer.u16(value - 269);
		else if (value >= 13) this.#writer.u8(value - 13);
	}
}

function nibbleOf(value: number): number {
	return value >= 269 ? 14 : value >= 13 ? 13 : value;
}
