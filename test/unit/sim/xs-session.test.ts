// The polltls command's connections with --engine xs, with each other and with the same in Node.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import type { Job } from "polltls/crypto/types";
import { CertificateFields, commonName } from "polltls/pki/certificate-fields";
import { CertificateIssuer } from "polltls/pki/issue";
import { encodePrivateKey } from "polltls/pki/key-writer";
import { encodePem } from "polltls/pki/pem";
import { openClient, serverSessions } from "../../../hosts/node/command/open.js";
import { clientCommand, serverCommand } from "../../../hosts/node/command/options.js";
import type { Session } from "../../../hosts/node/command/session.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { nodeRegistry } from "../../../hosts/node/registry.js";

const folder = mkdtempSync(join(tmpdir(), "polltls-"));
const certificate = join(folder, "certificate.pem");
const key = join(folder, "key.pem");

function finish(job: Job): void {
	while (job.step(64) === WORKING);
}

before(() => {
	const registry = nodeRegistry("node");
	registry.start();
	const generate = new EcGenerate(p256);
	generate.start(nodeEntropy, 0);
	finish(generate);
	const fields = new CertificateFields();
	fields.subject = commonName("localhost");
	fields.names = ["localhost"];
	fields.notBefore = Math.floor(Date.now() / 1000) - 60;
	fields.notAfter = fields.notBefore + 3600;
	const issuer = new CertificateIssuer(registry, 1024);
	issuer.startSelfSigned(fields, generate.privateKey, generate.publicKey, nodeEntropy);
	finish(issuer);
	writeFileSync(certificate, encodePem("CERTIFICATE", issuer.der, 0, issuer.length));
	const der = encodePrivateKey(generate.privateKey);
	writeFileSync(key, encodePem("PRIVATE KEY", der, 0, der.length));
});
after(() => rmSync(folder, { recursive: true }));

/** A server that echoes; the sessions of its connections arrive at onSession. */
async function serve(t: { after(end: () => void): void }, args: string[], onSession: (session: Session) => void = () => {}): Promise<number> {
	const open = await serverSessions(serverCommand(["--cert", certificate, "--key", key, ...args]));
	const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket: Socket) => {
		const session = open(socket);
		session.on("error", () => {});
		session.pipe(session);
		onSession(session);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	return (server.address() as { port: number }).port;
}

function dial(port: number, args: string[] = []): Promise<Session> {
	return openClient(clientCommand([`127.0.0.1:${port}`, "--servername", "localhost", "--ca", certificate, ...args]));
}

async function echo(session: Session, bytes: Buffer): Promise<Buffer> {
	session.end(bytes);
	const pieces: Buffer[] = [];
	for await (const piece of session.iterator({ destroyOnReturn: false })) pieces.push(piece as Buffer);
	if (!session.closed) await new Promise((resolve) => session.once("close", resolve));
	return Buffer.concat(pieces);
}

for (const [client, server, crypto] of [
	["xs", "node", "node"],
	["node", "xs", "node"],
	["xs", "xs", "noble"],
] as const)
	test(`an echo: client in ${client}, server in ${server}, crypto of ${crypto}`, async (t) => {
		const ended: Promise<void>[] = [];
		const sessions: Session[] = [];
		const port = await serve(t, ["--engine", server, "--crypto", crypto, "--json"], (session) => {
			sessions.push(session);
			ended.push(new Promise((resolve) => session.once("close", () => resolve())));
		});
		const opened = await dial(port, ["--engine", client, "--crypto", crypto]);
		let secure = 0;
		opened.once("secure", () => {
			secure++;
			opened.updateKeys();
		});
		const bytes = randomBytes(crypto === "noble" ? 5000 : 200000);
		assert.ok(bytes.equals(await echo(opened, bytes)));
		await Promise.all(ended);
		assert.equal(secure, 1);
		for (const [session, engine] of [
			[opened, client],
			[sessions[0], server],
		] as const) {
			const { version, failure, polls, heap, compute, bytesIn } = session.report();
			assert.deepEqual([version, failure, polls > 20, bytesIn > bytes.length], [0x304, 0, true, true]);
			if (engine === "xs")
				assert.ok(heap !== undefined && heap.peakBytes > 40000 && heap.peakBytes < 200000 && (compute ?? 0) > 100000, JSON.stringify({ heap, compute }));
		}
	});

test("several connections in one engine, one of which is broken off", async (t) => {
	const failures: number[] = [];
	let broken: Promise<void> | undefined;
	const port = await serve(t, ["--engine", "xs"], (session) => {
		const closed = new Promise<void>((resolve) => session.once("close", resolve));
		session.once("close", () => failures.push(session.report().failure));
		broken ??= closed;
	});
	const first = await dial(port);
	first.on("error", () => {});
	await new Promise((resolve) => first.once("secure", resolve));
	const others = await Promise.all([dial(port), dial(port)]);
	const bytes = randomBytes(30000);
	const echoes = others.map((session) => echo(session, bytes));
	first.destroy();
	await broken;
	for (const one of await Promise.all(echoes)) assert.ok(bytes.equals(one));
	assert.ok(failures.includes(failures[0]) && failures[0] > 0, "what was broken off is a failure");
});

test("what is refused ends with its failure's name", async (t) => {
	const port = await serve(t, ["--engine", "xs"]);
	const session = await openClient(clientCommand([`127.0.0.1:${port}`, "--servername", "example.org", "--ca", certificate, "--engine", "xs"]));
	const error = await new Promise<Error>((resolve) => session.once("error", resolve));
	assert.match(error.message, /^CERTIFICATE_NAME_MISMATCH \(bad_certificate sent, checkServerCertificate, certificate 0 CN=localhost\)$/);
	assert.equal(session.report().failure & 255, 16);
	await assert.rejects(dial(1, ["--engine", "xs"]), /ECONNREFUSED/);
});

test("a session is resumed, and secrets go to the key log", async (t) => {
	const port = await serve(t, ["--engine", "xs"]);
	const resume = join(folder, "session");
	const keylog = join(folder, "keys");
	const resumed: boolean[] = [];
	for (let i = 0; i < 2; i++) {
		const session = await dial(port, ["--engine", "xs", "--resume", resume, "--keylog", keylog]);
		await echo(session, Buffer.from("x"));
		resumed.push(session.report().resumed);
	}
	assert.deepEqual(resumed, [false, true]);
	assert.match(readFileSync(keylog, "utf8"), /^(CLIENT|SERVER)_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]{64}$/m);
});
