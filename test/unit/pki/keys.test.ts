// PEM and private keys: every form that openssl and node:crypto write, and what is refused.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { test } from "node:test";
import {
	ENCRYPTED_KEY_MALFORMED,
	ENCRYPTED_KEY_UNKNOWN,
	NO_FAILURE,
	PASSWORD_WRONG,
	PEM_BLOCK_MISSING,
	PEM_MALFORMED,
	PRIVATE_KEY_ENCRYPTED,
	PRIVATE_KEY_MALFORMED,
	PRIVATE_KEY_UNKNOWN,
	TRUST_ANCHOR_REFUSED,
} from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { KEY_ED25519, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS } from "polltls/crypto/types";
import { EncryptedKey } from "polltls/pki/encrypted-key";
import { encodePrivateKey } from "polltls/pki/key-writer";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { encodePem, PEM_CERTIFICATE, PEM_PRIVATE_KEY, PemReader } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";
import { nodeRegistry } from "../../../hosts/node/registry.js";
import { nameOf, verifyChain } from "../../support/chains.js";
import {
	type Bytes,
	bits,
	crl,
	der,
	emptyName,
	integer,
	leaf,
	NOW,
	name,
	nothing,
	octets,
	oid,
	pairOf,
	publicKeyInfo,
	raw,
	root,
	sequence,
} from "../../support/forge.js";
import { requirePeer } from "../../support/peers.js";

const decoder = new PrivateKeyDecoder();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

test("PEM: blocks among other text", () => {
	const first = new Uint8Array(100).map((_, i) => i);
	const second = raw(1, 2, 3, 4);
	const text = `Bag Attributes\n  name: x\n${latin1(encodePem("CERTIFICATE", first, 0, 100))}\r\njunk -----BEGIN \n${latin1(encodePem("PRIVATE KEY", raw(9), 0, 1))}${latin1(encodePem("X509 CERTIFICATE", second, 0, 4)).replace(/\n/g, "\r\n")}trailing`;
	for (const source of [text, utf8(text)]) {
		const reader = new PemReader(source);
		assert.ok(reader.find(PEM_CERTIFICATE));
		assert.equal(reader.kind, PEM_CERTIFICATE);
		assert.deepEqual(Buffer.from(reader.der), Buffer.from(first));
		assert.ok(reader.find(PEM_CERTIFICATE));
		assert.deepEqual(Buffer.from(reader.der), Buffer.from(second));
		assert.ok(!reader.find(PEM_CERTIFICATE));
		assert.equal(reader.end(), NO_FAILURE);
	}
	const keys = new PemReader(text);
	assert.ok(keys.find(PEM_PRIVATE_KEY));
	assert.deepEqual(Buffer.from(keys.der), Buffer.from([9]));
	assert.equal(new PemReader("no block at all").end(), PEM_BLOCK_MISSING);
	const other = new PemReader(latin1(encodePem("DH PARAMETERS", second, 0, 4)));
	assert.ok(!other.find(PEM_CERTIFICATE));
	assert.equal(other.end(), PEM_BLOCK_MISSING);
});

test("PEM: every length there and back, as node:crypto and Buffer write it", () => {
	for (let length = 1; length < 200; length++) {
		const bytes = new Uint8Array(length).map((_, i) => (i * 37 + length) & 255);
		const text = latin1(encodePem("CERTIFICATE", bytes, 0, length));
		const body = Buffer.from(bytes).toString("base64").replace(/.{64}/g, "$&\n").replace(/\n$/, "");
		assert.equal(text, `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
		const reader = new PemReader(text);
		assert.ok(reader.find(PEM_CERTIFICATE), `${length}`);
		assert.deepEqual(Buffer.from(reader.der), Buffer.from(bytes));
	}
	const key = pairOf("rsa").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
	const bytes = pairOf("rsa").privateKey.export({ type: "pkcs8", format: "der" });
	assert.equal(latin1(encodePem("PRIVATE KEY", bytes, 0, bytes.length)), key);
});

test("PEM: what is malformed", () => {
	const block = (body: string, end = "-----END CERTIFICATE-----"): string => `-----BEGIN CERTIFICATE-----\n${body}\n${end}\n`;
	for (const [text, what] of [
		[block(""), "empty"],
		[block("AAA"), "no padding"],
		[block("AA==AA=="), "padding in the middle"],
		[block("A==="), "too much padding"],
		[block("AAAA===="), "nothing but padding"],
		[block("AB=="), "bits behind the end"],
		[block("AAB="), "bits behind the end"],
		[block("AA*="), "another character"],
		[block("AA\u00e4="), "one that isn't ASCII"],
		[block("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA"), "the old encryption"],
		[block("AAAA", "-----END PRIVATE KEY-----"), "another end"],
		[block("AAAA", "-----BEGIN CERTIFICATE-----"), "another beginning"],
		[block("AAAA", "--"), "a line of dashes"],
		["-----BEGIN CERTIFICATE-----\nAAAA\n", "no end"],
	] as const) {
		const reader = new PemReader(text);
		assert.ok(!reader.find(PEM_CERTIFICATE), what);
		assert.equal(reader.end(), PEM_MALFORMED, what);
	}
	assert.ok(new PemReader(block("  AA AA\t\n\r\n AAAA  ")).find(PEM_CERTIFICATE), "white space");
});

test("private keys in every form", (t) => {
	const openssl = requirePeer(t, "openssl");
	for (const [kind, type, length] of [
		["p256", KEY_P256, 32],
		["p384", KEY_P384, 48],
		["ed25519", KEY_ED25519, 32],
		["rsa", KEY_RSA, 0],
		["rsa-pss", KEY_RSA_PSS, 0],
	] as const) {
		const pair = pairOf(kind, "keys");
		const forms: (string | Buffer)[] = [pair.privateKey.export({ type: "pkcs8", format: "pem" }), pair.privateKey.export({ type: "pkcs8", format: "der" })];
		if (kind.startsWith("p")) forms.push(pair.privateKey.export({ type: "sec1", format: "pem" }), pair.privateKey.export({ type: "sec1", format: "der" }));
		if (kind === "rsa") forms.push(pair.privateKey.export({ type: "pkcs1", format: "pem" }), pair.privateKey.export({ type: "pkcs1", format: "der" }));
		let first: Buffer | undefined;
		for (const form of forms) {
			assert.equal(typeof form === "string" ? decoder.decodePem(form) : decoder.decodeDer(form), NO_FAILURE, kind);
			assert.equal(decoder.key.type, type);
			if (length) assert.equal(decoder.key.bytes.length, length);
			first ??= Buffer.from(decoder.key.bytes);
			assert.deepEqual(Buffer.from(decoder.key.bytes), first, `${kind}: the same key in each form`);
			const { publicKey } = decoder;
			if (kind !== "ed25519") {
				assert.ok(publicKey);
				const info = Buffer.from(publicKeyInfo(pair));
				assert.ok(info.subarray(-(publicKey.end - publicKey.at)).equals(publicKey.bytes.subarray(publicKey.at, publicKey.end)), `${kind}: the public half`);
			} else assert.equal(publicKey, undefined);
		}
		if (kind === "rsa-pss") continue; // its parameters are not kept
		const again = createPrivateKey({ key: Buffer.from(encodePrivateKey(decoder.key, decoder.publicKey)), format: "der", type: "pkcs8" });
		assert.ok(
			createPublicKey(again)
				.export({ type: "spki", format: "der" })
				.equals(Buffer.from(publicKeyInfo(pair))),
		);
		assert.equal(decoder.decodeDer(encodePrivateKey(decoder.key)), NO_FAILURE, "without the public half");
	}
	if (!openssl) return;
	const text = execFileSync(openssl.path, ["ecparam", "-name", "prime256v1", "-genkey"], { encoding: "utf8" });
	assert.match(text, /BEGIN EC PARAMETERS/);
	assert.equal(decoder.decodePem(text), NO_FAILURE, "with EC PARAMETERS in front");
	const modern = execFileSync(openssl.path, ["genpkey", "-algorithm", "ed25519"], { encoding: "utf8" });
	assert.equal(decoder.decodePem(modern), NO_FAILURE);
});

const P256 = oid("1.2.840.10045.3.1.7");
const EC = oid("1.2.840.10045.2.1");
const scalar = octets(new Uint8Array(32).fill(7));

test("private keys that are refused", () => {
	const malformed = (bytes: Bytes, what: string): void => assert.equal(decoder.decodeDer(bytes), PRIVATE_KEY_MALFORMED, what);
	const unknown = (bytes: Bytes, what: string): void => assert.equal(decoder.decodeDer(bytes), PRIVATE_KEY_UNKNOWN, what);
	const curve = der(0xa0, P256);
	const sec1 = (...parts: Bytes[]): Bytes => sequence(integer(1), ...parts);
	assert.equal(decoder.decodeDer(sec1(scalar, curve)), NO_FAILURE);
	malformed(nothing, "nothing");
	malformed(sequence(), "an empty SEQUENCE");
	malformed(sequence(integer(1)), "a version only");
	malformed(sequence(integer(0), scalar, curve), "SEC1 of version 0");
	malformed(sec1(octets(new Uint8Array(31)), curve), "a short scalar");
	malformed(sec1(octets(new Uint8Array(33)), curve), "a long one");
	malformed(Buffer.concat([sec1(scalar, curve), raw(0)]), "a byte behind it");
	malformed(sec1(scalar, curve, der(0xa1, bits(raw(4), 1))), "a public key of bits");
	unknown(sec1(scalar), "SEC1 without a curve");
	unknown(sec1(scalar, der(0xa0, sequence(integer(1)))), "an explicit curve");
	unknown(sec1(scalar, der(0xa0, oid("1.3.132.0.35"))), "another curve");
	const pkcs8 = (version: number, algorithm: Bytes, key: Bytes, ...more: Bytes[]): Bytes => sequence(integer(version), algorithm, octets(key), ...more);
	const ec = sequence(EC, P256);
	assert.equal(decoder.decodeDer(pkcs8(0, ec, sec1(scalar))), NO_FAILURE);
	assert.equal(decoder.decodeDer(pkcs8(0, ec, sec1(scalar, curve), der(0xa0, raw(5, 0)))), NO_FAILURE, "with attributes");
	const ed = sequence(oid("1.3.101.112"));
	assert.equal(decoder.decodeDer(pkcs8(1, ed, scalar, der(0x81, raw(0), new Uint8Array(32)))), NO_FAILURE, "with a public key (RFC 5958)");
	assert.equal(decoder.publicKey?.end, 32);
	malformed(pkcs8(0, ed, scalar, der(0x81, raw(0), new Uint8Array(32))), "which version 0 doesn't have");
	malformed(pkcs8(2, ed, scalar), "version 2");
	malformed(pkcs8(0, ed, new Uint8Array(32)), "Ed25519 without the inner OCTET STRING");
	malformed(pkcs8(0, ec, sec1(scalar, der(0xa0, oid("1.3.132.0.34")))), "two curves");
	malformed(pkcs8(0, ec, Buffer.concat([sec1(scalar), raw(0)])), "a byte behind the key");
	malformed(pkcs8(0, sequence(oid("1.2.840.113549.1.1.1"), raw(5, 0)), sequence(integer(0), integer(5))), "RSA with too few numbers");
	unknown(pkcs8(0, sequence(oid("1.2.840.10040.4.1"), sequence(integer(1))), integer(5)), "DSA");
	unknown(pkcs8(0, sequence(EC, sequence(integer(1))), sec1(scalar)), "explicit curve parameters");
	const numbers = (...values: number[]): Bytes => sequence(integer(0), ...values.map((value) => integer(value)));
	assert.equal(decoder.decodeDer(numbers(1, 2, 3, 4, 5, 6, 7, 8)), NO_FAILURE);
	malformed(numbers(1, 2, 3, 4, 5, 6, 7), "RSA with seven numbers");
	malformed(numbers(1, 2, 3, 4, 5, 6, 7, 0), "RSA with a zero");
	malformed(sequence(integer(1), ...[1, 2, 3, 4, 5, 6, 7, 8].map((value) => integer(value))), "RSA of more primes");
	assert.equal(decoder.decodePem("nothing"), PEM_BLOCK_MISSING);
	const encrypted = pairOf("p256").privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-128-cbc", passphrase: "x" });
	assert.equal(decoder.decodePem(encrypted), PRIVATE_KEY_ENCRYPTED);
});

function decrypt(bytes: Bytes, password: string): { job: EncryptedKey; status: number; steps: number } {
	const registry = nodeRegistry("node");
	const job = new EncryptedKey(registry);
	job.start(bytes, utf8(password));
	let status: number;
	let steps = 0;
	do {
		status = job.step(8);
		steps++;
	} while (status === WORKING);
	return { job, status, steps };
}

test("encrypted private keys", (t) => {
	for (const kind of ["p256", "ed25519", "rsa"] as const) {
		for (const cipher of ["aes-128-cbc", "aes-256-cbc"]) {
			const bytes = pairOf(kind).privateKey.export({ type: "pkcs8", format: "der", cipher, passphrase: "päss" });
			const { job, status, steps } = decrypt(bytes, "päss");
			assert.equal(nameOf(status === DONE ? NO_FAILURE : status), "ok");
			assert.equal(decoder.decodeDer(pairOf(kind).privateKey.export({ type: "pkcs8", format: "der" })), NO_FAILURE);
			assert.deepEqual(Buffer.from(job.decoder.key.bytes), Buffer.from(decoder.key.bytes));
			assert.ok(steps >= 2048 / (8 * 16), "in slices");
			assert.equal(decrypt(bytes, "pass").status, PASSWORD_WRONG);
		}
	}
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const plain = pairOf("p256").privateKey.export({ type: "pkcs8", format: "pem" });
	for (const prf of ["hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"]) {
		for (const cipher of ["aes-128-cbc", "aes-256-cbc"]) {
			const bytes: Buffer = execFileSync(
				openssl.path,
				["pkcs8", "-topk8", "-v2", cipher, "-v2prf", prf, "-iter", "77", "-passout", "pass:secret", "-outform", "DER"],
				{
					input: plain,
				},
			);
			assert.equal(decrypt(bytes, "secret").status, DONE, `${cipher} ${prf}`);
			assert.equal(decrypt(bytes, "Secret").status, PASSWORD_WRONG);
		}
	}
	const old = execFileSync(openssl.path, ["pkcs8", "-topk8", "-v2", "des3", "-passout", "pass:secret", "-outform", "DER"], { input: plain });
	assert.equal(decrypt(old, "secret").status, ENCRYPTED_KEY_UNKNOWN, "3DES");
});

test("encrypted keys that are malformed", () => {
	const derivation = (iterations: Bytes, ...more: Bytes[]): Bytes =>
		sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(raw(1, 2, 3)), iterations, ...more));
	const aes = (iv = new Uint8Array(16)): Bytes => sequence(oid("2.16.840.1.101.3.4.1.2"), octets(iv));
	const make = (kdf: Bytes, cipher: Bytes, data = new Uint8Array(16)): Bytes =>
		sequence(sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, cipher)), octets(data));
	const status = (bytes: Bytes): number => decrypt(bytes, "x").status;
	assert.equal(status(make(derivation(integer(1)), aes())), PASSWORD_WRONG, "well-formed");
	assert.equal(status(make(derivation(integer(1), integer(16)), aes())), PASSWORD_WRONG, "with the length of the key");
	for (const [bytes, what] of [
		[nothing, "nothing"],
		[make(derivation(integer(0)), aes()), "no iteration"],
		[make(derivation(integer(1), integer(32)), aes()), "a key of another length"],
		[make(derivation(integer(1)), aes(new Uint8Array(15))), "a short iv"],
		[make(derivation(integer(1)), aes(), new Uint8Array(0)), "no data"],
		[make(derivation(integer(1)), aes(), new Uint8Array(17)), "no whole blocks"],
		[Buffer.concat([make(derivation(integer(1)), aes()), raw(0)]), "a byte behind it"],
	] as const)
		assert.equal(status(bytes), ENCRYPTED_KEY_MALFORMED, what);
	for (const [bytes, what] of [
		[sequence(sequence(oid("1.2.840.113549.1.5.3"), sequence(octets(raw(1)), integer(1))), octets(new Uint8Array(16))), "PBES1"],
		[make(sequence(oid("1.3.6.1.4.1.11591.4.11"), sequence(octets(raw(1)))), aes()), "scrypt"],
		[make(derivation(integer(1), sequence(oid("1.2.3.4"))), aes()), "another HMAC"],
		[make(derivation(integer(1)), sequence(oid("1.2.3.4"), octets(raw(1)))), "another cipher"],
	] as const)
		assert.equal(status(bytes), ENCRYPTED_KEY_UNKNOWN, what);
	assert.throws(() => new EncryptedKey(nodeRegistry("node")).step(1));
});

test("anchors: certificates, or a name and a key", () => {
	const top = root();
	const end = leaf(top);
	const trust = new TrustStore();
	const info = publicKeyInfo(top.pair);
	assert.equal(trust.addNameAndKey(top.subject, info), NO_FAILURE);
	assert.equal(verifyChain({ chain: [end.der], trust, name: "leaf.example", seconds: NOW }).outcome, "ok");
	for (const [subject, key] of [
		[emptyName, info],
		[raw(1), info],
		[Buffer.concat([name("x"), raw(0)]), info],
		[name("x"), Buffer.concat([info, raw(0)])],
		[name("x"), info.subarray(1)],
	])
		assert.equal(trust.addNameAndKey(subject, key), TRUST_ANCHOR_REFUSED);
	assert.equal(trust.anchors.length, 1);
	const text = [top, root({ subject: name("Second") })].map((each) => latin1(encodePem("CERTIFICATE", each.der, 0, each.der.length))).join("comment\n");
	assert.equal(trust.addPem(text), NO_FAILURE);
	assert.equal(trust.anchors.length, 3);
	assert.equal(trust.addPem("nothing"), PEM_BLOCK_MISSING);
	assert.equal(nameOf(trust.addPem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")), "CERTIFICATE_MALFORMED");
	const list = crl(top);
	assert.equal(trust.addCrlPem(encodePem("X509 CRL", list, 0, list.length)), NO_FAILURE);
	assert.equal(trust.addCrlPem(text), PEM_BLOCK_MISSING);
	assert.equal(nameOf(trust.addRevoked(raw(0))), "CERTIFICATE_MALFORMED");
});
