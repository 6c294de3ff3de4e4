// PEM (RFC 7468): blocks of base64 between BEGIN and END lines, with anything around them. Base64 is read and
// written without tables or branches on the data, because private keys pass through here.

import { type Failure, NO_FAILURE, PEM_BLOCK_MISSING, PEM_MALFORMED } from "../base/failure.js";

// Kinds of blocks, as bits
export const PEM_CERTIFICATE = 1;
export const PEM_CERTIFICATE_REQUEST = 2;
export const PEM_X509_CRL = 4;
export const PEM_PUBLIC_KEY = 8;
/** PKCS#8. */
export const PEM_PRIVATE_KEY = 16;
/** PKCS#8, encrypted. */
export const PEM_ENCRYPTED_PRIVATE_KEY = 32;
/** PKCS#1. */
export const PEM_RSA_PRIVATE_KEY = 64;
/** SEC1. */
export const PEM_EC_PRIVATE_KEY = 128;
/** Every other label. */
export const PEM_OTHER = 256;

/** Labels in the order of the bits. */
const LABELS: readonly string[] = Object.freeze([
	"CERTIFICATE",
	"CERTIFICATE REQUEST",
	"X509 CRL",
	"PUBLIC KEY",
	"PRIVATE KEY",
	"ENCRYPTED PRIVATE KEY",
	"RSA PRIVATE KEY",
	"EC PRIVATE KEY",
]);
const OLD_LABELS: readonly string[] = Object.freeze(["X509 CERTIFICATE", "NEW CERTIFICATE REQUEST"]);

const NEW_LINE = 0x0a;
const DASH = 0x2d;
const LINE = 48; // bytes in a line of 64 characters
const PIECE = 128;

/**
 * Reads the blocks of a PEM text one after the other.
 *
 *     const reader = new PemReader(text);
 *     while (reader.find(PEM_CERTIFICATE)) chain.push(reader.der);
 *     if (reader.end() !== NO_FAILURE) ...     // malformed, or no block of this kind at all
 */
export class PemReader {
	/** The kind of the last block found: one PEM_... bit. */
	kind = 0;
	/** Its contents: an array of its own, the caller's to keep and to wipe. */
	der: Uint8Array = new Uint8Array(0);
	#failure: Failure = NO_FAILURE;
	#found = 0;
	#text: Uint8Array;
	#at = 0;
	#bodyAt = 0;

	/** A long text is better given as bytes: that costs no copy. */
	constructor(text: string | Uint8Array) {
		this.#text = typeof text === "string" ? bytesOf(text) : text;
	}

	/** Goes on to the next block of one of these kinds; false at the end of the text and after an error. */
	find(kinds: number): boolean {
		while (this.#failure === NO_FAILURE && this.nextBlock()) {
			if ((this.kind & kinds) === 0) continue;
			this.#found++;
			return true;
		}
		return false;
	}

	/** After the last find: PEM_MALFORMED, PEM_BLOCK_MISSING if none was found, or NO_FAILURE. */
	end(): Failure {
		if (this.#failure !== NO_FAILURE) return this.#failure;
		return this.#found === 0 ? PEM_BLOCK_MISSING : NO_FAILURE;
	}

	/** Finds a BEGIN line and decodes up to its END line; false if there is none. */
	private nextBlock(): boolean {
		const text = this.#text;
		for (;;) {
			if (this.#at >= text.length) return false;
			const at = this.#at;
			const end = this.lineEnd(at);
			this.#at = end + 1;
			if (!startsWith(text, at, end, "-----BEGIN ")) continue;
			const label = labelIn(text, at + 11, end);
			this.kind = kindOf(label);
			this.#bodyAt = this.#at;
			const decoded = this.findEnd(label);
			if (!decoded) this.#failure = PEM_MALFORMED;
			return decoded;
		}
	}

	private findEnd(label: string): boolean {
		const text = this.#text;
		while (this.#at < text.length) {
			const at = this.#at;
			const end = this.lineEnd(at);
			this.#at = end + 1;
			if (text[at] !== DASH) continue;
			if (!startsWith(text, at, end, "-----END ") || labelIn(text, at + 9, end) !== label) return false;
			return this.kind === PEM_OTHER || this.decode(this.#bodyAt, at);
		}
		return false;
	}

	private lineEnd(at: number): number {
		const text = this.#text;
		while (at < text.length && text[at] !== NEW_LINE) at++;
		return at;
	}

	/** Base64 with white space, padded (RFC 4648 4). */
	private decode(at: number, end: number): boolean {
		const text = this.#text;
		const out = new Uint8Array(Math.floor(((end - at) * 3) / 4) + 3);
		let outAt = 0;
		let bits = 0;
		let count = 0;
		let padding = 0;
		let wrong = 0;
		for (; at < end; at++) {
			const character = text[at];
			if (character === 0x20 || (character >= 0x09 && character <= 0x0d)) continue;
			count++;
			if (character === 0x3d) {
				padding++;
				bits <<= 6;
			} else {
				const value = sextet(character);
				wrong |= value >> 8; // -1 leaves ones
				if (padding > 0) return false;
				bits = (bits << 6) | (value & 63);
			}
			if ((count & 3) === 0) {
				out[outAt++] = bits >> 16;
				out[outAt++] = bits >> 8;
				out[outAt++] = bits;
				bits = 0;
			}
		}
		if (wrong !== 0 || (count & 3) !== 0 || count === 0 || padding > 2) return false;
		outAt -= padding;
		// what the padding stands for must be zeros
		if (padding > 0 && (out[outAt] !== 0 || out[outAt + padding - 1] !== 0)) return false;
		this.der = out.slice(0, outAt);
		out.fill(0);
		return true;
	}
}

/**
 * Writes one block: an array of its own, ASCII, lines of 64 characters. label is that of RFC 7468, such as
 * "CERTIFICATE".
 */
export function encodePem(label: string, der: Uint8Array, at: number, end: number): Uint8Array {
	const begin = `-----BEGIN ${label}-----\n`;
	const close = `-----END ${label}-----\n`;
	const characters = Math.ceil((end - at) / 3) * 4;
	const lines = Math.ceil((end - at) / LINE);
	const out = new Uint8Array(begin.length + characters + lines + close.length);
	let outAt = putText(out, 0, begin);
	for (let lineAt = at; lineAt < end; lineAt += LINE) {
		const lineEnd = Math.min(lineAt + LINE, end);
		for (let i = lineAt; i < lineEnd; i += 3) {
			const bits = (der[i] << 16) | (i + 1 < end ? der[i + 1] << 8 : 0) | (i + 2 < end ? der[i + 2] : 0);
			out[outAt++] = character(bits >> 18);
			out[outAt++] = character((bits >> 12) & 63);
			out[outAt++] = i + 1 < end ? character((bits >> 6) & 63) : 0x3d;
			out[outAt++] = i + 2 < end ? character(bits & 63) : 0x3d;
		}
		out[outAt++] = NEW_LINE;
	}
	putText(out, outAt, close);
	return out;
}

/** The value of a base64 character, or -1; the same work for each. */
function sextet(character: number): number {
	let value = -1;
	value += (((0x40 - character) & (character - 0x5b)) >> 8) & (character - 0x40); // A to Z: 0 to 25
	value += (((0x60 - character) & (character - 0x7b)) >> 8) & (character - 0x46); // a to z: 26 to 51
	value += (((0x2f - character) & (character - 0x3a)) >> 8) & (character + 5); // 0 to 9: 52 to 61
	value += (((0x2a - character) & (character - 0x2c)) >> 8) & 63; // +
	value += (((0x2e - character) & (character - 0x30)) >> 8) & 64; // /
	return value;
}

/** The base64 character of a value; the same work for each. */
function character(value: number): number {
	let code = value + 0x41;
	code += ((25 - value) >> 8) & 6; // a to z
	code -= ((51 - value) >> 8) & 75; // 0 to 9
	code -= ((61 - value) >> 8) & 15; // +
	code += ((62 - value) >> 8) & 3; // /
	return code;
}

/**
 * A text as bytes; what isn't ASCII becomes a byte that is no base64. Line by line and piece by piece, because XS
 * counts its way from the beginning of a string to each character.
 */
function bytesOf(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length + 1);
	let at = 0;
	for (const line of text.split("\n")) {
		for (let from = 0; from < line.length; from += PIECE) {
			const piece = line.length <= PIECE ? line : line.slice(from, from + PIECE);
			for (let i = 0; i < piece.length; i++) {
				const code = piece.charCodeAt(i);
				bytes[at++] = code < 0x80 ? code : 0xff;
			}
		}
		bytes[at++] = NEW_LINE;
	}
	return bytes;
}

function putText(out: Uint8Array, at: number, text: string): number {
	for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
	return at;
}

function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
	if (end - at < text.length) return false;
	for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
	return true;
}

/** The label between at and the five dashes that end the line, or "" if it doesn't end so. */
function labelIn(bytes: Uint8Array, at: number, end: number): string {
	while (end > at && bytes[end - 1] <= 0x20) end--;
	for (let i = 1; i <= 5; i++) if (end - i < at || bytes[end - i] !== DASH) return "";
	if (end - 5 - at > 32) return "";
	let label = "";
	for (; at < end - 5; at++) label += String.fromCharCode(bytes[at]);
	return label;
}

function kindOf(label: string): number {
	const index = LABELS.indexOf(label);
	if (index >= 0) return 1 << index;
	const old = OLD_LABELS.indexOf(label);
	return old >= 0 ? 1 << old : PEM_OTHER;
}
