// The command over UDP, our client with our server, each in a process of its own: every option of --dtls does what it says, and
// an open connection sleeps in a file while no process has it.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makePki } from "../support/pki.js";
import { connectWithPolltls, polltls, startPolltlsServer } from "../support/polltls.js";
import { temporaryFolder } from "../support/processes.js";

const pki = makePki();
const psk = ["--psk", "000102030405060708090a0b0c0d0e0f", "--psk-identity", "dev"];
const own = ["--cert", pki.ec.certificate, "--key", pki.ec.key];
const known = ["--ca", pki.ca, "--servername", "localhost"];
const versions = ["1.3", "1.2"] as const;
const speaking = (version: string): string[] => ["--dtls", "--min", version, "--max", version];

const wrong: [string, string[]][] = [
	["--mtu", ["client", "localhost:1", "--mtu", "512"]],
	["--cid", ["client", "localhost:1", "--cid", "auto"]],
	["--retransmit", ["server", "--retransmit", "100"]],
	["--loss", ["server", "--loss", "10%"]],
	["--seed", ["client", "localhost:1", "--seed", "1"]],
	["--save", ["client", "localhost:1", "--save", "x"]],
	["--restore", ["client", "localhost:1", "--restore", "x"]],
	["--coap", ["server", "--coap"]],
	["--no-cookie", ["server", "--no-cookie"]],
	["--mtu", ["client", "localhost:1", "--dtls", "--mtu", "100"]],
	["--mtu", ["client", "localhost:1", "--dtls", "--mtu", "many"]],
	["--cid", ["client", "localhost:1", "--dtls", "--cid", "abc"]],
	["--retransmit", ["client", "localhost:1", "--dtls", "--retransmit", "0"]],
	["--loss", ["client", "localhost:1", "--dtls", "--loss", "100%"]],
	["--coap", ["server", "--dtls", "--coap", "--echo"]],
];

test("what doesn't fit is refused by name, with exit code 2", async (t) => {
	for (const [option, args] of wrong)
		await t.test(args.slice(1).join(" "), async () => {
			const { code, stderr } = await polltls(args);
			assert.equal(code, 2, stderr);
			assert.ok(stderr.includes(option), stderr);
		});
});

test("--restore of a file that is no open connection", async (t) => {
	const file = join(temporaryFolder(t), "connection");
	writeFileSync(file, "nothing of the kind");
	const { code, stderr } = await polltls(["client", "127.0.0.1:1", "--dtls", ...psk, "--restore", file, "--send", "x"]);
	assert.notEqual(code, 0);
	assert.match(stderr, /--restore/);
});

for (const version of versions) {
	test(`DTLS ${version}: --mtu cuts handshakes, --no-cookie saves a round trip`, async (t) => {
		const server = await startPolltlsServer(t, [...speaking(version), ...own, "--mtu", "256"]);
		const large = await startPolltlsServer(t, [...speaking(version), ...own, "--no-cookie"]);
		const [small, direct] = await Promise.all(
			[server, large].map(({ port }) => connectWithPolltls(port, [...speaking(version), ...known, "--send", "x".repeat(150)])),
		);
		assert.equal(small.stdout, "x".repeat(150));
		assert.ok(small.report.recordsIn > direct.report.recordsIn, "more records");
		if (version === "1.3") assert.deepEqual([small.report.helloRetry, direct.report.helloRetry], [true, false]);
		assert.ok(direct.report.bytesOut < small.report.bytesOut, "one ClientHello less");
	});

	test(`DTLS ${version}: --cid`, async (t) => {
		const server = await startPolltlsServer(t, [...speaking(version), ...psk, "--cid", "auto"]);
		const given = await connectWithPolltls(server.port, [...speaking(version), ...psk, "--cid", "c0ffee", "--send", "a"]);
		assert.equal(given.report.cid.local, "c0ffee");
		assert.match(given.report.cid.peer ?? "", /^[0-9a-f]{16}$/);
		const byServer = (await server.nextReport()).cid;
		assert.deepEqual(byServer, { local: given.report.cid.peer, peer: "c0ffee" });
		const chosen = await connectWithPolltls(server.port, [...speaking(version), ...psk, "--cid", "auto", "--send", "b"]);
		assert.match(chosen.report.cid.local ?? "", /^[0-9a-f]{16}$/);
		const none = await connectWithPolltls(server.port, [...speaking(version), ...psk, "--send", "c"]);
		assert.deepEqual(none.report.cid, { local: null, peer: null });
	});

	test(`DTLS ${version}: --loss, --seed, --retransmit`, async (t) => {
		const server = await startPolltlsServer(t, [...speaking(version), ...psk, "--loss", "0.3", "--seed", "4", "--retransmit", "50"]);
		let repeated = 0;
		for (const seed of ["1", "2", "3"]) {
			const args = [...speaking(version), ...psk, "--loss", "30%", "--seed", seed, "--retransmit", "50", "--send", "x"];
			const { report } = await connectWithPolltls(server.port, args);
			assert.equal(report.failure, null, JSON.stringify(report));
			repeated += report.retransmissions;
		}
		assert.ok(repeated > 0, "something had to be sent again");
	});

	test(`DTLS ${version}: --save and --restore, night after night, from another port each time`, async (t) => {
		const file = join(temporaryFolder(t), "connection");
		const server = await startPolltlsServer(t, [...speaking(version), ...psk, "--cid", "auto"]);
		const first = await connectWithPolltls(server.port, [...speaking(version), ...psk, "--cid", "", "--save", file, "--send", "night 0"]);
		assert.equal(first.stdout, "night 0");
		assert.equal(statSync(file).mode & 0o777, 0o600, "as secret as keys");
		assert.ok(readFileSync(file).length < 300, `${readFileSync(file).length} bytes`);
		for (const night of [1, 2, 3]) {
			const text = `night ${night}`;
			const before = readFileSync(file);
			const sleep = night === 3 ? [] : ["--save", file];
			const { code, stdout, stderr, report } = await connectWithPolltls(server.port, [
				...speaking(version),
				...psk,
				"--cid",
				"",
				"--restore",
				file,
				...sleep,
				"--send",
				text,
			]);
			assert.equal(code, 0, stderr);
			assert.equal(stdout, text);
			assert.equal(report.failure, null);
			assert.notDeepEqual(readFileSync(file), before, "numbers are reserved before they are used");
		}
		const report = await server.nextReport();
		assert.equal(report.failure, null);
		assert.equal(report.cid.local === null, false);
		assert.ok(report.recordsIn >= 5, "all on one connection");
		assert.equal(report.dropped.replayed, 0);
		assert.ok(existsSync(file));
	});
}
