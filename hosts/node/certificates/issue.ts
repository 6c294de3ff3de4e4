// `polltls cert self`, `request` and `issue`: certificates of one's own, requests, and a small authority.

import { NO_FAILURE, SIGNATURE_WRONG } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import { Certificate } from "polltls/pki/certificate";
import { CertificateFields, encodeName, type NameAttribute } from "polltls/pki/certificate-fields";
import { KEY_USAGE_DIGITAL_SIGNATURE, KEY_USAGE_KEY_ENCIPHERMENT, PURPOSE_CLIENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { CertificateIssuer } from "polltls/pki/issue";
import {
	emailAddress,
	id_at_commonName,
	id_at_countryName,
	id_at_localityName,
	id_at_organizationalUnitName,
	id_at_organizationName,
	id_at_serialNumber,
	id_at_stateOrProvinceName,
} from "polltls/pki/oid";
import { PEM_CERTIFICATE, PEM_CERTIFICATE_REQUEST } from "polltls/pki/pem";
import { CertificationRequest } from "polltls/pki/request";
import { UsageError } from "../command/options.js";
import { nodeEntropy } from "../entropy.js";
import { CertificateError, choiceOf, giveOut, integerOf, type Output, parse, valuesOfFile } from "./files.js";
import { keyPairOf } from "./keys.js";
import { certificateRegistry } from "./registry.js";

const fieldOptions = {
	subject: { type: "string" },
	san: { type: "string", multiple: true },
	days: { type: "string" },
	"not-before": { type: "string" },
	ca: { type: "boolean" },
	"path-length": { type: "string" },
	purpose: { type: "string" },
	"key-encipherment": { type: "boolean" },
	out: { type: "string" },
	password: { type: "string" },
} as const;

const selfOptions = { ...fieldOptions, key: { type: "string" } } as const;
const issueOptions = { ...fieldOptions, "ca-cert": { type: "string" }, "ca-key": { type: "string" } } as const;

type FieldValues = {
	[name in keyof typeof fieldOptions]?: (typeof fieldOptions)[name] extends { multiple: true }
		? string[]
		: (typeof fieldOptions)[name] extends { type: "boolean" }
			? boolean
			: string;
};

/** A certificate of one's own. */
export function runSelf(args: string[], output: Output): number {
	const { values, positionals } = parse(args, selfOptions);
	if (positionals.length > 0) throw new UsageError(`cert self: ${positionals[0]} is not an option`);
	const { key, publicKey } = keyPairOf("--key", required("--key", values.key), values.password);
	const { issuer } = workshop();
	issuer.startSelfSigned(fieldsOf(values), key, publicKey, nodeEntropy);
	giveOut(output, values.out, "CERTIFICATE", finish(issuer));
	return 0;
}

/** A PKCS#10 request. */
export function runRequest(args: string[], output: Output): number {
	const { values, positionals } = parse(args, selfOptions);
	if (positionals.length > 0) throw new UsageError(`cert request: ${positionals[0]} is not an option`);
	const { key, publicKey } = keyPairOf("--key", required("--key", values.key), values.password);
	const { issuer } = workshop();
	issuer.startRequest(fieldsOf(values), key, publicKey, nodeEntropy);
	giveOut(output, values.out, "CERTIFICATE REQUEST", finish(issuer));
	return 0;
}

/**
 * A certificate for who holds the key of a request. Of the request only the key, and the subject and the names
 * unless the options say them: what it may be used for is the authority's affair.
 */
export function runIssue(args: string[], output: Output): number {
	const { values, positionals } = parse(args, issueOptions);
	if (positionals.length !== 1) throw new UsageError("cert issue: one REQUEST is needed");
	const authority = valuesOfFile(required("--ca-cert", values["ca-cert"]), PEM_CERTIFICATE)[0];
	const { key, publicKey } = keyPairOf("--ca-key", required("--ca-key", values["ca-key"]), values.password);
	const { registry, issuer } = workshop();
	requireKeyOf(authority, publicKey.bytes.subarray(publicKey.at, publicKey.end));
	const request = requestOf(valuesOfFile(positionals[0], PEM_CERTIFICATE_REQUEST)[0], registry);
	const names = request.extensions.subjectAltName;
	const fields = fieldsOf(values, request.bytes.slice(request.subject.at, request.subject.end));
	if (fields.names.length === 0 && names.at >= 0) fields.rawNames = request.bytes.slice(names.at, names.end);
	issuer.startIssue(fields, request.publicKey, authority, key, nodeEntropy);
	giveOut(output, values.out, "CERTIFICATE", finish(issuer));
	return 0;
}

function workshop(): { registry: Registry; issuer: CertificateIssuer } {
	const registry = certificateRegistry();
	return { registry, issuer: new CertificateIssuer(registry, 8192) };
}

function finish(issuer: CertificateIssuer): Uint8Array {
	let status: number;
	do status = issuer.step(64);
	while (status === WORKING);
	if (status !== DONE) throw new CertificateError(status, "the certificate can't be made");
	return issuer.der.slice(0, issuer.length);
}

/** A request whose signature shows that who asks holds the key. */
function requestOf(bytes: Uint8Array, registry: Registry): CertificationRequest {
	const request = new CertificationRequest();
	const failure = request.decode(bytes, 0, bytes.length);
	if (failure !== NO_FAILURE) throw new CertificateError(failure, "the request can't be read");
	const job = request.startVerify(registry);
	let status: number = job === undefined ? SIGNATURE_WRONG : WORKING;
	while (status === WORKING && job !== undefined) status = job.step(64);
	if (status !== DONE) throw new CertificateError(status, "the request isn't signed by its own key");
	return request;
}

function requireKeyOf(authority: Uint8Array, key: Uint8Array): void {
	const certificate = new Certificate();
	const failure = certificate.decode(authority, 0, authority.length);
	if (failure !== NO_FAILURE) throw new CertificateError(failure, "--ca-cert");
	const { at, end } = certificate.publicKey;
	if (!Buffer.from(authority.subarray(at, end)).equals(key)) throw new UsageError("--ca-key: it is not the key of --ca-cert");
}

/** Fields by the options; subject stands in for --subject. */
function fieldsOf(values: FieldValues, subject?: Uint8Array): CertificateFields {
	const fields = new CertificateFields();
	if (values.subject !== undefined) fields.subject = subjectOf(values.subject);
	else if (subject !== undefined) fields.subject = subject;
	else throw new UsageError("--subject NAME is needed");
	fields.names = values.san ?? [];
	const begin = values["not-before"];
	const now = begin === undefined ? Math.floor(Date.now() / 1000) - 3600 : integerOf("--not-before", begin, 0, 1e11);
	fields.notBefore = now;
	fields.notAfter = now + integerOf("--days", values.days ?? "365", 1, 36500) * 86400;
	fields.isAuthority = values.ca ?? false;
	if (values["path-length"] !== undefined) fields.pathLength = integerOf("--path-length", values["path-length"], 0, 100);
	if (values["path-length"] !== undefined && !values.ca) throw new UsageError("--path-length goes with --ca");
	if (!fields.isAuthority) {
		const purpose = choiceOf("--purpose", values.purpose ?? "both", ["server", "client", "both"]);
		fields.extendedKeyUsage = purpose === "both" ? PURPOSE_SERVER | PURPOSE_CLIENT : purpose === "server" ? PURPOSE_SERVER : PURPOSE_CLIENT;
		if (values["key-encipherment"]) fields.keyUsage = KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_KEY_ENCIPHERMENT;
	}
	return fields;
}

const attributes: Record<string, number> = {
	CN: id_at_commonName,
	C: id_at_countryName,
	L: id_at_localityName,
	ST: id_at_stateOrProvinceName,
	O: id_at_organizationName,
	OU: id_at_organizationalUnitName,
	serialNumber: id_at_serialNumber,
	emailAddress,
};

/** "device-7", or "/C=DE/O=Company/CN=device-7". */
function subjectOf(text: string): Uint8Array {
	const parts: NameAttribute[] = [];
	if (!text.startsWith("/")) parts.push({ type: id_at_commonName, value: text });
	else
		for (const part of text.slice(1).split("/")) {
			const [, name, value] = /^([^=]+)=(.+)$/.exec(part) ?? [];
			if (attributes[name] === undefined) throw new UsageError(`--subject: "${part}" is not one of ${Object.keys(attributes).join(", ")} with a value`);
			parts.push({ type: attributes[name], value });
		}
	const name = encodeName(parts);
	if (name === undefined) throw new UsageError(`--subject: "${text}" can't be written`);
	return name;
}

function required(option: string, value: string | undefined): string {
	if (value === undefined) throw new UsageError(`${option} FILE is needed`);
	return value;
}
