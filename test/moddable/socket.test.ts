// Our TLS socket in an image for Linux: the rules of ECMA-419, its option sets, its heap after many connections, and a
// timer of the same application while handshakes run.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildImage, startImage } from "../support/moddable-image.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { startPolltlsServer } from "../support/polltls.js";
import { type Ending, freePort, listening, start, temporaryFolder } from "../support/processes.js";
import { startTalkingServer } from "../support/talking-server.js";

const image = buildImage("polltls-socket", "test/moddable/socket/manifest.json");
const pki = makePki({ after });
const port = await startTalkingServer({ after }, pki);
const der = join(temporaryFolder({ after }), "ca.der");
writeFileSync(der, Buffer.from(readFileSync(pki.ca, "utf8").replace(/-----[^-]+-----|\s/g, ""), "base64"));

/** Key pairs as files: PKCS#8 in PEM, SubjectPublicKeyInfo in DER. */
function makeRawKeys(t: Ending): Record<"server" | "client", { key: string; publicKey: string }> {
	const folder = temporaryFolder(t);
	const made = (name: string) => {
		const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
		const files = { key: join(folder, `${name}.key`), publicKey: join(folder, `${name}.der`) };
		writeFileSync(files.key, privateKey.export({ type: "pkcs8", format: "pem" }));
		writeFileSync(files.publicKey, publicKey.export({ type: "spki", format: "der" }));
		return files;
	};
	return { server: made("server"), client: made("client") };
}

const variables = {
	PORT: String(port),
	CA: pki.ca,
	CA_DER: der,
	OTHER_CA: pki.otherCa,
	CLIENT_CERTIFICATE: pki.clientEc.certificate,
	CLIENT_KEY: pki.clientEc.key,
};

for (const [job, title] of [
	["rules", "the rules of ECMA-419"],
	["options", "the option sets"],
])
	test(title, async (context) => {
		const openssl = requirePeer(context, "openssl");
		if (!openssl) return;
		const pskPort = await freePort();
		const psk = ["-psk", "07".repeat(16), "-psk_identity", "sensor-1", "-nocert", "-cipher", "ECDHE-PSK-CHACHA20-POLY1305:PSK-AES128-GCM-SHA256"];
		await listening(pskPort, start(context, openssl.path, ["s_server", "-accept", `127.0.0.1:${pskPort}`, ...psk]));
		const raw = makeRawKeys(context);
		const rawServer = await startPolltlsServer(context, ["--rpk", raw.server.key, "--peer-key", raw.client.publicKey, "--verify-client", "require"]);
		const rawVariables = { RAW_PORT: String(rawServer.port), RAW_KEY: raw.client.key, RAW_PUBLIC: raw.client.publicKey, RAW_SERVER: raw.server.publicKey };
		const program = startImage(context, image, 120, { JOB: job, PSK_PORT: String(pskPort), ...rawVariables, ...variables });
		const { code, stdout, stderr } = await program.ended;
		const results = [...stdout.matchAll(/^(ok|not ok) - (.*)$/gm)];
		for (const [line, result, name] of results) await context.test(name, () => assert.equal(result, "ok", line));
		assert.equal(code, 0, stdout + stderr);
		assert.ok(results.length >= 10, stdout);
	});

test("the heap is the same after 1,000 connections, and after connections that were closed at any moment", async (context) => {
	const program = startImage(context, image, 300, { JOB: "cycles", ROUNDS: "1000", ...variables });
	const { code, stdout } = await program.ended;
	for (const line of stdout.trim().split("\n")) context.diagnostic(line);
	assert.equal(code, 0, program.describe());
});

test("a timer of 10 ms isn't held up by handshakes", async (context) => {
	// Before all other programs of this machine, where that is allowed: what they do isn't the image's lateness
	const alone = spawnSync("chrt", ["--fifo", "1", "true"]).status === 0;
	const env = { MCRUNNER_POLL: "1", JOB: "timer", ROUNDS: "100", ...variables };
	const first = alone ? ["chrt", "--fifo", "1"] : [];
	const [command, ...args] = [...first, image.runner, image.path, "120"];
	const program = start(context, command, args, { timeout: 125_000, env });
	const { code, stdout } = await program.ended;
	const lines = stdout.trim().split("\n");
	for (const line of lines.slice(0, 3)) context.diagnostic(line);
	assert.equal(code, 0, program.describe());
	const { idle, busy } = JSON.parse(lines[3]) as Record<"idle" | "busy", { clock: number[]; own: number[] }>;
	const late = (each: number): boolean => each > 5;
	assert.ok(busy.clock.length > 50, `only ${busy.clock.length} firings`);
	assert.ok(!busy.own.some(late), lines[2]);
	// By the clock another program may make even an idle application's timer late
	if (alone) assert.ok(!busy.clock.some(late), lines[1]);
	else if (!idle.clock.some(late)) assert.ok(busy.clock.filter(late).length <= Math.ceil(busy.clock.length * 0.01), lines[1]);
	else context.diagnostic("this machine is too busy for the clock to say anything");
});
