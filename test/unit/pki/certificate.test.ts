// Certificates decoded: what comes out of a good one, and every kind of DER or form that is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rootCertificates } from "node:tls";
import { CERTIFICATE_MALFORMED, NO_FAILURE } from "polltls/base/failure";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS } from "polltls/crypto/types";
import { Certificate } from "polltls/pki/certificate";
import {
	EXTENSION_BASIC_CONSTRAINTS,
	EXTENSION_EXT_KEY_USAGE,
	EXTENSION_KEY_USAGE,
	EXTENSION_SUBJECT_ALT_NAME,
	EXTENSION_UNKNOWN,
	PURPOSE_CLIENT,
	PURPOSE_SERVER,
} from "polltls/pki/extensions";
import type { Place } from "polltls/pki/place";
import { TrustStore } from "polltls/pki/trust";
import {
	address,
	attribute,
	authority,
	type Bytes,
	basicConstraints,
	bits,
	boolean,
	der,
	dns,
	emptyName,
	extension,
	forge,
	integer,
	keyId,
	leaf,
	mailbox,
	NOW,
	name,
	namedBits,
	nothing,
	octets,
	oid,
	pairOf,
	publicKeyInfo,
	raw,
	rawKey,
	root,
	sequence,
	set,
	signatureAlgorithm,
	subjectAltName,
	text,
	time,
	uri,
	type Wish,
} from "../../support/forge.js";

const top = root({ pair: pairOf("p256", "root") });
const pair = pairOf("p256", "leaf");
const certificate = new Certificate();
const decode = (bytes: Bytes): number => certificate.decode(bytes, 0, bytes.length);
const hex = (bytes: Bytes, place: Place): string => Buffer.from(bytes.subarray(place.at, place.end)).toString("hex");
const fits = (wish: Wish, what: string): void => assert.equal(decode(forge({ pair, issuer: top, ...wish }).der), NO_FAILURE, what);
const refused = (wish: Wish, what: string): void => assert.equal(decode(forge({ pair, issuer: top, ...wish }).der), CERTIFICATE_MALFORMED, what);

test("the fields of a certificate", () => {
	const subject = name("Device 7");
	const made = leaf(top, { pair, subject, serial: integer(0x80ffn), more: [subjectAltName(dns("leaf.example"), address(1, 2, 3, 4))] });
	// not at the beginning of its memory, and with something behind it
	const memory = new Uint8Array(Buffer.concat([raw(1, 2, 3), made.der, raw(4, 5)]));
	assert.equal(certificate.decode(memory, 3, 3 + made.der.length), NO_FAILURE);
	assert.equal(certificate.version, 3);
	assert.equal(hex(memory, certificate.serial), "0080ff");
	assert.equal(hex(memory, certificate.subject), Buffer.from(subject).toString("hex"));
	assert.equal(hex(memory, certificate.issuer), Buffer.from(top.subject).toString("hex"));
	assert.equal(certificate.notBefore, NOW - 365 * 86400);
	assert.equal(certificate.notAfter, NOW + 365 * 86400);
	assert.equal(certificate.signature.scheme, 0x0403);
	const { extensions, publicKey } = certificate;
	assert.equal(extensions.present & EXTENSION_UNKNOWN, 0);
	const expected = EXTENSION_BASIC_CONSTRAINTS | EXTENSION_KEY_USAGE | EXTENSION_EXT_KEY_USAGE | EXTENSION_SUBJECT_ALT_NAME;
	assert.equal(extensions.present & expected, expected);
	assert.equal(extensions.critical, EXTENSION_BASIC_CONSTRAINTS | EXTENSION_KEY_USAGE);
	assert.equal(extensions.isAuthority, false);
	assert.equal(extensions.keyUsage, 1);
	assert.equal(extensions.extendedKeyUsage, PURPOSE_SERVER | PURPOSE_CLIENT);
	assert.equal(hex(memory, extensions.subjectKeyId), Buffer.from(keyId(pair)).toString("hex"));
	assert.equal(hex(memory, extensions.authorityKeyId), Buffer.from(keyId(top.pair)).toString("hex"));
	assert.equal(Buffer.from(memory.subarray(publicKey.at, publicKey.end)).toString("hex"), Buffer.from(rawKey(pair)).toString("hex"));
	assert.equal(Buffer.from(memory.subarray(publicKey.infoAt, publicKey.infoEnd)).toString("hex"), Buffer.from(publicKeyInfo(pair)).toString("hex"));
	assert.equal(memory[certificate.tbs.at], 0x30);
	assert.ok(!certificate.selfIssued());
	assert.equal(decode(top.der), NO_FAILURE);
	assert.ok(certificate.selfIssued());
	assert.ok(certificate.extensions.isAuthority);
	assert.ok(certificate.extensions.maySignCrls());
});

test("keys of all kinds, and their sizes", () => {
	for (const [kind, type, size] of [
		["p256", KEY_P256, 256],
		["p384", KEY_P384, 384],
		["ed25519", KEY_ED25519, 256],
		["rsa", KEY_RSA, 2048],
		["rsa1024", KEY_RSA, 1024],
		["rsa-pss", KEY_RSA_PSS, 2048],
		["p521", 0, 0],
	] as const) {
		assert.equal(decode(forge({ pair: pairOf(kind) }).der), NO_FAILURE, kind);
		assert.equal(certificate.publicKey.type, type, kind);
		assert.equal(certificate.publicKey.bits, size, kind);
	}
});

test("one object after the other: nothing is left of the one before", () => {
	const constrained = authority(top, { more: [extension("2.5.29.30", true, sequence(der(0xa0, sequence(dns("example")))))], pathLength: 3 });
	assert.equal(decode(constrained.der), NO_FAILURE);
	assert.equal(certificate.extensions.pathLength, 3);
	assert.equal(decode(forge({ pair, version: null, extensions: [] }).der), NO_FAILURE);
	assert.equal(certificate.version, 1);
	assert.equal(certificate.extensions.present, 0);
	assert.equal(certificate.extensions.pathLength, -1);
	assert.equal(certificate.extensions.nameConstraints.at, -1);
	assert.ok(!certificate.extensions.isAuthority);
});

test("every cut and every trailing byte is refused", () => {
	const { der } = leaf(top);
	for (let length = 0; length < der.length; length++) assert.equal(certificate.decode(der, 0, length), CERTIFICATE_MALFORMED, `${length}`);
	assert.equal(decode(Buffer.concat([der, raw(0)])), CERTIFICATE_MALFORMED);
});

test("versions", () => {
	fits({ version: integer(1), extensions: [] }, "version 2");
	fits({ version: null, extensions: [] }, "version 1");
	refused({ version: integer(0), extensions: [] }, "the default, encoded");
	refused({ version: integer(3) }, "version 4");
	refused({ version: integer(1) }, "extensions in version 2");
	refused({ version: null }, "extensions in version 1");
	refused({ version: sequence() }, "no INTEGER");
	const unique = (tag: number) => (body: Bytes) => insertBeforeExtensions(body, der(tag, raw(0, 1, 2)));
	fits({ body: unique(0x81) }, "issuerUniqueID");
	fits({ body: unique(0x82) }, "subjectUniqueID");
	refused({ body: unique(0x83), version: null, extensions: [] }, "something else");
	refused({ version: null, extensions: [], body: (body) => sequence(contents(body), der(0x81, raw(0, 1))) }, "a unique identifier in version 1");
});

function contents(value: Bytes): Bytes {
	return value.subarray(value[1] < 0x80 ? 2 : 2 + (value[1] & 0x7f));
}
function insertBeforeExtensions(body: Bytes, more: Bytes): Bytes {
	const inner = Buffer.from(contents(body));
	const at = inner.lastIndexOf(0xa3, inner.length - 1);
	let place = at;
	// the [3] that reaches to the end
	while (place >= 0 && !(inner[place] === 0xa3 && place + headerOf(inner, place) === inner.length)) place--;
	return sequence(inner.subarray(0, place), more, inner.subarray(place));
}
function headerOf(bytes: Bytes, at: number): number {
	const first = bytes[at + 1];
	if (first < 0x80) return 2 + first;
	return first === 0x81 ? 3 + bytes[at + 2] : 4 + ((bytes[at + 2] << 8) | bytes[at + 3]);
}

test("serial numbers", () => {
	fits({ serial: integer(0) }, "zero is well-formed");
	fits({ serial: integer(new Uint8Array(20).fill(0x7f)) }, "20 bytes");
	refused({ serial: integer(new Uint8Array(21).fill(0x7f)) }, "21 bytes");
	refused({ serial: integer(raw(0x80)) }, "negative");
	refused({ serial: integer(raw(0, 1)) }, "a zero too many");
	refused({ serial: integer(nothing) }, "empty");
	refused({ serial: octets(raw(1)) }, "no INTEGER");
});

test("algorithms inside and outside are the same bytes", () => {
	refused({ innerAlgorithm: signatureAlgorithm(pair, "sha384") }, "another inside");
	const rsa = root({ pair: pairOf("rsa", "root") });
	const absent = sequence(oid("1.2.840.113549.1.1.11"));
	assert.equal(decode(leaf(rsa, { algorithm: absent }).der), NO_FAILURE, "NULL may be left out (RFC 4055 5)");
	assert.equal(decode(leaf(rsa, { innerAlgorithm: absent }).der), CERTIFICATE_MALFORMED, "but not on one side only");
	assert.equal(
		decode(leaf(rsa, { algorithm: sequence(oid("1.2.840.113549.1.1.11"), octets(raw(1))) }).der),
		CERTIFICATE_MALFORMED,
		"parameters that aren't NULL",
	);
	refused({ algorithm: sequence(oid("1.2.840.10045.4.3.2"), raw(5, 0)) }, "ECDSA has no parameters");
	refused({ algorithm: sequence(oid("1.3.101.112"), raw(5, 0)) }, "nor has Ed25519");
	fits({ algorithm: sequence(oid("1.2.3.4"), sequence(integer(1))) }, "something unknown may have some");
	refused({ algorithm: sequence(der(6, nothing)) }, "an empty identifier");
	refused({ algorithm: sequence(der(6, raw(0x2a, 0x80, 1))) }, "an arc with a zero in front");
	refused({ algorithm: sequence(der(6, raw(0x2a, 0x86))) }, "an arc that doesn't end");
});

test("times", () => {
	fits({ notAfter: text(0x18, "20491231235959Z") }, "GeneralizedTime before 2050 (PKITS 4.2.4)");
	for (const wrong of ["4912312359Z", "491231235959", "491231235959+0000", "49123123595Z", "490231000000Z", "490001000000Z", "491301000000Z", "490100000000Z"])
		refused({ notAfter: text(0x17, wrong) }, wrong);
	for (const wrong of ["491231240000Z", "491231236000Z", "491231235960Z", "4912312359x9Z", "230229000000Z", "-91231235959Z"])
		refused({ notAfter: text(0x17, wrong) }, wrong);
	for (const wrong of ["20491231235959.5Z", "20491231235959", "204912312359Z", "21000229000000Z"]) refused({ notAfter: text(0x18, wrong) }, wrong);
	fits({ notAfter: text(0x18, "20000229000000Z") }, "a leap day");
	refused({ notAfter: octets(raw(1)) }, "no time at all");
});

test("names", () => {
	refused({ issuerName: emptyName }, "an empty issuer");
	fits({ subject: emptyName }, "an empty subject");
	refused({ subject: sequence(set()) }, "an empty set");
	refused({ subject: sequence(set(sequence(oid("2.5.4.3")))) }, "an attribute without a value");
	refused({ subject: sequence(set(sequence(oid("2.5.4.3"), text(12, "a"), text(12, "b")))) }, "with two");
	refused({ subject: sequence(sequence(attribute("2.5.4.3", "a"))) }, "no SET");
	fits({ subject: sequence(set(attribute("2.5.4.3", "a"), attribute("2.5.4.10", "b"))) }, "two attributes in one set");
});

test("keys that are malformed", () => {
	const rsa = sequence(oid("1.2.840.113549.1.1.1"), raw(5, 0));
	fits({ info: sequence(rsa, bits(sequence(integer(0xf1n << 1016n), integer(3)))) }, "RSA");
	refused({ info: sequence(rsa, bits(integer(3))) }, "RSA without a SEQUENCE");
	refused({ info: sequence(rsa, bits(sequence(integer(3)))) }, "RSA without an exponent");
	refused({ info: sequence(rsa, bits(Buffer.concat([sequence(integer(3), integer(3)), raw(0)]))) }, "RSA with a byte behind it");
	refused({ info: sequence(rsa, bits(sequence(integer(raw(0x80)), integer(3)))) }, "RSA with a negative modulus");
	refused({ info: sequence(rsa, bits(sequence(integer(3), integer(3)), 1)) }, "unused bits");
	refused({ info: sequence(sequence(oid("1.3.101.112")), bits(new Uint8Array(31))) }, "Ed25519 of 31 bytes");
	refused({ info: sequence(sequence(oid("1.3.101.112"), raw(5, 0)), bits(new Uint8Array(32))) }, "Ed25519 with parameters");
	refused({ info: sequence(sequence(oid("1.2.840.113549.1.1.1"), integer(1)), bits(sequence(integer(3), integer(3)))) }, "RSA with other parameters");
	const explicit = sequence(sequence(oid("1.2.840.10045.2.1"), sequence(integer(1))), bits(rawKey(pair)));
	fits({ info: explicit }, "an explicit curve is well-formed");
	assert.equal(certificate.publicKey.type, 0, "but no key that can be used");
});

test("extensions: their frame", () => {
	const none = { extensions: [], body: (body: Bytes) => sequence(contents(body), der(0xa3, sequence())) };
	refused(none, "an empty list");
	refused({ more: [basicConstraints(false)] }, "one twice");
	const unknown = extension("1.3.6.1.4.1.99999.7", false, raw(1));
	fits({ more: [unknown] }, "an unknown one");
	refused({ more: [unknown, unknown] }, "an unknown one twice");
	refused({ more: [sequence(oid("1.2.3.4"), boolean(false), octets(raw(1)))] }, "critical FALSE, encoded");
	refused({ more: [sequence(oid("1.2.3.4"), raw(1, 1, 1), octets(raw(1)))] }, "TRUE as 1");
	refused({ more: [sequence(oid("1.2.3.4"), raw(5, 0))] }, "no OCTET STRING");
	refused({ more: [sequence(oid("1.2.3.4"), octets(raw(1)), octets(raw(1)))] }, "two of them");
	const many = (count: number): Bytes[] => Array.from({ length: count }, (_, i) => extension(`1.2.3.${i}`, false, nothing));
	fits({ extensions: many(32) }, "32");
	refused({ extensions: many(33) }, "33");
});

test("extensions: what is in them", () => {
	const wrong: [string, Bytes, string][] = [
		["2.5.29.19", raw(), "nothing"],
		["2.5.29.19", sequence(boolean(false)), "cA FALSE, encoded"],
		["2.5.29.19", sequence(integer(1)), "a path length without cA"],
		["2.5.29.19", sequence(boolean(true), integer(raw(0xff))), "a negative path length"],
		["2.5.29.19", sequence(boolean(true), integer(1), integer(1)), "more"],
		["2.5.29.19", Buffer.concat([sequence(), raw(0)]), "a byte behind it"],
		["2.5.29.15", bits(raw(0)), "no bit"],
		["2.5.29.15", bits(nothing), "no byte"],
		["2.5.29.15", bits(raw(0x81), 1), "an unused bit that is set"],
		["2.5.29.15", bits(raw(0x80, 0), 8), "eight unused bits behind a zero byte"],
		["2.5.29.15", bits(raw(0, 0), 7), "zeros only"],
		["2.5.29.31", sequence(sequence(der(0xa0, der(0xa0, uri("http://x"))), der(0x81, raw(0), raw(0x60)))), "reasons with trailing zero bits"],
		["2.5.29.15", bits(raw(0x80), 8), "eight unused bits"],
		["2.5.29.15", bits(raw(1, 1, 1, 1), 0), "too many bits"],
		["2.5.29.37", sequence(), "no purpose"],
		["2.5.29.37", sequence(integer(1)), "no identifier"],
		["2.5.29.17", sequence(), "no name"],
		["2.5.29.17", sequence(text(0x82, "a\u0000b")), "a NUL in a name"],
		["2.5.29.17", sequence(text(0x82, "ä")), "a name that isn't ASCII"],
		["2.5.29.17", sequence(der(0x87, raw(1, 2, 3))), "an address of three bytes"],
		["2.5.29.17", sequence(der(0x87, new Uint8Array(8))), "an address with a mask"],
		["2.5.29.17", sequence(der(0x89, raw(1))), "an unknown kind of name"],
		["2.5.29.17", sequence(der(0xa4, raw(1))), "a directoryName that isn't one"],
		["2.5.29.17", sequence(der(0xa0, integer(1))), "an otherName without a type"],
		["2.5.29.14", raw(1), "no OCTET STRING"],
		["2.5.29.35", sequence(der(0x82, raw(1))), "a serial number without an issuer"],
		["2.5.29.35", sequence(der(0xa1, dns("a"))), "an issuer without a serial number"],
		["2.5.29.35", sequence(der(0x81, raw(1))), "a field that isn't there"],
		["2.5.29.30", sequence(), "no constraint"],
		["2.5.29.30", sequence(der(0xa0)), "no subtree"],
		["2.5.29.30", sequence(der(0xa0, sequence(dns("a"), der(0x80, raw(1))))), "a minimum"],
		["2.5.29.30", sequence(der(0xa0, sequence(dns("a"), der(0x81, raw(1))))), "a maximum"],
		["2.5.29.30", sequence(der(0xa0, sequence(address(1, 2, 3, 4)))), "an address without a mask"],
		["2.5.29.32", sequence(), "no policy"],
		["2.5.29.32", sequence(sequence(oid("1.2.3"), sequence())), "no qualifier"],
		["2.5.29.33", sequence(), "no mapping"],
		["2.5.29.33", sequence(sequence(oid("1.2.3"))), "half a mapping"],
		["2.5.29.36", sequence(), "no limit"],
		["2.5.29.36", sequence(der(0x80, raw())), "an empty limit"],
		["2.5.29.36", sequence(der(0x80, raw(0, 1))), "a limit with a zero too many"],
		["2.5.29.36", sequence(der(0x80, raw(0xff))), "a negative limit"],
		["2.5.29.54", integer(raw(0xff)), "a negative count"],
		["2.5.29.54", integer(0x80000000n), "a count that is too large"],
		["2.5.29.31", sequence(), "no point"],
		["2.5.29.31", sequence(sequence(der(0xa0))), "a point without a name"],
		["2.5.29.31", sequence(sequence(der(0x81, raw(1)))), "reasons that are no bits"],
		["1.3.6.1.5.5.7.1.24", sequence(octets(raw(5))), "a feature that is no number"],
		["1.3.6.1.5.5.7.1.1", sequence(), "no access"],
		["1.3.6.1.5.5.7.1.1", sequence(sequence(oid("1.3.6.1.5.5.7.48.1"))), "an access without a place"],
	];
	for (const [type, value, what] of wrong) refused({ extensions: [extension(type, false, value)] }, `${type} ${what}`);
	const right: [string, Bytes, string][] = [
		["2.5.29.19", sequence(boolean(true), integer(0)), "an authority for leaves"],
		["2.5.29.15", namedBits(3, 0, 8), "nine bits"],
		["2.5.29.15", bits(raw(0x80), 0), "trailing zero bits: Trustwave's authorities on curves have them"],
		["2.5.29.15", bits(raw(0x06, 0), 7), "a trailing zero byte, as they have it"],
		["2.5.29.17", sequence(dns("a"), mailbox("a@b"), uri("urn:x"), der(0xa4, name("x")), der(0x88, raw(0x2a))), "names of all kinds"],
		["2.5.29.17", sequence(der(0xa0, oid("1.2.3"), der(0xa0, text(12, "x"))), der(0xa3, raw()), der(0xa5, raw(1))), "stranger ones"],
		["2.5.29.17", sequence(der(0x87, new Uint8Array(16))), "an IPv6 address"],
		["2.5.29.35", sequence(), "an empty authorityKeyIdentifier"],
		["2.5.29.35", sequence(der(0x80, raw(1)), der(0xa1, der(0xa4, name("x"))), der(0x82, raw(1))), "a full one"],
		["2.5.29.30", sequence(der(0xa1, sequence(der(0x87, new Uint8Array(8))), sequence(der(0x87, new Uint8Array(32))))), "excluded addresses"],
		["2.5.29.32", sequence(sequence(oid("1.2.3"), sequence(sequence(oid("1.2.4"), text(22, "x"))))), "a policy with a qualifier"],
		["2.5.29.36", sequence(der(0x80, raw(0)), der(0x81, raw(0, 0xff))), "both limits"],
		["2.5.29.31", sequence(sequence(der(0xa0, der(0xa0, uri("http://x"))), namedBits(0x81, 1, 2), der(0xa2, der(0xa4, name("x"))))), "a full point"],
		["2.5.29.31", sequence(sequence(der(0xa0, der(0xa1, attribute("2.5.4.3", "x"))))), "a relative point"],
		["1.3.6.1.5.5.7.1.24", sequence(integer(5)), "must staple"],
		["1.3.6.1.5.5.7.1.1", sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), uri("http://x"))), "an access"],
		["2.5.29.18", sequence(dns("a")), "issuerAltName"],
	];
	for (const [type, value, what] of right) fits({ extensions: [extension(type, false, value)] }, `${type} ${what}`);
});

test("lengths in a form that isn't the shortest", () => {
	const { der: good } = forge({ pair });
	// the SubjectPublicKeyInfo's SEQUENCE, 0x59 bytes long, said in two bytes
	const info = publicKeyInfo(pair);
	assert.equal(info[1], 0x59);
	const long = Buffer.concat([raw(0x30, 0x81), info.subarray(1)]);
	assert.equal(decode(good), NO_FAILURE);
	refused({ info: long }, "0x81 for less than 128");
	refused({ info: Buffer.concat([raw(0x30, 0x82, 0), info.subarray(1)]) }, "0x82 for less than 256");
	refused({ info: Buffer.concat([raw(0x30, 0x80), info.subarray(2), raw(0, 0)]) }, "an indefinite length");
	refused({ info: Buffer.concat([raw(0x30, 0x84, 0, 0, 0), info.subarray(1)]) }, "four bytes of length");
	refused({ notAfter: der(0x1f, raw(0x81, 1)) }, "a tag of several bytes");
});

test("every authority that browsers trust", () => {
	assert.ok(rootCertificates.length > 100);
	const trust = new TrustStore();
	assert.equal(trust.addPem(rootCertificates.join("\n")), NO_FAILURE);
	assert.equal(trust.anchors.length, rootCertificates.length);
});

test("large ones: 16 KB, 1,000 names, 100 extensions", () => {
	const names = Array.from({ length: 1000 }, (_, i) => dns(`host-${i}.example`));
	const many = forge({ pair, more: [subjectAltName(...names)] });
	assert.ok(many.der.length > 16384);
	assert.equal(decode(many.der), NO_FAILURE);
	const fat = forge({ pair, more: [extension("1.2.3.4", false, new Uint8Array(16384))] });
	assert.equal(decode(fat.der), NO_FAILURE);
	refused({ extensions: Array.from({ length: 100 }, (_, i) => extension(`1.2.3.${i}`, false, nothing)) }, "100 extensions: a clear refusal");
	assert.equal(time(NOW).length, 15);
});
