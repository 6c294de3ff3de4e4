// Whatever bytes come: no decoder of pki throws, hangs, reads outside its place or grows. Good values of every kind
// are cut, flipped, spliced and re-measured by a seeded generator; POLLTLS_SEED repeats a run, POLLTLS_FUZZ_SECONDS makes
// it longer than its 2 seconds a target.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CERTIFICATE_DEPTH_EXCEEDED } from "polltls/base/failure";
import { Reader } from "polltls/base/reader";
import { DONE, WORKING } from "polltls/base/status";
import { Certificate } from "polltls/pki/certificate";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy, PROFILE_WEB } from "polltls/pki/chain-policy";
import { Crl, CrlEntries } from "polltls/pki/crl";
import { skipDer } from "polltls/pki/der-values";
import { EncryptedKey } from "polltls/pki/encrypted-key";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { generalNameTexts, nameText } from "polltls/pki/name-text";
import { OcspResponse } from "polltls/pki/ocsp";
import { encodePem, PEM_CERTIFICATE, PEM_PRIVATE_KEY, PEM_X509_CRL, PemReader } from "polltls/pki/pem";
import { ReferenceName } from "polltls/pki/reference-name";
import { CertificationRequest } from "polltls/pki/request";
import { takeTime } from "polltls/pki/time";
import { TrustStore } from "polltls/pki/trust";
import { encodeTrustBundle } from "polltls/pki/trust-bundle-writer";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { trustOf } from "../support/chains.js";
import {
	address,
	authority,
	type Bytes,
	crl,
	crlNumber,
	crlReason,
	deltaIndicator,
	der,
	directory,
	dns,
	extension,
	fullName,
	inhibitAnyPolicy,
	integer,
	issuingDistributionPoint,
	leaf,
	mailbox,
	NOW,
	name,
	nameConstraints,
	namedBits,
	ocspResponse,
	octets,
	oid,
	pairOf,
	policies,
	policyConstraints,
	policyMappings,
	publicKeyInfo,
	root,
	sequence,
	set,
	signed,
	subjectAltName,
	uri,
} from "../support/forge.js";
import { seededEntropy } from "../support/seeded-entropy.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const seconds = Number(process.env.POLLTLS_FUZZ_SECONDS ?? 2);

const top = root();
const middle = authority(top, {
	pathLength: 2,
	more: [
		nameConstraints([dns("example"), directory(name("Leaf"))], [mailbox(".bad.example"), uri("x"), address(1, 2, 3, 0, 255, 255, 255, 0)]),
		policies("1.2.3", "2.5.29.32.0"),
		policyMappings(["1.2.3", "1.2.4"]),
		policyConstraints(1, 2),
		inhibitAnyPolicy(1),
		extension("2.5.29.31", false, sequence(sequence(fullName(uri("http://x/")), namedBits(0x81, 1), der(0xa2, directory(name("Root")))))),
		extension("1.3.6.1.5.5.7.1.24", false, sequence(der(2, Uint8Array.of(5)))),
	],
});
const end = leaf(middle, {
	more: [subjectAltName(dns("leaf.example"), mailbox("a@b"), uri("https://h:1/"), address(1, 2, 3, 4), directory(name("x"))), policies("1.2.4")],
});
const list = crl(middle, {
	revoked: [{ serial: end.serial, extensions: [crlReason(1)] }, { serial: middle.serial }],
	extensions: [crlNumber(7), issuingDistributionPoint(fullName(uri("http://x/")), namedBits(0x83, 1, 2))],
});
const delta = crl(middle, { extensions: [crlNumber(8), deltaIndicator(7)] });
const response = ocspResponse(end, middle, { certificates: [middle.der], extensions: [extension("1.3.6.1.5.5.7.48.1.2", false, octets(Uint8Array.of(1)))] });
const asked = sequence(subjectAltName(dns("a.example")), extension("2.5.29.15", true, namedBits(3, 0)));
const wish = sequence(oid("1.2.840.113549.1.9.14"), set(asked));
const requests = [signed(sequence(integer(0), name("x"), publicKeyInfo(end.pair), der(0xa0, wish)), end.pair)];
const keys = (["p256", "ed25519", "rsa"] as const).map((kind) => new Uint8Array(pairOf(kind).privateKey.export({ type: "pkcs8", format: "der" })));
const encrypted = new Uint8Array(pairOf("p256").privateKey.export({ type: "pkcs8", format: "der", cipher: "aes-128-cbc", passphrase: "x" }));
const sec1 = new Uint8Array(pairOf("p384").privateKey.export({ type: "sec1", format: "der" }));

/** A stream of numbers from a seed. */
class Dice {
	readonly #fill: (length: number) => Uint8Array;
	#bytes = new Uint8Array(0);
	#at = 0;
	constructor(fill: (length: number) => Uint8Array) {
		this.#fill = fill;
	}
	/** 0 to below - 1. */
	roll(below: number): number {
		if (this.#at + 4 > this.#bytes.length) {
			this.#bytes = Uint8Array.from(this.#fill(65536));
			this.#at = 0;
		}
		const bytes = this.#bytes;
		const value = ((bytes[this.#at] << 24) | (bytes[this.#at + 1] << 16) | (bytes[this.#at + 2] << 8) | bytes[this.#at + 3]) >>> 0;
		this.#at += 4;
		return value % below;
	}
	pick<T>(values: readonly T[]): T {
		return values[this.roll(values.length)];
	}
}

/** Places of all values (tag, contents, end) in a DER value, however deep. */
function placesOf(bytes: Bytes, at = 0, limit = bytes.length, found: [number, number, number][] = []): [number, number, number][] {
	while (at + 2 <= limit) {
		const first = bytes[at + 1];
		const size = first < 0x80 ? 0 : first & 0x7f;
		let length = first;
		if (size > 0) {
			length = 0;
			for (let i = 0; i < size; i++) length = length * 256 + bytes[at + 2 + i];
		}
		const inner = at + 2 + size;
		const next = inner + length;
		if (size > 3 || next > limit) return found;
		found.push([at, inner, next]);
		if (bytes[at] & 0x20 || (bytes[at] === 4 && length > 2)) placesOf(bytes, inner, next, found);
		at = next;
	}
	return found;
}

const odd = [0, 1, 2, 4, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xa0, 0xff, 0x30, 0x31, 0x05, 0x1f];

/** A changed copy. */
function mutate(dice: Dice, source: Bytes, others: readonly Bytes[]): Uint8Array {
	let bytes: Uint8Array = Uint8Array.from(source);
	for (let changes = 1 + dice.roll(3); changes > 0 && bytes.length > 0; changes--) {
		const at = dice.roll(bytes.length);
		switch (dice.roll(8)) {
			case 0:
				bytes[at] ^= 1 << dice.roll(8);
				break;
			case 1:
				bytes[at] = dice.pick(odd);
				break;
			case 2:
				bytes = bytes.slice(0, at);
				break;
			case 3:
				bytes = splice(bytes, at, at, Uint8Array.from([dice.pick(odd), dice.pick(odd)]));
				break;
			case 4:
				bytes = splice(bytes, at, Math.min(bytes.length, at + 1 + dice.roll(8)), new Uint8Array(0));
				break;
			default:
				bytes = changeValue(dice, bytes, others);
		}
	}
	return bytes;
}

function splice(bytes: Uint8Array, at: number, until: number, more: Bytes): Uint8Array {
	return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(until)]));
}

/** Replaces, repeats, drops, empties or re-tags one value; sometimes mends the lengths around it. */
function changeValue(dice: Dice, bytes: Uint8Array, others: readonly Bytes[]): Uint8Array {
	const places = placesOf(bytes);
	if (places.length === 0) return bytes;
	const [at, inner, until] = dice.pick(places);
	const value = bytes.subarray(at, until);
	let more: Bytes;
	switch (dice.roll(6)) {
		case 0:
			more = Buffer.concat([value, value]);
			break;
		case 1:
			more = new Uint8Array(0);
			break;
		case 2:
			more = Uint8Array.of(bytes[at], 0);
			break;
		case 3:
			more = Buffer.concat([Uint8Array.of(dice.pick(odd)), bytes.subarray(at + 1, until)]);
			break;
		case 4: {
			const other = dice.pick(others);
			const [from, , to] = dice.pick([[0, 0, 1], ...placesOf(other)]);
			more = other.subarray(from, to);
			break;
		}
		default:
			more = Buffer.concat([value.subarray(0, inner - at), new Uint8Array(dice.roll(40))]);
	}
	const around = dice.roll(3) > 0 ? places.filter(([from, contents, to]) => from < at && contents <= at && to >= until) : [];
	let changed = splice(bytes, at, until, more);
	// the lengths of what is around it, from the inside out, with as many bytes as they had
	const difference = more.length - (until - at);
	for (const [from, contents, to] of around) {
		let length = to - contents + difference;
		if (contents - from === 2) changed[from + 1] = length;
		else
			for (let i = contents - 1; i > from + 1; i--) {
				changed[i] = length;
				length >>= 8;
			}
	}
	if (changed.length > 70000) changed = changed.slice(0, 70000);
	return changed;
}

/** Runs a target on changed samples for its time, in the middle of guard bytes, and looks at the time and the heap. */
function fuzz(label: string, samples: readonly Bytes[], run: (bytes: Uint8Array, at: number, end: number, dice: Dice) => void): void {
	test(label, (t) => {
		const entropy = seededEntropy(t);
		const dice = new Dice((length) => entropy.bytes(length));
		const once = (): void => {
			const bytes = mutate(dice, dice.pick(samples), samples);
			const memory = new Uint8Array(bytes.length + 16).fill(0xa5);
			memory.set(bytes, 8);
			const before = performance.now();
			run(memory, 8, 8 + bytes.length, dice);
			const took = performance.now() - before;
			assert.ok(took < 1000, `${took} ms for ${Buffer.from(bytes).toString("hex").slice(0, 2000)}`);
		};
		for (let i = 0; i < 500; i++) once();
		collect();
		const { heapUsed } = process.memoryUsage();
		const stop = performance.now() + seconds * 1000;
		let runs = 0;
		for (; performance.now() < stop; runs++) once();
		collect();
		const grown = process.memoryUsage().heapUsed - heapUsed;
		t.diagnostic(`${runs} runs, the heap grew by ${grown} bytes`);
		assert.ok(grown < 4_000_000, `${grown} bytes`);
	});
}

const certificates = [top.der, middle.der, end.der];
const everything = [...certificates, list, delta, response, ...keys, encrypted, sec1];

const reader = new Reader();
fuzz("DER", everything, (bytes, at, end) => {
	reader.reset(bytes, at, end);
	while (reader.more()) skipDer(reader);
	assert.ok(reader.at <= end);
	reader.reset(bytes, at, end);
	takeTime(reader);
	assert.ok(reader.at <= end);
});

const certificate = new Certificate();
fuzz("certificates", certificates, (bytes, at, end) => {
	if (certificate.decode(bytes, at, end) !== 0) return;
	const { subject, issuer, tbs, signature, publicKey, extensions } = certificate;
	for (const place of [subject, issuer, tbs, signature, publicKey]) assert.ok(at <= place.at && place.at <= place.end && place.end <= end);
	nameText(bytes, subject.at, subject.end);
	if (extensions.subjectAltName.at >= 0) generalNameTexts(bytes, extensions.subjectAltName.at, extensions.subjectAltName.end);
});

const request = new CertificationRequest();
assert.equal(request.decode(requests[0], 0, requests[0].length), 0);
fuzz("requests", requests, (bytes, at, end) => void request.decode(bytes, at, end));

const decodedCrl = new Crl();
const entries = new CrlEntries();
fuzz("CRLs", [list, delta], (bytes, at, end) => {
	if (decodedCrl.decode(bytes, at, end) !== 0) return;
	entries.begin(decodedCrl);
	while (decodedCrl.entries.at >= 0 && entries.next()) assert.ok(entries.serial.end <= end);
});

const ocsp = new OcspResponse();
fuzz("OCSP responses", [response], (bytes, at, end) => {
	if (ocsp.decode(bytes, at, end) !== 0) return;
	ocsp.begin();
	while (ocsp.next()) assert.ok(ocsp.single.serial.end <= end);
});

const pems = [
	...certificates.map((value) => encodePem("CERTIFICATE", value, 0, value.length)),
	encodePem("X509 CRL", list, 0, list.length),
	encodePem("PRIVATE KEY", keys[0], 0, keys[0].length),
];
fuzz("PEM", pems, (bytes, at, end) => {
	const pem = new PemReader(bytes.subarray(at, end));
	while (pem.find(PEM_CERTIFICATE | PEM_PRIVATE_KEY | PEM_X509_CRL)) assert.ok(pem.der.length > 0);
	pem.end();
});

const decoder = new PrivateKeyDecoder();
fuzz("private keys", [...keys, sec1], (bytes, at, end) => void decoder.decodeDer(bytes.subarray(at, end)));

const registry = nodeRegistry("node");
registry.start();
const job = new EncryptedKey(registry);
const password = Uint8Array.of(0x78);
fuzz("encrypted keys", [encrypted], (bytes, at, end) => {
	job.start(bytes.subarray(at, end), password);
	// a count of iterations from a file may be anything: it is work in slices, which can be given up
	for (let slices = 0; slices < 40 && job.step(8) === WORKING; slices++);
	job.wipe();
});

const reference = new ReferenceName();
const names = ["leaf.example", "192.0.2.7", "2001:db8::7", "[::ffff:1.2.3.4]"].map((text) => Uint8Array.from(Buffer.from(text)));
const alternative = Uint8Array.from(Buffer.concat([dns("*.example"), mailbox("a@b"), address(1, 2, 3, 4)]));
fuzz("reference names", names, (bytes, at, end) => {
	reference.set(Buffer.from(bytes.subarray(at, end)).toString("latin1"));
	reference.matches(alternative, 0, alternative.length);
});

const verifier = new ChainVerifier(registry);
const trust = trustOf([top.der]);
trust.addCrlDer(crl(top));
const strict = Object.assign(new ChainPolicy(), { profile: PROFILE_WEB });
const lenient = Object.assign(new ChainPolicy(), { checkExpiry: false, minimumRsaBits: 0 });
const longest: number[] = [];
fuzz("whole chains", [...certificates, response], (bytes, at, end, dice) => {
	const length = end - at;
	const whole = Buffer.concat([bytes.subarray(at, end), ...certificates, response]);
	const places = [[0, length]];
	for (const value of [...certificates, response]) places.push([places[places.length - 1][1], places[places.length - 1][1] + value.length]);
	const memory = Uint8Array.from(whole);
	const sent = new CertificateList(6);
	sent.reset(memory);
	for (let count = 1 + dice.roll(4); count > 0; count--) {
		const [from, to] = dice.roll(3) === 0 ? places[0] : dice.pick(places.slice(1, 4));
		sent.add(from, to);
	}
	if (dice.roll(3) === 0) sent.staple(0, places[4][0], places[4][1]);
	if (dice.roll(5) === 0) sent.staple(0, places[0][0], places[0][1]);
	verifier.start(dice.pick([strict, lenient]), dice.roll(20) === 0 ? new TrustStore() : trust, sent, "leaf.example", NOW);
	let steps = 0;
	while (verifier.step(64) === WORKING) assert.ok(++steps < 3000);
	longest.push(steps);
	if (longest.length > 100) longest.length = 0;
});

const info = new Certificate();
const rawKeys = certificates.map((der) => {
	info.decode(der, 0, der.length);
	return Uint8Array.from(der.subarray(info.publicKey.infoAt, info.publicKey.infoEnd));
});
const known = new TrustStore();
known.addRawKey(rawKeys[0]);
fuzz("raw public keys", rawKeys, (bytes, at, end) => {
	verifier.startRawKey(lenient, known, bytes, at, end);
	while (verifier.step(64) === WORKING);
});

fuzz("compact bundles", [encodeTrustBundle(registry, [info])], (bytes, at, end) => void new TrustStore().addBundle(bytes.slice(at, end)));

test("a chain of 30, a leaf of 16 KB with 1,000 names: bounded, and a clear answer", () => {
	const hosts = Array.from({ length: 1000 }, (_, i) => dns(`host-${i}.example`));
	const chain = [authority(top, { subject: name("A0") })];
	while (chain.length < 29) chain.push(authority(chain[chain.length - 1], { subject: name(`A${chain.length}`) }));
	chain.push(leaf(chain[28], { more: [subjectAltName(...hosts)] }));
	chain.reverse();
	assert.ok(chain[0].der.length > 16384);
	const sent = new CertificateList(chain.length);
	const memory = Uint8Array.from(Buffer.concat(chain.map((each) => each.der)));
	sent.reset(memory);
	let at = 0;
	for (const each of chain) {
		sent.add(at, at + each.der.length);
		at += each.der.length;
	}
	const answer = (policy: Partial<ChainPolicy>): number => {
		verifier.start(Object.assign(new ChainPolicy(), policy), trust, sent, "host-999.example", NOW);
		let status: number;
		let steps = 0;
		do status = verifier.step(64);
		while (status === WORKING && ++steps < 1000);
		return status;
	};
	assert.equal(answer({}), CERTIFICATE_DEPTH_EXCEEDED);
	assert.equal(answer({ maxDepth: 100 }), DONE, "who allows so many gets them");
});
