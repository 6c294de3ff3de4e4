// DTLS 1.2 connection ids (RFC 9146) with mbedtls, both roles: each kind of protection, a client whose address changes, and other
// ids, or none, from a renegotiation on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDtlsDoor } from "polltls/dtls-server";
import { DtlsServer } from "../../hosts/node/dtls-server.js";
import type { DtlsStream } from "../../hosts/node/dtls-stream.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { psk, serverOptions } from "../suite/pair/dtls-pair.js";
import { TestPki } from "../suite/pair/harness.js";
import { buildMbedtlsPeer } from "../support/mbedtls.js";
import { connectWithPolltls, startPolltlsClient } from "../support/polltls.js";
import { type Finished, freePort } from "../support/processes.js";

const registry = nodeRegistry("node");
registry.start();
const pki = new TestPki(registry);
const suites = [
	"TLS-PSK-WITH-AES-128-CCM-8",
	"TLS-PSK-WITH-AES-128-GCM-SHA256",
	"TLS-PSK-WITH-AES-128-CBC-SHA256",
	"TLS-ECDHE-PSK-WITH-CHACHA20-POLY1305-SHA256",
];

test("our client and mbedtls's server", async (t) => {
	const peer = buildMbedtlsPeer(t);
	if (!peer) return;
	for (const [cid, theirs] of [
		["0102030405", "a1b2c3"],
		["auto", ""],
		["", "a1"],
	])
		for (const suite of suites) {
			const port = await freePort();
			const server = peer("server", `${port}`, theirs, suite);
			await server.waitFor(/listening/);
			const own = ["--dtls", "--min", "1.2", "--max", "1.2", "--psk", Buffer.from(psk.key).toString("hex"), "--psk-identity", "device"];
			const { code, stdout, stderr, report } = await connectWithPolltls(port, [...own, "--cid", cid, "--send", "through it"]);
			assert.equal(code, 0, stderr);
			assert.equal(stdout, "through it");
			const { local, peer: ofPeer } = report.cid as { local: string; peer: string };
			assert.equal(ofPeer, theirs, suite);
			assert.match((await server.ended).stdout, new RegExp(`^cid 1 ${local} ${suite}$`, "m"));
		}
});

test("mbedtls's client and our server, from two addresses", async (t) => {
	const peer = buildMbedtlsPeer(t);
	if (!peer) return;
	for (const suite of suites) {
		const options = { version: "1.2", psk: true, server: { connectionIdLength: 4, trustNewAddress: true } } as const;
		const server = new DtlsServer(openDtlsDoor({ ...serverOptions(pki, registry, options), maxConnections: 4 }));
		const streams: DtlsStream[] = [];
		server.on("stream", (stream: DtlsStream) => {
			streams.push(stream);
			stream.on("error", () => {});
			stream.pipe(stream);
		});
		const port = await server.listen(0, "127.0.0.1");
		const { code, stdout, stderr }: Finished = await peer("client", `${port}`, "b1b2", suite).ended;
		server.close();
		assert.equal(code, 0, stderr);
		assert.match(stdout, new RegExp(`^cid 1 [0-9a-f]{8} ${suite}\none\ntwo\n`));
		assert.equal(streams.length, 1);
	}
});

test("other ids from a renegotiation on: our client, with mbedtls's server", async (t) => {
	const peer = buildMbedtlsPeer(t);
	if (!peer) return;
	for (const next of ["d4e5f6", "none"]) {
		const port = await freePort();
		const server = peer("server", `${port}`, "a1b2c3", suites[0], next);
		await server.waitFor(/listening/);
		const key = ["--psk", Buffer.from(psk.key).toString("hex"), "--psk-identity", "device"];
		const client = startPolltlsClient(t, port, ["--dtls", "--min", "1.2", "--max", "1.2", ...key, "--cid", "0102030405", "--renegotiate", "--json"]);
		client.write("first\n");
		await client.waitFor(/first/);
		await server.waitFor(/^renegotiation$/m);
		await new Promise((resolve) => setTimeout(resolve, 500));
		client.write("second\n");
		await client.waitFor(/second/);
		client.endInput();
		const { stdout } = await server.ended;
		assert.match(stdout, next === "none" ? /^cid 0 /m : /^cid 1 0102030405 /m, stdout);
		await client.waitFor(/"renegotiations":\d+/);
		const report = JSON.parse(client.stderr.split("\n").find((line) => line.startsWith("{")) ?? "");
		assert.deepEqual([report.failure, report.cid.peer], [null, next === "none" ? null : next]);
		assert.equal(report.renegotiations, 2, "ours, then the server's");
	}
});

test("other ids from a renegotiation on: our server, begun by mbedtls's client", async (t) => {
	const peer = buildMbedtlsPeer(t);
	if (!peer) return;
	for (const next of ["c3c4", "none"]) {
		const options = { version: "1.2", psk: true, server: { connectionIdLength: 4, renegotiation: true } } as const;
		const server = new DtlsServer(openDtlsDoor({ ...serverOptions(pki, registry, options), maxConnections: 4 }));
		const ids: (Uint8Array | undefined)[] = [];
		server.on("stream", (stream: DtlsStream) => {
			stream.on("error", () => {});
			stream.on("data", () => ids.push(stream.connection.report().peerId));
			stream.pipe(stream);
		});
		const port = await server.listen(0, "127.0.0.1");
		const { code, stdout, stderr }: Finished = await peer("client", `${port}`, "b1b2", suites[0], next).ended;
		server.close();
		assert.equal(code, 0, stderr);
		assert.match(stdout, /^one\nrenegotiation\ncid [01].*\ntwo$/m);
		assert.deepEqual(
			ids.map((id) => id && Buffer.from(id).toString("hex")),
			["b1b2", next === "none" ? undefined : next],
		);
	}
});
