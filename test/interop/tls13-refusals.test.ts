// What our client and server refuse, each by its own failure and alert, and what a peer then says; and bad input on the
// TLS port: one alert, a clean close, and the next client is served.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, test } from "node:test";
import { fetchWithOpenssl } from "../support/peer-clients.js";
import { startOpensslServer } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, polltls, startPolltlsServer } from "../support/polltls.js";

const pki = makePki();
const MONTH = 30 * 86_400;
const now = Math.floor(Date.now() / 1000);

test("our client refuses a server's certificate, and the server hears why", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const good = await startOpensslServer(t, openssl, { identity: pki.ec });
	const byStranger = await startOpensslServer(t, openssl, { identity: pki.stranger });
	const clientOnly = await startOpensslServer(t, openssl, { identity: pki.clientEc });
	const cases: [string, { port: number; program: { stderr: string } }, string[], string, string, number][] = [
		["an authority that isn't trusted", byStranger, ["--ca", pki.ca], "CERTIFICATE_ISSUER_UNKNOWN", "unknown_ca", 48],
		["the wrong name", good, ["--ca", pki.ca, "--servername", "example.org"], "CERTIFICATE_NAME_MISMATCH", "bad_certificate", 42],
		["out of date", good, ["--ca", pki.ca, "--time", String(now + MONTH)], "CERTIFICATE_EXPIRED", "certificate_expired", 45],
		["not yet valid", good, ["--ca", pki.ca, "--time", String(now - MONTH)], "CERTIFICATE_NOT_YET_VALID", "certificate_expired", 45],
		["for clients only", clientOnly, ["--ca", pki.ca, "--servername", "device-7"], "CERTIFICATE_PURPOSE_REFUSED", "unsupported_certificate", 43],
	];
	for (const [what, server, args, failure, alert, number] of cases)
		await t.test(what, async () => {
			const before = server.program.stderr.length;
			const outcome = await connectWithPolltls(server.port, ["--servername", "localhost", ...args, "--http", "/"]);
			assert.equal(outcome.report.failure?.name, failure, outcome.stderr);
			assert.deepEqual([outcome.report.failure?.alert, outcome.report.failure?.sent], [alert, true]);
			assert.ok(outcome.code === 16 || outcome.code === 17, `exit code VERIFY_ERR or CERTIFICATE_ERR: ${outcome.code}`);
			assert.match(outcome.stderr, new RegExp(`^polltls: ${failure} \\(`, "m"));
			assert.equal(outcome.stdout, "");
			assert.match(server.program.stderr.slice(before), new RegExp(`SSL alert number ${number}`));
		});
});

test("our client refuses what a server chooses", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const trust = ["--servername", "localhost", "--ca", pki.ca, "--http", "/"];
	const only256 = await startOpensslServer(t, openssl, { identity: pki.ec, suites: ["TLS_AES_256_GCM_SHA384"] });
	const suite = await connectWithPolltls(only256.port, [...trust, "--suites", "TLS_AES_128_GCM_SHA256"]);
	assert.deepEqual([suite.report.failure?.name, suite.report.failure?.alert], ["ALERT_RECEIVED", "handshake_failure"]);
	const rsa = await startOpensslServer(t, openssl, { identity: pki.rsa });
	const scheme = await connectWithPolltls(rsa.port, [...trust, "--sigalgs", "ecdsa_secp256r1_sha256"]);
	assert.deepEqual([scheme.report.failure?.name, scheme.report.failure?.alert], ["ALERT_RECEIVED", "handshake_failure"]);
});

test("usage errors name the option and end with 2", async () => {
	for (const [args, pattern] of [
		[["client", "127.0.0.1:1", "--no-such-option"], /--no-such-option/],
		[["client", "127.0.0.1:1", "--ca", "/nonexistent/ca.pem"], /ca\.pem/],
		[["client", "127.0.0.1:1", "--insecure", "--suites", "TLS_NONE_SUCH"], /TLS_NONE_SUCH/],
		[["client", "127.0.0.1:1", "--insecure", "--groups", "x25520"], /x25520/],
		[["server", "--port", "0"], /--cert/],
		[["server", "--port", "70000", "--cert", pki.ec.certificate, "--key", pki.ec.key], /--port/],
		[["server", "--port", "0", "--cert", pki.ec.certificate, "--key", pki.rsa.key], /key/i],
		[["sing"], /sing/],
	] as const) {
		const { code, stderr } = await polltls([...args]);
		assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
		assert.match(stderr, pattern);
	}
	const nobody = await polltls(["client", "127.0.0.1:1", "--insecure", "--http", "/"]);
	assert.match(nobody.stderr, /--insecure: the peer is not verified/);
	assert.equal(nobody.code, 9, "IO_ERR");
	assert.match(nobody.stderr, /ECONNREFUSED/);
});

/** Sends bytes to the port and reads until the other side closes; ends its own side first if told so. */
function talk(port: number, bytes: Uint8Array | string, { end = false, timeout = 5000 } = {}): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
		const timer = setTimeout(() => {
			socket.destroy();
			reject(new Error(`the server didn't close in ${timeout} ms; it sent ${Buffer.concat(chunks).toString("hex")}`));
		}, timeout);
		socket.on("connect", () => (end ? socket.end(bytes) : socket.write(bytes)));
		socket.on("data", (data) => chunks.push(data));
		socket.on("error", (error) => {
			clearTimeout(timer);
			reject(error);
		});
		socket.on("end", () => {
			clearTimeout(timer);
			socket.end();
			resolve(Buffer.concat(chunks));
		});
	});
}

/** One fatal alert in the clear, and nothing else. */
function assertOneAlert(answer: Buffer, what: string): void {
	assert.equal(answer.length, 7, `${what}: ${answer.toString("hex")}`);
	assert.deepEqual([answer[0], answer[1], answer[3], answer[4], answer[5]], [21, 3, 0, 2, 2], `${what}: ${answer.toString("hex")}`);
}

// A ClientHello's record and handshake header, and 20 bytes of its 512.
const halfRecord = Buffer.concat([Buffer.from("1603010200010001fc0303", "hex"), Buffer.alloc(20, 7)]);
const badInput: [string, Uint8Array | string, boolean][] = [
	["garbage", Buffer.alloc(300, 0xa5), false],
	["zeros", Buffer.alloc(64), false],
	["a plain HTTP request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", false],
	["SSH's greeting", "SSH-2.0-OpenSSH_9.2\r\n", false],
	["an SSL 2.0 hello", Buffer.from("802e0100020015000000100100800200800300800400800500800600400700c0", "hex"), false],
	["half a record, then the end", halfRecord, true],
	["a record over the limit", Buffer.from("1603014801", "hex"), false],
	["an empty handshake record", Buffer.from("1603010000", "hex"), false],
	["application data first", Buffer.from("1703030005aabbccddee", "hex"), false],
	["a ServerHello to a server", Buffer.from(`160303002a02000026${"0303".padEnd(76, "0")}`, "hex"), false],
	["a ClientHello with rubbish inside", Buffer.from(`160301002a01000026${"0303".padEnd(76, "f")}`, "hex"), false],
];

test("bad input on the TLS port ends in one alert and a clean close, and the next client is served", async (t) => {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return;
	const server = await startPolltlsServer({ after }, ["--http", "--cert", pki.ec.certificate, "--key", pki.ec.key]);
	for (const [what, bytes, end] of badInput)
		await t.test(what, async () => {
			const answer = await talk(server.port, bytes, { end });
			const bad = await server.nextReport();
			const next = await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca });
			const good = await server.nextReport();
			assertOneAlert(answer, what);
			assert.equal(bad.failure?.sent, true, JSON.stringify(bad.failure));
			assert.match(next.stdout, /HTTP\/1\.[01] 200/, what);
			assert.equal(good.failure, null);
		});
	await t.test("a client that goes at once", async () => {
		assert.equal((await talk(server.port, "", { end: true })).length <= 7, true);
		await server.nextReport();
		assert.match((await fetchWithOpenssl(openssl, { port: server.port, ca: pki.ca })).stdout, /HTTP\/1\.[01] 200/);
	});
});

test("a server that talks no TLS: our client says so, with one alert", async (t) => {
	for (const [what, bytes] of badInput.slice(0, 4)) {
		const server = createServer({ allowHalfOpen: true });
		t.after(() => server.close());
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const answer = once(server, "connection").then(async ([socket]) => {
			const chunks: Buffer[] = [];
			socket.on("data", (data: Buffer) => chunks.push(data));
			socket.write(bytes);
			await once(socket, "end");
			socket.end();
			return Buffer.concat(chunks);
		});
		const address = server.address();
		const outcome = await connectWithPolltls(typeof address === "object" && address ? address.port : 0, [
			"--servername",
			"localhost",
			"--ca",
			pki.ca,
			"--http",
			"/",
		]);
		assert.notEqual(outcome.code, 0);
		assert.equal(outcome.report.failure?.sent, true, `${what}: ${outcome.stderr}`);
		const received = await answer;
		assertOneAlert(received.subarray(5 + received.readUInt16BE(3)), what);
	}
});
