// RFC 8448 section 3, played by our parts: key exchange, transcript, key schedule, records and messages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Reader } from "polltls/base/reader";
import { DONE, WORKING } from "polltls/base/status";
import { KeySchedule } from "polltls/crypto/key-schedule";
import { RsaSignatures } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import { findSuite } from "polltls/crypto/suites";
import { TrafficKeys } from "polltls/crypto/traffic-keys";
import { Transcript } from "polltls/crypto/transcript";
import { KEY_RSA, sha256 } from "polltls/crypto/types";
import { tls } from "polltls/handshake/variant";
import { Certificate } from "polltls/pki/certificate";
import { CertificateList } from "polltls/pki/certificate-list";
import { RECORD_HEADER } from "polltls/record/protection";
import { createProtection13 } from "polltls/record/protection13";
import { CertificateMessage } from "polltls/wire/certificate";
import { CERTIFICATE_VERIFY_HASH_AT, CertificateVerify, encodeCertificateVerifyContent } from "polltls/wire/certificate-verify";
import { ClientHello } from "polltls/wire/client-hello";
import { ExtensionBlock } from "polltls/wire/extensions/block";
import { decodeServerShare, KeyShareEntry } from "polltls/wire/extensions/key-share";
import { decodeServerName } from "polltls/wire/extensions/server-name";
import { IN_SERVER_HELLO, KEY_SHARE, SERVER_NAME } from "polltls/wire/extensions/table";
import { handshake } from "polltls/wire/registry";
import { ServerHello } from "polltls/wire/server-hello";
import { nodeRegistry } from "../../hosts/node/registry.js";

const trace = JSON.parse(readFileSync(new URL("../vectors/rfc8448-1rtt.json", import.meta.url), "utf8")) as Record<string, string>;
const bytes = (name: string) => new Uint8Array(Buffer.from(trace[name], "hex"));
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");

function readerOn(data: Uint8Array, at: number, end: number): Reader {
	const reader = new Reader();
	reader.reset(data, at, end);
	return reader;
}

function finish(job: { step(budget: number): number }): number {
	let result: number;
	do result = job.step(8);
	while (result === WORKING);
	return result;
}

test("the simple 1-RTT handshake", () => {
	const registry = nodeRegistry("noble");
	registry.start();
	const hash = registry.hash(sha256);
	const suite = findSuite(0x1301);
	assert.ok(hash && suite);

	// ClientHello and ServerHello
	const clientHello = bytes("clientHelloRecord").subarray(RECORD_HEADER);
	const hello = new ClientHello();
	let reader = readerOn(clientHello, 4, clientHello.length);
	assert.equal(hello.decode(reader, false), 0);
	hello.extensions.open(reader, SERVER_NAME);
	assert.equal(decodeServerName(reader), "server");
	const serverHello = bytes("serverHelloRecord").subarray(RECORD_HEADER);
	const answer = new ServerHello();
	reader = readerOn(serverHello, 4, serverHello.length);
	assert.equal(answer.decode(reader), 0);
	assert.equal(answer.decodeExtensions(reader, IN_SERVER_HELLO, ~0), 0);
	assert.equal(answer.suite, 0x1301);
	const share = new KeyShareEntry();
	answer.extensions.open(reader, KEY_SHARE);
	assert.equal(decodeServerShare(reader, share), true);

	// The key exchange with the client's private key
	const exchange = x25519.create();
	exchange.begin({ fill: (out, at, end) => out.set(bytes("clientPrivate").subarray(0, end - at), at) });
	assert.equal(finish(exchange), DONE);
	assert.equal(hex(exchange.share.subarray(0, 32)), trace.clientPublic);
	exchange.receive(serverHello, share.at, share.end);
	assert.equal(finish(exchange), DONE);

	// The handshake's secrets
	const transcript = new Transcript();
	transcript.start(registry.hashes);
	transcript.update(clientHello, 0, clientHello.length);
	transcript.select(hash);
	transcript.update(serverHello, 0, serverHello.length);
	const digest = new Uint8Array(32);
	const schedule = new KeySchedule();
	schedule.start(hash, tls.labelPrefix);
	schedule.early(undefined, 0);
	transcript.hash(digest);
	schedule.handshake(exchange.secret, exchange.secretLength, digest);
	assert.equal(hex(schedule.clientHandshakeSecret.subarray(0, 32)), trace.clientHandshakeSecret);
	assert.equal(hex(schedule.serverHandshakeSecret.subarray(0, 32)), trace.serverHandshakeSecret);

	// The server's flight in its record
	const keys = new TrafficKeys();
	schedule.trafficKeys(schedule.serverHandshakeSecret, suite, 16, keys);
	const flight = bytes("serverFlightRecord");
	const protection = createProtection13(registry, keys);
	const end = protection.open(flight, 0, flight.length);
	assert.equal(protection.type, handshake);
	const messages: [number, number, number][] = [];
	for (let at = RECORD_HEADER; at < end; ) {
		const bodyEnd = at + 4 + ((flight[at + 1] << 16) | (flight[at + 2] << 8) | flight[at + 3]);
		messages.push([flight[at], at, bodyEnd]);
		at = bodyEnd;
	}
	assert.deepEqual(
		messages.map(([type]) => type),
		[8, 11, 15, 20],
	);

	// Certificate, and the proof of its key (a key that our own policy finds too small)
	const list = new CertificateList();
	const [, certificateMessage, verifyMessage, finishedMessage] = messages;
	assert.equal(new CertificateMessage().decode(readerOn(flight, certificateMessage[1] + 4, certificateMessage[2]), list, new ExtensionBlock(), 0), 0);
	const certificate = new Certificate();
	assert.equal(certificate.decode(flight, list.at[0], list.end[0]), 0);
	for (const [, at, bodyEnd] of messages.slice(0, 2)) transcript.update(flight, at, bodyEnd);
	const verify = new CertificateVerify();
	assert.equal(verify.decode(readerOn(flight, verifyMessage[1] + 4, verifyMessage[2])), true);
	const content = new Uint8Array(CERTIFICATE_VERIFY_HASH_AT + 32);
	encodeCertificateVerifyContent(content, true);
	transcript.hash(digest);
	content.set(digest, CERTIFICATE_VERIFY_HASH_AT);
	const job = new RsaSignatures(KEY_RSA, { minimumBits: 1024, maximumBits: 2048 }).createVerify(registry);
	const { publicKey } = certificate;
	const key = { type: KEY_RSA, bytes: flight, at: publicKey.at, end: publicKey.end };
	job.start(verify.scheme, key, content, 0, content.length, flight, verify.signatureAt, verify.signatureEnd);
	assert.equal(finish(job), DONE);

	// Both Finished
	transcript.update(flight, verifyMessage[1], verifyMessage[2]);
	transcript.hash(digest);
	const verifyData = new Uint8Array(32);
	schedule.verifyData(schedule.serverHandshakeSecret, digest, verifyData);
	assert.equal(`14000020${hex(verifyData)}`, trace.serverFinished);
	transcript.update(flight, finishedMessage[1], finishedMessage[2]);
	transcript.hash(digest);
	schedule.application(digest);
	assert.equal(hex(schedule.clientApplicationSecret.subarray(0, 32)), trace.clientApplicationSecret);
	schedule.verifyData(schedule.clientHandshakeSecret, digest, verifyData);
	assert.equal(`14000020${hex(verifyData)}`, trace.clientFinished);

	// The client's record, to the byte
	schedule.trafficKeys(schedule.clientHandshakeSecret, suite, 16, keys);
	const record = new Uint8Array(100);
	const clientFinished = bytes("clientFinished");
	record.set(clientFinished, RECORD_HEADER);
	const recordEnd = createProtection13(registry, keys).seal(handshake, record, 0, RECORD_HEADER + clientFinished.length);
	assert.equal(hex(record.subarray(0, recordEnd)), trace.clientFinishedRecord);
});
