// Names of certificates as text for people: reports, `polltls cert show`. Nothing is decided by these texts.

import { DER_SEQUENCE, DER_SET, openDer, peekDer } from "../base/der.js";
import { Reader } from "../base/reader.js";
import { DER_BMP_STRING, DER_IA5_STRING, DER_PRINTABLE_STRING, DER_TELETEX_STRING, DER_UTF8_STRING } from "./der-values.js";
import { directoryName, dNSName, GeneralName, iPAddress, rfc822Name, uniformResourceIdentifier } from "./general-name.js";
import { addressText } from "./name-forms.js";
import {
	domainComponent,
	emailAddress,
	id_at_commonName,
	id_at_countryName,
	id_at_localityName,
	id_at_organizationalUnitName,
	id_at_organizationName,
	id_at_serialNumber,
	id_at_stateOrProvinceName,
	id_at_surname,
	takeOid,
} from "./oid.js";

/** The text of a Name (its DER at [at, end)), as "CN=device, O=Company", in the order of the certificate; "?" for what is malformed. */
export function nameText(bytes: Uint8Array, at: number, end: number): string {
	const reader = new Reader();
	reader.reset(bytes, at, end);
	const parts: string[] = [];
	const mark = openDer(reader, DER_SEQUENCE);
	while (reader.more()) {
		const set = openDer(reader, DER_SET);
		while (reader.more()) {
			const attribute = openDer(reader, DER_SEQUENCE);
			const typeAt = reader.at;
			const type = typeText(takeOid(reader)) ?? oidText(bytes, typeAt + 2, reader.at);
			const tag = peekDer(reader);
			const value = openDer(reader, tag);
			parts.push(`${type}=${valueText(tag, bytes, reader.at, reader.end)}`);
			reader.skip(value);
			reader.close(attribute);
		}
		reader.close(set);
	}
	reader.close(mark);
	return reader.failed ? "?" : parts.join(", ");
}

/** The texts of GeneralNames (the contents of a subjectAltName), as "DNS:host", "IP:192.0.2.7", ... */
export function generalNameTexts(bytes: Uint8Array, at: number, end: number): string[] {
	const reader = new Reader();
	const name = new GeneralName();
	const texts: string[] = [];
	reader.reset(bytes, at, end);
	while (reader.more()) {
		name.decode(reader, false);
		const text = (): string => valueText(DER_IA5_STRING, bytes, name.at, name.end);
		if (name.kind === dNSName) texts.push(`DNS:${text()}`);
		else if (name.kind === rfc822Name) texts.push(`email:${text()}`);
		else if (name.kind === uniformResourceIdentifier) texts.push(`URI:${text()}`);
		else if (name.kind === iPAddress) texts.push(`IP:${addressText(bytes, name.at, name.end)}`);
		else if (name.kind === directoryName) texts.push(`directory:${nameText(bytes, name.at, name.end)}`);
		else texts.push("other");
	}
	return texts;
}

/** Dotted decimal of an OBJECT IDENTIFIER's contents. */
export function oidText(bytes: Uint8Array, at: number, end: number): string {
	const arcs: number[] = [];
	let arc = 0;
	for (; at < end; at++) {
		arc = arc * 128 + (bytes[at] & 127);
		if (bytes[at] >= 128) continue;
		if (arcs.length === 0) {
			const first = Math.min(2, Math.floor(arc / 40));
			arcs.push(first, arc - 40 * first);
		} else arcs.push(arc);
		arc = 0;
	}
	return arcs.join(".");
}

function typeText(oid: number): string | undefined {
	switch (oid) {
		case id_at_commonName:
			return "CN";
		case id_at_countryName:
			return "C";
		case id_at_localityName:
			return "L";
		case id_at_stateOrProvinceName:
			return "ST";
		case id_at_organizationName:
			return "O";
		case id_at_organizationalUnitName:
			return "OU";
		case id_at_serialNumber:
			return "serialNumber";
		case id_at_surname:
			return "SN";
		case emailAddress:
			return "emailAddress";
		case domainComponent:
			return "DC";
		default:
			return undefined;
	}
}

/** Characters that could spoil a line of text, or what comes before and behind it, are written \xx. */
function valueText(tag: number, bytes: Uint8Array, at: number, end: number): string {
	let text = "";
	if (tag === DER_BMP_STRING) for (; at + 1 < end; at += 2) text += characterText((bytes[at] << 8) | bytes[at + 1]);
	else if (tag === DER_UTF8_STRING) {
		while (at < end) {
			const length = utf8Length(bytes, at, end);
			text += length === 0 ? hexText(bytes[at]) : characterText(utf8Code(bytes, at, length));
			at += Math.max(length, 1);
		}
	} else if (tag === DER_PRINTABLE_STRING || tag === DER_IA5_STRING || tag === DER_TELETEX_STRING) for (; at < end; at++) text += characterText(bytes[at]);
	else for (; at < end; at++) text += hexText(bytes[at]);
	return text;
}

function characterText(code: number): string {
	if (code < 0x20 || code === 0x2c || code === 0x5c || (code >= 0x7f && code < 0xa0)) return hexText(code);
	// direction marks and other invisible ones
	if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code === 0xfeff) return hexText(code);
	return String.fromCodePoint(code);
}

function hexText(code: number): string {
	const digits = code.toString(16);
	return `\\${digits.length === 1 ? "0" : ""}${digits}`;
}

/** How many bytes the UTF-8 character at at takes, 0 if it is none. */
function utf8Length(bytes: Uint8Array, at: number, end: number): number {
	const first = bytes[at];
	const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	if (at + length > end) return 0;
	for (let i = 1; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
	return length;
}

function utf8Code(bytes: Uint8Array, at: number, length: number): number {
	if (length === 1) return bytes[at];
	let code = bytes[at] & (0xff >> (length + 1));
	for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i] & 63);
	return Math.min(code, 0x10ffff);
}
