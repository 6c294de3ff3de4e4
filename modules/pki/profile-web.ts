// What the CA/Browser Forum's baseline requirements demand of certificates for web servers (section 7.1), as far as a
// client can see it. Public suffixes are not known here: "*.co.uk" is as good as "*.example.org".

import { equalPublic } from "../base/bytes.js";
import { DER_SEQUENCE, DER_SET, openDer, peekDer } from "../base/der.js";
import { Reader } from "../base/reader.js";
import { KEY_RSA } from "../crypto/types.js";
import type { Certificate } from "./certificate.js";
import {
	EXTENSION_AUTHORITY_ISSUER,
	EXTENSION_AUTHORITY_KEY_IDENTIFIER,
	EXTENSION_EXT_KEY_USAGE,
	EXTENSION_SUBJECT_ALT_NAME,
	PURPOSE_ANY,
	PURPOSE_SERVER,
} from "./extensions.js";
import { dNSName, GeneralName, iPAddress } from "./general-name.js";
import { addressText } from "./name-forms.js";
import { id_at_commonName, takeOid } from "./oid.js";

/** Whether a certificate has nothing that the baseline requirements forbid, and has what they demand. */
export function conformsToWeb(certificate: Certificate, isAnchor: boolean, isLeaf: boolean): boolean {
	const { extensions, publicKey } = certificate;
	const { present, authorityKeyId, subjectKeyId } = extensions;
	if (certificate.version !== 3) return false;
	if (publicKey.type === KEY_RSA && (publicKey.bits & 7) !== 0) return false; // 6.1.5
	if (present & EXTENSION_AUTHORITY_KEY_IDENTIFIER) {
		// 7.1.2.11.1: the key identifier and nothing else; of a root, its own (7.1.2.1.3)
		if (authorityKeyId.at < 0 || present & EXTENSION_AUTHORITY_ISSUER) return false;
		const { bytes } = certificate;
		if (isAnchor && certificate.selfIssued() && !equalPublic(bytes, authorityKeyId.at, authorityKeyId.end, bytes, subjectKeyId.at, subjectKeyId.end))
			return false;
	}
	if (isAnchor && present & EXTENSION_EXT_KEY_USAGE) return false; // 7.1.2.1.2
	return !isLeaf || leafConforms(certificate);
}

/** 7.1.2.7: the certificate of a subscriber. */
function leafConforms(certificate: Certificate): boolean {
	const { extensions, subject } = certificate;
	const { present, critical } = extensions;
	if (extensions.isAuthority || (present & EXTENSION_SUBJECT_ALT_NAME) === 0) return false;
	if ((extensions.extendedKeyUsage & PURPOSE_SERVER) === 0 || extensions.extendedKeyUsage & PURPOSE_ANY || critical & EXTENSION_EXT_KEY_USAGE) return false;
	const named = subject.end - subject.at > 2;
	if (named === ((critical & EXTENSION_SUBJECT_ALT_NAME) !== 0)) return false; // 7.1.2.7.12
	return commonNamesConform(certificate);
}

/** 7.1.4.3: a common name is one of the alternative names, character for character. */
function commonNamesConform(certificate: Certificate): boolean {
	const { bytes, subject } = certificate;
	const reader = new Reader();
	reader.reset(bytes, subject.at, subject.end);
	openDer(reader, DER_SEQUENCE);
	while (reader.more()) {
		const set = openDer(reader, DER_SET);
		while (reader.more()) {
			const attribute = openDer(reader, DER_SEQUENCE);
			const isCommonName = takeOid(reader) === id_at_commonName;
			const value = openDer(reader, peekDer(reader));
			const at = reader.at;
			const end = reader.end;
			reader.skip(value);
			reader.close(attribute);
			if (isCommonName && !isAlternativeName(certificate, at, end)) return false;
		}
		reader.close(set);
	}
	return true;
}

/** Whether the text at [at, end) is a dNSName, or the text of an iPAddress. */
function isAlternativeName(certificate: Certificate, at: number, end: number): boolean {
	const { bytes } = certificate;
	const names = certificate.extensions.subjectAltName;
	const reader = new Reader();
	const name = new GeneralName();
	reader.reset(bytes, names.at, names.end);
	while (reader.more()) {
		name.decode(reader, false);
		if (name.kind === dNSName && equalPublic(bytes, name.at, name.end, bytes, at, end)) return true;
		if (name.kind === iPAddress && textIs(bytes, at, end, addressText(bytes, name.at, name.end))) return true;
	}
	return false;
}

function textIs(bytes: Uint8Array, at: number, end: number, text: string): boolean {
	if (end - at !== text.length) return false;
	for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
	return true;
}
