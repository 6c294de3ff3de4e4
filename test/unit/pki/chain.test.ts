// Every rule of path validation, with a chain that just passes and one that just fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CertificateList } from "polltls/pki/certificate-list";
import { ANCHOR_INDEX } from "polltls/pki/chain";
import { CERTIFICATE_SCHEMES, PROFILE_STRICT, PROFILE_WEB, TIME_UNKNOWN_ACCEPT } from "polltls/pki/chain-policy";
import { PURPOSE_CLIENT } from "polltls/pki/extensions";
import { nameText } from "polltls/pki/name-text";
import {
	firstReason,
	VERIFY_BAD_HASH_ALGORITHM,
	VERIFY_BAD_KEY,
	VERIFY_BAD_KEY_TYPE,
	VERIFY_EXPIRED,
	VERIFY_NAME_MISMATCH,
	VERIFY_NOT_TRUSTED,
	VERIFY_NOT_YET_VALID,
	VERIFY_SKIPPED,
	VERIFY_TIME_UNKNOWN,
} from "polltls/pki/verify-result";
import { type Question, verifyChain } from "../../support/chains.js";
import {
	ANY_PURPOSE,
	address,
	attribute,
	authority,
	authorityKeyId,
	basicConstraints,
	CLIENT_AUTH,
	der,
	dns,
	emptyName,
	extendedKeyUsage,
	extension,
	type Forged,
	forge,
	integer,
	keyId,
	keyUsage,
	leaf,
	NOW,
	name,
	nothing,
	oid,
	pairOf,
	policyConstraints,
	pssAlgorithm,
	raw,
	rawKey,
	root,
	SERVER_AUTH,
	sequence,
	set,
	subjectAltName,
	subjectKeyId,
	time,
	type Wish,
} from "../../support/forge.js";

const top = root();
const middle = authority(top);

function check(chain: Forged[], rest: Partial<Question> = {}) {
	return verifyChain({ chain: chain.map((each) => each.der), anchors: [top.der], name: "leaf.example", seconds: NOW, ...rest });
}
/** The outcome, and the index of the certificate that it is about. */
function outcome(chain: Forged[], rest: Partial<Question> = {}): string {
	const answer = check(chain, rest);
	return answer.outcome === "ok" ? "ok" : `${answer.outcome} ${answer.index}`;
}
const middles = (count: number, wish: (i: number) => Wish = () => ({})): Forged[] => {
	const list: Forged[] = [];
	for (let i = 0; i < count; i++) list.unshift(authority(list[0] ?? top, { subject: name(`Authority ${i}`), ...wish(i) }));
	return list;
};

test("a leaf under the anchor, and one under an authority", () => {
	assert.equal(outcome([leaf(top)]), "ok");
	assert.equal(outcome([leaf(middle), middle]), "ok");
	assert.equal(check([leaf(middle), middle]).result, 0);
});

test("the leaf's key comes out in memory of the verifier's own", () => {
	for (const kind of ["p256", "p384", "ed25519", "rsa", "rsa-pss"] as const) {
		const pair = pairOf(kind, "leaf");
		const { verifier, outcome } = check([leaf(top, { pair, more: [subjectAltName(dns("leaf.example"))] })]);
		assert.equal(outcome, "ok", kind);
		const { bytes, at, end } = verifier.leafKey;
		assert.deepEqual(Buffer.from(bytes.subarray(at, end)), Buffer.from(rawKey(pair)), kind);
		assert.equal(verifier.leafKeyUsage, 1, "digitalSignature");
	}
});

test("signatures of every algorithm, by authorities of every kind", () => {
	for (const kind of ["p256", "p384", "ed25519", "rsa", "rsa-pss"] as const) {
		for (const hash of kind === "ed25519" || kind === "rsa-pss" ? ["sha256"] : ["sha256", "sha384", "sha512"]) {
			const own = root({ pair: pairOf(kind, "root"), hash });
			assert.equal(outcome([leaf(own, { hash })], { anchors: [own.der] }), "ok", `${kind} ${hash}`);
		}
	}
});

test("no certificate at all", () => {
	assert.equal(outcome([]), "CERTIFICATE_LIST_EMPTY 0");
});

test("an issuer that nobody knows", () => {
	const answer = check([leaf(authority(root({ subject: name("Stranger") }), { subject: name("X") }))]);
	assert.equal(answer.outcome, "CERTIFICATE_ISSUER_UNKNOWN");
	assert.equal(answer.result, VERIFY_NOT_TRUSTED);
	assert.equal(outcome([leaf(middle)]), "CERTIFICATE_ISSUER_UNKNOWN 0", "the authority's certificate is missing");
	assert.equal(outcome([leaf(top)], { anchors: [] }), "CERTIFICATE_ISSUER_UNKNOWN 0", "nobody is trusted");
});

test("a signature that is wrong", () => {
	const namesake = root({ pair: pairOf("p256", "namesake") });
	assert.equal(outcome([leaf(namesake)]), "CERTIFICATE_SIGNATURE_WRONG 0");
	const fake = authority(namesake);
	assert.equal(outcome([leaf(fake), fake]), "CERTIFICATE_SIGNATURE_WRONG 1");
	const flipped = leaf(top);
	const der = flipped.der.slice();
	der[der.length - 1] ^= 1;
	assert.equal(outcome([{ ...flipped, der }]), "CERTIFICATE_SIGNATURE_WRONG 0");
});

test("dates: both ends belong to the time", () => {
	const dates = { notBefore: time(NOW - 100), notAfter: time(NOW + 100) };
	const short = leaf(top, dates);
	for (const [seconds, expected] of [
		[NOW - 101, "CERTIFICATE_NOT_YET_VALID 0"],
		[NOW - 100, "ok"],
		[NOW + 100, "ok"],
		[NOW + 101, "CERTIFICATE_EXPIRED 0"],
	] as const)
		assert.equal(outcome([short], { seconds }), expected);
	const shortMiddle = authority(top, dates);
	assert.equal(outcome([leaf(shortMiddle), shortMiddle], { seconds: NOW + 101 }), "CERTIFICATE_EXPIRED 1");
	const shortRoot = root(dates);
	assert.equal(outcome([leaf(shortRoot)], { anchors: [shortRoot.der], seconds: NOW + 101 }), "CERTIFICATE_EXPIRED -1", "the anchor");
	assert.equal(outcome([short], { seconds: NOW + 101, policy: { checkExpiry: false } }), "ok");
	assert.equal(check([short], { seconds: NOW + 101 }).result, VERIFY_EXPIRED);
	assert.equal(check([short], { seconds: NOW - 101 }).result, VERIFY_NOT_YET_VALID);
});

test("a device that doesn't know the time", () => {
	const short = leaf(top, { notBefore: time(NOW - 100), notAfter: time(NOW + 100) });
	const refused = check([short], { seconds: -1 });
	assert.equal(refused.outcome, "CERTIFICATE_TIME_UNKNOWN");
	assert.equal(refused.result, VERIFY_TIME_UNKNOWN);
	const accepted = check([short], { seconds: -1, policy: { timeUnknown: TIME_UNKNOWN_ACCEPT } });
	assert.equal(accepted.outcome, "ok");
	assert.equal(accepted.result, VERIFY_TIME_UNKNOWN, "the flag stays set");
	assert.equal(check([short], { seconds: -1, policy: { checkExpiry: false } }).result, 0);
});

test("the verify result has every reason, and the first in order is the failure", () => {
	const stranger = root({ subject: name("Stranger") });
	const bad = leaf(stranger, { pair: pairOf("rsa1024"), notAfter: time(NOW - 1) });
	const answer = check([bad], { name: "other.example" });
	assert.equal(answer.outcome, "CERTIFICATE_EXPIRED");
	assert.equal(answer.result, VERIFY_EXPIRED | VERIFY_BAD_KEY | VERIFY_NOT_TRUSTED | VERIFY_NAME_MISMATCH);
	assert.equal(firstReason(answer.result), VERIFY_EXPIRED);
	assert.equal(firstReason(0), 0);
});

test("hashes and algorithms of signatures", () => {
	const rsaRoot = root({ pair: pairOf("rsa", "root") });
	const old = leaf(rsaRoot, { hash: "sha1" });
	const refused = check([old], { anchors: [rsaRoot.der] });
	assert.equal(refused.outcome, "CERTIFICATE_HASH_REFUSED");
	assert.equal(refused.result, VERIFY_BAD_HASH_ALGORITHM);
	assert.equal(outcome([leaf(top, { hash: "sha1" })]), "CERTIFICATE_HASH_REFUSED 0");
	assert.equal(outcome([leaf(rsaRoot, { hash: "md5" })], { anchors: [rsaRoot.der] }), "CERTIFICATE_HASH_REFUSED 0");
	assert.equal(outcome([old], { anchors: [rsaRoot.der], policy: { schemes: [...CERTIFICATE_SCHEMES, 0x0201] } }), "ok", "asked for by name");
	const oldRoot = root({ pair: pairOf("rsa", "root"), hash: "sha1" });
	assert.equal(outcome([leaf(oldRoot)], { anchors: [oldRoot.der] }), "ok", "nobody checks an anchor's own signature");
	assert.equal(outcome([leaf(top, { hash: "sha512" })], { policy: { schemes: [0x0403] } }), "CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED 0");
	assert.equal(outcome([leaf(top, { algorithm: sequence(oid("1.2.840.10045.4.3.9")) })]), "CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED 0", "unknown");
	assert.equal(outcome([leaf(top, { algorithm: sequence(oid("1.3.101.112")) })]), "CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED 0", "not the key's");
	assert.equal(check([leaf(top, { algorithm: sequence(oid("1.3.101.112")) })]).result, VERIFY_BAD_KEY_TYPE);
});

test("PSS: the parameters that TLS has a scheme for, and those that the key was made for", () => {
	const pss = root({ pair: pairOf("rsa-pss", "root") });
	const anchors = [pss.der];
	assert.equal(outcome([leaf(pss)], { anchors }), "ok");
	assert.equal(outcome([leaf(pss, { algorithm: pssAlgorithm(20) })], { anchors }), "CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED 0", "salt");
	const sha384 = "2.16.840.1.101.3.4.2.2";
	assert.equal(outcome([leaf(pss, { algorithm: pssAlgorithm(48, sha384) })], { anchors }), "CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED 0", "not the key's hash");
	assert.equal(
		outcome([leaf(pss, { algorithm: pssAlgorithm(32, "2.16.840.1.101.3.4.2.1", sha384) })], { anchors }),
		"CERTIFICATE_SIGNATURE_ALGORITHM_REFUSED 0",
		"two hashes",
	);
	const rsa = root({ pair: pairOf("rsa", "root") });
	assert.equal(outcome([leaf(rsa, { algorithm: pssAlgorithm(48, sha384) })], { anchors: [rsa.der] }), "CERTIFICATE_SIGNATURE_WRONG 0", "PKCS#1 called PSS");
});

test("kinds and sizes of keys", () => {
	const small = leaf(top, { pair: pairOf("rsa1024") });
	assert.equal(outcome([small]), "CERTIFICATE_KEY_TOO_SMALL 0");
	assert.equal(check([small]).result, VERIFY_BAD_KEY);
	assert.equal(outcome([small], { policy: { minimumRsaBits: 1024 } }), "ok");
	assert.equal(outcome([small], { policy: { minimumRsaBits: 1025 } }), "CERTIFICATE_KEY_TOO_SMALL 0");
	const smallMiddle = authority(top, { pair: pairOf("rsa1024") });
	assert.equal(outcome([leaf(smallMiddle), smallMiddle]), "CERTIFICATE_KEY_TOO_SMALL 1");
	const smallRoot = root({ pair: pairOf("rsa1024") });
	assert.equal(outcome([leaf(smallRoot)], { anchors: [smallRoot.der] }), "CERTIFICATE_KEY_TOO_SMALL -1");
	const other = leaf(top, { pair: pairOf("p521") });
	assert.equal(outcome([other]), "CERTIFICATE_KEY_TYPE_REFUSED 0", "a curve that nobody has here");
	assert.equal(check([other]).result, VERIFY_BAD_KEY_TYPE);
	const dsa = sequence(sequence(oid("1.2.840.10040.4.1"), sequence(integer(23), integer(11), integer(2))), der(0x03, raw(0), integer(3)));
	assert.equal(outcome([leaf(top, { info: dsa })]), "CERTIFICATE_KEY_TYPE_REFUSED 0");
	const compressed = sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), der(0x03, raw(0, 2), rawKey(pairOf("p256")).subarray(1, 33)));
	assert.equal(outcome([leaf(top, { info: compressed })]), "CERTIFICATE_KEY_TYPE_REFUSED 0", "a compressed point");
	const huge = sequence(sequence(oid("1.2.840.113549.1.1.1"), raw(5, 0)), der(0x03, raw(0), sequence(integer(new Uint8Array(700).fill(0x7f)), integer(65537))));
	assert.equal(outcome([leaf(top, { info: huge })]), "CERTIFICATE_KEY_TOO_LARGE 0");
});

test("only an authority signs certificates", () => {
	const plain = leaf(top, { subject: name("Plain") });
	assert.equal(outcome([leaf(plain), plain]), "CERTIFICATE_NOT_AUTHORITY 1");
	const ids = (pair = middle.pair) => [subjectKeyId(keyId(pair)), authorityKeyId(keyId(top.pair))];
	const without = authority(top, { pair: middle.pair, extensions: [keyUsage(5), ...ids()] });
	assert.equal(outcome([leaf(without), without]), "CERTIFICATE_FORM_REFUSED 1", "no basicConstraints, but keyCertSign");
	const silent = authority(top, { pair: middle.pair, extensions: ids() });
	assert.equal(outcome([leaf(silent), silent]), "CERTIFICATE_NOT_AUTHORITY 1");
	const version1 = authority(top, { pair: middle.pair, version: null, extensions: [] });
	assert.equal(outcome([leaf(version1), version1]), "CERTIFICATE_NOT_AUTHORITY 1", "version 1 can't say it");
	const noUsage = authority(top, { pair: middle.pair, extensions: [basicConstraints(true), ...ids()] });
	assert.equal(outcome([leaf(noUsage), noUsage]), "ok", "without a keyUsage all is allowed");
	const noSigner = authority(top, { pair: middle.pair, extensions: [basicConstraints(true), keyUsage(0, 6), ...ids()] });
	assert.equal(outcome([leaf(noSigner), noSigner]), "CERTIFICATE_NOT_SIGNER 1");
	const oldRoot = root({ version: null, extensions: [] });
	assert.equal(outcome([leaf(oldRoot)], { anchors: [oldRoot.der] }), "ok", "an anchor of version 1 is what it is configured as");
	const leafRoot = root({ extensions: [basicConstraints(false)] });
	assert.equal(outcome([leaf(leafRoot)], { anchors: [leafRoot.der] }), "CERTIFICATE_NOT_AUTHORITY -1", "one of version 3 says that it isn't one");
});

test("pathLenConstraint", () => {
	for (const [pathLength, below, expected] of [
		[0, 0, "ok"],
		[0, 1, "CERTIFICATE_PATH_TOO_LONG 1"],
		[1, 1, "ok"],
		[1, 2, "CERTIFICATE_PATH_TOO_LONG 1"],
	] as const) {
		const chain = middles(below + 1, (i) => (i === 0 ? { pathLength } : {}));
		assert.equal(outcome([leaf(chain[0]), ...chain]), expected, `${below} below one of ${pathLength}`);
		const limited = root({ pathLength });
		const under = below === 0 ? [] : [authority(limited)];
		if (below === 2) under.unshift(authority(under[0], { subject: name("Second") }));
		assert.equal(outcome([leaf(under[0] ?? limited), ...under], { anchors: [limited.der] }), expected, "the anchor's counts too");
	}
	const own = authority(top, { pathLength: 0 });
	const renewed = authority(own, { subject: own.subject });
	assert.equal(outcome([leaf(renewed), renewed, own]), "ok", "an authority's certificate for itself doesn't count");
	const asLeaf = authority(own, { subject: name("Leaf"), more: [subjectAltName(dns("leaf.example"))] });
	assert.equal(outcome([asLeaf, own], { policy: { leafKeyUsage: 0 } }), "ok", "the leaf doesn't count either, whatever it is");
});

test("the depth of a path", () => {
	const chain = middles(7);
	assert.equal(outcome([leaf(chain[1]), ...chain.slice(1)]), "ok", "six by default");
	assert.equal(outcome([leaf(chain[0]), ...chain]), "CERTIFICATE_DEPTH_EXCEEDED 0");
	assert.equal(outcome([leaf(chain[0]), ...chain], { policy: { maxDepth: 7 } }), "ok");
	assert.equal(outcome([leaf(top)], { policy: { maxDepth: 0 } }), "ok");
	assert.equal(outcome([leaf(middle), middle], { policy: { maxDepth: 0 } }), "CERTIFICATE_DEPTH_EXCEEDED 0");
});

test("extendedKeyUsage: of the leaf, and of the authorities above it", () => {
	const purposes = (wish: string[] | null): Wish => ({
		extensions: [basicConstraints(false), ...(wish ? [extendedKeyUsage(...wish)] : [])],
	});
	for (const [wish, server, client] of [
		[null, "ok", "ok"],
		[[SERVER_AUTH], "ok", "CERTIFICATE_PURPOSE_REFUSED 0"],
		[[CLIENT_AUTH], "CERTIFICATE_PURPOSE_REFUSED 0", "ok"],
		[["1.3.6.1.5.5.7.3.3", SERVER_AUTH], "ok", "CERTIFICATE_PURPOSE_REFUSED 0"],
		[[ANY_PURPOSE], "ok", "ok"],
		[["1.3.6.1.5.5.7.3.3"], "CERTIFICATE_PURPOSE_REFUSED 0", "CERTIFICATE_PURPOSE_REFUSED 0"],
	] as const) {
		const each = leaf(top, purposes(wish as string[] | null));
		assert.equal(outcome([each]), server, `${wish} as a server`);
		assert.equal(outcome([each], { policy: { purpose: PURPOSE_CLIENT } }), client, `${wish} as a client`);
	}
	const mail = authority(top, { more: [extendedKeyUsage("1.3.6.1.5.5.7.3.4")] });
	assert.equal(outcome([leaf(mail), mail]), "CERTIFICATE_PURPOSE_REFUSED 1");
	const server = authority(top, { more: [extendedKeyUsage(SERVER_AUTH)] });
	assert.equal(outcome([leaf(server), server]), "ok");
	assert.equal(outcome([leaf(server), server], { policy: { purpose: PURPOSE_CLIENT } }), "CERTIFICATE_PURPOSE_REFUSED 1");
});

test("keyUsage of the leaf", () => {
	for (const [number, expected] of [
		[0, "ok"],
		[2, "ok"],
		[4, "ok"],
		[1, "CERTIFICATE_KEY_USAGE_REFUSED 0"],
		[6, "CERTIFICATE_KEY_USAGE_REFUSED 0"],
	] as const) {
		const each = leaf(top, { extensions: [basicConstraints(false), keyUsage(number)] });
		assert.equal(outcome([each]), expected, `bit ${number}`);
		const { verifier } = check([each], { policy: { leafKeyUsage: 0 } });
		assert.equal(verifier.leafKeyUsage, 1 << number);
	}
	assert.equal(check([leaf(top, { extensions: [] })]).verifier.leafKeyUsage, 511, "nothing said, all allowed");
});

test("critical extensions that nobody knows", () => {
	const unknown = (critical: boolean) => extension("1.3.6.1.4.1.99999.1", critical, raw(1, 2, 3));
	assert.equal(outcome([leaf(top, { more: [unknown(false), subjectAltName(dns("leaf.example"))] })]), "ok");
	assert.equal(outcome([leaf(top, { more: [unknown(true), subjectAltName(dns("leaf.example"))] })]), "CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN 0");
	const above = authority(top, { more: [unknown(true)] });
	assert.equal(outcome([leaf(above), above]), "CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN 1");
	const anchor = root({ more: [unknown(true)] });
	assert.equal(outcome([leaf(anchor)], { anchors: [anchor.der] }), "CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN -1");
});

test("names of the leaf", () => {
	const named = leaf(top, { more: [subjectAltName(dns("a.example"), dns("*.b.example"), address(192, 0, 2, 7))] });
	assert.equal(outcome([named], { name: "a.example" }), "ok");
	assert.equal(outcome([named], { name: "x.b.example" }), "ok");
	assert.equal(outcome([named], { name: "192.0.2.7" }), "ok");
	assert.equal(outcome([named], { name: "" }), "ok", "nobody asks");
	for (const wrong of ["b.example", "c.example", "x.y.b.example", "192.0.2.8", "Leaf", "a_b"])
		assert.equal(outcome([named], { name: wrong }), "CERTIFICATE_NAME_MISMATCH 0", wrong);
	assert.equal(check([named], { name: "c.example" }).result, VERIFY_NAME_MISMATCH);
	const common = leaf(top, { subject: name("leaf.example"), more: [basicConstraints(false)], extensions: [] });
	assert.equal(outcome([common]), "CERTIFICATE_NAME_MISMATCH 0", "a common name is no name");
});

test("a malformed certificate, wherever it is in the list", () => {
	const broken = { ...leaf(top), der: raw(0x30, 3, 2, 1, 1) };
	assert.equal(outcome([broken]), "CERTIFICATE_MALFORMED 0");
	assert.equal(outcome([leaf(top), broken]), "CERTIFICATE_MALFORMED 1");
});

test("a failure names the subject of the certificate that it is about", () => {
	const about = (chain: Forged[], rest: Partial<Question> = {}): [number, string] => {
		const { index, verifier } = check(chain, rest);
		const subject = verifier.failedSubject();
		return [index, subject.length === 0 ? "" : nameText(subject, 0, subject.length)];
	};
	const old = { notAfter: time(NOW - 1) };
	assert.deepEqual(about([leaf(middle, { ...old, subject: name("Sensor") }), middle]), [0, "CN=Sensor"]);
	const stale = authority(top, { ...old, subject: name("Old authority") });
	assert.deepEqual(about([leaf(stale), stale]), [1, "CN=Old authority"]);
	const ended = root({ ...old, subject: name("Old root") });
	assert.deepEqual(about([leaf(ended)], { anchors: [ended.der] }), [ANCHOR_INDEX, "CN=Old root"]);
	assert.deepEqual(about([leaf(root({ subject: name("Stranger") }), { subject: name("Lost") })]), [0, "CN=Lost"]);
	assert.deepEqual(about([{ ...leaf(top), der: raw(0x30, 3, 2, 1, 1) }]), [0, ""]);
	assert.deepEqual(about([]), [0, ""]);
});

test("certificates in any order, with others between them", () => {
	const chain = middles(3);
	const end = leaf(chain[0]);
	const stranger = authority(root({ subject: name("Stranger") }), { subject: name("Other") });
	for (const order of [
		[end, chain[2], chain[1], chain[0]],
		[end, stranger, chain[1], chain[2], stranger, chain[0]],
		[end, chain[0], chain[0], chain[1], chain[1], chain[2]],
		[end, top, ...chain],
	])
		assert.equal(outcome(order), "ok");
});

test("cross-signed authorities: another way is tried where one fails", () => {
	const pair = pairOf("p256", "cross");
	const strange = root({ subject: name("Stranger") });
	const dead = authority(top, { pair, notAfter: time(NOW - 1) });
	const good = authority(top, { pair });
	const elsewhere = authority(strange, { pair });
	for (const order of [
		[dead, good],
		[elsewhere, good],
		[elsewhere, dead, good],
		[good, dead],
	])
		assert.equal(outcome([leaf(good), ...order]), "ok");
	assert.equal(outcome([leaf(good), elsewhere, dead]), "CERTIFICATE_EXPIRED 2");
	// the same authority as an anchor and as an expired certificate in the list
	assert.equal(outcome([leaf(good), dead], { anchors: [root({ pair, subject: name("Authority") }).der] }), "ok");
	const decoy = authority(top, { pair: pairOf("p256", "decoy") });
	const dead1 = leaf(good, { notAfter: time(NOW - 1) });
	assert.equal(outcome([dead1, decoy, good]), "CERTIFICATE_EXPIRED 0", "the reason is that of the path that fits");
});

test("two authorities that sign each other come to an end", () => {
	const a = { pair: pairOf("p256", "a"), subject: name("A") };
	const b = { pair: pairOf("p256", "b"), subject: name("B") };
	const first = root(a);
	const second = root(b);
	const ab = authority(first, b);
	const ba = authority(second, a);
	assert.equal(outcome([leaf(ab), ab, ba]), "CERTIFICATE_ISSUER_UNKNOWN 0");
	assert.equal(outcome([leaf(ab), ab, ba], { anchors: [first.der] }), "ok");
	assert.equal(outcome([leaf(ab), ba, ab], { anchors: [second.der] }), "ok");
});

test("many namesakes: a bounded number of attempts", () => {
	const namesakes: Forged[] = [];
	for (let i = 0; i < 25; i++) namesakes.push(authority(top, { pair: pairOf("p256", `namesake ${i}`), extensions: [basicConstraints(true)] }));
	const right = namesakes[24];
	const end = leaf(right, { extensions: [] });
	assert.equal(outcome([end, ...namesakes.slice(10)]), "ok");
	assert.equal(outcome([end, ...namesakes]), "CERTIFICATE_PATHS_EXHAUSTED 0");
	const again: Forged[] = [];
	for (let i = 0; i < 20; i++)
		again.push(authority(root({ subject: name("Authority") }), { subject: name("Authority"), extensions: [basicConstraints(true)] }));
	const stuck = check([leaf(again[0], { extensions: [] }), ...again]);
	assert.equal(stuck.outcome, "CERTIFICATE_PATHS_EXHAUSTED");
	assert.ok(stuck.steps < 500, `${stuck.steps} steps`);
});

test("key identifiers are hints only", () => {
	const lying = leaf(top, { extensions: [authorityKeyId(raw(1, 2, 3))] });
	assert.equal(outcome([lying]), "ok");
	const right = authority(top, { pair: pairOf("p256", "right") });
	const wrong = authority(top, { pair: pairOf("p256", "wrong") });
	const answer = check([leaf(right), wrong, right]);
	assert.equal(answer.outcome, "ok");
	assert.equal(check([leaf(right), right]).steps + 3, answer.steps, "the namesake with another identifier is read, in three steps, and costs no signature");
});

test("the leaf itself, or an intermediate, as an anchor", () => {
	const self = forge({ subject: name("Device"), more: [subjectAltName(dns("leaf.example"))] });
	assert.equal(outcome([self], { anchors: [self.der] }), "ok");
	assert.equal(outcome([self]), "CERTIFICATE_ISSUER_UNKNOWN 0");
	assert.equal(outcome([self], { anchors: [self.der], name: "other.example" }), "CERTIFICATE_NAME_MISMATCH 0");
	assert.equal(outcome([self], { anchors: [self.der], seconds: 1 }), "CERTIFICATE_NOT_YET_VALID 0");
	const end = leaf(middle);
	assert.equal(outcome([end], { anchors: [middle.der] }), "ok", "a partial chain");
	assert.equal(outcome([end], { anchors: [middle.der], policy: { partialChains: false } }), "CERTIFICATE_ISSUER_UNKNOWN 0");
	assert.equal(outcome([end], { anchors: [middle.der, top.der], policy: { partialChains: false } }), "ok", "but it helps on the way to a root");
	assert.equal(outcome([end], { anchors: [end.der] }), "ok");
	assert.equal(outcome([end], { anchors: [end.der], policy: { partialChains: false } }), "CERTIFICATE_ISSUER_UNKNOWN 0");
	assert.equal(outcome([self], { anchors: [self.der], policy: { partialChains: false } }), "ok");
});

test("trustAll: nothing is verified, and the result says so", () => {
	const stranger = leaf(root({ subject: name("Stranger") }), { notAfter: time(NOW - 1) });
	const answer = check([stranger], { policy: { trustAll: true }, name: "other.example" });
	assert.equal(answer.outcome, "ok");
	assert.equal(answer.result, VERIFY_SKIPPED | VERIFY_EXPIRED | VERIFY_NAME_MISMATCH);
	assert.equal(answer.verifier.failure, 0);
	assert.equal(outcome([{ ...stranger, der: raw(0x30, 0) }], { policy: { trustAll: true } }), "CERTIFICATE_MALFORMED 0", "what isn't a certificate has no key");
});

test("one verifier serves many chains, and a wiped one starts anew", () => {
	const { verifier } = check([leaf(middle), middle]);
	assert.equal(check([leaf(middle), middle], { verifier, seconds: 1 }).outcome, "CERTIFICATE_NOT_YET_VALID");
	verifier.wipe();
	assert.equal(check([leaf(top)], { verifier }).outcome, "ok");
	assert.equal(verifier.failure, 0);
});

test("names that differ in case, spaces and kind of string are the same", () => {
	const spaced = root({ subject: sequence(set(attribute("2.5.4.10", "  The   Company ")), set(attribute("2.5.4.3", "ROOT"))) });
	const wanted = sequence(set(attribute("2.5.4.10", "the company", 0x13)), set(attribute("2.5.4.3", "Root", 0x13)));
	assert.equal(outcome([leaf(spaced, { issuerName: wanted })], { anchors: [spaced.der] }), "ok");
	const others = [
		sequence(set(attribute("2.5.4.10", "the company")), set(attribute("2.5.4.3", "Root2"))),
		sequence(set(attribute("2.5.4.10", "thecompany")), set(attribute("2.5.4.3", "Root"))),
		sequence(set(attribute("2.5.4.10", "the company"), attribute("2.5.4.3", "Root"))),
		sequence(set(attribute("2.5.4.11", "the company")), set(attribute("2.5.4.3", "Root"))),
		sequence(set(attribute("2.5.4.10", "the company"))),
		sequence(set(attribute("2.5.4.10", "the company")), set(attribute("2.5.4.3", "Root")), set(attribute("2.5.4.3", "Root"))),
		sequence(set(attribute("2.5.4.10", "the company")), set(attribute("2.5.4.3", "Root", 0x1e))),
	];
	for (const issuerName of others) assert.equal(outcome([leaf(spaced, { issuerName })], { anchors: [spaced.der] }), "CERTIFICATE_ISSUER_UNKNOWN 0");
});

test("forms that RFC 5280 forbids", () => {
	const san = subjectAltName(dns("leaf.example"));
	const refuse = (wish: Wish, what: string) => assert.equal(outcome([leaf(top, wish)]), "CERTIFICATE_FORM_REFUSED 0", what);
	const pair = pairOf("p256", "form");
	refuse({ pair, extensions: [san, extension("2.5.29.35", true, sequence(der(0x80, keyId(top.pair))))], more: [] }, "critical authorityKeyIdentifier");
	refuse({ pair, extensions: [san, extension("2.5.29.14", true, der(4, raw(1)))], more: [] }, "critical subjectKeyIdentifier");
	const access = sequence(sequence(oid("1.3.6.1.5.5.7.48.2"), der(0x86, raw(0x61))));
	refuse({ pair, extensions: [san, extension("1.3.6.1.5.5.7.1.1", true, access)], more: [] }, "critical authorityInfoAccess");
	assert.equal(outcome([leaf(top, { pair, extensions: [san, extension("1.3.6.1.5.5.7.1.1", false, access)], more: [] })]), "ok");
	refuse({ serial: integer(0) }, "serial number zero");
	refuse({ extensions: [san, basicConstraints(false), keyUsage(0, 5)], more: [] }, "keyCertSign without being an authority");
	refuse({ subject: emptyName }, "no subject, and alternative names that may be overlooked");
	const critical = extension("2.5.29.17", true, sequence(dns("leaf.example")));
	assert.equal(outcome([leaf(top, { subject: emptyName, more: [critical] })]), "ok");
	refuse({ extensions: [san, extension("2.5.29.30", true, sequence(der(0xa0, sequence(dns("example")))))], more: [] }, "nameConstraints of a leaf");
	const zero = root({ serial: integer(0) });
	assert.equal(outcome([leaf(zero)], { anchors: [zero.der] }), "ok", "an anchor's number doesn't matter");
});

test("the strict profile: what RFC 5280 section 4 demands beyond", () => {
	const strict = { policy: { profile: PROFILE_STRICT } };
	assert.equal(outcome([leaf(middle), middle], strict), "ok");
	const noIssuerId = leaf(top, { extensions: [basicConstraints(false)] });
	assert.equal(outcome([noIssuerId]), "ok");
	assert.equal(outcome([noIssuerId], strict), "CERTIFICATE_FORM_REFUSED 0");
	for (const extensions of [
		[basicConstraints(true), keyUsage(5), authorityKeyId(keyId(top.pair))],
		[basicConstraints(true), subjectKeyId(keyId(middle.pair)), authorityKeyId(keyId(top.pair))],
		[basicConstraints(true, undefined, false), keyUsage(5), subjectKeyId(keyId(middle.pair)), authorityKeyId(keyId(top.pair))],
		[
			basicConstraints(true),
			keyUsage(5),
			subjectKeyId(keyId(middle.pair)),
			authorityKeyId(keyId(top.pair)),
			extension("2.5.29.36", false, sequence(der(0x80, raw(5)))),
		],
		[
			basicConstraints(true),
			keyUsage(5),
			subjectKeyId(keyId(middle.pair)),
			authorityKeyId(keyId(top.pair)),
			extension("2.5.29.30", false, sequence(der(0xa0, sequence(dns("example"))))),
		],
	]) {
		const sloppy = authority(top, { pair: middle.pair, extensions });
		assert.equal(outcome([leaf(sloppy), sloppy]), "ok");
		assert.equal(outcome([leaf(sloppy), sloppy], strict), "CERTIFICATE_FORM_REFUSED 1");
	}
	const marked = authority(top, { more: [policyConstraints(5)] });
	assert.equal(outcome([leaf(marked), marked], strict), "ok");
});

test("the web profile: what the baseline requirements demand beyond", () => {
	const web = { policy: { profile: PROFILE_WEB } };
	const ids = [subjectKeyId(keyId(pairOf("p256", "web"))), authorityKeyId(keyId(top.pair))];
	const make = (wish: Wish) => leaf(top, { pair: pairOf("p256", "web"), subject: name("leaf.example"), ...wish });
	assert.equal(outcome([make({})], web), "ok");
	const refuse = (wish: Wish, what: string) => {
		assert.equal(outcome([make(wish)]), "ok", what);
		assert.equal(outcome([make(wish)], web), "CERTIFICATE_FORM_REFUSED 0", what);
	};
	refuse({ extensions: [basicConstraints(false), ...ids] }, "no purpose");
	refuse({ extensions: [extendedKeyUsage(SERVER_AUTH, ANY_PURPOSE), ...ids] }, "any purpose");
	refuse({ extensions: [extension("2.5.29.37", true, sequence(oid(SERVER_AUTH))), ...ids] }, "critical purposes");
	refuse({ subject: name("other.example") }, "a common name that is no alternative name");
	refuse({ subject: name("LEAF.example") }, "another case");
	refuse({ more: [extension("2.5.29.17", true, sequence(dns("leaf.example")))] }, "critical names beside a subject");
	refuse({ extensions: [extendedKeyUsage(SERVER_AUTH), basicConstraints(true), ...ids] }, "an authority");
	const full = extension("2.5.29.35", false, sequence(der(0x80, keyId(top.pair)), der(0xa1, der(0xa4, top.subject)), der(0x82, raw(9))));
	refuse({ extensions: [extendedKeyUsage(SERVER_AUTH), full] }, "the issuer's name and number");
	const texts: [number[], string, string][] = [
		[[192, 0, 2, 7], "192.0.2.7", "ok"],
		[[192, 0, 2, 7], "192.0.2.07", "CERTIFICATE_FORM_REFUSED 0"],
		[[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:db8::1", "ok"],
		[[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:DB8::1", "CERTIFICATE_FORM_REFUSED 0"],
		[[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "0:0:1::", "ok"],
		[[0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7], "1:0:2:3:4:5:6:7", "ok"],
		[[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "::", "ok"],
	];
	for (const [bytes, common, expected] of texts)
		assert.equal(outcome([make({ subject: name(common), more: [subjectAltName(address(...bytes), dns("leaf.example"))] })], web), expected, common);
	for (const more of [[extendedKeyUsage(SERVER_AUTH)], [extension("2.5.29.35", false, sequence(der(0x80, raw(1))))]]) {
		const anchor = root({ extensions: [basicConstraints(true), keyUsage(5), subjectKeyId(raw(7)), ...more] });
		const under = make({ extensions: [extendedKeyUsage(SERVER_AUTH), authorityKeyId(raw(7))], issuer: anchor });
		assert.equal(outcome([under], { anchors: [anchor.der] }), "ok");
		assert.equal(outcome([under], { anchors: [anchor.der], ...web }), "CERTIFICATE_FORM_REFUSED -1");
	}
	assert.equal(outcome([leaf(top, { version: null, extensions: [], more: [] })], { ...web, name: "" }), "CERTIFICATE_FORM_REFUSED 0", "version 1");
});

test("a full list refuses more", () => {
	const list = new CertificateList(2);
	list.reset(new Uint8Array(10));
	assert.ok(list.add(0, 1));
	assert.ok(list.add(1, 2));
	assert.ok(!list.add(2, 3));
	assert.equal(list.count, 2);
	assert.ok(nothing.length === 0);
});
