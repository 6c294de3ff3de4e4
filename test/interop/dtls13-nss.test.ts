// DTLS 1.3 with NSS, both roles: NSS's tstclnt is a client and a server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NssDatabase, requireNss } from "../support/nss.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, startPolltlsServer } from "../support/polltls.js";
import { freePort } from "../support/processes.js";

const pki = makePki();
const known = ["--dtls", "--ca", pki.ca, "--servername", "localhost"];
/** A datagram socket needs a moment, and says nothing. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

/** Our client with these options against a fresh NSS server. */
const asClient: Record<string, { args: string[]; check?: (report: Awaited<ReturnType<typeof connectWithPolltls>>["report"]) => void }> = {
	"AES-128-GCM, x25519": { args: ["--suites", "TLS_AES_128_GCM_SHA256", "--groups", "x25519"], check: (r) => assert.equal(r.group, "x25519") },
	"AES-256-GCM, secp256r1": { args: ["--suites", "TLS_AES_256_GCM_SHA384", "--groups", "secp256r1"], check: (r) => assert.equal(r.group, "secp256r1") },
	"ChaCha20-Poly1305": { args: ["--suites", "TLS_CHACHA20_POLY1305_SHA256"], check: (r) => assert.equal(r.suite, "TLS_CHACHA20_POLY1305_SHA256") },
	"datagrams of 300 bytes": { args: ["--mtu", "300"] },
	"keys updated": { args: ["--key-update"] },
	"a connection id offered": { args: ["--cid", "auto"], check: (r) => assert.deepEqual(r.cid, { local: null, peer: null }) },
	"a fifth of our datagrams lost": { args: ["--loss", "20%", "--seed", "7", "--retransmit", "100"] },
};

for (const [name, { args, check }] of Object.entries(asClient))
	test(`our client with NSS: ${name}`, async (t) => {
		const root = requireNss(t);
		if (!root) return;
		const port = await freePort();
		const program = new NssDatabase(t, root, pki.ca, pki.ec).startServer(t, port);
		await settle();
		program.write("from nss\n");
		const outcome = await connectWithPolltls(port, [...known, ...args, "--send", "to nss\n"]);
		const { report } = outcome;
		assert.equal(report.failure, null, JSON.stringify(report));
		assert.equal(report.version, "DTLS 1.3");
		assert.match(outcome.stdout, /from nss/);
		if (!args.includes("--loss")) await program.waitFor(/to nss/);
		check?.(report);
	});

/** NSS's client against our server with these options. */
const asServer: Record<string, { args: string[]; nss?: string[] }> = {
	"with a cookie": { args: [] },
	"without a cookie": { args: ["--no-cookie"] },
	"a group that it has no share of": { args: ["--groups", "secp384r1"] },
	"datagrams of 256 bytes": { args: ["--mtu", "256"] },
	RSA: { args: ["--cert", pki.rsa.certificate, "--key", pki.rsa.key] },
	"its certificate asked for": { args: ["--verify-client", "require", "--ca", pki.ca], nss: ["-n", "own"] },
	"keys updated by us": { args: ["--key-update"] },
	"a fifth of our datagrams lost": { args: ["--loss", "20%", "--seed", "11", "--retransmit", "100"] },
};

for (const [name, { args, nss = [] }] of Object.entries(asServer))
	test(`NSS with our server: ${name}`, async (t) => {
		const root = requireNss(t);
		if (!root) return;
		const key = args.includes("--cert") ? [] : ["--cert", pki.ec.certificate, "--key", pki.ec.key];
		const server = await startPolltlsServer(t, ["--dtls", "--trace", ...key, ...args]);
		const program = new NssDatabase(t, root, pki.ca, pki.clientEc).startClient(t, server.port, nss);
		if (!args.includes("--loss")) {
			program.write("hello from nss\n");
			await program.waitFor(/hello from nss/);
		}
		await server.program.waitFor(/readPostHandshake/, 20_000);
		assert.doesNotMatch(server.program.stderr, /polltls: [A-Z_]+ \(/);
	});

test("an NSS client that trusts another authority tells us so", async (t) => {
	const root = requireNss(t);
	if (!root) return;
	const server = await startPolltlsServer(t, ["--dtls", "--cert", pki.ec.certificate, "--key", pki.ec.key]);
	new NssDatabase(t, root, pki.otherCa, pki.clientEc).startClient(t, server.port);
	const report = await server.nextReport();
	assert.equal(report.failure?.name, "ALERT_RECEIVED");
	assert.equal(report.failure?.alert, "unknown_ca");
});
