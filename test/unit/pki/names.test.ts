// Reference names (RFC 9525), name constraints and policies.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REFERENCE_DNS, REFERENCE_IP, REFERENCE_NONE, REFERENCE_REFUSED, ReferenceName } from "polltls/pki/reference-name";
import { type Question, verifyChain } from "../../support/chains.js";
import {
	address,
	attribute,
	authority,
	type Bytes,
	basicConstraints,
	der,
	directory,
	dns,
	emptyName,
	extension,
	type Forged,
	inhibitAnyPolicy,
	leaf,
	mailbox,
	NOW,
	name,
	nameConstraints,
	oid,
	pairOf,
	policies,
	policyConstraints,
	policyMappings,
	root,
	sequence,
	set,
	subjectAltName,
	uri,
	type Wish,
} from "../../support/forge.js";

const top = root();
function outcome(chain: Forged[], rest: Partial<Question> = {}): string {
	const answer = verifyChain({ chain: chain.map((each) => each.der), anchors: [top.der], seconds: NOW, ...rest });
	return answer.outcome === "ok" ? "ok" : `${answer.outcome} ${answer.index}`;
}

test("reference names: what is a host, what an address, what neither", () => {
	const reference = new ReferenceName();
	const text = (): string => Buffer.from(reference.bytes.subarray(0, reference.length)).toString(reference.kind === REFERENCE_IP ? "hex" : "latin1");
	for (const [name, kind, value] of [
		["", REFERENCE_NONE, undefined],
		["a", REFERENCE_DNS, "a"],
		["Device.Example", REFERENCE_DNS, "device.example"],
		["device.example.", REFERENCE_DNS, "device.example"],
		["xn--bcher-kva.example", REFERENCE_DNS, "xn--bcher-kva.example"],
		["1.example", REFERENCE_DNS, "1.example"],
		["192.0.2.7", REFERENCE_IP, "c0000207"],
		["0.0.0.0", REFERENCE_IP, "00000000"],
		["255.255.255.255", REFERENCE_IP, "ffffffff"],
		["::", REFERENCE_IP, "00000000000000000000000000000000"],
		["::1", REFERENCE_IP, "00000000000000000000000000000001"],
		["1::", REFERENCE_IP, "00010000000000000000000000000000"],
		["[2001:DB8::7]", REFERENCE_IP, "20010db8000000000000000000000007"],
		["2001:db8:0:0:0:0:0:7", REFERENCE_IP, "20010db8000000000000000000000007"],
		["1:2:3:4:5:6:7::", REFERENCE_IP, "00010002000300040005000600070000"],
		["::ffff:192.0.2.7", REFERENCE_IP, "00000000000000000000ffffc0000207"],
		["1:2:3:4:5:6:1.2.3.4", REFERENCE_IP, "00010002000300040005000601020304"],
	] as const) {
		assert.equal(reference.set(name), kind, name);
		if (value !== undefined) assert.equal(text(), value, name);
	}
	const refused = [
		"bücher.example",
		"a b",
		"*.example",
		"a..b",
		".a",
		".",
		"..",
		"-a.example",
		"a-.example",
		"a_b.example",
		"a/b",
		"1.2.3",
		"1.2.3.4.5",
		"256.1.1.1",
	];
	refused.push(
		"01.2.3.4",
		"1.2.3.999",
		"0x7f.1",
		`${"a".repeat(64)}.example`,
		`${"a.".repeat(127)}aa`,
		"a:b",
		":",
		":::",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
	);
	refused.push("1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "[::1", "::1%eth0");
	for (const name of refused) assert.equal(reference.set(name), REFERENCE_REFUSED, name);
	assert.equal(reference.set(`${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`), REFERENCE_DNS, "253 characters");
	assert.equal(reference.set(`${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(62)}`), REFERENCE_REFUSED, "254");
});

test("reference names against presented ones", () => {
	const presented = (san: Bytes, name: string): string => outcome([leaf(top, { more: [subjectAltName(san)] })], { name });
	for (const [san, name] of [
		["device.example", "DEVICE.example"],
		["DEVICE.example", "device.example."],
		["*.example.org", "a.example.org"],
		["*.Example.org", "xn--a.example.ORG"],
	] as const)
		assert.equal(presented(dns(san), name), "ok", `${san} for ${name}`);
	for (const [san, name] of [
		["*.example.org", "example.org"],
		["*.example.org", "a.b.example.org"],
		["*.org", "example.org"],
		["*", "org"],
		["*.", "org"],
		["a*.example.org", "ab.example.org"],
		["*a.example.org", "ba.example.org"],
		["xn--*.example.org", "xn--a.example.org"],
		["a.*.org", "a.example.org"],
		["*.*.org", "a.b.org"],
		["example.org.", "example.org"],
		[".example.org", "a.example.org"],
		["example.org", "xexample.org"],
		["192.0.2.7", "192.0.2.7"],
		["", "a.example"],
	] as const)
		assert.equal(presented(dns(san), name), "CERTIFICATE_NAME_MISMATCH 0", `${san} for ${name}`);
	assert.equal(presented(uri("https://a.example/"), "a.example"), "CERTIFICATE_NAME_MISMATCH 0");
	assert.equal(presented(address(0x61, 0x2e, 0x62, 0x63), "a.bc"), "CERTIFICATE_NAME_MISMATCH 0", "an address that reads like a name");
	assert.equal(presented(dns("::1"), "::1"), "CERTIFICATE_NAME_MISMATCH 0");
	const six = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
	assert.equal(presented(address(...six), "2001:db8::7"), "ok");
	assert.equal(presented(address(...six.slice(0, 15), 8), "2001:db8::7"), "CERTIFICATE_NAME_MISMATCH 0");
	assert.equal(presented(address(...six.slice(0, 4)), "2001:db8::7"), "CERTIFICATE_NAME_MISMATCH 0");
});

const NOT_PERMITTED = "CERTIFICATE_NAME_NOT_PERMITTED 0";
/** The outcome of a leaf with these names under an authority with these constraints. */
function constrained(permitted: Bytes[], excluded: Bytes[], names: Bytes[], subject: Bytes = emptyName): string {
	const middle = authority(top, { pair: pairOf("p256", "constrained"), more: [nameConstraints(permitted, excluded)] });
	const san = names.length > 0 ? [extension("2.5.29.17", subject === emptyName, sequence(...names))] : [];
	return outcome([leaf(middle, { pair: pairOf("p256", "leaf"), subject, more: san }), middle]);
}

test("constraints of hosts", () => {
	for (const [base, host, expected] of [
		["example.org", "example.org", true],
		["example.org", "a.EXAMPLE.org", true],
		["example.org", "a.b.example.org", true],
		["example.org", "*.example.org", true],
		["example.org", "xexample.org", false],
		["example.org", "org", false],
		["a.example.org", "*.example.org", false],
		[".example.org", "a.example.org", true],
		[".example.org", "example.org", false],
		["", "any.example", true],
	] as const) {
		assert.equal(constrained([dns(base)], [], [dns(host)]), expected ? "ok" : NOT_PERMITTED, `${host} permitted by ${base}`);
		if (base !== "a.example.org") assert.equal(constrained([], [dns(base)], [dns(host)]), expected ? NOT_PERMITTED : "ok", `${host} excluded by ${base}`);
	}
	assert.equal(constrained([], [dns("a.example.org")], [dns("*.example.org")]), NOT_PERMITTED, "a wildcard that could stand for it");
	assert.equal(constrained([], [dns("b.a.example.org")], [dns("*.example.org")]), "ok", "one that couldn't");
	assert.equal(constrained([dns("a.example"), dns("b.example")], [], [dns("b.example"), dns("x.a.example")]), "ok", "one of several");
	assert.equal(constrained([dns("a.example")], [], [dns("a.example"), dns("b.example")]), NOT_PERMITTED, "every name must be permitted");
	assert.equal(constrained([dns("example")], [dns("a.example")], [dns("b.example")]), "ok");
	assert.equal(constrained([dns("example")], [dns("a.example")], [dns("x.a.example")]), NOT_PERMITTED, "excluded counts more");
	assert.equal(constrained([dns("example")], [], [address(1, 2, 3, 4)]), "ok", "another kind isn't constrained");
	for (const malformed of [".example", "a..example", "example.", "*..example"])
		assert.equal(constrained([dns("")], [], [dns(malformed)]), NOT_PERMITTED, malformed);
});

test("constraints of addresses", () => {
	const net = der(0x87, Uint8Array.of(192, 0, 2, 0, 255, 255, 255, 0));
	assert.equal(constrained([net], [], [address(192, 0, 2, 9)]), "ok");
	assert.equal(constrained([net], [], [address(192, 0, 3, 9)]), NOT_PERMITTED);
	assert.equal(constrained([], [net], [address(192, 0, 2, 9)]), NOT_PERMITTED);
	assert.equal(constrained([], [net], [address(192, 0, 3, 9)]), "ok");
	const six = new Uint8Array(16);
	six[15] = 1;
	assert.equal(constrained([net], [], [der(0x87, six)]), NOT_PERMITTED, "IPv6 where only IPv4 is permitted");
	const net6 = new Uint8Array(32);
	net6[31] = 255;
	assert.equal(constrained([der(0x87, net6)], [], [der(0x87, six)]), NOT_PERMITTED);
	net6[15] = 1;
	assert.equal(constrained([der(0x87, net6)], [], [der(0x87, six)]), "ok");
});

test("constraints of mailboxes, in names and in subjects", () => {
	for (const [base, box, expected] of [
		["user@example.org", "user@EXAMPLE.org", true],
		["user@example.org", "User@example.org", false],
		["example.org", "anybody@example.org", true],
		["example.org", "anybody@a.example.org", false],
		[".example.org", "anybody@a.example.org", true],
		[".example.org", "anybody@example.org", false],
	] as const) {
		assert.equal(constrained([mailbox(base)], [], [mailbox(box)]), expected ? "ok" : NOT_PERMITTED, `${box} permitted by ${base}`);
		assert.equal(constrained([], [mailbox(base)], [mailbox(box)]), expected ? NOT_PERMITTED : "ok", `${box} excluded by ${base}`);
		const subject = sequence(set(attribute("2.5.4.3", "x")), set(attribute("1.2.840.113549.1.9.1", box, 0x16)));
		assert.equal(constrained([mailbox(base)], [], [], subject), expected ? "ok" : NOT_PERMITTED, `${box} in the subject`);
	}
	for (const malformed of ["nobody", "@example.org", "a@", "a@b@example.org"]) {
		assert.equal(constrained([mailbox("example.org")], [], [mailbox(malformed)]), NOT_PERMITTED, malformed);
		assert.equal(constrained([], [mailbox("other.example")], [mailbox(malformed)]), NOT_PERMITTED, `${malformed} can't be judged`);
	}
});

test("constraints of pages", () => {
	for (const [base, page, expected] of [
		["example.org", "https://example.org/path", true],
		["example.org", "https://user@EXAMPLE.org:8443?x", true],
		["example.org", "https://a.example.org/", false],
		[".example.org", "https://a.example.org#x", true],
		[".example.org", "https://example.org/", false],
	] as const) {
		assert.equal(constrained([uri(base)], [], [uri(page)]), expected ? "ok" : NOT_PERMITTED, `${page} permitted by ${base}`);
		assert.equal(constrained([], [uri(base)], [uri(page)]), expected ? NOT_PERMITTED : "ok", `${page} excluded by ${base}`);
	}
	for (const page of ["urn:example", "https://192.0.2.7/", "https://[::1]/", "https:///x", "nothing", "://x/"]) {
		assert.equal(constrained([uri("example.org")], [], [uri(page)]), NOT_PERMITTED, page);
		assert.equal(constrained([], [uri("example.org")], [uri(page)]), NOT_PERMITTED, `${page} has no host to judge`);
	}
});

test("constraints of directory names: of the subject too", () => {
	const company = sequence(set(attribute("2.5.4.10", "Company")));
	const member = sequence(set(attribute("2.5.4.10", "company")), set(attribute("2.5.4.3", "x")));
	const other = sequence(set(attribute("2.5.4.10", "Other")), set(attribute("2.5.4.3", "x")));
	assert.equal(constrained([directory(company)], [], [dns("a.example")], member), "ok");
	assert.equal(constrained([directory(company)], [], [dns("a.example")], other), NOT_PERMITTED);
	assert.equal(constrained([], [directory(company)], [dns("a.example")], member), NOT_PERMITTED);
	assert.equal(constrained([], [directory(company)], [dns("a.example")], other), "ok");
	assert.equal(constrained([directory(company)], [], [directory(other)], member), NOT_PERMITTED, "among the alternative names");
	assert.equal(constrained([directory(member)], [], [dns("a.example")], company), NOT_PERMITTED, "a name above the subtree");
});

test("kinds of names that can't be judged are refused where they are constrained", () => {
	const other = der(0xa0, oid("1.2.3"), der(0xa0, der(12)));
	assert.equal(constrained([other], [], [other]), NOT_PERMITTED);
	assert.equal(constrained([], [other], [other]), NOT_PERMITTED);
	assert.equal(constrained([dns("example")], [], [other, dns("example")]), "ok");
});

test("constraints hold for all below, from every authority, and from the anchor", () => {
	const make = (wishes: Wish[], end: Wish, anchor = top): string => {
		const chain: Forged[] = [];
		for (const [i, wish] of wishes.entries()) chain.unshift(authority(chain[0] ?? anchor, { subject: name(`A${i}`), ...wish }));
		return outcome([leaf(chain[0] ?? anchor, end), ...chain], { anchors: [anchor.der] });
	};
	const only = (host: string): Wish => ({ more: [nameConstraints([dns(host)], [])] });
	const called = (host: string): Wish => ({ more: [subjectAltName(dns(host))] });
	assert.equal(make([only("example"), only("b.example")], called("a.b.example")), "ok");
	assert.equal(make([only("example"), only("other")], called("a.other")), NOT_PERMITTED, "what the upper one permits is all there is");
	assert.equal(make([only("b.example"), {}], called("a.example")), NOT_PERMITTED);
	assert.equal(make([only("example"), called("other")], called("a.example")), "CERTIFICATE_NAME_NOT_PERMITTED 1", "authorities too");
	assert.equal(make([], called("a.other"), root(only("example"))), NOT_PERMITTED, "the anchor's");
	const constrainedSelf = authority(top, { subject: name("Self"), more: [nameConstraints([directory(name("Leaf"))], [])] });
	const renewed = authority(constrainedSelf, { subject: name("Self") });
	assert.equal(outcome([leaf(renewed), renewed, constrainedSelf]), "ok", "but an authority's certificate for itself is called what it is called");
});

test("many names under many constraints: a bounded number of comparisons", () => {
	const trees = (count: number): Bytes[] => Array.from({ length: count }, (_, i) => dns(`c${i}.example`));
	const hosts = (count: number): Bytes[] => Array.from({ length: count }, (_, i) => dns(`x.c${i}.example`));
	assert.equal(constrained(trees(50), [], hosts(50)), "ok");
	const before = Date.now();
	assert.equal(constrained(trees(900), [], hosts(900)), NOT_PERMITTED);
	assert.equal(constrained([], trees(900), hosts(900)), NOT_PERMITTED);
	assert.ok(Date.now() - before < 1000);
});

test("policies", () => {
	const P1 = "2.16.840.1.101.3.2.1.48.1";
	const P2 = "2.16.840.1.101.3.2.1.48.2";
	const ANY = "2.5.29.32.0";
	const make = (above: Bytes[][], end: Bytes[]): Forged[] => {
		const chain: Forged[] = [];
		for (const [i, more] of above.entries()) chain.unshift(authority(chain[0] ?? top, { subject: name(`A${i}`), more }));
		chain.unshift(leaf(chain[0], { more: end }));
		return chain;
	};
	const contents = (dotted: string): Uint8Array => oid(dotted).slice(2);
	const run = (above: Bytes[][], end: Bytes[], policy: Partial<Question["policy"]> = {}): string => outcome(make(above, end), { policy });
	const REFUSED = "CERTIFICATE_POLICY_REFUSED 0";
	const require = policyConstraints(0);
	assert.equal(run([[]], []), "ok", "nobody asks");
	assert.equal(run([[require]], []), "CERTIFICATE_POLICY_REFUSED 0", "asked from here on");
	assert.equal(run([[require, policies(P1)]], [policies(P1)]), "ok");
	assert.equal(run([[require, policies(P1)]], [policies(P2)]), REFUSED);
	assert.equal(run([[require, policies(ANY)]], [policies(P2)]), "ok");
	assert.equal(run([[require, policies(ANY), inhibitAnyPolicy(0)]], [policies(ANY)]), REFUSED);
	assert.equal(run([[require, policies(ANY), inhibitAnyPolicy(1)]], [policies(ANY)]), "ok");
	assert.equal(run([[policyConstraints(1), policies(P1)], []], []), "CERTIFICATE_POLICY_REFUSED 0", "one certificate later");
	assert.equal(run([[policyConstraints(3), policies(P1)], []], []), "ok", "too late to matter");
	assert.equal(run([[require, policies(P1), policyMappings([P1, P2])]], [policies(P2)]), "ok", "mapped");
	assert.equal(run([[require, policies(P1), policyMappings([P1, P2])]], [policies(P1)]), REFUSED, "mapped away");
	assert.equal(
		run(
			[
				[policyConstraints(0, 0), policies(P1)],
				[policies(P1), policyMappings([P1, P2])],
			],
			[policies(P2)],
		),
		REFUSED,
		"mapping is over",
	);
	assert.equal(run([[policies(P1), policyMappings([ANY, P2])]], []), "CERTIFICATE_POLICY_REFUSED 1", "nothing maps anyPolicy");
	assert.equal(run([[policies(P1), policyMappings([P1, ANY])]], []), "CERTIFICATE_POLICY_REFUSED 1");
	assert.equal(run([[policies(P1)]], [policies(P1)], { requirePolicy: true }), "ok");
	assert.equal(run([[]], [policies(P1)], { requirePolicy: true }), "CERTIFICATE_POLICY_REFUSED 1");
	const only = { requirePolicy: true, acceptablePolicies: [contents(P2)] };
	assert.equal(run([[policies(P1, P2)]], [policies(P1)], only), REFUSED);
	assert.equal(run([[policies(P1, P2)]], [policies(P2)], only), "ok");
	assert.equal(run([[policies(P2), policyMappings([P2, P1])]], [policies(P1)], only), "ok", "P2 under another name");
	assert.equal(run([[policies(P2), policyMappings([P2, P1])]], [policies(P1)], { ...only, inhibitPolicyMapping: true }), REFUSED);
	assert.equal(run([[policies(ANY)]], [policies(P2)], { ...only, inhibitAnyPolicy: true }), "CERTIFICATE_POLICY_REFUSED 1");
	const self = authority(top, { subject: name("Self"), more: [policyConstraints(1), policies(P1)] });
	const again = authority(self, { subject: name("Self") });
	assert.equal(outcome([leaf(again, { more: [policies(P1)] }), again, self]), REFUSED, "the one for itself had none");
	const many = Array.from({ length: 30 }, (_, i) => `1.2.3.${i}`);
	assert.equal(run([[policies(...many)]], [policies(...many)]), "ok", "more policies than can be followed don't matter");
	assert.equal(run([[require, policies(...many)]], [policies(...many)]), REFUSED, "unless one is required");
	assert.ok(basicConstraints(false).length > 0);
});
