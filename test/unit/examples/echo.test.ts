// The echo programs against each other: each interface in each style, servers and clients in Node and on the simulated
// device, over this machine's TCP and UDP.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { type Engine, kinds, runEchoClient, startEchoServer, styles } from "../../support/echo.js";
import type { Pki } from "../../support/pki.js";
import { makePki } from "../../support/pki.js";

const text = "The quick brown fox jumps over the lazy dog. ".repeat(20);
const engines: readonly Engine[] = ["node", "xs"];
let pki: Pki;

before(() => {
	pki = makePki();
});

for (const engine of engines)
	for (const kind of kinds)
		for (const style of styles)
			test(`${kind}, ${style}: a server and a client on ${engine}`, async (t) => {
				const certificate = readFileSync(pki.ec.certificate, "utf8");
				const key = readFileSync(pki.ec.key, "utf8");
				const ca = readFileSync(pki.ca, "utf8");
				const port = await startEchoServer(t, engine, { kind, style, certificate, key });
				const other = engine === "xs" ? "node" : engine;
				const first = await runEchoClient(engine, { kind, style, ca, port, peerName: "localhost", text });
				assert.equal(first.failure, 0);
				assert.equal(first.echo, text);
				const second = await runEchoClient(other, { kind, style, ca, port, peerName: "localhost", text: "again" });
				assert.equal(second.failure, 0, `failure ${(second.failure ?? 0) >> 16}`);
				assert.equal(second.echo, "again");
			});

test("a server that isn't the one is told of", async (t) => {
	const plan = { certificate: readFileSync(pki.ec.certificate, "utf8"), key: readFileSync(pki.ec.key, "utf8"), style: "events" } as const;
	for (const kind of kinds) {
		const port = await startEchoServer(t, "node", { ...plan, kind });
		const { failure, echo } = await runEchoClient("node", { kind, style: "events", ca: readFileSync(pki.ca, "utf8"), port, peerName: "other.example", text });
		assert.notEqual(failure, 0, kind);
		assert.equal(echo, "");
	}
});
