// A stack in an image for Linux: its configuration is the manifest's, what it reports is what the heap shows, and the host
// suite passes on the SDK's sockets, clocks, entropy and algorithms.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { closureOf } from "../../tools/manifests.js";
import { buildImage, startImage } from "../support/moddable-image.js";
import { freePort } from "../support/processes.js";

const name = "polltls-stack";
const folder = join(projectRoot, "build", "moddable", `${name}-manifest`);
mkdirSync(folder, { recursive: true });
const modules: Record<string, string> = {};
for (const file of await closureOf(["test/suite/host-suite.ts"])) if (!/^(modules|hosts)\//.test(file)) modules[`project/${file}`] = join(projectRoot, file);
writeFileSync(join(folder, "manifest.json"), JSON.stringify({ include: [join(projectRoot, "test/moddable/stack/manifest.json")], modules }));

test("a stack and its host in an image", { timeout: 900_000 }, async (context) => {
	const image = buildImage(name, relative(projectRoot, join(folder, "manifest.json")));
	const ports = { STREAM_PORT: String(await freePort()), DATAGRAM_PORT: String(await freePort()) };
	const { code, stdout, stderr } = await startImage(context, image, 200, ports).ended;
	const text = `${stdout}${stderr}`;
	const told = JSON.parse(/^\{.*\}$/m.exec(text)?.[0] ?? assert.fail(text));
	await context.test("the configuration is the manifest's", () => {
		assert.deepEqual([told.code, told.maxConnections, told.receiveBufferSize, told.dtls], [0, 3, 2048, true]);
	});
	await context.test("memory() is what the heap shows, within 5 percent", (t) => {
		t.diagnostic(`${told.bytes} on the heap, ${told.heap} reported`);
		assert.ok(Math.abs(told.bytes - told.heap) <= told.heap * 0.05, JSON.stringify(told));
	});
	const lines = [...text.matchAll(/^(ok|not ok) - (.*?)(?: # SKIP (.*))?$/gm)];
	assert.ok(lines.length > 40, text);
	for (const [line, result, title, reason] of lines)
		await context.test(title, (t) => (reason === undefined ? assert.equal(result, "ok", line) : t.skip(reason)));
	assert.equal(code, 0);
});
