// Imported PSKs beside a second implementation: what stands in a ClientHello is computed again with node:crypto, by the
// text of RFC 9258 4.1 and 5.2 and of RFC 8446 4.2.11.2 and 7.1.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { sha384 } from "polltls/crypto/types";
import { openDtlsClient } from "polltls/dtls-client";
import type { Connection } from "polltls/engine/connection";
import type { Psk } from "polltls/handshake/psk";
import { openTlsClient } from "polltls/tls-client";
import { TestClock, TestEntropy, testRegistry } from "../suite/pair/harness.js";

const HASHES = { 1: { name: "sha256", length: 32 }, 2: { name: "sha384", length: 48 } } as const;

function hmac(hash: string, key: Uint8Array, ...parts: Uint8Array[]): Buffer {
	const running = createHmac(hash, key);
	for (const part of parts) running.update(part);
	return running.digest();
}

/** HKDF-Expand-Label of no more than a hash's length or two. */
function expandLabel(hash: string, secret: Uint8Array, prefix: string, label: string, context: Uint8Array, length: number): Buffer {
	const text = Buffer.from(prefix + label);
	const info = Buffer.concat([Uint8Array.of(length >> 8, length, text.length), text, Uint8Array.of(context.length), context]);
	let out: Buffer = Buffer.alloc(0);
	for (let number = 1, block: Buffer = Buffer.alloc(0); out.length < length; number++) {
		block = hmac(hash, secret, block, info, Uint8Array.of(number));
		out = Buffer.concat([out, block]);
	}
	return out.subarray(0, length);
}

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);

interface Form {
	name: string;
	prefix: string;
	protocol: number;
	open(psk: Psk): Connection;
	/** Of the record: where the ClientHello's body begins, and where its session id does not end: bytes of a cookie's length. */
	bodyAt: number;
	cookie: boolean;
}

const common = { registry: testRegistry(), clock: new TestClock(), entropy: new TestEntropy(1), peerName: "", profile: "iot" as const };
const forms: Form[] = [
	{ name: "TLS 1.3", prefix: "tls13 ", protocol: 0x0304, open: (psk) => openTlsClient({ ...common, psks: [psk] }), bodyAt: 9, cookie: false },
	{ name: "DTLS 1.3", prefix: "dtls13", protocol: 0xfefc, open: (psk) => openDtlsClient({ ...common, psks: [psk] }), bodyAt: 25, cookie: true },
];

/** The first flight's ClientHello: its record in one piece. */
function helloOf(connection: Connection): Buffer {
	const out = new Uint8Array(4096);
	for (let i = 0; i < 1000; i++) {
		connection.poll(0);
		const length = connection.networkOut(out, 0, out.length);
		if (length > 0) return Buffer.from(out.subarray(0, length));
	}
	throw new Error("no ClientHello came");
}

/** Where pre_shared_key stands in a ClientHello's body: it is the last extension. */
function preSharedKeyAt(body: Buffer, cookie: boolean): number {
	let at = 34;
	at += 1 + body[at];
	if (cookie) at += 1 + body[at];
	at += 2 + body.readUInt16BE(at);
	at += 1 + body[at];
	for (at += 2; at < body.length; at += 4 + body.readUInt16BE(at + 2)) if (body.readUInt16BE(at) === 41) return at + 4;
	throw new Error("no pre_shared_key");
}

for (const form of forms) {
	for (const [what, psk] of Object.entries({
		"a context": { identity: Buffer.from("dev"), key: Buffer.from("0102030405060708090a0b0c0d0e0f10", "hex"), importContext: Buffer.from("server=s;client=c") },
		"no context": { identity: Buffer.from([0, 255]), key: Buffer.alloc(32, 7), importContext: new Uint8Array(0) },
		"a key for SHA-384": { identity: Buffer.from("dev"), key: Buffer.alloc(48, 9), importContext: Buffer.from("x"), hash: sha384 },
	})) {
		test(`${form.name}, ${what}: identities and binders are those of the RFC's text`, () => {
			const record = helloOf(form.open(psk));
			const body = record.subarray(form.bodyAt);
			const at = preSharedKeyAt(body, form.cookie);
			const identitiesEnd = at + 2 + body.readUInt16BE(at);
			const identities: Buffer[] = [];
			for (let place = at + 2; place < identitiesEnd; ) {
				const length = body.readUInt16BE(place);
				identities.push(body.subarray(place + 2, place + 2 + length));
				assert.equal(body.readUInt32BE(place + 2 + length), 0, "obfuscated_ticket_age of an external PSK");
				place += 2 + length + 4;
			}
			assert.equal(identities.length, 2);
			const ownHash = "hash" in psk ? "sha384" : "sha256";
			const ownLength = "hash" in psk ? 48 : 32;
			const { length } = body;
			const head = Buffer.from([1, length >> 16, (length >> 8) & 255, length & 255]); // the transcript of datagrams has no more of the header either
			let binderAt = identitiesEnd + 2;
			for (const kdf of [1, 2] as const) {
				const { name, length: hashLength } = HASHES[kdf];
				const { identity, key, importContext } = psk;
				const expected = Buffer.concat([u16(identity.length), identity, u16(importContext.length), importContext, u16(form.protocol), u16(kdf)]);
				assert.deepEqual(identities[kdf - 1], expected);

				const epskx = hmac(ownHash, Buffer.alloc(ownLength), key);
				const digest = createHash(ownHash).update(expected).digest();
				const ipskx = expandLabel(ownHash, epskx, form.prefix, "derived psk", digest, hashLength);

				const early = hmac(name, Buffer.alloc(hashLength), ipskx);
				const nothing = createHash(name).digest();
				const binderKey = expandLabel(name, early, form.prefix, "imp binder", nothing, hashLength);
				const finishedKey = expandLabel(name, binderKey, form.prefix, "finished", Buffer.alloc(0), hashLength);
				const transcript = createHash(name).update(head).update(body.subarray(0, identitiesEnd)).digest();
				assert.equal(body[binderAt], hashLength);
				assert.deepEqual(body.subarray(binderAt + 1, binderAt + 1 + hashLength), hmac(name, finishedKey, transcript));
				binderAt += 1 + hashLength;
			}
			assert.equal(binderAt, body.length);
		});
	}
}
