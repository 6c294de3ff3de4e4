// Revoked certificates: the configuration's own list, CRLs, stapled OCSP responses, and what it means that nobody knows.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { CRL_MALFORMED, NO_FAILURE, OCSP_RESPONSE_MALFORMED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { Registry } from "polltls/crypto/registry";
import { ChainVerifier } from "polltls/pki/chain";
import {
	ChainPolicy,
	REVOCATION_GIVEN,
	REVOCATION_LEAF,
	REVOCATION_OFF,
	REVOCATION_PATH,
	REVOCATION_SOFT,
	TIME_UNKNOWN_ACCEPT,
} from "polltls/pki/chain-policy";
import { Crl } from "polltls/pki/crl";
import { OcspResponse } from "polltls/pki/ocsp";
import { sha1Id } from "polltls/pki/sha1-id";
import { VERIFY_REVOCATION_UNKNOWN, VERIFY_REVOKED } from "polltls/pki/verify-result";
import { listOf, nameOf, trustOf } from "../../support/chains.js";
import {
	authority,
	authorityKeyId,
	type Bytes,
	basicConstraints,
	boolean,
	type CrlWish,
	crl,
	crlNumber,
	crlReason,
	deltaIndicator,
	der,
	directory,
	extendedKeyUsage,
	extension,
	type Forged,
	forge,
	fullName,
	GOOD,
	integer,
	issuingDistributionPoint,
	keyId,
	keyUsage,
	leaf,
	NOW,
	name,
	namedBits,
	nothing,
	OCSP_SIGNING,
	ocspResponse,
	octets,
	oid,
	pairOf,
	REVOKED,
	raw,
	root,
	SERVER_AUTH,
	sequence,
	set,
	time,
	UNKNOWN,
	uri,
} from "../../support/forge.js";
import { nodeRegistry } from "../../support/node-registry.js";

const top = root();
const middle = authority(top);
const end = leaf(middle);
const chain = [end, middle];
const registry = nodeRegistry();

interface Case {
	chain?: Forged[];
	crls?: Bytes[];
	revoked?: Bytes[];
	responses?: (Bytes | undefined)[];
	policy?: Partial<ChainPolicy>;
	seconds?: number;
	anchor?: Forged;
	registry?: Registry;
}

function run(each: Case): { outcome: string; result: number } {
	const certificates = each.chain ?? chain;
	const trust = trustOf([(each.anchor ?? top).der]);
	for (const bytes of each.crls ?? []) assert.equal(trust.addCrlDer(bytes), NO_FAILURE);
	for (const bytes of each.revoked ?? []) assert.equal(trust.addRevoked(bytes), NO_FAILURE);
	const responses = each.responses ?? [];
	const list = listOf([...certificates.map((one) => one.der), ...responses.map((one) => one ?? new Uint8Array(0))]);
	for (const [i, response] of responses.entries()) if (response) list.staple(i, list.at[certificates.length + i], list.end[certificates.length + i]);
	list.count = certificates.length;
	const verifier = new ChainVerifier(each.registry ?? registry);
	verifier.start(Object.assign(new ChainPolicy(), each.policy), trust, list, "leaf.example", each.seconds ?? NOW);
	let status: number;
	do status = verifier.step(8);
	while (status === WORKING);
	return { outcome: status === DONE ? "ok" : `${nameOf(status)} ${verifier.certificateIndex}`, result: verifier.verifyResult };
}
const outcome = (each: Case): string => run(each).outcome;

const clean = crl(middle);
const topCrl = crl(top);
const revokes = (who: Forged, issuer: Forged, wish: CrlWish = {}): Bytes => crl(issuer, { revoked: [{ serial: integer(1) }, { serial: who.serial }], ...wish });
const UNSURE = "CERTIFICATE_REVOCATION_UNKNOWN 0";

test("the configuration's own list counts in every mode", () => {
	for (const revocation of [REVOCATION_OFF, REVOCATION_SOFT, REVOCATION_GIVEN]) {
		assert.equal(outcome({ revoked: [end.der], policy: { revocation } }), "CERTIFICATE_REVOKED 0");
		assert.equal(outcome({ revoked: [middle.der], policy: { revocation } }), "CERTIFICATE_REVOKED 1");
		assert.equal(outcome({ revoked: [leaf(middle).der], policy: { revocation } }), "ok", "another one of the same issuer");
		assert.equal(outcome({ revoked: [forge({ serial: end.serial }).der], policy: { revocation } }), "ok", "the same number of another issuer");
	}
	assert.equal(run({ revoked: [end.der] }).result, VERIFY_REVOKED);
});

test("a CRL: revoked, or not", () => {
	assert.equal(outcome({ crls: [clean] }), "ok");
	assert.equal(outcome({ crls: [revokes(end, middle)] }), "CERTIFICATE_REVOKED 0");
	assert.equal(outcome({ crls: [revokes(middle, top)] }), "CERTIFICATE_REVOKED 1");
	assert.equal(outcome({ crls: [revokes(end, top)] }), "ok", "the number among another issuer's");
	assert.equal(
		outcome({ crls: [revokes(end, middle, { revoked: [{ serial: end.serial, extensions: [crlReason(6)] }] })] }),
		"CERTIFICATE_REVOKED 0",
		"on hold",
	);
	const long = Array.from({ length: 500 }, (_, i) => ({ serial: integer(900000 + i) }));
	assert.equal(outcome({ crls: [crl(middle, { revoked: long })] }), "ok");
	assert.equal(outcome({ crls: [crl(middle, { revoked: [...long, { serial: end.serial }] })] }), "CERTIFICATE_REVOKED 0", "at the end of a long one");
});

test("the modes: what nobody knows", () => {
	const unknown = { crls: [crl(middle, { nextUpdate: time(NOW - 1) })] };
	for (const [revocation, none, unusable, leafOnly, all] of [
		[REVOCATION_OFF, "ok", "ok", "ok", "ok"],
		[REVOCATION_SOFT, "ok", "ok", "ok", "ok"],
		[REVOCATION_GIVEN, "ok", UNSURE, "ok", "ok"],
		[REVOCATION_LEAF, UNSURE, UNSURE, "ok", "ok"],
		[REVOCATION_PATH, "CERTIFICATE_REVOCATION_UNKNOWN 1", "CERTIFICATE_REVOCATION_UNKNOWN 1", "CERTIFICATE_REVOCATION_UNKNOWN 1", "ok"],
	] as const) {
		const policy = { revocation };
		assert.equal(outcome({ policy }), none, `mode ${revocation}, nothing given`);
		assert.equal(outcome({ policy, ...unknown }), unusable, `mode ${revocation}, a stale list`);
		assert.equal(outcome({ policy, crls: [clean] }), leafOnly, `mode ${revocation}, the leaf's list`);
		assert.equal(outcome({ policy, crls: [clean, topCrl] }), all, `mode ${revocation}, both lists`);
		assert.equal(
			outcome({ policy, crls: [revokes(end, middle), topCrl] }),
			revocation === REVOCATION_OFF ? "ok" : "CERTIFICATE_REVOKED 0",
			`mode ${revocation}, revoked`,
		);
	}
	assert.equal(run({ policy: { revocation: REVOCATION_SOFT }, ...unknown }).result, VERIFY_REVOCATION_UNKNOWN, "the soft one says so");
	assert.equal(run({}).result, 0);
});

test("CRLs that can't be used", () => {
	const unsure = (wish: CrlWish, what: string): void => assert.equal(outcome({ crls: [crl(middle, wish)] }), UNSURE, what);
	unsure({ nextUpdate: time(NOW - 1) }, "stale");
	unsure({ thisUpdate: time(NOW + 1) }, "of the future");
	unsure({ nextUpdate: nothing }, "without an end");
	unsure({ pair: pairOf("p256", "stranger") }, "signed by somebody else");
	unsure({ extensions: [] }, "without a number");
	unsure({ extensions: [extension("2.5.29.20", true, integer(1))] }, "with a critical number");
	unsure({ more: [extension("1.2.3.4", true, raw(1))] }, "with a critical extension");
	unsure({ revoked: [{ serial: integer(1), extensions: [extension("1.2.3.4", true, raw(1))] }] }, "with a critical extension of an entry");
	unsure({ more: [issuingDistributionPoint(der(0x84, raw(255)))] }, "indirect");
	unsure({ more: [issuingDistributionPoint(der(0x85, raw(255)))] }, "for attribute certificates");
	unsure({ more: [extension("2.5.29.28", false, sequence(der(0x81, raw(255))))] }, "with a scope that may be overlooked");
	unsure({ more: [extension("2.5.29.28", true, sequence())] }, "with a scope that says nothing");
	unsure({ version: null, extensions: [] }, "version 1 has no number");
	unsure({ hash: "sha1" }, "a weak hash");
	assert.equal(outcome({ crls: [crl(middle, { more: [extension("1.2.3.4", false, raw(1))] })] }), "ok", "an unknown extension that isn't critical");
	const entry = { serial: integer(1), extensions: [extension("2.5.29.24", false, time(NOW, true))] };
	assert.equal(outcome({ crls: [crl(middle, { revoked: [entry] })] }), "ok", "invalidityDate");
	assert.equal(outcome({ crls: [crl(middle, { nextUpdate: time(NOW - 1) }), clean] }), "ok", "a good one beside a stale one");
	const noSigner = authority(top, { extensions: [basicConstraints(true), keyUsage(5), authorityKeyId(keyId(top.pair))] });
	assert.equal(outcome({ chain: [leaf(noSigner), noSigner], crls: [crl(noSigner)] }), UNSURE, "keyUsage without cRLSign");
	const noAnchor = root({ extensions: [basicConstraints(true), keyUsage(5)] });
	assert.equal(outcome({ chain: [leaf(noAnchor)], crls: [crl(noAnchor)], anchor: noAnchor }), UNSURE, "of the anchor");
	const silent = root({ extensions: [basicConstraints(true)] });
	assert.equal(outcome({ chain: [leaf(silent)], crls: [crl(silent)], anchor: silent }), "ok", "no keyUsage allows all");
	assert.equal(outcome({ crls: [crl(middle, { nextUpdate: time(NOW - 1) })], seconds: -1, policy: { timeUnknown: TIME_UNKNOWN_ACCEPT } }), "ok", "no clock");
	assert.equal(outcome({ crls: [crl(middle, { nextUpdate: time(NOW - 1) })], policy: { checkExpiry: false } }), "ok", "dates don't count");
});

test("which certificates a CRL speaks for", () => {
	const policy = { revocation: REVOCATION_LEAF };
	const scoped = (...fields: Bytes[]): Bytes => crl(middle, { more: [issuingDistributionPoint(...fields)] });
	assert.equal(outcome({ policy, crls: [scoped(der(0x81, raw(255)))] }), "ok", "users only");
	assert.equal(outcome({ policy, crls: [scoped(der(0x82, raw(255)))] }), UNSURE, "authorities only");
	const topScoped = (field: Bytes): Bytes => crl(top, { more: [issuingDistributionPoint(field)] });
	const path = { revocation: REVOCATION_PATH };
	assert.equal(outcome({ policy: path, crls: [clean, topScoped(der(0x82, raw(255)))] }), "ok");
	assert.equal(outcome({ policy: path, crls: [clean, topScoped(der(0x81, raw(255)))] }), "CERTIFICATE_REVOCATION_UNKNOWN 1");
	// reasons: all eight must be covered, in however many lists
	const some = scoped(namedBits(0x83, 1, 2, 3));
	const others = scoped(namedBits(0x83, 4, 5, 6, 7, 8));
	assert.equal(outcome({ policy, crls: [some] }), UNSURE);
	assert.equal(outcome({ policy, crls: [some, others] }), "ok");
	assert.equal(outcome({ policy, crls: [scoped(namedBits(0x83, 1, 2, 3, 4, 5, 6, 7, 8))] }), "ok");
	// distribution points: a name in common
	const page = uri("http://example/a.crl");
	const point = (...parts: Bytes[]): Bytes => extension("2.5.29.31", false, sequence(sequence(...parts)));
	const at = (...parts: Bytes[]): Forged =>
		leaf(middle, { more: [point(...parts), extension("2.5.29.17", false, sequence(der(0x82, Buffer.from("leaf.example"))))] });
	const own = at(fullName(uri("http://example/b.crl"), page));
	assert.equal(outcome({ policy, chain: [own, middle], crls: [scoped(fullName(page))] }), "ok");
	assert.equal(outcome({ policy, chain: [own, middle], crls: [clean] }), "ok", "a list of everything");
	assert.equal(outcome({ policy, chain: [own, middle], crls: [scoped(fullName(uri("http://example/c.crl")))] }), UNSURE);
	assert.equal(outcome({ policy, crls: [scoped(fullName(page))] }), UNSURE, "a certificate that names no point");
	assert.equal(outcome({ policy, chain: [at(fullName(page), namedBits(0x81, 1)), middle], crls: [scoped(fullName(page))] }), UNSURE, "for one reason only");
	const foreign = at(fullName(page), der(0xa2, directory(name("Other"))));
	assert.equal(outcome({ policy, chain: [foreign, middle], crls: [scoped(fullName(page))] }), UNSURE, "a list that somebody else signs");
	// relative names are relative to the issuer
	const relative = sequence(oid("2.5.4.3"), der(12, Buffer.from("CRL1")));
	const whole = directory(sequence(middle.subject.subarray(2), set(relative)));
	const short = der(0xa0, der(0xa1, relative));
	for (const [mine, lists] of [
		[short, short],
		[fullName(whole), short],
		[short, fullName(page, whole)],
	])
		assert.equal(outcome({ policy, chain: [at(mine), middle], crls: [scoped(lists)] }), "ok");
	const elsewhere = directory(sequence(name("Other").subarray(2), set(relative)));
	assert.equal(outcome({ policy, chain: [at(short), middle], crls: [scoped(fullName(elsewhere, page))] }), UNSURE);
	assert.equal(outcome({ policy, chain: [at(short), middle], crls: [scoped(fullName(directory(middle.subject)))] }), UNSURE);
});

test("delta CRLs", () => {
	const policy = { revocation: REVOCATION_LEAF };
	const base = crl(middle, { extensions: [crlNumber(5)] });
	const delta = (wish: CrlWish, number = 6, on = 5): Bytes => crl(middle, { extensions: [crlNumber(number), deltaIndicator(on)], ...wish });
	const adds = { revoked: [{ serial: end.serial }] };
	const removes = { revoked: [{ serial: end.serial, extensions: [crlReason(8)] }] };
	assert.equal(outcome({ policy, crls: [base, delta({})] }), "ok");
	assert.equal(outcome({ policy, crls: [base, delta(adds)] }), "CERTIFICATE_REVOKED 0");
	assert.equal(outcome({ policy, crls: [delta(adds), base] }), "CERTIFICATE_REVOKED 0", "in any order");
	assert.equal(outcome({ policy, crls: [delta(adds)] }), UNSURE, "a delta alone says nothing");
	const revoked = crl(middle, { ...adds, extensions: [crlNumber(5)] });
	assert.equal(outcome({ policy, crls: [revoked, delta(removes)] }), "ok", "taken off the list");
	assert.equal(outcome({ policy, crls: [revoked, delta({})] }), "CERTIFICATE_REVOKED 0");
	assert.equal(outcome({ policy, crls: [base, delta(adds, 6, 4)] }), "CERTIFICATE_REVOKED 0", "on top of an older one");
	assert.equal(outcome({ policy, crls: [base, delta(adds, 9, 6)] }), "ok", "on top of a newer one: it doesn't fit");
	assert.equal(outcome({ policy, crls: [revoked, delta(removes, 5, 4)] }), "CERTIFICATE_REVOKED 0", "not newer than the list");
	assert.equal(outcome({ policy, crls: [revoked, delta(removes, 0x100, 5)] }), "ok", "numbers of different length");
	assert.equal(
		outcome({ policy, crls: [revoked, delta({ ...removes, pair: pairOf("p256", "stranger") })] }),
		"CERTIFICATE_REVOKED 0",
		"signed by somebody else",
	);
	assert.equal(outcome({ policy, crls: [revoked, delta({ ...removes, nextUpdate: time(NOW - 1) })] }), "CERTIFICATE_REVOKED 0", "stale");
	assert.equal(
		outcome({ policy, crls: [revoked, delta({ ...removes, more: [issuingDistributionPoint(der(0x81, raw(255)))] })] }),
		"CERTIFICATE_REVOKED 0",
		"of another scope",
	);
	const soft = { extensions: [crlNumber(6), extension("2.5.29.27", false, integer(5))] };
	assert.equal(
		outcome({ policy, crls: [revoked, crl(middle, { ...removes, ...soft })] }),
		"CERTIFICATE_REVOKED 0",
		"a delta that may be taken for a whole list",
	);
});

test("an authority with two keys: either may sign the list", () => {
	const old = authority(top, { subject: name("Changed"), pair: pairOf("p256", "old") });
	const renewed = authority(old, { subject: name("Changed"), pair: pairOf("p256", "new") });
	const each = leaf(renewed);
	const policy = { revocation: REVOCATION_LEAF };
	assert.equal(outcome({ policy, chain: [each, renewed, old], crls: [crl(old)] }), "ok", "the key that signed the new one");
	assert.equal(outcome({ policy, chain: [each, renewed, old], crls: [crl(renewed), crl(old)] }), "ok");
	assert.equal(
		outcome({ policy, chain: [each, renewed, old], crls: [crl(renewed)] }),
		"CERTIFICATE_REVOCATION_UNKNOWN 1",
		"the new key can't vouch for itself",
	);
	assert.equal(outcome({ policy, chain: [each, renewed, old], crls: [revokes(each, old)] }), "CERTIFICATE_REVOKED 0");
	assert.equal(outcome({ policy, chain: [each, renewed, old], crls: [crl(old, { pair: pairOf("p256", "stranger") })] }), "CERTIFICATE_REVOCATION_UNKNOWN 1");
});

test("malformed CRLs", () => {
	const list = new Crl();
	const decode = (bytes: Bytes): number => list.decode(bytes, 0, bytes.length);
	const whole = revokes(end, middle, { more: [issuingDistributionPoint(fullName(uri("http://x")))] });
	assert.equal(decode(whole), NO_FAILURE);
	assert.ok(!list.unusable);
	for (let length = 0; length < whole.length; length++) assert.equal(list.decode(whole, 0, length), CRL_MALFORMED);
	const refused = (wish: CrlWish, what: string): void => assert.equal(decode(crl(middle, wish)), CRL_MALFORMED, what);
	refused({ version: integer(0), extensions: [] }, "version 1, encoded");
	refused({ version: integer(2) }, "version 3");
	refused({ version: null }, "extensions in version 1");
	refused({ issuerName: sequence() }, "no issuer");
	refused({ extensions: [crlNumber(1), crlNumber(1)] }, "two numbers");
	refused({ extensions: [deltaIndicator(1), deltaIndicator(1)] }, "two deltas");
	refused({ extensions: [issuingDistributionPoint(der(0x81, raw(255))), issuingDistributionPoint(der(0x81, raw(255)))] }, "two scopes");
	refused({ extensions: [issuingDistributionPoint(der(0x81, raw(0)))] }, "FALSE, encoded");
	refused({ revoked: [{ serial: octets(raw(1)) }] }, "an entry without a number");
	refused({ revoked: [{ serial: integer(1), extensions: [] }] }, "an empty list of extensions");
	refused({ revoked: [{ serial: integer(1), extensions: [extension("2.5.29.21", false, integer(1))] }] }, "a reason that is none");
	assert.equal(decode(crl(middle, { revoked: [{ serial: integer(raw(0xff)) }] })), NO_FAILURE, "a negative number is the authority's affair (PKITS 4.4.14)");
	const trust = trustOf([top.der]);
	assert.equal(trust.addCrlDer(raw(0x30, 0)), CRL_MALFORMED);
	assert.equal(trust.crls.length, 0);
});

test("a stapled response: good, revoked, unknown", () => {
	const say = (status: Bytes): Case => ({ responses: [ocspResponse(end, middle, { status })] });
	assert.equal(outcome({ ...say(GOOD), policy: { revocation: REVOCATION_LEAF } }), "ok");
	assert.equal(outcome(say(REVOKED)), "CERTIFICATE_REVOKED 0");
	assert.equal(outcome({ ...say(REVOKED), policy: { revocation: REVOCATION_OFF } }), "ok");
	assert.equal(outcome(say(UNKNOWN)), UNSURE);
	assert.equal(outcome({ ...say(UNKNOWN), policy: { revocation: REVOCATION_SOFT } }), "ok");
	assert.equal(outcome({ ...say(UNKNOWN), crls: [clean] }), "ok", "a CRL knows more");
	assert.equal(outcome({ ...say(GOOD), crls: [revokes(end, middle)] }), "ok", "the response is the newer word");
	const both = [ocspResponse(end, middle), ocspResponse(middle, top)];
	assert.equal(outcome({ responses: both, policy: { revocation: REVOCATION_PATH } }), "ok");
	assert.equal(outcome({ responses: [undefined, ocspResponse(middle, top, { status: REVOKED })] }), "CERTIFICATE_REVOKED 1");
	assert.equal(outcome({ responses: [ocspResponse(end, middle, { hash: "sha256" })], policy: { revocation: REVOCATION_LEAF } }), "ok");
});

test("responses that can't be used", () => {
	const unsure = (response: Bytes, what: string): void => assert.equal(outcome({ responses: [response] }), UNSURE, what);
	const wish = (more: Parameters<typeof ocspResponse>[2], what: string): void => unsure(ocspResponse(end, middle, more), what);
	unsure(raw(0x30, 0), "malformed");
	wish({ responseStatus: 3 }, "try later");
	wish({ nextUpdate: time(NOW - 1, true) }, "stale");
	wish({ nextUpdate: nothing }, "without an end");
	wish({ thisUpdate: time(NOW + 1, true) }, "of the future");
	wish({ serial: integer(77) }, "about another certificate");
	wish({ issuerName: name("Other") }, "about another issuer");
	wish({ issuerKey: top.pair }, "about another issuer's key");
	wish({ signer: pairOf("p256", "stranger") }, "signed by somebody else");
	wish({ responder: der(0xa2, octets(keyId(middle.pair))), signer: pairOf("p256", "stranger") }, "in the issuer's name");
	wish({ singleExtensions: [extension("1.2.3.4", true, raw(1))] }, "with a critical extension");
	wish({ extensions: [extension("1.2.3.4", true, raw(1))] }, "with a critical extension of the whole");
	assert.equal(outcome({ responses: [ocspResponse(end, middle, { extensions: [extension("1.2.3.4", false, raw(1))] })] }), "ok");
	assert.equal(outcome({ responses: [ocspResponse(end, middle, { singleExtensions: [extension("1.2.3.4", false, raw(1))] })] }), "ok");
	assert.equal(outcome({ responses: [ocspResponse(end, middle, { responder: der(0xa1, middle.subject) })] }), "ok", "by name");
});

test("SHA-1 of identifiers, where the registry has none", () => {
	for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 300]) {
		const bytes = new Uint8Array(length + 4).map((_, i) => (i * 73 + length) & 255);
		const out = new Uint8Array(20);
		sha1Id(bytes, 2, 2 + length, out);
		assert.equal(
			Buffer.from(out).toString("hex"),
			createHash("sha1")
				.update(bytes.subarray(2, 2 + length))
				.digest("hex"),
			`${length}`,
		);
	}
	const little = new Registry();
	const [sha256] = registry.hashes;
	little.registerHash(0, sha256);
	for (const signature of registry.signatures) little.registerSign(little.signatures.length, signature);
	const policy = { revocation: REVOCATION_LEAF };
	assert.equal(outcome({ responses: [ocspResponse(end, middle)], policy, registry: little }), "ok");
	assert.equal(outcome({ responses: [ocspResponse(end, middle, { status: REVOKED })], policy, registry: little }), "CERTIFICATE_REVOKED 0");
	assert.equal(outcome({ responses: [ocspResponse(leaf(top), middle)], policy, registry: little }), UNSURE);
});

test("delegated responders", () => {
	const pair = pairOf("p256", "responder");
	const make = (more: Parameters<typeof forge>[0] = {}): Forged =>
		forge({ pair, subject: name("Responder"), issuer: middle, extensions: [keyUsage(0), extendedKeyUsage(OCSP_SIGNING)], ...more });
	const by = (responder: Forged, more: Parameters<typeof ocspResponse>[2] = {}): string =>
		outcome({ responses: [ocspResponse(end, middle, { signer: pair, certificates: [responder.der], ...more })] });
	assert.equal(by(make()), "ok");
	assert.equal(by(make(), { responder: der(0xa1, name("Responder")) }), "ok", "by name");
	assert.equal(by(make(), { status: REVOKED }), "CERTIFICATE_REVOKED 0");
	assert.equal(by(make(), { responder: der(0xa1, name("Other")) }), UNSURE, "another name");
	assert.equal(by(make({ extensions: [keyUsage(0), extendedKeyUsage(SERVER_AUTH)] })), UNSURE, "not for OCSP");
	assert.equal(by(make({ extensions: [] })), UNSURE, "for OCSP it must say so");
	assert.equal(by(make({ extensions: [keyUsage(2), extendedKeyUsage(OCSP_SIGNING)] })), UNSURE, "no signatures");
	assert.equal(by(make({ notAfter: time(NOW - 1) })), UNSURE, "expired");
	assert.equal(by(make({ issuer: top })), UNSURE, "of another issuer");
	assert.equal(by(make({ issuer: top, issuerName: middle.subject })), UNSURE, "not signed by the issuer");
	assert.equal(by(make({ hash: "sha1" })), UNSURE, "a weak hash");
	assert.equal(by(make({ more: [extension("1.2.3.4", true, raw(1))] })), UNSURE, "a critical extension");
	assert.equal(by(make(), { certificates: [end.der, middle.der, make().der] }), "ok", "among others");
	assert.equal(by(make(), { certificates: [end.der, end.der, end.der, make().der] }), UNSURE, "too far behind");
	assert.equal(by(make(), { certificates: [raw(0x30, 0)] }), UNSURE, "malformed");
	const small = pairOf("rsa1024", "responder");
	assert.equal(by(make({ pair: small }), { signer: small }), UNSURE, "a small key");
});

test("malformed responses", () => {
	const response = new OcspResponse();
	const decode = (bytes: Bytes): number => response.decode(bytes, 0, bytes.length);
	const whole = ocspResponse(end, middle, { certificates: [middle.der] });
	assert.equal(decode(whole), NO_FAILURE);
	for (let length = 0; length < whole.length; length++) assert.equal(response.decode(whole, 0, length), OCSP_RESPONSE_MALFORMED);
	assert.equal(decode(sequence(der(0x0a, raw(6)))), NO_FAILURE);
	assert.equal(response.status, 6);
	assert.equal(decode(sequence(der(0x0a, raw(0)))), OCSP_RESPONSE_MALFORMED, "successful without a response");
	assert.equal(decode(sequence(der(0x0a, raw(0)), der(0xa0, sequence(oid("1.2.3"), octets(raw(1)))))), OCSP_RESPONSE_MALFORMED, "another kind");
	assert.equal(decode(ocspResponse(end, middle, { status: raw(0x83, 0) })), OCSP_RESPONSE_MALFORMED, "another status");
	assert.equal(decode(ocspResponse(end, middle, { extensions: [] })), OCSP_RESPONSE_MALFORMED, "an empty list");
	assert.equal(decode(ocspResponse(end, middle, { singleExtensions: [boolean(true)] })), OCSP_RESPONSE_MALFORMED);
});

test("must staple", () => {
	const feature = extension("1.3.6.1.5.5.7.1.24", false, sequence(integer(5)));
	const promising = leaf(middle, { more: [feature, extension("2.5.29.17", false, sequence(der(0x82, Buffer.from("leaf.example"))))] });
	const policy = { honourMustStaple: true };
	assert.equal(outcome({ chain: [promising, middle] }), "ok");
	assert.equal(outcome({ chain: [promising, middle], policy }), "CERTIFICATE_STAPLE_MISSING 0");
	assert.equal(outcome({ chain: [promising, middle], policy, responses: [ocspResponse(promising, middle)] }), "ok");
	assert.equal(outcome({ policy }), "ok");
});

test("a revoked way and another that isn't", () => {
	const pair = pairOf("p256", "cross");
	const one = authority(top, { pair });
	const other = authority(top, { pair });
	const each = leaf(one);
	assert.equal(outcome({ chain: [each, one, other], crls: [revokes(one, top)] }), "ok");
	assert.equal(
		outcome({ chain: [each, one, other], crls: [crl(top, { revoked: [{ serial: one.serial }, { serial: other.serial }] })] }),
		"CERTIFICATE_REVOKED 1",
	);
});
