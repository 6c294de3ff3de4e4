// X25519MLKEM768 with Chromium, which offers it: its ML-KEM is not noble's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openInChromium } from "../support/peer-clients.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { startPolltlsServer } from "../support/polltls.js";

const pki = makePki();

test("Chromium agrees on X25519MLKEM768 with our server", async (t) => {
	const chromium = requirePeer(t, "chromium");
	if (!chromium) return;
	const server = await startPolltlsServer(t, ["--http", "--groups", "X25519MLKEM768", "--cert", pki.ec.certificate, "--key", pki.ec.key]);
	const page = await openInChromium(t, chromium, `https://localhost:${server.port}/`, pki.ec.certificate);
	assert.match(page.stdout, /X25519MLKEM768/, page.stderr);
	assert.equal((await server.nextReport()).group, "X25519MLKEM768");
});
