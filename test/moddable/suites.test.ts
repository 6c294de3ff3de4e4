// Every portable suite in an image for the Linux simulator, with all of modules/ in flash and the SDK's native ciphers and
// hashes where Node and xsnap have noble's.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { closureOf } from "../../tools/manifests.js";
import { longIntegerVectors } from "../support/long-integer-vectors.js";
import { buildImage, runImage } from "../support/moddable-image.js";
import { pkiChains } from "../support/pki-chains.js";

/** Seconds for one suite. */
const PATIENCE = 300;

/** Not in the image, and why. */
const leftOut: [RegExp, string][] = [
	[/\/crypto-noble$/, "noble itself: no device has it"],
	[/\/(crypto-sim|sim-crypto)$/, "the simulated device's provider"],
	[/\/crypto-generic$/, "asks noble for its answers; crypto.test.ts runs these cases on the SDK's natives"],
];

const suites = readdirSync(join(projectRoot, "test", "suite"), { recursive: true, encoding: "utf8" })
	.map((name) => `test/suite/${name}`)
	.filter((path) => path.endsWith(".ts") && readFileSync(join(projectRoot, path), "utf8").includes("export const cases"))
	.map((path) => path.slice(0, -".ts".length))
	.filter((path) => !leftOut.some(([which]) => which.test(path)))
	.sort();

test("portable suites in an image", { timeout: 3_000_000 }, async (context) => {
	const folder = join(projectRoot, "build", "moddable", "suites");
	mkdirSync(folder, { recursive: true });
	const modules: Record<string, string> = {};
	for (const file of await closureOf(suites.map((path) => `${path}.ts`)))
		if (!/^(modules|hosts)\//.test(file)) modules[`project/${file}`] = join(projectRoot, file);
	writeFileSync(join(folder, "globals.json"), JSON.stringify({ longIntegerVectors, pkiChains }));
	writeFileSync(join(folder, "manifest.json"), JSON.stringify({ include: [join(projectRoot, "test/moddable/suites/manifest.json")], modules }));
	const image = buildImage("polltls-suites", relative(projectRoot, join(folder, "manifest.json")), { data: [join(folder, "globals.json")] });
	for (const suite of suites)
		await context.test(suite.slice("test/suite/".length), async (suiteContext) => {
			const { status, lines } = runImage(image, PATIENCE, { SUITE: `project/${suite}` });
			let passed = 0;
			for (const line of lines) {
				const result = /^(ok|not ok) - (.*)$/.exec(line);
				if (!result) continue;
				await suiteContext.test(result[2], () => assert.equal(result[1], "ok", line));
				passed++;
			}
			assert.equal(status, 0, lines.filter((line) => !line.startsWith("ok")).join("\n"));
			assert.ok(passed > 0, "no cases ran");
		});
});
