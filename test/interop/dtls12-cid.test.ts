// DTLS 1.2 connection ids (RFC 9146) with mbedtls, both roles: each kind of protection, and a client whose address changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDtlsDoor } from "polltls/dtls-server";
import { DtlsServer } from "../../hosts/node/dtls-server.js";
import type { DtlsStream } from "../../hosts/node/dtls-stream.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { psk, serverOptions } from "../suite/pair/dtls-pair.js";
import { TestPki } from "../suite/pair/harness.js";
import { buildMbedtlsPeer } from "../support/mbedtls.js";
import { connectWithPolltls } from "../support/polltls.js";
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
