// What a certificate or a request that we make shall say, and writing it (RFC 5280 4.1, RFC 2986). For issue.ts.

import { DER_OCTET_STRING, DER_SEQUENCE, DER_SET } from "../base/der.js";
import { Writer } from "../base/writer.js";
import { DER_CONTEXT, DER_IA5_STRING, DER_PRINTABLE_STRING, DER_UTF8_STRING } from "./der-values.js";
import { beginDer, endDer, writeDerNamedBits, writeDerOctets, writeDerSmall, writeDerTrue, writeOid, writeUtf8 } from "./der-writer.js";
import {
	KEY_USAGE_CRL_SIGN,
	KEY_USAGE_DIGITAL_SIGNATURE,
	KEY_USAGE_KEY_CERT_SIGN,
	PURPOSE_CLIENT,
	PURPOSE_OCSP_SIGNING,
	PURPOSE_SERVER,
} from "./extensions.js";
import { dNSName, iPAddress, rfc822Name, uniformResourceIdentifier } from "./general-name.js";
import {
	emailAddress,
	id_at_commonName,
	id_at_countryName,
	id_ce_authorityKeyIdentifier,
	id_ce_basicConstraints,
	id_ce_extKeyUsage,
	id_ce_keyUsage,
	id_ce_subjectAltName,
	id_ce_subjectKeyIdentifier,
	id_kp_clientAuth,
	id_kp_OCSPSigning,
	id_kp_serverAuth,
} from "./oid.js";
import type { Place } from "./place.js";
import { REFERENCE_DNS, REFERENCE_IP, ReferenceName } from "./reference-name.js";

/** One attribute of a distinguished name: its type (id_at_..., emailAddress of oid.ts) and its text. */
export interface NameAttribute {
	readonly type: number;
	readonly value: string;
}

/**
 * The fields of a certificate to be made. What isn't set stays out or has the value that the role wants.
 *
 *     const fields = new CertificateFields();
 *     fields.subject = commonName("device-7");
 *     fields.names = ["device-7.local", "192.168.1.7"];
 *     fields.notBefore = clock.seconds() - 3600;
 *     fields.notAfter = NO_EXPIRATION;
 */
export class CertificateFields {
	/** DER of a Name: commonName("...") or encodeName([...]). */
	subject: Uint8Array = new Uint8Array(0);
	/**
	 * Subject alternative names: DNS names (with "*." in front if wanted) and addresses as they are; "email:..." and
	 * "URI:..." for the others; "DNS:" and "IP:" may be said.
	 */
	names: readonly string[] = [];
	/** Seconds since 1970. */
	notBefore = 0;
	notAfter = 0;
	/** Whether it may sign certificates, and how many authorities may be below it (-1: any number). */
	isAuthority = false;
	pathLength = -1;
	/** KEY_USAGE_... bits; 0 takes digitalSignature, or keyCertSign and cRLSign for an authority. */
	keyUsage = 0;
	/** PURPOSE_... bits; 0 leaves the extension out. */
	extendedKeyUsage = 0;
	/** The contents of a subjectAltName that is taken over as it is (from a request), instead of names. */
	rawNames: Uint8Array | undefined = undefined;
	/** The serial number's magnitude; undefined takes 16 bytes of entropy. */
	serial: Uint8Array | undefined = undefined;
}

/** The DER of a Name, in an array of its own; undefined if a text can't be written. */
export function encodeName(attributes: readonly NameAttribute[]): Uint8Array | undefined {
	let room = 16;
	for (const attribute of attributes) room += attribute.value.length * 3 + 32;
	const writer = new Writer();
	writer.reset(new Uint8Array(room), 0, room);
	const mark = beginDer(writer, DER_SEQUENCE);
	for (const attribute of attributes) {
		const set = beginDer(writer, DER_SET);
		const pair = beginDer(writer, DER_SEQUENCE);
		writeOid(writer, attribute.type);
		const tag = attribute.type === id_at_countryName ? DER_PRINTABLE_STRING : attribute.type === emailAddress ? DER_IA5_STRING : DER_UTF8_STRING;
		const value = beginDer(writer, tag);
		const at = writer.at;
		writeUtf8(writer, attribute.value);
		if (writer.at === at) writer.failed = true;
		endDer(writer, value);
		endDer(writer, pair);
		endDer(writer, set);
	}
	endDer(writer, mark);
	return writer.failed ? undefined : writer.bytes.slice(0, writer.at);
}

/** The DER of a Name that is a common name only. Texts that can't be written give no name: issuing then refuses. */
export function commonName(value: string): Uint8Array {
	return encodeName([{ type: id_at_commonName, value }]) ?? new Uint8Array(0);
}

/** Writes the contents of subjectAltName. A text that is no name sets failed. */
export function writeNames(writer: Writer, names: readonly string[]): void {
	const reference = new ReferenceName();
	for (const text of names) writeGeneralName(writer, text, reference);
}

function writeGeneralName(writer: Writer, text: string, reference: ReferenceName): void {
	const colon = text.indexOf(":");
	const prefix = text.slice(0, Math.max(colon, 0));
	const rest = text.slice(colon + 1);
	if (prefix === "email" || prefix === "URI") {
		const mark = beginDer(writer, prefix === "email" ? rfc822Name : uniformResourceIdentifier);
		const at = writer.at;
		writeUtf8(writer, rest);
		if (writer.at - at !== rest.length || rest.length === 0) writer.failed = true; // ASCII only
		endDer(writer, mark);
		return;
	}
	const name = prefix === "DNS" || prefix === "IP" ? rest : text;
	const wildcard = name.slice(0, 2) === "*.";
	const kind = reference.set(wildcard ? name.slice(2) : name);
	if (kind === REFERENCE_IP && !wildcard && prefix !== "DNS") writer.u8(iPAddress);
	else if (kind === REFERENCE_DNS && prefix !== "IP") writer.u8(dNSName);
	else writer.failed = true;
	const mark = writer.open8();
	if (wildcard) writer.u16(0x2a2e);
	writer.copy(reference.bytes, 0, reference.length);
	endDer(writer, mark);
}

/** Begins an Extension; what is written until endExtension is its value. */
function beginExtension(writer: Writer, oid: number, critical: boolean): number {
	const mark = beginDer(writer, DER_SEQUENCE);
	writeOid(writer, oid);
	if (critical) writeDerTrue(writer);
	return mark;
}

/**
 * Writes Extensions. keyId is the subject's key identifier, issuerKeyId a place in issuerBytes (at -1: none), both
 * left out of a request.
 */
export function writeExtensions(writer: Writer, fields: CertificateFields, keyId: Uint8Array | undefined, issuerBytes: Uint8Array, issuerKeyId: Place): void {
	const mark = beginDer(writer, DER_SEQUENCE);
	writeBasicConstraints(writer, fields);
	writeKeyUsage(writer, fields);
	if (fields.extendedKeyUsage !== 0) writeExtKeyUsage(writer, fields.extendedKeyUsage);
	writeSubjectAltName(writer, fields);
	if (keyId !== undefined) {
		const extension = beginExtension(writer, id_ce_subjectKeyIdentifier, false);
		const value = beginDer(writer, DER_OCTET_STRING);
		writeDerOctets(writer, keyId, 0, keyId.length);
		endDer(writer, value);
		endDer(writer, extension);
		if (issuerKeyId.at >= 0) writeAuthorityKeyIdentifier(writer, issuerBytes, issuerKeyId);
	}
	endDer(writer, mark);
}

function writeBasicConstraints(writer: Writer, fields: CertificateFields): void {
	const extension = beginExtension(writer, id_ce_basicConstraints, true);
	const value = beginDer(writer, DER_OCTET_STRING);
	const sequence = beginDer(writer, DER_SEQUENCE);
	if (fields.isAuthority) {
		writeDerTrue(writer);
		if (fields.pathLength >= 0) writeDerSmall(writer, fields.pathLength & 127);
	}
	endDer(writer, sequence);
	endDer(writer, value);
	endDer(writer, extension);
}

function writeKeyUsage(writer: Writer, fields: CertificateFields): void {
	const role = fields.isAuthority ? KEY_USAGE_KEY_CERT_SIGN | KEY_USAGE_CRL_SIGN : KEY_USAGE_DIGITAL_SIGNATURE;
	const extension = beginExtension(writer, id_ce_keyUsage, true);
	const value = beginDer(writer, DER_OCTET_STRING);
	writeDerNamedBits(writer, fields.keyUsage === 0 ? role : fields.keyUsage);
	endDer(writer, value);
	endDer(writer, extension);
}

function writeExtKeyUsage(writer: Writer, purposes: number): void {
	const extension = beginExtension(writer, id_ce_extKeyUsage, false);
	const value = beginDer(writer, DER_OCTET_STRING);
	const sequence = beginDer(writer, DER_SEQUENCE);
	if (purposes & PURPOSE_SERVER) writeOid(writer, id_kp_serverAuth);
	if (purposes & PURPOSE_CLIENT) writeOid(writer, id_kp_clientAuth);
	if (purposes & PURPOSE_OCSP_SIGNING) writeOid(writer, id_kp_OCSPSigning);
	endDer(writer, sequence);
	endDer(writer, value);
	endDer(writer, extension);
}

/** Critical where the subject says nothing (RFC 5280 4.2.1.6): an empty Name is two bytes. */
function writeSubjectAltName(writer: Writer, fields: CertificateFields): void {
	if (fields.names.length === 0 && fields.rawNames === undefined) return;
	const extension = beginExtension(writer, id_ce_subjectAltName, fields.subject.length <= 2);
	const value = beginDer(writer, DER_OCTET_STRING);
	const sequence = beginDer(writer, DER_SEQUENCE);
	if (fields.rawNames !== undefined) writer.copy(fields.rawNames, 0, fields.rawNames.length);
	else writeNames(writer, fields.names);
	endDer(writer, sequence);
	endDer(writer, value);
	endDer(writer, extension);
}

function writeAuthorityKeyIdentifier(writer: Writer, bytes: Uint8Array, keyId: Place): void {
	const extension = beginExtension(writer, id_ce_authorityKeyIdentifier, false);
	const value = beginDer(writer, DER_OCTET_STRING);
	const sequence = beginDer(writer, DER_SEQUENCE);
	const inner = beginDer(writer, DER_CONTEXT);
	writer.copy(bytes, keyId.at, keyId.end);
	endDer(writer, inner);
	endDer(writer, sequence);
	endDer(writer, value);
	endDer(writer, extension);
}
