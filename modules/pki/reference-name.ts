// The name that the peer must prove (RFC 9525): a DNS name or an IP address, compared with subjectAltName only -
// a certificate without that extension has no name here, whatever its subject says.

import { equalPublic } from "../base/bytes.js";
import { Reader } from "../base/reader.js";
import { dNSName, GeneralName, iPAddress } from "./general-name.js";

/** No name is asked for. */
export const REFERENCE_NONE = 0;
export const REFERENCE_DNS = 1;
export const REFERENCE_IP = 2;
/** A text that is neither: it matches nothing. */
export const REFERENCE_REFUSED = 3;

const MAX_NAME = 253;

/**
 * A reference identity and its comparison with what a certificate presents.
 *
 *     const reference = new ReferenceName();
 *     if (reference.set("device.example") === REFERENCE_REFUSED) ...
 *     if (!reference.matches(certificate.bytes, san.at, san.end)) return CERTIFICATE_NAME_MISMATCH;
 */
export class ReferenceName {
	/** REFERENCE_... */
	kind = REFERENCE_NONE;
	/** Lower-case ASCII, or the address in network order. */
	readonly bytes = new Uint8Array(MAX_NAME);
	length = 0;
	#reader = new Reader();
	#name = new GeneralName();

	/**
	 * Takes a name: "" for none, a DNS name with A-labels (one trailing dot is dropped), an IPv4 address with dots, an
	 * IPv6 address with or without brackets. Answers its kind.
	 */
	set(text: string): number {
		this.kind = this.parse(text);
		return this.kind;
	}

	private parse(text: string): number {
		if (text.length === 0) return REFERENCE_NONE;
		if (text.indexOf(":") >= 0) return this.parseIpv6(text.charAt(0) === "[" && text.charAt(text.length - 1) === "]" ? text.slice(1, -1) : text);
		if (this.parseIpv4(text, 0)) {
			this.length = 4;
			return REFERENCE_IP;
		}
		return this.parseDns(text);
	}

	/** Four decimal numbers without leading zeros, written to bytes from at on. */
	private parseIpv4(text: string, at: number): boolean {
		const parts = text.split(".");
		if (parts.length !== 4) return false;
		for (let i = 0; i < 4; i++) {
			const value = digitsOf(parts[i], 10, 3);
			if (value < 0 || value > 255 || (parts[i].length > 1 && parts[i].charAt(0) === "0")) return false;
			this.bytes[at + i] = value;
		}
		return true;
	}

	/** RFC 4291 2.2: groups of hexadecimal digits, one :: for zeros, an IPv4 address at the end. */
	private parseIpv6(text: string): number {
		const halves = text.split("::");
		if (halves.length > 2) return REFERENCE_REFUSED;
		const head = this.parseGroups(halves[0], 0, halves.length === 1);
		if (head < 0) return REFERENCE_REFUSED;
		if (halves.length === 1) {
			if (head !== 16) return REFERENCE_REFUSED;
		} else {
			const tail = this.parseGroups(halves[1], head, true) - head;
			if (tail < 0 || head + tail > 14) return REFERENCE_REFUSED;
			this.bytes.copyWithin(16 - tail, head, head + tail);
			this.bytes.fill(0, head, 16 - tail);
		}
		this.length = 16;
		return REFERENCE_IP;
	}

	/** Writes groups from at on; answers where they end, or -1. */
	private parseGroups(text: string, at: number, last: boolean): number {
		if (text.length === 0) return at;
		const groups = text.split(":");
		for (let i = 0; i < groups.length; i++) {
			if (at > 14) return -1;
			if (last && i === groups.length - 1 && groups[i].indexOf(".") >= 0) return at <= 12 && this.parseIpv4(groups[i], at) ? at + 4 : -1;
			const value = digitsOf(groups[i], 16, 4);
			if (value < 0) return -1;
			this.bytes[at++] = value >> 8;
			this.bytes[at++] = value;
		}
		return at;
	}

	/** Labels of letters, digits and hyphens, 1 to 63 each (RFC 5890 2.3.1); the last one isn't a number. */
	private parseDns(text: string): number {
		const length = text.charAt(text.length - 1) === "." ? text.length - 1 : text.length;
		if (length > MAX_NAME || length === 0) return REFERENCE_REFUSED;
		let labelAt = 0;
		let digitsOnly = true;
		for (let i = 0; i <= length; i++) {
			const character = i < length ? lower(text.charCodeAt(i)) : 0x2e;
			if (character === 0x2e) {
				if (i === labelAt || i - labelAt > 63 || this.bytes[labelAt] === 0x2d || this.bytes[i - 1] === 0x2d) return REFERENCE_REFUSED;
				if (i === length) break;
				labelAt = i + 1;
				digitsOnly = true;
			} else if (character >= 0x30 && character <= 0x39) {
				// a digit
			} else if ((character >= 0x61 && character <= 0x7a) || character === 0x2d) digitsOnly = false;
			else return REFERENCE_REFUSED;
			this.bytes[i] = character;
		}
		if (digitsOnly) return REFERENCE_REFUSED;
		this.length = length;
		return REFERENCE_DNS;
	}

	/** Whether one of the GeneralNames in [at, end), the contents of a subjectAltName, is this name. */
	matches(bytes: Uint8Array, at: number, end: number): boolean {
		const reader = this.#reader;
		const name = this.#name;
		reader.reset(bytes, at, end);
		while (reader.more()) {
			name.decode(reader, false);
			if (reader.failed) return false;
			if (this.kind === REFERENCE_IP && name.kind === iPAddress) {
				if (equalPublic(this.bytes, 0, this.length, bytes, name.at, name.end)) return true;
			} else if (this.kind === REFERENCE_DNS && name.kind === dNSName && this.matchesDns(bytes, name.at, name.end)) return true;
		}
		return false;
	}

	/** RFC 9525 6.3: label by label; "*" alone as the left-most label stands for one label, above at least two others. */
	private matchesDns(bytes: Uint8Array, at: number, end: number): boolean {
		const own = this.bytes;
		let i = 0;
		if (end - at > 2 && bytes[at] === 0x2a && bytes[at + 1] === 0x2e) {
			while (i < this.length && own[i] !== 0x2e) i++;
			at++;
			if (!this.hasDotAfter(i + 1)) return false;
		}
		if (end - at !== this.length - i) return false;
		for (; at < end; at++, i++) if (lower(bytes[at]) !== own[i]) return false;
		return true;
	}

	private hasDotAfter(at: number): boolean {
		for (; at < this.length; at++) if (this.bytes[at] === 0x2e) return true;
		return false;
	}
}

function lower(character: number): number {
	return character >= 0x41 && character <= 0x5a ? character + 32 : character;
}

/** The value of a text of 1 to most digits in a base, or -1. */
function digitsOf(text: string, base: number, most: number): number {
	if (text.length === 0 || text.length > most) return -1;
	let value = 0;
	for (let i = 0; i < text.length; i++) {
		const character = lower(text.charCodeAt(i));
		const digit = character >= 0x30 && character <= 0x39 ? character - 0x30 : character >= 0x61 && character <= 0x66 ? character - 0x57 : 99;
		if (digit >= base) return -1;
		value = value * base + digit;
	}
	return value;
}
