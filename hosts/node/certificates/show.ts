// `polltls cert show`: certificates, requests and CRLs as text.

import { createHash } from "node:crypto";
import { NO_FAILURE } from "polltls/base/failure";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS } from "polltls/crypto/types";
import { Certificate } from "polltls/pki/certificate";
import { Crl, CrlEntries } from "polltls/pki/crl";
import type { CertificateExtensions } from "polltls/pki/extensions";
import { generalNameTexts, nameText } from "polltls/pki/name-text";
import { PEM_CERTIFICATE, PEM_CERTIFICATE_REQUEST, PEM_X509_CRL, PemReader } from "polltls/pki/pem";
import type { Place } from "polltls/pki/place";
import type { PublicKeyInfo } from "polltls/pki/public-key-info";
import { CertificationRequest } from "polltls/pki/request";
import { UsageError } from "../command/options.js";
import { bytesOf, CertificateError, type Output, parse } from "./files.js";

const usages = [
	"digitalSignature",
	"nonRepudiation",
	"keyEncipherment",
	"dataEncipherment",
	"keyAgreement",
	"keyCertSign",
	"cRLSign",
	"encipherOnly",
	"decipherOnly",
];
const purposes = ["serverAuth", "clientAuth", "OCSPSigning", "any", "other"];
const types: Record<number, string> = { [KEY_P256]: "P-256", [KEY_P384]: "P-384", [KEY_ED25519]: "Ed25519", [KEY_RSA]: "RSA", [KEY_RSA_PSS]: "RSASSA-PSS" };

export function runShow(args: string[], output: Output): number {
	const { positionals } = parse(args, {});
	if (positionals.length === 0) throw new UsageError("cert show: a FILE is needed");
	for (const file of positionals) showFile(file, output);
	return 0;
}

function showFile(file: string, output: Output): void {
	const bytes = bytesOf(file);
	if (bytes[0] === 0x30) {
		show(bytes, kindOf(bytes), file, output);
		return;
	}
	const reader = new PemReader(bytes);
	while (reader.find(PEM_CERTIFICATE | PEM_CERTIFICATE_REQUEST | PEM_X509_CRL)) show(reader.der, reader.kind, file, output);
	const failure = reader.end();
	if (failure !== NO_FAILURE) throw new CertificateError(failure, file);
}

/** What DER without a label is: what decodes. */
function kindOf(bytes: Uint8Array): number {
	if (new CertificationRequest().decode(bytes, 0, bytes.length) === NO_FAILURE) return PEM_CERTIFICATE_REQUEST;
	return new Crl().decode(bytes, 0, bytes.length) === NO_FAILURE ? PEM_X509_CRL : PEM_CERTIFICATE;
}

function show(bytes: Uint8Array, kind: number, file: string, output: Output): void {
	const lines = kind === PEM_CERTIFICATE ? certificateLines(bytes, file) : kind === PEM_X509_CRL ? crlLines(bytes, file) : requestLines(bytes, file);
	output.out(`${lines.join("\n")}\n`);
}

/** A certificate in lines of text. */
export function certificateLines(bytes: Uint8Array, file: string): string[] {
	const certificate = new Certificate();
	const failure = certificate.decode(bytes, 0, bytes.length);
	if (failure !== NO_FAILURE) throw new CertificateError(failure, file);
	const { subject, issuer, serial, notBefore, notAfter, publicKey, extensions, signature } = certificate;
	const info = bytes.subarray(publicKey.infoAt, publicKey.infoEnd);
	return [
		`certificate, version ${certificate.version}`,
		`  subject: ${nameText(bytes, subject.at, subject.end)}`,
		`  issuer: ${nameText(bytes, issuer.at, issuer.end)}${certificate.selfIssued() ? " (itself)" : ""}`,
		`  serial number: ${hex(bytes, serial)}`,
		`  valid: ${dateText(notBefore)} to ${dateText(notAfter)}`,
		`  key: ${keyText(publicKey)}`,
		`  signature scheme: 0x${signature.scheme.toString(16).padStart(4, "0")}`,
		...extensionLines(bytes, extensions),
		`  SHA-256: ${createHash("sha256").update(bytes).digest("hex")}`,
		`  pin (SHA-256 of the key): ${createHash("sha256").update(info).digest("hex")}`,
	];
}

function requestLines(bytes: Uint8Array, file: string): string[] {
	const request = new CertificationRequest();
	const failure = request.decode(bytes, 0, bytes.length);
	if (failure !== NO_FAILURE) throw new CertificateError(failure, file);
	const { subject, publicKey, extensions } = request;
	return [
		"certificate request",
		`  subject: ${nameText(bytes, subject.at, subject.end)}`,
		`  key: ${keyText(publicKey)}`,
		...extensionLines(bytes, extensions),
	];
}

function crlLines(bytes: Uint8Array, file: string): string[] {
	const crl = new Crl();
	const failure = crl.decode(bytes, 0, bytes.length);
	if (failure !== NO_FAILURE) throw new CertificateError(failure, file);
	const lines = [
		crl.baseNumber.at >= 0 ? "delta CRL" : "CRL",
		`  issuer: ${nameText(bytes, crl.issuer.at, crl.issuer.end)}`,
		`  valid: ${dateText(crl.thisUpdate)} to ${crl.nextUpdate < 0 ? "(no end)" : dateText(crl.nextUpdate)}`,
		`  number: ${hex(bytes, crl.number)}${crl.unusable ? " (it has a form that can't be used)" : ""}`,
	];
	const entries = new CrlEntries();
	entries.begin(crl);
	while (crl.entries.at >= 0 && entries.next()) lines.push(`  revoked: ${hex(bytes, entries.serial)}${entries.reason < 0 ? "" : `, reason ${entries.reason}`}`);
	return lines;
}

function extensionLines(bytes: Uint8Array, extensions: CertificateExtensions): string[] {
	const lines: string[] = [];
	const { subjectAltName, isAuthority, pathLength, keyUsage, extendedKeyUsage } = extensions;
	if (subjectAltName.at >= 0) lines.push(`  names: ${generalNameTexts(bytes, subjectAltName.at, subjectAltName.end).join(", ")}`);
	if (isAuthority) lines.push(`  authority${pathLength < 0 ? "" : `, path length ${pathLength}`}`);
	if (keyUsage !== 0) lines.push(`  key usage: ${bitTexts(keyUsage, usages)}`);
	if (extendedKeyUsage !== 0) lines.push(`  purposes: ${bitTexts(extendedKeyUsage, purposes)}`);
	if (extensions.nameConstraints.at >= 0) lines.push("  constrains names");
	if (extensions.mustStaple) lines.push("  promises a stapled OCSP response");
	return lines;
}

function bitTexts(bits: number, texts: readonly string[]): string {
	return texts.filter((_, i) => bits & (1 << i)).join(", ");
}

function keyText(key: PublicKeyInfo): string {
	const type = types[key.type] ?? "unknown";
	return key.type === KEY_RSA || key.type === KEY_RSA_PSS ? `${type}, ${key.bits} bits` : type;
}

function hex(bytes: Uint8Array, place: Place): string {
	return Buffer.from(bytes.subarray(place.at, Math.max(place.at, place.end))).toString("hex");
}

function dateText(seconds: number): string {
	return new Date(seconds * 1000).toISOString().replace(".000", "");
}
