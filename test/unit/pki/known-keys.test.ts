// What is known beforehand: pins, raw public keys, TLSA records, compact bundles, and signatures seen before.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { NO_FAILURE, TLSA_RECORD_REFUSED, TRUST_BUNDLE_MALFORMED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import type { SignatureAlgorithm } from "polltls/crypto/types";
import { Certificate } from "polltls/pki/certificate";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { SignatureCache } from "polltls/pki/signature-cache";
import {
	TLSA_CERT,
	TLSA_DANE_EE,
	TLSA_DANE_TA,
	TLSA_FULL,
	TLSA_PKIX_EE,
	TLSA_PKIX_TA,
	TLSA_SHA2_256,
	TLSA_SHA2_512,
	TLSA_SPKI,
	type TlsaRecord,
} from "polltls/pki/tlsa";
import { TrustStore } from "polltls/pki/trust";
import { encodeTrustBundle } from "polltls/pki/trust-bundle-writer";
import { VERIFY_SKIPPED } from "polltls/pki/verify-result";
import { nameOf, type Question, trustOf, verifyChain } from "../../support/chains.js";
import { authority, type Bytes, type Forged, leaf, NOW, name, pairOf, publicKeyInfo, raw, rawKey, root, time } from "../../support/forge.js";
import { nodeRegistry } from "../../support/node-registry.js";

const top = root();
const middle = authority(top);
const end = leaf(middle);
const chain = [end, middle];
const sha256 = (bytes: Bytes): Bytes => createHash("sha256").update(bytes).digest();
const sha512 = (bytes: Bytes): Bytes => createHash("sha512").update(bytes).digest();
const pin = (of: Forged): Bytes => sha256(publicKeyInfo(of.pair));

function outcome(trust: TrustStore, rest: Partial<Question> = {}, list: Forged[] = chain): string {
	const answer = verifyChain({ chain: list.map((each) => each.der), trust, name: "leaf.example", seconds: NOW, ...rest });
	return answer.outcome === "ok" ? "ok" : `${answer.outcome} ${answer.index}`;
}

test("pins beside anchors: some certificate of the path must have the key", () => {
	for (const [who, expected] of [
		[end, "ok"],
		[middle, "ok"],
		[top, "ok"],
		[leaf(top), "CERTIFICATE_NOT_PINNED 0"],
	] as const) {
		const trust = trustOf([top.der]);
		assert.equal(trust.addPin(pin(who)), NO_FAILURE);
		assert.equal(outcome(trust), expected);
	}
	const several = trustOf([top.der]);
	several.addPin(pin(leaf(top)));
	several.addPin(pin(middle));
	assert.equal(outcome(several), "ok", "one of several");
	const elsewhere = trustOf([top.der]);
	elsewhere.addPin(pin(end));
	const stranger = root({ subject: name("Stranger") });
	assert.equal(outcome(elsewhere, {}, [leaf(stranger, { pair: end.pair }), stranger]), "CERTIFICATE_ISSUER_UNKNOWN 0", "a pin doesn't replace the anchor");
	const stolen = trustOf([top.der]);
	stolen.addPin(pin(stranger));
	assert.equal(outcome(stolen, {}, [end, middle, stranger]), "CERTIFICATE_NOT_PINNED 0", "a certificate beside the path doesn't count");
});

test("pins alone: the pinned certificate is the anchor", () => {
	for (const [who, expected] of [
		[end, "ok"],
		[middle, "ok"],
		[top, "CERTIFICATE_ISSUER_UNKNOWN 0"],
	] as const) {
		const trust = new TrustStore();
		trust.addPin(pin(who));
		assert.equal(outcome(trust), expected, "of what the peer sends");
	}
	const trust = new TrustStore();
	trust.addPin(pin(middle));
	assert.equal(outcome(trust, { name: "other.example" }), "CERTIFICATE_NAME_MISMATCH 0", "names count");
	assert.equal(outcome(trust, { seconds: 1 }), "CERTIFICATE_NOT_YET_VALID 1", "dates count");
	assert.equal(outcome(trust, {}, [leaf(root({ subject: name("Authority") })), middle]), "CERTIFICATE_SIGNATURE_WRONG 0", "and so do signatures");
	assert.equal(trust.addPin(raw(1, 2, 3)), TLSA_RECORD_REFUSED);
});

const spki = (who: Forged): Bytes => publicKeyInfo(who.pair);
const record = (usage: number, selector: number, matchingType: number, data: Bytes): TlsaRecord => ({ usage, selector, matchingType, data });
function withRecords(anchors: Forged[], ...records: TlsaRecord[]): TrustStore {
	const trust = trustOf(anchors.map((anchor) => anchor.der));
	for (const each of records) assert.equal(trust.addRecord(each), NO_FAILURE);
	return trust;
}

test("TLSA: usages 0 to 3", () => {
	const other = leaf(top);
	for (const [usage, who, expected] of [
		[TLSA_PKIX_TA, top, "ok"],
		[TLSA_PKIX_TA, middle, "ok"],
		[TLSA_PKIX_TA, end, "CERTIFICATE_NOT_PINNED 0"],
		[TLSA_PKIX_EE, end, "ok"],
		[TLSA_PKIX_EE, middle, "CERTIFICATE_NOT_PINNED 0"],
		[TLSA_DANE_TA, middle, "ok"],
		[TLSA_DANE_TA, other, "CERTIFICATE_NOT_PINNED 0"],
		[TLSA_DANE_EE, end, "ok"],
		[TLSA_DANE_EE, other, "CERTIFICATE_NOT_PINNED 0"],
	] as const) {
		const each = record(usage, TLSA_SPKI, TLSA_SHA2_256, sha256(spki(who)));
		assert.equal(outcome(withRecords([top], each)), expected, `usage ${usage}`);
	}
});

test("TLSA: what PKIX demands, DANE doesn't, and the other way round", () => {
	const stranger = root({ subject: name("Stranger") });
	const under = authority(stranger);
	const theirs = leaf(under, { notAfter: time(NOW - 1) });
	const list = [theirs, under];
	const ofLeaf = (usage: number): TlsaRecord => record(usage, TLSA_CERT, TLSA_FULL, theirs.der);
	assert.equal(outcome(withRecords([top], ofLeaf(TLSA_PKIX_EE)), {}, list), "CERTIFICATE_EXPIRED 0");
	assert.equal(outcome(withRecords([top], ofLeaf(TLSA_DANE_EE)), { name: "other.example" }, list), "ok", "neither names nor dates (RFC 7671 5.1)");
	const ofAuthority = record(TLSA_DANE_TA, TLSA_CERT, TLSA_SHA2_512, sha512(under.der));
	assert.equal(outcome(withRecords([], ofAuthority), {}, list), "CERTIFICATE_EXPIRED 0", "below an authority they count");
	assert.equal(outcome(withRecords([], ofAuthority), {}, [leaf(under), under]), "ok");
	assert.equal(outcome(withRecords([], ofAuthority), { name: "other.example" }, [leaf(under), under]), "CERTIFICATE_NAME_MISMATCH 0");
	assert.equal(outcome(withRecords([], ofAuthority), {}, [leaf(under)]), "CERTIFICATE_ISSUER_UNKNOWN 0", "it must be sent");
	const forged = authority(stranger, { pair: pairOf("p256", "other") });
	assert.equal(outcome(withRecords([], ofAuthority), {}, [leaf(forged), under]), "CERTIFICATE_SIGNATURE_WRONG 0");
	const own = record(TLSA_DANE_TA, TLSA_SPKI, TLSA_SHA2_256, sha256(spki(theirs)));
	assert.equal(outcome(withRecords([], own), {}, list), "CERTIFICATE_EXPIRED 0", "the leaf is no authority");
});

test("TLSA: selectors, matching types, several records", () => {
	for (const [selector, matchingType, data] of [
		[TLSA_CERT, TLSA_FULL, end.der],
		[TLSA_CERT, TLSA_SHA2_256, sha256(end.der)],
		[TLSA_CERT, TLSA_SHA2_512, sha512(end.der)],
		[TLSA_SPKI, TLSA_FULL, spki(end)],
		[TLSA_SPKI, TLSA_SHA2_256, sha256(spki(end))],
		[TLSA_SPKI, TLSA_SHA2_512, sha512(spki(end))],
	] as const) {
		const right = record(TLSA_DANE_EE, selector, matchingType, data);
		assert.equal(outcome(withRecords([], right)), "ok");
		const changed = Uint8Array.from(data);
		changed[changed.length - 1] ^= 1;
		const wrong = record(TLSA_DANE_EE, selector, matchingType, changed);
		assert.equal(outcome(withRecords([top], wrong)), "CERTIFICATE_NOT_PINNED 0");
		assert.equal(outcome(withRecords([top], wrong, right)), "ok");
	}
	const trust = new TrustStore();
	for (const each of [
		record(5, TLSA_SPKI, TLSA_FULL, raw(1)),
		record(-1, TLSA_SPKI, TLSA_FULL, raw(1)),
		record(3, 2, TLSA_FULL, raw(1)),
		record(3, TLSA_SPKI, 3, raw(1)),
		record(3, TLSA_SPKI, TLSA_FULL, raw()),
		record(3, TLSA_SPKI, TLSA_SHA2_256, raw(1)),
		record(3, TLSA_SPKI, TLSA_SHA2_512, sha256(raw())),
	])
		assert.equal(trust.addRecord(each), TLSA_RECORD_REFUSED);
	assert.equal(trust.records.length, 0);
});

test("records of one peer don't touch the store they were added to", () => {
	const trust = trustOf([top.der]);
	trust.signatures = new SignatureCache(nodeRegistry(), 1);
	const peer = trust.copyForPeer();
	peer.addRecord(record(TLSA_DANE_EE, TLSA_SPKI, TLSA_FULL, spki(leaf(top))));
	assert.equal(outcome(peer), "CERTIFICATE_NOT_PINNED 0");
	assert.equal(outcome(trust), "ok");
	assert.equal(peer.signatures, trust.signatures);
});

function rawOutcome(trust: TrustStore, info: Bytes, policy: Partial<ChainPolicy> = {}): { outcome: string; verifier: ChainVerifier } {
	const verifier = new ChainVerifier(nodeRegistry());
	const memory = Buffer.concat([raw(9, 9), info, raw(9)]);
	verifier.startRawKey(Object.assign(new ChainPolicy(), policy), trust, memory, 2, 2 + info.length);
	const status = verifier.step(1);
	return { outcome: status === DONE ? "ok" : nameOf(status), verifier };
}

test("raw public keys", () => {
	const info = spki(end);
	const trust = new TrustStore();
	assert.equal(rawOutcome(trust, info).outcome, "RAW_KEY_UNKNOWN");
	assert.equal(trust.addRawKey(info), NO_FAILURE);
	const { outcome: known, verifier } = rawOutcome(trust, info);
	assert.equal(known, "ok");
	const { type, bytes, end: length } = verifier.leafKey;
	assert.equal(type, 3);
	assert.deepEqual(Buffer.from(bytes.subarray(0, length)), Buffer.from(rawKey(end.pair)));
	assert.equal(verifier.leafKeyUsage, 511);
	const pinned = new TrustStore();
	pinned.addPin(pin(end));
	assert.equal(rawOutcome(pinned, info).outcome, "ok", "by its hash");
	for (const [usage, expected] of [
		[TLSA_DANE_EE, "ok"],
		[TLSA_PKIX_EE, "RAW_KEY_UNKNOWN"],
		[TLSA_DANE_TA, "RAW_KEY_UNKNOWN"],
	] as const)
		assert.equal(rawOutcome(withRecords([], record(usage, TLSA_SPKI, TLSA_SHA2_256, pin(end))), info).outcome, expected);
	assert.equal(rawOutcome(withRecords([], record(TLSA_DANE_EE, TLSA_CERT, TLSA_FULL, info)), info).outcome, "RAW_KEY_UNKNOWN", "a certificate's record");
	assert.equal(rawOutcome(trust, info.subarray(1)).outcome, "RAW_KEY_MALFORMED");
	assert.equal(rawOutcome(trust, Buffer.concat([info, raw(0)])).outcome, "RAW_KEY_MALFORMED");
	const small = publicKeyInfo(pairOf("rsa1024"));
	trust.addRawKey(small);
	assert.equal(rawOutcome(trust, small).outcome, "CERTIFICATE_KEY_TOO_SMALL");
	assert.equal(rawOutcome(trust, small, { minimumRsaBits: 1024 }).outcome, "ok");
	const strange = publicKeyInfo(pairOf("p521"));
	trust.addRawKey(strange);
	assert.equal(rawOutcome(trust, strange).outcome, "CERTIFICATE_KEY_TYPE_REFUSED");
	const any = rawOutcome(new TrustStore(), info, { trustAll: true });
	assert.equal(any.outcome, "ok");
	assert.equal(any.verifier.verifyResult, VERIFY_SKIPPED);
});

function decoded(...list: Forged[]): Certificate[] {
	return list.map((each) => {
		const certificate = new Certificate();
		assert.equal(certificate.decode(each.der, 0, each.der.length), NO_FAILURE);
		return certificate;
	});
}

test("compact bundles", () => {
	const registry = nodeRegistry();
	const others = Array.from({ length: 20 }, (_, i) => root({ subject: name(`Root ${i}`), pair: pairOf(i % 3 === 0 ? "rsa" : "p384", `bundle ${i % 5}`) }));
	const bundle = encodeTrustBundle(registry, decoded(...others, top));
	assert.ok(bundle.length < others.length * 300);
	const trust = new TrustStore();
	assert.equal(trust.addBundle(bundle), NO_FAILURE);
	assert.equal(outcome(trust), "ok");
	assert.equal(outcome(trust, {}, [leaf(others[0])]), "ok", "RSA");
	assert.equal(outcome(trust, {}, [leaf(others[19])]), "ok");
	assert.equal(outcome(trust, {}, [leaf(root({ subject: name("Root 4") }))]), "CERTIFICATE_SIGNATURE_WRONG 0", "a namesake");
	assert.equal(outcome(trust, {}, [leaf(root({ subject: name("Nobody") }))]), "CERTIFICATE_ISSUER_UNKNOWN 0");
	assert.equal(outcome(trust, { seconds: NOW + 400 * 86400 }), "CERTIFICATE_EXPIRED -1", "the anchor's last day");
	const twins = [root({ pair: pairOf("p256", "twin 1") }), root({ pair: pairOf("p256", "twin 2") })];
	const both = new TrustStore();
	both.addBundle(encodeTrustBundle(registry, decoded(...twins)));
	for (const twin of twins) assert.equal(outcome(both, {}, [leaf(twin)]), "ok", "two keys of one name");
	both.addBundle(encodeTrustBundle(registry, decoded(others[1])));
	assert.equal(outcome(both, {}, [leaf(others[1])]), "ok", "two bundles");
	both.addPin(pin(others[1]));
	assert.equal(outcome(both, {}, [leaf(twins[0])]), "CERTIFICATE_NOT_PINNED 0");
	const late = root({ notAfter: time(253402300799) });
	const forever = new TrustStore();
	forever.addBundle(encodeTrustBundle(registry, decoded(late)));
	assert.equal(outcome(forever, {}, [leaf(late)]), "ok");
	const empty = encodeTrustBundle(registry, []);
	assert.equal(new TrustStore().addBundle(empty), NO_FAILURE);
	for (const wrong of [raw(), raw(0x50, 0x54, 0x42), raw(0x50, 0x54, 0x42, 0x32), bundle.subarray(0, bundle.length - 1), Buffer.concat([bundle, raw(0)])])
		assert.equal(new TrustStore().addBundle(wrong), TRUST_BUNDLE_MALFORMED);
	const odd = Uint8Array.from(encodeTrustBundle(registry, decoded(top)));
	odd[4 + 13] = 77;
	const unknown = new TrustStore();
	assert.equal(unknown.addBundle(odd), NO_FAILURE);
	assert.equal(outcome(unknown), "CERTIFICATE_KEY_TYPE_REFUSED -1", "a key of a kind that nobody has");
});

/** A registry that counts the signatures it is asked to check. */
function countingRegistry(): { registry: Registry; counted: () => number } {
	const registry = nodeRegistry();
	let count = 0;
	for (const [i, algorithm] of registry.signatures.entries()) {
		const counting: SignatureAlgorithm = {
			...algorithm,
			createVerify: (hashes) => {
				count++;
				return algorithm.createVerify(hashes);
			},
		};
		registry.signatures[i] = counting;
	}
	return {
		registry,
		counted: () => {
			const counted = count;
			count = 0;
			return counted;
		},
	};
}

test("signatures of intermediates that were right before are not checked again", () => {
	const { registry, counted } = countingRegistry();
	const trust = trustOf([top.der]);
	trust.signatures = new SignatureCache(registry, 2);
	const again = (list = chain, seconds = NOW): string => outcome(trust, { registry, seconds }, list);
	assert.equal(again(), "ok");
	assert.equal(counted(), 2);
	assert.equal(again(), "ok");
	assert.equal(counted(), 1, "the leaf's only");
	assert.equal(again([leaf(middle), middle]), "ok");
	assert.equal(counted(), 1, "another leaf of the same authority");
	assert.equal(again(chain, NOW + 400 * 86400), "CERTIFICATE_EXPIRED -1", "dates are asked each time");
	const stranger = root({ pair: pairOf("p256", "stranger") });
	const fake = authority(stranger, { pair: middle.pair });
	counted();
	assert.equal(again([leaf(fake), fake]), "CERTIFICATE_SIGNATURE_WRONG 1", "the same key under another signature");
	assert.equal(counted(), 2);
	const own = trustOf([top.der]);
	own.signatures = trust.signatures;
	const twin = trustOf([stranger.der]);
	twin.signatures = trust.signatures;
	assert.equal(outcome(own, { registry }), "ok");
	assert.equal(counted(), 1);
	assert.equal(outcome(twin, { registry }), "CERTIFICATE_SIGNATURE_WRONG 1", "it is a fact about one key");
});

test("the cache: full, expired, none", () => {
	const registry = nodeRegistry();
	const issuers = Array.from({ length: 4 }, (_, i) => authority(top, { subject: name(`A${i}`), notAfter: time(NOW + (i + 1) * 1000) }));
	const [a, b, c, d] = decoded(...issuers);
	const [rootCertificate] = decoded(top);
	const key = rootCertificate.publicKey;
	const cache = new SignatureCache(registry, 2);
	cache.add(a, key, NOW);
	cache.add(b, key, NOW);
	assert.ok(cache.has(a, key) && cache.has(b, key));
	cache.add(b, key, NOW);
	assert.ok(cache.has(a, key), "what is there takes no place again");
	cache.add(c, key, NOW);
	assert.ok(!cache.has(a, key) && cache.has(b, key) && cache.has(c, key), "the oldest place");
	cache.add(d, key, NOW + 2500);
	assert.ok(!cache.has(b, key) && cache.has(c, key) && cache.has(d, key), "what has expired goes first");
	assert.ok(!cache.has(d, a.publicKey));
	const none = new SignatureCache(registry, 0);
	none.add(a, key, NOW);
	assert.ok(!none.has(a, key));
	const verifier = new ChainVerifier(registry);
	assert.notEqual(verifier.step(1), WORKING, "nothing was started: the list is empty");
});
