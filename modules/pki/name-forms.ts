// Whether a name of a host, a mailbox, an address or a page lies in a subtree of such names (RFC 5280 4.2.1.10).
// Places of ASCII, compared without regard to case where hosts are.

import { equalPublic } from "../base/bytes.js";

const DOT = 0x2e;
const AT = 0x40;

/** Whether two places hold the same ASCII text but for the case of letters. */
export function equalIgnoringCase(a: Uint8Array, aAt: number, aEnd: number, b: Uint8Array, bAt: number, bEnd: number): boolean {
	if (aEnd - aAt !== bEnd - bAt) return false;
	for (; aAt < aEnd; aAt++, bAt++) if (lower(a[aAt]) !== lower(b[bAt])) return false;
	return true;
}

function lower(character: number): number {
	return character >= 0x41 && character <= 0x5a ? character + 32 : character;
}

/**
 * Whether a host is in a subtree of hosts: an empty one has all; one with a dot in front has what ends in it; any
 * other is this host and, if below is true (dNSName), those under it.
 */
export function hostWithin(host: Uint8Array, at: number, end: number, base: Uint8Array, baseAt: number, baseEnd: number, below: boolean): boolean {
	const length = baseEnd - baseAt;
	if (length === 0) return true;
	if (end - at < length) return false;
	if (!equalIgnoringCase(host, end - length, end, base, baseAt, baseEnd)) return false;
	if (base[baseAt] === DOT) return end - at > length;
	return end - at === length || (below && host[end - length - 1] === DOT);
}

/** Whether a dNSName is a host or "*." and a host: labels that aren't empty. */
export function hostIsWellFormed(host: Uint8Array, at: number, end: number): boolean {
	if (end - at > 2 && host[at] === 0x2a && host[at + 1] === DOT) at += 2;
	let labelAt = at;
	for (let i = at; i <= end; i++) {
		if (i < end && host[i] !== DOT) continue;
		if (i === labelAt) return false;
		labelAt = i + 1;
	}
	return true;
}

/** Whether "*.parent" could stand for a host that is in the subtree, without being in it as a whole. */
export function wildcardOverlaps(host: Uint8Array, at: number, end: number, base: Uint8Array, baseAt: number, baseEnd: number): boolean {
	if (end - at < 2 || host[at] !== 0x2a || host[at + 1] !== DOT) return false;
	if (baseAt < baseEnd && base[baseAt] === DOT) baseAt++;
	while (baseAt < baseEnd && base[baseAt] !== DOT) baseAt++; // the one label that "*" stands for
	return equalIgnoringCase(host, at + 1, end, base, baseAt, baseEnd);
}

/** Whether a mailbox is in a subtree of mailboxes: one mailbox, those of one host, or those of a domain (with a dot in front). */
export function mailboxWithin(mailbox: Uint8Array, at: number, end: number, base: Uint8Array, baseAt: number, baseEnd: number): boolean {
	const hostAt = mailboxHostAt(mailbox, at, end);
	if (hostAt < 0) return false;
	const baseHostAt = behindLast(base, baseAt, baseEnd, AT);
	if (baseHostAt < 0) return hostWithin(mailbox, hostAt, end, base, baseAt, baseEnd, false);
	// the part before the @ is the host's own affair, so its case counts
	return equalPublic(mailbox, at, hostAt, base, baseAt, baseHostAt) && equalIgnoringCase(mailbox, hostAt, end, base, baseHostAt, baseEnd);
}

/** Where the host of local@host begins, or -1 if the mailbox isn't of this form (a quoted local part isn't either). */
export function mailboxHostAt(mailbox: Uint8Array, at: number, end: number): number {
	const hostAt = behindLast(mailbox, at, end, AT);
	if (hostAt <= at + 1 || hostAt === end) return -1;
	for (let i = at; i < hostAt - 1; i++) if (mailbox[i] === AT) return -1;
	return hostAt;
}

/** Whether an address is in a subtree: an address and a mask of the same length. */
export function addressWithin(address: Uint8Array, at: number, end: number, base: Uint8Array, baseAt: number, baseEnd: number): boolean {
	const length = end - at;
	if (baseEnd - baseAt !== 2 * length) return false;
	for (let i = 0; i < length; i++) if ((address[at + i] ^ base[baseAt + i]) & base[baseAt + length + i]) return false;
	return true;
}

/** Where the host of scheme://user@host:port/ begins, or -1 if there is none or it is a literal address (it must be a name). */
export function uriHostAt(uri: Uint8Array, at: number, end: number): number {
	let i = at;
	while (i < end && uri[i] !== 0x3a) i++;
	if (i === at || i + 2 >= end || uri[i + 1] !== 0x2f || uri[i + 2] !== 0x2f) return -1;
	const authorityAt = i + 3;
	const authorityEnd = authorityEndOf(uri, authorityAt, end);
	const user = behindLast(uri, authorityAt, authorityEnd, AT);
	const hostAt = user < 0 ? authorityAt : user;
	const hostEnd = uriHostEnd(uri, hostAt, end);
	if (hostAt === hostEnd || uri[hostAt] === 0x5b) return -1;
	// a name, not four numbers
	for (let k = hostAt; k < hostEnd; k++) if (uri[k] !== DOT && (uri[k] < 0x30 || uri[k] > 0x39)) return hostAt;
	return -1;
}

/** Where the host that begins at hostAt ends. */
export function uriHostEnd(uri: Uint8Array, hostAt: number, end: number): number {
	const authorityEnd = authorityEndOf(uri, hostAt, end);
	while (hostAt < authorityEnd && uri[hostAt] !== 0x3a) hostAt++;
	return hostAt;
}

function authorityEndOf(uri: Uint8Array, at: number, end: number): number {
	while (at < end && uri[at] !== 0x2f && uri[at] !== 0x3f && uri[at] !== 0x23) at++;
	return at;
}

/** The place behind the last such character, or -1. */
function behindLast(bytes: Uint8Array, at: number, end: number, character: number): number {
	for (let i = end - 1; i >= at; i--) if (bytes[i] === character) return i + 1;
	return -1;
}

/** The text of an address: dotted decimal, or RFC 5952 section 4. */
export function addressText(bytes: Uint8Array, at: number, end: number): string {
	if (end - at === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
	const groups: number[] = [];
	for (; at < end; at += 2) groups.push((bytes[at] << 8) | bytes[at + 1]);
	// the first longest run of zeros, if it is longer than one
	let runAt = -1;
	let runLength = 1;
	for (let i = 0; i < groups.length; i++) {
		let length = 0;
		while (i + length < groups.length && groups[i + length] === 0) length++;
		if (length > runLength) {
			runAt = i;
			runLength = length;
		}
	}
	let text = "";
	for (let i = 0; i < groups.length; i++) {
		if (i === runAt) {
			text += "::";
			i += runLength - 1;
		} else text += (text === "" || text.slice(-1) === ":" ? "" : ":") + groups[i].toString(16);
	}
	return text;
}
