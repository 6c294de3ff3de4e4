// `npm start`, as a person sees it.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../hosts/sim/bundle.js";

const store = mkdtempSync(join(tmpdir(), "polltls-"));
after(() => rmSync(store, { recursive: true }));

interface Run {
	child: ChildProcess;
	output: () => string;
	ended: Promise<number | null>;
	until(text: RegExp): Promise<void>;
}

function start(args: string[], env: Record<string, string> = {}): Run {
	const child = spawn(process.execPath, [join(projectRoot, "hosts/sim/start.mjs"), "--store", store, ...args], { env: { ...process.env, ...env } });
	let output = "";
	child.stdout.on("data", (text) => {
		output += text;
	});
	child.stderr.on("data", (text) => {
		output += text;
	});
	const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
	const until = async (text: RegExp): Promise<void> => {
		while (!text.test(output)) {
			if (child.exitCode !== null) throw new Error(`it ended before it said ${text}:\n${output}`);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	return { child, output: () => output, ended, until };
}

test("once: a report, and a proper end", async () => {
	const { output, ended } = start(["--once", "--port", "0"]);
	assert.equal(await ended, 0, output());
	for (const text of [
		/TLS 1\.3/,
		/suite +TLS_AES_128_CCM_SHA256/,
		/group +x25519/,
		/200 OK/,
		/verified/,
		/longest poll, ms +\d/,
		/waits for work +\d+ +\d+/,
		/heap +\d+ KB at most/,
	])
		assert.match(output(), text);
});

test("it goes on serving until Ctrl-C, and says how to try it", async () => {
	const { child, output, ended, until } = start(["--port", "0"]);
	await until(/Ctrl-C ends it/);
	assert.match(output(), /curl --cacert \S+certificate\.pem https:\/\/localhost:\d+\/state/);
	child.kill("SIGINT");
	assert.equal(await ended, 0, output());
	assert.match(output(), /stopped/);
});

test("what stands in its way is said, with what to do", async (t) => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const { port } = server.address() as { port: number };
	for (const [args, env, code, message] of [
		[["--once", "--port", String(port)], {}, 1, new RegExp(`port ${port} is taken: .*--port 8444`)],
		[["--once", "--port", "0"], { XSNAP_WORKER: join(store, "nothing") }, 1, /XSNAP_WORKER names .*nothing, which isn't there/],
		[["--once", "--port", "0", "--heap", "40"], {}, 1, /heap is full: .*--heap/],
		[["--twice"], {}, 2, /Unknown option '--twice'[\s\S]*--once +ends after the report/],
		[["--port", "99999"], {}, 2, /--port 99999 is not a number from 0 to 65535/],
	] as const) {
		const { output, ended } = start([...args], env);
		assert.equal(await ended, code, output());
		assert.match(output(), message);
		assert.doesNotMatch(output(), /^ +at .*:\d+:\d+\)?$/m, "no stack");
	}
});
