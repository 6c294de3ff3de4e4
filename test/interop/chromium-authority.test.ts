// Chromium, with an authority of our making installed in its profile, takes our server's certificate that this authority
// issued; without it, it doesn't.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCert, runKeygen } from "../../hosts/node/command-cert.js";
import { requirePeer } from "../support/peers.js";
import { startPolltlsServer } from "../support/polltls.js";
import { run, temporaryFolder } from "../support/processes.js";

const browser = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"];

test("Chromium takes what our authority issues", async (t) => {
	const chromium = requirePeer(t, "chromium");
	if (!chromium) return;
	if (spawnSync("certutil", ["-H"]).error) {
		if (process.env.REQUIRE_PEERS === "1") assert.fail("certutil isn't installed (Debian: apt-get install libnss3-tools)");
		t.skip("certutil isn't installed (Debian: apt-get install libnss3-tools)");
		return;
	}
	const folder = temporaryFolder(t);
	const path = (name: string): string => join(folder, name);
	const cert = async (...args: string[]): Promise<void> => assert.equal(await runCert(args), 0, args.join(" "));
	const keys = ["p256", "p384", "rsa"] as const;
	assert.equal(await runKeygen(["--out", path("root.key")]), 0);
	await cert("self", "--key", path("root.key"), "--subject", "/O=Company/CN=Company authority", "--ca", "--out", path("root.pem"));
	const ports: Record<string, number> = {};
	for (const type of keys) {
		const [key, request, certificate] = ["key", "csr", "pem"].map((end) => path(`${type}.${end}`));
		assert.equal(await runKeygen(["--type", type, "--out", key]), 0);
		await cert("request", "--key", key, "--subject", "localhost", "--san", "localhost", "--san", "127.0.0.1", "--out", request);
		await cert("issue", "--ca-cert", path("root.pem"), "--ca-key", path("root.key"), "--days", "90", "--out", certificate, request);
		ports[type] = (await startPolltlsServer(t, ["--http", "--cert", certificate, "--key", key])).port;
	}
	const database = path(".pki/nssdb");
	mkdirSync(database, { recursive: true });
	const certutil = (...args: string[]): void => assert.equal(spawnSync("certutil", ["-d", `sql:${database}`, ...args]).status, 0, args[0]);
	certutil("-N", "--empty-password");
	const open = (type: string): ReturnType<typeof run> => {
		const args = [...browser, "--no-first-run", "--no-proxy-server", `--user-data-dir=${path("profile")}`, "--virtual-time-budget=5000", "--dump-dom"];
		return run(chromium.path, [...args, `https://localhost:${ports[type]}/`], { timeout: 60_000, env: { ...process.env, HOME: folder } });
	};
	assert.doesNotMatch((await open("p256")).stdout, /TLS 1\.3/);
	certutil("-A", "-t", "C,,", "-n", "company", "-i", path("root.pem"));
	for (const type of keys) assert.match((await open(type)).stdout, /TLS 1\.3/, type);
});
